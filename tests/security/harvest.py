"""The keys of everything that stands on the stage, and what only those may read who have a part in it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.assignments import Assignment, Part
from models.audit import AuditEntry
from models.audit_archives import AuditArchive
from models.case_files import CaseFile
from models.definitions import Definition
from models.designs import Design, DesignComment
from models.instances import Incident, Instance
from models.notifications import Mail, Notification
from models.orders import Extension, Order
from models.organizations import Organization
from models.reports import EventRecord, Figure
from models.tasks import Attachment, Comment, SavedView, Submission, Task
from models.timers import Timer
from models.users import ApiToken, Substitution, WebSession
from models.users import Person as Account
from tests.security.playing import OTHER_CITY
from tests.security.scene import FOREIGN_TITLE, OPEN_SECRET, OWN_TITLE, ROLES, SECRET, Scene
from tests.world import World


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
        "substitution": {
            name: _one(session, Substitution.id, Substitution.absent_id == person)
            for name, person in (("lead's", _persons(session)["lead"]), ("theirs", _persons(session)["foreign"]))
        },
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
        "city": world.city,
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
