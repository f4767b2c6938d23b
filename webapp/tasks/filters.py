"""How a list is narrowed: exactly what stands in the query string, nothing of it lives anywhere else."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from engine.calendar import SOON, Calendar, local_day
from engine.clock import ZONE
from models.base import new_id
from models.text import nfc

VIEWS = ("mine", "todo", "given", "coordinating", "watched", "done")
DUES = ("late", "today", "soon", "intime", "none")
SORTS = ("due", "newest", "order")
PARTS = ("lead", "coordinating", "local", "accountable")
_LONGEST = 200
_KEY_LENGTH = len(new_id())


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """One list of tasks; `wrong` names what could not be understood and was left out."""

    view: str = "todo"
    due: str = ""
    order: str = ""
    organization: str = ""
    part: str = ""
    q: str = ""
    sort: str = "due"
    posts: str = ""
    after: str = ""
    wrong: tuple[str, ...] = ()

    @classmethod
    def read(cls, said: Mapping[str, str]) -> "Filters":
        """Read a query string; what is not known is named, not guessed."""
        given = {name: nfc(said.get(name, "")).strip()[:_LONGEST] for name in NAMES}
        wrong = tuple(name for name, value in given.items() if value and not _fits(name, value))
        return cls(**{name: value for name, value in given.items() if value and name not in wrong}, wrong=wrong)

    @classmethod
    def parse(cls, query: str) -> "Filters":
        """Read a stored query string."""
        return cls.read(dict(parse_qsl(query)))

    def with_(self, **changes: str) -> dict[str, Any]:
        """Return the query of this list with changes; a changed list begins at its first page."""
        changed = replace(self, **({"after": ""} | changes))  # type: ignore[arg-type]
        return {name: value for name in NAMES if (value := getattr(changed, name)) != DEFAULTS[name]}

    @property
    def query(self) -> str:
        """Return the query string of the whole list, as a saved view keeps it."""
        return urlencode(self.with_())

    @property
    def is_narrowed(self) -> bool:
        return bool(self.due or self.order or self.organization or self.part or self.q)

    @property
    def is_narrowed_further(self) -> bool:
        """Tell whether something is chosen among the filters that are folded away."""
        return bool(self.order or self.organization or self.part or self.sort != "due")

    def is_list_of(self, other: "Filters") -> bool:
        """Tell whether both show the same list, on whatever page."""
        return self.with_() == other.with_()


NAMES = tuple(field.name for field in fields(Filters) if field.name != "wrong")
DEFAULTS = {field.name: field.default for field in fields(Filters)}
_CHOICES = {"view": VIEWS, "due": DUES, "sort": SORTS, "part": PARTS, "posts": ("all",)}


def _fits(name: str, value: str) -> bool:
    if name in _CHOICES:
        return value in _CHOICES[name]
    if name in ("order", "organization", "after"):
        return len(value) == _KEY_LENGTH and all(character in "0123456789abcdef" for character in value)
    return True


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
