"""Plays a world by its commands: people act at set times, messages travel, timers fire, as they would for real."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine import messages, rollups, suspicions, tasks, timers
from engine.clock import ZONE, ManualClock
from engine.jobs import committing
from models.database import Database
from models.errors import NotFound
from models.permissions import Actor
from models.tasks import Task

BATCH = 200


class Play:
    """One database, one clock that is set by hand, and people known by their login."""

    def __init__(self, database: Database, clock: ManualClock, *, actor: Callable[[str], Actor]) -> None:
        self.database, self.clock, self.actor = database, clock, actor

    def doing(self) -> AbstractContextManager[Session]:
        """Give the session of one act, committed at the end."""
        return committing(self.database, self.clock)

    def at(self, text: str) -> None:
        """Set the clock to a local time, `2018-01-15 16:30`; what falls due on the way happens first."""
        then = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)
        self.clock.at = max(self.clock.at, then)

    def do(self, login: str, element: str, answers: Mapping[str, Any], *, order: str | None = None) -> None:
        """Let a person complete its open task of a step, then let everything travel that follows from it."""
        actor = self.actor(login)
        with self.doing() as session:
            task = self._task(session, actor, element, order)
            tasks.complete(session, task, actor=actor, answers=answers)
        self.settle()

    def act(
        self, login: str, what: Callable[[Session, Task, Actor], Any], element: str, order: str | None = None
    ) -> None:
        """Let a person do something else with its open task of a step."""
        actor = self.actor(login)
        with self.doing() as session:
            what(session, self._task(session, actor, element, order), actor)

    def _task(self, session: Session, actor: Actor, element: str, order: str | None) -> Task:
        query = Task.visible_to(actor).where(Task.element == element, Task.state == "open")
        query = query.where(Task.offered_to(actor) | Task.held_by(actor))
        if order is not None:
            query = query.where(Task.order_id == order)
        task = session.scalar(query.order_by(Task.id).limit(1))
        if task is None:
            raise NotFound("no_such_task", element=element, actor=actor.title, at=self.clock.at)
        return task

    def settle(self) -> None:
        """Deliver messages until none is left."""
        while self._each(messages.pending, messages.deliver):
            pass

    def pass_time(self) -> None:
        """Fire every timer that is due and speak of every task that is late, then settle."""
        while self._each(timers.due, timers.fire) or self._each(messages.pending, messages.deliver):
            pass

    def _each(self, find: Callable[[Session, int], list[str]], do: Callable[[Session, str], None]) -> bool:
        with self.doing() as session:
            found = find(session, BATCH)
        for one in found:
            with self.doing() as session:
                do(session, one)
        return bool(found)

    def compare(self) -> None:
        """Look for records that may be one event, and ask the leads about them."""
        compared = 1
        while compared:
            with self.doing() as session:
                compared = suspicions.compare(session)
        self._each(suspicions.due, suspicions.follow)

    def fold(self) -> None:
        """Add every figure to the totals."""
        folded = 1
        while folded:
            with self.doing() as session:
                folded = rollups.fold(session, 2000)
