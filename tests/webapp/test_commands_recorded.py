"""No command without an entry: every command of the terminal that changes something leaves one, or says why not."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import definitions, instances, orders
from engine.audit import Fact
from engine.audit.notes import WITNESS, Note, PublicKey, cosign
from engine.clock import ManualClock
from engine.jobs import committing
from engine.organizations import actor_for, posts_of
from engine.users import require_person
from models.audit import AuditEntry, AuditTip
from models.audit_archives import AuditArchive
from models.audit_texts import AuditText
from models.database import Database, open_database
from models.organizations import Organization
from models.permissions import Actor
from tests.engine.diagrams import bundle, chain, end, process, start, user
from tests.engine.operating import THREE
from tests.play import bundle as shipped
from tests.webapp.test_cli import home
from tests.world import NOW
from webapp.cli import _parser, main

pytestmark = pytest.mark.once

__all__ = ["home"]

FOUR = bundle(
    process(start(), *(user(name) for name in ("one", "two", "three", "four")), end(),
            chain("start", "one", "two", "three", "four", "end"))
)  # fmt: skip
LAW = ("--basis", "Luật 91/2025/QH15", "--reason", "Yêu cầu số 7")
# What a command changes is an entry, or nobody's act.
LEAVES: Final = MappingProxyType(
    {
        "token create": Fact.TOKEN_CREATED,
        "reorganize": Fact.INSTANCE_HANDED_OVER,
        "migrate-instances": Fact.INSTANCE_MIGRATED,
        "second-factor": Fact.SETTING_CHANGED,
        "audit checkpoint": Fact.AUDIT_KEY_INTRODUCED,
        "audit cosign": Fact.CHECKPOINT_WITNESSED,
        "audit export": Fact.AUDIT_EXPORTED,
        "audit erase": Fact.TEXT_ERASED,
        "audit rotate": Fact.AUDIT_KEY_ROTATED,
        "audit keep": Fact.SETTING_CHANGED,
        "audit hold": Fact.HOLD_PLACED,
        "audit release": Fact.HOLD_ENDED,
        "audit archive": Fact.ARCHIVE_MADE,
        "audit restore-archive": Fact.ARCHIVE_OPENED,
        "audit close-archive": Fact.ARCHIVE_CLOSED,
    }
)
WHY_NONE: Final = MappingProxyType(
    {
        "serve": "opens the doors, which have a test of their own",
        "worker": "does the jobs, which have a test of their own",
        "demo": "builds a world by the commands of the engine",
        "init": "fills an empty database by the commands of the engine: its entries are read by test_founding.py",
        "migrate": "the form of the tables: nothing of what is in them",
        "restore": "puts another log in place of this one; checkpoints outside show it",
        **dict.fromkeys(
            ("doctor", "verify", "backup", "check", "simulate", "scenarios", "audit prove", "audit consistency",
             "audit verify-proof"),
            "reads",
        ),
        "audit witness": "keeps files of its own beside another log",
    }
)  # fmt: skip


def names(parser: argparse.ArgumentParser, before: str = "") -> Iterator[str]:
    """Give the name of every command."""
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for action in inner:
        for name, below in action.choices.items():
            yield from names(below, f"{before} {name}".strip())
    if not inner:
        yield before


def test_of_every_command_it_is_known_which_entry_it_leaves() -> None:
    known = set(names(_parser()))
    assert (sorted(known - {*LEAVES, *WHY_NONE}), sorted({*LEAVES, *WHY_NONE} - known)) == ([], [])


@pytest.fixture
def database(home: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{home / 'lienthong.db'}")
    yield opened
    opened.close()


def test_every_command_that_changes_something_leaves_its_entry(
    home: Path,
    database: Database,
    tmp_path: Path,
) -> None:
    left = dict[str, set[str]]()

    def run(command: str, *arguments: str) -> None:
        before = size(database)
        assert main([*command.split(), *arguments, "--home", str(home)]) == 0, command
        with database.read() as session:
            new = session.scalars(select(AuditEntry.fact).where(AuditEntry.seq > before))
            left.setdefault(command, set()).update(new)

    for command, arguments in happy(home, database, tmp_path):
        run(command, *arguments)
    assert {name: fact in left.get(name, ()) for name, fact in LEAVES.items()} == dict.fromkeys(LEAVES, True)


def size(database: Database) -> int:
    with database.read() as session:
        return session.scalars(select(AuditTip.seq)).one()


def happy(home: Path, database: Database, folder: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give every command with what it needs to be carried out, each after what has to be there before."""
    yield "token create", ("--user", "phunu")
    yield "second-factor", ("--require",)
    yield "second-factor", ("--offer",)
    yield "migrate-instances", (*two_versions(database), "--user", "quantri", "--reason", "Bước mới")
    yield "audit checkpoint", ()
    note, log = (folder / "seen.txt"), next((home / "checkpoints").glob("*/*.txt"))
    private = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
    key, signed = PublicKey.of("mttq.example", WITNESS, private), Note.read(log.read_text("utf-8"))
    note.write_text(str(signed.with_(cosign(signed.text, key.name, private, at=NOW))), encoding="utf-8")
    yield "audit cosign", (str(note), "--key", str(key))
    yield "audit export", ()
    with database.read() as session:
        spoken = session.scalars(select(AuditText.seq)).first()
    yield "audit erase", ("--user", "quantri", "--entry", str(spoken), *LAW)
    yield "reorganize", (str(merged(database, folder)), "--user", "quantri", "--document", "Nghị quyết 1199")
    yield from kept(database, folder, ("--user", "quantri"))
    yield "audit rotate", ("--user", "quantri", "--reason", "hằng năm")


def kept(database: Database, folder: Path, who: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the commands by which old entries stay, leave and come back."""
    with committing(database, ManualClock(at=NOW)) as session:
        definitions.deploy(session, shipped("order"), actor=acting(session, "quantri"))
        order = orders.create(session, actor=acting(session, "vp.ubnd")).id
    why = ("--reason", "Đang thanh tra", *who)
    yield "audit hold", (order, *why)
    yield "audit release", (order, *why)
    yield "audit keep", ("rights", "5", *who)
    yield "audit checkpoint", ()
    yield "audit archive", ("--until", "2024-01-01", "--to", str(folder), *who)
    (file,) = folder.glob("*.zip")
    yield "audit restore-archive", (str(file), *who)
    with database.read() as session:
        archive = session.scalars(select(AuditArchive.id)).one()
    yield "audit close-archive", (archive, *who)


def acting(session: Session, login: str) -> Actor:
    person = require_person(session, login)
    return actor_for(session, person.id, posts_of(session, person.id)[0].id)


def two_versions(database: Database) -> tuple[str, str]:
    """Begin a process of an organization, and put another version into use."""
    with committing(database, ManualClock(at=NOW)) as session:
        admin, women = (acting(session, login) for login in ("quantri", "phunu"))
        old = definitions.deploy(session, THREE, actor=admin)[0]
        instances.start(session, old, actor=women)
        new = definitions.deploy(session, FOUR, actor=admin, note="Thêm một bước")[0]
        return old.id, new.id


def merged(database: Database, folder: Path) -> Path:
    """Write down that two bodies become one."""
    with committing(database, ManualClock(at=NOW)) as session:
        old = acting(session, "phunu").organization_id
        new = session.scalars(
            select(Organization.id).where(Organization.name == "Hội Nông dân thành phố Cẩm Phả")
        ).one()
    table = folder / "sap-xep.csv"
    table.write_text(f"from,to,kind\n{old},{new},merge\n", encoding="utf-8")
    return table
