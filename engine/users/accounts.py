"""Accounts: adding persons, changing passwords, closing accounts."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import Fact, record
from engine.clock import now
from engine.organizations import require_manager
from engine.users.sessions import end_sessions
from engine.users.tokens import revoke_tokens
from models.base import new_id
from models.errors import Invalid, NotFound, WrongState
from models.permissions import Actor
from models.users import Person

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,79}")
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


def add_person(
    session: Session,
    login: str,
    *,
    actor: Actor,
    name: str,
    password_hash: str | None = None,
    temporary: bool = False,
    email: str | None = None,
    locale: str = "vi",
) -> Person:
    """Add an account; without a hash (`passwords.hash_password`, made before) it cannot sign in by password.

    A temporary password has to be changed before anything else is done.
    """
    require_manager(actor)
    if not _LOGIN.fullmatch(login):
        raise Invalid({"login": "login_form"}, reason="login_form")
    if session.scalar(select(Person.id).where(Person.login == login)) is not None:
        raise Invalid({"login": "login_taken"}, reason="login_taken")
    if email is not None and not _ADDRESS.fullmatch(email):
        raise Invalid({"email": "email_form"}, reason="email_form")
    person = Person(id=new_id(), login=login, email=email, locale=locale)
    person.password_hash, person.password_temporary = password_hash, temporary
    person.rename(name, login)
    session.add(person)
    record(session, actor, Fact.PERSON_ADDED, person)
    return person


def set_password(
    session: Session, person: Person, *, actor: Actor, password_hash: str, temporary: bool = False
) -> None:
    """Change a password (one's own, or anybody's for an administrator); every session and token of the person ends."""
    if actor.person_id != person.id:
        require_manager(actor)
    person.password_hash, person.password_temporary = password_hash, temporary
    record(session, actor, Fact.PASSWORD_CHANGED, person)
    end_sessions(session, person, actor=actor)
    revoke_tokens(session, person, actor=actor)


def disable(session: Session, person: Person, *, actor: Actor, reason: str) -> None:
    """Close an account: its sessions and tokens end, what the person did stays."""
    require_manager(actor)
    if actor.person_id == person.id:
        raise Invalid({"reason": "own_account"}, reason="own_account")
    if person.disabled_at is not None:
        raise WrongState("already_disabled", subject=person, at=person.disabled_at)
    person.disabled_at = now(session)
    record(session, actor, Fact.PERSON_DISABLED, person, reason=reason)
    end_sessions(session, person, actor=actor)
    revoke_tokens(session, person, actor=actor)


def choose_language(session: Session, person: Person, locale: str, *, actor: Actor) -> None:
    """Let a person read in another language from now on, letters and the API included."""
    before, person.locale = person.locale, locale
    if before != locale:
        record(session, actor, Fact.LANGUAGE_CHOSEN, person, before={"language": before}, after={"language": locale})


def require_person(session: Session, login: str) -> Person:
    """Return the person with a login; NotFound otherwise (for the command line)."""
    person = session.scalar(Person.by_login(login))
    if person is None:
        raise NotFound("no_such_login", login=login)
    return person
