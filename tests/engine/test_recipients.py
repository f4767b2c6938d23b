"""The named sets of diagrams and the shares they make: who, under whom, due when."""

from datetime import datetime
from typing import Any

import pytest

from engine import instances, recipients, runner
from engine.clock import ZONE
from models.assignments import Assignment, Progress
from models.errors import ProcessStuck
from models.instances import Instance
from models.orders import Order
from tests.play import Story


def closing(day: int, month: int = 12) -> datetime:
    return datetime(2018, month, day, 17, tzinfo=ZONE)


def test_the_shares_of_an_order_form_a_tree_from_the_bloc_to_the_quarters(story: Story) -> None:
    order = story.until("carry_out")
    tree = {share.organization_id: share for share in story.rows(Assignment, order_id=order)}
    by_id = {share.id: share for share in tree.values()}
    world = story.world

    def above(name: str) -> tuple[str, str | None]:
        share = tree[getattr(world, name)]
        return share.part, by_id[share.parent_id].organization_id if share.parent_id else None

    assert {name: above(name) for name in ("bloc", "women", "youth", "military", "ward_front", "quarter1_body")} == {
        "bloc": ("accountable", None),
        "women": ("lead", world.bloc),
        "youth": ("coordinating", world.women),
        "military": ("coordinating", world.women),
        "ward_front": ("local", world.women),
        "quarter1_body": ("local", world.ward_front),
    }
    assert len(story.facts("assignment:created", order_id=order)) == len(tree) == 11


def test_each_level_has_two_working_days_to_consolidate(story: Story) -> None:
    order = story.until("carry_out")
    dues = {name: story.share(order, name).due_at for name in ("bloc", "women", "ward_front", "quarter1_body")}
    assert dues == {"bloc": closing(14), "women": closing(12), "ward_front": closing(10), "quarter1_body": closing(6)}
    assert story.share(order, "youth").due_at == closing(10)


def test_a_day_set_by_the_form_goes_before_the_rule(story: Story) -> None:
    order = story.until("carry_out", assign_lead={"due_on": "05/12/2018"}, draft_plan={"due_on": "30/11/2018"})
    dues = [story.share(order, name).due_at for name in ("women", "ward_front", "quarter1_body")]
    assert dues == [closing(5), closing(30, 11), closing(28, 11)]


@pytest.mark.parametrize(
    ("now", "own", "due"),
    [
        (closing(1), closing(14), closing(12)),
        (closing(13), closing(14), closing(14)),  # no two days left: its own due
        (closing(15), closing(14), closing(18)),  # given after the due: two working days from now
    ],
    ids=["in time", "late", "too late"],
)
def test_the_due_of_what_is_given_on(story: Story, now: datetime, own: datetime, due: datetime) -> None:
    order = story.until("carry_out")
    share = story.share(order, "women")
    share.due_at, story.clock.at = own, now
    with story.doing() as session:
        assert recipients.due_below(session, share, session.get_one(Order, order), {}) == due


def data_of(story: Story, instance: Instance) -> dict[str, Any]:
    with story.doing() as session:
        return instances.data_of(session, session.get_one(Instance, instance.id))


def test_without_a_choice_all_localities_below_get_work_and_a_choice_is_kept_to(story: Story) -> None:
    order = story.until("accept_locality")
    assert [t.place for t in story.tasks("accept_locality", order=order)] == ["Cẩm Thịnh", "Cộng Hòa"]
    other = story.order()
    one = {"localities": [story.world.commune_front]}
    story.play(other, to="accept_locality", draft_order={"topic_code": "other"}, draft_plan=one, but=("mttq.phuong",))
    assert [t.place for t in story.tasks("accept_locality", order=other)] == ["Cộng Hòa"]
    assert data_of(story, story.instances("lead", order_id=other)[0])["localities"] == [story.world.commune_front]


def test_who_declined_is_not_asked_a_second_time(story: Story) -> None:
    order = story.until("answer_coordination")
    story.answer("thanhnien", "answer_coordination", order, decision="agree", own_part="Cùng làm")
    story.answer("chqs", "answer_coordination", order, decision="decline", reason="Bận")
    story.play(order, frm="submit_plan", to="approve_plan")
    story.answer("truong.khoi", "approve_plan", order, decision="return", reason="Thiếu")
    story.answer("phunu", "draft_plan", order, content="Bản 2", milestones="Hằng tuần")
    assert len(story.messages("coordination.requested", order_id=order)) == 2
    assert len(story.rows(Assignment, order_id=order, part="coordinating")) == 2


def test_closing_is_told_to_every_live_instance_of_the_order_and_to_no_other(story: Story) -> None:
    first = story.until("nghiem_thu")
    other = story.order()
    story.play(other, to="accept_order", draft_order={"topic_code": "other"})
    story.play(first, frm="nghiem_thu")
    told = story.messages("order.closed")
    assert {one.order_id for one in told} == {first}
    assert len(told) == 11
    assert story.steps(other) == {"accept_order"}


def test_nobody_leads_an_order_of_which_the_lead_has_done_its_share(story: Story) -> None:
    order = story.until("accept_lead")
    (bloc,) = story.rows(Instance, order_id=order, process_id="bloc")
    lead, asked = story.share(order, "women"), runner.Thrown("give_lead", "message", "lead.assigned", "lead", {})
    with story.doing() as session:
        session.get_one(Assignment, lead.id).progress = Progress.DONE
    with story.doing() as session:
        instance, said = session.get_one(Instance, bloc.id), {"lead": story.world.youth}
        with pytest.raises(ProcessStuck, match="done its share"):
            recipients.of(session, instance, asked, data=said, actor=story.actor("truong.khoi"))
    assert [one.id for one in story.rows(Assignment, order_id=order, part="lead")] == [lead.id]
