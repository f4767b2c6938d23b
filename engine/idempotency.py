"""Remembers the answer to a request key in the transaction of its effect, so that a repeat does nothing twice."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from sqlalchemy import Table, bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from engine.clock import now
from models.errors import Rejected
from models.permissions import Actor
from models.prepared import Prepared
from models.users import IdempotencyKey

KEPT = timedelta(days=7)
LONGEST_KEY = 80
_INSERT = Prepared(insert(cast(Table, IdempotencyKey.__table__)))
_KNOWN = select(
    IdempotencyKey.request_hash, IdempotencyKey.status, IdempotencyKey.location, IdempotencyKey.body, IdempotencyKey.at
).where(IdempotencyKey.person_id == bindparam("person"), IdempotencyKey.key == bindparam("key"))


class KeyReused(Rejected):
    """The same key came with another request."""

    status = 422


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered the first time."""

    status: int
    location: str | None = None
    body: str | None = None


def recall(session: Session, actor: Actor, key: str, request_hash: str) -> Answer | None:
    """Return the answer given to this key before; None the first time. Call it before the command.

    Repeats that arrive while the first is still at work wait for it. Raises KeyReused for another request.
    """
    if not 1 <= len(key) <= LONGEST_KEY:
        raise KeyReused("key_form", longest=LONGEST_KEY)
    if session.get_bind().dialect.name == "postgresql":
        # A statement of its own: the look below must see what the one we waited for has committed.
        session.execute(select(func.pg_advisory_xact_lock(_number(f"{actor.person_id}:{key}"))))
    known = session.connection().execute(_KNOWN, {"person": actor.person_id, "key": key}).one_or_none()
    if known is None:
        return None
    if known.request_hash != request_hash:
        raise KeyReused("key_reused", at=known.at)
    return Answer(known.status, known.location, known.body)


def remember(session: Session, actor: Actor, key: str, request_hash: str, answer: Answer) -> None:
    """Keep the answer with the effect: both are committed, or neither."""
    row = {"person_id": actor.person_id, "key": key, "request_hash": request_hash, "at": now(session)}
    _INSERT.run(
        session.connection(), [row | {"status": answer.status, "location": answer.location, "body": answer.body}]
    )


def request_hash(*parts: str | bytes) -> str:
    """Return the hash of what makes a request the same: method, path, body."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8) + data)
    return digest.hexdigest()


def forget(session: Session) -> None:
    """Delete the keys nobody will repeat any more."""
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.at < now(session) - KEPT))


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], signed=True)
