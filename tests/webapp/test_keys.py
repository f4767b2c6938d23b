"""Every key that acts somewhere is on the list of the account page, and a question mark leads there from anywhere."""

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.webapp.doors import app, signed_in, story

__all__ = ["app", "story"]

pytestmark = pytest.mark.once

TEMPLATES = Path("webapp/templates")
OF_LISTS = {"j", "k", "o", "x"}  # known to the script, on every row


def test_every_key_is_told_and_every_told_key_acts(app: Flask) -> None:
    acting = {key for page in TEMPLATES.rglob("*.html") for key in re.findall(r'data-key="([^"]+)"', page.read_text())}
    told = [name.get_text() for name in signed_in(app, "phunu").read("/account").select("#keys-help kbd")]
    assert sorted(acting | OF_LISTS) == sorted(
        key for said in told for key in ([said] if said[0] == "g" else said.split())
    )


def test_a_question_mark_leads_to_the_keys_from_every_page(app: Flask) -> None:
    for path in ("/tasks", "/orders", "/figures", "/account"):
        (link,) = signed_in(app, "phunu").read(path).select('[data-key="?"]')
        assert link["href"] == "/account#keys-help"
