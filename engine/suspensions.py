"""Suspensions: an instance, or all work of a definition, stands still until it is resumed, and nothing is lost."""

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from engine import audit, definitions, instances, messages, operations
from engine.audit import Fact
from engine.clock import now
from engine.reasons import require_reason
from models.base import update_versioned
from models.definitions import Definition
from models.errors import WrongState
from models.instances import Instance
from models.messages import Message
from models.permissions import Actor
from models.starts import StartEvent

_RUNS = {"suspended_at": None, "suspended_by": None, "suspended_reason": None, "suspended_with_id": None}


def suspend(session: Session, instance: Instance, *, actor: Actor, reason: str, version: int | None = None) -> Instance:
    """Stop an instance from moving: its tasks are seen and not completed, messages are kept, timers wait.

    Errors: NotAllowed; Invalid without a reason; WrongState unless it runs.
    """
    instance = operations.take(session, instance, actor=actor, reason=reason, version=version)
    instances.require_running(instance)
    update_versioned(
        session,
        instance,
        state="suspended",
        suspended_at=now(session),
        suspended_by=actor.person_id,
        suspended_reason=reason,
    )
    _log(session, instance, Fact.INSTANCE_SUSPENDED, actor=actor, reason=reason, frm="running", to="suspended")
    return instance


def resume(session: Session, instance: Instance, *, actor: Actor, reason: str, version: int | None = None) -> Instance:
    """Let a suspended instance move again and hand it what was kept meanwhile; timers that fell due ring at once.

    Errors: as `suspend`, and WrongState while the whole definition is suspended.
    """
    instance = operations.take(session, instance, actor=actor, reason=reason, version=version)
    if instance.state != "suspended":
        raise WrongState("instance_not_suspended", subject=instance)
    instances.require_in_use(session, instance.definition_id)
    update_versioned(session, instance, state="running", **_RUNS)
    messages.requeue(session, instance)
    _log(session, instance, Fact.INSTANCE_RESUMED, actor=actor, reason=reason, frm="suspended", to="running")
    instances.ask(session, instance, actor=actor)
    return instance


def _log(session: Session, instance: Instance, fact: Fact, *, actor: Actor, reason: str, frm: str, to: str) -> None:
    changed = {"before": {"state": frm}, "after": {"state": to}}
    instances.log(session, actor, fact, instance, reason=reason, **changed)
    operations.tell(session, instance, fact, actor=actor, reason=reason)


def suspend_definition(session: Session, definition: Definition, *, actor: Actor, reason: str) -> int:
    """Let nothing of one version of a process begin or go on; returns how many instances stopped running.

    What was stopped alone before stays so afterwards. Errors: NotAllowed; Invalid; WrongState when it is suspended.
    """
    definition = _take(session, definition, actor=actor, reason=reason)
    if definition.suspended_at is not None:
        at, why = definition.suspended_at, definition.suspended_reason
        raise WrongState("definition_suspended", name=definition.name, at=at, why=why)
    definition.suspended_at, definition.suspended_by = now(session), actor.person_id
    definition.suspended_reason = reason
    session.flush()
    stopped = session.execute(
        update(Instance)
        .where(Instance.definition_id == definition.id, Instance.state == "running")
        .values(
            state="suspended",
            suspended_at=now(session),
            suspended_by=actor.person_id,
            suspended_reason=reason,
            suspended_with_id=definition.id,
            version=Instance.version + 1,
        )
    )
    count: int = stopped.rowcount  # type: ignore[attr-defined]
    _log_definition(session, definition, Fact.DEFINITION_SUSPENDED, actor, reason, count, to="suspended")
    return count


def resume_definition(session: Session, definition: Definition, *, actor: Actor, reason: str) -> int:
    """Let a suspended version begin and go on again, with all that was kept for it; returns how many instances run.

    Errors: NotAllowed; Invalid without a reason; WrongState when it is in use.
    """
    definition = _take(session, definition, actor=actor, reason=reason)
    if definition.suspended_at is None:
        raise WrongState("definition_not_suspended", subject=definition)
    definition.suspended_at = definition.suspended_by = definition.suspended_reason = None
    session.flush()
    _requeue(session, definition)
    waiting = Instance.suspended_with_id == definition.id, Instance.state == "suspended"
    resumed = session.scalars(select(Instance.id).where(*waiting).order_by(Instance.id)).all()
    session.execute(update(Instance).where(*waiting).values(state="running", version=Instance.version + 1, **_RUNS))
    _log_definition(session, definition, Fact.DEFINITION_RESUMED, actor, reason, len(resumed), to="running")
    if definitions.bundle_of(session, definition.id).watches:
        for id in resumed:
            instances.ask(session, instances.lock(session, id), actor=actor)
    return len(resumed)


def _take(session: Session, definition: Definition, *, actor: Actor, reason: str) -> Definition:
    operations.require_operator(actor)
    require_reason(reason)
    session.refresh(definition, with_for_update=True)
    return definition


def _requeue(session: Session, definition: Definition) -> None:
    """Let what was kept be tried again: for its instances, and what would have started one."""
    mine = select(Instance.id).where(Instance.suspended_with_id == definition.id)
    shares = select(Instance.assignment_id).where(
        Instance.suspended_with_id == definition.id, Instance.assignment_id.is_not(None)
    )
    signals = select(StartEvent.name).where(StartEvent.definition_id == definition.id, StartEvent.kind == "signal")
    begins = or_(
        and_(Message.kind == "message", Message.name.in_(definition.starts_on)),
        and_(Message.kind == "signal", Message.name.in_(signals)),
    )
    to_any = or_(
        Message.instance_id.in_(mine), Message.assignment_id.in_(shares), and_(Message.instance_id.is_(None), begins)
    )
    session.execute(
        update(Message)
        .where(Message.state == "kept", to_any)
        .values(state="pending")
        .execution_options(synchronize_session=False)
    )


def _log_definition(
    session: Session, definition: Definition, fact: Fact, actor: Actor, reason: str, count: int, *, to: str
) -> None:
    frm = "running" if to == "suspended" else "suspended"
    audit.record(
        session,
        actor,
        fact,
        definition,
        reason=reason,
        process=definition.process_id,
        version=definition.version,
        instances=count,
        before={"state": frm},
        after={"state": to},
    )
