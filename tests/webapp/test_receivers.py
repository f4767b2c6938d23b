"""Who would get a step of a design: asked on running work, by the routing that runs, before anything is published."""

import pytest
from flask import Flask

from engine.designs.receivers import grounds
from tests.play import Story
from tests.webapp.browser import text_of
from tests.webapp.designing import Editor, opened
from tests.webapp.doors import app, signed_in, story

pytestmark = pytest.mark.once

__all__ = ["app", "story"]

DRAWN = 'id="draft_plan" name="Lập kế hoạch thực hiện"'


def test_a_step_is_previewed_on_running_work_and_nothing_moves(app: Flask, story: Story) -> None:
    story.until("draft_plan")
    before = len(story.facts("task:opened")), story.steps()
    browser = signed_in(app, "thietke")
    at = opened(story, browser, "lead")
    assert f"{at}/elements/draft_plan/receivers" in str(browser.read(at))
    said = text_of(browser.read(f"{at}/elements/draft_plan/receivers"))
    assert "Bước này giao theo vai trò: Tổ chức chủ trì." in said
    assert "Người sẽ nhận Hội LHPN thành phố Cẩm Phả" in said
    assert "Cán bộ phụ trách, Hội LHPN thành phố Cẩm Phả" in said
    assert (len(story.facts("task:opened")), story.steps()) == before


def test_the_role_that_is_drawn_counts_and_nobody_is_said_before_it_is_an_incident(app: Flask, story: Story) -> None:
    story.until("draft_plan")
    editor = Editor(app, "thietke")
    at = opened(story, editor.browser, "lead")
    drawn = editor.text(at, "lead.bpmn")
    assert DRAWN in drawn
    assert editor.save(at, "lead.bpmn", drawn.replace(DRAWN, f'{DRAWN} lt:role="bloc_head"'), 1).status_code == 200
    path = f"{at}/elements/draft_plan/receivers"
    assert "Cơ quan khối thành phố Cẩm Phả · vai trò" in text_of(editor.browser.read(path)).split("Người sẽ nhận")[1]
    assert editor.save(at, "lead.bpmn", drawn.replace(DRAWN, f'{DRAWN} lt:role="nobody"'), 2).status_code == 200
    assert "Không ai giữ vai trò này ở đó" in text_of(editor.browser.read(path))


def test_running_work_that_one_may_not_see_is_no_ground_for_a_preview(app: Flask, story: Story) -> None:
    story.until("draft_plan")
    stranger = story.give_post("inspectorate", "Người thiết kế", ("designer",), login="nguoi.khac")
    with story.database.read() as session:
        assert session.scalars(grounds("lead", actor=stranger)).all() == []
        assert len(session.scalars(grounds("lead", actor=story.actor("thietke"))).all()) == 1
    browser = signed_in(app, "thietke")
    path = f"{opened(story, browser, 'lead')}/elements/draft_plan/receivers"
    (other,) = story.instances("bloc")
    assert browser.get(f"{path}?instance={other.id}").status_code == 404
    assert browser.get(path.replace("draft_plan", "has_plan")).status_code == 404
