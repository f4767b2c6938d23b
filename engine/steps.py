"""What the steps of the shipped diagrams do besides moving the token: the operators that diagrams name."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from engine import assignments, audit, conflicts, instances, orders, reports, routing
from engine.audit import Fact
from engine.clock import close_of, now
from engine.operators import Call, operator
from engine.recipients import make_shares
from engine.targets import close_topics, set_indicators, share_out
from models.assignments import OPEN, Assignment, Part, Progress
from models.errors import Invalid, ProcessStuck, WrongState
from models.instances import Instance
from models.orders import CLARITIES, Extension, Order, Receiver, Topic
from models.organizations import Organization
from models.text import fold, nfc


def _order(call: Call) -> Order:
    if call.instance.order_id is None:
        raise ProcessStuck("this step needs an order")
    return call.session.get_one(Order, call.instance.order_id)


def _share(call: Call) -> Assignment:
    if call.instance.assignment_id is None:
        raise ProcessStuck("this step needs an assignment")
    return call.session.get_one(Assignment, call.instance.assignment_id)


def _values(call: Call) -> Mapping[str, Any]:
    return call.cleaned.values if call.cleaned is not None else {}


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None


def _close_of_day(value: Any) -> datetime | None:
    day = _day(value)
    return close_of(day) if day is not None else None


ORDER_FIELDS = ("title", "topic_code", "basis", *CLARITIES)


@operator("orders.save_draft")
def save_draft(call: Call) -> dict[str, Any]:
    """Write the drafted order: the six clarities, topics, period, indicators with targets."""
    order, values = _order(call), _values(call)
    before = _said_of(order)
    for name in ORDER_FIELDS:
        if name in values:
            setattr(order, name, values[name] or None)
    order.title = order.title or ""
    order.title_fold = fold(order.title)
    order.due_at = _close_of_day(values.get("due_on")) or order.due_at
    order.period_from = _day(values.get("period_from")) or order.period_from
    order.period_to = _day(values.get("period_to")) or order.period_to
    _set_topics(order, str(values.get("topics") or ""))
    _set_receivers(call, order)
    _set_indicators(call, order)
    call.session.flush()
    after = _said_of(order)
    changed = [name for name in after if before[name] != after[name]]
    audit.record(
        call.session,
        call.actor,
        Fact.ORDER_SAVED,
        order,
        order_id=order.id,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return {"topic_code": order.topic_code}


def _said_of(order: Order) -> dict[str, Any]:
    return {name: getattr(order, name) for name in ORDER_FIELDS} | {"due": order.due_at}


def _set_topics(order: Order, text: str) -> None:
    names = [nfc(line.strip()) for line in text.splitlines() if line.strip()]
    if names != [topic.name for topic in order.topics]:
        order.topics = [Topic(position=n, name=name) for n, name in enumerate(names)]


def _set_receivers(call: Call, order: Order) -> None:
    if order.kind == "order" and not order.receivers:
        members = call.session.scalars(Organization.members_of(order.focal_id, at=now(call.session)))
        order.receivers = [Receiver(organization_id=member.id) for member in members]


def _set_indicators(call: Call, order: Order) -> None:
    chosen = list(_values(call).get("indicators") or [])
    if not chosen:
        return
    targets = {figure.indicator: figure.value for figure in (call.cleaned.figures if call.cleaned else ())}
    set_indicators(call.session, order, chosen, targets=targets)


@operator("orders.check_overlap", gives={"overlaps": 0, "overlap_orders": []})
def check_overlap(call: Call) -> dict[str, Any]:
    """Count the running orders on the same topic, place and time; a person decides what to do about them."""
    order = _order(call)
    found = orders.overlaps(call.session, order)
    if found:
        audit.record(
            call.session,
            call.actor,
            Fact.OVERLAP_FOUND,
            order,
            order_id=order.id,
            others=[other.number for other in found],
        )
    return {"overlaps": len(found), "overlap_orders": [other.id for other in found]}


@operator("orders.resolve_overlap")
def resolve_overlap(call: Call) -> dict[str, Any]:
    """Record whether overlapping orders are merged, delimited, or both kept with a reason."""
    order, values = _order(call), _values(call)
    audit.record(
        call.session,
        call.actor,
        Fact.OVERLAP_RESOLVED,
        order,
        order_id=order.id,
        reason=values.get("reason"),
        decision=values.get("decision"),
        others=[other.number for other in orders.overlaps(call.session, order)],
    )
    return {}


@operator("orders.sign")
def sign(call: Call) -> dict[str, Any]:
    """Sign an order: it gets its number and date; refused while one of the six clarities is empty."""
    order, values = _order(call), _values(call)
    if values.get("decision") != "sign":
        return {}
    empty = [name for name in CLARITIES if not (getattr(order, name) or "").strip()]
    if empty:
        raise Invalid({"decision": "clarities_missing"}, reason="clarities_missing", missing=empty)
    order.number = order.number or orders.next_number(call.session, order)
    order.signed_at = now(call.session)
    if order.due_at is not None and order.due_at < order.signed_at:
        raise Invalid({"decision": "due_has_passed"}, reason="due_has_passed")
    call.session.flush()
    audit.record(call.session, call.actor, Fact.ORDER_SIGNED, order, order_id=order.id, number=order.number)
    return {}


@operator("orders.nghiem_thu")
def nghiem_thu(call: Call) -> dict[str, Any]:
    """Record the verdict on the result; a final one closes the order and its topics."""
    order, decision = _order(call), _values(call).get("decision")
    order.verdict = decision
    if decision != "khong_dat_lam_lai":
        order.closed_at = now(call.session)
        close_topics(call.session, order, reached=decision != "khong_dat")
        orders.drop_questions(call.session, order, actor=call.actor)
        audit.record(call.session, call.actor, Fact.ORDER_CLOSED, order, order_id=order.id, verdict=decision)
    else:
        reason = _values(call).get("reason")
        audit.record(
            call.session, call.actor, Fact.ORDER_RETURNED, order, order_id=order.id, verdict=decision, reason=reason
        )
    return {}


@operator("assignments.assign_lead", gives={"share_due": None})
def assign_lead(call: Call) -> dict[str, Any]:
    """Keep the chosen lead and coordinators: one lead, never among its own coordinators."""
    values = _values(call)
    lead, coordinators = values.get("lead"), [c for c in values.get("coordinators") or [] if c]
    if not lead:
        raise Invalid({"lead": "required"}, reason="lead_required")
    if lead in coordinators:
        raise Invalid({"coordinators": "lead_among_coordinators"}, reason="lead_among_coordinators")
    due = _within(_close_of_day(values.get("due_on")), _share(call).due_at, "due_on")
    return {"lead": lead, "coordinators": coordinators, "share_due": due.isoformat() if due else None}


def _within(due: datetime | None, limit: datetime | None, field: str) -> datetime | None:
    if due is not None and limit is not None and due > limit:
        raise Invalid({field: "later_than_above"}, reason="later_than_above", at=limit)
    return due


@operator("plans.save", gives={"localities": [], "coordinators": [], "share_due": None})
def save_plan(call: Call) -> dict[str, Any]:
    """Keep the lead's plan: localities, cut-off and the targets per locality where some were set."""
    values, share = _values(call), _share(call)
    due = _within(_close_of_day(values.get("due_on")), share.due_at, "due_on")
    bloc = call.session.get(Assignment, share.parent_id) if share.parent_id else None
    coordinators = _coordinators_of(call, bloc)
    chosen = list(values.get("localities") or [])
    areas = [organization.area_id for organization in routing.organizations_by_id(call.session, chosen).values()]
    planned = {figure.indicator: figure.value for figure in (call.cleaned.figures if call.cleaned else ())}
    share_out(call.session, _order(call), areas, planned=planned)
    return {"localities": chosen, "coordinators": coordinators, "share_due": due.isoformat() if due else None}


def _coordinators_of(call: Call, bloc: Assignment | None) -> list[str]:
    """Return whom the bloc named as coordinators; the lead invites them as its own."""
    known = list(call.data.get("coordinators") or [])
    if known or bloc is None or bloc.instance_id is None:
        return known
    return list(
        instances.data_of(call.session, call.session.get_one(Instance, bloc.instance_id)).get("coordinators") or []
    )


@operator("plans.submit")
def submit_plan(call: Call) -> dict[str, Any]:
    """Hand the plan in; what the coordinators said stands with it, and the bloc is asked about who was silent."""
    for share_id in call.data.get("missing_coordinators") or []:
        share = call.session.get_one(Assignment, share_id)
        if share.progress == Progress.NOT_ACCEPTED:
            conflicts.raise_conflict(call.session, share, actor=call.actor, why="silent", reason="")
    return {}


@operator("assignments.roll_out", gives={"localities": [], "plan_approved": True})
def roll_out(call: Call) -> dict[str, Any]:
    """Confirm the localities that get work; none chosen means those of the plan, or all directly below."""
    chosen = _values(call).get("localities") or call.data.get("localities") or []
    return {"localities": list(chosen), "plan_approved": True}


@operator("reports.report")
def report(call: Call) -> dict[str, Any]:
    """Enter the figures, events and claims of a report."""
    reports.report(call.session, call.instance, actor=call.actor, task=call.task, cleaned=call.cleaned)
    return {}


@operator("reports.consolidate", gives={"returned": [], "returned_coordinators": []})
def consolidate(call: Call) -> dict[str, Any]:
    """Enter the own figures of a level, or name the shares whose reports go back."""
    values = _values(call)
    if values.get("decision") != "return_localities":
        reports.report(call.session, call.instance, actor=call.actor, task=call.task, cleaned=call.cleaned)
        return {"returned": [], "returned_coordinators": []}
    returned = _shares_of(call, "returned", Part.LOCAL)
    parts = _shares_of(call, "returned_coordinators", Part.COORDINATING)
    if not returned and not parts:
        raise Invalid({"returned": "whom_to_return"}, reason="whom_to_return")
    return {"returned": returned, "returned_coordinators": parts}


def _shares_of(call: Call, field: str, part: Part) -> list[str]:
    """Translate organizations picked in a form into their shares under this one, which have all reported."""
    query = select(Assignment).where(
        Assignment.parent_id == call.instance.assignment_id,
        Assignment.part == part,
        Assignment.progress.in_(sorted(OPEN)),
        Assignment.organization_id.in_([str(one) for one in _values(call).get(field) or []]),
    )
    shares = list(call.session.scalars(query))
    silent = [share.organization.name for share in shares if share.progress != Progress.TO_CONFIRM]
    if silent:
        raise Invalid({field: "has_not_reported"}, reason="has_not_reported", who=silent)
    return [share.id for share in shares]


@operator("assignments.settle_refusal", gives={"reassigned": []})
def settle_refusal(call: Call) -> dict[str, Any]:
    """Give refused work again, to the same localities or others, or leave them out with the reason."""
    values = _values(call)
    if values.get("decision") != "assign_again":
        return {"reassigned": []}
    chosen = routing.organizations_by_id(call.session, [str(one) for one in values.get("again") or []])
    busy = select(Assignment.organization_id).where(
        Assignment.parent_id == call.instance.assignment_id, Assignment.progress.in_(sorted(OPEN))
    )
    free = [chosen[key] for key in chosen.keys() - set(call.session.scalars(busy))]
    if not free:
        raise Invalid({"again": "works_already"}, reason="works_already")
    made = make_shares(call.session, call.instance, free, Part.LOCAL, call.data, call.actor)
    return {"reassigned": [share.id for share in made]}


@operator("extensions.decide")
def decide_extension(call: Call) -> dict[str, Any]:
    """Grant or refuse the extension the instance was started for."""
    values = _values(call)
    extension = call.session.get(Extension, call.data.get("extension") or "-")
    if extension is None:
        raise WrongState("no_extension", subject=call.instance)
    assignments.decide_extension(
        call.session,
        extension,
        actor=call.actor,
        grant=values.get("decision") == "grant",
        new_due_at=_close_of_day(values.get("new_due")),
        remark=str(values.get("remark") or values.get("reason") or ""),
    )
    return {}


@operator("work.assign")
def assign_work(call: Call) -> dict[str, Any]:
    """Give own work to one organization: its share is this instance itself."""
    order, values = _order(call), _values(call)
    organization = call.session.get(Organization, str(values.get("assignee") or "-"))
    if organization is None:
        raise Invalid({"assignee": "required"}, reason="assignee_required")
    _describe(call, order)
    share = Assignment(
        order_id=order.id,
        organization_id=organization.id,
        area_id=organization.area_id,
        instance_id=call.instance.id,
        part=Part.COORDINATING if organization.area_id == order.area_id else Part.LOCAL,
        progress=Progress.IN_PROGRESS,
        due_at=_close_of_day(values.get("due_on")) or order.due_at,
        created_at=now(call.session),
        order=order,
    )
    call.session.add(share)
    call.instance.area_id, call.instance.place = organization.area_id, organization.area.name
    call.session.flush()
    call.instance.assignment_id = share.id
    call.session.flush()
    audit.record(
        call.session,
        call.actor,
        Fact.ASSIGNMENT_CREATED,
        share,
        order_id=order.id,
        part=share.part,
        organization=organization.id,
        due=share.due_at,
        instance=call.instance.id,
        progress=share.progress,
        order={"title": order.title, "number": order.number, "due": order.due_at, "progress": order.progress},
    )
    return {"assignee": organization.id}


def _describe(call: Call, order: Order) -> None:
    values = _values(call)
    order.title = order.title or str(values.get("title") or "")
    order.title_fold = fold(order.title)
    order.topic_code = order.topic_code or values.get("topic_code")
    order.ro_viec = order.ro_viec or values.get("ro_viec")
    order.due_at = order.due_at or _close_of_day(values.get("due_on"))
    chosen = [row.indicator_code for row in order.indicators]
    chosen += [code for code in values.get("indicators") or [] if code not in chosen]
    if chosen:
        set_indicators(call.session, order, chosen)
    if order.number is None:
        order.number, order.signed_at = orders.next_number(call.session, order), now(call.session)
        order.progress = Progress.IN_PROGRESS
