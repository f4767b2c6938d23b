"""What `lienthong audit archive` says and does, and what goes with it: years, holds, and archives opened for review."""

import argparse
import zipfile
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import verification
from engine.audit import archiving, checkpoints, restoring, retention
from engine.audit.notes import Note
from engine.audit.retention import Kind
from engine.audit.tree import leaf_hash
from engine.clock import ZONE
from engine.jobs import committing
from models.audit import AuditEntry
from models.audit_archives import AuditArchive
from models.errors import Invalid, NotFound, Rejected
from models.orders import Order
from models.permissions import Actor
from webapp.audit import packing
from webapp.runtime import Runtime

Acting = Callable[[Session, str], Actor]
Said = Generator[str, None, int]


def add_options(action: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Add what these take; `action` makes a subcommand of a name, with a help."""
    archiving_ = action("archive", "let entries that are kept no longer leave for signed files")
    archiving_.add_argument("--until", required=True, type=date.fromisoformat, metavar="DAY", help="2026-12-31: before")
    archiving_.add_argument("--dry-run", action="store_true", help="only say what would leave")
    archiving_.add_argument("--to", type=Path, metavar="DIR", help="where the files go")
    archiving_.add_argument("--user", metavar="NAME", help="the login of the administrator")
    opening = action("restore-archive", "verify an archive and open it for review, apart from the log")
    opening.add_argument("file", type=Path, metavar="FILE")
    closing = action("close-archive", "end the review of an archive")
    closing.add_argument("archive", metavar="KEY")
    keeping = action("keep", "set for how many years a class of entries is kept here")
    keeping.add_argument("kind", choices=[kind.value for kind in Kind])
    keeping.add_argument("years", type=int, metavar="YEARS", help="0: for ever")
    for name, help in (("hold", "keep an order's entries from being archived"), ("release", "end a hold")):
        holding = action(name, help)
        holding.add_argument("order", metavar="ORDER", help="number or key")
        holding.add_argument("--reason", required=True, metavar="TEXT")
        holding.add_argument("--user", required=True, metavar="NAME", help="the login of the administrator")
    for one in (opening, closing, keeping):
        one.add_argument("--user", required=True, metavar="NAME", help="the login of the administrator")


def act(runtime: Runtime, options: argparse.Namespace, acting: Acting) -> Said:
    """Do one of them, saying what was done."""
    if options.action == "archive":
        if not options.dry_run and not (options.to and options.user):
            raise Invalid({"to": "required", "user": "required"}, reason="archive_where")
        yield from _archive(runtime, options, acting)
    else:
        with committing(runtime.database, runtime.clock) as session:
            said = _ACTIONS[options.action](session, options, acting(session, options.user))
        yield said
    return 0


def _keep(session: Session, options: argparse.Namespace, actor: Actor) -> str:
    retention.keep(session, Kind(options.kind), options.years, actor=actor)
    return f"{options.kind}: kept here {f'for {options.years} years' if options.years else 'for ever'}"


def _hold(session: Session, options: argparse.Namespace, actor: Actor) -> str:
    order = _order(session, options.order)
    retention.hold(session, order.id, actor=actor, reason=options.reason)
    return f"{order.number or order.id}: its entries stay here"


def _release(session: Session, options: argparse.Namespace, actor: Actor) -> str:
    order = _order(session, options.order)
    retention.end(session, order.id, actor=actor, reason=options.reason)
    return f"{order.number or order.id}: its entries may be archived"


def _order(session: Session, said: str) -> Order:
    found = session.scalars(select(Order).where((Order.id == said) | (Order.number == said)).limit(2)).all()
    if len(found) != 1:
        raise NotFound("no_such_order", order=said)
    return found[0]


def _restore(session: Session, options: argparse.Namespace, actor: Actor) -> str:
    try:
        with zipfile.ZipFile(options.file) as file:
            manifest, note = file.read("manifest.json"), Note.read(file.read("manifest.txt").decode())
            archive = restoring.known(session, manifest, note)
            with file.open("entries.jsonl") as entries, file.open("texts.jsonl") as texts:
                count = restoring.open_(session, archive, _lines(entries), _lines(texts), actor=actor)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        raise Invalid({"file": "unreadable"}, reason="not_our_archive") from None
    return f"{archive.id}: {count} entries are verified and open for review"


def leaves_in(files: Iterable[Path]) -> frozenset[bytes]:
    """Return the leaves of the entries that stand in the files of archives. Errors: Invalid."""
    found: set[bytes] = set()
    try:
        for path in files:
            with zipfile.ZipFile(path) as file, file.open("entries.jsonl") as entries:
                found.update(map(leaf_hash, _lines(entries)))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        raise Invalid({"file": "unreadable"}, reason="not_our_archive") from None
    return frozenset(found)


def _close(session: Session, options: argparse.Namespace, actor: Actor) -> str:
    restoring.close(session, options.archive, actor=actor)
    return f"{options.archive}: the review has ended"


_ACTIONS: Final[Mapping[str, Callable[[Session, argparse.Namespace, Actor], str]]] = MappingProxyType(
    {"keep": _keep, "hold": _hold, "release": _release, "restore-archive": _restore, "close-archive": _close}
)
KNOWN: Final = ("archive", *_ACTIONS)


def _lines(file: Any) -> Iterator[bytes]:
    return (line.rstrip(b"\n") for line in file)


def _archive(runtime: Runtime, options: argparse.Namespace, acting: Acting) -> Iterator[str]:
    until = datetime.combine(options.until, time(), ZONE)
    with verification.snapshot(runtime.database, runtime.clock) as session:
        upto = archiving.protected(session, runtime.seal.outside)
        count, first, last = _extent(session, until, upto)
    span = f": {first} to {last}" if count else ""
    yield f"{count} entries may leave, of the first {upto}, which are protected{span}"
    if options.dry_run:
        return
    _finish(runtime)
    while (made := _one_file(runtime, options, acting, until, upto)) is not None:
        _finish(runtime)
        yield f"{made.name}: {made.count} entries, {made.first} to {made.last}, have left"


def _extent(session: Session, until: datetime, upto: int) -> tuple[int, int, int]:
    numbers = retention.due(session, until=until, upto=upto).with_only_columns(AuditEntry.seq).order_by(None).subquery()
    found = session.execute(select(func.count(), func.min(numbers.c.seq), func.max(numbers.c.seq))).one()
    return found[0], found[1] or 0, found[2] or 0


def _one_file(
    runtime: Runtime, options: argparse.Namespace, acting: Acting, until: datetime, upto: int
) -> AuditArchive | None:
    """Write a file, then let what it holds leave; where that is refused no file is left."""
    with verification.snapshot(runtime.database, runtime.clock) as session:
        retention.require_keeper(acting(session, options.user))
        sign = restoring.signer(session, runtime.settings.keys)
        size = checkpoints.latest(session).size
        entries = archiving.some_due(session, until=until, upto=upto)
        packed = packing.pack(session, options.to, entries, size=size, sign=sign)
    if packed is None:
        return None
    try:
        with committing(runtime.database, runtime.clock) as session:
            actor = acting(session, options.user)
            archiving.leave(session, packed.archive, actor=actor, until=until, upto=upto, digest=packed.digest)
            session.flush()
            session.expunge(packed.archive)
    except Rejected:
        (options.to / packed.archive.name).unlink()
        raise
    return packed.archive


def _finish(runtime: Runtime) -> None:
    """Take out what the newest archive holds, also where a command before this one was cut off."""
    with runtime.database.read() as session:
        newest = session.scalar(select(AuditArchive.id).order_by(AuditArchive.id.desc()).limit(1))
    while newest is not None:
        with committing(runtime.database, runtime.clock) as session:
            if not archiving.clear(session, newest):
                return
