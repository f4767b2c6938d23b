"""Working days and deadlines by the administrator's table of holidays and working Saturdays."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from engine.clock import ZONE, close_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SOON = 3
_DAY = timedelta(days=1)
_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class DeadlineState:
    """How a due instant stands: none, intime, soon, today, late, done_in_time, done_late; days are working days."""

    code: str
    days_left: int = 0
    days_late: int = 0


@dataclass(frozen=True, slots=True)
class Calendar:
    """Monday to Friday work, except the days of the table."""

    exceptions: Mapping[date, bool]

    @classmethod
    def of(cls, session: "Session") -> "Calendar":
        """Return the stored calendar, read once per session."""
        known: Calendar | None = session.info.get("calendar")
        if known is None:
            from models.calendar import DAYS  # here: a simulation counts days and has no table of them

            days = session.connection().execute(DAYS)
            known = session.info["calendar"] = cls({row.day: row.works for row in days})
        return known

    def works(self, day: date) -> bool:
        """Tell whether a day is a working day."""
        return self.exceptions.get(day, day.weekday() <= _FRIDAY)

    def shift(self, day: date, count: int) -> date:
        """Go on (or back, when negative) by working days; 0 gives the day itself or the next working day."""
        if count == 0:
            while not self.works(day):
                day += _DAY
            return day
        step = _DAY if count > 0 else -_DAY
        for _ in range(abs(count)):
            day += step
            while not self.works(day):
                day += step
        return day

    def add_working_days(self, start: datetime, count: int) -> datetime:
        """Return 17:00 in Vietnam of the n-th working day after the start, in UTC (the start's day is not counted)."""
        return close_of(self.shift(local_day(start), count))

    def shift_working_days(self, at: datetime, count: int) -> datetime:
        """Return the same time of day so many working days later (or earlier, when negative); 0 changes nothing."""
        if count == 0:
            return at
        local = at.astimezone(ZONE)
        return datetime.combine(self.shift(local.date(), count), local.timetz()).astimezone(UTC)

    def working_days_between(self, start: date | datetime, end: date | datetime) -> int:
        """Count the working days after the start's day up to and with the end's day; negative when it lies before."""
        first, last = local_day(start), local_day(end)
        if last < first:
            return -self.working_days_between(last, first)
        weeks, rest = divmod((last - first).days, 7)
        tail = sum((last - _DAY * n).weekday() <= _FRIDAY for n in range(rest))
        changed = ((day, works) for day, works in self.exceptions.items() if first < day <= last)
        return weeks * 5 + tail + sum(works - (day.weekday() <= _FRIDAY) for day, works in changed)

    def deadline_state(
        self, due_at: datetime | None, *, now: datetime, done_at: datetime | None = None
    ) -> DeadlineState:
        """Compare a due instant with now or, for finished work, with the instant its accepted report was handed in."""
        if done_at is not None:
            if due_at is None or done_at <= due_at:
                return DeadlineState("done_in_time")
            return DeadlineState("done_late", days_late=self.working_days_between(due_at, done_at))
        if due_at is None:
            return DeadlineState("none")
        if due_at < now:
            return DeadlineState("late", days_late=self.working_days_between(due_at, now))
        if local_day(due_at) == local_day(now):
            return DeadlineState("today")
        # A due day off (a green Sunday) has no working day left on the Saturday before, and yet is a day away.
        left = max(1, self.working_days_between(now, due_at))
        return DeadlineState("soon" if left <= SOON else "intime", days_left=left)


def local_day(at: date | datetime) -> date:
    """Return the day in Vietnam at an instant."""
    return at.astimezone(ZONE).date() if isinstance(at, datetime) else at


def deadline_state(
    session: "Session", due_at: datetime | None, *, now: datetime, done_at: datetime | None = None
) -> DeadlineState:
    """Compare a due instant with now by the stored calendar."""
    return Calendar.of(session).deadline_state(due_at, now=now, done_at=done_at)
