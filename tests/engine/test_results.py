"""What an order reached, as pages show it: the figures of the article, who is missing, "chưa có số liệu", leaves."""

import json
import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.orm import Session

from engine import indicators, rollups
from engine.rollups.results import reaches
from models.assignments import Assignment, Part, Progress
from models.database import Database
from models.errors import Invalid
from models.orders import Order, Target
from models.organizations import Area
from models.permissions import SYSTEM, Actor
from models.tasks import Attachment
from tests.engine.ledger import NOW, Ledger, ledger, session

__all__ = ["ledger", "session"]

DATA = json.loads((Path(__file__).parents[1] / "data" / "figures.json").read_text(encoding="utf-8"))
FIGURES = [figure for figure in DATA["figures"] if figure["id"] in DATA["acceptance"]["figures"]]
CODES = [indicators.code_of(figure["id"]) for figure in FIGURES]
SUNDAYS = [date(2018, 1, 7) + timedelta(weeks=week) for week in range(40)]
NOT_HELD = {7, 17, 29, 35}


class Campha:
    """The city with its sixteen communes, three of them rural, and some quarters in each."""

    def __init__(self, session: Session, chance: random.Random) -> None:
        self.ledger, self.chance = Ledger(session), chance
        self.city = self.ledger.area("Cẩm Phả", level="city")
        self.communes = [self.ledger.area(f"phường {n}", parent=self.city, level="commune") for n in range(13)]
        self.rural = [self.ledger.area(name, parent=self.city) for name in ("Dương Huy", "Cộng Hòa", "Cẩm Hải")]
        self.quarters = [
            self.ledger.area(f"Khu {n}", parent=commune) for commune in self.communes + self.rural for n in range(3)
        ]
        self.order = self.ledger.order(self.city, *CODES)

    def split(self, value: Decimal, parts: int) -> list[Decimal]:
        """Cut a value at random, into tenths where it has some."""
        step = Decimal(1) if value == value.to_integral() else Decimal("0.1")
        cuts = sorted(self.chance.randint(0, int(value / step)) for _ in range(parts - 1))
        return [(b - a) * step for a, b in zip([0, *cuts], [*cuts, int(value / step)], strict=True)]

    def enter(self, figure: dict[str, Any]) -> None:
        code, value = indicators.code_of(figure["id"]), Decimal(figure["value_decimal"])
        kind = self.ledger.indicator(code).aggregation
        getattr(self, f"_{kind}")(code, value, figure["qualifier"])

    def _sum(self, code: str, value: Decimal, word: str) -> None:
        for number, part in enumerate(self.split(value, 20)):
            said = word if number == 0 else "exact"
            day = self.chance.choice(SUNDAYS)
            self.ledger.figure(self.order, code, part, area=self.chance.choice(self.quarters), qualifier=said, on=day)

    def _last(self, code: str, value: Decimal, word: str) -> None:
        for commune, part in zip(self.rural, self.split(value, 3), strict=True):
            for day in self.chance.sample(SUNDAYS[:-1], 3):
                self.ledger.figure(self.order, code, self.chance.randint(0, 900), area=commune, on=day)
            self.ledger.figure(self.order, code, part, area=commune, on=SUNDAYS[-1])

    def _weeks(self, code: str, value: Decimal, word: str) -> None:
        for week, sunday in enumerate(SUNDAYS, start=1):
            for quarter in [] if week in NOT_HELD else self.chance.sample(self.quarters, 4):
                self.ledger.figure(self.order, code, 1, area=quarter, on=sunday)

    def _areas(self, code: str, value: Decimal, word: str) -> None:
        for commune in self.rural * 2:
            self.ledger.figure(self.order, code, 1, area=commune)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False))
def test_the_article_s_21_figures_come_out_of_any_split(empty_database: Database, chance: random.Random) -> None:
    with empty_database.write() as session:
        world = Campha(session, chance)
        for figure in FIGURES:
            world.enter(figure)
        while rollups.fold(session, chance.randint(50, 400)):
            pass
        whole = rollups.Period(until=date(2018, 10, 12))
        for period in (rollups.WHOLE, whole):
            found = {result.code: result for result in rollups.results(session, world.order, period=period)}
            for figure in FIGURES:
                result = found[indicators.code_of(figure["id"])]
                assert result.display == figure["display_vi"]
                assert result.value == Decimal(figure["value_decimal"])
                assert result.qualifier == figure["qualifier"]


def test_all_21_figures_have_an_indicator_and_pairs_that_never_add_are_two() -> None:
    assert len(set(CODES)) == len(FIGURES) == 21
    assert indicators.code_of("FIG-14") != indicators.code_of("FIG-19")


@pytest.mark.parametrize(
    ("code", "value", "word", "locale", "written"),
    [
        ("env_people", "12283", "exact", "vi", "12.283 người"),
        ("env_people", "12283", "exact", "en", "12,283 persons"),
        ("green_turns", "19000", "nearly", "en", "nearly 19,000 person-turns"),
        ("ntm_money", "109000000", "exact", "en", "109,000,000 VND"),
        ("ntm_money", "109500000", "over", "vi", "trên 109,5 triệu đồng"),
        ("ntm_gardens_done", "373", "over", "vi", "trên 373/1.086 vườn mẫu (trên 34,35%)"),
        ("ntm_gardens_done", "373", "exact", "en", "373/1,086 gardens (34.35%)"),
        ("ntm_gardens_done", "543", "exact", "vi", "543/1.086 vườn mẫu (50%)"),
        ("env_waste_t", "0", "exact", "vi", "0 tấn"),
        ("env_waste_t", None, "exact", "vi", "chưa có số liệu"),
        ("env_waste_t", None, "exact", "en", "no figure yet"),
    ],
)
def test_a_figure_is_written_with_its_word_its_unit_and_its_share(
    ledger: Ledger, code: str, value: str | None, word: str, locale: str, written: str
) -> None:
    number = None if value is None else Decimal(value)
    assert indicators.display(ledger.indicator(code), number, word, locale=locale) == written


def test_percentages_round_half_up() -> None:
    assert indicators.percent(Decimal(1), Decimal(800)) == Decimal("0.13")


@pytest.mark.parametrize(
    ("value", "word", "reached"),
    [(200, "exact", True), (200, "over", True), (200, "nearly", False), (200, "about", False), (201, "nearly", True)],
)
def test_nearly_the_target_is_not_the_target(value: int, word: str, reached: bool) -> None:
    assert reaches(Decimal(value), word, Decimal(200)) is reached


class Shares:
    """An order with a lead, two wards and their quarters."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.city = ledger.area("Cẩm Phả", level="city")
        self.order = ledger.order(self.city, "green_turns", "sea_turns", targets={"green_turns": 200})
        self.lead = ledger.assign(self.order, self.city, part=Part.LEAD)
        self.wards = [ledger.area(name, parent=self.city, level="commune") for name in ("Cẩm Thịnh", "Quang Hanh")]
        self.of: dict[str, Assignment] = {}
        self.quarters: dict[str, Area] = {}
        for ward in self.wards:
            above = self.of[ward.name] = ledger.assign(self.order, ward, parent=self.lead)
            for number in (1, 2, 3):
                quarter = ledger.area(f"Khu {number}", parent=ward)
                key = f"{ward.name} {number}"
                self.quarters[key], self.of[key] = quarter, ledger.assign(self.order, quarter, parent=above)

    def reported(self, *keys: str, nothing: bool = False) -> None:
        for key in keys:
            self.of[key].progress, self.of[key].submitted_at = Progress.TO_CONFIRM, NOW
            self.of[key].nothing_to_report = nothing
        self.ledger.session.flush()

    def all_reported(self, *, nothing: bool = False) -> None:
        self.reported(*self.of, nothing=nothing)


@pytest.fixture
def shares(ledger: Ledger) -> Shares:
    return Shares(ledger)


def of(session: Session, order: Order, code: str) -> rollups.Result:
    rollups.fold(session)
    return next(result for result in rollups.results(session, order) if result.code == code)


def test_missing_is_never_zero(shares: Shares, session: Session) -> None:
    result = of(session, shares.order, "green_turns")
    assert (result.value, result.display, result.percent, result.reached) == (None, "chưa có số liệu", None, None)
    assert result.target_display == "200 lượt người"


def test_nothing_to_report_everywhere_is_a_true_zero(shares: Shares, session: Session) -> None:
    shares.reported("Cẩm Thịnh 1", "Cẩm Thịnh 2", nothing=True)
    assert of(session, shares.order, "green_turns").display == "0 lượt người"


def test_nothing_here_does_not_make_a_zero_of_what_nobody_counted(shares: Shares, session: Session) -> None:
    shares.all_reported()
    shares.reported("Cẩm Thịnh 1", nothing=True)
    shares.ledger.figure(shares.order, "green_turns", 100, area=shares.quarters["Cẩm Thịnh 2"])
    assert of(session, shares.order, "sea_turns").display == "chưa có số liệu"
    assert of(session, shares.order, "green_turns").percent == Decimal("50.00")
    opened = rollups.breakdown(session, shares.order.id, "green_turns", shares.wards[0].id)
    assert [part.display for part in opened.parts] == ["0 lượt người", "100 lượt người", "chưa có số liệu"]


def test_who_is_missing_stands_beside_the_number_by_the_deepest_name(shares: Shares, session: Session) -> None:
    shares.all_reported()
    share = shares.of["Quang Hanh 3"]
    share.progress, share.submitted_at = Progress.IN_PROGRESS, None
    session.flush()
    coverage = rollups.coverage(session, shares.order)
    assert (coverage.reported, coverage.expected) == (1, 2)
    assert coverage.sentence() == "mới có 1/2 đơn vị, thiếu: Khu 3, phường Quang Hanh"
    assert coverage.missing[0].assignment_id == share.id
    assert rollups.coverage(session, shares.order, shares.wards[1]).sentence() == "mới có 2/3 đơn vị, thiếu: Khu 3"


def test_a_ward_whose_quarters_are_all_silent_is_named_itself(shares: Shares, session: Session) -> None:
    shares.reported("Cẩm Thịnh", "Cẩm Thịnh 1", "Cẩm Thịnh 2", "Cẩm Thịnh 3")
    assert rollups.coverage(session, shares.order).sentence() == "mới có 1/2 đơn vị, thiếu: phường Quang Hanh"


def test_a_ward_that_has_not_consolidated_is_missing_though_its_quarters_reported(
    shares: Shares, session: Session
) -> None:
    shares.all_reported()
    shares.of["Quang Hanh"].progress, shares.of["Quang Hanh"].submitted_at = Progress.IN_PROGRESS, None
    session.flush()
    assert rollups.coverage(session, shares.order).sentence() == "mới có 1/2 đơn vị, thiếu: phường Quang Hanh"


def test_a_returned_report_is_missing_again(shares: Shares, session: Session) -> None:
    shares.all_reported()
    share = shares.of["Quang Hanh 3"]
    share.progress, share.returned_at = Progress.REDO, NOW + timedelta(hours=1)
    session.flush()
    assert rollups.coverage(session, shares.order).missing[0].name == "Khu 3"


def test_refused_shares_are_not_expected_and_full_coverage_says_nothing(shares: Shares, session: Session) -> None:
    shares.all_reported()
    shares.of["Quang Hanh 3"].progress = Progress.REFUSED
    session.flush()
    assert rollups.coverage(session, shares.order).sentence() == ""


def test_a_breakdown_has_targets_shares_and_what_the_area_entered_itself(shares: Shares, session: Session) -> None:
    ward = shares.wards[0]
    session.add(Target(order_id=shares.order.id, indicator_code="green_turns", area_id=ward.id, value=Decimal(80)))
    shares.ledger.figure(shares.order, "green_turns", 60, area=shares.quarters["Cẩm Thịnh 1"], qualifier="nearly")
    shares.ledger.figure(shares.order, "green_turns", 15, area=shares.city)
    rollups.fold(session)
    opened = rollups.breakdown(session, shares.order.id, "green_turns", shares.city.id)
    assert (opened.total.display, opened.total.percent) == ("gần 75 lượt người", Decimal("37.50"))
    assert [(part.name, part.display, part.percent, part.own) for part in opened.parts] == [
        ("phường Cẩm Thịnh", "gần 60 lượt người", Decimal("75.00"), False),
        ("phường Quang Hanh", "chưa có số liệu", None, False),
        ("thành phố Cẩm Phả", "15 lượt người", None, True),
    ]


def test_leaves_come_in_pages_with_photos_of_every_version(shares: Shares, session: Session) -> None:
    ledger, quarter = shares.ledger, shares.quarters["Cẩm Thịnh 1"]
    instance = ledger.instance(shares.of["Cẩm Thịnh 1"])
    first = ledger.report(instance, {"held_on": "2018-03-04", "title": "Ra quân", "figures": {"green_turns": 10}})
    second = ledger.report(instance, {"held_on": "2018-03-04", "title": "Ra quân", "figures": {"green_turns": 12}})
    for task in (first, second):
        photo = {"media_type": "image/jpeg", "sha256": "0" * 64, "size": 1, "at": NOW}
        session.add(Attachment(task_id=task.id, name=f"anh-{task.id[-4:]}.jpg", **photo))
    for number in range(5):
        ledger.figure(shares.order, "green_turns", number, area=quarter, on=date(2018, 2, 4))
    session.flush()
    page = rollups.leaves(session, shares.order.id, "green_turns", shares.city.id, limit=4)
    rest = rollups.leaves(session, shares.order.id, "green_turns", shares.city.id, limit=4, after=page[-1].cursor)
    assert [leaf.display for leaf in page] == ["12 lượt người", "4 lượt người", "3 lượt người", "2 lượt người"]
    assert [leaf.value for leaf in rest] == [1, 0]
    assert (page[0].title, page[0].area, len(page[0].photos)) == ("Ra quân", "Khu 1", 2)
    assert [version.value for version in page[0].versions] == [10]
    with pytest.raises(Invalid):
        rollups.leaves(session, shares.order.id, "green_turns", shares.city.id, after="x")


def test_only_figures_of_visible_orders_are_found(shares: Shares, session: Session) -> None:
    shares.ledger.figure(shares.order, "green_turns", 10, area=shares.quarters["Cẩm Thịnh 1"])
    stranger = Actor("p" * 32, None, shares.ledger.area("Hạ Long").id)
    assert rollups.search_figures(session, stranger) == []
    assert len(rollups.search_figures(session, SYSTEM, indicator="green_turns", area=shares.wards[0].id)) == 1
    assert rollups.search_figures(session, SYSTEM, area=shares.wards[1].id) == []
    assert rollups.search_figures(session, SYSTEM, since=date(2018, 3, 5)) == []


def test_each_question_costs_three_statements(shares: Shares, session: Session) -> None:
    instance = shares.ledger.instance(shares.of["Cẩm Thịnh 1"])
    for value in (10, 12):
        shares.ledger.report(instance, {"held_on": "2018-03-04", "figures": {"green_turns": value}})
    rollups.fold(session)
    spring, order, city = rollups.Period(until=date(2018, 6, 1)), shares.order, shares.city.id
    statements: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *args: statements.append(args[2]))
    for ask in (
        lambda: rollups.results(session, order),
        lambda: rollups.results(session, order, period=spring),
        lambda: rollups.breakdown(session, order.id, "green_turns", city),
        lambda: rollups.breakdown(session, order.id, "green_turns", city, period=spring),
        lambda: rollups.leaves(session, order.id, "green_turns", city),
        lambda: rollups.coverage(session, order),
    ):
        statements.clear()
        ask()
        assert len(statements) <= 3
