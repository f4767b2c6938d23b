"""Stories of time: reminders, urging, escalation (X-LATE), and urging by a superior."""

from datetime import timedelta

import pytest

from engine import assignments, tasks
from models.assignments import Assignment
from models.errors import NotAllowed, WrongState
from models.tasks import Task
from tests.play import Story


def test_an_open_task_is_reminded_of_then_urged_then_told_one_level_up(story: Story) -> None:
    """X-LATE: −3, 0, +1, +3 working days and then every third; the task stays open."""
    order = story.until("carry_out")
    for who in ("truong.khu2", "truong.khu3", "truong.thon", "truong.thon2"):
        story.answer(who, "carry_out", order, nothing=True)
    story.play(order, frm="consolidate_locality", to="report_part", but=("mttq.phuong",))
    story.play(order, frm="report_part", to="consolidate_result")
    quarter = story.task("carry_out", order=order)

    def spoken() -> list[str]:
        facts = [*story.facts("task:reminded"), *story.facts("task:urged"), *story.facts("task:escalated")]
        return [entry.fact for entry in sorted(facts, key=lambda e: e.seq) if entry.subject_id == quarter.id]

    story.to_day("2018-12-03", "16:59")
    assert spoken() == []
    story.to_day("2018-12-03", "17:00")  # three working days before Thursday the 6th
    assert spoken() == ["task:reminded"]
    (reminder,) = story.notices("task:reminded", task_id=quarter.id)
    assert (reminder.organization_id, reminder.role) == (story.world.quarter1_body, "quarter_head")
    story.to_day("2018-12-06", "17:00")
    assert spoken() == ["task:reminded", "task:urged"]
    story.to_day("2018-12-07", "17:00")
    assert spoken()[2:] == ["task:urged"]
    story.to_day("2018-12-11", "17:00")
    assert spoken()[3:] == ["task:escalated"]
    (told,) = story.notices("task:escalated", task_id=quarter.id)
    assert told.organization_id == story.world.ward_front
    story.to_day("2018-12-14", "17:00")
    assert spoken()[4:] == ["task:escalated"]
    assert story.get(Task, quarter.id).state == "open"


def test_who_holds_a_task_is_reminded_itself(story: Story) -> None:
    order = story.until("carry_out")
    story.act("truong.khu", lambda s, t, a: tasks.claim(s, t, actor=a), "carry_out", order)
    story.to_day("2018-12-03", "17:00")
    held = story.task("carry_out", order=order, place="Khu 1")
    (reminder,) = story.notices("task:reminded", task_id=held.id)
    assert reminder.person_id == story.world.person("truong.khu")


def test_a_finished_task_is_spoken_of_no_more(story: Story) -> None:
    order = story.until("accept_locality")
    story.play(order, frm="accept_locality")
    story.later(days=60)
    assert story.facts("task:reminded") == story.facts("task:urged") == story.facts("task:escalated") == []


def test_a_task_whose_due_was_moved_is_reminded_of_anew(story: Story) -> None:
    order = story.until("carry_out")
    story.to_day("2018-12-06", "17:00")
    quarter = story.share(order, "quarter1_body")
    with story.doing() as session:
        later = quarter.due_at + timedelta(days=7)
        assignments.move_due(session, session.get_one(Assignment, quarter.id), later)
    waiting = story.task("carry_out", order=order, place="Khu 1")
    assert (waiting.due_at, waiting.remind_step) == (later, 0)
    assert waiting.remind_at is not None
    assert waiting.remind_at > story.clock.at


def urge(story: Story, login: str, share: str) -> None:
    with story.doing() as session:
        row = session.get_one(Assignment, share)
        assignments.urge(session, row, actor=story.actor(login), note="Còn thiếu số liệu")


def test_a_superior_urges_once_a_day(story: Story) -> None:
    order = story.until("carry_out")
    ward = story.share(order, "ward_front").id
    urge(story, "phunu", ward)
    with pytest.raises(WrongState) as refused:
        urge(story, "truong.khoi", ward)
    assert refused.value.reason == "urged_today"
    story.later(days=1)
    urge(story, "truong.khoi", ward)
    assert len(story.notices("assignment:urged", organization_id=story.world.ward_front)) == 2
    assert len(story.facts("assignment:urged", order_id=order)) == 2


def test_only_who_stands_above_urges_and_only_open_work(story: Story) -> None:
    order = story.until("carry_out")
    ward, quarter = story.share(order, "ward_front").id, story.share(order, "quarter1_body").id
    for login in ("truong.khu", "thanhnien", "mttq.xa"):
        with pytest.raises(NotAllowed):
            urge(story, login, ward)
    urge(story, "vp.ubnd", quarter)
    story.play(order, frm="carry_out")
    story.later(days=1)
    with pytest.raises(WrongState):
        urge(story, "phunu", ward)
