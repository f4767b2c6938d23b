"""What is suspended or stuck migrates as what it is."""

import pytest

from engine import incidents, runner, suspensions
from models.definitions import Definition
from models.instances import Incident
from tests.engine.diagrams import (
    boundary,
    bundle,
    catch,
    chain,
    element,
    end,
    flows,
    message,
    process,
    start,
    timer,
    user,
)
from tests.engine.migrated import RENAMED, heard, say, sound
from tests.engine.migrating import deploy, migrate, versions
from tests.engine.operating import SCRIPTED, THREE, act, begin, on, state, with_role
from tests.play import Story


def test_a_suspended_instance_stays_suspended_and_goes_on_under_the_new_version(story: Story) -> None:
    found = begin(story, heard("go"))
    say(story, "come", found)
    on(story, suspensions.suspend, found)
    deploy(story, heard("come"))
    migrate(story, found)
    assert (state(story, found), story.messages("come")[0].state) == ("suspended", "kept")
    sound(story)
    on(story, suspensions.resume, found)
    story.pass_time()
    assert (state(story, found), story.steps()) == ("running", {"then"})


def test_what_stands_still_with_its_version_is_resumed_with_it(story: Story) -> None:
    found = begin(story, THREE)
    (old,) = versions(story)
    act(story, suspensions.suspend_definition, Definition, old)
    deploy(story, RENAMED)
    migrate(story, found, one="first")
    assert state(story, found) == "suspended"
    act(story, suspensions.resume_definition, Definition, old)
    assert state(story, found) == "running"


def test_a_stuck_instance_can_be_mended_by_its_new_version(story: Story) -> None:
    found = begin(story, SCRIPTED)
    story.answer("thietke", "one")
    assert state(story, found) == "incident"
    (incident,) = story.rows(Incident)
    mended = bundle(process(start(), user("first"), user("two"), end(), chain("start", "first", "two", "end")))
    deploy(story, mended)
    migrate(story, found, one="first")
    assert state(story, found) == "incident"
    sound(story)
    act(story, incidents.retry, Incident, incident.id)
    assert (state(story, found), story.steps()) == ("running", {"two"})
    sound(story)


def test_what_is_kept_for_one_of_several_events_is_tried_at_the_one_that_took_its_place(story: Story) -> None:
    def files(event: str, then: str) -> dict[str, bytes]:
        lines = flows(("start", "wait"), ("wait", event), ("wait", "other"), (event, "then"), ("other", "end2"),
                      ("then", "end"))  # fmt: skip
        return bundle(process(start(), element("eventBasedGateway", "wait"), catch(event, message("go")),
                              catch("other", timer("P9D")), then, end(), end("end2"), lines),
                      messages=("go",))  # fmt: skip

    found = begin(story, files("heard", with_role("then", "bí_thư")))
    say(story, "go", found)
    assert state(story, found) == "incident"
    deploy(story, files("told", user("then")))
    migrate(story, found, heard="told")
    sound(story)
    act(story, incidents.retry, Incident, story.rows(Incident)[0].id)
    assert (state(story, found), story.steps()) == ("running", {"then"})
    sound(story)


def test_what_got_stuck_at_its_start_begins_anew_under_the_new_version(story: Story) -> None:
    found = begin(story, bundle(process(start(), with_role("one", "bí_thư"), end(), chain("start", "one", "end"))))
    assert state(story, found) == "incident"
    deploy(story, THREE)
    migrate(story, found)
    act(story, incidents.retry, Incident, story.rows(Incident)[0].id)
    assert (state(story, found), story.steps()) == ("running", {"one"})
    sound(story)


def test_an_incident_whose_input_would_be_lost_is_refused(story: Story) -> None:
    lines = chain("start", "one", "two", "end") + flows(("late", "three"), ("three", "end2"), prefix="b")
    found = begin(story, bundle(process(start(), user("one"), boundary("late", "one", timer("PT4H")), user("two"),
                                        with_role("three", "bí_thư"), end(), end("end2"), lines)))  # fmt: skip
    story.later(hours=5)
    assert state(story, found) == "incident"
    deploy(story, THREE)
    with pytest.raises(runner.Misfit) as misfit:
        migrate(story, found)
    assert (misfit.value.reason, misfit.value.facts["element"]) == ("migration_loses_input", "late")
