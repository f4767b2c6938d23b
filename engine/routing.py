"""Who gets the work: candidates of a user task and recipients of a message, with the reason. A leaf of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from engine import levels
from engine.clock import now
from models.assignments import Assignment
from models.base import UTCDateTime
from models.instances import Instance
from models.orders import Order
from models.organizations import Area, Holder, Lineage, Organization, Post, PostRole
from models.permissions import HEAD, SYSTEM, Actor
from models.tasks import Submission

# Roles answered by the organization that acts for an area towards the level above.
FOCAL_ROLES = ("locality_focal", "quarter_head")


@dataclass(frozen=True, slots=True)
class Candidates:
    """To whom a task is offered: an organization and role, or one person; `reason` says why.

    `posts` are the kinds of posts there that may take it besides the role.

    `holder_id` is who of them is given it at once (`engine/assigning.py`); without one it waits for who takes it.
    """

    organization_id: str | None
    role: str | None = None
    person_id: str | None = None
    reason: dict[str, Any] = field(default_factory=dict)
    posts: tuple[str, ...] = ()
    holder_id: str | None = None
    holder_title: str | None = None


def candidates(
    session: Session,
    instance: Instance,
    role: str | None,
    *,
    data: Mapping[str, Any],
    actor: Actor = SYSTEM,
    level: str | None = None,
) -> Candidates | None:
    """Return to whom a step is offered; None where nobody holds the role, which is an incident, never open to all.

    With a level the role is that of an organization there (`engine/levels.py`). Where the acting person itself plays
    the role, nobody has to be looked for.
    """
    if role is None:
        return Candidates(instance.starter_organization_id, person_id=instance.starter_id, reason={"rule": "starter"})
    if level is not None:
        return _at_level(session, instance, role, level)
    wanted = _organization_for(session, instance, role, data)
    is_own = wanted is not None and wanted == actor.organization_id and role in actor.roles
    played = role if is_own else _role_in(session, wanted, role)
    found = wanted if played else None
    if found is None and not _is_bound(role):
        found = _in_area_with_role(session, instance.area_id, role)
    if found is None:
        return None
    return Candidates(found, played or role, reason={"rule": "role", "role": role, "organization": found})


def _at_level(session: Session, instance: Instance, role: str, level: str) -> Candidates | None:
    found = levels.body_at(session, instance, role, level)
    if found is None:
        return None
    return Candidates(found, role, reason={"rule": "role", "role": role, "organization": found, "level": level})


def _is_bound(role: str) -> bool:
    # These name one organization of the order. A body beside it that has such a post is another participant.
    return role in ("lead", "coordinator", "assignee", "superior") or role.startswith(("issuer_", "bloc_"))


def _organization_for(session: Session, instance: Instance, role: str, data: Mapping[str, Any]) -> str | None:
    if role == "assignee":
        return str(data["assignee"]) if data.get("assignee") else None
    if role == "superior":
        return _superior(session, instance)
    if role.startswith(("issuer_", "bloc_")) and instance.order_id is not None:
        order = session.get_one(Order, instance.order_id)
        return order.issuer_id if role.startswith("issuer_") else order.focal_id
    return instance.organization_id


def _superior(session: Session, instance: Instance) -> str | None:
    if instance.assignment_id is None:
        return instance.starter_organization_id
    assignment = session.get_one(Assignment, instance.assignment_id)
    if assignment.parent_id is None:
        return session.get_one(Order, assignment.order_id).issuer_id
    return session.get_one(Assignment, assignment.parent_id).organization_id


# A superior or an assignee is whoever answers for work in that organization.
ANSWERS_FOR: dict[str, tuple[str, ...]] = {
    "superior": ("issuer_officer", "bloc_head", "lead", "locality_focal"),
    "assignee": ("lead", "coordinator", "locality_focal", "quarter_head", "bloc_officer", "issuer_officer"),
}


_ROLES_HELD = (
    select(PostRole.role)
    .join(Post, PostRole.post_id == Post.id)
    .join(Holder, Holder.post_id == Post.id)
    .where(
        Post.organization_id == bindparam("organization"),
        PostRole.role.in_(bindparam("roles", expanding=True)),
        or_(Holder.valid_from.is_(None), Holder.valid_from <= bindparam("at", type_=UTCDateTime())),
        or_(Holder.valid_to.is_(None), Holder.valid_to > bindparam("at", type_=UTCDateTime())),
    )
    .distinct()
)


def _role_in(session: Session, organization_id: str | None, role: str) -> str | None:
    """Return the role by which somebody in an organization does a step: the named one, or one that answers for it."""
    if organization_id is None:
        return None
    fitting = (role, *ANSWERS_FOR.get(role, ()))
    wanted = {"organization": organization_id, "roles": fitting, "at": now(session)}
    held = set(session.connection().execute(_ROLES_HELD, wanted).scalars())
    return next((one for one in fitting if one in held), None)


def is_played(session: Session, organization_id: str, role: str) -> bool:
    """Tell whether somebody in an organization holds a post with a role now."""
    wanted = {"organization": organization_id, "roles": (role,), "at": now(session)}
    return session.connection().execute(_ROLES_HELD, wanted).first() is not None


def _in_area_with_role(session: Session, area_id: str | None, role: str) -> str | None:
    if area_id is None:
        return None
    query = (
        select(Organization.id)
        .join(Post, Post.organization_id == Organization.id)
        .join(PostRole)
        .join(Holder, Holder.post_id == Post.id)
        .where(Organization.area_id == area_id, PostRole.role == role, Holder.valid_at(now(session)))
        .order_by(Organization.id)
        .limit(1)
    )
    return session.scalar(query)


def holders_of(session: Session, organization_id: str | None, role: str | None, posts: Sequence[str] = ()) -> list[str]:
    """Return the persons who hold a post with the role, or of one of the kinds, in an organization now."""
    query = (
        select(Holder.person_id)
        .join(Post, Holder.post_id == Post.id)
        .where(Post.organization_id == organization_id, Holder.valid_at(now(session)))
        .distinct()
    )
    if role is not None:
        query = query.where(of_kinds((role, *ANSWERS_FOR.get(role, ()), *posts)))
    return list(session.scalars(query))


def of_kinds(kinds: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that a post has one of the roles, or heads its organization where that is among them."""
    by_role = Post.id.in_(select(PostRole.post_id).where(PostRole.role.in_(kinds)))
    return or_(by_role, Post.is_head) if HEAD in kinds else by_role


def who_completed(session: Session, instance_id: str, element: str) -> str | None:
    """Return the person who last completed a step of this instance."""
    query = (
        select(Submission.person_id)
        .where(Submission.instance_id == instance_id, Submission.element == element)
        .order_by(Submission.at.desc(), Submission.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def areas_below(session: Session, area_id: str) -> list[tuple[str, str]]:
    """Return (area id, id of the organization that answers for it) of each area directly below, in sort order."""
    at = now(session)
    query = (
        select(Area.id, func.min(Organization.id))
        .join(Organization, Organization.area_id == Area.id)
        .join(Post, Post.organization_id == Organization.id)
        .join(PostRole)
        .where(Area.parent_id == area_id, Area.valid_at(at), Organization.valid_at(at), PostRole.role.in_(FOCAL_ROLES))
        .group_by(Area.id, Area.name_sort)
        .order_by(Area.name_sort)
    )
    return [(area, organization) for area, organization in session.execute(query)]


def is_leaf(session: Session, area_id: str | None) -> bool:
    """Tell whether no area lies below."""
    if area_id is None:
        return True
    query = select(Area.id).where(Area.parent_id == area_id, Area.valid_at(now(session))).limit(1)
    return session.scalar(query) is None


def locality_code(session: Session, area_id: str | None) -> str | None:
    """Return the code of the nearest area above (or itself) that has one: the key of the commune table."""
    while area_id is not None:
        area = session.get_one(Area, area_id)
        if area.code:
            return area.code
        area_id = area.parent_id
    return None


def organizations_by_id(session: Session, ids: Sequence[str]) -> dict[str, Organization]:
    """Return the organizations of the ids."""
    query = select(Organization).where(or_(Organization.id.in_(ids)))
    return {organization.id: organization for organization in session.scalars(query)}


def title_of(session: Session, person_id: str, *, organization_id: str | None) -> str | None:
    """Return the title of a person's post in an organization, with the organization's name; None without one."""
    query = (
        select(Post.name, Organization.name)
        .join(Organization, Post.organization_id == Organization.id)
        .join(Holder, Holder.post_id == Post.id)
        .where(Holder.person_id == person_id, Post.organization_id == organization_id, Holder.valid_at(now(session)))
        .limit(1)
    )
    found = session.execute(query).first()
    return f"{found[0]}, {found[1]}" if found else None


def successors(session: Session, body_id: str) -> list[str]:
    """Return the bodies that followed one by its lineage, where they were not followed themselves."""
    query = select(Lineage.to_id).where(Lineage.from_id == body_id, Lineage.at <= now(session))
    found: dict[str, None] = {}
    for to_id in session.scalars(query.order_by(Lineage.id)):
        if to_id is not None and to_id != body_id:
            found |= dict.fromkeys(successors(session, to_id) or [to_id])
    return list(found)


def document_of(session: Session, body_id: str) -> str | None:
    """Return the document by which a body was last reorganized."""
    query = select(Lineage.document).where(Lineage.from_id == body_id, Lineage.at <= now(session))
    return session.scalar(query.order_by(Lineage.id.desc()).limit(1))
