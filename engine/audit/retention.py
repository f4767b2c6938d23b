"""How long entries of the log are kept here, by classes, and what keeps single ones for longer."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from engine import settings
from engine.audit.facts import Fact
from engine.audit.leaves import SLACK, first_at
from engine.audit.recording import record
from engine.clock import ZONE, now
from models.audit import AuditEntry
from models.audit_archives import AuditHold
from models.case_files import CaseEntry
from models.errors import Conflict, Invalid, NotAllowed, NotFound
from models.instances import Instance
from models.orders import Order
from models.permissions import Actor, Permission, may
from models.text import nfc

FOR_EVER: Final = 0
MOST_YEARS: Final = 200


class Kind(StrEnum):
    """The classes of entries that are kept for so many years each."""

    ACCESS = "access"
    RIGHTS = "rights"
    WORK = "work"


# By the noun of the fact; whatever stands in neither is work.
_NOUNS: Final[Mapping[Kind, frozenset[str]]] = MappingProxyType(
    {
        Kind.ACCESS: frozenset({"session", "access", "audit", "view", "watch", "language"}),
        Kind.RIGHTS: frozenset(
            {
                "person", "password", "substitution", "level", "area", "organization_type", "organization", "post",
                "holder", "relation", "lineage", "calendar", "setting", "indicator", "target", "design", "demo",
                "case_file", "entry",
            }
        ),
    }
)  # fmt: skip
# Without these neither the log nor what still runs could be understood; they are few.
_STAYS: Final = frozenset({"audit_key", "definition", "text", "hold", "archive", "checkpoint"})
_ACCESS_TOO: Final = frozenset({Fact.POST_CHOSEN})
_RIGHTS_TOO: Final = frozenset({Fact.TOKEN_CREATED, Fact.TOKEN_REVOKED})


def kind_of(fact: Fact) -> Kind | None:
    """Return the class of a fact; None for what is never archived."""
    noun = fact.value.partition(":")[0]
    if noun in _STAYS:
        return None
    if fact in _ACCESS_TOO or noun in _NOUNS[Kind.ACCESS]:
        return Kind.ACCESS
    return Kind.RIGHTS if fact in _RIGHTS_TOO or noun in _NOUNS[Kind.RIGHTS] else Kind.WORK


def years(session: Session, kind: Kind) -> int:
    """Return for how many years entries of a class are kept here; `FOR_EVER` unless somebody set it."""
    return int(settings.get(session, _setting(kind), str(FOR_EVER)))


def keep(session: Session, kind: Kind, count: int, *, actor: Actor) -> None:
    """Set for how many years entries of a class are kept here, 0 for ever. Errors: NotAllowed, Invalid."""
    if not 0 <= count <= MOST_YEARS:
        raise Invalid({"years": "out_of_range"}, reason="bad_years", most=MOST_YEARS)
    settings.put(session, _setting(kind), str(count), actor=actor)


def _setting(kind: Kind) -> str:
    return f"audit.years.{kind}"


def hold(session: Session, order_id: str, *, actor: Actor, reason: str) -> AuditHold:
    """Keep the entries of an order from being archived. Errors: NotAllowed, NotFound, Invalid; Conflict: it is held."""
    require_keeper(actor)
    if session.get(Order, order_id) is None:
        raise NotFound("not_found")
    if not reason.strip():
        raise Invalid({"reason": "required"})
    if session.scalars(AuditHold.held().where(AuditHold.order_id == order_id)).first() is not None:
        raise Conflict("already_held")
    row = AuditHold(
        order_id=order_id, reason=nfc(reason.strip()), placed_at=now(session), placed_as=actor.title
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(session, actor, Fact.HOLD_PLACED, row, reason=row.reason)
    return row


def end(session: Session, order_id: str, *, actor: Actor, reason: str) -> None:
    """Let the entries of an order be archived again. Errors: NotAllowed, Invalid; NotFound where nothing is held."""
    require_keeper(actor)
    if not reason.strip():
        raise Invalid({"reason": "required"})
    held = select(AuditHold).where(AuditHold.order_id == order_id, AuditHold.ended_at.is_(None))
    row = session.scalars(held.with_for_update()).one_or_none()
    if row is None:
        raise NotFound("not_held")
    row.ended_at = now(session)
    record(session, actor, Fact.HOLD_ENDED, row, reason=nfc(reason.strip()))


def require_keeper(actor: Actor) -> None:
    """Refuse who does not keep the installation."""
    if not may(actor, Permission.ORGANIZATION_MANAGE):
        raise NotAllowed("not_allowed", permission=Permission.ORGANIZATION_MANAGE)


def due(session: Session, *, until: datetime, upto: int) -> Select[AuditEntry]:
    """Select the entries from before an instant, up to a number, that nothing keeps here, in their order.

    Each class is kept its years; what is in a case file stays, and with it its order, as one on hold does. The work of
    an order leaves as a whole, some time after it was closed; so does that of an instance outside orders.
    """
    leaving = [
        _leaving(session, kind, min(until, _years_before(now(session), count)), upto)
        for kind in Kind
        if (count := years(session, kind)) != FOR_EVER
    ]
    filed = select(CaseEntry.seq)
    inspected = select(AuditEntry.order_id).where(AuditEntry.seq.in_(filed), AuditEntry.order_id.is_not(None))
    free = or_(AuditEntry.order_id.is_(None), AuditEntry.order_id.not_in(AuditHold.held().union_all(inspected)))
    found = select(AuditEntry).where(AuditEntry.seq <= upto, or_(False, *leaving), free, AuditEntry.seq.not_in(filed))
    return found.order_by(AuditEntry.seq)


def _leaving(session: Session, kind: Kind, before: datetime, upto: int) -> ColumnElement[bool]:
    facts = [fact.value for fact in Fact if kind_of(fact) is kind]
    old = and_(AuditEntry.fact.in_(facts), AuditEntry.at < before)
    if kind is not Kind.WORK:
        return old
    newer = min(first_at(session, before - SLACK), upto + 1)
    later, ended = aliased(AuditEntry), Order.closed_at < before
    since = and_(later.seq >= newer, later.fact.in_(facts))
    same = and_(later.order_id == AuditEntry.order_id, since)
    of_order = and_(AuditEntry.order_id.in_(select(Order.id).where(ended)), ~exists().where(same))
    apart = and_(later.order_id.is_(None), later.instance_id == AuditEntry.instance_id, since)
    done = AuditEntry.instance_id.in_(select(Instance.id).where(Instance.ended_at < before))
    of_instance = or_(AuditEntry.instance_id.is_(None), and_(done, ~exists().where(apart)))
    return and_(old, or_(of_order, and_(AuditEntry.order_id.is_(None), of_instance)))


def _years_before(at: datetime, count: int) -> datetime:
    there = at.astimezone(ZONE)
    try:
        return there.replace(year=there.year - count)
    except ValueError:  # 29 February
        return there.replace(year=there.year - count, day=28)
