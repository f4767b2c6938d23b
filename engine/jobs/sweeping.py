"""The sweep over business rows: what is due is done, each row in a transaction of its own."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from engine import notifications
from engine.chores import Failures, batches, chores
from engine.clock import Clock, begin
from engine.mail import Sender
from engine.retry import again
from engine.touched import touched
from engine.unit import finish, unit
from models.database import Database

log = logging.getLogger("engine.jobs")

Post = Callable[[], AbstractContextManager[Sender]]
Sealing = Callable[[Database, Clock], object | None]

BATCH = 50


@contextmanager
def committing(database: Database, clock: Clock) -> Iterator[Session]:
    with unit(database, clock) as session:
        yield session
        finish(session)
        session.commit()


def sweep(
    database: Database,
    clock: Clock,
    *,
    post: Post | None = None,
    seal: Sealing | None = None,
    failures: Failures | None = None,
) -> int:
    """Do once what is due: messages, timers, reminders, totals, letters, checkpoints; returns how much was done.

    What fails is logged and left for a later sweep; the rest goes on. `post` opens the way letters leave, `seal` signs
    the log where that is due.
    """
    failed = failures or Failures()
    done = 0
    for chore in chores():
        with database.read() as session:
            due = chore.find(begin(session, clock), BATCH + failed.count)
        for key in due:
            done += _try(failed, f"{chore.name} {key}", database, clock, partial(_do_one, do=chore.do, key=key))
    for batch in batches():
        done += _try(failed, batch.name, database, clock, batch.do)
    if post is not None:
        done += _send(database, clock, post, failed)
    if seal is not None:
        done += _seal(failed, partial(seal, database, clock))
    return done


def drain(database: Database, clock: Clock, *, rounds: int = 10_000) -> int:
    """Sweep until nothing is due: for worlds being built, and for tests."""
    failed, done = Failures(), 0
    for _ in range(rounds):
        now_done = sweep(database, clock, failures=failed)
        if now_done == 0:
            return done
        done += now_done
    raise RuntimeError("the work behind the requests does not come to an end")


def _once(database: Database, clock: Clock, do: Callable[[Session], int]) -> tuple[int, dict[str, list[str]]]:
    with committing(database, clock) as session:
        count = do(session)
    return count, touched(session)


def _do_one(session: Session, *, do: Callable[[Session, str], None], key: str) -> int:
    do(session, key)
    return 1


def _try(failed: Failures, key: str, database: Database, clock: Clock, do: Callable[[Session], int]) -> int:
    if failed.rests(key):
        return 0
    began = time.perf_counter()
    try:
        count, about = again(partial(_once, database, clock, do))
    except Exception:
        failed.add(key)
        return 0
    failed.clear(key)
    if count:
        say(key, began, count=count, **about)
    return count


def say(key: str, began: float, **about: Any) -> None:
    """Write the one line of a job: what it was, on what, and how long it took."""
    name, _, subject = key.partition(" ")
    taken = {"job": name, "ms": round((time.perf_counter() - began) * 1000, 1), **about}
    log.info("job", extra={**taken, "subject": subject} if subject else taken)


def _seal(failed: Failures, put: Callable[[], object | None]) -> int:
    """Sign the log if that is due."""
    if failed.rests("checkpoint"):
        return 0
    try:
        made = put()
    except Exception:
        failed.add("checkpoint")
        return 0
    failed.clear("checkpoint")
    return int(made is not None)


def _send(database: Database, clock: Clock, post: Post, failed: Failures) -> int:
    """Send letters that are due, each between two transactions, never inside one."""
    if failed.rests("mail"):
        return 0
    with committing(database, clock) as session:
        letters = notifications.claim_mails(session)
    if not letters:
        return 0
    with post() as send:
        for letter in letters:
            try:
                send(letter)
            except Exception as error:
                log.warning("letter %s was not taken: %s", letter.id, type(error).__name__)
                with committing(database, clock) as session:
                    notifications.record_failure(session, letter.id, f"{type(error).__name__}: {error}")
            else:
                with committing(database, clock) as session:
                    notifications.record_sent(session, letter.id)
    return len(letters)
