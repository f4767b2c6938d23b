"""Orders over the API: list, draft, read with the assignment tree and totals, withdraw, ask for more time."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from engine import assignments, orders
from engine.clock import close_of
from models.assignments import Assignment
from models.errors import NotAllowed, NotFound
from models.orders import Extension, Order
from models.permissions import Actor
from models.rollups import Total
from models.tasks import Task
from models.text import fold
from webapp.api.operations import In, Key, Out, Part, Reason, Slice, Text, table
from webapp.api.reading import deadline_of, one, sliced

Progress = Literal[
    "chua_tiep_nhan", "chua_thuc_hien", "dang_thuc_hien", "cho_xac_nhan", "thuc_hien_lai", "tam_dung", "hoan_thanh",
    "tu_choi", "huy",
]  # fmt: skip


class OrderQuery(Slice):
    """How the list of orders is narrowed."""

    progress: Progress | None = None
    kind: Literal["order", "work"] | None = None
    q: Annotated[Text | None, Field(max_length=200, description="Words of the title, with or without marks.")] = None


class OrderOut(Out):
    """An order in one line."""

    id: str
    kind: str
    number: str | None
    title: str
    topic: str | None
    issuer: str
    focal: str
    progress: str
    due_at: datetime | None
    deadline: str
    created_at: datetime
    signed_at: datetime | None
    closed_at: datetime | None
    verdict: str | None

    @classmethod
    def of(cls, session: Session, order: Order) -> "OrderOut":
        """Write an order down."""
        return cls(**_values(session, order))


def _values(session: Session, order: Order) -> dict[str, Any]:
    same = ("id", "kind", "number", "title", "progress", "due_at", "created_at", "signed_at", "closed_at", "verdict")
    return {name: getattr(order, name) for name in same} | {
        "topic": order.topic_code,
        "issuer": order.issuer_id,
        "focal": order.focal_id,
        "deadline": deadline_of(session, order.due_at, done_at=order.submitted_at),
    }


class Share(Out):
    """One organization's share of an order; `parent` makes the tree."""

    id: str
    parent: str | None
    organization: str
    name: str
    area: str
    part: str
    progress: str
    due_at: datetime | None
    deadline: str
    submitted_at: datetime | None
    nothing_to_report: bool


class TotalOut(Out):
    """A total of an order in its own area."""

    indicator: str
    area: str
    value: Annotated[str, Field(description="A decimal number as text.")]
    qualifier: str
    figures: int
    target: str | None


class Clarities(Out):
    """The six clarities (6 rõ)."""

    ro_nguoi: str | None
    ro_viec: str | None
    ro_thoi_gian: str | None
    ro_trach_nhiem: str | None
    ro_tham_quyen: str | None
    ro_san_pham: str | None


class OrderWhole(OrderOut):
    """An order with its clarities, its shares and its totals."""

    basis: str | None
    period_from: date | None
    period_to: date | None
    clarities: Clarities
    topics: list[str]
    assignments: list[Share]
    totals: list[TotalOut]


@table.get("/orders", answer=Part[OrderOut], query=OrderQuery)
def list_orders(session: Session, actor: Actor, *, query: OrderQuery) -> Part[OrderOut]:
    """List the orders you may see, newest first."""
    chosen = Order.visible_to(actor)
    for name in ("progress", "kind"):
        if (wanted := getattr(query, name)) is not None:
            chosen = chosen.where(getattr(Order, name) == wanted)
    if query.q is not None and (words := fold(query.q)):
        chosen = chosen.where(or_(Order.title_fold.contains(words), Order.number == query.q))
    found, after = sliced(session, chosen, Order.id, query, newest=True)
    return Part[OrderOut](items=[OrderOut.of(session, order) for order in found], next=after)


class Drafted(Out):
    """A new order and the task in which its six clarities are written."""

    id: str
    task: str | None


@table.post("/orders", answer=Drafted, status=201)
def create_order(session: Session, actor: Actor) -> Drafted:
    """Draft an order; its text is given by completing the draft task."""
    order = orders.create(session, actor=actor)
    waiting = select(Task.id).where(Task.order_id == order.id, Task.state == "open").limit(1)
    return Drafted(id=order.id, task=session.scalar(waiting))


@table.get("/orders/<key:id>", answer=OrderWhole)
def read_order(session: Session, actor: Actor, id: str) -> OrderWhole:
    """Read one order with the assignment tree and the totals."""
    order = one(session, Order.visible_to(actor), Order.id, id)
    return OrderWhole.model_validate(
        _values(session, order)
        | {name: getattr(order, name) for name in ("basis", "period_from", "period_to")}
        | {
            "clarities": {name: getattr(order, name) for name in Clarities.model_fields},
            "topics": [topic.name for topic in order.topics],
            "assignments": [_share(session, share) for share in session.scalars(_shares(order))],
            "totals": _totals(session, order),
        }
    )


def _shares(order: Order) -> Select[Assignment]:
    made = select(Assignment).where(Assignment.order_id == order.id).order_by(Assignment.id)
    return made.options(joinedload(Assignment.organization))


def _share(session: Session, share: Assignment) -> Share:
    return Share(
        id=share.id, parent=share.parent_id, organization=share.organization_id, name=share.organization.name,
        area=share.area_id, part=share.part, progress=share.progress, due_at=share.due_at,
        deadline=deadline_of(session, share.due_at, done_at=share.submitted_at),
        submitted_at=share.submitted_at, nothing_to_report=share.nothing_to_report,
    )  # fmt: skip


def _totals(session: Session, order: Order) -> list[TotalOut]:
    targets = {item.indicator_code: item.target for item in order.indicators}
    found = select(Total).where(Total.order_id == order.id, Total.area_id == order.area_id, Total.figures > 0)
    return [
        TotalOut(
            indicator=total.indicator_code, area=total.area_id, value=format(total.value, "f"),
            qualifier=total.qualifier, figures=total.figures,
            target=None if (target := targets.get(total.indicator_code)) is None else format(target, "f"),
        )
        for total in session.scalars(found.order_by(Total.indicator_code))
    ]  # fmt: skip


class Withdrawal(In):
    """Why the order is withdrawn."""

    reason: Reason


@table.post("/orders/<key:id>/withdrawal", answer=OrderOut, body=Withdrawal)
def withdraw_order(session: Session, actor: Actor, id: str, *, body: Withdrawal) -> OrderOut:
    """Withdraw an order: open work closes as cancelled, figures stay."""
    order = one(session, Order.visible_to(actor), Order.id, id)
    orders.withdraw(session, order, actor=actor, reason=body.reason)
    return OrderOut.of(session, order)


class MoreTime(In):
    """Until when, and why; without `assignment` it is for your own share."""

    assignment: Key | None = None
    due: date
    reason: Reason


class ExtensionOut(Out):
    """A request for more time as it was handed in."""

    id: str
    assignment: str
    old_due_at: datetime | None
    new_due_at: datetime
    decision: str | None

    @classmethod
    def of(cls, extension: Extension) -> "ExtensionOut":
        """Write a request down."""
        return cls(
            id=extension.id, assignment=extension.assignment_id, old_due_at=extension.old_due_at,
            new_due_at=extension.new_due_at, decision=extension.decision,
        )  # fmt: skip


@table.post("/orders/<key:id>/extension", answer=ExtensionOut, body=MoreTime, status=201)
def request_extension(session: Session, actor: Actor, id: str, *, body: MoreTime) -> ExtensionOut:
    """Ask for more time for your share of an order."""
    order = one(session, Order.visible_to(actor), Order.id, id)
    own = Assignment.id == body.assignment if body.assignment else Assignment.organization_id == actor.organization_id
    # Alone: the command locks it, and PostgreSQL locks no outer join.
    shares = select(Assignment).where(Assignment.order_id == order.id, own).order_by(Assignment.id.desc())
    share = session.scalar(shares.limit(1))
    if share is None and body.assignment is None:
        raise NotAllowed("may_not_extend", subject=order)
    if share is None:
        raise NotFound("no_such_share")
    asked = assignments.request_extension(
        session, share, actor=actor, new_due_at=close_of(body.due), reason=body.reason
    )
    return ExtensionOut.of(asked)
