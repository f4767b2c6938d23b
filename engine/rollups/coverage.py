"""Who is missing: which places of an order have reported, from the progress of their assignments."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.assignments import Assignment, Part, Progress
from models.organizations import Area
from models.text import fold

_GONE: Final = (Progress.REFUSED, Progress.CANCELLED)
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Place:
    """A place that owes a report; `above` is its parent's name, for a quarter of a ward that is not asked about."""

    assignment_id: str
    organization_id: str
    area_id: str
    name: str
    above: str | None = None

    @property
    def label(self) -> str:
        return f"{self.name}, {self.above}" if self.above else self.name


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of how many places directly below, how many have reported in full; and who is missing, however deep."""

    expected: int
    reported: int
    missing: tuple[Place, ...]
    nothing: int = 0  # places that said "Không phát sinh"
    with_figures: int = 0  # places that reported something

    @property
    def is_full(self) -> bool:
        return self.reported == self.expected

    def sentence(self, locale: str = "vi") -> str:
        """Say "mới có 15/16 đơn vị, thiếu: Khu 7, phường Quang Hanh"; empty where nobody is missing."""
        if self.is_full:
            return ""
        names = "; ".join(place.label for place in self.missing[:_SHOWN])
        more = len(self.missing) - _SHOWN
        if locale == "en":
            rest = f" and {more} more" if more > 0 else ""
            return f"only {self.reported}/{self.expected} units, missing: {names}{rest}"
        rest = f" và {more} đơn vị khác" if more > 0 else ""
        return f"mới có {self.reported}/{self.expected} đơn vị, thiếu: {names}{rest}"


@dataclass(frozen=True, slots=True)
class _Share:
    id: str
    organization_id: str
    area_id: str
    parent_area_id: str | None
    name: str
    sort: str
    has_reported: bool
    nothing: bool


class Units:
    """The places an order went to, as a tree of areas; loaded once, asked for any area."""

    def __init__(self, shares: Iterable[_Share]) -> None:
        self._shares = {share.area_id: share for share in sorted(shares, key=lambda share: share.has_reported)}
        self._below: defaultdict[str | None, list[_Share]] = defaultdict(list)
        for share in sorted(self._shares.values(), key=lambda share: share.sort):
            self._below[share.parent_area_id].append(share)

    def below(self, area_id: str) -> list[tuple[str, str, str]]:
        """Return (area id, name, sort key) of the places directly below."""
        return [(share.area_id, share.name, share.sort) for share in self._below[area_id]]

    def coverage(self, area_id: str) -> Coverage:
        """Return who below an area has reported; a place with nobody below it speaks for itself."""
        units = self._below[area_id] or [share for share in (self._shares.get(area_id),) if share]
        missing = [self._missing(unit, None if unit.area_id == area_id else area_id) for unit in units]
        leaves = [leaf for unit in units for leaf in self._leaves(unit) if leaf.has_reported]
        return Coverage(
            expected=len(units),
            reported=sum(not places for places in missing),
            missing=tuple(place for places in missing for place in places),
            nothing=sum(leaf.nothing for leaf in leaves),
            with_figures=sum(not leaf.nothing for leaf in leaves),
        )

    def _missing(self, share: _Share, asked: str | None) -> list[Place]:
        """Return the deepest places that owe a report; a place where all below owe one stands for them."""
        below = self._below[share.area_id]
        missing = [self._missing(child, asked) for child in below]
        if not share.has_reported and all(missing):
            return [self._place(share, asked)]
        return [place for places in missing for place in places] or (
            [] if share.has_reported else [self._place(share, asked)]
        )

    def _place(self, share: _Share, asked: str | None) -> Place:
        above = self._shares.get(share.parent_area_id or "") if share.parent_area_id != asked else None
        return Place(share.id, share.organization_id, share.area_id, share.name, above.name if above else None)

    def _leaves(self, share: _Share) -> list[_Share]:
        below = self._below[share.area_id]
        return [leaf for child in below for leaf in self._leaves(child)] if below else [share]


def units_of(session: Session, order_id: str) -> Units:
    """Read the local assignments of an order, those refused, cancelled or replaced left out."""
    query = (
        select(
            Assignment.id, Assignment.organization_id, Assignment.area_id, Area.parent_id, Area.kind, Area.name,
            Area.name_sort, Assignment.progress, Assignment.submitted_at, Assignment.returned_at,
            Assignment.nothing_to_report,
        )
        .join(Area, Area.id == Assignment.area_id)
        .where(
            Assignment.order_id == order_id, Assignment.part == Part.LOCAL, Assignment.progress.not_in(_GONE),
            Assignment.replaced_by_id.is_(None),
        )
    )  # fmt: skip
    return Units(
        _Share(
            row.id, row.organization_id, row.area_id, row.parent_id, place_name(row.kind, row.name), row.name_sort,
            _has_reported(row.progress, row.submitted_at, row.returned_at), row.nothing_to_report,
        )
        for row in session.execute(query)
    )  # fmt: skip


def _has_reported(progress: str, submitted_at: datetime | None, returned_at: datetime | None) -> bool:
    if progress in (Progress.DONE, Progress.TO_CONFIRM):
        return True
    return submitted_at is not None and (returned_at is None or returned_at < submitted_at)


@lru_cache(maxsize=8192)
def place_name(kind: str, name: str) -> str:
    """Return the name with what the place is called: phường Cẩm Thịnh; Khu 1 says so itself."""
    return name if fold(name).startswith(fold(kind)) else f"{kind} {name}"
