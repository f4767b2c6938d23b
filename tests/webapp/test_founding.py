"""A real installation begins with one command, and its administrator goes on in the browser."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.clock import Clock
from models.audit import AuditEntry
from models.calendar import CalendarDay
from models.database import open_database
from models.definitions import Definition
from models.organizations import Organization
from tests.webapp.browser import Browser, soup, text_of
from tests.webapp.telephone import Telephone
from webapp import create_app
from webapp.cli import main
from webapp.config import Settings
from webapp.founding import PROCESSES

pytestmark = pytest.mark.once


def test_an_empty_database_gets_a_place_processes_holidays_and_an_administrator_who_signs_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["init", "--home", str(tmp_path), "--place", "Quảng Ninh", "--user", "quantri"]
    assert main(arguments) == 0
    secret = re.search(r"[0-9a-f]{4}(-[0-9a-f]{4}){3}", capsys.readouterr().out)
    assert secret is not None
    assert main(arguments) == 1
    assert "already_founded" in capsys.readouterr().err
    database = open_database(f"sqlite:///{tmp_path / 'lienthong.db'}")
    try:
        with database.read() as session:
            assert set(session.scalars(select(Definition.process_id))) == set(PROCESSES)
            assert len(session.scalars(select(CalendarDay)).all()) > 100
            facts = set(session.scalars(select(AuditEntry.fact)))
            assert facts >= {"person:added", "holder:added", "definition:deployed", "calendar:changed"}
            (office,) = session.scalars(select(Organization)).all()
        settings = Settings(home=tmp_path, secret_key="f" * 32, secure=False, testing=True)
        admin = Browser(create_app(settings, database=database, clock=Clock()))
        assert admin.sign_in("quantri", secret[0]).status_code == 303
        assert "dùng một lần" in text_of(soup(admin.get("/organizations", follow_redirects=True)))
        new = "Một câu rất dễ nhớ"
        said = {"present": secret[0], "password": new, "again": new}
        assert admin.submit(admin.read("/account"), "/account/password", **said).status_code == 303
        assert admin.get("/organizations").headers["Location"] == "/account/second-factor"
        shown = admin.read("/account/second-factor")
        number = Telephone(shown).number(datetime.now(UTC))
        assert admin.submit(shown, "/account/second-factor", code=number).status_code == 303
        assert "Bộ phận vận hành" in text_of(admin.read("/organizations"))
        page = admin.read(f"/organizations/new?area={office.area_id}")
        kinds = [str(one["value"]) for one in page.select("#type option")]
        assert "mttq" in kinds and "huyen" not in [str(one["value"]) for one in page.select("#level option")]
    finally:
        database.close()
