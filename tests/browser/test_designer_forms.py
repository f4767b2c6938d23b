"""Forms and decision tables in the designer."""

import pytest
from playwright.sync_api import expect

from tests.browser.designer import Place, is_saved
from tests.browser.person import Person

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


def test_a_form_is_edited_and_shown_as_the_server_shows_it(designer: Person, place: Place) -> None:
    at = place.open("coordination")
    page = designer.page
    page.goto(f"{at}/forms/report_part.form.json")
    expect(page.locator("#form-desk")).to_have_attribute("data-ready", "yes", timeout=15_000)
    expect(page.get_by_text("Dùng ở: Báo cáo phần việc phối hợp")).to_be_visible()
    assert page.locator("[data-preview]").count() == 2
    page.locator("#form-editor .fjs-palette-field", has_text="Một dòng chữ").press("Enter")
    is_saved(page)
    expect(page.locator("[data-preview]").first.get_by_text("Một dòng chữ")).to_be_visible()


def test_a_decision_table_offers_only_what_runs(designer: Person, place: Place) -> None:
    page = designer.page
    page.goto(f"{place.open('locality')}/decisions/commune_model.dmn")
    expect(page.locator("#decision-editor")).to_have_attribute("data-ready", "yes", timeout=15_000)
    page.locator("#decision-editor .hit-policy .dms-input, #decision-editor .hit-policy").first.click()
    offered = page.locator(
        "#decision-editor [role=option], #decision-editor .dms-select-options .option"
    ).all_inner_texts()
    assert set(offered) == {"Đúng một dòng", "Dòng đúng đầu tiên", "Gom mọi dòng đúng"}
