"""Sessions of browsers: opened, kept alive while used, moved to another post, and really ended."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session, contains_eager

from engine.audit import Fact, record
from engine.clock import now
from engine.organizations import actor_for, require_manager
from models.base import new_id
from models.errors import NotAllowed, Rejected
from models.permissions import Actor
from models.users import Person, WebSession

_SEEN_EVERY = timedelta(minutes=1)
_LIVE = WebSession.ended_at.is_(None)
_OF_TOKEN = (
    select(WebSession)
    .join(WebSession.person)
    .options(contains_eager(WebSession.person))
    .where(WebSession.token_hash == bindparam("hash"), _LIVE, Person.disabled_at.is_(None))
)


class NotSignedIn(Rejected):
    """No valid session or token."""

    status = 401


@dataclass(frozen=True, slots=True)
class Policy:
    """How long a browser stays signed in: without use, and in all; longer on a device a person calls its own."""

    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)
    trusted_idle: timedelta = timedelta(hours=12)
    trusted_absolute: timedelta = timedelta(days=30)


def open_session(
    session: Session,
    person: Person,
    *,
    post_id: str | None = None,
    device: str | None = None,
    trusted: bool = False,
    channel: str = "web",
) -> str:
    """Open a session of a browser and return its token, of which only the hash is stored."""
    token, at = secrets.token_urlsafe(32), now(session)
    row = WebSession(
        id=new_id(),
        token_hash=hash_of(token),
        person_id=person.id,
        post_id=post_id or person.last_post_id,
        created_at=at,
        seen_at=at,
        device=device and device[:200],
        trusted=trusted,
    )
    session.add(row)
    record(session, Actor(person.id, row.post_id, None, channel=channel), Fact.SESSION_OPENED, row)
    return token


def session_of(session: Session, token: str, *, policy: Policy = Policy()) -> WebSession:
    """Return the session of a token with its person; NotSignedIn when it ended, was idle too long or is too old."""
    row = session.scalar(_OF_TOKEN, {"hash": hash_of(token)})
    if row is None or _is_over(row, now(session), policy):
        raise NotSignedIn("session_over")
    return row


def is_stale(row: WebSession, at: datetime) -> bool:
    """Tell whether `seen` should be called: it is written once a minute at most."""
    return at - row.seen_at >= _SEEN_EVERY


def seen(session: Session, session_id: str) -> None:
    """Note that a session was used now; harmless when repeated."""
    recent = WebSession.seen_at < now(session)
    session.execute(update(WebSession).where(WebSession.id == session_id, recent, _LIVE).values(seen_at=now(session)))


def choose_post(session: Session, row: WebSession, *, post_id: str, actor: Actor) -> Actor:
    """Act as another post from now on; it is offered again at the next sign-in. Returns the actor it makes."""
    if actor.person_id != row.person_id:
        raise NotAllowed("not_your_session")
    chosen = actor_for(
        session,
        row.person_id,
        post_id,
        channel=actor.channel,
        request_id=actor.request_id,
        locale=actor.locale,
    )
    row = session.get_one(WebSession, row.id)
    before, row.post_id = row.post_id, post_id
    row.person.last_post_id = post_id
    record(session, chosen, Fact.POST_CHOSEN, row, before={"post": before}, after={"post": post_id})
    return chosen


def end_session(session: Session, row: WebSession, *, actor: Actor) -> None:
    """Sign out one browser, really: its token is worth nothing afterwards."""
    if actor.person_id != row.person_id:
        require_manager(actor)
    row = session.get_one(WebSession, row.id)
    if row.ended_at is None:
        row.ended_at = now(session)
        record(session, actor, Fact.SESSION_ENDED, row)


def end_sessions(session: Session, person: Person, *, actor: Actor, but: str | None = None) -> int:
    """Sign out every browser of a person, except one if asked; returns how many."""
    if actor.person_id != person.id:
        require_manager(actor)
    rows = session.scalars(select(WebSession).where(WebSession.person_id == person.id, _LIVE, WebSession.id != but))
    ended = 0
    for row in rows:
        row.ended_at = now(session)
        ended += 1
        record(session, actor, Fact.SESSION_ENDED, row)
    return ended


def _is_over(row: WebSession, at: datetime, policy: Policy) -> bool:
    idle = policy.trusted_idle if row.trusted else policy.idle
    absolute = policy.trusted_absolute if row.trusted else policy.absolute
    return at - row.seen_at > idle or at - row.created_at > absolute


def hash_of(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
