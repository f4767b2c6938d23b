"""What differs between the decision tables of two bundles, row by row."""

from collections.abc import Iterator, Mapping

from engine.designs.difference import Difference
from engine.runner import decisions
from engine.runner.decisions import Decision, Row


def of_tables(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[Difference]:
    """Yield tables that were added or removed, and the rows that differ in the others."""
    old, new = _tables(before), _tables(after)
    for id in sorted(old.keys() | new.keys()):
        if id not in new:
            yield Difference("table_removed", id, old[id].name or id)
        elif id not in old:
            yield Difference("table_added", id, new[id].name or id)
        else:
            yield from _of_table(old[id], new[id])


def _of_table(old: Decision, new: Decision) -> Iterator[Difference]:
    id, name = new.id, new.name or new.id
    pairs = [
        ("hit_policy", old.hit_policy, new.hit_policy),
        ("table_inputs", ", ".join(old.inputs), ", ".join(new.inputs)),
        ("table_outputs", ", ".join(old.outputs), ", ".join(new.outputs)),
    ]
    yield from (Difference(kind, id, name, was, now) for kind, was, now in pairs if was != now)
    was, now = ({row.id: (place, _said(row)) for place, row in enumerate(one.rows, 1)} for one in (old, new))
    for key in [*was, *(key for key in now if key not in was)]:
        place = str((now.get(key) or was[key])[0])
        before, after = was.get(key, (0, ""))[1], now.get(key, (0, ""))[1]
        if before != after:
            kind = "row_changed" if before and after else "row_added" if after else "row_removed"
            yield Difference(kind, id, name, before, after, place)
    if [key for key in was if key in now] != [key for key in now if key in was]:
        yield Difference("rows_ordered", id, name)


def _tables(files: Mapping[str, bytes]) -> dict[str, Decision]:
    return {
        decision.id: decision
        for name, content in sorted(files.items())
        if name.endswith(".dmn")
        for decision in decisions.read(name, content)[0]
    }


def _said(row: Row) -> str:
    tests = ", ".join(one.replace("_value ", "").replace("_value", "") if one else "–" for one in row.tests)
    return f"{tests} ⇒ {', '.join(one or '–' for one in row.outputs)}"
