"""The environment order of 2018: who led, what communes and quarters reported, how the result was accepted."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine import notation, reports
from engine.indicators import codes_of
from engine.targets import link_topics
from models.orders import Order
from models.reports import EventRecord, Figure
from webapp.demo.cam_pha import COMMUNES
from webapp.demo.register import quarter_login
from webapp.demo.splits import NOT_HELD, divide, held_weeks, sunday_of, uneven
from webapp.demo.story import PLAN, Draft, Story, agree, assign, begin, commune_login, event_on, plan, sign

SILENT = ("Mông Dương", 5)
CORRECTED = "Cẩm Trung"


def tell(story: Story) -> None:
    """The environment order: the Women's Union leads, 16 communes and their quarters report, the result is accepted."""
    draft = Draft(
        "ORD-2",
        "Thực hiện vệ sinh môi trường Ngày thứ 7, chủ nhật xanh, ra quân làm vệ sinh môi trường biển",
        "environment",
        "12/10/2018",
        tuple(codes_of("ORD-2")),
        "Hội LHPN thành phố chủ trì; các tổ chức trong khối và nhân dân phối hợp",
        "Dọn đường phố, khơi thông suối, thu gom rác thải; ra quân làm vệ sinh môi trường biển",
        topics=("vệ sinh môi trường Ngày thứ 7, chủ nhật xanh", "ra quân làm vệ sinh môi trường biển"),
        targets={"env_people": "12.000", "env_street_km": "280", "env_stream_km": "90", "env_waste_t": "200",
                 "green_turns": "20.000", "green_streams": "16", "green_roads": "180"},
        when="Hằng tuần, vào thứ 7, chủ nhật",
        until="12/10/2018",
    )  # fmt: skip
    begin(story, "2018-01-15 09:10", draft)
    story.when("2018-01-15 09:15", lambda: _link_topics(story, draft))
    sign(story, "2018-01-15 16:30", "ORD-2")
    assign(story, "2018-01-17", "ORD-2", "phu_nu", ("thanh_nien", "nong_dan"), "11/10/2018")
    days = ("2018-01-18", "2018-01-24", "2018-01-29", "2018-01-31")
    plan(story, "ORD-2", "phunu", days, {**PLAN, "due_on": "10/10/2018"})
    agree(story, "2018-01-26 09:00", "ORD-2", "thanhnien", "nongdan")
    story.step("2018-02-01 08:00", "phunu", "roll_out", "ORD-2")
    for _, name, _ in COMMUNES:
        login = commune_login(name)
        story.step("2018-02-02 09:00", login, "accept_locality", "ORD-2", decision="accept")
        story.step("2018-02-02 14:00", login, "assign_locality", "ORD-2")
    _quarters_report(story)
    _communes_report(story)
    youth = {"records": [{"held_on": "04/03/2018", "title": "Ngày chủ nhật xanh", "figures": {}}]}
    summary = "Huy động đoàn viên tham gia các buổi ra quân; số liệu do địa bàn nhập, không nhập lại."
    story.step("2018-10-08 10:00", "thanhnien", "report_part", "ORD-2", summary=summary, **youth)
    farmers = {"records": [{"held_on": "07/10/2018", "title": "Thu gom bao bì thuốc bảo vệ thực vật", "figures": {}}]}
    story.step("2018-10-08 11:00", "nongdan", "report_part", "ORD-2", summary=summary, **farmers)
    story.when("2018-10-08 17:30", story.play.pass_time)
    story.when("2018-10-09 09:15", lambda: _correct(story))
    story.when("2018-10-09 15:00", lambda: _merge(story))
    report = "Phong trào đi vào nền nếp; số liệu tổng hợp từ 16 phường, xã; một khu chưa có số liệu."
    story.step("2018-10-10 09:00", "phunu", "consolidate_result", "ORD-2", decision="send", report=report)
    appraisal = "Báo cáo đủ chỉ tiêu; phần biển chưa có số liệu."
    story.step("2018-10-10 15:00", "truong.khoi", "appraise_result", "ORD-2", decision="approve", appraisal=appraisal)
    comparison = "Đạt các chỉ tiêu chính; vệ sinh môi trường biển chưa có số liệu."
    story.step("2018-10-11 09:00", "vp.ubnd", "compare_with_order", "ORD-2", proposal="dat", comparison=comparison)
    story.step("2018-10-11 16:00", "lanhdao.ubnd", "nghiem_thu", "ORD-2", decision="dat")


def _link_topics(story: Story, draft: Draft) -> None:
    weekend, sea = draft.topics
    links = {sea: ("sea_turns", "sea_waste_t"), weekend: [code for code in draft.indicators if code[:4] != "sea_"]}
    with story.play.doing() as session:
        link_topics(session, session.get_one(Order, story.ids[draft.key]), links)


def _quarters() -> list[tuple[str, int]]:
    return [(name, n) for _, name, count in COMMUNES for n in range(1, count + 1)]


def _quarters_report(story: Story) -> None:
    """Divide the weekly campaign over the quarters: every held week is somebody's, four weeks say why not."""
    places = [place for place in _quarters() if place != SILENT]
    weeks = held_weeks()
    each = [sorted({weeks[(3 * i + 7 * k) % len(weeks)] for k in range(5)}) for i in range(len(places))]
    rows = [(place, week) for place, chosen in zip(places, each, strict=True) for week in chosen]
    weights = uneven(len(rows), 3)
    turns = divide("19000", weights)
    streams = _some(16, len(rows), every=37)
    roads = _some(186, len(rows), every=3)
    waste = [Decimal(weight // 10) / 10 for weight in weights]
    entries: dict[tuple[str, int], list[dict[str, Any]]] = {place: [] for place in places}
    for i, (place, week) in enumerate(rows):
        figures = {
            "green_turns": turns[i],
            "green_roads": roads[i],
            "green_streams": streams[i],
            "green_waste_t": waste[i],
        }
        if place[0] == CORRECTED and place[1] == 1 and not entries[place]:
            figures["green_waste_t"] = Decimal("12.4")
        entries[place].append(event_on(sunday_of(week), figures, nearly="green_turns" if i % 40 == 0 else ""))
    for week, reason in NOT_HELD.items():
        held_on = notation.format_date(sunday_of(week))
        entries["Quang Hanh", 1].append({"held_on": held_on, "not_held_reason": reason, "figures": {}})
    for i, place in enumerate(places):
        at = f"2018-10-{7 if i % 3 else 8:02d} {8 + i % 9:02d}:{i % 60:02d}"
        if i % 3 == 0:
            at = f"2018-10-08 {8 + i % 7:02d}:{i % 60:02d}"
        story.step(at, quarter_login(*place), "carry_out", "ORD-2", records=entries[place])


def _some(total: int, count: int, *, every: int) -> list[Decimal]:
    """Return small whole numbers that sum to the total, on every n-th row."""
    chosen = list(range(0, count, every))
    shares = divide(str(total), uneven(len(chosen), 5))
    return [shares[chosen.index(i)] if i % every == 0 else Decimal(0) for i in range(count)]


def _communes_report(story: Story) -> None:
    """Divide the launches and conferences over the communes, three events each; these figures are the communes' own."""
    names = [name for _, name, _ in COMMUNES]
    days = (date(2018, 2, 3), date(2018, 5, 19), date(2018, 9, 8))
    titles = (
        "Hội nghị triển khai chủ đề công tác năm 2018",
        "Hội nghị chuyên đề bảo vệ môi trường",
        "Ra quân đồng loạt",
    )
    rows = [(name, n) for name in names for n in range(len(days))]
    weights = uneven(len(rows), 11)
    totals = {
        "env_people": ("12283", 0),
        "env_street_km": ("285.5", 1),
        "env_stream_km": ("85.6", 1),
        "env_waste_t": ("198.6", 1),
    }
    shares = {code: divide(total, weights, decimals) for code, (total, decimals) in totals.items()}
    for i, name in enumerate(names):
        records = []
        for n, day in enumerate(days):
            row = rows.index((name, n))
            record = event_on(day, {code: shares[code][row] for code in totals})
            records.append({**record, "title": titles[n]})
        at = "2018-10-09 08:30" if name == SILENT[0] else f"2018-10-08 {16 if i % 2 else 15}:{10 + i:02d}"
        story.step(at, commune_login(name), "consolidate_locality", "ORD-2", decision="ok", records=records)


def _correct(story: Story) -> None:
    """A commune finds an error after sending: 12,4 becomes 11,9, and both stay readable."""
    login = quarter_login(CORRECTED, 1)
    with story.play.doing() as session:
        wrong = session.scalar(
            select(Figure).where(Figure.indicator_code == "green_waste_t", Figure.value == Decimal("12.4"))
        )
        if wrong is None:
            raise LookupError("the figure to correct is not there")
        reports.correct(
            session,
            wrong,
            actor=story.play.actor(login),
            value=Decimal("11.9"),
            reason="Cân lại theo phiếu của đơn vị thu gom",
        )


def _merge(story: Story) -> None:
    """The Youth Union recorded a Sunday that a quarter had recorded too: one event, two claims."""
    day = date(2018, 3, 4)
    with story.play.doing() as session:
        same = select(EventRecord).where(EventRecord.order_id == story.ids["ORD-2"], EventRecord.held_on == day)
        events = list(session.scalars(same.order_by(EventRecord.id)))
        youth = next(event for event in events if event.title == "Ngày chủ nhật xanh")
        keep = next((event for event in events if event.id != youth.id), None)
        if keep is not None:
            reports.merge_events(
                session, keep, youth, actor=story.play.actor("phunu"), reason="Cùng một buổi, hai đơn vị cùng ghi"
            )
