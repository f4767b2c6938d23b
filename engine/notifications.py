"""Notices to people, and the e-mails made from them: written by acts, turned into letters and sent by the sweep."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from engine import routing
from engine.audit import plain
from engine.clock import now
from models.base import insert_row
from models.notifications import Mail, Notification, NotificationRead
from models.permissions import Actor
from models.tasks import Task, TaskPost
from models.users import Person

MOST_TRIES = 20
MANY = 100
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)

# (notice, locale) -> (subject, body)
Writer = Callable[[Notification, str], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail that is due to be sent."""

    id: str
    to: str
    subject: str
    body: str


def notify(
    session: Session,
    fact: str,
    *,
    person_id: str | None = None,
    organization_id: str | None = None,
    role: str | None = None,
    task: Task | None = None,
    task_id: str | None = None,
    order_id: str | None = None,
    **facts: Any,
) -> str:
    """Leave word for a person, or for whoever has a role (or any post) in an organization; one insert, no query."""
    return insert_row(
        session,
        Notification,
        person_id=person_id,
        organization_id=organization_id,
        role=role,
        fact=str(fact),
        facts={name: plain(value) for name, value in facts.items() if value is not None},
        task_id=task.id if task else task_id,
        order_id=order_id or (task.order_id if task else None),
        at=now(session),
    )


def unread(session: Session, actor: Actor) -> int:
    """Count the notices to the actor since it last read them, as far as 100: who has more is told no number."""
    return session.scalar(_unread_by(actor)) or 0


@lru_cache(maxsize=1000)
def _unread_by(actor: Actor) -> Select[int]:
    # Kept for each who asks: every page asks, and making this statement costs more than running it.
    until = select(NotificationRead.until).where(NotificationRead.person_id == actor.person_id).scalar_subquery()
    mine = Notification.visible_to(actor).where(or_(until.is_(None), Notification.at > until)).limit(MANY)
    return select(func.count()).select_from(mine.subquery())


def mark_read(session: Session, *, actor: Actor) -> None:
    """Note that the actor has read its notices up to now; again is harmless."""
    if actor.person_id is not None:
        session.merge(NotificationRead(person_id=actor.person_id, until=now(session)))


def set_writer(writer: Writer) -> None:
    """Say who makes sentences of notices: `webapp/text.py`, at start."""
    global _writer
    _writer = writer


def write_mails(session: Session, limit: int = 200) -> int:
    """Make the e-mails of notices that have none yet, for everybody concerned who has an address; returns how many."""
    due = select(Notification).where(Notification.mailed_at.is_(None)).order_by(Notification.id).limit(limit)
    notices = session.scalars(due.with_for_update(skip_locked=True)).all()
    if not notices:
        return 0
    written = 0
    if session.scalar(select(Person.id).where(Person.email.is_not(None)).limit(1)) is not None:
        kinds = _kinds_of(session, notices)
        readers = _readers(session, notices, kinds)
        for notice in notices:
            for address, locale in sorted(readers[_audience(notice, kinds)]):
                subject, body = _writer(notice, locale)
                session.add(Mail(notification_id=notice.id, to=address, subject=subject[:300], body=body,
                                 written_at=now(session)))  # fmt: skip
                written += 1
    session.execute(
        update(Notification)
        .where(Notification.id.in_([notice.id for notice in notices]))
        .values(mailed_at=now(session))
        .execution_options(synchronize_session=False)
    )
    return written


def claim_mails(session: Session, limit: int = 20) -> list[Letter]:
    """Take letters that are due, so that nobody else sends them for a while; commit, send, then `record_sent`.

    A sender that dies in between leaves them to be taken again: they arrive at least once. Nobody gets a letter before
    an earlier one: of each address only the first that has not left is taken.
    """
    at = now(session)
    first = select(func.min(Mail.id)).where(Mail.sent_at.is_(None), Mail.tries < MOST_TRIES).group_by(Mail.to)
    due = (
        select(Mail)
        .where(Mail.id.in_(first), or_(Mail.next_try_at.is_(None), Mail.next_try_at <= at))
        .order_by(Mail.id)
        .limit(limit)
    )
    mails = session.scalars(due.with_for_update(skip_locked=True)).all()
    for mail in mails:
        mail.next_try_at = at + min(_FIRST_WAIT * 2**mail.tries, _LONGEST_WAIT)
        mail.tries += 1
    return [Letter(mail.id, mail.to, mail.subject, mail.body) for mail in mails]


def record_sent(session: Session, mail_id: str) -> None:
    """Note that a letter was taken by the mail server."""
    mail = session.get_one(Mail, mail_id)
    mail.sent_at, mail.last_error = now(session), None


def record_failure(session: Session, mail_id: str, error: str) -> None:
    """Note why a letter was not taken; it is tried again later, each time after a longer wait."""
    session.get_one(Mail, mail_id).last_error = error[:1000]


def _plain_words(notice: Notification, locale: str) -> tuple[str, str]:
    said = "\n".join(f"{name}: {value}" for name, value in notice.facts.items())
    return f"Liên Thông: {notice.facts.get('title', notice.fact)}", f"{notice.fact}\n{said}\n"


_writer: Writer = _plain_words

_Audience = tuple[str | None, str | None, str | None, tuple[str, ...]]
_Kinds = Mapping[str | None, tuple[str, ...]]


def _audience(notice: Notification, kinds: _Kinds) -> _Audience:
    return notice.person_id, notice.organization_id, notice.role, kinds.get(notice.task_id, ())


def _kinds_of(session: Session, notices: Iterable[Notification]) -> _Kinds:
    """Return the kinds of posts that may take the tasks of the notices besides their role, by task."""
    tasks = {notice.task_id for notice in notices}
    query = select(TaskPost).where(TaskPost.task_id.in_(tasks)).order_by(TaskPost.task_id, TaskPost.kind)
    found = groupby(session.scalars(query), lambda one: one.task_id)
    return {task: tuple(one.kind for one in posts) for task, posts in found}


def _readers(session: Session, notices: Iterable[Notification], kinds: _Kinds) -> dict[_Audience, set[tuple[str, str]]]:
    """Return (address, locale) of those who have an address, for each audience of the notices."""
    persons = {
        audience: [audience[0]] if audience[0] else routing.holders_of(session, *audience[1:])
        for audience in {_audience(notice, kinds) for notice in notices}
    }
    wanted = {person for found in persons.values() for person in found}
    rows = session.execute(
        select(Person.id, Person.email, Person.locale).where(
            Person.id.in_(wanted), Person.email.is_not(None), Person.disabled_at.is_(None)
        )
    )
    known = {row.id: (row.email, row.locale) for row in rows}
    return {audience: {known[person] for person in found if person in known} for audience, found in persons.items()}
