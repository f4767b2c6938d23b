"""Answers of a form are typed, checked all at once, and what is hidden or unknown never passes."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from engine import forms
from models.errors import Invalid
from tests.engine.form_world import DECISION, FIGURES, LUOT, RAC, REASON, RECORDS, context, field, form


def cleaned(component: dict[str, Any], answer: Any, **facts: Any) -> Any:
    return form(component).clean({"answer": answer}, context=context(**facts)).values["answer"]


def refusal(component: dict[str, Any], answer: Any, **facts: Any) -> str:
    with pytest.raises(Invalid) as refused:
        form(component).clean({"answer": answer}, context=context(**facts))
    return refused.value.fields["answer"]


def figures_of(answers: Any, **facts: Any) -> tuple[forms.FigureValue, ...]:
    return form(FIGURES).clean(answers, context=context(**facts)).figures


def problems_of(compiled: forms.Form, answers: Any, **facts: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        compiled.clean(answers, context=context(**facts))
    return refused.value.fields


@pytest.mark.parametrize(
    ("component", "typed", "value"),
    [
        (field("textfield"), "  Uỷ ban  ", "Uỷ ban"),
        (field("textfield"), "", None),
        (field("textarea"), "dòng một\r\ndòng hai", "dòng một\ndòng hai"),
        (field("number"), "1.250", 1250),
        (field("number"), "285,5", 285.5),
        (field("number"), "0", 0),
        (field("number", validate={"required": True}), "0", 0),
        (field("number", validate={"min": -5}), "-3", -3),
        (field("number", properties={"money": "true"}), "109 triệu", 109_000_000),
        (field("number", properties={"unit": "giờ"}), "2,5 giờ", 2.5),
        (field("number"), 198.6, 198.6),
        (field("number"), "", None),
        (field("datetime"), "5-2-2018", "2018-02-05"),
        (field("datetime"), "12102018", "2018-10-12"),
        (field("select", values=[{"label": "Tốt", "value": "good"}]), "good", "good"),
        (field("select", values=[{"label": "Tốt", "value": "good"}]), "", None),
        (field("radio", values=[{"label": "Tốt", "value": "good"}]), "good", "good"),
        (
            field("checklist", values=[{"label": "A", "value": "a"}, {"label": "B", "value": "b"}]),
            ["b", "a"],
            ["a", "b"],
        ),
        (field("checklist", values=[{"label": "A", "value": "a"}]), None, []),
        (field("checkbox"), True, True),
        (field("checkbox"), None, False),
        (field("organization", among="bloc_members"), "w1", "w1"),
        (field("organization", among="below", multiple=True), ["q2", "q1"], ["q1", "q2"]),
    ],
)
def test_a_good_answer_is_typed(component, typed, value):
    assert cleaned(component, typed) == value


def test_text_is_composed_at_the_door_and_otherwise_kept():
    assert cleaned(field("textfield"), "Ca\u0302\u0309m Pha\u0309") == "Cẩm Phả"


@pytest.mark.parametrize(
    ("component", "typed", "said"),
    [
        (field("textfield", validate={"required": True}), "   ", "xin điền vào ô này"),
        (field("textfield", validate={"minLength": 5}), "ngắn", "ít nhất 5 ký tự"),
        (field("textfield", validate={"maxLength": 3}), "dài quá", "tối đa 3 ký tự"),
        (field("textfield"), "a" * 1_001, "tối đa 1.000 ký tự"),
        (field("textfield", validate={"pattern": "^[0-9]{9}$"}), "12345678", "chưa đúng mẫu"),
        (field("textfield"), "hai\ndòng", "ký tự không dùng được"),
        (field("textarea"), "nul\x00", "ký tự không dùng được"),
        (field("textarea"), "\ud800", "ký tự không dùng được"),
        (field("textfield"), 5, "không đúng kiểu"),
        (field("textfield"), {"a": 1}, "không đúng kiểu"),
        (field("number"), "198.6", "198,6 hay 1.986?"),
        (field("number", decimalDigits=0), "2,5", "không có số lẻ"),
        (field("number", decimalDigits=0), "1,086", "có phải là 1.086?"),
        (field("number", decimalDigits=1), "2,55", "tối đa 1 chữ số"),
        (field("number"), "-3", "không được âm"),
        (field("number"), "nhiều", "không phải là số"),
        (field("number"), "12 quả", "chỉ ghi số"),
        (field("number"), "109 triệu", "chỉ ghi số"),
        (field("number", properties={"money": True}), "109 quả", "109 triệu"),
        (field("number"), float("nan"), "không đúng kiểu"),
        (field("number"), True, "không đúng kiểu"),
        (field("number"), [1], "không đúng kiểu"),
        (field("number"), 1e300, "không đúng kiểu"),
        (field("number", validate={"min": 5}), "4", "nhỏ nhất là 5"),
        (field("number", validate={"max": 1000}), "1.001", "lớn nhất là 1.000"),
        (field("number", validate={"required": True}), "", "xin điền"),
        (field("datetime"), "5/2", "có phải là 5/2/2018?"),
        (field("datetime"), "31/02/2018", "không có ngày 31/02/2018"),
        (field("datetime"), "29/2", "cả năm, ví dụ 05/10/2018"),
        (field("datetime"), "31/2/18", "cả năm"),
        (field("datetime"), "hôm qua", "05/10/2018"),
        (field("datetime"), 20181012, "không đúng kiểu"),
        (field("datetime", disallowPassedDates=True), "11/10/2018", "đã qua"),
        (field("datetime", properties={"not_future": "true"}), "13/10/2018", "chưa đến"),
        (field("select", values=[{"label": "Tốt", "value": "good"}]), "bad", "không có trong danh sách"),
        (field("radio", values=[{"label": "Tốt", "value": "good"}], validate={"required": True}), "", "chọn một mục"),
        (field("checklist", values=[{"label": "A", "value": "a"}]), ["a", "z"], "không có trong danh sách"),
        (field("checklist", values=[{"label": "A", "value": "a"}], validate={"required": True}), [], "ít nhất một mục"),
        (field("checkbox", validate={"required": True}), False, "đánh dấu"),
        (field("checkbox"), "có", "không đúng kiểu"),
        (field("organization", among="bloc_members"), "q1", "không có trong danh sách"),
        (field("organization", among="bloc_members", validate={"required": True}), None, "chọn một mục"),
        (field("organization", among="all"), "w1", "không có trong danh sách"),
    ],
)
def test_a_wrong_answer_is_refused_in_words(component, typed, said):
    assert said in refusal(component, typed)


def test_refusals_speak_english_to_an_english_reader():
    assert refusal(field("number"), "198.6", locale="en") == "198.6 can be read in two ways: 198,6 or 1.986?"


def test_everything_wrong_is_said_at_once():
    compiled = form(DECISION, field("number"), FIGURES)
    problems = problems_of(compiled, {"answer": "x", "figures": {"env_people": "2,5", "env_waste": "198.6"}})
    assert set(problems) == {"decision", "answer", "figures-env_people", "figures-env_waste"}


def test_a_hidden_field_is_neither_asked_for_nor_let_through():
    values = form(DECISION, REASON).clean({"decision": "accept", "reason": "lạc"}, context=context()).values
    assert values == {"decision": "accept"}


def test_a_field_shown_by_its_condition_is_asked_for():
    assert set(problems_of(form(DECISION, REASON), {"decision": "refuse"})) == {"reason"}


def test_a_hidden_group_hides_everything_inside():
    group = {
        "type": "group",
        "label": "Khi từ chối",
        "conditional": REASON["conditional"],
        "components": [field("number")],
    }
    assert form(DECISION, group).clean({"decision": "accept", "answer": "x"}, context=context()).values == {
        "decision": "accept"
    }


def test_a_condition_reads_a_hidden_field_as_empty():
    last = field("textfield", conditional={"hide": "=reason = null"})
    asked = {**REASON, "type": "textfield"}
    answers = {"decision": "accept", "reason": "lạc", "answer": "theo sau"}
    assert form(DECISION, asked, last).clean(answers, context=context()).values == {"decision": "accept"}


def test_unknown_answers_are_dropped():
    answers = {"decision": "accept", "order": "other", "is_leaf": True, "plan_approved": True}
    cleaned_form = form(DECISION).clean(answers, context=context())
    assert cleaned_form.values == cleaned_form.routing == {"decision": "accept"}


def test_only_scalars_and_lists_of_codes_route():
    compiled = form(
        DECISION, {**REASON, "conditional": {}}, FIGURES, RECORDS, {**field("textfield"), "key": "title"},
        {**field("textfield"), "key": "long"}, {**field("number"), "key": "km"}, {**field("datetime"), "key": "held"},
        {**field("checkbox"), "key": "agree"}, {**field("filepicker"), "key": "papers"},
        {"type": "group", "label": "Nhóm", "components": [
            {**field("organization", among="bloc_members", multiple=True), "key": "coordinators"}]},
    )  # fmt: skip
    answers = {
        "decision": "refuse", "reason": "Chồng chéo", "figures": {"env_people": 5}, "records": [{"place": "Khu 7"}],
        "title": "Tuần 40", "long": "a" * 201, "km": "2,5", "held": "5/2/2018", "agree": True, "coordinators": ["f1"],
    }  # fmt: skip
    assert compiled.clean(answers, context=context()).routing == {
        "decision": "refuse", "title": "Tuần 40", "km": 2.5, "held": "2018-02-05", "agree": True,
        "coordinators": ["f1"],
    }  # fmt: skip


def test_an_emptied_answer_clears_what_an_earlier_round_routed():
    assert form(field("textfield")).clean({}, context=context()).routing == {"answer": None}


def test_values_are_json():
    answers = {
        "decision": "accept",
        "figures": {"env_waste": "198,6"},
        "records": [{"place": "Khu 7", "held_on": "5/2/2018"}],
    }
    values = form(DECISION, FIGURES, RECORDS).clean(answers, context=context()).values
    assert json.loads(json.dumps(values)) == values
    assert values["figures"] == {"env_waste": {"value": 198.6, "qualifier": "exact"}}
    assert values["records"] == [{"place": "Khu 7", "held_on": "2018-02-05", "figures": {}, "photo": []}]


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


def test_rows_are_typed_and_blank_rows_left_out():
    cleaned_form = form(RECORDS).clean(
        {"records": [{"place": "Khu 7", "figures": {"env_waste": "1,5"}}, {"place": " "}, {"place": "Khu 8"}]},
        context=context(),
    )
    assert [row["place"] for row in cleaned_form.rows["records"]] == ["Khu 7", "Khu 8"]
    assert cleaned_form.figures == (forms.FigureValue(0, "env_waste", Decimal("1.5")),)


def test_a_row_says_what_is_wrong_at_its_own_place():
    answers = {"records": [{}, {"held_on": "31/2/2018", "figures": {"env_waste": "x"}}]}
    assert set(problems_of(form(RECORDS), answers)) == {
        "records-1-place", "records-1-held_on", "records-1-figures-env_waste",
    }  # fmt: skip


def test_the_number_of_rows_is_bounded():
    few = {**RECORDS, "validate": {"required": True, "max": 2}}
    assert "ít nhất 1 dòng" in problems_of(form(few), {})["records"]
    assert "tối đa 2 dòng" in problems_of(form(few), {"records": [{"place": "Khu"}] * 3})["records"]
    assert "tối đa 50 dòng" in problems_of(form(RECORDS), {"records": [{"place": "Khu"}] * 100_000})["records"]


def test_a_condition_in_a_row_reads_the_row_first():
    rows = {**RECORDS, "components": [DECISION, REASON]}
    answers = {"decision": "accept", "records": [{"decision": "refuse"}, {"decision": "accept"}]}
    assert set(problems_of(form(DECISION, rows), answers)) == {"records-0-reason"}


def test_files_are_counted_and_named_by_type():
    photos = field("filepicker", accept="image/*", multiple=True, validate={"required": True, "max": 2})
    clean = form(photos).clean
    files = [("answer", "suo\u0302\u0301i.jpg"), ("other", "virus.exe")]
    assert clean({}, context=context(), files=files).files == (forms.FileRef("answer", "suối.jpg"),)
    for given_files, said in (
        ([], "ít nhất một ảnh"),
        ([("answer", "a.pdf")], "không thuộc loại"),
        ([("answer", f"{n}.png") for n in range(3)], "tối đa 2 tệp"),
    ):
        with pytest.raises(Invalid) as refused:
            clean({}, context=context(), files=given_files)
        assert said in refused.value.fields["answer"]


def test_what_the_product_cannot_store_is_refused_whatever_the_form_says():
    with pytest.raises(Invalid):
        form(field("filepicker", accept=".exe")).clean({}, context=context(), files=[("answer", "a.exe")])


def test_files_that_are_there_already_count():
    there = forms.FileRef("answer", "cũ.pdf", "id1")
    required = form(field("filepicker", validate={"required": True}))
    assert required.clean({}, context=context(files=[there])).files == (there,)


def test_a_file_of_a_row_moves_with_its_row():
    cleaned_form = form(RECORDS).clean(
        {"records": [{}, {"place": "Khu 7"}]}, context=context(), files=[("records-1-photo", "a.jpg")]
    )
    assert cleaned_form.files == (forms.FileRef("records-0-photo", "a.jpg"),)


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


def test_a_form_says_what_it_needs_to_know():
    compiled = form(FIGURES, RECORDS, field("organization", among="below"))
    assert compiled.indicator_codes == ("order", "env_waste")
    assert compiled.organization_sets == ("below",)
    assert compiled.has_files
    assert compiled.allows_nothing


def test_named_indicators_are_taken_from_the_context():
    named = {**FIGURES, "indicators": ["env_waste"]}
    views = form(named).fields(context=context(indicators=(LUOT, RAC)))
    assert [view.label for view in views[0].children] == ["Rác thải thu gom"]


def test_an_indicator_the_context_lacks_is_a_bug_not_a_silence():
    with pytest.raises(KeyError, match="env_waste"):
        form({**FIGURES, "indicators": ["env_waste"]}).clean({}, context=context(indicators=()))


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


INNER = ["decision", "reason", "figures", "records", "place", "env_people", "env_waste", "value", "qualifier"]
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(INNER), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["decision", "reason", "figures", "records", "nothing"]), JUNK))
def test_any_json_is_cleaned_or_refused_and_shown_but_never_crashes(answers):
    compiled = form(DECISION, REASON, FIGURES, RECORDS)
    errors = {}
    try:
        cleaned_form = compiled.clean(answers, context=context())
        json.dumps(cleaned_form.values, allow_nan=False)
    except Invalid as refused:
        errors = refused.fields
    assert len(compiled.fields(answers, errors, context=context())) == 4


NAMES = [
    "decision", "reason", "figures-env_waste", "figures-env_waste-as", "figures-env_people-q", "records-0", "do",
    "records-3-place", "records-0-figures-env_waste", "add-records", "remove-records-0", "records-0-", "figures-",
]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=8)), max_size=10))
def test_any_html_form_is_cleaned_or_refused_and_shown_but_never_crashes(pairs):
    compiled = form(DECISION, REASON, FIGURES, RECORDS)
    answers = MultiDict(pairs)
    errors = {}
    try:
        compiled.clean(answers, context=context())
    except Invalid as refused:
        errors = refused.fields
    assert all(problem.target for problem in compiled.fields(answers, errors, context=context()).problems)
    compiled.edit_rows(answers)
