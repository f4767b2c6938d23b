"""Signing in by password in three steps, so that no transaction waits for a hash, with a wait after wrong guesses."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from engine.audit import Fact, record
from engine.clock import now
from engine.users import second_factors
from engine.users.sessions import NotSignedIn
from models.errors import Rejected
from models.permissions import SYSTEM
from models.text import nfc
from models.users import Person, SecondFactor, SignInAttempt

LONGEST_WAIT = timedelta(minutes=15)
_FIRST_WAIT = timedelta(seconds=10)
# Failures that are free: from one address to one account, to one account from anywhere, from one address (an office).
_FREE = (5, 20, 100)


class TooManyAttempts(Rejected):
    """Too many wrong passwords: facts say how many `seconds` to wait."""

    status = 429


@dataclass(frozen=True, slots=True)
class Credentials:
    """What is needed to check a password outside the transaction; empty for a login that does not exist."""

    login: str
    address: str
    person_id: str | None
    password_hash: str | None
    has_second_factor: bool = False


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
    second = session.get(SecondFactor, person.id) is not None
    return Credentials(login, address, person.id, person.password_hash, second)


def sign_in(session: Session, checked: Credentials, *, rehashed: str | None = None, step: int | None = None) -> Person:
    """Note that the password was right and return the person; guesses made at the same time do not slip through.

    `step` is that of the number a person with a second factor typed (`second_factors.step_of`); it is used up here.
    """
    _require_patience(session, checked.login, checked.address)
    person = session.get(Person, checked.person_id) if checked.person_id else None
    if person is None or person.disabled_at is not None or person.password_hash != checked.password_hash:
        raise NotSignedIn("wrong_password")
    if session.get(SecondFactor, person.id) is not None:
        if step is None:
            raise NotSignedIn("wrong_code")
        second_factors.use(session, person.id, step)
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
