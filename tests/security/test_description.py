"""The API keeps to its description for somebody with work to do and limits to meet, whatever a program sends."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation.modes import GenerationMode

from tests.security.frozen import frozen
from tests.security.scene import Stage

pytestmark = pytest.mark.once

EXAMPLES = 2  # of each operation, for each of the four


@pytest.mark.slow
@pytest.mark.parametrize("who", ["lead", "admin"])
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as described", "otherwise"])
def test_every_answer_to_a_program_is_described(stage: Stage, mode: GenerationMode, who: str) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", stage.app)
    headers = {"Authorization": f"Bearer {stage.people[who].bearer}"}
    with frozen(stage.database):
        for found in schema.get_all_operations():
            operation = found.ok()
            if operation.path == "/definitions" and operation.method.upper() == "POST":
                continue  # what is well-formed by the description is still no process

            @settings(
                max_examples=EXAMPLES, database=None, derandomize=True, phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            @given(operation.as_strategy(generation_mode=mode))
            def keeps_to_it(case: Any) -> None:
                case.call_and_validate(headers=headers)

            keeps_to_it()
