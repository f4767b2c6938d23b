"""Writes the audit log: facts gathered during a transaction, chained and appended as its last act, and verified."""

import hashlib
import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any, cast

from sqlalchemy import Table, bindparam, event, insert, select, update
from sqlalchemy.orm import Session, SessionTransaction

from engine.clock import now
from models.audit import AuditEntry, AuditTip
from models.base import new_id
from models.permissions import Actor

VERSION = 1
START = "0" * 64
_COLUMNS = AuditEntry.__table__.columns
_HASHED = tuple(column.name for column in _COLUMNS if column.name not in ("leaf", "chain"))
# Core, not the unit of work: 20 µs an entry instead of 150.
_INSERT = insert(cast(Table, AuditEntry.__table__))
_UPDATE = (
    update(cast(Table, AuditTip.__table__))
    .where(AuditTip.id == 1)
    .values(seq=bindparam("new_seq"), chain=bindparam("new_chain"))
)
_TIP = select(AuditTip.seq, AuditTip.chain).where(AuditTip.id == 1)
_LOCKED_TIP = _TIP.with_for_update()
_CAMEL = {ord(letter): f"_{letter.lower()}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_BATCH = 1000


class Fact(StrEnum):
    """What can be said to have happened, as `noun:participle`; `webapp/text.py` has a sentence for each."""

    ORDER_CREATED = "order:created"
    ORDER_SAVED = "order:saved"
    ORDER_SIGNED = "order:signed"
    ORDER_WITHDRAWN = "order:withdrawn"
    ORDER_ACCEPTED = "order:accepted"
    ORDER_REFUSED = "order:refused"
    ORDER_REPORTED = "order:reported"
    ORDER_RETURNED = "order:returned"
    ORDER_AMENDED = "order:amended"
    ORDER_CLOSED = "order:closed"
    OVERLAP_FOUND = "overlap:found"
    OVERLAP_RESOLVED = "overlap:resolved"

    ASSIGNMENT_CREATED = "assignment:created"
    ASSIGNMENT_ACCEPTED = "assignment:accepted"
    ASSIGNMENT_REFUSED = "assignment:refused"
    ASSIGNMENT_REPORTED = "assignment:reported"
    ASSIGNMENT_RETURNED = "assignment:returned"
    ASSIGNMENT_CONFIRMED = "assignment:confirmed"
    PROGRESS_CHANGED = "progress:changed"
    ASSIGNMENT_CANCELLED = "assignment:cancelled"
    ASSIGNMENT_HANDED_OVER = "assignment:handed_over"
    ASSIGNMENT_LEAD_REPLACED = "assignment:lead_replaced"
    ASSIGNMENT_URGED = "assignment:urged"
    ASSIGNMENT_ESCALATED = "assignment:escalated"
    AMENDMENT_CONFIRMED = "amendment:confirmed"
    CONFLICT_RAISED = "conflict:raised"
    CONFLICT_DECIDED = "conflict:decided"
    EXTENSION_REQUESTED = "extension:requested"
    EXTENSION_DECIDED = "extension:decided"

    TASK_OPENED = "task:opened"
    TASK_CLAIMED = "task:claimed"
    TASK_RELEASED = "task:released"
    TASK_COMPLETED = "task:completed"
    TASK_DELEGATED = "task:delegated"
    TASK_RESOLVED = "task:resolved"
    TASK_TAKEN_BACK = "task:taken_back"
    TASK_TRANSFERRED = "task:transferred"
    TASK_RETURNED = "task:returned"
    TASK_COMMENTED = "task:commented"
    TASK_URGED = "task:urged"
    TASK_REMINDED = "task:reminded"
    TASK_ESCALATED = "task:escalated"
    TASK_SKIPPED = "task:skipped"
    TASK_CANCELLED = "task:cancelled"
    TASK_HANDED_OVER = "task:handed_over"
    ATTACHMENT_ADDED = "attachment:added"
    ATTACHMENT_REMOVED = "attachment:removed"

    INSTANCE_STARTED = "instance:started"
    INSTANCE_FINISHED = "instance:finished"
    INSTANCE_FAILED = "instance:failed"
    INSTANCE_CANCELLED = "instance:cancelled"
    INSTANCE_HANDED_OVER = "instance:handed_over"
    INSTANCE_SUSPENDED = "instance:suspended"
    INSTANCE_RESUMED = "instance:resumed"
    INSTANCE_MIGRATED = "instance:migrated"
    INSTANCE_STUCK = "instance:stuck"
    INCIDENT_RESOLVED = "incident:resolved"
    DATA_EDITED = "data:edited"
    STEP_SKIPPED = "step:skipped"
    TOKEN_MOVED = "token:moved"  # noqa: S105
    MESSAGE_SENT = "message:sent"
    MESSAGE_DELIVERED = "message:delivered"
    MESSAGE_KEPT = "message:kept"
    MESSAGE_LATE = "message:late"
    MESSAGE_DEAD = "message:dead"
    TIMER_FIRED = "timer:fired"
    TIMER_FIRED_EARLY = "timer:fired_early"
    TIMER_RESCHEDULED = "timer:rescheduled"
    JOB_RETRIED = "job:retried"
    LETTER_RETRIED = "letter:retried"

    FIGURE_ENTERED = "figure:entered"
    FIGURE_CORRECTED = "figure:corrected"
    FIGURE_ADDED_LATE = "figure:added_late"
    EVENT_RECORDED = "event:recorded"
    EVENT_MERGED = "event:merged"
    EVENT_KEPT_APART = "event:kept_apart"
    INDICATOR_ADDED = "indicator:added"
    TARGET_SET = "target:set"

    DEFINITION_DEPLOYED = "definition:deployed"
    DEFINITION_RETIRED = "definition:retired"
    DEFINITION_SUSPENDED = "definition:suspended"
    DEFINITION_RESUMED = "definition:resumed"

    PERSON_ADDED = "person:added"
    PERSON_CHANGED = "person:changed"
    PERSON_DISABLED = "person:disabled"
    PASSWORD_CHANGED = "password:changed"  # noqa: S105
    SESSION_OPENED = "session:opened"
    SESSION_ENDED = "session:ended"
    SESSION_REFUSED = "session:refused"
    TOKEN_CREATED = "token:created"  # noqa: S105
    TOKEN_REVOKED = "token:revoked"  # noqa: S105
    POST_CHOSEN = "post:chosen"
    SUBSTITUTION_ADDED = "substitution:added"
    SUBSTITUTION_ENDED = "substitution:ended"

    LEVEL_ADDED = "level:added"
    AREA_ADDED = "area:added"
    AREA_ENDED = "area:ended"
    ORGANIZATION_TYPE_ADDED = "organization_type:added"
    ORGANIZATION_ADDED = "organization:added"
    ORGANIZATION_ENDED = "organization:ended"
    POST_ADDED = "post:added"
    POST_ENDED = "post:ended"
    HOLDER_ADDED = "holder:added"
    HOLDER_ENDED = "holder:ended"
    RELATION_ADDED = "relation:added"
    RELATION_ENDED = "relation:ended"
    LINEAGE_RECORDED = "lineage:recorded"

    VIEW_SAVED = "view:saved"
    VIEW_REMOVED = "view:removed"
    WATCH_ADDED = "watch:added"
    WATCH_REMOVED = "watch:removed"
    ACCESS_REFUSED = "access:refused"
    CALENDAR_CHANGED = "calendar:changed"
    SETTING_CHANGED = "setting:changed"
    DEMO_BUILT = "demo:built"


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification found: how many entries are sound, the hash they end in, and the first broken one."""

    size: int
    tip: str
    broken_seq: int | None

    @property
    def is_sound(self) -> bool:
        return self.broken_seq is None


def record(
    session: Session,
    actor: Actor,
    fact: Fact,
    subject: object = None,
    *,
    order_id: str | None = None,
    instance_id: str | None = None,
    definition_id: str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str | None = None,
    refused: bool = False,
    **facts: Any,
) -> None:
    """Note a fact of this transaction; `flush` appends it.

    The order, instance and definition are taken from the subject where it knows them. Values may be texts, numbers,
    times, enums, lists and mappings of these; never a person's name.
    """
    said = {"before": before, "after": after, "reason": reason, **facts}
    row = {
        "at": now(session),
        "fact": Fact(fact).value,
        "person_id": actor.person_id,
        "post_id": actor.post_id,
        "organization_id": actor.organization_id,
        "behalf_of_id": actor.on_behalf_of,
        "channel": actor.channel,
        "request_id": actor.request_id,
        **_about(subject, order_id=order_id, instance_id=instance_id, definition_id=definition_id),
        "refused": refused,
        "facts": {_key(name): plain(value) for name, value in said.items() if value is not None},
    }
    session.info.setdefault("audit", []).append((session.get_nested_transaction(), row))


def flush(session: Session) -> None:
    """Append what was recorded, in order, as one link of the chain each; takes the audit lock until the commit."""
    recorded = session.info.pop("audit", None)
    if not recorded:
        return
    # The lock: on PostgreSQL a second writer waits here and then reads the new tip; SQLite has one writer anyway.
    connection = session.connection()
    tip = connection.execute(_LOCKED_TIP).one()
    seq, chain = tip.seq, tip.chain
    rows = []
    for _, row in recorded:
        seq += 1
        row["seq"] = seq
        row["leaf"] = leaf_of(row)
        row["chain"] = chain = link(chain, row["leaf"])
        rows.append(row)
    connection.execute(_INSERT, rows)
    connection.execute(_UPDATE, {"new_seq": seq, "new_chain": chain})
    session.info.setdefault("appended", []).extend(rows)


def appended(session: Session) -> Sequence[Mapping[str, Any]]:
    """Return the entries this session's last transaction appended: for counts and for the log of requests."""
    return cast(Sequence[Mapping[str, Any]], session.info.get("appended", ()))


def try_to_write(session: Session) -> None:
    """Take the lock of the log by a write that changes nothing: for who asks whether writing works. Do not commit."""
    session.connection().execute(update(cast(Table, AuditTip.__table__)).values(seq=AuditTip.seq))


def mark(session: Session) -> int:
    """Return how many facts are noted so far, for `forget_since`."""
    return len(session.info.get("audit", ()))


def forget_since(session: Session, said: int) -> None:
    """Drop the facts noted after a mark, because what they say was undone."""
    del session.info.get("audit", [])[said:]


def canonical(entry: Mapping[str, Any]) -> bytes:
    """Give the one byte form of an entry: JSON with sorted keys, no spaces, UTF-8 NFC, integers and strings only."""
    said = {name: plain(entry[name]) for name in _HASHED if entry[name] is not None}
    return json.dumps({"v": VERSION, **said}, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def leaf_of(entry: Mapping[str, Any]) -> str:
    """Return the hash of one entry (RFC 9162: a leaf begins with 0x00)."""
    return hashlib.sha256(b"\x00" + canonical(entry)).hexdigest()


def _stored(entry: Mapping[str, Any]) -> str:
    """Return the texts of an entry as they stand in the database."""
    return json.dumps([value for value in entry.values() if isinstance(value, str | dict | list)], ensure_ascii=False)


def link(previous: str, leaf: str) -> str:
    """Return the hash of the chain with one entry more."""
    return hashlib.sha256(bytes.fromhex(previous) + bytes.fromhex(leaf)).hexdigest()


def verify(session: Session, *, seen: Callable[[int], None] | None = None) -> Verification:
    """Recompute the whole chain from the stored entries; stops at the first that does not fit.

    `seen` is told now and then how many entries were sound so far.
    """
    every = select(*_COLUMNS).order_by(AuditEntry.seq).execution_options(yield_per=_BATCH)
    with session.execute(every) as entries:
        size, chain, broken = _follow(entries.mappings(), seen)
    if broken is None:
        tip = session.execute(_TIP).one_or_none()
        if tip is None or (tip.seq, tip.chain) != (size, chain):
            broken = size + 1
    return Verification(size, chain, broken)


def _follow(entries: Iterable[Any], seen: Callable[[int], None] | None) -> tuple[int, str, int | None]:
    size, chain = 0, START
    for entry in entries:
        leaf = leaf_of(entry)
        following = link(chain, leaf)
        as_chained = (entry["seq"], entry["leaf"], entry["chain"]) == (size + 1, leaf, following)
        # Hashing composes accents: a row that was written otherwise would hash to the same.
        if not as_chained or not unicodedata.is_normalized("NFC", _stored(entry)):
            return size, chain, size + 1
        size, chain = size + 1, following
        if seen is not None and size % _BATCH == 0:
            seen(size)
    return size, chain, None


def _about(subject: object, **known: str | None) -> dict[str, Any]:
    """Name the subject by type and id, and find the order, instance and definition it belongs to."""
    if subject is None:
        return {"subject_type": "installation", "subject_id": None, **known}
    kind = type(subject).__name__.translate(_CAMEL).lstrip("_")
    if getattr(subject, "id", "") is None:
        subject.id = new_id()  # type: ignore[attr-defined]
    key: str | None = getattr(subject, "id", None)
    found = {name: given or getattr(subject, name, None) for name, given in known.items()}
    if f"{kind}_id" in found:
        found[f"{kind}_id"] = key
    return {"subject_type": kind, "subject_id": key, **found}


def plain(value: Any) -> Any:
    """Reduce a value to texts, integers, lists and mappings, the same whichever database it comes from."""
    if isinstance(value, str):
        clean = value.value if isinstance(value, Enum) else value
        return clean if clean.isascii() and "\x00" not in clean else _clean(clean)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | float):
        return format(Decimal(str(value)).normalize(), "f")
    if isinstance(value, Mapping):
        return {_key(name): plain(one) for name, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return ["" if one is None else plain(one) for one in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(one) for one in value)
    raise TypeError(f"{type(value).__name__} cannot stand in the audit log")


def _clean(value: str) -> str:
    """Compose the text; what JSON in a database cannot hold (NUL, lone surrogates) becomes a replacement mark."""
    value = value.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
    return unicodedata.normalize("NFC", value)


def _key(name: str) -> str:
    if not name.isascii():
        raise ValueError(f"{name!r} cannot be a key in the audit log: ASCII only")
    return name


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, undone: SessionTransaction) -> None:
    """Drop what was recorded inside a transaction or savepoint that did not happen."""
    recorded = session.info.get("audit")
    if recorded:
        session.info["audit"] = [entry for entry in recorded if not _within(entry[0], undone)]


@event.listens_for(Session, "after_transaction_create")
def _begin(session: Session, begun: SessionTransaction) -> None:
    """Let `appended` speak of one transaction."""
    if begun.parent is None:
        session.info.pop("appended", None)


def _within(recorded_in: SessionTransaction | None, undone: SessionTransaction) -> bool:
    if undone.parent is None:
        return True
    transaction: SessionTransaction | None = recorded_in
    while transaction is not None:
        if transaction is undone:
            return True
        transaction = transaction.parent
    return False
