"""Giving posts to people: those who have an account, and those who get one with the post."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import organizations, users
from engine.clock import now
from models.errors import Invalid
from models.organizations import Holder, Post
from models.permissions import Actor
from models.text import nfc
from models.users import Person


def seat(
    session: Session,
    post: Post,
    *,
    actor: Actor,
    login: str,
    name: str = "",
    email: str = "",
    password_hash: str | None = None,
) -> tuple[Person, bool]:
    """Give a post to the person with a login, or to a new one with a name; return (person, whether it is new).

    The hash is that of a new person's first password, which it must change. Errors: NotAllowed; Invalid for a new
    person without a name, a name beside a login that is taken, a closed account, and who holds the post already.
    """
    organizations.require_manager(actor)
    person = session.scalar(Person.by_login(login))
    if person is None:
        return _new(session, post, actor=actor, login=login, name=name, email=email, password_hash=password_hash), True
    if name.strip():
        raise Invalid({"login": "login_known"}, reason="login_known")
    if person.disabled_at is not None:
        raise Invalid({"login": "account_closed"}, reason="account_closed")
    holds = select(Holder.id).where(Holder.post_id == post.id, Holder.person_id == person.id)
    if session.scalar(holds.where(Holder.valid_at(now(session)))) is not None:
        raise Invalid({"login": "already_holds"}, reason="already_holds")
    organizations.add_holder(session, person, post, actor=actor, valid_from=now(session))
    return person, False


def _new(
    session: Session, post: Post, *, actor: Actor, login: str, name: str, email: str, password_hash: str | None
) -> Person:
    if not nfc(name).strip():
        raise Invalid({"name": "required"}, reason="required")
    person = users.add_person(
        session, login, actor=actor, name=nfc(name).strip(), email=email.strip() or None,
        password_hash=password_hash, temporary=True,
    )  # fmt: skip
    organizations.add_holder(session, person, post, actor=actor, valid_from=now(session))
    return person
