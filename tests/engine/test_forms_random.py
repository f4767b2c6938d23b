"""Whatever is sent to a form is cleaned or refused, and shown again."""

import json

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from models.errors import Invalid
from tests.engine.form_world import DECISION, FIGURES, REASON, RECORDS, context, form

INNER = ["decision", "reason", "figures", "records", "place", "env_people", "env_waste", "value", "qualifier"]

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(INNER), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["decision", "reason", "figures", "records", "nothing"]), JUNK))
def test_any_json_is_cleaned_or_refused_and_shown_but_never_crashes(answers):
    compiled = form(DECISION, REASON, FIGURES, RECORDS)
    errors = {}
    try:
        cleaned_form = compiled.clean(answers, context=context())
        json.dumps(cleaned_form.values, allow_nan=False)
    except Invalid as refused:
        errors = refused.fields
    assert len(compiled.fields(answers, errors, context=context())) == 4


NAMES = [
    "decision", "reason", "figures-env_waste", "figures-env_waste-as", "figures-env_people-q", "records-0", "do",
    "records-3-place", "records-0-figures-env_waste", "add-records", "remove-records-0", "records-0-", "figures-",
]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=8)), max_size=10))
def test_any_html_form_is_cleaned_or_refused_and_shown_but_never_crashes(pairs):
    compiled = form(DECISION, REASON, FIGURES, RECORDS)
    answers = MultiDict(pairs)
    errors = {}
    try:
        compiled.clean(answers, context=context())
    except Invalid as refused:
        errors = refused.fields
    assert all(problem.target for problem in compiled.fields(answers, errors, context=context()).problems)
    compiled.edit_rows(answers)
