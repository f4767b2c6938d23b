"""What operators do to one instance: each opens the transaction, fetches it, calls one command, shows it again."""

from flask import flash, request, url_for
from werkzeug.wrappers import Response

from engine import operations, suspensions, undoing
from models.errors import Invalid
from models.instances import Instance
from webapp.auth import current_actor
from webapp.idempotency import see
from webapp.instances import typed
from webapp.instances.blueprint import blueprint, fetch, given, require_operator
from webapp.instances.pages import again
from webapp.text import say
from webapp.transaction import transaction

STUCK = "Quy trình lại bị kẹt; xem lý do bên dưới."


def done(instance: Instance, words: str) -> Response:
    """Say what was done, or that the process got stuck by it, and show the instance."""
    flash(say(STUCK if instance.state == "incident" else words))
    return see(url_for("instances.show", id=instance.id))


@blueprint.post("/instances/<id>/suspension")
def suspend(id: str) -> Response:
    """Stop an instance until it is resumed."""
    try:
        with transaction() as session:
            return done(suspensions.suspend(session, fetch(session, id), **given()), "Đã tạm dừng quy trình.")
    except Invalid as wrong:
        return again(id, "suspension", wrong)


@blueprint.post("/instances/<id>/resumption")
def resume(id: str) -> Response:
    """Let a suspended instance go on."""
    try:
        with transaction() as session:
            return done(suspensions.resume(session, fetch(session, id), **given()), "Quy trình chạy tiếp.")
    except Invalid as wrong:
        return again(id, "resumption", wrong)


@blueprint.post("/instances/<id>/cancellation")
def cancel(id: str) -> Response:
    """End an instance for good."""
    try:
        with transaction() as session:
            return done(operations.cancel(session, fetch(session, id), **given()), "Đã hủy quy trình.")
    except Invalid as wrong:
        return again(id, "cancellation", wrong)


@blueprint.post("/instances/<id>/data")
def edit_data(id: str) -> Response:
    """Change routing data; what was left as it is stays."""
    try:
        with transaction() as session:
            instance = fetch(session, id)
            require_operator()
            changes = typed.read(request.form, operations.data_of(session, instance))
            edited = operations.edit_data(session, instance, changes=changes, **given())
            flash(say("Đã sửa dữ liệu; bản trước và sau nằm trong nhật ký."))
            return see(url_for("instances.show", id=edited.id))
    except Invalid as wrong:
        return again(id, "data", wrong)


@blueprint.post("/instances/<id>/skip")
def skip(id: str) -> Response:
    """Let something that waits pass without its work."""
    key = request.form.get("key", "")
    try:
        with transaction() as session:
            return done(operations.skip(session, fetch(session, id), key=key, **given()), "Đã bỏ qua bước.")
    except Invalid as wrong:
        return again(id, key, wrong)


@blueprint.post("/instances/<id>/move")
def move(id: str) -> Response:
    """Go on at another element."""
    key, element = request.form.get("key", ""), request.form.get("element", "")
    try:
        with transaction() as session:
            instance = fetch(session, id)
            moved = operations.move_token(session, instance, key=key, element=element, **given())
            return done(moved, "Đã chuyển quy trình sang bước khác.")
    except Invalid as wrong:
        return again(id, key, wrong)


@blueprint.post("/instances/<id>/undo")
def undo(id: str) -> Response:
    """Take an intervention back."""
    entry = request.form.get("entry", "")
    seq = int(entry) if entry.isdecimal() and len(entry) < 16 else 0
    try:
        with transaction() as session:
            instance = fetch(session, id)
            reason = request.form.get("reason", "").strip()
            undoing.undo(session, instance, seq=seq, actor=current_actor(), reason=reason)
            return done(instance, "Đã hoàn tác.")
    except Invalid as wrong:
        return again(id, f"undo-{entry}", wrong)
