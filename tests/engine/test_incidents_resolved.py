"""An operator gets a stuck process going again, with a reason, and the log says from what to what."""

import pytest

from engine import incidents, operations
from engine.audit import Fact
from models.errors import Invalid, WrongState
from models.instances import Incident
from models.tasks import Submission
from tests.engine.diagrams import (
    bundle,
    chain,
    end,
    process,
    script,
    service,
    start,
    user,
)  # fmt: skip
from tests.engine.operating import ASKS, NOBODY, SCRIPTED, act, begin, data, on, place, state, stuck, the, with_role
from tests.play import Story


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
