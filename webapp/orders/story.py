"""The story of an order: the facts that make its way, in sentences; black dots are hand-overs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engine.audit import Fact
from models.audit import AuditEntry
from models.orders import Order
from webapp.audit import queries as log
from webapp.orders import queries
from webapp.text.facts import Telling, tell

# What happened inside one participant (tasks opened, timers, messages) is in the whole log, not in the story.
TOLD = (
    Fact.ORDER_CREATED, Fact.ORDER_SIGNED, Fact.ORDER_WITHDRAWN, Fact.ORDER_ACCEPTED, Fact.ORDER_REFUSED,
    Fact.ORDER_REPORTED, Fact.ORDER_RETURNED, Fact.ORDER_AMENDED, Fact.ORDER_CLOSED, Fact.OVERLAP_FOUND,
    Fact.OVERLAP_RESOLVED, Fact.ASSIGNMENT_CREATED, Fact.ASSIGNMENT_REFUSED, Fact.ASSIGNMENT_REPORTED,
    Fact.ASSIGNMENT_RETURNED, Fact.ASSIGNMENT_URGED, Fact.ASSIGNMENT_ESCALATED, Fact.EXTENSION_REQUESTED,
    Fact.EXTENSION_DECIDED, Fact.FIGURE_CORRECTED, Fact.INSTANCE_STUCK,
)  # fmt: skip
LENGTH = 14
# Many shares given out at one instant are one line.
LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the story."""

    telling: Telling
    at: datetime
    seq: int


def story_of(session: Session, order: Order) -> list[Told]:
    """Tell the newest facts of an order; a fan-out to many is one line."""
    entries = session.scalars(queries.told(order.id, [fact.value for fact in TOLD]).limit(LOOKED_AT)).all()
    chosen = _without_echoes(entries)[:LENGTH]
    return telling(session, chosen)


def _without_echoes(entries: Iterable[AuditEntry]) -> list[AuditEntry]:
    """Keep one entry of those that say the same of many shares at the same instant."""
    seen: set[tuple[object, ...]] = set()
    kept = []
    for entry in entries:
        key = (entry.at, entry.fact, entry.organization_id, entry.facts.get("part"))
        if entry.fact != Fact.ASSIGNMENT_CREATED or key not in seen:
            kept.append(entry)
        seen.add(key)
    return kept


def telling(session: Session, entries: Sequence[AuditEntry]) -> list[Told]:
    """Put entries into sentences; who acted is named by organization, with two queries for all names."""
    ids = {entry.organization_id for entry in entries if entry.organization_id}
    for entry in entries:
        ids |= set(_ids(entry.facts))
    names = dict(session.execute(log.bodies(sorted(ids))).tuples().all())
    return [
        Told(
            tell(entry.fact, entry.facts, who=names.get(entry.organization_id or ""), names=names), entry.at, entry.seq
        )
        for entry in entries
    ]


def _ids(facts: Mapping[str, object]) -> Iterable[str]:
    for value in facts.values():
        if isinstance(value, str) and len(value) == 32:
            yield value
        elif isinstance(value, Mapping):
            yield from _ids(value)
        elif isinstance(value, list):
            yield from (one for one in value if isinstance(one, str) and len(one) == 32)
