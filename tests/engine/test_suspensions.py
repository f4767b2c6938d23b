"""What is suspended stands still, people are told why, and it goes on where it stood."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from engine import definitions, incidents, instances, suspensions
from engine.audit import Fact
from models.definitions import Definition
from models.errors import Invalid, NotAllowed, WrongState
from models.instances import Incident, Instance
from models.timers import Timer
from tests.engine.diagrams import (
    bundle,
    chain,
    end,
    process,
    signal,
    start,
    throw,
    user,
)  # fmt: skip
from tests.engine.operating import NOBODY, REASON, THREE, TIMED, act, begin, definition, on, state, stuck, the
from tests.play import Story


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
