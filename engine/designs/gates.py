"""The gate before a design comes into use: what it has to satisfy, and what is still in the way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine import lint, operators, scenarios, settings
from engine.bpmn.model import listed
from engine.clock import now
from engine.designs import outline
from engine.designs.files import files_of
from engine.levels import ABOVE
from engine.lint import Finding
from engine.routing import ANSWERS_FOR
from models.designs import Design
from models.organizations import Area, Holder, Organization, Post, PostRole
from models.permissions import HEAD

COVERAGE = "publishing.coverage"  # per cent of elements and flows that the scenarios of a bundle have to reach
_COVERAGE = "100"


@dataclass(frozen=True, slots=True)
class Gate:
    """What stands in the way of a design: what has to be mended, and how much of it its scenarios reach.

    `nobody` are steps (element, name, role, level) whose role nobody holds, at that level if any; `commands` are
    (element, name, command) that are not registered.
    """

    findings: tuple[Finding, ...]
    nobody: tuple[tuple[str, str, str, str], ...]
    commands: tuple[tuple[str, str, str], ...]
    scenarios: scenarios.Report
    wanted: int

    @property
    def is_open(self) -> bool:
        """Tell whether nothing has to be mended; whether enough was tried is another question."""
        return not (self.findings or self.nobody or self.commands) and self.scenarios.holds

    @property
    def covered(self) -> int:
        """How much of the diagram the scenarios reach, in per cent."""
        return int(self.scenarios.covered_share * 100) if self.scenarios.results else 0

    @property
    def is_tried(self) -> bool:
        """Tell whether the scenarios reach as much as is asked for; less needs a reason that is recorded."""
        return self.covered >= self.wanted


def wanted_coverage(session: Session) -> int:
    """Return how much of a diagram scenarios have to reach, in per cent."""
    return int(settings.get(session, COVERAGE, _COVERAGE))


def gate(session: Session, design: Design) -> Gate:
    """Look what stands in the way of a design; nothing is written."""
    files = files_of(session, design.id)
    findings, tried = _tried(tuple(sorted(files.items())))
    return Gate(findings, tuple(_nobody(session, files)), tuple(_commands(files)), tried, wanted_coverage(session))


# Kept: it can take seconds, and a door looks before it writes, so that nobody waits for the write lock meanwhile.
@lru_cache(maxsize=50)
def _tried(files: tuple[tuple[str, bytes], ...]) -> tuple[tuple[Finding, ...], scenarios.Report]:
    bundle = dict(files)
    found = lint.check(bundle).findings
    return tuple(one for one in found if one.level in ("refused", "draft")), scenarios.run_all(bundle)


def _nobody(session: Session, files: Mapping[str, bytes]) -> Iterator[tuple[str, str, str, str]]:
    held = {(role, level) for role, level in session.execute(_held(session))}
    anywhere = {role for role, _ in held}
    for step in outline.steps_of(files):
        if step.type != "userTask" or not step.role:
            continue
        level = step.node.ext.get("level", "")
        if level in ("", ABOVE):
            is_held = bool(anywhere & {step.role, *(() if level else ANSWERS_FOR.get(step.role, ()))})
        else:
            is_held = (step.role, level) in held
        if not is_held:
            yield step.id, step.name or step.id, step.role, level
        for kind in listed(step.node.ext.get("posts", "")):
            if kind not in (HEAD, *anywhere):
                yield step.id, step.name or step.id, kind, ""


def _held(session: Session) -> Select[str, str]:
    """Select the roles that somebody holds now, with the code of the level at which."""
    at = now(session)
    return (
        select(PostRole.role, Area.level_code)
        .join(Post, PostRole.post_id == Post.id)
        .join(Holder, Holder.post_id == Post.id)
        .join(Organization, Post.organization_id == Organization.id)
        .join(Area, Organization.area_id == Area.id)
        .where(Holder.valid_at(at), Post.valid_at(at))
        .distinct()
    )


def _commands(files: Mapping[str, bytes]) -> Iterator[tuple[str, str, str]]:
    known = operators.names()
    for process in outline.drawn(files):
        for node in process.nodes.values():
            if "operator" in node.ext and node.ext["operator"] not in known:
                yield node.id, node.name or node.id, node.ext["operator"]
