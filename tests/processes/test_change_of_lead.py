"""Stories of a change of lead: work is handed over, the others go on under the new lead (X-RELEAD)."""

import pytest
from sqlalchemy import select

from engine import assignments, tasks
from models.assignments import Assignment
from models.errors import Invalid, NotAllowed, WrongState
from models.orders import Order
from models.organizations import Organization
from models.tasks import Task
from tests.play import QUARTERS, REFUSAL, Story, report


def replace(
    story: Story, order: str, to: str = "farmers", who: str = "truong.khoi", reason: str = "Điều chỉnh"
) -> None:
    """Let somebody give the lead to another organization, and let everything travel."""
    with story.doing() as session:
        assignments.replace_lead(
            session, session.get_one(Order, order), actor=story.actor(who), reason=reason,
            organization=session.get_one(Organization, getattr(story.world, to)),
        )  # fmt: skip
    story.settle()


def test_before_the_plan_the_new_lead_draws_it(story: Story) -> None:
    order = story.until("draft_plan")
    replace(story, order)
    old, new = story.rows(Assignment, order_id=order, part="lead")
    assert (old.progress, old.replaced_by_id, old.note) == ("huy", new.id, "Điều chỉnh")
    assert new.due_at == old.due_at
    assert story.task("draft_plan", order=order, state="handed_over").organization_id == story.world.women
    assert story.instances("lead", order_id=order)[0].state == "handed_over"
    assert story.steps(order) == {"accept_lead"}
    story.answer("nongdan", "accept_lead", order, decision="accept")
    assert story.steps(order) == {"draft_plan"}
    (entry,) = story.facts("assignment:lead_replaced", order_id=order)
    assert entry.facts["before"] == {"lead": story.world.women}
    assert entry.facts["after"] == {"lead": story.world.farmers}
    assert {n.organization_id for n in story.notices("assignment:lead_replaced")} == {
        story.world.women,
        story.world.farmers,
    }


def test_after_roll_out_the_localities_go_on_and_answer_to_the_new_lead(story: Story) -> None:
    order = story.until("carry_out")
    replace(story, order)
    new = story.share(order, "farmers")
    children = [story.share(order, name) for name in ("ward_front", "commune_front", "youth", "military")]
    assert {child.parent_id for child in children} == {new.id}
    story.answer("nongdan", "accept_lead", order, decision="accept")
    assert "draft_plan" not in story.steps(order)  # an approved plan is not drawn again
    assert len([step for step, _ in story.open_steps(order) if step == "carry_out"]) == 5
    story.answer("nongdan", "roll_out", order)
    assert len(story.instances("locality", order_id=order)) == 7
    assert len(story.instances("coordination", order_id=order)) == 2
    story.play(order, frm="carry_out", to="consolidate_result")
    story.answer("nongdan", "consolidate_result", order, decision="send", report="Báo cáo của đơn vị mới")
    story.play(order, frm="appraise_result")
    progress = story.progress(order)
    assert progress.pop("Hội LHPN thành phố Cẩm Phả") == "huy"
    assert set(progress.values()) == {"hoan_thanh"}


def test_reports_that_came_to_the_old_lead_count_for_the_new_one(story: Story) -> None:
    order = story.until("report_part")  # both communes have reported
    replace(story, order)
    story.answer("nongdan", "accept_lead", order, decision="accept")
    story.answer("nongdan", "roll_out", order)
    story.play(order, frm="report_part", to="consolidate_result")
    assert story.task("consolidate_result", order=order).organization_id == story.world.farmers


def test_a_report_under_way_at_the_change_reaches_the_new_lead(story: Story) -> None:
    """P6: a message sent to a share that was replaced follows it."""
    order = story.until("consolidate_locality")
    for who in ("mttq.phuong", "mttq.xa"):
        with story.doing() as session:
            query = select(Task).where(Task.element == "consolidate_locality", Task.state == "open")
            task = session.scalars(query.where(Task.organization_id == story.actor(who).organization_id)).one()
            answers = {"decision": "ok", **report(env_people="50")}
            tasks.complete(session, task, actor=story.actor(who), answers=answers)
    assert [one.state for one in story.messages("locality.reported")][-2:] == ["pending", "pending"]
    replace(story, order)
    new = story.share(order, "farmers")
    assert [one.assignment_id for one in story.messages("locality.reported")][-2:] == [new.id, new.id]
    assert "dead" not in {one.state for one in story.messages("locality.reported")}
    story.answer("nongdan", "accept_lead", order, decision="accept")
    story.answer("nongdan", "roll_out", order)
    story.play(order, frm="report_part", to="consolidate_result")
    assert story.steps(order) == {"consolidate_result"}


def test_a_lead_that_took_over_may_refuse_and_the_bloc_learns_and_chooses_again(story: Story) -> None:
    """X-REFUSE after X-RELEAD: the order is never without anybody who can give it a lead."""
    order = story.until("carry_out")
    replace(story, order)
    story.answer("nongdan", "accept_lead", order, **REFUSAL)
    assert len(story.notices("assignment:refused", organization_id=story.world.bloc)) == 1
    replace(story, order, to="veterans")
    story.answer("ccb", "accept_lead", order, decision="accept")
    assert "draft_plan" not in story.steps(order)
    assert story.share(order, "ward_front").parent_id == story.share(order, "veterans").id
    assert story.messages("lead.refused")[0].state == "delivered"


def test_a_lead_changes_before_it_answered_and_the_bloc_still_waits(story: Story) -> None:
    order = story.until("accept_lead")
    replace(story, order)
    story.answer("nongdan", "accept_lead", order, **REFUSAL)
    assert story.steps(order) == {"assign_lead"}
    with pytest.raises(WrongState):
        replace(story, order)


def test_only_the_head_of_the_bloc_changes_the_lead_to_another_one_with_a_reason(story: Story) -> None:
    order = story.until("draft_plan")
    with pytest.raises(NotAllowed):
        replace(story, order, who="phunu")
    with pytest.raises(Invalid):
        replace(story, order, to="women")
    with pytest.raises(Invalid):
        replace(story, order, reason="")
    assert story.steps(order) == {"draft_plan"}
    assert story.facts("assignment:lead_replaced") == []


def test_there_is_no_lead_to_change_before_one_was_assigned_or_after_the_end(story: Story) -> None:
    early = story.until("assign_lead")
    with pytest.raises(WrongState):
        replace(story, early)
    story.play(early, frm="assign_lead")
    with pytest.raises(WrongState):
        replace(story, early)


def test_quarters_know_nothing_of_the_change(story: Story) -> None:
    order = story.until("carry_out")
    replace(story, order)
    for who in QUARTERS:
        story.answer(who, "carry_out", order, **report())
    assert [step for step, _ in story.open_steps(order)].count("consolidate_locality") == 2
