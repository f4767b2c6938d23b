"""The rest state: what is alive of an instance, as one small JSON document."""

from datetime import datetime
from typing import Any, Final

from engine.runner import codec
from engine.runner.activities import SubProcess
from engine.runner.bundle import Bundle
from engine.runner.events import known_in
from engine.runner.tree import FINISHED, FUTURE, Inner, Instance, Token, below
from engine.runner.values import Stuck

VERSION: Final = 1


def dump(instance: Instance) -> str:
    """Write the instance; data is written once however many tokens share it."""
    shelf = _Shelf()
    scopes: list[Any] = [instance]
    places: dict[Any, tuple[int, int]] = {}
    written = []
    for at, scope in enumerate(scopes):
        tokens = below(scope.task_tree)
        numbers = {token.id: number for number, token in enumerate(tokens)}
        rows = [_row(token, numbers, shelf) for token in tokens]
        places |= {token.id: (at, number) for token, number in zip(tokens, range(len(tokens)), strict=True)}
        scopes += [instance.subprocesses[token.id] for token in tokens if token.id in instance.subprocesses]
        document: dict[str, Any] = {"t": rows}
        if isinstance(scope, Inner):
            document |= {"n": scope.spec.name, "h": places[scope.host.id]}
        if scope.left_behind:
            document["e"] = scope.left_behind
        if scope.done:
            document["c"] = scope.done
        written.append(document)
    whole: dict[str, Any] = {"v": VERSION, "p": instance.spec.name, "l": shelf.place(instance.last), "w": written}
    if instance.watches:
        whole["k"] = shelf.place(instance.latest)
    if instance.outcome is not None:
        whole |= {"x": instance.outcome, "f": instance.error, "w": []}
    whole["d"] = shelf.items
    return codec.dumps(whole)


class _Shelf:
    """Data of all tokens: a dict, or what differs from an earlier one as [place of that, changed, removed]."""

    def __init__(self) -> None:
        self.items: list[Any] = []
        self._places: dict[int, int] = {}
        self._last: tuple[int, dict[str, Any]] | None = None

    def place(self, data: dict[str, Any]) -> int:
        if not data:
            return -1
        place = self._places.get(id(data))
        if place is None:
            place = self._places[id(data)] = len(self.items)
            self.items.append(self._short(data))
            if type(self.items[-1]) is dict:
                self._last = place, data
        return place

    def _short(self, data: dict[str, Any]) -> Any:
        if self._last is None:
            return data
        at, base = self._last
        changed = {key: value for key, value in data.items() if key not in base or base[key] is not value}
        if 2 * len(changed) >= len(data):
            return data
        return [at, changed, [key for key in base if key not in data]]


def _unshelved(items: list[Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for item in items:
        if type(item) is list:
            at, changed, removed = item
            whole = {**found[at], **changed}
            for key in removed:
                del whole[key]
            found.append(whole)
        else:
            found.append(item)
    return found


def _row(token: Token, numbers: dict[Any, int], shelf: _Shelf) -> list[Any]:
    over = bool(token._state & FINISHED)
    keep = not over or len(token._children) > 1
    row: list[Any] = [
        token.task_spec.name,
        token._state,
        numbers.get(token._parent, -1),
        shelf.place(token.data) if keep else -1,
        0 if over else token.id,
    ]
    if token.internal_data or token.triggered:
        row.append(token.internal_data)
    if token.triggered:
        row.append(1)
    return row


def load(bundle: Bundle, process_id: str, rest: str, *, now: datetime) -> Instance:
    """Bring an instance back to life; raises Stuck when the definition lacks an element that is alive in it."""
    document = codec.loads(rest)
    if document["v"] != VERSION or document["p"] != process_id:
        raise Stuck(f"rest state of “{document['p']}” (version {document['v']}) does not belong to “{process_id}”")
    instance = Instance(bundle.specs[process_id], bundle.specs, now=now)
    data = _unshelved(document["d"])
    instance.last = data[document["l"]] if document["l"] >= 0 else {}
    instance.outcome, instance.error = document.get("x"), document.get("f")
    tokens: list[list[Token]] = []
    for written in document["w"]:
        scope: Any = instance
        if "h" in written:
            at, number = written["h"]
            scope = _inner(instance, written["n"], tokens[at][number])
        tokens.append(_tokens(scope, written["t"], data))
        scope.left_behind, scope.done = written.get("e", {}), written.get("c", [])
    if instance.watches:
        place = document.get("k")  # not there where the version before asked no conditions
        instance.latest = known_in(instance) if place is None else data[place] if place >= 0 else {}
    return instance


def _inner(instance: Instance, name: str, host: Token) -> Inner:
    if name not in instance.subprocess_specs:
        raise Stuck(f"the definition has no sub-process “{name}”")
    inner = instance.open_inner(host, name)
    if isinstance(host.task_spec, SubProcess):
        host.task_spec.listen(host, inner)
    return inner


def _tokens(scope: Any, rows: list[list[Any]], data: list[dict[str, Any]]) -> list[Token]:
    tokens: list[Token] = []
    specs = scope.spec.task_specs
    for number, row in enumerate(rows):
        spec = specs.get(row[0])
        if spec is None:
            raise Stuck(f"the definition has no element “{row[0]}”", element=row[0])
        parent = tokens[row[2]] if row[2] >= 0 else None
        token = Token(scope, spec, parent, row[1] or FUTURE, row[4] or -number - 1)
        if row[3] >= 0:
            token.data = data[row[3]]
        if len(row) > 5:
            token.internal_data = row[5]
            token.triggered = len(row) > 6
        tokens.append(token)
    scope.task_tree = tokens[0]
    return tokens
