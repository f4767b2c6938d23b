"""Stories of the organizations that coordinate: their opinion, their part, their silence."""

import json

import pytest

from engine import instances
from models.assignments import Assignment
from models.errors import Invalid
from models.timers import Timer
from tests.play import Story, event


def plan_data(story: Story, order: str) -> dict[str, object]:
    """Return what the lead's instance knows where it waits."""
    with story.doing() as session:
        return instances.data_of(session, story.instances("lead", order_id=order)[-1])


def test_one_who_declines_says_why_and_takes_no_further_part(story: Story) -> None:
    order = story.until("answer_coordination")
    with pytest.raises(Invalid):
        story.answer("chqs", "answer_coordination", order, decision="decline")
    story.answer("chqs", "answer_coordination", order, decision="decline", reason="Trùng đợt huấn luyện")
    assert story.steps(order) == {"answer_coordination"}
    story.play(order, frm="answer_coordination", but=("chqs",))
    assert story.progress(order)["Ban CHQS thành phố Cẩm Phả"] == "tu_choi"
    assert story.progress(order)["order"] == "hoan_thanh"
    assert story.facts("task:completed", order_id=order)[-1].facts["decision"] == "dat"


def test_the_plan_goes_on_at_the_cut_off_and_names_who_was_silent(story: Story) -> None:
    """Silence is quá hạn, never consent."""
    order = story.until("answer_coordination")
    story.answer("thanhnien", "answer_coordination", order, decision="agree", own_part="Cùng làm")
    (cut_off,) = story.rows(Timer, kind="cutoff")
    assert cut_off.due_at.isoformat() == "2018-10-17T10:00:00+00:00"  # three working days on, 17:00
    story.to_day("2018-10-17", "16:59")
    assert story.steps(order) == {"answer_coordination"}
    story.to_day("2018-10-17", "17:00")
    assert story.steps(order) == {"answer_coordination", "submit_plan"}
    known = plan_data(story, order)
    silent = story.share(order, "military").id
    assert (known["missing"], known["collected"], known["expected"]) == ([silent], 1, 2)


def test_who_answers_after_the_cut_off_still_takes_part(story: Story) -> None:
    order = story.until("answer_coordination")
    story.answer("thanhnien", "answer_coordination", order, decision="agree", own_part="Cùng làm")
    story.to_day("2018-10-18")
    story.play(order, frm="submit_plan", to="accept_locality")
    story.answer("chqs", "answer_coordination", order, decision="agree", own_part="Xe chở rác")
    assert len(story.tasks("report_part", order=order, state="open")) == 2


def test_a_part_is_returned_alone_and_reported_again(story: Story) -> None:
    """X-RETURN: only who is named reports again."""
    order = story.until("consolidate_result")
    story.answer(
        "phunu", "consolidate_result", order,
        decision="return_localities", returned_coordinators=[story.world.youth], reason="Thiếu ngày tổ chức",
    )  # fmt: skip
    assert story.steps(order) == {"report_part"}
    assert story.task("report_part").organization_id == story.world.youth
    story.answer("thanhnien", "report_part", order, summary="Đã bổ sung", records=[event("06/10/2018")])
    assert story.steps(order) == {"consolidate_result"}
    story.play(order, frm="consolidate_result")
    assert story.share(order, "youth").returns == 1
    assert story.share(order, "military").returns == 0


def test_a_return_that_names_nobody_is_refused(story: Story) -> None:
    order = story.until("consolidate_result")
    with pytest.raises(Invalid) as refused:
        story.answer("phunu", "consolidate_result", order, decision="return_localities", reason="Thiếu")
    assert refused.value.reason == "whom_to_return"
    assert story.steps(order) == {"consolidate_result"}


def test_a_lead_without_coordinators_waits_for_nobody(story: Story) -> None:
    order = story.until("draft_plan", assign_lead={"coordinators": []})
    story.answer("phunu", "draft_plan", order, content="Kế hoạch", milestones="Hằng tuần")
    assert story.steps(order) == {"submit_plan"}
    assert json.loads(json.dumps(plan_data(story, order)))["missing"] == []
    assert story.rows(Assignment, order_id=order, part="coordinating") == []


def test_a_silent_coordinator_is_named_in_the_result_too(story: Story) -> None:
    order = story.until("report_part")
    story.answer("thanhnien", "report_part", order, summary="Đã làm", records=[event()])
    story.to_day("2018-12-13")
    assert story.steps(order) == {"consolidate_result", "report_part"}
    assert plan_data(story, order)["missing"] == [story.share(order, "military").id]
