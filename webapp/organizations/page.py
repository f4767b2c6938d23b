"""What the register pages show, gathered as plain objects."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy.orm import Session

from engine.calendar import SOON, Calendar
from engine.clock import now
from engine.rollups.coverage import place_name
from models.errors import existing
from models.organizations import Area, Organization, Relation
from models.permissions import Actor
from webapp.organizations import queries

SYSTEMS = {
    "government": "Chính quyền",
    "party": "Cấp ủy và cơ quan Đảng",
    "front": "Mặt trận và Cơ quan khối",
    "socio_political": "Tổ chức chính trị - xã hội",
    "armed_forces": "Lực lượng vũ trang",
    "community": "Thôn, khu",
}
LINES = {
    "party": ("Đường Đảng, trực thuộc", "Đường Đảng, cấp dưới"),
    "government": ("Đường chính quyền, trực thuộc", "Đường chính quyền, cấp dưới"),
    "front": ("Đường Mặt trận, trực thuộc", "Đường Mặt trận, cấp dưới"),
    "bloc": ("Thành viên của", "Các đơn vị thành viên"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One body in the list: its head's title and what it has open."""

    organization: Organization
    head: str | None
    open: int = 0
    soon: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Bodies of one system in the chosen area, or all bodies of an area below it."""

    name: str
    rows: Sequence[Row]
    area: Area | None = None


def home_area(session: Session, actor: Actor) -> Area | None:
    """Return the area the actor works in, or the top one."""
    own = session.get(Area, actor.area_id) if actor.area_id else None
    return own or session.scalars(queries.top_area(now(session)).limit(1)).first()


def line_of(area: Area | None) -> list[Area]:
    """Return the areas above an area, the highest first."""
    line: list[Area] = []
    while area is not None and area.parent is not None:
        line.insert(0, area.parent)
        area = area.parent
    return line


def rows_of(session: Session, actor: Actor, bodies: Sequence[Organization], *, at: datetime) -> list[Row]:
    """Put head and open work beside each body."""
    ids = [body.id for body in bodies]
    heads: dict[str, list[str]] = {}
    for body, title in session.execute(queries.heads_of(ids, at=at)):
        heads.setdefault(body, []).append(title)
    soon = Calendar.of(session).add_working_days(now(session), SOON)
    work = {
        body: (count, near or 0, late or 0)
        for body, count, near, late in session.execute(queries.open_work(actor, ids, now=now(session), soon=soon))
    }
    return [Row(body, ", ".join(heads.get(body.id, ())) or None, *work.get(body.id, (0, 0, 0))) for body in bodies]


def groups_of(rows: Iterable[Row], area: Area | None) -> list[Group]:
    """Group bodies: those of the area by system, those below it by their area."""
    own = [row for row in rows if area is not None and row.organization.area_id == area.id]
    others = [row for row in rows if area is None or row.organization.area_id != area.id]
    order = list(SYSTEMS)
    own.sort(key=lambda row: order.index(system) if (system := row.organization.type.system) in order else len(order))
    groups = [
        Group(SYSTEMS.get(system, system), list(found))
        for system, found in groupby(own, key=lambda row: row.organization.type.system)
    ]
    others.sort(key=lambda row: row.organization.area.name_sort)
    by_area = groupby(others, key=lambda row: row.organization.area)
    return groups + [Group(_place(place), list(found), place) for place, found in by_area]


def _place(area: Area) -> str:
    name = place_name(area.kind, area.name)
    return name[:1].upper() + name[1:]


def fetch(session: Session, organization_id: str) -> Organization:
    """Fetch one body, or NotFound; the register can be read by everybody who signs in."""
    return existing(session.scalars(queries.whole(organization_id)).unique().one_or_none())


def lines_of(
    session: Session, organization: Organization
) -> tuple[list[tuple[str, list[tuple[str, str]]]], list[tuple[str, list[tuple[str, str]]]]]:
    """Return (line, bodies) above and below a body."""
    relations = session.scalars(queries.relations_of(organization.id, at=now(session))).all()
    others = {r.to_id if r.from_id == organization.id else r.from_id for r in relations}
    names = dict(session.execute(queries.named(sorted(others))).all())
    above = [r for r in relations if r.from_id == organization.id]
    below = [r for r in relations if r.to_id == organization.id]
    return _by_line(above, names, upward=True), _by_line(below, names, upward=False)


def _by_line(
    relations: Iterable[Relation], names: dict[str, str], *, upward: bool
) -> list[tuple[str, list[tuple[str, str]]]]:
    order = list(names)
    found: dict[str, list[tuple[str, str]]] = {}
    for relation in relations:
        other = relation.to_id if upward else relation.from_id
        if other in names:
            found.setdefault(relation.line, []).append((other, names[other]))
    for bodies in found.values():
        bodies.sort(key=lambda body: order.index(body[0]))
    return sorted(found.items())
