"""The course of a trial in the address of its page: a scenario, compressed; and the trial it makes."""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import url_for

from engine.scenarios import Ground, Run, Scenario, Step, play, said_of, scenario_of
from engine.scenarios.reading import BEGINNING, MAX_BYTES, MAX_STEPS
from models.errors import Invalid
from webapp.text import language

LONGEST: Final = 3_500  # web servers commonly take a request line of 4,094 characters
_NAME: Final = "?"
_CATCHES: Final = ("startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask")


@dataclass(frozen=True, slots=True)
class Trial:
    """A course played: what was done, and where that led."""

    ground: Ground
    scenario: Scenario
    run: Run

    @property
    def course(self) -> str:
        return written(self.scenario)

    @property
    def called(self) -> str:
        """The name of the scenario that is tried; empty for a trial that is none yet."""
        return "" if self.scenario.name == _NAME else self.scenario.name

    @property
    def names(self) -> dict[str, str]:
        return names_in(self.ground)

    def back_to(self, count: int) -> str:
        """Return the course that has only so many steps."""
        return written(replace(self.scenario, steps=self.scenario.steps[:count]))

    @property
    def reached(self) -> int:
        """How many steps were done before one could not be: all, or those before what stopped it.

        Messages that came right before it and moved nothing count as not yet come: what is done now comes first.
        """
        count = len(self.run.moments) - 1
        if self.run.stopped is None or count < 0:
            return len(self.scenario.steps)
        while count and self.scenario.steps[count - 1].kind == "message" and not self.run.moments[count].entries:
            count -= 1
        return count

    @property
    def is_halted(self) -> bool:
        """Tell whether steps are left that could not be done."""
        return self.reached < len(self.scenario.steps)

    def after(self, step: Step) -> Scenario:
        """Return the course with one step more, where it stands now; Invalid where it has too many.

        What could not be done stays behind that step: a scenario that a new step of the process has stopped goes on.
        """
        steps, at = self.scenario.steps, self.reached
        if len(steps) >= MAX_STEPS:
            raise Invalid({"course": "trial_too_long"}, reason="trial_too_long")
        return replace(self.scenario, steps=(*steps[:at], step, *steps[at:]))


def names_in(ground: Ground) -> dict[str, str]:
    """Return what people call the elements, and messages and signals by what catches them."""
    if ground.bundle is None:
        return {}
    listed = [one for name in ground.bundle.processes for one in ground.bundle.elements(name).values()]
    caught = {one.message: one.name for one in listed if one.message and one.name and one.type in _CATCHES}
    return {**caught, **{one.id: one.name or one.id for one in listed}}


def tried(ground: Ground, course: str, process: str) -> Trial:
    """Play the course of an address; without one, the process begins and nothing is done yet."""
    scenario = read(course) if course else Scenario(_NAME, process, BEGINNING)
    return Trial(ground, scenario, play(ground, scenario, locale=language()))


def written(scenario: Scenario) -> str:
    """Return a scenario as part of an address; Invalid where it does not fit into one."""
    said = json.dumps(said_of(scenario), ensure_ascii=False, separators=(",", ":"))
    text = urlsafe_b64encode(zlib.compress(said.encode(), 9)).decode().rstrip("=")
    if len(text) > LONGEST:
        raise Invalid({"course": "trial_too_long"}, reason="trial_too_long")
    return text


def read(course: str) -> Scenario:
    """Read the course of an address; Invalid where somebody cut or changed it."""
    if len(course) > LONGEST:
        raise Invalid({"course": "trial_too_long"}, reason="trial_too_long")
    return scenario_of("?", _unpacked(course))


def _unpacked(course: str) -> Any:
    try:
        packed = urlsafe_b64decode(course + "=" * (-len(course) % 4))
        return json.loads(zlib.decompressobj().decompress(packed, MAX_BYTES))
    except (ValueError, RecursionError, zlib.error):
        raise Invalid({"course": "trial_unreadable"}, reason="trial_unreadable") from None


def address(design_id: str, scenario: Scenario, **more: Any) -> str:
    """Return where a trial is shown."""
    return url_for("designs.trial", id=design_id, course=written(scenario), **more)
