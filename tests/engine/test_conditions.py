"""Events that wait for a condition: they happen when the data make it true, in the runner and in what is deployed."""

import pytest

from engine import incidents, instances, operations, runner, suspensions, verification
from engine.audit import Fact
from engine.runner import Stuck
from models.definitions import Definition
from models.instances import Incident, Instance
from models.timers import Timer
from tests.engine.diagrams import (
    boundary,
    bundle,
    catch,
    chain,
    condition,
    end,
    flows,
    fork,
    process,
    script,
    start,
    sub,
    user,
)
from tests.engine.migrating import deploy, migrate, migrated, versions
from tests.engine.operating import act, begin, on, place, state
from tests.engine.running import Run
from tests.play import Story

pytestmark = pytest.mark.once


def waits(text: str, id: str = "enough") -> dict[str, bytes]:
    """Somebody counts, and beside it something waits for what the count makes true."""
    return bundle(
        process(
            start(), fork("f"), user("count"), catch(id, condition(text)), user("order"), end(), end("done"),
            flows(("start", "f"), ("f", "count"), ("f", id), ("count", "end"), (id, "order"), ("order", "done")),
        )
    )  # fmt: skip


def watched(text: str = "level > 5") -> dict[str, bytes]:
    """Three steps in a sub-process, watched at its border by what takes a note."""
    steps = sub("work", start("s"), user("one"), user("two"), user("three"), end("e"),
                chain("s", "one", "two", "three", "e", prefix="i"))  # fmt: skip
    return bundle(
        process(
            start(), steps, boundary("high", "work", condition(text), interrupting=False), user("note"),
            end(), end("noted"), flows(("start", "work"), ("work", "end"), ("high", "note"), ("note", "noted")),
        )
    )  # fmt: skip


def test_what_waits_for_a_condition_is_told_and_let_go_by_the_data() -> None:
    run = Run(waits("total > 100"), {"total": 1})
    told = next(one for one in run.step.waiting if one.element == "enough")
    assert (told.kind, told.due, told.message) == ("conditional", None, None)
    assert run.done("count", total=101).opened[0].element == "order"


def test_what_nobody_has_said_yet_makes_nothing_true_and_what_cannot_be_asked_is_stuck() -> None:
    run = Run(waits("total > 100 and not held"))
    assert run.open == ["count", "enough"]
    with pytest.raises(Stuck) as stuck:
        Run(waits("total > 100"), {"total": "many"})
    assert stuck.value.element == "enough"


def test_a_condition_that_stays_true_happens_once_however_often_the_instance_is_put_away() -> None:
    run = Run(watched())
    run.done("one", level=6)
    assert run.open == ["high", "note", "two"]
    run.done("two", level=7)
    assert run.open.count("note") == 1
    run.give(runner.SetData({"level": 1}))
    run.give(runner.SetData({"level": 8}))
    assert run.open.count("note") == 2


def test_what_was_said_in_an_earlier_move_counts_with_what_is_said_now() -> None:
    files = bundle(
        process(
            start(), fork("f"), user("count"), user("sign"), catch("ready", condition("total > 100 and signed")),
            end(), end("done"), flows(("start", "f"), ("f", "count"), ("f", "ready"), ("count", "sign"),
                                      ("sign", "end"), ("ready", "done")),
        )
    )  # fmt: skip
    run = Run(files)
    run.done("count", total=101)
    assert run.done("sign", signed=True).ended == "finished"


@pytest.mark.parametrize("order", [("note", "two", "three"), ("two", "note", "three"), ("two", "three", "note")])
def test_what_is_written_after_a_condition_has_become_true_is_what_is_known_in_the_end(order: tuple[str, ...]) -> None:
    run = Run(watched())
    run.done("one", level=6)
    for step in order:
        run.done(step, **({"level": 9} if step == "two" else {}))
    assert (run.step.ended, run.step.data["level"]) == ("finished", 9)


def test_each_round_of_a_loop_has_its_own_condition() -> None:
    rounds = (
        '<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>sizes</bpmn:loopDataInputRef>'
        '<bpmn:inputDataItem id="size"/><bpmn:loopDataOutputRef>all</bpmn:loopDataOutputRef>'
        '<bpmn:outputDataItem id="seen"/></bpmn:multiInstanceLoopCharacteristics>'
    )  # fmt: skip
    inside = sub("part", rounds, start("s"), user("look"), user("work"), catch("ready", condition("seen >= size")),
                 end("e"), chain("s", "look", "work", "ready", "e", prefix="i"))  # fmt: skip
    run = Run(bundle(process(start(), inside, end(), chain("start", "part", "end"))), {"sizes": [1, 5]})
    run.done("look", seen=0)
    run.done("look", seen=9)
    for _ in range(2):
        run.done("work")
    assert run.open == ["ready"]


def test_under_another_version_a_condition_that_changed_is_asked_anew_and_another_one_waits_on() -> None:
    run = Run(waits("total > 100"), {"total": 50})
    key = run.key("enough")
    assert run.key("enough") == migrated(run, waits("total > 100")).key("enough") == key
    migrated(run, waits("total > 10"))
    assert "enough" in run.open
    assert run.give(runner.Ask()).opened[0].element == "order"
    noted = Run(watched())
    noted.done("one", level=6)
    migrated(noted, watched("level > 3")).give(runner.Ask())
    assert noted.open.count("note") == 2
    beside = Run(bundle(process(start(), user("one"), end(), chain("start", "one", "end"))), {"level": 9})
    border = bundle(
        process(start(), user("one"), boundary("high", "one", condition("level > 5")), user("note"), end(), end("n"),
                flows(("start", "one"), ("one", "end"), ("high", "note"), ("note", "n")))
    )  # fmt: skip
    migrated(beside, border)
    beside.give(runner.Ask())
    assert beside.open == ["note"]


def test_an_operator_lets_a_condition_that_fails_pass_in_the_flow_and_not_happen_beside_it() -> None:
    loose = bundle(
        process(
            start(), user("one"), user("two"), boundary("b", "two", condition("level > 5")),
            catch("c", condition("level > 5")), end(), end("e"),
            flows(("start", "one"), ("one", "two"), ("two", "c"), ("c", "end"), ("b", "e")),
        )
    )  # fmt: skip
    run = Run(loose)
    given = runner.Complete(run.key("one"), {"level": "high"})
    with pytest.raises(Stuck):
        run.give(given)
    moved = runner.advance(run.bundle, "p", run.step.rest, given, now=run.now, skipping=frozenset({"b"}))
    assert [one.element for one in moved.opened] == ["two", "b"]
    done = runner.Complete(moved.opened[0].key)
    assert runner.advance(run.bundle, "p", moved.rest, done, now=run.now, skipping=frozenset({"b", "c"})).ended


def test_a_deployed_process_waits_for_a_condition_without_task_or_timer_and_an_edit_of_its_data_lets_it_go(
    story: Story,
) -> None:
    found = begin(story, waits("total > 100"), total=1)
    assert (story.steps(), story.rows(Timer)) == ({"count"}, [])
    on(story, operations.edit_data, found, changes={"total": 101})
    assert story.steps() == {"count", "order"}
    passed = [entry.facts.get("passed") or [] for entry in story.facts(Fact.INSTANCE_MOVED)]
    assert "enough" in passed[-1]
    with verification.snapshot(story.database, story.clock) as session:
        assert list(verification.violations(session)) == []


def test_data_that_become_true_while_a_process_stands_still_are_seen_when_it_goes_on(story: Story) -> None:
    found = begin(story, waits("total > 100"), total=1)
    on(story, suspensions.suspend, found)
    on(story, operations.edit_data, found, changes={"total": 101})
    assert story.steps() == {"count"}
    on(story, suspensions.resume, found)
    assert story.steps() == {"count", "order"}
    whole = story.get(Instance, found).definition_id
    with story.doing() as session:
        again = session.get_one(Definition, whole)
        second = instances.start(session, again, actor=story.actor("thietke"), data={"total": 1}).id
    act(story, suspensions.suspend_definition, Definition, whole)
    on(story, operations.edit_data, second, changes={"total": 101})
    act(story, suspensions.resume_definition, Definition, whole)
    assert len(story.tasks("order", state="open")) == 2


def test_a_migrated_process_sees_at_once_that_its_new_condition_holds(story: Story) -> None:
    found = begin(story, waits("total > 100"), total=50)
    deploy(story, waits("total > 10"))
    migrate(story, found)
    assert len(versions(story)) == 2
    assert story.steps() == {"count", "order"}


def test_a_condition_that_cannot_be_asked_is_an_incident_that_names_it_and_a_skip_is_the_way_on(story: Story) -> None:
    files = bundle(
        process(start(), script("begin", 'total = "many"'), catch("enough", condition("total > 100")), user("order"),
                end(), chain("start", "begin", "enough", "order", "end"))
    )  # fmt: skip
    found = begin(story, files)
    (incident,) = story.rows(Incident)
    assert (state(story, found), incident.element) == ("incident", "enough")
    act(story, incidents.skip, Incident, incident.id)
    assert story.steps() == {"order"}


def test_an_operator_lets_a_waiting_condition_pass(story: Story) -> None:
    found = begin(story, waits("total > 100"), total=1)
    on(story, operations.skip, found, key=place(story, found, "enough"))
    assert story.steps() == {"count", "order"}
