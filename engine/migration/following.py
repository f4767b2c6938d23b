"""One instance goes on under another version: its state, its definition, and the rows that wait on its behalf."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import assigning, audit, definitions, instances, notifications, operations, routing, runner, waiting
from engine.audit import Fact
from engine.clock import now
from engine.migration.fitting import Fitted, fitted
from engine.migration.plan import Plan
from models.base import update_versioned
from models.errors import WrongState
from models.instances import Incident, Instance
from models.messages import Subscription
from models.permissions import Actor
from models.tasks import Task, TaskPost
from models.timers import Timer


def migrate(
    session: Session, instance: Instance, plan: Plan, *, actor: Actor, reason: str, version: int | None = None
) -> Instance:
    """Let one live instance go on under the new version of a plan, where it stands and as it stands.

    Open tasks keep holder, drafts and due; what is suspended or stuck stays so. Errors: as `operations.take`;
    WrongState after the end, or under another version than the plan's old one; runner.Misfit, with nothing changed.
    """
    instance = operations.take(session, instance, actor=actor, reason=reason, version=version)
    operations.require_live(instance)
    if instance.definition_id != plan.old.id:
        raise WrongState("migration_other_version", subject=instance, version=instance.definition.version)
    fit = fitted(session, instance, plan)
    rest = fit.moved.rest if fit.moved is not None else ""
    update_versioned(session, instance, definition_id=plan.new.id, rest=rest, passed=_passed(instance, plan.mapping))
    session.expire(instance, ["definition"])
    # Again, after the write: its foreign key has waited for a suspension under way.
    instances.require_in_use(session, plan.new.id)
    if fit.incident is not None:
        _follow_incident(fit.incident, fit.moved.keys if fit.moved is not None else {}, plan.mapping)
    _log(session, instance, plan, fit, actor=actor, reason=reason)
    if fit.moved is not None:
        _follow(session, instance, plan, fit.moved, fit.offers, actor=actor)
    instances.ask(session, instance, actor=actor)
    return instance


def _passed(instance: Instance, mapping: Mapping[str, str | None]) -> dict[str, object]:
    return {mapping.get(element) or element: seen for element, seen in instance.passed.items()}


def _log(session: Session, instance: Instance, plan: Plan, fit: Fitted, *, actor: Actor, reason: str) -> None:
    instances.log(
        session,
        actor,
        Fact.INSTANCE_MIGRATED,
        instance,
        reason=reason,
        before={"version": plan.old.version, "hash": plan.old.hash},
        after={"version": plan.new.version, "hash": plan.new.hash},
        mapping=plan.differences,
        renamed=[[old, new] for old, new in plan.mapping.items() if new and new != old],
        kept=_kept(fit.moved),
        began=sorted({one.element for one in _begun(fit.moved)}),
        ended=sorted({one.element for one in _ended(fit.moved)}),
    )


def _kept(moved: runner.Migrated | None) -> list[list[str]]:
    """Return what waits on: its key before, its key and its element now."""
    elements = {} if moved is None else {one.key: one.element for one in moved.waiting}
    return [] if moved is None else [[was, key, elements[key]] for was, key in moved.keys.items()]


def _begun(moved: runner.Migrated | None) -> list[runner.Waiting]:
    return [] if moved is None else [one for one in moved.waiting if one.key not in moved.keys.values()]


def _ended(moved: runner.Migrated | None) -> list[runner.Waiting]:
    return [] if moved is None else [one for one in moved.before if one.key not in moved.keys]


def _follow_incident(incident: Incident, keys: Mapping[str, str], mapping: Mapping[str, str | None]) -> None:
    """Let the kept input be tried at what has taken the place of where it got stuck."""
    held = dict(incident.held)
    if held.get("key") in keys:
        held["key"] = keys[held["key"]]
    if held.get("at"):
        held["at"] = mapping[held["at"]]
    incident.held = held
    incident.element = mapping.get(incident.element or "") or incident.element


def _follow(
    session: Session,
    instance: Instance,
    plan: Plan,
    moved: runner.Migrated,
    offers: Mapping[str, routing.Candidates],
    *,
    actor: Actor,
) -> None:
    waiting.end(session, instance, [one.key for one in _ended(moved)])
    elements = {one.key: one.element for one in moved.waiting}
    for row in _waiting_rows(session, instance):
        if key := moved.keys.get(row.key or ""):
            row.key, row.element = key, elements[key]
    bundle = definitions.bundle_of(session, plan.new.id)
    mine = select(Task).where(Task.instance_id == instance.id, Task.state == "open").order_by(Task.id)
    for task in session.scalars(mine).all():
        element = bundle.elements(instance.process_id)[elements[task.key]]
        _follow_task(session, task, plan, element, offers.get(task.key), actor=actor)
    session.flush()
    went = waiting.Went(actor, (), ())  # what ended stands in the entry of the migration
    waiting.begin(session, instance, bundle, _begun(moved), {}, went=went)


def _waiting_rows(session: Session, instance: Instance) -> list[Subscription | Timer]:
    subscriptions = select(Subscription).where(Subscription.instance_id == instance.id)
    timers = select(Timer).where(Timer.instance_id == instance.id, Timer.is_pending())
    return [*session.scalars(subscriptions).all(), *session.scalars(timers).all()]


def _follow_task(
    session: Session,
    task: Task,
    plan: Plan,
    element: runner.Element,
    offer: routing.Candidates | None,
    *,
    actor: Actor,
) -> None:
    """Show an open task as the new version has it; whoever holds it keeps it, unless it is another role's now.

    Its due stays: people were told it, and reminded of it.
    """
    form = element.form or element.id
    before = definitions.form_of(session, plan.old.id, task.form or "")
    is_same = before == definitions.form_of(session, plan.new.id, form)
    if not is_same or (task.element, task.form, task.title) != (element.id, form, element.name):
        # A new version of the row: what somebody has on the screen is the old form.
        search = waiting.search_of(session, task.instance, element)
        update_versioned(session, task, element=element.id, form=form, title=element.name, search=search)
    task.seen_by = element.ext.get("seenBy", "parties")
    if offer is None:
        _offer_to_posts(task, assigning.posts_of(element))
    else:
        _offer_anew(session, task, assigning.given(session, task.instance, element, offer), actor=actor)


def _offer_to_posts(task: Task, kinds: list[str]) -> None:
    """Let the posts take an open task that the new version names besides its role."""
    if kinds != task.reason.get("posts", []):
        task.posts = [TaskPost(kind=kind) for kind in kinds]
        task.reason = task.reason | {"posts": kinds}


def _offer_anew(session: Session, task: Task, offer: routing.Candidates, *, actor: Actor) -> None:
    before = task.organization_id
    task.posts = [TaskPost(kind=kind) for kind in offer.posts]
    update_versioned(
        session, task, role=offer.role, organization_id=offer.organization_id, offered_to_id=offer.person_id,
        reason=offer.reason, holder_id=offer.holder_id, holder_title=offer.holder_title,
        claimed_at=now(session) if offer.holder_id else None, helper_id=None, helper_title=None, helper_due_at=None,
    )  # fmt: skip
    audit.record(
        session, actor, Fact.TASK_HANDED_OVER, task, order_id=task.order_id, instance_id=task.instance_id,
        before={"organization": before}, after={"organization": offer.organization_id}, role=offer.role,
        person=offer.person_id,
    )  # fmt: skip
    if offer.holder_id is not None:
        assigning.record(session, task, offer)
    person_id = offer.holder_id or offer.person_id
    notifications.notify(
        session, Fact.TASK_HANDED_OVER, organization_id=None if person_id else offer.organization_id,
        person_id=person_id, role=offer.role, task=task, order_id=task.order_id, title=task.title,
        place=task.place,
    )  # fmt: skip
