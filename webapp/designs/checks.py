"""Checking as one draws: findings on elements, the outline, the variables, and the remedies the server knows."""

from collections.abc import Mapping
from typing import Any

from flask import jsonify
from werkzeug.wrappers import Response

from engine import designs, levels, lint
from engine.designs import outline, remedies
from engine.lint import Finding
from engine.scenarios import TRIED_ALONE
from webapp.designs.blueprint import blueprint, bytes_of, fetch, said
from webapp.designs.choices import choices_of
from webapp.text import language
from webapp.text.assigning import addressed
from webapp.text.designs import fix_title, kind, trouble, who_does
from webapp.text.words import due_in_words, role
from webapp.transaction import reading


@blueprint.post("/designs/<id>/check")
def check(id: str) -> Response:
    """Check a design with what is not saved yet; nothing is written."""
    with reading() as session:
        files = _files(designs.files_of(session, fetch(session, id).id), said())
        named = levels.names(session)
    return jsonify(checked(files, named))


@blueprint.post("/designs/<id>/fixes")
def fix(id: str) -> Response:
    """Apply one remedy to a design with what is not saved yet, and return the file it changes; nothing is written."""
    with reading() as session:
        body = said(fix=dict)
        files = _files(designs.files_of(session, fetch(session, id).id), body)
    name, content = remedies.apply(files, body["fix"])
    return jsonify(name=name, content=content.decode())


@blueprint.get("/designs/<id>/choices")
def choices(id: str) -> Response:
    """Give the pickers of the editor what can be picked, with names in the reader's language."""
    with reading() as session:
        return jsonify(choices_of(session, designs.files_of(session, fetch(session, id).id)))


def _files(saved: Mapping[str, bytes], body: Mapping[str, Any]) -> dict[str, bytes]:
    return {**saved, **bytes_of(body.get("files", {}))}


def checked(files: Mapping[str, bytes], levels: Mapping[str, str]) -> dict[str, Any]:
    """Return what the checker says of files, their outline and their variables, in the reader's language.

    `levels` are the names of levels by code.
    """
    report = lint.check(files)
    return {
        "outcome": report.outcome,
        "processes": list(report.processes),
        "findings": [_finding(one, files) for one in report.findings],
        "outline": steps_in_words(files, levels),
        "variables": [_variable(one) for one in outline.variables_of(files)],
    }


def _finding(finding: Finding, files: Mapping[str, bytes]) -> dict[str, Any]:
    vietnamese = language() == "vi"
    mechanical = remedies.fix_for(finding, files)
    return {
        "level": finding.level,
        "rule": finding.rule,
        "element": finding.element,
        "name": finding.name,
        "line": finding.line,
        "file": finding.file,
        "message": finding.message_vi if vietnamese else finding.message_en,
        "remedy": finding.remedy_vi if vietnamese else finding.remedy_en,
        "fix": mechanical and {**mechanical, "title": fix_title(mechanical["kind"])},
    }


def steps_in_words(files: Mapping[str, bytes], levels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the outline of files in the reader's language; nothing is checked for it.

    `levels` are the names of levels by code.
    """
    return [_step(one, levels) for one in outline.steps_of(files)]


def _step(step: outline.Step, levels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": step.id,
        "type": step.type,
        "kind": kind(step.type),
        "name": step.name,
        "file": step.file,
        "process": step.process,
        "parent": step.parent,
        "role": step.role,
        "who": role(step.role) if step.role else who_does(step.type),
        "addressed": addressed(step.node.ext, levels),
        "working_days": step.working_days,
        "due": due_in_words(step.working_days, step.due),
        "form": step.form,
        "documentation": step.documentation,
        "tried": step.type in TRIED_ALONE,
        "next": [{"flow": flow, "element": target, "name": name} for flow, target, name in step.next],
    }


def _variable(variable: outline.Variable) -> dict[str, Any]:
    return {
        "name": variable.name,
        "process": variable.process,
        "written_by": list(variable.written_by),
        "read_by": list(variable.read_by),
        "trouble": variable.trouble,
        "message": trouble(variable.trouble),
    }
