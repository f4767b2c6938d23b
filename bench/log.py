"""The audit log however long it is: what its pages, an entry, its verification and taking old entries out cost."""

import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, Final, cast
from urllib.parse import urlencode

from sqlalchemy import Table, select, text

from bench.measuring import Figure, cpu, in_turns, listening, median
from bench.stage import BrowserDoor, Stage, stage
from engine import audit, audit_words
from engine.audit import Fact, archiving, leaves, nodes, retention
from engine.audit.checkpoints import Outside
from engine.audit.retention import Kind
from engine.clock import begin
from engine.jobs import committing
from engine.jobs.sealing import Seal
from models.audit import AuditEntry, AuditTip
from models.audit_archives import AuditArchive
from models.base import new_id
from models.permissions import Actor
from webapp.audit import bundles

WHO: Final = "thanhtra"
SIZES: Final = (1_000, 100_000)
LONG: Final = 1_000_000  # of so many entries an outsider's check has a limit
QUICK: Final = (1_000, 20_000)
MOST: Final = 50.0
ROUNDS: Final = 21
# An order of a province comes to some thousand entries, a task to half a dozen; so many people work in one.
OF_ORDER, OF_TASK, PEOPLE, TOGETHER = 2_000, 6, 1_500, 1_000
REASONS: Final = (
    "Báo cáo chậm so với kế hoạch", "Đề nghị bổ sung số liệu của ba xã", "Điều chuyển theo phân công mới",
    "Số liệu đợt trước nhập nhầm đơn vị tính", "Kiểm tra lại danh sách hội viên", "Gia hạn do mưa lũ",
)  # fmt: skip
FACTS: Final = (
    *(Fact.TASK_OPENED, Fact.TASK_COMPLETED, Fact.INSTANCE_MOVED, Fact.MESSAGE_LATE, Fact.MESSAGE_DELIVERED) * 4,
    *(Fact.TASK_CLAIMED, Fact.TASK_DELEGATED, Fact.FIGURE_ENTERED, Fact.SESSION_OPENED, Fact.TASK_RELEASED),
)


@dataclass(slots=True)
class Task:
    """What an entry is about, as the log asks for it."""

    id: str
    order_id: str
    instance_id: str


class Work:
    """People of a province at work, as far as the log hears of it; the same at each run."""

    def __init__(self, ready: Stage) -> None:
        self.dice = random.Random(1)  # noqa: S311 (no secret)
        known = [actor for actor in ready.world.actors.values() if actor.person_id]
        bodies = [actor.organization_id for actor in known]
        self.people = known + [
            replace(self.dice.choice(known), person_id=new_id(), organization_id=self.dice.choice([*bodies, new_id()]))
            for _ in range(PEOPLE)
        ]
        self.order = self.task = Task("", "", "")

    def act(self, number: int) -> tuple[Actor, Fact, Task, str | None, bool]:
        """Return who does what, on what, why, and whether it is refused."""
        if number % OF_TASK == 0 or not self.task.id:
            order = new_id() if number % OF_ORDER < OF_TASK or not self.task.id else self.task.order_id
            self.task = Task(new_id(), order, new_id())
        reason = self.dice.choice(REASONS) if number % 5 == 0 else None
        return self.dice.choice(self.people), self.dice.choice(FACTS), self.task, reason, number % 997 == 0


def measure(*, quick: bool, entries: int | None, database: str | None, pythons: Sequence[str]) -> Iterator[Figure]:
    """Yield what the log costs at growing lengths; `database` is the address of an empty PostgreSQL database."""
    with stage(database) as ready:
        work = Work(ready)
        for size in (entries,) if entries else QUICK if quick else SIZES:
            began = time.perf_counter()
            fill(ready, work, size)
            taken = time.perf_counter() - began
            yield Figure(name=f"log.fill.{size}", value=round(taken, 1), unit="s", note="by the clock")
            yield from _pages(ready, BrowserDoor(ready, WHO), size)
            yield from _recording(ready, work, size)
            yield from _verifying(ready, size)
            yield from _outside(ready, size, pythons)
        yield from _leaving(ready, size)


def fill(ready: Stage, work: Work, size: int) -> None:
    """Let the log come to a length by the door every act takes; its ways in are made anew after, which is quicker."""
    table = cast(Table, AuditEntry.__table__)
    _define(ready, [partial(index.drop) for index in table.indexes])
    with ready.database.read() as session:
        have = session.scalars(select(AuditTip.seq)).one()
    for first in range(have, size, TOGETHER):
        ready.clock.at += timedelta(hours=4)
        with committing(ready.database, ready.clock) as session:
            for number in range(first, min(first + TOGETHER, size)):
                actor, fact, task, reason, refused = work.act(number)
                audit.record(session, actor, fact, task, reason=reason, refused=refused, step="draft_plan", n=number)
        with committing(ready.database, ready.clock) as session:
            audit_words.fold(session, TOGETHER)
    _define(ready, [partial(index.create) for index in table.indexes])
    while _grow(ready):
        pass


def _define(ready: Stage, acts: list[Callable[..., object]]) -> None:
    with ready.database.writer.begin() as connection:
        if not ready.database.is_sqlite:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        for act in acts:
            act(connection)
        connection.execute(text("ANALYZE"))


def _grow(ready: Stage) -> int:
    with committing(ready.database, ready.clock) as session:
        return nodes.fill(session)


def _pages(ready: Stage, door: BrowserDoor, size: int) -> Iterator[Figure]:
    """Open the first page of the log with its facets, narrowed in the ways that are far apart."""
    with ready.database.read() as session:
        order = session.scalars(select(AuditEntry.order_id).where(AuditEntry.seq == size // 2)).one() or ""
    person, word = {"person": "phunu.2"}, {"q": "mưa"}
    ways: dict[str, dict[str, str]] = {
        "all": {}, "fact": {"fact": Fact.TASK_RELEASED.value}, "person": person, "order": {"order": order},
        "refused": {"refused": "1"}, "word": word, "words": {"q": "danh sách hội viên"}, "word+person": word | person,
        "period": {"until": f"{ready.clock.at:%d/%m/%Y}"},
    }  # fmt: skip
    acts: dict[str, Callable[[], Any]] = {
        name: partial(door.read, f"/audit?{urlencode(query)}") for name, query in ways.items()
    }
    for name, times in in_turns(acts, rounds=ROUNDS).items():
        with listening(ready.database) as heard:
            acts[name]()
        yield Figure(name=f"log.page.{name}.{size}", value=median(times), statements=len(heard.said), limit=MOST)


def _recording(ready: Stage, work: Work, size: int) -> Iterator[Figure]:
    """Let one act be recorded and committed."""

    def record() -> None:
        actor, fact, task, _, refused = work.act(1)
        with committing(ready.database, ready.clock) as session:
            audit.record(session, actor, fact, task, reason=REASONS[0], refused=refused)

    yield Figure(name=f"log.entry.{size}", value=median([cpu(record) for _ in range(101)]), note="with its commit")


def _verifying(ready: Stage, size: int) -> Iterator[Figure]:
    """Hash every entry anew."""
    with ready.database.read() as session:
        if not ready.database.is_sqlite:
            session.execute(text("SET statement_timeout = 0"))
        spent = cpu(lambda: audit.verify(session).is_sound or exit("the log is broken"))
    yield Figure(name=f"log.verify.{size}", value=round(spent * 1000 / size, 2), unit="µs", note="an entry")


def _outside(ready: Stage, size: int, pythons: Sequence[str]) -> Iterator[Figure]:
    """Let an outsider check the exported log, its checkpoint signed, in a folder with nothing else."""
    keys, kept = ready.folder / "keys", ready.folder / "checkpoints"
    Seal(keys, Outside(kept)).put(ready.database, ready.clock, always=True)
    with tempfile.TemporaryDirectory() as folder:
        with ready.database.read() as session, bundles.write(session) as file, zipfile.ZipFile(file) as packed:
            packed.extractall(folder)
        for python in [sys.executable, *pythons]:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            version = subprocess.run([python, "-V"], capture_output=True, text=True, check=True).stdout.split()[1]
            subprocess.run([python, "-I", "verify.py"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            limit = 20.0 if size >= LONG else None
            name, note = f"log.outside.{size}.{version}", "verify.py, all of it"
            yield Figure(name=name, value=round(spent, 2), unit="s", limit=limit, note=note)


def _leaving(ready: Stage, size: int) -> Iterator[Figure]:
    """Let old sign-ins leave for an archive: first their leaves stay, then they are taken out."""
    admin = ready.world.actor("quantri")
    with committing(ready.database, ready.clock) as session:
        retention.keep(session, Kind.ACCESS, 1, actor=admin)
    ready.clock.at += timedelta(days=3 * 366)
    until = ready.clock.at
    with ready.database.read() as session:
        due = archiving.some_due(begin(session, ready.clock), until=until, upto=size)
        found = session.execute(due.with_only_columns(AuditEntry.seq, AuditEntry.leaf)).all()
    count, digest = leaves.digest(found)
    archive = AuditArchive(
        id=new_id(), at=ready.clock.at, name="x.zip", sha256=digest, count=count, first=found[0][0],
        last=found[-1][0], size=size,
    )  # fmt: skip

    def leave() -> None:
        with committing(ready.database, ready.clock) as session:
            archiving.leave(session, archive, actor=admin, digest=digest, until=until, upto=size)
            session.flush()
            session.expunge(archive)

    def clear() -> None:
        left = True
        while left:
            with committing(ready.database, ready.clock) as session:
                left = archiving.clear(session, archive.id) > 0

    for name, act in (("leave", leave), ("clear", clear)):
        note = f"each of {count} entries"
        yield Figure(name=f"log.{name}.{size}", value=round(cpu(act) * 1000 / count, 1), unit="µs", note=note)
