"""Entries of the log as people read them: sentence, acting post, and what changed from what to what."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.audit import AuditEntry
from webapp.audit import queries
from webapp.audit.details import Detail, details_of, keys_of
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
    """One entry as it is read: sentence, who, what changed, of what; for who reads all of the log also the rest."""

    seq: int
    at: datetime
    telling: Telling
    who: str
    refused: bool
    channel: str
    changes: list[tuple[str, str, str]]
    about: str = ""
    details: Sequence[Detail] = ()
    has_moment: bool = False


def bare(sentence: Sentence) -> str:
    """Give the sentence of a fact without its values, for a list to choose from."""
    text = _PLACES.sub("", sentence.vi if language() == "vi" else sentence.en).strip(" :,")
    return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class _Names:
    """What the keys in entries stand for: bodies, posts, persons without a post, the things that they are about."""

    bodies: Mapping[str, str]
    posts: Mapping[str, str]
    persons: Mapping[str, str]
    subjects: Mapping[str, tuple[str, str | None]]
    orders: Mapping[str, str | None]


def lines_of(session: Session, entries: Sequence[AuditEntry], *, whole: bool = False) -> list[Line]:
    """Put entries into words, with five queries for all names; `whole` gives all that stands in them, with two more."""
    names = _names(session, entries)
    details = details_of(session, entries) if whole else {}
    return [_line(entry, names, details.get(entry.seq, ())) for entry in entries]


def _names(session: Session, entries: Sequence[AuditEntry]) -> _Names:
    bodies = keys_of((entry.organization_id, *ids_in(entry.facts)) for entry in entries)
    alone = keys_of((entry.person_id,) for entry in entries if not entry.post_id and not entry.organization_id)
    subjects = session.execute(queries.subjects(keys_of((entry.subject_id,) for entry in entries)))
    orders = session.execute(queries.orders(keys_of((entry.order_id,) for entry in entries)))
    return _Names(
        bodies=dict(session.execute(queries.bodies(bodies)).all()),
        posts=dict(session.execute(queries.posts(keys_of((entry.post_id,) for entry in entries))).all()),
        persons={id: name for id, name, _ in session.execute(queries.people(alone))},
        subjects={id: (title, body) for id, title, body in subjects},
        orders={id: number or title for id, number, title in orders},
    )


def _line(entry: AuditEntry, names: _Names, details: Sequence[Detail]) -> Line:
    acting = names.posts.get(entry.post_id or ""), names.bodies.get(entry.organization_id or "")
    who = ", ".join(word for word in acting if word) or _alone(entry, names)
    if entry.behalf_of_id and who:
        who = say("{who} (làm thay)", who=who)
    telling = tell(entry.fact, entry.facts, who=who or None, names=names.bodies)
    return Line(
        seq=entry.seq,
        at=entry.at,
        telling=telling,
        who=who,
        refused=entry.refused,
        channel=say(CHANNELS.get(entry.channel, entry.channel)),
        changes=_changes(entry.facts, names.bodies),
        about=_about(entry, names, telling.text),
        details=details,
        has_moment=bool(entry.order_id or entry.instance_id) and not entry.refused,
    )


def _alone(entry: AuditEntry, names: _Names) -> str:
    """Name a person that acted as itself; one that was erased has no name any more, but it was not the system."""
    return names.persons.get(entry.person_id, say("Một tài khoản")) if entry.person_id else ""


def _about(entry: AuditEntry, names: _Names, told: str) -> str:
    """Name the thing, the body it belongs to and the order, as far as the sentence does not."""
    title, body = names.subjects.get(entry.subject_id or "", ("", None))
    words = (title, body, names.orders.get(entry.order_id or ""))
    return " · ".join(word for word in words if word and word not in told)


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
