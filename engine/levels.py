"""Which organization answers for a role at another level than that of an instance's place."""

from collections.abc import Iterator, Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.clock import now
from engine.runner import Element
from models.assignments import Assignment
from models.instances import Instance
from models.orders import Order
from models.organizations import Area, Holder, Level, Organization, Post, PostRole

ABOVE: Final = "above"  # directly above the place; any other level is one of the installation, by its code


def names(session: Session) -> dict[str, str]:
    """Return the names of the levels of the installation by their codes, the highest first."""
    return dict(session.execute(select(Level.code, Level.name).order_by(Level.rank)).all())


def is_asked_in(elements: Mapping[str, Element]) -> bool:
    """Tell whether any step of a process is for another level."""
    return any("level" in element.ext for element in elements.values())


def body_at(session: Session, instance: Instance, role: str, level: str) -> str | None:
    """Return the organization that plays a role at a level, in the place itself or in a place it lies in.

    Of several it is who stands nearest above in the order, else the body of the same kind as the instance's, else
    nobody: work is not given to one of many by chance.
    """
    playing = _playing(session, _place_at(session, instance, level), role)
    for body in _line(session, instance):
        if body in playing:
            return body
    ours = session.get(Organization, instance.organization_id) if instance.organization_id else None
    alike = [body for body, kind in playing.items() if ours is not None and kind == ours.type_code]
    found = alike or list(playing)
    return found[0] if len(found) == 1 else None


def _place_at(session: Session, instance: Instance, level: str) -> str | None:
    area = session.get(Area, instance.area_id) if instance.area_id else None
    if level == ABOVE:
        return area.parent_id if area is not None else None
    while area is not None and area.level_code != level:
        area = area.parent
    return area.id if area is not None else None


def _playing(session: Session, area_id: str | None, role: str) -> dict[str, str]:
    """Return the kind of each organization of a place in which somebody plays a role now, by its id."""
    at = now(session)
    query = (
        select(Organization.id, Organization.type_code)
        .join(Post, Post.organization_id == Organization.id)
        .join(PostRole)
        .join(Holder, Holder.post_id == Post.id)
        .where(Organization.area_id == area_id, PostRole.role == role, Organization.valid_at(at), Holder.valid_at(at))
        .distinct()
    )
    return dict(session.execute(query).all())


def _line(session: Session, instance: Instance) -> Iterator[str]:
    """Yield the organization of an instance and those above it in its order, from below."""
    if instance.organization_id is not None:
        yield instance.organization_id
    share = session.get(Assignment, instance.assignment_id) if instance.assignment_id else None
    while share is not None:
        yield share.organization_id
        share = share.parent
    if instance.order_id is not None:
        yield session.get_one(Order, instance.order_id).issuer_id
