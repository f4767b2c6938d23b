"""A form is shown as it was typed, with what is wrong beside the field."""

import pytest
from werkzeug.datastructures import MultiDict

from tests.engine.answering import problems_of
from tests.engine.form_world import DECISION, FIGURES, REASON, RECORDS, context, field, form


def test_typed_text_is_shown_again_exactly_after_an_error():
    compiled = form(DECISION, REASON, FIGURES, field("datetime"))
    typed = MultiDict(
        [("decision", "refuse"), ("reason", "  "), ("figures-env_waste", " 198.6"), ("answer", "2018-10-12")]
    )
    errors = problems_of(compiled, typed)
    views = compiled.fields(typed, errors, context=context())
    waste = views[2].children[1]
    assert waste.value == " 198.6"
    assert waste.error == errors["figures-env_waste"]
    assert waste.readings == ("198,6", "1.986")
    assert views[3].value == "2018-10-12"
    assert [(problem.target, problem.label) for problem in views.problems] == [
        ("f-reason", "Lý do"), ("f-figures-env_waste", "Rác thải thu gom"),
    ]  # fmt: skip


def test_stored_values_are_shown_as_they_would_be_typed():
    compiled = form(FIGURES, field("datetime"), {**field("number"), "key": "km"})
    stored = compiled.clean(
        {"figures": {"env_waste": "198,6"}, "answer": "12/10/2018", "km": "1.250,5"}, context=context()
    ).values
    views = compiled.fields(stored, context=context())
    assert [views[0].children[1].value, views[1].value, views[2].value] == ["198,6", "12/10/2018", "1.250,5"]


def test_a_figure_stands_beside_its_last_value_and_is_never_prefilled():
    figure = form(FIGURES).fields(context=context())[0].children[0]
    assert (figure.value, figure.before_label, figure.before_value, figure.unit) == ("", "Tuần 39", "52", "lượt người")
    assert figure.described_by == "f-figures-env_people-b"


def test_the_last_value_stands_beside_a_figure_in_a_row_too():
    figure = form(RECORDS).fields(context=context())[0].rows[0].fields[2].children[0]
    assert (figure.name, figure.before_value) == ("records-0-figures-env_waste", "0,8")


def test_phones_get_the_right_keys():
    views = form(
        FIGURES, field("number"), {**field("number", decimalDigits=0), "key": "whole"},
        {**field("number", validate={"min": -1}), "key": "below"}, {**field("datetime"), "key": "held"},
    ).fields(context=context())  # fmt: skip
    assert [view.inputmode for view in views[0].children] == ["numeric", "decimal", "text"]
    assert [view.inputmode for view in views[1:]] == ["decimal", "numeric", "text", "numeric"]


def test_a_hidden_field_says_when_it_is_wanted():
    views = form(DECISION, REASON).fields(context=context())
    assert not views[1].visible
    assert views[1].when == "«Quyết định» là «Từ chối»"
    assert form(DECISION, REASON).fields({"decision": "refuse"}, context=context())[1].visible


@pytest.mark.parametrize(
    ("hide", "when"),
    [
        ("=not(agree)", "«Đồng ý» được đánh dấu"),
        ("=agree", "«Đồng ý» không được đánh dấu"),
        ("=agree = true", "«Đồng ý» không được đánh dấu"),
        ("=km <= 10", "«Độ dài» trên 10"),
        ("=km < 1000", "«Độ dài» từ 1.000 trở lên"),
        ("=km = null", "«Độ dài» đã được điền"),
        ('=not(decision in ["accept", "refuse"])', "«Quyết định» là «Tiếp nhận» hoặc «Từ chối»"),
        ('=km > 5 or decision != "accept"', "«Độ dài» không quá 5 và «Quyết định» là «Tiếp nhận»"),
        ("=km < km", ""),
    ],
)
def test_conditions_are_said_in_words(hide, when):
    agree = {**field("checkbox"), "key": "agree", "label": "Đồng ý"}
    km = {**field("number"), "key": "km", "label": "Độ dài"}
    compiled = form(DECISION, agree, km, field("textfield", conditional={"hide": hide}))
    for answers in (
        {},
        {"agree": True},
        {"km": 5},
        {"km": 2000},
        {"km": 9, "decision": "refuse"},
        {"decision": "accept"},
    ):
        view = compiled.fields(answers, context=context())[3]
        assert view.visible or view.when == when


def test_a_conditional_field_of_a_fresh_row_is_folded_too():
    rows = {**RECORDS, "components": [DECISION, REASON], "defaultRepetitions": 2}
    views = form(rows).fields(context=context())
    assert [row.fields[1].visible for row in views[0].rows] == [False, False]


def test_defaults_are_shown_first_and_not_after_they_were_emptied():
    compiled = form(field("textfield", defaultValue="Cẩm Phả"))
    assert compiled.fields(context=context())[0].value == "Cẩm Phả"
    assert compiled.fields(MultiDict([("answer", "")]), context=context())[0].value == ""


def test_english_labels_are_used_where_the_form_has_them():
    labelled = field("number", properties={"label_en": "Answer", "description_en": "How many"}, description="Bao nhiêu")
    english = form(labelled, DECISION).fields(context=context(locale="en"))
    assert (english[0].label, english[0].hint, english[1].label) == ("Answer", "How many", "Quyết định")
    assert [option.label for option in english[1].options] == ["Accept", "Refuse"]


def test_an_error_of_no_field_is_still_said():
    views = form(DECISION).fields(None, {"due": "hạn muộn hơn cấp trên"}, context=context())
    assert [(problem.target, problem.message) for problem in views.problems] == [("", "hạn muộn hơn cấp trên")]
