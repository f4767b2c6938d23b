"""No search, count, list, feed or hint tells anything of an order one may not see."""

import pytest

from tests.security import matrix
from tests.security.asking import Question, ask
from tests.security.frozen import frozen
from tests.security.scene import Stage

# What somebody could ask who has got hold of keys and words of the other city's order.
PROBES = (
    "/tasks?q=sao+bien", "/tasks?view=given&organization={women2}", "/tasks?order={order}", "/tasks?after={task}",
    "/tasks?view=watched&order={order}", "/tasks?view=done&q=sao", "/tasks?view=mine&posts=all&q=sao",
    "/tasks/next?order={order}", "/tasks/transfers/new?id={task}", "/tasks/news?order={order}",
    "/orders?state=all&q=sao+bien", "/orders?state=all&q=%C4%90H-2018", "/orders?state=all&after=ffff",
    "/figures", "/organizations?q=ha+long", "/organizations/{women2}", "/organizations/{bloc2}",
    "/instances?process=lead", "/instances?process=order&state=running", "/definitions", "/notifications", "/outbox",
    "/audit?subject={order}", "/audit?subject={task}", "/audit?subject={instance}", "/audit?subject={figure}",
    "/audit?subject={share}", "/audit?subject={file}", "/account", "/post", "/tokens",
    "/api/v1/tasks?q=sao+bien", "/api/v1/tasks?order={order}", "/api/v1/tasks?cursor={task}",
    "/api/v1/orders?q=sao+bien", "/api/v1/orders?cursor=ffffffffffffffffffffffffffffffff",
    "/api/v1/instances?order={order}", "/api/v1/figures?order={order}", "/api/v1/figures?indicator=green_turns",
    "/api/v1/audit?subject={order}", "/api/v1/audit?subject={figure}", "/api/v1/organizations?q=ha+long",
)  # fmt: skip
BLIND = ("officer", "lead", "commune", "outside", "designer")


def probes(stage: Stage) -> list[Question]:
    keys = {noun: found["theirs"] for noun, found in stage.scene.keys.items() if "theirs" in found}
    said = keys | dict(stage.scene.bodies)
    return [
        Question(path, "GET", path, "theirs", path.format_map(said), {}, frozenset(keys.values())) for path in PROBES
    ]


def test_nothing_of_the_other_city_is_found(stage: Stage) -> None:
    cells = list(matrix.cells(stage, probes(stage), BLIND))
    assert [leak for cell in cells for leak in matrix.leaks(stage, cell)] == []
    assert [(cell.question.path, cell.status) for cell in cells if cell.status >= 500] == []


def test_the_same_questions_find_it_for_who_works_on_it(stage: Stage) -> None:
    told = matrix.cells(stage, probes(stage), ["foreign"])
    found = {cell.question.rule for cell in told if any(word in cell.text for word in stage.scene.secret)}
    assert {"/tasks?q=sao+bien", "/orders?state=all&q=sao+bien", "/notifications", "/api/v1/tasks?q=sao+bien",
            "/api/v1/orders?q=sao+bien", "/organizations/{women2}"} <= found  # fmt: skip


@pytest.mark.parametrize("endpoint", ["/tasks/claims", "/tasks/transfers"])
def test_bulk_acts_pass_the_invisible_by(stage: Stage, endpoint: str) -> None:
    theirs, lead = stage.scene.keys["task"]["theirs"], stage.scene.keys["person"]["lead"]
    said = {"data": {"id": theirs, "to": lead, "reason": "Lý do"}}
    with frozen(stage.database) as written:
        answer = ask(stage.app, Question(endpoint, "POST", endpoint, "theirs", endpoint, said), stage.people["lead"])
        assert (answer.status_code, "tasks" in written.tables) == (303, False)


def test_bulk_acts_record_what_was_refused(stage: Stage) -> None:
    said = {"data": {"id": stage.scene.keys["task"]["coord's"]}}
    question = Question("tasks.claim_many", "POST", "/tasks/claims", "coord's", "/tasks/claims", said)
    with frozen(stage.database) as written:
        ask(stage.app, question, stage.people["lead"])
        assert ("tasks" in written.tables, written.is_recorded) == (False, True)
