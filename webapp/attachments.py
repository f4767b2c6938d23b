"""Files of tasks: handing in, removing, and giving out so that a browser never runs them."""

from urllib.parse import quote

from flask import Blueprint, flash, request, send_file, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from engine import attachments
from engine.files import FileRefused, Stored
from models.errors import Invalid, existing
from webapp.auth import current_actor
from webapp.headers import FILE_POLICY
from webapp.idempotency import see
from webapp.runtime import runtime
from webapp.tasks import records
from webapp.tasks.blueprint import fetch
from webapp.text import say
from webapp.transaction import reading, transaction

blueprint = Blueprint("attachments", __name__)
Given = tuple[str, str, Stored]


def given_files() -> list[Given]:
    """Store what came with the request, before any transaction; Invalid names the field of a file that is refused."""
    stored: list[Given] = []
    for field, file in request.files.items(multi=True):
        if file.filename:
            stored.append((field[:100], file.filename, _stored(field, file)))
    return stored


def _stored(field: str, file: FileStorage) -> Stored:
    try:
        return runtime().files.put(file.stream, runtime().settings.upload_limit)  # type: ignore[arg-type]
    except FileRefused as refused:
        raise Invalid({field: refused.reason}, reason="file_refused", **refused.facts) from refused


@blueprint.post("/tasks/<id>/files")
def attach(id: str) -> Response:
    """Hand files in with a task."""
    stored = given_files()
    with transaction() as session:
        task = fetch(session, current_actor(), id)
        for _, name, file in stored:
            attachments.attach(session, task, actor=current_actor(), name=name, stored=file)
        flash(say("Đã đính kèm {n} tệp.", n=len(stored)) if stored else say("Chưa chọn tệp nào."))
        return see(url_for("tasks.show", id=id) + "#files")


@blueprint.post("/files/<id>/removal")
def remove(id: str) -> Response:
    """Take a file off an open task; its hash stays in the log."""
    with transaction() as session:
        attachment = existing(session.scalar(records.attachment_seen_by(current_actor(), id)))
        attachments.remove(session, attachment, actor=current_actor())
        flash(say("Đã gỡ tệp."))
        return see(url_for("tasks.show", id=attachment.task_id) + "#files")


@blueprint.get("/files/<id>")
def download(id: str) -> Response:
    """Give a file out as something to keep, never to run."""
    with reading() as session:
        attachment = existing(session.scalar(records.attachment_seen_by(current_actor(), id)))
    answer = send_file(
        runtime().files.open(attachment.sha256), mimetype=attachment.media_type, as_attachment=True,
        download_name="file", etag=False, max_age=None,
    )  # fmt: skip
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in attachment.name)
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(attachment.name, safe='')}"
    )
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    answer.headers["Cache-Control"] = "no-store"
    return answer
