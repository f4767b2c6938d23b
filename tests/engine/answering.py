"""One field of a form, answered."""

from typing import Any

import pytest

from engine import forms
from models.errors import Invalid
from tests.engine.form_world import context


def problems_of(compiled: forms.Form, answers: Any, **facts: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        compiled.clean(answers, context=context(**facts))
    return refused.value.fields
