"""Waiting user tasks as the rows of the inbox, with drafts, submissions, comments, files and saved views."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, Text, UniqueConstraint, and_, exists, false, or_, select, text
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship
from sqlalchemy.sql import ColumnElement

from models.base import Base, Json, Key, Keyed
from models.instances import Instance
from models.permissions import Actor, Permission

FAR = datetime(9999, 1, 1, tzinfo=UTC)
OWN = "organization"  # only the organization that has a task sees it


class Task(Keyed, Base):
    """A user task that waits or once waited; the row holds all an inbox line shows."""

    __tablename__ = "tasks"
    instance_id: Mapped[str] = mapped_column(ForeignKey("instances.id"), index=True)
    key: Mapped[str] = mapped_column(String(64))
    process_id: Mapped[str] = mapped_column(String(100))
    element: Mapped[str] = mapped_column(String(200))
    form: Mapped[str | None] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(500))
    search: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(12), default="open")  # open, completed, cancelled, handed_over
    progress: Mapped[str] = mapped_column(String(20), default="chua_thuc_hien")
    role: Mapped[str | None] = mapped_column(String(40))
    organization_id: Mapped[str | None] = mapped_column(ForeignKey("organizations.id"))
    offered_to_id: Mapped[str | None] = mapped_column(Key)
    assigner_id: Mapped[str | None] = mapped_column(Key)
    order_id: Mapped[str | None] = mapped_column(ForeignKey("orders.id"))
    order_number: Mapped[str | None] = mapped_column(String(60))
    assignment_id: Mapped[str | None] = mapped_column(ForeignKey("assignments.id"), index=True)
    part: Mapped[str | None] = mapped_column(String(20))
    area_id: Mapped[str | None] = mapped_column(Key)
    place: Mapped[str] = mapped_column(String(300), default="")
    reason: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)

    holder_id: Mapped[str | None] = mapped_column(Key)
    holder_title: Mapped[str | None] = mapped_column(String(300))
    claimed_at: Mapped[datetime | None]
    helper_id: Mapped[str | None] = mapped_column(Key)
    helper_title: Mapped[str | None] = mapped_column(String(300))
    helper_due_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    due_sort: Mapped[datetime] = mapped_column(default=FAR)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(Key)
    closed_title: Mapped[str | None] = mapped_column(String(300))
    urged_at: Mapped[datetime | None]
    # The next reminder of an open task; the sweep moves it on (domain.md, X-LATE).
    remind_at: Mapped[datetime | None]
    remind_step: Mapped[int] = mapped_column(default=0)
    comments: Mapped[int] = mapped_column(default=0)
    files: Mapped[int] = mapped_column(default=0)
    drafted: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    # Who sees it with its form, answers and files: the parties of its order, or the organization that has it.
    seen_by: Mapped[str] = mapped_column(String(12), default="parties", server_default="parties")
    instance: Mapped[Instance] = relationship()
    posts: Mapped[list["TaskPost"]] = relationship(cascade="all, delete-orphan")

    __table_args__ = (
        UniqueConstraint("instance_id", "key"),
        # With all that a count asks: a row fetched for each of ten thousand tasks is what makes an inbox slow.
        Index("ix_tasks_inbox", "organization_id", "state", "due_sort", "id", "offered_to_id", "role", "part"),
        Index("ix_tasks_holder", "holder_id", "state", "due_sort", "id"),
        Index("ix_tasks_helper", "helper_id", "state"),
        Index("ix_tasks_offered", "offered_to_id", "state", "due_sort"),
        Index("ix_tasks_assigner", "assigner_id", "state", "due_sort", "id", "seen_by", "organization_id"),
        Index("ix_tasks_order", "order_id", "state"),
        Index(
            "ix_tasks_remind",
            "remind_at",
            sqlite_where=text("state = 'open' AND remind_at IS NOT NULL"),
            postgresql_where=text("state = 'open' AND remind_at IS NOT NULL"),
        ),
    )

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @classmethod
    def offered_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition that the work is offered to the actor, by role or by name (house: deny by default)."""
        by_role = and_(
            cls.organization_id == actor.organization_id,
            cls.offered_to_id.is_(None),
            or_(cls.role.is_(None), cls.role.in_(sorted(actor.roles)), TaskPost.fits(cls.id, sorted(actor.kinds))),
        )
        return or_(by_role, and_(cls.organization_id == actor.organization_id, cls.offered_to_id == actor.person_id))

    @classmethod
    def held_by(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition that the actor holds the work of its body or was asked to help with it."""
        mine = or_(cls.holder_id == actor.person_id, cls.helper_id == actor.person_id)
        return and_(cls.organization_id == actor.organization_id, mine)

    @classmethod
    def visible_to(cls, actor: Actor) -> Select["Task"]:
        """Select the tasks an actor may see: its organization's, and those of orders it takes part in.

        What a diagram shows to its organization alone is seen by nobody else, but for who reads everything.
        """
        from models.orders import Order

        if Permission.EVERYTHING_READ in actor.grants or actor.is_system:
            return select(cls)
        orders = select(Order.id).where(Order.is_visible_to(actor))
        of_order = and_(cls.order_id.in_(orders), cls.seen_by != OWN)
        return select(cls).where(or_(cls.organization_id == actor.organization_id, of_order))

    @classmethod
    def hides(cls, task_id: Any, actor: Actor) -> ColumnElement[bool]:
        """Return the condition that something belongs to a task that only another organization sees."""
        if Permission.EVERYTHING_READ in actor.grants or actor.is_system:
            return false()
        task = aliased(cls)
        theirs = or_(task.organization_id.is_(None), task.organization_id != actor.organization_id)
        return exists().where(task.id == task_id, task.seen_by == OWN, theirs)


class TaskPost(Base):
    """A kind of posts that may take a task besides those with its role, within its organization: a role, or `head`."""

    __tablename__ = "task_posts"
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)

    @classmethod
    def fits(cls, task_id: Any, kinds: Any) -> ColumnElement[bool]:
        """Return the condition that a task may be taken by one of the kinds of posts."""
        return exists().where(cls.task_id == task_id, cls.kind.in_(kinds))


class Draft(Base):
    """What somebody typed and has not sent: private, one per person and task."""

    __tablename__ = "drafts"
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    saved_at: Mapped[datetime]


class Submission(Keyed, Base):
    """The clean answers of one completed task: the version of a report, never changed."""

    __tablename__ = "submissions"
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"), index=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instances.id"))
    assignment_id: Mapped[str | None] = mapped_column(Key, index=True)
    order_id: Mapped[str | None] = mapped_column(Key, index=True)
    element: Mapped[str] = mapped_column(String(200))
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime]
    person_id: Mapped[str | None] = mapped_column(Key)
    post_id: Mapped[str | None] = mapped_column(Key)

    __table_args__ = (Index("ix_submissions_element", "instance_id", "element", "at"),)


class Comment(Keyed, Base):
    """A remark on a task: append-only; `scope` is the own organization or all parties."""

    __tablename__ = "comments"
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    scope: Mapped[str] = mapped_column(String(12), default="parties")
    at: Mapped[datetime]
    person_id: Mapped[str | None] = mapped_column(Key)
    author: Mapped[str] = mapped_column(String(300))
    organization_id: Mapped[str | None] = mapped_column(Key)
    replaces_id: Mapped[str | None] = mapped_column(Key)


class Attachment(Keyed, Base):
    """A file handed in with a task; the bytes lie in the file store under their SHA-256."""

    __tablename__ = "attachments"
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"), index=True)
    assignment_id: Mapped[str | None] = mapped_column(Key, index=True)
    order_id: Mapped[str | None] = mapped_column(Key, index=True)
    name: Mapped[str] = mapped_column(String(300))
    media_type: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    at: Mapped[datetime]
    person_id: Mapped[str | None] = mapped_column(Key)
    field: Mapped[str | None] = mapped_column(String(100))
    removed_at: Mapped[datetime | None]

    @classmethod
    def is_shared(cls) -> ColumnElement[bool]:
        """Return the condition that a file is shown outside its task: not where its organization alone sees that."""
        return ~exists().where(Task.id == cls.task_id, Task.seen_by == OWN)


class SavedView(Keyed, Base):
    """A named list of tasks or of the log: its query string, owned by a person, an organization or everyone."""

    __tablename__ = "saved_views"
    person_id: Mapped[str | None] = mapped_column(Key, index=True)
    organization_id: Mapped[str | None] = mapped_column(Key, index=True)
    name: Mapped[str] = mapped_column(String(100))
    query: Mapped[str] = mapped_column(String(1000))
    position: Mapped[int] = mapped_column(default=0)
    page: Mapped[str] = mapped_column(String(10), default="tasks", server_default="tasks")  # tasks, audit

    @classmethod
    def visible_to(cls, actor: Actor) -> Select["SavedView"]:
        """Select one's own views, those of one's organization, and everyone's."""
        return (
            select(cls)
            .where(
                or_(
                    cls.person_id == actor.person_id,
                    and_(cls.person_id.is_(None), cls.organization_id == actor.organization_id),
                    and_(cls.person_id.is_(None), cls.organization_id.is_(None)),
                )
            )
            .order_by(cls.position, cls.id)
        )
