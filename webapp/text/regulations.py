"""The sentences of the regulation of coordination: parties, ways on, and what leaves the usual course."""

from collections.abc import Mapping
from typing import Final

from engine.designs.courses import Way
from engine.designs.regulations import Detour, Party
from webapp.text import say
from webapp.text.designs import recipients
from webapp.text.words import role

_EVENTS: Final = {
    "message": "thông điệp",
    "timer": "hết giờ",
    "error": "lỗi",
    "escalation": "việc phải báo lên trên",
    "signal": "tín hiệu",
    "conditional": "điều kiện thành đúng",
}


def party(one: Party | None) -> str:
    """Say who has a part; nobody named is who began the process."""
    if one is None:
        return say("Người bắt đầu quy trình")
    if one.kind == "role":
        return role(one.code)
    if one.kind == "recipients":
        return recipients(one.code)
    return say("Nơi được chọn ở bước này") if one.kind == "chosen" else one.code


def way(one: Way, numbers: Mapping[str, int]) -> str:
    """Say how it goes on from a step; `numbers` are those of the steps, by element."""
    number = numbers.get(one.to.id)
    if number is None:
        on = say("kết thúc: {name}", name=one.to.name or one.to.id)
    else:
        on = say("quay lại bước {n}", n=number) if one.returns else say("đến bước {n}", n=number)
    chosen = ", ".join(one.chosen)
    return f"{chosen} → {on}" if chosen else on


def detour(one: Detour, process: str) -> str:
    """Say what leaves the usual course of a process, or bounds it."""
    said = _SENTENCES[one.kind](one, process)
    if one.kind in ("boundary", "beside") and one.to:
        said = f"{said} {say('Tiếp theo: {names}.', names=_quoted(one.to))}"
    return said


def _boundary(one: Detour, process: str) -> str:
    values = {"step": _quoted(one.at), "name": _what(one)}
    if one.stops:
        return say("Khi đang làm {step} mà có {name}, bước này dừng.", **values)
    return say("Khi đang làm {step} mà có {name}, bước này vẫn tiếp tục.", **values)


def _beside(one: Detour, process: str) -> str:
    values = {"page": _quoted(one.at or (process,)), "name": _what(one)}
    if one.stops:
        return say("Bất cứ lúc nào trong {page} mà có {name}, các bước đang làm dừng.", **values)
    return say("Bất cứ lúc nào trong {page} mà có {name}, các bước đang làm vẫn tiếp tục.", **values)


def _return(one: Detour, process: str) -> str:
    values = {"steps": _quoted(one.at or (process,)), "to": _quoted(one.to), "name": one.name}
    if one.name:
        return say("Sau {steps}, nếu «{name}» thì làm lại từ {to}.", **values)
    return say("Sau {steps} có thể làm lại từ {to}.", **values)


def _cutoff(one: Detour, process: str) -> str:
    who = party(one.waited) if one.waited else say("mọi nơi được giao")
    if one.working_days:
        return say(
            "«{name}»: chờ đủ ({who}), lâu nhất {n} ngày làm việc; hết hạn thì đi tiếp và nêu tên nơi còn thiếu.",
            name=one.name, who=who, n=one.working_days,
        )  # fmt: skip
    return say(
        "«{name}»: chờ đủ ({who}) hoặc đến hạn chốt; hết hạn thì đi tiếp và nêu tên nơi còn thiếu.",
        name=one.name, who=who,
    )  # fmt: skip


def _wait(one: Detour, process: str) -> str:
    return say("«{name}»: chờ đủ ({who}), không có hạn chốt.", name=one.name, who=party(one.waited))


def _undo(one: Detour, process: str) -> str:
    return say("Phải hủy kết quả của «{name}» thì làm {to}.", name=one.name, to=_quoted(one.to))


def _apart(one: Detour, process: str) -> str:
    return say("Người làm «{name}» không được là người đã làm {step}.", name=one.name, step=_quoted(one.at))


def _skipped(one: Detour, process: str) -> str:
    return say(
        "«{name}» được bỏ qua nếu chỉ người đã làm {step} làm được bước này.", name=one.name, step=_quoted(one.at)
    )


def _what(one: Detour) -> str:
    if one.name or one.event is None:
        return _quoted((one.name,))
    kinds = ", ".join(say(_EVENTS[each.kind]) if each.kind in _EVENTS else each.kind for each in one.event.each)
    return say("đủ {kinds}", kinds=kinds) if one.event.together else kinds


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(say("«{name}»", name=name) for name in names)


_SENTENCES: Final = {
    "boundary": _boundary,
    "beside": _beside,
    "return": _return,
    "cutoff": _cutoff,
    "wait": _wait,
    "undo": _undo,
    "apart": _apart,
    "skipped": _skipped,
}
