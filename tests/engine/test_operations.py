"""What operators do to processes that run: each with a right, a reason, an entry with before and after."""

from collections.abc import Callable
from typing import Any

import pytest

from engine import instances, operations, suspensions, undoing
from engine.audit import Fact
from models.audit import AuditEntry
from models.errors import Conflict, Invalid, NotAllowed, WrongState
from models.instances import Instance
from models.tasks import Submission, Task
from models.timers import Timer
from tests.engine.diagrams import (
    boundary,
    bundle,
    catch,
    chain,
    end,
    flows,
    fork,
    join,
    message,
    process,
    start,
    sub,
    timer,
    user,
)  # fmt: skip
from tests.engine.operating import ASKS, SCRIPTED, THREE, begin, data, on, place, state, the
from tests.play import Story

VERBS: list[tuple[str, Callable[..., Any], dict[str, Any]]] = [
    ("edit", operations.edit_data, {"changes": {"size": 1}}),
    ("skip", operations.skip, {"key": "x"}),
    ("move", operations.move_token, {"key": "x", "element": "two"}),
    ("cancel", operations.cancel, {}),
    ("suspend", suspensions.suspend, {}),
    ("resume", suspensions.resume, {}),
]


@pytest.mark.parametrize(("verb", "given"), [one[1:] for one in VERBS], ids=[one[0] for one in VERBS])
def test_an_operator_has_the_right_a_reason_and_seen_how_it_stands(
    story: Story, verb: Callable[..., Any], given: dict[str, Any]
) -> None:
    found = begin(story, THREE)
    said, before = len(story.rows(AuditEntry)), story.get(Instance, found)
    with pytest.raises(NotAllowed):
        on(story, verb, found, login="truong.khoi", **given)
    for blank in ("", "  \n"):
        with pytest.raises(Invalid) as refused:
            on(story, verb, found, reason=blank, **given)
        assert refused.value.fields == {"reason": "required"}
    with pytest.raises(Conflict):
        on(story, verb, found, version=before.version - 1, **given)
    after = story.get(Instance, found)
    assert (after.version, after.rest, after.state) == (before.version, before.rest, before.state)
    assert len(story.rows(AuditEntry)) == said


def test_nothing_is_done_to_what_has_ended(story: Story) -> None:
    found = begin(story, THREE)
    on(story, operations.cancel, found)
    for verb, given in [one[1:] for one in VERBS]:
        with pytest.raises(WrongState):
            on(story, verb, found, **given)


def test_a_waiting_task_is_skipped_and_its_holder_is_told(story: Story) -> None:
    found = begin(story, THREE)
    on(story, operations.skip, found, key=story.task("one").key)
    assert story.steps() == {"two"}
    assert story.task("one", state="cancelled")
    assert story.rows(Submission, instance_id=found) == []
    assert the(story, Fact.STEP_SKIPPED).facts["step"] == "One"
    assert len(story.notices("step:skipped")) == 1


def test_a_message_that_never_comes_is_skipped_and_so_is_a_pause(story: Story) -> None:
    files = bundle(
        process(start(), catch("news", message("some.news")), catch("pause", timer("P9D")), user("then"), end(),
                chain("start", "news", "pause", "then", "end")),
        messages=("some.news",),
    )  # fmt: skip
    found = begin(story, files)
    on(story, operations.skip, found, key=place(story, found, "news"))
    on(story, operations.skip, found, key=place(story, found, "pause"))
    assert story.steps() == {"then"}
    assert story.rows(Timer)[0].cancelled_at is not None


def test_a_join_that_is_skipped_goes_on_with_the_missing_named(story: Story) -> None:
    order = story.until("carry_out")
    (ward,) = story.instances("locality", order_id=order, organization_id=story.world.ward_front)
    waits = next(one for one in _places(story, ward.id) if one.message == "locality.reported")
    on(story, operations.skip, ward.id, key=waits.key)
    assert ("consolidate_locality", "Cẩm Thịnh") in story.open_steps(order)
    assert len(data(story, ward.id)["missing"]) == 3


def _places(story: Story, instance: str) -> Any:
    with story.doing() as session:
        return instances.look(session, session.get_one(Instance, instance))


def test_what_stands_at_a_border_cannot_be_skipped(story: Story) -> None:
    files = bundle(
        process(start(), user("one"), boundary("late", "one", timer("P2D")), end(), end("end2"),
                flows(("start", "one"), ("one", "end"), ("late", "end2")))
    )  # fmt: skip
    found = begin(story, files)
    with pytest.raises(WrongState):
        on(story, operations.skip, found, key=place(story, found, "late"))


def test_a_token_moves_forth_and_back_and_opens_the_step_anew(story: Story) -> None:
    found = begin(story, THREE)
    first = story.task("one")
    on(story, operations.move_token, found, key=first.key, element="three")
    assert story.steps() == {"three"}
    assert story.get(Task, first.id).state == "cancelled"
    on(story, undoing.undo, found, seq=the(story, Fact.TOKEN_MOVED).seq)
    assert story.steps() == {"one"}
    assert story.task("one").id != first.id
    assert story.facts(Fact.TOKEN_MOVED)[1].facts["undoes"] == story.facts(Fact.TOKEN_MOVED)[0].seq


@pytest.mark.parametrize("element", ["start", "one", "inside", "meet", "nowhere"])
def test_a_token_goes_only_where_it_can_go_on(story: Story, element: str) -> None:
    files = bundle(
        process(start(), user("one"), sub("part", start("s2"), user("inside"), end("e2"),
                                          chain("s2", "inside", "e2", prefix="i")),
                fork("split"), user("a"), user("b"), join("meet"), end(),
                flows(("start", "one"), ("one", "part"), ("part", "split"), ("split", "a"), ("split", "b"),
                      ("a", "meet"), ("b", "meet"), ("meet", "end")))
    )  # fmt: skip
    found = begin(story, files)
    with pytest.raises(Invalid) as refused:
        on(story, operations.move_token, found, key=story.task("one").key, element=element)
    assert refused.value.fields == {"element": "not_a_target"}
    assert story.steps() == {"one"}


def test_a_move_to_where_the_process_gets_stuck_is_refused(story: Story) -> None:
    found = begin(story, SCRIPTED)
    with pytest.raises(WrongState) as refused:
        on(story, operations.move_token, found, key=story.task("one").key, element="compute")
    assert refused.value.reason == "stuck_there_too"
    assert (state(story, found), story.steps()) == ("running", {"one"})


def test_moving_away_takes_the_timers_of_a_step_along(story: Story) -> None:
    files = bundle(
        process(start(), user("one"), boundary("late", "one", timer("P2D")), user("two"), end(), end("end2"),
                flows(("start", "one"), ("one", "two"), ("two", "end"), ("late", "end2")))
    )  # fmt: skip
    found = begin(story, files)
    on(story, operations.move_token, found, key=story.task("one").key, element="two")
    assert (story.steps(), story.rows(Timer)[0].cancelled_at is not None) == ({"two"}, True)
    story.later(days=3)
    assert story.steps() == {"two"}


def test_data_of_a_running_process_decide_its_way(story: Story) -> None:
    found = begin(story, ASKS, size=9)
    on(story, operations.edit_data, found, changes={"size": 1})
    story.answer("thietke", "ask")
    assert story.steps() == {"small"}


def test_an_edit_is_undone_only_while_it_stands(story: Story) -> None:
    found = begin(story, ASKS, size=9, done=True, names=["a", "b"], rate=1.5)
    on(story, operations.edit_data, found, changes={"size": 1, "done": False, "names": ["c"], "rate": 2.5, "more": "x"})
    first = the(story, Fact.DATA_EDITED)
    on(story, undoing.undo, found, seq=first.seq)
    known = data(story, found)
    assert [known[name] for name in ("size", "done", "names", "rate", "more")] == [9, True, ["a", "b"], 1.5, None]
    with pytest.raises(WrongState) as refused:
        on(story, undoing.undo, found, seq=first.seq)
    assert refused.value.reason == "changed_since"


@pytest.mark.parametrize(
    "changes",
    [{"order": "x"}, {"assignment": None}, {"organization": "x"}, {"area": "x"}, {"quy mô": 1}, {"quy_mô": 1},
     {"a" * 61: 1}, {"__class__x y": 1}, {"size": 9}, {}, {"size": "x" * 20_001}, {"size": float("nan")}],
)  # fmt: skip
def test_only_routing_values_that_differ_are_set(story: Story, changes: dict[str, Any]) -> None:
    found = begin(story, ASKS, size=9)
    with pytest.raises(Invalid):
        on(story, operations.edit_data, found, changes=changes)
    assert (data(story, found)["size"], story.facts(Fact.DATA_EDITED)) == (9, [])


def test_only_interventions_into_this_process_are_undone(story: Story) -> None:
    one, other = begin(story, ASKS, size=9), begin(story, ASKS, size=9)
    on(story, operations.edit_data, one, changes={"size": 1})
    seq = the(story, Fact.DATA_EDITED).seq
    for instance, number in ((other, seq), (one, seq - 1), (one, 10**9)):
        with pytest.raises(WrongState) as refused:
            on(story, undoing.undo, instance, seq=number)
        assert refused.value.reason == "cannot_be_undone"


def test_a_cancelled_process_ends_with_its_tasks_and_its_organization_is_told(story: Story) -> None:
    found = begin(story, THREE)
    on(story, operations.cancel, found)
    assert (state(story, found), story.task("one", state="cancelled").closed_by) == (
        "cancelled", story.world.person("quantri"),
    )  # fmt: skip
    entry = the(story, Fact.INSTANCE_CANCELLED)
    assert (entry.facts["before"], entry.facts["after"]) == ({"state": "running"}, {"state": "cancelled"})
    assert len(story.notices("instance:cancelled")) == 1


def test_the_share_of_a_cancelled_process_is_cancelled_and_no_longer_waited_for(story: Story) -> None:
    order = story.until("carry_out")
    story.play(order, frm="carry_out", to="consolidate_locality", but=("truong.khu3",))
    assert ("consolidate_locality", "Cẩm Thịnh") not in story.open_steps(order)
    (quarter,) = story.instances("locality", order_id=order, organization_id=story.world.quarter3_body)
    on(story, operations.cancel, quarter.id)
    assert story.share(order, "quarter3_body").progress == "huy"
    assert ("consolidate_locality", "Cẩm Thịnh") in story.open_steps(order)


def test_an_order_whose_participants_work_is_withdrawn_and_not_cancelled(story: Story) -> None:
    order = story.until("accept_lead")
    (main,) = story.instances("order", order_id=order)
    with pytest.raises(WrongState) as refused:
        on(story, operations.cancel, main.id)
    assert (refused.value.reason, refused.value.facts["n"]) == ("order_has_parts", 2)
    draft = story.order()
    (alone,) = story.instances("order", order_id=draft)
    on(story, operations.cancel, alone.id)
    assert story.progress(draft)["order"] == "huy"
