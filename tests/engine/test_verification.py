"""The invariants: nothing is found in a sound world, and every planted fault is found by the invariant it breaks."""

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import make_url, text, update

from engine import audit, verification
from engine.audit import Fact
from engine.clock import ManualClock
from engine.verification import Violation
from engine.verification.finding import side_by_side
from models.database import Database
from models.permissions import SYSTEM
from models.tasks import Task
from models.users import Person
from tests.play import Story
from tests.stock import Stock
from tests.world import NOW

NOWHERE = "0" * 32
REPLICA = "SET LOCAL session_replication_role = replica"


@pytest.fixture
def played(stock: Stock) -> Iterator[Story]:
    """A world in which a report waits for another, people were reminded and letters written; played once, copied."""
    if "overdue" not in stock.templates:
        stock.templates["overdue"] = _overdue(stock)
    assert stock.world is not None
    story = Story(stock.copy("overdue"), ManualClock(at=NOW + LATER), stock.world)
    yield story
    stock.discard(story.database)


def _overdue(stock: Stock) -> str:
    database = stock.copy("story")
    assert stock.world is not None
    story = Story(database, ManualClock(at=NOW), stock.world, stages=stock.stage)
    order = story.until("consolidate_locality")
    with story.doing() as session:
        session.execute(update(Person).values(email="a@b.example"))
    story.do("mttq.phuong", "consolidate_locality", {"decision": "ok", **REPORT}, order=order)
    story.clock.at = NOW + LATER
    story.pass_time()
    story.database.checkpoint()
    story.database.close()
    return make_url(story.database.url).database or ""


LATER = timedelta(days=60)
REPORT = {"records": [{"held_on": "07/10/2018", "figures": {"env_people": {"value": "50"}}}]}


def found(database: Database, clock: ManualClock, *only: str) -> list[Violation]:
    with verification.snapshot(database, clock) as session:
        return list(verification.violations(session, only=only))


def plant(database: Database, *statements: str, **values: object) -> None:
    """Do what no command does: past the engine, and past the rules of the database where they would refuse it."""
    with database.writer.connect() as connection:
        raw = connection.connection
        if database.is_sqlite:
            raw.execute("PRAGMA foreign_keys=OFF").close()
            raw.execute("PRAGMA recursive_triggers=OFF").close()
        with connection.begin():
            if database.is_sqlite:
                for verb in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER audit_entries_no_{verb}"))
            else:
                connection.execute(text(REPLICA))
            for statement in statements:
                assert connection.execute(text(statement), values).rowcount, statement
        if database.is_sqlite:
            raw.execute("PRAGMA foreign_keys=ON").close()


def test_a_sound_world_breaks_no_invariant(played: Story) -> None:
    assert found(played.database, played.clock) == []
    with verification.snapshot(played.database, played.clock) as session:
        pages = [why for invariant, why in verification.left_out(session) if invariant == "I7"]
    assert played.database.is_sqlite <= (not pages)


# what is done in the dark -> the invariant that breaks, and what is said of it
FAULTS = {
    # I3
    "a task nobody's token waits at": (
        "UPDATE tasks SET state = 'open', closed_at = NULL, closed_by = NULL "
        "WHERE id = (SELECT max(id) FROM tasks WHERE state = 'completed')",
        "I3", "no token waits for its open task",
    ),
    "a token whose task was closed": (
        "UPDATE tasks SET state = 'cancelled' WHERE id = (SELECT max(id) FROM tasks WHERE state = 'open')",
        "I3", "and has no open task",
    ),
    "a wait nobody remembers": ("DELETE FROM subscriptions", "I3", "and has no subscription"),
    "a wait for nothing": ("UPDATE subscriptions SET key = 'gone'", "I3", "no token waits for its subscription gone"),
    "a cut-off of nothing": (
        "UPDATE timers SET key = 'gone', fired_at = NULL, cancelled_at = NULL", "I3", "its cut-off gone",
    ),
    "a finished instance with work": (
        "UPDATE instances SET state = 'finished' WHERE id = (SELECT max(instance_id) FROM tasks WHERE state = 'open')",
        "I3", "it is finished and has tasks that wait",
    ),
    "a rest state nobody can read": (
        "UPDATE instances SET rest = '{' WHERE state = 'running'", "I3", "its rest state cannot be read",
    ),
    "a stuck instance nobody is told of": (
        "UPDATE instances SET state = 'incident' WHERE state = 'running'", "I3", "has 0 open incidents",
    ),
    # I4
    "a figure changed behind its entry": (
        "UPDATE figures SET value = '77' WHERE id = (SELECT max(id) FROM figures)", "I4", "value 77, qualifier exact",
    ),
    "a figure moved to another day": (
        "UPDATE figures SET held_on = '2018-10-01' WHERE id = (SELECT max(id) FROM figures)",
        "I4", "held_on 2018-10-01",
    ),
    "a figure no entry speaks of": (
        "DELETE FROM audit_entries WHERE fact = 'figure:entered'", "I4", "entries speak of 0",
    ),
    "a completion without an entry": (
        "UPDATE audit_entries SET fact = 'task:commented' WHERE seq = (SELECT max(seq) FROM audit_entries "
        "WHERE fact = 'task:completed')",
        "I4", "it is completed, its entries leave it open",
    ),
    "an entry without a completion": (
        "UPDATE tasks SET state = 'cancelled' WHERE id = (SELECT max(id) FROM tasks WHERE state = 'completed')",
        "I4", "it is cancelled, its entries leave it completed",
    ),
    "a holder the log does not know": (
        "UPDATE tasks SET holder_id = '00000000000000000000000000000000' WHERE state = 'open'", "I4", "holds it",
    ),
    "a helper the log does not know": ("UPDATE tasks SET helper_id = holder_id", "I4", "helps, by its entries"),
    "a completion told twice": (
        "UPDATE audit_entries SET subject_id = (SELECT max(subject_id) FROM audit_entries "
        "WHERE fact = 'task:completed') WHERE fact = 'task:completed'",
        "I4", "comes after the entry that closed it",
    ),
    "another who closed it": (
        "UPDATE tasks SET closed_by = '00000000000000000000000000000000' WHERE state = 'completed'",
        "I4", "not closed by whom and when",
    ),
    "lost answers": (
        "DELETE FROM submissions WHERE id = (SELECT max(id) FROM submissions)", "I4", "0 submissions",
    ),
    "an entry of no task": (
        "UPDATE audit_entries SET subject_id = '00000000000000000000000000000000' "
        "WHERE seq = (SELECT max(seq) FROM audit_entries WHERE subject_type = 'task')",
        "I4", "a task that is not there",
    ),
    # I5
    "a gap": ("DELETE FROM audit_entries WHERE seq = 7", "I5", "broken at entry 7"),
    "a changed entry": ("UPDATE audit_entries SET fact = 'order:signed' WHERE seq = 9", "I5", "broken at entry 9"),
    # I6
    "a message nobody delivered": (
        "UPDATE messages SET state = 'pending', delivered_at = NULL WHERE id = (SELECT max(id) FROM messages "
        "WHERE state = 'delivered')",
        "I6", "it is pending, and the log says message:delivered",
    ),
    "a message that was only said to be delivered": (
        "UPDATE audit_entries SET fact = 'timer:fired' WHERE seq = (SELECT max(seq) FROM audit_entries "
        "WHERE fact = 'message:delivered')",
        "I6", "it is delivered, and the log says nothing",
    ),
    "a message that is gone": (
        "DELETE FROM messages WHERE id = (SELECT max(id) FROM messages)", "I6", "the log tells of it",
    ),
    "a message from nowhere": (
        "UPDATE messages SET sender_id = '00000000000000000000000000000000'", "I6", "its sender is not there",
    ),
    "an instance started without its message": (
        "UPDATE messages SET name = 'news' WHERE name = 'locality.assigned'", "I6", "0 messages that start it",
    ),
    "a step nobody was told of": (
        "DELETE FROM notices WHERE fact = 'task:opened' AND task_id = (SELECT max(id) FROM tasks)",
        "I6", "announced 0 times",
    ),
    "a reminder told twice": (
        "UPDATE notices SET task_id = (SELECT max(task_id) FROM notices WHERE fact = 'task:urged'), "
        "at = (SELECT max(at) FROM notices WHERE fact = 'task:urged') WHERE fact = 'task:urged'",
        "I6", "times and told",
    ),
    "a letter of a notice that made none": ("UPDATE notices SET mailed_at = NULL", "I6", "no notice knows of it"),
    # I7
    "a reference to nothing": (
        "UPDATE submissions SET task_id = '00000000000000000000000000000000' "
        "WHERE id = (SELECT max(id) FROM submissions)",
        "I7", "not there",
    ),
    # I8
    "a total that is more": (
        "UPDATE totals SET figures = figures + 1 WHERE indicator_code = 'green_roads'", "I8",
        "totals green_roads",
    ),
    "another sum at the top": ("UPDATE totals SET value = '7000'", "I8", "its figures make"),
    "a total that is gone": ("DELETE FROM totals WHERE indicator_code = 'env_people'", "I8", "totals env_people"),
    "a week counted twice": ("UPDATE distincts SET figures = figures + 1", "I8", "distincts green_weeks"),
    "totals of no order": (
        "UPDATE totals SET order_id = '00000000000000000000000000000000'", "I8", "of an order that is not there",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_by_its_invariant(fault: str, played: Story) -> None:
    statement, invariant, said = FAULTS[fault]
    plant(played.database, statement)
    wrong = found(played.database, played.clock, invariant)
    assert any(said in one.wrong for one in wrong), [str(one) for one in wrong]
    assert {one.invariant for one in wrong} == {invariant}
    assert all(one.subject and one.wrong for one in wrong)


def test_an_instance_that_ended_and_is_said_to_run_is_found(story: Story) -> None:
    order = story.until("nghiem_thu")
    story.play(order, frm="nghiem_thu")
    story.pass_time()
    assert found(story.database, story.clock) == []
    plant(story.database, "UPDATE instances SET state = 'running' WHERE state = 'finished'")
    assert {one.wrong for one in found(story.database, story.clock, "I3")} == {"it is running and no token lives"}


def test_a_letter_written_twice_is_found(played: Story) -> None:
    if played.database.is_sqlite:
        with played.database.writer.begin() as connection:
            made = str(connection.scalar(text("SELECT sql FROM sqlite_schema WHERE name = 'mails'")))
            unique = next(line for line in made.splitlines() if "UNIQUE" in line)
            connection.execute(text("ALTER TABLE mails RENAME TO before"))
            connection.execute(text(made.replace(unique, "CHECK (1)" + (", " if unique.strip().endswith(",") else ""))))
            connection.execute(text("INSERT INTO mails SELECT * FROM before"))
            connection.execute(text("DROP TABLE before"))
    else:
        with played.database.writer.begin() as connection:
            unique = "SELECT conname FROM pg_constraint WHERE conrelid = 'mails'::regclass AND contype = 'u'"
            connection.execute(text(f"ALTER TABLE mails DROP CONSTRAINT {connection.scalar(text(unique))}"))
    columns = 'notification_id, "to", subject, body, written_at, sent_at, tries, next_try_at, last_error'
    newest = f"SELECT 'f' || substr(id, 2), {columns} FROM mails WHERE id = (SELECT max(id) FROM mails)"
    plant(played.database, f"INSERT INTO mails (id, {columns}) {newest}")
    assert any("2 letters to one address" in one.wrong for one in found(played.database, played.clock, "I6"))


def test_a_damaged_page_is_found(played: Story) -> None:
    if not played.database.is_sqlite:
        pytest.skip("the server's pages are amcheck's: see the next test")
    path = played.database.path
    assert path is not None
    with played.database.read() as session:
        root = session.scalar(text("SELECT rootpage FROM sqlite_schema WHERE name = 'ix_tasks_holder'"))
        size = session.scalar(text("PRAGMA page_size"))
    plant(played.database, "UPDATE audit_tip SET seq = seq")  # a commit: this copy is not used again
    played.database.close()
    assert played.database.checkpoint()
    with path.open("r+b") as file:
        file.seek((root - 1) * size + size // 2)
        file.write(b"\x00" * (size // 2))
    assert any("ix_tasks_holder" in one.wrong for one in found(played.database, played.clock, "I7"))


# what nobody can read, or what SQLite would search by as something else than it is decoded to
BENT = {
    "JSON that is none": "facts = '{'",
    "JSON with a key that says nothing": """facts = replace(facts, '{', '{"reason": null, ')""",
    "a number another way": "v = 2.5",
    "an instant another way": "at = replace(at, ' ', 'T')",
    "an instant that is none": "at = 'hôm qua'",
    "a truth that is two": "refused = 2",
    "bytes for a text": "fact = CAST(fact AS BLOB)",
    "a text that is none": "channel = CAST(x'ff41' AS TEXT)",
    "a leaf that is none": "leaf = 5",
}


@pytest.mark.once  # the server keeps in a column only what its type is
@pytest.mark.parametrize("bent", BENT)
def test_an_entry_that_is_stored_another_way_is_named(bent: str, played: Story) -> None:
    plant(played.database, f"UPDATE audit_entries SET {BENT[bent]} WHERE seq = 9")
    wrong = found(played.database, played.clock, "I5")
    assert [one.wrong for one in wrong] == ["broken at entry 9: it does not hash to its leaf"]


def test_an_entry_nobody_can_read_ends_no_other_check(played: Story) -> None:
    if not played.database.is_sqlite:
        pytest.skip("the server refuses what is not JSON")
    plant(played.database, "UPDATE audit_entries SET facts = '{' WHERE seq = 9")
    assert {one.invariant for one in found(played.database, played.clock)} == {"I5"}


def test_what_the_server_cannot_examine_is_said_and_not_passed_over(played: Story) -> None:
    if played.database.is_sqlite:
        pytest.skip("SQLite examines itself")
    with played.database.read() as session:
        there = session.scalar(text("SELECT count(*) FROM pg_available_extensions WHERE name = 'amcheck'"))
    with verification.snapshot(played.database, played.clock) as session:
        assert [why for name, why in verification.left_out(session) if name == "I7" and "amcheck" in why]
    if there:
        plant(played.database, "CREATE EXTENSION amcheck")
        with verification.snapshot(played.database, played.clock) as session:
            assert not [name for name, _ in verification.left_out(session) if name == "I7"]
        assert found(played.database, played.clock, "I7") == []


def test_figures_not_yet_added_are_said(played: Story) -> None:
    plant(played.database, "UPDATE figures SET folded_at = NULL")
    with verification.snapshot(played.database, played.clock) as session:
        assert [why for name, why in verification.left_out(session) if name == "I8"] != []


def test_what_a_stuck_instance_holds_is_no_fault(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    order = story.until("accept_lead")
    monkeypatch.setattr("engine.waiting.routing.candidates", lambda *what, **more: None)
    story.do("phunu", "accept_lead", {"decision": "accept"}, order=order)
    assert [one.state for one in story.instances("lead")] == ["incident"]
    assert found(story.database, story.clock) == []


def test_work_that_is_claimed_lent_handed_on_and_given_back_tells_its_history(story: Story) -> None:
    from engine import tasks

    task = story.task("draft_plan", order=story.until("draft_plan")).id

    def act(verb: Callable[..., object], login: str, **given: object) -> None:
        with story.doing() as session:
            verb(session, session.get_one(Task, task), actor=story.actor(login), **given)

    with story.doing() as session:
        other = session.get_one(Person, story.world.person("phunu.2"))
        session.expunge(other)
    act(tasks.claim, "phunu")
    act(tasks.delegate, "phunu", to=other)
    act(tasks.take_back, "phunu")
    act(tasks.transfer, "phunu", to=other, reason="Nghỉ phép")
    act(tasks.release, "phunu.2")
    act(tasks.claim, "phunu")
    assert found(story.database, story.clock) == []
    plant(story.database, "DELETE FROM audit_entries WHERE fact = 'task:released'")
    assert "claimed while somebody held it" in " ".join(one.wrong for one in found(story.database, story.clock, "I4"))


def test_verifying_beside_people_who_work_sees_one_state(played: Story) -> None:
    with verification.snapshot(played.database, played.clock) as session:
        running = verification.violations(session)
        assert next(running, None) is None or False
        played.later(days=3)
        assert list(verification.violations(session)) == []


@pytest.mark.slow
def test_it_reads_row_by_row(committing: Callable[[], object], database: Database, clock: ManualClock) -> None:
    with committing() as session:  # type: ignore[attr-defined]
        for number in range(4_000):
            audit.record(session, SYSTEM, Fact.SETTING_CHANGED, None, name=f"{number:0200d}")
    gc.collect()
    tracemalloc.start()
    assert found(database, clock, "I4", "I5", "I6") == []
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_500_000, f"{peak / 1e6:.0f} MB"


def test_it_says_how_far_it_is(played: Story) -> None:
    heard: list[str] = []
    with verification.snapshot(played.database, played.clock) as session:
        list(verification.violations(session, watch=lambda name, count: heard.append(name)))
    assert list(dict.fromkeys(heard)) == list(verification.CHECKS)


def test_two_lists_are_held_against_each_other_in_one_pass() -> None:
    pairs = side_by_side(iter("aabd"), iter("bcdd"), key=str)
    assert list(pairs) == [
        ("a", ["a", "a"], []), ("b", ["b"], ["b"]), ("c", [], ["c"]), ("d", ["d"], ["d", "d"]),
    ]  # fmt: skip
