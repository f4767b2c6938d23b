"""Figures are read with their qualifiers, and a missing one is never zero."""

from decimal import Decimal
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from engine import forms
from tests.engine.answering import problems_of
from tests.engine.form_world import DECISION, FIGURES, RECORDS, context, field, form


def figures_of(answers: Any, **facts: Any) -> tuple[forms.FigureValue, ...]:
    return form(FIGURES).clean(answers, context=context(**facts)).figures


@pytest.mark.parametrize(
    ("typed", "figure"),
    [
        ("58", ("env_people", 58, "exact")),
        ("trên 5.000", ("env_people", 5000, "over")),
        ({"value": "19.000", "qualifier": "nearly"}, ("env_people", 19000, "nearly")),
        ({"value": "gần 19.000", "qualifier": "exact"}, ("env_people", 19000, "nearly")),
        ({"value": 0}, ("env_people", 0, "exact")),
    ],
)
def test_a_figure_is_read_with_its_qualifier(typed, figure):
    assert [
        (each.indicator, each.value, each.qualifier) for each in figures_of({"figures": {"env_people": typed}})
    ] == [figure]


def test_figures_are_exact_decimals_in_the_order_of_the_indicators():
    answers = {"figures": {"ntm_money": "109 triệu", "env_waste": "198,6", "env_people": "1.250"}}
    assert [each.value for each in figures_of(answers)] == [1250, Decimal("198.6"), 109_000_000]


@pytest.mark.parametrize(
    ("code", "typed", "said"),
    [
        ("env_waste", "198.6", "198,6 hay 1.986?"),
        ("env_waste", "1,25", "tối đa 1 chữ số"),
        ("env_people", "1,086", "có phải là 1.086?"),
        ("env_people", "58,5", "không có số lẻ"),
        ("env_people", "-1", "không được âm"),
        ("env_people", {"value": "trên 50", "qualifier": "about"}, "viết «trên» nhưng lại chọn «khoảng»"),
        ("env_waste", "trên 5", "từ kèm theo"),
        ("env_people", {"value": "5", "qualifier": "hệt"}, "từ kèm theo"),
        ("ntm_money", "2,5", "không có số lẻ"),
        ("ntm_money", "1.5 tỷ", "1,5 tỷ hay 15 tỷ?"),
    ],
)
def test_a_wrong_figure_is_refused_in_words(code, typed, said):
    assert said in problems_of(form(FIGURES), {"figures": {code: typed}})[f"figures-{code}"]


def test_a_missing_figure_is_missing_and_never_zero():
    assert figures_of({"figures": {"env_people": " "}}) == ()


def test_required_figures_are_asked_for_one_by_one():
    asked = {**FIGURES, "validate": {"required": True}}
    problems = problems_of(form(asked), {"figures": {"env_people": "0"}})
    assert set(problems) == {"figures-env_waste", "figures-ntm_money"}
    assert "ghi 0" in problems["figures-env_waste"]


def test_nothing_to_report_is_a_report_without_figures():
    photo = {**field("filepicker", validate={"required": True}), "key": "photos"}
    compiled = form({**FIGURES, "validate": {"required": True}}, field("number", validate={"required": True}), photo)
    for answers in ({"nothing": True}, MultiDict([("do", "nothing")]), MultiDict([("nothing", "1")])):
        cleaned_form = compiled.clean(answers, context=context())
        assert cleaned_form.nothing
        assert cleaned_form.figures == ()
        assert cleaned_form.values["figures"] == {}


def test_nothing_to_report_still_wants_the_choices_that_route():
    assert set(problems_of(form(DECISION, FIGURES), {"nothing": True})) == {"decision"}


def test_a_counted_number_is_not_thrown_away_by_the_button_beside():
    problems = problems_of(form(FIGURES, RECORDS), {
        "nothing": True,
        "figures": {"env_people": "58", "env_waste": "0"},
        "records": [{"figures": {"env_waste": "2"}}],
    })  # fmt: skip
    assert set(problems) == {"figures-env_people", "records-0-figures-env_waste"}


def test_nothing_to_report_cannot_be_said_where_no_figures_are_asked_for():
    assert set(problems_of(form(field("number", validate={"required": True})), {"nothing": True})) == {"answer"}
    assert not form({**FIGURES, "properties": {"nothing": False}}).allows_nothing
