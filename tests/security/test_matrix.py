"""Who gets which answer at every address: the reviewed table, what was written, what was seen, and that it can fail."""

import re
from collections.abc import Callable
from difflib import unified_diff

import pytest
from sqlalchemy import func, select, true, update
from sqlalchemy.orm import Session

from models.audit import AuditEntry
from models.base import Base
from models.database import Database
from models.errors import NotAllowed
from models.orders import Order
from models.tasks import Task
from tests.security import matrix
from tests.security.asking import NOWHERE, Question, ask, questions
from tests.security.frozen import LOG, frozen
from tests.security.matrix import Cell, leaks
from tests.security.scene import NOBODY, Stage
from webapp.policies import POLICIES, require_declared
from webapp.tasks.blueprint import _one_of

pytestmark = pytest.mark.once

# A wrong password is counted although it is refused.
COUNTS_FAILURES = {"auth.open_session", "account.change_password"}


def table_of(cells: list[Cell]) -> matrix.Table:
    table: matrix.Table = {}
    for cell in cells:
        table[cell.question.name] = (*table.get(cell.question.name, ()), cell.status)
    return table


def test_every_answer_is_the_reviewed_one(answers: list[Cell]) -> None:
    found, expected = (matrix.write(table, "").splitlines() for table in (table_of(answers), matrix.read()))
    assert "\n".join(unified_diff(expected, found, "expected.txt", "answered", lineterm="", n=0)) == ""


def test_nothing_fails(answers: list[Cell]) -> None:
    assert [(cell.question.name, cell.asker) for cell in answers if cell.status >= 500] == []


def test_a_refusal_writes_nothing_but_the_log(answers: list[Cell]) -> None:
    refused = [cell for cell in answers if cell.status >= 400 and cell.question.endpoint not in COUNTS_FAILURES]
    assert [(cell.question.name, cell.asker, *cell.beside_the_log) for cell in refused if cell.beside_the_log] == []


def test_reading_writes_nothing(answers: list[Cell]) -> None:
    read = [cell for cell in answers if cell.question.method == "GET"]
    assert [(cell.question.name, cell.asker, *cell.beside_the_log) for cell in read if cell.beside_the_log] == []


def test_who_is_not_signed_in_writes_nothing_at_all(answers: list[Cell]) -> None:
    nobody = [c for c in answers if c.asker == NOBODY and (c.beside_the_log or c.recorded)]
    assert [cell.question.name for cell in nobody] == []


def test_every_refused_act_of_somebody_known_is_recorded(answers: list[Cell]) -> None:
    known = [cell for cell in answers if cell.asker != NOBODY and cell.question.method != "GET"]
    assert [(c.question.name, c.asker) for c in known if c.status in (403, 404) and not c.recorded] == []


def test_programs_without_a_right_get_problems_and_browsers_a_door(answers: list[Cell]) -> None:
    for cell in (
        cell for cell in answers if cell.asker == NOBODY and POLICIES[cell.question.endpoint].door != "public"
    ):
        if cell.question.is_for_programs or cell.question.is_for_scripts:
            assert (cell.status, cell.kind) == (401, "application/problem+json"), cell.question.name
        else:
            assert cell.status == 303 and "Location: /sign-in" in cell.text, cell.question.name


def test_nothing_invisible_stands_in_any_answer(stage: Stage, answers: list[Cell]) -> None:
    assert [leak for cell in answers for leak in leaks(stage, cell)] == []


def test_a_right_that_is_declared_is_asked_for(answers: list[Cell]) -> None:
    for endpoint in (name for name, policy in POLICIES.items() if policy.right is not None):
        about_ours = [c for c in answers if c.question.endpoint == endpoint and c.question.about != "theirs"]
        statuses = {cell.status for cell in about_ours}
        assert 403 in statuses, f"{endpoint} declares a right and refuses nobody"


def test_what_is_declared_without_a_right_is_open_to_all_who_see_it(answers: list[Cell]) -> None:
    free = {name for name, policy in POLICIES.items() if policy.right is None and policy.door in ("post", "token")}
    refused = [c for c in answers if c.question.endpoint in free and c.status == 403]
    assert [(cell.question.name, cell.asker) for cell in refused] == []


def test_the_invisible_is_answered_like_what_does_not_exist(stage: Stage) -> None:
    with frozen(stage.database):
        for question in (one for one in questions(stage.app, stage.scene) if one.about == "theirs"):
            nowhere = _elsewhere(question)
            there, gone = (ask(stage.app, one, stage.people["outside"]) for one in (question, nowhere))
            assert (there.status_code, gone.status_code) == (404, 404), question.name
            assert _bare(there.text, question) == _bare(gone.text, nowhere), question.name


def _elsewhere(question: Question) -> Question:
    path = question.path
    for key in question.echoed:
        path = path.replace(key, NOWHERE) if len(key) == len(NOWHERE) else path
    return Question(question.endpoint, question.method, question.rule, "nowhere", path, question.said)


def _bare(text: str, question: Question) -> str:
    text = re.sub(r"[0-9A-F]{4}-[0-9A-F]{4}", "REQUEST", text.replace(question.path, "PATH"))
    return re.sub(r'name="csrf_token" value="[^"]+"|name="idempotency_key" value="[^"]+"', "TOKEN", text)


def test_refused_acts_leave_the_database_as_it_was(broken_in: Callable[[], Stage]) -> None:
    stage = broken_in()
    before = digest(stage.database)
    tried = 0
    for question in questions(stage.app, stage.scene):
        if question.method == "GET" or POLICIES[question.endpoint].sees in (None, "organization", "definition"):
            continue
        for asker in ("outside", "foreign") if question.about != "theirs" else ("outside", "lead", "officer"):
            assert ask(stage.app, question, stage.people[asker]).status_code in (403, 404), (question.name, asker)
            tried += 1
    assert digest(stage.database) == before
    with stage.database.read() as session:
        refused = select(func.count()).where(AuditEntry.refused, AuditEntry.fact == "access:refused")
        assert (session.scalar(refused), tried > 200) == (tried, True)


def digest(database: Database) -> dict[str, int]:
    """Return one number for the content of each table, without the log."""
    with database.read() as session:
        return {
            table.name: hash(tuple(sorted(map(repr, session.execute(select(table))))))
            for table in Base.metadata.sorted_tables
            if table.name not in LOG
        }


# Sabotage: the matrix is worth something only if a filter taken away turns it red.


def _about(stage: Stage, endpoint: str, about: str) -> list[Question]:
    return [q for q in questions(stage.app, stage.scene) if q.endpoint == endpoint and q.about == about]


@pytest.mark.parametrize(
    ("model", "endpoint", "about"),
    [(Order, "orders.show", "theirs"), (Order, "api.list_orders", "-"), (Task, "tasks.show", "theirs"),
     (Task, "api.list_tasks", "-"), (Order, "attachments.download", "theirs")],
    ids=["order page", "order list", "task page", "task list", "file"],
)  # fmt: skip
def test_without_the_filter_the_matrix_is_red(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, model: type, endpoint: str, about: str
) -> None:
    asked = _about(stage, endpoint, about)
    healthy = list(matrix.cells(stage, iter(asked)))
    _one_of.cache_clear()
    monkeypatch.setattr(model, "visible_to", classmethod(lambda cls, actor: select(cls)))
    if model is Order:
        monkeypatch.setattr(model, "is_visible_to", classmethod(lambda cls, actor: true()))
    sick = list(matrix.cells(stage, iter(asked)))
    _one_of.cache_clear()
    assert not any(leaks(stage, cell) for cell in healthy)
    assert table_of(sick) != table_of(healthy) or any(leaks(stage, cell) for cell in sick)


def test_without_the_right_the_matrix_is_red(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _about(stage, "tasks.claim", "lead's")
    monkeypatch.setattr("engine.tasks.standing.may", lambda *what: True)
    assert table_of(list(matrix.cells(stage, iter(asked)))).items() - matrix.read().items()


def test_an_act_that_is_done_before_it_is_refused_is_seen(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(session: Session, *what: object, **more: object) -> None:
        session.execute(update(Task).values(title="x"))
        session.commit()
        raise NotAllowed("may_not_claim")

    monkeypatch.setattr("engine.tasks.claim", careless)
    refused = list(matrix.cells(stage, iter(_about(stage, "tasks.claim", "lead's"))))
    assert any(cell.beside_the_log == {"tasks"} for cell in refused if cell.status == 403)


def test_an_endpoint_without_a_policy_stops_the_application(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(POLICIES, "orders.show")
    with pytest.raises(RuntimeError, match=r"orders\.show"):
        require_declared(stage.app)
