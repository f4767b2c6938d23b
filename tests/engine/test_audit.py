"""The audit log: what is done is in it, in one gapless log, and whoever touches it is found."""

import threading
import time
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from engine import audit
from engine.audit import Fact, canonical_form
from engine.unit import finish, unit
from models.audit import AuditEntry, AuditTip
from models.audit_texts import commitment
from models.database import open_database
from models.organizations import Organization
from models.permissions import SYSTEM


def write(committing, actor=SYSTEM, count=1, **facts):
    with committing() as session:
        for _ in range(count):
            audit.record(session, actor, Fact.SETTING_CHANGED, None, **facts)


def verified(database):
    with database.read() as session:
        return audit.verify(session)


def test_building_the_world_left_a_sound_log(database):
    found = verified(database)
    assert found.is_sound
    assert found.size > 100


def test_an_entry_says_who_as_which_post_instead_of_whom_through_what(committing, database, world):
    actor = world.actor("phunu")
    with committing() as session:
        body = session.get_one(Organization, world.women)
        audit.record(session, actor, Fact.ORGANIZATION_ENDED, body, before={"a": 1}, after={"a": 2}, reason="sáp nhập")
    with database.read() as session:
        entry = session.scalars(AuditEntry.of(world.women)).all()[-1]
    assert (entry.person_id, entry.post_id, entry.organization_id) == (actor.person_id, actor.post_id, world.women)
    assert (entry.subject_type, entry.channel, entry.fact) == ("organization", "web", "organization:ended")
    assert entry.facts == {"before": {"a": 1}, "after": {"a": 2}, "reason": "sáp nhập"}


def test_a_transaction_that_did_not_happen_leaves_no_entry(committing, database, session):
    size = verified(database).size
    audit.record(session, SYSTEM, Fact.SETTING_CHANGED)
    finish(session)
    session.rollback()
    session.close()
    write(committing)
    assert verified(database).size == size + 1


def test_an_entry_follows_what_another_process_wrote_meanwhile(committing, database, clock):
    write(committing)
    size, other = verified(database).size, open_database(database.url)
    for writing in (other, database, other):
        with unit(writing, clock) as session:
            audit.record(session, SYSTEM, Fact.SETTING_CHANGED)
            finish(session)
            session.commit()
    other.close()
    found = verified(database)
    assert (found.is_sound, found.size) == (True, size + 3)


def test_an_undone_savepoint_takes_its_facts_with_it(session):
    audit.record(session, SYSTEM, Fact.SETTING_CHANGED, name="before")
    kept = session.begin_nested()
    audit.record(session, SYSTEM, Fact.SETTING_CHANGED, name="kept")
    undone = session.begin_nested()
    audit.record(session, SYSTEM, Fact.SETTING_CHANGED, name="undone")
    session.begin_nested().commit()
    audit.record(session, SYSTEM, Fact.SETTING_CHANGED, name="undone too")
    undone.rollback()
    kept.commit()
    finish(session)
    newest = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(3)).all()
    assert [entry.facts.get("name") for entry in newest] == ["kept", "before", None]


def test_an_entry_is_told_more_in_its_transaction_but_nothing_a_savepoint_may_undo(session, world):
    body = session.get_one(Organization, world.women)
    audit.record(session, SYSTEM, Fact.ORGANIZATION_ENDED, body, after={"a": 2})
    assert audit.extend(session, Fact.ORGANIZATION_ENDED, body.id, passed=["x"], reason="sáp nhập")
    undone = session.begin_nested()
    assert not audit.extend(session, Fact.ORGANIZATION_ENDED, body.id, closed=["y"])
    undone.rollback()
    assert not audit.extend(session, Fact.ORGANIZATION_ADDED, body.id, closed=["y"])
    finish(session)
    entry = session.scalars(AuditEntry.of(body.id)).all()[-1]
    assert entry.facts == {"after": {"a": 2}, "passed": ["x"], "reason": "sáp nhập"}
    assert audit.verify(session).is_sound


COLUMNS = {
    "at": "2001-01-01 00:00:00.000000",
    "fact": "'order:signed'",
    "person_id": "'x'",
    "post_id": "'x'",
    "organization_id": "'x'",
    "behalf_of_id": "'x'",
    "channel": "'api'",
    "request_id": "'x'",
    "subject_type": "'order'",
    "subject_id": "'x'",
    "order_id": "'x'",
    "instance_id": "'x'",
    "definition_id": "'x'",
    "refused": "NOT refused",
    "facts": """'{"amount": 2}'""",
    "leaf": f"'{'1' * 64}'",
}


def without_triggers(database):
    if database.is_sqlite:
        return ["DROP TRIGGER audit_entries_no_update", "DROP TRIGGER audit_entries_no_delete"]
    return [f"DROP TRIGGER audit_entries_{name} ON audit_entries" for name in ("append_only", "archived_only")]


def tamper(database, *statements):
    with database.writer.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_column_is_found_at_its_entry(column, committing, database):
    write(committing, count=3, amount=1)
    size = verified(database).size
    value = COLUMNS[column] if column != "at" else f"'{COLUMNS['at']}'"
    tamper(database, *without_triggers(database), f"UPDATE audit_entries SET {column} = {value} WHERE seq = {size - 1}")
    assert verified(database).broken_seq == size - 1


def test_a_removed_a_moved_and_a_cut_entry_are_found(committing, database):
    write(committing, count=5)
    size = verified(database).size
    tamper(database, *without_triggers(database), f"DELETE FROM audit_entries WHERE seq = {size - 3}")
    assert verified(database).broken_seq == size - 3
    tamper(database, f"UPDATE audit_entries SET seq = seq - 1 WHERE seq = {size - 2}")
    assert verified(database).broken_seq == size - 3
    tamper(database, f"DELETE FROM audit_entries WHERE seq > {size - 5}")
    assert verified(database).broken_seq == size - 4


def test_a_tip_that_does_not_fit_is_found(committing, database):
    write(committing)
    size = verified(database).size
    tamper(database, "UPDATE audit_tip SET seq = seq + 1")
    assert verified(database).broken_seq == size + 1


@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET channel = 'x'", "DELETE FROM audit_entries"])
def test_the_database_itself_refuses_to_change_the_log(statement, database):
    with pytest.raises(DatabaseError, match="append-only"):
        tamper(database, statement)


def test_eight_writers_at_once_leave_no_gap(committing, database):
    size = verified(database).size
    errors = []

    def work(name):
        try:
            for n in range(10):
                write(committing, count=2, name=f"{name}.{n}")
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    found = verified(database)
    assert (found.is_sound, found.size) == (True, size + 160)
    with database.read() as session:
        assert session.scalar(select(func.max(AuditEntry.seq))) == session.scalar(select(func.count(AuditEntry.seq)))
        assert session.scalar(select(AuditTip.seq)) == found.size


def test_values_read_back_hash_the_same_whatever_they_were(committing, database):
    saigon = timezone(timedelta(hours=7))
    write(
        committing,
        composed="Hoà", decomposed="Hoa\u0300", broken="a\x00b\ud800", number=2**60, amount=Decimal("285.50"),
        share=0.1, at=datetime(2018, 10, 12, 8, 7, tzinfo=saigon), flags=[True, None, {"b": {3, 1}, "none": None}],
    )  # fmt: skip
    assert verified(database).is_sound
    with database.read() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert entry.facts == {
        "composed": "Hoà",
        "decomposed": "Hoà",
        "broken": "a\ufffdb?",
        "number": 2**60,
        "amount": "285.5",
        "share": "0.1",
        "at": "2018-10-12T01:07:00.000000+00:00",
        "flags": [1, "", {"b": [1, 3]}],
    }


def test_what_has_no_place_in_the_log_is_refused_at_once(session):
    with pytest.raises(TypeError):
        audit.record(session, SYSTEM, Fact.SETTING_CHANGED, value=object())
    with pytest.raises(ValueError, match="ASCII"):
        audit.record(session, SYSTEM, Fact.SETTING_CHANGED, after={"địa bàn": 1})
    with pytest.raises(ValueError, match="marks a text"):
        audit.record(session, SYSTEM, Fact.SETTING_CHANGED, after={"#": "f" * 64})


def test_the_canonical_form_is_written_in_stone():
    entry = dict.fromkeys(canonical_form.HASHED)
    entry |= {"seq": 1, "fact": "order:signed", "channel": "web", "subject_type": "order", "refused": False}
    entry |= {"at": datetime(2018, 10, 12, 8, 7, tzinfo=timezone(timedelta(hours=7))), "facts": {"b": "Uỷ", "a": 1}}
    entry["v"] = 1
    assert audit.canonical(entry).decode() == (
        '{"at":"2018-10-12T01:07:00.000000+00:00","channel":"web","fact":"order:signed","facts":{"a":1,"b":"Uỷ"},'
        '"refused":0,"seq":1,"subject_type":"order","v":1}'
    )
    assert audit.leaf_of(entry) == "0a8abab019e6841667049d30cb4a6fa1cc2c92135d2c64e900e86368e35aad31"
    entry |= {"v": 2, "facts": {"b": {"#": commitment("00" * 16, "Uỷ")}, "a": 1}}
    assert audit.canonical(entry).decode() == (
        '{"at":"2018-10-12T01:07:00.000000+00:00","channel":"web","fact":"order:signed","facts":{"a":1,"b":{"#":'
        '"e7c3341f0f1d17bce0d896b3dd13ffe184d87a0834c8137c91a55b135a4047f4"}},"refused":0,"seq":1,"subject_type":"order","v":2}'
    )


def test_appending_is_cheap(session):
    for _ in range(500):
        audit.record(session, SYSTEM, Fact.TASK_COMPLETED, None, before={"state": "open"}, after={"state": "completed"})
    begun = time.process_time()
    audit.flush(session)
    assert (time.process_time() - begun) / 500 < 0.0005  # 0.05 ms on a quiet machine
