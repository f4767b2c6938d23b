"""Plays stories in the small world: people complete tasks, messages travel, time passes."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from engine import definitions, indicators, jobs, orders, organizations, users
from engine.clock import ManualClock
from models.assignments import Assignment
from models.audit import AuditEntry
from models.database import Database
from models.instances import Instance
from models.messages import Message
from models.notifications import Notification
from models.orders import Order
from models.organizations import Organization
from models.permissions import SYSTEM, Actor
from models.tasks import Task
from models.users import Person
from processes import bundle as bundle
from tests.world import World
from webapp.demo.play import Play
from webapp.founding import PROCESSES

CLARITIES = {
    "ro_nguoi": "Hội LHPN thành phố chủ trì",
    "ro_viec": "Ra quân vệ sinh môi trường",
    "ro_thoi_gian": "Đến 15/12/2018",
    "ro_trach_nhiem": "Cơ quan khối chịu trách nhiệm kết quả",
    "ro_tham_quyen": "UBND thành phố",
    "ro_san_pham": "Số liệu và ảnh minh chứng",
}
DRAFT = {
    "title": "Vệ sinh môi trường Ngày chủ nhật xanh",
    "topic_code": "environment",
    "topics": "Ngày chủ nhật xanh\nVệ sinh môi trường biển",
    "due_on": "14/12/2018",
    "indicators": ["env_people", "green_weeks", "green_turns", "green_roads"],
    "targets_environment": {"green_turns": {"value": "100"}},
    **CLARITIES,
}
REFUSAL = {"decision": "refuse", "refusal_reason": "thieu_nguon_luc", "reason": "Không đủ người"}
QUARTERS = ("truong.khu", "truong.khu2", "truong.khu3", "truong.thon", "truong.thon2")


def event(day: str = "07/10/2018", **figures: str) -> dict[str, Any]:
    """Return a row of a report: what was counted on a day."""
    return {"held_on": day, "figures": {code: {"value": value} for code, value in figures.items()}}


def report(day: str = "07/10/2018", **figures: str) -> dict[str, Any]:
    """Return the answers of a report with one event."""
    return {"records": [event(day, **(figures or {"green_turns": "10", "green_roads": "2"}))]}


def happy_path(world: World) -> list[tuple[str, str, dict[str, Any]]]:
    """Return who does which step with which answers, where nothing goes wrong."""
    localities = ("mttq.phuong", "mttq.xa")
    agree = {"decision": "agree", "own_part": "Huy động đoàn viên"}
    return [
        ("vp.ubnd", "draft_order", DRAFT),
        ("lanhdao.ubnd", "sign_order", {"decision": "sign"}),
        ("truong.khoi", "accept_order", {"decision": "accept"}),
        ("truong.khoi", "assign_lead", {"lead": world.women, "coordinators": [world.youth, world.military]}),
        ("phunu", "accept_lead", {"decision": "accept"}),
        ("phunu", "draft_plan", {"content": "Kế hoạch", "milestones": "Hằng tuần"}),
        ("thanhnien", "answer_coordination", agree),
        ("chqs", "answer_coordination", agree),
        ("phunu", "submit_plan", {"response": "Đã tiếp thu"}),
        ("truong.khoi", "approve_plan", {"decision": "approve"}),
        ("phunu", "roll_out", {}),
        *((who, "accept_locality", {"decision": "accept"}) for who in localities),
        *((who, "assign_locality", {}) for who in localities),
        *((who, "carry_out", report()) for who in QUARTERS),
        *((who, "consolidate_locality", {"decision": "ok", **report(env_people="50")}) for who in localities),
        # On two days of a week: nobody suspects that they are one.
        ("thanhnien", "report_part", {"summary": "Đã làm", "records": [event()]}),
        ("chqs", "report_part", {"summary": "Đã làm", "records": [event("06/10/2018")]}),
        ("phunu", "consolidate_result", {"decision": "send", "report": "Báo cáo kết quả"}),
        ("truong.khoi", "appraise_result", {"decision": "approve"}),
        ("vp.ubnd", "compare_with_order", {"proposal": "dat", "comparison": "Đủ"}),
        ("lanhdao.ubnd", "nghiem_thu", {"decision": "dat"}),
    ]


# (step, database no longer needed) -> a database in which an order has come to the step, and the order
Stages = Callable[[str, Database], tuple[Database, str]]


class Story(Play):
    """A play with the shipped processes, which can ask what is so."""

    def __init__(self, database: Database, clock: ManualClock, world: World, *, stages: Stages | None = None) -> None:
        self.newcomers: dict[str, Actor] = {}
        super().__init__(database, clock, actor=lambda login: self.newcomers.get(login) or world.actor(login))
        self.world, self.stages = world, stages

    def deploy(self) -> None:
        """Put the shipped processes into use."""
        with self.doing() as session:
            indicators.seed(session)
            for process in PROCESSES:
                definitions.deploy(session, bundle(process), actor=self.actor("quantri"))

    def order(self) -> str:
        """Let the office begin an order; return its id."""
        with self.doing() as session:
            return orders.create(session, actor=self.actor("vp.ubnd")).id

    def until(self, step: str, **changes: Mapping[str, Any]) -> str:
        """Begin an order and play the happy path up to a step, which then waits; `changes` replace answers."""
        path = list(dict.fromkeys(element for _, element, _ in happy_path(self.world)))
        frm = min([step, *changes], key=path.index)
        order = self._come_to(frm)
        self.play(order, frm=frm, to=step, **changes)
        return order

    def _come_to(self, step: str) -> str:
        # What others played before is taken over where nothing has happened here yet.
        if self.stages is None or self.rows(Order):
            order = self.order()
            self.play(order, to=step)
            return order
        self.database, order = self.stages(step, self.database)
        return order

    def play(
        self, order: str, *, frm: str | None = None, to: str | None = None, but: tuple[str, ...] = (),
        **changes: Mapping[str, Any],
    ) -> None:  # fmt: skip
        """Play the happy path of an order from a step to before another; those in `but` do nothing."""
        path = happy_path(self.world)
        elements = [element for _, element, _ in path]
        first = elements.index(frm) if frm else 0
        last = elements.index(to) if to else len(path)
        for who, element, answers in path[first:last]:
            if who not in but and element not in but:
                self.do(who, element, {**answers, **changes.get(element, {})}, order=order)

    def give_post(self, body: str, title: str, roles: tuple[str, ...], *, login: str, is_head: bool = False) -> Actor:
        """Give a person (a new one, if nobody has the login) a post in an organization (name in the world, or id).

        Return the actor; a person new in the world acts as its last post.
        """
        with self.doing() as session:
            person = session.scalar(select(Person).where(Person.login == login))
            person = person or users.add_person(session, login, actor=SYSTEM, name=title)
            organization = session.get_one(Organization, self.world.ids.get(body, body))
            post = organizations.add_post(session, organization, actor=SYSTEM, name=title, roles=roles, is_head=is_head)
            session.flush()
            organizations.add_holder(session, person, post, actor=SYSTEM)
            session.flush()
            made = organizations.actor_for(session, person.id, post.id)
            if login not in self.world.actors:
                self.newcomers[login] = made
            return made

    def acting(self, login: str, organization: str) -> Actor:
        """Return a person acting as its post in an organization."""
        with self.doing() as session:
            person = users.require_person(session, login)
            held = [post for post in organizations.posts_of(session, person.id) if post.organization_id == organization]
            return organizations.actor_for(session, person.id, held[0].id)

    def answer(self, login: str, element: str, order: str | None = None, **answers: Any) -> None:
        """Complete a step with the answers given as keywords."""
        self.do(login, element, answers, order=order)

    def pass_time(self) -> None:
        """Do everything that is due by now: timers, messages, reminders."""
        jobs.drain(self.database, self.clock)

    def later(self, **passed: float) -> None:
        """Let time pass, `later(days=3)`, and do what fell due."""
        self.clock.at += timedelta(**passed)
        self.pass_time()

    def to_day(self, day: str, at: str = "08:00") -> None:
        """Go on to a time of the world, `to_day("2018-12-10")`, and do what fell due."""
        self.at(f"{day} {at}")
        self.pass_time()

    def open_steps(self, order: str | None = None) -> list[tuple[str, str]]:
        """Return (element, place) of every open task, sorted."""
        return sorted((task.element, task.place) for task in self.tasks(order=order, state="open"))

    def steps(self, order: str | None = None) -> set[str]:
        """Return the elements of the open tasks."""
        return {task.element for task in self.tasks(order=order, state="open")}

    def tasks(self, element: str | None = None, *, order: str | None = None, state: str | None = None) -> list[Task]:
        """Return tasks, oldest first."""
        return self.rows(Task, element=element, order_id=order, state=state)

    def task(self, element: str, *, order: str | None = None, state: str = "open", place: str | None = None) -> Task:
        """Return the one task of a step."""
        found = [t for t in self.tasks(element, order=order, state=state) if place in (None, t.place)]
        assert len(found) == 1, f"{len(found)} tasks {element} are {state}"
        return found[0]

    def share(self, order: str, name: str, progress: str | None = None) -> Assignment:
        """Return the newest share of the organization with a name in the world."""
        found = self.rows(Assignment, order_id=order, organization_id=getattr(self.world, name), progress=progress)
        return found[-1]

    def rows(self, model: Any, **wanted: Any) -> list[Any]:
        """Return the rows with these values (None: whatever), oldest first."""
        query = select(model).order_by(model.seq if model is AuditEntry else model.id)
        for column, value in wanted.items():
            if value is not None:
                query = query.where(getattr(model, column) == value)
        with self.database.read() as session:
            return list(session.scalars(query))

    def facts(self, fact: str, **wanted: Any) -> list[AuditEntry]:
        """Return the audit entries of a fact, oldest first."""
        return self.rows(AuditEntry, fact=fact, **wanted)

    def notices(self, fact: str, **wanted: Any) -> list[Notification]:
        """Return the notices of a fact."""
        return self.rows(Notification, fact=fact, **wanted)

    def messages(self, name: str, **wanted: Any) -> list[Message]:
        """Return the messages of a name."""
        return self.rows(Message, name=name, **wanted)

    def instances(self, process: str, **wanted: Any) -> list[Instance]:
        """Return the instances of a process."""
        return self.rows(Instance, process_id=process, **wanted)

    def progress(self, order: str) -> dict[str, str]:
        """Return the progress of the order ("order") and of every share by its organization's name."""
        with self.database.read() as session:
            shares = select(Assignment).where(Assignment.order_id == order).order_by(Assignment.id)
            found = {share.organization.name: str(share.progress) for share in session.scalars(shares)}
            return {"order": session.get_one(Order, order).progress, **found}

    def get(self, model: Any, key: str) -> Any:
        """Return one row as it is now."""
        with self.database.read() as session:
            return session.get_one(model, key)


Answers = Mapping[str, Any]
