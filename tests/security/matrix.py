"""The table of answers: one row for each question, one column for each asker; written once, reviewed, compared."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from werkzeug.datastructures import Headers

from tests.security.asking import ASKERS, Question, ask
from tests.security.frozen import Written, frozen
from tests.security.scene import NOBODY, Stage

EXPECTED = Path(__file__).with_name("expected.txt")
WIDTH = max(map(len, ASKERS)) + 1
BINARY = (
    "application/zip",
    "application/pdf",
    "image/png",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)
Table = dict[str, tuple[int, ...]]
# Whoever may not see an order: nothing of it may stand in what it reads.
BLIND = {
    "secret": tuple(asker for asker in ASKERS if asker not in ("auditor", "admin", "foreign")),
    "ours": ("outside", "foreign", "former", NOBODY),
}


@dataclass(frozen=True)
class Cell:
    """One answer: to which question, to whom, what was said and what would have been written."""

    question: Question
    asker: str
    status: int
    text: str
    headers: Headers
    kind: str
    beside_the_log: frozenset[str]
    unrecorded: frozenset[str]
    recorded: bool


def cells(stage: Stage, asked: Iterable[Question], askers: Iterable[str] = ASKERS) -> Iterator[Cell]:
    """Let everybody ask every question; nothing stays of it."""
    with frozen(stage.database) as written:
        for question in asked:
            for asker in askers:
                yield _cell(stage, question, asker, written)


def _cell(stage: Stage, question: Question, asker: str, written: Written) -> Cell:
    written.empty()
    answer = ask(stage.app, question, stage.people[asker])
    said = answer.get_data(as_text=True) if answer.mimetype not in BINARY else ""
    answer.close()
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    text = f"{headers}\n\n{said}"
    seen = (frozenset(written.beside_the_log), frozenset(written.unrecorded), written.is_recorded)
    return Cell(question, asker, answer.status_code, text, answer.headers, answer.content_type or "", *seen)


def leaks(stage: Stage, cell: Cell) -> list[tuple[str, str, str]]:
    """Return what a person saw that it may not: keys, numbers, words; but not what it said itself."""
    hidden: set[str] = set()
    for name, blind in BLIND.items():
        if cell.asker in blind:
            hidden |= getattr(stage.scene, name)
    hidden -= cell.question.echoed
    return [(cell.question.name, cell.asker, word) for word in sorted(hidden) if word in cell.text]


def read() -> Table:
    """Read the reviewed table."""
    table: Table = {}
    for line in EXPECTED.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, statuses = line.rpartition("| ")
            table[name.strip()] = tuple(int(status) for status in statuses.split())
    return table


def write(table: Mapping[str, tuple[int, ...]], heading: str) -> str:
    """Write a table as text."""
    width = max(map(len, table)) + 1
    lines = [f"# {'':{width - 2}}| {''.join(f'{asker:{WIDTH}}' for asker in ASKERS)}".rstrip()]
    for name, statuses in table.items():
        lines.append(f"{name:{width}}| {''.join(f'{status:<{WIDTH}}' for status in statuses)}".rstrip())
    return heading + "\n".join(lines) + "\n"
