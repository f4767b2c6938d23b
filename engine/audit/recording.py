"""Records facts during a transaction and appends them as its last act, each a leaf of the tree."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from sqlalchemy import Table, bindparam, event, insert, select, update
from sqlalchemy.orm import Session, SessionTransaction

from engine.audit.canonical_form import VERSION, encoded
from engine.audit.facts import Fact
from engine.audit.texts import set_apart
from engine.audit.tree import Range, leaf_hash
from engine.clock import now
from models.audit import AuditEntry, AuditTip
from models.audit_texts import AuditText
from models.base import new_id
from models.permissions import Actor

# Core, not the unit of work: 20 µs an entry instead of 150.
_INSERT = insert(cast(Table, AuditEntry.__table__))
_INSERT_TEXTS = insert(cast(Table, AuditText.__table__))
_UPDATE = (
    update(cast(Table, AuditTip.__table__))
    .where(AuditTip.id == 1)
    .values(seq=bindparam("new_seq"), peaks=bindparam("new_peaks"))
)
_LOCKED_TIP = select(AuditTip.seq, AuditTip.peaks).where(AuditTip.id == 1).with_for_update()
_CAMEL: Final = {ord(letter): f"_{letter.lower()}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


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
    hashed, texts = set_apart(fact, {"before": before, "after": after, "reason": reason, **facts})
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
        "v": VERSION,
        "facts": hashed,
    }
    session.info.setdefault("audit", []).append((session.get_nested_transaction(), row, texts))


def flush(session: Session) -> None:
    """Append what was recorded, in order, as one leaf of the tree each; takes the audit lock until the commit."""
    recorded = session.info.pop("audit", None)
    if not recorded:
        return
    # The lock: on PostgreSQL a second writer waits here and then reads the new tip; SQLite has one writer anyway.
    connection = session.connection()
    tip = connection.execute(_LOCKED_TIP).one()
    tree = Range.read(tip.seq, tip.peaks)
    rows, beside = [row for _, row, _ in recorded], list[dict[str, Any]]()
    for row, (_, _, texts) in zip(rows, recorded, strict=True):
        row["seq"] = tree.size + 1
        leaf = leaf_hash(encoded(row))
        row["leaf"] = leaf.hex()
        tree.append(leaf)
        beside += ({"seq": row["seq"], **text} for text in texts)
    connection.execute(_INSERT, rows)
    if beside:
        connection.execute(_INSERT_TEXTS, beside)
    connection.execute(_UPDATE, {"new_seq": tree.size, "new_peaks": tree.written})
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


def _about(subject: object, **known: str | None) -> dict[str, Any]:
    """Name the subject by type and id, and find the order, instance and definition it belongs to."""
    if subject is None:
        return {"subject_type": "installation", "subject_id": None, **known}
    kind = type(subject).__name__.translate(_CAMEL).lstrip("_")
    if getattr(subject, "id", "") is None:
        subject.id = new_id()  # type: ignore[attr-defined]
    own: str | None = getattr(subject, "id", None)
    found = {name: given or getattr(subject, name, None) for name, given in known.items()}
    if f"{kind}_id" in found:
        found[f"{kind}_id"] = own
    return {"subject_type": kind, "subject_id": own, **found}


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
