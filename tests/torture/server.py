"""The real server as a child, killed and started again, and people who ask it through its API under keys."""

import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from models.permissions import Actor
from tests.served import READY, ROOT, _free_port
from tests.torture.acts import Act, Journal, look
from tests.torture.children import Broken, Child
from tests.torture.scenery import Scenery
from tests.torture.trial import plant
from tests.torture.warm import opened
from webapp.__main__ import main

_PATIENCE = 30.0
# A fault may load any part of the product first; the tables have to know each other by then.
_START = "import sys, models.tables{fault}; from webapp.__main__ import main; sys.exit(main())"


@dataclass
class Server:
    """`lienthong serve` over a copy of a scenery, started as often as one likes."""

    home: Path
    url: str
    fault: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    process: "subprocess.Popen[str] | None" = None
    said: IO[str] | None = None

    def start(self) -> None:
        """Start it and wait until it says that it serves."""
        self.begin()()

    def begin(self) -> Callable[[], None]:
        """Start it; return what waits until it says that it serves."""
        self.port = self.port or _free_port()
        begin = _START.format(fault=f", {self.fault}" if self.fault else "")
        self.process = subprocess.Popen(
            [sys.executable, "-c", begin, *self._arguments()],
            cwd=ROOT,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=self._log(),
            text=True,
        )
        self.said = self.process.stdout
        return self._until_ready

    def _until_ready(self) -> None:
        assert self.said is not None
        for line in self.said:
            if line.startswith(READY):
                return
        log = Path(self._log().name)
        raise Broken(f"the server did not start:\n{log.read_text('utf-8')[-3000:]}")

    def _arguments(self) -> Sequence[str]:
        return ["serve", "--home", str(self.home), "--port", str(self.port)]

    def _environment(self) -> dict[str, str]:
        embedded = self.url.startswith("sqlite")
        given = {} if embedded else {"LIENTHONG_DATABASE_URL": self.url}
        return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **given, **self.environment}

    def _log(self) -> IO[str]:
        return (self.home / "server.log").open("a", encoding="utf-8")

    def kill(self) -> None:
        """Kill -9."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Stop it as an operator does; return its exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(how)
        code = self.process.wait(2 * _PATIENCE)
        if self.said is not None:
            self.said.close()
        self.process = None
        return code


@dataclass
class Forked(Server):
    """The same from a fork of this process, which has loaded what a start would load anew: half a second, not three."""

    child: Child | None = None

    def begin(self) -> Callable[[], None]:
        """Start it; return what waits until it says that it serves."""
        self.port = self.port or _free_port()
        read, write = os.pipe()
        self.said = os.fdopen(read, encoding="utf-8")
        self.child = Child(self._serve, write)
        os.close(write)
        return self._until_ready

    def _serve(self, write: int) -> int:
        """In the child: be the command, with its own environment and its own output."""
        os.environ.update(self._environment())
        time.tzset()
        plant(self.fault)
        with self._log() as log:
            os.dup2(log.fileno(), sys.stderr.fileno())
        os.dup2(write, sys.stdout.fileno())
        sys.argv = ["lienthong", *self._arguments()]
        return main()

    def _end(self, how: signal.Signals) -> int:
        child, self.child = self.child, None
        if child is None:
            return 0
        os.kill(child.pid, how)  # not yet waited for: the number is still its own
        child.wait(patience=2 * _PATIENCE)
        if self.said is not None:
            self.said.close()
        return -child.signal if child.signal is not None else int(child.result())


@dataclass
class Answered:
    """A whole answer that was read."""

    status: int
    body: Any


class Client:
    """A person at a program, with a bearer token; what it knows of its acts stands in a journal."""

    def __init__(
        self, port: int, token: str, *, patience: float = _PATIENCE, trust: ssl.SSLContext | None = None
    ) -> None:
        self.port, self.token, self.patience, self.trust = port, token, patience, trust
        self.headers: Mapping[str, str] = {}

    def ask(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> Answered:
        """Ask once; an OSError or HTTPException where no whole answer came."""
        connection = self._connection()
        try:
            headers = {"Authorization": f"Bearer {self.token}", **self.headers}
            if key is not None:
                headers |= {"Content-Type": "application/json", "Idempotency-Key": key}
            sent = None if body is None else json.dumps(body)
            connection.request(method, f"/api/v1{path}", sent, headers)
            answer = connection.getresponse()
            said = answer.read()
            return Answered(answer.status, json.loads(said) if said else None)
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        if self.trust is None:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=self.patience, context=self.trust)

    def find(self, element: str, actor: Actor) -> str | None:
        """Return the id of the open task of a step of a person's organization, if there is one."""
        found = self.ask("GET", "/tasks?state=open&limit=100")
        if found.status != 200:
            raise OSError(f"GET /tasks: {found.status}")
        return found_in(found.body["items"], element, actor)

    def complete(self, task: str, act: Act, journal: Journal) -> Answered | None:
        """Complete a task under the act's key and note the outcome; None where no whole answer came."""
        return self.post(f"/tasks/{task}/completion", act.key, journal, {"answers": dict(act.answers)})

    def post(self, path: str, key: str, journal: Journal, body: Any = None) -> Answered | None:
        """Change something under a key and note the outcome; None where no whole answer came."""
        journal.say("sent", key)
        try:
            answer = self.ask("POST", path, body, key=key)
        except (OSError, http.client.HTTPException, ValueError):
            return None
        if answer.status < 500:
            journal.say("acked" if answer.status < 300 else "refused", key)
        return answer


def found_in(tasks: Iterable[Mapping[str, Any]], element: str, actor: Actor) -> str | None:
    """Return the task of a step that is the person's own: it also sees those of others who take part."""
    own = (one["id"] for one in tasks if (one["element"], one["organization"]) == (element, actor.organization_id))
    return next(own, None)


def together(functions: Iterable[Any]) -> None:
    """Run functions at once, in threads of this process, and wait for all."""
    threads = [threading.Thread(target=function, daemon=True) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(4 * _PATIENCE)


def tasks_of(server: Server, scenery: Scenery, acts: Sequence[Act]) -> dict[str, str]:
    """Return the open task of each act, by its key; waits until all are there."""
    found: dict[str, str] = {}
    until = time.monotonic() + _PATIENCE
    while len(found) < len(acts):
        if time.monotonic() > until:
            raise Broken(f"no open task for {[act.key for act in acts if act.key not in found]}")
        for act in acts:
            if act.key not in found:
                client = Client(server.port, scenery.tokens[act.login])
                task = client.find(act.element, scenery.actors[act.login])
                if task is not None:
                    found[act.key] = task
                    client.ask("GET", f"/tasks/{task}")  # what is compiled at first use is compiled now
    return found


def killed(
    server: Server, scenery: Scenery, acts: Sequence[Act], *, after: float
) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Let everybody complete its task at once, kill the server meanwhile, look, restart, repeat, look again."""
    journal, url = Journal(server.home / "journal"), server.url
    server.start()
    tasks = tasks_of(server, scenery, acts)

    def ask(act: Act) -> Any:
        return lambda: Client(server.port, scenery.tokens[act.login]).complete(tasks[act.key], act, journal)

    killing = threading.Timer(after, server.kill)
    killing.start()
    together(ask(act) for act in acts)
    killing.join()
    said = {"acked": len(journal.acked), "unknown": len(journal.unknown)}
    with opened(url) as database:
        violations = list(look(database, scenery, acts, journal))
    server.start()
    try:
        together(ask(act) for act in acts if act.key in journal.unknown)
    finally:
        server.kill()
    violations += [f"I1 {key} repeated was not answered" for key in journal.unknown]
    with opened(url) as database:
        violations += [f"after the repeats: {one}" for one in look(database, scenery, acts, journal)]
    return tuple(violations), said
