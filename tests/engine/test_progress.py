"""Progress of shares and orders, as the elements of their diagrams say when they are entered."""

from engine import assignments
from models.assignments import Assignment, Progress
from models.orders import Order
from tests.play import Story


def of(story: Story, order: str, name: str) -> str:
    return str(story.share(order, name).progress)


def test_a_share_goes_from_not_accepted_to_done(story: Story) -> None:
    order = story.until("accept_locality")
    seen = [of(story, order, "ward_front")]
    for step in ("assign_locality", "consolidate_locality", "report_part"):
        story.play(order, frm=story_step[step], to=step)
        seen.append(of(story, order, "ward_front"))
    story.play(order, frm="report_part")
    seen.append(of(story, order, "ward_front"))
    assert seen == ["chua_tiep_nhan", "dang_thuc_hien", "dang_thuc_hien", "cho_xac_nhan", "hoan_thanh"]


story_step = {
    "assign_locality": "accept_locality",
    "consolidate_locality": "assign_locality",
    "report_part": "consolidate_locality",
}


def test_a_quarter_that_works_itself_begins_as_not_started(story: Story) -> None:
    order = story.until("carry_out")
    assert of(story, order, "quarter1_body") == "chua_thuc_hien"


def test_lateness_is_measured_by_the_report_not_by_its_confirmation(story: Story) -> None:
    """domain §8: a slow superior makes nobody late."""
    order = story.until("appraise_result")
    handed_in = story.clock.at
    story.to_day("2018-12-13")
    story.play(order, frm="appraise_result")
    lead = story.share(order, "women")
    assert lead.submitted_at == handed_in
    assert lead.closed_at == story.clock.at


def test_every_change_stands_in_the_log_with_before_and_after(story: Story) -> None:
    order = story.until("draft_plan")
    lead = story.share(order, "women").id
    (entry,) = story.facts("progress:changed", subject_id=lead)
    assert entry.facts == {"before": {"progress": "chua_tiep_nhan"}, "after": {"progress": "dang_thuc_hien"}}


def test_a_question_aside_does_not_change_how_far_a_share_is(story: Story) -> None:
    order = story.until("carry_out")
    quarter = story.share(order, "quarter1_body")
    with story.doing() as session:
        row = session.get_one(Assignment, quarter.id)
        actor, until = story.actor("truong.khu"), quarter.due_at.replace(day=10)
        assignments.request_extension(session, row, actor=actor, new_due_at=until, reason="Mưa")
    story.answer("mttq.phuong", "decide_extension", order, decision="grant")
    assert of(story, order, "quarter1_body") == "chua_thuc_hien"


def test_the_order_follows_its_own_process(story: Story) -> None:
    order = story.until("accept_order")
    assert story.get(Order, order).progress == Progress.NOT_ACCEPTED
    story.play(order, frm="accept_order", to="nghiem_thu")
    assert story.get(Order, order).progress == Progress.TO_CONFIRM
    story.answer("lanhdao.ubnd", "nghiem_thu", order, decision="khong_dat_lam_lai", reason="Làm lại")
    assert story.get(Order, order).progress == Progress.REDO
    assert of(story, order, "bloc") == of(story, order, "women") == Progress.REDO
