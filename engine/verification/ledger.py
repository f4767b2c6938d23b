"""I4, of figures: every figure is what the entry that entered it says, and an entry speaks of every figure."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.audit import Fact, leaves
from engine.audit.canonical_form import plain
from engine.reports.correcting import said_of
from engine.verification.finding import BATCH, Seen, Violation, counted
from models.audit import AuditEntry
from models.reports import Figure

_FACTS: Final = (Fact.FIGURE_ENTERED, Fact.FIGURE_ADDED_LATE, Fact.EVENT_MERGED, Fact.FIGURE_CORRECTED)


def ledger(session: Session, seen: Seen) -> Iterator[Violation]:
    """Hold the figures against the log: a value changed behind it makes its sum right and its entry wrong."""
    entries = select(AuditEntry).where(AuditEntry.fact.in_([fact.value for fact in _FACTS]))
    entries = entries.where(AuditEntry.refused.is_(False)).order_by(AuditEntry.seq)
    named = 0
    for entry in counted(session.scalars(entries.execution_options(yield_per=BATCH)), seen):
        told = _figures_of(entry)
        named += len(told)
        held = {one.id: one for one in session.scalars(select(Figure).where(Figure.id.in_(told)))}
        for key, said in told.items():
            now = _plainly(held[key]) if key in held else {}
            if {name: now.get(name) for name in said} != said:
                wrong = f"it is {_words(now)}, entry {entry.seq} says {_words(said)}"
                yield Violation("I4", f"figure {key}", wrong)
        session.expunge_all()
    stored = session.scalar(select(func.count()).select_from(Figure)) or 0
    if stored != named and not leaves.some_archived(session):
        yield Violation("I4", "figures", f"there are {stored}, entries speak of {named}")


def _figures_of(entry: AuditEntry) -> dict[str, dict[str, Any]]:
    facts = entry.facts
    if entry.fact == Fact.FIGURE_CORRECTED and entry.subject_id is not None:
        after = facts["after"]
        kept = {"indicator": facts["indicator"], "value": after["value"], "qualifier": after["qualifier"]}
        return {entry.subject_id: _comparable(kept)}
    told = facts.get("entered" if entry.fact == Fact.EVENT_MERGED else "figures", ())
    return {one["id"]: _comparable(one) for one in told}


def _plainly(figure: Figure) -> dict[str, Any]:
    return _comparable(plain(said_of(figure)))


def _comparable(said: dict[str, Any]) -> dict[str, Any]:
    return {name: Decimal(str(value)) if name == "value" else value for name, value in said.items()}


def _words(said: dict[str, Any]) -> str:
    return (
        ", ".join(f"{name} {said[name]}" for name in ("indicator", "value", "qualifier", "held_on") if name in said)
        or "not there"
    )
