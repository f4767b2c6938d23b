"""The story of an order: the facts that make its way, in sentences; black dots are hand-overs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engine.audit import Fact
from models.audit import AuditEntry
from models.orders import Order
from webapp.audit import queries as log
from webapp.audit.words import ids_in
from webapp.orders import queries
from webapp.text import say
from webapp.text.facts import Telling, tell
from webapp.text.words import part

# What happened inside one participant (tasks opened, timers, messages) is in the whole log, not in the story.
TOLD = (
    Fact.ORDER_CREATED, Fact.ORDER_SIGNED, Fact.ORDER_WITHDRAWN, Fact.ORDER_ACCEPTED, Fact.ORDER_REFUSED,
    Fact.ORDER_REPORTED, Fact.ORDER_RETURNED, Fact.ORDER_AMENDED, Fact.ORDER_CLOSED, Fact.OVERLAP_FOUND,
    Fact.OVERLAP_RESOLVED, Fact.ASSIGNMENT_CREATED, Fact.ASSIGNMENT_REFUSED, Fact.ASSIGNMENT_REPORTED,
    Fact.ASSIGNMENT_RETURNED, Fact.ASSIGNMENT_URGED, Fact.ASSIGNMENT_ESCALATED, Fact.EXTENSION_REQUESTED,
    Fact.EXTENSION_DECIDED, Fact.FIGURE_CORRECTED, Fact.INSTANCE_STUCK,
)  # fmt: skip
LENGTH = 14
LOOKED_AT = 2000


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the story."""

    telling: Telling
    at: datetime


def story_of(session: Session, order: Order) -> list[Told]:
    """Tell the newest facts of an order; a fan-out to many is one line."""
    entries = session.scalars(queries.told(order.id, [fact.value for fact in TOLD]).limit(LOOKED_AT)).all()
    groups = _grouped(entries)[:LENGTH]
    shown = [group[0] for group in groups]
    ids = {key for entry in shown for key in (entry.organization_id, *ids_in(entry.facts)) if key}
    names = dict(session.execute(log.bodies(sorted(ids))).all())
    return [_told(group, names) for group in groups]


def _grouped(entries: Iterable[AuditEntry]) -> list[list[AuditEntry]]:
    """Put together what was given to many at the same instant by the same body."""
    groups: dict[tuple[object, ...], list[AuditEntry]] = {}
    for entry in entries:
        alike = entry.fact == Fact.ASSIGNMENT_CREATED
        key = (entry.at, entry.organization_id, entry.facts.get("part")) if alike else (entry.seq,)
        groups.setdefault(key, []).append(entry)
    return list(groups.values())


def _told(group: Sequence[AuditEntry], names: Mapping[str, str]) -> Told:
    entry = group[0]
    who = names.get(entry.organization_id or "")
    telling = tell(entry.fact, entry.facts, who=who, names=names)
    if len(group) > 1:
        text = say(
            "{who} giao {n} đơn vị phần {part}",
            who=who or say("Hệ thống"),
            n=len(group),
            part=part(entry.facts.get("part")),
        )
        telling = telling._replace(text=text)
    return Told(telling, entry.at)
