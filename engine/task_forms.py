"""The form of a task and the world around it: indicators, pickers, files; and what it starts with."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import definitions, instances, notation, routing, runner
from engine.clock import ZONE, now
from engine.forms import Cleaned, FileRef, Form, FormContext, IndicatorField
from models.assignments import Assignment, Part
from models.errors import Invalid
from models.orders import Order, OrderIndicator
from models.organizations import Organization
from models.permissions import Actor
from models.reports import Figure, Indicator
from models.tasks import Attachment, Draft, Submission, Task

MAX_FREE = 20_000
QUALIFIERS = ("exact", "over", "nearly", "about")


def element_of(session: Session, task: Task) -> runner.Element:
    """Return the element of the diagram a task stands for."""
    instance = task.instance
    return definitions.bundle_of(session, instance.definition_id).elements(task.process_id)[task.element]


def form_of(session: Session, task: Task, *, actor: Actor) -> tuple[Form | None, FormContext]:
    """Return the compiled form of a task (None where the diagram has none) and its context."""
    instance = task.instance
    today = now(session).astimezone(ZONE).date()
    form = definitions.form_of(session, instance.definition_id, task.form or "")
    if form is None:
        return None, FormContext(today=today, locale=actor.locale)
    context = FormContext(
        today=today,
        locale=actor.locale,
        indicators=_indicators(session, task, form, actor) if form.indicator_codes else (),
        organizations={name: _among(session, task, name) for name in form.organization_sets},
        files=_files(session, task) if form.has_files else (),
    )
    return form, context


def _files(session: Session, task: Task) -> list[FileRef]:
    query = select(Attachment).where(Attachment.task_id == task.id, Attachment.removed_at.is_(None))
    return [FileRef(file.field or "", file.name, file.id) for file in session.scalars(query)]


def reported_at(session: Session, task: Task) -> str:
    """Return which of an order's indicators a task reports: those of the leaf, of a locality, or of an organization."""
    share = session.get(Assignment, task.assignment_id) if task.assignment_id else None
    if share is None or share.part != Part.LOCAL:
        return "organization"
    return "leaf" if routing.is_leaf(session, share.area_id) else "locality"


def _indicators(session: Session, task: Task, form: Form, actor: Actor) -> list[IndicatorField]:
    query = select(Indicator).order_by(Indicator.position)
    if "order" not in form.indicator_codes:
        query = query.where(Indicator.code.in_(form.indicator_codes))
    elif task.order_id is not None:
        chosen = OrderIndicator.order_id == task.order_id
        share = session.get(Assignment, task.assignment_id) if task.assignment_id else None
        query = select(Indicator).join(OrderIndicator, OrderIndicator.indicator_code == Indicator.code).where(chosen)
        if share is None or share.part != Part.LEAD:
            query = query.where(OrderIndicator.reported_at == reported_at(session, task))
        query = query.order_by(OrderIndicator.position)
    found = [i for i in session.scalars(query) if i.aggregation not in ("weeks", "areas", "none")]
    last = _last_values(session, task, [i.code for i in found])
    return [_field(indicator, last.get(indicator.code), actor) for indicator in found]


def _field(indicator: Indicator, last: Figure | None, actor: Actor) -> IndicatorField:
    english = actor.locale == "en"
    return IndicatorField(
        code=indicator.code,
        name=(indicator.name_en if english else "") or indicator.name,
        unit=(indicator.unit_en if english else "") or indicator.unit,
        decimals=indicator.decimals,
        is_count=indicator.decimals == 0 and not indicator.is_money,
        is_money=indicator.is_money,
        allowed_qualifiers=QUALIFIERS,
        last_value=notation.format_number(last.value) if last else None,
        last_label=notation.format_date(last.held_on) if last else None,
    )


def _last_values(session: Session, task: Task, codes: list[str]) -> dict[str, Figure]:
    if not codes or task.assignment_id is None:
        return {}
    query = (
        select(Figure)
        .where(Figure.assignment_id == task.assignment_id, Figure.indicator_code.in_(codes))
        .order_by(Figure.held_on.desc(), Figure.id.desc())
        .limit(60)
    )
    last: dict[str, Figure] = {}
    for figure in session.scalars(query):
        last.setdefault(figure.indicator_code, figure)
    return last


def _among(session: Session, task: Task, among: str) -> list[tuple[str, str]]:
    """Return (id, name) of the organizations a picker offers: bloc members, those of the areas below, or all."""
    at = now(session)
    if among == "below":
        area = task.area_id or ""
        ids = [organization for _, organization in routing.areas_below(session, area)]
        found = routing.organizations_by_id(session, ids)
        return [(i, found[i].area.name) for i in ids]
    if among == "successors":
        ids = routing.successors(session, task.instance.organization_id or "")
        bodies = routing.organizations_by_id(session, ids)
        return [(i, bodies[i].name) for i in ids]
    if among == "bloc_members" and task.order_id is not None:
        focal = session.get_one(Order, task.order_id).focal_id
        query = Organization.members_of(focal, at=at)
    else:
        own = select(Organization.area_id).where(Organization.id == task.organization_id).scalar_subquery()
        answering = [
            organization for _, organization in routing.areas_below(session, session.scalar(select(own)) or "")
        ]
        here = (Organization.area_id == own) | Organization.id.in_(answering)
        query = select(Organization).where(here, Organization.valid_at(at))
        query = query.order_by(Organization.area_id != own, Organization.name_sort)
    return [(organization.id, organization.name) for organization in session.scalars(query)]


def starting_values(session: Session, task: Task, *, actor: Actor) -> dict[str, Any]:
    """Return what a form shows first: one's draft; on rework what was sent before; else what was chosen so far."""
    draft = session.get(Draft, (task.id, actor.person_id)) if actor.person_id else None
    if draft is not None:
        return dict(draft.answers)
    earlier = (
        select(Submission.answers)
        .where(Submission.instance_id == task.instance_id, Submission.element == task.element)
        .order_by(Submission.at.desc(), Submission.id.desc())
        .limit(20)
    )
    # What was only returned says nothing of the own work: the last report that was sent up does.
    sent = next((dict(one) for one in session.scalars(earlier) if not _is_return(one)), {})
    if not sent:
        return _chosen_so_far(session, task)
    # A decision is made anew each time; only what was written is kept.
    return {key: value for key, value in sent.items() if key not in ("decision", "reason", "nothing")}


def _chosen_so_far(session: Session, task: Task) -> dict[str, Any]:
    """Return the organizations an earlier step chose under the key of a picker: the localities of a plan."""
    form = definitions.form_of(session, task.instance.definition_id, task.form or "")
    pickers = {c.key for top in (form.components if form else ()) for c in top.walk() if c.type == "organization"}
    if not pickers:
        return {}
    data = instances.data_of(session, task.instance, key=task.key)
    return {key: data[key] for key in sorted(pickers & data.keys()) if data[key]}


def _is_return(answers: Mapping[str, Any]) -> bool:
    return str(answers.get("decision") or "").startswith("return")


def decisions(form: Form | None) -> frozenset[str]:
    """Return the codes a form offers as its decision."""
    if form is None:
        return frozenset()
    found = (each for component in form.components for each in component.walk() if each.key == "decision")
    return frozenset(option.value for component in found for option in component.options)


def free(answers: Mapping[str, Any]) -> Cleaned:
    """Take answers to a step without a form as they are: plain JSON of a size that may route a process."""
    size = len(json.dumps(answers, default=str))
    if size > MAX_FREE:
        raise Invalid({"answers": "too_large"}, reason="answers_too_large", size=size, limit=MAX_FREE)
    return Cleaned(values=dict(answers), routing=dict(answers))
