"""How a list is narrowed: exactly what stands in the query string, nothing of it lives anywhere else."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Self
from urllib.parse import parse_qsl, urlencode

from models.base import new_id
from models.text import nfc

_KEY_LENGTH = len(new_id())


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """The filters of one list as texts; `wrong` names what could not be understood and was left out."""

    PAGING: ClassVar[str] = "after"
    LONGEST: ClassVar[int] = 200
    wrong: tuple[str, ...] = ()

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names that may stand in the query string."""
        return tuple(field.name for field in fields(cls) if field.name != "wrong")

    @classmethod
    def fits(cls, name: str, value: str) -> bool:
        """Tell whether a value can be understood; lists say more about theirs."""
        return True

    @classmethod
    def read(cls, said: Mapping[str, str]) -> Self:
        """Read a query string; what is not known is named, not guessed."""
        given = {name: nfc(said.get(name, "")).strip()[: cls.LONGEST] for name in cls.names()}
        wrong = tuple(name for name, value in given.items() if value and not cls.fits(name, value))
        return cls(wrong=wrong, **{name: value for name, value in given.items() if value and name not in wrong})

    @classmethod
    def parse(cls, query: str) -> Self:
        """Read a stored query string."""
        return cls.read(dict(parse_qsl(query)))

    def with_(self, **changes: str) -> dict[str, Any]:
        """Return the query of this list with changes; a changed list begins at its first page."""
        changed = replace(self, **({self.PAGING: ""} | changes))  # type: ignore[arg-type]
        said = {field.name: (getattr(changed, field.name), field.default) for field in fields(self)}
        return {name: value for name, (value, default) in said.items() if name != "wrong" and value != default}

    @property
    def query(self) -> str:
        """Return the query string of the whole list, as a saved view keeps it."""
        return urlencode(self.with_())

    def is_list_of(self, other: Self) -> bool:
        """Tell whether both show the same list, on whatever page."""
        return self.with_() == other.with_()


def is_key(value: str) -> bool:
    """Tell whether a text has the form of a key."""
    return len(value) == _KEY_LENGTH and all(character in "0123456789abcdef" for character in value)
