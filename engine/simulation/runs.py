"""One instance in memory: its last move, what it waits for, and when that is due."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.calendar import Calendar
from engine.runner import Step, Stuck, Waiting


@dataclass(slots=True, eq=False)
class Run:
    """One instance; `step` is its last move, `lost` why it could not make one, `due` the times of what waits."""

    process_id: str
    data: dict[str, Any]
    step: Step | None = None
    lost: Stuck | None = None
    due: dict[str, datetime] = field(default_factory=dict)

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        return self.step.waiting if self.step is not None and self.lost is None else ()

    def listening(self, kind: str, name: str) -> list[Waiting]:
        """Return what waits for a message or signal."""
        return [one for one in self.waiting if one.kind == kind and one.message == name]

    def take(self, step: Step, *, now: datetime, calendar: Calendar) -> None:
        """Go on to where a move led."""
        due = {one.key: self._due(one, now, calendar) for one in step.waiting}
        self.step, self.data = step, step.data
        self.due = {key: at for key, at in due.items() if at is not None}

    def _due(self, one: Waiting, now: datetime, calendar: Calendar) -> datetime | None:
        if one.working_days is None:
            return one.due
        return self.due.get(one.key) or calendar.add_working_days(now, one.working_days)
