"""Reads one typed answer as what its field wants, or says in the reader's language why it cannot."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from engine.forms.components import Component
from engine.forms.context import FigureValue, FormContext, IndicatorField
from engine.forms.words import answer_message
from engine.notation import QUALIFIERS, Ambiguous, BadNotation, format_number, parse_date, parse_figure, parse_number
from models.text import nfc


class Wrong(Exception):
    """One answer is wrong; the message is ready to be read."""


class Reading:
    """How answers are read in one context; a method for each type of component that holds one answer."""

    def __init__(self, context: FormContext) -> None:
        self.context = context

    def say(self, code: str, **facts: Any) -> str:
        """Say what is wrong, in the language of the context."""
        return answer_message(code, self.context.locale, **facts)

    def _text(self, typed: Any, *, limit: int, lines: bool = False) -> str:
        if typed is None:
            return ""
        if not isinstance(typed, str):
            raise Wrong(self.say("not_text"))
        text = nfc(typed).replace("\r\n", "\n").replace("\r", "\n").strip()
        allowed = "\n\t" if lines else "\t"
        if any(
            (character < " " and character not in allowed) or "\ud800" <= character <= "\udfff" for character in text
        ):
            raise Wrong(self.say("control"))
        if len(text) > limit:
            raise Wrong(self.say("max_length", count=format_number(limit), got=format_number(len(text))))
        return text

    def textfield(self, component: Component, typed: Any) -> str | None:
        text = self._text(typed, limit=min(component.max_length or self.context.limits.line, self.context.limits.line))
        self._least(component, text)
        if text and component.pattern and not component.pattern.matches(text):
            raise Wrong(self.say("pattern"))
        return text or None

    def textarea(self, component: Component, typed: Any) -> str | None:
        limit = min(component.max_length or self.context.limits.text, self.context.limits.text)
        text = self._text(typed, limit=limit, lines=True)
        self._least(component, text)
        return text or None

    def _least(self, component: Component, text: str) -> None:
        if text and len(text) < component.min_length:
            raise Wrong(self.say("min_length", count=component.min_length, got=len(text)))

    def number(self, component: Component, typed: Any) -> int | float | None:
        if is_blank(typed):
            return None
        value = self._read(
            lambda text: _number(text, component, self.context.locale), _as_text(typed), decimals=component.decimals
        )
        if component.min is not None and value < component.min:
            raise Wrong(self.say("min", bound=format_number(component.min)))
        if component.max is not None and value > component.max:
            raise Wrong(self.say("max", bound=format_number(component.max)))
        return plain(value)

    def _read(self, parse: Callable[[str], Any], typed: str | None, *, decimals: int | None = None) -> Any:
        if typed is None:
            raise Wrong(self.say("not_text"))
        try:
            return parse(typed)
        except BadNotation as bad:
            raise Wrong(self._notation(bad, decimals=decimals)) from None

    def _notation(self, bad: BadNotation, *, decimals: int | None) -> str:
        code = f"{bad.code}?" if bad.readings and bad.code in ("count", "which_year") else bad.code
        example = f"05/10/{self.context.today.year}"
        or_question = bad.question.replace(" hay ", " or ")
        shown = bad.typed if len(bad.typed) <= 40 else f"{bad.typed[:40]}…"
        return self.say(
            "required" if code == "blank" else code,
            typed=shown, question=bad.question, or_question=or_question, example=example, count=decimals,
        )  # fmt: skip

    def datetime(self, component: Component, typed: Any) -> str | None:
        if is_blank(typed):
            return None
        today = self.context.today
        text = typed if isinstance(typed, str) else None
        day = self._read(lambda given: parse_date(given, today=today), text)
        if component.not_past and day < today:
            raise Wrong(self.say("past"))
        if component.not_future and day > today:
            raise Wrong(self.say("future"))
        return str(day.isoformat())

    def select(self, component: Component, typed: Any) -> str | None:
        return self._one_of([option.value for option in component.options], typed)

    def radio(self, component: Component, typed: Any) -> str | None:
        return self.select(component, typed)

    def _one_of(self, known: Sequence[str], typed: Any) -> str | None:
        value = self._text(typed, limit=200)
        if value and value not in known:
            raise Wrong(self.say("option"))
        return value or None

    def checklist(self, component: Component, typed: Any) -> list[str]:
        return self._some_of([option.value for option in component.options], typed)

    def _some_of(self, known: Sequence[str], typed: Any) -> list[str]:
        given = typed if isinstance(typed, list) else [] if typed in (None, "") else [typed]
        chosen = {self._one_of(known, each) for each in given}
        return [value for value in known if value in chosen]

    def checkbox(self, component: Component, typed: Any) -> bool:
        if typed is not None and not isinstance(typed, bool):
            raise Wrong(self.say("not_text"))
        return bool(typed)

    def organization(self, component: Component, typed: Any) -> list[str] | str | None:
        known = [each for each, _ in self.context.organizations.get(component.among, ())]
        return self._some_of(known, typed) if component.multiple else self._one_of(known, typed)

    def figure(
        self, component: Component, indicator: IndicatorField, given: Mapping[str, Any], row: int | None
    ) -> FigureValue | None:
        typed = given.get("value")
        if is_blank(typed):
            if component.required or indicator.required:
                raise Wrong(self.say("required_figure"))
            return None
        said, value = self._read(
            lambda text: _figure(text, indicator), _as_text(typed), decimals=decimals_of(indicator)
        )
        return FigureValue(row, indicator.code, value, self._qualifier(indicator, said, given.get("qualifier")))

    def _qualifier(self, indicator: IndicatorField, said: str | None, chosen: Any) -> str:
        if said and chosen not in (None, "", "exact", said):
            words = {"typed": QUALIFIERS[said], "chosen": QUALIFIERS.get(str(chosen), str(chosen)[:20])}
            raise Wrong(self.say("qualifiers_differ", **words))
        qualifier = said or chosen or "exact"
        if qualifier not in QUALIFIERS or qualifier not in {"exact", *indicator.allowed_qualifiers}:
            raise Wrong(self.say("qualifier"))
        return str(qualifier)

    def no_figure(self, typed: Any) -> None:
        # A thumb beside the right button must not throw away what was counted: a typed number contradicts "nothing".
        text = (_as_text(typed) or "").strip()
        if text and text.strip("0,"):
            raise Wrong(self.say("typed_but_nothing", typed=text[:40]))


def decimals_of(indicator: IndicatorField) -> int:
    """Give the number of decimals an indicator may have: none for counts and money."""
    return 0 if indicator.is_count or indicator.is_money else indicator.decimals


def readings(
    component: Component, typed: str, context: FormContext, indicator: IndicatorField | None = None
) -> list[str]:
    """Give the clear ways of writing what was typed unclearly, for the page to offer as buttons."""
    try:
        if component.type == "datetime":
            parse_date(typed, today=context.today)
        elif indicator:
            _figure(typed, indicator)
        elif component.type == "number":
            _number(typed, component, context.locale)
    except Ambiguous as asked:
        return list(asked.readings)
    except BadNotation:
        pass
    return []


def plain(value: Decimal) -> int | float:
    """Give JSON's number; 15 digits survive both."""
    return int(value) if value == int(value) else float(value)


def is_blank(value: Any) -> bool:
    """Tell an answer that says nothing; the number 0 says something."""
    return value is None or value is False or value == [] or (isinstance(value, str) and not value.strip())


def _as_text(typed: Any) -> str | None:
    if isinstance(typed, str):
        return typed
    if isinstance(typed, bool) or not isinstance(typed, int | float | Decimal):
        return None
    number = Decimal(str(typed))
    return format_number(number) if number.is_finite() and abs(number) < 10**18 else None


def _number(text: str, component: Component, locale: str) -> Decimal:
    decimals = 0 if component.money else component.decimals
    unit = component.unit.in_(locale)
    return parse_number(text, money=component.money, negative=component.below_zero, decimals=decimals, unit=unit)


def _figure(text: str, indicator: IndicatorField) -> tuple[str | None, Decimal]:
    return parse_figure(text, money=indicator.is_money, decimals=decimals_of(indicator), unit=indicator.unit)
