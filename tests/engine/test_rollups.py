"""Totals equal their leaves, at every level, whatever was amended, and however the folding was cut into pieces."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from engine import rollups
from engine.rollups.adding import Sum
from models.database import Database
from models.organizations import Area
from models.reports import Figure
from models.rollups import Total
from tests.engine.ledger import NOW, Ledger, ledger, session
from tests.world import ON_POSTGRES

__all__ = ["ledger", "session"]


def total(session: Session, order_id: str, code: str, area: Area) -> Total:
    query = select(Total).where(Total.order_id == order_id, Total.indicator_code == code, Total.area_id == area.id)
    return session.scalars(query.execution_options(populate_existing=True)).one()


CODES = ("green_turns", "env_waste_t", "dvk_models", "green_weeks", "ntm_communes")
QUALIFIERS = st.sampled_from(("exact", "exact", "exact", "over", "nearly", "about"))
VALUES = st.decimals(min_value=0, max_value=10**6, places=1) | st.just(Decimal(0))
NEW = st.tuples(st.just("new"), st.integers(0, 99), st.sampled_from(CODES), VALUES, QUALIFIERS, st.integers(0, 30))
AMEND = st.tuples(st.just("amend"), st.integers(0, 99), VALUES, QUALIFIERS, st.integers(0, 9))
FOLD = st.tuples(st.just("fold"), st.integers(1, 9))
STORIES = st.tuples(
    st.lists(st.integers(0, 99), min_size=1, max_size=9),
    st.integers(0, 99),
    st.lists(NEW | AMEND | FOLD, min_size=1, max_size=40),
)
# Not shrunk: with a database behind it that takes longer than the time limit of a test, and hides the failure.
RANDOM = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
PERIODS = st.tuples(st.integers(0, 30), st.integers(0, 30))


class Told:
    """One random story: areas, figures, amendments and folds of all sizes, checked after each fold."""

    def __init__(self, session: Session, parents: list[int], top: int) -> None:
        self.ledger, self.session = Ledger(session), session
        self.areas = [self.ledger.area("gốc")]
        for place, parent in enumerate(parents):
            self.areas.append(self.ledger.area(f"nơi {place}", parent=self.areas[parent % len(self.areas)]))
        self.top = self.areas[top % len(self.areas)]
        self.order = self.ledger.order(self.top, *CODES)
        self.tips: list[Figure] = []

    def new(self, area: int, code: str, value: Decimal, qualifier: str, day: int) -> None:
        place, on = self.areas[area % len(self.areas)], date(2018, 1, 1) + timedelta(days=day)
        self.tips.append(self.ledger.figure(self.order, code, value, area=place, qualifier=qualifier, on=on))

    def amend(self, which: int, value: Decimal, qualifier: str, how: int) -> None:
        if not self.tips:
            return
        place = which % len(self.tips)
        changes: dict[str, Any] = {"kind": "withdrawn"} if how == 0 else {}
        if how == 1:
            changes["held_on"] = date(2018, 2, 20)
        self.tips[place] = self.ledger.amend(self.tips[place], value, qualifier=qualifier, **changes)

    def fold(self, limit: int) -> None:
        rollups.fold(self.session, limit)
        assert rollups.recompute(self.session, self.order.id) == 0

    def expected(self, since: date = date.min, until: date = date.max) -> dict[tuple[str, str], tuple[Decimal, str]]:
        """Add up the leaves by the plainest reading of domain.md §4."""
        parents = {area.id: area.parent_id for area in self.areas}
        totals = {}
        for code in CODES:
            for area in self.areas:
                below = [f for f in self.tips if f.indicator_code == code and f.kind != "withdrawn"]
                below = [f for f in below if f.held_on <= until and (code == "dvk_models" or f.held_on >= since)]
                below = [f for f in below if area.id in self._counted_in(f.area_id, parents)]
                if below:
                    totals[code, area.id] = self._sum(code, below)
        return totals

    def _counted_in(self, area_id: str, parents: dict[str, str | None]) -> set[str]:
        line, above = [area_id], parents[area_id]
        while above is not None:
            line.append(above)
            above = parents[above]
        return set(line[: line.index(self.top.id) + 1]) if self.top.id in line else {area_id, self.top.id}

    def is_inside(self, area_id: str) -> bool:
        """Tell whether an area lies in the order's: elsewhere only what was entered there is counted."""
        parents = {area.id: area.parent_id for area in self.areas}
        return self._lies_below(area_id, parents)

    def _lies_below(self, area_id: str | None, parents: dict[str, str | None]) -> bool:
        while area_id is not None and area_id != self.top.id:
            area_id = parents[area_id]
        return area_id is not None

    @staticmethod
    def _sum(code: str, figures: list[Figure]) -> tuple[Decimal, str]:
        if code == "green_weeks":
            return Decimal(len({f.held_on.isocalendar()[:2] for f in figures if f.value > 0})), "exact"
        if code == "ntm_communes":
            return Decimal(len({f.area_id for f in figures if f.value > 0})), "exact"
        if code == "dvk_models":
            last = {f.area_id: f for f in sorted(figures, key=lambda f: (f.held_on, f.id))}
            figures = list(last.values())
        words = Sum()
        for figure in figures:
            words.add(figure.value, figure.qualifier)
        return sum((f.value for f in figures), Decimal(0)), words.qualifier

    def stored(self) -> dict[tuple[str, str], tuple[Decimal, str]]:
        rows = self.session.scalars(select(Total).where(Total.order_id == self.order.id, Total.figures > 0))
        return {(row.indicator_code, row.area_id): (row.value, row.qualifier) for row in rows}


@pytest.mark.slow
@settings(RANDOM, max_examples=20 if ON_POSTGRES else 60)
@given(STORIES)
def test_the_fold_says_what_the_leaves_say_and_what_recomputing_says(
    empty_database: Database, story: tuple[list[int], int, list[Any]]
) -> None:
    parents, top, acts = story
    with empty_database.write() as session:
        told = Told(session, parents, top)
        for name, *values in acts:
            getattr(told, name)(*values)
        while rollups.fold(session, 7):
            assert rollups.recompute(session, told.order.id) == 0
        assert told.stored() == told.expected()


@pytest.mark.slow
@settings(RANDOM, max_examples=5 if ON_POSTGRES else 15)
@given(STORIES, PERIODS)
def test_every_total_opens_into_parts_and_leaves_that_make_it_at_any_level_and_period(
    empty_database: Database, story: tuple[list[int], int, list[Any]], days: tuple[int, int]
) -> None:
    parents, top, acts = story
    since, until = (date(2018, 1, 1) + timedelta(days=day) for day in sorted(days))
    with empty_database.write() as session:
        told = Told(session, parents, top)
        for name, *values in acts:
            getattr(told, name)(*values)
        while rollups.fold(session):
            pass
        for period, expected in (
            (rollups.WHOLE, told.expected()),
            (rollups.Period(since, until), told.expected(since, until)),
        ):
            for code, area in {(code, area.id) for code in CODES for area in told.areas}:
                opened = rollups.breakdown(session, told.order.id, code, area, period=period)
                if told.is_inside(area):
                    assert (opened.total.value, opened.total.qualifier) == expected.get((code, area), (None, "exact"))
                    made_of(session, told, opened, period)


def test_folds_beside_each_other_and_a_recomputation_lose_nothing(empty_database: Database) -> None:
    with empty_database.write() as session:
        ledger = Ledger(session)
        city = ledger.area("thành phố")
        quarters = [ledger.area(f"khu {number}", parent=city) for number in range(6)]
        order = ledger.order(city, *CODES)
        for number in range(240):
            code, area = CODES[number % 5], quarters[number % 6]
            on = date(2018, 1, 1) + timedelta(days=number % 50)
            figure = ledger.figure(order, code, number, area=area, on=on, qualifier=("exact", "over")[number % 7 == 0])
            if number % 3 == 0:
                ledger.amend(figure, number + 1, **({"kind": "withdrawn"} if number % 2 else {}))
        session.commit()
    wrong: list[int] = []

    def work(limit: int) -> None:
        done = 1
        while done:
            with empty_database.write() as mine:
                mine.info["now"] = NOW
                done = rollups.fold(mine, limit)
                mine.commit()
            if limit == 3:
                with empty_database.write() as mine:
                    wrong.append(rollups.recompute(mine, order.id))
                    mine.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, (1, 3, 8, 13)))
    with empty_database.write() as session:
        session.info["now"] = NOW
        while rollups.fold(session):
            pass
        assert session.scalars(select(Figure).where(Figure.folded_at.is_(None))).all() == []
        assert rollups.recompute(session, order.id) == 0
    assert set(wrong) == {0}


def made_of(session: Session, told: Told, opened: rollups.Breakdown, period: rollups.Period) -> None:
    """Check that parts and leaves make the total."""
    area = opened.total.area_id
    leaves = rollups.leaves(session, told.order.id, opened.code, area, period=period, limit=1000)
    assert len(leaves) == opened.total.figures
    if opened.adds_up:
        assert sum((leaf.value for leaf in leaves), Decimal(0)) == (opened.total.value or 0)
        if opened.parts:
            assert sum((part.value or 0 for part in opened.parts), Decimal(0)) == (opened.total.value or 0)


def test_recomputing_repairs_a_total_and_says_how_many_were_wrong(ledger: Ledger, session: Session) -> None:
    city = ledger.area("thành phố")
    order = ledger.order(city, "green_turns")
    ledger.figure(order, "green_turns", 25, area=city)
    rollups.fold(session)
    total(session, order.id, "green_turns", city).value = Decimal(26)
    session.flush()
    assert rollups.recompute(session, order.id) == 1
    assert total(session, order.id, "green_turns", city).value == 25
    assert rollups.recompute(session, order.id) == 0


def test_folding_twice_adds_nothing(ledger: Ledger, session: Session) -> None:
    city = ledger.area("thành phố")
    order = ledger.order(city, "green_turns")
    ledger.figure(order, "green_turns", 25, area=city)
    assert (rollups.fold(session), rollups.fold(session)) == (1, 0)
    assert total(session, order.id, "green_turns", city).value == 25


def test_weeks_of_sixteen_communes_are_counted_once(ledger: Ledger, session: Session) -> None:
    city = ledger.area("thành phố")
    communes = [ledger.area(f"phường {n}", parent=city) for n in range(16)]
    order = ledger.order(city, "green_weeks")
    sundays = [date(2018, 1, 7) + timedelta(weeks=week) for week in range(36)]
    for commune in communes:
        for sunday in sundays:
            ledger.figure(order, "green_weeks", 1, area=commune, on=sunday)
    while rollups.fold(session, 100):
        pass
    assert total(session, order.id, "green_weeks", city).value == 36
    assert {total(session, order.id, "green_weeks", commune).value for commune in communes} == {36}


def test_a_stock_takes_the_last_value_of_each_unit(ledger: Ledger, session: Session) -> None:
    city = ledger.area("thành phố")
    one, other = ledger.area("xã 1", parent=city), ledger.area("xã 2", parent=city)
    order = ledger.order(city, "ntm_gardens_done")
    ledger.figure(order, "ntm_gardens_done", 100, area=one, on=date(2018, 5, 1))
    ledger.figure(order, "ntm_gardens_done", 120, area=one, on=date(2018, 9, 1))
    ledger.figure(order, "ntm_gardens_done", 90, area=one, on=date(2018, 2, 1))
    ledger.figure(order, "ntm_gardens_done", 200, area=other, on=date(2018, 6, 1))
    rollups.fold(session, 2)
    rollups.fold(session, 2)
    assert total(session, order.id, "ntm_gardens_done", city).value == 320


def test_a_value_taken_back_gives_the_unit_its_earlier_one(ledger: Ledger, session: Session) -> None:
    city = ledger.area("thành phố")
    order = ledger.order(city, "ntm_gardens_done")
    ledger.figure(order, "ntm_gardens_done", 100, area=city, on=date(2018, 5, 1))
    wrong = ledger.figure(order, "ntm_gardens_done", 999, area=city, qualifier="over", on=date(2018, 9, 1))
    rollups.fold(session)
    ledger.amend(wrong, 0, kind="withdrawn")
    rollups.fold(session)
    found = total(session, order.id, "ntm_gardens_done", city)
    assert (found.value, found.qualifier, found.figures) == (100, "exact", 1)


@pytest.mark.parametrize(
    ("words", "word"),
    [
        (["exact", "exact"], "exact"),
        (["exact", "over"], "over"),
        (["nearly", "exact"], "nearly"),
        (["over", "nearly"], "about"),
        (["exact", "about"], "about"),
    ],
)
def test_the_word_is_carried_up(ledger: Ledger, session: Session, words: list[str], word: str) -> None:
    city = ledger.area("thành phố")
    order = ledger.order(city, "green_turns")
    for qualifier in words:
        ledger.figure(order, "green_turns", 10, area=ledger.area("khu", parent=city), qualifier=qualifier)
    rollups.fold(session)
    assert total(session, order.id, "green_turns", city).qualifier == word


def test_an_amendment_takes_its_word_back_too(ledger: Ledger, session: Session) -> None:
    city = ledger.area("thành phố")
    order = ledger.order(city, "env_waste_t")
    old = ledger.figure(order, "env_waste_t", "12.4", area=city, qualifier="nearly")
    rollups.fold(session)
    ledger.amend(old, "11.9")
    rollups.fold(session)
    found = total(session, order.id, "env_waste_t", city)
    assert (found.value, found.qualifier, found.figures) == (Decimal("11.9"), "exact", 1)


def test_a_batch_costs_a_few_statements_whatever_its_size(ledger: Ledger, session: Session) -> None:
    city = ledger.area("thành phố")
    order = ledger.order(city, *CODES)
    for number in range(60):
        for code in CODES:
            ledger.figure(order, code, 1, area=ledger.area(f"khu {number}", parent=city))
    statements: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert rollups.fold(session, 500) == 300
    assert len(statements) <= 12
