"""What `lienthong audit` says and does: checkpoints, proofs, witnesses, exports, and the change of keys."""

import argparse
import json
from collections.abc import Callable, Generator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from engine import users, verification
from engine.audit import checkpoints, erasing, exporting, following, keys, proofs, tree, witnesses
from engine.audit.notes import Note, PublicKey
from engine.jobs import committing
from models.audit import AuditCheckpoint
from models.audit_texts import commitments, is_said
from models.errors import Invalid, NotFound
from models.permissions import SYSTEM, Actor
from webapp import archiving
from webapp.remote_logs import RemoteLog, SentLog
from webapp.runtime import Runtime
from webapp.text.terminal import either

# Lines to print one after the other; what it returns is the exit code.
Said = Generator[str, None, int]
Acting = Callable[[Session, str], Actor]


def add_options(commands: Any, run: Callable[[argparse.Namespace], int]) -> None:
    """Add what `audit` takes."""
    actions = commands.add_parser("audit", help="checkpoints, proofs and witnesses of the log").add_subparsers(
        required=True, metavar="ACTION"
    )
    _action(actions, run, "checkpoint", "sign the log as it stands, and print the note")
    prove = _action(actions, run, "prove", "prove that an entry is in the log")
    prove.add_argument("seq", type=int, metavar="SEQ")
    consistent = _action(actions, run, "consistency", "prove that one checkpoint continues another")
    consistent.add_argument("old", type=int, metavar="OLD", help="the size of the older one")
    consistent.add_argument("new", type=int, metavar="NEW", nargs="?", help="the newest, if left out")
    checking = _action(actions, run, "verify-proof", "check what prove or consistency wrote")
    checking.add_argument("file", type=Path, metavar="FILE")
    checking.add_argument("--key", required=True, metavar="KEY", help="the key of the log, known from elsewhere")
    _add_witnessing(actions, run)
    exported = _action(actions, run, "export", "print the entries in their canonical form, one a line")
    exported.add_argument("--since", type=int, default=0, metavar="SEQ")
    exported.add_argument("--texts", action="store_true", help="the texts beside the entries instead, with their salts")
    _add_erasing(actions, run)
    archiving.add_options(partial(_action, actions, run))
    changing = _action(actions, run, "rotate", "let a new key sign from now on")
    changing.add_argument("--user", required=True, metavar="NAME", help="the login of the administrator")
    changing.add_argument("--reason", required=True, metavar="TEXT")
    changing.add_argument("--lost", action="store_true", help="the old key is lost: it cannot sign the change")


def _add_erasing(actions: Any, run: Callable[[argparse.Namespace], int]) -> None:
    erased = _action(actions, run, "erase", "erase texts beside the log under the law; the entries and proofs stay")
    erased.add_argument("--user", required=True, metavar="NAME", help="the login of the administrator")
    erased.add_argument("--basis", required=True, metavar="TEXT", help="the law, and the request")
    erased.add_argument("--reason", required=True, metavar="TEXT")
    which = erased.add_mutually_exclusive_group(required=True)
    which.add_argument("--entry", type=int, metavar="SEQ")
    which.add_argument("--person", metavar="LOGIN", help="every text of the entries about a person")
    which.add_argument("--about", metavar="KEY", help="every text of the entries about another subject")
    erased.add_argument("--path", nargs="+", default=[], metavar="PATH", help="only these texts of the entry")


def _add_witnessing(actions: Any, run: Callable[[argparse.Namespace], int]) -> None:
    watching = _action(actions, run, "witness", "follow another log: sign what continues what was seen before")
    watching.add_argument("--log", required=True, metavar="URL|FILE", help="an address, or what consistency wrote")
    watching.add_argument("--name", help="of the witness, the first time: ASCII without spaces")
    watching.add_argument("--key", metavar="KEY", help="the key of the log, the first time: known from elsewhere")
    watching.add_argument("--token-file", type=Path, metavar="FILE", help="holds the token for the address")
    taking = _action(actions, run, "cosign", "take in what a witness signed and sent as a file")
    taking.add_argument("file", type=Path, metavar="FILE")
    taking.add_argument("--key", required=True, metavar="KEY", help="the key of the witness")


def _action(actions: Any, run: Callable[[argparse.Namespace], int], name: str, help: str) -> argparse.ArgumentParser:
    action: argparse.ArgumentParser = actions.add_parser(name, help=help)
    action.add_argument("--home", type=Path, default=None, metavar="DIR", required=name == "witness")
    action.set_defaults(run=run, action=name)
    return action


def act(options: argparse.Namespace, runtime_of: Callable[[argparse.Namespace], Runtime], acting: Acting) -> Said:
    """Do one of them; those of outsiders open no installation."""
    if options.action == "witness":
        return _witness(options)
    if options.action == "verify-proof":
        return _verify_proof(options)
    runtime = runtime_of(options)
    if options.action in archiving.KNOWN:
        return archiving.act(runtime, options, acting)
    if options.action in ("rotate", "erase"):
        return {"rotate": _rotate, "erase": _erase}[options.action](runtime, options, acting)
    return {
        "checkpoint": _checkpoint,
        "prove": _prove,
        "consistency": _consistency,
        "export": _export,
        "cosign": _cosign,
    }[options.action](runtime, options)


def _checkpoint(runtime: Runtime, options: argparse.Namespace) -> Said:
    """Print the newest note, made if something has happened since."""
    note = runtime.seal.put(runtime.database, runtime.clock, always=True)
    yield str(note).rstrip("\n")
    return 0


def _prove(runtime: Runtime, options: argparse.Namespace) -> Said:
    with verification.snapshot(runtime.database, runtime.clock) as session:
        yield _object(proofs.bundle(session, options.seq, checkpoints.latest(session)))
    return 0


def _consistency(runtime: Runtime, options: argparse.Namespace) -> Said:
    with verification.snapshot(runtime.database, runtime.clock) as session:
        new = _of_size(session, options.new) if options.new else checkpoints.latest(session)
        old = _of_size(session, options.old) if options.old else new
        path = proofs.consistency(session, old.size, new.size)
        changes = [str(one) for one in keys.changes(session)]
        yield _object({"old": old.note, "new": new.note, "path": proofs.written(path), "key_changes": changes})
    return 0


def _of_size(session: Session, size: int) -> AuditCheckpoint:
    found = session.get(AuditCheckpoint, size)
    if found is None:
        raise NotFound("no_such_checkpoint", size=size)
    return found


def _verify_proof(options: argparse.Namespace) -> Said:
    said, trusted = _proof_in(options.file), PublicKey.read(options.key)
    notes = [Note.read(said[name]) for name in ("checkpoint", "old", "new") if name in said]
    known = keys.follow(trusted, [Note.read(one) for one in said.get("key_changes", [])])
    signed = all(checkpoints.signer(note, known) for note in notes)
    found, path = [note.checkpoint for note in notes], following.path_of(said["path"])
    if "entry" in said:
        (one,) = found
        fits = tree.includes(one.root, one.size, said["seq"] - 1, tree.leaf_hash(said["entry"].encode()), path)
    else:
        old, new = found
        fits = old.origin == new.origin and tree.is_consistent((old.size, old.root), (new.size, new.root), path)
    if fits:
        yield either("bằng chứng khớp", "the proof fits")
    else:
        yield either("bằng chứng không khớp", "the proof does not fit")
    yield (
        either("chữ ký đúng", "rightly signed") if signed else either("không do khóa này ký", "not signed by this key")
    )
    strange = _not_said(said)
    for place in strange:
        yield either(f"lời ghi «{place}» không phải lời đã ghi", f"the text {place} is not the one that was written")
    return int(not (fits and signed) or bool(strange))


def _proof_in(file: Path) -> dict[str, Any]:
    try:
        said = json.loads(file.read_bytes())
    except ValueError:
        said = None
    if not isinstance(said, dict) or not (isinstance(said.get("entry"), str) or {"old", "new"} <= said.keys()):
        raise Invalid({"file": "unreadable"}, reason="not_a_proof", file=file.name)
    return said


def _not_said(said: dict[str, Any]) -> list[str]:
    """Return the paths of the texts in a proof that are not those of which its entry speaks."""
    if "entry" not in said:
        return []
    spoken = dict(commitments(json.loads(said["entry"]).get("facts")))
    texts = {str(one["path"]): one for one in said.get("texts", [])}
    return [path for path, one in texts.items() if not is_said(spoken.get(path, ""), one["salt"], one["value"])]


def _witness(options: argparse.Namespace) -> Said:
    """Follow the log once; the note with our signature goes back to it, or by hand."""
    witness = following.open_witness(options.home, name=options.name, log_key=options.key)
    token = options.token_file.read_text(encoding="utf-8").strip() if options.token_file else ""
    remote = RemoteLog(options.log, token) if "://" in options.log else None
    log: following.Log = remote or SentLog.read(Path(options.log))
    note = following.follow(witness, log, at=datetime.now(UTC))
    found = note.checkpoint
    yield f"{found.origin}: {found.size} entries, {found.code}, continue what was seen before"
    yield f"key of the witness: {witness.key}"
    if remote is None:
        yield f"to send back: {witness.home / following.SEEN}"
    elif not remote.give_back(note, witness.key)["same_root"]:
        yield "the log itself says that it had another root at this size"
        return 1
    return 0


def _cosign(runtime: Runtime, options: argparse.Namespace) -> Said:
    with committing(runtime.database, runtime.clock) as session:
        row = witnesses.receive(session, options.file.read_text(encoding="utf-8"), options.key, actor=SYSTEM)
        same = witnesses.is_ours(session, row.size, bytes.fromhex(row.root))
    yield f"{row.witness}: {row.size} entries, {'as the log has them' if same else 'another root than the log had'}"
    return int(not same)


def _export(runtime: Runtime, options: argparse.Namespace) -> Said:
    with committing(runtime.database, runtime.clock) as session:
        exporting.announce(session, actor=SYSTEM, since=options.since)
    with verification.snapshot(runtime.database, runtime.clock) as session:
        chosen = exporting.chosen(since=options.since)
        write = exporting.texts if options.texts else exporting.lines
        yield from (line.decode() for line in write(session, chosen))
    return 0


def _rotate(runtime: Runtime, options: argparse.Namespace, acting: Acting) -> Said:
    with committing(runtime.database, runtime.clock) as session:
        actor = acting(session, options.user)
        key = keys.rotate(session, runtime.settings.keys, actor=actor, reason=options.reason, lost=options.lost)
    yield str(key)
    return 0


def _erase(runtime: Runtime, options: argparse.Namespace, acting: Acting) -> Said:
    with committing(runtime.database, runtime.clock) as session:
        said = {"actor": acting(session, options.user), "basis": options.basis, "reason": options.reason}
        if options.entry is not None:
            count = erasing.erase_texts(session, options.entry, paths=options.path, **said)
        else:
            subject = users.require_person(session, options.person).id if options.person else options.about
            count = erasing.erase_about(session, subject, **said)
    yield f"{count} texts are erased; their entries and proofs stay"
    return 0


def _object(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False)
