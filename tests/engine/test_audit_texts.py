"""What people wrote stands beside the leaves: it is read as before, can be erased, and whoever changes it is found."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError

from engine import audit, audit_words, operations, undoing
from engine.audit import Fact, erasing, proofs
from models.audit import AuditEntry
from models.audit_texts import ERASED, AuditText, below, commitment, commitments, is_said, put_back
from models.audit_words import AuditWord
from models.errors import Invalid, NotAllowed, NotFound, WrongState
from models.permissions import SYSTEM
from models.users import Person
from tests.engine import operating
from tests.engine.test_audit import tamper, verified

LAW = {"basis": "Điều 14 Luật 91/2025/QH15", "reason": "Theo yêu cầu số 7"}


def said(committing, fact=Fact.SETTING_CHANGED, subject=None, **facts):
    """Record one entry and return its number."""
    with committing() as session:
        audit.record(session, SYSTEM, fact, subject, **facts)
    with committing() as session:
        return session.scalar(select(func.max(AuditEntry.seq)))


def entry(database, seq):
    with database.read() as session:
        return session.get_one(AuditEntry, seq)


def texts(database, seq):
    with database.read() as session:
        return dict(session.execute(select(AuditText.path, AuditText.value).where(AuditText.seq == seq)).all())


def test_what_people_wrote_is_read_as_they_wrote_it_and_is_not_in_the_leaf(committing, database):
    facts = {
        "reason": "khong",
        "after": {"title": "Ra quân", "ro_nguoi": "Lan", "due": "2018-12-28", "people": ["Tổ 1", "a/b", "Tổ 2"]},
        "organization": "f" * 32, "amount": 3, "nothing": "",
    }  # fmt: skip
    seq = said(committing, **facts)
    found = entry(database, seq)
    assert found.facts == facts
    assert texts(database, seq) == {
        "reason": "khong", "after/title": "Ra quân", "after/ro_nguoi": "Lan",
        "after/people/0": "Tổ 1", "after/people/2": "Tổ 2",
    }  # fmt: skip
    with database.read() as session:
        hashed = proofs.entry_of(session, seq)
    for text in texts(database, seq).values():
        assert text.encode() not in hashed
    assert b"2018-12-28" in hashed
    assert verified(database).is_sound


def test_the_same_text_has_another_hash_in_every_entry(committing, database):
    first, second = (entry(database, said(committing, reason="đồng ý")).stored["reason"] for _ in range(2))
    assert first != second


@pytest.mark.once
def test_names_of_values_make_paths_that_cannot_be_mistaken():
    facts = {"a/b": {"#": "1"}, "a": {"b": {"#": "2"}}, "~1": [0, {"#": "3"}], "plain": {"#": 4}}
    assert dict(commitments(facts)) == {"a~1b": "1", "a/b": "2", "~01/1": "3"}
    assert put_back(facts, {"a~1b": "x", "a/b": "y"}) == {
        "a/b": "x",
        "a": {"b": "y"},
        "~1": [0, ERASED],
        "plain": {"#": 4},
    }
    assert below("", "a") == "a"


@pytest.mark.once
def test_a_text_is_known_by_its_salt_alone():
    salt = "0f" * 16
    assert is_said(commitment(salt, "Hòa"), salt, "Hòa")
    assert not is_said(commitment(salt, "Hòa"), salt, "Hoà")
    assert not is_said(commitment(salt, "Hòa"), "1f" * 16, "Hòa")
    for broken in ("", "0f", "xx" * 16, "0f" * 15 + " 0"):
        assert not is_said(commitment(salt, "Hòa"), broken, "Hòa")


def test_typed_data_stands_beside_the_leaf_whatever_it_looks_like(committing, database):
    seq = said(committing, Fact.DATA_EDITED, before={"phone": 912345678}, after={"phone": "0987"}, undoes=4)
    assert texts(database, seq) == {"before/phone": "912345678", "after/phone": "0987"}
    assert entry(database, seq).stored["undoes"] == 4


def test_words_of_the_installation_stay_in_the_leaf(committing, database):
    seq = said(committing, Fact.MESSAGE_DELIVERED, title="Đã nghiệm thu", name="order.closed")
    assert texts(database, seq) == {}
    assert entry(database, seq).stored["title"] == "Đã nghiệm thu"


@pytest.mark.parametrize(
    ("statement", "why", "place"),
    [
        ("UPDATE audit_texts SET value = 'Ba hộ' WHERE seq = {seq}", "text", 0),
        ("UPDATE audit_texts SET salt = '00000000000000000000000000000000' WHERE seq = {seq}", "text", 0),
        ("UPDATE audit_texts SET path = 'note' WHERE seq = {seq}", "text", 0),
        ("INSERT INTO audit_texts SELECT seq - 1, path, salt, value FROM audit_texts WHERE seq = {seq}", "text", -1),
        ("INSERT INTO audit_texts SELECT seq + 9, path, salt, value FROM audit_texts WHERE seq = {seq}", "text", 9),
        ("DELETE FROM audit_texts WHERE seq = {seq}", "lost", 0),
    ],
    ids=["value", "salt", "path", "planted", "beyond", "deleted"],
)
def test_whoever_touches_a_text_is_found_at_its_entry_and_path(statement, why, place, committing, database):
    said(committing, amount=1)
    seq = said(committing, reason="Hai hộ")
    said(committing, amount=1)
    tamper(database, *without_guards(database), statement.format(seq=seq))
    found = verified(database)
    assert (found.is_sound, found.why, found.broken_seq) == (False, why, seq + place)
    assert found.path in ("reason", "note")


def without_guards(database):
    if database.is_sqlite:
        return ["DROP TRIGGER audit_texts_no_update"]
    return ["DROP TRIGGER audit_texts_erased_only ON audit_texts"]


def test_the_database_itself_refuses_to_change_a_text(committing, database):
    said(committing, reason="Hai hộ")
    with pytest.raises(DatabaseError, match="append-only"):
        tamper(database, "UPDATE audit_texts SET value = 'x'")


def erase(committing, seq, actor, **how):
    with committing() as session:
        return erasing.erase_texts(session, seq, actor=actor, **{**LAW, **how})


def test_an_erased_text_is_gone_with_its_salt_and_words_and_the_log_stays_whole(committing, database, world):
    seq = said(committing, reason="Ông Tuấn ốm", after={"title": "Ra quân"})
    leaf, before = entry(database, seq).leaf, verified(database)
    with committing() as session:
        while audit_words.fold(session):
            pass
    assert erase(committing, seq, world.actor("quantri"), paths=["reason"]) == 1
    assert texts(database, seq) == {"after/title": "Ra quân"}
    found = entry(database, seq)
    assert (found.facts, found.leaf) == ({"reason": ERASED, "after": {"title": "Ra quân"}}, leaf)
    with database.read() as session:
        words = set(session.scalars(select(AuditWord.word).where(AuditWord.seq == seq, AuditWord.word != "")))
    assert words == {"ra", "quan"}
    after = verified(database)
    assert (after.is_sound, after.size) == (True, before.size + 1)
    told = entry(database, after.size)
    assert (told.fact, told.person_id) == ("text:erased", world.actor("quantri").person_id)
    assert told.facts == {**LAW, "count": 1, "texts": {str(seq): ["reason"]}}


def test_everything_about_somebody_is_erased_at_once(committing, database, world):
    person = world.actor("phunu").person_id
    with committing() as session:
        somebody = session.get_one(Person, person)
        seqs = [said_of(session, somebody, text) for text in ("Chuyển công tác", "Nghỉ hưu")]
        with pytest.raises(NotFound):
            erasing.erase_about(session, "0" * 32, actor=world.actor("quantri"), **LAW)
    other = said(committing, reason="Không liên quan")
    with committing() as session:
        assert erasing.erase_about(session, person, actor=world.actor("quantri"), **LAW) == len(seqs)
    assert texts(database, other) == {"reason": "Không liên quan"}
    assert verified(database).is_sound


def said_of(session, person, text):
    audit.record(session, SYSTEM, Fact.PERSON_DISABLED, person, reason=text)
    return text


@pytest.mark.parametrize(
    ("login", "how", "refusal"),
    [
        ("thanhtra", {}, NotAllowed),
        ("phunu", {}, NotAllowed),
        ("quantri", {"basis": "  "}, Invalid),
        ("quantri", {"reason": ""}, Invalid),
        ("quantri", {"paths": ["nowhere"]}, NotFound),
    ],
)
def test_erasing_is_refused_without_right_law_reason_or_text(login, how, refusal, committing, database, world):
    seq = said(committing, reason="Hai hộ")
    size = verified(database).size
    with pytest.raises(refusal):
        erase(committing, seq, world.actor(login), **how)
    assert texts(database, seq) == {"reason": "Hai hộ"}
    assert verified(database).size == size


def test_an_edit_whose_words_are_erased_can_no_longer_be_undone(story):
    id = operating.begin(story, operating.THREE, size=3)
    operating.on(story, operations.edit_data, id, changes={"size": 5})
    (edited,) = story.facts("data:edited")
    with story.doing() as session:
        erasing.erase_texts(session, edited.seq, actor=story.actor("quantri"), **LAW)
    with pytest.raises(WrongState, match="cannot_be_undone"):
        operating.on(story, undoing.undo, id, seq=edited.seq)


def test_a_text_is_erased_once(committing, database, world):
    seq = said(committing, reason="Hai hộ")
    erase(committing, seq, world.actor("quantri"))
    with pytest.raises(NotFound):
        erase(committing, seq, world.actor("quantri"))


def test_an_erasure_forgives_only_what_it_names(committing, database, world):
    first, second = said(committing, reason="Hai hộ"), said(committing, reason="Ba hộ")
    erase(committing, first, world.actor("quantri"))
    tamper(database, f"DELETE FROM audit_texts WHERE seq = {second}")
    found = verified(database)
    assert (found.why, found.broken_seq, found.path) == ("lost", second, "reason")
