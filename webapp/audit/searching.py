"""Searches the log: one page of entries, and how many of what kind are among the newest that match."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select, union_all
from sqlalchemy.orm import Session, aliased

from models.audit import AuditEntry
from models.audit_words import AuditWord
from webapp.audit.resolving import MOST_NAMED, Wanted, bounds

PAGE = 50
COUNTED = 1000
WORTH_COUNTING = 5000
# The columns by which the log has a way in, in the order of its numbers.
INDEXED = {"subject_id", "order_id", "person_id", "organization_id", "fact"}


@dataclass(frozen=True, slots=True)
class Facets:
    """How many of the newest matches are of which fact, by which body, refused, on behalf; exact below `COUNTED`."""

    count: int = 0
    facts: Sequence[tuple[str, int]] = ()
    bodies: Sequence[tuple[str, int]] = ()
    refused: int = 0
    behalf: int = 0

    @property
    def is_exact(self) -> bool:
        return self.count < COUNTED


@dataclass(frozen=True, slots=True)
class Found:
    """One page of matches, newest first, and where the next begins."""

    entries: Sequence[AuditEntry] = ()
    next: int | None = None
    facets: Facets = field(default_factory=Facets)


def search(session: Session, readable: Select[AuditEntry], wanted: Wanted, *, before: int | None) -> Found:
    """Find the entries of `readable` that are wanted: a page of them from `before` on, and the facets of all."""
    if wanted.is_nothing:
        return Found()
    look = _Look(session, readable, wanted)
    shown = (AuditEntry.seq, AuditEntry.fact, AuditEntry.organization_id, AuditEntry.refused, AuditEntry.behalf_of_id)
    newest = session.execute(look.newest(*shown, limit=COUNTED)).all()
    page = newest[: PAGE + 1] if before is None else look.page(before)
    keys = [row[0] for row in page[:PAGE]]
    entries = session.scalars(select(AuditEntry).where(AuditEntry.seq.in_(keys)).order_by(AuditEntry.seq.desc())).all()
    return Found(entries, keys[-1] if len(page) > PAGE else None, _counted(newest))


def everything(session: Session, readable: Select[AuditEntry], wanted: Wanted) -> Select[AuditEntry]:
    """Select all entries of `readable` that are wanted, oldest first, without a limit: for exports."""
    keys = [getattr(AuditEntry, name).in_(keys) for name, keys in wanted.keys.items()]
    found = readable.order_by(None).where(*_plain(session, wanted, AuditEntry.seq), *_spoken(wanted.words), *keys)
    return found.order_by(AuditEntry.seq)


def _plain(session: Session, wanted: Wanted, seq: Any) -> Iterator[ColumnElement[bool]]:
    """Give the conditions of the period and the switches."""
    low, high = bounds(session, wanted)
    if wanted.since is not None:
        yield seq >= low
        yield AuditEntry.at >= wanted.since
    if wanted.until is not None:
        yield seq < high
        yield AuditEntry.at < wanted.until
    if wanted.outside_orders:
        yield AuditEntry.order_id.is_(None)
    if wanted.refused:
        yield AuditEntry.refused.expression
    if wanted.behalf:
        yield AuditEntry.behalf_of_id.is_not(None)


def _spoken(words: Iterable[str]) -> list[ColumnElement[bool]]:
    spoken = aliased(AuditWord, name="spoken")
    return [exists().where(spoken.word == word, spoken.seq == AuditEntry.seq) for word in words]


def _counted(rows: Sequence[Any]) -> Facets:
    return Facets(
        count=len(rows),
        facts=Counter(row.fact for row in rows).most_common(),
        bodies=Counter(row.organization_id for row in rows if row.organization_id).most_common(),
        refused=sum(row.refused for row in rows),
        behalf=sum(row.behalf_of_id is not None for row in rows),
    )


class _Look:
    """The statement of one search: the filter with the fewest entries leads to them, the others are looked up."""

    def __init__(self, session: Session, readable: Select[AuditEntry], wanted: Wanted) -> None:
        self.session, self.readable, self.wanted = session, readable, wanted
        self.lead = self._lead()
        leads = self.lead in wanted.words and aliased(AuditWord, name="leading")
        self.word = leads or None
        self.seq = leads.seq if leads else AuditEntry.seq
        self.conditions = [*_plain(session, wanted, self.seq), *self._words(), *self._keys()]

    def _lead(self) -> str | None:
        """Return the column or word with the fewest entries, as far as it pays to count."""
        led = INDEXED | ({"instance_id"} if self.wanted.outside_orders else set())
        known = {name: keys for name, keys in self.wanted.keys.items() if name in led and len(keys) <= MOST_NAMED}
        ways = {name: self._ways(name, keys) for name, keys in known.items()}
        ways |= {word: [select(AuditWord.seq).where(AuditWord.word == word)] for word in self.wanted.words}
        if len(ways) < 2:
            return next(iter(ways), None)
        # Of those with too many to count, one key is better than several: its entries are already in order.
        return min(ways, key=lambda name: (self._few(ways[name]), len(ways[name])))

    def _ways(self, name: str, keys: Sequence[str]) -> list[Select[Any]]:
        alone = [AuditEntry.order_id.is_(None)] if name == "instance_id" else []
        return [select(AuditEntry.seq).where(getattr(AuditEntry, name) == key, *alone) for key in keys]

    def _few(self, ways: Sequence[Select[Any]]) -> int:
        found = 0
        for way in ways:
            found += self.session.scalar(select(func.count()).select_from(way.limit(WORTH_COUNTING).subquery())) or 0
            if found >= WORTH_COUNTING:
                return WORTH_COUNTING
        return found

    def _words(self) -> list[ColumnElement[bool]]:
        others = _spoken(word for word in self.wanted.words if word != self.lead)
        return [*others, self.word.word == self.lead] if self.word is not None else others

    def _keys(self) -> list[ColumnElement[bool]]:
        others = [name for name in self.wanted.keys if name != self.lead]
        # Not by their indexes: the lead has chosen the entries, and these only look at them.
        return [func.coalesce(getattr(AuditEntry, name), "").in_(self.wanted.keys[name]) for name in others]

    def _chosen(self, *columns: Any) -> Select[Any]:
        chosen = self.readable.with_only_columns(*columns).order_by(None)
        if self.word is not None:
            chosen = chosen.join(self.word, self.word.seq == AuditEntry.seq)
        return chosen.where(*self.conditions)

    def newest(self, *columns: Any, limit: int, before: int | None = None) -> Select[Any]:
        """Select columns of the newest matches; the newest of each key are taken before they are put together."""
        keys = self.wanted.keys.get(self.lead or "", ())
        earlier = [self.seq < before] if before is not None else []
        column = getattr(AuditEntry, self.lead) if keys and self.lead else None
        if len(keys) < 2 or column is None:
            same = [column == key for key in keys] if column is not None else []
            return self._chosen(*columns).where(*earlier, *same).order_by(self.seq.desc()).limit(limit)
        one = self._chosen(AuditEntry.seq).where(*earlier)
        each = [
            select(one.where(column == key).order_by(AuditEntry.seq.desc()).limit(limit).subquery().c.seq)
            for key in keys
        ]
        together = union_all(*each).subquery()
        newest = select(together.c.seq).order_by(together.c.seq.desc()).limit(limit)
        return select(*columns).where(AuditEntry.seq.in_(newest)).order_by(AuditEntry.seq.desc())

    def page(self, before: int) -> Sequence[Any]:
        """Return the numbers of one page that is not the first."""
        return self.session.execute(self.newest(AuditEntry.seq, limit=PAGE + 1, before=before)).all()
