"""The regulation of coordination is made from the model: who answers for what, until when, drawn and told."""

import pytest
from flask import Flask
from sqlalchemy import select

from models.definitions import Definition
from tests.engine.diagrams import bundle, chain, end, process, start, user
from tests.engine.migrating import deploy
from tests.play import Story
from tests.webapp.browser import text_of
from tests.webapp.doors import app, signed_in, story

__all__ = ["app", "story"]

pytestmark = pytest.mark.once


def test_the_regulation_of_the_lead_says_who_answers_for_what(story: Story, app: Flask) -> None:
    with story.database.read() as session:
        lead = session.scalars(select(Definition).where(Definition.process_id == "lead")).one()
    page = signed_in(app, "phunu").read(f"/definitions/{lead.id}/regulation")
    said = text_of(page)
    assert "Quy chế phối hợp: Chủ trì" in said
    assert "Lập kế hoạch thực hiện" in said and "ngày làm việc" in said
    drawn = {group["data-element"] for group in page.select("svg [data-element]")}
    assert {"draft_plan", "accept_lead"} <= drawn


def test_what_is_written_into_a_diagram_stays_text(story: Story, app: Flask) -> None:
    nasty = "&lt;script&gt;alert(1)&lt;/script&gt;"
    drawn = bundle(process(start(), user("one"), end(), chain("start", "one", "end")))
    made = deploy(
        story, {name: content.replace(b'name="One"', f'name="{nasty}"'.encode()) for name, content in drawn.items()}
    )
    page = signed_in(app, "phunu").read(f"/definitions/{made}/regulation")
    assert page.find("script", string=lambda text: text and "alert" in text) is None
    assert "<script>alert(1)</script>" in text_of(page)
