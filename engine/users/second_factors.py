"""The second factor: numbers an application on the telephone makes from a key and the time (RFC 6238), good once each.

The key is kept sealed, and who seals it is not in the database: a copy of the database alone makes no numbers.
"""

import hmac
import secrets
from base64 import b32encode
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy.orm import Session

from engine import settings
from engine.audit import Fact, record
from engine.clock import now
from engine.organizations import require_manager
from models.errors import NotAllowed, Rejected, WrongState
from models.permissions import Actor
from models.users import Person, SecondFactor

# Whoever acts as one of these changes more than its own work.
OWED_BY = frozenset({"administrator", "designer", "issuer_leader"})
SETTING, REQUIRED, OFFERED = "second_factor", "required", "offered"
STEP = 30  # seconds a number is shown; one more step to either side is taken, as no two clocks agree
_DIGITS, _KEY = 6, 20


def new_key() -> bytes:
    """Return a key for an application to make numbers from."""
    return secrets.token_bytes(_KEY)


def text_of(key: bytes) -> str:
    """Return a key as a person types it into an application that cannot read the drawing (base 32)."""
    return b32encode(key).decode()


def address_of(key: bytes, login: str) -> str:
    """Return what an application reads from the drawing: the key and whose it is (otpauth URI)."""
    return _maker(key).get_provisioning_uri(login, "Liên Thông")


def step_of(key: bytes, code: str, *, at: datetime, after: int = -1) -> int | None:
    """Return the step a number belongs to, if it is the number of about now and of a step after the last one used."""
    typed = "".join(code.split())
    present = int(at.timestamp()) // STEP
    for step in (present - 1, present, present + 1):
        made = _maker(key).generate(step * STEP)
        if step > after and typed.isascii() and hmac.compare_digest(made, typed.encode()):
            return step
    return None


def _maker(key: bytes) -> TOTP:
    return TOTP(key, _DIGITS, SHA1(), STEP)  # noqa: S303 - the hash that applications on telephones know


def is_owed(session: Session, actor: Actor) -> bool:
    """Tell whether somebody has to set up a second factor before anything else is done as its post."""
    if not actor.roles & OWED_BY or settings.get(session, SETTING, OFFERED) != REQUIRED:
        return False
    return session.get(SecondFactor, actor.person_id) is None


def enrol(session: Session, person: Person, *, actor: Actor, sealed_key: str, step: int) -> None:
    """Ask for a number at every sign-in from now on; `step` is that of the number which has shown that it works."""
    if actor.person_id != person.id:
        raise NotAllowed("not_your_session")
    if session.get(SecondFactor, person.id) is not None:
        raise WrongState("already_enrolled")
    session.add(SecondFactor(person_id=person.id, sealed_key=sealed_key, enrolled_at=now(session), last_step=step))
    record(session, actor, Fact.SECOND_FACTOR_ENROLLED, person)


def use(session: Session, person_id: str, step: int) -> None:
    """Note that a number was used; Rejected when it, or a later one, was used meanwhile."""
    row = session.get(SecondFactor, person_id, with_for_update=True)
    if row is None or step <= row.last_step:
        raise Rejected("wrong_code")
    row.last_step = step


def remove(session: Session, person: Person, *, actor: Actor, reason: str | None = None) -> None:
    """Ask for no number any more: by oneself, or by an administrator for somebody who lost the telephone."""
    if actor.person_id != person.id:
        require_manager(actor)
    row = session.get(SecondFactor, person.id)
    if row is None:
        raise WrongState("not_enrolled")
    session.delete(row)
    record(session, actor, Fact.SECOND_FACTOR_REMOVED, person, reason=reason)
