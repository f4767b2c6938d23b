"""SIGTERM in the middle of work: who was answered was answered rightly, and nothing is lost or done twice."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select

from engine import definitions, instances, users, uses, verification
from engine.audit import checkpoints
from engine.audit.checkpoints import Outside
from engine.clock import Clock
from engine.jobs import committing
from models.audit import AuditTip
from models.database import Database, open_database
from models.migrations import upgrade
from models.organizations import Post
from models.permissions import SYSTEM
from models.tasks import Submission, Task
from models.users import Person
from tests import world as worlds
from tests.engine.diagrams import bundle, chain, end, process, start, user
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
SERVE = "import sys; from webapp.__main__ import main; sys.exit(main())"
# Planted by the test's own start-up, never by a switch of the product.
HASTE = "import webapp.stopping as one; one.drain = lambda sockets, *, until: 0; "
FORGETFULNESS = "import engine.idempotency as one; one.recall = lambda *what: None; one.remember = lambda *what: None; "
UNSIGNED = "import webapp.server as one; one._seal = lambda runtime: None; "
TWO_STEPS = process(start(), user("one"), user("two"), end(), chain("start", "one", "two", "end"))
# How many completions are stopped in their midst: a torture says more.
TASKS, CLIENTS = int(os.environ.get("LIENTHONG_TEST_STOPS", "60")), 4


@dataclass
class Journal:
    """What became of each request of each client: answered, refused, or unknown."""

    keys: dict[str, str] = field(default_factory=dict)
    acked: dict[str, int] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)


@dataclass
class Home:
    """An installation with work in it, and who does it."""

    path: Path
    url: str
    bearer: str
    tasks: list[str]

    def open(self) -> Database:
        return open_database(self.url)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    database = open_database(f"sqlite:///{tmp_path / 'lienthong.db'}")
    upgrade(database)
    clock = Clock()
    with committing(database, clock) as session:
        world = worlds.build(session)
    with committing(database, clock) as session:
        definitions.deploy(session, bundle(TWO_STEPS), actor=world.actor("quantri"))
    bearer, tasks = _work(database, clock, world)
    database.close()
    return Home(tmp_path, f"sqlite:///{tmp_path / 'lienthong.db'}", bearer, tasks)


def _work(database: Database, clock: Clock, world: World) -> tuple[str, list[str]]:
    with committing(database, clock) as session:
        person = session.get_one(Person, world.person("phunu"))
        post = session.get_one(Post, world.post("phunu"))
        bearer = users.create_token(session, person, post, actor=SYSTEM, label="x", days=1)
        work = uses.active(session, "p")
        for _ in range(TASKS):
            instances.start(session, work, actor=world.actor("phunu"))
    with database.read() as session:
        return bearer, list(session.scalars(select(Task.id).where(Task.state == "open").order_by(Task.id)))


@contextmanager
def served(home: Home, sabotage: str = "") -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """Serve a home with the real server in a process of its own."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    command = [sys.executable, "-c", sabotage + SERVE, "serve", "--home", str(home.path), "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (
        (home.path / "log").open("a") as log,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True) as child,
    ):
        try:
            assert child.stdout is not None
            assert "http" in child.stdout.readline(), (home.path / "log").read_text()
            yield child, port
        finally:
            if child.poll() is None:
                child.kill()


def complete(port: int, home: Home, task: str, key: str) -> int:
    """Complete a task through the API; return the status of a whole answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=40)
    try:
        headers = {
            "Authorization": f"Bearer {home.bearer}", "Content-Type": "application/json", "Idempotency-Key": key,
        }  # fmt: skip
        connection.request("POST", f"/api/v1/tasks/{task}/completion", json.dumps({"answers": {}}), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def work_off(port: int, home: Home, mine: list[str], journal: Journal, begun: threading.Event) -> None:
    for number, task in enumerate(mine):
        key = journal.keys.setdefault(task, uuid.uuid4().hex)
        try:
            journal.acked[task] = complete(port, home, task, key)
        except (OSError, http.client.HTTPException):
            journal.unknown.add(task)
        if number == 1:
            begun.set()


@pytest.mark.slow
def test_a_stop_under_load_answers_who_is_inside_and_repeats_resolve_the_rest(home: Home) -> None:
    journal, begun = Journal(), [threading.Event() for _ in range(CLIENTS)]
    with served(home) as (child, port):
        clients = [
            threading.Thread(target=work_off, args=(port, home, home.tasks[n::CLIENTS], journal, begun[n]))
            for n in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        for event in begun:
            assert event.wait(40)
        asked = time.monotonic()
        child.send_signal(signal.SIGTERM)
        code = child.wait(timeout=35)
        took = time.monotonic() - asked
        for client in clients:
            client.join(40)
    log = [json.loads(line) for line in (home.path / "log").read_text().splitlines()]
    assert (code, log[-1]["event"], log[-1]["outcome"], log[-1]["count"]) == (0, "stopped", "whole", 0), log[-3:]
    assert took < 30
    assert journal.unknown, "the stop came after the work: nothing was tried"
    assert set(journal.acked.values()) == {200}
    assert [path.name for path in home.path.glob("*-wal")] == [] and not (home.path / "server.pid").exists()
    done_before = completed(home)
    assert set(journal.acked) <= done_before
    with served(home) as (child, port):
        again = {task: complete(port, home, task, journal.keys[task]) for task in home.tasks}
        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=35) == 0
    assert set(again.values()) == {200}
    assert unprotected(home) == 0
    database = home.open()
    with verification.snapshot(database, Clock()) as session:
        assert [str(one) for one in verification.violations(session)] == []
        handed_in = Counter(session.scalars(select(Submission.task_id)))
    database.close()
    assert [handed_in[task] for task in home.tasks] == [1] * len(home.tasks)


def unprotected(home: Home) -> int:
    """Count the entries of the log after the newest checkpoint, which stands outside as well."""
    database = home.open()
    with database.read() as session:
        newest, size = checkpoints.latest(session).size, session.scalars(select(AuditTip.seq)).one()
    database.close()
    assert [note.checkpoint.size for note in [Outside(home.path / "checkpoints").latest()] if note] == [newest]
    return size - newest


def completed(home: Home) -> set[str]:
    database = home.open()
    with database.read() as session:
        found = set(session.scalars(select(Task.id).where(Task.state == "completed")))
    database.close()
    return found


@pytest.mark.slow
def test_idle_connections_and_requests_that_never_come_hold_nobody_up(home: Home) -> None:
    with (
        served(home) as (child, port),
        socket.create_connection(("127.0.0.1", port)) as idle,
        socket.create_connection(("127.0.0.1", port)) as half,
    ):
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert idle.recv(1000).startswith(b"HTTP/1.1 200")
        half.sendall(b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc")
        time.sleep(0.3)
        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=30) == 0


def is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True


def asked_at_the_end(home: Home, sabotage: str = "") -> bytes:
    """Send half a request, then SIGTERM, then the rest and another question; return every answer."""
    with served(home, sabotage) as (child, port), socket.create_connection(("127.0.0.1", port)) as asking:
        body = b"login=x&password=y"
        head = f"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
        asking.sendall(head.encode() + b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + body[:5])
        time.sleep(0.3)
        child.send_signal(signal.SIGTERM)
        until = time.monotonic() + 10
        while is_listening(port):
            assert time.monotonic() < until, "it was told to stop and lets people in"
            time.sleep(0.05)
        asking.settimeout(20)
        answers = b""
        with contextlib.suppress(OSError):
            asking.sendall(body[5:] + b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            while chunk := asking.recv(65536):
                answers += chunk
        assert child.wait(timeout=35) == 0
    return answers


def test_it_is_not_ready_while_it_comes_to_its_end_and_answers_who_is_inside(home: Home) -> None:
    answers = asked_at_the_end(home)
    assert answers.startswith(b"HTTP/1.1 403"), answers[:200]  # a form without its token: answered all the same
    assert b"HTTP/1.1 503" in answers and b"told to stop" in answers


@pytest.mark.slow
def test_without_patience_nobody_inside_is_answered_without_keys_repeats_are_refused_and_unsigned_is_unprotected(
    home: Home,
) -> None:
    """Red, three times."""
    assert asked_at_the_end(home, HASTE) == b""
    with served(home, FORGETFULNESS + UNSIGNED) as (child, port):
        assert [complete(port, home, home.tasks[0], "k" * 32) for _ in range(2)] == [200, 409]
        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=35) == 0
    assert unprotected(home) > 0
