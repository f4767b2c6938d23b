"""The one place where a right is decided: who acts, which permissions exist, and `may`."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.tasks import Task


class Permission(StrEnum):
    """What may be done, as `noun:verb`."""

    ORDER_CREATE = "order:create"
    ORDER_WITHDRAW = "order:withdraw"
    ORDER_AMEND = "order:amend"
    ASSIGNMENT_URGE = "assignment:urge"
    ASSIGNMENT_EXTEND = "assignment:extend"
    ASSIGNMENT_REPLACE_LEAD = "assignment:replace_lead"
    TASK_CLAIM = "task:claim"
    TASK_COMPLETE = "task:complete"
    TASK_RELEASE = "task:release"
    TASK_TRANSFER = "task:transfer"
    TASK_DELEGATE = "task:delegate"
    TASK_RESOLVE = "task:resolve"
    TASK_RETURN = "task:return"
    TASK_COMMENT = "task:comment"
    FIGURE_CORRECT = "figure:correct"
    DEFINITION_DEPLOY = "definition:deploy"
    INSTANCE_START = "instance:start"
    INSTANCE_OPERATE = "instance:operate"
    ORGANIZATION_MANAGE = "organization:manage"
    AUDIT_READ = "audit:read"
    AUDIT_WITNESS = "audit:witness"
    AUDIT_ERASE = "audit:erase"
    EVERYTHING_READ = "everything:read"


P = Permission

# Roles of the product and of the world that carry a general right; everything else follows from the work itself.
GRANTS: dict[str, frozenset[Permission]] = {
    "issuer_officer": frozenset({P.ORDER_CREATE, P.INSTANCE_START}),
    "issuer_leader": frozenset({P.INSTANCE_START}),
    "bloc_head": frozenset({P.INSTANCE_START}),
    "bloc_officer": frozenset({P.INSTANCE_START}),
    "designer": frozenset({P.DEFINITION_DEPLOY, P.INSTANCE_START}),
    "auditor": frozenset({P.AUDIT_READ, P.AUDIT_WITNESS, P.EVERYTHING_READ}),
    # Another organization's program, that signs what it saw of the log: hashes, no entry.
    "witness": frozenset({P.AUDIT_WITNESS}),
    # Erases texts of the log and does not read it; the auditor reads and does not erase.
    "administrator": frozenset(
        {
            P.DEFINITION_DEPLOY,
            P.INSTANCE_START,
            P.INSTANCE_OPERATE,
            P.ORGANIZATION_MANAGE,
            P.EVERYTHING_READ,
            P.AUDIT_ERASE,
        }
    ),
}

TECHNICAL = frozenset({"designer", "auditor", "witness", "administrator"})


HEAD = "head"  # the kind of post that heads its organization, whatever its roles


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person as a post, perhaps instead of somebody, through a channel."""

    person_id: str | None
    post_id: str | None
    organization_id: str | None
    area_id: str | None = None
    roles: frozenset[str] = frozenset()
    is_head: bool = False
    on_behalf_of: str | None = None
    channel: str = "web"
    request_id: str | None = field(default=None, compare=False)  # the same actor asks again
    locale: str = "vi"
    title: str = ""  # of the post, for people to read; "Cán bộ phụ trách, Hội LHPN thành phố Cẩm Phả"
    grants: frozenset[Permission] = field(init=False)

    def __post_init__(self) -> None:
        granted = frozenset[Permission]().union(*(GRANTS.get(role, frozenset()) for role in self.roles))
        object.__setattr__(self, "grants", granted)

    @property
    def kinds(self) -> frozenset[str]:
        """Return the kinds of posts that the actor's post is: those of its roles, and whether it heads its body."""
        return self.roles | {HEAD} if self.is_head else self.roles

    @property
    def is_system(self) -> bool:
        return self.person_id is None


SYSTEM = Actor(None, None, None, channel="system")


def may(actor: Actor, permission: Permission, subject: Any = None) -> bool:
    """Tell whether the actor has a right over a subject it can see; visibility is decided by the queries."""
    if actor.is_system or permission in actor.grants:
        return True
    rule = RULES.get(permission)
    return rule is not None and subject is not None and rule(actor, subject)


def is_candidate(actor: Actor, task: "Task") -> bool:
    """Tell whether the work is offered to the actor: by name, or to a role or a kind of post of its organization."""
    if task.organization_id != actor.organization_id:
        return False
    if task.offered_to_id is not None:
        return task.offered_to_id == actor.person_id
    return task.role is None or task.role in actor.roles or any(one.kind in actor.kinds for one in task.posts)


def _holds(actor: Actor, task: "Task") -> bool:
    # As a post of the body that has the work: who left it, or acts as another post now, holds it no longer.
    here = task.organization_id == actor.organization_id
    return here and task.holder_id is not None and task.holder_id in (actor.person_id, actor.on_behalf_of)


def _holds_or_free(actor: Actor, task: "Task") -> bool:
    return _holds(actor, task) or (task.holder_id is None and is_candidate(actor, task))


def _works_for(actor: Actor, *organizations: str) -> bool:
    # Posts that keep the system or look into it do not speak for the body they sit in.
    return actor.organization_id in organizations and not actor.roles <= TECHNICAL


def _heads(actor: Actor, task: "Task") -> bool:
    return actor.is_head and task.organization_id == actor.organization_id


RULES: dict[Permission, Any] = {
    P.TASK_CLAIM: is_candidate,
    P.TASK_COMPLETE: _holds_or_free,
    P.TASK_RELEASE: lambda a, t: _holds(a, t) or _heads(a, t),
    P.TASK_TRANSFER: lambda a, t: _holds(a, t) or _heads(a, t),
    P.TASK_DELEGATE: _holds,
    P.TASK_RESOLVE: lambda a, t: (
        t.helper_id is not None and t.helper_id == a.person_id and t.organization_id == a.organization_id
    ),
    P.TASK_RETURN: _holds_or_free,
    P.TASK_COMMENT: lambda a, t: not a.roles <= {"auditor"},
    P.ORDER_WITHDRAW: lambda a, o: (
        o.issuer_id == a.organization_id and bool(a.roles & {"issuer_officer", "issuer_leader"})
    ),
    # Who signs an order amends it.
    P.ORDER_AMEND: lambda a, o: o.issuer_id == a.organization_id and "issuer_leader" in a.roles,
    P.ASSIGNMENT_REPLACE_LEAD: lambda a, x: x.order.focal_id == a.organization_id and "bloc_head" in a.roles,
    P.ASSIGNMENT_URGE: lambda a, x: _works_for(a, *x.superiors),
    P.ASSIGNMENT_EXTEND: lambda a, x: _works_for(a, x.organization_id),
    P.FIGURE_CORRECT: lambda a, f: _works_for(a, f.organization_id),
}
