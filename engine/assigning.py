"""To whom a step is offered, and who of them is given it at once: who answers for it, or whose turn it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import audit, bpmn, routing, runner
from engine.audit import Fact
from engine.bpmn.model import listed
from engine.clock import now
from models.instances import Instance
from models.organizations import Holder, Organization, Post
from models.permissions import SYSTEM, Actor
from models.tasks import Task
from models.users import Person, Substitution


class _Holder(NamedTuple):
    """Somebody who plays the role of a step; `last` is the last such task of theirs, empty without one."""

    person_id: str
    title: str
    is_head: bool
    is_away: bool
    last: str


Choice = tuple[_Holder | None, str]  # whom, and why


# A step as it runs, or as it is drawn in a design that does not run yet.
Step = runner.Element | bpmn.Node


def asked_by(element: Step) -> tuple[str | None, str | None]:
    """Return the role and the level that decide to whom a step is offered."""
    return element.ext.get("role") or element.lane_role, element.ext.get("level")


def posts_of(element: Step) -> list[str]:
    """Return the kinds of posts that may take a step besides its role: roles, or `head`."""
    return list(listed(element.ext.get("posts", ""))) if asked_by(element)[0] else []


def offered(
    session: Session, instance: Instance, element: Step, *, data: Mapping[str, Any], actor: Actor = SYSTEM
) -> routing.Candidates | None:
    """Return to whom a step is offered, by all its attributes that say so; None where nobody is found."""
    role, level = asked_by(element)
    found = routing.candidates(session, instance, role, data=data, actor=actor, level=level)
    if found is None or not (posts := posts_of(element)):
        return found
    return replace(found, posts=tuple(posts), reason=found.reason | {"posts": posts})


def given(session: Session, instance: Instance, element: Step, offer: routing.Candidates) -> routing.Candidates:
    """Return an offer with who is given the step at once, by its way of assigning (`lt:assign`), and why.

    Where nobody stands out it waits for whoever of them takes it, as a step without that attribute does. Who did the
    step that this one must not share a person with (`lt:notSameAs`) is not thought of.
    """
    choose = _CHOICES.get(element.ext.get("assign", ""))
    if choose is None or offer.person_id is not None:
        return offer
    apart = element.ext.get("notSameAs")
    barred = routing.who_completed(session, instance.id, apart) if apart else None
    holders = [one for one in _holders(session, instance, element, offer) if one.person_id != barred]
    chosen, why = choose(holders) if holders else (None, "nobody_left")
    reason = offer.reason | {"assign": element.ext["assign"], "why": why}
    if chosen is None:
        return replace(offer, reason=reason)
    return replace(offer, holder_id=chosen.person_id, holder_title=chosen.title, reason=reason)


def record(session: Session, task: Task, offer: routing.Candidates) -> None:
    """Say in the log to whom a task was given when it opened."""
    audit.record(
        session,
        SYSTEM,
        Fact.TASK_ASSIGNED,
        task,
        order_id=task.order_id,
        instance_id=task.instance_id,
        after={"holder": offer.holder_title},
        to=offer.holder_id,
        why=offer.reason["why"],
    )


def _direct(holders: Sequence[_Holder]) -> Choice:
    if len(holders) == 1:
        return holders[0], "only"
    heads = [one for one in holders if one.is_head]
    return (heads[0], "head") if len(heads) == 1 else (None, "no_head")


def _in_turn(holders: Sequence[_Holder]) -> Choice:
    """Choose who got the last such task longest ago; who is away and is stood in for only where all are."""
    there = [one for one in holders if not one.is_away] or holders
    return min(there, key=lambda one: one.last), "turn"


_CHOICES: Final[Mapping[str, Callable[[Sequence[_Holder]], Choice]]] = MappingProxyType(
    {"direct": _direct, "round_robin": _in_turn}
)


def _holders(session: Session, instance: Instance, element: Step, offer: routing.Candidates) -> list[_Holder]:
    """Return everybody to whom a step is offered, once, by how long they have held their post."""
    at = now(session)
    is_away = (
        select(Substitution.id)
        .where(
            Substitution.post_id == Post.id, Substitution.absent_id == Holder.person_id,
            Substitution.valid_from <= at, Substitution.valid_to > at,
        )
        .exists()
    )  # fmt: skip
    # The last by its key: of tasks that open in one move the instant is the same.
    last = select(func.max(Task.id)).where(
        Task.holder_id == Holder.person_id, Task.organization_id == offer.organization_id,
        Task.process_id == instance.process_id, Task.element == element.id,
    )  # fmt: skip
    query = (
        select(Holder.person_id, Post.name, Organization.name, Post.is_head, is_away, last.scalar_subquery())
        .join(Post, Holder.post_id == Post.id)
        .join(Organization, Post.organization_id == Organization.id)
        .join(Person, Holder.person_id == Person.id)
        .where(Post.organization_id == offer.organization_id, Holder.valid_at(at), Post.valid_at(at))
        .where(routing.of_kinds((offer.role or "", *offer.posts)), Person.disabled_at.is_(None))
        .order_by(Post.is_head.desc(), Holder.id)
    )
    found: dict[str, _Holder] = {}
    for person, post, body, is_head, away, task in session.execute(query):
        found.setdefault(person, _Holder(person, f"{post}, {body}", is_head, away, task or ""))
    return list(found.values())
