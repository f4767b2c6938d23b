"""A form is rendered without a script for everybody to fill in: labelled, explained, linked from its errors."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.datastructures import MultiDict

from engine import forms
from models.errors import Invalid
from tests.engine.form_world import DECISION, FIGURES, LUOT, RAC, REASON, RECORDS, context, field, form

TEMPLATES = Path(__file__).parents[2] / "webapp" / "templates"
PAGE = """{% import "forms/fields.html" as forms %}
{%- call forms.form(fields, action="/tasks/1/completion", hidden={"idempotency_key": "k1"}, heading="Kết quả",
                    draft="/tasks/1/draft") %}
<div class="actions"><button name="do" value="send">Gửi báo cáo</button></div>
{%- endcall %}"""

PHOTOS = field("filepicker", key="photos", label="Ảnh minh chứng", accept="image/*", multiple=True,
               validate={"required": True}, description="Vị trí trong ảnh được xóa trước khi lưu.")  # fmt: skip
EVERY_KIND = form(
    {"type": "text", "text": "Phần khu không làm thì ghi 0.\nXin cảm ơn."}, FIGURES, PHOTOS, DECISION, REASON,
    field("datetime", key="held_on"), field("number", key="hours", properties={"unit": "giờ"}),
    field("textfield", key="place", description="Ghi tên khu"), {"type": "separator"},
    field("select", key="grade", values=[{"label": "Tốt", "value": "good"}]),
    field("checklist", key="topics", values=[{"label": "Rừng", "value": "forest"}, {"label": "Biển", "value": "sea"}]),
    field("checkbox", key="agree"), field("organization", key="lead", among="bloc_members"),
    field("organization", key="coordinators", among="bloc_members", multiple=True), RECORDS,
    {"type": "group", "label": "Thêm", "components": [
        field("filepicker", key="papers"), field("textarea", key="note")]},
)  # fmt: skip
TYPED = MultiDict(
    [
        ("figures-env_people", "58"), ("figures-env_people-q", "over"), ("figures-env_waste", "198.6"),
        ("held_on", "5/2"), ("hours", "x"), ("place", 'Khu "7" <b>&'), ("grade", "zzz"), ("note", "\n dòng"),
        ("records-0", "1"), ("records-0-held_on", "31/2/2018"),
    ]
)  # fmt: skip


def render(fields: forms.Fields) -> BeautifulSoup:
    loader = FileSystemLoader(TEMPLATES)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    environment.globals["asset"] = lambda name: f"/assets/{name}"
    return BeautifulSoup(environment.from_string(PAGE).render(fields=fields), "html.parser")


def refused(compiled: forms.Form, answers: MultiDict, **facts: object) -> BeautifulSoup:
    with pytest.raises(Invalid) as wrong:
        compiled.clean(answers, context=context(**facts))
    return render(compiled.fields(answers, wrong.value.fields, context=context(**facts)))


@pytest.fixture(params=["empty", "refused", "english"])
def page(request) -> BeautifulSoup:
    if request.param == "refused":
        return refused(EVERY_KIND, TYPED)
    return render(EVERY_KIND.fields(context=context(locale="en" if request.param == "english" else "vi")))


def test_every_control_has_a_label_of_its_own(page):
    controls = page.select("input:not([type=hidden]), select, textarea")
    labelled = {label["for"] for label in page.select("label[for]")}
    assert len(controls) > 20
    assert [control["name"] for control in controls if control["id"] not in labelled] == []
    assert all(label.get_text(strip=True) for label in page.select("label"))


def test_ids_are_unique_and_every_description_and_link_leads_somewhere(page):
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    for tag in page.select("[aria-describedby]"):
        assert set(tag["aria-describedby"].split()) <= set(ids)
    for link in page.select("a"):
        assert link["href"].removeprefix("#") in ids


def test_nothing_on_the_page_needs_a_script_or_breaks_the_content_policy(page):
    assert not page.select("script, style, [style], input[type=number], [placeholder]")
    assert not [name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")]


def test_choices_stand_in_a_fieldset_with_a_legend(page):
    for control in page.select("input[type=radio]"):
        assert control.find_parent("fieldset").legend.get_text(strip=True)


def test_the_form_posts_files_and_what_the_page_adds(page):
    sheet = page.form
    assert (sheet["method"], sheet["enctype"], sheet["action"]) == (
        "post",
        "multipart/form-data",
        "/tasks/1/completion",
    )
    assert sheet["data-draft"] == "/tasks/1/draft"
    assert sheet.select_one("[name=idempotency_key]")["value"] == "k1"
    assert sheet.select_one(".actions button").get_text() == "Gửi báo cáo"


def test_enter_in_a_field_sends_the_form_and_never_removes_a_row(page):
    first = page.form.find("button")
    assert (first["name"], first["value"], first["tabindex"]) == ("do", "send", "-1")
    others = [button for button in page.select("button") if re.match(r"add-|remove-|.*-as$", button["name"])]
    assert others
    assert all(button.has_attr("formnovalidate") for button in others)


def test_a_form_without_such_buttons_needs_no_extra_one():
    assert len(render(form(DECISION).fields(context=context())).select("button")) == 1


def test_the_error_summary_comes_first_and_links_to_the_fields():
    page = refused(EVERY_KIND, TYPED)
    first = page.find(True)
    assert (first["role"], first["class"]) == ("alert", ["errors"])
    assert first.h2.get_text() == f"Chưa gửi được: còn {len(first.select('li'))} chỗ cần xem lại"
    said = {link["href"]: link.get_text() for link in first.select("a")}
    assert said["#f-figures-env_waste"] == "Rác thải thu gom: 198.6 có thể hiểu hai cách: 198,6 hay 1.986?"
    assert said["#f-decision-0"] == "Quyết định: xin chọn một mục"
    assert said["#f-records-0-held_on"].startswith("Các buổi, dòng 1, Ngày: ")
    assert "chọn lại" in first.p.get_text()


def test_an_error_summary_is_not_there_without_errors():
    assert not render(EVERY_KIND.fields(context=context())).select(".errors, [aria-invalid]")


def test_what_was_typed_stands_there_again_exactly():
    page = refused(EVERY_KIND, TYPED)
    assert page.select_one("#f-figures-env_waste")["value"] == "198.6"
    assert page.select_one("#f-place")["value"] == 'Khu "7" <b>&'
    assert page.select_one("#f-note").string == "\n\n dòng"  # the first line break of a textarea is not its text
    assert page.select_one("#f-figures-env_people-q-over").has_attr("checked")
    assert page.select_one("details:has(#f-figures-env_people-q-over)").has_attr("open")


def test_a_wrong_field_says_why_and_offers_the_readings():
    page = refused(EVERY_KIND, TYPED)
    entry = page.select_one(".entry.bad")
    assert entry.select_one("input")["aria-invalid"] == "true"
    assert "f-figures-env_waste-e" in entry.select_one("input")["aria-describedby"]
    buttons = [(button["name"], button["value"], button.get_text()) for button in entry.select("button")]
    assert buttons == [("figures-env_waste-as", "198,6", "198,6 tấn"), ("figures-env_waste-as", "1.986", "1.986 tấn")]
    assert page.select_one("#f-hours-e").get_text() == "«x» không phải là số; ví dụ 1.250 hoặc 0,8"


def test_figures_are_big_with_the_last_value_beside_and_the_keys_of_a_number():
    page = render(form(FIGURES).fields(context=context(indicators=(LUOT, RAC))))
    people, waste = page.select(".entry.big")
    assert people.select_one(".before").get_text(" ", strip=True) == "Tuần 39 52"
    assert [entry.select_one("input")["inputmode"] for entry in (people, waste)] == ["numeric", "decimal"]
    assert all(entry.select_one("input")["value"] == "" for entry in (people, waste))
    assert "dấu phẩy" in waste.select_one(".form-text").get_text()
    assert waste.select_one(".unit").get_text() == "tấn"


def test_figures_with_a_label_stand_together_under_it():
    labelled = form({**FIGURES, "label": "Mức cần đạt", "description": "Để trống mức chưa ấn định."})
    together = render(labelled.fields(context=context())).fieldset
    assert together.legend.get_text() == "Mức cần đạt"
    assert len(together.select(".entry")) == 3
    assert "chưa ấn định" in together.select_one("#f-figures-h").get_text()


def test_only_what_may_be_an_estimate_is_asked_about():
    page = render(form(FIGURES).fields(context=context(indicators=(LUOT, RAC))))
    assert [label.get_text() for label in page.select("details label")] == ["đúng số", "trên", "gần", "khoảng"]
    assert not render(form(FIGURES).fields(context=context(indicators=(RAC,)))).select("details")


def test_a_hidden_field_is_folded_and_says_when_it_is_wanted():
    fold = render(form(DECISION, REASON).fields(context=context())).details
    assert fold.summary.get_text() == "Lý do (điền khi «Quyết định» là «Từ chối»)"
    assert fold.select_one("textarea")["name"] == "reason"
    assert not render(form(DECISION, REASON).fields({"decision": "refuse"}, context=context())).select("details")


def test_a_file_in_a_closed_fold_cannot_stop_the_form():
    group = {"type": "group", "label": "Khi từ chối", "conditional": REASON["conditional"], "components": [PHOTOS]}
    assert not render(form(DECISION, group).fields(context=context())).select("[required]")
    assert render(form(DECISION, PHOTOS).fields(context=context())).select("#f-photos[required]")


def test_a_file_that_is_there_is_named_and_not_demanded_again():
    there = context(files=[forms.FileRef("photos", "suối.jpg")])
    page = render(form(PHOTOS).fields(context=there))
    assert "suối.jpg" in page.get_text()
    assert not page.select("[required]")


def test_phones_are_asked_for_kinds_of_pictures_that_are_stored():
    assert render(form(PHOTOS).fields(context=context())).select_one("#f-photos")["accept"] == "image/jpeg,image/png"


def test_optional_fields_say_so_and_required_ones_do_not():
    page = render(form(DECISION, field("textfield")).fields(context=context()))
    assert page.select_one("label[for=f-answer]").get_text() == "Câu trả lời (không bắt buộc)"
    assert page.legend.get_text() == "Quyết định"


def test_rows_are_counted_and_each_has_its_own_button():
    page = render(form(RECORDS).fields({"records": [{"place": "Khu 7"}, {}]}, context=context()))
    assert [button["name"] for button in page.select("fieldset button")] == [
        "remove-records-0", "remove-records-1", "add-records",
    ]  # fmt: skip
    assert [hidden["name"] for hidden in page.select("fieldset input[type=hidden]")] == ["records-0", "records-1"]
    assert "Bỏ dòng 2" in page.get_text()


def test_the_last_row_that_is_needed_cannot_be_removed():
    page = render(form({**RECORDS, "validate": {"min": 1}}).fields(context=context()))
    assert [button["name"] for button in page.select("fieldset button")] == ["add-records"]
    assert page.legend.get_text() == "Các buổi"


def test_what_the_page_sends_is_what_was_shown():
    compiled = form(DECISION, FIGURES, RECORDS, field("checkbox"), field("textarea", key="note"))
    answers = {
        "decision": "accept", "figures": {"env_people": {"value": "58", "qualifier": "over"}}, "answer": True,
        "records": [{"place": "Khu 7", "figures": {"env_waste": {"value": "0,5"}}}], "note": "a\n\nb",
    }  # fmt: skip
    sent = MultiDict(_sent(render(compiled.fields(answers, context=context()))))
    assert compiled.clean(sent, context=context()) == compiled.clean(answers, context=context())


def _sent(page: BeautifulSoup) -> list[tuple[str, str]]:
    pairs = []
    for control in page.form.select("input, textarea"):
        chosen = control.get("type") not in ("radio", "checkbox") or control.has_attr("checked")
        if chosen and control.get("type") != "file":
            typed = control.get_text().removeprefix("\n") if control.name == "textarea" else control["value"]
            pairs.append((control["name"], typed))
    return pairs


def test_labels_of_designers_are_text_and_never_markup():
    page = render(form(field("textfield", label="<img src=x onerror=alert(1)>")).fields(context=context()))
    assert not page.select("img")
    assert "<img" in page.label.get_text()
