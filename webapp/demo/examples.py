"""Orders under way on 12/10/2018: two of the article, and illustrative ones in every stage of an order's life."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from engine import assignments
from engine.indicators import codes_of
from models.assignments import Assignment
from webapp.demo.cam_pha import COMMUNES
from webapp.demo.register import quarter_login
from webapp.demo.story import (
    PLAN,
    Draft,
    Story,
    agree,
    assign,
    begin,
    claim,
    commune_login,
    event_on,
    plan,
    sign,
)

NEAR = ("Quang Hanh", "Cẩm Thành")
NOBODY: Mapping[str, str] = MappingProxyType({})


def tell(story: Story) -> None:
    """Add all open orders, in the order of their numbers."""
    _online_services(story)
    _civilized_roads(story)
    _being_judged(story)
    _being_consolidated(story)
    _being_commented(story)
    _just_given(story)
    _waiting_at_the_bloc(story)
    _not_signed(story)


def _online_services(story: Story) -> None:
    """ORD-1: the quarters are reporting; one commune is late and was urged."""
    draft = Draft(
        "ORD-1", "Hướng dẫn công dân sử dụng dịch vụ công trực tuyến mức độ 3, 4", "online_services", "30/11/2018",
        tuple(codes_of("ORD-1")), "Đoàn Thanh niên thành phố chủ trì (minh hoạ)",
        "Hướng dẫn công dân nộp hồ sơ trực tuyến tại nhà văn hoá khu, thôn", topics=("mức độ 3", "mức độ 4"),
        targets={"dvc_turns": "3.000"},
    )  # fmt: skip
    begin(story, "2018-01-15 09:00", draft)
    sign(story, "2018-01-15 16:25", "ORD-1")
    assign(story, "2018-01-16", "ORD-1", "thanh_nien", ("phu_nu", "nong_dan"), "20/11/2018")
    days = ("2018-01-17", "2018-01-23", "2018-01-30", "2018-02-01")
    plan(story, "ORD-1", "thanhnien", days, {**PLAN, "due_on": "16/10/2018"})
    agree(story, "2018-01-26 15:00", "ORD-1", "phunu", "nongdan")
    story.step("2018-09-24 08:00", "thanhnien", "roll_out", "ORD-1")
    for _, name, count in COMMUNES:
        if name == "Cẩm Hải":
            continue  # has not accepted yet: late since the next day
        story.step("2018-09-24 14:00", commune_login(name), "accept_locality", "ORD-1", decision="accept")
        story.step("2018-09-25 09:00", commune_login(name), "assign_locality", "ORD-1")
        for n in range(1, count + 1):
            if (n + len(name)) % 3 == 0 or name in NEAR:
                records = [event_on(date(2018, 10, 6), _services(n, len(name)))]
                if (name, n) != ("Quang Hanh", 7):
                    story.step("2018-10-10 09:00", quarter_login(name, n), "carry_out", "ORD-1", records=records)
    story.when("2018-10-12 08:02", lambda: _urge_commune(story, "ORD-1", "Cẩm Hải"))


def _urge_commune(story: Story, key: str, name: str) -> None:
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


def _services(n: int, k: int) -> dict[str, Decimal]:
    return {
        "dvc_sessions": Decimal(1),
        "dvc_turns": Decimal(8 + (n * 5 + k) % 9),
        "dvc_files_level_3": Decimal(3 + n % 4),
        "dvc_files_level_4": Decimal(n % 3),
    }


def _civilized_roads(story: Story) -> None:
    """ORD-3: rolled out, nobody has a figure yet."""
    draft = Draft(
        "ORD-3",
        "Thực hiện tuyến đường văn minh, trồng cây có hoa, bóc xóa quảng cáo rao vặt không đúng nơi quy định tại các "
        "tuyến phố",
        "civilized_roads", "15/12/2018", tuple(codes_of("ORD-3")), "Hội Nông dân thành phố chủ trì (minh hoạ)",
        "Xây dựng tuyến đường văn minh, trồng hoa ven đường, bóc xóa quảng cáo rao vặt",
        topics=("tuyến đường văn minh", "trồng cây có hoa",
                "bóc xóa quảng cáo rao vặt không đúng nơi quy định tại các tuyến phố"),
        targets={"road_civil": "32"},
    )  # fmt: skip
    begin(story, "2018-01-15 09:20", draft)
    sign(story, "2018-01-15 16:35", "ORD-3")
    assign(story, "2018-01-18", "ORD-3", "nong_dan", ("thanh_nien",), "05/12/2018")
    days = ("2018-01-19", "2018-01-25", "2018-01-31", "2018-02-02")
    plan(story, "ORD-3", "nongdan", days, {**PLAN, "due_on": "15/10/2018"})
    agree(story, "2018-01-29 09:00", "ORD-3", "thanhnien")
    story.step("2018-10-01 08:00", "nongdan", "roll_out", "ORD-3")
    for _, name, _ in COMMUNES:
        if name != "Cẩm Thịnh":
            story.step("2018-10-01 14:00", commune_login(name), "accept_locality", "ORD-3", decision="accept")
            story.step("2018-10-02 09:00", commune_login(name), "assign_locality", "ORD-3")


def _small(key: str, title: str, due: str, lead: str, **more: Any) -> Draft:
    topic, codes = more.get("topic", "environment"), more.get("codes", ("green_turns", "green_roads", "green_waste_t"))
    what = more.get("what", "Ra quân dọn vệ sinh các tuyến đường, khu dân cư")
    overlap = (
        "Đợt cao điểm riêng, không tính trùng với phong trào hằng tuần"
        if topic in ("environment", "propaganda")
        else ""
    )
    return Draft(key, title, topic, due, codes, f"{lead} chủ trì (minh hoạ)", what, overlap=overlap)


def _through_the_quarters(
    story: Story, key: str, lead: str, kind: str, days: tuple[str, ...], due: str, *, beside: Mapping[str, str] = NOBODY
) -> None:
    """Add that a small order runs through two communes and is reported by every quarter; `beside` coordinate."""
    given, planned, approved, out, reported = days
    assign(story, given, key, kind, tuple(beside), due)
    answers = {**PLAN, "localities": story.communes(*NEAR), "due_on": due}
    plan(story, key, lead, (planned, planned, planned, approved), answers)
    agree(story, f"{planned} 11:00", key, *beside.values())
    story.step(f"{out} 08:00", lead, "roll_out", key, localities=story.communes(*NEAR))
    for _, name, count in COMMUNES:
        if name in NEAR:
            story.step(f"{out} 10:00", commune_login(name), "accept_locality", key, decision="accept")
            story.step(f"{out} 11:00", commune_login(name), "assign_locality", key)
            for n in range(1, count + 1):
                figures = {
                    "green_turns": Decimal(12 + n),
                    "green_roads": Decimal(n % 2),
                    "green_waste_t": Decimal(n) / 10,
                }
                records = [event_on(date(2018, 9, 23), figures)]
                story.step(f"{reported} 09:00", quarter_login(name, n), "carry_out", key, records=records)


def _being_judged(story: Story) -> None:
    """Two orders reported: one waits for the comparison, one for the leader's verdict."""
    for key, title, verdict in (
        ("EX-1", "Tổng vệ sinh môi trường chào mừng Quốc khánh 2/9", True),
        ("EX-2", "Ra quân dọn vệ sinh trước mùa mưa bão", False),
    ):
        begin(story, "2018-08-20 08:30", _small(key, title, "19/10/2018", "Hội Cựu chiến binh thành phố"))
        sign(story, "2018-08-20 15:00", key)
        days = ("2018-08-21", "2018-08-23", "2018-08-24", "2018-08-27", "2018-09-24")
        _through_the_quarters(story, key, "ccb", "ccb", days, "10/10/2018")
        for name in NEAR:
            login = commune_login(name)
            story.step("2018-09-25 10:00", login, "consolidate_locality", key, decision="ok", records=[])
        report = "Hai phường đã thực hiện đủ; số liệu do các khu nhập."
        story.step("2018-10-08 09:00", "ccb", "consolidate_result", key, decision="send", report=report)
        story.step("2018-10-09 09:00", "truong.khoi", "appraise_result", key, decision="approve", appraisal="Đạt.")
        if verdict:
            comparison = "Kết quả đạt chỉ tiêu đã đặt hàng."
            story.step("2018-10-11 10:00", "vp.ubnd", "compare_with_order", key, proposal="dat", comparison=comparison)


def _being_consolidated(story: Story) -> None:
    """One order waits at its lead, and one at its communes, with a day that two bodies reported."""
    begin(
        story, "2018-09-03 08:30", _small("EX-3", "Dọn vệ sinh các tuyến ngõ, hẻm", "26/10/2018", "Hội LHPN thành phố")
    )
    sign(story, "2018-09-03 15:00", "EX-3")
    days = ("2018-09-04", "2018-09-06", "2018-09-07", "2018-09-10", "2018-10-08")
    _through_the_quarters(story, "EX-3", "phunu", "phu_nu", days, "19/10/2018")
    for name in NEAR:
        story.step("2018-10-09 15:00", commune_login(name), "consolidate_locality", "EX-3", decision="ok", records=[])
    claim(story, "2018-10-10 08:00", "phunu", "consolidate_result", "EX-3")
    begin(
        story, "2018-09-10 08:30", _small("EX-4", "Chăm sóc đường hoa khu dân cư", "02/11/2018", "Hội LHPN thành phố")
    )
    sign(story, "2018-09-10 15:00", "EX-4")
    days = ("2018-09-11", "2018-09-13", "2018-09-14", "2018-09-17", "2018-10-10")
    beside = {"thanh_nien": "thanhnien", "nong_dan": "nongdan"}
    _through_the_quarters(story, "EX-4", "phunu", "phu_nu", days, "22/10/2018", beside=beside)
    _recorded_twice(story, "EX-4", *beside.values())


def _recorded_twice(story: Story, key: str, *logins: str) -> None:
    """Add that all who coordinate report a day they worked together: the lead is asked whether it is one event."""
    for number, login in enumerate(logins):
        figures = {"green_turns": Decimal(45 - 3 * number), "green_roads": Decimal(1)}
        records = [{**event_on(date(2018, 10, 7), figures), "title": "Ra quân chăm sóc đường hoa"}]
        summary = "Đã ra quân cùng các đơn vị một buổi sáng Chủ nhật."
        story.step(f"2018-10-10 15:{number}0", login, "report_part", key, summary=summary, records=records)


def _being_commented(story: Story) -> None:
    """A plan is with its coordinators; one of them has not answered."""
    begin(
        story,
        "2018-10-04 08:30",
        _small("EX-5", "Vận động phân loại rác tại hộ gia đình", "30/11/2018", "Hội Nông dân"),
    )
    sign(story, "2018-10-04 15:00", "EX-5")
    assign(story, "2018-10-05", "EX-5", "nong_dan", ("thanh_nien", "phu_nu"), "23/11/2018")
    story.step("2018-10-08 08:30", "nongdan", "accept_lead", "EX-5", decision="accept")
    answers = {**PLAN, "localities": story.communes(*NEAR)}
    story.step("2018-10-10 09:00", "nongdan", "draft_plan", "EX-5", **answers)
    agree(story, "2018-10-11 14:00", "EX-5", "phunu")


def _just_given(story: Story) -> None:
    """The lead is named and has not answered yet."""
    begin(story, "2018-10-08 08:30", _small("EX-6", "Trồng cây xanh dịp cuối năm", "20/12/2018", "Hội LHPN thành phố"))
    sign(story, "2018-10-08 15:00", "EX-6")
    assign(story, "2018-10-11", "EX-6", "phu_nu", ("thanh_nien",), "14/12/2018")


def _waiting_at_the_bloc(story: Story) -> None:
    """One order waits to be assigned, one to be accepted."""
    begin(
        story,
        "2018-10-09 08:30",
        _small("EX-7", "Ra quân làm sạch bãi biển cuối năm", "21/12/2018", "Do khối phân công"),
    )
    sign(story, "2018-10-09 15:00", "EX-7")
    story.step("2018-10-10 08:30", "truong.khoi", "accept_order", "EX-7", decision="accept")
    what = "Khảo sát, hỗ trợ ngày công sửa nhà"
    title = "Giúp đỡ hộ khó khăn sửa nhà trước Tết"
    houses = _small("EX-8", title, "28/12/2018", "Do khối phân công", topic="other", codes=(), what=what)
    begin(story, "2018-10-10 08:30", houses)
    sign(story, "2018-10-11 15:00", "EX-8")


def _not_signed(story: Story) -> None:
    """One order waits for its signature, one is being drafted."""
    what, codes = "Tổ chức các buổi tuyên truyền tại khu, thôn", ("propaganda_meetings",)
    title = "Tuyên truyền an toàn giao thông tại khu dân cư"
    traffic = _small("EX-9", title, "28/12/2018", "Do khối phân công", topic="propaganda", codes=codes, what=what)
    begin(story, "2018-10-11 09:30", traffic)
    story.when("2018-10-12 07:45", lambda: _start_a_draft(story))


def _start_a_draft(story: Story) -> None:
    from engine import orders

    with story.play.doing() as session:
        orders.create(session, actor=story.play.actor("vp.ubnd"))
