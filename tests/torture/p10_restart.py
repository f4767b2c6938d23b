"""P10: a database server that is killed under load loses nothing acked; every unknown is resolved by its key."""

import http.client
import random
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import func, select

from bench.diagrams import ANSWERS, LOOP
from engine import definitions, instances
from models.tasks import Task
from models.users import IdempotencyKey
from tests.play import Story
from tests.torture.acts import Act, Journal, as_it_was, invariants
from tests.torture.children import Broken, abreast, in_child
from tests.torture.cluster import Cluster
from tests.torture.scenery import Scenery
from tests.torture.server import Client, Server
from tests.torture.trial import Run, Trial, Violations
from tests.torture.warm import opened

PROMISE: Final = "P10"
TITLE: Final = "a killed database server loses nothing, no unknown stays open"
SHARE: Final = 13.0
FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "commits answered before they are on the disk": "tests.torture.faults.commit_not_waited_for",
        "error at the commit answered as success": "tests.torture.faults.commit_error_hidden",
    }
)
LOGINS: Final = ("phunu", "thanhnien", "nongdan", "ccb")
# Seconds in which everybody has to be served again.
AGAIN_WITHIN: Final = 10.0
WHOLE: Final = 4  # every so many crashes is one of the whole server


def trials(run: Run) -> Iterator[Trial]:
    """Kill a server of the harness's own under an application that goes on."""
    per_life = 10 if run.fault and not run.quick else 2 if run.quick else 25
    lives = 3 if run.fault else 1 if run.quick else 12
    tasks = ((run.place(), per_life, run.seed + number, run.fault) for number in range(lives))
    # Recovering is waiting: two servers at a time, but for the quick run.
    for folder, trial in abreast(_life, tasks, width=1 if run.quick else 2, over=lambda: run.is_over):
        yield run.leave(folder, trial)


def power(run: Run) -> Iterator[Trial]:
    """P2 on PostgreSQL: only whole crashes; what is not yet asked of the disk is lost with the server's memory."""
    for number in range(run.amount(1, 10)):
        if run.is_over:
            return
        folder = run.place()
        yield run.leave(*in_child(_life, folder, run.amount(1, 5), run.seed + number, run.fault, True))


def _life(folder: Path, crashes: int, seed: int, fault: str | None, whole: bool = False) -> tuple[Path, Trial]:
    cluster = Cluster(folder)
    cluster.make()
    cluster.start()
    try:
        scenery = cluster.scenes(folder / "scenes").get(setup=_loops)
        url = scenery.copy(folder)
        return folder, _crashed(cluster, scenery, folder, url, crashes, random.Random(seed), fault, whole)
    finally:
        cluster.stop()


def _loops(story: Story) -> dict[str, Any]:
    with story.doing() as session:
        definition = definitions.deploy(session, LOOP, actor=story.actor("quantri"))[0]
        started = {login: instances.start(session, definition, actor=story.actor(login)).id for login in LOGINS}
    return {**as_it_was(story), "instances": started}


def _crashed(
    cluster: Cluster, scenery: Scenery, folder: Path, url: str, crashes: int, chance: random.Random, fault: str | None,
    whole: bool,
) -> Trial:  # fmt: skip
    home = folder / "home"
    home.mkdir()
    server, over, journal = Server(home, url, fault), threading.Event(), Journal(folder / "journal")
    server.start()
    people = [_Person(server.port, scenery, login, journal, over) for login in LOGINS]
    found: list[str] = []
    try:
        for one in people:
            one.start()
        time.sleep(1.0)
        for number in range(crashes):
            time.sleep(chance.uniform(0.3, 0.8))
            if whole or number % WHOLE == WHOLE - 1 or number == crashes - 1:
                cluster.kill()
                cluster.start()
            else:
                cluster.kill_one()
            found += _served_again(people)
            if found:
                break
    finally:
        over.set()
        for one in people:
            one.join(AGAIN_WITHIN + 30)
        server.kill()
    found += [f"{one.login} was never answered" for one in people if one.open_key is not None]
    if not cluster.answers():
        raise Broken("the database server did not come back")
    found += in_child(_look, url, scenery, journal)
    said = {"acked": len(journal.acked), "tried again": sum(one.tries for one in people),

            "longest, seconds": round(max(one.longest for one in people), 2)}  # fmt: skip
    return Trial(f"{crashes} crashes", tuple(found), crashes, said)


class _Person(threading.Thread):
    """Completes one task after the other; what is not answered is tried again under the same key."""

    def __init__(self, port: int, scenery: Scenery, login: str, journal: Journal, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self.client, self.login, self.journal, self.over = (
            Client(port, scenery.tokens[login], patience=15),
            login,
            journal,
            over,
        )
        self.instance = scenery.said["instances"][login]
        self.served = time.monotonic()
        self.open_key: str | None = None
        self.tries = 0
        self.longest = 0.0

    def run(self) -> None:
        number = 0
        while not self.over.is_set():
            task = self._task()
            if task is None:
                time.sleep(0.02)
                continue
            act = Act(f"{self.login}-{number}", self.login, task["element"], ANSWERS[task["element"]])
            self._complete(act, task)
            number += 1

    def _task(self) -> dict[str, Any] | None:
        try:
            found = self.client.ask("GET", "/tasks?state=open&limit=100")
        except (OSError, http.client.HTTPException, ValueError):
            return None
        if found.status != 200:
            return None
        return next((one for one in found.body["items"] if one["instance"] == self.instance), None)

    def _complete(self, act: Act, task: dict[str, Any]) -> None:
        """Try until there is an answer: without end, but for the end of the trial."""
        began, self.open_key = time.monotonic(), act.key
        until = None
        while True:
            answer = self.client.complete(task["id"], act, self.journal)
            if answer is not None and answer.status < 500:
                break
            self.tries += 1
            if self.over.is_set():
                until = until or time.monotonic() + AGAIN_WITHIN
                if time.monotonic() > until:
                    return
            time.sleep(0.05)
        self.open_key, self.served = None, time.monotonic()
        self.longest = max(self.longest, self.served - began)


def _served_again(people: list[_Person]) -> Iterator[str]:
    """Wait until everybody was served once more."""
    began = time.monotonic()
    while left := [one.login for one in people if one.served < began]:
        if time.monotonic() - began > AGAIN_WITHIN:
            yield f"after {AGAIN_WITHIN:.0f} s there is no answer for {', '.join(left)}"
            return
        time.sleep(0.02)


def _look(url: str, scenery: Scenery, journal: Journal) -> Violations:
    with opened(url) as database:
        with database.read() as session:
            there = set(session.scalars(select(IdempotencyKey.key)))
            done = select(func.count()).select_from(Task).where(Task.state == "completed")
            completed = (session.scalar(done) or 0) - len(scenery.said["completed"])
        found = [f"I1 {key} was acked and is not there" for key in sorted(journal.acked - there)]
        if completed != len(there):
            found.append(f"I2 {completed} tasks were completed under {len(there)} keys")
        found += [f"{key} was refused" for key in sorted(journal.keys("refused"))]
        found += invariants(database, scenery.clock)
    return tuple(found)
