"""Entries of the log as people read them: sentence, acting post, and what changed from what to what."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.audit import AuditEntry
from webapp.audit import queries
from webapp.audit.details import Detail, details_of
from webapp.text import language, say
from webapp.text.facts import Sentence, Telling, readable, tell
from webapp.text.words import CLARITIES, TOPICS

CHANNELS = {"web": "trình duyệt", "api": "API", "system": "hệ thống", "cli": "dòng lệnh", "job": "hệ thống"}
FIELDS = {
    "progress": "Tiến độ",
    "due": "Hạn",
    "lead": "Chủ trì",
    "holder": "Người giữ",
    "value": "Số liệu",
    "qualifier": "Từ đi kèm",
    "name": "Tên",
    "post": "Chức danh",
    "title": "Chuyên đề đặt hàng",
    "topic_code": "Nhóm chuyên đề",
    "basis": "Căn cứ",
    "state": "Trạng thái",
    "step": "Bước",
    "step_state": "Bước",
    "tries": "Số lần thử",
    "version": "Phiên bản",
    "hash": "Mã gói (SHA-256)",
    **CLARITIES,
}
_PLACES = re.compile(r"\[[^\[\]]*\]|{\w+}")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it is read: sentence, who, what changed; for who reads all of the log also the rest of it."""

    seq: int
    at: datetime
    telling: Telling
    who: str
    refused: bool
    channel: str
    changes: list[tuple[str, str, str]]
    details: Sequence[Detail] = ()
    has_moment: bool = False


def bare(sentence: Sentence) -> str:
    """Give the sentence of a fact without its values, for a list to choose from."""
    text = _PLACES.sub("", sentence.vi if language() == "vi" else sentence.en).strip(" :,")
    return text[:1].upper() + text[1:]


def lines_of(session: Session, entries: Sequence[AuditEntry], *, whole: bool = False) -> list[Line]:
    """Put entries into words, with two queries for all names; `whole` gives all that stands in them, with two more."""
    wanted = {key for entry in entries for key in (entry.organization_id, *ids_in(entry.facts)) if key}
    names = dict(session.execute(queries.bodies(sorted(wanted))).all())
    posts = sorted({key for entry in entries for key in (entry.post_id,) if key})
    titles = dict(session.execute(queries.posts(posts)).all())
    details = details_of(session, entries) if whole else {}
    return [_line(entry, names, titles, details.get(entry.seq, ())) for entry in entries]


def _line(entry: AuditEntry, names: Mapping[str, str], titles: Mapping[str, str], details: Sequence[Detail]) -> Line:
    who = ", ".join(word for word in (titles.get(entry.post_id or ""), names.get(entry.organization_id or "")) if word)
    if entry.behalf_of_id and who:
        who = say("{who} (làm thay)", who=who)
    return Line(
        seq=entry.seq,
        at=entry.at,
        telling=tell(entry.fact, entry.facts, who=who or None, names=names),
        who=who,
        refused=entry.refused,
        channel=say(CHANNELS.get(entry.channel, entry.channel)),
        changes=_changes(entry.facts, names),
        details=details,
        has_moment=bool(entry.order_id or entry.instance_id) and not entry.refused,
    )


def _changes(facts: Mapping[str, Any], names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """List (field, before, after) of what an entry changed."""
    before, after = facts.get("before") or {}, facts.get("after") or {}
    if not isinstance(before, Mapping) or not isinstance(after, Mapping) or not before:
        return []
    was, became = readable(dict(before), names), readable(dict(after), names)
    fields = [name for name in dict.fromkeys((*was, *became)) if was.get(name) != became.get(name)]
    return [
        (say(FIELDS.get(name, name)), _shown(name, was.get(name)), _shown(name, became.get(name))) for name in fields
    ]


def _shown(name: str, value: Any) -> str:
    if name == "topic_code":
        return say(TOPICS[value]) if value in TOPICS else str(value or "")
    return "" if value is None else str(value)


def ids_in(facts: Mapping[str, object]) -> set[str]:
    """Return everything in the facts that looks like a key."""
    found: set[str] = set()
    for value in facts.values():
        if isinstance(value, str) and len(value) == 32:
            found.add(value)
        elif isinstance(value, Mapping):
            found |= ids_in(value)
        elif isinstance(value, list):
            found |= {one for one in value if isinstance(one, str) and len(one) == 32}
    return found
