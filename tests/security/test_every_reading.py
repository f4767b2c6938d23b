"""Every page and list answers on PostgreSQL, too; what each role is answered is asked of SQLite."""

from collections import defaultdict

import pytest

from tests.security.asking import ask, questions
from tests.security.frozen import frozen
from tests.security.scene import ROLES, Stage
from tests.world import ON_POSTGRES

ORDER = list(ROLES)
SEEN = {200, 302, 303, 503}


@pytest.mark.slow
@pytest.mark.skipif(not ON_POSTGRES, reason="the table of answers (test_matrix.py) asks all this and more")
def test_nothing_that_is_read_ends_in_a_fault_and_everything_is_seen_by_somebody(stage: Stage) -> None:
    answers: defaultdict[str, set[int]] = defaultdict(set)
    with frozen(stage.database):  # who is refused is written down, and the stage is for others too
        asked = [question for question in questions(stage.app, stage.scene) if question.method == "GET"]
        for number, question in enumerate(asked):
            # Each page begins with another role, and is asked until somebody has seen it.
            for role in ORDER[number % len(ORDER) :] + ORDER[: number % len(ORDER)]:
                answer = ask(stage.app, question, stage.people[role])
                status = answer.status_code
                answer.close()
                answers[question.endpoint].add(status)
                assert status < 500 or question.endpoint == "health.ready", f"{question.name} as {role}: {status}"
                if status in SEEN:
                    break
    assert len(answers) >= 50
    assert [endpoint for endpoint, seen in sorted(answers.items()) if not seen & SEEN] == []
