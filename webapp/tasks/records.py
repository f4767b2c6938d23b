"""The selects of one task's page: where it came from, what happened, what was said and sent, who else may do it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select

from engine.routing import of_kinds
from models.assignments import Assignment
from models.audit import AuditEntry
from models.instances import Instance
from models.orders import Order
from models.organizations import Holder, Organization, Post
from models.permissions import Actor
from models.tasks import OWN, Attachment, Comment, Submission, Task
from models.users import Person

MOST_TOLD = 200
MOST_SENT = 60


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


def sent_around(task: Task) -> Select[Any]:
    """Select what was sent in a task's own process and by those its share was given to, oldest first.

    What only another organization sees is left out.
    """
    given = select(Assignment.id).where(Assignment.order_id == task.order_id)
    if task.assignment_id is not None:
        given = given.where(Assignment.parent_id == task.assignment_id)
    else:
        given = given.where(Assignment.parent_id.is_(None))
    related = Submission.instance_id == task.instance_id
    if task.order_id is not None:
        related = or_(related, Submission.assignment_id.in_(given))
    newest = (
        _sent()
        .where(related, Submission.task_id != task.id)
        .where(or_(Task.seen_by != OWN, Task.organization_id == task.organization_id))
        .order_by(Submission.at.desc(), Submission.id.desc())
        .limit(MOST_SENT)
        .subquery()
    )
    return select(newest).order_by(newest.c.at)


def sent_as(submissions: Collection[str]) -> Select[Any]:
    """Select what was sent, by its keys, oldest first."""
    return _sent().where(Submission.id.in_(submissions)).order_by(Submission.at, Submission.id)


def _sent() -> Select[Any]:
    return (
        select(
            Submission.id,
            Submission.instance_id,
            Submission.element,
            Submission.answers,
            Submission.at,
            Task.title,
            Task.form,
            Task.place,
            Task.closed_title,
            Instance.definition_id,
        )
        .join(Task, Task.id == Submission.task_id)
        .join(Instance, Instance.id == Submission.instance_id)
    )


def attachment_seen_by(actor: Actor, id: str) -> Select[Any]:
    """Select a file by its key if the actor sees the task or the order it was handed in for."""
    tasks = Task.visible_to(actor).with_only_columns(Task.id)
    orders = select(Order.id).where(Order.is_visible_to(actor))
    seen = or_(Attachment.task_id.in_(tasks), and_(Attachment.order_id.in_(orders), Attachment.is_shared()))
    return select(Attachment).where(Attachment.id == id, Attachment.removed_at.is_(None), seen)


def colleagues(organization_id: str | None, *, kinds: Sequence[str], at: datetime) -> Select[str, str, str]:
    """Select (person, name, title of the post) of who holds a post in an organization, of some kind if any is named."""
    query = (
        select(Person.id, Person.name, Post.name.label("post"))
        .join(Holder, Holder.person_id == Person.id)
        .join(Post, Post.id == Holder.post_id)
        .where(Post.organization_id == organization_id, Holder.valid_at(at), Person.disabled_at.is_(None))
        .order_by(Post.is_head.desc(), Post.name_sort, Person.id)
    )
    return query.where(of_kinds(kinds)) if kinds else query
