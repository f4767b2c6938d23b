"""Who does a step in another tool is a role of ours, the starter, or a proposal."""

import pytest

from engine.bpmn.performers import ROLES
from models.permissions import TECHNICAL
from tests.imports.foreign_drawn import lone, seen, told
from webapp.text import words


def test_a_group_that_is_a_role_of_ours_is_that_role() -> None:
    one = seen("flowable_leave", "approve_leave")
    assert (one.ext, one.candidate_groups) == ({"role": "bloc_head"}, ("bloc_head",))
    assert "assignment-proposed" not in told("flowable_leave", "approve_leave")
    assert lone('<userTask camunda:candidateGroups=" Quarter-Head "/>').ext == {"role": "quarter_head"}


@pytest.mark.parametrize(
    ("file", "element", "who"),
    [
        ("camunda7_invoice", "approve", "assignee: ${approver}; groups: accounting, management"),
        ("camunda7_review", "put_online", "groups: webmasters"),
        ("camunda8_onboarding", "prepare", "groups: it, facilities"),
        ("camunda8_onboarding", "introduce", "assignee: =colleague.id"),
        ("activiti_expense", "check_receipts", "users: auditor1; groups: accountants, controllers"),
        ("activiti_expense", "sign", "users: director1, director2"),
        ("jbpm_evaluation", "_SELF", "users: #{employee}; groups: staff, HR"),
        ("bizagi_purchase", "Id_offers", "groups: Buyer"),
        ("bizagi_purchase", "Id_order", "groups: Buyer"),
        ("xpath_claims", "judge", "assignee: judge1"),
    ],
)
def test_whom_nobody_here_knows_is_proposed_and_the_step_stays_runnable(file: str, element: str, who: str) -> None:
    one = told(file, element)["assignment-proposed"]
    assert (one.level, one.facts) == ("warning", {"who": who})
    assert seen(file, element).ext == {}


def test_a_role_is_taken_only_where_a_single_group_is_meant() -> None:
    assert lone('<userTask camunda:candidateGroups="lead,bloc_head"/>').ext == {}
    assert lone('<userTask camunda:candidateGroups="lead" camunda:assignee="an"/>').ext == {}
    assert lone('<userTask camunda:candidateGroups="lead" camunda:candidateUsers="an"/>').ext == {}
    assert lone('<userTask camunda:candidateGroups="${lead}"/>').ext == {}
    assert lone('<userTask camunda:candidateGroups="administrator"/>').ext == {}


def test_the_roles_are_those_that_posts_can_hold() -> None:
    assert set(words.ROLES) - {"system", "superior", "assignee"} - TECHNICAL == ROLES


def test_a_role_of_ours_makes_the_proposal_superfluous() -> None:
    assert told("camunda7_kept_by_ours", "answer")["assignment-proposed"].facts == {"who": "groups: hosts"}
    assert told("camunda7_kept_by_ours", "answer", has_role=True) == {}


@pytest.mark.parametrize(("file", "element"), [("camunda7_invoice", "clarify"), ("flowable_leave", "amend")])
def test_the_starter_does_what_is_assigned_to_the_starter(file: str, element: str) -> None:
    assert seen(file, element).performers.is_starter
    assert "assignment-proposed" not in told(file, element)


def test_another_variable_is_not_the_starter() -> None:
    assert not lone('<userTask camunda:assignee="${boss}"/>').performers.is_starter
    assert lone('<userTask camunda:assignee="${initiator}"/>').performers.is_starter
