"""Scenarios: read with a clear refusal, played on the real runner, held against what they expect."""

import json
from datetime import datetime
from typing import Any

import pytest

from engine import scenarios
from engine.clock import ZONE
from engine.scenarios import Result, scenario_of
from engine.scenarios.playing import known_at_start
from models.errors import Invalid
from tests.engine.diagrams import (
    boundary,
    bundle,
    chain,
    end,
    flows,
    message,
    process,
    request,
    script,
    service,
    signal,
    start,
    throw,
    timer,
    user,
)

pytestmark = pytest.mark.once

FORM = {
    "type": "default",
    "components": [
        {"type": "number", "key": "amount", "label": "Số tiền", "validate": {"required": True, "min": 1}},
        {"type": "textarea", "key": "note", "label": "Ghi chú"},
    ],
}
REQUEST = request(lt={"operator": "orders.check_overlap"}) | {"ask.form.json": json.dumps(FORM).encode()}


def run(files: dict[str, bytes], *steps: dict[str, Any], **more: Any) -> Result:
    """Run steps on the process `p`."""
    return scenarios.run(files, scenario_of("s.json", {"name": "s", "process": "p", "steps": list(steps), **more}))


def reasons(result: Result) -> list[tuple[str, int | None]]:
    return [(one.reason, one.step) for one in result.differences]


def ask(amount: Any, **operator: Any) -> dict[str, Any]:
    return {"complete": "ask", "answers": {"amount": amount}, "operator": operator}


def test_it_is_played_on_the_real_runner_with_the_forms_and_a_clock_of_its_own() -> None:
    expect = {"outcome": "finished", "ended_at": ["end"], "data": {"amount": 500, "by": "post"}}
    by_message = run(REQUEST, ask(500), {"message": "Answer", "data": {"by": "post"}}, expect=expect)
    assert (by_message.differences, by_message.run.ended_at) == ((), ("end",))
    by_time = run(REQUEST, ask("5"), {"advance": "PT2H"}, expect={"ended_at": ["refused"]})
    assert by_time.differences == ()
    assert run(REQUEST, ask("5"), {"advance": "PT1H"}, expect={"outcome": "waiting"}).differences == ()
    assert run(REQUEST, ask("5"), {"timer": "pause"}, expect={"outcome": "finished"}).differences == ()


def test_a_task_may_be_called_by_its_name() -> None:
    assert run(REQUEST, {"complete": "Ask", "answers": {"amount": 7}}).run.outcome == "waiting"


def test_what_is_answered_is_checked_by_the_form_and_only_what_steers_goes_on() -> None:
    assert reasons(run(REQUEST, ask(0))) == [("answers", 1)]
    assert reasons(run(REQUEST, {"complete": "ask"})) == [("answers", 1)]
    noted = run(REQUEST, {"complete": "ask", "answers": {"amount": 1, "note": "dài"}})
    assert "note" not in noted.run.data


def test_a_command_gives_what_it_usually_gives_or_what_the_step_says() -> None:
    assert run(REQUEST, ask(5)).run.data["overlaps"] == 0
    assert run(REQUEST, ask(5, overlaps=3)).run.data["overlaps"] == 3


def test_the_system_waits_for_its_step_too() -> None:
    files = bundle(process(start(), service("look", "orders.check_overlap"), end(), chain("start", "look", "end")))
    assert [one.element for one in run(files).run.waiting] == ["look"]
    assert run(files, {"complete": "look"}).run.data["overlaps"] == 0


@pytest.mark.parametrize(
    ("expect", "reason"),
    [
        ({"outcome": "finished"}, "outcome"),
        ({"ended_at": ["end"]}, "ended_at"),
        ({"data": {"amount": 6}}, "data"),
        ({"data": {"nothing": None}}, "no_data"),
    ],
)
def test_each_thing_that_differs_is_named(expect: dict[str, Any], reason: str) -> None:
    assert reasons(run(REQUEST, ask(5), expect=expect)) == [(reason, None)]


def test_a_step_that_finds_nothing_stops_the_run_and_names_its_number() -> None:
    assert reasons(run(REQUEST, ask(5), ask(5))) == [("not_waiting", 2)]
    assert reasons(run(REQUEST, {"timer": "pause"})) == [("not_waiting", 1)]
    over = run(REQUEST, ask(5), {"advance": "P1D"}, {"message": "Answer"})
    assert reasons(over) == [("over", 3)]
    assert reasons(run(REQUEST, ask(5), {"message": "Another"})) == [("unheard", None)]
    assert reasons(run(REQUEST, process="q")) == [("no_process", None)]


def test_a_process_that_gets_stuck_says_where_and_may_be_expected_to() -> None:
    files = bundle(process(start(), script("sum", "x = nothing + 1"), end(), chain("start", "sum", "end")))
    (difference,) = run(files).differences
    assert (difference.reason, difference.facts["element"]) == ("failed", "sum")
    assert run(files, expect={"outcome": "failed"}).differences == ()


def test_a_diagram_that_the_checker_refuses_is_not_run() -> None:
    assert reasons(run({"p.bpmn": b"<nothing/>"})) == [("refused", None)]


def test_signals_boundaries_and_other_processes_of_the_bundle_are_played() -> None:
    files = bundle(
        process(
            start(),
            user("work"),
            boundary("late", "work", timer("P1D")),
            end(),
            end("stopped"),
            throw("tell", signal("Stop")),
            chain("start", "work", "end"),
            flows(("late", "tell"), ("tell", "stopped"), prefix="g"),
        ),
        process(
            start("begun", signal("Stop")),
            user("mend"),
            end("mended"),
            chain("begun", "mend", "mended", prefix="h"),
            id="q",
        ),
        signals=("Stop",),
    )
    result = run(files, {"advance": "P1D"}, {"complete": "mend"}, expect={"ended_at": ["stopped", "mended"]})
    assert result.differences == ()


def test_what_a_process_sends_out_does_not_begin_another_of_itself() -> None:
    files = bundle(
        process(start("begun", message("Go")), throw("on", message("Go")), user("wait"), end(),
                chain("begun", "on", "wait", "end")),
        messages=("Go",),
    )  # fmt: skip
    assert [one.element for one in run(files, {"message": "Go"}).run.waiting] == ["wait"]


def test_a_diagram_without_end_is_stopped() -> None:
    files = bundle(
        process(start("begun", message("A")), end("says", message("B")), chain("begun", "says")),
        process(start("heard", message("B")), end("back", message("A")), chain("heard", "back", prefix="d"), id="q"),
        messages=("A", "B"),
    )
    assert run(files, {"message": "A"}).run.outcome == "failed"


def test_the_day_of_a_run_is_that_of_the_scenario() -> None:
    assert run(REQUEST, ask(5), at="2018-10-12T08:00+07:00").run.data["today"] == "2018-10-12"
    assert run(REQUEST, ask(5)).run.data["today"] == "2026-01-05"


def test_what_changed_at_each_step_is_known() -> None:
    moments = run(REQUEST, ask(500), {"message": "Answer", "data": {"by": "post"}}).run.moments
    assert [set(one.changed) for one in moments] == [set(), {"amount", "overlaps", "overlap_orders"}, {"by"}]


def test_the_coverage_names_what_no_scenario_takes() -> None:
    files = REQUEST | {"scenarios/small.json": _file(ask(5), {"advance": "P1D"})}
    report = scenarios.run_all(files)
    assert report.coverage.missed_elements == ("answer", "end")
    assert len(report.coverage.missed_flows) == 2
    assert report.covered_share == 1 - 4 / 13
    whole = scenarios.run_all(files | {"scenarios/big.json": _file(ask(500), {"message": "Answer"})})
    assert whole.covered_share == 1


def test_a_file_that_cannot_be_read_does_not_hold_and_the_others_are_run() -> None:
    report = scenarios.run_all(REQUEST | {"scenarios/a.json": b"{", "scenarios/b.json": _file(ask(5))})
    assert [(one.file, one.holds) for one in report.results] == [
        ("scenarios/a.json", False),
        ("scenarios/b.json", True),
    ]
    assert not report.holds


def test_what_comes_after_the_time_is_over_is_not_run_and_does_not_hold() -> None:
    report = scenarios.run_all(REQUEST | {"scenarios/a.json": _file(ask(5))}, seconds=-1)
    assert [reasons(one) for one in report.results] == [[("no_time", None)]]


def _file(*steps: dict[str, Any]) -> bytes:
    return json.dumps({"name": "s", "process": "p", "steps": list(steps)}).encode()


@pytest.mark.parametrize(
    ("said", "what", "step"),
    [
        ("{", "no_json", None),
        ("[" * 100_000, "no_json", None),
        (" " * 300_000, "too_large", None),
        ([], "no_object", None),
        ({"name": "x"}, "missing", None),
        ({"name": " ", "process": "p"}, "missing", None),
        ({"name": "x", "process": "p", "stpes": []}, "unknown", None),
        ({"name": "x", "process": "p", "steps": {}}, "kind", None),
        ({"name": "x", "process": "p", "steps": [{}] * 201}, "too_many_steps", None),
        ({"name": "x", "process": "p", "at": "2026-01-05T08:00"}, "no_instant", None),
        ({"name": "x", "process": "p", "expect": {"outcome": "won"}}, "no_outcome", None),
        ({"name": "x", "process": "p", "expect": {"ended_at": [1]}}, "kind", None),
        ({"name": "x", "process": "p", "steps": [{"signal": "s"}, 5]}, "no_kind", 2),
        ({"name": "x", "process": "p", "steps": [{"signal": "s", "message": "m"}]}, "no_kind", 1),
        ({"name": "x", "process": "p", "steps": [{"complete": "a", "data": {}}]}, "unknown", 1),
        ({"name": "x", "process": "p", "steps": [{"complete": "a", "answers": []}]}, "kind", 1),
        ({"name": "x", "process": "p", "steps": [{"complete": ""}]}, "missing", 1),
        ({"name": "x", "process": "p", "steps": [{"advance": "five days"}]}, "no_duration", 1),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_its_place(said: Any, what: str, step: int | None) -> None:
    content = said if isinstance(said, str) else json.dumps(said)
    with pytest.raises(Invalid) as refused:
        scenarios.read("scenarios/x.json", content.encode())
    place = f"scenario_{what}" if step is None else f"scenario_step_{what}"
    facts = refused.value.facts
    assert (refused.value.reason, facts["file"], facts["step"]) == (place, "scenarios/x.json", step)


def test_what_is_written_is_read_again_the_same() -> None:
    steps = [ask(5, overlaps=1), {"message": "Answer", "data": {"by": "post"}}, {"advance": "P1D"}, {"timer": "pause"}]
    expect = {"outcome": "finished", "ended_at": [], "data": {"amount": 5}}
    said = {"name": "s", "process": "p", "at": "2018-10-12T08:00:00+07:00", "data": {"a": 1}, "steps": steps}
    made = scenario_of("s.json", {**said, "expect": expect})
    assert made.at == datetime(2018, 10, 12, 8, tzinfo=ZONE)
    assert scenarios.read("s.json", scenarios.write(made)) == made


def test_an_instance_knows_the_same_names_when_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a scenario begins with is what `engine.instances` gives every instance."""
    from engine import routing
    from engine.instances import starting
    from models.instances import Instance

    monkeypatch.setattr(routing, "is_leaf", lambda *_: False)
    monkeypatch.setattr(routing, "locality_code", lambda *_: None)
    monkeypatch.setattr(starting, "now", lambda _: datetime(2018, 10, 12, 8, tzinfo=ZONE))
    real = starting._facts(None, Instance(), None, None)  # type: ignore[arg-type]
    known = known_at_start(datetime(2018, 10, 12, 8, tzinfo=ZONE).date())
    assert {**known, "organization": None} == real
