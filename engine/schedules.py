"""When a process begins by itself: the next time, the step to the one after it, and how often it still begins."""

from datetime import datetime
from typing import NamedTuple

from engine import iso8601
from engine.bpmn import Timer
from engine.calendar import Calendar


class Schedule(NamedTuple):
    """The times of a start event; `due_at` None: never again, `left` None: without end."""

    due_at: datetime | None
    every: str | None = None
    left: int | None = 1

    def following(self, at: datetime) -> "Schedule":
        """Return what is left once it has begun at `at`; rounds that were missed are not made up for."""
        left = None if self.left is None else self.left - 1
        if self.due_at is None or self.every is None or left == 0:
            return Schedule(None, self.every, left)
        return Schedule(iso8601.next_round(self.due_at, self.every, now=at), self.every, left)


def schedule(timer: Timer, *, now: datetime, calendar: Calendar) -> Schedule:
    """Return the times of a timer that is set now; its text is a literal, as the checker demands of a start event."""
    if timer.kind == "workingDays":
        return Schedule(calendar.add_working_days(now, timer.working_days or 1))
    if timer.kind == "cycle":
        cycle = iso8601.cycle(timer.text, now=now)
        return Schedule(cycle.first, cycle.every, cycle.times)
    return Schedule(iso8601.due(timer.kind, timer.text, now=now))
