"""One thing that differs between two bundles."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: `kind` says what, `name` of what; `before` and `after` are as the files write them."""

    kind: str
    element: str
    name: str
    before: str = ""
    after: str = ""
    detail: str = ""
