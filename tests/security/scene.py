"""The stage of the security tests: one order with a share in every relation, and one of another city none may see."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine import (
    assignments,
    attachments,
    case_files,
    definitions,
    designs,
    instances,
    orders,
    organizations,
    saved_views,
    tasks,
)
from engine.audit import proofs
from engine.clock import ZONE, ManualClock
from engine.files import FileStore
from models.assignments import Assignment, Part
from models.audit import AuditEntry
from models.audit_archives import AuditArchive, AuditRestored
from models.case_files import CaseFile
from models.database import Database
from models.definitions import Definition
from models.designs import Design, DesignComment
from models.instances import Incident, Instance
from models.notifications import Mail, Notification
from models.orders import Extension, Order
from models.organizations import Area, Holder, Organization
from models.permissions import SYSTEM, Actor
from models.reports import EventRecord, Figure
from models.tasks import Attachment, Comment, SavedView, Submission, Task
from models.timers import Timer
from models.users import ApiToken, WebSession
from models.users import Person as Account
from tests.engine.diagrams import bundle, catch, chain, end, process, start, timer, user
from tests.play import DRAFT, Story, report
from tests.world import NOW, World

# Who asks: the column of the matrix and the login behind it.
ROLES = {
    "officer": "vp.ubnd",
    "leader": "lanhdao.ubnd",
    "bloc": "truong.khoi",
    "lead": "phunu",
    "coord": "thanhnien",
    "commune": "mttq.phuong",
    "sibling": "mttq.xa",
    "quarter": "truong.khu",
    "outside": "ldld",
    "foreign": "phunu.hl",
    "former": "phunu.2",
    "auditor": "thanhtra",
    "designer": "thietke",
    "admin": "quantri",
}
NOBODY = "nobody"
# Who has no part in an order of one's own city, and who has none in that of the other city.
OUTSIDE = {"ours": ("outside", "foreign"), "theirs": tuple(set(ROLES) - {"foreign", "auditor", "admin", "former"})}
SECRET = "Zeta Omega"  # the end of the other city's title: whoever reads it has seen too much
OPEN_SECRET = "Kappa Sigma"  # the end of our own title: for those who have no part in it
FOREIGN_TITLE, OWN_TITLE = f"Chiến dịch Sao Biển {SECRET}", f"Vệ sinh môi trường Chủ nhật xanh {OPEN_SECRET}"
SCENARIO = "accepted.json"  # of the process that both designs are of
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)
OTHER_CITY = {
    "ubnd2": ("ubnd", "UBND thành phố Hạ Long"),
    "bloc2": ("co_quan_khoi", "Cơ quan khối thành phố Hạ Long"),
    "women2": ("phu_nu", "Hội LHPN thành phố Hạ Long"),
    "youth2": ("thanh_nien", "Thành đoàn Hạ Long"),
}
OTHER_PEOPLE = {
    "vp.hl": ("ubnd2", "Chuyên viên Văn phòng UBND", ("issuer_officer",), False),
    "lanhdao.hl": ("ubnd2", "Phó Chủ tịch UBND", ("issuer_leader",), True),
    "khoi.hl": ("bloc2", "Trưởng Cơ quan khối", ("bloc_head",), True),
    "phunu.hl": ("women2", "Cán bộ phụ trách", ("lead", "coordinator", "member_org"), True),
    "thanhnien.hl": ("youth2", "Cán bộ phụ trách", ("lead", "coordinator", "member_org"), True),
}
# What stands still in both cities: one has nobody for its first step, one waits for a time.
STUCK = bundle(process(start(), user("one", lt={"role": "nobody"}), end(), chain("start", "one", "end"), id="stuck"))
PAUSE = bundle(process(start(), catch("pause", timer("P9D")), end(), chain("start", "pause", "end"), id="waits"))
LATER = datetime(2018, 12, 20, 10, tzinfo=ZONE)


@dataclass(frozen=True)
class Scene:
    """The keys of what stands on the stage: `scene.keys["task"]["lead"]`."""

    keys: Mapping[str, Mapping[str, str]]
    secret: frozenset[str]  # keys and words of the other city's order
    ours: frozenset[str]  # keys and words of our order
    bodies: Mapping[str, str]


@dataclass
class Person:
    """Somebody's cookie, the token of its forms, and its token for programs."""

    cookie: str = ""
    form: str = ""
    bearer: str = ""


@dataclass
class Stage:
    """The application over the played orders, who can ask, and the keys of what is there."""

    app: Flask
    database: Database
    clock: ManualClock
    people: dict[str, Person]
    scene: Scene
    home: Path


def build(database: Database, world: World, files: Path) -> Story:
    """Play both orders to the middle of their way; return the story, which knows the people of both cities."""
    story = Story(database, ManualClock(at=NOW), world)
    _their_order(story, _other_city(story), files)
    _our_order(story, files)
    for login in ("phunu", "phunu.hl"):
        _stand_still(story, login)
    _draw(story, story.actor("thietke"), OPEN_SECRET)
    _draw(story, replace(story.actor("khoi.hl"), roles=frozenset({"designer"})), SECRET)
    return story


def _draw(story: Story, actor: Actor, word: str) -> None:
    """Open the process of the blocs as a design, with a remark on it."""
    with story.doing() as session:
        design = designs.open_definition(session, definitions.active(session, "bloc"), actor=actor)
        designs.comment(session, design, f"Góp ý {word}", actor=actor)


def _stand_still(story: Story, login: str) -> None:
    with story.doing() as session:
        for files in (STUCK, PAUSE):
            definition = definitions.deploy(session, files, actor=story.actor("quantri"))[0]
            instances.start(session, definition, actor=story.actor(login))


def leave(story: Story) -> None:
    """Let the former member leave its post."""
    with story.doing() as session:
        held = select(Holder).where(Holder.person_id == story.world.person(ROLES["former"]))
        organizations.end(session, session.scalars(held).one(), actor=SYSTEM, reason="nghỉ việc")


def _other_city(story: Story) -> dict[str, str]:
    """Build the other city; return the keys of its bodies."""
    with story.doing() as session:
        province = session.get_one(Area, story.world.province)
        area = organizations.add_area(
            session, "Hạ Long", actor=SYSTEM, level="huyen", kind="thành phố", parent=province
        )
        made = {
            key: organizations.add_organization(session, name, actor=SYSTEM, type_code=kind, area=area)
            for key, (kind, name) in OTHER_CITY.items()
        }
        session.flush()
        for lower in ("women2", "youth2"):
            organizations.relate(session, made[lower], actor=SYSTEM, to=made["bloc2"], line="bloc")
        organizations.relate(session, made["bloc2"], actor=SYSTEM, to=made["ubnd2"], line="government")
        ids = {key: body.id for key, body in made.items()}
    with story.database.read() as session:
        hashed = session.get_one(Account, story.world.person("phunu")).password_hash
    for login, (body, title, roles, is_head) in OTHER_PEOPLE.items():
        actor = story.give_post(ids[body], title, roles, login=login, is_head=is_head)
        with story.doing() as session:
            person = session.get_one(Account, actor.person_id)
            person.password_hash, person.last_post_id = hashed, actor.post_id
    return ids


def _their_order(story: Story, bodies: dict[str, str], files: Path) -> None:
    with story.doing() as session:
        order = orders.create(session, actor=story.actor("vp.hl")).id
    words = {name: f"{text} {SECRET}" for name, text in DRAFT.items() if name.startswith("ro_")}
    story.do("vp.hl", "draft_order", {**DRAFT, **words, "title": FOREIGN_TITLE, "topics": f"Mũi {SECRET}"}, order=order)
    story.do("lanhdao.hl", "sign_order", {"decision": "sign"}, order=order)
    _number(story, order, "ĐH-2018-71")
    story.do("khoi.hl", "accept_order", {"decision": "accept"}, order=order)
    lead = {"lead": bodies["women2"], "coordinators": [bodies["youth2"]]}
    story.do("khoi.hl", "assign_lead", lead, order=order)
    story.do("phunu.hl", "accept_lead", {"decision": "accept"}, order=order)
    _extend(story, "phunu.hl", order)
    _leave_traces(story, "phunu.hl", "draft_plan", order, files, SECRET)
    with story.doing() as session:
        task = session.scalars(select(Task).where(Task.order_id == order, Task.element == "draft_plan")).one()
        session.add(_figure(task, story.actor("phunu.hl")))


def _number(story: Story, order: str, number: str) -> None:
    """Give an order a number that stands nowhere else: our own pages name ĐH-2018-02 as an example."""
    with story.doing() as session:
        session.get_one(Order, order).number = number
        session.execute(update(Task).where(Task.order_id == order).values(order_number=number))


def _our_order(story: Story, files: Path) -> None:
    order = story.order()
    story.play(order, to="accept_order", draft_order={"title": OWN_TITLE})
    _number(story, order, "ĐH-2018-72")
    story.play(order, frm="accept_order", to="carry_out", but=("mttq.xa",))
    story.do("truong.khu2", "carry_out", report(green_turns="58"), order=order)
    story.fold()
    for login in ("truong.khoi", "phunu", "mttq.phuong"):
        _extend(story, login, order)
    _leave_traces(story, "truong.khu", "carry_out", order, files, OPEN_SECRET)
    with story.doing() as session:
        saved_views.save(session, actor=story.actor("phunu"), name=OPEN_SECRET, query=f"order={order}")
        saved_views.save(session, actor=story.actor("phunu.hl"), name=SECRET, query="view=mine")
        case = case_files.open_(session, actor=story.actor("thanhtra"), title="Hồ sơ")
        case_files.put_in(session, case, 1, actor=story.actor("thanhtra"), remark="Nhận xét")
        archive = AuditArchive(at=NOW, name="nhat-ky-1-1.zip", sha256="0" * 64, count=1, first=1, last=1, size=1)
        session.add(archive)
        session.flush()
        said = proofs.entry_of(session, 1).decode()
        session.add(AuditRestored(seq=1, archive_id=archive.id, entry=said, texts={}))


def _extend(story: Story, login: str, order: str) -> None:
    actor = story.actor(login)
    with story.doing() as session:
        own = select(Assignment).where(
            Assignment.order_id == order, Assignment.organization_id == actor.organization_id
        )
        share = session.scalars(own).one()
        assignments.request_extension(session, share, actor=actor, new_due_at=LATER, reason=f"Mưa bão {order}")
    story.settle()


def _leave_traces(story: Story, login: str, element: str, order: str, files: Path, word: str) -> None:
    stored = FileStore(files).put(BytesIO(PNG))

    def trace(session: Session, task: Task, actor: Any) -> None:
        attachments.attach(session, task, actor=actor, name=f"{word}.png", stored=stored)
        tasks.comment(session, task, actor=actor, text=f"Ghi chú {word}")
        tasks.comment(session, task, actor=actor, text=f"Nội bộ {word}", scope="organization")

    story.act(login, trace, element, order)


def _figure(task: Task, actor: Actor) -> Figure:
    return Figure(
        indicator_code="green_turns", value=Decimal(4711), qualifier="exact", kind="entry", held_on=NOW.date(),
        entered_at=NOW, entered_by=actor.person_id, entered_as=actor.title, area_id=actor.area_id, task_id=task.id,
        order_id=task.order_id, assignment_id=task.assignment_id, organization_id=task.organization_id,
    )  # fmt: skip


def harvest(session: Session, world: World) -> Scene:
    """Collect the keys of everything on the stage."""
    ours, theirs = _order(session, OWN_TITLE), _order(session, FOREIGN_TITLE)
    bodies = _bodies(session, world)
    keys = {
        "order": {"ours": ours, "theirs": theirs},
        "task": _tasks(session, world, ours) | {"theirs": _open_task(session, theirs, "draft_plan")},
        "share": _shares(session, world, ours) | {"theirs": _part(session, theirs, Part.LEAD)},
        "instance": {
            "ours": _one(session, Instance.id, Instance.order_id == ours, Instance.process_id == "lead"),
            "theirs": _one(session, Instance.id, Instance.order_id == theirs, Instance.process_id == "lead"),
        },
        "incident": _standing(session, world, bodies, Incident),
        "timer": _standing(session, world, bodies, Timer),
        "job": {"any": "0" * 32},
        "letter": {"any": "0" * 32},
        "figure": {name: _one(session, Figure.id, Figure.order_id == key) for name, key in _both(ours, theirs)},
        "file": {name: _one(session, Attachment.id, Attachment.order_id == key) for name, key in _both(ours, theirs)},
        "definition": {"any": _one(session, Definition.id, Definition.process_id == "work")},
        "design": _drawn(session, Design.id, world, bodies),
        "comment": _drawn(session, DesignComment.id, world, bodies),
        "organization": {"any": world.women},
        "entry": {"any": _one(session, AuditEntry.seq, AuditEntry.order_id == ours)},
        "case": {"any": _one(session, CaseFile.id)},
        "archive": {"any": _one(session, AuditArchive.id)},
        "format": {"any": "csv"},
        "view": {
            "lead's": _one(session, SavedView.id, SavedView.name == OPEN_SECRET),
            "theirs": _one(session, SavedView.id, SavedView.name == SECRET),
        },
        "session": _of_people(session, WebSession),
        "token": _of_people(session, ApiToken),
        "person": _persons(session),
    }
    hidden = {keys[noun]["theirs"] for noun in ("incident", "timer")}
    return Scene(keys, _traces(session, theirs) | {SECRET} | hidden, _traces(session, ours) | {OPEN_SECRET}, bodies)


def _standing(session: Session, world: World, bodies: dict[str, str], model: Any) -> dict[str, str]:
    """Give what stands still in both cities, outside of any order."""

    def of(body: str) -> str:
        here = select(Instance.id).where(Instance.organization_id == body, Instance.process_id.in_(("stuck", "waits")))
        return _one(session, model.id, model.instance_id.in_(here))

    return {"ours": of(world.women), "theirs": of(bodies["women2"])}


def _drawn(session: Session, column: Any, world: World, bodies: dict[str, str]) -> dict[str, str]:
    """Give what designers of both cities drew, or said of it."""
    places = {"ours": world.bloc, "theirs": bodies["bloc2"]}
    of = Design.id == DesignComment.design_id
    return {name: _one(session, column, of, Design.organization_id == place) for name, place in places.items()}


def _bodies(session: Session, world: World) -> dict[str, str]:
    rows = session.execute(select(Organization.name, Organization.id))
    ids = dict(list(rows))
    return {
        "farmers": world.farmers,
        "post of the lead": world.post(ROLES["lead"]),
        **{key: ids[name] for key, (_, name) in OTHER_CITY.items()},
    }


def _of_people(session: Session, model: Any) -> dict[str, str]:
    people = _persons(session)
    wanted = {"lead's": people["lead"], "theirs": people["foreign"]}
    return {name: _one(session, model.id, model.person_id == person) for name, person in wanted.items()}


def _both(ours: str, theirs: str) -> list[tuple[str, str]]:
    return [("ours", ours), ("theirs", theirs)]


def _one(session: Session, column: Any, *conditions: Any) -> str:
    return str(session.scalars(select(column).where(*conditions).order_by(column).limit(1)).one())


def _order(session: Session, title: str) -> str:
    return _one(session, Order.id, Order.title == title)


def _part(session: Session, order: str, part: str) -> str:
    return _one(session, Assignment.id, Assignment.order_id == order, Assignment.part == part)


def _open_task(session: Session, order: str, element: str, organization: str | None = None) -> str:
    here = () if organization is None else (Task.organization_id == organization,)
    return _one(session, Task.id, Task.order_id == order, Task.element == element, Task.state == "open", *here)


def _tasks(session: Session, world: World, order: str) -> dict[str, str]:
    wanted = {
        "issuer's": ("decide_extension", world.ubnd),
        "bloc's": ("decide_extension", world.bloc),
        "lead's": ("decide_extension", world.women),
        "coord's": ("report_part", world.youth),
        "commune's": ("accept_locality", world.commune_front),
        "quarter's": ("carry_out", world.quarter1_body),
    }
    return {name: _open_task(session, order, *where) for name, where in wanted.items()}


def _shares(session: Session, world: World, order: str) -> dict[str, str]:
    wanted = {
        "bloc's": world.bloc,
        "lead's": world.women,
        "commune's": world.ward_front,
        "quarter's": world.quarter1_body,
    }
    of = Assignment.order_id == order
    return {name: _one(session, Assignment.id, of, Assignment.organization_id == body) for name, body in wanted.items()}


def _persons(session: Session) -> dict[str, str]:
    rows = dict(list(session.execute(select(Account.login, Account.id))))
    return {role: rows[login] for role, login in ROLES.items()}


def _traces(session: Session, order: str) -> frozenset[str]:
    """Collect every key that belongs to an order, and its number."""
    found = {order, str(session.scalar(select(Order.number).where(Order.id == order)))}
    for model in (Assignment, Task, Instance, Figure, Attachment, EventRecord, Submission):
        found |= set(session.scalars(select(model.id).where(model.order_id == order)))  # type: ignore[attr-defined]
    tasks_of = select(Task.id).where(Task.order_id == order)
    found |= set(session.scalars(select(Comment.id).where(Comment.task_id.in_(tasks_of))))
    shares_of = select(Assignment.id).where(Assignment.order_id == order)
    found |= set(session.scalars(select(Extension.id).where(Extension.assignment_id.in_(shares_of))))
    found |= set(session.scalars(select(Notification.id).where(Notification.order_id == order)))
    found |= set(session.scalars(select(Mail.id).join(Notification).where(Notification.order_id == order)))
    return frozenset(found)
