"""What a task is about: what was sent before in its process, and what came in from those the work was given to."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import definitions, task_forms
from engine.calendar import local_day
from engine.clock import now
from engine.forms import Fields, Form, FormContext, IndicatorField
from models.orders import OrderIndicator
from models.organizations import Organization
from models.permissions import Actor, Permission
from models.reports import Indicator
from models.tasks import Task
from webapp.tasks import records
from webapp.tasks.answers import Answer, answers_of

_KEY = re.compile(r"[0-9a-f]{32}")


class Sent(NamedTuple):
    """One thing somebody sent: which step, who, from where, when, and what it says."""

    id: str
    title: str
    who: str
    place: str
    at: datetime
    answers: list[Answer]


def read(session: Session, actor: Actor, task: Task) -> list[Sent]:
    """Read what belongs to a task, for the organization that has it; each step of each sender in its last version."""
    if task.organization_id != actor.organization_id and Permission.EVERYTHING_READ not in actor.grants:
        return []
    rows = session.execute(records.sent_around(task)).all()
    latest = {(row.instance_id, row.element): row for row in rows}
    return told(session, latest.values(), order_id=task.order_id, locale=actor.locale)


def told(session: Session, rows: Iterable[Any], *, order_id: str | None, locale: str) -> list[Sent]:
    """Put what was sent into the words of its forms, the newest first."""
    rows = list(rows)
    if not rows:
        return []
    around = _around(session, locale, order_id, [row.answers for row in rows])
    found = [_sent(session, row, around) for row in rows]
    return sorted((one for one in found if one.answers), key=lambda one: one.at, reverse=True)


def filled(session: Session, row: Any, *, order_id: str | None, locale: str) -> Fields | None:
    """Return the form of one thing that was sent as it was filled in; None for a step without a form."""
    form = definitions.form_of(session, row.definition_id, row.form or "")
    if form is None:
        return None
    return form.fields(row.answers, context=_around(session, locale, order_id, [row.answers]).context(form))


def _sent(session: Session, row: Any, around: "Around") -> Sent:
    form = definitions.form_of(session, row.definition_id, row.form or "")
    context = around.context(form) if form is not None else FormContext(today=around.today)
    return Sent(row.id, row.title, row.closed_title or "", row.place, row.at, answers_of(form, context, row.answers))


class Around(NamedTuple):
    """The names of what stands in the answers: organizations, and indicators (with whether the order counts them)."""

    today: date
    locale: str
    organizations: list[tuple[str, str]]
    indicators: list[tuple[IndicatorField, bool]]

    def context(self, form: Form) -> FormContext:
        """Return the context one form is read in."""
        of_order = "order" in form.indicator_codes
        named = [one for one, counted in self.indicators if (counted if of_order else one.code in form.indicator_codes)]
        known = dict.fromkeys(form.organization_sets, self.organizations)
        return FormContext(today=self.today, locale=self.locale, indicators=named, organizations=known)


def _around(session: Session, locale: str, order_id: str | None, said: list[Any]) -> Around:
    """Look up what has a name; a list without organizations or figures asks nothing."""
    ids = sorted({text for one in said for text in _texts(one) if _KEY.fullmatch(text)})
    names: list[tuple[str, str]] = []
    if ids:
        query = select(Organization.id, Organization.name).where(Organization.id.in_(ids))
        names = [(key, name) for key, name in session.execute(query)]
    indicators = _indicators(session, order_id, english=locale == "en")
    return Around(local_day(now(session)), locale, names, indicators)


def _indicators(session: Session, order_id: str | None, *, english: bool) -> list[tuple[IndicatorField, bool]]:
    counted = (OrderIndicator.indicator_code == Indicator.code) & (OrderIndicator.order_id == order_id)
    query = select(Indicator, OrderIndicator.id).outerjoin(OrderIndicator, counted).order_by(Indicator.position)
    return [
        (_field(indicator, english=english), in_order is not None) for indicator, in_order in session.execute(query)
    ]


def _field(indicator: Indicator, *, english: bool) -> IndicatorField:
    return IndicatorField(
        code=indicator.code,
        name=(indicator.name_en if english else "") or indicator.name,
        unit=(indicator.unit_en if english else "") or indicator.unit,
        decimals=indicator.decimals,
        allowed_qualifiers=task_forms.QUALIFIERS,
    )


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
