"""A plan is proposed, tried over all that runs, and carried out one by one."""

import pytest

from engine import definitions, migration, runner
from engine.audit import Fact
from engine.migration import many
from models.definitions import Definition
from models.errors import Invalid, WrongState
from models.instances import Instance
from tests.engine.diagrams import (
    bundle,
    chain,
    end,
    process,
    start,
    user,
)
from tests.engine.migrated import RENAMED, row_of, sound
from tests.engine.migrating import deploy, migrate, survey, versions
from tests.engine.operating import REASON, THREE, begin
from tests.play import Story
from tests.play import bundle as shipped


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
