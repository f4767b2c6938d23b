"""The regulation of coordination: a version of a process in words and pictures, for print, made from the model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup

from engine import definitions
from engine.designs.drawing import drawings_of
from engine.runner import Element
from webapp.definitions.blueprint import blueprint, fetch
from webapp.definitions.steps import Step, steps_of
from webapp.transaction import reading


@dataclass(frozen=True, slots=True)
class Duty:
    """What one role answers for: its steps, in their order."""

    who: str
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Picture:
    """One page of the diagram; the drawing escapes what stands in it."""

    name: str
    svg: Markup


@dataclass(frozen=True, slots=True)
class Exceptional:
    """What may come in between at a step: its name, and whether the step then ends."""

    step: str
    name: str
    ends: bool


@blueprint.get("/definitions/<id>/regulation")
def regulation(id: str) -> str:
    """Show the regulation of coordination of one version."""
    with reading() as session:
        definition = fetch(session, id)
        bundle = definitions.bundle_of(session, id)
        drawn = [content for name, content in definitions.files_of(session, id).items() if name.endswith(".bpmn")]
        steps = steps_of(bundle, definition.process_id)
        return render_template(
            "definitions/regulation.html",
            definition=definition,
            purpose=bundle.processes[definition.process_id].documentation,
            pictures=[Picture(one.name, Markup(one.svg)) for content in drawn for one in drawings_of(content)],  # noqa: S704
            steps=steps,
            duties=_duties(steps),
            exceptions=_exceptions(bundle.elements(definition.process_id)),
        )


def _duties(steps: Sequence[Step]) -> list[Duty]:
    """Return who answers for what, in the order in which each first appears."""
    return [Duty(who, [one for one in steps if one.who == who]) for who in dict.fromkeys(step.who for step in steps)]


def _exceptions(elements: Mapping[str, Element]) -> list[Exceptional]:
    """Return what stands at the border of a step: reminders, cut-offs, refusals that come meanwhile."""
    return [
        Exceptional(elements[one.attached_to].name, one.name, one.interrupting)
        for one in elements.values()
        if one.attached_to is not None and one.attached_to in elements and one.name
    ]
