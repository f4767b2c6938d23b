"""The story of an order: the facts that make its way, in sentences; black dots are hand-overs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engine.audit import Fact
from models.assignments import Part
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
    Fact.EXTENSION_DECIDED, Fact.ASSIGNMENT_LEAD_REPLACED, Fact.ASSIGNMENT_HANDED_OVER, Fact.AMENDMENT_CONFIRMED,
    Fact.CONFLICT_DECIDED, Fact.FIGURE_CORRECTED, Fact.INSTANCE_STUCK,
)  # fmt: skip
LENGTH = 14
LOOKED_AT = 2000
GIVING = ("", Part.ACCOUNTABLE, Part.LEAD, Part.COORDINATING)
# The processes between which the order itself travels; what happens below them is in the tree.
MAIN_LINE = ("order", "bloc", "lead", "work")


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the story."""

    telling: Telling
    at: datetime


def story_of(session: Session, order: Order, parts: Mapping[str, str]) -> list[Told]:
    """Tell the newest of an order's way; `parts` are the parts of its shares down to the first local level.

    What a commune gives to its quarters is in the tree and in the whole log; a fan-out to many is one line.
    """
    codes = [fact.value for fact in TOLD]
    entries = [
        entry
        for entry in session.scalars(queries.told(order.id, codes).limit(LOOKED_AT))
        if entry.fact != Fact.ASSIGNMENT_CREATED or parts.get(entry.facts.get("parent", ""), "") in GIVING
    ]
    groups = _grouped(entries)
    ids = {key for (entry, *_) in groups for key in (entry.organization_id, *ids_in(entry.facts)) if key}
    names = dict(session.execute(log.bodies(sorted(ids))).all())
    told = [_told(group, names) for group in groups]
    told += _steps(session, order, {line.at for line in told})
    return sorted(told, key=lambda line: line.at, reverse=True)[:LENGTH]


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
        said = {"who": who or say("Hệ thống"), "n": len(group), "part": part(entry.facts.get("part"))}
        telling = telling._replace(text=say("{who} giao {n} đơn vị phần {part}", **said))
    return Told(telling, entry.at)


def _steps(session: Session, order: Order, told: Collection[datetime]) -> list[Told]:
    """Tell the steps on the main line that no fact of the same instant tells already."""
    steps = session.execute(queries.main_steps(order.id, MAIN_LINE).limit(LENGTH * 2))
    return [
        Told(Telling(say("{who}: {title}", who=who or say("Hệ thống"), title=title), "arrow-right", "hand"), at)
        for title, who, at in steps
        if at is not None and at not in told
    ]
