"""One act on many tasks: each alone, what one refuses does not stop the others."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from engine import audit
from engine.audit import Fact
from engine.tasks import standing
from engine.tasks.claiming import claim
from engine.tasks.helping import transfer
from models.errors import NotAllowed, Rejected
from models.permissions import Actor
from models.tasks import Task
from models.users import Person

BULK = 200


def claim_many(session: Session, ids: Sequence[str], *, actor: Actor) -> tuple[int, int]:
    """Claim up to 200 visible tasks; return how many were won and how many others had or were not offered."""
    return _each(session, ids, actor, lambda task: claim(session, task, actor=actor))


def transfer_many(session: Session, ids: Sequence[str], *, actor: Actor, to: Person, reason: str) -> tuple[int, int]:
    """Hand up to 200 visible tasks to one colleague; return (done, refused)."""
    return _each(session, ids, actor, lambda task: transfer(session, task, actor=actor, to=to, reason=reason))


def _each(session: Session, ids: Sequence[str], actor: Actor, act: Callable[[Task], object]) -> tuple[int, int]:
    done = refused = 0
    # In the order of the instances, so that two bulk acts never wait for each other in a circle.
    query = Task.visible_to(actor).where(Task.id.in_(list(ids)[:BULK])).order_by(Task.instance_id, Task.id)
    for task in session.scalars(query).all():
        said = audit.mark(session)
        savepoint = session.begin_nested()
        try:
            act(task)
            savepoint.commit()
            done += 1
        except Rejected as refusal:
            savepoint.rollback()
            audit.forget_since(session, said)
            refused += 1
            if isinstance(refusal, NotAllowed):
                standing.record(session, actor, Fact.ACCESS_REFUSED, task, reason=refusal.reason, refused=True)
    return done, refused
