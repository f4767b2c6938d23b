"""The selects of the register pages, named by what they find; none runs itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from models.assignments import Assignment
from models.orders import Order
from models.organizations import Area, Holder, Organization, OrganizationType, Post, Relation
from models.permissions import Actor
from models.tasks import Task
from models.text import fold

MOST_FOUND = 100


def top_area(at: datetime) -> Select[Area]:
    """Select the area nothing lies above."""
    return select(Area).where(Area.parent_id.is_(None), Area.valid_at(at)).order_by(Area.name_sort)


def in_area(area_id: str, *, at: datetime) -> Select[Organization]:
    """Select the bodies of an area and of the areas directly below it."""
    under = select(Area.id).where(Area.parent_id == area_id, Area.valid_at(at))
    return _shown(at).where(or_(Organization.area_id == area_id, Organization.area_id.in_(under)))


def found(text: str, *, at: datetime) -> Select[Organization]:
    """Select the bodies whose name or alias holds the text, with or without diacritics."""
    wanted = fold(text)
    hit = or_(Organization.name_fold.contains(wanted), Area.name_fold.contains(wanted))
    first = case((Organization.name_fold.contains(wanted), 0), else_=1)
    return _shown(at).where(hit).order_by(None).order_by(first, Organization.name_sort).limit(MOST_FOUND)


def _shown(at: datetime) -> Select[Organization]:
    return (
        select(Organization)
        .join(Area, Organization.area_id == Area.id)
        .join(OrganizationType, Organization.type_code == OrganizationType.code)
        .where(Organization.valid_at(at))
        .options(joinedload(Organization.area).joinedload(Area.parent), joinedload(Organization.type))
        .order_by(Area.name_sort, Organization.name_sort)
    )


def heads_of(organizations: Sequence[str], *, at: datetime) -> Select[str, str]:
    """Select (body, title of its head post)."""
    return (
        select(Post.organization_id, Post.name)
        .where(Post.organization_id.in_(organizations), Post.is_head, Post.valid_at(at))
        .order_by(Post.id)
    )


def open_work(
    actor: Actor, organizations: Sequence[str], *, now: datetime, soon: datetime
) -> Select[str | None, int, Any, Any]:
    """Select (body, open, due soon, late) of the work the actor may see."""
    late = case((Task.due_at < now, 1), else_=0)
    near = case(((Task.due_at >= now) & (Task.due_at <= soon), 1), else_=0)
    visible = Task.visible_to(actor).where(Task.organization_id.in_(organizations), Task.state == "open")
    return visible.with_only_columns(Task.organization_id, func.count(), func.sum(near), func.sum(late)).group_by(
        Task.organization_id
    )


def whole(organization_id: str) -> Select[Organization]:
    """Select a body with its type and place."""
    place = joinedload(Organization.area).joinedload(Area.parent)
    return select(Organization).where(Organization.id == organization_id).options(place, joinedload(Organization.type))


def several(ids: Sequence[str]) -> Select[Organization]:
    """Select bodies by their keys, with their places."""
    chosen = select(Organization).where(Organization.id.in_(ids)).order_by(Organization.name_sort)
    return chosen.options(joinedload(Organization.area).joinedload(Area.parent))


def posts_of(organization_id: str, *, at: datetime) -> Select[Post]:
    """Select the posts of a body, the head first, with their roles."""
    return (
        select(Post)
        .where(Post.organization_id == organization_id, Post.valid_at(at))
        .options(selectinload(Post.roles))
        .order_by(Post.is_head.desc(), Post.name_sort)
    )


def filled(organization_id: str, *, at: datetime) -> Select[str]:
    """Select the posts of a body that somebody holds."""
    return (
        select(Holder.post_id)
        .join(Post, Holder.post_id == Post.id)
        .where(Post.organization_id == organization_id, Holder.valid_at(at))
    )


def relations_of(organization_id: str, *, at: datetime) -> Select[Relation]:
    """Select the lines between a body and others, upward and downward."""
    touching = or_(Relation.from_id == organization_id, Relation.to_id == organization_id)
    return select(Relation).where(touching, Relation.valid_at(at))


def named(ids: Sequence[str]) -> Select[str, str]:
    """Select (id, name) of bodies."""
    return select(Organization.id, Organization.name).where(Organization.id.in_(ids)).order_by(Organization.name_sort)


def work_of(actor: Actor, organization_id: str) -> Select[Task]:
    """Select the open work of a body the actor may see, the most urgent first."""
    mine = Task.visible_to(actor).where(Task.organization_id == organization_id, Task.state == "open")
    return mine.order_by(Task.due_sort, Task.id)


def orders_of(actor: Actor, organization_id: str) -> Select[Order, str]:
    """Select the orders a body has a share in, as far as the actor may see them, with its part."""
    return (
        Order.visible_to(actor)
        .join(Assignment, Assignment.order_id == Order.id)
        .where(Assignment.organization_id == organization_id)
        .add_columns(Assignment.part)
        .order_by(Order.id.desc())
    )
