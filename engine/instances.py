"""The move: lock an instance, let the runner run, write what it returned. Every way into a process ends here."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from engine import audit, definitions, messages, operators, progress, routing, runner, signals, timers, waiting
from engine.audit import Fact
from engine.clock import ZONE, now
from engine.forms import Cleaned
from models.assignments import Assignment
from models.base import update_versioned
from models.definitions import Definition
from models.errors import NotFound, ProcessStuck, WrongState
from models.instances import LIVE, Incident, Instance
from models.orders import Order
from models.organizations import Area
from models.permissions import Actor
from models.tasks import Task

MAX_OPERATORS = 50
_LOCK = (
    select(Instance).where(Instance.id == bindparam("id")).with_for_update().execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class _Move:
    """What one move is about: who moves, and the task that is being completed, if one is."""

    session: Session
    instance: Instance
    bundle: runner.Bundle
    actor: Actor
    completing: Task | None = None
    cleaned: Cleaned | None = None
    skipping: frozenset[str] = frozenset()


def start(
    session: Session,
    definition: Definition,
    *,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    order: Order | None = None,
    assignment: Assignment | None = None,
    organization_id: str | None = None,
    message: str | None = None,
    at: str | None = None,
    starter: tuple[str | None, str | None] | None = None,
) -> Instance:
    """Start an instance of a definition for one participant and move it to where it first waits.

    It begins at its plain start event, that of a message, or the one named by `at`; `starter` (person, organization)
    gets the steps without a role where not the actor does.

    Errors: WrongState while the definition is suspended.
    """
    order = order or (assignment.order if assignment else None)
    instance = Instance(
        definition_id=definition.id,
        process_id=definition.process_id,
        order_id=order.id if order else None,
        assignment_id=assignment.id if assignment else None,
        organization_id=assignment.organization_id if assignment else organization_id or actor.organization_id,
        area_id=assignment.area_id if assignment else order.area_id if order else actor.area_id,
        place=_place(session, assignment, order, actor),
        starter_id=starter[0] if starter else actor.person_id,
        starter_organization_id=starter[1] if starter else actor.organization_id,
        started_at=now(session),
        passed={},
        version=0,
        state="running",
    )
    session.add(instance)
    session.flush()
    require_in_use(session, definition.id)
    if assignment is not None and assignment.instance_id is None:
        assignment.instance_id = instance.id
    elif order is not None and order.instance_id is None:
        order.instance_id = instance.id
    session.flush()
    log(
        session,
        actor,
        Fact.INSTANCE_STARTED,
        instance,
        process=definition.process_id,
        by_message=message,
        organization=instance.organization_id,
        assignment=instance.assignment_id,
    )
    bundle = definitions.bundle_of(session, definition.id)
    values = {**_facts(session, instance, assignment, order), **(data or {})}

    def first() -> runner.Step:
        return runner.start(bundle, instance.process_id, data=values, now=now(session), message=message, at=at)

    _run(_Move(session, instance, bundle, actor), first, held={"message": message, "at": at, "data": values})
    return instance


def require_in_use(session: Session, definition_id: str) -> None:
    """Refuse what would let work of a suspended definition begin or go on.

    A start asks after its insert, whose foreign key waits for a suspension under way: what began before is stopped by
    the suspension, what comes after is refused here.
    """
    suspended = select(Definition.name, Definition.suspended_at, Definition.suspended_reason)
    name, at, why = session.execute(suspended.where(Definition.id == definition_id)).one()
    if at is not None:
        raise WrongState("definition_suspended", name=name, at=at, why=why)


def _place(session: Session, assignment: Assignment | None, order: Order | None, actor: Actor) -> str:
    area_id = assignment.area_id if assignment else order.area_id if order else actor.area_id
    area = session.get(Area, area_id) if area_id else None
    return area.name if area else ""


def _facts(session: Session, instance: Instance, assignment: Assignment | None, order: Order | None) -> dict[str, Any]:
    """Return what an instance knows of itself: routing values, fixed at its start."""
    return {
        "order": instance.order_id,
        "assignment": instance.assignment_id,
        "organization": instance.organization_id,
        "area": instance.area_id,
        "topic_code": order.topic_code if order else None,
        "is_leaf": routing.is_leaf(session, instance.area_id),
        "locality_code": routing.locality_code(session, instance.area_id),
        "today": now(session).astimezone(ZONE).date().isoformat(),
        "plan_approved": False,
        "accepted": False,
        "rework": 0,
    }


def lock(session: Session, instance_id: str) -> Instance:
    """Lock an instance and read it as it is now: lock first, look second."""
    instance = session.scalar(_LOCK, {"id": instance_id})
    if instance is None:
        raise NotFound("no_such_instance")
    return instance


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

    _run(_Move(session, instance, bundle, actor, completing, cleaned, skipping), first, held=_held(what))


_STANDS_STILL = {"suspended": "instance_suspended", "incident": "instance_stuck"}


def require_running(instance: Instance, *, subject: object = None) -> None:
    """Refuse what needs an instance that moves, and say since when and why it does not."""
    if instance.state != "running":
        raise WrongState(
            _STANDS_STILL.get(instance.state, "instance_ended"),
            subject=subject or instance,
            at=instance.suspended_at if instance.state == "suspended" else instance.ended_at,
            why=instance.suspended_reason,
        )


def try_again(
    session: Session,
    instance: Instance,
    held: Mapping[str, Any],
    *,
    actor: Actor,
    skipping: frozenset[str] = frozenset(),
) -> None:
    """Give a locked instance the input at which it got stuck; one that got stuck at its start starts anew."""
    known = dict(held)
    task = session.get(Task, known.pop("task", None) or "-")
    if instance.rest:
        move(session, instance, _input_of(known), actor=actor, completing=task, skipping=skipping)
        return
    bundle = definitions.bundle_of(session, instance.definition_id)

    def first() -> runner.Step:
        data, message, place = known["data"], known["message"], known.get("at")
        return runner.start(
            bundle, instance.process_id, data=data, now=now(session), message=message, at=place, skipping=skipping
        )

    _run(_Move(session, instance, bundle, actor, task, skipping=skipping), first, held=known)


def data_of(session: Session, instance: Instance, *, key: str | None = None) -> dict[str, Any]:
    """Return the routing data where an instance waits: at one task, or at the first place of all."""
    return next((dict(one.data) for one in look(session, instance) if key is None or one.key == key), {})


def look(session: Session, instance: Instance) -> tuple[runner.Waiting, ...]:
    """Return where the tokens of a live instance wait; nowhere while it has not begun."""
    if instance.state not in LIVE or not instance.rest:
        return ()
    bundle = definitions.bundle_of(session, instance.definition_id)
    return runner.look(bundle, instance.process_id, instance.rest, now=now(session))


def set_data(session: Session, instance: Instance, data: Mapping[str, Any], *, actor: Actor) -> None:
    """Change routing data wherever a locked instance waits; one that stands still does not move by it."""
    news = runner.SetData(dict(data))
    if instance.state == "running":
        move(session, instance, news, actor=actor)
        return
    bundle = definitions.bundle_of(session, instance.definition_id)
    step = runner.advance(bundle, instance.process_id, instance.rest, news, now=now(session))
    if step.opened or step.closed or step.thrown or step.ended:
        require_running(instance)
    update_versioned(session, instance, rest=step.rest)


def _held(what: runner.Input) -> dict[str, Any]:
    return {"input": type(what).__name__, **asdict(what)}


def _input_of(held: dict[str, Any]) -> runner.Input:
    made: runner.Input = getattr(runner, held.pop("input"))(**held)
    return made


def _run(move: _Move, first: Callable[[], runner.Step], *, held: dict[str, Any]) -> None:
    """Let the runner run and write the result; whatever it wrote before it got stuck is undone."""
    session = move.session
    try:
        steps = [first()]
    except ProcessStuck as stuck:
        _open_incident(move, stuck, held)
        return
    if _is_plain(steps[0]) and not move.skipping:
        # Only reads can get stuck here, and they come before the first write.
        try:
            offers = waiting.offers(session, move.instance, move.bundle, steps, actor=move.actor)
        except ProcessStuck as stuck:
            _open_incident(move, stuck, held)
            return
        _write(move, steps, offers)
        return
    said = audit.mark(session)
    savepoint = session.begin_nested()
    try:
        _operate_steps(move, steps)
        _write(move, steps, waiting.offers(session, move.instance, move.bundle, steps, actor=move.actor))
        savepoint.commit()
    except ProcessStuck as stuck:
        savepoint.rollback()
        audit.forget_since(session, said)
        session.refresh(move.instance)
        _open_incident(move, stuck, held)


def _is_plain(step: runner.Step) -> bool:
    return not step.thrown and all(w.kind in ("user", "manual", "timer") for w in step.opened)


def _operate_steps(move: _Move, steps: list[runner.Step]) -> None:
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


def _answered_at_once(move: _Move, steps: list[runner.Step]) -> runner.Waiting | None:
    """Return what waits for no person: an operator, or a step this move reached and skips."""
    born = {w.key for step in steps for w in step.opened} if move.skipping else ()
    for one in steps[-1].waiting:
        if one.kind == "service" or (one.element in move.skipping and one.key in born):
            return one
    return None


def _operate(move: _Move, due: runner.Waiting) -> dict[str, Any]:
    name = move.bundle.elements(move.instance.process_id)[due.element].ext.get("operator", "")
    call = operators.Call(move.session, move.instance, move.actor, due.data, move.completing, move.cleaned)
    try:
        return operators.call(name, call)
    except ProcessStuck as stuck:
        stuck.element = stuck.element or due.element
        raise


def _write(move: _Move, steps: list[runner.Step], offers: waiting.Offers) -> None:
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
    went = waiting.Went(move.actor, [one for step in steps for one in step.passed], _gone(steps))
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


def log(session: Session, actor: Actor, fact: Fact, instance: Instance, **facts: Any) -> None:
    """Record a fact about an instance, with the order and the definition it belongs to."""
    audit.record(
        session,
        actor,
        fact,
        instance,
        order_id=instance.order_id,
        instance_id=instance.id,
        definition_id=instance.definition_id,
        **facts,
    )


def _open_incident(move: _Move, stuck: ProcessStuck, held: dict[str, Any]) -> None:
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


def cancel(session: Session, instance: Instance, *, actor: Actor, reason: str, state: str = "cancelled") -> None:
    """End a live instance from outside: its open tasks close, nothing is deleted; `state` says how it ended."""
    if instance.state not in LIVE:
        return
    before = instance.state
    update_versioned(session, instance, state=state, ended_at=now(session))
    task_state = "handed_over" if state == "handed_over" else "cancelled"
    session.execute(
        update(Task)
        .where(Task.instance_id == instance.id, Task.state == "open")
        .values(
            state=task_state,
            closed_at=now(session),
            closed_by=actor.person_id,
            closed_title=actor.title or None,
            version=Task.version + 1,
        )
    )
    open_incidents = Incident.instance_id == instance.id, Incident.resolved_at.is_(None)
    session.execute(
        update(Incident).where(*open_incidents).values(resolved_at=now(session), resolved_by=actor.person_id)
    )
    messages.forget(session, instance.id)
    timers.forget(session, instance.id)
    changed = {"before": {"state": before}, "after": {"state": state}}
    log(session, actor, Fact.INSTANCE_CANCELLED, instance, reason=reason, state=state, **changed)
