"""Who asks, as which post, in which language; signing in and out. The only user of flask-login."""

import hashlib
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, Flask, g, make_response, render_template, request, url_for
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from engine import passwords, users
from engine.organizations import actor_for, posts_of
from engine.users import Credentials, NotSignedIn, second_factors
from models.errors import NotAllowed
from models.organizations import Post
from models.permissions import Actor
from models.users import Person, WebSession
from webapp.idempotency import see
from webapp.pace import keep_pace
from webapp.policies import Door, door_of
from webapp.sealing import seal
from webapp.text import LANGUAGES
from webapp.text.refusals import Words, refusal
from webapp.transaction import reading, transaction

blueprint = Blueprint("auth", __name__)
manager = LoginManager()
# Where somebody may go whose password somebody else knows.
WITH_A_TEMPORARY_PASSWORD = ("account.show", "account.change_password", "auth.sign_out", "auth.set_language")
# Where somebody may go who owes a second factor.
WITHOUT_A_SECOND_FACTOR = (*WITH_A_TEMPORARY_PASSWORD, "second_factor.show", "second_factor.enrol",
                           "posts.choose", "posts.set_post")  # fmt: skip
ENTERING = "signing in"


@dataclass
class SignedIn(UserMixin):  # type: ignore[misc]
    """Who is behind a request: the row of the session, the person, and the posts the person may act as."""

    token: str
    row: WebSession
    person: Person

    @cached_property
    def posts(self) -> list[Post]:
        """Return the posts the person may act as; pages list them, what only does something never asks."""
        with reading() as session:
            return posts_of(session, self.person.id)

    def get_id(self) -> str:
        return self.token

    @property
    def post(self) -> Post | None:
        """Return the chosen post, or the only one; None while the person has to choose."""
        chosen = next((post for post in self.posts if post.id == self.row.post_id), None)
        return chosen or (self.posts[0] if len(self.posts) == 1 else None)


def install(app: Flask) -> None:
    """Know who asks before every view; `webapp/policies.py` says at which door each stands."""
    manager.session_protection = None  # the session is a row of ours: it ends when we say so
    manager.init_app(app)
    app.before_request(check)
    app.context_processor(lambda: {"me": g.get("me"), "actor": g.get("actor")})


@manager.user_loader  # type: ignore[untyped-decorator]
def load(token: str) -> SignedIn | None:
    """Return who has the session of a token; None when it is over."""
    with reading() as session:
        try:
            row = users.session_of(session, token)
        except NotSignedIn:
            return None
        return SignedIn(token, row, row.person)


def check() -> Response | None:
    """Let in who may open the view; a question that is asked every few seconds finds out by itself who asks."""
    if request.blueprint in ("assets", "api", "health"):
        return None
    g.language = cookie.get("language", "vi")
    door = door_of(request.endpoint)
    return None if door == "silent" else identify(door)


def identify(door: Door) -> Response | None:
    """Find out who asks, as which post and in which language; send away who may not go on."""
    me = current_user._get_current_object()
    if not isinstance(me, SignedIn):
        if door != "public":
            raise NotSignedIn("session_over")
        return None
    keep_pace(me.person.id)
    g.me = me
    g.language = cookie.get("language") or me.person.locale
    _keep_alive(me)
    if me.person.password_temporary and request.endpoint not in WITH_A_TEMPORARY_PASSWORD:
        return see(url_for("account.show"))
    actor = _actor(me)
    if actor is not None:
        g.actor = actor
        with reading() as session:
            if request.endpoint not in WITHOUT_A_SECOND_FACTOR and second_factors.is_owed(session, actor):
                return see(url_for("second_factor.show"))
    elif door == "post":
        return see(url_for("posts.choose", next=request.full_path.rstrip("?") if request.method == "GET" else None))
    return None


def _actor(me: SignedIn) -> Actor | None:
    """Return the person acting as the post chosen last, or as its only one; None where it has to choose."""
    with reading() as session:
        acting_as = partial(actor_for, session, me.person.id, request_id=g.request_id, locale=g.language)
        if me.row.post_id is not None:
            with suppress(NotAllowed):  # it was given up, or lent for a time that is over
                return acting_as(me.row.post_id)
        return acting_as(me.post.id) if me.post is not None else None


def _keep_alive(me: SignedIn) -> None:
    with reading() as session:
        at = session.info["now"]
    if users.is_stale(me.row, at) and not request.headers.get("HX-Request"):
        with transaction(once=False) as session:
            users.seen(session, me.row.id)


def signed_in() -> SignedIn:
    """Return who asks."""
    return cast(SignedIn, g.me)


def current_actor() -> Actor:
    """Return the person acting as its post."""
    return cast(Actor, g.actor)


def oneself() -> Actor:
    """Return the person as itself: for what it does to its own account, before or beside any post."""
    return cast(Actor, g.get("actor")) or Actor(signed_in().person.id, None, None, request_id=g.request_id)


def forget() -> None:
    """Forget the session of this browser and everything it kept, but the language."""
    language = cookie.get("language")
    logout_user()
    cookie.clear()
    if language:
        cookie["language"] = language


def local_path(target: str | None) -> str | None:
    """Return a target to go on to if it is a path of ours; nothing that leads to another host."""
    if not target or not target.startswith("/") or target[:2] in ("//", "/\\") or len(target) > 2000:
        return None
    if any(ord(character) < 32 or character == "\\" for character in target):
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None


@blueprint.get("/")
def home() -> Response:
    """Lead to the door, which leads on whoever is inside already."""
    return see(url_for("auth.sign_in"))


@blueprint.get("/sign-in")
def sign_in() -> Response:
    """Show the door; who is inside already goes on."""
    if g.get("me"):
        return see(local_path(request.args.get("next")) or url_for("tasks.index"))
    return make_response(render_template("auth/sign_in.html", next=local_path(request.args.get("next"))))


@blueprint.post("/sign-in")
def open_session() -> Response:
    """Check the password outside any transaction, then open a session with a new id."""
    login, password = request.form.get("login", ""), request.form.get("password", "")
    onward = local_path(request.form.get("next"))
    entry = Entry(trusted=bool(request.form.get("trusted")), onward=onward)
    try:
        known = _checked(login, password)
        stored = known.password_hash or ""
        entry.rehashed = passwords.hash_password(password) if passwords.is_outdated(stored) else None
        if known.has_second_factor:
            return ask_for_code(seal(ENTERING, {"login": known.login, "proof": proof_of(known), **asdict(entry)}))
        return enter(known, entry)
    except (NotSignedIn, users.TooManyAttempts) as refused:
        html = render_template("auth/sign_in.html", words=refusal(refused), login=login, next=onward)
        return make_response(html, 422 if isinstance(refused, NotSignedIn) else 429)


@dataclass
class Entry:
    """What is to happen once somebody is known: how long the browser is trusted, where to go on, a newer hash."""

    trusted: bool
    onward: str | None
    rehashed: str | None = None


def _checked(login: str, password: str) -> Credentials:
    with reading() as session:
        known = users.credentials(session, login, address=request.remote_addr or "")
    if not passwords.check_password(known.password_hash, password):
        with transaction(once=False) as session:
            users.record_failure(session, known)
        raise NotSignedIn("wrong_password")
    return known


def ask_for_code(ticket: str, *, words: Words | None = None, status: int = 200) -> Response:
    """Ask for the number on the telephone; what is known so far goes along sealed."""
    return make_response(render_template("auth/code.html", words=words, ticket=ticket), status)


def proof_of(known: Credentials) -> str:
    """Return what shows later that the password was checked, and is still the same."""
    return hashlib.sha256((known.password_hash or "").encode()).hexdigest()


def enter(known: Credentials, entry: Entry, *, step: int | None = None) -> Response:
    """Open the session of somebody whose password, and number where there is one, were right."""
    with transaction(once=False) as session:
        person = users.sign_in(session, known, rehashed=entry.rehashed, step=step)
        posts = posts_of(session, person.id)
        post_id = posts[0].id if len(posts) == 1 else None
        device = request.user_agent.string[:200]
        token = users.open_session(session, person, post_id=post_id, device=device, trusted=entry.trusted)
    posts = begin_session(token)
    cookie.permanent = entry.trusted
    if len(posts) > 1:
        return see(url_for("posts.choose", next=entry.onward))
    return see(entry.onward or url_for("tasks.index"))


def begin_session(token: str) -> list[Post]:
    """Put a new session into this browser, whatever was in it before; return the posts of its person."""
    forget()
    with reading() as session:
        row = users.session_of(session, token)
        me = SignedIn(token, row, row.person)
        login_user(me)
    return me.posts


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session really: its row is closed, the cookie is empty."""
    with transaction(once=False) as session:
        users.end_session(session, signed_in().row, actor=oneself())
    forget()
    return see(url_for("auth.sign_in"))


@blueprint.post("/language")
def set_language() -> Response:
    """Read in the other language from now on; who is signed in also gets its letters in it."""
    chosen = request.form.get("language", "vi")
    if chosen in LANGUAGES:
        cookie["language"] = chosen
        if "me" in g:
            with transaction(once=False) as session:
                users.choose_language(session, session.get_one(Person, g.me.person.id), chosen, actor=oneself())
    return see(local_path(request.form.get("next")) or url_for("tasks.index"))
