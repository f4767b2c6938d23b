"""How an instance stands: locked, asked whether it may go on, where it waits and with what data; and its record."""

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from engine import audit, definitions, runner
from engine.audit import Fact
from engine.clock import now
from models.definitions import Definition
from models.errors import NotFound, WrongState
from models.instances import LIVE, Instance
from models.permissions import Actor

_LOCK = (
    select(Instance).where(Instance.id == bindparam("id")).with_for_update().execution_options(populate_existing=True)
)
_STANDS_STILL = {"suspended": "instance_suspended", "incident": "instance_stuck"}


def lock(session: Session, instance_id: str) -> Instance:
    """Lock an instance and read it as it is now: lock first, look second."""
    instance = session.scalar(_LOCK, {"id": instance_id})
    if instance is None:
        raise NotFound("no_such_instance")
    return instance


def require_running(instance: Instance, *, subject: object = None) -> None:
    """Refuse what needs an instance that moves, and say since when and why it does not."""
    if instance.state != "running":
        raise WrongState(
            _STANDS_STILL.get(instance.state, "instance_ended"),
            subject=subject or instance,
            at=instance.suspended_at if instance.state == "suspended" else instance.ended_at,
            why=instance.suspended_reason,
        )


def require_in_use(session: Session, definition_id: str) -> None:
    """Refuse what would let work of a suspended definition begin or go on.

    A start asks after its insert, whose foreign key waits for a suspension under way: what began before is stopped by
    the suspension, what comes after is refused here.
    """
    suspended = select(Definition.name, Definition.suspended_at, Definition.suspended_reason)
    name, at, why = session.execute(suspended.where(Definition.id == definition_id)).one()
    if at is not None:
        raise WrongState("definition_suspended", name=name, at=at, why=why)


def data_of(session: Session, instance: Instance, *, key: str | None = None) -> dict[str, Any]:
    """Return the routing data where an instance waits: at one task, or at the first place of all."""
    return next((dict(one.data) for one in look(session, instance) if key is None or one.key == key), {})


def look(session: Session, instance: Instance) -> tuple[runner.Waiting, ...]:
    """Return where the tokens of a live instance wait; nowhere while it has not begun."""
    if instance.state not in LIVE or not instance.rest:
        return ()
    bundle = definitions.bundle_of(session, instance.definition_id)
    return runner.look(bundle, instance.process_id, instance.rest, now=now(session))


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
