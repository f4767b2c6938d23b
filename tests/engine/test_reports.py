"""A report enters events, claims and figures; sent again it amends; what was counted is never deleted."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import reports, rollups, suspicions
from models.assignments import Assignment, Part
from models.errors import Invalid, NotAllowed, WrongState
from models.orders import Order, OrderIndicator
from models.organizations import Area
from models.permissions import Actor
from models.reports import Claim, EventRecord, Figure, Suspicion
from tests.engine.ledger import NOW, Ledger, session

__all__ = ["session"]

SUNDAY = "2018-03-04"
NEXT_SUNDAY = "2018-03-11"
WEEK = {"held_on": SUNDAY, "figures": {"green_turns": 25, "green_roads": 2}}


class Place:
    """A city, a ward, a quarter: the order, the shares and the quarter's instance."""

    def __init__(self, session: Session) -> None:
        self.ledger = Ledger(session)
        self.city = self.ledger.area("Cẩm Phả", level="city")
        self.ward = self.ledger.area("Cẩm Thịnh", parent=self.city, level="commune")
        self.quarter = self.ledger.area("Khu 1", parent=self.ward)
        self.order = self.ledger.order(self.city, "green_turns", "green_roads", "green_weeks", "dvk_models")
        self.lead = self.ledger.assign(self.order, self.city, part=Part.LEAD)
        self.above = self.ledger.assign(self.order, self.ward, parent=self.lead)
        self.share = self.ledger.assign(self.order, self.quarter, parent=self.above)
        self.instance = self.ledger.instance(self.share)

    def report(self, *rows: dict[str, Any], **plain: Any) -> None:
        self.ledger.report(self.instance, *rows, **plain)

    def head(self, area: Area) -> Actor:
        return Actor("p" * 32, None, area.id, roles=frozenset({"quarter_head"}), title=f"Trưởng {area.name}")


@pytest.fixture
def place(session: Session) -> Place:
    return Place(session)


def said(session: Session) -> list[tuple[str, str, Decimal]]:
    """Return (day, indicator, value) of the figures that stand."""
    figures = session.scalars(Figure.current().order_by(Figure.held_on, Figure.indicator_code, Figure.id))
    return [(figure.held_on.isoformat(), figure.indicator_code, figure.value) for figure in figures]


def totals(session: Session, order: Order) -> dict[str, Decimal | None]:
    rollups.fold(session)
    assert rollups.recompute(session, order.id) == 0
    return {result.code: result.value for result in rollups.results(session, order)}


def logged(session: Session) -> list[str]:
    return [row["fact"] for _, row, _ in session.info["audit"] if not row["fact"].startswith("indicator")]


def test_each_row_is_an_event_with_figures_and_a_claim(place: Place, session: Session) -> None:
    place.report(WEEK, {"held_on": NEXT_SUNDAY, "title": "Ra quân", "figures": {"green_turns": (30, "nearly")}})
    events = session.scalars(select(EventRecord).order_by(EventRecord.held_on)).all()
    assert [(event.held_on.isoformat(), event.title, event.series) for event in events] == [
        (SUNDAY, None, "green-sunday"),
        (NEXT_SUNDAY, "Ra quân", "green-sunday"),
    ]
    claims = session.scalars(select(Claim)).all()
    assert {(claim.organization_id, claim.part) for claim in claims} == {(place.quarter.id, Part.LOCAL)}
    figure = session.scalars(select(Figure).where(Figure.qualifier == "nearly")).one()
    assert (figure.area_id, figure.assignment_id, figure.kind) == (place.quarter.id, place.share.id, "report")
    assert logged(session) == ["figure:entered"]


def test_nobody_is_asked_how_many_weeks_were_held(place: Place, session: Session) -> None:
    skipped = {"held_on": NEXT_SUNDAY, "not_held_reason": "Mưa bão", "figures": {}}
    place.report(WEEK, skipped)
    assert totals(session, place.order)["green_weeks"] == 1
    event = session.scalars(select(EventRecord).where(EventRecord.not_held_reason.is_not(None))).one()
    assert (event.not_held_reason, event.series) == ("Mưa bão", "green-sunday")


def test_organizations_named_in_a_row_claim_the_event_too(place: Place, session: Session) -> None:
    place.report({**WEEK, "organizations": [place.ward.id]})
    claims = session.scalars(select(Claim)).all()
    assert {(claim.organization_id, claim.part) for claim in claims} == {
        (place.quarter.id, Part.LOCAL),
        (place.ward.id, Part.COORDINATING),
    }


def test_a_form_without_rows_is_one_event_if_it_has_a_day(place: Place, session: Session) -> None:
    place.report(held_on=SUNDAY, figures={"green_turns": 12})
    assert said(session) == [(SUNDAY, "green_turns", 12), (SUNDAY, "green_weeks", 1)]
    assert session.scalars(select(EventRecord)).one().held_on == date(2018, 3, 4)


def test_plain_figures_belong_to_no_event_and_to_today(place: Place, session: Session) -> None:
    place.report(figures={"dvk_models": 6})
    assert said(session) == [("2018-10-12", "dvk_models", 6)]
    assert session.scalars(select(EventRecord)).all() == []


def test_a_new_version_of_a_plain_figure_keeps_its_day(place: Place, session: Session) -> None:
    place.report(figures={"dvk_models": 6})
    session.info["now"] = NOW + timedelta(days=9)
    place.report(figures={"dvk_models": 7})
    assert said(session) == [("2018-10-12", "dvk_models", 7)]


def test_nothing_to_report_is_a_true_zero_and_no_figure(place: Place, session: Session) -> None:
    place.report(nothing=True)
    assert place.share.nothing_to_report
    assert said(session) == []
    assert logged(session) == ["figure:entered"]


def test_a_report_sent_again_amends_what_changed_and_leaves_the_rest(place: Place, session: Session) -> None:
    place.report(WEEK)
    before = session.scalars(select(Figure.id).where(Figure.indicator_code == "green_roads")).one()
    rollups.fold(session)
    place.report({"held_on": SUNDAY, "figures": {"green_turns": 27, "green_roads": 2}})
    assert said(session) == [(SUNDAY, "green_roads", 2), (SUNDAY, "green_turns", 27), (SUNDAY, "green_weeks", 1)]
    changed = session.scalars(select(Figure).where(Figure.amends_id.is_not(None))).one()
    assert (changed.value, session.get_one(Figure, changed.amends_id).value) == (27, 25)
    assert session.scalars(select(Figure.id).where(Figure.indicator_code == "green_roads")).one() == before
    assert len(session.scalars(select(EventRecord)).all()) == 1
    assert totals(session, place.order) == {
        "green_turns": 27, "green_roads": 2, "green_weeks": 1, "dvk_models": None
    }  # fmt: skip


def test_a_row_that_is_gone_is_taken_back_and_stays_in_the_ledger(place: Place, session: Session) -> None:
    place.report(WEEK, {"held_on": NEXT_SUNDAY, "figures": {"green_turns": 30}})
    rollups.fold(session)
    place.report(WEEK)
    assert totals(session, place.order)["green_turns"] == 25
    assert totals(session, place.order)["green_weeks"] == 1
    gone = session.scalars(select(EventRecord).where(EventRecord.withdrawn_at.is_not(None))).one()
    assert gone.held_on.isoformat() == NEXT_SUNDAY
    assert len(session.scalars(select(Figure).where(Figure.event_id == gone.id)).all()) == 4


def test_a_week_reported_and_then_said_not_held_no_longer_counts(place: Place, session: Session) -> None:
    place.report(WEEK)
    rollups.fold(session)
    place.report({"held_on": SUNDAY, "not_held_reason": "Mưa bão"})
    assert totals(session, place.order) == dict.fromkeys(("green_turns", "green_roads", "green_weeks", "dvk_models"))


def test_another_instance_is_another_report(place: Place, session: Session) -> None:
    place.report(WEEK)
    place.ledger.report(place.ledger.instance(place.share), {"held_on": NEXT_SUNDAY, "figures": {"green_turns": 30}})
    assert totals(session, place.order)["green_turns"] == 55


def test_a_decision_to_return_reports_nothing(place: Place, session: Session) -> None:
    place.report(figures={"dvk_models": 6})
    place.report(routing={"decision": "return"})
    assert said(session) == [("2018-10-12", "dvk_models", 6)]


@pytest.mark.parametrize("case", ["consolidated", "past the cut-off"])
def test_what_comes_after_the_level_above_is_a_supplement(place: Place, session: Session, case: str) -> None:
    if case == "consolidated":
        place.above.submitted_at = NOW - timedelta(hours=1)
    else:
        place.above.due_at = NOW - timedelta(hours=1)
    place.report(WEEK)
    assert set(session.scalars(select(Figure.kind))) == {"late"}
    assert logged(session) == ["figure:added_late"]


def test_after_the_level_above_was_returned_a_report_is_in_time_again(place: Place, session: Session) -> None:
    place.above.submitted_at, place.above.returned_at = NOW - timedelta(hours=2), NOW - timedelta(hours=1)
    place.report(WEEK)
    assert set(session.scalars(select(Figure.kind))) == {"report"}


def test_a_commune_counts_once_where_communes_are_counted(session: Session) -> None:
    ledger = Ledger(session)
    city = ledger.area("Cẩm Phả")
    order = ledger.order(city, "ntm_communes", "ntm_gardens_done")
    for asked in session.scalars(select(OrderIndicator)):
        asked.reported_at = "locality"
    for name in ("Dương Huy", "Cộng Hòa", "Cẩm Hải"):
        commune = ledger.area(name, parent=city)
        ledger.area("Thôn 1", parent=commune)
        instance = ledger.instance(ledger.assign(order, commune))
        for gardens in (100, 120):
            ledger.report(instance, figures={"ntm_gardens_done": gardens})
    assert totals(session, order) == {"ntm_communes": 3, "ntm_gardens_done": 360}


def test_a_correction_points_at_the_old_figure_and_says_why(place: Place, session: Session) -> None:
    place.report(WEEK)
    rollups.fold(session)
    figure = session.scalars(select(Figure).where(Figure.indicator_code == "green_turns")).one()
    actor = place.head(place.quarter)
    new = reports.correct(session, figure, actor=actor, value=Decimal(24), reason="Đếm lại")
    assert (new.amends_id, new.kind, new.reason, new.held_on) == (figure.id, "correction", "Đếm lại", figure.held_on)
    assert totals(session, place.order)["green_turns"] == 24
    assert logged(session) == ["figure:entered", "figure:corrected"]
    leaf = rollups.leaves(session, place.order.id, "green_turns", place.city.id)[0]
    assert [(version.display, version.replaced_because) for version in leaf.versions] == [("25 lượt người", "Đếm lại")]


def test_a_figure_is_corrected_once_and_then_its_successor(place: Place, session: Session) -> None:
    place.report(WEEK)
    figure = session.scalars(select(Figure).where(Figure.indicator_code == "green_turns")).one()
    actor = place.head(place.quarter)
    reports.correct(session, figure, actor=actor, value=Decimal(24), reason="Đếm lại")
    with pytest.raises(WrongState) as refused:
        reports.correct(session, figure, actor=actor, value=Decimal(23), reason="Đếm lại")
    assert refused.value.facts["who"] == "Trưởng Khu 1"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"value": Decimal("24.5")}, "value"),
        ({"value": Decimal(-1)}, "value"),
        ({"value": Decimal(25)}, "value"),
        ({"reason": "  "}, "reason"),
        ({"qualifier": "fast"}, "qualifier"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(
    place: Place, session: Session, change: dict[str, Any], field: str
) -> None:
    place.report(WEEK)
    figure = session.scalars(select(Figure).where(Figure.indicator_code == "green_turns")).one()
    answers: dict[str, Any] = {"value": Decimal(24), "reason": "Đếm lại", **change}
    with pytest.raises(Invalid) as refused:
        reports.correct(session, figure, actor=place.head(place.quarter), **answers)
    assert list(refused.value.fields) == [field]
    assert logged(session) == ["figure:entered"]


def test_another_organization_may_not_correct(place: Place, session: Session) -> None:
    place.report(WEEK)
    figure = session.scalars(select(Figure).where(Figure.indicator_code == "green_turns")).one()
    with pytest.raises(NotAllowed):
        reports.correct(session, figure, actor=place.head(place.ward), value=Decimal(24), reason="Đếm lại")


class Pair:
    """The quarter and the Youth Union record the same Sunday of the same quarter."""

    def __init__(self, place: Place, **differing: Any) -> None:
        ledger, session = place.ledger, place.ledger.session
        youth = ledger.area("Thành đoàn", parent=place.city)
        other = Assignment(
            order=place.order, parent=place.lead, organization_id=youth.id, area_id=place.quarter.id,
            part=Part.COORDINATING, created_at=NOW,
        )  # fmt: skip
        session.add(other)
        session.flush()
        place.report(WEEK)
        figures = {"green_turns": 40, "green_streams": 1}
        self.instance, self.row = ledger.instance(other), {"held_on": SUNDAY, "figures": figures}
        ledger.report(self.instance, self.row | differing)
        by = {event.assignment_id: event for event in session.scalars(select(EventRecord))}
        self.keep, self.drop = by[place.share.id], by[other.id]


def suspected(session: Session) -> list[set[str]]:
    """Compare what was recorded, and return the pairs that look like one event."""
    suspicions.compare(session)
    return [{one.one_id, one.other_id} for one in session.scalars(select(Suspicion))]


def test_the_same_sunday_of_two_organizations_is_suspected(place: Place, session: Session) -> None:
    pair = Pair(place)
    assert suspected(session) == [{pair.keep.id, pair.drop.id}]
    assert suspicions.compare(session) == 0
    assert totals(session, place.order)["green_turns"] == 65


def test_two_events_of_one_organization_on_a_day_are_not_suspected(place: Place, session: Session) -> None:
    place.report(WEEK, WEEK)
    assert suspected(session) == []


@pytest.mark.parametrize(
    "differing",
    [{"held_on": NEXT_SUNDAY}, {"figures": {"dvk_models": 1}}, {"not_held_reason": "Mưa"}],
    ids=["another day", "another topic", "not held"],
)
def test_what_differs_in_day_or_topic_or_was_not_held_is_not_suspected(
    place: Place, session: Session, differing: dict[str, Any]
) -> None:
    Pair(place, **differing)
    assert suspected(session) == []


def test_what_is_later_said_to_have_been_held_is_compared_then(place: Place, session: Session) -> None:
    pair = Pair(place, not_held_reason="Mưa")
    assert suspected(session) == []
    place.ledger.report(pair.instance, pair.row)
    assert suspected(session) == [{pair.keep.id, pair.drop.id}]


def test_merging_counts_once_keeps_what_only_one_counted_and_credits_both(place: Place, session: Session) -> None:
    pair = Pair(place)
    rollups.fold(session)
    reports.merge_events(session, pair.keep, pair.drop, actor=place.head(place.city), reason="Cùng một buổi")
    assert totals(session, place.order)["green_turns"] == 25
    assert (SUNDAY, "green_streams", 1) in said(session)
    assert {claim.part for claim in pair.keep.claims} == {Part.LOCAL, Part.COORDINATING}
    assert suspected(session) == []
    assert logged(session)[-1] == "event:merged"


def test_a_report_sent_again_does_not_undo_a_merge(place: Place, session: Session) -> None:
    pair = Pair(place)
    reports.merge_events(session, pair.keep, pair.drop, actor=place.head(place.city), reason="Cùng một buổi")
    other = place.ledger.session.get_one(Assignment, pair.drop.assignment_id)
    task = session.scalars(select(Figure.task_id).where(Figure.event_id == pair.drop.id)).first()
    before = said(session)
    instance = place.ledger.instance_of_task(task)
    assert instance.assignment_id == other.id
    place.ledger.report(instance, {"held_on": SUNDAY, "figures": {"green_turns": 41, "green_streams": 1}})
    assert said(session) == before


def test_keeping_both_needs_a_reason_and_is_not_asked_again(place: Place, session: Session) -> None:
    pair = Pair(place)
    with pytest.raises(Invalid):
        reports.keep_both(session, pair.keep, pair.drop, actor=place.head(place.city), reason="")
    reports.keep_both(session, pair.drop, pair.keep, actor=place.head(place.city), reason="Hai buổi sáng, chiều")
    assert suspected(session) == []
    assert totals(session, place.order)["green_turns"] == 65


def test_only_the_lead_or_the_bloc_decides_and_only_once(place: Place, session: Session) -> None:
    pair = Pair(place)
    with pytest.raises(NotAllowed):
        reports.merge_events(session, pair.keep, pair.drop, actor=place.head(place.quarter), reason="Của tôi")
    reports.merge_events(session, pair.keep, pair.drop, actor=place.head(place.city), reason="Cùng một buổi")
    with pytest.raises(WrongState):
        reports.merge_events(session, pair.keep, pair.drop, actor=place.head(place.city), reason="Cùng một buổi")
