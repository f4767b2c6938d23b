"""The words of who gets a step: its way of assigning, and why it went where it went."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from engine.bpmn.model import listed
from engine.levels import ABOVE
from models.permissions import HEAD
from models.tasks import OWN
from webapp.text import say
from webapp.text.words import role

NEXT_LEVEL: Final = "Cấp trên trực tiếp"
WAYS: Final = {"direct": "Trực tiếp", "round_robin": "Quay vòng"}
SEERS: Final = {OWN: "Chỉ tổ chức làm bước này"}
_WHY: Final = {
    "only": "Việc giao trực tiếp: chỉ một người giữ vai trò này.",
    "head": "Việc giao trực tiếp cho người đứng đầu giữ vai trò này.",
    "turn": "Việc giao quay vòng: đến lượt người lâu nhất chưa nhận bước này.",
    "no_head": "Nhiều người giữ vai trò này mà không rõ ai đứng đầu, nên việc để ở hàng chờ.",
    "nobody_left": "Không còn ai khác được làm bước này, nên việc để ở hàng chờ.",
}


def way(code: str | None) -> str:
    """Say how a step is given to people; a way that does not exist as it is written."""
    return say(WAYS[code]) if code in WAYS else code or say("Hàng chờ")


def seers(code: str | None) -> str:
    """Say who sees a step with its form, answers and files; what does not exist as it is written."""
    return say(SEERS[code]) if code in SEERS else code or say("Các bên của đặt hàng")


def post(kind: str) -> str:
    """Say a kind of posts: a role, or who heads the organization."""
    return say("Người đứng đầu tổ chức") if kind == HEAD else role(kind)


def at_level(code: str | None, names: Mapping[str, str]) -> str:
    """Say at which level a role is looked for; `names` are those of the levels of the installation by code."""
    if not code:
        return ""
    if code == ABOVE:
        return say(NEXT_LEVEL).lower()
    return say("cấp {level}", level=names.get(code, code).lower())


def addressed(ext: Mapping[str, str], levels: Mapping[str, str] = MappingProxyType({})) -> list[str]:
    """Say all that a step asks of who gets it beside its role, a line each; nothing of a step that asks nothing.

    `levels` are the names of the levels by code.
    """
    found = []
    if ext.get("level"):
        found.append(say("Cấp: {level}", level=at_level(ext["level"], levels)))
    if kinds := listed(ext.get("posts", "")):
        found.append(say("Cùng nhận: {posts}", posts=", ".join(map(post, kinds))))
    if ext.get("assign"):
        found.append(say("Cách giao: {way}", way=way(ext["assign"]).lower()))
    if ext.get("seenBy"):
        found.append(say("Quyền xem: {who}", who=seers(ext["seenBy"]).lower()))
    return found


def why(reason: Mapping[str, Any], levels: Mapping[str, str]) -> list[str]:
    """Say what else led a step where it is, a sentence each: its level, and its way of assigning.

    `reason` is what routing kept, `levels` are the names of levels by code.
    """
    found = []
    if reason.get("level"):
        found.append(say("Vai trò này được tìm ở {level}.", level=at_level(reason["level"], levels)))
    if reason.get("posts"):
        found.append(say("Trong tổ chức, người giữ chức danh này cũng nhận được: {posts}.",
                         posts=", ".join(map(post, reason["posts"]))))  # fmt: skip
    if reason.get("why") in _WHY:
        found.append(say(_WHY[reason["why"]]))
    return found
