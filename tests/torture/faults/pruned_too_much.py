"""Prunes from the token tree what has come to a join and waits there for the others."""

from typing import Any

from engine import runner
from engine.runner.gateways import Joining
from engine.runner.tree import WAITING, discard
from tests.torture.trial import replace


def too_much(instance: Any) -> None:
    """Prune as the product does, and then what a join still needs."""
    original(instance)
    for scope in [instance, *instance.subprocesses.values()]:
        for token in list(scope.tasks.values()):
            if isinstance(token.task_spec, Joining) and token._state == WAITING:
                discard(token)


original = replace(runner, "prune", too_much)
