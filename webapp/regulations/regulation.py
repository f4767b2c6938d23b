"""The regulation of coordination in words: what a bundle rules, as tables, sentences and pictures for any paper."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine import forms
from engine.designs.drawing import Drawing
from engine.designs.regulations import Party, Rules, Step, rules_of
from webapp.text import language, say
from webapp.text.assigning import addressed
from webapp.text.designs import operator
from webapp.text.regulations import detour, party, way
from webapp.text.words import due_in_words

Cell = Sequence[str]  # lines


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a title; the first cell of a row names it, and its first line matters most. `widths` are shares."""

    title: str
    heads: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Chapter:
    """One process in words."""

    name: str
    purpose: str
    duties: Table
    steps: Table
    exceptions: Sequence[str]
    drawings: Sequence[Drawing]


@dataclass(frozen=True, slots=True)
class Regulation:
    """All of it: `version` says which text this is, `warning` that it is not in force, `hash` proves the bundle.

    `at` is when the text came to be.
    """

    name: str
    version: str
    at: datetime
    warning: str
    hash: str
    chapters: Sequence[Chapter]

    @property
    def title(self) -> str:
        """Return the heading."""
        return say("Quy chế phối hợp: {name}", name=self.name)

    @property
    def origin(self) -> str:
        """Say what it was made from; the hash follows."""
        return say("Lập tự động từ mô hình quy trình; mã gói (SHA-256):")


def chapters_of(files: Mapping[str, bytes], *, first: str | None, levels: Mapping[str, str]) -> list[Chapter]:
    """Put what the processes of a bundle rule into words, that with the id `first` before the others.

    `levels` are the names of levels by code.
    """
    given = {name.rpartition("/")[2]: content for name, content in files.items()}
    return [_chapter(rules, given, levels) for rules in rules_of(files, first=first)]


def _chapter(rules: Rules, files: Mapping[str, bytes], levels: Mapping[str, str]) -> Chapter:
    name = rules.process.name or rules.process.id
    return Chapter(
        name=name,
        purpose=rules.process.documentation or "",
        duties=_duties(rules.steps),
        steps=_steps(rules.steps, files, levels),
        exceptions=list(dict.fromkeys(detour(one, name) for one in rules.detours)),
        drawings=rules.drawings,
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    lead: str
    coordinating: Sequence[str]
    informed: Sequence[str]


def _parts(step: Step) -> _Parts:
    """Name everybody with a part in a step once, by the greatest part."""
    lead = party(step.lead)
    coordinating = _once(step.coordinating, but=(lead,))
    return _Parts(lead, coordinating, _once(step.informed, but=(lead, *coordinating)))


def _once(parties: Iterable[Party], *, but: Iterable[str]) -> list[str]:
    return [name for name in dict.fromkeys(map(party, parties)) if name not in but]


def _duties(steps: Sequence[Step]) -> Table:
    """Set out who has which part in which step, in the order in which each first appears."""
    named = [(f"{step.number}. {_name(step)}", _parts(step)) for step in steps]
    everybody = dict.fromkeys(who for _, parts in named for who in (parts.lead, *parts.coordinating, *parts.informed))
    rows = [
        (
            (who,),
            [name for name, parts in named if who == parts.lead],
            [name for name, parts in named if who in parts.coordinating],
            [name for name, parts in named if who in parts.informed],
        )
        for who in everybody
    ]
    heads = say("Ai"), say("Chủ trì"), say("Phối hợp"), say("Nhận để biết")
    return Table(say("Ai chịu trách nhiệm gì"), heads, (3, 4, 4, 4), rows)


def _steps(steps: Sequence[Step], files: Mapping[str, bytes], levels: Mapping[str, str]) -> Table:
    numbers = {step.node.id: step.number for step in steps}
    heads = (
        say("Bước"), say("Chủ trì"), say("Phối hợp"), say("Nhận để biết"), say("Hạn"), say("Biểu mẫu"), say("Kết quả"),
    )  # fmt: skip
    rows = [_row(step, numbers, files, levels) for step in steps]
    return Table(say("Các bước"), heads, (7, 4, 4, 4, 3, 5, 8), rows)


def _row(
    step: Step, numbers: Mapping[str, int], files: Mapping[str, bytes], levels: Mapping[str, str]
) -> tuple[Cell, ...]:
    node, parts = step.node, _parts(step)
    fields = _fields(files.get(f"{node.ext.get('form') or node.id}.form.json"))
    due = due_in_words(node.ext.get("workingDays"), node.ext.get("due"))
    page = say("thuộc «{page}»", page=step.page) if step.page else ""
    command = operator(node.ext["operator"]) if "operator" in node.ext else ""
    results = [command, *(label for label, reports in fields if reports), *(way(one, numbers) for one in step.ways)]
    return (
        _lines(f"{step.number}. {_name(step)}", page, node.documentation),
        _lines(parts.lead, *addressed(node.ext, levels)),
        parts.coordinating,
        parts.informed,
        _lines(due),
        _lines(*(label for label, _ in fields)),
        _lines(*results),
    )


def _name(step: Step) -> str:
    return step.node.name or step.node.id


def _lines(*said: str | None) -> list[str]:
    """Return what there is to say, each line once."""
    return list(dict.fromkeys(one for one in said if one))


def _fields(form: bytes | None) -> list[tuple[str, bool]]:
    """Return (label, whether figures are reported in it) of what a form asks for; nothing of one that is broken."""
    try:
        components = forms.compile(form).components if form else ()
    except forms.FormError:
        return []
    named = [(one, one.label.in_(language()) or one.key) for one in components if one.key or one.children]
    return [(label, any(part.type == "figures" for part in one.walk())) for one, label in named if label]
