"""What an operator may do to an instance that does not go on by itself: edit data, skip, move a token, cancel."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import assignments, definitions, incidents, instances, messages, notifications, progress, runner
from engine.audit import Fact
from engine.clock import now
from engine.reasons import require_reason
from models.assignments import Assignment, Progress
from models.errors import Conflict, Invalid, NotAllowed, ProcessStuck, WrongState
from models.instances import LIVE, Instance
from models.messages import Subscription
from models.orders import Extension, Order
from models.permissions import Actor, Permission, may

# What an instance is: its columns say the same, and routing reads those.
IDENTITY = frozenset({"order", "assignment", "organization", "area"})
MOST_DATA = 20_000
LONGEST_NAME = 60
TASKS = frozenset({
    "userTask", "manualTask", "task", "scriptTask", "businessRuleTask", "serviceTask", "sendTask", "receiveTask",
})  # fmt: skip
SKIPPED = TASKS | {"intermediateCatchEvent"}
# Not where tokens meet or part: a join would wait for ever for the token that never took its flow.
TARGETS = SKIPPED | {
    "subProcess", "callActivity", "intermediateThrowEvent", "endEvent", "exclusiveGateway", "eventBasedGateway",
}  # fmt: skip


def require_operator(actor: Actor) -> None:
    """Refuse who may not operate processes."""
    if not may(actor, Permission.INSTANCE_OPERATE):
        raise NotAllowed("may_not_operate")


def take(session: Session, instance: Instance, *, actor: Actor, reason: str, version: int | None = None) -> Instance:
    """Lock an instance for an operator who has the right, gives a reason, and saw it as it is (`version`)."""
    require_operator(actor)
    require_reason(reason)
    locked = instances.lock(session, instance.id)
    if version is not None and version != locked.version:
        raise Conflict("changed_meanwhile", subject=locked)
    return locked


def require_live(instance: Instance) -> None:
    """Refuse to change what has ended."""
    if not instance.is_live:
        raise WrongState("instance_ended", subject=instance, at=instance.ended_at)


def data_of(session: Session, instance: Instance) -> dict[str, Any]:
    """Return the routing data of a live instance: where it waits, and over it the input at which it got stuck."""
    incident = incidents.open_of(session, instance)
    held = incident.held if incident is not None else {}
    places = sorted(instances.look(session, instance), key=lambda place: place.key != held.get("key"))
    known: dict[str, Any] = {}
    for place in reversed(places):
        known |= place.data
    return known | dict(incidents.input_of(held))


def edit_data(
    session: Session,
    instance: Instance,
    *,
    changes: Mapping[str, Any],
    actor: Actor,
    reason: str,
    version: int | None = None,
    undoes: int | None = None,
) -> Instance:
    """Change routing data of a live instance, and of the input it is stuck at; what people submitted stays as it was.

    Errors: Invalid for names and values that cannot route, or when nothing differs; WrongState after the end.
    """
    instance = take(session, instance, actor=actor, reason=reason, version=version)
    require_live(instance)
    before = data_of(session, instance)
    news = {name: value for name, value in _checked(changes).items() if not is_same(before, name, value)}
    if not news:
        raise Invalid({"data": "unchanged"}, reason="unchanged")
    incident = incidents.open_of(session, instance)
    try:
        if instance.rest:
            instances.set_data(session, instance, news, actor=actor)
    except runner.NotPlain:
        raise Invalid({"data": "not_plain"}) from None
    if incident is not None:
        incidents.amend(session, instance, incident, news)
    old = {name: before[name] for name in news if name in before}
    instances.log(
        session,
        actor,
        Fact.DATA_EDITED,
        instance,
        reason=reason,
        before=_said(dict.fromkeys(news, "") | old),
        after=_said(news),
        was=_written(old),
        became=_written(news),
        undoes=undoes,
    )
    return instance


def _checked(changes: Mapping[str, Any]) -> Mapping[str, Any]:
    wrong = {f"data.{name}": "data_name" for name in changes if not _is_name(name)}
    wrong |= {f"data.{name}": "data_identity" for name in changes if name in IDENTITY}
    if not wrong and len(_written(changes)) > MOST_DATA:
        wrong = {"data": "too_large"}
    if wrong:
        raise Invalid(wrong)
    return changes


def _is_name(name: str) -> bool:
    return name.isascii() and name.isidentifier() and len(name) <= LONGEST_NAME


def is_same(before: Mapping[str, Any], name: str, value: Any) -> bool:
    """Tell whether a name has this very value, of the same type."""
    return name in before and type(before[name]) is type(value) and before[name] == value


def _said(data: Mapping[str, Any]) -> dict[str, Any]:
    """Write values for people to read in the log: what has parts as one text, what is empty not at all."""
    return {
        name: _written(value) if isinstance(value, dict | list | bool) else value
        for name, value in data.items()
        if value is not None
    }


def _written(value: Any) -> str:
    # The exact values with their types, so that an edit can be undone; dates and decimals become texts.
    return json.dumps(value, ensure_ascii=False, default=str)


def place_of(session: Session, instance: Instance, key: str) -> runner.Waiting:
    """Return what waits under a key, or raise NotWaiting."""
    found = next((place for place in instances.look(session, instance) if place.key == key), None)
    if found is None:
        raise runner.NotWaiting(key)
    return found


def can_skip(bundle: runner.Bundle, process_id: str, place: runner.Waiting) -> bool:
    """Tell whether the token that waits here can simply pass: not at a border, nor where somebody chooses the way.

    One of several awaited events passes as if it had come.
    """
    element = bundle.elements(process_id).get(place.element)
    return element is not None and element.type in SKIPPED and not place.choices


def skip(
    session: Session, instance: Instance, *, key: str, actor: Actor, reason: str, version: int | None = None
) -> Instance:
    """Let what waits under a key pass without its work; a join goes on with the missing named.

    Errors: NotWaiting; WrongState while the instance stands still, and for what cannot be skipped.
    """
    instance = take(session, instance, actor=actor, reason=reason, version=version)
    instances.require_running(instance)
    place = place_of(session, instance, key)
    if not can_skip(definitions.bundle_of(session, instance.definition_id), instance.process_id, place):
        raise WrongState("element_not_skippable", subject=instance, element=place.name)
    record_skip(session, instance, place.element, place.name, actor=actor, reason=reason)
    mine = select(Subscription).where(Subscription.instance_id == instance.id, Subscription.key == key)
    awaited = session.scalar(mine)
    if awaited is not None and awaited.collect:
        messages.try_join(session, instance, awaited, cut_off=True)
    else:
        instances.move(session, instance, _passing(place), actor=actor)
    return instance


def _passing(place: runner.Waiting) -> runner.Input:
    if place.kind in ("message", "signal"):
        return runner.Deliver(place.key, {})
    return runner.Fire(place.key) if place.kind in ("timer", "conditional") else runner.Complete(place.key, {})


def record_skip(
    session: Session, instance: Instance, element: str | None, name: str, *, actor: Actor, reason: str
) -> None:
    """Say in the log that a step passed without its work, and tell the organization whose process it is."""
    instances.log(
        session,
        actor,
        Fact.STEP_SKIPPED,
        instance,
        reason=reason,
        element=element,
        step=name,
        before={"step_state": "waiting"},
        after={"step_state": "skipped"},
    )
    tell(session, instance, Fact.STEP_SKIPPED, actor=actor, reason=reason, step=name)


def targets(session: Session, instance: Instance, place: runner.Waiting) -> list[runner.Element]:
    """Return the elements to which the token that waits at a place can be moved, in the order of the diagram."""
    bundle = definitions.bundle_of(session, instance.definition_id)
    elements = bundle.elements(instance.process_id)
    here = elements.get(place.element)
    if here is None:
        return []
    return [one for one in elements.values() if one.type in TARGETS and one.parent == here.parent and one.id != here.id]


def move_token(
    session: Session,
    instance: Instance,
    *,
    key: str,
    element: str,
    actor: Actor,
    reason: str,
    version: int | None = None,
    undoes: int | None = None,
) -> Instance:
    """Take away what waits under a key and go on at another element of the same part of the diagram.

    An incident ends by it: what was typed stays with its submission. Errors: NotWaiting; Invalid for an element that
    cannot be gone to; WrongState where the process would get stuck there at once.
    """
    instance = take(session, instance, actor=actor, reason=reason, version=version)
    if instance.state != "incident":
        instances.require_running(instance)
    instances.require_in_use(session, instance.definition_id)
    place = place_of(session, instance, key)
    to = next((one for one in targets(session, instance, place) if one.id == element), None)
    if to is None:
        raise Invalid({"element": "not_a_target"}, reason="not_a_target")
    _require_way(session, instance, runner.MoveTo(key, element))
    incident = incidents.open_of(session, instance)
    if incident is not None:
        incidents.resolve(session, instance, incident, actor=actor, reason=reason)
    instances.log(
        session,
        actor,
        Fact.TOKEN_MOVED,
        instance,
        reason=reason,
        before={"step": place.name},
        after={"step": to.name or to.id},
        source=place.element,
        target=to.id,
        undoes=undoes,
    )
    instances.move(session, instance, runner.MoveTo(key, element), actor=actor)
    return instance


def _require_way(session: Session, instance: Instance, what: runner.MoveTo) -> None:
    bundle = definitions.bundle_of(session, instance.definition_id)
    try:
        runner.advance(bundle, instance.process_id, instance.rest, what, now=now(session))
    except ProcessStuck as stuck:
        raise WrongState("stuck_there_too", subject=instance, element=stuck.element, why=stuck.message) from stuck


def cancel(session: Session, instance: Instance, *, actor: Actor, reason: str, version: int | None = None) -> Instance:
    """End a live instance for good: its tasks close, its share or order is cancelled, nothing is deleted.

    Errors: WrongState after the end, and for an order whose other participants still work.
    """
    instance = take(session, instance, actor=actor, reason=reason, version=version)
    require_live(instance)
    _require_no_parts(session, instance)
    _refuse_extension(session, instance, actor=actor, reason=reason)
    instances.cancel(session, instance, actor=actor, reason=reason)
    progress.change(session, instance, Progress.CANCELLED, actor=actor)
    tell(session, instance, Fact.INSTANCE_CANCELLED, actor=actor, reason=reason)
    _let_superior_go_on(session, instance)
    return instance


def _refuse_extension(session: Session, instance: Instance, *, actor: Actor, reason: str) -> None:
    """Answer the request for more time this instance is about: unanswered it would keep its asker from asking again."""
    extension = session.get(Extension, instances.data_of(session, instance).get("extension") or "-")
    if extension is not None and extension.decision is None:
        assignments.decide_extension(session, extension, actor=actor, grant=False, new_due_at=None, remark=reason)


def _require_no_parts(session: Session, instance: Instance) -> None:
    order = session.get(Order, instance.order_id) if instance.order_id else None
    if order is None or order.instance_id != instance.id:
        return
    others = select(func.count()).where(
        Instance.order_id == order.id, Instance.id != instance.id, Instance.state.in_(LIVE)
    )
    if count := session.scalar(others):
        raise WrongState("order_has_parts", subject=instance, n=count)


def _let_superior_go_on(session: Session, instance: Instance) -> None:
    """Let the join above go on if the cancelled share was the last it waited for."""
    share = session.get(Assignment, instance.assignment_id) if instance.assignment_id else None
    if share is None or share.instance_id != instance.id or share.parent is None or share.parent.instance_id is None:
        return
    above = instances.lock(session, share.parent.instance_id)
    joins = select(Subscription).where(Subscription.instance_id == above.id, Subscription.collect.is_not(None))
    for join in session.scalars(joins).all():
        if above.state == "running" and messages.PARTS[join.collect or ""] == share.part:
            messages.try_join(session, above, join)


def tell(session: Session, instance: Instance, fact: Fact, *, actor: Actor, **facts: Any) -> None:
    """Leave word for the organization whose process an operator changed."""
    notifications.notify(
        session,
        fact,
        organization_id=instance.organization_id,
        order_id=instance.order_id,
        by=actor.title,
        title=instance.definition.name,
        place=instance.place,
        **facts,
    )
