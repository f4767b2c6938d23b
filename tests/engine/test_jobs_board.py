"""What operators see of the work behind requests, and another try of what failed: with a reason, once."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from engine import jobs, jobs_board, notifications
from engine.audit import Fact
from engine.clock import ManualClock
from models.audit import AuditEntry
from models.database import Database
from models.errors import Invalid, NotAllowed, NotFound, WrongState
from models.notifications import Mail
from models.users import Person
from tests.engine.queues import Queue
from tests.engine.test_jobs import wait_until
from tests.world import ON_POSTGRES, World

Committing = Callable[[], AbstractContextManager[Session]]
SCHEMA = "dbos." if ON_POSTGRES else ""
REASON = "Máy chủ đã chạy lại"


def test_before_the_job_engine_ever_ran_there_is_nothing_to_see(session: Session, world: World) -> None:
    assert jobs_board.listed(session) == []
    with pytest.raises(NotFound):
        jobs_board.retry(session, "0" * 32, actor=world.actor("quantri"), reason=REASON)


@pytest.fixture
def queue(database: Database, clock: ManualClock) -> Iterator[Callable[[], Queue]]:
    """The job engine that a test starts when it wants jobs to run; `runs` are those that did."""
    runs: list[str] = []
    jobs.job("count")(lambda session, payload: runs.append(payload["name"]))
    made: list[Queue] = []

    def start() -> Queue:
        started = Queue(database, clock)
        started.start()
        started.runs = runs  # type: ignore[attr-defined]
        made.append(started)
        return started

    start().stop(patience=5)
    yield start
    for one in made:
        one.stop(patience=5)
    del jobs.registry.registered["count"]
    for client in jobs.registry.clients.values():
        client.destroy()
    jobs.registry.clients.clear()


def fail(session: Session, id: str, error: str = '{"name": "ValueError", "message": "hỏng"}') -> None:
    """Let a job have failed, as the job engine writes it after its last try."""
    row = {"id": id, "error": error}
    session.execute(
        text(f"UPDATE {SCHEMA}workflow_status SET status = 'ERROR' WHERE workflow_uuid = :id"),
        row,
    )
    session.execute(
        text(
            f"INSERT INTO {SCHEMA}workflow_output (workflow_uuid, error, retention_timestamp) VALUES (:id, :error, 0)"
        ),
        row,
    )


def board(database: Database, clock: ManualClock, **wanted: Any) -> list[tuple[str, str, str | None]]:
    with jobs.committing(database, clock) as session:
        return [(one.title, one.state, one.error) for one in jobs_board.listed(session, **wanted) if one.is_ours]


def test_a_failed_job_shows_its_error_and_runs_again_once(
    queue: Callable[[], Any], database: Database, clock: ManualClock, committing: Committing, world: World
) -> None:
    with committing() as session:
        for name in ("good", "bad"):
            jobs.enqueue(session, "count", name, {"name": name})
        fail(session, "count:bad")
    assert sorted(board(database, clock)) == [
        ("count:bad", "failed", "ValueError: hỏng"),
        ("count:good", "waiting", None),
    ]
    assert [title for title, *_ in board(database, clock, state="failed")] == ["count:bad"]
    with committing() as session:
        (failed,) = jobs_board.listed(session, state="failed")
        assert abs(failed.queued_at - clock.at) < timedelta(minutes=5)
        jobs_board.retry(session, failed.id, actor=world.actor("quantri"), reason=REASON)
    assert board(database, clock, state="failed") == []
    with committing() as session, pytest.raises(NotFound):
        jobs_board.retry(session, failed.id, actor=world.actor("quantri"), reason=REASON)
    with database.read() as session:
        (entry,) = session.query(AuditEntry).where(AuditEntry.fact == Fact.JOB_RETRIED)
    assert (entry.facts["job"], entry.facts["reason"], entry.facts["before"], entry.facts["after"]) == (
        "count:bad", REASON, {"state": "failed"}, {"state": "waiting"},
    )  # fmt: skip
    runs = queue().runs
    wait_until(lambda: sorted(runs) == ["bad", "good"])
    wait_until(lambda: board(database, clock) == [])


def test_the_list_of_jobs_goes_on_where_it_ended(
    queue: Any, database: Database, clock: ManualClock, committing: Committing
) -> None:
    with committing() as session:
        for number in range(5):
            jobs.enqueue(session, "count", str(number), {"name": str(number)})
    seen: list[str] = []
    after = ""
    with committing() as session:
        while part := jobs_board.listed(session, state="waiting", after=after, limit=2):
            seen += [one.title for one in part]
            after = part[-1].cursor
        assert sorted(seen) == [f"count:{number}" for number in range(5)]
        assert len(jobs_board.listed(session, state="waiting", after="nonsense")) == 5


def test_a_job_whose_command_is_gone_or_that_comes_by_itself_is_not_queued(
    queue: Any, committing: Committing, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with committing() as session:
        jobs.enqueue(session, "count", "old", {"name": "old"})
        fail(session, "count:old")
    with monkeypatch.context() as patched:
        patched.setattr(jobs, "WORKFLOW", "another")
        assert refusal(committing, world) == "job_comes_again"
    with monkeypatch.context() as patched:
        patched.delitem(jobs.registry.registered, "count")
        assert refusal(committing, world) == "job_unknown"


def refusal(committing: Committing, world: World) -> str:
    with committing() as session:
        (failed,) = jobs_board.listed(session, state="failed")
        with pytest.raises(WrongState) as refused:
            jobs_board.retry(session, failed.id, actor=world.actor("quantri"), reason=REASON)
    return refused.value.reason


@pytest.fixture
def letter(world: World, committing: Committing) -> str:
    """A letter that was tried in vain to the end."""
    with committing() as session:
        session.get_one(Person, world.person("phunu")).email = "phunu@vi-du.example"
        notifications.notify(session, "task:opened", person_id=world.person("phunu"), title="Nhập kết quả")
    with committing() as session:
        notifications.write_mails(session)
    with committing() as session:
        (mail,) = session.query(Mail)
        notifications.record_failure(session, mail.id, "ConnectionRefusedError: đóng cửa")
        mail.tries = notifications.MOST_TRIES
        return mail.id


def test_a_letter_not_taken_is_sent_again_when_an_operator_says_so(
    letter: str, committing: Committing, world: World
) -> None:
    with committing() as session:
        assert notifications.claim_mails(session) == []
        (mail,) = session.scalars(jobs_board.failed_letters())
        with pytest.raises(NotAllowed):
            jobs_board.retry_letter(session, mail, actor=world.actor("phunu"), reason=REASON)
        with pytest.raises(Invalid):
            jobs_board.retry_letter(session, mail, actor=world.actor("quantri"), reason=" ")
        jobs_board.retry_letter(session, mail, actor=world.actor("quantri"), reason=REASON)
    with committing() as session:
        assert [one.id for one in notifications.claim_mails(session)] == [letter]
        notifications.record_sent(session, letter)
    with committing() as session:
        assert session.scalars(jobs_board.failed_letters()).all() == []
        mail = session.get_one(Mail, letter)
        with pytest.raises(WrongState):
            jobs_board.retry_letter(session, mail, actor=world.actor("quantri"), reason=REASON)
        (entry,) = session.query(AuditEntry).where(AuditEntry.fact == Fact.LETTER_RETRIED)
        assert (entry.subject_id, entry.facts["before"]) == (letter, {"tries": notifications.MOST_TRIES})
