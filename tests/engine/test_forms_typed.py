"""What a page sends is read as what a program sends, and a draft keeps what was typed."""

import json

from werkzeug.datastructures import MultiDict

from tests.engine.form_world import DECISION, FIGURES, REASON, RECORDS, context, field, form

HTML = MultiDict(
    [
        ("decision", "refuse"), ("decision", "accept"), ("reason", "Chồng chéo"), ("figures-env_people", "58"),
        ("figures-env_people-q", "over"), ("figures-env_waste", "198.6"), ("figures-env_waste-as", "198,6"),
        ("records-0", "1"), ("records-0-place", "Khu 7"), ("records-0-figures-env_waste", "0,5"),
        ("records-1", "1"), ("records-1-place", ""), ("csrf_token", "x"), ("unknown-5-x", "y"),
    ]
)  # fmt: skip


def test_an_html_form_and_json_say_the_same():
    compiled = form(DECISION, REASON, FIGURES, RECORDS)
    by_json = {
        "decision": "refuse",
        "reason": "Chồng chéo",
        "figures": {"env_people": {"value": "58", "qualifier": "over"}, "env_waste": "198,6"},
        "records": [{"place": "Khu 7", "figures": {"env_waste": 0.5}}],
    }
    assert compiled.clean(HTML, context=context()) == compiled.clean(by_json, context=context())


def test_choosing_a_reading_replaces_what_was_unclear():
    compiled = form(field("datetime"))
    answers = MultiDict([("answer", "5/2"), ("answer-as", "5/2/2018")])
    assert compiled.clean(answers, context=context()).values == {"answer": "2018-02-05"}


def test_a_draft_keeps_what_was_typed_and_gives_it_back():
    compiled = form(DECISION, REASON, FIGURES, RECORDS)
    draft = compiled.raw(HTML)
    assert json.loads(json.dumps(draft)) == draft
    assert "unknown-5-x" not in draft
    assert compiled.clean(draft, context=context()) == compiled.clean(HTML, context=context())


def test_rows_are_added_and_removed_by_buttons():
    compiled = form(RECORDS)
    typed = [("records-0-place", "Khu 7"), ("records-1-place", "Khu 8")]
    assert compiled.edit_rows(MultiDict(typed)) is None
    added = compiled.edit_rows(MultiDict([*typed, ("add-records", "1")]))
    assert added == {"records": [{"place": "Khu 7"}, {"place": "Khu 8"}, {}]}
    removed = compiled.edit_rows(MultiDict([*typed, ("remove-records-0", "1")]))
    assert removed == {"records": [{"place": "Khu 8"}]}
    assert compiled.edit_rows({**added, "remove-records-7": "1"}) == added


def test_a_huge_row_number_makes_no_huge_list():
    raw = form(RECORDS).raw(MultiDict([("records-999-place", "x"), ("records-99999999-place", "x")]))
    assert len(raw["records"]) <= 200
