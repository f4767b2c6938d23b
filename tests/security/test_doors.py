"""What stands on every answer, where one can be led, and that what has ended opens nothing."""

from collections.abc import Callable
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import organizations, tasks, users
from engine.calendar import local_day
from engine.jobs import committing
from engine.mail import compose
from engine.notifications import Letter
from models.database import Database
from models.organizations import Holder, Organization, Post
from models.permissions import SYSTEM
from models.tasks import Task
from models.users import Person as Account
from models.users import WebSession
from tests.security.asking import COOKIE, Question, ask
from tests.security.frozen import frozen
from tests.security.matrix import Cell
from tests.security.scene import SECRET, Person, Stage
from tests.webapp.browser import Browser
from tests.webapp.conftest import KEY
from tests.world import NOW
from webapp import create_app
from webapp.auth import local_path
from webapp.config import Settings

pytestmark = pytest.mark.once

# trust.md §3.3, word for word.
PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
FILE = "default-src 'none'; sandbox"
# The libraries of the editors place what they draw by attributes.
EDITOR = f"{PAGE}; style-src-attr 'unsafe-inline'"
EDITORS = {"designs.show", "designs.edit_form", "designs.edit_decision"}
GIVEN_OUT = {
    "attachments.download",
    "audit.case_report",
    "definitions.diagram",
    "definitions.file",
    "definitions.regulation_file",
    "designs.file",
    "designs.regulation_file",
}
MAY_BE_KEPT = {"assets.serve", "definitions.diagram"}


def directives(policy: str) -> set[str]:
    return {" ".join(one.split()) for one in policy.split(";")}


def test_every_answer_has_the_agreed_content_policy(answers: list[Cell]) -> None:
    for cell in answers:
        asked, found = cell.question.endpoint, cell.status == 200
        wanted = FILE if found and asked in GIVEN_OUT else EDITOR if found and asked in EDITORS else PAGE
        given = directives(cell.headers["Content-Security-Policy"])
        assert given == directives(wanted), (cell.question.name, cell.asker)


def test_every_answer_is_dressed(answers: list[Cell]) -> None:
    for cell in answers:
        where, headers = (cell.question.name, cell.asker, cell.status), cell.headers
        assert headers["X-Content-Type-Options"] == "nosniff", where
        assert headers["Referrer-Policy"] == "same-origin", where
        assert headers["X-Frame-Options"] == "DENY", where
        assert not [name for name, _ in headers if name.startswith("Access-Control-")], where
        assert "Server" not in headers and "X-Powered-By" not in headers, where
        if cell.question.endpoint not in MAY_BE_KEPT or cell.status != 200:
            assert headers["Cache-Control"] == "no-store", where
        if cell.kind.startswith("text/html"):
            assert cell.kind == "text/html; charset=utf-8", where


def test_every_cookie_is_closed_to_scripts_and_other_sites(answers: list[Cell]) -> None:
    for cell in answers:
        for said in cell.headers.getlist("Set-Cookie"):
            morsel = next(iter(SimpleCookie(said).values()))
            assert morsel["httponly"] and morsel["samesite"] == "Lax" and morsel["path"] == "/", cell.question.name
            assert not morsel["domain"], cell.question.name


def test_a_missing_header_would_be_seen(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.headers.POLICY", PAGE.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'"))
    answer = stage.app.test_client().get("/sign-in")
    assert directives(answer.headers["Content-Security-Policy"]) != directives(PAGE)


@pytest.fixture
def public(stage: Stage) -> Callable[[int], Browser]:
    """An installation for more than the own machine, behind as many proxies as said."""

    def made(proxies: int) -> Browser:
        settings = Settings(home=stage.home, secret_key=KEY, secure=True, proxies=proxies, testing=True)
        return Browser(create_app(settings, database=stage.database, clock=stage.clock))

    return made


def test_plain_http_is_for_the_own_machine_alone(public: Callable[[int], Browser]) -> None:
    client = public(0).client
    assert client.get("/sign-in", base_url="http://lienthong.example").status_code == 403
    assert client.get("/api/v1/tasks", base_url="http://lienthong.example").status_code == 403
    assert client.get("/sign-in", base_url="https://lienthong.example").status_code == 200


def test_what_a_proxy_says_counts_only_if_there_is_one(public: Callable[[int], Browser]) -> None:
    said = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "elsewhere.example", "X-Forwarded-For": "10.0.0.1"}
    alone, behind = public(0).client, public(1).client
    assert alone.get("/sign-in", base_url="http://lienthong.example", headers=said).status_code == 403
    assert behind.get("/sign-in", base_url="http://lienthong.example", headers=said).status_code == 200


ELSEWHERE = [
    "//elsewhere.example", "///elsewhere.example", "https://elsewhere.example", "http:elsewhere.example",
    "https:/elsewhere.example", "/\\elsewhere.example", "\\\\elsewhere.example", "/\t/elsewhere.example",
    "/\r\n//elsewhere.example", "\x00//elsewhere.example", " //elsewhere.example", "javascript:alert(1)",
    "JaVaScRiPt:alert(1)", "data:text/html,x", "//elsewhere.example/%2f..", "/x\r\nSet-Cookie: a=b", "tasks", "?x",
    "@elsewhere.example", "", "/" + "x" * 3000, "//user@lienthong.example@elsewhere.example", "/\\/elsewhere.example",
]  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_led_to_another_host(stage: Stage, target: str) -> None:
    assert local_path(target) is None
    with frozen(stage.database):
        for path, more in (
            ("/language", {"language": "vi"}),
            ("/post", {"post": stage.scene.bodies["post of the lead"]}),
        ):
            said = {"data": {"next": target, **more}}
            answer = ask(stage.app, Question("", "POST", path, "", path, said), stage.people["lead"])
            assert (answer.status_code, answer.headers.get("Location", "/tasks")) in ((303, "/tasks"), (400, "/tasks"))


def test_ones_own_pages_can_be_gone_on_to() -> None:
    for target in ("/tasks", "/tasks?view=mine", "/orders/x#files", "/orders?q=a%2Fb"):
        assert local_path(target) == target


def test_no_title_smuggles_a_header_into_a_letter() -> None:
    nasty = "Việc\r\nBcc: thief@elsewhere.example\n\nX: y\x00\u2028z"
    message = compose(Letter("id", "a@b.example\r\nCc: c@d.example", nasty, "Nội dung"), sender="x@y.example")
    assert set(message.keys()).isdisjoint({"Bcc", "Cc", "X"})
    assert len(message.as_bytes().split(b"\r\n\r\n")[0].split(b"Subject:")) == 2


def bearer(stage: Stage, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return stage.app.test_client().get("/api/v1/tasks", headers=headers).status_code


def test_tokens_end_by_time_by_hand_and_with_their_person(broken_in: Callable[[], Stage]) -> None:
    stage = broken_in()
    token = stage.people["lead"].bearer
    assert [bearer(stage, one) for one in (token, token + "x", token[:-1], "", "null", "é")] == [200] + [401] * 5
    stage.clock.at += timedelta(days=301)
    assert bearer(stage, token) == 401
    stage.clock.at -= timedelta(days=301)
    key = stage.scene.keys["token"]["lead's"]
    revoke = f"/tokens/{key}/revocation"
    assert ask(stage.app, Question("", "POST", revoke, "", revoke), stage.people["lead"]).status_code == 303
    assert bearer(stage, token) == 401
    with committing(stage.database, stage.clock) as session:
        coordinator = session.get_one(Account, stage.scene.keys["person"]["coord"])
        users.disable(session, coordinator, actor=SYSTEM, reason="nghỉ việc")
    assert bearer(stage, stage.people["coord"].bearer) == 401
    assert open_inbox(stage, stage.people["coord"]).startswith("/sign-in")


def open_inbox(stage: Stage, who: Person) -> str:
    return ask(stage.app, Question("", "GET", "/tasks", "", "/tasks"), who).headers.get("Location", "")


def test_what_is_in_the_database_opens_nothing(stage: Stage) -> None:
    with stage.database.read() as session:
        hashes = session.scalars(select(WebSession.token_hash)).all()
    assert {bearer(stage, one) for one in hashes} == {401}


def move(database: Database, session: Session, person: str, *, to: str) -> None:
    """Let a person leave its post for one in another body."""
    held = session.scalars(select(Holder).where(Holder.person_id == person)).one()
    organizations.end(session, held, actor=SYSTEM, reason="chuyển công tác")
    body = session.get_one(Organization, to)
    post = organizations.add_post(session, body, actor=SYSTEM, name="Cán bộ mới", roles=("lead",))
    session.flush()
    organizations.add_holder(session, session.get_one(Account, person), post, actor=SYSTEM)


def claim(stage: Stage, role: str, task: str) -> None:
    with committing(stage.database, stage.clock) as session:
        person = session.get_one(Account, stage.scene.keys["person"][role])
        actor = organizations.actor_for(session, person.id, person.last_post_id or "")
        tasks.claim(session, session.get_one(Task, task), actor=actor)


def test_who_moves_to_another_body_takes_nothing_along(broken_in: Callable[[], Stage]) -> None:
    stage = broken_in()
    theirs, person = stage.scene.keys["task"]["theirs"], stage.scene.keys["person"]["foreign"]
    claim(stage, "foreign", theirs)
    with committing(stage.database, stage.clock) as session:
        move(stage.database, session, person, to=stage.scene.bodies["farmers"])
    foreign = stage.people["foreign"]
    inbox = ask(stage.app, Question("", "GET", "/tasks", "", "/tasks?view=mine&posts=all"), foreign)
    words = (stage.scene.secret | {"Sao Biển"}) - {SECRET}  # its own list, which it may keep, has that name
    assert inbox.status_code == 200 and not [word for word in words if word in inbox.text]
    for path in (f"/tasks/{theirs}", f"/orders/{stage.scene.keys['order']['theirs']}"):
        assert ask(stage.app, Question("", "GET", path, "", path), foreign).status_code == 404
    for verb in ("completion", "release", "draft", "transfer", "comments"):
        path = f"/tasks/{theirs}/{verb}"
        assert ask(stage.app, Question("", "POST", path, "", path), foreign).status_code == 404, verb


def test_work_held_as_one_post_is_not_done_as_another(broken_in: Callable[[], Stage]) -> None:
    stage = broken_in()
    task, person = stage.scene.keys["task"]["lead's"], stage.scene.keys["person"]["lead"]
    claim(stage, "lead", task)
    with committing(stage.database, stage.clock) as session:
        body = session.get_one(Organization, stage.scene.bodies["farmers"])
        other = organizations.add_post(session, body, actor=SYSTEM, name="Ủy viên", roles=("lead",))
        session.flush()
        organizations.add_holder(session, session.get_one(Account, person), other, actor=SYSTEM)
        row = session.scalars(select(WebSession).where(WebSession.person_id == person)).one()
        users.choose_post(session, row, post_id=other.id, actor=organizations.actor_for(session, person, other.id))
    shown = ask(stage.app, Question("", "GET", "", "", f"/tasks/{task}"), stage.people["lead"])
    assert (shown.status_code, shown.headers["Location"]) == (303, f"/post?next=/tasks/{task}")
    path = f"/tasks/{task}/completion"
    assert ask(stage.app, Question("", "POST", path, "", path), stage.people["lead"]).status_code == 404


def test_nobody_lends_a_post_it_has_left(broken_in: Callable[[], Stage]) -> None:
    stage = broken_in()
    people = stage.scene.keys["person"]
    with committing(stage.database, stage.clock) as session:
        absent, by = session.get_one(Account, people["lead"]), session.get_one(Account, people["coord"])
        post = session.get_one(Post, absent.last_post_id)
        today = local_day(NOW)
        users.substitute(session, post, actor=SYSTEM, absent=absent, by=by, first=today, last=today + timedelta(days=9))
    stage.clock.at += timedelta(minutes=1)
    with committing(stage.database, stage.clock) as session:
        assert organizations.actor_for(session, by.id, post.id).on_behalf_of == absent.id
        held = session.scalars(select(Holder).where(Holder.person_id == absent.id)).one()
        organizations.end(session, held, actor=SYSTEM, reason="nghỉ việc")
        session.flush()
        with pytest.raises(organizations.NotAllowed):
            organizations.actor_for(session, by.id, post.id)


def test_a_session_cannot_be_planted(stage: Stage) -> None:
    browser = Browser(stage.app)
    browser.get("/sign-in")
    planted = browser.client.get_cookie(COOKIE)
    assert planted is not None
    thief = Person(planted.value)
    assert open_inbox(stage, thief).startswith("/sign-in")
    forged = Person(stage.people["lead"].cookie[:-2] + "xx")
    assert open_inbox(stage, forged).startswith("/sign-in")
