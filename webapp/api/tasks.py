"""Tasks over the API: list, read, and the verbs of a task."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import ColumnElement, Select, and_
from sqlalchemy.orm import Session

from engine import calendar, task_forms, tasks
from engine.clock import ZONE, close_of, now
from models.errors import Invalid
from models.permissions import Actor
from models.tasks import Comment, Task
from models.text import fold
from models.users import Person
from webapp.api.fields import TaskField, fields_of
from webapp.api.operations import In, Key, Out, Part, Reason, Slice, Text, Values, table
from webapp.api.reading import deadline_of, one, sliced

State = Literal["open", "completed", "cancelled", "handed_over"]


class TaskQuery(Slice):
    """How the list of tasks is narrowed."""

    state: State | None = None
    order: Annotated[Key | None, Field(description="Only the tasks of this order.")] = None
    due: Annotated[
        Literal["overdue", "today", "soon", "intime", "none"] | None, Field(description="Only this deadline state.")
    ] = None
    q: Annotated[Text | None, Field(max_length=200, description="Words of the title, with or without marks.")] = None


class TaskOut(Out):
    """One line of an inbox."""

    id: str
    title: str
    state: State
    progress: str
    process: str
    element: str
    instance: str
    order: str | None
    order_number: str | None
    assignment: str | None
    part: str | None
    place: str
    organization: str | None
    role: str | None
    holder: str | None = Field(description="The title of the post that holds the work.")
    helper: str | None
    opened_at: datetime
    due_at: datetime | None
    deadline: str = Field(description="The deadline state, computed now.")
    closed_at: datetime | None
    closed_by: str | None = Field(description="The title of the post that closed the work.")
    comments: int
    files: int

    @classmethod
    def values(cls, session: Session, task: Task) -> dict[str, Any]:
        """Give the plain values of a task."""
        same = ("id", "title", "state", "progress", "element", "order_number", "part", "place", "role")
        times = ("opened_at", "due_at", "closed_at", "comments", "files")
        return {name: getattr(task, name) for name in (*same, *times)} | {
            "process": task.process_id,
            "instance": task.instance_id,
            "order": task.order_id,
            "assignment": task.assignment_id,
            "organization": task.organization_id,
            "holder": task.holder_title,
            "helper": task.helper_title,
            "closed_by": task.closed_title,
            "deadline": deadline_of(session, task.due_at, done_at=task.closed_at),
        }

    @classmethod
    def of(cls, session: Session, task: Task) -> "TaskOut":
        """Write a task down."""
        return cls(**cls.values(session, task))


class TaskWhole(TaskOut):
    """A task with its form and the reason why it is where it is."""

    fields: list[TaskField]
    reason: dict[str, Any]


@table.get("/tasks", answer=Part[TaskOut], query=TaskQuery)
def list_tasks(session: Session, actor: Actor, *, query: TaskQuery) -> Part[TaskOut]:
    """List the tasks you may see, oldest first."""
    chosen = _narrowed(session, Task.visible_to(actor), query)
    found, after = sliced(session, chosen, Task.id, query)
    return Part[TaskOut](items=[TaskOut.of(session, task) for task in found], next=after)


def _narrowed(session: Session, select: Select[Task], query: TaskQuery) -> Select[Task]:
    if query.state is not None:
        select = select.where(Task.state == query.state)
    if query.order is not None:
        select = select.where(Task.order_id == query.order)
    if query.due is not None:
        select = select.where(_due(session, query.due))
    if query.q is not None and (words := fold(query.q)):
        select = select.where(Task.search.contains(words))
    return select


def _due(session: Session, code: str) -> ColumnElement[bool]:
    """Return the condition of a deadline state of open tasks; the same borders as the chip's."""
    at, days = now(session), calendar.Calendar.of(session)
    today = calendar.local_day(at)
    tomorrow = datetime.combine(today + timedelta(days=1), time(), ZONE)
    later = datetime.combine(days.shift(today, calendar.SOON + 1), time(), ZONE)
    return and_(
        Task.state == "open",
        {
            "overdue": Task.due_at < at,
            "today": and_(Task.due_at >= at, Task.due_at < tomorrow),
            "soon": and_(Task.due_at >= tomorrow, Task.due_at < later),
            "intime": Task.due_at >= later,
            "none": Task.due_at.is_(None),
        }[code],
    )


@table.get("/tasks/<key:id>", answer=TaskWhole)
def read_task(session: Session, actor: Actor, id: str) -> TaskWhole:
    """Read one task with its form."""
    task = one(session, Task.visible_to(actor), Task.id, id)
    form, context = task_forms.form_of(session, task, actor=actor)
    return TaskWhole(**TaskOut.values(session, task), fields=fields_of(form, context), reason=task.reason)


class Done(Out):
    """What a verb on a task left behind."""

    id: str
    state: State
    progress: str
    holder: str | None
    version: int

    @classmethod
    def of(cls, task: Task) -> "Done":
        """Write down where the task stands now."""
        values: dict[str, Any] = {name: getattr(task, name) for name in ("id", "state", "progress", "version")}
        return cls(**values, holder=task.holder_title)


@table.post("/tasks/<key:id>/claim", answer=Done)
def claim_task(session: Session, actor: Actor, id: str) -> Done:
    """Take a task that is offered to you."""
    task = one(session, Task.visible_to(actor), Task.id, id)
    tasks.claim(session, task, actor=actor)
    return Done.of(task)


@table.post("/tasks/<key:id>/release", answer=Done)
def release_task(session: Session, actor: Actor, id: str) -> Done:
    """Give a task back to those it is offered to; the draft stays."""
    task = one(session, Task.visible_to(actor), Task.id, id)
    tasks.release(session, task, actor=actor)
    return Done.of(task)


class Completion(In):
    """The answers to the task's form, by field key."""

    answers: Values = Field(default_factory=dict)


@table.post("/tasks/<key:id>/completion", answer=Done, body=Completion)
def complete_task(session: Session, actor: Actor, id: str, *, body: Completion) -> Done:
    """Complete a task with the answers to its form."""
    task = one(session, Task.visible_to(actor), Task.id, id)
    tasks.complete(session, task, actor=actor, answers=body.answers)
    return Done.of(task)


class Delegation(In):
    """Whom to ask for help, until when, and with what."""

    to: Annotated[Key, Field(description="The person asked.")]
    due: date | None = None
    note: Reason


@table.post("/tasks/<key:id>/delegation", answer=Done, body=Delegation)
def delegate_task(session: Session, actor: Actor, id: str, *, body: Delegation) -> Done:
    """Ask somebody to do the work; you stay answerable and complete it."""
    task = one(session, Task.visible_to(actor), Task.id, id)
    to = session.get(Person, body.to)
    if to is None:
        raise Invalid({"to": "not_a_colleague"}, reason="not_a_colleague")
    due_at = close_of(body.due) if body.due else None
    tasks.delegate(session, task, actor=actor, to=to, due_at=due_at, note=body.note)
    return Done.of(task)


class Return(In):
    """What has to be mended."""

    remarks: Reason


@table.post("/tasks/<key:id>/return", answer=Done, body=Return)
def return_task(session: Session, actor: Actor, id: str, *, body: Return) -> Done:
    """Send the work back to whoever handed it in, with remarks."""
    task = one(session, Task.visible_to(actor), Task.id, id)
    tasks.return_(session, task, actor=actor, remarks=body.remarks)
    return Done.of(task)


class Remark(In):
    """A remark on a task, and who may read it."""

    text: Reason
    scope: Literal["organization", "parties"] = "parties"


class CommentOut(Out):
    """A remark as it stands on the task."""

    id: str
    text: str
    scope: str
    at: datetime
    author: str

    @classmethod
    def of(cls, comment: Comment) -> "CommentOut":
        """Write a remark down."""
        return cls(id=comment.id, text=comment.text, scope=comment.scope, at=comment.at, author=comment.author)


@table.post("/tasks/<key:id>/comments", answer=CommentOut, body=Remark, status=201)
def comment_on_task(session: Session, actor: Actor, id: str, *, body: Remark) -> CommentOut:
    """Say something about a task."""
    task = one(session, Task.visible_to(actor), Task.id, id)
    return CommentOut.of(tasks.comment(session, task, actor=actor, text=body.text, scope=body.scope))
