"""What a form file may hold: the allow-lists of components, properties and keys, and the limits."""

import keyword
from typing import Final

MAX_BYTES: Final = 262_144
MAX_COMPONENTS: Final = 200
MAX_DEPTH: Final = 6
MAX_OPTIONS: Final = 200
MAX_ROWS: Final = 200
AMONG: Final = ("bloc_members", "below", "successors", "all")
UNLABELLED: Final = ("text", "separator", "group", "figures")
REMOTE: Final = ("valuesKey", "valuesExpression")

# Given by the engine with every instance, or sent by the page itself: a field of that name would forge it.
_GIVEN: Final = (
    "order", "assignment", "area", "organization", "is_leaf", "level", "today", "locality_code", "plan_approved",
    "rework", "missing", "collected", "nothing", "do", "csrf_token", "idempotency_key",
)  # fmt: skip
RESERVED: Final = frozenset((*_GIVEN, *keyword.kwlist, "true", "false", "null", "typename"))

FORM: Final = {
    "type", "id", "schemaVersion", "components", "exporter", "executionPlatform", "executionPlatformVersion",
    "versionTag",
}  # fmt: skip
_COMMON = {"id", "type", "layout", "properties", "conditional"}
_INPUT = _COMMON | {"key", "label", "description", "validate", "disabled", "readonly", "appearance"}
_WITH_DEFAULT = _INPUT | {"defaultValue"}
_BOX = _COMMON | {"label", "description", "components", "showOutline", "verticalAlignment", "path", "key"}
PROPERTIES: Final[dict[str, set[str]]] = {
    "textfield": _WITH_DEFAULT,
    "textarea": _WITH_DEFAULT,
    "number": _WITH_DEFAULT | {"decimalDigits", "increment", "serializeToString"},
    "datetime": _INPUT | {
        "subtype", "dateLabel", "timeLabel", "use24h", "timeInterval", "timeSerializingFormat", "disallowPassedDates",
    },
    "select": _WITH_DEFAULT | {"values", "searchable"},
    "radio": _WITH_DEFAULT | {"values"},
    "checklist": _WITH_DEFAULT | {"values"},
    "checkbox": _WITH_DEFAULT,
    "text": _COMMON | {"text", "label"},
    "separator": _COMMON,
    "group": _BOX,
    "dynamiclist": _BOX | {
        "validate", "isRepeating", "allowAddRemove", "defaultRepetitions", "disableCollapse", "nonCollapsedItems",
    },
    "filepicker": _INPUT | {"accept", "multiple"},
    "figures": _INPUT | {"indicators"},
    "organization": _INPUT | {"multiple", "among"},
}  # fmt: skip
VALIDATE: Final[dict[str, set[str]]] = {
    "textfield": {"required", "minLength", "maxLength", "pattern", "validationType"},
    "textarea": {"required", "minLength", "maxLength"},
    "number": {"required", "min", "max"},
    "dynamiclist": {"required", "min", "max"},
    "filepicker": {"required", "max"},
}
