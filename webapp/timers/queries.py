"""The selects of the timer page, named by what they find; none runs itself."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, or_
from sqlalchemy.orm import joinedload

from models.definitions import Definition
from models.instances import Instance
from models.orders import Order
from models.organizations import Organization
from models.permissions import Actor
from models.timers import Timer


@dataclass(frozen=True, slots=True)
class Filters:
    """How the list is narrowed, as it stands in the address."""

    kind: str = ""
    process: str = ""
    late: str = ""
    after: str = ""

    def with_(self, **changes: str | None) -> dict[str, str | None]:
        """Return the address's parameters with some changed; empty ones are left out."""
        said = {"kind": self.kind, "process": self.process, "late": self.late, **changes}
        return {name: value or None for name, value in said.items()}


def one(actor: Actor, timer_id: str) -> Select[Timer]:
    """Select one timer the actor may see."""
    return Timer.visible_to(actor).where(Timer.id == timer_id)


def pending(actor: Actor, filters: Filters, *, at: datetime) -> Select[Timer, str | None, str | None]:
    """Select (timer, number of the order, name of the participant) of what is still to fire, the next first."""
    query = (
        Timer.visible_to(actor)
        .join(Instance, Timer.instance_id == Instance.id)
        .join(Definition, Instance.definition_id == Definition.id)
        .outerjoin(Order, Instance.order_id == Order.id)
        .outerjoin(Organization, Instance.organization_id == Organization.id)
        .options(joinedload(Timer.instance).joinedload(Instance.definition))
        .where(Timer.is_pending())
    )
    if filters.kind:
        query = query.where(Timer.kind == filters.kind)
    if filters.process:
        query = query.where(Instance.process_id == filters.process)
    if filters.late:
        query = query.where(Timer.due_at <= at)
    if beyond := place_of(filters.after):
        due, key = beyond
        query = query.where(or_(Timer.due_at > due, and_(Timer.due_at == due, Timer.id > key)))
    return query.add_columns(Order.number, Organization.name).order_by(Timer.due_at, Timer.id)


def cursor_of(timer: Timer) -> str:
    """Return where the list goes on after a timer."""
    return f"{timer.due_at.isoformat()}/{timer.id}"


def place_of(cursor: str) -> tuple[datetime, str] | None:
    """Read a cursor; what is none leads to the beginning."""
    due, _, key = cursor.partition("/")
    try:
        at = datetime.fromisoformat(due)
    except ValueError:
        return None
    return (at, key) if at.tzinfo is not None else None
