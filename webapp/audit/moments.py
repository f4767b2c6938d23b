"""The state at a moment: how an order stood right after one entry of the log, rebuilt from the log alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import render_template, request
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from engine import definitions, replay
from engine.replay import InstanceThen, Stand, TaskThen
from models.audit import AuditEntry
from models.errors import NotFound
from models.orders import Order
from models.organizations import Organization
from models.permissions import Actor
from models.reports import Figure, Indicator
from webapp.audit import colours, queries, words
from webapp.audit.blueprint import blueprint, require_reader
from webapp.definitions.pictures import Picture, pictures_of
from webapp.instances.words import STATES
from webapp.tasks import dossier, records
from webapp.text import language, say
from webapp.text.facts import spoken
from webapp.text.words import TOPICS
from webapp.transaction import reading

MOST_SENT = 60


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task that was open then."""

    title: str
    organization: str
    role: str | None
    holder: str
    opened_at: datetime
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Running:
    """An instance as it was then, with the names of the steps at which its tokens stood."""

    id: str
    name: str
    organization: str
    state: str
    places: list[str]
    is_known: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure that stood then, and whose it is."""

    indicator: str
    organization: str
    unit: str
    value: str
    qualifier: str
    held_on: date | None
    is_amended: bool


@dataclass(slots=True)
class Branch:
    """A share of the tree then, with those below it."""

    organization: str
    part: str
    progress: str
    due: datetime | None
    below: list["Branch"]


@blueprint.get("/audit/moments/<int:seq>")
def moment(seq: int) -> str:
    """Show how things stood right after an entry; `instance` chooses the diagram, `form` what was sent."""
    actor = require_reader()
    with reading() as session:
        entry = session.get(AuditEntry, seq)
        if entry is None or not (entry.order_id or entry.instance_id):
            raise NotFound("not_found")
        scope = {"order_id": entry.order_id, "instance_id": None if entry.order_id else entry.instance_id}
        stand = replay.folded_to(replay.entries_until(session, seq, **scope))
        shown = request.args.get("instance") or entry.instance_id
        instance = stand.instances.get(shown or "") or next(iter(stand.instances.values()), None)
        return render_template("audit/moment.html", **_content(session, actor, entry, stand, instance))


def _content(
    session: Session, actor: Actor, entry: AuditEntry, stand: Stand, instance: InstanceThen | None
) -> dict[str, Any]:
    names = _names(session, stand)
    sent = [task.submission_id for task in stand.tasks.values() if task.submission_id]
    rows = session.execute(records.sent_as(sent[-MOST_SENT:])).all()
    opened = next((row for row in rows if row.id == request.args.get("form")), None)
    order, locale = entry.order_id, actor.locale
    return {
        "entry": entry,
        "line": words.lines_of(session, [entry])[0],
        "around": _around(session, entry),
        "order": session.get(Order, entry.order_id) if entry.order_id else None,
        "then": stand.orders.get(entry.order_id or ""),
        "running": [_running(session, id, one, names) for id, one in stand.instances.items()],
        "instance": instance,
        "pictures": _pictures(session, instance),
        "legend": ((colours.PRESENT, say("Đang ở đây")), (colours.PASSED, say("Đã qua"))),
        "waiting": [_waiting(session, stand, one, names) for one in stand.tasks.values() if one.state == "open"],
        "sent": dossier.told(session, rows, order_id=order, locale=locale),
        "opened": opened,
        "form": dossier.filled(session, opened, order_id=order, locale=locale) if opened is not None else None,
        "tree": _tree(stand, names),
        "figures": _figures(session, entry, stand),
        "states": STATES,
        "fields": words.FIELDS,
        "topics": TOPICS,
        "spoken": spoken,
    }


def _pictures(session: Session, instance: InstanceThen | None) -> list[Picture]:
    if instance is None or instance.definition_id is None:
        return []
    return pictures_of(session, instance.definition_id, instance.process_id, colours.stood(session, instance))


def _around(session: Session, entry: AuditEntry) -> dict[str, int | None]:
    """Return the numbers of the entries before and after, of the same order or instance."""
    alone = and_(AuditEntry.instance_id == entry.instance_id, AuditEntry.order_id.is_(None))
    mine = AuditEntry.order_id == entry.order_id if entry.order_id else alone
    entries = select(AuditEntry.seq).where(mine, AuditEntry.refused.is_(False)).limit(1)
    return {
        "before": session.scalar(entries.where(AuditEntry.seq < entry.seq).order_by(AuditEntry.seq.desc())),
        "after": session.scalar(entries.where(AuditEntry.seq > entry.seq).order_by(AuditEntry.seq)),
    }


def _names(session: Session, stand: Stand) -> dict[str, str]:
    """Return the names of all bodies, persons and process versions of a stand."""
    bodies = {one.organization_id for rows in (stand.instances, stand.tasks, stand.shares) for one in rows.values()}
    persons = {one.holder_id for one in stand.tasks.values()}
    names = {id: name for id, name, _ in session.execute(queries.people(sorted(filter(None, persons))))}
    versions = {one.definition_id for one in stand.instances.values() if one.definition_id}
    names |= {id: name for id, name, _ in session.execute(queries.versions(sorted(versions)))}
    found = select(Organization.id, Organization.name).where(Organization.id.in_(sorted(filter(None, bodies))))
    return names | dict(session.execute(found).all())


def element_name(session: Session, instance: InstanceThen, element: str) -> str:
    """Name an element as the diagram under which an instance ran names it."""
    if instance.definition_id is None:
        return element
    known = definitions.bundle_of(session, instance.definition_id).elements(instance.process_id).get(element)
    return (known.name if known is not None else "") or element


def _running(session: Session, id: str, one: InstanceThen, names: Mapping[str, str]) -> Running:
    return Running(
        id=id,
        name=names.get(one.definition_id or "", one.process_id),
        organization=names.get(one.organization_id or "", ""),
        state=one.state,
        places=[element_name(session, one, element) for element in one.places.values()],
        is_known=one.is_known,
    )


def _waiting(session: Session, stand: Stand, task: TaskThen, names: Mapping[str, str]) -> Waiting:
    return Waiting(
        title=element_name(session, stand.instances[task.instance_id], task.element),
        organization=names.get(task.organization_id or "", ""),
        role=task.role,
        holder=names.get(task.holder_id or "", ""),
        opened_at=task.opened_at,
        due=_instant(task.due),
    )


def _instant(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None


def _tree(stand: Stand, names: Mapping[str, str]) -> list[Branch]:
    branches = {
        id: Branch(names.get(one.organization_id or "", ""), one.part, one.progress, _instant(one.due), [])
        for id, one in stand.shares.items()
    }
    for id, share in stand.shares.items():
        if share.parent_id in branches:
            branches[share.parent_id].below.append(branches[id])
    return [branches[id] for id, share in stand.shares.items() if share.parent_id not in branches]


def _figures(session: Session, entry: AuditEntry, stand: Stand) -> list[Counted]:
    known = {one.code: one for one in session.scalars(select(Indicator))}
    english = language() == "en"
    bodies = select(Figure.id, Organization.name).join(Organization, Organization.id == Figure.organization_id)
    owners = dict(session.execute(bodies.where(Figure.order_id == entry.order_id)).all())
    counted = []
    for id, one in stand.standing.items():
        indicator = known.get(one.indicator)
        name = ((english and indicator.name_en) or indicator.name) if indicator else one.indicator
        unit = ((english and indicator.unit_en) or indicator.unit) if indicator else ""
        said = one.value, one.qualifier, _day(one.held_on), one.amends_id is not None
        counted.append(Counted(name, owners.get(id, ""), unit, *said))
    return sorted(counted, key=lambda one: (one.indicator, one.organization))
