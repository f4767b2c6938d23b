"""Results against targets as the order page shows them: figure, word, unit, bar and percentage."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.rollups.results import Result
from models.orders import Order
from webapp.text import say
from webapp.text.notation import number

WIDTH = Decimal(200)
_ROOM = Decimal("1.02")
_TICK = Decimal("1.6")


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of 200 units: how long it is, where the target stands, whether it is reached."""

    got: str
    aim: str
    reached: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what is counted, how much of it there is, and how that stands against the target."""

    name: str
    code: str = ""
    figure: str = ""
    unit: str = ""
    bar: Bar | None = None
    aim: str = ""


def lines_of(order: Order, found: Sequence[Result]) -> list[Line]:
    """Give a line for everything the order counts, and for every topic for which nothing is counted."""
    lines = [line_of(result) for result in found]
    spoken_for = {result.topic_id for result in found}
    if found and spoken_for == {None}:
        return lines
    return lines + [Line(topic.name) for topic in order.topics if topic.id not in spoken_for]


def line_of(result: Result) -> Line:
    """Give the line of one indicator; without a figure it says so, and never 0."""
    if result.value is None:
        return Line(result.name, result.code)
    figure, unit = split(result.display, result.unit)
    bar = bar_of(result.value, result.target, reached=bool(result.reached)) if result.target else None
    return Line(result.name, result.code, figure, unit, bar, aim_of(result))


def split(display: str, unit: str) -> tuple[str, str]:
    """Part a written figure from its unit: "gần 19.000", "lượt người"; what has more behind the unit stays whole."""
    bare = display.removesuffix(f" {unit}")
    return (bare, unit) if unit and bare != display else (display, "")


def bar_of(value: Decimal, target: Decimal, *, reached: bool) -> Bar:
    """Measure the bar so that the longer of value and target nearly fills it."""
    scale = WIDTH / (max(value, target) * _ROOM)
    return Bar(f"{value * scale:.1f}", f"{target * scale - _TICK / 2:.1f}", reached)


def aim_of(result: Result) -> str:
    """Say how a value stands against its target."""
    if result.percent is None:
        return ""
    if result.reached:
        return say("đạt chỉ tiêu {target}", target=result.target_display)
    # Never 100,0 % of what is not reached.
    share = min(result.percent, Decimal("99.9"))
    return say("{percent}% của {target}", percent=number(share, 1), target=result.target_display)
