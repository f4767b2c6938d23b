"""How the stage is set: one order with a share in every relation, and one of another city that none may see."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

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
    users,
    uses,
)
from engine.audit import proofs
from engine.clock import ZONE, ManualClock
from engine.files import FileStore
from models.assignments import Assignment
from models.audit_archives import AuditArchive, AuditRestored
from models.database import Database
from models.orders import Order
from models.organizations import Area, Holder, Post
from models.permissions import SYSTEM, Actor
from models.reports import Figure
from models.tasks import Task
from models.users import Person as Account
from tests.engine.diagrams import bundle, catch, chain, end, process, start, timer, user
from tests.play import DRAFT, Story, report
from tests.security.scene import FOREIGN_TITLE, OPEN_SECRET, OWN_TITLE, PNG, ROLES, SECRET
from tests.world import NOW, World

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


def build(database: Database, world: World, files: Path) -> Story:
    """Play both orders to the middle of their way; return the story, which knows the people of both cities."""
    story = Story(database, ManualClock(at=NOW), world)
    _their_order(story, _other_city(story), files)
    _our_order(story, files)
    for login, by in (("phunu", "phunu.2"), ("phunu.hl", "thanhnien.hl")):
        _stand_still(story, login)
        _lend(story, login, by)
    _draw(story, story.actor("thietke"), OPEN_SECRET)
    _draw(story, replace(story.actor("khoi.hl"), roles=frozenset({"designer"})), SECRET)
    return story


def _draw(story: Story, actor: Actor, word: str) -> None:
    """Open the process of the blocs as a design, with a remark on it."""
    with story.doing() as session:
        design = designs.open_definition(session, uses.active(session, "bloc"), actor=actor)
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


def _lend(story: Story, login: str, by: str) -> None:
    """Let somebody name a substitute, for days on which nobody asks."""
    actor, other = story.actor(login), story.actor(by)
    with story.doing() as session:
        absent, there = session.get_one(Account, actor.person_id), session.get_one(Account, other.person_id)
        post = session.get_one(Post, actor.post_id)
        users.substitute(session, post, actor=actor, absent=absent, by=there, first=LATER.date(), last=LATER.date())


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
