"""An instance under another version: tokens stay, what is beside them follows, and what cannot be right is refused."""

from datetime import timedelta

import pytest

from engine.runner import Misfit
from tests.engine.diagrams import (
    boundary,
    bundle,
    catch,
    chain,
    element,
    end,
    flows,
    fork,
    message,
    process,
    start,
    sub,
    timer,
    user,
)
from tests.engine.migrating import finish, migrated
from tests.engine.running import NOW, Run

ONE = bundle(process(start(), user("one"), user("two"), end(), chain("start", "one", "two", "end")))


def refused(run: Run, files: dict[str, bytes], **changes: str | None) -> tuple[str, str]:
    before = run.step
    with pytest.raises(Misfit) as misfit:
        migrated(run, files, **changes)
    assert run.step is before
    return misfit.value.reason, misfit.value.facts.get("element", "")


def loop(kind: str) -> str:
    if kind == "standard":
        return '<bpmn:standardLoopCharacteristics loopMaximum="2"/>'
    inner = "<bpmn:loopCardinality>2</bpmn:loopCardinality>"
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{kind}">{inner}</bpmn:multiInstanceLoopCharacteristics>'
    )


def test_a_token_stays_where_it_is_under_the_new_name() -> None:
    run = Run(ONE)
    key = run.key("one")
    renamed = bundle(process(start(), user("first"), user("extra"), user("two"), end(),
                             chain("start", "first", "extra", "two", "end")))  # fmt: skip
    migrated(run, renamed, one="first")
    assert [(one.key, one.element) for one in run.step.waiting] == [(key, "first")]
    assert run.done("first").opened[0].element == "extra"
    assert finish(run) == "finished"


def test_what_has_passed_needs_no_target() -> None:
    run = Run(ONE)
    run.done("one")
    migrated(run, bundle(process(start(), user("two"), end(), chain("start", "two", "end"))))
    assert finish(run) == "finished"


def test_an_active_element_without_target_is_refused() -> None:
    shorter = bundle(process(start(), user("two"), end(), chain("start", "two", "end")))
    assert refused(Run(ONE), shorter) == ("migration_no_target", "one")
    assert refused(Run(ONE), ONE, one=None) == ("migration_no_target", "one")


def test_a_target_of_another_kind_is_refused() -> None:
    waits = bundle(process(start(), catch("one", timer("PT1H")), user("two"), end(),
                           chain("start", "one", "two", "end")))  # fmt: skip
    assert refused(Run(ONE), waits, one="one") == ("migration_other_kind", "one")
    choice = bundle(process(start(), element("exclusiveGateway", "one"), user("two"), user("three"), end(),
                            flows(("start", "one"), ("one", "two"), ("one", "three"), ("two", "end"),
                                  ("three", "end"))))  # fmt: skip
    assert refused(Run(ONE), choice, one="one") == ("migration_other_kind", "one")


def test_a_target_in_another_sub_process_is_refused() -> None:
    inside = bundle(process(start(), sub("part", start("s"), user("one"), end("e"), chain("s", "one", "e", prefix="i")),
                            user("two"), end(), chain("start", "part", "two", "end")))  # fmt: skip
    assert refused(Run(ONE), inside, one="one") == ("migration_other_place", "one")
    assert refused(Run(inside), ONE, one="one") == ("migration_no_target", "part")


@pytest.mark.parametrize(("before", "after"), [("", "true"), ("false", ""), ("false", "true"), ("standard", "false")])
def test_a_target_that_repeats_otherwise_is_refused(before: str, after: str) -> None:
    def files(kind: str) -> dict[str, bytes]:
        return bundle(process(start(), user("one", *([loop(kind)] if kind else [])), end(),
                              chain("start", "one", "end")))  # fmt: skip

    assert refused(Run(files(before)), files(after)) == ("migration_other_repetition", "one")


@pytest.mark.parametrize("kind", ["true", "false", "standard"])
def test_the_rounds_of_a_loop_go_on(kind: str) -> None:
    def files(name: str, extra: str) -> dict[str, bytes]:
        return bundle(process(start(), user(name, loop(kind)), user(extra), end(),
                              chain("start", name, extra, "end")))  # fmt: skip

    run = Run(files("one", "two"))
    run.done("one")
    migrated(run, files("many", "three"), one="many")
    assert run.open == ["many"]
    run.done("many")
    assert run.open == ["three"]
    assert finish(run) == "finished"


PARALLEL = (user("a"), user("b"), fork("split"), fork("meet"))
TWO_WAYS = (("start", "split"), ("split", "a"), ("split", "b"), ("a", "meet"), ("b", "meet"), ("meet", "last"),
            ("last", "end"))  # fmt: skip


def branches(*more: str, ways: tuple[tuple[str, ...], ...] = TWO_WAYS) -> dict[str, bytes]:
    return bundle(process(start(), *PARALLEL, *more, user("last"), end(), flows(*ways)))


def test_branches_that_wait_at_a_join_are_matched_by_what_they_came_from() -> None:
    run = Run(branches(), {"x": 1})
    run.done("a", from_a=1)
    ways = tuple(tuple({"b": "beta", "meet": "together"}.get(one, one) for one in pair) for pair in TWO_WAYS)
    other = bundle(process(start(), user("a"), user("beta"), fork("split"), fork("together"), user("last"), end(),
                           flows(*ways)))  # fmt: skip
    migrated(run, other, b="beta", meet="together")
    run.done("beta", from_b=2)
    assert run.open == ["last"]
    assert run.step.waiting[0].data == {"x": 1, "from_a": 1, "from_b": 2}


def test_a_join_whose_waiting_branch_came_another_way_is_refused() -> None:
    run = Run(branches())
    run.done("a")
    ways = (*TWO_WAYS[:3], ("a", "check"), ("check", "meet"), *TWO_WAYS[4:])
    assert refused(run, branches(user("check"), ways=ways)) == ("migration_other_join", "meet")


def test_a_join_that_would_have_nothing_left_to_wait_for_is_refused() -> None:
    joined = (("start", "a"), ("a", "meet"), ("meet", "last"), ("last", "b"), ("b", "split"), ("split", "end"))
    run = Run(branches())
    run.done("a")
    assert refused(run, branches(ways=joined)) == ("migration_other_join", "meet")


def test_a_branch_that_has_ended_before_its_split_was_dropped_keeps_what_it_brought() -> None:
    ended = (("start", "split"), ("split", "a"), ("split", "b"), ("a", "end"), ("b", "end2"))
    run = Run(bundle(process(start(), user("a"), user("b"), fork("split"), end(), end("end2"), flows(*ended))))
    run.done("a", brought=1)
    migrated(run, bundle(process(start(), user("b"), end(), chain("start", "b", "end"))))
    run.done("b")
    assert (run.step.ended, run.step.data["brought"]) == ("finished", 1)


BORDERED = chain("start", "one", "two", "end") + flows(("late", "after"), ("after", "end2"), prefix="b")


def bordered(event: str = timer("PT4H"), *, id: str = "late", interrupting: bool = True) -> dict[str, bytes]:
    lines = BORDERED.replace('"late"', f'"{id}"')
    return bundle(process(start(), user("one"), boundary(id, "one", event, interrupting=interrupting), user("two"),
                          user("after"), end(), end("end2"), lines), messages=("go",))  # fmt: skip


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_event_that_is_added_to_an_active_step_begins_now(interrupting: bool) -> None:
    run = Run(ONE, {"x": 1})
    key = run.key("one")
    run.now += timedelta(hours=10)
    migrated(run, bordered(interrupting=interrupting))
    assert (run.open, run.key("one")) == (["late", "one"], key)
    (late,) = [one for one in run.step.waiting if one.element == "late"]
    assert late.due == NOW + timedelta(hours=14)
    run.later(hours=5)
    assert run.open == (["after"] if interrupting else ["after", "one"])
    assert run.step.waiting[0].data == {"x": 1}
    assert finish(run) == "finished"


def test_an_event_that_is_dropped_waits_no_longer() -> None:
    run = Run(bordered())
    migrated(run, ONE)
    assert run.open == ["one"]
    run.done("one")
    assert finish(run) == "finished"


def test_an_event_that_stays_keeps_its_due_and_one_that_changed_begins_anew() -> None:
    run = Run(bordered())
    run.now += timedelta(hours=1)
    migrated(run, bordered(id="too_late"), late="too_late")
    assert [one.due for one in run.step.waiting if one.element == "too_late"] == [NOW + timedelta(hours=4)]
    assert len(run.moved.keys) == 2  # type: ignore[attr-defined]
    migrated(run, bordered(timer("PT8H"), id="too_late"))
    assert [one.due for one in run.step.waiting if one.element == "too_late"] == [NOW + timedelta(hours=9)]
    assert len(run.moved.keys) == 1  # type: ignore[attr-defined]


def test_an_event_that_has_happened_does_not_begin_again() -> None:
    run = Run(bordered(interrupting=False))
    run.later(hours=5)
    assert run.open == ["after", "one"]
    migrated(run, bordered(interrupting=False))
    assert run.open == ["after", "one"]


def test_an_event_that_is_added_knows_what_its_step_knows_when_others_have_come_and_gone() -> None:
    def files(id: str, text: str) -> dict[str, bytes]:
        lines = flows(("start", "f"), ("f", "one"), ("f", "b"), ("one", "end"), ("b", "end3"), (id, "after"),
                      ("after", "end2"))  # fmt: skip
        return bundle(process(start(), fork("f"), user("one"), boundary(id, "one", timer(text), interrupting=False),
                              user("b"), user("after"), end(), end("end2"), end("end3"), lines))  # fmt: skip

    run = Run(files("late", "PT4H"), {"x": 1})
    run.later(hours=5)
    run.done("after")
    run.done("b")
    assert run.open == ["one"]
    migrated(run, files("later", "PT9H"))
    run.later(hours=10)
    assert {one.element: one.data.get("x") for one in run.step.waiting} == {"one": 1, "after": 1}


def test_the_branch_of_an_event_goes_on_where_the_border_is_no_more() -> None:
    run = Run(bordered(interrupting=False))
    run.later(hours=5)
    beside = bundle(process(start(), user("one"), user("two"), user("after"), end(), end("end2"), fork("f"),
                            flows(("start", "f"), ("f", "one"), ("f", "after"), ("one", "two"), ("two", "end"),
                                  ("after", "end2"))))  # fmt: skip
    migrated(run, beside)
    assert run.open == ["after", "one"]
    assert finish(run) == "finished"


def listening(*more: str) -> dict[str, bytes]:
    return bundle(process(start(), user("one"), user("two"), end(), chain("start", "one", "two", "end"), *more),
                  messages=("stop",))  # fmt: skip


BESIDE = sub("beside", start("heard", message("stop")), user("mend"), end("mended"),
             chain("heard", "mend", "mended", prefix="i"), triggeredByEvent="true")  # fmt: skip


def test_an_event_sub_process_that_is_added_listens_now_and_one_that_is_dropped_no_longer() -> None:
    run = Run(listening(), {"x": 1})
    migrated(run, listening(BESIDE))
    assert run.open == ["heard", "one"]
    run.said("heard")
    assert (run.open, run.step.waiting[0].data) == (["mend"], {"x": 1})
    assert refused(run, listening()) == ("migration_no_target", "beside")
    migrated(run, listening(BESIDE.replace("mended", "done")))
    assert run.open == ["mend"]
    assert finish(run) == "finished"
    run = Run(listening(BESIDE))
    migrated(run, listening())
    assert run.open == ["one"]


def test_an_event_sub_process_that_is_added_changes_only_what_it_changes_itself() -> None:
    def files(*more: str) -> dict[str, bytes]:
        inner = sub("part", start("s"), user("one"), user("two"), end("e"),
                    chain("s", "one", "two", "e", prefix="p"), *more)  # fmt: skip
        return bundle(process(start(), inner, end(), chain("start", "part", "end")), messages=("stop",))

    run = Run(files(), {"x": 1})
    heard = start("heard", message("stop")).replace("<bpmn:startEvent", '<bpmn:startEvent isInterrupting="false"')
    beside = sub("beside", heard, user("mend"), end("mended"), chain("heard", "mend", "mended", prefix="i"),
                 triggeredByEvent="true")  # fmt: skip
    migrated(run, files(beside))
    run.said("heard")
    run.done("one", x=5)
    run.done("mend", y=2)
    assert run.done("two").ended == "finished"
    assert (run.step.data["x"], run.step.data["y"]) == (5, 2)


def gateway(*events: str) -> dict[str, bytes]:
    lines = [pair for id in events for pair in (("wait", f"e{id}"), (f"e{id}", f"u{id}"), (f"u{id}", "end"))]
    caught = {"1": message("go"), "2": timer("PT4H"), "3": timer("PT9H")}
    parts = [part for id in events for part in (catch(f"e{id}", caught[id[0]]), user(f"u{id}"))]
    return bundle(process(start(), element("eventBasedGateway", "wait"), *parts, end(),
                          flows(("start", "wait"), *lines)), messages=("go",))  # fmt: skip


def test_the_events_of_an_event_based_gateway_follow() -> None:
    run = Run(gateway("1", "2"))
    run.now += timedelta(hours=1)
    before = {one.element: one.key for one in run.step.waiting}
    migrated(run, gateway("1x", "2", "3"), e1="e1x")
    assert run.open == ["e1x", "e2", "e3"]
    assert run.moved.keys == {before["e1"]: run.key("e1x"), before["e2"]: run.key("e2")}  # type: ignore[attr-defined]
    due = {one.element: one.due for one in run.step.waiting}
    assert (due["e2"], due["e3"]) == (NOW + timedelta(hours=4), NOW + timedelta(hours=10))
    run.said("e1x")
    assert run.open == ["u1x"]


def undoing(task: str, undo: str, *, throws: str = "compensateEventDefinition") -> dict[str, bytes]:
    event = f"<bpmn:{throws}/>" if throws else ""
    handler = user(undo, isForCompensation="true")
    link = element("association", "link", sourceRef="border", targetRef=undo)
    return bundle(process(start(), user(task), boundary("border", task, "<bpmn:compensateEventDefinition/>"), handler,
                          user("wait"), element("intermediateThrowEvent", "throw", event), end(),
                          chain("start", task, "wait", "throw", "end"), link))  # fmt: skip


def test_what_was_completed_can_still_be_undone() -> None:
    run = Run(undoing("book", "cancel"))
    run.done("book")
    migrated(run, undoing("reserve", "release"), book="reserve", cancel="release")
    run.done("wait")
    assert run.open == ["release"]
    assert finish(run) == "finished"


def test_what_was_completed_and_could_not_be_undone_any_more_is_refused() -> None:
    run = Run(undoing("book", "cancel"))
    run.done("book")
    assert refused(run, undoing("reserve", "release"), book=None) == ("migration_not_undoable", "book")


def nested(part: str, task: str, undo: str, throw: str) -> dict[str, bytes]:
    compensation = "<bpmn:compensateEventDefinition/>"
    handler = user(undo, isForCompensation="true") + element("association", "a", sourceRef="border", targetRef=undo)
    lines = chain("s", task, "e", prefix="i")
    inner = sub(part, start("s"), user(task), boundary("border", task, compensation), handler, end("e"), lines)
    thrown = element("intermediateThrowEvent", throw, compensation)
    return bundle(process(start(), inner, user("wait"), thrown, end(), chain("start", part, "wait", throw, "end")))


@pytest.mark.parametrize("begun", [False, True])
def test_what_was_done_in_a_sub_process_can_be_undone_after_and_amid(begun: bool) -> None:
    run = Run(nested("part", "book", "cancel", "throw"))
    run.done("book")
    if begun:
        run.done("wait")
        assert run.open == ["cancel"]
    migrated(run, nested("section", "reserve", "release", "undo"), part="section", book="reserve", cancel="release",
             throw="undo")  # fmt: skip
    if not begun:
        run.done("wait")
    assert run.open == ["release"]
    assert finish(run) == "finished"


def test_inside_a_sub_process_everything_follows_too() -> None:
    def files(part: str, one: str) -> dict[str, bytes]:
        inner = sub(part, start("s"), user(one), user("inner"), end("e"), chain("s", one, "inner", "e", prefix="i"))
        return bundle(process(start(), inner, user("two"), end(), chain("start", part, "two", "end")))

    run = Run(files("part", "one"))
    migrated(run, files("section", "first"), part="section", one="first")
    assert run.open == ["first"]
    run.done("first")
    run.done("inner")
    assert run.open == ["two"]
