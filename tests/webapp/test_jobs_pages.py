"""The work behind is seen in words, and what failed is sent again."""

import pytest
from flask import Flask

from engine import backlog, notifications
from engine.audit import Fact
from models.notifications import Mail
from models.users import Person
from tests.engine.operating import REASON, the
from tests.play import Story
from tests.webapp.browser import soup, text_of
from tests.webapp.doors import app, story
from tests.webapp.operating import follow, operator
from webapp.jobs import BACKLOG

pytestmark = pytest.mark.once

__all__ = ["app", "story"]


def test_every_queue_of_the_sweep_has_a_word(story: Story) -> None:
    with story.doing() as session:
        assert set(backlog.queues(session)) == set(BACKLOG)


def test_a_letter_nobody_took_is_shown_with_its_error_and_sent_again(app: Flask, story: Story) -> None:
    with story.doing() as session:
        session.get_one(Person, story.world.person("phunu")).email = "phunu@vi-du.example"
        notifications.notify(session, "task:opened", person_id=story.world.person("phunu"), title="Nhập kết quả")
        session.flush()
        notifications.write_mails(session)
        session.flush()
        (mail,) = session.query(Mail)
        notifications.record_failure(session, mail.id, "ConnectionRefusedError: đóng cửa")
        mail.tries = 19
    browser = operator(app)
    page = browser.read("/jobs")
    assert all(said in text_of(page) for said in ("Nhập kết quả", "ConnectionRefusedError", "Thư chưa gửi 1"))
    action = f"/jobs/letters/{story.rows(Mail)[0].id}/retry"
    blank = browser.submit(page, action, reason=" ")
    assert (blank.status_code, "Cần điền ô này" in text_of(soup(blank))) == (422, True)
    follow(browser, browser.submit(page, action, reason=REASON))
    assert (story.rows(Mail)[0].tries, the(story, Fact.LETTER_RETRIED).facts["reason"]) == (0, REASON)
