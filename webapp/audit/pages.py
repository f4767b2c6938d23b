"""The page of the log: its entries about a subject or all, narrowed by what stands in the address."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import audit, audit_words
from models.audit import AuditEntry, AuditTip
from models.orders import Order
from models.tasks import SavedView
from webapp.audit import queries, words
from webapp.audit.blueprint import blueprint, reads_all
from webapp.audit.filters import Filters
from webapp.audit.resolving import Wanted, resolve
from webapp.audit.searching import Facets, search
from webapp.auth import current_actor
from webapp.text import say
from webapp.text.facts import SENTENCES
from webapp.transaction import reading

SHOWN = 12
WRONG = {
    "since": "Ngày không đọc được; ghi như 12/10/2018.",
    "until": "Ngày không đọc được; ghi như 12/10/2018.",
    "fact": "Không có thao tác nào như vậy.",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One value by which the list can be narrowed further: its words, how many match, what the address would say."""

    words: str
    count: int
    query: dict[str, Any]
    is_chosen: bool


@blueprint.get("/audit")
def index() -> str:
    """Read the log about a subject, or the whole log; narrowed by what stands in the address."""
    with reading() as session:
        filters = Filters.read(request.args)
        readable = queries.readable_by(session, current_actor(), filters.subject or None)
        if not reads_all():  # of its own things somebody sees what was done, without the inspector's tools
            filters = Filters(**{name: getattr(filters, name) for name in ("subject", "fact", "until", "before")})
        wanted = resolve(session, filters)
        found = search(session, readable, wanted, before=int(filters.before) if filters.before else None)
        return render_template(
            "audit/index.html",
            lines=words.lines_of(session, found.entries, whole=reads_all()),
            next=found.next,
            filters=filters,
            wrong=_wrong(wanted),
            order=session.get(Order, filters.subject) if filters.subject else None,
            facets=found.facets,
            chosen=_choices(session, filters, found.facets),
            facts=_facts(),
            saved=_saved(session),
            behind=audit_words.behind(session) if filters.q else 0,
            **_integrity(session),
        )


def _wrong(wanted: Wanted) -> list[str]:
    said = [say(WRONG.get(name, "Một điều kiện trong địa chỉ không đọc được nên bị bỏ qua.")) for name in wanted.wrong]
    if wanted.is_nothing:
        said.append(say("Không có đặt hàng, đơn vị, chức danh hay người nào tên như đã ghi."))
    return list(dict.fromkeys(said))


def _choices(session: Session, filters: Filters, facets: Facets) -> dict[str, list[Choice]]:
    """List by what the newest matches differ, the most frequent first."""
    names = dict(session.execute(queries.bodies([id for id, _ in facets.bodies])).all())

    def choice(words: str, count: int, **said: str) -> Choice:
        (name, value), *_ = said.items()
        chosen = getattr(filters, name) == value
        return Choice(words, count, filters.with_(**{name: "" if chosen else value}), chosen)

    facts = [choice(words.bare(SENTENCES[fact]), n, fact=fact) for fact, n in facets.facts if fact in SENTENCES]
    bodies = [choice(names[id], n, organization=id) for id, n in facets.bodies if id in names]
    kinds = [choice(say("Bị từ chối"), facets.refused, refused="1"), choice(say("Làm thay"), facets.behalf, behalf="1")]
    return {"facts": facts[:SHOWN], "bodies": bodies[:SHOWN], "kinds": [one for one in kinds if one.count]}


def _facts() -> list[tuple[str, str]]:
    """List the facts by their sentences without the actor: "ký ban hành đặt hàng"."""
    named = [(code, words.bare(sentence)) for code, sentence in SENTENCES.items()]
    return sorted(named, key=lambda item: item[1])


def _saved(session: Session) -> list[tuple[SavedView, Filters]]:
    if not reads_all():
        return []
    views = session.scalars(SavedView.visible_to(current_actor()).where(SavedView.page == "audit"))
    return [(view, Filters.parse(view.query)) for view in views]


def _integrity(session: Session) -> dict[str, Any]:
    """Say where the log stands; it is recomputed only when asked, and only for those who read everything."""
    tip = session.get(AuditTip, 1)
    last = session.scalar(select(AuditEntry.at).where(AuditEntry.seq == tip.seq)) if tip else None
    verified = audit.verify(session) if reads_all() and request.args.get("verify") == "1" else None
    return {"tip": tip, "tip_at": last, "reads_all": reads_all(), "verified": verified}
