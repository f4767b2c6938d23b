"""Checkpoints and proofs over the API: what witnesses and other outsiders ask of the log, hashes without any entry."""

from base64 import b64encode
from datetime import datetime
from typing import Annotated

from pydantic import Field
from sqlalchemy.orm import Session

from engine.audit import checkpoints, keys, proofs, witnesses
from engine.audit.notes import Note
from models.audit import AuditCheckpoint, AuditCosignature, AuditEntry
from models.errors import NotAllowed, existing
from models.permissions import Actor, Permission, may
from webapp.api.operations import In, Out, Part, table

Number = Annotated[int, Field(ge=1, le=2**53)]


class CheckpointsQuery(In):
    """Which part of the checkpoints, the newest first."""

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Annotated[int | None, Field(ge=0, le=2**53, description="`next` of the part before.")] = None


class ProofQuery(In):
    """In which size of the log the entry is to be proven."""

    size: Annotated[Number | None, Field(description="That of the newest checkpoint, if it is left out.")] = None


class ConsistencyQuery(In):
    """Which two sizes of the log."""

    old: Annotated[Number, Field(alias="from", description="The smaller size.")]
    new: Annotated[Number, Field(alias="to", description="The larger size.")]


class Cosigned(In):
    """A checkpoint with the signature of a witness."""

    note: Annotated[str, Field(min_length=1, max_length=20_000, description="The note, as the witness keeps it.")]
    key: Annotated[str, Field(min_length=1, max_length=200, description="The key of the witness: name+id+base64.")]


class CosignatureOut(Out):
    """What one witness signed."""

    witness: str
    key: str
    at: datetime
    size: int
    root: str
    same_root: bool = Field(description="Whether the log had this root at this size: if not, it shows two histories.")


class CheckpointOut(Out):
    """So many entries have this root: signed by the key of the log, and perhaps by witnesses."""

    size: int
    root: str = Field(description="Base64.")
    at: datetime
    code: str = Field(description="The short code that stands on prints.")
    note: str = Field(description="The signed note (C2SP tlog-checkpoint), with the signatures of witnesses.")
    keys: list[str] = Field(description="Every key the log was signed with, the newest first.")
    key_changes: list[str] = Field(description="Signed notes: each key is followed by the next.")


class ProofOut(Out):
    """The leaf of an entry is in the tree of this size (RFC 9162)."""

    seq: int
    size: int
    leaf: str
    path: list[str] = Field(description="Base64.")


class ConsistencyOut(Out):
    """The tree of one size begins with that of the other (RFC 9162)."""

    old: int
    new: int
    path: list[str] = Field(description="Base64.")


def _require(actor: Actor) -> None:
    if not (may(actor, Permission.AUDIT_READ) or may(actor, Permission.AUDIT_WITNESS)):
        raise NotAllowed("may_not_read_audit")


def _shown(session: Session, row: AuditCheckpoint) -> CheckpointOut:
    signed = (Note.read(one.note).signatures for one in witnesses.of_size(session, row.size) if one.root == row.root)
    note = Note.read(row.note).with_(*(signature for signatures in signed for signature in signatures))
    found = note.checkpoint
    return CheckpointOut(
        size=row.size, root=b64encode(found.root).decode(), at=row.at, code=found.code, note=str(note),
        keys=[str(key) for key in keys.all_of(session)], key_changes=[str(one) for one in keys.changes(session)],
    )  # fmt: skip


@table.get("/audit/checkpoints", answer=Part[CheckpointOut], query=CheckpointsQuery, errors=(403,))
def list_checkpoints(session: Session, actor: Actor, *, query: CheckpointsQuery) -> Part[CheckpointOut]:
    """List the checkpoints of the log, the newest first."""
    _require(actor)
    found = checkpoints.newest()
    if query.cursor is not None:
        found = found.where(AuditCheckpoint.size < query.cursor)
    rows = session.scalars(found.limit(query.limit + 1)).all()
    shown = rows[: query.limit]
    after = str(shown[-1].size) if len(rows) > query.limit else None
    return Part[CheckpointOut](items=[_shown(session, row) for row in shown], next=after)


@table.get("/audit/checkpoints/latest", answer=CheckpointOut, errors=(403, 404))
def read_latest_checkpoint(session: Session, actor: Actor) -> CheckpointOut:
    """Read the newest checkpoint of the log."""
    _require(actor)
    return _shown(session, checkpoints.latest(session))


@table.post("/audit/cosignatures", answer=CosignatureOut, body=Cosigned, errors=(422,))
def cosign_checkpoint(session: Session, actor: Actor, *, body: Cosigned) -> CosignatureOut:
    """Give back a checkpoint that a witness signed; again is harmless."""
    row = witnesses.receive(session, body.note, body.key, actor=actor)
    return _cosignature(session, row)


def _cosignature(session: Session, row: AuditCosignature) -> CosignatureOut:
    same = witnesses.is_ours(session, row.size, bytes.fromhex(row.root))
    names = ("witness", "key", "at", "size", "root")
    return CosignatureOut(**{name: getattr(row, name) for name in names}, same_root=same)


@table.get("/audit/proofs/<int:seq>", answer=ProofOut, query=ProofQuery, errors=(403,))
def read_proof(session: Session, actor: Actor, *, seq: int, query: ProofQuery) -> ProofOut:
    """Prove that an entry is in the log."""
    _require(actor)
    size = query.size or checkpoints.latest(session).size
    path = proofs.inclusion(session, seq, size)
    entry = existing(session.get(AuditEntry, seq))
    return ProofOut(seq=seq, size=size, leaf=entry.leaf, path=proofs.written(path))


@table.get("/audit/consistency", answer=ConsistencyOut, query=ConsistencyQuery, errors=(403,))
def read_consistency(session: Session, actor: Actor, *, query: ConsistencyQuery) -> ConsistencyOut:
    """Prove that the log of one size begins with that of another."""
    _require(actor)
    path = proofs.consistency(session, query.old, query.new)
    return ConsistencyOut(old=query.old, new=query.new, path=proofs.written(path))
