"""What somebody typed into the filters of the log, as keys and numbers of what is stored."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from engine import notation
from engine.audit.leaves import SLACK, first_at
from engine.audit_words import words_in
from engine.calendar import local_day
from engine.clock import ZONE, now
from models.instances import Instance
from models.orders import Order
from models.organizations import Area, Named, Organization, Post
from models.text import fold
from models.users import Person
from webapp.audit.filters import Filters
from webapp.narrowing import is_key

# So many things of one name are searched for at once; a place with more bodies is read through instead.
MOST_NAMED = 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for: columns and the keys one of which they must have, words, period, switches."""

    keys: dict[str, Sequence[str]] = field(default_factory=dict)
    words: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    refused: bool = False
    behalf: bool = False
    outside_orders: bool = False
    wrong: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Tell whether something was asked for that is not there, so that nothing can match."""
        return any(not keys for keys in self.keys.values())


def resolve(session: Session, filters: Filters) -> Wanted:
    """Find what the filters name; what cannot be read stands in `wrong` and does not narrow."""
    wrong = list(filters.wrong)
    since, until = (_day(session, filters, name, wrong) for name in ("since", "until"))
    keys: dict[str, Sequence[str]] = {}
    for name, column in (("task", "subject_id"), ("instance", "instance_id"), ("fact", "fact")):
        if value := getattr(filters, name):
            keys[column] = [value]
    order = session.scalar(select(Instance.order_id).where(Instance.id == filters.instance))
    if order is not None:  # the way to the entries of an instance leads through its order
        keys["order_id"] = [order]
    for name, column, found in (
        ("order", "order_id", _orders), ("person", "person_id", _persons), ("post", "post_id", _posts),
        ("post", "organization_id", _bodies_of),
        ("organization", "organization_id", _bodies), ("place", "organization_id", _bodies_in),
    ):  # fmt: skip
        if value := getattr(filters, name):
            ids = list(session.scalars(found(value).limit(MOST_NAMED * 100)))
            keys[column] = [id for id in ids if id in keys[column]] if column in keys else ids
    return Wanted(
        keys=keys,
        words=words_in(filters.q),
        since=datetime.combine(since, time(), ZONE) if since else None,
        until=datetime.combine(until + timedelta(days=1), time(), ZONE) if until else None,
        refused=bool(filters.refused),
        behalf=bool(filters.behalf),
        outside_orders=bool(filters.instance) and order is None,
        wrong=tuple(wrong),
    )


def _day(session: Session, filters: Filters, name: str, wrong: list[str]) -> date | None:
    typed = getattr(filters, name)
    try:
        return notation.parse_date(typed, today=local_day(now(session))) if typed else None
    except notation.BadNotation:
        wrong.append(name)
        return None


def _orders(said: str) -> Select[str]:
    return select(Order.id).where(
        or_(Order.id == said, Order.number == said, Order.title_fold.contains(fold(said), autoescape=True))
        if fold(said)
        else Order.id == said
    )


def _named(model: type[Any], said: str) -> Any:
    """Return the condition that something has this key or, without diacritics, these words in its name."""
    named: type[Named] = model
    return model.id == said if is_key(said) else named.name_fold.contains(fold(said), autoescape=True)


def _persons(said: str) -> Select[str]:
    return select(Person.id).where(or_(Person.login == said, _named(Person, said)))


def _posts(said: str) -> Select[str]:
    return select(Post.id).where(_named(Post, said))


def _bodies_of(said: str) -> Select[str]:
    """Select the bodies of posts: the log has a way in by those."""
    return select(Post.organization_id).where(_named(Post, said)).distinct()


def _bodies(said: str) -> Select[str]:
    return select(Organization.id).where(_named(Organization, said))


def _bodies_in(said: str) -> Select[str]:
    """Select the bodies in a place and in all below it."""
    return select(Organization.id).where(Organization.area_id.in_(Area.within(_named(Area, said))))


def bounds(session: Session, wanted: Wanted) -> tuple[int | None, int | None]:
    """Return between which numbers the entries of the period lie, at least: found by halving, without an index."""
    low = first_at(session, wanted.since - SLACK) if wanted.since is not None else None
    high = first_at(session, wanted.until + SLACK) if wanted.until is not None else None
    return low, high
