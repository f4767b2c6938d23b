"""The nodes of an installation on PostgreSQL: each holds a lock while it lives, so that others see when it is gone."""

import logging
import os
import secrets
import socket
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

# Seconds between two looks, and for which a lock has to be free before its node is taken for gone: where the database
# itself was away every lock is free for a moment, until its node looks again and takes it back.
LOOK: Final = 1.0
GONE_AFTER: Final = 3.0
_LABEL: Final = "lienthong "
_TAKE: Final = text("SELECT pg_advisory_lock(hashtextextended(:node, 0))")
_TRY: Final = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:node, 0))")
_NAMED: Final = text("SELECT set_config('application_name', :name, false)")
_LIVING: Final = text(
    "SELECT DISTINCT application_name FROM pg_stat_activity"
    " WHERE datname = current_database() AND starts_with(application_name, :label) ORDER BY 1"
)


def new_name() -> str:
    """Return a name no other node has or had."""
    return f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}"


def machine_of(node: str) -> str:
    """Return the machine a node is on."""
    return node.rsplit("-", 2)[0]


def living(session: Session) -> Sequence[str]:
    """Return the names of the nodes that are connected now."""
    names = session.scalars(_LIVING, {"label": _LABEL})
    return [str(name).removeprefix(_LABEL) for name in names]


class Lasting:
    """Tells what was so at every look for some seconds."""

    def __init__(self, seconds: float = GONE_AFTER) -> None:
        self.seconds = seconds
        self._since: dict[str, float] = {}

    def seen(self, keys: Collection[str]) -> list[str]:
        """Take down what is so now; return what has been so for long enough."""
        at = time.monotonic()
        self._since = {key: self._since.get(key, at) for key in keys}
        return sorted(key for key, since in self._since.items() if at - since >= self.seconds)


class Lease:
    """The lock of one node, and its view of the locks of others."""

    def __init__(self, engine: Engine, node: str) -> None:
        self.engine, self.node = engine, node
        self._held: Connection | None = None
        self._free = Lasting()

    def keep(self) -> None:
        """Take the lock, or see that it is still held; where its connection was lost it is taken anew at once."""
        if self._held is not None:
            try:
                self._held.execute(text("SELECT 1"))
                return
            except DBAPIError:
                log.warning("the lock of this node was lost with its connection; taking it anew")
                self.give_back()
        # Autocommit: an open transaction would hold up index building and vacuum for as long as the node lives.
        connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            connection.execute(_NAMED, {"name": f"{_LABEL}{self.node}"})
            connection.execute(_TAKE, {"node": self.node})
        except BaseException:
            connection.invalidate()
            connection.close()
            raise
        self._held = connection

    def give_back(self) -> None:
        """Let the lock go, and its connection with it: the pool must not hand out one that holds a lock."""
        if self._held is not None:
            with suppress(DBAPIError):
                self._held.invalidate()
            self._held.close()
        self._held = None
        self.forget()

    def gone(self, nodes: Collection[str]) -> list[str]:
        """Return which of these nodes have been without their lock for so long that they are gone."""
        return self._free.seen({node for node in nodes if node != self.node and self._is_free(node)})

    def forget(self) -> None:
        """Begin the look at others anew: the database was away, and their locks with it."""
        self._free = Lasting()

    @contextmanager
    def in_place_of(self, node: str) -> Iterator[bool]:
        """Hold the lock of a node that is gone; False where it is back, or somebody else holds it for it already."""
        with self.engine.begin() as connection:
            yield bool(connection.scalar(_TRY, {"node": node}))

    def _is_free(self, node: str) -> bool:
        with self.in_place_of(node) as free:
            return free
