"""One names a substitute for the days one is away; it acts in the post, with both names, and no day longer."""

from datetime import timedelta

import pytest
from flask import Flask

from models.users import Substitution
from tests.play import Story
from tests.webapp.browser import Browser, text_of
from tests.webapp.doors import app, signed_in, story

__all__ = ["app", "story"]

pytestmark = pytest.mark.once

PAGE = "/account/substitutes"


def name(browser: Browser, story: Story, by: str, first: str = "12/10/2018", last: str = "14/10/2018") -> int:
    """Fill in the form; return how it was answered."""
    said = {"by": story.world.person(by), "valid_from": first, "valid_to": last}
    return browser.submit(browser.read(PAGE), PAGE, **said).status_code


def test_a_substitute_completes_the_work_of_a_post_in_both_names_until_the_last_day_is_over(
    app: Flask, story: Story
) -> None:
    order = story.until("accept_lead")
    lead, other = signed_in(app, "phunu"), signed_in(app, "thanhnien")
    task = story.task("accept_lead", order=order).id
    assert other.get(f"/tasks/{task}").status_code == 404
    assert name(lead, story, "thanhnien") == 303
    assert "Đã ủy quyền đến hết ngày 14/10/2018." in text_of(lead.read(PAGE))
    told = text_of(other.read("/notifications"))
    assert "làm thay chức danh Cán bộ phụ trách, từ 12/10/2018 đến hết 14/10/2018" in told
    post = story.actor("phunu").post_id
    assert other.post("/post", post=post).status_code == 303
    done = other.submit(other.read(f"/tasks/{task}"), f"{task}/completion", button="send", decision="accept")
    assert done.status_code == 303
    (entry,) = story.facts("task:completed", subject_id=task)
    assert (entry.person_id, entry.post_id) == (story.world.person("thanhnien"), post)
    assert entry.behalf_of_id == story.world.person("phunu")
    story.later(days=3)
    assert signed_in(app, "thanhnien").post("/post", post=post).status_code == 403
    assert "đã hết" in text_of(signed_in(app, "phunu").read(PAGE))


def test_it_is_ended_at_once_by_who_named_it_and_by_nobody_else(app: Flask, story: Story) -> None:
    lead, other = signed_in(app, "phunu"), signed_in(app, "phunu.2")
    assert name(lead, story, "phunu.2") == 303
    (row,) = story.rows(Substitution)
    assert "đang làm thay" in text_of(other.read(PAGE))
    assert other.post(f"{PAGE}/{row.id}/end").status_code == 404
    assert lead.submit(lead.read(PAGE), f"{row.id}/end").status_code == 303
    assert story.rows(Substitution)[0].valid_to <= story.clock.now()
    assert len(story.facts("substitution:ended", subject_id=row.id)) == 1
    assert other.post("/post", post=story.actor("phunu").post_id).status_code == 403


@pytest.mark.parametrize(
    ("by", "first", "last", "says"),
    [
        ("", "12/10/2018", "14/10/2018", "Chọn người"),
        ("phunu", "12/10/2018", "14/10/2018", "Chọn người"),
        ("truong.khu", "12/10/2018", "14/10/2018", "Chọn người"),
        ("phunu.2", "12/13/2018", "14/10/2018", "Ngày không đọc được"),
        ("phunu.2", "14/10/2018", "12/10/2018", "Ngày kết thúc phải sau ngày bắt đầu"),
        ("phunu.2", "01/10/2018", "02/10/2018", "Ngày kết thúc phải sau ngày bắt đầu"),
    ],
    ids=["nobody", "oneself", "somebody far", "no day", "the end first", "days that are over"],
)
def test_what_does_not_fit_is_said_beside_its_field_and_what_was_typed_is_kept(
    app: Flask, story: Story, by: str, first: str, last: str, says: str
) -> None:
    lead = signed_in(app, "phunu")
    said = {"by": story.world.person(by) if by else "", "valid_from": first, "valid_to": last}
    answer = lead.submit(lead.read(PAGE), PAGE, **said)
    assert answer.status_code == 422
    assert says in answer.text and f'value="{last}"' in answer.text
    assert story.rows(Substitution) == []


def test_a_substitute_lends_the_post_to_nobody(app: Flask, story: Story) -> None:
    lead, other = signed_in(app, "phunu"), signed_in(app, "phunu.2")
    assert name(lead, story, "phunu.2") == 303
    story.clock.at += timedelta(minutes=1)
    offered = [str(one["value"]) for one in other.read(PAGE).select("#post option")]
    assert offered == [story.actor("phunu.2").post_id]
    said = {"by": story.world.person("thanhnien"), "valid_from": "12/10/2018", "valid_to": "13/10/2018"}
    assert other.submit(other.read(PAGE), PAGE, post=story.actor("phunu").post_id, **said).status_code == 422
