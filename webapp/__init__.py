"""How people see it: the Flask application and the command."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from engine.clock import Clock
    from models.database import Database
    from webapp.config import Settings


def create_app(
    settings: "Settings | None" = None, *, database: "Database | None" = None, clock: "Clock | None" = None
) -> "Flask":
    """Make the application of one installation; tests give a database and a clock of their own."""
    # Loading it takes more than a second of CPU, which commands that only read files do not need.
    from webapp import application

    return application.create(settings, database=database, clock=clock)
