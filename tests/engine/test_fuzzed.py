"""Whatever bytes come in, the checker answers with findings in words, and what it lets pass the simulator runs."""

from collections import Counter

import pytest

from engine import lint
from tests.engine import fuzzing


@pytest.mark.parametrize("part", range(4))
def test_changed_diagrams_get_findings_with_place_and_remedy_and_never_a_traceback(part: int) -> None:
    outcomes, wrong = fuzzing.run(part, 400, simulated=part == 0)
    assert wrong == []
    assert outcomes == Counter(right=400)


def test_the_fuzzer_sees_a_checker_that_falls_over(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("planted")

    monkeypatch.setattr(lint.rules, "check", broken)
    _, wrong = fuzzing.run(0, 40, simulated=False)
    assert any("check-failed" in one for one in wrong)
