"""Shares of an order: the one lead, and how a due is moved."""

from datetime import timedelta

import pytest

from engine import assignments, timers
from models.assignments import Assignment
from models.errors import NotFound
from models.timers import Timer
from tests.play import Story


def test_there_is_one_lead_or_none(story: Story) -> None:
    order = story.until("assign_lead")
    with story.doing() as session, pytest.raises(NotFound):
        assignments.lead_of(session, order)
    story.play(order, frm="assign_lead", to="draft_plan")
    with story.doing() as session:
        assert assignments.lead_of(session, order).organization_id == story.world.women


def test_a_moved_due_takes_along_what_is_due_with_it_and_nothing_else(story: Story) -> None:
    order = story.until("carry_out")
    quarter, neighbour = story.share(order, "quarter1_body"), story.share(order, "quarter2_body")
    later = quarter.due_at + timedelta(days=1)
    with story.doing() as session:
        assignments.move_due(session, session.get_one(Assignment, quarter.id), later)
    assert story.task("carry_out", order=order, place="Khu 1").due_at == later
    assert story.task("carry_out", order=order, place="Khu 2").due_at == neighbour.due_at
    assert story.share(order, "quarter2_body").due_at == neighbour.due_at


def test_an_earlier_due_of_one_does_not_make_others_be_waited_for_less(story: Story) -> None:
    order = story.until("carry_out")
    quarter, ward = story.share(order, "quarter1_body"), story.share(order, "ward_front")
    (before,) = story.rows(Timer, instance_id=ward.instance_id)
    with story.doing() as session:
        share = session.get_one(Assignment, quarter.id)
        assignments.move_due(session, share, quarter.due_at - timedelta(days=2))
    assert story.rows(Timer, instance_id=ward.instance_id)[0].due_at == before.due_at


def test_the_wait_for_opinions_does_not_follow_the_due_of_the_work(story: Story) -> None:
    order = story.until("answer_coordination")
    (before,) = story.rows(Timer, kind="cutoff")
    lead = story.share(order, "women")
    with story.doing() as session:
        timers.wait_longer(session, lead.instance_id, before.due_at + timedelta(days=30))
    assert story.rows(Timer, kind="cutoff")[0].due_at == before.due_at
