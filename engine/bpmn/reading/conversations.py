"""Which message a sender or receiver means that names none: the lines between pools tell."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final, TypeGuard

from lxml import etree

from engine.bpmn.reading.words import clean, local, tag, unprefixed

_SENDERS: Final = frozenset({"sendTask", "intermediateThrowEvent", "endEvent"})
_RECEIVERS: Final = frozenset({"receiveTask", "intermediateCatchEvent", "startEvent", "boundaryEvent"})


def joined(root: etree._Element) -> dict[str, str]:
    """Return the names of the messages that message flows tell, by the ids of who sends or receives them.

    A receiver gets what is sent to it; a sender that says nothing sends what its receiver waits for. Where several
    would have to agree and do not, nothing is told.
    """
    drawing = _Drawing(root)
    received = drawing.received()
    return {**drawing.sent(received), **received}


class _Drawing:
    """The message flows of a file that lead from who sends a message to who receives one."""

    def __init__(self, root: etree._Element) -> None:
        self._messages = {one.get("id", ""): clean(one.get("name")) for one in root.findall(tag("message"))}
        self._flows = list(_spoken(root))

    def received(self) -> dict[str, str]:
        told = defaultdict[str, set[str]](set)
        for sender, receiver, flow in self._flows:
            if name := self._said(flow) or self._said(sender):
                told[receiver.get("id", "")].add(name)
        return {
            (id := one.get("id", "")): self._said(one) or _only(told[id]) or clean(one.get("name")) or id
            for _, one, _ in self._flows
        }

    def sent(self, received: Mapping[str, str]) -> dict[str, str]:
        wanted = defaultdict[str, set[str]](set)
        for sender, receiver, _ in self._flows:
            wanted[sender.get("id", "")].add(received[receiver.get("id", "")])
        return {id: name for id, names in wanted.items() if (name := _only(names))}

    def _said(self, element: etree._Element) -> str | None:
        """Return the name of the message that an element refers to itself."""
        definition = element.find(tag("messageEventDefinition"))
        ref = unprefixed(
            element.get("messageRef") or (definition.get("messageRef") if definition is not None else None)
        )
        return self._messages.get(ref) or ref or None


def _spoken(root: etree._Element) -> Iterator[tuple[etree._Element, etree._Element, etree._Element]]:
    """Yield sender, receiver and flow."""
    drawn = {one.get("id"): one for one in root.iter(etree.Element) if local(one) in _SENDERS | _RECEIVERS}
    for flow in root.iter(tag("messageFlow")):
        sender, receiver = (drawn.get(unprefixed(flow.get(end))) for end in ("sourceRef", "targetRef"))
        if _speaks(sender, _SENDERS) and _speaks(receiver, _RECEIVERS):
            yield sender, receiver, flow


def _speaks(element: etree._Element | None, kinds: frozenset[str]) -> TypeGuard[etree._Element]:
    if element is None or local(element) not in kinds:
        return False
    return local(element).endswith("Task") or element.find(tag("messageEventDefinition")) is not None


def _only(names: set[str]) -> str | None:
    return next(iter(names)) if len(names) == 1 else None
