"""Which values stand beside the leaf of their entry instead of in it: what people wrote, so that it can be erased."""

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from engine.audit.canonical_form import key, plain
from models.audit_texts import AS, MARK, NUMBER, below, commitment
from models.orders import CLARITIES

# Whatever people write under these names is their text, even where it looks like a code.
WRITTEN: Final = frozenset({"reason", "note", "remark", "basis", "title", "query", "label", "document", *CLARITIES})
# Typed into fields that people drew themselves: texts and numbers alike.
TYPED: Final = MappingProxyType({"data": frozenset({"before", "after", "was", "became"})})
# Words of the installation and its designs, by the noun of the fact: nobody's, and to be read without the texts.
PUBLIC: Final = MappingProxyType(
    {
        "access": frozenset({"reason"}),  # a code of ours
        "area": frozenset({"name", "kind"}),
        "audit_key": frozenset({"key", "note"}),  # what is signed
        "checkpoint": frozenset({"witness", "key"}),
        "level": frozenset({"name"}),
        "message": frozenset({"title"}),  # as the diagram names it
        "order": frozenset({"number"}),
        "organization": frozenset({"name"}),
        "organization_type": frozenset({"name"}),
        "overlap": frozenset({"others"}),  # numbers of orders
        "post": frozenset({"name"}),
        "step": frozenset({"step"}),
        "text": frozenset({"texts"}),  # where the erased ones stood
        "token": frozenset({"step"}),
    }
)
_NONE: Final[frozenset[str]] = frozenset()


def set_apart(fact: str, said: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Return the facts as they are hashed, plain, and the texts that stand beside them: path, salt and value.

    What has spaces, accents or anything else that codes, keys, numbers and instants have not is text.
    """
    apart = _Apart(fact.partition(":")[0])
    return apart.mapping(said, "", all_of=False), apart.texts


class _Apart:
    """One walk over the facts of an entry; `path` is that of what holds a value."""

    def __init__(self, noun: str) -> None:
        self.texts: list[dict[str, str]] = []
        self.public, self.typed = PUBLIC.get(noun, _NONE), TYPED.get(noun, _NONE)

    def mapping(self, said: Mapping[str, Any], path: str, *, all_of: bool) -> dict[str, Any]:
        facts: dict[str, Any] = {}
        for name, value in said.items():
            if value is None:
                continue
            if name == MARK:
                raise ValueError(f"{name!r} in the audit log marks a text beside it")
            if key(name) in self.public:
                facts[name] = plain(value)
            else:
                typed = all_of or (not path and name in self.typed)
                facts[name] = self.value(value, name, path, name, all_of=typed)
        return facts

    def value(self, value: Any, name: str, path: str, place: str, *, all_of: bool) -> Any:
        """Return a value as it is hashed; `name` says what it is, `place` where it stands."""
        if type(value) is str and not all_of and is_code(value) and name not in WRITTEN:
            return value  # nearly all of them: plain already
        if isinstance(value, Mapping):
            return self.mapping(value, below(path, place), all_of=all_of)
        if isinstance(value, list | tuple):
            here = below(path, place)
            return ["" if one is None else self.value(one, name, here, str(number), all_of=all_of)
                    for number, one in enumerate(value)]  # fmt: skip
        clean = plain(value)
        if isinstance(clean, list):  # a set
            return self.value(clean, name, path, place, all_of=all_of)
        if all_of or (isinstance(clean, str) and (name in WRITTEN or not is_code(clean))):
            kind = {AS: NUMBER} if isinstance(clean, int) else {}
            return self.beside(str(clean), below(path, place)) | kind if clean != "" else clean
        return clean

    def beside(self, value: str, path: str) -> dict[str, str]:
        salt = os.urandom(16).hex()
        self.texts.append({"path": path, "salt": salt, "value": value})
        return {MARK: commitment(salt, value)}


def is_code(value: str) -> bool:
    """Tell whether a text can be a code, a key, a number or an instant."""
    return value.isascii() and " " not in value and value.isprintable()
