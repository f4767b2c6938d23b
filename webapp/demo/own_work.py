"""The work of 2018 that was not called an order, given part by part to those who did it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine import orders
from engine.indicators import codes_of
from models.orders import Order
from webapp.demo.splits import divide, uneven
from webapp.demo.story import ILLUSTRATIVE, Story, commune_login, event_on


def tell(story: Story) -> None:
    """The work that was not called an order: propaganda, models, new rural development, commitments."""
    _work(story, "WRK-1", "Tuyên truyền nghị quyết chuyên đề, cải cách hành chính", "2018-01-22")
    meetings = divide("5000", uneven(32, 7))
    first = date(2018, 2, 5)
    held = []
    for n, people in enumerate(meetings):
        figures = {"propaganda_meetings": Decimal(1), "propaganda_people": people}
        held.append(event_on(first + timedelta(days=7 * n), figures, over="propaganda_people" if n == 4 else ""))
    _part(story, "WRK-1", "mttq", "mttq", "propaganda", held, first=True)
    _work(story, "WRK-2", "Mô hình điển hình Dân vận khéo", "2018-01-23")
    _part(
        story,
        "WRK-2",
        "mttq",
        "mttq",
        "skilful_mobilization",
        [event_on(date(2018, 9, 28), {"dvk_models": Decimal(6)})],
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
        records = [event_on(day, {code: Decimal(value) for code, value in values.items()})]
        if name == "Dương Huy":
            road = {"flower_days": Decimal(200), "flower_m": Decimal(200)}
            records.append(_both_over(event_on(date(2018, 8, 12), road)))
        _part(story, "WRK-3", name, commune_login(name), "new_rural", records, first=n == 0)
    scored = {"ntm_gardens_scored": Decimal(60), "ntm_households_scored": Decimal(150)}
    _part(story, "WRK-3", "nong_dan", "nongdan", "new_rural", [event_on(date(2018, 9, 20), scored)])
    money = {"ntm_money": Decimal(109_000_000)}
    _part(story, "WRK-3", "mttq", "mttq", "new_rural", [event_on(date(2018, 9, 25), money)])
    turns = divide("520", [3, 2, 2])
    soldiers = [event_on(date(2018, 8, 10 + n), {"military_turns": value}) for n, value in enumerate(turns)]
    _part(story, "WRK-3", "quan_su", "chqs", "new_rural", soldiers)


def _both_over(record: dict[str, Any]) -> dict[str, Any]:
    for figure in record["figures"].values():
        figure["qualifier"] = "over"
    return record
