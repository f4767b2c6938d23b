"""Who does a step, in the words of other tools: an assignee, candidate users, candidate groups, or the starter."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine.bpmn.dialects import translated
from engine.bpmn.model import MODEL
from engine.bpmn.vendors import ENGINES

# Roles a post can hold, as the routing knows them. Of a group that is called otherwise nobody knows who is in it.
ROLES: Final = frozenset(
    {
        "issuer_officer", "issuer_leader", "bloc_officer", "bloc_head", "lead", "coordinator", "member_org",
        "commune_org", "locality_focal", "locality_signer", "quarter_head", "evaluator", "recogniser", "supervisor",
        "supervision_team", "supervised_body", "speaker",
    }
)  # fmt: skip
_STARTER: Final = re.compile(r"[$#]\{\s*(\w+)\s*\}")
_MEMBERS: Final = re.compile(r"(user|group)\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Performers:
    """Those named in a diagram; an expression stays as it is drawn."""

    assignee: str | None = None
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    is_starter: bool = False

    @property
    def role(self) -> str | None:
        """Return the role of ours that a single named group is."""
        if self.assignee or self.users or len(self.groups) != 1:
            return None
        slug = re.sub(r"[\s\-]+", "_", self.groups[0].strip().lower())
        return slug if slug in ROLES else None

    @property
    def drawn(self) -> str:
        """Return what is drawn, in one line; empty where nothing is, or where ours does the same."""
        if self.is_starter or self.role:
            return ""
        named = (
            ("assignee", (self.assignee,) if self.assignee else ()),
            ("users", self.users),
            ("groups", self.groups),
        )
        return "; ".join(f"{what}: {', '.join(who)}" for what, who in named if who)


def performers(element: etree._Element, given: Mapping[str, str], dialect: str) -> Performers:
    """Return who does a step; `given` are the texts of its extensions by their local names."""
    assignee, users, groups = given.get("assignee"), given.get("candidateUsers"), given.get("candidateGroups")
    inputs = task_inputs(element) if dialect == "jbpm" else {}
    found = {"user": _several(users), "group": [*_several(groups), *_several(inputs.get("GroupId"))]}
    for kind in ("humanPerformer", "performer", "potentialOwner"):
        owners, names = _resources(element, kind)
        found["group"] += owners
        for text in names:
            if kind == "potentialOwner":
                _sort(text, found, "user" if dialect == "jbpm" else "group")
            else:
                assignee = assignee or text
    found["user"] += _several(inputs.get("ActorId"))
    if assignee is None and len(found["user"]) == 1 and not found["group"]:
        assignee = found["user"].pop()
    if assignee and _is_starter(assignee, element):
        return Performers(assignee, is_starter=True)
    return Performers(assignee, tuple(found["user"]), tuple(found["group"]))


def task_inputs(element: etree._Element) -> dict[str, str]:
    """Return the constants that jBPM gives a task through its data inputs, by their names."""
    names = {one.get("id"): one.get("name") or "" for one in element.iter(_tag("dataInput"))}
    found = {}
    for association in element.findall(_tag("dataInputAssociation")):
        name = names.get(_text(association.find(_tag("targetRef"))))
        value = _text(association.find(f"{_tag('assignment')}/{_tag('from')}"))
        if name and value:
            found[name] = value
    return found


def _resources(element: etree._Element, kind: str) -> tuple[list[str], list[str]]:
    """Return the resources of the diagram that the standard's own elements name, and their expressions."""
    drawn = element.findall(_tag(kind))
    if not drawn:
        return [], []
    root = element.getroottree().getroot()
    named = {one.get("id"): one.get("name") or one.get("id") or "" for one in root.findall(_tag("resource"))}
    resources, texts = [], []
    for resource in drawn:
        ref = _text(resource.find(_tag("resourceRef"))).rpartition(":")[2]
        resources.append(named.get(ref, ref))
        # bpmn-moddle writes <expression xsi:type="tFormalExpression"> for a <formalExpression>.
        texts += [_text(one) for one in resource.iterfind(f"{_tag('resourceAssignmentExpression')}/*")]
    return [one for one in resources if one], [one for one in texts if one]


def _sort(text: str, found: dict[str, list[str]], plain: str) -> None:
    """Share out `user(an), group(leaders), leaders`."""
    if "{" in text:
        found[plain].append(text)
        return
    for kind, names in _MEMBERS.findall(text):
        found[kind] += _several(names)
    found[plain] += _several(_MEMBERS.sub("", text))


def _several(text: str | None) -> list[str]:
    """Return the names of a list: literals with commas between, a FEEL list of literals, or one expression."""
    if not text:
        return []
    if text.startswith("="):
        return _literals(text) or [text]
    if "{" in text:
        return [text]
    return [part.strip() for part in text.split(",") if part.strip()]


def _literals(text: str) -> list[str]:
    ours = translated(text, "zeebe")
    try:
        value = ast.literal_eval(ours or "")
    except (ValueError, SyntaxError):
        return []
    names = value if isinstance(value, list) else [value]
    return names if all(isinstance(name, str) for name in names) else []


def _is_starter(assignee: str, element: etree._Element) -> bool:
    if assignee.upper() == "$INITIATOR":
        return True
    found = _STARTER.fullmatch(assignee)
    return found is not None and found.group(1) in {"initiator", *_initiators(element)}


def _initiators(element: etree._Element) -> Iterator[str]:
    """Yield the variables in which a diagram keeps who started it."""
    for start in element.getroottree().getroot().iter(_tag("startEvent")):
        for space in ENGINES:
            if name := start.get(f"{{{space}}}initiator"):
                yield name


def _tag(local: str) -> str:
    return f"{{{MODEL}}}{local}"


def _text(element: etree._Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""
