"""What is wrong with what a program sent, field by field, as codes that `webapp.text` has sentences for."""

from itertools import takewhile
from types import MappingProxyType
from typing import Final

from pydantic import ValidationError

from models.errors import Invalid

# Kinds of errors of the library that checks the models -> what is said of the field.
_SAID: Final = MappingProxyType(
    {
        "missing": "missing",
        "extra_forbidden": "unknown_field",
        "string_type": "not_a_text",
        "string_too_short": "too_short",
        "string_too_long": "too_long",
        "string_pattern_mismatch": "wrong_form",
        "bool_type": "data_truth",
        "bool_parsing": "data_truth",
        "list_type": "not_a_list",
        "dict_type": "not_an_object",
        "model_type": "not_an_object",
        "literal_error": "unknown",
        "enum": "unknown",
    }
)
_KINDS: Final = {"int": "data_number", "float": "data_number", "finite": "data_number", "decimal": "data_number",
                 "date": "not_an_iso_day", "datetime": "not_an_instant", "timezone": "not_an_instant"}  # fmt: skip
_BOUNDS: Final = ("greater_than", "greater_than_equal", "less_than", "less_than_equal")


def refusal(wrong: ValidationError) -> Invalid:
    """Turn what a model found into our refusal, by field path."""
    errors = wrong.errors(include_url=False, include_context=False, include_input=False)
    fields: dict[str, str] = {}
    for error in errors:
        # Of what may be one of several kinds every kind complains, under a name of its own: the first is enough.
        fields.setdefault(_place(error["loc"]), _said(error["type"]))
    return Invalid(fields)


def _said(kind: str) -> str:
    if kind in _BOUNDS:
        return "out_of_range"
    return _SAID.get(kind) or _KINDS.get(kind.partition("_")[0], "not_accepted")


def _place(path: tuple[int | str, ...]) -> str:
    """Return the path as the program wrote it, without the kinds a value might have been."""
    return ".".join(str(part) for part in takewhile(_is_sent, path)) or "body"


def _is_sent(part: int | str) -> bool:
    return isinstance(part, int) or (part not in ("str", "bool", "int", "float") and not {"[", "-"} & {*part})
