"""What the page of one order shows, gathered as plain objects: about eight queries whatever the size of the order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from engine import amendments, notation
from engine.calendar import Calendar, DeadlineState, local_day
from engine.clock import now
from models.assignments import Assignment, Part
from models.errors import existing
from models.orders import Order
from models.organizations import Area, Organization
from models.permissions import Actor, Permission, may
from models.tasks import Attachment, Task
from webapp.orders import queries, tree
from webapp.orders.tree import Below, Folded, Node
from webapp.text import say
from webapp.text.deadlines import Chip, chip_of
from webapp.text.words import CLARITIES, part

MOST_FILES = 12
ISSUER = "issuer"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the actor may do here: each is a form, or is absent."""

    withdraw: bool
    amend: Sequence[tuple[str, str, str]]  # name, label and text of each field, nothing where it is not allowed
    replace_lead: bool
    extend: Assignment | None
    urge: Sequence[Node]
    watch: bool
    watches: bool


@dataclass(frozen=True, slots=True)
class Head:
    """The two-column head of the document and the six clarities."""

    issuer: Sequence[str]
    receiver: str
    dated: str
    clarities: Sequence[tuple[str, str | None]]

    def counts(self, shares: Mapping[str, int]) -> str:
        """Say how many shares of each part there are: 1 chủ trì, 2 phối hợp, 16 địa bàn."""
        parts = (Part.LEAD, Part.COORDINATING, Part.LOCAL)
        return ", ".join(f"{shares[code]} {part(code)}" for code in parts if shares.get(code))


@dataclass(frozen=True, slots=True)
class Shares:
    """The tree of shares, who holds the ball, and how many of each part there are."""

    roots: Sequence[Node | Folded]
    nodes: dict[str, Node]
    ball: str | None
    balls: int
    counts: dict[str, int]
    assignments: Sequence[Assignment]


def head_of(order: Order) -> Head:
    """Give the head of an order: who issues it in two lines, to whom, where and when."""
    area: Area = order.issuer.area
    body = order.issuer.type.name.upper()
    place = f"{area.kind} {area.name.removeprefix(area.kind).strip()}".upper()
    signed = local_day(order.signed_at) if order.signed_at else None
    dated = notation.format_document_date(signed, place=area.name) if signed else say("chưa ký")
    clarities = [(say(word), getattr(order, name)) for name, word in CLARITIES.items()]
    receiver = say("MTTQ và các đoàn thể") if order.kind == "order" else order.focal.name
    return Head((body, place), receiver, dated, clarities)


def fetch(session: Session, actor: Actor, order_id: str) -> Order:
    """Fetch one visible order, or NotFound."""
    return existing(session.scalars(queries.whole(actor, order_id)).unique().one_or_none())


def pick(session: Session, actor: Actor, order_id: str) -> Order:
    """Fetch one visible order alone, for a command that will lock it (PostgreSQL locks no outer join)."""
    return existing(session.scalar(Order.visible_to(actor).where(Order.id == order_id)))


def shares_of(session: Session, order: Order) -> Shares:
    """Load the tree down to the first local level, and count what lies below."""
    at, days = now(session), Calendar.of(session)
    assignments = session.scalars(queries.trunk(order.id)).unique().all()
    below = tree.count_below(session.execute(queries.below(order.id, now=at)))
    nodes = {share.id: node_of(share, days, at, below.get(share.id)) for share in assignments}
    # Of an order that has ended nobody holds the ball, though a late quarter may still report.
    held = _give_balls(session, order, nodes) if order.closed_at is None else []
    roots = tree.grow(nodes, {share.id: share.parent_id for share in assignments})
    issuer = _issuer_node(order, days, at, holds=any(key is None for key, *_ in held))
    issuer.children = list(roots)
    names = [name for _, _, name, _ in held]
    counts: dict[str, int] = {}
    for share in assignments:
        counts[share.part] = counts.get(share.part, 0) + 1
    return Shares([issuer], nodes, names[0] if names else None, sum(n for *_, n in held), counts, assignments)


def _give_balls(session: Session, order: Order, nodes: dict[str, Node]) -> list[tuple[str | None, str, str, int]]:
    held: list[tuple[str | None, str, str, int]] = [
        (key, body, name, count) for key, body, name, count in session.execute(queries.balls(order.id))
    ]
    for key, organization_id, name, count in held:
        if key in nodes:
            node = nodes[key]
            node.holds = True
            if count > 1:
                node.holder = say("{n} đơn vị đang giữ việc", n=count)
            elif organization_id != node.organization_id:
                node.holder = name
    return held


def node_of(share: Assignment, days: Calendar, at: datetime, below: Below | None = None) -> Node:
    """Make the node of a share."""
    done_at = share.submitted_at if not share.is_open else None
    return Node(
        id=share.id,
        name=tree.name_of(share),
        part=share.part,
        progress=share.progress,
        deadline=deadline(days, share.due_at, at, done_at=done_at, is_open=share.is_open),
        due_at=share.due_at,
        organization_id=share.organization_id,
        below=below or Below(),
    )


def deadline(
    days: Calendar, due_at: datetime | None, at: datetime, *, done_at: datetime | None, is_open: bool
) -> DeadlineState | None:
    """Give the deadline state; what ended without a report (refused, withdrawn) has none."""
    if not is_open and done_at is None:
        return None
    return days.deadline_state(due_at, now=at, done_at=done_at)


def order_deadline(session: Session, order: Order) -> DeadlineState | None:
    """Give the deadline state of a whole order."""
    is_open = order.closed_at is None
    done_at = None if is_open else order.submitted_at
    return deadline(Calendar.of(session), order.due_at, now(session), done_at=done_at, is_open=is_open)


def _issuer_node(order: Order, days: Calendar, at: datetime, *, holds: bool) -> Node:
    is_open = order.closed_at is None
    done_at = None if is_open else order.submitted_at
    return Node(
        id=ISSUER, name=order.issuer.name, part=ISSUER, progress=order.progress,
        deadline=deadline(days, order.due_at, at, done_at=done_at, is_open=is_open), due_at=order.due_at,
        organization_id=order.issuer_id, holds=holds,
    )  # fmt: skip


def branch_of(session: Session, assignment_id: str) -> list[Node | Folded]:
    """Load the shares below a local share."""
    at, days = now(session), Calendar.of(session)
    holding = set(session.scalars(queries.balls_below(assignment_id)))
    nodes = [node_of(share, days, at) for share in session.scalars(queries.branch(assignment_id)).unique()]
    for node in nodes:
        node.holds = node.id in holding
    return tree.fold_alike(nodes)


def choices_of(session: Session, actor: Actor, order: Order, shares: Shares) -> Choices:
    """Ask for each act whether the actor may do it now."""
    running = order.closed_at is None
    own = [a for a in shares.assignments if a.organization_id == actor.organization_id and a.is_open and a.due_at]
    root = next((a for a in shares.assignments if a.part == Part.ACCOUNTABLE and a.is_open), None)
    has_lead = any(a.part == Part.LEAD and a.is_open for a in shares.assignments)
    watches = session.scalar(queries.watched_by(actor, order.id)) is not None
    late = [
        shares.nodes[a.id]
        for a in shares.assignments
        if running and a.is_open and _is_late(shares.nodes[a.id]) and may(actor, Permission.ASSIGNMENT_URGE, a)
    ]
    return Choices(
        withdraw=running and may(actor, Permission.ORDER_WITHDRAW, order),
        amend=_amendable(order) if may(actor, Permission.ORDER_AMEND, order) else (),
        replace_lead=has_lead and root is not None and may(actor, Permission.ASSIGNMENT_REPLACE_LEAD, root),
        extend=next((a for a in own if may(actor, Permission.ASSIGNMENT_EXTEND, a)), None) if running else None,
        urge=late,
        watch=running and actor.person_id is not None and not watches,
        watches=watches,
    )


def _amendable(order: Order) -> Sequence[tuple[str, str, str]]:
    if order.signed_at is None or order.closed_at is not None:
        return ()
    words = {"title": "Chuyên đề đặt hàng", "basis": "Căn cứ", **CLARITIES}
    return [(name, say(words[name]), getattr(order, name) or "") for name in amendments.FIELDS]


def _is_late(node: Node) -> bool:
    return node.deadline is not None and node.deadline.code in ("late", "today")


def members_of(session: Session, order: Order) -> Sequence[Organization]:
    """Fetch the bodies that can lead: the members of the bloc."""
    return session.scalars(Organization.members_of(order.focal_id, at=now(session))).all()


def task_of(session: Session, actor: Actor, order: Order) -> Task | None:
    """Fetch the most urgent open task of this order that the actor can do: the one filled button of the page."""
    mine = select(Task).where(Task.order_id == order.id, Task.state == "open")
    mine = mine.where(or_(Task.holder_id == actor.person_id, and_(Task.holder_id.is_(None), Task.offered_to(actor))))
    return session.scalars(mine.order_by(Task.due_sort, Task.id).limit(1)).first()


def chip(state: DeadlineState | None, due_at: datetime | None) -> Chip | None:
    """Put a deadline into words; what ended without a report has none."""
    return chip_of(state, due_at) if state is not None else None


def name_of(share: Assignment) -> str:
    """Name a share by its place or its body."""
    return tree.name_of(share)


def files_of(session: Session, order: Order) -> Sequence[Attachment]:
    """Fetch the newest files of an order."""
    return session.scalars(queries.files(order.id).limit(MOST_FILES)).all()
