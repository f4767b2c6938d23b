"""Checks the texts beside the leaves: each is the one its entry speaks of, and none is missing but what was erased."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.facts import Fact
from models.audit_texts import MARK, AuditText, commitments, is_said

# How the canonical form writes it; within a text the quotes would have a backslash before them.
_MARKED: Final = f'{{"{MARK}":'.encode()


class TextsBeside:
    """The texts of the log, looked at entry by entry in its order; an erasure comes after what it erases."""

    def __init__(self) -> None:
        self.upto = 0
        self.known: dict[int, dict[str, tuple[str, str]]] = {}
        self.missing: dict[tuple[int, str], None] = {}
        self.unlike: tuple[int, str] | None = None

    def fetch(self, session: Session, *, upto: int) -> None:
        """Read the texts of the next entries."""
        found = select(AuditText.seq, AuditText.path, AuditText.salt, AuditText.value)
        self.known = {}
        for seq, path, salt, value in session.execute(
            found.where(AuditText.seq > self.upto, AuditText.seq <= upto).order_by(AuditText.seq, AuditText.path)
        ):
            self.known.setdefault(seq, {})[path] = (salt, value)
        self.upto = max(self.upto, upto)

    def look(self, entry: Mapping[Any, Any], said: bytes) -> None:
        """Look at the texts of an entry; `said` are its bytes."""
        texts = self.known.pop(entry["seq"], {})
        if _MARKED in said and entry["v"] > 1:
            for path, hashed in commitments(entry["facts"]):
                text = texts.get(path)
                if text is None:
                    self.missing[entry["seq"], path] = None
                elif is_said(hashed, *text):
                    del texts[path]
        # What its entry does not speak of, or not like this, must not be read as if somebody had written it.
        if texts and self.unlike is None:
            self.unlike = entry["seq"], min(texts)
        if entry["fact"] == Fact.TEXT_ERASED:
            self._forgive(entry["facts"].get("texts"))

    def wrong(self, session: Session, size: int) -> tuple[str, int, str] | None:
        """Return why, number and path of the first text that is not what was written, or is lost; at the end."""
        beyond = select(AuditText.seq, AuditText.path).where((AuditText.seq > size) | (AuditText.seq < 1)).limit(1)
        strange = self.unlike or session.execute(beyond).one_or_none()
        if strange is not None:
            return "text", *strange
        return ("lost", *min(self.missing)) if self.missing else None

    def _forgive(self, erased: Any) -> None:
        # Whoever altered the entry may have written anything here.
        for seq, paths in erased.items() if isinstance(erased, Mapping) else ():
            for path in paths if isinstance(paths, list) else ():
                if seq.isdecimal() and isinstance(path, str):
                    self.missing.pop((int(seq), path), None)
