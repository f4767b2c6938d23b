"""Undoing what an operator did to an instance: by the opposite act, which stands in the log like any other."""

import json

from sqlalchemy.orm import Session

from engine import instances, operations, timers
from engine.audit import Fact
from models.audit import AuditEntry
from models.audit_texts import ERASED
from models.errors import WrongState
from models.instances import Instance
from models.permissions import Actor
from models.timers import Timer

UNDONE = (Fact.DATA_EDITED, Fact.TOKEN_MOVED, Fact.TIMER_RESCHEDULED)


def undo(session: Session, instance: Instance, *, seq: int, actor: Actor, reason: str) -> None:
    """Take an intervention back by its opposite, where everything still is as the intervention left it.

    `seq` is the number of its entry in the log. Errors: WrongState where it cannot be undone, or no longer.
    """
    operations.require_operator(actor)
    entry = session.get(AuditEntry, seq)
    if entry is None or entry.instance_id != instance.id or entry.fact not in UNDONE:
        raise WrongState("cannot_be_undone", subject=instance)
    opposite = {
        Fact.DATA_EDITED: _edit_back, Fact.TOKEN_MOVED: _move_back, Fact.TIMER_RESCHEDULED: _reschedule_back,
    }[Fact(entry.fact)]  # fmt: skip
    opposite(session, instance, entry, actor, reason)


def _edit_back(session: Session, instance: Instance, entry: AuditEntry, actor: Actor, reason: str) -> None:
    if ERASED in (entry.facts["was"], entry.facts["became"]):
        raise WrongState("cannot_be_undone", subject=instance)
    was, became = json.loads(entry.facts["was"]), json.loads(entry.facts["became"])
    present = operations.data_of(session, instances.lock(session, instance.id))
    if any(not operations.is_same(present, name, value) for name, value in became.items()):
        raise WrongState("changed_since", subject=instance)
    # The library knows no way to take a name away: what had no value is empty again.
    changes = {name: was.get(name) for name in became}
    operations.edit_data(session, instance, changes=changes, actor=actor, reason=reason, undoes=entry.seq)


def _move_back(session: Session, instance: Instance, entry: AuditEntry, actor: Actor, reason: str) -> None:
    instance = instances.lock(session, instance.id)
    here = [place for place in instances.look(session, instance) if place.element == entry.facts["target"]]
    if len(here) != 1:
        raise WrongState("changed_since", subject=instance)
    back = entry.facts["source"]
    operations.move_token(
        session, instance, key=here[0].key, element=back, actor=actor, reason=reason, undoes=entry.seq
    )


def _reschedule_back(session: Session, instance: Instance, entry: AuditEntry, actor: Actor, reason: str) -> None:
    timers.reschedule_back(session, session.get_one(Timer, entry.subject_id), entry, actor=actor, reason=reason)
