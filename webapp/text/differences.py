"""What differs between two bundles, in sentences: one for each difference, under the heading it belongs to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from engine.bpmn.model import listed
from engine.designs.difference import Difference
from engine.designs.differences import Comparison
from webapp.text import assigning, say
from webapp.text.designs import kind
from webapp.text.words import PROGRESS, role

_HEADINGS: Final = {
    "steps": "Các bước",
    "people": "Ai làm",
    "deadlines": "Thời hạn",
    "ways": "Đường đi và điều kiện",
    "forms": "Biểu mẫu",
    "tables": "Bảng quyết định",
    "messages": "Thông điệp và sự kiện",
    "rest": "Khác",
}
# kind -> (heading, sentence); {before} and {after} are as people read them.
_SENTENCES: Final = {
    "process_added": ("steps", "Thêm quy trình «{name}»"),
    "process_removed": ("steps", "Bỏ quy trình «{name}»"),
    "process_renamed": ("steps", "Tên quy trình: {before} → {after}"),
    "executable": ("steps", "Quy trình «{name}» chạy được: {before} → {after}"),
    "added": ("steps", "Thêm «{name}» ({detail})"),
    "removed": ("steps", "Bỏ «{name}» ({detail})"),
    "renamed": ("steps", "Đổi tên: {before} → {after}"),
    "type": ("steps", "Loại của «{name}»: {before} → {after}"),
    "place": ("steps", "«{name}» chuyển chỗ: {before} → {after}"),
    "documentation": ("steps", "Hướng dẫn của «{name}»: {before} → {after}"),
    "loop": ("steps", "Lặp của «{name}»: {before} → {after}"),
    "called": ("steps", "Quy trình con «{name}» gọi: {before} → {after}"),
    "script": ("steps", "Phép tính của «{name}»: {before} → {after}"),
    "data": ("steps", "Dữ liệu vào, ra của «{name}»: {before} → {after}"),
    "operator": ("steps", "Lệnh của «{name}»: {before} → {after}"),
    "progress": ("steps", "Tiến độ sau «{name}»: {before} → {after}"),
    "role": ("people", "Người làm bước {name}: {before} → {after}"),
    "level": ("people", "Cấp của bước {name}: {before} → {after}"),
    "posts": ("people", "Người cùng nhận bước {name}: {before} → {after}"),
    "seen_by": ("people", "Quyền xem của bước {name}: {before} → {after}"),
    "assign": ("people", "Cách giao của bước {name}: {before} → {after}"),
    "not_same_as": ("people", "Bước {name} không cùng người với: {before} → {after}"),
    "skip_if_same": ("people", "Bước {name} bỏ qua khi cùng người với: {before} → {after}"),
    "working_days": ("deadlines", "Thời hạn của bước {name}: {before} → {after}"),
    "due": ("deadlines", "Hạn của bước {name}: {before} → {after}"),
    "timer": ("deadlines", "Hẹn giờ «{name}»: {before} → {after}"),
    "collect": ("deadlines", "Bước {name} gom báo cáo của: {before} → {after}"),
    "cutoff": ("deadlines", "Hạn chốt của bước {name}: {before} → {after}"),
    "cutoff_working_days": ("deadlines", "Hạn chốt của bước {name}: {before} → {after}"),
    "next": ("ways", "Sau «{name}»: {before} → {after}"),
    "condition": ("ways", "Điều kiện từ «{name}» đến «{detail}»: {before} → {after}"),
    "default": ("ways", "Đường mặc định của «{name}»: {before} → {after}"),
    "form": ("forms", "Biểu mẫu của bước {name}: {before} → {after}"),
    "form_added": ("forms", "Thêm biểu mẫu {name}: {after}"),
    "form_removed": ("forms", "Bỏ biểu mẫu {name}"),
    "form_changed": ("forms", "Biểu mẫu {name} thay đổi cách trình bày"),
    "field_added": ("forms", "Biểu mẫu {name}: thêm ô «{detail}»"),
    "field_removed": ("forms", "Biểu mẫu {name}: bỏ ô «{detail}»"),
    "field_changed": ("forms", "Biểu mẫu {name}, ô «{detail}»: {before} → {after}"),
    "fields_ordered": ("forms", "Biểu mẫu {name}: đổi thứ tự các ô"),
    "table_added": ("tables", "Thêm bảng «{name}»"),
    "table_removed": ("tables", "Bỏ bảng «{name}»"),
    "hit_policy": ("tables", "Bảng «{name}», cách chọn dòng: {before} → {after}"),
    "table_inputs": ("tables", "Bảng «{name}», cột vào: {before} → {after}"),
    "table_outputs": ("tables", "Bảng «{name}», cột ra: {before} → {after}"),
    "row_added": ("tables", "Bảng «{name}»: thêm dòng {detail}: {after}"),
    "row_removed": ("tables", "Bảng «{name}»: bỏ dòng {detail}: {before}"),
    "row_changed": ("tables", "Bảng «{name}», dòng {detail}: {before} → {after}"),
    "rows_ordered": ("tables", "Bảng «{name}»: đổi thứ tự các dòng"),
    "decision": ("tables", "Bảng quyết định của «{name}»: {before} → {after}"),
    "message": ("messages", "Thông điệp của «{name}»: {before} → {after}"),
    "signal": ("messages", "Tín hiệu của «{name}»: {before} → {after}"),
    "event": ("messages", "Sự kiện của «{name}»: {before} → {after}"),
    "recipients": ("messages", "Nơi nhận thông điệp của «{name}»: {before} → {after}"),
    "interrupting": ("messages", "Sự kiện «{name}» làm dừng bước: {before} → {after}"),
    "scenario_added": ("rest", "Thêm kịch bản «{name}»"),
    "scenario_removed": ("rest", "Bỏ kịch bản «{name}»"),
    "scenario_changed": ("rest", "Kịch bản «{name}» thay đổi"),
    "title": ("rest", "Tiêu đề việc của «{name}»: {before} → {after}"),
    "extension": ("rest", "«{name}», {detail}: {before} → {after}"),
    "other": ("rest", "«{name}» thay đổi"),
}
_MOST = 300


@dataclass(frozen=True, slots=True)
class Section:
    """The sentences under one heading."""

    heading: str
    sentences: list[str]


def sections(comparison: Comparison, levels: Mapping[str, str]) -> list[Section]:
    """Put a comparison into sentences, under the headings that have any; `levels` are the names of levels by code."""
    found: dict[str, list[str]] = {}
    for one in comparison.differences:
        found.setdefault(_SENTENCES[one.kind][0], []).append(sentence(one, levels))
    return [Section(say(heading), found[key]) for key, heading in _HEADINGS.items() if key in found]


def sentence(one: Difference, levels: Mapping[str, str] = MappingProxyType({})) -> str:
    """Say one difference."""
    before, after = _values(one, levels)
    detail = kind(one.detail) if one.kind in ("added", "removed") else one.detail
    return say(_SENTENCES[one.kind][1], name=one.name, before=before, after=after, detail=detail)


def _values(one: Difference, levels: Mapping[str, str]) -> Iterable[str]:
    if one.kind == "level":
        return tuple(assigning.at_level(code, levels) or say("Cùng cấp").lower() for code in (one.before, one.after))
    if one.kind in ("working_days", "cutoff_working_days") and one.before and one.after:
        return one.before, say("{n} ngày làm việc", n=one.after)
    return _value(one.kind, one.before), _value(one.kind, one.after)


def _value(of: str, text: str) -> str:
    if of == "assign":
        return assigning.way(text)
    if of == "seen_by":
        return assigning.seers(text)
    if not text:
        return say("không có")
    if of in ("working_days", "cutoff_working_days"):
        return say("{n} ngày làm việc", n=text)
    if of in ("due", "cutoff") and text == "assignment":
        return say("theo hạn được giao")
    if of == "posts":
        return ", ".join(map(assigning.post, listed(text)))
    if of == "role":
        return role(text)
    if of == "type":
        return kind(text)
    if of == "progress" and text in PROGRESS:
        return say(PROGRESS[text].word)
    if text in ("yes", "no"):
        return say("có") if text == "yes" else say("không")
    return text if len(text) <= _MOST else f"{text[:_MOST]}…"
