"""How things stand now, read from the rows, in the form of a replay: what the log tells must come to the same."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import instances
from engine.audit import plain
from engine.replay.stand import FigureThen, InstanceThen, OrderThen, ShareThen, Stand, TaskThen
from models.assignments import Assignment
from models.instances import Instance
from models.orders import Order
from models.reports import Figure
from models.tasks import Submission, Task

# What nobody can see at a moment, and only the fold needs.
_INNER = {"tasks", "suspended_with_id", "is_known", "seq", "at"}


def present(session: Session, *, order_id: str | None = None, instance_id: str | None = None) -> Stand:
    """Read how an order, or an instance outside orders, stands now."""
    stand = Stand()
    mine = Instance.order_id == order_id if order_id else Instance.id == instance_id
    for instance in session.scalars(select(Instance).where(mine)).all():
        stand.instances[instance.id] = _instance(session, instance)
        for task, submission in session.execute(
            select(Task, Submission.id)
            .outerjoin(Submission, Submission.task_id == Task.id)
            .where(Task.instance_id == instance.id)
        ):
            stand.tasks[task.id] = _task(task, submission)
    if order_id is not None:
        stand.orders[order_id] = _order(session.get_one(Order, order_id))
        shares = session.scalars(select(Assignment).where(Assignment.order_id == order_id))
        stand.shares = {share.id: _share(share) for share in shares}
        figures = session.scalars(select(Figure).where(Figure.order_id == order_id))
        stand.figures = {figure.id: _figure(figure) for figure in figures}
    return stand


def _instance(session: Session, row: Instance) -> InstanceThen:
    return InstanceThen(
        definition_id=row.definition_id,
        process_id=row.process_id,
        organization_id=row.organization_id,
        assignment_id=row.assignment_id,
        order_id=row.order_id,
        state=row.state,
        places={place.key: place.element for place in instances.look(session, row)},
        passed={element: times for element, (times, _) in row.passed.items()},
    )


def _said(value: Any) -> str | None:
    return None if value is None else str(plain(value))


def _task(row: Task, submission: str | None) -> TaskThen:
    return TaskThen(
        instance_id=row.instance_id,
        key=row.key,
        element=row.element,
        organization_id=row.organization_id,
        role=row.role,
        offered_to_id=row.offered_to_id,
        due=_said(row.due_at),
        opened_at=row.opened_at,
        state=row.state,
        holder_id=row.holder_id,
        helper_id=row.helper_id,
        closed_at=row.closed_at,
        submission_id=submission,
    )


def _share(row: Assignment) -> ShareThen:
    return ShareThen(
        row.order_id,
        row.parent_id,
        row.organization_id,
        row.part,
        _said(row.due_at),
        str(row.progress),
        row.instance_id,
    )


def _order(row: Order) -> OrderThen:
    from engine.steps.orders import ORDER_FIELDS

    said = {name: value for name in ORDER_FIELDS if (value := getattr(row, name))}
    return OrderThen(said, _said(row.due_at), row.number, str(row.progress), row.verdict)


def _figure(row: Figure) -> FigureThen:
    return FigureThen(
        row.indicator_code, str(plain(row.value)), row.qualifier, row.kind, row.held_on.isoformat(), row.amends_id
    )


def differences(told: Stand, real: Stand) -> list[str]:
    """Name every value in which two stands differ: "tasks 0190…: holder_id 'a' is 'b'"."""
    found = []
    for kind in ("instances", "tasks", "shares", "orders", "figures"):
        said, known = (_flat(getattr(stand, kind)) for stand in (told, real))
        for key in sorted(said.keys() | known.keys()):
            if said.get(key) != known.get(key):
                found.append(f"{kind} {key[0]}: {key[1]} {said.get(key)!r} is {known.get(key)!r}")
    return found


def _flat(rows: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    flat: dict[tuple[str, str], Any] = {}
    for id, row in rows.items():
        for name, value in asdict(row).items():
            if name == "said":
                flat |= {(id, word): said for word, said in value.items() if said}
            elif name not in _INNER:
                flat[id, name] = value
    return flat
