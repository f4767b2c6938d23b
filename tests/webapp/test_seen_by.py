"""A step that its organization alone sees: no other party of the order comes to its task, answers, files or entries."""

import pytest
from flask import Flask

from engine import definitions
from engine.replay.readers import readers_of
from models.audit import AuditEntry
from models.tasks import Attachment, Submission, Task
from tests.play import Story, bundle
from tests.webapp.browser import text_of
from tests.webapp.doors import app, signed_in, story
from tests.webapp.task_pages import photo
from tests.webapp.test_receivers import DRAWN
from webapp.audit import queries

pytestmark = pytest.mark.once

__all__ = ["app", "story"]

OURS, PARTY, INSPECTOR = "phunu.2", "truong.khoi", "thanhtra"
SECRET = "Chỉ nội bộ Hội bàn"


@pytest.fixture
def waiting(story: Story) -> Task:
    """The lead's plan that is still to be made, of a version that shows it to the lead alone."""
    order = story.until("assign_lead")
    deploy(story, 'lt:seenBy="organization"')
    story.play(order, frm="assign_lead", to="draft_plan")
    return story.task("draft_plan")


@pytest.fixture
def plan(app: Flask, story: Story, waiting: Task) -> Task:
    """The same with a file, sent."""
    task, order = waiting, waiting.order_id
    browser = signed_in(app, "phunu")
    browser.post(f"/tasks/{task.id}/claim")
    assert browser.post(f"/tasks/{task.id}/files", file=(photo(), "noi-bo.jpg")).status_code == 303
    story.do("phunu", "draft_plan", {"content": SECRET, "milestones": "Hằng tuần"}, order=order)
    return story.get(Task, task.id)


def deploy(story: Story, attributes: str) -> None:
    """Put a version of the lead's process into use in which the plan has these attributes."""
    files = bundle("lead")
    drawn = files["lead.bpmn"].decode()
    assert DRAWN in drawn
    with story.doing() as session:
        changed = {**files, "lead.bpmn": drawn.replace(DRAWN, f"{DRAWN} {attributes}").encode()}
        definitions.deploy(session, changed, actor=story.actor("quantri"))


def addresses(story: Story, task: Task) -> list[str]:
    """Return the addresses at which the task itself, its file and its entries are read."""
    (file,) = story.rows(Attachment, task_id=task.id)
    return [f"/tasks/{task.id}", f"/files/{file.id}", f"/audit?subject={task.id}"]


def subjects(story: Story, login: str, task: Task) -> set[str | None]:
    """Return what the entries are about that somebody reads in the log of a task's order."""
    with story.doing() as session:
        entries = queries.readable_by(session, story.actor(login), task.order_id)
        return {entry.subject_id for entry in session.scalars(entries)}


def test_its_organization_and_the_inspector_read_it_and_another_party_finds_nothing(
    app: Flask, story: Story, plan: Task
) -> None:
    for login, status in ((OURS, 200), (INSPECTOR, 200), (PARTY, 404)):
        for one in addresses(story, plan):
            with signed_in(app, login).get(one) as answer:
                assert answer.status_code == status, (login, one)


def test_the_order_shows_a_party_neither_its_file_nor_its_entries(app: Flask, story: Story, plan: Task) -> None:
    (sent,) = story.rows(Submission, task_id=plan.id)
    assert sent.answers["content"] == SECRET
    browser = signed_in(app, PARTY)
    assert "noi-bo.jpg" not in text_of(browser.read(f"/orders/{plan.order_id}"))
    assert plan.id not in subjects(story, PARTY, plan)
    assert plan.id in subjects(story, OURS, plan)
    for one in addresses(story, plan):
        assert SECRET not in browser.get(one).text


def test_the_log_names_its_organization_alone_as_who_could_read_its_entries(story: Story, plan: Task) -> None:
    with story.doing() as session:
        (entry,) = session.scalars(AuditEntry.of(plan.id).where(AuditEntry.fact == "task:completed"))
        assert readers_of(session, entry).parts == {story.world.women: "task"}


def test_who_gave_the_work_does_not_find_it_among_what_was_given(app: Flask, story: Story, waiting: Task) -> None:
    assert waiting.assigner_id == story.actor(PARTY).organization_id
    assert waiting.id not in str(signed_in(app, PARTY).read("/tasks?view=given"))
    assert waiting.id in str(signed_in(app, OURS).read("/tasks?view=todo"))


def test_what_was_sent_in_it_is_not_in_the_papers_of_anothers_task(app: Flask, story: Story, plan: Task) -> None:
    story.play(plan.order_id or "", frm="answer_coordination", to="approve_plan")
    mine = story.task("approve_plan")
    assert SECRET not in text_of(signed_in(app, PARTY).read(f"/tasks/{mine.id}"))


def test_it_says_that_only_the_organization_sees_it(app: Flask, story: Story, plan: Task) -> None:
    said = text_of(signed_in(app, OURS).read(f"/tasks/{plan.id}"))
    assert "Chỉ tổ chức này xem được việc cùng biểu mẫu, câu trả lời và tệp của bước." in said


def test_without_the_attribute_the_parties_read_all_of_it(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    story.do("phunu", "draft_plan", {"content": SECRET, "milestones": "Hằng tuần"}, order=order)
    (task,) = story.tasks("draft_plan")
    browser = signed_in(app, PARTY)
    assert SECRET in text_of(browser.read(f"/tasks/{task.id}"))
    assert task.id in subjects(story, PARTY, task)
