"""Checkpoints: signed when something happened, kept outside too, and the log is measured against them."""

import base64
import stat
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from engine import audit
from engine.audit import Fact, checkpoints, keys, sealed
from engine.audit.checkpoints import Outside
from engine.audit.notes import LOG, BadNote, Note, PublicKey, sign
from engine.jobs import Seal, sweep
from models.audit import AuditCheckpoint, AuditEntry, AuditTip
from models.errors import AuditBroken, NotAllowed, WrongState
from models.permissions import SYSTEM
from tests.engine.test_audit import tamper, without_triggers, write


@pytest.fixture
def seal(tmp_path):
    return Seal(tmp_path / "keys", Outside(tmp_path / "checkpoints"))


@pytest.fixture
def put(seal, database, clock):
    return lambda **given: seal.put(database, clock, **given)


def examined(database, seal, note=None):
    with database.read() as session:
        return sealed.examine(session, seal.outside, note=note)


def test_a_checkpoint_says_what_the_log_was_and_is_signed_by_a_key_the_log_names(put, seal, database):
    note = put()
    with database.read() as session:
        found, key = note.checkpoint, keys.current(session)
        assert (found.size, found.root.hex()) == (audit.verify(session).size, audit.verify(session).tip)
        assert note.is_signed_by(key)
        assert session.scalars(select(AuditCheckpoint)).one().note == str(note) == str(seal.outside.latest())
        introduced = session.scalars(select(AuditEntry).where(AuditEntry.seq == found.size)).one()
        assert (introduced.fact, introduced.facts["key"]) == ("audit_key:introduced", str(key))
    (secret,) = seal.keys.iterdir()
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600


def test_nothing_secret_is_in_the_database(put, seal, database):
    put()
    (secret,) = seal.keys.iterdir()
    raw = base64.b64decode(secret.read_bytes())
    with database.read() as session:
        for table in ("settings", "audit_checkpoints", "audit_entries"):
            told = repr(session.execute(text(f"SELECT * FROM {table}")).all())
            assert raw.hex() not in told
            assert base64.b64encode(raw).decode() not in told


def test_every_five_minutes_when_something_happened_and_when_the_day_ends(put, committing, clock):
    assert put() is not None
    clock.at += timedelta(hours=1)
    assert put() is None, "nothing happened"
    write(committing)
    assert put() is not None
    write(committing)
    clock.at += timedelta(minutes=4)
    assert put() is None, "too early"
    clock.at += timedelta(minutes=1)
    assert put() is not None
    clock.at = clock.at.replace(hour=16, minute=58)  # 23:58 in Vietnam
    write(committing)
    assert put() is not None
    write(committing)
    clock.at += timedelta(minutes=2, seconds=1)
    assert put() is not None, "the day has ended"


def test_the_sweep_signs_and_says_how_much_it_did(seal, database, clock, committing):
    assert sweep(database, clock, seal=seal.put) > 0
    before = seal.outside.latest()
    write(committing)
    sweep(database, clock, seal=seal.put)
    assert seal.outside.latest() == before
    clock.at += timedelta(minutes=6)
    sweep(database, clock, seal=seal.put)
    assert seal.outside.latest().checkpoint.size > before.checkpoint.size


def test_a_note_kept_outside_is_not_lost_when_its_row_was_not_written(put, seal, database, monkeypatch):
    monkeypatch.setattr(checkpoints, "add", lambda session, note: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        put()
    monkeypatch.undo()
    assert put(always=True) == seal.outside.latest()
    with database.read() as session:
        assert session.scalars(select(AuditCheckpoint.note)).one() == str(seal.outside.latest())


def test_a_log_that_does_not_continue_what_is_outside_is_not_signed(put, database, committing):
    write(committing, count=5)
    put()
    with database.read() as session:
        size = session.scalar(select(AuditTip.seq))
    tamper(database, *without_triggers(database), f"UPDATE audit_entries SET channel = 'x' WHERE seq = {size - 3}")
    recomputed(database)
    write(committing)
    with pytest.raises(AuditBroken):
        put(always=True)


def test_a_log_that_became_shorter_is_not_signed(put, database, committing):
    write(committing, count=5)
    put()
    with database.read() as session:
        size = session.scalar(select(AuditTip.seq))
    tamper(database, *without_triggers(database), f"DELETE FROM audit_entries WHERE seq > {size - 3}")
    recomputed(database)
    with pytest.raises(AuditBroken):
        put(always=True)


def recomputed(database):
    """Do what an administrator does who knows the algorithm: every leaf and the tip anew."""
    with database.writer.begin() as connection:
        grown = audit.tree.Range()
        for row in connection.execute(select(*audit.canonical_form.COLUMNS).order_by(AuditEntry.seq)).mappings().all():
            leaf = audit.leaf_of(row)
            connection.execute(text("UPDATE audit_entries SET leaf = :leaf WHERE seq = :seq"), {**row, "leaf": leaf})
            grown.append(bytes.fromhex(leaf))
        connection.execute(text("UPDATE audit_tip SET seq = :n, peaks = :p"), {"n": grown.size, "p": grown.written})
        connection.execute(text("DELETE FROM audit_nodes"))
        connection.execute(text("DELETE FROM audit_checkpoints"))


def test_who_recomputes_everything_is_caught_by_what_is_outside_and_by_nothing_else(put, seal, database, committing):
    write(committing, count=5)
    note = put()
    seq = note.checkpoint.size - 3
    assert examined(database, seal).held == note.checkpoint.size
    tamper(database, *without_triggers(database), f"UPDATE audit_entries SET channel = 'x' WHERE seq = {seq}")
    recomputed(database)
    with database.read() as session:
        assert audit.verify(session).is_sound, "alone the log looks whole"
    assert (examined(database, seal).broken_seq, examined(database, seal).why) == (seq, "leaf")
    (seal.outside.folder / "leaves").unlink()
    found = examined(database, seal)
    assert (found.why, found.since, found.broken_seq) == ("checkpoint", 1, note.checkpoint.size)
    elsewhere = Seal(seal.keys, Outside(seal.outside.folder / "none"))
    assert examined(database, elsewhere).is_sound
    assert examined(database, elsewhere, note=note).broken_seq == note.checkpoint.size


def test_of_several_checkpoints_those_around_the_change_are_named(put, seal, database, committing, clock):
    sizes = []
    for _ in range(3):
        write(committing, count=4)
        clock.at += timedelta(minutes=6)
        sizes.append(put().checkpoint.size)
    (seal.outside.folder / "leaves").unlink()
    changed = f"UPDATE audit_entries SET channel = 'x' WHERE seq = {sizes[1] - 1}"
    tamper(database, *without_triggers(database), changed)
    recomputed(database)
    found = examined(database, seal)
    assert (found.since, found.broken_seq) == (sizes[0] + 1, sizes[1])


def test_a_forged_checkpoint_proves_nothing(put, seal, database, tmp_path):
    note = put()
    _, stranger = keys.made(tmp_path / "elsewhere")
    forged = Note(note.text, (sign(note.text, note.checkpoint.origin, stranger),))
    assert examined(database, seal, note=forged).why == "signature"


def test_the_old_key_signs_for_the_new_one(put, seal, committing, database, world, clock):
    first = put()
    admin = world.actor("quantri") if "quantri" in world.actors else SYSTEM
    with committing() as session:
        old = keys.current(session)
        new = keys.rotate(session, seal.keys, actor=admin, reason="hằng năm")
    clock.at += timedelta(minutes=6)
    second = put()
    with database.read() as session:
        assert keys.all_of(session) == [new, old]
        assert keys.follow(old, keys.changes(session)) == [old, new]
        assert checkpoints.signer(first, keys.all_of(session)) == old
        assert checkpoints.signer(second, keys.all_of(session)) == new
        entry = session.scalars(select(AuditEntry).where(AuditEntry.fact == Fact.AUDIT_KEY_ROTATED)).one()
        assert entry.facts["reason"] == "hằng năm"
    assert examined(database, seal).is_sound


def test_a_lost_key_cannot_sign_for_its_successor_and_a_stranger_cannot_either(put, seal, committing, database, world):
    put()
    for secret in seal.keys.iterdir():
        secret.unlink()
    with pytest.raises(WrongState):
        put(always=True)
    with committing() as session, pytest.raises(WrongState):
        keys.rotate(session, seal.keys, actor=SYSTEM, reason="mất")
    with committing() as session, pytest.raises(NotAllowed):
        keys.rotate(session, seal.keys, actor=world.actor("phunu"), reason="mất", lost=True)
    with committing() as session:
        old = keys.current(session)
        keys.rotate(session, seal.keys, actor=SYSTEM, reason="mất", lost=True)
    put(always=True)
    with database.read() as session:
        assert keys.follow(old, keys.changes(session)) == [old]


@pytest.mark.once
@pytest.mark.parametrize(
    "wrong",
    [
        "", "x", "a\n\n", "a\n1\nAAAA\n\n— a AAAA", "lienthong/x\n01\nAAAA\ntime 2018-10-12T01:07:00Z\n\n— a AAAA\n",
        "a\n1\nAAAA\ntime 2018-10-12T01:07:00Z\n\n- a AAAA\n", "a\n\n— a b AAAA\n", "a\n\n— a A\n", "a" * 30_000,
    ],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(wrong):
    with pytest.raises(BadNote):
        Note.read(wrong).checkpoint  # noqa: B018


@pytest.mark.once
@pytest.mark.parametrize("wrong", ["", "a", "a+b+c", "a+00000000+AQ==", "a b+00000000+" + "A" * 44])
def test_what_is_no_key_is_refused(wrong):
    with pytest.raises(BadNote):
        PublicKey.read(wrong)


@pytest.mark.once
def test_a_key_and_a_note_are_written_as_other_logs_write_them():
    # The example of C2SP signed-note: other implementations made it.
    key = PublicKey.read("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    written = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
        "\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    note = Note.read(written)
    assert (key.kind, note.is_signed_by(key), str(note)) == (LOG, True, written)
    assert not Note(note.text + "x", note.signatures).is_signed_by(key)
