"""Stories of disagreement between lead and coordinators (X-CONFLICT)."""

import pytest

from models.errors import Invalid
from tests.play import Story


def disagree(story: Story, order: str, who: str = "chqs") -> None:
    story.answer(
        who, "answer_coordination", order, decision="disagree", own_part="Chỉ hỗ trợ xe", reason="Kế hoạch quá sức"
    )


def test_a_coordinator_who_disagrees_opens_a_conflict_the_bloc_decides_while_the_plan_goes_on(story: Story) -> None:
    order = story.until("answer_coordination")
    disagree(story, order)
    asked = story.task("decide_conflict", order=order)
    assert (asked.organization_id, asked.role) == (story.world.bloc, "bloc_head")
    (raised,) = story.facts("conflict:raised", order_id=order)
    assert raised.facts == {"why": "disagreed", "reason": "Kế hoạch quá sức"}
    story.answer("thanhnien", "answer_coordination", order, decision="agree", own_part="Cùng làm")
    assert story.steps(order) == {"decide_conflict", "submit_plan"}
    with pytest.raises(Invalid):
        story.answer("truong.khoi", "decide_conflict", order, decision="keep_plan")
    story.answer("truong.khoi", "decide_conflict", order, decision="keep_plan", reason="Giữ phân công, thêm xe của TP")
    assert story.steps(order) == {"submit_plan"}
    (decided,) = story.facts("conflict:decided", order_id=order)
    assert decided.facts == {"decision": "keep_plan", "reason": "Giữ phân công, thêm xe của TP"}
    told = {notice.organization_id for notice in story.notices("conflict:decided")}
    assert told == {story.world.women, story.world.military}
    story.play(order, frm="submit_plan")
    assert story.progress(order)["order"] == "hoan_thanh"


def test_a_conflict_the_bloc_leaves_five_working_days_goes_to_the_issuer(story: Story) -> None:
    order = story.until("answer_coordination")
    disagree(story, order)
    story.to_day("2018-10-19", "16:59")
    assert "decide_conflict" in story.steps(order)
    story.to_day("2018-10-19", "17:00")
    assert "decide_conflict" not in story.steps(order)
    assert story.task("decide_above", order=order).organization_id == story.world.ubnd
    story.answer("lanhdao.ubnd", "decide_above", order, decision="change_plan", reason="Giảm phần quân sự")
    assert story.instances("conflict")[0].state == "finished"


def test_who_is_silent_past_the_cut_off_opens_a_conflict_once(story: Story) -> None:
    """Silence is quá hạn, never consent."""
    order = story.until("answer_coordination")
    story.answer("thanhnien", "answer_coordination", order, decision="agree", own_part="Cùng làm")
    story.to_day("2018-10-18")
    story.answer("phunu", "submit_plan", order)
    (raised,) = story.facts("conflict:raised", order_id=order)
    assert raised.subject_id == story.share(order, "military").id
    assert raised.facts["why"] == "silent"
    story.answer("truong.khoi", "approve_plan", order, decision="return", reason="Bổ sung")
    story.answer("phunu", "draft_plan", order, content="Bản 2", milestones="Hằng tuần")
    story.to_day("2018-10-25", "17:00")
    story.answer("phunu", "submit_plan", order)
    assert len(story.facts("conflict:raised", order_id=order)) == 1


def test_an_open_conflict_ends_with_its_order(story: Story) -> None:
    order = story.until("answer_coordination")
    disagree(story, order)
    story.answer("thanhnien", "answer_coordination", order, decision="agree", own_part="Cùng làm")
    story.play(order, frm="submit_plan")
    assert story.open_steps(order) == []
    assert story.instances("conflict")[0].state == "cancelled"
