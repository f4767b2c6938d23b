"""Stories of more time: asked for, granted, refused, too late (X-EXTEND)."""

from datetime import datetime
from typing import Any

import pytest

from engine import assignments, operations
from engine.clock import ZONE
from models.assignments import Assignment
from models.errors import Conflict, Invalid, NotAllowed, WrongState
from models.instances import Instance
from models.messages import Subscription
from models.orders import Extension, Order
from models.timers import Timer
from tests.play import Story


def closing(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 17, tzinfo=ZONE)


def ask(story: Story, login: str, share: str, new_due: datetime, reason: str = "Mưa bão kéo dài") -> Extension:
    """Let somebody ask for more time for a share."""
    with story.doing() as session:
        wanted: dict[str, Any] = {"actor": story.actor(login), "new_due_at": new_due, "reason": reason}
        return assignments.request_extension(session, session.get_one(Assignment, share), **wanted)


@pytest.fixture
def order(story: Story) -> str:
    return story.until("carry_out")


def test_a_granted_extension_moves_the_due_the_open_task_and_the_cut_off_above(story: Story, order: str) -> None:
    quarter, ward = story.share(order, "quarter1_body"), story.share(order, "ward_front")
    before = quarter.due_at
    assert before == closing(2018, 12, 6)
    ask(story, "truong.khu", quarter.id, closing(2018, 12, 10))
    asked = story.task("decide_extension", order=order)
    assert (asked.organization_id, asked.role) == (story.world.ward_front, "locality_focal")
    story.answer("mttq.phuong", "decide_extension", order, decision="grant")
    assert story.share(order, "quarter1_body").due_at == closing(2018, 12, 10)
    assert story.task("carry_out", order=order, place="Khu 1").due_at == closing(2018, 12, 10)
    assert story.task("carry_out", order=order, place="Khu 2").due_at == before
    (cut_off,) = story.rows(Timer, instance_id=ward.instance_id, kind="cutoff")
    assert cut_off.due_at == closing(2018, 12, 10)
    (decided,) = story.facts("extension:decided", order_id=order)
    assert decided.facts["before"]["due"] != decided.facts["after"]["due"]
    (kept,) = story.rows(Extension)
    assert (kept.old_due_at, kept.new_due_at, kept.decision) == (before, closing(2018, 12, 10), "grant")
    assert kept.decided_by == story.world.person("mttq.phuong")
    assert len(story.notices("extension:decided", organization_id=story.world.quarter1_body)) == 1
    story.to_day("2018-12-07")  # its neighbours are late now, and are waited for no longer than it
    assert ("consolidate_locality", "Cẩm Thịnh") not in story.open_steps(order)


def test_the_superior_may_grant_another_day_than_was_asked(story: Story, order: str) -> None:
    ask(story, "truong.khu", story.share(order, "quarter1_body").id, closing(2018, 12, 10))
    story.answer("mttq.phuong", "decide_extension", order, decision="grant", new_due="07/12/2018")
    assert story.share(order, "quarter1_body").due_at == closing(2018, 12, 7)


def test_a_granted_extension_of_a_level_gives_its_own_cut_off_the_same_time_to_consolidate(story: Story) -> None:
    order = story.until("carry_out", assign_lead={"due_on": "10/12/2018"})
    lead = story.share(order, "women")
    assert lead.due_at == closing(2018, 12, 10)
    ask(story, "phunu", lead.id, closing(2018, 12, 14))
    assert story.task("decide_extension", order=order).organization_id == story.world.bloc
    story.answer("truong.khoi", "decide_extension", order, decision="grant")
    with story.doing() as session:
        joins = session.query(Subscription.key).where(Subscription.instance_id == lead.instance_id)
        (cut_off,) = [t for t in story.rows(Timer, instance_id=lead.instance_id) if (t.key,) in joins.all()]
    assert cut_off.due_at == closing(2018, 12, 12)


def test_more_time_than_the_superior_has_itself_is_not_granted(story: Story, order: str) -> None:
    ask(story, "truong.khu", story.share(order, "quarter1_body").id, closing(2018, 12, 20))
    with pytest.raises(Invalid) as refused:
        story.answer("mttq.phuong", "decide_extension", order, decision="grant")
    assert refused.value.reason == "later_than_above"
    assert story.task("decide_extension", order=order)


def test_a_refused_extension_leaves_everything_as_it_was_and_says_why(story: Story, order: str) -> None:
    before = story.share(order, "quarter1_body").due_at
    ask(story, "truong.khu", story.share(order, "quarter1_body").id, closing(2018, 12, 10))
    with pytest.raises(Invalid):
        story.answer("mttq.phuong", "decide_extension", order, decision="refuse")
    story.answer("mttq.phuong", "decide_extension", order, decision="refuse", reason="Cả phường cùng hạn")
    assert story.share(order, "quarter1_body").due_at == before
    assert story.task("carry_out", order=order, place="Khu 1").due_at == before
    assert story.facts("extension:decided", order_id=order)[0].facts["reason"] == "Cả phường cùng hạn"
    ask(story, "truong.khu", story.share(order, "quarter1_body").id, closing(2018, 12, 7))  # and may ask again


def test_after_the_due_it_is_too_late_to_ask(story: Story, order: str) -> None:
    story.clock.at = closing(2018, 12, 6).replace(hour=18)
    with pytest.raises(WrongState) as refused:
        ask(story, "truong.khu", story.share(order, "quarter1_body").id, closing(2018, 12, 10))
    assert refused.value.reason == "extension_too_late"
    assert story.instances("extension") == []


def test_who_asks_gives_a_reason_a_later_day_and_waits_for_the_answer(story: Story, order: str) -> None:
    quarter = story.share(order, "quarter1_body").id
    with pytest.raises(Invalid):
        ask(story, "truong.khu", quarter, closing(2018, 12, 10), reason="  ")
    with pytest.raises(Invalid):
        ask(story, "truong.khu", quarter, closing(2018, 12, 6))
    with pytest.raises(NotAllowed):
        ask(story, "truong.khu2", quarter, closing(2018, 12, 10))
    ask(story, "truong.khu", quarter, closing(2018, 12, 10))
    with pytest.raises(Conflict):
        ask(story, "truong.khu", quarter, closing(2018, 12, 10))
    assert len(story.rows(Extension)) == 1


def test_a_question_nobody_answered_ends_with_the_order(story: Story) -> None:
    order = story.until("nghiem_thu")
    ask(story, "phunu", story.share(order, "women").id, closing(2018, 12, 13))
    story.play(order, frm="nghiem_thu")
    assert story.open_steps(order) == []
    assert story.instances("extension")[0].state == "cancelled"
    assert story.get(Order, order).verdict == "dat"


def test_a_request_whose_process_an_operator_ends_is_refused_and_may_be_made_anew(story: Story, order: str) -> None:
    quarter = story.share(order, "quarter1_body")
    ask(story, "truong.khu", quarter.id, closing(2018, 12, 10))
    with story.doing() as session:
        asking = session.get_one(Instance, story.task("decide_extension", order=order).instance_id)
        operations.cancel(session, asking, actor=story.actor("quantri"), reason="Mở nhầm")
    (refused,) = story.rows(Extension)
    assert (refused.decision, refused.remark) == ("refuse", "Mở nhầm")
    assert story.share(order, "quarter1_body").due_at == quarter.due_at
    ask(story, "truong.khu", quarter.id, closing(2018, 12, 11))
    assert story.task("decide_extension", order=order).is_open
