"""The log as one file for outsiders: entries, checkpoints, proofs, keys, and the program that checks them."""

import json
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.audit import checkpoints, exporting, keys, leaves, proofs, witnesses
from engine.audit.notes import Note
from models.audit import AuditCosignature, AuditEntry, AuditTip
from models.case_files import CaseFile

_OUTSIDE: Final = Path(__file__).parent.parent / "outside"
_SHIPPED: Final = ("verify.py", "README.txt")


def write(session: Session, *, subject: str | None = None) -> IO[bytes]:
    """Return the open file, at its beginning: the whole log, or what is about one subject with a proof for each."""
    return _packed(session, exporting.chosen(subject=subject), is_part=subject is not None)


def write_case(session: Session, case: CaseFile, report: Mapping[str, bytes]) -> IO[bytes]:
    """Return the open file of a case file: its entries with a proof for each, and the report, by file names."""
    return _packed(session, exporting.of_case(session, case), is_part=True, more=report)


def _packed(
    session: Session, chosen: Select[AuditEntry], *, is_part: bool, more: Mapping[str, bytes] | None = None
) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (whoever sends it closes it)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        begin(session, archive)
        for name, content in (more or {}).items():
            archive.writestr(name, content)
        size = checkpoints.latest(session).size if is_part else None
        # Of a part only what is protected: for the rest there is no proof to give along.
        entries = chosen if size is None else exporting.upto(chosen, size)
        write_lines(archive, "entries.jsonl", exporting.lines(session, entries))
        write_lines(archive, "texts.jsonl", exporting.texts(session, entries))
        if size is not None:
            numbers = session.scalars(exporting.numbers(entries)).all()
            write_lines(archive, "proofs.jsonl", (_proof(session, seq, size) for seq in numbers))
        elif leaves.some_archived(session):
            length = session.scalars(select(AuditTip.seq)).one()
            write_lines(archive, "elsewhere.jsonl", exporting.elsewhere(session, entries, length))
    file.seek(0)
    return file


def begin(session: Session, archive: zipfile.ZipFile) -> None:
    """Put in what every file for outsiders has: the program that checks it, the keys, the newest checkpoints."""
    for name in _SHIPPED:
        archive.write(_OUTSIDE / name, name)
    archive.writestr("keys.json", _keys(session))
    for signed, note in _notes(session):
        archive.writestr(f"checkpoints/{signed}.txt", note)


def write_lines(archive: zipfile.ZipFile, name: str, lines: Iterable[bytes]) -> None:
    """Write a member of a file line by line, as the lines come."""
    with archive.open(name, "w", force_zip64=True) as member:
        for line in lines:
            member.write(line + b"\n")


def _proof(session: Session, seq: int, size: int) -> bytes:
    path = proofs.written(proofs.inclusion(session, seq, size))
    return json.dumps({"seq": seq, "size": size, "path": path}).encode()


def _keys(session: Session) -> str:
    known = session.scalars(select(AuditCosignature.key).distinct().order_by(AuditCosignature.key))
    said = {
        "log": [str(key) for key in keys.all_of(session)],
        "changes": [str(note) for note in keys.changes(session)],
        "witnesses": list(known),
    }
    return json.dumps(said, ensure_ascii=False, indent=1)


def _notes(session: Session) -> list[tuple[int, str]]:
    """Return the newest checkpoint and the newest that each witness signed, each with all signatures."""
    last = session.scalars(checkpoints.newest().limit(1)).first()
    found = {last.size: Note.read(last.note)} if last else {}
    for row in witnesses.newest_of_each(session):
        note = Note.read(row.note)
        same = found.get(row.size, note)
        if same.text == note.text:
            found[row.size] = same.with_(*note.signatures)
    return [(size, str(note)) for size, note in sorted(found.items())]
