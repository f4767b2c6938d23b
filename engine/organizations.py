"""Commands that build and end the register: levels, areas, organizations, relations, posts and their holders."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, null, select
from sqlalchemy.orm import Session, contains_eager

from engine.audit import Fact, record
from engine.clock import now
from models import tables  # noqa: F401 (statements are made here at once; they look through relationships to every table)
from models.base import Key, UTCDateTime, new_id
from models.errors import NotAllowed, WrongState
from models.organizations import (
    Area,
    Holder,
    Level,
    Lineage,
    Organization,
    OrganizationType,
    Post,
    PostRole,
    Relation,
)
from models.permissions import Actor, Permission, may
from models.text import nfc
from models.users import Person, Substitution

LINES = ("party", "government", "front", "bloc")
LINEAGES = ("merge", "split", "part", "rename", "upgrade", "abolish", "reparent")
_ENDED: dict[type, Fact] = {
    Area: Fact.AREA_ENDED,
    Organization: Fact.ORGANIZATION_ENDED,
    Post: Fact.POST_ENDED,
    Holder: Fact.HOLDER_ENDED,
    Relation: Fact.RELATION_ENDED,
}


def add_level(
    session: Session, code: str, *, actor: Actor, name: str, rank: int, valid_from: datetime | None = None
) -> Level:
    """Add a tier of administration; the higher tier has the smaller rank."""
    require_manager(actor)
    level = Level(code=code, name=nfc(name), rank=rank, valid_from=valid_from)
    session.add(level)
    session.flush()  # areas name their level by code, so the rows must exist before theirs
    record(session, actor, Fact.LEVEL_ADDED, level, code=code, name=level.name, rank=rank)
    return level


def add_type(session: Session, code: str, *, actor: Actor, name: str, system: str) -> OrganizationType:
    """Add a kind of organization; `system` is party, government, front or socio_political."""
    require_manager(actor)
    kind = OrganizationType(code=code, name=nfc(name), system=system)
    session.add(kind)
    session.flush()  # as for levels
    record(session, actor, Fact.ORGANIZATION_TYPE_ADDED, kind, code=code, name=kind.name, system=system)
    return kind


def add_area(
    session: Session,
    name: str,
    *,
    actor: Actor,
    level: str,
    kind: str,
    parent: Area | None = None,
    code: str | None = None,
    aliases: Iterable[str] = (),
    valid_from: datetime | None = None,
) -> Area:
    """Add a place of a level below its parent; `kind` is what it is called (phường, xã, khu, thôn)."""
    require_manager(actor)
    area = Area(
        id=new_id(), level_code=level, kind=kind, code=code, parent_id=parent and parent.id, valid_from=valid_from
    )
    area.rename(name, *aliases)
    session.add(area)
    after = {"name": area.name, "level": level, "kind": kind, "code": code, "parent": area.parent_id}
    record(session, actor, Fact.AREA_ADDED, area, after=after)
    return area


def add_organization(
    session: Session,
    name: str,
    *,
    actor: Actor,
    type_code: str,
    area: Area,
    short_name: str | None = None,
    aliases: Iterable[str] = (),
    valid_from: datetime | None = None,
) -> Organization:
    """Add the body of a type in an area."""
    require_manager(actor)
    organization = Organization(
        id=new_id(),
        type_code=type_code,
        area_id=area.id,
        area=area,
        short_name=nfc(short_name or name),
        aliases=[nfc(alias) for alias in aliases],
        valid_from=valid_from,
    )
    organization.rename(name, organization.short_name, *aliases)
    session.add(organization)
    after = {"name": organization.name, "type": type_code, "area": area.id}
    record(session, actor, Fact.ORGANIZATION_ADDED, organization, after=after)
    return organization


def relate(
    session: Session,
    organization: Organization,
    *,
    actor: Actor,
    to: Organization,
    line: str,
    valid_from: datetime | None = None,
) -> Relation:
    """Put a body under another along a line (party, government, front) or make it a member of a bloc."""
    require_manager(actor)
    if line not in LINES:
        raise ValueError(f"{line!r} is no line between organizations: {', '.join(LINES)}")
    if organization in session.new or to in session.new:
        session.flush()  # the mapper does not know that relations need their organizations first
    relation = Relation(id=new_id(), from_id=organization.id, to_id=to.id, line=line, valid_from=valid_from)
    session.add(relation)
    record(session, actor, Fact.RELATION_ADDED, relation, after={"from": organization.id, "to": to.id, "line": line})
    return relation


def add_post(
    session: Session,
    organization: Organization,
    *,
    actor: Actor,
    name: str,
    roles: Iterable[str] = (),
    is_head: bool = False,
    contact: str | None = None,
    valid_from: datetime | None = None,
) -> Post:
    """Add a position with the roles it plays in processes and in the product."""
    require_manager(actor)
    post = Post(
        id=new_id(),
        organization_id=organization.id,
        organization=organization,
        contact=contact,
        is_head=is_head,
        valid_from=valid_from,
        roles=[PostRole(role=role) for role in sorted(set(roles))],
    )
    post.rename(name)
    session.add(post)
    after = {"name": post.name, "organization": organization.id, "roles": set(roles), "is_head": is_head}
    record(session, actor, Fact.POST_ADDED, post, after=after)
    return post


def add_holder(
    session: Session,
    person: Person,
    post: Post,
    *,
    actor: Actor,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
) -> Holder:
    """Let a person hold a post from one instant to another."""
    require_manager(actor)
    if person in session.new:
        session.flush()  # the mapper does not know that holders need their persons first
    holder = Holder(
        id=new_id(), person_id=person.id, post_id=post.id, post=post, valid_from=valid_from, valid_to=valid_to
    )
    session.add(holder)
    after = {"person": person.id, "post": post.id, "valid_from": valid_from, "valid_to": valid_to}
    record(session, actor, Fact.HOLDER_ADDED, holder, after=after)
    return holder


def end(
    session: Session,
    subject: Area | Organization | Post | Holder | Relation,
    *,
    actor: Actor,
    reason: str,
    at: datetime | None = None,
) -> None:
    """End the validity of something in the register, now or at an instant; nothing is ever deleted."""
    require_manager(actor)
    if subject.valid_to is not None and subject.valid_to <= now(session):
        raise WrongState("already_ended", subject=subject, at=subject.valid_to)
    before, subject.valid_to = subject.valid_to, at or now(session)
    record(
        session,
        actor,
        _ENDED[type(subject)],
        subject,
        before={"valid_to": before},
        after={"valid_to": subject.valid_to},
        reason=reason,
    )


def record_lineage(
    session: Session,
    subject: Area | Organization,
    *,
    actor: Actor,
    to: Area | Organization | None,
    kind: str,
    document: str | None = None,
    at: datetime | None = None,
) -> Lineage:
    """Say what became of an area or organization, by which document, from when."""
    require_manager(actor)
    if kind not in LINEAGES:
        raise ValueError(f"{kind!r} is no kind of lineage: {', '.join(LINEAGES)}")
    lineage = Lineage(
        id=new_id(), from_id=subject.id, to_id=to and to.id, kind=kind, document=document, at=at or now(session)
    )
    session.add(lineage)
    after = {"from": subject.id, "to": lineage.to_id, "kind": kind, "document": document, "at": lineage.at}
    record(session, actor, Fact.LINEAGE_RECORDED, lineage, after=after)
    return lineage


def posts_of(session: Session, person_id: str) -> list[Post]:
    """Return the posts a person may act as now, with their organizations: its own, heads first, then substituted."""
    return list(session.scalars(_POSTS, {"person": person_id, "at": now(session)}))


def actor_for(
    session: Session,
    person_id: str,
    post_id: str,
    *,
    channel: str = "web",
    request_id: str | None = None,
    locale: str = "vi",
) -> Actor:
    """Return the person acting as a post it holds now, or substitutes for; NotAllowed otherwise."""
    wanted = {"person": person_id, "post": post_id, "at": now(session)}
    session.flush()
    rows = session.connection().execute(_HELD, wanted).all() or session.connection().execute(_LENT, wanted).all()
    if not rows:
        raise NotAllowed("post_not_held", post=post_id)
    return Actor(
        person_id,
        post_id,
        rows[0].organization_id,
        area_id=rows[0].area_id,
        roles=frozenset(row.role for row in rows if row.role is not None),
        is_head=rows[0].is_head,
        title=f"{rows[0].name}, {rows[0].organization}",
        on_behalf_of=rows[0].absent_id,
        channel=channel,
        request_id=request_id,
        locale=locale,
    )


def _runs_at(at: Any) -> Any:
    # Nobody lends a post any more that it has left.
    lender = (Holder.post_id == Substitution.post_id) & (Holder.person_id == Substitution.absent_id)
    lends = select(Holder.id).where(lender, Holder.valid_at(at)).correlate(Substitution).exists()
    return (Substitution.valid_from <= at) & (Substitution.valid_to > at) & lends


# Made once: every request asks these, and making them costs more than running them.
_PERSON, _AT = bindparam("person", type_=Key), bindparam("at", type_=UTCDateTime())


def _posts() -> Select[Post]:
    held = select(Holder.post_id).where(Holder.person_id == _PERSON, Holder.valid_at(_AT))
    lent = select(Substitution.post_id).where(Substitution.substitute_id == _PERSON, _runs_at(_AT))
    return (
        select(Post)
        .join(Post.organization)
        .options(contains_eager(Post.organization))
        .where(Post.id.in_(held.union(lent)), Post.valid_at(_AT), Organization.valid_at(_AT))
        .order_by(Post.id.in_(held).desc(), Post.is_head.desc(), Post.id)
    )


def _acting(table: Any, tied: Any, absent_id: Any) -> Select[Any]:
    """Select what an actor needs to know of a post, one row per role."""
    return (
        select(
            Post.organization_id,
            Post.is_head,
            Post.name,
            Organization.name.label("organization"),
            Organization.area_id,
            PostRole.role,
            absent_id.label("absent_id"),
        )
        .join(Organization, Organization.id == Post.organization_id)
        .outerjoin(PostRole, PostRole.post_id == Post.id)
        .join(table, tied)
        .join(Person, Person.id == _PERSON)
        .where(Post.id == bindparam("post"), Post.valid_at(_AT), Organization.valid_at(_AT))
        .where(Person.disabled_at.is_(None))
    )


_POSTS = _posts()
_HELD = _acting(Holder, (Holder.person_id == _PERSON) & (Holder.post_id == Post.id) & Holder.valid_at(_AT), null())
_LENT = _acting(
    Substitution,
    (Substitution.substitute_id == _PERSON) & (Substitution.post_id == Post.id) & _runs_at(_AT),
    Substitution.absent_id,
)


def require_manager(actor: Actor) -> None:
    """Refuse whoever may not manage the register, the calendar and other people's accounts."""
    if not may(actor, Permission.ORGANIZATION_MANAGE):
        raise NotAllowed("not_allowed", permission=Permission.ORGANIZATION_MANAGE)
