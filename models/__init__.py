"""What things are: SQLAlchemy models, queries and rights."""

from models import (
    assignments,
    audit,
    calendar,
    definitions,
    instances,
    messages,
    notifications,
    orders,
    organizations,
    reports,
    rollups,
    starts,
    tasks,
    timers,
    users,
)
from models.base import Base

__all__ = [
    "Base",
    "assignments",
    "audit",
    "calendar",
    "definitions",
    "instances",
    "messages",
    "notifications",
    "orders",
    "organizations",
    "reports",
    "rollups",
    "starts",
    "tasks",
    "timers",
    "users",
]
