"""The forms and their surroundings that the tests of forms share."""

from datetime import date
from typing import Any

from engine import forms

LUOT = forms.IndicatorField(
    code="env_people",
    name="Lượt người tham gia",
    unit="lượt người",
    is_count=True,
    allowed_qualifiers=("exact", "over", "nearly", "about"),
    last_value="52",
    last_label="Tuần 39",
)
RAC = forms.IndicatorField(
    code="env_waste", name="Rác thải thu gom", unit="tấn", decimals=1, last_value="0,8", last_label="Tuần 39"
)
TIEN = forms.IndicatorField(code="ntm_money", name="Ủng hộ nông thôn mới", unit="đồng", is_money=True)

ORGANIZATIONS = {
    "bloc_members": [("w1", "Hội LHPN"), ("f1", "Hội Nông dân"), ("y1", "Đoàn Thanh niên")],
    "below": [("q1", "Khu 1"), ("q2", "Khu 2")],
}

DECISION = {
    "type": "radio",
    "key": "decision",
    "label": "Quyết định",
    "values": [
        {"label": "Tiếp nhận", "value": "accept", "label_en": "Accept"},
        {"label": "Từ chối", "value": "refuse", "label_en": "Refuse"},
    ],
    "validate": {"required": True},
}
REASON = {
    "type": "textarea",
    "key": "reason",
    "label": "Lý do",
    "validate": {"required": True},
    "conditional": {"hide": '=decision != "refuse"'},
}
FIGURES = {"type": "figures", "key": "figures", "indicators": "order"}
RECORDS = {
    "type": "dynamiclist",
    "path": "records",
    "label": "Các buổi",
    "components": [
        {"type": "textfield", "key": "place", "label": "Nơi", "validate": {"required": True}},
        {"type": "datetime", "subtype": "date", "key": "held_on", "dateLabel": "Ngày"},
        {"type": "figures", "key": "figures", "indicators": ["env_waste"]},
        {"type": "filepicker", "key": "photo", "label": "Ảnh", "accept": "image/*"},
    ],
}


def schema(*components: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Put components into a form file."""
    return {"type": "default", "schemaVersion": 16, "components": list(components), **more}


def form(*components: dict[str, Any]) -> forms.Form:
    """Compile components."""
    return forms.compile(schema(*components))


def field(kind: str, **properties: Any) -> dict[str, Any]:
    """Write one component with a key and a label."""
    return {"type": kind, "key": "answer", "label": "Câu trả lời", **properties}


def context(**facts: Any) -> forms.FormContext:
    """The twelfth of October 2018 in Cẩm Phả."""
    given: dict[str, Any] = {
        "today": date(2018, 10, 12),
        "indicators": (LUOT, RAC, TIEN),
        "organizations": ORGANIZATIONS,
        **facts,
    }
    return forms.FormContext(**given)
