"""The simulator ends whatever a diagram does: what would go on for ever has failed, and says where."""

from datetime import UTC, datetime

import pytest

from engine import simulation
from engine.simulation import Advance, Happen, Simulated, world
from tests.engine.diagrams import (
    bundle,
    catch,
    chain,
    element,
    end,
    message,
    process,
    script,
    signal,
    start,
    throw,
    timer,
    user,
    xor,
)

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)


def simulate(files: dict[str, bytes], *acts: simulation.Act, **answers: object) -> Simulated:
    return simulation.simulate(files, acts=acts, answers=answers, now=NOW)


def relay(id: str, hears: str, says: str) -> str:
    """A process that a message begins, and that ends with another one."""
    begun, ended = start(f"{id}_begun", message(hears)), end(f"{id}_says", message(says))
    return process(begun, ended, chain(f"{id}_begun", f"{id}_says", prefix=id), id=id)


def player(id: str, hears: str, says: str) -> str:
    """A process that says and hears, again and again."""
    parts = (
        start(f"{id}_start"),
        xor(f"{id}_on"),
        throw(f"{id}_says", message(says)),
        catch(f"{id}_hears", message(hears)),
    )
    ids = [f"{id}_{part}" for part in ("start", "on", "says", "hears", "on")]
    return process(*parts, chain(*ids, prefix=id), id=id)


AGAIN = bundle(relay("p", "Go", "Go"), messages=("Go",))
PING_PONG = bundle(relay("left", "Ping", "Pong"), relay("right", "Pong", "Ping"), messages=("Ping", "Pong"))
RALLY = bundle(player("left", "Ping", "Pong"), player("right", "Pong", "Ping"), messages=("Ping", "Pong"))
STORM = bundle(
    process(start("rung", signal("Storm")), end("rings", signal("Storm")), chain("rung", "rings")), signals=("Storm",)
)
MINUTES = bundle(process(start("each", timer("R/PT1M", "timeCycle")), end(), chain("each", "end")))
TOIL = bundle(process(start(), xor("on"), user("toil"), chain("start", "on", "toil", "on")))
MANY = "more than 200 instances"
LONG = "no end after 5000 moves"


@pytest.mark.parametrize(
    ("files", "acts", "elements", "why"),
    [
        pytest.param(AGAIN, [Happen("message", "Go")], {"p_says"}, MANY, id="a-message-that-starts-its-sender"),
        pytest.param(PING_PONG, [Happen("message", "Ping")], {"left_says", "right_says"}, MANY, id="starts-in-turn"),
        pytest.param(RALLY, [], {"left_hears", "right_hears"}, LONG, id="instances-that-answer-each-other"),
        pytest.param(STORM, [Happen("signal", "Storm")], {"rings"}, MANY, id="a-signal-that-starts-its-thrower"),
        pytest.param(MINUTES, [Advance("P1D")], {"each"}, MANY, id="a-time-that-comes-too-often"),
        pytest.param(TOIL, [], {"toil"}, LONG, id="a-task-that-opens-again"),
    ],
)
def test_what_would_go_on_for_ever_has_failed_and_says_where(
    files: dict[str, bytes], acts: list[simulation.Act], elements: set[str], why: str
) -> None:
    ended = simulate(files, *acts)
    assert ended.outcome == "failed"
    assert ended.error is not None
    assert ended.error["element"] in elements
    assert why in (ended.error["message"] or "")


def test_a_loop_that_remembers_all_of_its_rounds_is_ended_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "MAX_WRITTEN", 20_000)
    undone = element("boundaryEvent", "undone", "<bpmn:compensateEventDefinition/>", attachedToRef="toil")
    undo = '<bpmn:association id="by" sourceRef="undone" targetRef="undo"/>'
    parts = start(), xor("on"), user("toil"), undone, user("undo", isForCompensation="true")
    ended = simulate(bundle(process(*parts, chain("start", "on", "toil", "on"), undo)))
    assert (ended.outcome, (ended.error or {}).get("element")) == ("failed", "toil")
    assert len(ended.trace) < 200


def test_what_is_thrown_arrives_in_the_order_in_which_it_was_thrown() -> None:
    line = chain("start", "first", "then", "over", prefix="b")
    both = process(start(), throw("first", message("One")), throw("then", message("Two")), end("over"), line)
    others = relay("left", "One", "Three"), relay("right", "Two", "Four"), relay("third", "Three", "Five")
    ended = simulate(bundle(both, *others, messages=("One", "Two", "Three", "Four", "Five")))
    assert ended.ended_at == ("over", "left_says", "right_says", "third_says")


def test_a_message_from_a_called_process_carries_what_its_diagram_names() -> None:
    call = start(), element("callActivity", "call", calledElement="asking"), end(), chain("start", "call", "end")
    ask = start("s"), user("fill"), throw("ask", message("Asked"), lt={"payload": "amount"}), end("e")
    answer = start("asked", message("Asked")), script("double", "twice = 2 * amount"), end("done")
    files = bundle(
        process(*call),
        process(*ask, chain("s", "fill", "ask", "e", prefix="a"), id="asking"),
        process(*answer, chain("asked", "double", "done", prefix="d"), id="answer"),
        messages=("Asked",),
    )
    ended = simulate(files, fill={"amount": 5})
    assert (ended.outcome, ended.error, ended.data) == ("finished", None, {"amount": 5, "twice": 10})


def test_rounds_of_a_start_that_were_missed_are_not_made_up_for() -> None:
    past = bundle(process(start("at", timer("R5/2026-01-01T08:00Z/P1D", "timeCycle")), end(), chain("at", "end")))
    assert simulate(past).ended_at == ("end",)
    assert simulate(past, Advance("P1D")).ended_at == ("end", "end")


def test_a_start_at_a_time_that_must_be_worked_out_is_refused() -> None:
    files = bundle(process(start("at", timer("due", "timeDate")), end(), chain("at", "end")))
    ended = simulate(files)
    assert (ended.outcome, ended.trace) == ("refused", ())
    assert ended.error is not None
    assert ended.error["element"] == "at"
    assert "has no data yet" in (ended.error["message"] or "")


@pytest.mark.parametrize("instant", ["9999-12-31T23:59:59-07:00", "0001-01-01T00:00:00+07:00"])
def test_a_time_at_the_edge_of_the_calendar_is_refused(instant: str) -> None:
    files = bundle(process(start("at", timer(instant, "timeDate")), end(), chain("at", "end")))
    assert [one.rule for one in simulate(files).findings if one.level == "refused"] == ["timer-unclear"]
