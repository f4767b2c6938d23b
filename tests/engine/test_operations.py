"""What operators do to processes that stand still: each with a right, a reason, an entry with before and after."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from engine import definitions, incidents, instances, operations, suspensions, timers, undoing
from engine.audit import Fact
from models.audit import AuditEntry
from models.definitions import Definition
from models.errors import Conflict, Invalid, NotAllowed, Rejected, WrongState
from models.instances import Incident, Instance
from models.tasks import Submission, Task
from models.timers import Timer
from tests.conftest import ON_POSTGRES
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
    script,
    service,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
    xor,
)  # fmt: skip
from tests.play import Story

REASON = "Theo đề nghị của đơn vị"


def with_role(id: str, role: str) -> str:
    return user(id, lt={"role": role})


ASKS = bundle(
    process(
        start(), user("ask"), xor("which", default="no"), user("big"), user("small"), end(), end("end2"),
        flows(("start", "ask"), ("ask", "which"), ("which", "big", "size > 5"), ("which", "small", "", "no"),
              ("big", "end"), ("small", "end2")),
    )
)  # fmt: skip
THREE = bundle(
    process(
        start(), user("one"), user("two"), user("three"), end(), chain("start", "one", "two", "three", "end")
    )
)  # fmt: skip
SCRIPTED = bundle(
    process(
        start(), user("one"), script("compute", "total = size * 2"), user("two"), end(),
        chain("start", "one", "compute", "two", "end"),
    )
)  # fmt: skip
NOBODY = bundle(
    process(start(), user("one"), with_role("two", "bí_thư"), user("three"), end(),
            chain("start", "one", "two", "three", "end"))
)  # fmt: skip
TIMED = bundle(
    process(start(), catch("pause", timer("PT4H")), user("then"), end(), chain("start", "pause", "then", "end"))
)


def begin(story: Story, files: dict[str, bytes], **data: Any) -> str:
    with story.doing() as session:
        definition = definitions.deploy(session, files, actor=story.actor("thietke"))[0]
        return instances.start(session, definition, actor=story.actor("thietke"), data=data).id


def act(story: Story, verb: Callable[..., Any], what: Any, id: str, *, login: str = "quantri", **given: Any) -> Any:
    """Let an operator do something to one row."""
    with story.doing() as session:
        return verb(session, session.get_one(what, id), actor=story.actor(login), **{"reason": REASON, **given})


def on(story: Story, verb: Callable[..., Any], instance: str, **given: Any) -> Any:
    return act(story, verb, Instance, instance, **given)


def data(story: Story, instance: str) -> dict[str, Any]:
    with story.doing() as session:
        return operations.data_of(session, session.get_one(Instance, instance))


def state(story: Story, instance: str) -> str:
    return str(story.get(Instance, instance).state)


def the(story: Story, fact: Fact) -> AuditEntry:
    """Return the one entry of a fact; whoever acts gives a reason."""
    (entry,) = story.facts(fact)
    assert entry.facts["reason"] == REASON
    return entry


def place(story: Story, instance: str, element: str) -> str:
    with story.doing() as session:
        found = instances.look(session, session.get_one(Instance, instance))
        return next(one.key for one in found if one.element == element)


def stuck(story: Story, files: dict[str, bytes], element: str, **answers: Any) -> tuple[str, str]:
    """Begin a process and complete the step after which it is stuck; return its id and the incident's."""
    found = begin(story, files)
    story.answer("thietke", element, **answers)
    (incident,) = [one for one in story.rows(Incident, instance_id=found) if one.resolved_at is None]
    return found, incident.id


# The right, the reason, and what was seen

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


# Incidents


def test_a_retry_says_why_and_from_what_to_what(story: Story) -> None:
    found, incident = stuck(story, NOBODY, "one", note="đã nhập")
    story.give_post("inspectorate", "Bí thư chi bộ", ("bí_thư",), login="bi.thu")
    with pytest.raises(Invalid):
        act(story, incidents.retry, Incident, incident, reason=" ")
    story.give_post("ubnd", "Bí thư chi bộ", ("bí_thư",), login="bi.thu.2")
    act(story, incidents.retry, Incident, incident)
    entry = the(story, Fact.INCIDENT_RESOLVED)
    assert (entry.facts["before"], entry.facts["after"]) == ({"state": "incident"}, {"state": "running"})
    assert entry.instance_id == found
    with pytest.raises(WrongState) as refused:
        act(story, incidents.retry, Incident, incident)
    assert refused.value.reason == "incident_resolved"


def test_edited_data_lets_a_stuck_decision_be_made_and_what_was_submitted_stays(story: Story) -> None:
    found, incident = stuck(story, ASKS, "ask", size="nhiều", note="giữ")
    assert data(story, found)["size"] == "nhiều"
    on(story, operations.edit_data, found, changes={"size": 7, "note": "giữ"})
    assert (state(story, found), data(story, found)["size"]) == ("incident", 7)
    entry = the(story, Fact.DATA_EDITED)
    assert (entry.facts["before"], entry.facts["after"]) == ({"size": "nhiều"}, {"size": 7})
    act(story, incidents.retry, Incident, incident)
    assert story.steps() == {"big"}
    assert story.rows(Submission, instance_id=found)[0].answers["size"] == "nhiều"


def test_a_missing_value_can_be_given(story: Story) -> None:
    found, incident = stuck(story, ASKS, "ask")
    on(story, operations.edit_data, found, changes={"size": 2})
    act(story, incidents.retry, Incident, incident)
    assert story.steps() == {"small"}


def test_data_of_a_process_stuck_at_its_start_is_edited_too(story: Story) -> None:
    files = bundle(process(start(), script("compute", "total = size * 2"), user("two"), end(),
                           chain("start", "compute", "two", "end")))  # fmt: skip
    found = begin(story, files, size=None)
    assert state(story, found) == "incident"
    on(story, operations.edit_data, found, changes={"size": 4})
    act(story, incidents.retry, Incident, story.rows(Incident)[0].id)
    assert (story.steps(), data(story, found)["total"]) == ({"two"}, 8)


def test_a_script_that_fails_is_skipped(story: Story) -> None:
    found, incident = stuck(story, SCRIPTED, "one")
    act(story, incidents.skip, Incident, incident)
    assert (state(story, found), story.steps()) == ("running", {"two"})
    assert "total" not in data(story, found)
    entry = the(story, Fact.STEP_SKIPPED)
    assert (entry.facts["element"], entry.facts["before"], entry.facts["after"]) == (
        "compute", {"step_state": "waiting"}, {"step_state": "skipped"},
    )  # fmt: skip
    assert len(story.facts(Fact.INCIDENT_RESOLVED)) == 1


def test_a_step_nobody_may_do_is_skipped_and_opens_no_task(story: Story) -> None:
    found, incident = stuck(story, NOBODY, "one")
    act(story, incidents.skip, Incident, incident)
    assert (state(story, found), story.steps()) == ("running", {"three"})
    assert story.tasks("two") == []


def test_a_first_step_nobody_may_do_is_skipped_at_the_start(story: Story) -> None:
    files = bundle(process(start(), with_role("one", "bí_thư"), user("two"), end(),
                           chain("start", "one", "two", "end")))  # fmt: skip
    begin(story, files)
    act(story, incidents.skip, Incident, story.rows(Incident)[0].id)
    assert story.steps() == {"two"}


def test_a_command_that_fails_is_skipped(story: Story) -> None:
    files = bundle(process(start(), user("one"), service("check", "orders.check_overlap"), user("two"), end(),
                           chain("start", "one", "check", "two", "end")))  # fmt: skip
    found, incident = stuck(story, files, "one")
    act(story, incidents.skip, Incident, incident)
    assert (state(story, found), story.steps()) == ("running", {"two"})


def test_a_decision_cannot_be_skipped(story: Story) -> None:
    found, incident = stuck(story, ASKS, "ask")
    with pytest.raises(WrongState) as refused:
        act(story, incidents.skip, Incident, incident)
    assert refused.value.reason == "element_not_skippable"
    assert (state(story, found), story.facts(Fact.STEP_SKIPPED)) == ("incident", [])


def test_a_token_is_moved_past_an_incident(story: Story) -> None:
    found, incident = stuck(story, ASKS, "ask", note="đã nhập")
    on(story, operations.move_token, found, key=place(story, found, "ask"), element="small")
    assert (state(story, found), story.steps()) == ("running", {"small"})
    assert story.get(Incident, incident).resolved_at is not None
    entry = the(story, Fact.TOKEN_MOVED)
    assert (entry.facts["before"], entry.facts["after"]) == ({"step": "Ask"}, {"step": "Small"})
    assert story.task("ask", state="completed")


# Skip and move of what runs


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


# Data of what runs


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


# Cancel


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


# Suspensions


def test_a_suspension_stands_in_the_log_and_on_the_process(story: Story) -> None:
    found = begin(story, THREE)
    on(story, suspensions.suspend, found)
    row = story.get(Instance, found)
    assert (row.suspended_at, row.suspended_by, row.suspended_reason) == (
        story.clock.at, story.world.person("quantri"), REASON,
    )  # fmt: skip
    with pytest.raises(WrongState) as refused:
        story.answer("thietke", "one")
    assert (refused.value.reason, refused.value.facts["why"]) == ("instance_suspended", REASON)
    on(story, suspensions.resume, found)
    assert story.get(Instance, found).suspended_at is None
    assert the(story, Fact.INSTANCE_RESUMED).facts["before"] == {"state": "suspended"}
    story.answer("thietke", "one")


def test_nobody_is_pressed_for_what_stands_still(story: Story) -> None:
    order = story.until("accept_lead")
    (lead,) = story.instances("lead", order_id=order)
    on(story, suspensions.suspend, lead.id)
    story.later(days=30)
    spoken = [one for fact in ("task:reminded", "task:urged", "task:escalated") for one in story.facts(fact)]
    assert [one for one in spoken if one.instance_id == lead.id] == []
    on(story, suspensions.resume, lead.id)
    story.pass_time()
    assert story.facts("task:escalated", instance_id=lead.id) or story.facts("task:urged", instance_id=lead.id)


def test_the_due_of_a_timer_is_not_touched_while_its_process_stands_still(story: Story) -> None:
    found = begin(story, TIMED)
    due = story.rows(Timer)[0].due_at
    on(story, suspensions.suspend, found)
    story.later(days=2)
    assert (story.rows(Timer)[0].due_at, story.steps()) == (due, set())
    on(story, suspensions.resume, found)
    story.pass_time()
    assert story.steps() == {"then"}


def definition(story: Story, process_id: str) -> Definition:
    found: Definition = story.rows(Definition, process_id=process_id)[-1]
    return found


def test_work_of_a_suspended_definition_waits_and_nothing_begins(story: Story) -> None:
    order = story.until("accept_lead")
    lead = definition(story, "lead")
    assert act(story, suspensions.suspend_definition, Definition, lead.id) == 1
    entry = the(story, Fact.DEFINITION_SUSPENDED)
    assert (entry.facts["before"], entry.facts["after"], entry.facts["instances"]) == (
        {"state": "running"}, {"state": "suspended"}, 1,
    )  # fmt: skip
    with pytest.raises(WrongState) as refused:
        story.answer("phunu", "accept_lead", order, decision="accept")
    assert refused.value.reason == "instance_suspended"
    second = story.order()
    story.play(second, to="accept_lead", draft_order={"topic_code": "propaganda", "targets_environment": {}})
    assert story.messages("lead.assigned", order_id=second)[0].state == "kept"
    assert act(story, suspensions.resume_definition, Definition, lead.id) == 1
    story.pass_time()
    assert story.messages("lead.assigned", order_id=second)[0].state == "delivered"
    story.answer("phunu", "accept_lead", order, decision="accept")
    story.answer("phunu", "accept_lead", second, decision="accept")


def test_a_signal_that_would_begin_a_process_begins_it_when_its_definition_is_resumed(story: Story) -> None:
    flow = chain("start", "close", "end")
    heard = bundle(process(start("start", signal("rain")), user("close"), end(), flow, id="q"), signals=("rain",))
    with story.doing() as session:
        definitions.deploy(session, heard, actor=story.actor("thietke"))
    act(story, suspensions.suspend_definition, Definition, definition(story, "q").id)
    begin(story, bundle(process(start(), throw("say", signal("rain")), end(), chain("start", "say", "end")),
                        signals=("rain",)))  # fmt: skip
    story.pass_time()
    assert (story.steps(), story.messages("rain")[0].state) == (set(), "kept")
    act(story, suspensions.resume_definition, Definition, definition(story, "q").id)
    story.pass_time()
    assert (story.steps(), story.messages("rain")[0].state) == ({"close"}, "delivered")


def test_what_people_start_is_refused_while_its_definition_is_suspended(story: Story) -> None:
    act(story, suspensions.suspend_definition, Definition, definition(story, "order").id)
    with pytest.raises(WrongState) as refused:
        story.order()
    assert (refused.value.reason, refused.value.facts["why"]) == ("definition_suspended", REASON)
    assert story.rows(Instance) == []
    act(story, suspensions.resume_definition, Definition, definition(story, "order").id)
    story.order()


def test_what_was_stopped_alone_stays_stopped_when_its_definition_is_resumed(story: Story) -> None:
    alone, other = begin(story, THREE), begin(story, THREE)
    p = definition(story, "p").id
    on(story, suspensions.suspend, alone)
    assert act(story, suspensions.suspend_definition, Definition, p) == 1
    with pytest.raises(WrongState) as refused:
        on(story, suspensions.resume, other)
    assert refused.value.reason == "definition_suspended"
    assert act(story, suspensions.resume_definition, Definition, p) == 1
    assert (state(story, alone), state(story, other)) == ("suspended", "running")


def test_an_incident_of_a_suspended_definition_is_not_retried(story: Story) -> None:
    found, incident = stuck(story, NOBODY, "one")
    act(story, suspensions.suspend_definition, Definition, definition(story, "p").id)
    for verb in (incidents.retry, incidents.skip):
        with pytest.raises(WrongState) as refused:
            act(story, verb, Incident, incident)
        assert refused.value.reason == "definition_suspended"
    assert state(story, found) == "incident"


@pytest.mark.parametrize("verb", [suspensions.suspend_definition, suspensions.resume_definition])
def test_only_an_operator_with_a_reason_stops_a_definition(story: Story, verb: Callable[..., Any]) -> None:
    lead = definition(story, "lead").id
    with pytest.raises(NotAllowed):
        act(story, verb, Definition, lead, login="thietke")
    with pytest.raises(Invalid):
        act(story, verb, Definition, lead, reason=" ")
    assert story.get(Definition, lead).suspended_at is None


def test_a_definition_is_stopped_and_resumed_once(story: Story) -> None:
    lead = definition(story, "lead").id
    with pytest.raises(WrongState):
        act(story, suspensions.resume_definition, Definition, lead)
    act(story, suspensions.suspend_definition, Definition, lead)
    with pytest.raises(WrongState):
        act(story, suspensions.suspend_definition, Definition, lead)


@pytest.mark.skipif(not ON_POSTGRES, reason="an embedded database has one writer")
def test_nothing_slips_past_a_suspension_that_begins_at_the_same_moment(story: Story) -> None:
    begin(story, THREE)
    p = definition(story, "p").id
    with ThreadPoolExecutor(1) as others:
        with story.doing() as session:
            active = session.get_one(Definition, p)
            begun = instances.start(session, active, actor=story.actor("thietke")).id
            stopping = others.submit(act, story, suspensions.suspend_definition, Definition, p)
            time.sleep(0.3)
            assert not stopping.done()
        assert stopping.result(timeout=10) == 2
    assert state(story, begun) == "suspended"


@pytest.mark.skipif(not ON_POSTGRES, reason="an embedded database has one writer")
def test_what_begins_during_a_suspension_is_refused(story: Story) -> None:
    begin(story, THREE)
    p = definition(story, "p").id

    def start_another() -> None:
        with story.doing() as session:
            instances.start(session, session.get_one(Definition, p), actor=story.actor("thietke"))

    with ThreadPoolExecutor(1) as others:
        with story.doing() as session:
            active = session.get_one(Definition, p)
            suspensions.suspend_definition(session, active, actor=story.actor("quantri"), reason=REASON)
            starting = others.submit(start_another)
            time.sleep(0.3)
            assert not starting.done()
        with pytest.raises(WrongState) as refused:
            starting.result(timeout=10)
    assert refused.value.reason == "definition_suspended"
    assert len(story.instances("p")) == 1


# Timers


def test_a_timer_gets_another_instant_and_its_old_one_back(story: Story) -> None:
    found = begin(story, TIMED)
    (row,) = story.rows(Timer)
    later = row.due_at.replace(day=row.due_at.day + 2)
    act(story, timers.reschedule, Timer, row.id, due_at=later, seen=row.due_at)
    entry = the(story, Fact.TIMER_RESCHEDULED)
    assert (entry.facts["before"]["due"], entry.facts["after"]["due"]) == (
        row.due_at.isoformat(timespec="microseconds"), later.isoformat(timespec="microseconds"),
    )  # fmt: skip
    on(story, undoing.undo, found, seq=entry.seq)
    assert story.get(Timer, row.id).due_at == row.due_at
    with pytest.raises(Conflict):
        act(story, timers.reschedule, Timer, row.id, due_at=later, seen=later)
    act(story, timers.reschedule, Timer, row.id, due_at=later)
    story.later(hours=5)
    assert story.steps() == set()
    story.later(days=2)
    assert story.steps() == {"then"}


def test_a_timer_fires_now_once_and_the_log_says_who_let_it(story: Story) -> None:
    begin(story, TIMED)
    (row,) = story.rows(Timer)
    act(story, timers.fire_now, Timer, row.id)
    assert story.steps() == {"then"}
    assert the(story, Fact.TIMER_FIRED_EARLY).facts["before"]["due"] == row.due_at.isoformat(timespec="microseconds")
    with pytest.raises(WrongState) as refused:
        act(story, timers.fire_now, Timer, row.id)
    assert refused.value.reason == "timer_over"
    story.later(hours=5)
    assert story.facts("timer:fired") == []


def test_a_cut_off_that_fires_now_names_the_missing(story: Story) -> None:
    order = story.until("carry_out")
    (ward,) = story.instances("locality", order_id=order, organization_id=story.world.ward_front)
    (cut_off,) = story.rows(Timer, instance_id=ward.id, kind="cutoff")
    act(story, timers.fire_now, Timer, cut_off.id)
    assert ("consolidate_locality", "Cẩm Thịnh") in story.open_steps(order)
    assert len(data(story, ward.id)["missing"]) == 3


@pytest.mark.parametrize("verb", [timers.reschedule, timers.fire_now])
def test_only_an_operator_with_a_reason_touches_a_timer(story: Story, verb: Callable[..., Any]) -> None:
    begin(story, TIMED)
    (row,) = story.rows(Timer)
    given = {"due_at": row.due_at.replace(year=2019)} if verb is timers.reschedule else {}
    with pytest.raises(NotAllowed):
        act(story, verb, Timer, row.id, login="phunu", **given)
    with pytest.raises(Invalid):
        act(story, verb, Timer, row.id, reason="", **given)
    assert (story.rows(Timer)[0].due_at, story.steps()) == (row.due_at, set())


def test_a_timer_goes_into_the_future_and_never_fires_for_what_stands_still(story: Story) -> None:
    found = begin(story, TIMED)
    (row,) = story.rows(Timer)
    for due in (story.clock.at, story.clock.at.replace(year=2017)):
        with pytest.raises(Invalid):
            act(story, timers.reschedule, Timer, row.id, due_at=due)
    on(story, suspensions.suspend, found)
    with pytest.raises(Rejected) as refused:
        act(story, timers.fire_now, Timer, row.id)
    assert refused.value.reason == "instance_suspended"
    act(story, timers.reschedule, Timer, row.id, due_at=row.due_at.replace(year=2019))
