"""P6: a letter is delivered at least once and in order, whoever dies; its receiver can drop repeats by its key."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import jobs, notifications
from engine.clock import ManualClock
from engine.jobs import committing
from engine.mail import SmtpSettings, smtp
from models.database import Database
from models.notifications import Mail, Notification
from tests.torture import post
from tests.torture.acts import AT_ONCE, Journal, look, perform
from tests.torture.children import Child, abreast, in_child
from tests.torture.scenery import Scenery
from tests.torture.trial import Run, Trial, Violations
from tests.torture.warm import opened

PROMISE: Final = "P6"
TITLE: Final = "a letter arrives at least once, in order, under one key"
SHARE: Final = 5.0
FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "marked before it is sent": "tests.torture.faults.mark_first",
        "letters written after their notices were marked": "tests.torture.faults.letters_apart",
        "key made anew at each try": "tests.torture.faults.key_made_anew",
        "later letters sent while an earlier one waits": "tests.torture.faults.letters_overtake",
    }
)
LIVES: Final = 5  # of the sender in one trial, of a quick run 3; all but the last end by a kill


def trials(run: Run) -> Iterator[Trial]:
    """Kill a sender again and again, whose receiver refuses, hangs and breaks off."""
    scenery, chance = run.scene("carry_out"), run.random
    began = time.monotonic()
    folder, trial = _trial(scenery, run.place(), 0, [], run.fault)
    yield run.leave(folder, trial)
    lasts, kills = time.monotonic() - began, (3 if run.quick else LIVES) - 1
    tasks = (
        (scenery, run.place(), chance.randrange(1 << 30), [chance.uniform(0.0, lasts) for _ in range(kills)],
         run.fault)
        for _ in range(run.amount(1, 75))
    )  # fmt: skip
    for folder, trial in abreast(_trial, tasks, width=1 if run.quick else 2, over=lambda: run.is_over):
        yield run.leave(folder, trial)


def _trial(scenery: Scenery, folder: Path, seed: int, kills: list[float], fault: str | None) -> tuple[Path, Trial]:
    journal, receiver = Journal(folder / "journal"), Child(post.serve, folder, seed)
    try:
        port = post.port(folder)
        with scenery.copied(folder) as url:
            for life, after in enumerate(kills):
                sender = Child(_live, url, scenery, journal, port, life, False, fault=fault)
                time.sleep(after)
                sender.kill()
                sender.wait()
            post.be_kind(folder)
            Child(_live, url, scenery, journal, port, LIVES, True, fault=fault).result()
            violations, said = in_child(_look, url, scenery, journal, post.taken(folder))
    finally:
        receiver.kill()
        receiver.wait()
    return folder, Trial(f"{len(kills)} kills", violations, len(kills), said)


def _live(url: str, scenery: Scenery, journal: Journal, port: int, life: int, last: bool) -> None:
    """Let people work and letters leave: those of each life a day later, so that what failed is due again."""
    settings = SmtpSettings("127.0.0.1", port, "lienthong@torture.example", security="none", timeout=post.PATIENCE)
    clock = ManualClock(at=scenery.clock.at + timedelta(hours=life))
    with opened(url) as database:
        for act in AT_ONCE:
            journal.say("sent", act.key)
            perform(database, clock, scenery.actors[act.login], act)
            journal.say("acked", act.key)
            jobs.sweep(database, clock, post=lambda: smtp(settings))
        jobs.drain(database, clock)
        while last and _unsent(database):
            clock.at += timedelta(hours=6)
            jobs.sweep(database, clock, post=lambda: smtp(settings))


def _unsent(database: Database) -> int:
    with database.read() as session:
        letters = session.scalar(select(func.count()).select_from(Mail).where(Mail.sent_at.is_(None))) or 0
        notices = select(func.count()).select_from(Notification).where(Notification.mailed_at.is_(None))
        return letters + (session.scalar(notices) or 0)


def _look(url: str, scenery: Scenery, journal: Journal, taken: list[str]) -> tuple[Violations, dict[str, int]]:
    with opened(url) as database:
        with committing(database, scenery.clock) as session:
            caused = {mail.id: mail for mail in session.scalars(select(Mail))}
            unwritten = list(_unwritten(session, caused.values()))
        arrived = Counter(taken)
        found = unwritten + [f"letter {key} never arrived" for key in caused.keys() - arrived.keys()]
        found += [
            f"a letter arrived under the key {key}, which no letter has" for key in arrived.keys() - caused.keys()
        ]
        found += look(database, scenery, AT_ONCE, journal)
    found += _overtaken(caused, taken)
    said = {"letters": len(caused), "repeats": arrived.total() - len(arrived)}
    return tuple(found), said


def _overtaken(caused: Mapping[str, Mail], taken: Iterable[str]) -> Iterator[str]:
    """Find letters that came to somebody before an earlier one; repeats are no matter."""
    arrived: dict[str, list[str]] = {}
    for key in dict.fromkeys(taken):
        if key in caused:
            arrived.setdefault(caused[key].to, []).append(key)
    for address, keys in arrived.items():
        yield from (f"{address} got letter {one} before {other}" for one, other in pairwise(keys) if one > other)


def _unwritten(session: Session, letters: Iterable[Mail]) -> Iterator[str]:
    """Find readers of notices to whom no letter was written."""
    notices = session.scalars(select(Notification)).all()
    kinds = notifications._kinds_of(session, notices)
    readers = notifications._readers(session, notices, kinds)
    written = {(one.notification_id, one.to) for one in letters}
    for notice in notices:
        for address, _ in readers[notifications._audience(notice, kinds)]:
            if (notice.id, address) not in written:
                yield f"no letter to {address} about notice {notice.id}"
