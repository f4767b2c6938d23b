"""What the log is narrowed by, as it stands in the address."""

from dataclasses import dataclass
from typing import ClassVar

from engine.audit import Fact
from webapp.narrowing import Narrowing, is_key

KEYS = ("subject", "instance", "task")
SWITCHES = ("refused", "behalf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters(Narrowing):
    """One list of entries; who and where may be said by key or by name, an order by key or number."""

    PAGING: ClassVar[str] = "before"
    subject: str = ""
    order: str = ""
    instance: str = ""
    task: str = ""
    person: str = ""
    post: str = ""
    organization: str = ""
    place: str = ""
    fact: str = ""
    since: str = ""
    until: str = ""
    q: str = ""
    refused: str = ""
    behalf: str = ""
    before: str = ""

    @classmethod
    def fits(cls, name: str, value: str) -> bool:
        """Tell whether a value is a key, a fact, a switch or a number where one is asked for."""
        if name in KEYS:
            return is_key(value)
        if name in SWITCHES:
            return value == "1"
        if name == "fact":
            return value in set(Fact)
        return value.isdecimal() and len(value) < 16 if name == "before" else True

    @property
    def is_narrowed(self) -> bool:
        return any(getattr(self, name) for name in self.names() if name not in ("subject", "before"))

    @property
    def is_narrowed_further(self) -> bool:
        """Tell whether something is chosen among the filters that are folded away."""
        return any(getattr(self, name) for name in FOLDED)


FOLDED = ("order", "task", "instance", "person", "post", "place", "since", "until", "behalf")
