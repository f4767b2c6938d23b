"""What one move is about, and what it did, written as rows: state, waits, messages, or an incident."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from engine import messages, progress, runner, signals, waiting
from engine.audit import Fact
from engine.clock import now
from engine.forms import Cleaned
from engine.instances.standing import log
from models.base import update_versioned
from models.errors import ProcessStuck
from models.instances import Incident, Instance
from models.permissions import Actor
from models.tasks import Task


@dataclass(frozen=True, slots=True)
class Move:
    """What one move is about: who moves, and the task that is being completed, if one is."""

    session: Session
    instance: Instance
    bundle: runner.Bundle
    actor: Actor
    completing: Task | None = None
    cleaned: Cleaned | None = None
    skipping: frozenset[str] = frozenset()


def write(move: Move, steps: list[runner.Step], offers: waiting.Offers) -> None:
    """Write what the steps of a move did: the instance, what it waits for, messages and signals it threw."""
    session, instance, last = move.session, move.instance, steps[-1]
    at = now(session)
    update_versioned(
        session,
        instance,
        rest=last.rest,
        state=last.ended or "running",
        ended_at=at if last.ended else None,
        error=last.error,
        passed=_passed(instance.passed, steps, at.isoformat()),
    )
    waiting.end(session, instance, _closed(steps, move.completing))
    progress.follow(session, instance, move.bundle, steps, actor=move.actor)
    for step in steps:
        for thrown in step.thrown:
            element = move.bundle.elements(instance.process_id)[thrown.element]
            if thrown.kind == "signal":
                signals.send(session, instance, element, thrown)
            elif thrown.kind == "message":
                messages.send(session, instance, element, thrown, data=step.data, actor=move.actor)
    passed = [one for step in steps for one in step.passed]
    went = waiting.Went(move.actor, passed, _gone(steps), move.completing)
    if last.ended is not None:
        waiting.tell(session, instance, went, [])
        fact = Fact.INSTANCE_FINISHED if last.ended == "finished" else Fact.INSTANCE_FAILED
        log(session, move.actor, fact, instance, error=last.error)
        return
    waiting.begin(session, instance, move.bundle, waiting.opened_in(steps), offers, went=went)


def _closed(steps: list[runner.Step], completing: Task | None) -> list[str]:
    """Return the keys that stopped waiting without having been answered by this move."""
    answered = {completing.key} if completing else set()
    return [key for key in _gone(steps) if key not in answered]


def _gone(steps: list[runner.Step]) -> list[str]:
    """Return the keys that waited before this move and do no longer."""
    born = {w.key for step in steps for w in step.opened}
    return [key for step in steps for key in step.closed if key not in born]


def _passed(before: dict[str, Any], steps: list[runner.Step], at: str) -> dict[str, Any]:
    passed = dict(before)
    for step in steps:
        for element in step.passed:
            passed[element] = [passed.get(element, [0])[0] + 1, at]
    return passed


def open_incident(move: Move, stuck: ProcessStuck, held: dict[str, Any]) -> None:
    """Stop an instance where its diagram cannot go on; the input is kept for who repairs it."""
    session, instance = move.session, move.instance
    task = move.completing
    incident = Incident(
        instance_id=instance.id,
        element=stuck.element or (task.element if task else None),
        message=stuck.message,
        held={**held, "task": task.id if task else None},
        opened_at=now(session),
    )
    session.add(incident)
    update_versioned(session, instance, state="incident")
    session.flush()
    log(session, move.actor, Fact.INSTANCE_STUCK, instance, element=incident.element, message=stuck.message)
