"""What is new is announced: in the inbox while it is open, and as a number of notices on every page."""

import re
from datetime import timedelta

from engine import notifications
from engine.clock import ManualClock
from models.database import Database
from models.notifications import Notification
from tests.webapp.browser import Browser, text_of
from tests.webapp.inbox import DAY, Browse, Committing, Tasks, given, statements
from tests.world import NOW, World

__all__ = ["given"]


def news(browser: Browser) -> tuple[str, dict[str, str]]:
    """Open the inbox; return what its page will ask with."""
    poll = browser.read("/tasks").select_one("[data-poll]")
    assert poll is not None
    mark = re.search(r'"If-None-Match": "(\d+)"', str(poll["hx-headers"]))
    assert mark is not None
    return str(poll["hx-get"]), {"If-None-Match": f'"{mark[1]}"', "HX-Request": "true"}


def test_nothing_new_is_said_in_one_statement(browse: Browse, given: Tasks, database: Database) -> None:
    given.add("việc", due=NOW + DAY)
    browser = browse("phunu")
    path, headers = news(browser)
    said = statements(database, lambda: browser.get(path, headers=headers))
    answer = browser.get(path, headers=headers)
    assert answer.status_code == 304 and answer.data == b""
    assert len(said) == 1, said


def test_a_new_task_is_announced(
    browse: Browse, given: Tasks, world: World, clock: ManualClock, committing: Committing
) -> None:
    browser = browse("phunu")
    path, headers = news(browser)
    clock.at += timedelta(minutes=2)
    given.add("việc mới", opened_at=clock.at)
    with committing() as session:
        notice = {"organization_id": world.women, "role": "lead", "fact": "task:opened", "at": clock.at}
        session.add(Notification(**notice, facts={}))
    answer = browser.get(path, headers=headers)
    assert answer.status_code == 200 and "1 việc mới, bấm để xem" in answer.text


def test_a_deadline_that_passes_is_news_by_time_alone(browse: Browse, given: Tasks, clock: ManualClock) -> None:
    given.add("việc", due=NOW + timedelta(minutes=30))
    browser = browse("phunu")
    path, headers = news(browser)
    clock.at += timedelta(minutes=20)
    assert browser.get(path, headers=headers).status_code == 304
    browser.get("/account")  # somebody works in another tab, so the session lives
    clock.at += timedelta(minutes=11)
    answer = browser.get(path, headers=headers)
    assert answer.status_code == 200 and "Danh sách vừa thay đổi" in answer.text


def test_who_is_not_signed_in_hears_no_news(anonymous: Browser) -> None:
    answer = anonymous.get("/tasks/news", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "Phiên làm việc đã hết" in answer.text and "<html" not in answer.text


def test_notices_not_yet_read_are_counted_on_every_page(
    browse: Browse, world: World, committing: Committing, clock: ManualClock
) -> None:
    with committing() as session:
        for _ in range(3):
            notifications.notify(session, "task:opened", person_id=world.person("phunu"), title="Lập kế hoạch")
    browser = browse("phunu")
    assert "3 thông báo chưa đọc" in text_of(browser.read("/orders"))
    browser.submit(browser.read("/notifications"), "/notifications/read")
    assert "thông báo chưa đọc" not in text_of(browser.read("/orders"))
    clock.at += timedelta(seconds=1)
    with committing() as session:
        for _ in range(100):
            notifications.notify(session, "task:opened", person_id=world.person("phunu"), title="Lập kế hoạch")
    assert "99+ thông báo chưa đọc" in text_of(browser.read("/tasks"))
