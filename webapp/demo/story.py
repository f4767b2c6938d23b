"""How what happened in 2018 is told: dated acts of named people, played in the order of their dates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from engine import notation, orders, tasks
from webapp.demo.play import Play
from webapp.demo.register import Register, slug

ILLUSTRATIVE = "Chủ trì, hạn, chỉ tiêu và phân bổ là số liệu minh hoạ."
PLAN = {
    "content": "Phát động, tuyên truyền tại các phường, xã; các khu, thôn tổ chức thực hiện và báo cáo số liệu.",
    "milestones": "Tháng 2 triển khai; tháng 6 sơ kết; tháng 10 tổng hợp.",
}
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


def claim(story: Story, at: str, login: str, element: str, key: str) -> None:
    """Add that somebody takes a task and leaves it open."""
    story.when(
        at,
        lambda: story.play.act(
            login, lambda session, task, actor: tasks.claim(session, task, actor=actor), element, order=story.ids[key]
        ),
    )


def event_on(day: date, figures: Mapping[str, Decimal], *, nearly: str = "", over: str = "") -> dict[str, Any]:
    """Return the record of an event as its form has it; figures may be said to be nearly or over so much."""
    words = {nearly: "nearly", over: "over"}
    typed = {
        code: {"value": notation.format_number(value), "qualifier": words.get(code, "")}
        for code, value in figures.items()
    }
    return {"held_on": notation.format_date(day), "figures": typed}


def commune_login(name: str) -> str:
    """Return who answers for a commune."""
    return "mttq.phuong" if name == "Quang Hanh" else f"mttq.{slug(name)}"
