"""I4: the audit entries of a task, told in order, lead to the state its row has."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from engine.audit import Fact
from engine.verification.finding import BATCH, Seen, Violation, counted
from models.audit import AuditEntry
from models.audit_archives import AuditLeaf
from models.audit_texts import ERASED, put_back
from models.tasks import Submission, Task

_TASK = (
    Task.id, Task.state, Task.holder_id, Task.holder_title, Task.helper_id, Task.claimed_at, Task.closed_at,
    Task.closed_by, Task.organization_id,
)  # fmt: skip
_ENTRY = (
    AuditEntry.seq, AuditEntry.fact, AuditEntry.person_id, AuditEntry.at, AuditEntry.stored.label("facts"),
    AuditEntry.spoken.label("spoken"),
)  # fmt: skip
_ANYBODY: Final = "?"


@dataclass
class _Told:
    """How a task stands after the entries told so far; a holder named only by title is anybody."""

    closed: str | None = None
    holder: str | None = None
    title: str | None = None
    since: datetime | None = None
    helper: str | None = None
    organization: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    submission: str | None = None


Complaint = str | None


def _claimed(told: _Told, entry: Any) -> Complaint:
    wrong = "claimed while somebody held it" if told.holder is not None else None
    told.holder, told.title, told.since, told.helper = entry.person_id, None, entry.at, None
    return wrong


def _assigned(told: _Told, entry: Any) -> Complaint:
    wrong = "assigned while somebody held it" if told.holder is not None else None
    told.holder, told.title, told.since, told.helper = entry.facts.get("to"), None, entry.at, None
    return wrong


def _released(told: _Told, entry: Any) -> Complaint:
    wrong = "released while nobody held it" if told.holder is None else None
    told.holder = told.title = told.since = told.helper = None
    return wrong


def _transferred(told: _Told, entry: Any) -> Complaint:
    said = put_back(entry.facts, entry.spoken or {})
    told.holder, told.title = _ANYBODY, (said.get("after") or {}).get("holder")
    told.since, told.helper = entry.at, None
    return None


def _delegated(told: _Told, entry: Any) -> Complaint:
    wrong = "delegated twice" if told.helper is not None else None
    told.helper = entry.facts.get("to")
    return wrong


def _answered(told: _Told, entry: Any) -> Complaint:
    wrong = "given back while nobody was asked" if told.helper is None else None
    told.helper = None
    return wrong


def _handed_over(told: _Told, entry: Any) -> Complaint:
    told.holder = told.title = told.since = told.helper = None
    told.organization = (entry.facts.get("after") or {}).get("organization")
    return None


def _completed(told: _Told, entry: Any) -> Complaint:
    told.closed, told.closed_at, told.closed_by = "completed", entry.at, entry.person_id
    told.holder = told.holder or entry.person_id
    told.submission = entry.facts.get("submission")
    return None


def _skipped(told: _Told, entry: Any) -> Complaint:
    told.closed, told.closed_at = "completed", entry.at
    return None


_TELLING: Final[dict[str, Callable[[_Told, Any], Complaint]]] = {
    Fact.TASK_ASSIGNED: _assigned,
    Fact.TASK_CLAIMED: _claimed,
    Fact.TASK_RELEASED: _released,
    Fact.TASK_TRANSFERRED: _transferred,
    Fact.TASK_DELEGATED: _delegated,
    Fact.TASK_RESOLVED: _answered,
    Fact.TASK_TAKEN_BACK: _answered,
    Fact.TASK_HANDED_OVER: _handed_over,
    Fact.TASK_COMPLETED: _completed,
    Fact.TASK_SKIPPED: _skipped,
}


def histories(session: Session, seen: Seen) -> Iterator[Violation]:
    """Tell every task's entries again, and find entries of tasks that are not there."""
    about = and_(
        AuditEntry.subject_id == Task.id,
        AuditEntry.subject_type == "task",
        AuditEntry.refused.is_(False),
        AuditEntry.fact.in_(sorted(_TELLING)),
    )
    handed_in = select(func.count(), func.max(Submission.id)).where(Submission.task_id == Task.id)
    submissions = (
        handed_in.with_only_columns(func.count()).scalar_subquery().label("submissions"),
        handed_in.with_only_columns(func.max(Submission.id)).scalar_subquery().label("submission"),
    )
    told = select(*_TASK, *submissions, *_ENTRY).outerjoin(AuditEntry, about).order_by(Task.id, AuditEntry.seq)
    told = told.where(Task.id.not_in(AuditLeaf.subjects()))
    rows = counted(session.execute(told.execution_options(yield_per=BATCH)), seen)
    for key, group in groupby(rows, lambda row: row.id):
        yield from (Violation("I4", f"task {key}", wrong) for wrong in _retold(list(group)))
    lost = select(AuditEntry.seq).where(AuditEntry.subject_type == "task", AuditEntry.refused.is_(False))
    for seq in session.scalars(lost.where(AuditEntry.subject_id.not_in(select(Task.id))).order_by(AuditEntry.seq)):
        yield Violation("I4", f"audit entry {seq}", "it is about a task that is not there")


def _retold(rows: list[Any]) -> Iterator[str]:
    told = _Told()
    for entry in rows:
        if entry.seq is None:
            continue
        if told.closed is not None:
            yield f"entry {entry.seq} ({entry.fact}) comes after the entry that closed it"
        if (complaint := _TELLING[entry.fact](told, entry)) is not None:
            yield f"entry {entry.seq}: {complaint}"
    yield from _differences(told, rows[0])


def _differences(told: _Told, task: Any) -> Iterator[str]:
    if (told.closed == "completed") != (task.state == "completed"):
        yield f"it is {task.state}, its entries leave it {told.closed or 'open'}"
        return
    if told.holder != _ANYBODY and told.holder != task.holder_id:
        yield f"{task.holder_id or 'nobody'} holds it, by its entries {told.holder or 'nobody'}"
    if told.holder == _ANYBODY and (task.holder_id is None or told.title not in (task.holder_title, ERASED)):
        yield "it is not held by whom it was transferred to"
    if told.helper != task.helper_id:
        yield f"{task.helper_id or 'nobody'} helps, by its entries {told.helper or 'nobody'}"
    if told.organization is not None and told.organization != task.organization_id:
        yield "it does not lie with the organization it was handed to"
    if told.since != task.claimed_at:
        yield f"it is held since {task.claimed_at}, by its entries since {told.since}"
    if told.closed and (told.closed_at, told.closed_by) != (task.closed_at, task.closed_by):
        yield "it was not closed by whom and when its entry says"
    if (task.submissions, task.submission) != (int(told.submission is not None), told.submission):
        yield f"{task.submissions} submissions, its entries tell of {told.submission or 'none'}"
