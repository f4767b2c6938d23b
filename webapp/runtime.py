"""What an application works with as long as it runs: the database, the clock, the files, the settings."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, current_app
from sqlalchemy.exc import DatabaseError

from engine.calendar import Calendar
from engine.clock import Clock, begin
from models.calendar import Setting
from models.database import Database, open_database
from webapp.config import Settings

if TYPE_CHECKING:
    from engine.files import FileStore
    from engine.jobs import Jobs, Seal

CALENDAR_KEPT = 60.0


@dataclass
class Runtime:
    """One per application, at `app.extensions["lienthong"]`."""

    settings: Settings
    database: Database
    clock: Clock
    # The workers of this process, where it has some; and whether it was told to come to its end.
    jobs: "Jobs | None" = field(default=None, init=False)
    stopping: Event = field(default_factory=Event, init=False)
    _calendar: tuple[float, Calendar] | None = field(default=None, init=False)

    @cached_property
    def files(self) -> "FileStore":
        from engine.files import FileStore

        return FileStore(self.settings.files)

    @cached_property
    def seal(self) -> "Seal":
        from engine.audit.checkpoints import Outside
        from engine.jobs import Seal

        return Seal(self.settings.keys, Outside(self.settings.checkpoints))

    @cached_property
    def world_note(self) -> str:
        """Return the sentence under every page of a demo world; empty in a real one."""
        return setting(self.database, "world_note")

    def calendar(self) -> Calendar:
        """Return the calendar for showing deadlines, read again every minute; commands read their own."""
        if self._calendar is None or monotonic() - self._calendar[0] > CALENDAR_KEPT:
            with self.database.read() as session:
                self._calendar = (monotonic(), Calendar.of(begin(session, self.clock)))
        return self._calendar[1]


def setting(database: Database, name: str) -> str:
    """Return a value the installation keeps; empty where there is none, or no tables yet."""
    try:
        with database.read() as session:
            found = session.get(Setting, name)
    except DatabaseError:
        return ""
    return found.value if found else ""


def open_runtime(settings: Settings, database: Database | None = None, clock: Clock | None = None) -> Runtime:
    """Open the database; the world's clock is shifted by the setting `clock_offset_seconds`."""
    opened = database or open_database(settings.url)
    if clock is None:
        clock = Clock(timedelta(seconds=float(setting(opened, "clock_offset_seconds") or 0)))
    return Runtime(settings, opened, clock)


def install(app: Flask, runtime: Runtime) -> None:
    """Keep the runtime with its application, and give templates the sentence of a demo world."""
    app.extensions["lienthong"] = runtime
    app.jinja_env.globals["world_note"] = lambda: runtime.world_note


def runtime() -> Runtime:
    """Return the runtime of the application that answers this request."""
    return cast(Runtime, cast(Any, current_app).extensions["lienthong"])
