"""Substitutes: who acts in whose post while its holder is away (ủy quyền khi vắng mặt), for some days and no longer."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, case, or_, select
from sqlalchemy.orm import Session

from engine.audit import Fact, record
from engine.calendar import local_day
from engine.clock import ZONE, now
from engine.notifications import notify
from engine.organizations import actor_for, require_manager
from models.base import new_id
from models.errors import Invalid, NotAllowed
from models.organizations import Area, Holder, Organization, Post
from models.permissions import Actor
from models.users import Person, Substitution


def substitute(
    session: Session, post: Post, *, actor: Actor, absent: Person, by: Person, first: date, last: date
) -> Substitution:
    """Let one person act in another's post from a day to the end of another; what it does is logged as B instead of A.

    Only who holds the post lends it: a substitute names none in turn. Errors: Invalid, NotAllowed.
    """
    if actor.person_id != absent.id:
        require_manager(actor)
    if by.id == absent.id:
        raise Invalid({"by": "own_substitute"}, reason="own_substitute")
    if last < max(first, local_day(now(session))):
        raise Invalid({"valid_to": "ends_before_start"}, reason="ends_before_start")
    if actor_for(session, absent.id, post.id).on_behalf_of is not None:
        raise NotAllowed("post_not_held", post=post.id)
    row = Substitution(
        id=new_id(),
        post_id=post.id,
        absent_id=absent.id,
        substitute_id=by.id,
        valid_from=datetime.combine(first, time(), ZONE),
        valid_to=datetime.combine(last + timedelta(days=1), time(), ZONE),
    )
    session.add(row)
    after = {"post": post.id, "absent": absent.id, "by": by.id, "valid_from": first, "valid_to": last}
    record(session, actor, Fact.SUBSTITUTION_ADDED, row, after=after)
    notify(
        session, Fact.SUBSTITUTION_ADDED, person_id=by.id, by=actor.title or absent.name, post=post.name,
        valid_from=first, valid_to=last,
    )  # fmt: skip
    return row


def end_substitution(session: Session, row: Substitution, *, actor: Actor) -> None:
    """End a substitution now; again is harmless."""
    if actor.person_id != row.absent_id:
        require_manager(actor)
    if row.valid_to > now(session):
        row.valid_to = now(session)
        record(session, actor, Fact.SUBSTITUTION_ENDED, row)


def possible_substitutes(person_id: str, *, at: datetime) -> Select[str, str, str, str]:
    """Select (person, name, title of the post, body) of who may be named: of the person's own bodies and those near.

    Near are the bodies of the same places and of those above; who has a post in several stands there several times.
    """
    own = select(Post.organization_id).join(Holder, Holder.post_id == Post.id)
    own = own.where(Holder.person_id == person_id, Holder.valid_at(at), Post.valid_at(at))
    places = select(Organization.area_id).where(Organization.id.in_(own))
    above = select(Area.parent_id).where(Area.id.in_(places))
    return (
        select(Person.id, Person.name, Post.name.label("post"), Organization.name.label("body"))
        .join(Holder, Holder.person_id == Person.id)
        .join(Post, Post.id == Holder.post_id)
        .join(Organization, Organization.id == Post.organization_id)
        .where(or_(Organization.id.in_(own), Organization.area_id.in_(places), Organization.area_id.in_(above)))
        .where(Holder.valid_at(at), Post.valid_at(at), Organization.valid_at(at))
        .where(Person.disabled_at.is_(None), Person.id != person_id)
        .order_by(
            case((Organization.id.in_(own), 0), (Organization.area_id.in_(places), 1), else_=2),
            Organization.name_sort, Organization.id, Post.is_head.desc(), Post.name_sort, Person.id,
        )
    )  # fmt: skip
