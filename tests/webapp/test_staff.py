"""An administrator keeps the register in the browser: bodies, posts, people, lines; and who is new signs in."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from models.organizations import Area, Holder, Organization, Post, Relation
from models.users import Person
from tests.play import Story
from tests.webapp.browser import ORIGIN, Browser, form_of, soup, text_of, values_of
from tests.webapp.doors import app, signed_in, story

__all__ = ["app", "story"]

pytestmark = pytest.mark.once

NEW_PASSWORD = "Một câu rất dễ nhớ"


def send(browser: Browser, page: str, action: str, among: str = "", **said: object) -> TestResponse:
    """Fill in the form with an action that holds a text, as it is written on a page, and send it."""
    shown = browser.read(page)
    forms = [form for form in shown.find_all("form") if str(form["action"]).endswith(action) and among in str(form)]
    return browser.client.post(action, data={**values_of(forms[0]), **said}, headers={"Origin": ORIGIN})


def secret_of(answer: TestResponse) -> str:
    """Return the password a page shows once."""
    found = re.search(r"\b[0-9a-f]{4}(-[0-9a-f]{4}){3}\b", text_of(soup(answer)))
    assert found is not None
    return found[0]


def test_a_new_body_of_a_new_place_gets_a_post_a_person_and_a_line_and_the_person_signs_in(
    app: Flask, story: Story
) -> None:
    admin, ward = signed_in(app, "quantri"), story.world.ward
    said = {"name": "Khu 9, phường Cẩm Thịnh", "type": "khu_pho", "place": "new",
            "area_name": "Khu 9", "area_kind": "khu", "level": "thon"}  # fmt: skip
    assert send(admin, f"/organizations/new?area={ward}", "/organizations/new", **said).status_code == 303
    (body,) = [one for one in story.rows(Organization) if one.name == said["name"]]
    (place,) = [one for one in story.rows(Area) if one.id == body.area_id]
    assert (place.parent_id, place.level_code, place.kind) == (ward, "thon", "khu")
    own = f"/organizations/{body.id}/staff"
    made = send(admin, own, f"/organizations/{body.id}/posts", name="Trưởng khu", head="on", role="quarter_head")
    assert made.status_code == 303
    (post,) = story.rows(Post, organization_id=body.id)
    assert post.is_head
    seated = send(admin, own, f"/organizations/{body.id}/holders", login="khu9", name="Trưởng khu 9")
    assert seated.status_code == 201
    front = story.world.ward_front
    assert send(admin, own, f"/organizations/{body.id}/relations", line="front", to=front).status_code == 303
    assert [one.to_id for one in story.rows(Relation, from_id=body.id)] == [front]
    new = Browser(app)
    assert new.sign_in("khu9", secret_of(seated)).status_code == 303
    assert new.get("/tasks").headers["Location"] == "/account"
    assert "hãy đổi trước khi làm việc khác" in text_of(new.read("/account"))
    changed = {"present": secret_of(seated), "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert new.submit(new.read("/account"), "/account/password", **changed).status_code == 303
    assert new.get("/tasks").status_code == 200
    assert "Trưởng khu, Khu 9, phường Cẩm Thịnh" in text_of(new.read("/tasks"))


def test_somebody_with_an_account_gets_a_second_post_and_gives_up_the_first(app: Flask, story: Story) -> None:
    admin, body = signed_in(app, "quantri"), story.world.women
    own, held = f"/organizations/{body}/staff", story.actor("phunu.2").post_id
    assert send(admin, own, f"/organizations/{body}/holders", str(held), login="thanhnien").status_code == 303
    assert story.actor("thanhnien").person_id in {one.person_id for one in story.rows(Holder, post_id=held)}
    (first,) = [one for one in story.rows(Holder, post_id=held) if one.person_id == story.world.person("phunu.2")]
    gone = send(admin, own, f"/organizations/{body}/endings", first.id, reason="Chuyển công tác")
    assert gone.status_code == 303
    left = signed_in(app, "phunu.2")
    assert "được giao chức danh nào" in text_of(soup(left.get("/tasks", follow_redirects=True)))
    (entry,) = story.facts("holder:ended", subject_id=first.id)
    assert entry.facts["reason"] == "Chuyển công tác" or entry.facts["reason"]["of"]


def test_a_password_that_is_reset_signs_out_everywhere_and_serves_once(app: Flask, story: Story) -> None:
    admin, lead, body = signed_in(app, "quantri"), signed_in(app, "phunu"), story.world.women
    own, person = f"/organizations/{body}/staff", story.world.person("phunu")
    answer = send(admin, own, f"/organizations/{body}/passwords", person)
    assert answer.status_code == 201 and secret_of(answer) not in admin.get(own).text
    assert lead.get("/tasks").headers["Location"].startswith("/sign-in")
    again = Browser(app)
    assert again.sign_in("phunu", secret_of(answer)).status_code == 303
    for path in ("/tasks", "/orders", "/notifications"):
        assert again.get(path).headers["Location"] == "/account"
    task = story.rows(Person, login="phunu")[0]
    assert task.password_temporary


def test_a_closed_account_signs_in_no_more_and_what_ended_stays_in_the_log(app: Flask, story: Story) -> None:
    admin, body = signed_in(app, "quantri"), story.world.women
    own, person = f"/organizations/{body}/staff", story.world.person("phunu.2")
    without = send(admin, own, f"/organizations/{body}/accounts", person, reason=" ")
    assert without.status_code == 422 and "Cần điền ô này" in without.text
    assert send(admin, own, f"/organizations/{body}/accounts", person, reason="Nghỉ hưu").status_code == 303
    assert "tài khoản đã khóa" in text_of(admin.read(own))
    assert Browser(app).sign_in("phunu.2").status_code == 422
    assert len(story.facts("person:disabled", subject_id=person)) == 1


@pytest.mark.parametrize(
    ("login", "name", "says"),
    [("ai.moi", "", "Cần điền ô này"), ("thanhnien", "Người khác", "hãy để trống họ tên"),
     ("phunu.2", "", "đang giữ chức danh"), ("Có dấu", "Người mới", "chữ thường")],
    ids=["new without a name", "a name for who is known", "holds it already", "no login"],
)  # fmt: skip
def test_what_does_not_fit_is_said_and_kept(app: Flask, story: Story, login: str, name: str, says: str) -> None:
    admin, body, post = signed_in(app, "quantri"), story.world.women, str(story.actor("phunu.2").post_id)
    before = len(story.rows(Holder))
    answer = send(admin, f"/organizations/{body}/staff", f"/organizations/{body}/holders", post, login=login, name=name)
    assert answer.status_code == 422
    assert says in text_of(soup(answer)) and f'value="{login}"' in answer.text
    assert len(story.rows(Holder)) == before


def test_an_administrator_takes_away_neither_its_own_post_nor_its_own_account(app: Flask, story: Story) -> None:
    admin, body, me = signed_in(app, "quantri"), story.world.ubnd, story.world.person("quantri")
    own = f"/organizations/{body}/staff"
    (mine,) = story.rows(Holder, person_id=me)
    for action, key in (("endings", mine.id), ("accounts", me)):
        answer = send(admin, own, f"/organizations/{body}/{action}", key, reason="thử")
        assert answer.status_code == 422 and "nhờ quản trị khác" in answer.text
    assert admin.get(own).status_code == 200


def test_others_see_neither_the_forms_nor_the_people(app: Flask, story: Story) -> None:
    lead, body = signed_in(app, "phunu"), story.world.women
    assert "Nhân sự" not in text_of(lead.read(f"/organizations/{body}"))
    assert lead.get(f"/organizations/{body}/staff").status_code == 403
    with story.database.read() as session:
        names = session.scalars(select(Person.login)).all()
    assert not [name for name in names if f">{name}<" in lead.get(f"/organizations/{body}").text]


def test_a_body_needs_a_name_a_kind_and_what_a_new_place_is_called(app: Flask, story: Story) -> None:
    admin, ward = signed_in(app, "quantri"), story.world.ward
    answer = send(admin, f"/organizations/new?area={ward}", "/organizations/new", name="", type="", place="new")
    assert answer.status_code == 422
    shown = soup(answer)
    assert {str(one["id"]) for one in shown.select('[aria-invalid="true"]')} == {
        "name", "type", "area_name", "area_kind",
    }  # fmt: skip
    assert form_of(shown, "/organizations/new") is not None
