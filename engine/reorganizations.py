"""Reorganizations (X-REORG): open work of a body that goes is handed to its successor; what is finished stays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import audit, instances, notifications, organizations, routing, uses
from engine.audit import Fact
from engine.clock import now
from engine.operators import Call, operator
from models.assignments import OPEN, Assignment
from models.base import update_versioned
from models.errors import Invalid, NotFound, WrongState
from models.instances import LIVE, Instance
from models.orders import Order
from models.organizations import Holder, Organization, Post
from models.permissions import Actor
from models.tasks import Task

PROCESS = "handover"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a reorganization: what became of a body; a body that is split stands in several lines."""

    from_id: str
    to_id: str | None
    kind: str


@dataclass(frozen=True, slots=True)
class Piece:
    """The open work of a body within one order (or outside orders), and who may take it over."""

    body_id: str
    order_id: str | None
    shares: int
    tasks: int
    successors: tuple[str, ...]

    @property
    def successor(self) -> str | None:
        """Return the only successor; None where somebody has to decide."""
        return self.successors[0] if len(self.successors) == 1 else None


# What is done to how many bodies, with how many successors: (fewest, most) of each, None for any number.
_SHAPES: Final[dict[str, tuple[tuple[int, int | None], tuple[int, int | None]]]] = {
    "merge": ((1, None), (1, 1)),
    "split": ((1, 1), (2, None)),
    "rename": ((1, 1), (1, 1)),
    "abolish": ((1, None), (0, 0)),
}
KINDS: Final = tuple(_SHAPES)


def changes_of(kind: str, bodies: Sequence[str], successors: Sequence[str]) -> list[Change]:
    """Return what one reorganization makes of bodies, line by line.

    Errors: Invalid for another kind, for too few or too many, and for a body that would follow itself.
    """
    if kind not in _SHAPES:
        raise Invalid({"kind": "unknown"}, reason="no_such_lineage", kind=kind)
    of_bodies, of_successors = _SHAPES[kind]
    wrong = {
        "bodies": _wrong_number(bodies, of_bodies),
        "successors": "follows_itself" if set(bodies) & set(successors) else _wrong_number(successors, of_successors),
    }
    if any(wrong.values()):
        raise Invalid({name: why for name, why in wrong.items() if why}, reason="reorganization_incomplete")
    return [Change(body, to, kind) for body in bodies for to in (*successors,) or (None,)]


def _wrong_number(chosen: Sequence[str], allowed: tuple[int, int | None]) -> str | None:
    fewest, most = allowed
    if len(chosen) < fewest:
        return "choose_one" if fewest == 1 else "choose_several"
    if most is not None and len(chosen) > most:
        return "choose_only_one" if most else "choose_none"
    return None


def survey(session: Session, changes: Iterable[Change]) -> list[Piece]:
    """List the open work of every body that goes with its proposed successors, changing nothing (the dry run)."""
    proposed: dict[str, list[str]] = {}
    for change in changes:
        for body_id in filter(None, (change.from_id, change.to_id)):
            if session.get(Organization, body_id) is None:
                raise NotFound("no_such_organization", organization=body_id)
        if change.kind not in organizations.LINEAGES:
            raise Invalid({"kind": "unknown"}, reason="no_such_lineage", kind=change.kind)
        proposed.setdefault(change.from_id, []).extend([change.to_id] if change.to_id else [])
    return [piece for body, to in proposed.items() for piece in _pieces(session, body, tuple(dict.fromkeys(to)))]


def _pieces(session: Session, body_id: str, successors: tuple[str, ...]) -> list[Piece]:
    def count(query: Any) -> dict[str | None, int]:
        return dict(session.execute(query).all())

    tasks = count(_open_tasks(body_id).with_only_columns(Task.order_id, func.count()).group_by(Task.order_id))
    shares = count(
        _open_shares(body_id).with_only_columns(Assignment.order_id, func.count()).group_by(Assignment.order_id)
    )
    orders = dict.fromkeys(session.scalars(_open_orders(body_id).with_only_columns(Order.id)), 0)
    found = sorted({*tasks, *shares, *orders}, key=lambda order_id: order_id or "")
    return [Piece(body_id, one, shares.get(one, 0), tasks.get(one, 0), successors) for one in found]


def _open_tasks(body_id: str) -> Any:
    return select(Task).where(Task.organization_id == body_id, Task.state == "open", Task.process_id != PROCESS)


def _open_shares(body_id: str) -> Any:
    return select(Assignment).where(Assignment.organization_id == body_id, Assignment.progress.in_(sorted(OPEN)))


def _open_orders(body_id: str) -> Any:
    concerned = (Order.issuer_id == body_id) | (Order.focal_id == body_id)
    return select(Order).where(concerned, Order.closed_at.is_(None))


def reorganize(
    session: Session, changes: Iterable[Change], *, actor: Actor, document: str, at: datetime | None = None
) -> list[Piece]:
    """Record what became of bodies, by which document, since when (now), and hand on their open work; one transaction.

    Work of a body with one successor goes there; where there are several or none, the administrator gets a task for
    each order. The bodies themselves are ended in the register by `organizations.end`, when the new ones work.
    Errors: NotAllowed; NotFound for a body; Invalid for a kind, without a document, for an instant to come;
    WrongState where nobody works at a successor yet.
    """
    organizations.require_manager(actor)
    changes = list(changes)
    pieces = survey(session, changes)
    if not document.strip():
        raise Invalid({"document": "required"}, reason="document_required")
    if at is not None and at > now(session):
        raise Invalid({"at": "in_the_future"}, reason="reorganization_to_come", at=at)
    for change in changes:
        body = session.get_one(Organization, change.from_id)
        to = session.get(Organization, change.to_id) if change.to_id else None
        organizations.record_lineage(session, body, actor=actor, to=to, kind=change.kind, document=document, at=at)
    session.flush()
    for piece in pieces:
        if piece.successor is None:
            _ask(session, piece, actor=actor)
        else:
            hand_over(session, piece.body_id, piece.successor, piece.order_id, actor=actor, document=document)
    return pieces


def _ask(session: Session, piece: Piece, *, actor: Actor) -> None:
    """Open the administrator's task in which the successor for one order is chosen; once."""
    asked = select(Instance.id).where(
        Instance.process_id == PROCESS, Instance.state.in_(LIVE), Instance.organization_id == piece.body_id
    )
    if session.scalar(asked.where(Instance.order_id == piece.order_id).limit(1)) is None:
        order = session.get(Order, piece.order_id) if piece.order_id else None
        definition = uses.active(session, PROCESS, area_id=order.area_id if order else actor.area_id)
        instances.start(session, definition, actor=actor, order=order, organization_id=piece.body_id)


def hand_over(
    session: Session, body_id: str, successor_id: str, order_id: str | None, *, actor: Actor, document: str
) -> None:
    """Give the open shares, tasks and instances a body has in an order to its successor, one audit entry each.

    What is finished keeps the name of the body; running instances keep their definition and what they know.
    """
    organizations.require_manager(actor)
    mine = _open_tasks(body_id).where(Task.order_id == order_id)
    _require_working(session, successor_id, set(session.scalars(mine.with_only_columns(Task.role).distinct())))
    handed: dict[str, Any] = {
        "before": {"organization": body_id},
        "after": {"organization": successor_id},
        "document": document,
    }
    running = select(Instance).where(
        Instance.order_id == order_id, Instance.state.in_(LIVE), Instance.process_id != PROCESS
    )
    # Instances first, as everybody locks: nothing moves between what is read and what is written here.
    for instance in session.scalars(running.order_by(Instance.id).with_for_update()).all():
        if body_id in (instance.organization_id, instance.starter_organization_id):
            _repoint(instance, ("organization_id", "starter_organization_id"), body_id, successor_id)
            audit.record(
                session, actor, Fact.INSTANCE_HANDED_OVER, instance,
                order_id=order_id, instance_id=instance.id, **handed,
            )  # fmt: skip
    if order_id is not None:
        _hand_over_order(session, session.get_one(Order, order_id), body_id, successor_id, actor=actor, facts=handed)
    for task in session.scalars(mine.order_by(Task.id)).all():
        update_versioned(
            session, task, organization_id=successor_id, offered_to_id=None, holder_id=None, holder_title=None,
            claimed_at=None, helper_id=None, helper_title=None, helper_due_at=None,
        )  # fmt: skip
        audit.record(
            session, actor, Fact.TASK_HANDED_OVER, task,
            order_id=order_id, instance_id=task.instance_id, reason=document, **handed,
        )  # fmt: skip
    given = select(Task).where(Task.assigner_id == body_id, Task.state == "open")
    for task in session.scalars(given.where(Task.order_id == order_id)).all():
        update_versioned(session, task, assigner_id=successor_id)
    notifications.notify(
        session, Fact.TASK_HANDED_OVER, organization_id=successor_id, order_id=order_id, reason=document
    )


def _hand_over_order(
    session: Session, order: Order, body_id: str, successor_id: str, *, actor: Actor, facts: dict[str, Any]
) -> None:
    for share in session.scalars(_open_shares(body_id).where(Assignment.order_id == order.id)).all():
        share.organization_id = successor_id
        audit.record(session, actor, Fact.ASSIGNMENT_HANDED_OVER, share, order_id=order.id, **facts)
    if order.closed_at is None:
        _repoint(order, ("issuer_id", "focal_id"), body_id, successor_id)
    session.flush()


def _repoint(row: Instance | Order, columns: tuple[str, ...], body_id: str, successor_id: str) -> None:
    for column in columns:
        if getattr(row, column) == body_id:
            setattr(row, column, successor_id)


def _require_working(session: Session, body_id: str, roles: set[str | None]) -> None:
    """Refuse a successor in which nobody holds a post, or none that plays the roles of the work it would get.

    The old body works until the new one does: a task that nobody could see would be lost.
    """
    body, at = session.get_one(Organization, body_id), now(session)
    works = select(Holder.id).join(Post).where(Post.organization_id == body_id, Holder.valid_at(at), Post.valid_at(at))
    lacks = any(role is not None and not routing.is_played(session, body_id, role) for role in roles)
    if lacks or session.scalar(works.limit(1)) is None or (body.valid_to is not None and body.valid_to <= at):
        raise WrongState("successor_not_working", subject=body, organization=body.name)


@operator("reorganizations.hand_over")
def decide(call: Call) -> dict[str, object]:
    """Take the administrator's choice of who goes on with the work of a body that has no single successor."""
    values = call.values
    body_id, successor_id = call.instance.organization_id, str(values.get("successor") or "")
    if body_id is None or successor_id not in routing.successors(call.session, body_id):
        raise WrongState("step_cannot_run", subject=call.instance)
    document = routing.document_of(call.session, body_id) or str(values.get("reason") or "")
    hand_over(call.session, body_id, successor_id, call.instance.order_id, actor=call.actor, document=document)
    return {}
