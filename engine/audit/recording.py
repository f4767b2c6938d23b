"""Records facts during a transaction and appends them as its last act, each a leaf of the tree."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Table, bindparam, event, insert, literal_column, select, update
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
from models.prepared import Prepared

_INSERT = Prepared(insert(cast(Table, AuditEntry.__table__)))
_INSERT_TEXTS = Prepared(insert(cast(Table, AuditText.__table__)))
_MOVE = Prepared(
    update(cast(Table, AuditTip.__table__))
    .where(
        AuditTip.id == literal_column("1"),
        AuditTip.seq == bindparam("old_seq"),
        AuditTip.peaks == bindparam("old_peaks"),
    )
    .values(seq=bindparam("new_seq"), peaks=bindparam("new_peaks"))
)
_LOCKED_TIP = select(AuditTip.seq, AuditTip.peaks).where(AuditTip.id == 1).with_for_update()
# Where this process left the tip of an embedded database, which seldom has another writer: it need not be read again.
_LEFT: WeakKeyDictionary[Engine, tuple[int, str]] = WeakKeyDictionary()
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


def extend(session: Session, fact: Fact, subject_id: str, **facts: Any) -> bool:
    """Say more in the entry of this transaction about a fact and a subject; False if there is none to say it in.

    What was recorded outside of the present savepoint is left alone: it would keep what the savepoint undoes.
    """
    for level, row, texts in reversed(session.info.get("audit", ())):
        if row["fact"] == fact.value and row["subject_id"] == subject_id:
            if level is not session.get_nested_transaction():
                return False
            hashed, beside = set_apart(fact, facts)
            row["facts"] |= hashed
            texts += beside
            return True
    return False


def flush(session: Session) -> None:
    """Append what was recorded, in order, as one leaf of the tree each; takes the audit lock until the commit."""
    recorded = session.info.pop("audit", None)
    if not recorded:
        return
    connection = session.connection()
    rows = [row for _, row, _ in recorded]
    _grow(connection, rows)
    _INSERT.run(connection, rows)
    beside = [{"seq": row["seq"], **text} for _, row, texts in recorded for text in texts]
    if beside:
        _INSERT_TEXTS.run(connection, beside)
    session.info.setdefault("appended", []).extend(rows)


def _grow(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Make each row a leaf and move the tip past them, which is the lock of the log.

    On PostgreSQL a second writer waits here and then reads the new tip. SQLite has one writer anyway: the tip is moved
    from where this process left it, and read only if it is not there any more (another process wrote; it was undone).
    """
    left = _LEFT.get(connection.engine)
    if left is None or not _moved(connection, left, rows):
        tip = connection.execute(_LOCKED_TIP).one()
        if not _moved(connection, (tip.seq, tip.peaks), rows):
            raise RuntimeError("the tip of the audit log moved while it was locked")


def _moved(connection: Connection, tip: tuple[int, str], rows: Sequence[dict[str, Any]]) -> bool:
    tree, leaves = Range.read(*tip), []
    for row in rows:
        row["seq"] = tree.size + 1
        leaves.append(leaf_hash(encoded(row)))
        tree.append(leaves[-1])
    new = tree.size, tree.written
    move = {"old_seq": tip[0], "old_peaks": tip[1], "new_seq": new[0], "new_peaks": new[1]}
    if not _MOVE.run(connection, [move]).rowcount:
        return False
    for row, leaf in zip(rows, leaves, strict=True):
        row["leaf"] = leaf.hex()
    if connection.dialect.name == "sqlite":
        _LEFT[connection.engine] = new
    return True


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
