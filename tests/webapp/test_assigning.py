"""Who a step asks for beside its role is said wherever the step is shown: design, preview, regulation, task."""

import pytest
from flask import Flask

from engine import definitions, instances, uses
from tests.engine.diagrams import bundle, chain, end, process, start, user
from tests.play import Story
from tests.webapp.browser import text_of
from tests.webapp.designing import Editor, opened
from tests.webapp.doors import app, signed_in, story
from tests.webapp.test_receivers import DRAWN

pytestmark = pytest.mark.once

__all__ = ["app", "story"]

LINES = ("Cấp: cấp huyện, thị xã, thành phố", "Cùng nhận: Người đứng đầu tổ chức", "Cách giao: trực tiếp",
         "Quyền xem: chỉ tổ chức làm bước này")  # fmt: skip


def asking(app: Flask, story: Story, attributes: str) -> tuple[Editor, str]:
    """Open the lead's process and give its planning these attributes; return who edits it and where."""
    editor = Editor(app, "thietke")
    at = opened(story, editor.browser, "lead")
    drawn = editor.text(at, "lead.bpmn")
    assert DRAWN in drawn
    assert editor.save(at, "lead.bpmn", drawn.replace(DRAWN, f"{DRAWN} {attributes}"), 1).status_code == 200
    return editor, at


def test_every_page_of_a_design_says_who_a_step_asks_for(app: Flask, story: Story) -> None:
    story.until("draft_plan")
    editor, at = asking(app, story, 'lt:assign="direct" lt:level="huyen" lt:posts="head" lt:seenBy="organization"')
    read = editor.browser.read
    for path in (at, f"{at}/regulation", f"{at}/elements/draft_plan/receivers"):
        said = text_of(read(path))
        assert [line for line in LINES if line not in said] == [], path
    preview = text_of(read(f"{at}/elements/draft_plan/receivers")).split("Người sẽ nhận")[1]
    assert "Vai trò này được tìm ở cấp huyện, thị xã, thành phố." in preview
    assert "Việc giao trực tiếp cho người đứng đầu giữ vai trò này. Giao ngay cho Cán bộ phụ trách" in preview
    changed = text_of(read(f"{at}/publication"))
    assert "Cách giao của bước Lập kế hoạch thực hiện: Hàng chờ → Trực tiếp" in changed
    assert "Cấp của bước Lập kế hoạch thực hiện: cùng cấp → cấp huyện, thị xã, thành phố" in changed
    assert "Người cùng nhận bước Lập kế hoạch thực hiện: không có → Người đứng đầu tổ chức" in changed
    assert "Quyền xem của bước Lập kế hoạch thực hiện: Các bên của đặt hàng → Chỉ tổ chức làm bước này" in changed
    assert story.tasks("draft_plan")[0].holder_id is None


def test_the_pickers_offer_levels_posts_and_ways_by_name(app: Flask, story: Story) -> None:
    editor, at = asking(app, story, 'lt:assign="direct"')
    given = editor.ask("GET", f"{at}/choices").json
    assert given["levels"][0] == {"id": "above", "name": "Cấp trên trực tiếp"}
    assert {"id": "huyen", "name": "Huyện, thị xã, thành phố"} in given["levels"]
    assert {"id": "head", "name": "Người đứng đầu tổ chức"} in given["posts"]
    assert given["assigning"] == [{"id": "direct", "name": "Trực tiếp"}, {"id": "round_robin", "name": "Quay vòng"}]


def test_the_gate_names_a_level_and_a_post_that_nobody_holds(app: Flask, story: Story) -> None:
    editor, at = asking(app, story, 'lt:level="thon" lt:posts="bi_thu head"')
    said = text_of(editor.browser.read(f"{at}/publication"))
    assert "«Lập kế hoạch thực hiện»: không ai giữ vai trò Tổ chức chủ trì, cấp thôn, khu" in said
    assert "«Lập kế hoạch thực hiện»: không ai giữ vai trò bi_thu" in said
    assert "không ai giữ vai trò head" not in said


def test_a_task_says_why_it_is_with_me(app: Flask, story: Story) -> None:
    asked = user("one", lt={"role": "lead", "assign": "direct", "posts": "head", "level": "huyen"})
    with story.doing() as session:
        files = bundle(process(start(), asked, end(), chain("start", "one", "end")))
        definitions.deploy(session, files, actor=story.actor("thietke"))
        instances.start(session, uses.active(session, "p"), actor=story.actor("phunu"))
    task = story.task("one")
    said = text_of(signed_in(app, "phunu").read(f"/tasks/{task.id}"))
    assert (
        "Bước «One» của quy trình giao cho vai trò Tổ chức chủ trì. Vai trò này được tìm ở cấp huyện, thị xã, "
        "thành phố. Trong tổ chức, người giữ chức danh này cũng nhận được: Người đứng đầu tổ chức. "
        "Việc giao trực tiếp cho người đứng đầu giữ vai trò này. Quý vị đang giữ việc với tư cách" in said
    )
    assert "Hệ thống giao việc cho Cán bộ phụ trách, Hội LHPN thành phố Cẩm Phả" in said
