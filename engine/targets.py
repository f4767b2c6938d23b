"""What an order counts and how much is wanted: its indicators, their targets, and the shares of the localities."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, Decimal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.assignments import Progress
from models.orders import Order, OrderIndicator, Target
from models.reports import Figure, Indicator


def set_indicators(
    session: Session, order: Order, codes: Sequence[str], *, targets: Mapping[str, Decimal] | None = None
) -> None:
    """Let an order count these indicators, in this order, each entered where its dictionary entry says."""
    wanted = dict.fromkeys(codes)
    known = {i.code: i for i in session.scalars(select(Indicator).where(Indicator.code.in_(list(wanted))))}
    old = {row.indicator_code: row.target for row in order.indicators}
    order.indicators = []
    session.flush()
    order.indicators = [
        OrderIndicator(
            indicator_code=code,
            position=position,
            target=(targets or {}).get(code, old.get(code)),
            reported_at=known[code].reported_at,
        )
        for position, code in enumerate(code for code in wanted if code in known)
    ]


def link_topics(session: Session, order: Order, links: Mapping[str, Sequence[str]]) -> None:
    """Say which indicators tell of which sub-topic (by name), so that one without figures is not called done."""
    topics = {topic.name: topic.id for topic in order.topics}
    for name, codes in links.items():
        for row in order.indicators:
            if row.indicator_code in codes:
                row.topic_id = topics.get(name)


def close_topics(session: Session, order: Order, *, reached: bool) -> None:
    """Call the sub-topics of an ended order done, but for those whose indicators have no figure at all."""
    counted = set(session.scalars(select(Figure.indicator_code).where(Figure.order_id == order.id).distinct()))
    for topic in order.topics:
        codes = {row.indicator_code for row in order.indicators if row.topic_id == topic.id}
        if not reached:
            topic.progress = Progress.CANCELLED
        elif not codes or codes & counted:
            topic.progress = Progress.DONE


def share_out(
    session: Session, order: Order, areas: Sequence[str], *, planned: Mapping[str, Decimal] | None = None
) -> None:
    """Give each locality its share of each target (of the plan, else of the order): equal, the rest to the first."""
    session.execute(delete(Target).where(Target.order_id == order.id))
    if not areas:
        return
    wanted = select(OrderIndicator.indicator_code, OrderIndicator.target, Indicator.decimals)
    wanted = wanted.join(Indicator, Indicator.code == OrderIndicator.indicator_code).where(
        OrderIndicator.order_id == order.id, Indicator.aggregation == "sum"
    )
    for code, target, decimals in session.execute(wanted).all():
        whole = (planned or {}).get(code, target)
        if whole is None:
            continue
        for area_id, value in zip(areas, parts_of(whole, len(areas), decimals), strict=True):
            session.add(Target(order_id=order.id, indicator_code=code, area_id=area_id, value=value))


def parts_of(total: Decimal, count: int, decimals: int) -> list[Decimal]:
    """Divide a total into parts that sum to it exactly, equal but for the first, which takes what is left over."""
    unit = Decimal(1).scaleb(-decimals)
    part = (total / count).quantize(unit, ROUND_DOWN)
    return [total - part * (count - 1), *[part] * (count - 1)]
