"""From a total down to what somebody entered: the figures behind it, with event, author, amendments and photos."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from engine.indicators import display
from engine.rollups.coverage import place_name
from engine.rollups.periods import WHOLE, Period, counted, within
from models.errors import Invalid
from models.orders import Order
from models.organizations import Area, Organization
from models.permissions import Actor
from models.reports import EventRecord, Figure, Indicator
from models.tasks import Attachment


@dataclass(frozen=True, slots=True)
class Version:
    """A value a figure had before: who entered it, when, and why it was replaced."""

    value: Decimal
    qualifier: str
    display: str
    entered_at: datetime
    entered_as: str
    replaced_because: str | None
    task_id: str | None


@dataclass(frozen=True, slots=True)
class Photo:
    """A file handed in with the report."""

    attachment_id: str
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """One figure that counts, with all that stands behind it; `versions` are its earlier values, newest first."""

    id: str
    indicator_code: str
    value: Decimal
    qualifier: str
    display: str
    kind: str
    reason: str | None
    held_on: date
    area_id: str
    area: str
    organization_id: str
    organization: str
    order_id: str | None
    assignment_id: str | None
    task_id: str | None
    event_id: str | None
    title: str | None
    entered_at: datetime
    entered_as: str
    versions: tuple[Version, ...] = ()
    photos: tuple[Photo, ...] = ()

    @property
    def cursor(self) -> str:
        """Return what to give as `after` for the leaves that follow."""
        return f"{self.held_on.isoformat()}_{self.id}"


def leaves(
    session: Session,
    order_id: str,
    indicator_code: str,
    area_id: str,
    *,
    after: str | None = None,
    limit: int = 50,
    period: Period = WHOLE,
    locale: str = "vi",
) -> list[Leaf]:
    """Return the figures that make a total, the newest day first; together they are the total. Three statements."""
    in_area = or_(
        select(Order.id).where(Order.id == order_id, Order.area_id == area_id).exists(),
        Figure.area_id.in_(within(area_id)),
    )
    query = _described().where(Figure.indicator_code == indicator_code, in_area, *counted(order_id, period))
    rows = session.execute(_after(query, after).limit(limit)).all()
    versions = _versions(session, [row[0] for row in rows if row[0].amends_id], locale)
    # A report sent again shows the photos of its earlier versions as well.
    tasks = {row[0].id: [row[0].task_id, *(one.task_id for one in versions.get(row[0].id, ()))] for row in rows}
    photos = _photos(session, {task for several in tasks.values() for task in several if task})
    return [_leaf(row, locale, versions.get(row[0].id, ()), _of(tasks[row[0].id], photos)) for row in rows]


def _of(tasks: Sequence[str | None], photos: dict[str | None, tuple[Photo, ...]]) -> tuple[Photo, ...]:
    return tuple(photo for task in dict.fromkeys(tasks) for photo in photos.get(task, ()))


def search_figures(
    session: Session,
    actor: Actor,
    *,
    indicator: str | None = None,
    area: str | None = None,
    since: date | None = None,
    until: date | None = None,
    after: str | None = None,
    limit: int = 50,
    locale: str = "vi",
) -> list[Leaf]:
    """Return figures of orders the actor may see, the newest day first; an area means all beneath it too."""
    query = _described().where(Figure.stands(), Figure.order_id.in_(select(Order.id).where(Order.is_visible_to(actor))))
    if indicator is not None:
        query = query.where(Figure.indicator_code == indicator)
    if area is not None:
        query = query.where(Figure.area_id.in_(within(area)))
    if since is not None:
        query = query.where(Figure.held_on >= since)
    if until is not None:
        query = query.where(Figure.held_on <= until)
    return [_leaf(row, locale) for row in session.execute(_after(query, after).limit(limit))]


def _described() -> Any:
    return (
        select(Figure, Indicator, Area.kind, Area.name, Organization.name, EventRecord.title)
        .join(Indicator, Indicator.code == Figure.indicator_code)
        .join(Area, Area.id == Figure.area_id)
        .join(Organization, Organization.id == Figure.organization_id)
        .outerjoin(EventRecord, EventRecord.id == Figure.event_id)
        .order_by(Figure.held_on.desc(), Figure.id.desc())
    )


def _after(query: Any, cursor: str | None) -> Any:
    if not cursor:
        return query
    day, _, last = cursor.partition("_")
    try:
        held_on = date.fromisoformat(day)
    except ValueError:
        raise Invalid({"after": "not_a_cursor"}, reason="not_a_cursor") from None
    return query.where(or_(Figure.held_on < held_on, and_(Figure.held_on == held_on, Figure.id < last)))


def _versions(session: Session, figures: Sequence[Figure], locale: str) -> dict[str, tuple[Version, ...]]:
    """Return the earlier values of each figure, by following what it amends."""
    if not figures:
        return {}
    older = aliased(Figure)
    tips = [figure.id for figure in figures]
    line = select(Figure.id.label("tip"), Figure.amends_id.label("older"), Figure.reason).where(Figure.id.in_(tips))
    up = line.cte("versions", recursive=True)
    up = up.union_all(select(up.c.tip, Figure.amends_id, Figure.reason).join(up, Figure.id == up.c.older))
    query = select(up.c.tip, up.c.reason, older, Indicator).join(older, older.id == up.c.older)
    query = query.join(Indicator, Indicator.code == older.indicator_code).order_by(older.id.desc())
    found: defaultdict[str, list[Version]] = defaultdict(list)
    for tip, reason, figure, indicator in session.execute(query):
        shown = display(indicator, figure.value, figure.qualifier, locale=locale, base=False)
        version = (figure.value, figure.qualifier, shown, figure.entered_at, figure.entered_as, reason, figure.task_id)
        found[tip].append(Version(*version))
    return {tip: tuple(versions) for tip, versions in found.items()}


def _photos(session: Session, tasks: set[str]) -> dict[str | None, tuple[Photo, ...]]:
    if not tasks:
        return {}
    handed_in = Attachment.task_id.in_(tasks), Attachment.removed_at.is_(None), Attachment.is_shared()
    query = select(Attachment).where(*handed_in)
    found: defaultdict[str | None, list[Photo]] = defaultdict(list)
    for file in session.scalars(query.order_by(Attachment.id)):
        found[file.task_id].append(Photo(file.id, file.name, file.media_type))
    return {task: tuple(photos) for task, photos in found.items()}


def _leaf(row: Any, locale: str, versions: tuple[Version, ...] = (), photos: tuple[Photo, ...] = ()) -> Leaf:
    figure, indicator, kind, name, organization, title = row
    same = (
        "id", "indicator_code", "value", "qualifier", "kind", "reason", "held_on", "area_id", "organization_id",
        "order_id", "assignment_id", "task_id", "event_id", "entered_at", "entered_as",
    )  # fmt: skip
    return Leaf(
        **{field: getattr(figure, field) for field in same},
        display=display(indicator, figure.value, figure.qualifier, locale=locale, base=False),
        area=place_name(kind, name),
        organization=organization,
        title=title,
        versions=versions,
        photos=photos,
    )
