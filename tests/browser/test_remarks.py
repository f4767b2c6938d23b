"""Remarks in the canvas, pages about one step, and tabs that are older than what the server has."""

import pytest
from playwright.sync_api import expect

from engine import designs
from models.designs import Design, DesignComment
from tests.browser.designer import FIRST, Place, draw, is_saved, tab, type_and_leave
from tests.browser.person import Person

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


def test_a_remark_is_written_beside_its_element_marked_on_it_and_done(designer: Person, place: Place) -> None:
    at = place.begin("Góp ý trên hình")
    page = draw(designer, at)
    page.locator(FIRST).first.click()
    page.locator("#panel-comments-first_task summary").click()
    page.get_by_label("Góp ý cho phần này").fill("@quantri xem giúp hạn của bước này")
    page.get_by_role("button", name="Gửi góp ý").first.click()
    mark = page.locator(".remark-mark")
    expect(mark).to_have_text("1")
    expect(mark).to_have_attribute("aria-label", "1 góp ý chưa xong")
    (remark,) = place.story.rows(DesignComment, design_id=at.rsplit("/", 1)[1])
    assert (remark.element_id, remark.done_at) == ("first_task", None)
    assert place.story.notices("design:commented")
    draw(designer, at)
    mark.click()
    page.locator("#designer .remark").get_by_role("button").click()
    expect(mark).to_have_count(0)
    expect(page.locator("#designer .remark-done")).to_contain_text("đã xử lý lúc")
    assert place.story.get(DesignComment, remark.id).done_at is not None


@pytest.mark.parametrize("where", ["Bản vẽ", "Dàn ý"])
def test_a_step_leads_to_its_own_trial_with_what_is_drawn(designer: Person, place: Place, where: str) -> None:
    at = place.begin(f"Chạy riêng từ {where}")
    page = draw(designer, at)
    page.locator(FIRST).first.click()
    type_and_leave(page, "Tên", "Tên mới đặt")
    tab(page, where)
    if where == "Dàn ý":
        page.locator("#outline-sum-first_task").click()
        page.locator("#outline-acts-first_task").get_by_role("link", name="Chạy thử riêng").click()
    else:
        page.get_by_role("link", name="Chạy thử riêng").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tên mới đặt")


def test_a_scenario_saved_in_another_tab_stops_no_drawing_and_is_not_overwritten(
    designer: Person, place: Place
) -> None:
    at = place.begin("Hai thẻ")
    page = draw(designer, at)
    save(place, at, "scenarios/khac.json", b'{"name": "Kh\xc3\xa1c"}')
    page.locator(FIRST).first.click()
    type_and_leave(page, "Tên", "Vẫn vẽ tiếp")
    is_saved(page)
    assert "Vẫn vẽ tiếp".encode() in place.saved(at)
    with place.story.database.read() as session:
        assert "scenarios/khac.json" in designs.files_of(session, at.rsplit("/", 1)[1])
    designer.complaints.clear()  # the refusal of the older revision


def test_a_drawing_changed_elsewhere_is_shown_and_not_overwritten_by_an_older_tab(
    designer: Person, place: Place
) -> None:
    at = place.begin("Thẻ cũ")
    page = draw(designer, at)
    newer = place.saved(at).replace("Việc đầu tiên".encode(), "Bản mới nhất".encode())
    with place.story.database.read() as session:
        (name,) = [file for file in designs.files_of(session, at.rsplit("/", 1)[1]) if file.endswith(".bpmn")]
    save(place, at, name, newer)
    page.locator(FIRST).first.click()
    type_and_leave(page, "Tên", "Bản cũ của tôi")
    page.get_by_role("button", name="Mở bản mới nhất").click()
    expect(page.locator("#designer")).to_have_attribute("data-ready", "yes", timeout=15_000)
    expect(page.get_by_text("phần chưa lưu của quý vị vẫn còn")).to_be_visible()
    page.wait_for_timeout(2500)
    assert place.saved(at) == newer
    page.get_by_role("button", name="Dùng phần chưa lưu của tôi").click()
    is_saved(page)
    assert "Bản cũ của tôi".encode() in place.saved(at)
    designer.complaints.clear()


def save(place: Place, at: str, name: str, content: bytes) -> None:
    """Save a file as another tab of the same person does."""
    with place.story.doing() as session:
        design = session.get_one(Design, at.rsplit("/", 1)[1])
        actor = place.story.actor("thietke")
        designs.save_file(session, design, name, content, revision=design.revision, actor=actor, losses_accepted=True)
