"""The workers of one process: a thread that sweeps every second, and the queue of the job engine."""

import logging
import secrets
import threading
import time

from engine import verification
from engine.chores import Failures
from engine.clock import Clock
from engine.jobs.queue import Queue
from engine.jobs.sweeping import Post, Sealing, sweep
from models.database import Database

log = logging.getLogger("engine.jobs")

EVERY = 1.0
# Seconds until the job engine is tried again where it did not start.
_AGAIN = 5.0
_PATIENCE = 30.0
# Seconds from one verification that found something, or could not read, to the next.
_DOUBTING = 60.0


class Jobs:
    """The workers of one process: a thread that sweeps every second, and the queue of the job engine."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        post: Post | None = None,
        seal: Sealing | None = None,
        queue: bool = True,
        queue_after: float = 0.0,
    ) -> None:
        self.database, self.clock, self.post, self.seal = database, clock, post, seal
        self.beat: float | None = None
        self._queue_after = queue_after
        self._queue = Queue(database, clock) if queue else None
        self._awake, self._ending = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="lienthong-sweep", daemon=True)

    def start(self) -> None:
        """Begin to work; returns at once."""
        self._thread.start()

    def wake(self) -> None:
        """Sweep now instead of within a second: something was just committed."""
        self._awake.set()

    def is_alive(self, *, within: float = 30.0) -> bool:
        """Tell whether a sweep came to its end within so many seconds (for readiness)."""
        return self.beat is not None and time.monotonic() - self.beat < within

    def stop(self, *, patience: float = _PATIENCE) -> bool:
        """Let what is being done come to its end; tells whether it did in time."""
        until = time.monotonic() + patience
        self._ending.set()
        self._awake.set()
        if self._thread.ident is not None:
            self._thread.join(patience)
        done = self._queue is None or self._queue.stop(patience=max(0, int(until - time.monotonic())))
        return done and not self._thread.is_alive()

    def _run(self) -> None:
        queue, queue_from = self._queue, time.monotonic() + self._queue_after
        failed = Failures()
        jitter = secrets.SystemRandom()
        while not self._ending.is_set():
            if queue is not None and time.monotonic() >= queue_from:
                queue_from = time.monotonic() + _AGAIN
                queue = None if queue.start_or_log() else queue
            self._awake.clear()
            if self.database.is_doubted and not self._regain_trust():
                self._ending.wait(_DOUBTING)
                continue
            try:
                done = sweep(self.database, self.clock, post=self.post, seal=self.seal, failures=failed)
                self.beat = time.monotonic()
            except Exception:
                log.exception("the sweep failed; tried again in a second")
                done = 0
            if done == 0:
                self._awake.wait(EVERY * jitter.uniform(0.8, 1.2))

    def _regain_trust(self) -> bool:
        try:
            return verification.regain_trust(self.database, self.clock)
        except Exception:
            log.exception("the database could not be verified; nothing is written")
            return False
