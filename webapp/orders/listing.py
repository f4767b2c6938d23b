"""The list of orders, gathered as plain objects in three queries."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from engine.clock import now
from models.orders import Order
from models.permissions import Actor, Permission, may
from webapp.orders import page, queries
from webapp.orders.queries import Filters
from webapp.text import say
from webapp.text.deadlines import Chip

LENGTH = 50
STATES = (("open", "Đang thực hiện"), ("done", "Đã hoàn thành"), ("cancelled", "Từ chối, đã hủy"), ("all", "Tất cả"))
KINDS = (("", "Mọi loại"), ("order", "Đặt hàng"), ("work", "Việc ngoài đặt hàng"))
DUES = (("", "Mọi hạn"), ("overdue", "Quá hạn"))


@dataclass(frozen=True, slots=True)
class Row:
    """One order in the list: who leads, who holds the work now."""

    order: Order
    deadline: Chip | None
    lead: str | None
    holder: str | None
    holders: int


def index_of(session: Session, actor: Actor, filters: Filters) -> dict[str, Any]:
    """Gather what the list shows."""
    found = session.scalars(queries.listed(actor, filters, now=now(session)).limit(LENGTH + 1)).unique().all()
    orders = found[:LENGTH]
    ids = [order.id for order in orders]
    leads = {order: name for order, _, name in session.execute(queries.leads_of(ids))}
    holders = {order: (name, count) for order, name, count in session.execute(queries.holders_of(ids))}
    rows = [
        Row(
            order, page.chip(page.order_deadline(session, order), order.due_at), leads.get(order.id),
            *holders.get(order.id, (None, 0)),
        )
        for order in orders
    ]  # fmt: skip
    return {
        "rows": rows,
        "filters": filters,
        "next": orders[-1].id if len(found) > LENGTH else None,
        "states": [(code, say(word)) for code, word in STATES],
        "kinds": [(code, say(word)) for code, word in KINDS],
        "dues": [(code, say(word)) for code, word in DUES],
        "is_narrowed": filters != Filters(),
        "may_create": may(actor, Permission.ORDER_CREATE),
        "link": lambda **changes: {k: v for k, v in (asdict(filters) | {"after": ""} | changes).items() if v},
    }
