"""Versions for single areas, by the doors: published for a ward, seen, widened by a second person, taken back."""

import io
from typing import Any

import pytest
from flask import Flask

from engine.migration import many
from models.definitions import Definition
from models.designs import Design
from models.instances import Instance
from tests.play import Story, bundle
from tests.webapp.browser import Browser, soup, text_of
from tests.webapp.designing import Editor, active, ask_for_coverage, design, opened
from tests.webapp.doors import Program, app, signed_in, story

pytestmark = pytest.mark.once

__all__ = ["app", "story"]

ONE, TWO = (f'id="accept_locality" name="Tiếp nhận việc" lt:workingDays="{n}"' for n in (1, 2))


def handed_in(app: Flask, story: Story, *places: str) -> str:
    """Let a designer give communes a day more to accept, and submit it for some places; return its address."""
    ask_for_coverage(story, 0)
    editor = Editor(app, "thietke")
    at = opened(story, editor.browser, "locality")
    drawn = editor.text(at, "locality.bpmn").replace(ONE, TWO)
    assert editor.save(at, "locality.bpmn", drawn, 1).status_code == 200
    page = editor.browser.read(f"{at}/publication")
    areas = [story.world.ids[place] for place in places]
    assert editor.browser.submit(page, "/submission", note="Thêm ngày tiếp nhận", areas=areas).status_code == 303
    return at


def approved(app: Flask, at: str, **said: Any) -> Browser:
    """Let the second person approve it; return their browser."""
    other = signed_in(app, "quantri")
    assert other.submit(other.read(f"{at}/publication"), "/approval", **said).status_code == 303
    return other


def published(story: Story, at: str) -> Definition:
    (found,) = story.rows(Definition, hash=design(story, at).published_hash)
    return found


def version_in(story: Story, order: str, place: str) -> int:
    """Return the version that the share of a place works under."""
    (share,) = story.rows(Instance, order_id=order, process_id="locality", area_id=story.world.ids[place])
    return story.get(Definition, share.definition_id).version


def test_a_ward_gets_the_version_published_for_it_and_the_commune_beside_it_does_not(
    app: Flask, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[Any] = []
    monkeypatch.setattr("engine.jobs.enqueue", lambda session, name, key, payload: queued.append(payload))
    order = story.until("accept_locality")
    at, before = handed_in(app, story, "ward"), active(story, "locality")
    page = signed_in(app, "quantri").read(f"{at}/publication")
    assert "chỉ dùng ở: phường Cẩm Thịnh" in text_of(page)
    assert "Thời hạn của bước Tiếp nhận việc: 1 → 2 ngày làm việc" in text_of(page)
    assert "1 trên 1 quy trình chuyển được" in text_of(page)  # of the two that run
    approved(app, at, migrating=before.id)
    assert active(story, "locality").id == before.id
    old, new = before.version, published(story, at).version
    assert [version_in(story, order, place) for place in ("ward", "commune")] == [old, old]
    with story.doing() as session:
        for payload in queued:
            many.run(session, payload)
    assert [version_in(story, order, place) for place in ("ward", "commune")] == [new, old]
    story.play(order, frm="accept_locality", to="carry_out")
    assert [version_in(story, order, place) for place in ("quarter1", "hamlet1")] == [new, old]
    (entry,) = story.facts("design:published")
    assert entry.facts["areas"] == ["phường Cẩm Thịnh"]


def test_a_version_of_a_ward_is_seen_widened_by_somebody_else_and_taken_back_in_one_click(
    app: Flask, story: Story
) -> None:
    at, before = handed_in(app, story, "ward", "commune"), active(story, "locality")
    other = approved(app, at)
    new = published(story, at)
    where = f"/definitions/{new.id}"
    page = other.read(where)
    assert "đang dùng ở: phường Cẩm Thịnh, thành phố Cẩm Phả; xã Cộng Hòa, thành phố Cẩm Phả" in text_of(page)
    assert "đang dùng ở: mọi nơi khác" in text_of(page)
    assert "phường Cẩm Thịnh, thành phố Cẩm Phả: 2" in text_of(other.read("/definitions"))
    assert "đang dùng ở: mọi nơi khác" in text_of(other.read(f"{where}/comparison"))
    again = other.submit(page, "/retirement")
    assert (again.status_code, "phường Cẩm Thịnh" in text_of(soup(again))) == (422, True)
    assert other.submit(page, "/retirement", reason="Phường chưa sẵn sàng").status_code == 303
    (entry,) = story.facts("definition:retired")
    assert (entry.person_id, entry.facts["area_id"]) == (story.world.person("quantri"), story.world.ward)
    assert other.post(f"{where}/retirement", area=story.world.ward, reason="Lần nữa").status_code == 409
    own = signed_in(app, "thietke")
    wide: dict[str, Any] = {"reason": "Mọi nơi đều cần"}
    assert own.submit(own.read(where), "/activation", **wide).status_code == 403
    assert own.submit(own.read(where), "/activation", **wide, areas=[story.world.ward]).status_code == 303
    assert active(story, "locality").id == before.id
    assert other.submit(other.read(where), "/activation", **wide).status_code == 303
    assert active(story, "locality").id == new.id
    assert "đang dùng ở: mọi nơi" in text_of(other.read(where))
    assert signed_in(app, "phunu").post(f"{where}/retirement", area=story.world.ward, reason="x").status_code == 403


def test_an_area_that_is_not_there_is_refused_and_nothing_moves(app: Flask, story: Story) -> None:
    editor = Editor(app, "thietke")
    at = opened(story, editor.browser, "locality")
    page = editor.browser.read(f"{at}/publication")
    answer = editor.browser.submit(page, "/submission", note="Thử", areas=["nowhere"])
    assert (answer.status_code, "Không có địa bàn này" in text_of(soup(answer))) == (422, True)
    assert [one.state for one in story.rows(Design)] == ["draft"]


def test_programs_deploy_for_areas_and_read_where_versions_are_in_use(app: Flask, story: Story) -> None:
    program = Program(app, story, "quantri")
    files = {**bundle("work"), "more.form.json": b'{"type": "default", "components": []}'}
    sent = [(io.BytesIO(content), name) for name, content in files.items()]
    form: dict[str, Any] = {"files": sent, "areas": [story.world.ward, story.world.commune]}
    answer = program.post("/definitions", data=form, content_type="multipart/form-data")
    assert answer.status_code == 201, answer.text
    (made,) = answer.json["items"]
    assert (made["everywhere"], set(made["areas"])) == (False, {story.world.ward, story.world.commune})
    listed = [one for one in program.get("/definitions", limit="100").json["items"] if one["process"] == "work"]
    assert [(one["version"], one["everywhere"], len(one["areas"])) for one in listed] == [(1, True, 0), (2, False, 2)]
    wrong: dict[str, Any] = {"files": [(io.BytesIO(b"x"), "x.bpmn")], "areas": "nowhere"}
    refused = program.post("/definitions", data=wrong, content_type="multipart/form-data")
    assert (refused.status_code, list(refused.json["fields"])) == (422, ["areas"])
