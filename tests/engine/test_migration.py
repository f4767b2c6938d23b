"""Running instances go on under another version: tasks, messages and timers follow, and what cannot go stays."""

from typing import Any

import pytest

from engine import definitions, incidents, migration, runner, suspensions, tasks, timers, verification, waiting
from engine.audit import Fact
from engine.migration import many
from models.definitions import Definition
from models.errors import Conflict, Invalid, NotAllowed, WrongState
from models.instances import Incident, Instance
from models.messages import Message, Subscription
from models.tasks import Draft, Task
from models.timers import Timer
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
    timer,
    user,
)
from tests.engine.migrating import deploy, migrate, survey, versions
from tests.engine.operating import REASON, SCRIPTED, THREE, act, begin, on, state, the, with_role
from tests.play import Story
from tests.play import bundle as shipped

RENAMED = bundle(process(start(), user("first"), user("extra"), user("three"), end(),
                         chain("start", "first", "extra", "three", "end")))  # fmt: skip


def sound(story: Story) -> None:
    """Assert that every invariant holds."""
    with verification.snapshot(story.database, story.clock) as session:
        assert list(verification.violations(session)) == []


def claim(story: Story, element: str) -> None:
    with story.doing() as session:
        tasks.claim(session, session.get_one(Task, story.task(element).id), actor=story.actor("thietke"))


def row_of(story: Story, instance: str) -> tuple[Any, ...]:
    row = story.get(Instance, instance)
    return row.definition_id, row.rest, row.version, row.state, row.passed


def test_an_open_task_is_the_same_task_under_the_new_version(story: Story) -> None:
    found = begin(story, THREE)
    task = story.task("one")
    claim(story, "one")
    with story.doing() as session:
        tasks.save_draft(session, session.get_one(Task, task.id), actor=story.actor("thietke"), answers={"size": "3"})
    before, holder = story.get(Instance, found), story.get(Task, task.id).holder_id
    deploy(story, RENAMED)
    migrate(story, found, one="first")
    kept = story.get(Task, task.id)
    assert (kept.element, kept.title, kept.form, kept.state) == ("first", "First", "first", "open")
    assert (kept.key, kept.holder_id) == (task.key, holder)
    assert story.get(Draft, (task.id, story.world.person("thietke"))).answers == {"size": "3"}
    after = story.get(Instance, found)
    assert (before.definition_id, after.definition_id) == tuple(versions(story))
    entry = the(story, Fact.INSTANCE_MIGRATED)
    assert (entry.facts["before"]["version"], entry.facts["after"]["version"]) == (1, 2)
    assert entry.facts["before"]["hash"] != entry.facts["after"]["hash"]
    assert entry.facts["mapping"] == ["one → first", "two → -"]
    sound(story)
    for step in ("first", "extra", "three"):
        story.answer("thietke", step)
    assert state(story, found) == "finished"
    sound(story)


def test_the_screen_of_somebody_who_was_typing_in_the_old_form_is_out_of_date(story: Story) -> None:
    found = begin(story, THREE)
    seen = story.task("one").version
    deploy(story, RENAMED)
    migrate(story, found, one="first")
    assert story.task("first").version > seen


def test_a_task_that_did_not_change_is_left_alone(story: Story) -> None:
    found = begin(story, THREE)
    seen = story.task("one").version
    deploy(story, bundle(process(start(), user("one"), user("more"), end(), chain("start", "one", "more", "end"))))
    migrate(story, found)
    assert story.task("one").version == seen


def test_a_task_of_another_role_is_offered_anew(story: Story) -> None:
    found = begin(story, THREE)
    claim(story, "one")
    deploy(story, bundle(process(start(), with_role("one", "designer"), end(), chain("start", "one", "end"))))
    migrate(story, found)
    task = story.task("one")
    assert (task.role, task.holder_id, task.offered_to_id) == ("designer", None, None)
    assert len(story.facts(Fact.TASK_HANDED_OVER, subject_id=task.id)) == 1
    assert len(story.notices(Fact.TASK_HANDED_OVER, task_id=task.id)) == 1
    sound(story)
    story.answer("thietke", "one")
    assert state(story, found) == "finished"


def test_where_nobody_has_the_new_role_the_instance_stays(story: Story) -> None:
    found = begin(story, THREE)
    deploy(story, bundle(process(start(), with_role("one", "bí_thư"), end(), chain("start", "one", "end"))))
    before = row_of(story, found)
    with pytest.raises(runner.Misfit) as misfit:
        migrate(story, found)
    assert (misfit.value.reason, misfit.value.facts["role"]) == ("migration_nobody", "bí_thư")
    assert row_of(story, found) == before


def test_what_has_no_target_stays_as_it_was_and_says_where(story: Story) -> None:
    found = begin(story, THREE)
    deploy(story, RENAMED)
    before = row_of(story, found)
    with pytest.raises(runner.Misfit) as misfit:
        migrate(story, found)
    assert (misfit.value.reason, misfit.value.facts) == ("migration_no_target", {"element": "one", "name": "One"})
    assert row_of(story, found) == before
    assert story.facts(Fact.INSTANCE_MIGRATED) == []


def test_a_join_that_would_wait_for_ever_is_refused(story: Story) -> None:
    def files(*ways: tuple[str, str]) -> dict[str, bytes]:
        parts = [user(id) for id in sorted({one for pair in ways for one in pair} & {"a", "b", "c"})]
        return bundle(process(start(), fork("split"), *parts, fork("meet"), user("last"), end(),
                              flows(("start", "split"), *ways, ("last", "end"))))  # fmt: skip

    found = begin(story, files(("split", "a"), ("split", "b"), ("a", "meet"), ("b", "meet"), ("meet", "last")))
    more = (("split", "a"), ("split", "b"), ("split", "c"), ("a", "meet"), ("b", "meet"), ("c", "meet"))
    deploy(story, files(*more, ("meet", "last")))
    with pytest.raises(runner.Misfit) as misfit:
        migrate(story, found)
    # The token of the third branch would have begun at a split that is long passed.
    assert (misfit.value.reason, misfit.value.facts["target"]) == ("migration_never_joins", "meet")


BORDER = chain("start", "one", "two", "end") + flows(("late", "after"), ("after", "end2"), prefix="b")


def timed(text: str, id: str = "late") -> dict[str, bytes]:
    return bundle(process(start(), user("one"), boundary(id, "one", timer(text)), user("two"), user("after"), end(),
                          end("end2"), BORDER.replace('"late"', f'"{id}"')))  # fmt: skip


def pending(story: Story) -> list[tuple[str, float]]:
    """Return (element, hours from the world's beginning) of the timers that wait."""
    rows = [one for one in story.rows(Timer) if one.fired_at is None and one.cancelled_at is None]
    return sorted((one.element, (one.due_at - story.began).total_seconds() / 3600) for one in rows)  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def since(story: Story) -> None:
    story.began = story.clock.at  # type: ignore[attr-defined]


def test_timers_follow_and_fire(story: Story) -> None:
    found = begin(story, timed("PT4H"))
    story.later(hours=1)
    deploy(story, timed("PT4H", "too_late"))
    migrate(story, found, late="too_late")
    assert pending(story) == [("too_late", 4.0)]
    deploy(story, timed("PT8H", "too_late"))
    migrate(story, found)
    # Another duration is another timer: it begins when it is there, so that none rings by the migration itself.
    assert pending(story) == [("too_late", 9.0)]
    sound(story)
    story.later(hours=9)
    assert (story.steps(), pending(story)) == ({"after"}, [])
    story.answer("thietke", "after")
    assert state(story, found) == "finished"
    sound(story)


def test_a_timer_that_was_rescheduled_keeps_its_instant(story: Story) -> None:
    found = begin(story, timed("PT4H"))
    (row,) = story.rows(Timer)
    act(story, timers.reschedule, Timer, row.id, due_at=story.clock.at.replace(year=2030))
    deploy(story, timed("PT4H", "too_late"))
    migrate(story, found, late="too_late")
    assert story.get(Timer, row.id).due_at.year == 2030


def test_a_timer_that_is_added_begins_and_one_that_is_dropped_is_cancelled(story: Story) -> None:
    plain = bundle(process(start(), user("one"), user("two"), end(), chain("start", "one", "two", "end")))
    found = begin(story, plain)
    story.later(hours=2)
    deploy(story, timed("PT4H"))
    migrate(story, found)
    assert pending(story) == [("late", 6.0)]
    assert the(story, Fact.INSTANCE_MIGRATED).facts["began"] == ["late"]
    sound(story)
    other = begin(story, timed("PT4H"))
    deploy(story, plain | {"note.form.json": b'{"components": []}'})
    migrate(story, other)
    assert pending(story) == [("late", 6.0)]
    sound(story)


def heard(name: str, id: str = "wait") -> dict[str, bytes]:
    return bundle(process(start(), catch(id, message(name)), user("then"), end(), chain("start", id, "then", "end")),
                  messages=(name,))  # fmt: skip


def say(story: Story, name: str, to: str) -> None:
    with story.doing() as session:
        session.add(Message(name=name, instance_id=to, payload={}, sent_at=story.clock.at))
    story.pass_time()


def test_messages_follow_and_are_delivered(story: Story) -> None:
    found = begin(story, heard("go"))
    deploy(story, heard("go", "listen"))
    migrate(story, found, wait="listen")
    assert [(one.element, one.name) for one in story.rows(Subscription)] == [("listen", "go")]
    sound(story)
    say(story, "go", found)
    assert story.steps() == {"then"}


def test_what_had_come_early_is_handed_over_when_the_new_version_waits_for_it(story: Story) -> None:
    found = begin(story, heard("go"))
    say(story, "come", found)
    assert story.messages("come")[0].state == "kept"
    deploy(story, heard("come"))
    migrate(story, found)
    assert (story.messages("come")[0].state, story.steps()) == ("delivered", {"then"})
    sound(story)


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


def test_only_an_operator_with_a_reason_migrates_what_it_saw(story: Story) -> None:
    found = begin(story, THREE)
    deploy(story, RENAMED)
    before = row_of(story, found)
    for error, how in ((NotAllowed, {"login": "thietke"}), (Invalid, {"reason": " "}), (Conflict, {"version": 7})):
        with pytest.raises(error):
            migrate(story, found, one="first", **how)  # type: ignore[arg-type]
    assert row_of(story, found) == before


def test_an_instance_migrates_once(story: Story) -> None:
    found = begin(story, THREE)
    deploy(story, RENAMED)
    migrate(story, found, one="first")
    with pytest.raises(WrongState) as refused:
        migrate(story, found, one="first")
    assert refused.value.reason == "migration_other_version"
    assert len(story.facts(Fact.INSTANCE_MIGRATED)) == 1


def test_what_has_ended_does_not_migrate(story: Story) -> None:
    found = begin(story, bundle(process(start(), user("one"), end(), chain("start", "one", "end"))))
    story.answer("thietke", "one")
    deploy(story, THREE)
    with pytest.raises(WrongState) as refused:
        migrate(story, found)
    assert refused.value.reason == "instance_ended"


def test_what_goes_wrong_in_the_middle_leaves_everything_as_it_was(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = begin(story, timed("PT4H"))
    deploy(story, timed("PT8H"))
    before, rows = row_of(story, found), pending(story)

    def broken(*_: object) -> None:
        raise KeyError("planted")

    monkeypatch.setattr(waiting, "begin", broken)
    with pytest.raises(KeyError):
        migrate(story, found)
    assert (row_of(story, found), pending(story)) == (before, rows)
    assert story.facts(Fact.INSTANCE_MIGRATED) == []


def test_a_dry_run_tells_who_goes_and_what_holds_up_the_others_and_changes_nothing(story: Story) -> None:
    went = [begin(story, THREE) for _ in range(3)]
    story.answer("thietke", "one")
    at_two = next(one.instance_id for one in story.tasks("two", state="open"))
    deploy(story, RENAMED)
    entries, rows = len(story.facts(Fact.INSTANCE_MIGRATED)), [row_of(story, one) for one in went]
    found = survey(story, one="first")
    assert (found.total, found.stuck, set(found.going)) == (3, 1, set(went) - {at_two})
    (obstacle,) = found.obstacles
    assert (obstacle.misfit.reason, obstacle.element, obstacle.instances) == ("migration_no_target", "two", (at_two,))
    assert (len(story.facts(Fact.INSTANCE_MIGRATED)), [row_of(story, one) for one in went]) == (entries, rows)


def test_the_proposal_takes_the_same_id_and_else_the_only_one_with_that_name() -> None:
    def files(*named: tuple[str, str]) -> runner.Bundle:
        ids = [id for id, _ in named]
        parts = [user(id).replace(f'name="{id.capitalize()}"', f'name="{name}"') for id, name in named]
        return runner.compile_bundle(bundle(process(start(), *parts, end(), chain("start", *ids, "end"))))

    old = files(("a", "Nhận"), ("b", "Duyệt"), ("c", "Gửi"), ("d", "Gửi"))
    new = files(("a", "Tiếp nhận"), ("x", "Duyệt"), ("y", "Gửi"), ("z", "Gửi"))
    tasks_only = {id: to for id, to in migration.propose(old, new, "p").items() if id in "abcd"}
    assert tasks_only == {"a": "a", "b": "x", "c": None, "d": None}


@pytest.mark.parametrize("changes", [{"nowhere": "first"}, {"one": "nowhere"}, {"one": "first", "two": "first"}])
def test_a_mapping_names_elements_that_are_there_and_each_once(story: Story, changes: dict[str, str]) -> None:
    begin(story, THREE)
    deploy(story, RENAMED)
    with pytest.raises(Invalid) as wrong:
        survey(story, **changes)
    assert wrong.value.reason == "mapping_wrong"


def test_versions_of_different_processes_do_not_follow_one_another(story: Story) -> None:
    keys = [versions(story, name)[0] for name in ("lead", "bloc")]
    with story.doing() as session:
        one, other = (session.get_one(Definition, key) for key in keys)
        with pytest.raises(WrongState) as refused:
            migration.planned(session, one, other)
    assert refused.value.reason == "migration_other_process"


def test_a_job_migrates_one_instance_once_and_leaves_what_does_not_fit(story: Story) -> None:
    found = begin(story, THREE)
    deploy(story, RENAMED)
    old, new = versions(story)
    before = row_of(story, found)
    operator = story.actor("quantri")
    payload = {"instance": found, "old": old, "new": new, "mapping": {"one": "first"}, "person": operator.person_id,
               "post": operator.post_id, "reason": REASON}  # fmt: skip
    with story.doing() as session:
        many.run(session, payload | {"mapping": {"one": None}})
    assert row_of(story, found) == before
    for _ in range(2):
        with story.doing() as session:
            many.run(session, payload)
    assert len(story.facts(Fact.INSTANCE_MIGRATED)) == 1
    assert story.get(Instance, found).definition_id == new


@pytest.mark.once
@pytest.mark.parametrize(
    ("process_id", "step"),
    [("lead", "draft_plan"), ("locality", "carry_out"), ("bloc", "assign_lead"), ("order", "sign_order")],
)
def test_the_shipped_processes_migrate_and_come_to_their_end(story: Story, process_id: str, step: str) -> None:
    order = story.until(step)
    before = survey_of_shipped(story, process_id)
    assert (before.stuck, before.total > 0) == (0, True)
    for one in before.going:
        migrate(story, one, process_id)
    sound(story)
    story.play(order, frm=step)
    assert story.progress(order)["order"] == "hoan_thanh"
    sound(story)


def survey_of_shipped(story: Story, process_id: str) -> migration.Survey:
    """Put a new version of a shipped process into use, and try it."""
    files = shipped(process_id)
    with story.doing() as session:
        later = {
            name: content + b"\n<!-- later -->" if name.endswith(".bpmn") else content
            for name, content in files.items()
        }
        definitions.deploy(session, later, actor=story.actor("quantri"))
    return survey(story, process_id)
