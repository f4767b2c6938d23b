"""The demo world shows the figures of the articles exactly, from leaf records, and gives everybody something to do."""

import json
import stat
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine import audit, organizations, rollups, users
from engine.clock import begin
from engine.indicators import code_of
from engine.jobs import committing
from models.errors import WrongState
from models.instances import Incident
from models.migrations import upgrade
from models.orders import Order
from models.organizations import Area, Holder
from models.permissions import SYSTEM
from models.reports import Claim, EventRecord, Figure
from models.tasks import Task
from models.users import Person
from webapp import demo
from webapp.config import Settings
from webapp.demo.cam_pha import SHOWN
from webapp.runtime import Runtime, open_runtime

# The world is built once, and building takes its time.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
ACCEPTED = [f"FIG-{n:02d}" for n in range(1, 22)]


def _results(runtime: Runtime) -> dict[str, list[tuple[str | None, str]]]:
    found: dict[str, list[tuple[str | None, str]]] = {}
    with runtime.database.read() as session:
        begin(session, runtime.clock)
        for order in session.scalars(select(Order)):
            for result in rollups.results(session, order):
                found.setdefault(result.code, []).append((order.number, result.display))
    return found


def test_the_21_figures_of_the_article_print_exactly_with_their_words(world_2018: Runtime, figures: Path) -> None:
    said = {figure["id"]: figure["display_vi"] for figure in json.loads(figures.read_text("utf-8"))["figures"]}
    results = _results(world_2018)
    assert {key: said[key] for key in ACCEPTED if said[key] not in [d for _, d in results[code_of(key)]]} == {}


def test_every_total_opens_to_leaves_that_sum_to_it(world_2018: Runtime) -> None:
    with world_2018.database.read() as session:
        begin(session, world_2018.clock)
        order = session.scalars(select(Order).where(Order.number == "ĐH-2018-02")).one()
        sums = {result.code: result.value for result in rollups.results(session, order) if result.has_figures}
        for code in ("env_people", "env_street_km", "env_waste_t", "green_turns", "green_roads"):
            leaves = rollups.leaves(session, order.id, code, order.area_id, limit=10_000)
            assert sum((leaf.value for leaf in leaves), Decimal(0)) == sums[code]
            assert len(leaves) > 20


def test_what_has_no_figure_is_not_called_done(world_2018: Runtime) -> None:
    with world_2018.database.read() as session:
        order = session.scalars(select(Order).where(Order.number == "ĐH-2018-02")).one()
        done = {topic.name: topic.progress == "hoan_thanh" for topic in order.topics}
    assert done == {
        "vệ sinh môi trường Ngày thứ 7, chủ nhật xanh": True,
        "ra quân làm vệ sinh môi trường biển": False,
    }


def test_people_and_turns_of_people_are_never_added(world_2018: Runtime) -> None:
    results = dict(_results(world_2018)["env_people"]) | {
        "turns": dict(_results(world_2018)["green_turns"])["ĐH-2018-02"]
    }
    assert results["ĐH-2018-02"] == "12.283 người"
    assert results["turns"] == "gần 19.000 lượt người"


def test_what_has_no_figure_says_so_and_is_never_zero(world_2018: Runtime) -> None:
    results = _results(world_2018)
    assert dict(results["sea_waste_t"])["ĐH-2018-02"] == "chưa có số liệu"
    assert dict(results["road_civil"])["ĐH-2018-03"] == "chưa có số liệu"


def test_36_weeks_were_held_and_4_were_not_with_a_reason(world_2018: Runtime) -> None:
    with world_2018.database.read() as session:
        order = session.scalars(select(Order).where(Order.number == "ĐH-2018-02")).one()
        query = select(EventRecord.not_held_reason).where(
            EventRecord.order_id == order.id, EventRecord.not_held_reason.is_not(None)
        )
        assert len(list(session.scalars(query))) == 4
    assert dict(_results(world_2018)["green_weeks"])["ĐH-2018-02"] == "36 tuần"


def test_the_silent_quarter_is_named_and_the_correction_stays_readable(world_2018: Runtime) -> None:
    with world_2018.database.read() as session:
        begin(session, world_2018.clock)
        order = session.scalars(select(Order).where(Order.number == "ĐH-2018-02")).one()
        missing = rollups.coverage(session, order)
        assert "Khu 5" in missing.sentence()
        new = session.scalars(select(Figure).where(Figure.kind == "correction")).one()
        old = session.get_one(Figure, new.amends_id)
        assert (old.value, new.value) == (Decimal("12.4"), Decimal("11.9"))


def test_one_event_is_claimed_by_two_organizations_and_counted_once(world_2018: Runtime) -> None:
    with world_2018.database.read() as session:
        shared = select(Claim.event_id).group_by(Claim.event_id).having(func.count() > 1)
        assert len(list(session.scalars(shared))) >= 1


def test_every_shown_account_has_a_post_and_those_who_work_have_something_waiting(world_2018: Runtime) -> None:
    keepers = {"thietke", "thanhtra", "quantri"}
    with world_2018.database.read() as session:
        begin(session, world_2018.clock)
        for login in SHOWN:
            person = session.scalars(Person.by_login(login)).one()
            post = session.scalars(Holder.of_person(person.id, at=world_2018.clock.now())).first()
            assert post is not None, login
            actor = organizations.actor_for(session, person.id, post.post_id)
            waiting = select(func.count()).select_from(Task).where(Task.state == "open", Task.offered_to(actor))
            assert login in keepers or session.scalar(waiting), login


def test_an_order_is_open_in_every_stage_of_its_life(world_2018: Runtime) -> None:
    stages = {
        "draft_order", "sign_order", "accept_order", "assign_lead", "accept_lead", "answer_coordination", "carry_out",
        "accept_locality", "consolidate_locality", "report_part", "consolidate_result", "compare_with_order",
        "nghiem_thu", "decide_suspicion",
    }  # fmt: skip
    with world_2018.database.read() as session:
        assert stages <= set(session.scalars(select(Task.element).where(Task.state == "open")))


def test_nothing_is_stuck_and_the_audit_log_is_whole(world_2018: Runtime) -> None:
    with world_2018.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Incident)) == 0
        assert audit.verify(session).is_sound


def test_the_world_has_sixteen_communes_and_no_invented_names(world_2018: Runtime) -> None:
    with world_2018.database.read() as session:
        city = session.scalars(select(Area).where(Area.code == "qn-2018-cam-pha")).one()
        assert len(session.scalars(Area.below(city.id, at=world_2018.clock.now())).all()) == 16
        titles = session.scalars(select(Person.name)).all()
        words = ("Trưởng", "Chủ tịch", "Cán bộ", "Chuyên viên", "Lãnh đạo", "Trợ lý", "Người", "Quản trị")
        assert [name for name in titles if not name.startswith(words)] == []


def test_the_password_is_made_at_the_first_build_and_kept_from_others(world_2018: Runtime) -> None:
    accounts = Path(world_2018.settings.home) / demo.ACCOUNTS
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    before = accounts.read_text("utf-8")
    demo.build(world_2018)
    assert accounts.read_text("utf-8") == before


def test_the_world_has_its_own_time(world_2018: Runtime) -> None:
    assert f"{world_2018.clock.now():%Y-%m-%d}" == "2018-10-12"


def test_a_world_that_was_not_built_to_its_end_is_not_taken_for_one(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, secret_key="k" * 32, secure=False, testing=True)
    runtime = open_runtime(settings)
    upgrade(runtime.database)
    with committing(runtime.database, runtime.clock) as session:
        users.add_person(session, "ai.do", actor=SYSTEM, name="Cán bộ")
    with pytest.raises(WrongState, match="demo_unfinished"):
        demo.build(runtime)
    runtime.database.close()
