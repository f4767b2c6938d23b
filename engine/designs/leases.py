"""The lease of an editor: one person changes a design at a time, and another may take it over."""

from sqlalchemy.orm import Session

from engine import audit
from engine.audit import Fact
from engine.clock import now
from models.designs import LEASE, Design
from models.errors import Conflict, NotAllowed, WrongState
from models.permissions import Actor, Permission, may
from models.users import Person


def take(session: Session, design: Design, *, actor: Actor, states: tuple[str, ...] = ("draft",)) -> Design:
    """Lock a design and look whether the actor may change it now; errors: NotAllowed, WrongState."""
    if not may(actor, Permission.DEFINITION_DEPLOY):
        raise NotAllowed("may_not_deploy")
    session.refresh(design, with_for_update=True)
    if design.state not in states:
        raise WrongState("design_state", subject=design, state=design.state)
    return design


def lease(session: Session, design: Design, *, actor: Actor, take_over: bool = False) -> Design:
    """Reserve a design for who has it open in an editor; again makes it last longer.

    Errors: NotAllowed; WrongState where it is no draft; Conflict where somebody else has it and it is not taken over.
    """
    design = take(session, design, actor=actor)
    if design.is_leased_to_other(actor.person_id, now(session)):
        if not take_over:
            require_free(session, design, actor=actor)
        audit.record(session, actor, Fact.DESIGN_TAKEN_OVER, design, before={"person": design.lease_by})
    design.lease_by, design.lease_until = actor.person_id, now(session) + LEASE
    return design


def require_free(session: Session, design: Design, *, actor: Actor) -> None:
    """Refuse a change while somebody else has the design open; the refusal says who and until when."""
    if design.is_leased_to_other(actor.person_id, now(session)):
        who = name_of(session, design.lease_by)
        raise Conflict("design_leased", subject=design, who=who, until=design.lease_until)


def name_of(session: Session, person_id: str | None) -> str | None:
    """Return by which name people know somebody."""
    person = session.get(Person, person_id) if person_id else None
    return person.name if person else None
