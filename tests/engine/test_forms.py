"""Answers of a form are typed, checked all at once, and what is hidden or unknown never passes."""

import json
from decimal import Decimal
from typing import Any

import pytest

from engine import forms
from models.errors import Invalid
from tests.engine.answering import problems_of
from tests.engine.form_world import DECISION, FIGURES, LUOT, RAC, REASON, RECORDS, context, field, form


def cleaned(component: dict[str, Any], answer: Any, **facts: Any) -> Any:
    return form(component).clean({"answer": answer}, context=context(**facts)).values["answer"]


def refusal(component: dict[str, Any], answer: Any, **facts: Any) -> str:
    with pytest.raises(Invalid) as refused:
        form(component).clean({"answer": answer}, context=context(**facts))
    return refused.value.fields["answer"]


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
