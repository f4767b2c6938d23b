"""The words of scenarios and trials: outcomes, what differs from what was expected, steps and what happened."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from engine.scenarios import Difference, Step
from webapp.text.language import fill, language
from webapp.text.refusals import REFUSALS

OUTCOMES: Final = {
    "finished": ("đã kết thúc", "finished"),
    "waiting": ("đang chờ", "waiting"),
    "stuck": ("bị kẹt", "stuck"),
    "failed": ("bị lỗi", "failed"),
    "refused": ("không chạy được", "cannot run"),
}
EVENTS: Final = {
    "started": ("bắt đầu", "began"),
    "completed": ("xong", "done"),
    "cancelled": ("bị hủy", "cancelled"),
}
_STEPS: Final = {
    "complete": ("Làm xong «{name}»", "“{name}” is done"),
    "skip": ("Bỏ qua «{name}»: cùng một người", "“{name}” passes: it is the same person"),
    "message": ("Nhận thông điệp «{name}»", "The message “{name}” comes"),
    "signal": ("Nhận tín hiệu «{name}»", "The signal “{name}” comes"),
    "timer": ("Đến hẹn «{name}»", "The timer “{name}” fires"),
    "advance": ("Thời gian trôi {name}", "{name} pass"),
}
_DIFFERENCES: Final = {
    "refused": (
        "sơ đồ chưa chạy được: {why}. Sửa theo phần Kiểm tra.",
        "the diagram cannot run: {why}. See its findings.",
    ),
    "no_process": (
        "không có quy trình «{process}»; trong gói có: {known}.",
        "there is no process “{process}”; the bundle has {known}.",
    ),
    "over": (
        "quy trình đã kết thúc trước khi tới «{name}». Bỏ các bước thừa.",
        "the process had ended before “{name}”. Remove the steps that are left over.",
    ),
    "answers": (
        "câu trả lời cho «{name}» không hợp lệ: {why}",
        "the answers to “{name}” are not valid: {why}",
    ),
    "not_waiting": (
        "không có gì chờ ở «{name}»; đang chờ: {waiting}.",
        "nothing waits at “{name}”; what waits: {waiting}.",
    ),
    "unusable": ("không làm được: {detail}.", "it cannot be done: {detail}."),
    "stuck": ("quy trình bị kẹt ở «{element}»: {message}.", "the process is stuck at “{element}”: {message}."),
    "failed": ("quy trình bị lỗi ở «{element}»: {message}.", "the process fails at “{element}”: {message}."),
    "outcome": ("kết quả là {got}, cần {expected}.", "the outcome is {got}, expected is {expected}."),
    "ended_at": ("kết thúc ở {got}, cần {expected}.", "it ends at {got}, expected is {expected}."),
    "no_time": ("chưa chạy vì hết thời gian; chạy riêng.", "not run: the time was over. Run it alone."),
    "unheard": ("không ai nhận thông điệp {names}.", "nobody takes the message {names}."),
    "data": ("«{name}» là {got}, cần {expected}.", "“{name}” is {got}, expected is {expected}."),
    "no_data": ("không có «{name}», cần {expected}.", "there is no “{name}”, expected is {expected}."),
}
_AT_STEP: Final = ("Bước {step}: ", "Step {step}: ")
# Which facts of a difference name elements or messages, several with a comma between.
_NAMING: Final = {
    "over": ("name",),
    "answers": ("name",),
    "not_waiting": ("name", "waiting"),
    "stuck": ("element",),
    "failed": ("element",),
    "ended_at": ("got", "expected"),
    "unheard": ("names",),
}
_NOTHING: Final = ("chưa đâu cả", "nowhere")


def outcome(code: str, tongue: str | None = None) -> str:
    """Return how a run ended."""
    return OUTCOMES[code][_at(tongue)]


def event(code: str, tongue: str | None = None) -> str:
    """Return what happened to an element."""
    return EVENTS[code][_at(tongue)]


def step(one: Step, names: Mapping[str, str], tongue: str | None = None) -> str:
    """Say what a step does, by the names people know."""
    return _STEPS[one.kind][_at(tongue)].format(name=names.get(one.name, one.name))


def difference(one: Difference, tongue: str | None = None, *, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """Say how a run is not what it should be, elements and messages by the names people know.

    What is wrong with a file already names its step.
    """
    at = _at(tongue)
    if one.reason not in _DIFFERENCES:
        refusal = REFUSALS[one.reason]
        return fill(refusal.text_en if at else refusal.text, dict(one.facts))
    before = _AT_STEP[at].format(step=one.step) if one.step else ""
    said = before + _DIFFERENCES[one.reason][at].format_map(_Facts(one, at, names))
    return said[:1].upper() + said[1:]


class _Facts(dict[str, Any]):
    """The facts of a difference as they are read."""

    def __init__(self, one: Difference, at: int, names: Mapping[str, str]) -> None:
        super().__init__({name: str(value)[:300] for name, value in one.facts.items()})
        for name in _NAMING.get(one.reason, ()):
            self[name] = ", ".join(names.get(each, each) for each in self.get(name, "").split(", "))
        self.at = at
        if one.reason == "outcome":
            self.update({name: OUTCOMES[one.facts[name]][at] for name in ("got", "expected")})
        if one.reason == "answers":
            self["why"] = "; ".join(f"{field}: {said}" for field, said in one.facts["fields"].items())
        if one.reason == "refused":
            self["why"] = "; ".join(
                (found.message_en if at else found.message_vi).rstrip(".") for found in one.facts["findings"][:3]
            )
        for name, value in self.items():
            self[name] = value or _NOTHING[at]

    def __missing__(self, name: str) -> str:
        return _NOTHING[self.at]


def _at(tongue: str | None) -> int:
    return 0 if (tongue or language()) == "vi" else 1
