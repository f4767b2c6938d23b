"""The pages whose scripts edit the files of a design: the drawing, a form, a decision table."""

from collections.abc import Iterable
from typing import Any

from flask import render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import designs, forms
from engine.clock import ZONE, now
from engine.designs import outline
from models.designs import Design, DesignFile
from models.errors import existing
from models.permissions import Permission, may
from webapp.auth import current_actor
from webapp.designs.blueprint import blueprint, bytes_of, fetch, said
from webapp.headers import DESIGNER_POLICY
from webapp.text import language
from webapp.transaction import reading

EDITORS = ("designs.show", "designs.edit_form", "designs.edit_decision")


@blueprint.after_request
def let_drawings_be_styled(answer: Response) -> Response:
    """Let the editors' libraries set style attributes; scripts and style sheets stay ours alone."""
    if request.endpoint in EDITORS and answer.status_code == 200:
        answer.headers["Content-Security-Policy"] = DESIGNER_POLICY
    return answer


def edited(names: Iterable[str]) -> dict[str, Any]:
    """Sort the files of a design by the page that edits them; `drawn` is the drawing asked for, or the first."""
    names = list(names)
    drawings = [name for name in names if name.endswith(".bpmn")]
    wanted = request.args.get("file")
    return {
        "drawings": drawings,
        "drawn": wanted if wanted in drawings else next(iter(drawings), None),
        "forms": [name for name in names if name.endswith(".form.json")],
        "tables": [name for name in names if name.endswith(".dmn")],
    }


@blueprint.get("/designs/<id>/forms/<path:name>")
def edit_form(id: str, name: str) -> str:
    """Show the editor of a form, how the server will show it, and which tasks use it."""
    with reading() as session:
        design = fetch(session, id)
        content = _content(session, design, name, ".form.json")
        used = [step for step in outline.steps_of(designs.files_of(session, id)) if step.form == _stem(name)]
        return render_template(
            "designs/form_editor.html",
            design=design,
            name=name,
            used=used,
            writable=_writable(design),
            **seen(session, content),
        )


@blueprint.get("/designs/<id>/decisions/<path:name>")
def edit_decision(id: str, name: str) -> str:
    """Show the editor of a decision table."""
    with reading() as session:
        design = fetch(session, id)
        _content(session, design, name, ".dmn")
        return render_template("designs/decision_editor.html", design=design, name=name, writable=_writable(design))


@blueprint.post("/designs/<id>/previews")
def preview(id: str) -> str:
    """Show a form as the server would, while it is edited; nothing is written."""
    with reading() as session:
        fetch(session, id)
        (content,) = bytes_of({"form": said(content=str)["content"]}).values()
        return render_template("designs/preview.html", **seen(session, content))


def seen(session: Session, content: bytes) -> dict[str, Any]:
    """Return what a form looks like when it is opened, or why it cannot be shown."""
    try:
        form = forms.compile(content)
    except forms.FormError as error:
        return {"fields": None, "problems": error.problems}
    context = forms.FormContext(today=now(session).astimezone(ZONE).date(), locale=language())
    return {"fields": form.fields(context=context), "problems": ()}


def _writable(design: Design) -> bool:
    return design.state == "draft" and may(current_actor(), Permission.DEFINITION_DEPLOY)


def _stem(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".form.json")


def _content(session: Session, design: Design, name: str, ending: str) -> bytes:
    found = existing(session.get(DesignFile, (design.id, name)) if name.endswith(ending) else None)
    return found.content
