"""An inspection: what was changed after acceptance is found, followed back, and filed with a conclusion."""

import itertools
from collections.abc import Iterator
from decimal import Decimal
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from engine.clock import ManualClock
from engine.reports.correcting import correct
from models.database import Database
from models.reports import Figure
from tests.browser.axe import examined, unfold
from tests.browser.person import Window, nothing_wrong, sign_in
from tests.play import Story, happy_path
from tests.served import Demo, answering
from tests.stock import Stock
from tests.world import NOW, PASSWORD
from webapp import create_app
from webapp.config import Settings

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


def play(database: Database, clock: ManualClock, stock: Stock) -> str:
    """Play an order to its end, then let a commune correct one of its figures; return the order."""
    assert stock.world is not None
    story = Story(database, clock, stock.world)
    order = story.order()
    steps = list(dict.fromkeys(element for _, element, _ in happy_path(stock.world)))
    for step, after in itertools.pairwise([*steps, None]):
        story.play(order, frm=step, to=after)
        story.later(hours=31)
    with story.doing() as session:
        figure = session.scalars(select(Figure).where(Figure.order_id == order).order_by(Figure.id)).first()
        assert figure is not None
        mine = [one for one in stock.world.actors.values() if one.organization_id == figure.organization_id]
        correct(session, figure, actor=mine[0], value=Decimal(77), reason="Đếm lại sau nghiệm thu")
    story.pass_time()
    return order


@pytest.fixture(scope="module")
def served(stock: Stock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Demo, str]]:
    """The application over a world in which an order was accepted and then amended."""
    database, clock = stock.copy("story"), ManualClock(at=NOW)
    order = play(database, clock, stock)
    home = tmp_path_factory.mktemp("inspection")
    settings = Settings(home=home, secret_key="k" * 32, secure=False, testing=True)
    with answering(create_app(settings, database=database, clock=clock)) as address:
        yield Demo(address, PASSWORD, home), order
    stock.discard(database)


def test_an_inspector_finds_what_was_changed_after_acceptance(browser: Browser, served: tuple[Demo, str]) -> None:
    demo, order = served
    inspector = sign_in(browser, demo, "thanhtra", Window(1280))
    page = inspector.page
    inspector.go(f"/audit?order={order}")
    page.get_by_label("Thao tác").select_option("figure:corrected")
    inspector.press(page.get_by_role("button", name="Xem", exact=True))
    line = page.locator("ol.timeline > li")
    expect(line).to_have_count(1)
    expect(line).to_contain_text("Đếm lại sau nghiệm thu")
    expect(line.locator("ins")).to_have_text("77")
    line.locator("summary").click()
    expect(line).to_contain_text("Người thực hiện")
    inspector.press(line.get_by_role("link", name="Tình trạng lúc ấy"))
    expect(page.locator("#figures")).to_be_visible()
    expect(page.locator(".drawn svg").first).to_be_visible()
    page.go_back()
    line.locator("summary").click()
    inspector.press(line.get_by_role("link", name="Đưa vào hồ sơ kiểm tra"))
    page.get_by_label("Tên hồ sơ").fill("Số liệu sau nghiệm thu")
    page.get_by_label("Nhận xét").last.fill("Sửa sau khi đã nghiệm thu")
    inspector.press(page.get_by_role("button", name="Mở hồ sơ"))
    page.get_by_label("Kết luận").fill("Đã giải trình")
    inspector.press(page.get_by_role("button", name="Đóng hồ sơ"))
    expect(page.locator("#conclusion")).to_be_visible()
    nothing_wrong(inspector.complaints)
    inspector.context.close()


@pytest.mark.parametrize("width", [1200, 375])
def test_the_pages_of_an_inspection_are_read_by_axe(browser: Browser, served: tuple[Demo, str], width: int) -> None:
    demo, order = served
    inspector = sign_in(browser, demo, "thanhtra", Window(width, 812))
    said = []
    with_entry = f"/audit?order={order}&fact=figure:corrected"
    inspector.go(with_entry)
    moment = inspector.page.get_by_role("link", name="Tình trạng lúc ấy", include_hidden=True).get_attribute("href")
    inspector.go("/audit/case-files")
    cases = [one.get_attribute("href") for one in inspector.page.locator("a.row-link").all()]
    pages = [
        "/audit?q=nghiem+thu&organization=hoi",
        f"/audit/orders/{order}/story",
        moment,
        moment and moment.replace("moments", "entries"),
        f"/audit/analysis?process=lead&organization={quote('Hội LHPN')}&place2={quote('Cẩm Phả')}",
        f"/audit/exports?order={order}",
        "/audit/case-files",
        *cases,
    ]
    for path in filter(None, pages):
        inspector.go(path)
        unfold(inspector)
        said += [f"{path}: {one}" for one in examined(inspector)]
        wide = inspector.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        said += [f"{path}: {wide} px too wide"] if wide > 0 else []
    nothing_wrong(said + inspector.complaints)
    inspector.context.close()
