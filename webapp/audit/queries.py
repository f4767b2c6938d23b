"""Which entries of the log somebody may read: those about what one may see, or all with the right."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, false, literal, select, union_all
from sqlalchemy.orm import Session

from models.assignments import Assignment
from models.audit import AuditEntry
from models.definitions import Definition
from models.errors import NotAllowed, NotFound
from models.instances import Instance
from models.orders import Order
from models.organizations import Organization, Post
from models.permissions import Actor, Permission, may
from models.reports import Figure
from models.tasks import Task
from models.users import Person


def readable_by(session: Session, actor: Actor, subject: str | None) -> Select[AuditEntry]:
    """Select the entries about a subject; NotFound where it is not visible, NotAllowed for the whole log without right.

    About an order are all entries of its instances, tasks and shares too.
    """
    reads_all = may(actor, Permission.AUDIT_READ)
    if subject is None:
        if not reads_all:
            raise NotAllowed("may_not_read_audit")
        return select(AuditEntry)
    kinds = set(session.scalars(visible_subject(actor, subject)))
    if "order" in kinds:
        # The log of an order without the refusals others met: those are the inspector's.
        entries = select(AuditEntry).where(AuditEntry.order_id == subject)
        return entries if reads_all else entries.where(*_readable(actor))
    if not kinds and not reads_all:
        raise NotFound("not_found")
    entries = AuditEntry.of(subject)
    return entries if reads_all else entries.where(*_readable(actor))


def _readable(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return AuditEntry.refused.is_(False), ~Task.hides(AuditEntry.subject_id, actor)


def visible_subject(actor: Actor, subject: str) -> Select[str]:
    """Select the kinds of visible things that have this key (at most one has)."""
    orders = select(Order.id).where(Order.is_visible_to(actor))
    shares = select(literal("assignment")).where(Assignment.id == subject, Assignment.order_id.in_(orders))
    figures = select(literal("figure")).where(Figure.id == subject, Figure.order_id.in_(orders))
    kinds = union_all(
        select(literal("order").label("kind")).where(Order.id == subject, Order.is_visible_to(actor)),
        Task.visible_to(actor).where(Task.id == subject).with_only_columns(literal("task")),
        Instance.visible_to(actor).where(Instance.id == subject).with_only_columns(literal("instance")),
        shares,
        figures,
    ).subquery()
    return select(kinds.c.kind)


def posts(ids: Sequence[str]) -> Select[str, str]:
    """Select (id, title) of posts."""
    return select(Post.id, Post.name).where(Post.id.in_(ids) if ids else false())


def bodies(ids: Sequence[str]) -> Select[str, str]:
    """Select (id, name) of bodies."""
    return select(Organization.id, Organization.name).where(Organization.id.in_(ids) if ids else false())


def people(ids: Sequence[str]) -> Select[str, str, str]:
    """Select (id, name, login) of persons."""
    return select(Person.id, Person.name, Person.login).where(Person.id.in_(ids) if ids else false())


def orders(ids: Sequence[str]) -> Select[str, str | None, str | None]:
    """Select (id, number, title) of orders."""
    return select(Order.id, Order.number, Order.title).where(Order.id.in_(ids) if ids else false())


def subjects(ids: Sequence[str]) -> Select[str, str, str | None]:
    """Select (id, title, body) of tasks, instances (the title of their process) and shares (without a title)."""
    kinds = (
        select(Task.id, Task.title, Organization.name)
        .outerjoin(Organization, Organization.id == Task.organization_id)
        .where(Task.id.in_(ids)),
        select(Instance.id, Definition.name, Organization.name)
        .join(Definition, Definition.id == Instance.definition_id)
        .outerjoin(Organization, Organization.id == Instance.organization_id)
        .where(Instance.id.in_(ids)),
        select(Assignment.id, literal(""), Organization.name)
        .join(Organization, Organization.id == Assignment.organization_id)
        .where(Assignment.id.in_(ids)),
    )
    found = union_all(*kinds).subquery()
    return select(*found.c)


def versions(ids: Sequence[str]) -> Select[str, str, int]:
    """Select (id, name, version) of process definitions."""
    return select(Definition.id, Definition.name, Definition.version).where(Definition.id.in_(ids) if ids else false())
