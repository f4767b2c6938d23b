"""What happened in Cẩm Phả from January to 12/10/2018, told as dated acts: three orders, own work, open examples."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine import assignments, notation, orders, reports, tasks
from engine.indicators import codes_of
from engine.targets import link_topics
from models.assignments import Assignment, Part
from models.orders import Order
from models.reports import EventRecord, Figure
from webapp.demo.play import Play
from webapp.demo.register import COMMUNES, Register, quarter_login, slug
from webapp.demo.splits import NOT_HELD, divide, held_weeks, sunday_of, uneven

ILLUSTRATIVE = "Chủ trì, hạn, chỉ tiêu và phân bổ là số liệu minh hoạ."
SILENT = ("Mông Dương", 5)
CORRECTED = "Cẩm Trung"
Act = Callable[[], None]


@dataclass
class Story:
    """Dated acts, told in the order of their dates."""

    play: Play
    register: Register
    acts: list[tuple[str, Act]] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)

    def when(self, at: str, act: Act) -> None:
        """Add an act at a local time."""
        self.acts.append((at, act))

    def step(self, at: str, login: str, element: str, order: str, **answers: Any) -> None:
        """Add that somebody completes a step of an order."""
        self.when(at, lambda: self.play.do(login, element, answers, order=self.ids[order]))

    def tell(self, show: Callable[[int, int], None]) -> None:
        """Let everything happen in order; `show` is told how far it is."""
        self.acts.sort(key=lambda act: act[0])
        for done, (at, act) in enumerate(self.acts):
            self.play.at(at)
            act()
            show(done + 1, len(self.acts))

    def body(self, kind: str) -> str:
        """Return the id of a body of the city by its type."""
        return self.register.bodies[kind].id

    def communes(self, *names: str) -> list[str]:
        """Return the ids of the communes' bodies."""
        return [self.register.communes[name].id for name in names or self.register.communes]


@dataclass(frozen=True)
class Draft:
    """What an order says; the six clarities in the words of the office."""

    key: str
    title: str
    topic: str
    due: str
    indicators: tuple[str, ...]
    who: str
    what: str
    topics: tuple[str, ...] = ()
    targets: Mapping[str, str] = field(default_factory=dict)
    when: str = "Theo kế hoạch, báo cáo khi hoàn thành"
    product: str = "Báo cáo kết quả kèm số liệu, ảnh minh chứng"
    until: str = "31/12/2018"
    overlap: str = ""

    def answers(self) -> dict[str, Any]:
        """Return the answers to the form of the draft."""
        return {
            "title": self.title,
            "topic_code": self.topic,
            "topics": "\n".join(self.topics),
            "basis": "Chương trình phối hợp công tác năm 2018 giữa Cơ quan khối và thành phố",
            "ro_nguoi": self.who,
            "ro_viec": self.what,
            "ro_thoi_gian": self.when,
            "ro_trach_nhiem": "Cơ quan khối chịu trách nhiệm toàn bộ quá trình, từ khi triển khai đến bảo đảm kết quả",
            "ro_tham_quyen": "Tổ chức chủ trì giao việc trực tiếp cho các phường, xã",
            "ro_san_pham": self.product,
            "due_on": self.due,
            "period_from": "01/01/2018",
            "period_to": self.until,
            "indicators": list(self.indicators),
            f"targets_{self.topic}": {code: {"value": value} for code, value in self.targets.items()},
        }


def begin(story: Story, at: str, draft: Draft) -> None:
    """Add that the office begins an order and fills in its draft."""

    def create() -> None:
        with story.play.doing() as session:
            order = orders.create(session, actor=story.play.actor("vp.ubnd"))
            order.illustrative = ILLUSTRATIVE
            story.ids[draft.key] = order.id
        story.play.do("vp.ubnd", "draft_order", draft.answers(), order=story.ids[draft.key])
        if draft.overlap:
            answers = {"decision": "keep_both", "reason": draft.overlap}
            story.play.do("vp.ubnd", "resolve_overlap", answers, order=story.ids[draft.key])

    story.when(at, create)


def sign(story: Story, at: str, key: str) -> None:
    story.step(at, "lanhdao.ubnd", "sign_order", key, decision="sign")


def assign(story: Story, at: str, key: str, lead: str, coordinators: tuple[str, ...], due: str) -> None:
    """Add that the bloc accepts an order in the morning and names its lead in the afternoon."""
    story.step(f"{at} 08:30", "truong.khoi", "accept_order", key, decision="accept")
    answers = {"lead": lead, "coordinators": list(coordinators), "due_on": due}

    def choose() -> None:
        bodies = story.register.bodies
        chosen = {"lead": bodies[lead].id, "coordinators": [bodies[kind].id for kind in coordinators], "due_on": due}
        story.play.do("truong.khoi", "assign_lead", {**answers, **chosen}, order=story.ids[key])

    story.when(f"{at} 10:05", choose)


def plan(story: Story, key: str, lead: str, days: tuple[str, str, str, str], answers: dict[str, Any]) -> None:
    """Add that a lead accepts, plans, hands the plan in and has it approved, on four days."""
    accepted, drafted, submitted, approved = days
    story.step(f"{accepted} 09:00", lead, "accept_lead", key, decision="accept")
    story.step(f"{drafted} 10:30", lead, "draft_plan", key, **answers)
    story.step(f"{submitted} 14:00", lead, "submit_plan", key, response="Đã tiếp thu ý kiến của các đơn vị phối hợp.")
    story.step(f"{approved} 15:20", "truong.khoi", "approve_plan", key, decision="approve")


PLAN = {
    "content": "Phát động, tuyên truyền tại các phường, xã; các khu, thôn tổ chức thực hiện và báo cáo số liệu.",
    "milestones": "Tháng 2 triển khai; tháng 6 sơ kết; tháng 10 tổng hợp.",
}


def agree(story: Story, at: str, key: str, *logins: str) -> None:
    """Add that coordinators agree to a plan."""
    for login in logins:
        story.step(
            at,
            login,
            "answer_coordination",
            key,
            decision="agree",
            opinion="Thống nhất với dự thảo kế hoạch.",
            own_part="Vận động đoàn viên, hội viên tham gia.",
        )


def environment(story: Story) -> None:
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


def commune_login(name: str) -> str:
    """Return who answers for a commune."""
    return "mttq.phuong" if name == "Quang Hanh" else f"mttq.{slug(name)}"


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
        entries[place].append(_record(sunday_of(week), figures, nearly="green_turns" if i % 40 == 0 else ""))
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


def _record(day: date, figures: Mapping[str, Decimal], *, nearly: str = "", over: str = "") -> dict[str, Any]:
    words = {nearly: "nearly", over: "over"}
    typed = {
        code: {"value": notation.format_number(value), "qualifier": words.get(code, "")}
        for code, value in figures.items()
    }
    return {"held_on": notation.format_date(day), "figures": typed}


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
            record = _record(day, {code: shares[code][row] for code in totals})
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


def own_work(story: Story) -> None:
    """The work that was not called an order: propaganda, models, new rural development, commitments."""
    _work(story, "WRK-1", "Tuyên truyền nghị quyết chuyên đề, cải cách hành chính", "2018-01-22")
    meetings = divide("5000", uneven(32, 7))
    first = date(2018, 2, 5)
    held = []
    for n, people in enumerate(meetings):
        figures = {"propaganda_meetings": Decimal(1), "propaganda_people": people}
        held.append(_record(first + timedelta(days=7 * n), figures, over="propaganda_people" if n == 4 else ""))
    _part(story, "WRK-1", "mttq", "mttq", "propaganda", held, first=True)
    _work(story, "WRK-2", "Mô hình điển hình Dân vận khéo", "2018-01-23")
    _part(
        story,
        "WRK-2",
        "mttq",
        "mttq",
        "skilful_mobilization",
        [_record(date(2018, 9, 28), {"dvk_models": Decimal(6)})],
        first=True,
    )
    _work(story, "WRK-3", "Xây dựng nông thôn mới: hộ nông thôn mới kiểu mẫu, vườn mẫu", "2018-01-24")
    _new_rural(story)
    _work(story, "WRK-4", "Tuyên truyền, vận động cam kết hưởng ứng nghị quyết của cấp ủy", "2018-01-25")
    story.when("2018-02-05 08:15", lambda: _give(story, "WRK-4", story.register.bodies["mttq"].id, "other"))


def _work(story: Story, key: str, title: str, day: str) -> None:
    def create() -> None:
        with story.play.doing() as session:
            codes = codes_of(key) if key != "WRK-4" else ()
            order = orders.create_work(session, actor=story.play.actor("truong.khoi"), title=title, indicators=codes)
            order.illustrative = ILLUSTRATIVE
            story.ids[key] = order.id

    story.when(f"{day} 08:00", create)


def _part(
    story: Story, key: str, body: str, login: str, topic: str, records: list[dict[str, Any]], *, first: bool = False
) -> None:
    """Add that a part of own work is given to one organization, done and confirmed."""

    def give() -> None:
        if not first:
            with story.play.doing() as session:
                orders.add_work(session, session.get_one(Order, story.ids[key]), actor=story.play.actor("truong.khoi"))
        communes, bodies = story.register.communes, story.register.bodies
        _give(story, key, (communes[body] if body in communes else bodies[body]).id, topic)

    day = "2018-02-05" if first else "2018-02-06"
    story.when(f"{day} 08:15", give)
    story.step("2018-10-03 10:00", login, "carry_out_work", key, records=records, summary="Đã thực hiện.")
    story.step("2018-10-04 10:00", "truong.khoi", "confirm_work", key, decision="accept")


def _give(story: Story, key: str, assignee: str, topic: str) -> None:
    answers = {
        "title": "Phần việc được giao",
        "topic_code": topic,
        "assignee": assignee,
        "due_on": "30/11/2018",
        "ro_viec": "Thực hiện và báo cáo kết quả",
    }
    story.play.do("truong.khoi", "describe_work", answers, order=story.ids[key])


def _new_rural(story: Story) -> None:
    day = date(2018, 9, 30)
    exact = {
        "Dương Huy": {"ntm_gardens_done": "128", "ntm_households_done": "176", "gardens_repaired": "1"},
        "Cộng Hòa": {"ntm_gardens_done": "131", "ntm_households_done": "171", "gardens_repaired": "1"},
        "Cẩm Hải": {"ntm_gardens_done": "114", "ntm_households_done": "159"},
    }
    for n, (name, values) in enumerate(exact.items()):
        records = [_record(day, {code: Decimal(value) for code, value in values.items()})]
        if name == "Dương Huy":
            road = {"flower_days": Decimal(200), "flower_m": Decimal(200)}
            records.append(_both_over(_record(date(2018, 8, 12), road)))
        _part(story, "WRK-3", name, commune_login(name), "new_rural", records, first=n == 0)
    scored = {"ntm_gardens_scored": Decimal(60), "ntm_households_scored": Decimal(150)}
    _part(story, "WRK-3", "nong_dan", "nongdan", "new_rural", [_record(date(2018, 9, 20), scored)])
    money = {"ntm_money": Decimal(109_000_000)}
    _part(story, "WRK-3", "mttq", "mttq", "new_rural", [_record(date(2018, 9, 25), money)])
    turns = divide("520", [3, 2, 2])
    soldiers = [_record(date(2018, 8, 10 + n), {"military_turns": value}) for n, value in enumerate(turns)]
    _part(story, "WRK-3", "quan_su", "chqs", "new_rural", soldiers)


def _both_over(record: dict[str, Any]) -> dict[str, Any]:
    for figure in record["figures"].values():
        figure["qualifier"] = "over"
    return record


def open_orders(story: Story) -> None:
    """The other two orders of the article, under way, and illustrative ones, so that everybody has something to do."""
    from webapp.demo.examples import tell

    tell(story)


def lead_share(story: Story, key: str) -> str:
    """Return the share of an order's lead."""
    with story.play.database.read() as session:
        query = select(Assignment.id).where(Assignment.order_id == story.ids[key], Assignment.part == Part.LEAD)
        return str(session.scalar(query.order_by(Assignment.id.desc())))


def urge_commune(story: Story, key: str, name: str) -> None:
    """Let the lead urge a commune."""
    with story.play.doing() as session:
        share = session.scalar(
            select(Assignment).where(
                Assignment.order_id == story.ids[key], Assignment.organization_id == story.register.communes[name].id
            )
        )
        if share is not None:
            login = "thanhnien" if key == "ORD-1" else "nongdan"
            assignments.urge(session, share, actor=story.play.actor(login), note="Đề nghị gửi báo cáo trước 17:00.")


def claim(story: Story, at: str, login: str, element: str, key: str) -> None:
    """Add that somebody takes a task and leaves it open."""
    story.when(
        at,
        lambda: story.play.act(
            login, lambda session, task, actor: tasks.claim(session, task, actor=actor), element, order=story.ids[key]
        ),
    )
