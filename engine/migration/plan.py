"""The plan of a migration: from which version to which, and which element takes the place of which."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine import definitions, instances, runner
from models.definitions import Definition
from models.errors import Invalid, WrongState


@dataclass(frozen=True, slots=True)
class Plan:
    """From the old version to the new: for every element of the old what takes its place, or nothing."""

    old: Definition
    new: Definition
    mapping: Mapping[str, str | None]

    @property
    def differences(self) -> list[str]:
        """What does not keep its id, as `old → new`, or `old → -` where nothing takes its place."""
        return [f"{frm} → {to or '-'}" for frm, to in self.mapping.items() if frm != to]


def planned(
    session: Session, old: Definition, new: Definition, changes: Mapping[str, str | None] | None = None
) -> Plan:
    """Return the plan that is proposed, with changes: element -> element, or None for no target.

    Errors: WrongState for versions that do not follow one another; Invalid for elements that are not there.
    """
    if old.process_id != new.process_id or old.id == new.id:
        raise WrongState("migration_other_process", subject=new)
    if new.is_draft:
        raise WrongState("migration_to_draft", subject=new)
    instances.require_in_use(session, new.id)
    before, after = _bundles(session, old, new)
    mapping = propose(before, after, old.process_id)
    changes = changes or {}
    known, offered = before.elements(old.process_id), after.elements(old.process_id)
    wrong = {f"mapping.{frm}": "not_an_element" for frm in changes if frm not in known}
    wrong |= {f"mapping.{frm}": "not_an_element" for frm, to in changes.items() if to and to not in offered}
    twice = [to for to, times in Counter(to for to in changes.values() if to).items() if times > 1]
    wrong |= {f"mapping.{frm}": "target_twice" for frm, to in changes.items() if to in twice}
    if wrong:
        raise Invalid(wrong, reason="mapping_wrong")
    # What is asked for by name is taken from whoever had it by the proposal.
    asked = {to for to in changes.values() if to}
    free = {frm: None if to in asked else to for frm, to in mapping.items()}
    return Plan(old, new, {**free, **{frm: to or None for frm, to in changes.items()}})


def _bundles(session: Session, old: Definition, new: Definition) -> tuple[runner.Bundle, runner.Bundle]:
    return definitions.bundle_of(session, old.id), definitions.bundle_of(session, new.id)


def propose(old: runner.Bundle, new: runner.Bundle, process_id: str) -> dict[str, str | None]:
    """Return what takes the place of each element: the same id and kind, else the only one alike by kind and name."""
    before, after = old.elements(process_id), new.elements(process_id)
    found: dict[str, str | None] = {
        id: id if id in after and is_alike(element, after[id]) else None for id, element in before.items()
    }
    free_before = Counter(_looks(before[id]) for id, to in found.items() if to is None)
    free_after = {id: element for id, element in after.items() if found.get(id) != id}
    named = Counter(map(_looks, free_after.values()))
    by_looks = {_looks(element): id for id, element in free_after.items()}
    for id, to in found.items():
        looks = _looks(before[id])
        if to is None and before[id].name != id and free_before[looks] == named[looks] == 1:
            found[id] = by_looks[looks]
    return found


def is_alike(before: runner.Element, after: runner.Element) -> bool:
    """Tell whether two elements are of one kind."""
    return (before.type, before.event) == (after.type, after.event)


def _looks(element: runner.Element) -> tuple[str, str, str]:
    return element.type, element.event, element.name
