"""Values of the installation that outlive a restart."""

from sqlalchemy.orm import Session

from engine import audit
from engine.audit import Fact
from models.calendar import Setting
from models.errors import NotAllowed
from models.permissions import Actor, Permission, may


def put(session: Session, name: str, value: str, *, actor: Actor) -> None:
    """Set a value of the installation."""
    if not may(actor, Permission.ORGANIZATION_MANAGE):
        raise NotAllowed("not_allowed", permission=Permission.ORGANIZATION_MANAGE)
    before = session.get(Setting, name)
    audit.record(
        session,
        actor,
        Fact.SETTING_CHANGED,
        None,
        name=name,
        before={"value": before.value} if before else None,
        after={"value": value},
    )
    session.merge(Setting(name=name, value=value))


def get(session: Session, name: str, default: str) -> str:
    """Return a value of the installation, or the default where nobody has set it."""
    found = session.get(Setting, name)
    return found.value if found is not None else default
