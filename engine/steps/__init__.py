"""What the steps of the shipped diagrams do besides moving the token: the operators that diagrams name."""

from engine.steps import assignments, extensions, orders, plans, reports, work

__all__ = ["assignments", "extensions", "orders", "plans", "reports", "work"]
