"""Who would get a step of a design, previewed on running work the reader may see."""

from collections.abc import Sequence

from flask import render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import designs, levels
from engine.designs import outline
from engine.designs.receivers import grounds, receiver
from models.errors import NotFound, existing
from models.instances import Instance
from models.orders import Order
from webapp.auth import current_actor
from webapp.designs.blueprint import blueprint, fetch
from webapp.text.assigning import addressed, why
from webapp.transaction import reading


@blueprint.get("/designs/<id>/elements/<element>/receivers")
def receivers(id: str, element: str) -> str:
    """Say who would get a step on a running process that is chosen."""
    with reading() as session:
        design = fetch(session, id)
        step = _step(session, design.id, element)
        running = session.scalars(grounds(step.process, actor=current_actor())).all()
        orders = _orders(session, running)
        wanted = request.args.get("instance")
        chosen = next((one for one in running if one.id == wanted), running[0] if running else None)
        if wanted and (chosen is None or chosen.id != wanted):
            raise NotFound("not_found")
        named = levels.names(session)
        found = receiver(session, chosen, step.node) if chosen is not None else None
        return render_template(
            "designs/receivers.html",
            design=design,
            step=step,
            addressed=addressed(step.node.ext, named),
            why=why(found.reason, named) if found is not None else [],
            running=[(one, orders.get(one.order_id or "", "")) for one in running],
            chosen=chosen,
            receiver=found,
        )


def _step(session: Session, design_id: str, element: str) -> outline.Step:
    steps = outline.steps_of(designs.files_of(session, design_id))
    return existing(next((one for one in steps if one.id == element and one.type in ("userTask", "manualTask")), None))


def _orders(session: Session, running: Sequence[Instance]) -> dict[str, str]:
    ids = {one.order_id for one in running if one.order_id}
    query = select(Order.id, Order.number, Order.title).where(Order.id.in_(ids))
    return {id: number or title for id, number, title in session.execute(query)}
