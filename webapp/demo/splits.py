"""Divides the totals of the article over places and weeks: illustration, and said to be so wherever it is shown."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal

# ISO weeks 1 to 40 of 2018 (Sundays 07/01 to 07/10); four were not held (domain.md §3).
NOT_HELD = {7: "Tết Nguyên đán", 17: "Nghỉ lễ 30/4 - 01/5", 29: "Mưa bão", 35: "Nghỉ lễ Quốc khánh"}
WEEKS = range(1, 41)


def sunday_of(week: int, year: int = 2018) -> date:
    """Return the Sunday of an ISO week."""
    return date.fromisocalendar(year, week, 7)


def held_weeks() -> list[int]:
    """Return the 36 weeks in which the campaign was held."""
    return [week for week in WEEKS if week not in NOT_HELD]


def divide(total: str, weights: Sequence[int], decimals: int = 0) -> list[Decimal]:
    """Divide a total by weights into parts that sum to it exactly; what is left over goes to the heaviest."""
    whole, sum_of_weights = Decimal(total), sum(weights)
    unit = Decimal(1).scaleb(-decimals)
    parts = [(whole * weight / sum_of_weights).quantize(unit, ROUND_DOWN) for weight in weights]
    heaviest = max(range(len(weights)), key=weights.__getitem__)
    parts[heaviest] += whole - sum(parts)
    return parts


def uneven(count: int, seed: int) -> list[int]:
    """Return weights that look like life and are the same every time."""
    return [40 + (seed * 31 + n * 17 + n * n * 7) % 61 for n in range(count)]
