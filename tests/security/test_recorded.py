"""No act without an entry: every address that changes something, every command and every job, in one transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from engine import instances, jobs, jobs_board, notifications
from engine.audit.notes import WITNESS, PublicKey, cosign
from models.audit import AuditEntry
from models.definitions import Definition
from models.instances import Instance
from models.notifications import Mail
from models.organizations import Post
from models.tasks import Task
from models.users import Person as Account
from tests.conftest import Stock
from tests.engine.diagrams import bundle, chain, end, process, start, user
from tests.engine.operating import THREE, begin
from tests.engine.queues import Queue
from tests.engine.test_jobs_board import fail
from tests.play import Story
from tests.security.asking import Question, Upload, ask
from tests.security.frozen import Written, watched
from tests.security.matrix import Cell
from tests.security.scene import ROLES, Stage
from tests.webapp.browser import Browser, soup
from tests.webapp.telephone import Telephone
from tests.webapp.trying import Trying
from tests.world import NOW, PASSWORD

pytestmark = pytest.mark.once

# What changes nothing that anybody answers for.
EXCUSED: Final = MappingProxyType(
    {
        "auth.set_language": "the language of one's own pages",
        "designs.check": "computes, stores nothing",
        "designs.fix": "computes, stores nothing",
        "designs.preview": "computes, stores nothing",
        "designs.go_on": "a trial stands in its address",
        "designs.try_element": "a trial stands in its address",
        "designs.lease": "one's own hold of two minutes; to take over that of another is an entry",
        "notifications.mark_read": "what one has read of one's own notices",
        "tasks.save_draft": "not sent, and seen by who types it alone; what is sent is an entry",
    }
)
FOUR = bundle(
    process(start(), *(user(name) for name in ("one", "two", "three", "four")), end(),
            chain("start", "one", "two", "three", "four", "end"))
)  # fmt: skip
WHY = {"reason": "Lý do"}
LAW = {"basis": "Luật 91/2025/QH15", **WHY}


def changing(app: Any) -> set[str]:
    """Name every address that may change something."""
    rules = app.url_map.iter_rules()
    return {rule.endpoint for rule in rules if (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}}


def done(cell: Cell) -> bool:
    return cell.status < 400 and cell.question.method != "GET"


def test_whatever_anybody_wrote_is_in_the_log_of_the_same_transaction(answers: list[Cell]) -> None:
    silent = [cell for cell in answers if done(cell) and cell.unrecorded and cell.question.endpoint not in EXCUSED]
    assert [(cell.question.name, cell.asker, sorted(cell.unrecorded)) for cell in silent] == []


def test_every_address_that_changes_something_leaves_an_entry(
    answers: list[Cell], broken_in: Callable[[], Stage], stock: Stock
) -> None:
    stage = broken_in()
    made = Queue(stage.database, stage.clock)
    made.start()
    made.stop(patience=5)
    seen = {cell.question.endpoint for cell in answers if done(cell) and cell.recorded}
    seen |= Acts(stage, Story(stage.database, stage.clock, stock.world)).all()  # type: ignore[arg-type]
    wanted = changing(stage.app)
    assert (sorted(wanted - seen - set(EXCUSED)), sorted(set(EXCUSED) - wanted)) == ([], [])


# What jobs make from what is there: sums, the marks of figures that are counted and of events that were compared,
# letters, words and roots of the log.
DERIVED = {"totals", "distincts", "figures", "event_records", "notices", "audit_words", "audit_nodes"}


def test_what_jobs_do_by_themselves_is_in_the_log_of_the_same_transaction(
    stock: Stock, broken_in: Callable[[], Stage]
) -> None:
    stage = broken_in()
    story = Story(stage.database, stage.clock, stock.world)  # type: ignore[arg-type]
    with watched(stage.database) as written:
        order = story.order()
        story.play(order, draft_order={"topic_code": "other"})
        story.fold()
        story.later(days=80)
    assert {"timers", "messages", "tasks", "figures"} <= written.tables
    assert sorted(written.unrecorded - DERIVED) == []


class Acts:
    """What the matrix has no happy request for, because something has to be done before."""

    def __init__(self, stage: Stage, story: Story) -> None:
        self.stage, self.story, self.seen = stage, story, set[str]()
        self.keys = stage.scene.keys

    def all(self) -> set[str]:
        for acts in (self.of_people, self.of_second_factors, self.of_tasks, self.of_returns, self.of_instances,
                     self.of_versions, self.of_designs, self.of_jobs, self.of_the_log):  # fmt: skip
            acts()
        return self.seen

    def do(self, endpoint: str, role: str, said: dict[str, Any] | None = None, **values: Any) -> Any:
        """Ask, and see that it was done, and recorded in the transaction that did it."""
        methods = next(rule.methods for rule in self.stage.app.url_map.iter_rules(endpoint)) or set()
        (method,) = methods - {"HEAD", "OPTIONS"}
        with self.stage.app.test_request_context():
            path = self.stage.app.url_map.bind("localhost").build(endpoint, values, method=method)
        sent = (
            {"json": said or {}}
            if endpoint.startswith("api.") and "files" not in (said or {})
            else {"data": said or {}}
        )
        with self.recorded(endpoint):
            answer = ask(self.stage.app, Question(endpoint, method, path, "-", path, sent), self.stage.people[role])
            assert answer.status_code < 400, (endpoint, answer.status_code, answer.text[-600:])
        return answer

    @contextmanager
    def recorded(self, endpoint: str) -> Iterator[Written]:
        with watched(self.stage.database) as written:
            yield written
        assert (written.is_recorded, written.unrecorded) == (True, set()), endpoint
        self.seen.add(endpoint)

    def row(self, column: Any, *conditions: Any) -> Any:
        with self.stage.database.read() as session:
            return session.scalars(select(column).where(*conditions).order_by(column.desc()).limit(1)).one()

    def task(self, element: str, login: str) -> str:
        with self.stage.database.read() as session:
            mine = Task.offered_to(self.story.actor(login)) | Task.held_by(self.story.actor(login))
            return (
                session.scalars(select(Task.id).where(Task.element == element, Task.state == "open", mine)).first()
                or ""
            )

    def of_people(self) -> None:
        new = "một mật khẩu khác hẳn"
        self.do("account.change_password", "sibling", {"present": PASSWORD, "password": new, "again": new})
        people, women, city = self.keys["person"], self.keys["organization"]["any"], self.stage.scene.bodies["city"]
        self.do("organizations.add_body", "admin", {"under": city, "place": city, "name": "Hội mới", "type": "phu_nu"})
        self.do("organizations.add_post", "admin", {"name": "Cán bộ mới", "role": "lead"}, id=women)
        seat = {"post": self.row(Post.id, Post.name == "Cán bộ mới"), "login": "nguoi.moi"}
        self.do("organizations.seat", "admin", {**seat, "name": "Người mới"}, id=women)
        person = {"person": self.row(Account.id, Account.login == "nguoi.moi")}
        self.do("organizations.reset_password", "admin", person, id=women)
        self.do("organizations.close_account", "admin", {**person, **WHY}, id=women)
        line = {"line": "front", "to": self.stage.scene.bodies["farmers"]}
        self.do("organizations.relate", "admin", line, id=women)
        self.do("organizations.end", "admin", {"kind": "post", "key": seat["post"], **WHY}, id=women)
        away = {"post": self.stage.scene.bodies["post of the lead"], "by": people["officer"]}
        self.do("substitutes.create", "lead", {**away, "valid_from": "20/12/2018", "valid_to": "21/12/2018"})
        with self.recorded("auth.open_session"):
            assert Browser(self.stage.app).sign_in("truong.khoi").status_code == 303
        with self.recorded("auth.sign_out"):
            browser = Browser(self.stage.app)
            browser.sign_in("truong.khoi")
            assert browser.post("/sign-out").status_code == 303

    def of_second_factors(self) -> None:
        page, login = "/account/second-factor", "truong.khoi"
        browser, telephone = self.enrol(login)
        with self.recorded("second_factor.confirm"):
            door = Browser(self.stage.app)
            asked = soup(door.sign_in(login))
            assert door.submit(asked, "/sign-in/code", code=self.number(telephone, later=0)).status_code == 303
        shown = browser.read(page)
        with self.recorded("second_factor.remove"):
            assert browser.submit(shown, f"{page}/remove", code=self.number(telephone, later=30)).status_code == 303
        self.enrol(login)
        person = {"person": self.row(Account.id, Account.login == login)}
        body = self.row(Post.organization_id, Post.id == self.story.actor(login).post_id)
        self.do("organizations.remove_second_factor", "admin", {**person, **WHY}, id=body)

    def enrol(self, login: str) -> tuple[Browser, Telephone]:
        browser, page = Browser(self.stage.app), "/account/second-factor"
        browser.sign_in(login)
        shown = browser.read(page)
        telephone = Telephone(shown)
        with self.recorded("second_factor.enrol"):
            assert browser.submit(shown, page, code=self.number(telephone, later=-30)).status_code == 303
        return browser, telephone

    def number(self, telephone: Telephone, *, later: int) -> str:
        """Read a number of a telephone whose clock goes wrong by so many seconds: one step is forgiven."""
        return telephone.number(self.stage.clock.now() + timedelta(seconds=later))

    def of_tasks(self) -> None:
        to = {"to": self.keys["person"]["leader"]}
        task = self.keys["task"]["issuer's"]
        self.do("tasks.claim", "officer", id=task)
        self.do("tasks.delegate", "officer", {**to, "note": "Nhờ giúp"}, id=task)
        self.do("tasks.take_back", "officer", id=task)
        self.do("api.delegate_task", "officer", {**to, "note": "Nhờ giúp"}, id=task)
        self.do("tasks.resolve", "leader", {"note": "Đã xem"}, id=task)
        self.do("tasks.release", "officer", id=task)
        self.do("api.claim_task", "officer", id=task)
        self.do("api.release_task", "officer", id=task)
        second = self.story.give_post("ubnd", "Chuyên viên", ("issuer_officer",), login="chuyen.vien")
        self.do("tasks.claim", "officer", id=task)
        self.do("tasks.transfer", "officer", {"to": second.person_id, **WHY}, id=task)
        kept = {"decision": "refuse", **WHY}
        self.do("tasks.complete", "bloc", {"do": "send", **kept}, id=self.keys["task"]["bloc's"])
        self.do("api.complete_task", "lead", {"answers": kept}, id=self.keys["task"]["lead's"])

    def of_returns(self) -> None:
        for endpoint in ("orders.watch", "orders.unwatch"):
            self.do(endpoint, "lead", id=self.keys["order"]["ours"])
        for endpoint, topic in (("tasks.return_", "civilized_roads"), ("api.return_task", "propaganda")):
            order = self.story.order()
            self.story.play(order, to="sign_order", draft_order={"topic_code": topic})
            task = self.row(Task.id, Task.order_id == order, Task.element == "sign_order", Task.state == "open")
            self.do(endpoint, "leader", {"remarks": "Ghi rõ địa bàn"}, id=task)

    def of_instances(self) -> None:
        self.do("incidents.retry", "admin", {"id": self.keys["incident"]["ours"], **WHY})
        for web, api in (("skip", "skip_step"), ("move", "move_token")):
            for endpoint in (f"instances.{web}", f"api.{api}"):
                id = begin(self.story, THREE)
                to = {"element": "three"} if web == "move" else {}
                self.do(endpoint, "admin", {"key": self.place(id), **to, **WHY}, id=id)
                if web == "move":
                    undo = "instances.undo" if endpoint.startswith("instances") else "api.undo_act"
                    entry = self.row(AuditEntry.seq, AuditEntry.fact == "token:moved", AuditEntry.instance_id == id)
                    self.do(undo, "admin", {"entry": entry, **WHY}, id=id)
        self.do("instances.suspend", "admin", WHY, id=id)
        self.do("instances.resume", "admin", WHY, id=id)
        self.do("api.suspend_instance", "admin", WHY, id=id)
        self.do("api.resume_instance", "admin", WHY, id=id)

    def place(self, id: str) -> str:
        with self.story.doing() as session:
            return instances.look(session, session.get_one(Instance, id))[0].key

    def of_versions(self) -> None:
        old, ward = self.row(Definition.id, Definition.process_id == "p"), self.story.world.ward
        for endpoint in (
            "definitions.suspend",
            "definitions.resume",
            "api.suspend_definition",
            "api.resume_definition",
        ):
            self.do(endpoint, "admin", WHY, id=old)
        self.do("definitions.deploy", "admin", {"files": [Upload(name, content) for name, content in FOUR.items()]})
        new = self.row(Definition.id, Definition.process_id == "p")
        assert new != old
        self.do("definitions.migrate", "admin", {"to": new, "do": "migrate", **WHY}, id=old)
        self.do("api.migrate_instances", "admin", {"to": old, "dry_run": False, **WHY}, id=new)
        self.do("definitions.activate", "admin", WHY, id=old)
        self.do("definitions.activate", "admin", {"areas": [ward], **WHY}, id=old)
        self.do("definitions.take_back", "admin", {"area": ward, **WHY}, id=old)
        self.do("api.deploy_definitions", "admin", {"files": [Upload(name, content) for name, content in FOUR.items()]})
        # What is deployed once more comes back into use, and that too is an entry.
        assert self.row(AuditEntry.subject_id, AuditEntry.fact == "definition:activated") == new

    def of_designs(self) -> None:
        id, order = self.keys["design"]["ours"], self.story.order()
        self.story.play(order, to="accept_order", draft_order={"topic_code": "new_rural"})
        self.story.answer("truong.khoi", "accept_order", order, decision="refuse", refusal_reason="khac", **WHY)
        ended = self.row(Instance.id, Instance.order_id == order, Instance.process_id == "bloc")
        self.do("designs.record_scenario", "designer", {"name": "Như đã làm", "instance": ended}, id=id)
        browser = Browser(self.stage.app)
        browser.sign_in(ROLES["designer"])
        trial = Trying(browser, f"/designs/{id}")
        trial.do("message", "order.placed")
        trial.do("complete", decision="refuse", refusal_reason="khac", reason="Không đủ người")
        with self.recorded("designs.keep_scenario"):
            assert trial.keep("Từ chối ngay").status_code == 303
        for endpoint, role, said in (
            ("submit", "designer", {"note": "Lời trình"}), ("withdraw", "designer", {}),
            ("submit", "designer", {"note": "Lời trình"}), ("return_", "admin", WHY),
            ("submit", "designer", {"note": "Lời trình"}), ("approve", "admin", {"note": "Duyệt"}),
        ):  # fmt: skip
            self.do(f"designs.{endpoint}", role, said, id=id)

    def of_jobs(self) -> None:
        with self.stage.app.app_context(), self.story.doing() as session:
            person = session.get_one(Account, self.keys["person"]["lead"])
            person.email = "phunu@vi-du.example"
            notifications.notify(session, "task:opened", person_id=person.id, title="Nhập kết quả")
            session.flush()
            notifications.write_mails(session)
            session.flush()
            letter = session.scalars(select(Mail).order_by(Mail.id.desc())).first()
            assert letter is not None
            notifications.record_failure(session, letter.id, "ConnectionRefusedError: đóng cửa")
        self.do("jobs.retry_letter", "admin", WHY, id=letter.id)
        for endpoint in ("jobs.retry", "api.retry_job"):
            self.do(endpoint, "admin", WHY, id=self.failed(endpoint))

    def failed(self, name: str) -> str:
        with self.story.doing() as session:
            jobs.enqueue(session, "nothing", name, {})
            fail(session, f"nothing:{name}")
        with self.story.doing() as session:
            return jobs_board.listed(session, state="failed")[0].id

    def of_the_log(self) -> None:
        note = self.stage.app.extensions["lienthong"].seal.put(self.stage.database, self.stage.clock, always=True)
        private = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
        key = PublicKey.of("mttq.example", WITNESS, private)
        signed = note.with_(cosign(note.text, key.name, private, at=NOW))
        self.do("api.cosign_checkpoint", "auditor", {"note": str(signed), "key": str(key)})
        self.do("audit.erase", "admin", {"about": self.keys["order"]["ours"], **LAW})
        self.do("api.erase_texts", "admin", {"about": self.keys["order"]["theirs"], **LAW})


@pytest.fixture(autouse=True)
def queue(request: pytest.FixtureRequest) -> Iterator[None]:
    """A job that does nothing; the job engine makes its tables where a test breaks the stage."""
    jobs.job("nothing")(lambda session, payload: None)
    yield
    del jobs.registry.registered["nothing"]
    for client in jobs.registry.clients.values():
        client.destroy()
    jobs.registry.clients.clear()
