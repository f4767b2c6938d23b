"""Remarks on designs and their elements: written, addressed to people by @, and done."""

import re
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import audit, notifications
from engine.audit import Fact
from engine.clock import now
from models.designs import Design, DesignComment
from models.errors import Invalid, NotAllowed, WrongState
from models.organizations import Holder, Post, PostRole
from models.permissions import GRANTS, Actor, Permission, may
from models.users import Person

_MENTION: Final = re.compile(r"(?<![\w.])@([\w][\w.-]{0,79})")
_MOST_MENTIONS: Final = 20


def comment(
    session: Session, design: Design, text: str, *, actor: Actor, element_id: str | None = None
) -> DesignComment:
    """Remark on a design or on one element of it; who is named by @login and may see the design is told.

    Errors: NotAllowed; Invalid without words.
    """
    if not may(actor, Permission.DEFINITION_DEPLOY):
        raise NotAllowed("may_not_deploy")
    text = text.strip()[:5000]
    if not text:
        raise Invalid({"text": "required"}, reason="comment_required")
    remark = DesignComment(
        design_id=design.id,
        element_id=(element_id or None) and str(element_id)[:200],
        text=text,
        written_by=actor.person_id,
        author=actor.title,
        written_at=now(session),
    )
    session.add(remark)
    session.flush()
    told = list(_mentioned(session, design, text))
    about: dict[str, Any] = {"element": remark.element_id, "process": design.process_id}
    for person in told:
        facts = {"title": design.name, "by": actor.title, "design": design.id, **about}
        notifications.notify(session, Fact.DESIGN_COMMENTED, person_id=person, **facts)
    audit.record(session, actor, Fact.DESIGN_COMMENTED, design, comment=remark.id, mentioned=told or None, **about)
    return remark


def complete_comment(session: Session, remark: DesignComment, *, actor: Actor) -> DesignComment:
    """Mark a remark as done; errors: NotAllowed, WrongState where it is done already."""
    if not may(actor, Permission.DEFINITION_DEPLOY):
        raise NotAllowed("may_not_deploy")
    session.refresh(remark, with_for_update=True)
    if remark.done_at is not None:
        raise WrongState("comment_done", at=remark.done_at)
    remark.done_by, remark.done_at = actor.person_id, now(session)
    design = session.get_one(Design, remark.design_id)
    audit.record(session, actor, Fact.DESIGN_COMMENT_DONE, design, process=design.process_id, comment=remark.id)
    return remark


def _mentioned(session: Session, design: Design, text: str) -> Iterator[str]:
    """Yield the persons named in a text who may see the design: nobody else learns of it."""
    logins = {found.rstrip(".-").lower() for found in _MENTION.findall(text)[:_MOST_MENTIONS]}
    everywhere = [role for role, grants in GRANTS.items() if Permission.EVERYTHING_READ in grants]
    designers = [role for role, grants in GRANTS.items() if Permission.DEFINITION_DEPLOY in grants]
    here = PostRole.role.in_(designers) & (Post.organization_id == design.organization_id)
    query = (
        select(Person.id)
        .join(Holder, Holder.person_id == Person.id)
        .join(Post, Holder.post_id == Post.id)
        .join(PostRole, PostRole.post_id == Post.id)
        .where(func.lower(Person.login).in_(logins), Person.disabled_at.is_(None))
        .where(Holder.valid_at(now(session)), here | PostRole.role.in_(everywhere))
        .distinct()
        .order_by(Person.id)
    )
    yield from session.scalars(query) if logins else ()
