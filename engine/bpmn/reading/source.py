"""One file while it is read: what its parts may refer to, which ids are taken, and what was told of it."""

import re
from typing import Final

from lxml import etree

from engine.bpmn import dialects, foreign
from engine.bpmn.dialects import Expression, Remark
from engine.bpmn.foreign import Imported
from engine.bpmn.model import Problem
from engine.bpmn.reading import conversations
from engine.bpmn.reading.words import clean, local, tag, unprefixed

_ID: Final = re.compile(r"[^\W\d][\w.\-]{0,199}")
_NAMED: Final = ("message", "signal", "error", "escalation")


class Source:
    """The file, and the problems found in it so far."""

    def __init__(self, file: str, root: etree._Element) -> None:
        self.file = file
        self.root = root
        self.problems: list[Problem] = []
        self.dialect = dialects.dialect_of(root)
        self.definitions = {one.get("id"): one for one in root.iter() if local(one).endswith("EventDefinition")}
        self._named = {kind: {one.get("id"): one for one in root.findall(tag(kind))} for kind in _NAMED}
        self._data = {
            one.get("id"): unprefixed(one.get("dataObjectRef")) for one in root.iter(tag("dataObjectReference"))
        }
        self.joined = conversations.joined(root)
        self._taken = {one.get("id") for one in root.iter() if one.get("id")}
        self._seen: dict[str, int | None] = {}
        self._generated = 0

    def tell(self, level: str, rule: str, where: etree._Element, **facts: object) -> None:
        """Note a problem at an element."""
        place = self.file, where.sourceline, where.get("id"), clean(where.get("name"))
        self.problems.append(Problem(level, rule, *place, dict(facts)))

    def imported(self, element: etree._Element) -> Imported:
        """Return what another tool wrote at an element."""
        return foreign.imported(element, self.dialect)

    def remark(self, said: Remark, where: etree._Element) -> None:
        """Note what is to be said of something drawn elsewhere."""
        self.tell(said.level, said.rule, where, **said.facts)

    def means(self, found: Expression | None, where: etree._Element) -> str | None:
        """Return what is evaluated for an expression, and tell what became of the one that was drawn.

        One that nobody could translate is refused, and something stands in for it.
        """
        said = dialects.remark(found) if found else None
        if said:
            self.remark(said, where)
        return found.evaluated if found else None

    def named(self, kind: str, ref: str) -> etree._Element | None:
        """Return the message, signal, error or escalation of a reference."""
        return self._named[kind].get(unprefixed(ref))

    def variable(self, ref: str | None) -> str:
        """Return the variable of a data object, also where a reference to it is drawn."""
        name = unprefixed(ref)
        return self._data.get(name) or name

    def id_of(self, element: etree._Element) -> str:
        """Return the id of an element, or a fresh one where it has none of its own."""
        given = (element.get("id") or "").strip()
        if given and not _ID.fullmatch(given):
            self.tell("refused", "id-unclear", element)
        if given and given not in self._seen:
            self._seen[given] = element.sourceline
            return given
        if given:
            self.tell("refused", "id-twice", element, first=self._seen[given])
        else:
            self.tell("note", "id-missing", element)
        return self._fresh_id(element)

    def _fresh_id(self, element: etree._Element) -> str:
        while True:
            self._generated += 1
            fresh = f"{local(element)}_{self._generated}"
            if fresh not in self._taken:
                self._seen[fresh] = element.sourceline
                return fresh
