"""Designs on their way into use: the gate, the second person, the effect on running work, the day, the way back."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from engine import jobs, settings
from engine.designs import publishing
from engine.migration import many
from models.definitions import Definition
from models.instances import Instance
from models.permissions import SYSTEM
from tests.play import Story
from tests.webapp.browser import soup, text_of
from tests.webapp.designing import FIVE, THREE, Editor, active, begin, design, shortened, submitted
from tests.webapp.doors import app, signed_in, story

pytestmark = pytest.mark.once

__all__ = ["app", "story"]


def test_a_design_comes_into_use_through_a_second_person(app: Flask, story: Story) -> None:
    at, before = submitted(app, story), active(story, "lead")
    own, other = signed_in(app, "thietke"), signed_in(app, "quantri")
    assert "/approval" not in str(own.read(f"{at}/publication"))
    assert own.post(f"{at}/approval").status_code == 403
    assert (design(story, at).state, active(story, "lead").id) == ("review", before.id)
    page = other.read(f"{at}/publication")
    assert "Thời hạn của bước Lập kế hoạch thực hiện: 5 → 3 ngày làm việc" in text_of(page)
    assert other.submit(page, "/approval").status_code == 303
    after = active(story, "lead")
    assert (after.version, after.note) == (before.version + 1, "Rút ngắn lập kế hoạch")
    assert (design(story, at).state, design(story, at).published_hash) == ("published", after.hash)
    (approved,) = story.facts("design:approved")
    (published,) = story.facts("design:published")
    assert approved.person_id == story.world.person("quantri")
    assert published.facts["version"] == after.version


def test_where_nobody_else_is_asked_for_who_submits_may_approve(app: Flask, story: Story) -> None:
    administrator = signed_in(app, "quantri")
    page = administrator.read("/designs")
    assert administrator.submit(page, "/designs/settings", coverage="101").status_code == 422
    assert signed_in(app, "thietke").post("/designs/settings", coverage="0").status_code == 403
    assert administrator.post("/designs/settings", coverage="0").status_code == 303
    at = submitted(app, story)
    own = signed_in(app, "thietke")
    assert own.submit(own.read(f"{at}/publication"), "/approval").status_code == 303
    assert design(story, at).state == "published"


def test_a_design_with_a_mistake_is_not_submitted_and_the_page_says_why(app: Flask, story: Story) -> None:
    at = shortened(app, story)
    editor = Editor(app, "thietke")
    broken = editor.text(at, "lead.bpmn").replace('lt:workingDays="3"', 'lt:workingDays="drei"')
    assert editor.save(at, "lead.bpmn", broken, 2).status_code == 200
    page = editor.browser.read(f"{at}/publication")
    answer = editor.browser.submit(page, "/submission", note="Sửa")
    assert answer.status_code == 422
    assert "Chưa đủ điều kiện ban hành" in text_of(soup(answer))
    assert "drei" in text_of(soup(answer))
    assert design(story, at).state == "draft"
    assert story.facts("design:submitted") == []


def test_a_role_that_nobody_holds_closes_the_gate(app: Flask, story: Story) -> None:
    editor = Editor(app, "thietke")
    at = begin(editor.browser, name="Việc không ai làm")
    name = f"{design(story, at).process_id}.bpmn"
    text = editor.text(at, name).replace('id="first_task"', 'id="first_task" lt:role="recogniser"', 1)
    assert editor.save(at, name, text, 1).status_code == 200
    page = editor.browser.read(f"{at}/publication")
    assert "«Việc đầu tiên»: không ai giữ vai trò Cấp công nhận" in text_of(page)
    assert editor.browser.submit(page, "/submission", note="Thử").status_code == 422


def test_a_scenario_that_fails_closes_the_gate(app: Flask, story: Story) -> None:
    editor = Editor(app, "thietke")
    at = begin(editor.browser, name="Một việc")
    process = design(story, at).process_id
    text = f'{{"name": "Không xong", "process": "{process}", "steps": [], "expect": {{"outcome": "finished"}}}}'
    assert editor.save(at, "scenarios/wrong.json", text, 1).status_code == 200
    page = editor.browser.read(f"{at}/publication")
    assert editor.browser.submit(page, "/submission", note="Thử").status_code == 422
    assert design(story, at).state == "draft"


def test_too_little_coverage_needs_a_reason_that_is_kept(app: Flask, story: Story) -> None:
    own, other = signed_in(app, "thietke"), signed_in(app, "quantri")
    at = begin(own, name="Chưa có kịch bản")
    assert own.submit(own.read(f"{at}/publication"), "/submission", note="Quy trình mới").status_code == 303
    page = other.read(f"{at}/publication")
    answer = other.submit(page, "/approval")
    assert answer.status_code == 422
    assert "Kịch bản chỉ đi qua 0 % sơ đồ (cần 100 %)" in text_of(soup(answer))
    assert design(story, at).state == "review"
    assert other.submit(page, "/approval", note="Chỉ có một việc").status_code == 303
    (approved,) = story.facts("design:approved")
    assert (approved.facts["note"], approved.facts["coverage"]) == ("Chỉ có một việc", 0)


def test_a_submitted_design_is_not_changed_until_it_is_returned(app: Flask, story: Story) -> None:
    at = submitted(app, story)
    editor = Editor(app, "thietke")
    text = editor.text(at, "lead.bpmn")
    assert editor.save(at, "lead.bpmn", text.replace(THREE, FIVE), 2).status_code == 409
    other = signed_in(app, "quantri")
    page = other.read(f"{at}/publication")
    assert other.submit(page, "/return").status_code == 422
    assert other.submit(page, "/return", reason="Năm ngày vẫn cần").status_code == 303
    assert editor.save(at, "lead.bpmn", text.replace(THREE, FIVE), 2).status_code == 200
    assert "Năm ngày vẫn cần" in text_of(editor.browser.read("/notifications"))


def test_a_day_to_come_is_waited_for_and_the_sweep_publishes(app: Flask, story: Story) -> None:
    at, before = submitted(app, story), active(story, "lead")
    other = signed_in(app, "quantri")
    page = other.read(f"{at}/publication")
    assert other.submit(page, "/approval", effective="11/10/2018").status_code == 422
    assert other.submit(page, "/approval", effective="20/10/2018").status_code == 303
    assert design(story, at).state == "scheduled"
    jobs.drain(story.database, story.clock)
    assert active(story, "lead").id == before.id
    story.clock.at += timedelta(days=9)
    jobs.drain(story.database, story.clock)
    after = active(story, "lead")
    assert (after.version, after.deployed_by) == (before.version + 1, story.world.person("quantri"))
    assert design(story, at).state == "published"
    jobs.drain(story.database, story.clock)
    assert len(story.facts("design:published")) == 1


def test_what_was_approved_for_a_day_to_come_can_still_be_returned(app: Flask, story: Story) -> None:
    at, before = submitted(app, story), active(story, "lead")
    other = signed_in(app, "quantri")
    other.submit(other.read(f"{at}/publication"), "/approval", effective="20/10/2018")
    assert other.submit(other.read(f"{at}/publication"), "/return", reason="Chưa cần").status_code == 303
    story.clock.at += timedelta(days=9)
    jobs.drain(story.database, story.clock)
    assert (design(story, at).state, active(story, "lead").id) == ("draft", before.id)


def test_running_work_is_tried_before_and_migrates_only_where_it_was_chosen(
    app: Flask, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[Any] = []
    monkeypatch.setattr("engine.jobs.enqueue", lambda session, name, key, payload: queued.append(payload))
    order = story.until("draft_plan")
    at, before = submitted(app, story), active(story, "lead")
    other = signed_in(app, "quantri")
    page = other.read(f"{at}/publication")
    assert "1 trên 1 quy trình chuyển được" in text_of(page)
    (box,) = page.select("input[name=migrating]")
    assert other.submit(page, "/approval", migrating=box["value"]).status_code == 303
    (lead,) = [one for one in story.rows(Instance, order_id=order) if one.process_id == "lead"]
    assert lead.definition_id == before.id
    with story.doing() as session:
        many.run(session, queued[0])
    assert story.get(Instance, lead.id).definition_id == active(story, "lead").id


def test_who_may_not_operate_cannot_migrate_by_approving(app: Flask, story: Story) -> None:
    story.until("draft_plan")
    with story.doing() as session:
        settings.put(session, publishing.SECOND_PERSON, "off", actor=SYSTEM)
    at, before = submitted(app, story), active(story, "lead")
    own = signed_in(app, "thietke")
    page = own.read(f"{at}/publication")
    assert page.select("input[name=migrating]") == []
    assert own.submit(page, "/approval", migrating=before.id).status_code == 403
    assert active(story, "lead").id == before.id


def test_an_older_version_comes_back_with_a_reason(app: Flask, story: Story) -> None:
    at, before = submitted(app, story), active(story, "lead")
    other = signed_in(app, "quantri")
    other.submit(other.read(f"{at}/publication"), "/approval")
    page = other.read(f"/definitions/{before.id}")
    assert other.submit(page, "/activation").status_code == 422
    assert other.submit(page, "/activation", reason="Bản mới sai hạn").status_code == 303
    assert active(story, "lead").id == before.id
    assert [one.version for one in story.rows(Definition, process_id="lead") if one.retired_at is None] == [1]
    (entry,) = story.facts("definition:activated")
    assert (entry.facts["before"], entry.facts["after"]) == ({"version": 2}, {"version": 1})
    assert other.post(f"/definitions/{before.id}/activation", reason="Lần nữa").status_code == 409
    assert signed_in(app, "phunu").post(f"/definitions/{before.id}/activation", reason="x").status_code == 403


def test_two_versions_are_compared_in_words(app: Flask, story: Story) -> None:
    at, before = submitted(app, story), active(story, "lead")
    other = signed_in(app, "quantri")
    other.submit(other.read(f"{at}/publication"), "/approval")
    page = other.read(f"/definitions/{active(story, 'lead').id}/comparison")
    assert "Thời hạn của bước Lập kế hoạch thực hiện: 5 → 3 ngày làm việc" in text_of(page)
    assert [frame["data-current"] for frame in page.select("[data-diagram]")] == ["draft_plan", "draft_plan"]
    back = other.read(f"/definitions/{before.id}/comparison?to={active(story, 'lead').id}")
    assert "Thời hạn của bước Lập kế hoạch thực hiện: 3 → 5 ngày làm việc" in text_of(back)
