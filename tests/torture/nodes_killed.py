"""CLUSTER: of two web nodes and two workers each may be killed; nothing is lost, nothing done twice, others go on."""

import random
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import func, select, text, update

from engine import jobs
from engine.clock import Clock
from engine.jobs import committing
from engine.nodes import GONE_AFTER, LOOK
from models.calendar import Setting
from models.database import Database
from models.messages import Message
from models.notifications import Mail, Notification
from models.orders import Order
from models.timers import Timer
from models.users import IdempotencyKey
from tests.torture import documented, post, slow_job
from tests.torture.acts import Journal, look
from tests.torture.children import Child, in_child
from tests.torture.clerks import ORDER, Clerk, office, orders_of
from tests.torture.cluster import Cluster
from tests.torture.installation import Installation, Node
from tests.torture.p05_timers import effects, hundreds
from tests.torture.scenery import Scenery
from tests.torture.trial import Run, Trial, Violations
from tests.torture.warm import opened
from webapp.notices import CLOSING
from webapp.runtime import setting

PROMISE: Final = "CLUSTER"
TITLE: Final = "of two web nodes and two workers any may be killed"
SHARE: Final = 5.0
FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "nobody takes the jobs of a node that is gone": "tests.torture.faults.no_janitor",
        "jobs taken from nodes that live": "tests.torture.faults.all_gone",
        "a lost lock is believed to be held": "tests.torture.faults.lock_believed",
    }
)
# Seconds in which everything a dead node had begun has to be done by others.
RECOVERED_WITHIN: Final = 10.0
SETTLED_WITHIN: Final = 30.0
_EVERY_JOB: Final = 0.25


def trials(run: Run) -> Iterator[Trial]:
    """Kill every node once, then the database under all of them; a quick run kills a web node and a worker."""
    for number in range(1 if run.quick or run.fault else 4):
        if run.is_over:
            return
        folder = run.place()
        yield run.leave(folder, in_child(_life, folder, run.seed + number, run.fault, run.quick))


def _life(folder: Path, seed: int, fault: str | None, quick: bool) -> Trial:
    cluster = Cluster(folder)
    cluster.make()
    cluster.start()
    sink = Child(post.serve, folder, seed)
    post.be_kind(folder)
    try:
        scenery = cluster.scenes(folder / "scenes").get(setup=hundreds)
        url = scenery.copy(folder)
        planted = [slow_job.__name__, *([fault] if fault else [])]
        installation = Installation(folder, url, post.port(folder), planted=planted)
        try:
            with opened(url) as database:
                stage = Stage(installation, scenery, database, random.Random(seed))
                found, said = stage.play(cluster, quick=quick)
        finally:
            installation.kill()
        found += in_child(_look, url, scenery, stage.journal, [act for one in stage.clerks for act in one.acts])
        found += in_child(_letters, url, list(post.taken(folder)))
    finally:
        sink.end()
        cluster.stop()
    return Trial(f"{len(said['recovered, seconds'])} kills", tuple(found), len(said["recovered, seconds"]), said)


class Stage:
    """An installation under load, whose nodes die one after the other."""

    def __init__(self, installation: Installation, scenery: Scenery, database: Database, chance: random.Random) -> None:
        self.installation, self.scenery, self.database, self.chance = installation, scenery, database, chance
        self.clock = Clock(timedelta(seconds=float(setting(database, "clock_offset_seconds"))))
        self.journal, self.over = Journal(installation.folder / "journal"), threading.Event()
        self.clerks: list[Clerk] = []
        self.queued = 0
        self.begun, self.deaths = installation.folder / "begun", dict[int, float]()

    def play(self, cluster: Cluster, *, quick: bool) -> tuple[list[str], dict[str, Any]]:
        """Begin, kill, let everything come to its end, and stop; return what was wrong, and what was measured."""
        began = time.monotonic()
        # The documented proxy is tried wherever it is; a whole run does not go without it.
        self.installation.start(documented.program("nginx") if not quick else documented.found("nginx"))
        started = time.monotonic() - began
        self._spread_timers(over=15.0 if quick else 60.0)
        self.clerks = office(self.scenery, self.installation.client, self.journal, self.over, orders=3 if quick else 12)
        queueing = threading.Thread(target=self._queue, daemon=True)
        for thread in (*self.clerks, queueing):
            thread.start()
        found: list[str] = []
        recovered: dict[str, float] = {}
        for node in self._victims(quick=quick):
            time.sleep(self.chance.uniform(0.5, 2.0))
            recovered[node.name] = self._killed(node, found)
            if found:
                break
            if not quick:
                node.start()
        if not quick and not found:
            recovered["PostgreSQL"] = self._database_killed(cluster, found)
        connections = cluster.do("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")[0][0]
        self.over.set()
        for thread in (*self.clerks, queueing):
            thread.join(RECOVERED_WITHIN + 20)
        found += [*self._settled(), *self._stolen()]
        said = self._said(started, recovered, connections)
        codes = self.installation.stop()
        found += [f"{name} ended with {code}" for name, code in codes.items() if code != 0]
        return found, said

    def _said(self, started: float, recovered: Mapping[str, float], connections: int) -> dict[str, Any]:
        return {
            "recovered, seconds": {name: round(seconds, 1) for name, seconds in recovered.items()},
            "acked": len(self.journal.acked),
            "jobs": self.queued,
            "repeated": sum(one.repeats for one in self.clerks),
            "longest wait of a person, seconds": round(max(one.longest for one in self.clerks), 1),
            "started, seconds": round(started, 1),
            "connections": connections,
            "behind nginx": self.installation.is_proxied,
        }

    def _victims(self, *, quick: bool) -> list[Node]:
        """Return the nodes in the order in which they die."""
        if quick:
            return [self.chance.choice(self.installation.of_kind(kind)) for kind in ("worker", "web")]
        return self.chance.sample(self.installation.nodes, len(self.installation.nodes))

    def _spread_timers(self, *, over: float) -> None:
        with committing(self.database, self.clock) as session:
            timers = session.scalars(select(Timer.id).where(Timer.element == "pause").order_by(Timer.id)).all()
            for number, key in enumerate(timers, start=1):
                due = self.clock.now() + timedelta(seconds=over * number / len(timers))
                session.execute(update(Timer).where(Timer.id == key).values(due_at=due))

    def _queue(self) -> None:
        """Queue one job after the other; what the database did not answer is queued again under the same key."""
        while not self.over.is_set():
            try:
                with committing(self.database, self.clock) as session:
                    jobs.enqueue(session, slow_job.NAME, str(self.queued), self._payload())
                self.queued += 1
            except Exception:
                time.sleep(0.2)
            self.over.wait(_EVERY_JOB)

    def _payload(self) -> dict[str, Any]:
        return {"number": self.queued, "begun": str(self.begun)}

    def _killed(self, node: Node, found: list[str]) -> float:
        """Kill a node that has jobs in its hands; return how long it took until others had done all it had to do."""
        gone, until = node.pid, time.monotonic() + RECOVERED_WITHIN
        while not self._is_busy(node):
            if time.monotonic() > until:
                found.append(f"{node.name} was never busy")
                return 0.0
        node.kill()
        self.deaths[gone] = time.time()
        return self._recovered(self._held_by(gone), f"after the death of {node.name}", found)

    def _is_busy(self, node: Node) -> bool:
        """Tell whether a node has jobs in its hands, and if people talk to it somebody is in the middle of an act."""
        until = time.monotonic() + 0.2
        while node.kind == "web" and not any(one.open_key for one in self.clerks) and time.monotonic() < until:
            time.sleep(0.001)
        return bool(self._held_by(node.pid))

    def _database_killed(self, cluster: Cluster, found: list[str]) -> float:
        cluster.kill()
        cluster.start()
        took = self._recovered(set(), "after the death of the database", found)
        # As long as somebody who looks at locks alone would need to take the living for gone.
        time.sleep(GONE_AFTER + 2 * LOOK)
        return took

    def _recovered(self, held: set[str], when: str, found: list[str]) -> float:
        began, at = time.monotonic(), self.clock.now()
        due = self._left_of(held, at, began)
        while any(due.values()):
            if time.monotonic() - began > RECOVERED_WITHIN:
                found += [f"{when} {left} {what} were left" for what, left in due.items() if left]
                break
            time.sleep(0.1)
            with suppress(Exception):  # the database may be on its way back
                due = self._left_of(held, at, began)
        return time.monotonic() - began

    def _held_by(self, pid: int) -> set[str]:
        """Return the jobs a process has in its hands."""
        pattern = f"%-{pid}-%"
        query = text("SELECT workflow_uuid FROM dbos.workflow_status WHERE status = 'PENDING' AND executor_id LIKE :of")
        with self.database.read() as session:
            return set(session.scalars(query, {"of": pattern}))

    def _left_of(self, held: set[str], at: Any, began: float) -> dict[str, int]:
        """Count what was due at an instant and is not done."""
        unfinished = text("SELECT workflow_uuid FROM dbos.workflow_status WHERE status <> 'SUCCESS'")
        sent = select(func.count()).select_from(Message).where(Message.state == "pending", Message.sent_at <= at)
        due = select(func.count()).select_from(Timer).where(Timer.is_pending(), Timer.due_at <= at)
        with self.database.read() as session:
            return {
                "jobs": len(held & set(session.scalars(unfinished))),
                "messages": session.scalar(sent) or 0,
                "timers": session.scalar(due) or 0,
                "people": sum(one.served < began for one in self.clerks),
            }

    def _settled(self) -> Iterator[str]:
        """Wait until nothing is due any more; letters a dead node had taken are due at once."""
        yield from (f"{one.login} was never answered" for one in self.clerks if one.open_key is not None)
        with committing(self.database, self.clock) as session:
            session.execute(update(Mail).where(Mail.sent_at.is_(None)).values(next_try_at=None))
        until = time.monotonic() + SETTLED_WITHIN
        while left := {what: number for what, number in self._open().items() if number}:
            if time.monotonic() > until:
                yield f"at the end there are left: {left}"
                return
            time.sleep(0.2)

    def _stolen(self) -> Iterator[str]:
        """Find jobs that were begun by a second node while the first one lived."""
        holders: dict[str, int] = {}
        for line in self.begun.read_text("ascii").splitlines():
            number, pid, at = line.split()
            before = holders.get(number, int(pid))
            if before != int(pid) and self.deaths.get(before, float("inf")) > float(at):
                yield f"job {number} was begun by another node while its own lived"
            holders[number] = int(pid)

    def _open(self) -> dict[str, int]:
        at = self.clock.now()
        done = select(func.count()).select_from(Setting).where(Setting.name.startswith(slow_job.trace(0)[:-1]))
        unwritten = select(func.count()).select_from(Notification).where(Notification.mailed_at.is_(None))
        unsent = select(func.count()).select_from(Mail).where(Mail.sent_at.is_(None))
        with self.database.read() as session:
            left = {
                "jobs": self.queued - (session.scalar(done) or 0),
                "notices": session.scalar(unwritten) or 0,
                "letters": session.scalar(unsent) or 0,
            }
        due = self._left_of(set(), at, 0.0)
        return {**left, "messages": due["messages"], "timers": due["timers"]}


def _look(url: str, scenery: Scenery, journal: Journal, acts: list[Any]) -> Violations:
    """Hold what people know against what is there, and every timer against its effect."""
    with opened(url) as database:
        found = list(look(database, scenery, acts, journal))
        found += [f"{key} was refused" for key in sorted(journal.keys("refused"))]
        found += effects(database)
        with database.read() as session:
            keys = set(session.scalars(select(IdempotencyKey.key).where(IdempotencyKey.key.startswith(ORDER))))
            placed = session.scalar(select(func.count()).select_from(Order)) or 0
    orders = orders_of(journal)
    found += [f"{key} was refused" for key in sorted(orders.keys("refused"))]
    found += [f"I1 {key} was acked and is not there" for key in sorted(orders.acked - keys)]
    if placed != len(keys):
        found.append(f"I2 {placed} orders were placed under {len(keys)} keys")
    return tuple(found)


def _letters(url: str, taken: list[str]) -> Violations:
    """Hold the letters that arrived against those that were written: each at least once, under its own key."""
    with opened(url) as database, database.read() as session:
        letters = session.scalars(select(Mail)).all()
    written = {letter.id for letter in letters}
    found = [f"letter {letter.id} has no words for people" for letter in letters if CLOSING not in letter.body]
    found += [f"letter {key} never arrived" for key in sorted(written - set(taken))]
    found += [f"a letter arrived under the key {key}, which no letter has" for key in sorted(set(taken) - written)]
    return tuple(found) if written else (*found, "no letter was written")
