"""The move: let the runner run, answer the operators it reaches, write what it returned."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from engine import audit, definitions, operators, runner, waiting
from engine.clock import now
from engine.forms import Cleaned
from engine.instances.standing import require_running
from engine.instances.writing import Move, open_incident, write
from models.base import update_versioned
from models.errors import Invalid, ProcessStuck
from models.instances import Instance
from models.permissions import Actor
from models.tasks import Task

MAX_OPERATORS = 50


def move(
    session: Session,
    instance: Instance,
    what: runner.Input,
    *,
    actor: Actor,
    completing: Task | None = None,
    cleaned: Cleaned | None = None,
    skipping: frozenset[str] = frozenset(),
) -> None:
    """Advance a locked instance by one input; where a diagram cannot go on, an incident keeps the input.

    Elements in `skipping` pass without their work, where the move reaches them.
    """
    require_running(instance)
    bundle = definitions.bundle_of(session, instance.definition_id)

    def first() -> runner.Step:
        return runner.advance(bundle, instance.process_id, instance.rest, what, now=now(session), skipping=skipping)

    run(Move(session, instance, bundle, actor, completing, cleaned, skipping), first, held=_held(what))


def set_data(session: Session, instance: Instance, data: Mapping[str, Any], *, actor: Actor) -> None:
    """Change routing data wherever a locked instance waits; one that stands still does not move by it."""
    if instance.state == "running":
        move(session, instance, runner.SetData(dict(data)), actor=actor)
        return
    bundle, news = definitions.bundle_of(session, instance.definition_id), runner.SetData(dict(data), still=True)
    step = runner.advance(bundle, instance.process_id, instance.rest, news, now=now(session))
    update_versioned(session, instance, rest=step.rest)


def ask(session: Session, instance: Instance, *, actor: Actor) -> None:
    """Let a locked instance that goes on ask the conditions it waits for: its data may have changed meanwhile."""
    bundle = definitions.bundle_of(session, instance.definition_id)
    if instance.state == "running" and bundle.watches:
        move(session, instance, runner.Ask(), actor=actor)


def _held(what: runner.Input) -> dict[str, Any]:
    return {"input": type(what).__name__, **asdict(what)}


def run(move: Move, first: Callable[[], runner.Step], *, held: dict[str, Any]) -> None:
    """Let the runner run and write the result; whatever it wrote before it got stuck is undone."""
    session = move.session
    try:
        steps = [first()]
    except runner.NotPlain:
        raise Invalid({"data": "not_plain"}) from None
    except ProcessStuck as stuck:
        open_incident(move, stuck, held)
        return
    if _is_plain(steps[0]) and not move.skipping:
        # Only reads can get stuck here, and they come before the first write.
        try:
            offers = waiting.offers(session, move.instance, move.bundle, steps, actor=move.actor)
        except ProcessStuck as stuck:
            open_incident(move, stuck, held)
            return
        write(move, steps, offers)
        return
    said = audit.mark(session)
    savepoint = session.begin_nested()
    try:
        _operate_steps(move, steps)
        write(move, steps, waiting.offers(session, move.instance, move.bundle, steps, actor=move.actor))
        savepoint.commit()
    except ProcessStuck as stuck:
        savepoint.rollback()
        audit.forget_since(session, said)
        session.refresh(move.instance)
        open_incident(move, stuck, held)


def _is_plain(step: runner.Step) -> bool:
    return not step.thrown and all(w.kind in ("user", "manual", "timer", "conditional") for w in step.opened)


def _operate_steps(move: Move, steps: list[runner.Step]) -> None:
    """Run every operator the input reached, each answered at once within the same move."""
    for _ in range(MAX_OPERATORS):
        due = _answered_at_once(move, steps)
        if due is None:
            return
        answer = runner.Complete(due.key, {} if due.element in move.skipping else _operate(move, due))
        steps.append(
            runner.advance(
                move.bundle,
                move.instance.process_id,
                steps[-1].rest,
                answer,
                now=now(move.session),
                skipping=move.skipping,
            )
        )
    raise ProcessStuck("the diagram calls operators without end")


def _answered_at_once(move: Move, steps: list[runner.Step]) -> runner.Waiting | None:
    """Return what waits for no person: an operator, or a step this move reached and skips."""
    born = {w.key for step in steps for w in step.opened} if move.skipping else ()
    for one in steps[-1].waiting:
        if one.kind == "service" or (one.element in move.skipping and one.key in born):
            return one
    return None


def _operate(move: Move, due: runner.Waiting) -> dict[str, Any]:
    name = move.bundle.elements(move.instance.process_id)[due.element].ext.get("operator", "")
    call = operators.Call(move.session, move.instance, move.actor, due.data, move.completing, move.cleaned)
    try:
        return operators.call(name, call)
    except ProcessStuck as stuck:
        stuck.element = stuck.element or due.element
        raise
