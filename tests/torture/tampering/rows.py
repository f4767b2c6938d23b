"""Kinds of altering the log's entries: each makes of the rows that are there those that are written in their place."""

import json
import random
import unicodedata
from collections.abc import Callable
from typing import Final

from tests.torture.tampering.log import Rows, decoded

# The rows, the size of the checkpoint that is held, chance; None where this log does not offer it.
Kind = Callable[[Rows, int, random.Random], Rows | None]


def first_difference(rows: Rows, after: Rows) -> int | None:
    """Return the number of the first entry that is not what it was."""
    for number, (one, other) in enumerate(zip(rows, after, strict=False), start=1):
        if {**one, "seq": 0} != {**other, "seq": 0} or one["seq"] != other["seq"]:
            return number
    return None if len(rows) == len(after) else min(len(rows), len(after)) + 1


def _anywhere(rows: Rows, chance: random.Random) -> int:
    return chance.randrange(len(rows))


def _change(rows: Rows, held: int, chance: random.Random) -> Rows:
    after = [dict(row) for row in rows]
    row = after[_anywhere(rows, chance)]
    name = chance.choice(("fact", "person_id", "subject_id", "organization_id", "facts", "at", "refused"))
    match name:
        case "facts":
            row["facts"] = {**decoded(row["facts"]), "reason": "khác"}
        case "at":
            row["at"] = row["at"].replace(microsecond=(row["at"].microsecond + 1) % 1_000_000)
        case "refused":
            row["refused"] = not row["refused"]
        case "fact":
            row["fact"] = "order:refused" if row["fact"] != "order:refused" else "order:accepted"
        case _:
            row[name] = "f" * 32
    return after


def _delete(rows: Rows, held: int, chance: random.Random) -> Rows:
    number = _anywhere(rows, chance)
    return [dict(row) for n, row in enumerate(rows) if n != number]


def _insert(rows: Rows, held: int, chance: random.Random) -> Rows:
    number = _anywhere(rows, chance)
    after = [dict(row) for row in rows[: number + 1]]
    return after + [{**row, "seq": row["seq"] + 1} for row in rows[number:]]


def _reorder(rows: Rows, held: int, chance: random.Random) -> Rows:
    after = [dict(row) for row in rows]
    one = chance.randrange(len(rows) - 1)
    after[one], after[one + 1] = (
        {**after[one + 1], "seq": after[one]["seq"]}, {**after[one], "seq": after[one + 1]["seq"]},
    )  # fmt: skip
    return after


def _cut(rows: Rows, held: int, chance: random.Random) -> Rows:
    return [dict(row) for row in rows[: chance.randrange(1, len(rows))]]


def _hashes(rows: Rows, held: int, chance: random.Random) -> Rows:
    after = [dict(row) for row in rows]
    after[_anywhere(rows, chance)]["leaf"] = "0" * 64
    return after


def _rolled_back(rows: Rows, held: int, chance: random.Random) -> Rows:
    """The database of an older backup in place of this one: whole in itself."""
    return [dict(row) for row in rows[: chance.randrange(1, held)]]


def _with_twin(rows: Rows, chance: random.Random, made: Callable[[str], str]) -> Rows | None:
    """Write the facts of one entry in another way that says nearly the same."""
    order = chance.sample(range(len(rows)), len(rows))
    for number in order:
        before = json.dumps(decoded(rows[number]["facts"]), ensure_ascii=False)
        twin = made(before)
        if twin != before:
            after = [dict(row) for row in rows]
            after[number]["facts"] = twin
            return after
    return None


def _twin_of_accents(rows: Rows, held: int, chance: random.Random) -> Rows | None:
    return _with_twin(rows, chance, lambda facts: unicodedata.normalize("NFD", facts))


def _twin_of_numbers(rows: Rows, held: int, chance: random.Random) -> Rows | None:
    def made(facts: str) -> str:
        said = json.loads(facts)
        for name, value in said.items():
            if isinstance(value, int) and not isinstance(value, bool):
                return json.dumps({**said, name: chance.choice((str(value), float(value) + 0.5))}, ensure_ascii=False)
        return facts

    return _with_twin(rows, chance, made)


def _twin_of_keys(rows: Rows, held: int, chance: random.Random) -> Rows | None:
    """A key that stands twice: of the two one reader takes the first, another the last."""

    def made(facts: str) -> str:
        name = next(iter(json.loads(facts)), None)
        return facts if name is None else facts.replace("{", '{"' + name + '": "khác", ', 1)

    return _with_twin(rows, chance, made)


KINDS: Final[dict[str, Kind]] = {
    "change": _change,
    "delete": _delete,
    "insert": _insert,
    "reorder": _reorder,
    "cut": _cut,
    "hashes overwritten": _hashes,
    "rolled back": _rolled_back,
    "NFD for NFC": _twin_of_accents,
    '1 for "1"': _twin_of_numbers,
    "a key twice": _twin_of_keys,
}
