"""The same request twice is done once and answered twice."""

import threading

import pytest

from engine import idempotency
from engine.idempotency import Answer, KeyReused
from models.calendar import Setting

HASH = idempotency.request_hash("POST", "/tasks/1/completion", b"a=1")


def test_the_first_time_nothing_is_recalled_and_the_second_time_the_answer(committing, world):
    actor, answer = world.actor("phunu"), Answer(303, "/tasks", None)
    with committing() as session:
        assert idempotency.recall(session, actor, "k", HASH) is None
        idempotency.remember(session, actor, "k", HASH, answer)
    with committing() as session:
        assert idempotency.recall(session, actor, "k", HASH) == answer
        assert idempotency.recall(session, world.actor("nongdan"), "k", HASH) is None


def test_a_key_with_another_body_is_refused(committing, world):
    actor = world.actor("phunu")
    with committing() as session:
        idempotency.remember(session, actor, "k", HASH, Answer(200))
    with committing() as session, pytest.raises(KeyReused):
        idempotency.recall(session, actor, "k", idempotency.request_hash("POST", "/tasks/1/completion", b"a=2"))


@pytest.mark.parametrize("key", ["", "x" * 81])
def test_a_key_has_a_length(key, session, world):
    with pytest.raises(KeyReused):
        idempotency.recall(session, world.actor("phunu"), key, HASH)


def test_the_parts_of_a_request_cannot_run_into_each_other():
    assert idempotency.request_hash("a", "bc") != idempotency.request_hash("ab", "c")


def test_eight_repeats_at_once_have_one_effect(committing, database, world):
    actor, answers, errors = world.actor("phunu"), [], []

    def send(n):
        try:
            with committing() as session:
                known = idempotency.recall(session, actor, "k", HASH)
                if known is None:
                    session.add(Setting(name="effect", value=str(n)))
                    known = Answer(201, str(n))
                    idempotency.remember(session, actor, "k", HASH, known)
            answers.append(known)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=send, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert len(answers) == 8
    with database.read() as session:
        effect = session.get_one(Setting, "effect").value
    assert {answer.location for answer in answers} == {effect}


def test_keys_are_forgotten_after_a_week(committing, world, clock):
    actor = world.actor("phunu")
    with committing() as session:
        idempotency.remember(session, actor, "k", HASH, Answer(200))
    clock.at += idempotency.KEPT
    with committing() as session:
        idempotency.forget(session)
        assert idempotency.recall(session, actor, "k", HASH) is not None
    clock.at += idempotency.KEPT
    with committing() as session:
        idempotency.forget(session)
    with committing() as session:
        assert idempotency.recall(session, actor, "k", HASH) is None
