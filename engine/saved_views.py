"""Named lists of the inbox and of the log: kept for a person, or by a head for a whole organization."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import audit
from engine.audit import Fact
from models.base import new_id
from models.errors import Invalid, NotAllowed
from models.permissions import Actor
from models.tasks import SavedView
from models.text import nfc

MOST = 20


def save(
    session: Session, *, actor: Actor, name: str, query: str, shared: bool = False, page: str = "tasks"
) -> SavedView:
    """Keep the query string of a list under a name; the same name again replaces its query."""
    name = " ".join(nfc(name).split())[:100]
    if not name:
        raise Invalid({"name": "required"}, reason="view_needs_name")
    if shared and not actor.is_head:
        raise NotAllowed("may_not_share_view")
    owner = (SavedView.person_id.is_(None), SavedView.organization_id == actor.organization_id)
    mine = (SavedView.page == page, *(owner if shared else (SavedView.person_id == actor.person_id,)))
    view = session.scalar(select(SavedView).where(*mine, SavedView.name == name))
    if view is None:
        if (session.scalar(select(func.count()).select_from(SavedView).where(*mine)) or 0) >= MOST:
            raise Invalid({"name": "too_many_views"}, reason="too_many_views")
        view = SavedView(id=new_id(), name=name, position=0, page=page)
        view.person_id = None if shared else actor.person_id
        view.organization_id = actor.organization_id if shared else None
        session.add(view)
    view.query = query[:1000]
    audit.record(session, actor, Fact.VIEW_SAVED, view, shared=shared)
    return view


def remove(session: Session, view: SavedView, *, actor: Actor) -> None:
    """Remove a list of one's own, or as head one of the organization's."""
    own = view.person_id is not None and view.person_id == actor.person_id
    ours = view.person_id is None and view.organization_id == actor.organization_id and actor.is_head
    if not (own or ours):
        raise NotAllowed("may_not_remove_view", subject=view)
    audit.record(session, actor, Fact.VIEW_REMOVED, view)
    session.delete(view)
