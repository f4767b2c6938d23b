"""A node is alive as long as it holds its lock: a lost lock is taken anew, a free one tells who is gone."""

import time

import pytest
from sqlalchemy import text

from engine import jobs, nodes
from engine.jobs import Jobs, workers
from engine.nodes import GONE_AFTER, Lease
from tests.world import ON_POSTGRES

only_here = pytest.mark.skipif(not ON_POSTGRES, reason="an embedded installation has one node")


@pytest.fixture
def seconds(monkeypatch):
    """The clock of the leases, moved by hand."""
    at = [1000.0]
    monkeypatch.setattr("engine.nodes.time.monotonic", lambda: at[0])
    return at


@pytest.fixture
def leases(database):
    """Two nodes that live: `a` and `b`."""
    made = [Lease(database.writer, name) for name in ("m-1-a", "m-2-b")]
    for lease in made:
        lease.keep()
    yield made
    for lease in made:
        lease.give_back()


def end_connection_of(database, node):
    with database.writer.connect() as connection:
        ended = connection.execute(
            text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = :name"
            ),
            {"name": f"lienthong {node}"},
        ).all()
        connection.commit()
    assert (True,) in ended


def comes_to(database, living):
    """Wait for the server, which forgets a connection a moment after it was closed."""
    for _ in range(50):
        with database.read() as session:
            if nodes.living(session) == living:
                return True
        time.sleep(0.1)
    return False


@only_here
def test_who_lives_is_not_gone_however_long_one_looks(leases, seconds):
    a, _ = leases
    for _ in range(5):
        assert a.gone({"m-1-a", "m-2-b"}) == []
        seconds[0] += GONE_AFTER


@only_here
def test_who_has_been_without_its_lock_for_three_seconds_is_gone(leases, seconds):
    a, b = leases
    b.give_back()
    assert a.gone({"m-2-b"}) == []
    seconds[0] += GONE_AFTER - 0.1
    assert a.gone({"m-2-b"}) == []
    seconds[0] += 0.2
    assert a.gone({"m-2-b"}) == ["m-2-b"]


@only_here
def test_who_comes_back_in_time_was_never_away(leases, seconds):
    a, b = leases
    b.give_back()
    assert a.gone({"m-2-b"}) == []
    b.keep()
    seconds[0] += GONE_AFTER
    assert a.gone({"m-2-b"}) == []
    b.give_back()
    seconds[0] += GONE_AFTER
    assert a.gone({"m-2-b"}) == []


@only_here
def test_a_lock_that_was_lost_with_its_connection_is_taken_anew(leases, database):
    a, b = leases
    end_connection_of(database, "m-2-b")
    with a.in_place_of("m-2-b") as free:
        assert free
    b.keep()
    with a.in_place_of("m-2-b") as free:
        assert not free


@only_here
def test_a_node_that_does_not_look_at_its_lock_is_taken_for_gone(leases, database, seconds):
    """Red: why it looks."""
    a, _ = leases
    end_connection_of(database, "m-2-b")
    assert a.gone({"m-2-b"}) == []
    seconds[0] += GONE_AFTER
    assert a.gone({"m-2-b"}) == ["m-2-b"]


@only_here
def test_one_alone_takes_the_place_of_a_node_that_is_gone(leases):
    a, b = leases
    with a.in_place_of("m-3-c") as first, b.in_place_of("m-3-c") as second:
        assert (first, second) == (True, False)


@only_here
def test_who_lives_is_known_by_name(leases, database):
    a, _ = leases
    assert comes_to(database, ["m-1-a", "m-2-b"])
    a.give_back()
    assert comes_to(database, ["m-2-b"])


def test_names_are_unique_and_tell_the_machine():
    one, other = nodes.new_name(), nodes.new_name()
    assert one != other
    assert nodes.machine_of(one) == nodes.machine_of(other)


def test_a_job_engine_that_did_not_start_is_tried_again(database, clock, monkeypatch, caplog):
    tried = []

    def start(queue):
        tried.append(queue)
        if len(tried) == 1:
            raise ConnectionError("nobody there")

    monkeypatch.setattr(jobs.Queue, "start", start)
    monkeypatch.setattr(workers, "_AGAIN", 0.1)
    work = Jobs(database, clock)
    work.start()
    until = time.monotonic() + 10
    while len(tried) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.3)
    assert work.stop(patience=10)
    assert len(tried) == 2
    assert [one.message for one in caplog.records if "job engine" in one.message] == [
        "the job engine did not start; it is tried again"
    ]
