"""The operators' pages with something wrong on each: read by axe, on a desk and on a phone, without scripts too."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from engine import definitions, instances, notifications, operations, suspensions
from engine.clock import ManualClock
from models.instances import Incident, Instance
from models.notifications import Mail
from models.users import Person as Account
from tests.browser.axe import examined, unfold
from tests.browser.person import Person, Window, nothing_wrong, sign_in
from tests.engine.diagrams import bundle, catch, chain, element, end, flows, process, start, timer
from tests.play import Story
from tests.served import Demo, answering
from tests.stock import Stock
from tests.world import NOW, PASSWORD
from webapp import create_app
from webapp.config import Settings

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

ASKS = bundle(
    process(
        start(), element("userTask", "ask", name="Hỏi số lượng"),
        element("exclusiveGateway", "which", name="Nhiều hay ít"),
        element("userTask", "big", name="Làm nhiều"), element("userTask", "small", name="Làm ít"), end(), end("end2"),
        flows(("start", "ask"), ("ask", "which"), ("which", "big", "size > 5"), ("which", "small", "size <= 5"),
              ("big", "end"), ("small", "end2")),
        id="asks", name="Hỏi số lượng",
    )
)  # fmt: skip
WAITS = bundle(
    process(
        start(), catch("pause", timer("P9D")).replace('id="pause"', 'id="pause" name="Chờ đến ngày"'), end(),
        chain("start", "pause", "end"), id="waits", name="Chờ đến ngày",
    )
)  # fmt: skip
# The next version: a step before the pause, which has another id and another time.
WAITS_LONGER = bundle(
    process(
        start(), element("userTask", "ask", name="Hỏi lại"),
        catch("hold", timer("P12D")).replace('id="hold"', 'id="hold" name="Chờ đến ngày"'), end(),
        chain("start", "ask", "hold", "end"), id="waits", name="Chờ đến ngày",
    )
)  # fmt: skip


@pytest.fixture(scope="module")
def served(stock: Stock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Demo, list[str]]]:
    """The application over a world in which a process is stuck, one waits, one stands still and a letter came back."""
    database = stock.copy("story")
    assert stock.world is not None
    clock = ManualClock(at=NOW)
    story = Story(database, clock, stock.world)
    places = play(story)
    home = tmp_path_factory.mktemp("operations")
    app = create_app(
        Settings(home=home, secret_key="k" * 32, secure=False, testing=True), database=database, clock=clock
    )
    with answering(app) as address:
        yield Demo(address, PASSWORD, home), places
    stock.discard(database)


def play(story: Story) -> list[str]:
    """Let things go wrong; return the pages that show them."""
    begun = []
    for files in (ASKS, WAITS, WAITS):
        with story.doing() as session:
            definition = definitions.deploy(session, files, actor=story.actor("quantri"))[0]
            values = {"size": "nhiều", "done": True, "names": ["một", "hai"], "bodies": ["0f" * 16]}
            begun.append(instances.start(session, definition, actor=story.actor("quantri"), data=values).id)
    story.answer("quantri", "ask")
    stuck, waiting, still = begun
    with story.doing() as session:
        (incident,) = session.scalars(select(Incident.id)).all()
        session.get_one(Account, story.world.person("phunu")).email = "phunu@vi-du.example"
        notifications.notify(session, "task:opened", person_id=story.world.person("phunu"), title="Nhập kết quả")
        session.flush()
        notifications.write_mails(session)
        session.flush()
        for mail in session.scalars(select(Mail)):
            notifications.record_failure(session, mail.id, "ConnectionRefusedError")
    intervene(story, stuck, still)
    definition = f"/definitions/{story.instances('waits')[0].definition_id}"
    with story.doing() as session:
        later = definitions.deploy(session, WAITS_LONGER, actor=story.actor("quantri"))[0].id
    pages = ["/incidents", f"/incidents?incident={incident}", "/timers", "/jobs", "/instances"]
    pages += [f"/instances/{id}" for id in (stuck, waiting, still)]
    return [*pages, definition, f"{definition}/migration", f"{definition}/migration?to={later}&tried=1"]


def intervene(story: Story, stuck: str, still: str) -> None:
    actor, reason = story.actor("quantri"), "Theo đề nghị của đơn vị"
    with story.doing() as session:
        instance = session.get_one(Instance, stuck)
        operations.edit_data(session, instance, changes={"note": "Ghi chú"}, actor=actor, reason=reason)
        suspensions.suspend(session, session.get_one(Instance, still), actor=actor, reason=reason)


def person(browser: Browser, demo: Demo, window: Window) -> Person:
    return sign_in(browser, demo, "quantri", window)


@pytest.mark.parametrize("width", [1200, 375])
def test_what_operators_see_is_accessible_and_fits_the_screen(
    browser: Browser, served: tuple[Demo, list[str]], width: int
) -> None:
    demo, places = served
    operator = person(browser, demo, Window(width))
    found = []
    for path in places:
        operator.page.goto(path)
        unfold(operator)
        operator.look()
        found += [f"{path} {one}" for one in examined(operator)]
        operator.page.set_viewport_size({"width": width, "height": 900})
    operator.context.close()
    nothing_wrong([*found, *operator.complaints])


def test_an_operator_mends_an_incident_without_scripts(browser: Browser, served: tuple[Demo, list[str]]) -> None:
    demo, places = served
    operator = person(browser, demo, Window(375, scripts=False))
    operator.go(places[1])
    form = operator.page.locator('form[action$="/data"]')
    form.locator('select[name="kind-size"]').select_option("number")
    form.locator("#value-size").fill("3")
    form.locator('textarea[name="reason"]').fill("Sửa lại cho đúng")
    operator.press(form.get_by_role("button", name="Sửa dữ liệu"))
    retry = operator.page.locator('form[action$="/retry"]')
    retry.locator('textarea[name="reason"]').fill("Đã sửa dữ liệu")
    operator.press(retry.get_by_role("button", name="Thử lại"))
    assert "Quy trình đã đi tiếp." in operator.page.locator("main").inner_text()
    nothing_wrong(operator.complaints)
    operator.context.close()
