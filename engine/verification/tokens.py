"""I3: what a running instance waits for is what the rows say it waits for; a finished one waits for nothing."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import definitions, runner
from engine.clock import now
from engine.verification.finding import Seen, Violation
from models.instances import LIVE, Incident, Instance
from models.messages import Subscription
from models.tasks import Task
from models.timers import Timer

_AT_ONCE = 200
_PERSONS = ("user", "manual")
_HEARD = ("message", "signal")
_COLUMNS = (Instance.id, Instance.state, Instance.rest, Instance.process_id, Instance.definition_id)


@dataclass
class _Rows:
    """The keys for which rows wait on behalf of one instance."""

    tasks: set[str] = field(default_factory=set)
    subscriptions: set[str] = field(default_factory=set)
    timers: set[str] = field(default_factory=set)
    cutoffs: set[str] = field(default_factory=set)
    incidents: int = 0
    # What an incident was about: its row is closed, its token waits until the operator tries again.
    held: set[str] = field(default_factory=set)


def tokens(session: Session, seen: Seen) -> Iterator[Violation]:
    """Compare the rest state of every instance with its tasks, subscriptions, timers and incidents."""
    last, count = "", 0
    while batch := _after(session, last):
        rows = _rows_of(session, [instance.id for instance in batch])
        for instance in batch:
            wrong = _live(session, instance, rows[instance.id]) if instance.state in LIVE else _ended(instance, rows)
            yield from (Violation("I3", f"instance {instance.id}", said) for said in wrong)
        last, count = batch[-1].id, count + len(batch)
        seen(count)


def _after(session: Session, last: str) -> Sequence[Any]:
    return session.execute(select(*_COLUMNS).where(Instance.id > last).order_by(Instance.id).limit(_AT_ONCE)).all()


def _rows_of(session: Session, ids: list[str]) -> defaultdict[str, _Rows]:
    rows: defaultdict[str, _Rows] = defaultdict(_Rows)
    open_tasks = select(Task.instance_id, Task.key).where(Task.instance_id.in_(ids), Task.state == "open")
    for instance, key in session.execute(open_tasks):
        rows[instance].tasks.add(key)
    waiting = select(Subscription.instance_id, Subscription.key).where(Subscription.instance_id.in_(ids))
    for instance, key in session.execute(waiting):
        rows[instance].subscriptions.add(key)
    to_fire = select(Timer.instance_id, Timer.kind, Timer.key).where(
        Timer.instance_id.in_(ids), Timer.fired_at.is_(None), Timer.cancelled_at.is_(None)
    )
    for instance, kind, waits in session.execute(to_fire):
        (rows[instance].cutoffs if kind == "cutoff" else rows[instance].timers).add(waits or "")
    stuck = select(Incident.instance_id, Incident.held).where(
        Incident.instance_id.in_(ids), Incident.resolved_at.is_(None)
    )
    for instance, given in session.execute(stuck):
        rows[instance].incidents += 1
        rows[instance].held.add(str(given.get("key", "")))
    return rows


def _ended(instance: Any, all_rows: defaultdict[str, _Rows]) -> Iterator[str]:
    rows = all_rows[instance.id]
    for kind in ("tasks", "subscriptions", "timers", "cutoffs"):
        if keys := getattr(rows, kind):
            yield f"it is {instance.state} and has {kind} that wait: {_listed(keys)}"
    if rows.incidents:
        yield f"it is {instance.state} and has an incident that is not resolved"


def _live(session: Session, instance: Any, rows: _Rows) -> Iterator[str]:
    if instance.state == "incident" and rows.incidents != 1:
        yield f"it is stuck and has {rows.incidents} open incidents"
    if instance.state == "running" and rows.incidents:
        yield "it runs and has an incident that is not resolved"
    if instance.state == "incident" and not instance.rest:
        return  # it got stuck at its start
    try:
        bundle = definitions.bundle_of(session, instance.definition_id)
        waiting = runner.look(bundle, instance.process_id, instance.rest, now=now(session))
    except Exception as error:  # whatever is in a damaged row, the next one is examined all the same
        yield f"its rest state cannot be read: {type(error).__name__}"
        return
    if not waiting:
        yield f"it is {instance.state} and no token lives"
    yield from _compare(waiting, rows)


def _compare(waiting: Sequence[runner.Waiting], rows: _Rows) -> Iterator[str]:
    persons = {one.key for one in waiting if one.kind in _PERSONS}
    heard = {one.key for one in waiting if one.kind in _HEARD}
    alarms = {one.key for one in waiting if one.kind == "timer"}
    timed = {one.key for one in waiting if one.kind == "timer" and (one.due or one.working_days is not None)}
    element = {one.key: one.element for one in waiting}
    for kind, needed, allowed, held in (
        ("open task", persons, persons, rows.tasks),
        ("subscription", heard, heard, rows.subscriptions),
        ("timer", timed, alarms, rows.timers),
        ("cut-off", set(), heard, rows.cutoffs),
    ):
        for key in sorted(needed - held - rows.held):
            yield f"{element[key]} waits ({key}) and has no {kind}"
        for key in sorted(held - allowed):
            yield f"no token waits for its {kind} {key}"


def _listed(keys: set[str]) -> str:
    return ", ".join(sorted(keys)[:5])
