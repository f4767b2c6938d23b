"""Which tasks a list shows: its filters, and the instants between the deadline states."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine.calendar import SOON, Calendar, local_day
from engine.clock import ZONE
from webapp.narrowing import Narrowing, is_key

VIEWS = ("mine", "todo", "given", "coordinating", "watched", "done")
DUES = ("late", "today", "soon", "intime", "none")
SORTS = ("due", "newest", "order")
PARTS = ("lead", "coordinating", "local", "accountable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters(Narrowing):
    """One list of tasks."""

    view: str = "todo"
    due: str = ""
    order: str = ""
    organization: str = ""
    part: str = ""
    q: str = ""
    sort: str = "due"
    posts: str = ""
    after: str = ""

    @classmethod
    def fits(cls, name: str, value: str) -> bool:
        """Tell whether a value is one of the choices, or a key where one is asked for."""
        if name in _CHOICES:
            return value in _CHOICES[name]
        return is_key(value) if name in ("order", "organization", "after") else True

    @property
    def is_narrowed(self) -> bool:
        return bool(self.due or self.order or self.organization or self.part or self.q)

    @property
    def is_narrowed_further(self) -> bool:
        """Tell whether something is chosen among the filters that are folded away."""
        return bool(self.order or self.organization or self.part or self.sort != "due")


_CHOICES = {"view": VIEWS, "due": DUES, "sort": SORTS, "part": PARTS, "posts": ("all",)}


@dataclass(frozen=True, slots=True)
class Moments:
    """The instants between the deadline states, at the moment of reading."""

    now: datetime
    tomorrow: datetime
    soon_ends: datetime

    @classmethod
    def at(cls, now: datetime, calendar: Calendar) -> "Moments":
        """Compute them: soon is up to three working days ahead."""
        today = local_day(now)
        return cls(now, _begin(today + timedelta(days=1)), _begin(calendar.shift(today, SOON + 1)))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)
