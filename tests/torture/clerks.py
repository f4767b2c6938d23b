"""People who complete whatever waits for them, and one who places orders, through programs that repeat under keys."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tests.play import happy_path
from tests.torture.acts import Act, Journal
from tests.torture.scenery import Scenery
from tests.torture.server import Client

PACE: Final = 0.4
# Seconds for which somebody repeats an act when the others have ended.
PATIENCE: Final = 15.0
NETWORK: Final = (OSError, http.client.HTTPException, ValueError)
ORDER: Final = "order-"
# All orders are alike, and the office is asked about that.
OVERLAPPING: Final = ("vp.ubnd", "resolve_overlap", {"decision": "keep_both", "reason": "Khác đợt"})
Connect = Callable[[str], Client]


def orders_of(journal: Journal) -> Journal:
    """Return what is known of the orders that were placed, beside what is known of the tasks."""
    return Journal(journal.path.with_name("orders"))


class Clerk(threading.Thread):
    """Completes every task of the happy path that its person has; what is not answered is repeated, key unchanged."""

    def __init__(
        self, login: str, scenery: Scenery, client: Client, journal: Journal, over: threading.Event, orders: int = 0
    ) -> None:
        super().__init__(daemon=True, name=login)
        self.login, self.client, self.journal, self.over = login, client, journal, over
        self.organization = scenery.actors[login].organization_id
        path = [*happy_path(scenery.world), OVERLAPPING]
        self.answers = {element: answers for who, element, answers in path if who == login}
        self.orders, self.placed = orders, orders_of(journal)  # how many it places, one a round
        self.acts: list[Act] = []
        self.done: set[str] = set()
        self.served = time.monotonic()
        self.open_key: str | None = None
        self.repeats, self.longest = 0, 0.0

    def run(self) -> None:
        placed = 0
        while not self.over.is_set():
            if placed < self.orders:
                self._place(f"{ORDER}{placed}")
                placed += 1
            for task in self._waiting():
                self._complete(task)
            self.over.wait(PACE)

    def _waiting(self) -> Iterator[Mapping[str, Any]]:
        try:
            found = self.client.ask("GET", "/tasks?state=open&limit=100")
        except NETWORK:
            return
        if found.status != 200:
            return
        self.served = time.monotonic()
        for task in found.body["items"]:
            is_own = task["organization"] == self.organization and task["element"] in self.answers
            if is_own and task["id"] not in self.done and not self.over.is_set():
                yield task

    def _complete(self, task: Mapping[str, Any]) -> None:
        element = task["element"]
        act = Act(f"{self.login}-{task['id']}", self.login, element, self.answers[element])
        self.acts.append(act)
        self._repeat(act.key, lambda: self.client.complete(task["id"], act, self.journal))
        self.done.add(task["id"])

    def _place(self, key: str) -> None:
        self._repeat(key, lambda: self.client.post("/orders", key, self.placed))

    def _repeat(self, key: str, ask: Callable[[], Any]) -> None:
        """Ask until there is an answer; when all is over for a while yet, so that nothing stays open."""
        began, until, self.open_key = time.monotonic(), None, key
        while (answer := ask()) is None or answer.status >= 500:
            self.repeats += 1
            if self.over.is_set():
                until = until or time.monotonic() + PATIENCE
                if time.monotonic() > until:
                    return
            time.sleep(0.1)
        self.open_key, self.served = None, time.monotonic()
        self.longest = max(self.longest, self.served - began)


def office(scenery: Scenery, connect: Connect, journal: Journal, over: threading.Event, *, orders: int) -> list[Clerk]:
    """Return everybody who takes part in the happy path; the first of them places the orders."""
    logins = dict.fromkeys(who for who, _, _ in happy_path(scenery.world))
    return [
        Clerk(login, scenery, connect(scenery.tokens[login]), journal, over, orders if number == 0 else 0)
        for number, login in enumerate(logins)
    ]
