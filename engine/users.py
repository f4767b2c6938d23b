"""Commands on persons: accounts, signing in with a throttle, sessions of browsers, tokens and substitutes."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from engine.audit import Fact, record
from engine.clock import now
from engine.organizations import actor_for
from models.base import new_id
from models.errors import Invalid, NotAllowed, NotFound, Rejected, WrongState
from models.organizations import Post
from models.permissions import SYSTEM, Actor, Permission, may
from models.text import nfc
from models.users import ApiToken, Person, SignInAttempt, Substitution, WebSession

TOKEN_PREFIX = "lt_"  # noqa: S105
LONGEST_WAIT = timedelta(minutes=15)
_FIRST_WAIT = timedelta(seconds=10)
# Failures that are free: from one address to one account, to one account from anywhere, from one address (an office).
_FREE = (5, 20, 100)
_SEEN_EVERY = timedelta(minutes=1)
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,79}")
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_LIVE = WebSession.ended_at.is_(None)


class TooManyAttempts(Rejected):
    """Too many wrong passwords: facts say how many `seconds` to wait."""

    status = 429


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


@dataclass(frozen=True, slots=True)
class Credentials:
    """What is needed to check a password outside the transaction; empty for a login that does not exist."""

    login: str
    address: str
    person_id: str | None
    password_hash: str | None


def add_person(
    session: Session,
    login: str,
    *,
    actor: Actor,
    name: str,
    password_hash: str | None = None,
    email: str | None = None,
    locale: str = "vi",
) -> Person:
    """Add an account; without a hash (`passwords.hash_password`, made before) it cannot sign in by password."""
    _require_right(actor)
    if not _LOGIN.fullmatch(login):
        raise Invalid({"login": "login_form"}, reason="login_form")
    if session.scalar(select(Person.id).where(Person.login == login)) is not None:
        raise Invalid({"login": "login_taken"}, reason="login_taken")
    if email is not None and not _ADDRESS.fullmatch(email):
        raise Invalid({"email": "email_form"}, reason="email_form")
    person = Person(id=new_id(), login=login, password_hash=password_hash, email=email, locale=locale)
    person.rename(name, login)
    session.add(person)
    record(session, actor, Fact.PERSON_ADDED, person)
    return person


def set_password(session: Session, person: Person, *, actor: Actor, password_hash: str) -> None:
    """Change a password (one's own, or anybody's for an administrator) and end every session of the person."""
    if actor.person_id != person.id:
        _require_right(actor)
    person.password_hash = password_hash
    record(session, actor, Fact.PASSWORD_CHANGED, person)
    end_sessions(session, person, actor=actor)


def disable(session: Session, person: Person, *, actor: Actor, reason: str) -> None:
    """Close an account: its sessions and tokens end, what the person did stays."""
    _require_right(actor)
    if person.disabled_at is not None:
        raise WrongState("already_disabled", subject=person, at=person.disabled_at)
    person.disabled_at = now(session)
    record(session, actor, Fact.PERSON_DISABLED, person, reason=reason)
    end_sessions(session, person, actor=actor)


def credentials(session: Session, login: str, *, address: str) -> Credentials:
    """Return what a password is to be checked against; TooManyAttempts while this login or address has to wait.

    Signing in has three steps, so that no transaction waits for a hash: this (reading), then
    `passwords.check_password`, then `sign_in` or `record_failure` (writing).
    """
    login = nfc(login).strip().casefold()[:80]
    _require_patience(session, login, address)
    person = session.scalar(Person.by_login(login))
    if person is None or person.disabled_at is not None:
        return Credentials(login, address, None, None)
    return Credentials(login, address, person.id, person.password_hash)


def sign_in(session: Session, checked: Credentials, *, rehashed: str | None = None) -> Person:
    """Note that the password was right and return the person; guesses made at the same time do not slip through."""
    _require_patience(session, checked.login, checked.address)
    person = session.get(Person, checked.person_id) if checked.person_id else None
    if person is None or person.disabled_at is not None or person.password_hash != checked.password_hash:
        raise NotSignedIn("wrong_password")
    if rehashed is not None:
        person.password_hash = rehashed
    _note(session, checked, succeeded=True)
    return person


def record_failure(session: Session, checked: Credentials) -> None:
    """Note that the password was wrong."""
    _note(session, checked, succeeded=False)
    subject = session.get(Person, checked.person_id) if checked.person_id else None
    record(session, SYSTEM, Fact.SESSION_REFUSED, subject, refused=True)


def forget_attempts(session: Session) -> None:
    """Delete attempts that can no longer make anybody wait."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now(session) - timedelta(days=1)))


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
        token_hash=_hash(token),
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
    row = session.scalar(
        select(WebSession)
        .join(WebSession.person)
        .options(joinedload(WebSession.person))
        .where(WebSession.token_hash == _hash(token), _LIVE, Person.disabled_at.is_(None))
    )
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
        _require_right(actor)
    row = session.get_one(WebSession, row.id)
    if row.ended_at is None:
        row.ended_at = now(session)
        record(session, actor, Fact.SESSION_ENDED, row)


def end_sessions(session: Session, person: Person, *, actor: Actor, but: str | None = None) -> int:
    """Sign out every browser of a person, except one if asked; returns how many."""
    if actor.person_id != person.id:
        _require_right(actor)
    rows = session.scalars(select(WebSession).where(WebSession.person_id == person.id, _LIVE, WebSession.id != but))
    ended = 0
    for row in rows:
        row.ended_at = now(session)
        ended += 1
        record(session, actor, Fact.SESSION_ENDED, row)
    return ended


def create_token(session: Session, person: Person, post: Post, *, actor: Actor, label: str, days: int = 90) -> str:
    """Make a bearer token that acts as a post of the person; the text is shown once, only its hash is stored."""
    if actor.person_id != person.id:
        _require_right(actor)
    if not 1 <= days <= 366:
        raise Invalid({"days": "token_days"}, reason="token_days", longest=366)
    actor_for(session, person.id, post.id)
    text, at = TOKEN_PREFIX + secrets.token_urlsafe(32), now(session)
    row = ApiToken(
        id=new_id(),
        token_hash=_hash(text),
        person_id=person.id,
        post_id=post.id,
        label=nfc(label)[:100],
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    session.add(row)
    record(session, actor, Fact.TOKEN_CREATED, row, person=person.id, post=post.id, expires=row.expires_at)
    return text


def revoke_token(session: Session, row: ApiToken, *, actor: Actor) -> None:
    """Make a token worthless; again is harmless."""
    if actor.person_id != row.person_id:
        _require_right(actor)
    if row.revoked_at is None:
        row.revoked_at = now(session)
        record(session, actor, Fact.TOKEN_REVOKED, row)


def token_actor(session: Session, text: str, *, request_id: str | None = None) -> Actor:
    """Return who acts with a token; NotSignedIn when it is unknown, expired or revoked."""
    row = session.execute(
        select(ApiToken.person_id, ApiToken.post_id, Person.locale)
        .join(Person, Person.id == ApiToken.person_id)
        .where(
            ApiToken.token_hash == _hash(text),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now(session),
            Person.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        raise NotSignedIn("token_refused")
    return actor_for(session, row.person_id, row.post_id, channel="api", request_id=request_id, locale=row.locale)


def substitute(
    session: Session, post: Post, *, actor: Actor, absent: Person, by: Person, valid_from: datetime, valid_to: datetime
) -> Substitution:
    """Let one person act in another's post for some days; what it does is logged as B instead of A."""
    if actor.person_id != absent.id:
        _require_right(actor)
    if not valid_from < valid_to:
        raise Invalid({"valid_to": "ends_before_start"}, reason="ends_before_start")
    actor_for(session, absent.id, post.id)
    row = Substitution(
        id=new_id(),
        post_id=post.id,
        absent_id=absent.id,
        substitute_id=by.id,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    session.add(row)
    after = {"post": post.id, "absent": absent.id, "by": by.id, "from": valid_from, "to": valid_to}
    record(session, actor, Fact.SUBSTITUTION_ADDED, row, after=after)
    return row


def end_substitution(session: Session, row: Substitution, *, actor: Actor) -> None:
    """End a substitution now; again is harmless."""
    if actor.person_id != row.absent_id:
        _require_right(actor)
    if row.valid_to > now(session):
        row.valid_to = now(session)
        record(session, actor, Fact.SUBSTITUTION_ENDED, row)


def _is_over(row: WebSession, at: datetime, policy: Policy) -> bool:
    idle = policy.trusted_idle if row.trusted else policy.idle
    absolute = policy.trusted_absolute if row.trusted else policy.absolute
    return at - row.seen_at > idle or at - row.created_at > absolute


def _require_patience(session: Session, login: str, address: str) -> None:
    """Refuse an attempt that comes too early; a refused attempt is not noted, so a victim waits 15 minutes at most."""
    at = now(session)
    by_login, by_address = SignInAttempt.login == login, SignInAttempt.address == address
    waits = [_wait(session, at, by_login & by_address, _FREE[0])]
    waits += [_wait(session, at, by_login, _FREE[1]), _wait(session, at, by_address, _FREE[2])]
    longest = max(waits)
    if longest > timedelta():
        raise TooManyAttempts("too_many_attempts", seconds=int(longest.total_seconds()) + 1)


def _wait(session: Session, at: datetime, whose: ColumnElement[bool], free: int) -> timedelta:
    """Return how long is still to wait: 10 s after the free failures, doubled with each, until a success."""
    recent = whose & (SignInAttempt.at > at - 2 * LONGEST_WAIT)
    good = select(func.max(SignInAttempt.at)).where(recent, SignInAttempt.succeeded).scalar_subquery()
    failed = (
        select(func.count(), func.max(SignInAttempt.at))
        .where(recent, SignInAttempt.succeeded.is_(False))
        .where(or_(good.is_(None), SignInAttempt.at > good))
    )
    count, last = session.execute(failed).one()
    if count < free:
        return timedelta()
    until: datetime = last + min(_FIRST_WAIT * 2 ** min(count - free, 10), LONGEST_WAIT)
    return until - at


def _note(session: Session, checked: Credentials, *, succeeded: bool) -> None:
    session.add(SignInAttempt(login=checked.login, address=checked.address[:60], at=now(session), succeeded=succeeded))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _require_right(actor: Actor) -> None:
    if not may(actor, Permission.ORGANIZATION_MANAGE):
        raise NotAllowed("not_allowed", permission=Permission.ORGANIZATION_MANAGE)


def require_person(session: Session, login: str) -> Person:
    """Return the person with a login; NotFound otherwise (for the command line)."""
    person = session.scalar(Person.by_login(login))
    if person is None:
        raise NotFound("no_such_login", login=login)
    return person
