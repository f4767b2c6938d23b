"""Witnesses: they sign what continues what they saw, keep the proof where it does not, and two views show."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from engine.audit import checkpoints, following, keys, proofs, witnesses
from engine.audit.following import EVIDENCE
from engine.audit.notes import BadNote, Note
from models.audit import AuditCheckpoint, AuditCosignature, AuditEntry
from models.errors import Conflict, Invalid, NotAllowed
from tests.engine.test_audit import tamper, without_triggers, write
from tests.engine.test_audit_checkpoints import put, recomputed, seal  # noqa: F401


class Shown:
    """A log as a witness asks it, from a database beside it."""

    def __init__(self, database):
        self.database = database

    def latest(self):
        with self.database.read() as session:
            return Note.read(checkpoints.latest(session).note), keys.changes(session)

    def consistency(self, old, new):
        with self.database.read() as session:
            return proofs.consistency(session, old, new)


@pytest.fixture
def log(put, database, committing, clock):  # noqa: F811
    """A log that grows by a checkpoint whenever `log.grow()` is called."""
    shown = Shown(database)

    def grow():
        write(committing, count=3)
        clock.at += timedelta(minutes=6)
        return put(always=True).checkpoint

    shown.grow = grow
    grow()
    return shown


def key_of(log):
    with log.database.read() as session:
        return str(keys.current(session))


@pytest.fixture
def witness(log, tmp_path):
    return following.open_witness(tmp_path / "witness", name="mttq.example", log_key=key_of(log))


def test_a_witness_signs_what_continues_what_it_saw(log, witness, clock):
    first = following.follow(witness, log, at=clock.at)
    log.grow()
    second = following.follow(witness, log, at=clock.at)
    assert second.checkpoint.size > first.checkpoint.size
    assert second.seen_by(witness.key) == clock.at.replace(microsecond=0)
    assert witness.seen == second
    assert first.seen_by(following.open_witness(witness.home).key) is not None


def test_a_forked_history_is_not_signed_and_the_proof_of_it_is_kept(log, witness, clock, database, seal):  # noqa: F811
    for _ in range(3):
        log.grow()
    seen = following.follow(witness, log, at=clock.at)
    tamper(database, *without_triggers(database), "UPDATE audit_entries SET channel = 'x' WHERE seq = 9")
    recomputed(database)
    for kept in seal.outside.folder.glob("*/*.txt"):
        kept.unlink()
    log.grow()  # the attacker holds the signing key, and what was kept at home too
    with pytest.raises(Conflict, match="log_forked"):
        following.follow(witness, log, at=clock.at)
    assert witness.seen == seen
    evidence = [Note.read(path.read_text("utf-8")) for path in (witness.home / EVIDENCE).iterdir()]
    assert len({note.checkpoint.root for note in evidence}) == 2
    with database.read() as session:
        assert all(checkpoints.signer(note, keys.all_of(session)) for note in evidence)


def test_a_log_that_became_shorter_is_not_signed(log, witness, clock, database):
    log.grow()
    seen = following.follow(witness, log, at=clock.at)
    with database.writer.begin() as connection:
        connection.execute(text("DELETE FROM audit_checkpoints WHERE size = :size"), {"size": seen.checkpoint.size})
    with pytest.raises(Conflict, match="log_became_shorter"):
        following.follow(witness, log, at=clock.at)


def test_a_witness_trusts_the_key_it_was_given_and_the_one_that_follows_it(
    log, witness, clock, committing, seal, world, tmp_path  # noqa: F811
):  # fmt: skip
    following.follow(witness, log, at=clock.at)
    with committing() as session:
        keys.rotate(session, seal.keys, actor=world.actor("quantri"), reason="hằng năm")
    log.grow()
    following.follow(witness, log, at=clock.at)
    assert str(witness.pinned) == key_of(log)
    elsewhere, _ = keys.made(tmp_path / "elsewhere")
    stranger = following.open_witness(tmp_path / "other", name="other.example", log_key=str(elsewhere))
    with pytest.raises(BadNote):
        following.follow(stranger, log, at=clock.at)
    with pytest.raises(Invalid):
        following.follow(following.open_witness(tmp_path / "third", name="third.example"), log, at=clock.at)
    with pytest.raises(Conflict):
        following.open_witness(witness.home, log_key=str(elsewhere))


def receive(committing, note, key, actor):
    with committing() as session:
        return witnesses.receive(session, str(note), str(key), actor=actor).id


def test_what_a_witness_signed_is_kept_once_and_is_an_entry(log, witness, clock, committing, database, world):
    note = following.follow(witness, log, at=clock.at)
    first = receive(committing, note, witness.key, world.actor("thanhtra"))
    assert receive(committing, note, witness.key, world.actor("thanhtra")) == first
    with database.read() as session:
        (row,) = witnesses.of_size(session, note.checkpoint.size)
        assert (row.witness, witnesses.newest_of_each(session), witnesses.split_views(session)) == (
            "mttq.example", [row], []
        )  # fmt: skip
        entry = session.scalars(select(AuditEntry).where(AuditEntry.fact == "checkpoint:witnessed")).one()
        assert entry.facts["witness"] == "mttq.example"


def test_nobody_else_signs_as_a_witness(log, witness, clock, committing, database, world, tmp_path):
    note = following.follow(witness, log, at=clock.at)
    with pytest.raises(NotAllowed):
        receive(committing, note, witness.key, world.actor("phunu"))
    with pytest.raises(BadNote):
        receive(committing, Note(note.text, note.signatures[:1]), witness.key, world.actor("thanhtra"))
    receive(committing, note, witness.key, world.actor("thanhtra"))
    same_name = following.open_witness(tmp_path / "again", name="mttq.example", log_key=key_of(log))
    other = following.follow(same_name, log, at=clock.at)
    with pytest.raises(Conflict, match="witness_has_another_key"):
        receive(committing, other, same_name.key, world.actor("thanhtra"))
    with database.read() as session:
        assert len(session.scalars(select(AuditCosignature)).all()) == 1


def test_two_roots_for_one_size_are_shown(log, witness, clock, committing, database, world, tmp_path, seal):  # noqa: F811
    true = following.follow(witness, log, at=clock.at)
    tamper(database, *without_triggers(database), "UPDATE audit_entries SET channel = 'x' WHERE seq = 9")
    with database.read() as session:
        key = keys.current(session)
        at = session.get_one(AuditCheckpoint, true.checkpoint.size).at
    recomputed(database)
    with database.read() as session:
        session.info["now"] = at
        for kept in seal.outside.folder.glob("*/*.txt"):
            kept.unlink()
        forked = checkpoints.signed(session, seal.outside, seal.keys)
    with committing() as session:
        checkpoints.add(session, forked)
    second = following.open_witness(tmp_path / "second", name="tinh.example", log_key=str(key))
    false = following.follow(second, log, at=clock.at)
    assert false.checkpoint.size == true.checkpoint.size
    receive(committing, false, second.key, world.actor("thanhtra"))
    with database.read() as session:
        assert witnesses.split_views(session) == []
    receive(committing, true, witness.key, world.actor("thanhtra"))
    with database.read() as session:
        assert {row.witness for row in witnesses.split_views(session)} == {"mttq.example", "tinh.example"}
        assert session.scalars(select(AuditEntry).where(AuditEntry.fact == "checkpoint:disputed")).one()
