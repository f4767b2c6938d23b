"""The log for process mining: XES (IEEE 1849-2016) with one trace an order or instance, and OCEL 2.0 in JSON."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from sqlalchemy import Select, func, or_
from sqlalchemy.orm import Session

from engine import definitions
from engine.audit import Fact
from engine.replay import has_moved
from models.audit import AuditEntry
from models.organizations import Organization
from webapp.audit.meters import Seen

_BATCH = 1000
# Facts about a task -> the transition of the standard lifecycle.
LIFECYCLE: Final[Mapping[str, str]] = {
    Fact.TASK_ASSIGNED: "assign",
    Fact.TASK_CLAIMED: "start",
    Fact.TASK_COMPLETED: "complete",
    Fact.TASK_SKIPPED: "autoskip",
    Fact.TASK_DELEGATED: "assign",
    Fact.TASK_TRANSFERRED: "reassign",
    Fact.TASK_HANDED_OVER: "reassign",
    Fact.TASK_CANCELLED: "withdraw",
}
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/>\
<date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/>\
<string key="lifecycle:transition" value="complete"/></global>
<classifier name="Activity" keys="concept:name"/>
<classifier name="Activity and lifecycle" keys="concept:name lifecycle:transition"/>
<string key="lifecycle:model" value="standard"/>
"""


def xes_of(session: Session, entries: Select[AuditEntry], seen: Seen) -> Iterator[str]:
    """Write what happened in orders and instances as traces; what belongs to none is not in it."""
    case = func.coalesce(AuditEntry.order_id, AuditEntry.instance_id)
    of_cases = entries.where(or_(AuditEntry.order_id.is_not(None), AuditEntry.instance_id.is_not(None)))
    rows = session.execute(
        of_cases.with_only_columns(case.label("case"), AuditEntry)
        .where(AuditEntry.refused.is_(False))
        .order_by(None)
        .order_by(case, AuditEntry.seq)
        .execution_options(yield_per=_BATCH)
    )
    names = _Names(session)
    yield _HEAD
    for key, events in groupby(rows, key=lambda row: row.case):
        yield f"<trace>{_string('concept:name', key)}\n"
        tasks: dict[str, str] = {}
        for _, entry in events:
            yield from _events(entry, names, tasks)
            seen(1)
        yield "</trace>\n"
    yield "</log>\n"


def _events(entry: AuditEntry, names: "_Names", tasks: dict[str, str]) -> Iterator[str]:
    """Write one entry; a move is one event for each task it opened, which is what waits for people."""
    if entry.fact != Fact.INSTANCE_MOVED:
        named = tasks.get(entry.subject_id or "") if entry.fact in LIFECYCLE else None
        transition = LIFECYCLE.get(entry.fact, "complete")
        yield _event(
            entry, named or entry.fact, transition if named else "complete", names.body(entry.organization_id), None
        )
    if not has_moved(entry):
        return
    for one in entry.stored.get("opened", ()):
        if "task" in one:
            tasks[one["task"]] = names.element(entry, one["element"])
            yield _event(entry, tasks[one["task"]], "schedule", names.body(one.get("organization")), one.get("role"))


def _event(entry: AuditEntry, name: str, transition: str, group: str, role: str | None) -> str:
    said = [
        _string("concept:name", name),
        f'<date key="time:timestamp" value="{_instant(entry.at)}"/>',
        _string("lifecycle:transition", transition),
        _string("lienthong:fact", entry.fact),
        f'<int key="lienthong:seq" value="{entry.seq}"/>',
    ]
    # Whoever it was stands under a key: the names of persons are in another table, and can be erased there.
    said += [_string("org:resource", entry.person_id)] if entry.person_id else []
    said += [_string("org:group", group)] if group else []
    said += [_string("org:role", role)] if role else []
    return f"<event>{''.join(said)}</event>\n"


def _string(key: str, value: str) -> str:
    return f'<string key="{key}" value={quoteattr(_without_controls(value))}/>'


def _without_controls(text: str) -> str:
    # XML 1.0 has no way to write them.
    return "".join(sign if sign >= " " or sign in "\t\n\r" else "\ufffd" for sign in text)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


class _Names:
    """Names of bodies and steps, each looked up once."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.bodies: dict[str, str] = {}

    def body(self, id: str | None) -> str:
        if id is None:
            return ""
        if id not in self.bodies:
            found = self.session.get(Organization, id)
            self.bodies[id] = found.name if found is not None else id
        return self.bodies[id]

    def element(self, entry: AuditEntry, element: str) -> str:
        if entry.definition_id is None:
            return element
        bundle = definitions.bundle_of(self.session, entry.definition_id)
        for process_id in bundle.processes:
            if (found := bundle.elements(process_id).get(element)) is not None:
                return found.name or element
        return element


def ocel_of(session: Session, entries: Select[AuditEntry], seen: Seen) -> Iterator[str]:
    """Write every entry as an event that names the objects it is about; what objects and types there are comes last."""
    objects: dict[str, str] = {}
    facts: dict[str, None] = {}
    yield '{"events":[\n'
    first = True
    for entry in session.scalars(entries.execution_options(yield_per=_BATCH)):
        facts[entry.fact] = None
        yield ("" if first else ",\n") + _dumped(_ocel_event(entry, objects))
        first = False
        seen(1)
    yield '],\n"objects":[\n'
    for number, (id, kind) in enumerate(objects.items()):
        said = {"id": id, "type": kind, "attributes": [], "relationships": []}
        yield ("," if number else "") + _dumped(said) + "\n"
    kinds = [{"name": kind, "attributes": []} for kind in dict.fromkeys(objects.values())]
    said_by = [{"name": name, "type": kind} for name, kind in ATTRIBUTES]
    types = [{"name": fact, "attributes": said_by} for fact in facts]
    yield f'],\n"objectTypes":{_dumped(kinds)},\n"eventTypes":{_dumped(types)}}}\n'


ATTRIBUTES: Final = (("seq", "integer"), ("channel", "string"), ("refused", "boolean"))


def _ocel_event(entry: AuditEntry, objects: dict[str, str]) -> dict[str, Any]:
    related = []
    for id, kind, qualifier in _objects(entry):
        objects.setdefault(id, kind)
        related.append({"objectId": id, "qualifier": qualifier})
    said: Iterable[Any] = (entry.seq, entry.channel, entry.refused)
    attributes = [{"name": name, "value": value} for (name, _), value in zip(ATTRIBUTES, said, strict=True)]
    return {
        "id": f"e{entry.seq}", "type": entry.fact, "time": _instant(entry.at), "attributes": attributes,
        "relationships": related,
    }  # fmt: skip


def _objects(entry: AuditEntry) -> Iterator[tuple[str, str, str]]:
    """Give (id, type, what it is to the event) of everything an entry is about, each once."""
    known = {
        entry.subject_id: (entry.subject_type, "subject"),
        entry.order_id: ("order", "order"),
        entry.instance_id: ("instance", "instance"),
        entry.definition_id: ("definition", "definition"),
        entry.organization_id: ("organization", "by"),
        entry.person_id: ("person", "who"),
    }
    if entry.subject_id is not None:
        known[entry.subject_id] = (entry.subject_type, "subject")
    known.pop(None, None)
    # Tools for mining leave out events without an object.
    for id, (kind, qualifier) in (known or {"installation": ("installation", "subject")}).items():
        yield str(id), kind, qualifier


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
