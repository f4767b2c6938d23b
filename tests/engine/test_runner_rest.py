"""What is written of an instance comes back as it was, whatever people call their fields."""

import threading
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import iso8601, runner
from engine.runner import Complete, NotPlain, Stuck, codec
from engine.runner.merge import Conflict, merged
from tests.engine.diagrams import bundle, chain, end, process, start, sub, user

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
TWO = bundle(process(start(), user("a"), user("b"), end(), chain("start", "a", "b", "end")))

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    | st.dates()
    | st.datetimes(timezones=st.just(UTC))
    | st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["$", "v", "typename", "t", "x", "$$"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from(["$", "v", "typename", "d", "ghi_chú"]), plain, max_size=4))
def test_any_plain_data_survives_writing_and_reading(data: dict[str, Any]) -> None:
    data = codec.checked(data)
    assert repr(codec.loads(codec.dumps(data))) == repr(data)


@pytest.mark.parametrize("key", ["typename", "$", "v", "__class__", "data", "t", "d", "", "w", "last_task"])
def test_a_field_may_have_any_name(key: str) -> None:
    pack = runner.compile_bundle(TWO)
    step = runner.start(pack, "p", data={}, now=NOW)
    answer = {key: "date", "$": {"$": "date", "v": "x"}}
    for _ in range(2):
        step = runner.advance(pack, "p", step.rest, Complete(step.waiting[0].key, answer), now=NOW)
    assert step.data == {key: "date", "$": {"$": "date", "v": "x"}}


def test_dates_and_decimals_stay_what_they_are() -> None:
    pack = runner.compile_bundle(TWO)
    step = runner.start(pack, "p", data={}, now=NOW)
    hanoi = timezone(timedelta(hours=7))
    given = {"on": date(2018, 10, 12), "at": datetime(2018, 10, 12, 8, tzinfo=hanoi), "km": Decimal("285.5")}
    step = runner.advance(pack, "p", step.rest, Complete(step.waiting[0].key, given), now=NOW)
    assert repr(step.waiting[0].data["km"]) == "Decimal('285.5')"
    assert step.waiting[0].data == given


@pytest.mark.parametrize(
    "value",
    [
        object(),
        {1},
        b"x",
        float("nan"),
        float("inf"),
        datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None),
        2**70,
        Decimal("NaN"),
        {1: "x"},
        "\ud800",
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_be_stored_is_refused_at_the_door(value: Any) -> None:
    pack = runner.compile_bundle(TWO)
    with pytest.raises(NotPlain):
        runner.start(pack, "p", data={"x": value}, now=NOW)
    step = runner.start(pack, "p", data={}, now=NOW)
    with pytest.raises(NotPlain):
        runner.advance(pack, "p", step.rest, Complete(step.waiting[0].key, {"x": [value]}), now=NOW)


def test_data_nested_too_deeply_or_too_large_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    for value in (deep, "x" * 300_000):
        with pytest.raises(NotPlain):
            codec.checked({"x": value})


def test_a_rest_state_needs_the_elements_that_are_alive_in_it() -> None:
    step = runner.start(runner.compile_bundle(TWO), "p", data={}, now=NOW)
    other = runner.compile_bundle(bundle(process(start(), user("c"), end(), chain("start", "c", "end"))))
    with pytest.raises(Stuck) as stuck:
        runner.look(other, "p", step.rest, now=NOW)
    assert stuck.value.element == "a"


def test_a_rest_state_of_the_first_format_opens() -> None:
    rest = (
        '{"v":1,"p":"p","l":0,"w":[{"t":[[">root",64,-1,-1,0],["a",16,0,0,"0c0e1c3e-0000-4000-8000-000000000000",'
        '{"in":1}]]}],"d":[{"n":1}]}'
    )
    pack = runner.compile_bundle(TWO)
    (waiting,) = runner.look(pack, "p", rest, now=NOW)
    assert (waiting.element, waiting.data) == ("a", {"n": 1})
    step = runner.advance(pack, "p", rest, Complete(waiting.key), now=NOW)
    assert [w.element for w in step.waiting] == ["b"]


def test_data_shared_by_many_tokens_is_written_once() -> None:
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>xs</bpmn:loopDataInputRef>"
        '<bpmn:inputDataItem id="x"/></bpmn:multiInstanceLoopCharacteristics>'
    )
    pack = runner.compile_bundle(bundle(process(start(), user("a", loop), end(), chain("start", "a", "end"))))
    few = runner.start(pack, "p", data={"xs": list(range(10)), "note": "y" * 5000}, now=NOW)
    many = runner.start(pack, "p", data={"xs": list(range(100)), "note": "y" * 5000}, now=NOW)
    assert len(many.rest) - len(few.rest) < 90 * 120


def test_threads_may_move_different_instances_of_one_definition() -> None:
    inner = sub("part", start("s"), user("w"), end("e"), chain("s", "w", "e", prefix="i"))
    pack = runner.compile_bundle(bundle(process(start(), user("a"), inner, end(), chain("start", "a", "part", "end"))))
    ends: list[Any] = []

    def life(number: int) -> None:
        for _ in range(30):
            step = runner.start(pack, "p", data={"n": number}, now=NOW)
            while not step.ended:
                (waiting,) = step.waiting
                step = runner.advance(pack, "p", step.rest, Complete(waiting.key, {waiting.element: number}), now=NOW)
            ends.append(step.data == {"n": number, "a": number, "w": number})

    threads = [threading.Thread(target=life, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ends == [True] * 120


def test_merging_takes_each_change_and_keeps_the_rest() -> None:
    base = {"a": 1, "b": {"x": 1, "y": 1}, "c": [1, 2], "d": 0}
    left = {"a": 2, "b": {"x": 2, "y": 1}, "c": [1, 2], "d": 0, "new": True}
    right = {"a": 1, "b": {"x": 1, "y": 3}, "c": [1, 2, 3]}
    assert merged(base, [left, right]) == {"a": 2, "b": {"x": 2, "y": 3}, "c": [1, 2, 3], "new": True}
    assert merged(base, [left, left]) == left


@pytest.mark.parametrize(
    ("base", "left", "right", "path"),
    [
        ({"a": 1}, {"a": 2}, {"a": 3}, "a"),
        ({}, {"a": 1}, {"a": True}, "a"),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, {"a": {"b": 3}}, "a.b"),
        ({"a": 1}, {}, {"a": 2}, "a"),
        ({"a": [1]}, {"a": [1, 2]}, {"a": [1, 3]}, "a"),
    ],
)
def test_a_real_conflict_names_the_variable(base: Any, left: Any, right: Any, path: str) -> None:
    with pytest.raises(Conflict) as conflict:
        merged(base, [left, right])
    assert conflict.value.path == path


def test_durations_count_months_as_calendars_do() -> None:
    assert iso8601.after(datetime(2024, 1, 31, tzinfo=UTC), "P1M") == datetime(2024, 2, 29, tzinfo=UTC)
    assert iso8601.after(NOW, "P1DT12H") == NOW + timedelta(hours=36)
    assert iso8601.instant("2026-11-30T08:00+07:00") == datetime(2026, 11, 30, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "text"),
    [("duration", "P"), ("duration", "PT"), ("duration", "5D"), ("duration", "P999999Y"), ("cycle", "R0/P1D"),
     ("cycle", "R3/PT0S"), ("date", "2026-11-30"), ("date", "2026-11-30T08:00"), ("cycle", "P1D"), ("duration", "P١D")],
)  # fmt: skip
def test_unclear_timers_are_refused(kind: str, text: str) -> None:
    with pytest.raises(iso8601.BadTimer):
        iso8601.check(kind, text)
