"""Lets the branch that comes last to a join overwrite what the others brought."""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.runner import gateways
from tests.torture.trial import replace


def last(base: Mapping[str, Any], branches: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what the last branch brings, as the library does."""
    joined = dict(base)
    for branch in branches:
        joined = {**joined, **branch}
    return joined


replace(gateways, "merged", last)
