"""Where the versions of a process are in use, as pages show it: a decision table, in words, and the areas to pick."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from engine.clock import now
from engine.rollups.coverage import place_name
from models.definitions import Definition, DefinitionUse
from models.organizations import Area
from models.users import Person
from webapp.text import say


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table: in this place new work begins under this version."""

    use: DefinitionUse
    place: str
    by: str | None
    is_over: bool

    @property
    def definition(self) -> Definition:
        """The version."""
        return self.use.definition


@dataclass(frozen=True, slots=True)
class Choice:
    """An area to pick, with those below it."""

    id: str
    name: str
    below: Sequence["Choice"]


def rules_of(session: Session, *processes: str) -> list[Rule]:
    """Return the decision table of a process, of some, or (none named) of all: areas by name, everywhere last."""
    query = (
        select(DefinitionUse, Person.name)
        .outerjoin(Area, Area.id == DefinitionUse.area_id)
        .outerjoin(Person, Person.id == DefinitionUse.person_id)
        .options(joinedload(DefinitionUse.definition), joinedload(DefinitionUse.area).joinedload(Area.parent))
        .order_by(DefinitionUse.process_id, DefinitionUse.area_id.is_(None), Area.name_sort, DefinitionUse.id)
    )
    if processes:
        query = query.where(DefinitionUse.process_id.in_(processes))
    found = [(use, name) for use, name in session.execute(query)]
    scoped = {use.process_id for use, _ in found if use.area is not None}
    today = now(session)
    return [
        Rule(
            use,
            place_of(use.area) if use.area else say("mọi nơi khác") if use.process_id in scoped else say("mọi nơi"),
            name,
            use.area is not None and use.area.valid_to is not None and use.area.valid_to <= today,
        )
        for use, name in found
    ]


def place_of(area: Area) -> str:
    """Return what an area is called, with the one it lies in: names come twice."""
    line = [area] if area.parent is None or area.parent.parent is None else [area, area.parent]
    return ", ".join(place_name(one.kind, one.name) for one in line)


def places_of(session: Session, areas: Iterable[str]) -> list[str]:
    """Return what areas are called, in Vietnamese order."""
    chosen = select(Area).where(Area.id.in_(list(areas))).order_by(Area.name_sort)
    return [place_of(one) for one in session.scalars(chosen)]


def words_of(rules: Iterable[Rule]) -> dict[str, str]:
    """Say where versions are in use, by their ids; a version that is not there is in use nowhere."""
    places: dict[str, list[str]] = defaultdict(list)
    for rule in rules:
        places[rule.definition.id].append(rule.place)
    return {id: say("đang dùng ở: {places}", places="; ".join(names)) for id, names in places.items()}


def choices(session: Session) -> Sequence[Choice]:
    """Return the areas of today as the tree they are, in Vietnamese order."""
    below: Mapping[str | None, list[Area]] = defaultdict(list)
    for area in session.scalars(select(Area).where(Area.valid_at(now(session))).order_by(Area.name_sort)):
        below[area.parent_id].append(area)

    def under(parent_id: str | None) -> list[Choice]:
        return [Choice(one.id, place_name(one.kind, one.name), under(one.id)) for one in below.get(parent_id, ())]

    return under(None)
