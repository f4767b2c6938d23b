"""The register for people: who is who, which posts there are, and what each body has open."""

from datetime import datetime

from flask import render_template, request
from sqlalchemy.orm import Session

from engine import notation
from engine.calendar import local_day
from engine.clock import close_of, now
from models.organizations import Area
from webapp.auth import current_actor
from webapp.organizations import page, queries, reorganizing, staff
from webapp.organizations.blueprint import blueprint
from webapp.text import say
from webapp.transaction import reading

MOST_TASKS = 50
MOST_ORDERS = 50

__all__ = ["blueprint", "reorganizing", "staff"]


@blueprint.get("/organizations")
def index() -> str:
    """List the bodies of an area and below it, or those found by a search, as of a day."""
    with reading() as session:
        actor, q = current_actor(), request.args.get("q", "").strip()[:200]
        at, problem = _instant(session, request.args.get("at", ""))
        area = session.get(Area, request.args.get("area", "")) or page.home_area(session, actor)
        chosen = queries.found(q, at=at) if q else queries.in_area(area.id if area else "", at=at)
        rows = page.rows_of(session, actor, session.scalars(chosen).unique().all(), at=at)
        shown = None if q else area
        return render_template(
            "organizations/index.html", groups=page.groups_of(rows, shown), area=shown, q=q, at=at,
            area_line=page.line_of(shown), not_a_day=problem, manages=reorganizing.manages(),
            more=len(rows) if len(rows) == queries.MOST_FOUND else 0,
        )  # fmt: skip


def _instant(session: Session, typed: str) -> tuple[datetime, str]:
    at = now(session)
    if not typed:
        return at, ""
    try:
        day = notation.parse_date(typed, today=local_day(at))
    except notation.BadNotation:
        return at, say("Ngày «{typed}» không đọc được; đang xem tại hôm nay. Ghi như 12/10/2018.", typed=typed[:20])
    return (at if day == local_day(at) else close_of(day)), ""


@blueprint.get("/organizations/<id>")
def show(id: str) -> str:
    """Show one body: posts, lines, open work, orders."""
    with reading() as session:
        actor, body = current_actor(), page.fetch(session, id)
        at = now(session)
        tasks = session.scalars(queries.work_of(actor, body.id).limit(MOST_TASKS + 1)).all()
        above, below = page.lines_of(session, body)
        return render_template(
            "organizations/show.html", organization=body, tasks=tasks[:MOST_TASKS], more=len(tasks) > MOST_TASKS,
            posts=session.scalars(queries.posts_of(body.id, at=at)).all(), above=above, below=below,
            manages=reorganizing.manages(), filled=set(session.scalars(queries.filled(body.id, at=at))),
            orders=session.execute(queries.orders_of(actor, body.id).limit(MOST_ORDERS)).all(),
            upward={line: say(words[0]) for line, words in page.LINES.items()},
            downward={line: say(words[1]) for line, words in page.LINES.items()},
        )  # fmt: skip
