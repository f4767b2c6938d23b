"""Work behind the requests: the sweep does what is due, what fails holds up nobody, queued jobs survive."""

import threading
import time
from contextlib import contextmanager

import pytest
from sqlalchemy import select, text

from engine import chores, jobs, nodes, notifications
from engine.chores import Batch, Chore
from engine.jobs import Jobs, sweeping
from engine.unit import finish, unit
from models.calendar import Setting
from models.notifications import Mail
from models.users import Person
from tests.engine.queues import Queue
from tests.world import ON_POSTGRES


def note(session, name):
    session.add(Setting(name=name, value="done"))


def notes(database):
    with database.read() as session:
        return set(session.scalars(select(Setting.name)))


def wait_until(condition, seconds=20):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def due(monkeypatch):
    """Replace the chores by rows in memory: {key: what happens}; an exception is raised, anything else noted."""
    rows = {}

    def find(session, limit):
        return list(rows)[:limit]

    def do(session, key):
        note(session, key)
        session.flush()
        if isinstance(rows[key], Exception):
            raise rows[key]
        del rows[key]

    monkeypatch.setattr(sweeping, "chores", lambda: (Chore("rows", find, do),))
    monkeypatch.setattr(sweeping, "batches", lambda: ())
    return rows


def test_a_sweep_does_each_row_in_a_transaction_of_its_own(due, database, clock):
    due.update(dict.fromkeys("abc", 1))
    assert jobs.sweep(database, clock) == 3
    assert {"a", "b", "c"} <= notes(database)
    assert jobs.sweep(database, clock) == 0


def test_a_row_that_fails_holds_up_nobody_and_rests(due, database, clock, caplog):
    due.update({"a": 1, "bad": ValueError("hỏng"), "c": 1})
    failures = chores.Failures()
    assert jobs.sweep(database, clock, failures=failures) == 2
    assert notes(database) >= {"a", "c"}
    assert "bad" not in notes(database)
    assert failures.rests("rows bad")
    assert len(caplog.records) == 1
    assert jobs.sweep(database, clock, failures=failures) == 0
    assert len(caplog.records) == 1


def test_many_rows_that_fail_do_not_hide_the_ones_behind_them(due, database, clock, monkeypatch):
    monkeypatch.setattr(sweeping, "BATCH", 3)
    due.update({f"bad{n}": ValueError("hỏng") for n in range(5)} | {"good": 1})
    failures = chores.Failures()
    for _ in range(3):
        jobs.sweep(database, clock, failures=failures)
    assert "good" in notes(database)


def test_draining_ends_when_nothing_is_left_to_do(due, database, clock):
    due.update({str(n): 1 for n in range(120)})
    assert jobs.drain(database, clock) == 120
    assert not due


def test_batches_commit_with_their_audit(database, clock, monkeypatch):
    from engine import audit
    from engine.audit import Fact
    from models.permissions import SYSTEM

    left = [2, 1, 0]

    def do(session):
        count = left.pop(0)
        if count:
            audit.record(session, SYSTEM, Fact.SETTING_CHANGED, count=count)
        return count

    monkeypatch.setattr(sweeping, "chores", lambda: ())
    monkeypatch.setattr(sweeping, "batches", lambda: (Batch("two", do),))
    with database.read() as session:
        before = audit.verify(session).size
    assert jobs.drain(database, clock) == 3
    with database.read() as session:
        assert audit.verify(session).size == before + 2


def test_the_real_chores_find_nothing_to_do_in_a_quiet_world(database, clock):
    pytest.importorskip("engine.rollups")
    jobs.drain(database, clock)
    assert jobs.sweep(database, clock) == 0


@pytest.fixture
def outbox(database, clock, world, committing):
    """A letter to one person in the outbox, and a post office that can be broken."""
    with committing() as session:
        session.get_one(Person, world.person("phunu")).email = "phunu@vi-du.example"
        notifications.notify(session, "task:opened", person_id=world.person("phunu"), title="Nhập kết quả")
    with committing() as session:
        assert notifications.write_mails(session) == 1

    class Office:
        sent, broken = [], False

        @contextmanager
        def __call__(self):
            yield self.send

        def send(self, letter):
            with unit(database, clock) as other:  # nobody holds the write lock while a letter is on its way
                other.connection()
            if self.broken:
                raise ConnectionRefusedError("đóng cửa")
            self.sent.append(letter.id)

    return Office()


def test_letters_leave_outside_of_transactions_and_once(due, outbox, database, clock):
    assert jobs.sweep(database, clock, post=outbox) == 1
    assert jobs.sweep(database, clock, post=outbox) == 0
    assert len(outbox.sent) == 1


def test_a_letter_not_taken_is_tried_again_later(due, outbox, database, clock):
    from datetime import timedelta

    outbox.broken = True
    jobs.sweep(database, clock, post=outbox)
    with database.read() as session:
        assert session.scalars(select(Mail.last_error)).one().startswith("ConnectionRefusedError")
    outbox.broken = False
    assert jobs.sweep(database, clock, post=outbox) == 0
    clock.at += timedelta(minutes=1)
    assert jobs.sweep(database, clock, post=outbox) == 1
    assert len(outbox.sent) == 1


def test_the_worker_sweeps_by_itself_and_stops_after_what_it_is_doing(due, database, clock):
    worker = Jobs(database, clock, queue=False)
    worker.start()
    wait_until(lambda: worker.is_alive())
    due["late"] = 1
    worker.wake()
    wait_until(lambda: "late" in notes(database))
    assert worker.stop(patience=10)
    assert not worker._thread.is_alive()


def test_a_worker_that_hangs_is_not_called_alive(due, database, clock):
    worker = Jobs(database, clock, queue=False)
    assert not worker.is_alive()
    worker.beat = time.monotonic() - 31
    assert not worker.is_alive()


@pytest.fixture
def queue(database, clock):
    """The job engine on this database, with a job `note` that counts its runs."""
    runs = []

    @jobs.job("note")
    def body(session, payload):
        runs.append(payload["name"])
        if payload.get("fail_first") and runs.count(payload["name"]) == 1:
            raise ValueError("lần đầu hỏng")
        note(session, payload["name"])

    made = Queue(database, clock)
    made.start()
    made.runs = runs
    yield made
    made.stop(patience=5)
    del jobs.registry.registered["note"]
    for client in jobs.registry.clients.values():
        client.destroy()
    jobs.registry.clients.clear()


def test_a_job_is_queued_with_the_transaction_and_runs_once_per_key(queue, database, committing, clock):
    with unit(database, clock) as session:
        jobs.enqueue(session, "note", "undone", {"name": "undone"})
        finish(session)
        session.rollback()
    for _ in range(2):
        with committing() as session:
            jobs.enqueue(session, "note", "once", {"name": "once"})
    wait_until(lambda: "once" in notes(database))
    time.sleep(1.5)
    assert queue.runs == ["once"]
    assert "undone" not in notes(database)


def test_a_job_that_fails_is_tried_again(queue, database, committing):
    with committing() as session:
        jobs.enqueue(session, "note", "1", {"name": "tough", "fail_first": True})
    wait_until(lambda: "tough" in notes(database))
    assert queue.runs == ["tough", "tough"]


def test_an_unknown_job_is_refused_at_once(session):
    with pytest.raises(LookupError):
        jobs.enqueue(session, "no such", "1", {})


def test_what_is_queued_is_json(queue, database, committing):
    with committing() as session:
        jobs.enqueue(session, "note", "chữ", {"name": "Uỷ ban"})
    wait_until(lambda: "Uỷ ban" in notes(database))
    table = "workflow_input" if database.is_sqlite else "dbos.workflow_input"
    with database.read() as session:
        rows = session.execute(text(f"SELECT * FROM {table}")).all()
    assert any("Uỷ ban" in str(row) for row in rows)


def test_the_engines_own_tables_leave_ours_alone(queue, database, committing, world):
    with committing() as session:
        notifications.notify(session, "task:opened", person_id=world.person("phunu"))
    with database.read() as session:
        assert notifications.unread(session, world.actor("phunu")) == 1


def test_writers_and_the_job_engine_do_not_lock_each_other_out(queue, database, committing):
    def work(n):
        for k in range(5):
            with committing() as session:
                jobs.enqueue(session, "note", f"{n}.{k}", {"name": f"{n}.{k}"})

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wait_until(lambda: len([name for name in notes(database) if name[0].isdigit()]) == 20)


@pytest.mark.skipif(not ON_POSTGRES, reason="an embedded installation has one node")
def test_a_job_of_a_node_that_is_gone_is_taken_over(queue, database, committing, clock):
    queue.stop(patience=5)
    with committing() as session:
        jobs.enqueue(session, "note", "orphan", {"name": "orphan"})
        session.execute(text("UPDATE dbos.workflow_status SET status = 'PENDING', executor_id = 'gone'"))
    other = Queue(database, clock)
    other.start()
    try:
        wait_until(lambda: "orphan" in notes(database))
    finally:
        other.stop(patience=5)


@pytest.mark.skipif(not ON_POSTGRES, reason="an embedded installation has one node")
def test_a_job_of_a_node_that_lives_is_left_to_it(queue, database, committing, clock):
    queue.stop(patience=5)
    with committing() as session:
        jobs.enqueue(session, "note", "busy", {"name": "busy"})
        session.execute(text("UPDATE dbos.workflow_status SET status = 'PENDING', executor_id = 'alive'"))
    other = Queue(database, clock)
    with database.writer.connect() as alive:
        alive.execute(text("SELECT pg_advisory_lock(hashtextextended('alive', 0))"))
        alive.commit()
        other.start()
        try:
            time.sleep(5)
            assert "busy" not in notes(database)
        finally:
            other.stop(patience=5)


@pytest.mark.skipif(not ON_POSTGRES, reason="an embedded database does not go away")
def test_a_job_that_was_taken_without_an_answer_goes_back_to_the_queue(queue, database, committing):
    with committing() as session:
        jobs.enqueue(session, "note", "stray", {"name": "stray"})
        taken = text("UPDATE dbos.workflow_status SET status = 'PENDING', executor_id = :node")
        session.execute(taken, {"node": queue.executor})
    wait_until(lambda: "stray" in notes(database))
    assert queue.runs == ["stray"]


@pytest.mark.skipif(not ON_POSTGRES, reason="an embedded database does not go away")
def test_a_job_that_takes_long_is_no_stray(queue, database, committing):
    began = []

    @jobs.job("long")
    def body(session, payload):
        began.append(time.monotonic())
        time.sleep(nodes.GONE_AFTER + 3 * nodes.LOOK)
        note(session, "long")

    with committing() as session:
        jobs.enqueue(session, "long", "1", {})
    wait_until(lambda: "long" in notes(database))
    del jobs.registry.registered["long"]
    assert len(began) == 1


def test_a_job_that_does_not_end_in_time_is_said_and_is_nobody_elses_yet(queue, database, committing):
    begun, ended = threading.Event(), threading.Event()

    @jobs.job("long")
    def body(session, payload):
        begun.set()
        ended.wait(20)

    try:
        with committing() as session:
            jobs.enqueue(session, "long", "1", {})
        assert begun.wait(20)
        assert not queue.stop(patience=1)
        if ON_POSTGRES:
            with nodes.Lease(queue._engine, "another").in_place_of(queue.executor) as free:
                assert not free
    finally:
        ended.set()
        wait_until(lambda: not queue._in_hand)
        queue._let_go()
        del jobs.registry.registered["long"]
