"""Many tasks are taken or given at once from the inbox."""

from sqlalchemy import select

from models.database import Database
from models.tasks import Task
from tests.webapp.browser import text_of
from tests.webapp.inbox import Browse, Tasks, given
from tests.world import World

__all__ = ["given"]


def test_many_tasks_are_claimed_at_once_and_losses_are_told(
    browse: Browse, given: Tasks, world: World, database: Database
) -> None:
    free = [given.add(f"việc {number}") for number in range(3)]
    taken = given.add("đã có người", holder_id=world.person("phunu.2"), holder_title="Cán bộ, Hội LHPN")
    foreign = given.add("của đơn vị khác", organization_id=world.farmers)
    browser = browse("phunu")
    answer = browser.submit(browser.read("/tasks"), "/tasks/claims", id=[*free, taken, foreign])
    assert answer.status_code == 303
    said = text_of(browser.read(answer.headers["Location"]))
    assert "Đã nhận 3 việc; 1 việc đã có người nhận" in said
    with database.read() as session:
        held = session.scalars(select(Task.id).where(Task.holder_id == world.person("phunu"))).all()
    assert sorted(held) == sorted(free)


def test_a_bulk_claim_sent_twice_is_carried_out_once(browse: Browse, given: Tasks) -> None:
    task = given.add("việc")
    browser = browse("phunu")
    page = browser.read("/tasks")
    first = browser.submit(page, "/tasks/claims", id=[task])
    again = browser.submit(page, "/tasks/claims", id=[task])
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["Location"] == again.headers["Location"]
    assert text_of(browser.read("/tasks")).count("Đã nhận 1 việc.") == 1


def test_the_head_gives_many_tasks_to_a_colleague(
    browse: Browse, given: Tasks, world: World, database: Database
) -> None:
    ids = [given.add(f"việc {number}") for number in range(2)]
    browser = browse("phunu")
    page = browser.read(f"/tasks/transfers/new?id={ids[0]}&id={ids[1]}")
    assert "2 việc sẽ được giao" in text_of(page)
    answer = browser.submit(page, "/tasks/transfers", id=ids, to=world.person("phunu.2"), reason="chia việc")
    assert "Đã giao 2 việc." in text_of(browser.read(answer.headers["Location"]))
    with database.read() as session:
        assert set(session.scalars(select(Task.holder_id))) == {world.person("phunu.2")}
