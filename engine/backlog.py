"""What waits to be worked on, how much of it and since when: the sweep's queues and that of the job engine."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from engine import jobs, notifications
from engine.clock import now
from models.definitions import Definition
from models.instances import Instance
from models.messages import Message
from models.notifications import Mail, Notification
from models.reports import Figure
from models.starts import StartEvent
from models.tasks import Task
from models.timers import Timer

# What people wait for; letters may wait for somebody else's mail server.
OURS: Final = ("messages", "timers", "starts", "reminders", "figures", "notices")


@dataclass(frozen=True, slots=True)
class Queue:
    """How many rows wait, and since when the oldest does."""

    count: int
    oldest: datetime | None

    def age(self, at: datetime) -> float:
        """Return for how many seconds the oldest has waited; 0 when nothing waits."""
        return max(0.0, (at - self.oldest).total_seconds()) if self.oldest is not None else 0.0


def queues(session: Session) -> dict[str, Queue]:
    """Return every queue by its name."""
    at = now(session)
    # What was kept and is tried again was sent long ago, and has not waited here since.
    untried = case((Message.delivered_at.is_(None), Message.sent_at))
    running = Instance.state == "running"
    late_timers = _waiting(Timer.due_at, Timer.due_at <= at, Timer.is_pending(), running)
    late_starts = _waiting(StartEvent.due_at, StartEvent.due_at <= at, Definition.suspended_at.is_(None))
    late_words = _waiting(Task.remind_at, Task.state == "open", Task.remind_at <= at, running)
    found = {
        "messages": _waiting(untried, Message.state == "pending"),
        "timers": late_timers.join(Instance, Instance.id == Timer.instance_id),
        "starts": late_starts.join(Definition, Definition.id == StartEvent.definition_id),
        "reminders": late_words.join(Instance, Instance.id == Task.instance_id),
        "figures": _waiting(Figure.entered_at, Figure.folded_at.is_(None)),
        "notices": _waiting(Notification.at, Notification.mailed_at.is_(None)),
        "letters": _waiting(Mail.written_at, Mail.sent_at.is_(None), Mail.tries < notifications.MOST_TRIES),
    }
    counted = {name: Queue(*session.execute(query).one()) for name, query in found.items()}
    return counted | {"jobs": Queue(jobs.waiting(session), None)}


def _waiting(since: Any, *conditions: ColumnElement[bool]) -> Any:
    return select(func.count(), func.min(since)).where(*conditions)
