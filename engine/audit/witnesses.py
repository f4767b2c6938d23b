"""What witnesses signed of this log, as it comes back: kept, and where it does not fit shown as a split view."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from engine.audit import checkpoints, keys
from engine.audit.facts import Fact
from engine.audit.notes import WITNESS, BadNote, Note, PublicKey
from engine.audit.recording import record
from engine.clock import now
from models.audit import AuditCosignature, AuditTip
from models.errors import Conflict, Invalid, NotAllowed
from models.permissions import Actor, Permission, may


def receive(session: Session, written: str, key: str, *, actor: Actor) -> AuditCosignature:
    """Keep what a witness signed of this log; again is harmless.

    A checkpoint that bears our signature and has another root than the log has is kept too: it proves a split view.
    """
    if not may(actor, Permission.AUDIT_WITNESS):
        raise NotAllowed("not_allowed", permission=Permission.AUDIT_WITNESS)
    note, witness = Note.read(written), PublicKey.read(key)
    checkpoint, at = note.checkpoint, note.seen_by(witness) if witness.kind == WITNESS else None
    if at is None:
        raise BadNote("not_cosigned")
    if checkpoints.signer(note, keys.all_of(session)) is None:
        raise BadNote("not_signed_by_this_log")
    _require_same_key(session, witness)
    root = checkpoint.root.hex()
    if (known := _known(session, checkpoint.size, str(witness), root)) is not None:
        return known
    row = AuditCosignature(
        size=checkpoint.size, root=root, witness=witness.name, key=str(witness), at=at, received_at=now(session),
        note=str(note),
    )  # fmt: skip
    session.add(row)
    same = is_ours(session, checkpoint.size, checkpoint.root)
    fact = Fact.CHECKPOINT_WITNESSED if same else Fact.CHECKPOINT_DISPUTED
    record(session, actor, fact, row, witness=witness.name, size=checkpoint.size, root=root, key=str(witness))
    return row


def of_size(session: Session, size: int) -> Sequence[AuditCosignature]:
    """Return who signed a checkpoint, in the order in which it came."""
    found = select(AuditCosignature).where(AuditCosignature.size == size)
    return session.scalars(found.order_by(AuditCosignature.received_at, AuditCosignature.id)).all()


def newest_of_each(session: Session) -> Sequence[AuditCosignature]:
    """Return the largest checkpoint each witness signed."""
    last = select(AuditCosignature.key, func.max(AuditCosignature.size).label("size")).group_by(AuditCosignature.key)
    of_each = last.subquery()
    mine = (AuditCosignature.key == of_each.c.key) & (AuditCosignature.size == of_each.c.size)
    return session.scalars(select(AuditCosignature).join(of_each, mine).order_by(AuditCosignature.witness)).all()


def split_views(session: Session) -> Sequence[AuditCosignature]:
    """Return what was signed of sizes for which there are two roots, among witnesses or with our own checkpoint."""
    several = (
        select(AuditCosignature.size)
        .group_by(AuditCosignature.size)
        .having(func.count(AuditCosignature.root.distinct()) > 1)
    )
    found = select(AuditCosignature).where(AuditCosignature.size.in_(several.union(_unlike_ours())))
    return session.scalars(found.order_by(AuditCosignature.size, AuditCosignature.received_at)).all()


def _unlike_ours() -> Select[int]:
    ours = checkpoints.newest().subquery()
    unlike = (AuditCosignature.size == ours.c.size) & (AuditCosignature.root != ours.c.root)
    return select(AuditCosignature.size).join(ours, unlike)


def is_ours(session: Session, size: int, root: bytes) -> bool:
    """Tell whether the log had this root at this size; Invalid for an empty one."""
    length = session.scalar(select(AuditTip.seq).where(AuditTip.id == 1)) or 0
    if not size > 0:
        raise Invalid({"note": "empty"}, reason="bad_note", why="empty")
    return size <= length and checkpoints.root_at(session, size) == root


def _known(session: Session, size: int, key: str, root: str) -> AuditCosignature | None:
    found = select(AuditCosignature).where(AuditCosignature.size == size)
    return session.scalars(found.where(AuditCosignature.key == key, AuditCosignature.root == root)).one_or_none()


def _require_same_key(session: Session, witness: PublicKey) -> None:
    """See that a name keeps its key: else anybody with the right could speak as another witness."""
    named = select(AuditCosignature.key).where(AuditCosignature.witness == witness.name).limit(1)
    known = session.scalar(named)
    if known is not None and known != str(witness):
        raise Conflict("witness_has_another_key", witness=witness.name)
