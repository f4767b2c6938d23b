"""Who would get a step of a design, previewed on running work the reader may see."""

from collections.abc import Sequence

from flask import render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import designs
from engine.designs import outline
from engine.designs.receivers import grounds, receiver
from models.errors import NotFound
from models.instances import Instance
from models.orders import Order
from webapp.auth import current_actor
from webapp.designs.blueprint import blueprint, fetch
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
        return render_template(
            "designs/receivers.html",
            design=design,
            step=step,
            running=[(one, orders.get(one.order_id or "", "")) for one in running],
            chosen=chosen,
            receiver=receiver(session, chosen, step.role) if chosen is not None else None,
        )


def _step(session: Session, design_id: str, element: str) -> outline.Step:
    steps = outline.steps_of(designs.files_of(session, design_id))
    found = next((one for one in steps if one.id == element and one.type in ("userTask", "manualTask")), None)
    if found is None:
        raise NotFound("not_found")
    return found


def _orders(session: Session, running: Sequence[Instance]) -> dict[str, str]:
    ids = {one.order_id for one in running if one.order_id}
    query = select(Order.id, Order.number, Order.title).where(Order.id.in_(ids))
    return {id: number or title for id, number, title in session.execute(query)}
