"""What the log says about how work flows: a pure fold over its entries, and what is counted and measured of it."""

from engine.analysis.flow import FACTS, Flow, Given, Scope, Work, flow_of
from engine.analysis.measures import (
    Measured,
    PingPong,
    Spread,
    Timeliness,
    Variant,
    Week,
    by,
    ping_pong,
    reassignments,
    returns,
    spread,
    timeliness,
    variants,
    weeks,
)  # fmt: skip

__all__ = [
    "FACTS", "Flow", "Given", "Measured", "PingPong", "Scope", "Spread", "Timeliness", "Variant", "Week", "Work", "by",
    "flow_of", "ping_pong", "reassignments", "returns", "spread", "timeliness", "variants", "weeks",
]  # fmt: skip
