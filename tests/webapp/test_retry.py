"""A request the database undid for somebody else's sake is done anew, and nobody notices."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError

from models.calendar import Setting
from tests.webapp.browser import Browser
from webapp.transaction import transaction


def undone(times: int, error: Exception) -> tuple[list[int], object]:
    """Make a view that writes, and fails as the database does in a clash the first times."""
    tried: list[int] = []

    def view() -> str:
        tried.append(1)
        with transaction(once=False) as session:
            session.add(Setting(name="tried", value=str(len(tried))))
            session.flush()
            if len(tried) <= times:
                raise error
        return "done"

    return tried, view


def clash() -> IntegrityError:
    return IntegrityError("INSERT", {}, Exception("UNIQUE constraint failed: settings.name"))


def test_a_clash_is_tried_again_and_only_the_last_try_stays(app: Flask, anonymous: Browser) -> None:
    tried, view = undone(2, clash())
    app.view_functions["auth.open_session"] = view
    answer = anonymous.sign_in("phunu")
    assert (answer.status_code, answer.text, len(tried)) == (200, "done", 3)
    with app.extensions["lienthong"].database.read() as session:
        assert session.scalar(select(Setting.value).where(Setting.name == "tried")) == "3"


def test_who_always_comes_second_is_told_so(app: Flask, anonymous: Browser) -> None:
    tried, view = undone(99, clash())
    app.view_functions["auth.open_session"] = view
    assert anonymous.sign_in("phunu").status_code == 409
    assert len(tried) == 5


def test_any_other_failure_is_not_tried_again(app: Flask, anonymous: Browser) -> None:
    tried, view = undone(1, OperationalError("INSERT", {}, Exception("disk I/O error")))
    app.view_functions["auth.open_session"] = view
    assert anonymous.sign_in("phunu").status_code >= 500
    assert len(tried) == 1
