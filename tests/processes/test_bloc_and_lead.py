"""Stories between the bloc and the lead: one lead, its plan, its report."""

import pytest
from sqlalchemy.exc import IntegrityError

from engine import messages
from models.assignments import Assignment
from models.errors import Invalid
from models.tasks import Submission
from tests.play import REFUSAL, Story


def test_a_lead_refuses_with_a_reason_and_the_bloc_chooses_another(story: Story) -> None:
    """X-REFUSE: back to the assigner's decision."""
    order = story.until("accept_lead")
    story.answer("phunu", "accept_lead", order, **REFUSAL)
    assert story.steps(order) == {"assign_lead"}
    story.answer("truong.khoi", "assign_lead", order, lead=story.world.farmers, coordinators=[story.world.youth])
    assert story.task("accept_lead", order=order).organization_id == story.world.farmers
    leads = story.rows(Assignment, order_id=order, part="lead")
    assert [(lead.organization_id, lead.progress) for lead in leads] == [
        (story.world.women, "tu_choi"),
        (story.world.farmers, "chua_tiep_nhan"),
    ]


def test_a_lead_is_never_among_its_own_coordinators(story: Story) -> None:
    order = story.until("assign_lead")
    with pytest.raises(Invalid) as refused:
        story.answer("truong.khoi", "assign_lead", order, lead=story.world.women, coordinators=[story.world.women])
    assert refused.value.fields == {"coordinators": "lead_among_coordinators"}
    assert story.steps(order) == {"assign_lead"}


def test_only_a_member_of_the_bloc_may_lead_but_an_outsider_may_coordinate(story: Story) -> None:
    order = story.until("assign_lead")
    with pytest.raises(Invalid):
        story.answer("truong.khoi", "assign_lead", order, lead=story.world.military)
    story.answer("truong.khoi", "assign_lead", order, lead=story.world.women, coordinators=[story.world.military])
    assert story.steps(order) == {"accept_lead"}


def test_a_share_is_never_due_later_than_the_one_above(story: Story) -> None:
    order = story.until("assign_lead")
    with pytest.raises(Invalid) as refused:
        story.answer("truong.khoi", "assign_lead", order, lead=story.world.women, due_on="31/12/2018")
    assert refused.value.reason == "later_than_above"


def test_the_database_itself_knows_one_active_lead(story: Story) -> None:
    order = story.until("draft_plan")
    lead = story.share(order, "women")
    with pytest.raises(IntegrityError), story.doing() as session:
        session.add(
            Assignment(
                order_id=order, parent_id=lead.parent_id, organization_id=story.world.farmers, part="lead",
                area_id=lead.area_id, progress="chua_tiep_nhan", created_at=story.clock.at,
            )
        )  # fmt: skip


def test_a_plan_is_returned_with_remarks_and_comes_in_a_new_version_the_old_one_kept(story: Story) -> None:
    """X-RETURN."""
    order = story.until("approve_plan")
    story.answer("truong.khoi", "approve_plan", order, decision="return", reason="1. Thiếu mốc. 2. Thiếu chỉ tiêu.")
    assert story.steps(order) == {"draft_plan"}
    story.answer("phunu", "draft_plan", order, content="Kế hoạch, bản 2", milestones="Hằng tuần")
    # Who answered already is not asked again; nobody is missing.
    assert story.steps(order) == {"submit_plan"}
    story.answer("phunu", "submit_plan", order)
    story.answer("truong.khoi", "approve_plan", order, decision="approve")
    assert story.steps(order) == {"roll_out"}
    versions = [one.answers["content"] for one in story.rows(Submission, order_id=order, element="draft_plan")]
    assert versions == ["Kế hoạch", "Kế hoạch, bản 2"]
    assert len(story.instances("coordination", order_id=order)) == 2


def test_the_bloc_returns_a_report_to_the_lead_which_sends_it_again(story: Story) -> None:
    """X-RETURN."""
    order = story.until("appraise_result")
    story.answer("truong.khoi", "appraise_result", order, decision="return", reason="Chưa rõ đơn vị nào làm")
    assert story.steps(order) == {"consolidate_result"}
    assert story.task("consolidate_result", order=order).progress == "thuc_hien_lai"
    story.play(order, frm="consolidate_result")
    assert story.progress(order)["order"] == "hoan_thanh"
    assert story.share(order, "women").returns == 1
    assert len(story.messages("lead.reported", order_id=order)) == 2


def test_a_returned_report_has_two_working_days_even_after_its_due(story: Story) -> None:
    """X-RETURN: the rest of the time, or two working days, whichever is later."""
    order = story.until("appraise_result")
    early = story.share(order, "women").due_at
    story.answer("truong.khoi", "appraise_result", order, decision="return", reason="Bổ sung")
    assert story.share(order, "women").due_at == early
    story.play(order, frm="consolidate_result", to="appraise_result")
    story.to_day("2018-12-14", "16:00")
    story.answer("truong.khoi", "appraise_result", order, decision="return", reason="Bổ sung lần nữa")
    assert story.share(order, "women").due_at.isoformat() == "2018-12-18T10:00:00+00:00"
    returned = story.facts("assignment:returned", order_id=order)
    assert [entry.facts["times"] for entry in returned] == [1, 2]
    assert returned[1].facts["before"]["due"] == early.isoformat(timespec="microseconds")


def test_messages_come_as_they_were_sent_and_once(story: Story) -> None:
    order = story.until("submit_plan")
    delivered = story.messages("coordination.answered", order_id=order)
    assert {message.state for message in delivered} == {"delivered"}
    with story.doing() as session:
        for message in delivered:
            messages.deliver(session, message.id)
    assert story.steps(order) == {"submit_plan"}
