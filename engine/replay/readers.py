"""Who could see an entry when it was made: the bodies that took part then, and the posts that may read everything."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.replay.folding import folded_to
from engine.replay.reading import entries_until
from engine.replay.stand import Stand
from models.audit import AuditEntry
from models.orders import Order
from models.organizations import Holder, Organization, Post, PostRole
from models.permissions import GRANTS, Permission
from models.tasks import OWN, Task
from models.users import Person

MOST: Final = 300


@dataclass(frozen=True, slots=True)
class Readers:
    """Keys of bodies with the part they had (issuer, focal, or of their share); a refusal is the inspectors' alone."""

    parts: dict[str, str]
    is_refusal: bool


def readers_of(session: Session, entry: AuditEntry) -> Readers:
    """Say which bodies could see an entry right after it: `Order.visible_to`, asked of the log at that moment.

    The refusals that others met are the inspector's; so is what belongs to no order and to no body's process.
    """
    if entry.refused:
        return Readers({}, is_refusal=True)
    if entry.order_id is None and entry.instance_id is None:
        return Readers({}, is_refusal=False)
    scope = {"order_id": entry.order_id, "instance_id": None if entry.order_id else entry.instance_id}
    stand = folded_to(entries_until(session, entry.seq, **scope))
    order = session.get(Order, entry.order_id) if entry.order_id else None
    if _is_of_hidden_task(session, entry):
        then = stand.tasks.get(entry.subject_id or "")
        return Readers({then.organization_id: "task"} if then and then.organization_id else {}, is_refusal=False)
    return Readers(_parts(stand, order), is_refusal=False)


def _is_of_hidden_task(session: Session, entry: AuditEntry) -> bool:
    task = session.get(Task, entry.subject_id) if entry.subject_type == "task" else None
    return task is not None and task.seen_by == OWN


def _parts(stand: Stand, order: Order | None) -> dict[str, str]:
    if order is None:
        own = (one.organization_id for rows in (stand.instances, stand.tasks) for one in rows.values())
        return {id: "task" for id in own if id}
    parts = {order.issuer_id: "issuer"}
    then = stand.orders.get(order.id)
    if then is not None and then.number is not None:
        parts.setdefault(order.focal_id, "focal")
    for share in stand.shares.values():
        if share.organization_id:
            parts.setdefault(share.organization_id, share.part)
    return parts


def posts_of(readers: Readers, entry: AuditEntry) -> Select[str, str, str, str]:
    """Select (body, its name, post, who held it then) of every post of the bodies that could see an entry."""
    return _held(entry).where(Organization.id.in_(sorted(readers.parts)))


def posts_reading_all(readers: Readers, entry: AuditEntry) -> Select[str, str, str, str]:
    """Select the same of the posts that could see an entry by a general right."""
    right = Permission.AUDIT_READ if readers.is_refusal or not readers.parts else Permission.EVERYTHING_READ
    roles = sorted(role for role, rights in GRANTS.items() if right in rights)
    return _held(entry).where(Post.id.in_(select(PostRole.post_id).where(PostRole.role.in_(roles))))


def _held(entry: AuditEntry) -> Select[str, str, str, str]:
    return (
        select(Organization.id, Organization.name, Post.name, Person.name)
        .join(Post, Post.organization_id == Organization.id)
        .join(Holder, Holder.post_id == Post.id)
        .join(Person, Person.id == Holder.person_id)
        .where(Holder.valid_at(entry.at), Post.valid_at(entry.at))
        .order_by(Organization.name_sort, Organization.id, Post.is_head.desc(), Post.name_sort, Post.id, Person.id)
        .limit(MOST)
    )
