"""Bearer tokens of the API: made by a person, acting as one post, until they expire or are revoked."""

import secrets
from datetime import timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from engine.audit import Fact, record
from engine.clock import now
from engine.organizations import actor_for, require_manager
from engine.users.sessions import NotSignedIn, hash_of
from models.base import UTCDateTime, new_id
from models.errors import Invalid, NotAllowed
from models.organizations import Post
from models.permissions import Actor
from models.text import nfc
from models.users import ApiToken, Person

PREFIX = "lt_"
_LONGEST = 366
_OF_TOKEN = (
    select(ApiToken.person_id, ApiToken.post_id, Person.locale)
    .join(Person, Person.id == ApiToken.person_id)
    .where(
        ApiToken.token_hash == bindparam("hash"),
        ApiToken.revoked_at.is_(None),
        ApiToken.expires_at > bindparam("at", type_=UTCDateTime()),
        Person.disabled_at.is_(None),
    )
)


def create_token(session: Session, person: Person, post: Post, *, actor: Actor, label: str, days: int = 90) -> str:
    """Make a bearer token that acts as a post of the person; the text is shown once, only its hash is stored."""
    if actor.person_id != person.id:
        require_manager(actor)
    if not 1 <= days <= _LONGEST:
        raise Invalid({"days": "token_days"}, reason="token_days", longest=_LONGEST)
    actor_for(session, person.id, post.id)
    text, at = PREFIX + secrets.token_urlsafe(32), now(session)
    row = ApiToken(
        id=new_id(),
        token_hash=hash_of(text),
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
        require_manager(actor)
    if row.revoked_at is None:
        row.revoked_at = now(session)
        record(session, actor, Fact.TOKEN_REVOKED, row)


def revoke_tokens(session: Session, person: Person, *, actor: Actor) -> int:
    """Make every token of a person worthless; returns how many there were."""
    rows = session.scalars(select(ApiToken).where(ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None))).all()
    for row in rows:
        revoke_token(session, row, actor=actor)
    return len(rows)


def token_actor(session: Session, text: str, *, request_id: str | None = None) -> Actor:
    """Return who acts with a token; NotSignedIn when it is unknown, expired, revoked, or its post is lost."""
    wanted = {"hash": hash_of(text), "at": now(session)}
    row = session.connection().execute(_OF_TOKEN, wanted).one_or_none()
    if row is None:
        raise NotSignedIn("token_refused")
    try:
        return actor_for(session, row.person_id, row.post_id, channel="api", request_id=request_id, locale=row.locale)
    except NotAllowed as lost:
        raise NotSignedIn("token_refused") from lost
