"""What all runs of a bundle share: the compiled diagrams, the forms, and the findings that forbid to run at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine import forms, lint
from engine.forms import Form
from engine.runner import CHOSEN, Bundle, Element

_FORM = ".form.json"


@dataclass(frozen=True, slots=True)
class Ground:
    """A bundle made ready; `bundle` is None where the checker refuses it, and `refused` says why."""

    bundle: Bundle | None
    forms: Mapping[str, Form]
    processes: tuple[str, ...]
    refused: tuple[lint.Finding, ...] = ()

    def element(self, id: str) -> Element | None:
        """Return an element of any process of the bundle."""
        if self.bundle is None:
            return None
        elements = (self.bundle.elements(name).get(id) for name in self.bundle.processes)
        return next((one for one in elements if one is not None), None)

    def form_at(self, element: Element) -> Form | None:
        """Return the form that is filled in at an element; where a person decides a gateway, the question itself."""
        if self.bundle is not None and (ways := self.bundle.ways(element.id)) is not None:
            return forms.compile(forms.choice(CHOSEN, *ways))
        if element.type != "userTask":
            return None
        drawn = self.bundle.drawn_form(element.id) if self.bundle is not None else None
        return forms.compile(drawn) if drawn is not None else self.forms.get(element.form or element.id)


def prepare(files: Mapping[str, bytes]) -> Ground:
    """Make the files of a bundle ready to be run; what only the soundness rules refuse is run as drawn."""
    return _prepared(tuple(sorted((name, content) for name, content in files.items() if _runs(name))))


def _runs(name: str) -> bool:
    return name.endswith((".bpmn", ".dmn", _FORM))


@lru_cache(maxsize=16)
def _prepared(files: tuple[tuple[str, bytes], ...]) -> Ground:
    known = dict(files)
    report = lint.check(known)
    refused = [one for one in report.findings if one.level == "refused" and one.rule not in lint.SOUNDNESS]
    if refused or not report.processes:
        return Ground(None, {}, (), tuple(refused))
    compiled = {
        name.rpartition("/")[2].removesuffix(_FORM): forms.compile(content)
        for name, content in files
        if name.endswith(_FORM)
    }
    return Ground(Bundle(known), compiled, report.processes)
