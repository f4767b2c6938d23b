"""The values of a fact as people read them: decisions, states, days, and words for a text that is erased."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from models.audit_texts import Erased
from webapp.text.language import language, say
from webapp.text.notation import day, number, when
from webapp.text.refusals import REFUSALS
from webapp.text.words import PARTS, PROGRESS, ROLES

DECISIONS = {
    "accept": ("tiếp nhận", "accepted"),
    "refuse": ("từ chối", "refused"),
    "approve": ("duyệt", "approved"),
    "return": ("trả lại", "returned"),
    "grant": ("đồng ý", "granted"),
    "decline": ("không đồng ý", "declined"),
    "agree": ("thống nhất", "agreed"),
    "disagree": ("không thống nhất", "disagreed"),
    "sign": ("ký", "signed"),
    "dat": ("đạt", "reached"),
    "mot_phan": ("đạt một phần", "partly reached"),
    "khong_dat": ("không đạt", "not reached"),
    "merge": ("gộp", "merged"),
    "keep_plan": ("giữ như kế hoạch", "kept as planned"),
    "change_plan": ("điều chỉnh kế hoạch", "the plan is changed"),
    "disagreed": ("chưa thống nhất", "disagrees"),
    "silent": ("không trả lời", "was silent"),
    "keep_both": ("giữ cả hai", "kept both"),
    "merge_into_first": ("gộp vào bản ghi 1", "merged into record 1"),
    "merge_into_second": ("gộp vào bản ghi 2", "merged into record 2"),
    "nothing_to_decide": ("không còn gì để quyết định", "nothing is left to decide"),
    "order_closed": ("đặt hàng đã khép", "the order is closed"),
    "delimit": ("phân định", "delimited"),
    "khong_dat_lam_lai": ("không đạt, làm lại", "not reached, to be redone"),
    "send": ("gửi", "sent"),
    "ok": ("đạt yêu cầu", "in order"),
    "return_localities": ("trả lại địa bàn", "returned to localities"),
    "assign_again": ("giao lại", "assigned again"),
    "leave_out": ("không giao nữa", "left out"),
}
# How an instance, a step or a job stands, where a fact says it changed.
STATES = {
    "running": ("đang chạy", "running"),
    "incident": ("bị kẹt", "stuck"),
    "suspended": ("tạm dừng", "suspended"),
    "cancelled": ("đã hủy", "cancelled"),
    "handed_over": ("đã bàn giao", "handed over"),
    "waiting": ("đang chờ", "waiting"),
    "skipped": ("bỏ qua", "skipped"),
    "failed": ("hỏng", "failed"),
}
_DAYS = frozenset({"day", "due", "valid_to", "valid_from", "expires"})


def readable(facts: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of a fact as people read them, those of before and after by `before_…` and `after_…`."""
    values: dict[str, Any] = {}
    for name, value in facts.items():
        if name in ("before", "after") and isinstance(value, Mapping):
            values |= {f"{name}_{inner}": _readable(inner, one, names) for inner, one in value.items()}
        else:
            values[name] = _readable(name, value, names)
    return values


def spoken(value: Any) -> Any:
    """Return a value of an entry, or words where it was a text that is erased."""
    return say("đã xóa theo luật") if isinstance(value, Erased) else value


def _readable(name: str, value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Erased):
        return spoken(value)
    if isinstance(value, str):
        if name.endswith("state") and value in STATES:
            return STATES[value][0 if language() == "vi" else 1]
        known = names.get(value) or _code(value) or (why(value) if name == "reason" else None)
        return known or (_instant(value) if name in _DAYS or name.endswith(("_at", "due")) else value)
    if isinstance(value, list):
        return ", ".join(str(_readable(name, one, names)) for one in value)
    if isinstance(value, bool):
        return say("có") if value else say("không")
    return number(value) if isinstance(value, int) else value


def _code(value: str) -> str | None:
    if value in PROGRESS:
        return say(PROGRESS[value].word)
    if value in DECISIONS:
        return DECISIONS[value][0 if language() == "vi" else 1]
    word = PARTS.get(value) or ROLES.get(value)
    return say(word) if word else None


def why(reason: str) -> str:
    """Return what somebody was told who was refused, where a reason is a code; what people wrote as it is."""
    refusal = REFUSALS.get(reason)
    if refusal is None:
        return reason
    title, text = (refusal.title, refusal.text) if language() == "vi" else (refusal.title_en, refusal.text_en)
    return title if "{" in text else text.rstrip(".")


def _instant(value: str) -> str:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    return when(at) if at.tzinfo is not None else day(at.date())
