"""What every door asks for: who may knock, whose visibility decides what is behind it, and which right an act needs."""

from dataclasses import dataclass
from typing import Literal

from flask import Flask

from models.permissions import Permission

P = Permission
Door = Literal["public", "personal", "silent", "post", "token"]


@dataclass(frozen=True, slots=True)
class Policy:
    """Of one endpoint: the door, the noun whose `visible_to` finds what the address names, and the right.

    Doors: `public` anybody, `personal` a person whatever the post, `silent` a person found out by the view itself,
    `post` a person acting as a post (where nothing is said), `token` a program with a bearer token.
    """

    door: Door
    sees: str | None = None
    right: Permission | None = None


def _post(sees: str | None = None, right: Permission | None = None) -> Policy:
    return Policy("post", sees, right)


def _token(sees: str | None = None, right: Permission | None = None) -> Policy:
    return Policy("token", sees, right)


PUBLIC, PERSONAL = Policy("public"), Policy("personal")

# One line for each endpoint: an application with an endpoint that is not here does not start.
POLICIES: dict[str, Policy] = {
    "assets.serve": PUBLIC,
    "health.live": PUBLIC,
    "health.ready": PUBLIC,
    "health.numbers": PUBLIC,
    "auth.sign_in": PUBLIC,
    "auth.open_session": PUBLIC,
    "auth.set_language": PUBLIC,
    "auth.sign_out": PERSONAL,
    "posts.choose": PERSONAL,
    "posts.set_post": PERSONAL,
    "account.show": PERSONAL,
    "account.change_password": PERSONAL,
    "account.end_session": Policy("personal", "session"),
    "tokens.index": _post(),
    "tokens.create": _post(),
    "tokens.revoke": _post("token"),
    "tasks.index": _post(),
    "tasks.news": Policy("silent"),
    "tasks.onward": _post(),
    "tasks.claim_many": _post(),
    "tasks.choose_holder": _post(),
    "tasks.transfer_many": _post(),
    "tasks.show": _post("task"),
    "tasks.claim": _post("task", P.TASK_CLAIM),
    "tasks.release": _post("task", P.TASK_RELEASE),
    "tasks.complete": _post("task", P.TASK_COMPLETE),
    "tasks.save_draft": _post("task", P.TASK_COMPLETE),
    "tasks.ask_for_delegation": _post("task", P.TASK_DELEGATE),
    "tasks.delegate": _post("task", P.TASK_DELEGATE),
    "tasks.take_back": _post("task", P.TASK_DELEGATE),
    "tasks.resolve": _post("task", P.TASK_RESOLVE),
    "tasks.ask_for_transfer": _post("task", P.TASK_TRANSFER),
    "tasks.transfer": _post("task", P.TASK_TRANSFER),
    "tasks.ask_for_return": _post("task", P.TASK_RETURN),
    "tasks.return_": _post("task", P.TASK_RETURN),
    "tasks.comment": _post("task", P.TASK_COMMENT),
    "attachments.attach": _post("task", P.TASK_COMPLETE),
    "attachments.remove": _post("file", P.TASK_COMPLETE),
    "attachments.download": _post("file"),
    "saved_views.save": _post(),
    "saved_views.remove": _post("view"),
    "orders.index": _post(),
    "orders.create": _post(None, P.ORDER_CREATE),
    "orders.show": _post("order"),
    "orders.print_view": _post("order"),
    "orders.branch": _post("order"),
    "orders.watch": _post("order"),
    "orders.unwatch": _post("order"),
    "orders.amend": _post("order", P.ORDER_AMEND),
    "orders.withdraw": _post("order", P.ORDER_WITHDRAW),
    "assignments.urge": _post("order", P.ASSIGNMENT_URGE),
    "assignments.replace_lead": _post("order", P.ASSIGNMENT_REPLACE_LEAD),
    "assignments.request_extension": _post("share", P.ASSIGNMENT_EXTEND),
    "reports.index": _post(),
    "reports.show": _post("order"),
    "reports.opened": _post("order"),
    "reports.record": _post("figure"),
    "reports.correct": _post("figure", P.FIGURE_CORRECT),
    "organizations.index": _post(),
    "organizations.show": _post("organization"),
    "definitions.index": _post(),
    "definitions.show": _post("definition"),
    "definitions.diagram": _post("definition"),
    "definitions.regulation": _post("definition"),
    "definitions.regulation_file": _post("definition"),
    "definitions.file": _post("definition"),
    "definitions.deploy": _post(None, P.DEFINITION_DEPLOY),
    "definitions.start": _post("definition", P.INSTANCE_START),
    "definitions.compare": _post("definition"),
    "definitions.activate": _post("definition", P.DEFINITION_DEPLOY),
    "definitions.suspend": _post("definition", P.INSTANCE_OPERATE),
    "definitions.resume": _post("definition", P.INSTANCE_OPERATE),
    "definitions.ask_for_migration": _post("definition", P.INSTANCE_OPERATE),
    "definitions.migrate": _post("definition", P.INSTANCE_OPERATE),
    "designs.index": _post(),
    "designs.configure": _post(None, P.ORGANIZATION_MANAGE),
    "designs.create": _post(None, P.DEFINITION_DEPLOY),
    "designs.show": _post("design"),
    "designs.file": _post("design"),
    "designs.save": _post("design", P.DEFINITION_DEPLOY),
    "designs.remove": _post("design", P.DEFINITION_DEPLOY),
    "designs.lease": _post("design", P.DEFINITION_DEPLOY),
    "designs.check": _post("design"),
    "designs.fix": _post("design"),
    "designs.choices": _post("design"),
    "designs.edit_form": _post("design"),
    "designs.edit_decision": _post("design"),
    "designs.preview": _post("design"),
    "designs.comments": _post("design"),
    "designs.receivers": _post("design"),
    "designs.comment": _post("design", P.DEFINITION_DEPLOY),
    "designs.complete_comment": _post("design", P.DEFINITION_DEPLOY),
    "designs.discard": _post("design", P.DEFINITION_DEPLOY),
    "designs.export": _post("design"),
    "designs.regulation": _post("design"),
    "designs.regulation_file": _post("design"),
    "designs.trial": _post("design"),
    "designs.go_on": _post("design"),
    "designs.element_trial": _post("design"),
    "designs.try_element": _post("design"),
    "designs.scenarios": _post("design"),
    "designs.keep_scenario": _post("design", P.DEFINITION_DEPLOY),
    "designs.record_scenario": _post("design", P.DEFINITION_DEPLOY),
    "designs.write_scenario": _post("design", P.DEFINITION_DEPLOY),
    "designs.remove_scenario": _post("design", P.DEFINITION_DEPLOY),
    "designs.publication": _post("design"),
    "designs.submit": _post("design", P.DEFINITION_DEPLOY),
    "designs.withdraw": _post("design", P.DEFINITION_DEPLOY),
    "designs.return_": _post("design", P.DEFINITION_DEPLOY),
    "designs.approve": _post("design", P.DEFINITION_DEPLOY),
    "instances.index": _post(),
    "instances.show": _post("instance"),
    "instances.suspend": _post("instance", P.INSTANCE_OPERATE),
    "instances.resume": _post("instance", P.INSTANCE_OPERATE),
    "instances.cancel": _post("instance", P.INSTANCE_OPERATE),
    "instances.edit_data": _post("instance", P.INSTANCE_OPERATE),
    "instances.skip": _post("instance", P.INSTANCE_OPERATE),
    "instances.move": _post("instance", P.INSTANCE_OPERATE),
    "instances.undo": _post("instance", P.INSTANCE_OPERATE),
    "incidents.index": _post(None, P.INSTANCE_OPERATE),
    "incidents.retry": _post(None, P.INSTANCE_OPERATE),
    "incidents.retry_one": _post("incident", P.INSTANCE_OPERATE),
    "incidents.skip": _post("incident", P.INSTANCE_OPERATE),
    "timers.index": _post(None, P.INSTANCE_OPERATE),
    "timers.reschedule": _post("timer", P.INSTANCE_OPERATE),
    "timers.fire": _post("timer", P.INSTANCE_OPERATE),
    "jobs.index": _post(None, P.INSTANCE_OPERATE),
    "jobs.retry": _post("job", P.INSTANCE_OPERATE),
    "jobs.retry_letter": _post("letter", P.INSTANCE_OPERATE),
    "notifications.index": _post(),
    "notifications.mark_read": _post(),
    "notifications.outbox": _post(),
    "audit.index": _post(None, P.AUDIT_READ),
    "audit.integrity": _post(None, P.AUDIT_READ),
    "audit.analysed": _post(None, P.AUDIT_READ),
    "audit.story": _post("order", P.AUDIT_READ),
    "audit.moment_at": _post("order", P.AUDIT_READ),
    "audit.moment": _post("entry", P.AUDIT_READ),
    "audit.entry": _post("entry", P.AUDIT_READ),
    "audit.case_files_index": _post(None, P.AUDIT_READ),
    "audit.open_case_file": _post(None, P.AUDIT_READ),
    "audit.case_file": _post("case"),
    "audit.put_in": _post("case"),
    "audit.take_out": _post("case"),
    "audit.close_case_file": _post("case"),
    "audit.case_report": _post("case"),
    "audit.case_bundle": _post("case"),
    "audit.archives": _post(None, P.AUDIT_READ),
    "audit.archive": _post("archive", P.AUDIT_READ),
    "audit.erasures": _post(None, P.AUDIT_ERASE),
    "audit.erase": _post(None, P.AUDIT_ERASE),
    "audit.prepare_export": _post(None, P.AUDIT_READ),
    "audit.export_progress": _post(None, P.AUDIT_READ),
    "audit.export_list": _post("format", P.AUDIT_READ),
    "audit.export": _post(None, P.AUDIT_READ),
    "api.openapi": PUBLIC,
    "api.list_tasks": _token(),
    "api.read_task": _token("task"),
    "api.claim_task": _token("task", P.TASK_CLAIM),
    "api.release_task": _token("task", P.TASK_RELEASE),
    "api.complete_task": _token("task", P.TASK_COMPLETE),
    "api.delegate_task": _token("task", P.TASK_DELEGATE),
    "api.return_task": _token("task", P.TASK_RETURN),
    "api.comment_on_task": _token("task", P.TASK_COMMENT),
    "api.list_orders": _token(),
    "api.create_order": _token(None, P.ORDER_CREATE),
    "api.read_order": _token("order"),
    "api.withdraw_order": _token("order", P.ORDER_WITHDRAW),
    "api.request_extension": _token("order", P.ASSIGNMENT_EXTEND),
    "api.list_definitions": _token(),
    "api.deploy_definitions": _token(None, P.DEFINITION_DEPLOY),
    "api.list_instances": _token(),
    "api.start_instance": _token(None, P.INSTANCE_START),
    "api.read_instance": _token("instance"),
    "api.read_history": _token("instance"),
    "api.edit_data": _token("instance", P.INSTANCE_OPERATE),
    "api.skip_step": _token("instance", P.INSTANCE_OPERATE),
    "api.move_token": _token("instance", P.INSTANCE_OPERATE),
    "api.cancel_instance": _token("instance", P.INSTANCE_OPERATE),
    "api.suspend_instance": _token("instance", P.INSTANCE_OPERATE),
    "api.undo_act": _token("instance", P.INSTANCE_OPERATE),
    "api.resume_instance": _token("instance", P.INSTANCE_OPERATE),
    "api.suspend_definition": _token("definition", P.INSTANCE_OPERATE),
    "api.resume_definition": _token("definition", P.INSTANCE_OPERATE),
    "api.migrate_instances": _token("definition", P.INSTANCE_OPERATE),
    "api.list_incidents": _token(None, P.INSTANCE_OPERATE),
    "api.read_incident": _token("incident", P.INSTANCE_OPERATE),
    "api.retry_incident": _token("incident", P.INSTANCE_OPERATE),
    "api.skip_incident": _token("incident", P.INSTANCE_OPERATE),
    "api.list_timers": _token(None, P.INSTANCE_OPERATE),
    "api.reschedule_timer": _token("timer", P.INSTANCE_OPERATE),
    "api.fire_timer": _token("timer", P.INSTANCE_OPERATE),
    "api.list_jobs": _token(None, P.INSTANCE_OPERATE),
    "api.retry_job": _token("job", P.INSTANCE_OPERATE),
    "api.list_organizations": _token(),
    "api.list_figures": _token(),
    "api.read_audit": _token(None, P.AUDIT_READ),
    "api.erase_texts": _token(None, P.AUDIT_ERASE),
    "api.list_checkpoints": _token(None, P.AUDIT_WITNESS),
    "api.read_latest_checkpoint": _token(None, P.AUDIT_WITNESS),
    "api.cosign_checkpoint": _token(None, P.AUDIT_WITNESS),
    "api.read_proof": _token("entry", P.AUDIT_WITNESS),
    "api.read_consistency": _token(None, P.AUDIT_WITNESS),
}


def door_of(endpoint: str | None) -> Door:
    """Return which door an endpoint has; an address that leads nowhere can be asked for by anybody."""
    return POLICIES[endpoint].door if endpoint is not None else "public"


def require_declared(app: Flask) -> None:
    """Refuse to start with an endpoint that has no policy, or a policy of an endpoint that is not there."""
    wrong = set(app.view_functions) ^ set(POLICIES)
    if wrong:
        raise RuntimeError(f"webapp/policies.py and the endpoints differ: {', '.join(sorted(wrong))}")
