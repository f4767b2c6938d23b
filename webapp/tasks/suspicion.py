"""The two records a lead is asked about, side by side: who reported what, when, with which figures and photos."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from engine import suspicions
from engine.indicators import display
from engine.rollups.coverage import place_name
from models.assignments import Assignment
from models.organizations import Organization
from models.reports import EventRecord, Figure, Indicator, Suspicion
from models.tasks import Attachment, Task
from webapp.reports.page import name_of
from webapp.text import language


@dataclass(frozen=True, slots=True)
class Side:
    """One of the records; `figures` are (key, as written) by indicator."""

    event: EventRecord
    organization: str
    who: str
    figures: dict[str, list[tuple[str, str]]]
    photos: Sequence[Attachment]


@dataclass(frozen=True, slots=True)
class Pair:
    """Both records, the first one recorded first, and what either of them counts, in one order."""

    place: str
    sides: Sequence[Side]
    indicators: Sequence[tuple[str, str]]


def read(session: Session, task: Task) -> Pair | None:
    """Gather the pair a task asks about; None for other tasks. Three statements."""
    if task.process_id != suspicions.PROCESS:
        return None
    rows = session.execute(_records(task.instance_id)).unique().all()
    if not rows:
        return None
    figures = session.scalars(_figures({event.id for event, *_ in rows})).unique().all()
    tasks = {one.task_id: one.event_id for one in figures} | {event.task_id: event.id for event, *_ in rows}
    photos: defaultdict[str | None, list[Attachment]] = defaultdict(list)
    for file in session.scalars(_photos({key for key in tasks if key})):
        photos[tasks[file.task_id]].append(file)
    sides = [Side(event, body, who or "", _written(figures, event), photos[event.id]) for event, body, who in rows]
    area = rows[0][0].area
    counted = {one.indicator_code: name_of(one.indicator) for one in figures}
    return Pair(place_name(area.kind, area.name), sides, list(counted.items()))


def _written(figures: Sequence[Figure], event: EventRecord) -> dict[str, list[tuple[str, str]]]:
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in figures:
        if one.event_id == event.id:
            written = display(one.indicator, one.value, one.qualifier, locale=language(), base=False)
            found[one.indicator_code].append((one.id, written))
    return found


def _records(instance_id: str) -> Select[EventRecord, str, str | None]:
    """Select (record, who reported it: body and title) of the pair an instance is about, the first one first."""
    return (
        select(EventRecord, Organization.name, Task.closed_title)
        .join(Suspicion, or_(Suspicion.one_id == EventRecord.id, Suspicion.other_id == EventRecord.id))
        .join(Assignment, Assignment.id == EventRecord.assignment_id)
        .join(Organization, Organization.id == Assignment.organization_id)
        .outerjoin(Task, Task.id == EventRecord.task_id)
        .where(Suspicion.instance_id == instance_id)
        .options(joinedload(EventRecord.area))
        .order_by(EventRecord.id)
    )


def _figures(events: Collection[str]) -> Select[Figure]:
    """Select the figures of events that stand, in the order of their indicators."""
    current = Figure.current().join(Indicator, Indicator.code == Figure.indicator_code)
    ordered = current.order_by(Indicator.position, Figure.indicator_code, Figure.id)
    return ordered.where(Figure.event_id.in_(events)).options(joinedload(Figure.indicator))


def _photos(tasks: Collection[str]) -> Select[Any]:
    """Select the files handed in with reports."""
    handed_in = Attachment.task_id.in_(tasks), Attachment.removed_at.is_(None), Attachment.is_shared()
    return select(Attachment).where(*handed_in).order_by(Attachment.id)
