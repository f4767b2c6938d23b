"""The selects of the inbox and of a task's page, each made so that one index answers it; none runs itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute

from models.audit import AuditEntry
from models.orders import Order, Watch
from models.organizations import Holder, Organization, Post, PostRole
from models.permissions import Actor
from models.tasks import FAR, Attachment, Comment, SavedView, Submission, Task
from models.text import fold
from models.users import Person
from webapp.tasks.filters import DUES, Filters, Moments

PAGE = 50
MOST_COUNTED = 1000
MOST_TOLD = 200
Conditions = Sequence[ColumnElement[bool]]

# What a line of the inbox shows; the order of the columns is that of a union.
LINE: tuple[InstrumentedAttribute[Any], ...] = (
    Task.id, Task.title, Task.order_number, Task.part, Task.place, Task.holder_id, Task.holder_title, Task.helper_id,
    Task.helper_title, Task.progress, Task.state, Task.due_at, Task.due_sort, Task.closed_at, Task.opened_at,
    Task.comments, Task.files, Task.drafted, Task.urged_at,
)  # fmt: skip


def branches(actor: Actor, filters: Filters) -> list[Conditions]:
    """Return the view as sets of conditions, each answered by one index: an OR over two indexes uses none."""
    is_open = Task.state == "open"
    me, ours = actor.person_id, actor.organization_id
    if filters.view == "mine":
        here = () if filters.posts == "all" else (Task.organization_id == ours,)
        return [
            (Task.holder_id == me, is_open, *here),
            (Task.helper_id == me, is_open, or_(Task.holder_id.is_(None), Task.holder_id != me)),
            (Task.offered_to_id == me, is_open, Task.holder_id.is_(None), Task.helper_id.is_(None)),
        ]
    if filters.view == "given":
        return [(Task.assigner_id == ours, is_open)]
    if filters.view == "watched":
        followed = select(Watch.order_id).join(Order, Order.id == Watch.order_id)
        followed = followed.where(Watch.person_id == me, Order.is_visible_to(actor))
        return [(Task.order_id.in_(followed), is_open)]
    if filters.view == "done":
        return [(Task.holder_id == me, Task.state == "completed")]
    for_us = or_(
        and_(Task.offered_to_id.is_(None), or_(Task.role.is_(None), Task.role.in_(sorted(actor.roles)))),
        Task.offered_to_id == me,
    )
    part = (Task.part == "coordinating",) if filters.view == "coordinating" else ()
    return [(Task.organization_id == ours, is_open, for_us, *part)]


def narrowing(filters: Filters, moments: Moments) -> list[ColumnElement[bool]]:
    """Return the conditions of everything chosen beside the view."""
    chosen: list[ColumnElement[bool]] = []
    if filters.due:
        chosen.append(due_is(filters.due, moments))
    if filters.order:
        chosen.append(Task.order_id == filters.order)
    if filters.organization:
        chosen.append(Task.organization_id == filters.organization)
    if filters.part:
        chosen.append(Task.part == filters.part)
    if words := fold(filters.q):
        chosen.append(Task.search.contains(words, autoescape=True))
    return chosen


def due_is(code: str, moments: Moments) -> ColumnElement[bool]:
    """Return the condition of a deadline state as a range of the sort column."""
    edges = (None, moments.now, moments.tomorrow, moments.soon_ends, FAR, None)
    place = DUES.index(code)
    first, last = edges[place], edges[place + 1]
    return and_(*([Task.due_sort >= first] if first else []), *([Task.due_sort < last] if last else []))


def _sorting(filters: Filters) -> tuple[list[ColumnElement[Any]], bool]:
    """Return what a list is sorted by, and whether the newest comes first."""
    if filters.view == "done":
        return [Task.closed_at, Task.id], True  # type: ignore[list-item]
    if filters.sort == "newest":
        return [Task.id], True  # type: ignore[list-item]
    if filters.sort == "order":
        return [func.coalesce(Task.order_number, ""), Task.due_sort, Task.id], False  # type: ignore[list-item]
    return [Task.due_sort, Task.id], False  # type: ignore[list-item]


def keys_of(task_id: str, filters: Filters) -> Select[Any]:
    """Select where a task stands in a list: what the next page begins after."""
    return select(*_sorting(filters)[0]).where(Task.id == task_id)


def lines(
    actor: Actor, filters: Filters, moments: Moments, *, after: Sequence[Any] = (), limit: int = PAGE + 1
) -> Select[Any]:
    """Select one page of a list and one line more."""
    sorting, newest = _sorting(filters)
    chosen = narrowing(filters, moments)
    if after:
        here, there = (
            tuple_(*sorting),
            tuple_(*(literal(value, key.type) for key, value in zip(sorting, after, strict=True))),
        )
        chosen.append(here < there if newest else here > there)
    keys = [key.desc() for key in sorting] if newest else sorting
    parts = [
        select(*LINE, *(key.label(f"key_{n}") for n, key in enumerate(sorting)))
        .where(*branch, *chosen)
        .order_by(*keys)
        .limit(limit)
        for branch in branches(actor, filters)
    ]
    if len(parts) == 1:
        return parts[0]
    whole = union_all(*(select(part.subquery()) for part in parts)).subquery()
    merged = [whole.c[f"key_{n}"] for n in range(len(sorting))]
    return select(whole).order_by(*(key.desc() if newest else key for key in merged)).limit(limit)


def counted(actor: Actor, filters: Filters, moments: Moments, *more: ColumnElement[bool]) -> ColumnElement[int]:
    """Return the number of tasks in a list as an expression, exact below the most that is counted."""
    chosen = [*narrowing(filters, moments), *more]
    parts = [_number(select(Task.id).where(*branch, *chosen)) for branch in branches(actor, filters)]
    total: Any = parts[0]
    for part in parts[1:]:
        total = total + part
    return total  # type: ignore[no-any-return]


def _number(query: Select[Any]) -> ScalarSelect[int]:
    return select(func.count()).select_from(query.limit(MOST_COUNTED).subquery()).scalar_subquery()


def saved_views(actor: Actor) -> Select[SavedView]:
    """Select the saved lists an actor sees."""
    return SavedView.visible_to(actor)


def waiting_for(post: Post, *, at: datetime) -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    """Return how much waits for a post, and how much of that is late."""
    roles = select(PostRole.role).where(PostRole.post_id == post.id)
    waits = select(Task.id).where(
        Task.organization_id == post.organization_id,
        Task.state == "open",
        or_(Task.role.is_(None), Task.role.in_(roles)),
    )
    return _number(waits), _number(waits.where(Task.due_sort < at))


def orders_in(actor: Actor) -> Select[str, str | None, str]:
    """Select the numbered orders an actor may choose among, the newest first."""
    return (
        select(Order.id, Order.number, Order.title)
        .where(Order.is_visible_to(actor), Order.number.is_not(None))
        .order_by(Order.id.desc())
        .limit(100)
    )


def organizations_given_work(actor: Actor) -> Select[str, str]:
    """Select the bodies that hold open work the actor's organization gave out."""
    held = select(Task.organization_id).where(Task.assigner_id == actor.organization_id, Task.state == "open")
    query = select(Organization.id, Organization.name).where(Organization.id.in_(held))
    return query.order_by(Organization.name_sort).limit(200)


def colleagues(organization_id: str | None, *, role: str | None, at: datetime) -> Select[str, str, str]:
    """Select (person, name, title of the post) of who holds a post in an organization, with a role if one is named."""
    query = (
        select(Person.id, Person.name, Post.name.label("post"))
        .join(Holder, Holder.person_id == Person.id)
        .join(Post, Post.id == Holder.post_id)
        .where(Post.organization_id == organization_id, Holder.valid_at(at), Person.disabled_at.is_(None))
        .order_by(Post.is_head.desc(), Post.name_sort, Person.id)
    )
    if role is not None:
        query = query.where(Post.id.in_(select(PostRole.post_id).where(PostRole.role == role)))
    return query


def origin_of(task: Task) -> Select[Order, str]:
    """Select the order of a task with the name of the body that gave the work."""
    giver = Organization.id == task.assigner_id
    return select(Order, Organization.name).outerjoin(Organization, giver).where(Order.id == task.order_id)


def history_of(task_id: str) -> Select[AuditEntry, str, str]:
    """Select (entry, title of the post, name of its body) of what happened to a task, oldest first."""
    return (
        select(AuditEntry, Post.name, Organization.name)
        .outerjoin(Post, Post.id == AuditEntry.post_id)
        .outerjoin(Organization, Organization.id == Post.organization_id)
        .where(AuditEntry.subject_id == task_id)
        .order_by(AuditEntry.seq)
        .limit(MOST_TOLD)
    )


def comments_on(actor: Actor, task_id: str) -> Select[Any]:
    """Select the remarks on a task the actor may read: those to all parties, and those inside its organization."""
    readable = or_(Comment.scope == "parties", Comment.organization_id == actor.organization_id)
    return select(Comment).where(Comment.task_id == task_id, readable).order_by(Comment.at, Comment.id)


def files_of(task_id: str) -> Select[Any]:
    """Select the files of a task."""
    return (
        select(Attachment)
        .where(Attachment.task_id == task_id, Attachment.removed_at.is_(None))
        .order_by(Attachment.at, Attachment.id)
    )


def sent_before(task: Task) -> Select[Any]:
    """Select the versions in which a step of an instance was sent, oldest first."""
    return (
        select(Submission.at, Submission.answers)
        .where(Submission.instance_id == task.instance_id, Submission.element == task.element)
        .order_by(Submission.at, Submission.id)
        .limit(10)
    )


def attachment_seen_by(actor: Actor, id: str) -> Select[Any]:
    """Select a file by its key if the actor sees the task or the order it was handed in for."""
    tasks = Task.visible_to(actor).with_only_columns(Task.id)
    orders = select(Order.id).where(Order.is_visible_to(actor))
    seen = or_(Attachment.task_id.in_(tasks), Attachment.order_id.in_(orders))
    return select(Attachment).where(Attachment.id == id, Attachment.removed_at.is_(None), seen)
