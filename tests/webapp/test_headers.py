"""What every answer carries, and which requests are refused before anything is read."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from engine.clock import ManualClock
from models.database import Database
from tests.webapp.browser import Browser
from webapp import create_app
from webapp.config import Settings

pytestmark = pytest.mark.once

Browse = Callable[[str], Browser]


def test_every_page_has_a_strict_policy_and_is_not_kept(browse: Browse) -> None:
    browser = browse("phunu")
    for path in ("/sign-in", "/tasks", "/account", "/post", "/orders", "/nowhere"):
        headers = browser.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy, path
        assert "unsafe" not in policy, path
        assert headers["Cache-Control"] == "no-store", path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "same-origin", path
        assert re.fullmatch(r"[0-9A-F]{4}-[0-9A-F]{4}", headers["X-Request-Id"]), path


def test_built_files_may_be_kept_for_ever(anonymous: Browser) -> None:
    sheet = re.search(r'href="(/assets/app[^"]+\.css)"', anonymous.get("/sign-in").text)
    assert sheet is not None
    answer = anonymous.get(sheet[1])
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers


def test_the_cookie_is_bound_to_the_host_and_hsts_is_on_outside_the_own_machine(
    settings: Settings, database: Database, clock: ManualClock
) -> None:
    public = Settings(home=settings.home, secret_key=settings.secret_key, secure=True, testing=True)
    answer = (
        create_app(public, database=database, clock=clock).test_client().get("/sign-in", base_url="https://localhost")
    )
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-lienthong=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_on_the_own_machine_plain_http_works(anonymous: Browser) -> None:
    answer = anonymous.get("/sign-in")
    assert "Secure" not in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" not in answer.headers


def test_a_form_without_its_token_is_refused(browse: Browse) -> None:
    browser = browse("phunu")
    answer = browser.client.post("/sign-out", data={})
    assert answer.status_code == 403
    assert "Trang đã mở quá lâu" in answer.text
    assert browser.get("/tasks").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=["another origin", "no origin to speak of", "said by the browser"],
)
def test_a_change_that_comes_from_another_site_is_refused(browse: Browse, headers: dict[str, str]) -> None:
    browser = browse("phunu")
    answer = browser.client.post("/sign-out", data={"csrf_token": browser.token("/account")}, headers=headers)
    assert answer.status_code == 403
    assert browser.get("/tasks").status_code == 200


def test_what_is_not_there_says_so_without_a_trace(browse: Browse) -> None:
    answer = browse("truong.khu").get("/nowhere")
    assert answer.status_code == 404
    assert "Không mở được trang này" in answer.text
    assert "Trưởng khu, Khu 1" in answer.text
    assert answer.headers["X-Request-Id"] in answer.text


def test_a_bug_shows_a_code_and_never_a_traceback(app: Flask, browse: Browse, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> str:
        raise RuntimeError("secret detail")

    browser = browse("phunu")
    app.view_functions["tasks.index"] = broken
    app.config["TESTING"] = False
    answer = browser.get("/tasks")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text and "Traceback" not in answer.text
    assert answer.headers["X-Request-Id"] in answer.text
    assert any("secret detail" in (record.exc_text or "") for record in caplog.records)


def test_programs_get_refusals_as_problem_json(anonymous: Browser) -> None:
    answer = anonymous.get("/tasks", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert answer.json["status"] == 401 and answer.json["reason"] == "session_over"


def test_a_body_beyond_the_limit_is_refused(settings: Settings, database: Database, clock: ManualClock) -> None:
    small = Settings(home=settings.home, secret_key=settings.secret_key, secure=False, upload_limit=2000, testing=True)
    browser = Browser(create_app(small, database=database, clock=clock))
    answer = browser.client.post("/sign-in", data={"csrf_token": browser.token(), "login": "x" * 5000})
    assert answer.status_code == 413
    assert "Tệp quá lớn" in answer.text


def test_a_weak_signing_key_is_refused() -> None:
    with pytest.raises(ValueError, match="setting_too_short"):
        Settings.from_environment({"LIENTHONG_SECRET_KEY": "short"})
