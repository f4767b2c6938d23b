"""Running instances that go on under another version of their process; not to be taken for that of the database."""

from engine.migration.fitting import Fitted, fitted
from engine.migration.following import migrate
from engine.migration.many import migrate_later
from engine.migration.plan import Plan, is_alike, planned, propose
from engine.migration.survey import Obstacle, Survey, survey

__all__ = [
    "Fitted",
    "Obstacle",
    "Plan",
    "Survey",
    "fitted",
    "is_alike",
    "migrate",
    "migrate_later",
    "planned",
    "propose",
    "survey",
]
