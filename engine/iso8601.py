"""Timer literals: ISO 8601 durations, repetitions and instants with an offset."""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from engine.clock import close_of

_DURATION: Final = re.compile(
    r"P(?=.)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?"
    r"(?:T(?=.)(?:(\d{1,8})H)?(?:(\d{1,8})M)?(?:(\d{1,8})(?:[.,]\d{1,9})?S)?)?",
    re.ASCII,
)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_REPETITION: Final = re.compile(r"R(\d{0,6})/(?:([^/]+)/)?(P[^/]+)", re.ASCII)
MAX_YEARS: Final = 100


class BadTimer(ValueError):
    """The text is not a timer we understand; the reason is a code."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repetition: the first instant, the step, and how often (None: without end)."""

    first: datetime
    every: str
    times: int | None


def is_literal(text: str) -> bool:
    """Tell whether timer text is a literal rather than an expression."""
    return bool(re.match(r"(?:[-+]?P[\dT]|R\d*/|\d{4}-\d{2}-\d{2}|\d{4}-?W\d)", text, re.ASCII))


def after(start: datetime, duration: str) -> datetime:
    """Return the instant a duration after `start`; months keep the day where the month has it."""
    found = _DURATION.fullmatch(duration.strip().upper())
    if found is None:
        raise BadTimer("duration")
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    total = start.month - 1 + months + 12 * years
    if total > 12 * MAX_YEARS:
        raise BadTimer("too-far")
    year, month = start.year + total // 12, total % 12 + 1
    try:
        moved = start.replace(year=year, month=month, day=min(start.day, calendar.monthrange(year, month)[1]))
        moved += timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except (OverflowError, ValueError):
        raise BadTimer("too-far") from None
    if moved.year - start.year > MAX_YEARS:
        raise BadTimer("too-far")
    return moved


def instant(text: str) -> datetime:
    """Read an instant; without an offset it is refused, because the machine's zone would decide."""
    try:
        read = datetime.fromisoformat(text.strip())
        found = read.astimezone(UTC)
    except (OverflowError, ValueError):
        raise BadTimer("instant") from None
    if read.tzinfo is None:
        raise BadTimer("offset-missing")
    return found


def cycle(text: str, *, now: datetime) -> Cycle:
    """Read a repetition such as R3/P7D or R/2026-01-01T08:00+07:00/P1D."""
    found = _REPETITION.fullmatch(text.strip().upper())
    if found is None:
        raise BadTimer("cycle")
    times, start, every = found.groups()
    first = instant(start) if start else after(now, every)
    if after(first, every) <= first:
        raise BadTimer("cycle")
    if times and int(times) == 0:
        raise BadTimer("cycle")
    return Cycle(first, every, int(times) if times else None)


def next_round(due: datetime, every: str, *, now: datetime) -> datetime:
    """Return the next time of a repetition after `now`: rounds that were missed are not made up for."""
    step = after(due, every) - due
    if step < timedelta(days=27) and "M" not in every.partition("T")[0]:
        due += step * max(0, (now - due) // step)
    due = after(due, every)
    while due <= now:
        due = after(due, every)
    return due


def due(kind: str, text: str, *, now: datetime) -> datetime:
    """Return when a date or duration timer armed at `now` is due; a "due" is either, or a day, to its close of work."""
    if kind == "due" and _DAY.fullmatch(text.strip()):
        return close_of(_day(text.strip()))
    is_duration = kind == "duration" or (kind == "due" and text.strip().upper().startswith("P"))
    return after(now, text) if is_duration else instant(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadTimer("instant") from None


def check(kind: str, text: str) -> None:
    """Raise BadTimer unless the literal is well formed."""
    now = datetime(2000, 1, 1, tzinfo=UTC)
    if kind == "cycle":
        cycle(text, now=now)
    else:
        due(kind, text, now=now)
