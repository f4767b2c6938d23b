"""An instance goes on under another version, wholly or not at all."""

import pytest

from engine import runner, tasks, waiting
from engine.audit import Fact
from models.errors import Conflict, Invalid, NotAllowed, WrongState
from models.instances import Instance
from models.tasks import Draft, Task
from tests.engine.diagrams import (
    bundle,
    chain,
    end,
    flows,
    fork,
    process,
    start,
    user,
)
from tests.engine.migrated import RENAMED, pending, row_of, sound, timed
from tests.engine.migrating import deploy, migrate, versions
from tests.engine.operating import THREE, begin, state, the, with_role
from tests.play import Story


def claim(story: Story, element: str) -> None:
    with story.doing() as session:
        tasks.claim(session, session.get_one(Task, story.task(element).id), actor=story.actor("thietke"))


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

    def broken(*_: object, **__: object) -> None:
        raise KeyError("planted")

    monkeypatch.setattr(waiting, "begin", broken)
    with pytest.raises(KeyError):
        migrate(story, found)
    assert (row_of(story, found), pending(story)) == (before, rows)
    assert story.facts(Fact.INSTANCE_MIGRATED) == []
