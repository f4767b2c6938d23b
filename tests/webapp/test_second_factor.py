"""The second factor: set up in the browser, asked for at the door, good once, owed by who can change most."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from engine import settings
from engine.users import second_factors
from models.errors import Rejected
from models.users import SecondFactor
from tests.play import Story
from tests.webapp.browser import Browser, soup, text_of
from tests.webapp.doors import app, signed_in, story
from tests.webapp.telephone import Telephone
from tests.webapp.test_staff import send
from tests.world import PASSWORD

__all__ = ["app", "story"]

pytestmark = pytest.mark.once

PAGE = "/account/second-factor"


def enrolled(app: Flask, story: Story, login: str = "phunu") -> Telephone:
    """Set up the second factor of somebody by the page, and let half a minute pass."""
    browser = signed_in(app, login)
    page = browser.read(PAGE)
    telephone = Telephone(page)
    assert browser.submit(page, PAGE, code=telephone.number(story.clock.now())).status_code == 303
    story.clock.at += timedelta(seconds=30)
    return telephone


def kept(story: Story) -> list[SecondFactor]:
    with story.database.read() as session:
        return list(session.scalars(select(SecondFactor)))


def at_the_door(app: Flask, login: str = "phunu") -> tuple[Browser, TestResponse]:
    """Give the right password; return the browser and the page that asks for the number."""
    browser = Browser(app)
    asked = browser.sign_in(login)
    assert asked.status_code == 200 and "Mã 6 số" in text_of(soup(asked))
    return browser, asked


def type_in(browser: Browser, asked: TestResponse, code: str) -> TestResponse:
    return browser.submit(soup(asked), "/sign-in/code", code=code)


def test_the_numbers_are_those_of_rfc_6238() -> None:
    key, vectors = b"12345678901234567890", {59: "287082", 1111111109: "081804", 20000000000: "353130"}
    for at, number in vectors.items():
        instant = datetime.fromtimestamp(at, UTC)
        assert second_factors.step_of(key, number, at=instant) == at // 30
        assert second_factors.step_of(key, number, at=instant + timedelta(seconds=61)) is None
        assert second_factors.step_of(key, f"{number[:3]} {number[3:]}", at=instant + timedelta(seconds=30)) == at // 30
        assert second_factors.step_of(key, "12345٦", at=instant) is None


def test_who_has_set_it_up_is_let_in_by_password_and_number_and_each_number_opens_once(
    app: Flask, story: Story
) -> None:
    telephone = enrolled(app, story)
    outside, _ = at_the_door(app)
    assert outside.get("/tasks").headers["Location"].startswith("/sign-in")  # the password alone opens nothing
    browser, asked = at_the_door(app)
    number = telephone.number(story.clock.now())
    assert type_in(browser, asked, number).headers["Location"] == "/tasks"
    assert browser.get("/tasks").status_code == 200
    other, asked = at_the_door(app)
    assert "Mã chưa đúng hoặc đã dùng" in text_of(soup(type_in(other, asked, number)))
    story.clock.at += timedelta(seconds=30)
    assert type_in(other, asked, telephone.number(story.clock.now())).status_code == 303
    (entry,) = story.facts("second_factor:enrolled")
    assert (entry.person_id, entry.subject_id) == (story.world.person("phunu"), story.world.person("phunu"))


def test_a_number_that_does_not_fit_sets_nothing_up_and_the_drawing_stays_the_same(app: Flask, story: Story) -> None:
    browser = signed_in(app, "phunu")
    page = browser.read(PAGE)
    wrong = browser.submit(page, PAGE, code="000000")
    assert wrong.status_code == 422 and "Mã chưa đúng" in text_of(soup(wrong))
    assert Telephone(soup(wrong)).key == Telephone(page).key
    assert kept(story) == []
    others = signed_in(app, "nongdan").read(PAGE)
    number, sealed = Telephone(others).number(story.clock.now()), others.select("input[name=sealed]")[0]["value"]
    assert browser.submit(page, PAGE, code=number, sealed=sealed).headers["Location"] == PAGE
    assert kept(story) == []


def test_guessing_numbers_has_to_wait_like_guessing_passwords(app: Flask, story: Story) -> None:
    telephone = enrolled(app, story)
    browser, asked = at_the_door(app)
    said = [type_in(browser, asked, f"{guess:06d}").status_code for guess in range(6)]
    assert said == [422] * 5 + [429]
    assert type_in(browser, asked, telephone.number(story.clock.now())).status_code == 429
    assert len(story.facts("session:refused")) == 5


def test_five_minutes_after_the_password_it_is_asked_for_again(
    app: Flask, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    telephone, now = enrolled(app, story), time.time()
    browser, asked = at_the_door(app)
    monkeypatch.setattr(time, "time", lambda: now + 305)
    late = type_in(browser, asked, telephone.number(story.clock.now()))
    assert late.headers["Location"].startswith("/sign-in") and browser.get("/tasks").status_code == 303


def test_a_password_changed_meanwhile_and_a_ticket_of_ones_own_open_nothing(app: Flask, story: Story) -> None:
    telephone = enrolled(app, story)
    browser, asked = at_the_door(app)
    forged = soup(asked)
    forged.select("input[name=ticket]")[0]["value"] = "gAAAAABn"
    number = telephone.number(story.clock.now())
    assert browser.submit(forged, "/sign-in/code", code=number).headers["Location"].startswith("/sign-in")
    browser, asked = at_the_door(app)
    body = f"/organizations/{story.world.women}"
    reset = send(signed_in(app, "quantri"), f"{body}/staff", f"{body}/passwords", story.world.person("phunu"))
    assert reset.status_code == 201
    assert type_in(browser, asked, number).headers["Location"].startswith("/sign-in")
    assert browser.get("/tasks").status_code == 303


def test_the_database_alone_makes_no_numbers(app: Flask, story: Story) -> None:
    telephone = enrolled(app, story)
    (row,) = kept(story)
    assert telephone.key.hex() not in row.sealed_key and PASSWORD not in row.sealed_key
    story.clock.at += timedelta(seconds=30)
    app.secret_key = "another installation " * 3
    browser, asked = at_the_door(app)
    lost = type_in(browser, asked, telephone.number(story.clock.now()))
    assert "Không đọc được khóa xác thực hai bước" in text_of(soup(lost))


def test_where_it_is_required_who_can_change_most_sets_it_up_first(app: Flask, story: Story) -> None:
    with story.doing() as session:
        settings.put(session, second_factors.SETTING, second_factors.REQUIRED, actor=story.actor("quantri"))
    for login in ("quantri", "thietke", "lanhdao.ubnd"):
        browser = signed_in(app, login)
        assert browser.get("/tasks").headers["Location"] == PAGE
        assert browser.post("/organizations/new").headers["Location"] == PAGE
        assert "xin bật xác thực hai bước trước khi làm việc khác" in text_of(browser.read(PAGE))
    assert signed_in(app, "phunu").get("/tasks").status_code == 200
    browser = signed_in(app, "quantri")
    page = browser.read(PAGE)
    browser.submit(page, PAGE, code=Telephone(page).number(story.clock.now()))
    assert browser.get("/tasks").status_code == 200


def test_it_is_removed_by_oneself_with_a_number_and_by_an_administrator_with_a_reason(app: Flask, story: Story) -> None:
    telephone = enrolled(app, story)
    browser, asked = at_the_door(app)
    type_in(browser, asked, telephone.number(story.clock.now()))
    story.clock.at += timedelta(seconds=30)
    page = browser.read(PAGE)
    assert browser.submit(page, f"{PAGE}/remove", code="000000").status_code == 422
    assert browser.submit(page, f"{PAGE}/remove", code=telephone.number(story.clock.now())).status_code == 303
    assert Browser(app).sign_in("phunu").status_code == 303
    enrolled(app, story)
    admin, body = signed_in(app, "quantri"), f"/organizations/{story.world.women}"
    untold = send(admin, f"{body}/staff", f"{body}/second-factors")
    assert untold.status_code == 422 and len(kept(story)) == 1
    assert send(admin, f"{body}/staff", f"{body}/second-factors", reason="Mất điện thoại").status_code == 303
    assert kept(story) == []
    by_oneself, by_admin = story.facts("second_factor:removed")
    assert by_oneself.person_id == story.world.person("phunu")
    assert by_admin.person_id == story.world.person("quantri")


def test_of_two_who_type_one_number_at_the_same_moment_one_is_let_in(app: Flask, story: Story) -> None:
    telephone = enrolled(app, story)
    number, now = telephone.number(story.clock.now()), story.clock.now()
    step = second_factors.step_of(telephone.key, number, at=now, after=kept(story)[0].last_step)
    assert step is not None  # both have looked
    with story.doing() as session:
        second_factors.use(session, story.world.person("phunu"), step)
    with pytest.raises(Rejected, match="wrong_code"), story.doing() as session:
        second_factors.use(session, story.world.person("phunu"), step)
