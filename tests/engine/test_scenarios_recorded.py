"""A scenario made from what a finished instance did goes the same way, and names nobody."""

import json

import pytest
from sqlalchemy import select

from engine import definitions, scenarios
from models.errors import WrongState
from models.instances import Instance
from models.organizations import Organization
from models.permissions import SYSTEM
from models.tasks import OWN, Task
from tests.play import Story

pytestmark = pytest.mark.once


@pytest.fixture
def accepted(story: Story) -> Story:
    """An order that went all the way through the province."""
    order = story.until("nghiem_thu")
    story.answer("lanhdao.ubnd", "nghiem_thu", order, decision="dat")
    story.settle()
    return story


def test_every_instance_of_an_order_is_recorded_as_it_went(accepted: Story) -> None:
    with accepted.doing() as session:
        ended = session.scalars(select(Instance).where(Instance.state == "finished")).all()
        assert {one.process_id for one in ended} == {"order", "bloc", "lead", "coordination", "locality"}
        bodies = set(session.scalars(select(Organization.id)))
        for instance in ended:
            files = definitions.files_of(session, instance.definition_id)
            made = scenarios.recorded(session, instance, scenarios.prepare(files), actor=SYSTEM, name="Như đã làm")
            result = scenarios.run(files, made)
            assert (result.differences, result.run.outcome) == ((), "finished"), instance.process_id
            passed = {one.element for one in result.run.trace if one.event == "completed"}
            assert passed == set(instance.passed), instance.process_id
            text = scenarios.write(made).decode()
            assert not [one for one in bodies if one in text]
            assert "Ra quân" not in text


def test_figures_and_choices_stay_and_words_do_not(accepted: Story) -> None:
    (order,) = accepted.instances("order")
    with accepted.doing() as session:
        instance = session.get_one(Instance, order.id)
        files = definitions.files_of(session, instance.definition_id)
        made = scenarios.recorded(session, instance, scenarios.prepare(files), actor=SYSTEM, name="x")
    said = json.loads(scenarios.write(made))
    drafted = next(step["answers"] for step in said["steps"] if step.get("complete") == "draft_order")
    assert (drafted["ro_viec"], drafted["topic_code"]) == ("…", "environment")
    assert drafted["targets_environment"]["green_turns"]["value"] == 100


def test_of_a_step_that_another_organization_alone_sees_no_answer_is_recorded(accepted: Story) -> None:
    (order,) = accepted.instances("order")
    with accepted.doing() as session:
        session.scalars(
            select(Task).where(Task.instance_id == order.id, Task.element == "draft_order")
        ).one().seen_by = OWN
        session.flush()
        instance = session.get_one(Instance, order.id)
        ground = scenarios.prepare(definitions.files_of(session, instance.definition_id))
        made = {
            login: scenarios.write(
                scenarios.recorded(session, instance, ground, actor=accepted.actor(login), name="x")
            ).decode()
            for login in ("vp.ubnd", "truong.khoi")
        }
    assert ["targets_environment" in made[login] for login in ("vp.ubnd", "truong.khoi")] == [True, False]


def test_what_still_runs_is_not_recorded(story: Story) -> None:
    order = story.until("accept_order")
    with story.doing() as session:
        running = session.scalars(select(Instance).where(Instance.order_id == order)).first()
        assert running is not None
        ground = scenarios.prepare(definitions.files_of(session, running.definition_id))
        with pytest.raises(WrongState):
            scenarios.recorded(session, running, ground, actor=SYSTEM, name="x")
