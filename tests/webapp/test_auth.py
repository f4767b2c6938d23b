"""Signing in and out, posts, and what a session is worth."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import organizations, users
from engine.clock import ManualClock
from engine.passwords import hash_password
from models.database import Database
from models.organizations import Holder, Organization
from models.permissions import SYSTEM
from models.users import Person, WebSession
from tests.webapp import task_rows
from tests.webapp.browser import Browser, soup, text_of
from tests.world import NOW, PASSWORD, World
from webapp.account import device

pytestmark = pytest.mark.once

Browse = Callable[[str], Browser]
Committing = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def second_post(world: World, committing: Committing) -> str:
    """The women's officer is a member of the Front's committee too."""
    with committing() as session:
        person = session.get_one(Person, world.person("phunu"))
        front = session.get_one(Organization, world.front)
        post = organizations.add_post(session, front, actor=SYSTEM, name="Ủy viên", roles=("lead",))
        organizations.add_holder(session, person, post, actor=SYSTEM)
        return post.id


def test_one_signs_in_and_sees_the_inbox(anonymous: Browser) -> None:
    answer = anonymous.sign_in("phunu")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/tasks")
    assert "Hội LHPN thành phố Cẩm Phả" in anonymous.get("/tasks").text


def test_the_bare_address_leads_to_the_door_and_who_is_inside_to_the_work(anonymous: Browser) -> None:
    door = anonymous.get("/", follow_redirects=True)
    assert (door.status_code, door.request.path) == (200, "/sign-in")
    anonymous.sign_in("phunu")
    work = anonymous.get("/", follow_redirects=True)
    assert (work.status_code, work.request.path) == (200, "/tasks")


def test_who_is_not_signed_in_is_sent_to_the_door_and_comes_back(anonymous: Browser) -> None:
    sent = anonymous.get("/tasks?view=mine")
    assert (sent.status_code, sent.headers["Location"]) == (303, "/sign-in?next=/tasks?view%3Dmine")
    back = anonymous.submit(anonymous.read(sent.headers["Location"]), "/sign-in", login="phunu", password=PASSWORD)
    assert back.headers["Location"] == "/tasks?view=mine"


@pytest.mark.parametrize(
    "target",
    [
        "//elsewhere.example",
        "https://elsewhere.example",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "/a\nb",
        "tasks",
    ],
)
def test_one_is_never_led_to_another_host(anonymous: Browser, target: str) -> None:
    assert anonymous.sign_in("phunu", next=target).headers["Location"] == "/tasks"


def test_a_wrong_password_and_an_unknown_login_are_told_the_same(anonymous: Browser) -> None:
    wrong, unknown = anonymous.sign_in("phunu", "sai mật khẩu"), anonymous.sign_in("khong.co.ai", "sai mật khẩu")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    said = [soup(answer).find(id="problem") for answer in (wrong, unknown)]
    assert said[0] is not None and said[0] == said[1]
    assert 'value="phunu"' in wrong.text and "sai mật khẩu" not in wrong.text


def test_guessing_has_to_wait(anonymous: Browser) -> None:
    for _ in range(5):
        anonymous.sign_in("phunu", "sai mật khẩu")
    answer = anonymous.sign_in("phunu")
    assert answer.status_code == 429
    assert int(answer.headers.get("Retry-After", "1")) > 0
    assert "Đã thử quá nhiều lần" in answer.text


def test_the_password_is_checked_outside_the_write_transaction(
    anonymous: Browser, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(stored: str | None, password: str) -> bool:
        with database.write() as session:  # would wait for ever if a request held the write lock
            session.connection()
        return True

    monkeypatch.setattr("webapp.auth.passwords.check_password", check)
    assert anonymous.sign_in("phunu").status_code == 303


def test_a_new_session_begins_at_sign_in(anonymous: Browser) -> None:
    anonymous.get("/sign-in")
    before = anonymous.client.get_cookie("lienthong")
    anonymous.sign_in("phunu")
    after = anonymous.client.get_cookie("lienthong")
    assert before is not None and after is not None and before.value != after.value


def test_signing_out_makes_the_old_cookie_worthless(browse: Browse, app: Flask) -> None:
    browser = browse("phunu")
    stolen = browser.client.get_cookie("lienthong")
    assert stolen is not None
    assert browser.post("/sign-out").headers["Location"] == "/sign-in"
    thief = Browser(app)
    thief.client.set_cookie("lienthong", stolen.value)
    assert thief.get("/tasks").status_code == 303


def test_a_session_ends_after_half_an_hour_without_use(browse: Browse, clock: ManualClock) -> None:
    browser = browse("phunu")
    for _ in range(3):
        clock.at += timedelta(minutes=20)
        assert browser.get("/tasks").status_code == 200
    clock.at += timedelta(minutes=31)
    assert browser.get("/tasks").status_code == 303


def test_asking_for_news_does_not_keep_a_session_alive(browse: Browse, clock: ManualClock) -> None:
    browser = browse("phunu")
    for _ in range(4):
        clock.at += timedelta(minutes=10)
        browser.get("/tasks/news", headers={"HX-Request": "true"})
    assert browser.get("/tasks").status_code == 303


def test_a_person_with_one_post_goes_straight_to_work(anonymous: Browser) -> None:
    assert anonymous.sign_in("truong.khu").headers["Location"] == "/tasks"


def test_a_person_with_several_posts_chooses_and_changes_in_one_click(
    anonymous: Browser, second_post: str, database: Database
) -> None:
    assert anonymous.sign_in("phunu").headers["Location"] == "/post"
    page = anonymous.read("/post")
    assert "Quý vị đang làm việc với tư cách nào?" in text_of(page)
    assert len(page.select("button.choice")) == 2
    assert anonymous.post("/post", post=second_post).headers["Location"] == "/tasks"
    assert "Ủy viên, Ủy ban MTTQ thành phố Cẩm Phả" in anonymous.get("/tasks").text
    with database.read() as session:
        assert session.scalar(select(WebSession.post_id)) == second_post


def test_nobody_acts_as_a_post_of_somebody_else(browse: Browse, world: World) -> None:
    browser = browse("phunu")
    assert browser.post("/post", post=world.post("lanhdao.ubnd")).status_code == 403
    assert "Cán bộ phụ trách, Hội LHPN" in browser.get("/tasks").text


def test_what_waits_is_told_where_the_post_is_chosen(
    anonymous: Browser, second_post: str, world: World, committing: Committing
) -> None:
    with committing() as session:
        hung_on = task_rows.instance(session, world.women)
        for due in (NOW - timedelta(days=1), None):
            task_rows.add(session, hung_on, organization_id=world.women, role="lead", due=due)
        task_rows.add(session, hung_on, organization_id=world.front, role="lead")
        task_rows.add(session, hung_on, organization_id=world.front, role="locality_focal")
    anonymous.sign_in("phunu")
    said = [choice.select_one(".count").text for choice in anonymous.read("/post").select("button.choice")]  # type: ignore[union-attr]
    assert said == ["1 quá hạn", "1 việc"]


def test_a_person_ends_its_other_sessions_and_nobody_elses(browse: Browse, database: Database, world: World) -> None:
    laptop, phone, other = browse("phunu"), browse("phunu"), browse("nongdan")
    page = laptop.read("/account")
    assert "Thiết bị đang đăng nhập" in text_of(page)
    assert laptop.submit(page, "/end").status_code == 303
    assert phone.get("/tasks").status_code == 303
    assert laptop.get("/tasks").status_code == 200
    with database.read() as session:
        foreign = session.scalar(select(WebSession.id).where(WebSession.person_id == world.person("nongdan")))
    assert laptop.post(f"/account/sessions/{foreign}/end").status_code == 404
    assert other.get("/tasks").status_code == 200


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130 Mobile Safari/537.36",
         "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130 Safari/537.36 Edg/130", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari, iPhone"),
        ("curl/8.0", "curl/8.0"),
        (None, "Không rõ thiết bị"),
    ],
)  # fmt: skip
def test_a_device_has_a_name_people_know(app: Flask, said: str | None, name: str) -> None:
    with app.test_request_context():
        assert device(said) == name


def test_changing_the_password_ends_every_other_session(browse: Browse, anonymous: Browser) -> None:
    laptop, phone = browse("phunu"), browse("phunu")
    new = "hoa sen giữa đồng làng"
    changed = laptop.submit(laptop.read("/account"), "/password", present=PASSWORD, password=new, again=new)
    assert changed.status_code == 303
    assert laptop.get("/account").status_code == 200
    assert phone.get("/tasks").status_code == 303
    assert anonymous.sign_in("phunu").status_code == 422
    assert anonymous.sign_in("phunu", new).status_code == 303


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            {"present": "sai", "password": "hoa sen giữa đồng", "again": "hoa sen giữa đồng"},
            "Mật khẩu hiện tại chưa đúng",
        ),
        ({"present": PASSWORD, "password": "ngắn", "again": "ngắn"}, "ít nhất 12 ký tự"),
        ({"present": PASSWORD, "password": "hoa sen giữa đồng", "again": "khác hẳn"}, "không giống nhau"),
    ],
)
def test_a_bad_new_password_is_explained(browse: Browse, typed: dict[str, str], said: str) -> None:
    browser = browse("phunu")
    answer = browser.submit(browser.read("/account"), "/password", **typed)
    assert answer.status_code == 422
    assert said in answer.text and typed["password"] not in answer.text


def test_a_disabled_account_is_out_at_once(browse: Browse, committing: Committing, world: World) -> None:
    browser = browse("phunu")
    with committing() as session:
        users.disable(session, session.get_one(Person, world.person("phunu")), actor=SYSTEM, reason="chuyển công tác")
    assert browser.get("/tasks").status_code == 303


def test_the_language_is_chosen_in_one_click_and_kept(browse: Browse) -> None:
    browser = browse("phunu")
    assert 'lang="vi"' in browser.get("/tasks").text
    browser.post("/language", language="en", next="/tasks")
    page = browser.get("/tasks").text
    assert 'lang="en"' in page and "To do" in page and "Việc cần xử lý" not in page
    browser.post("/sign-out")
    assert "Sign in" in browser.get("/sign-in").text
    elsewhere = browse("phunu")
    assert 'lang="en"' in elsewhere.get("/tasks").text, "the person has the language, not the browser alone"


def test_a_person_without_a_post_is_told_what_to_do(app: Flask, committing: Committing) -> None:
    with committing() as session:
        users.add_person(session, "moi", actor=SYSTEM, name="Người mới", password_hash=hash_password(PASSWORD))
    browser = Browser(app)
    browser.sign_in("moi")
    assert browser.get("/tasks").headers["Location"].startswith("/post")
    assert "Quý vị chưa được giao chức danh nào" in browser.get("/post").text


def test_who_lost_the_post_is_asked_for_another(browse: Browse, committing: Committing, world: World) -> None:
    browser = browse("truong.khu")
    with committing() as session:
        mine = select(Holder).where(Holder.person_id == world.person("truong.khu"))
        organizations.end(session, session.scalars(mine).one(), actor=SYSTEM, reason="hết nhiệm kỳ")
    assert browser.get("/tasks").headers["Location"].startswith("/post")
