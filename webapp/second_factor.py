"""The second factor, numbers that an application on the telephone shows: asked for, set up and removed."""

from typing import Any

import segno
from flask import Blueprint, flash, g, make_response, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import users
from engine.users import NotSignedIn, second_factors
from models.errors import Invalid, Rejected, WrongState
from models.users import Person, SecondFactor
from webapp.auth import ENTERING, Entry, ask_for_code, enter, oneself, proof_of, signed_in
from webapp.idempotency import see
from webapp.runtime import runtime
from webapp.sealing import seal, unseal
from webapp.text import say
from webapp.text.refusals import field_messages, refusal
from webapp.transaction import reading, transaction

blueprint = Blueprint("second_factor", __name__)
SETTING_UP, KEPT = "second factor: setting up", "second factor"
TO_TYPE, TO_SET_UP = 5, 30  # minutes


def _key_of(row: SecondFactor) -> bytes:
    """Return the key of a person's numbers; Rejected when it was sealed by a key the installation has no more."""
    said = unseal(KEPT, row.sealed_key)
    if said is None or said["person"] != row.person_id:
        raise Rejected("second_factor_lost")
    return bytes.fromhex(said["key"])


@blueprint.post("/sign-in/code")
def confirm() -> Response:
    """Go on with signing in: the password was right, now the number on the telephone has to be."""
    ticket = request.form.get("ticket", "")
    said = unseal(ENTERING, ticket, minutes=TO_TYPE)
    if said is None:
        raise NotSignedIn("session_over")
    login, proof = said.pop("login"), said.pop("proof")
    try:
        with reading() as session:
            known = users.credentials(session, login, address=request.remote_addr or "")
            step = _step(session, known.person_id, request.form.get("code", ""))
        if step is None:
            with transaction(once=False) as session:
                users.record_failure(session, known)
            raise NotSignedIn("wrong_code")
    except (NotSignedIn, users.TooManyAttempts) as refused:
        return ask_for_code(ticket, words=refusal(refused), status=422 if isinstance(refused, NotSignedIn) else 429)
    if proof_of(known) != proof:  # the password was changed meanwhile
        raise NotSignedIn("session_over")
    return enter(known, Entry(**said), step=step)


@blueprint.get("/account/second-factor")
def show() -> str:
    """Show since when numbers are asked for, or a new key as a drawing and as text."""
    with reading() as session:
        return _page(session, second_factors.new_key())


def _page(session: Session, key: bytes, **shown: Any) -> str:
    me = signed_in().person
    text = second_factors.text_of(key)
    return render_template(
        "account/second_factor.html", row=session.get(SecondFactor, me.id),
        drawn=Markup(segno.make(second_factors.address_of(key, me.login)).svg_inline(light="#fff", omitsize=True)),  # noqa: S704
        key=" ".join(text[at : at + 4] for at in range(0, len(text), 4)),
        owed="actor" in g and second_factors.is_owed(session, g.actor),
        sealed=seal(SETTING_UP, {"person": me.id, "key": key.hex()}), **{"errors": {}, **shown},
    )  # fmt: skip


@blueprint.post("/account/second-factor")
def enrol() -> Response:
    """Keep the key once a number has shown that the telephone has it."""
    me = signed_in().person
    said = unseal(SETTING_UP, request.form.get("sealed", ""), minutes=TO_SET_UP)
    if said is None or said["person"] != me.id:
        flash(say("Trang đã mở quá lâu: xin quét lại mã mới."))
        return see(url_for("second_factor.show"))
    key = bytes.fromhex(said["key"])
    with reading() as session:
        step = second_factors.step_of(key, request.form.get("code", ""), at=runtime().clock.outside())
        if step is None:
            wrong = field_messages(Invalid({"code": "wrong_code"}))
            return make_response(_page(session, key, errors=wrong), 422)
    sealed_key = seal(KEPT, {"person": me.id, "key": key.hex()})
    with transaction(once=False) as session:
        person = session.get_one(Person, me.id)
        second_factors.enrol(session, person, actor=oneself(), sealed_key=sealed_key, step=step)
    flash(say("Đã bật xác thực hai bước. Từ lần đăng nhập sau, hệ thống hỏi thêm mã trên điện thoại."))
    return see(url_for("account.show"))


@blueprint.post("/account/second-factor/remove")
def remove() -> Response:
    """Ask for numbers no more; the last one proves who asks, and wrong ones count as at the door."""
    me = signed_in().person
    with reading() as session:
        known = users.credentials(session, me.login, address=request.remote_addr or "")
        if not known.has_second_factor:
            raise WrongState("not_enrolled")
        step = _step(session, me.id, request.form.get("code", ""))
    if step is None:
        with transaction(once=False) as session:
            users.record_failure(session, known)
        with reading() as session:
            wrong = field_messages(Invalid({"code": "wrong_code"}))
            return make_response(_page(session, second_factors.new_key(), errors=wrong), 422)
    with transaction(once=False) as session:
        second_factors.use(session, me.id, step)
        second_factors.remove(session, session.get_one(Person, me.id), actor=oneself())
    flash(say("Đã gỡ xác thực hai bước."))
    return see(url_for("second_factor.show"))


def _step(session: Session, person_id: str | None, code: str) -> int | None:
    """Return the step of a number that may be used now; None if it may not, or the person has no second factor."""
    row = session.get(SecondFactor, person_id) if person_id else None
    if row is None:
        return None
    return second_factors.step_of(_key_of(row), code, at=runtime().clock.outside(), after=row.last_step)
