"""The one door into a process: foreign diagrams, incidents and retries, suspension, cancelling."""

from typing import Any

import pytest
from sqlalchemy import select

from engine import audit, definitions, incidents, instances, organizations, suspensions, uses
from engine.runner import Complete
from engine.tasks import standing
from models.errors import NotAllowed, NotFound, Rejected, WrongState
from models.instances import Incident, Instance
from models.organizations import Holder
from models.permissions import SYSTEM
from models.tasks import Submission, Task
from models.timers import Timer
from tests.engine.diagrams import boundary, bundle, chain, element, end, flows, join, process, start, timer, user, xor
from tests.engine.diagrams import fork as fork_
from tests.play import Story


def deploy(story: Story, files: dict[str, bytes]) -> str:
    with story.doing() as session:
        return definitions.deploy(session, files, actor=story.actor("thietke"))[0].id


def begin(story: Story, files: dict[str, bytes], *, login: str = "thietke", **data: Any) -> str:
    """Deploy a bundle and start it; return the instance's id."""
    deploy(story, files)
    with story.doing() as session:
        definition = uses.active(session, "p")
        return instances.start(session, definition, actor=story.actor(login), data=data).id


def complete(story: Story, login: str, element: str, **answers: Any) -> None:
    story.answer(login, element, **answers)


def with_role(id: str, role: str) -> str:
    return user(id, lt={"role": role})


TWO_STEPS = bundle(process(start(), user("one"), user("two"), end(), chain("start", "one", "two", "end")))
# Its second step is for a role nobody holds.
NOBODY = bundle(process(start(), user("one"), with_role("two", "bí_thư"), end(), chain("start", "one", "two", "end")))


# Foreign diagrams


def test_a_diagram_that_knows_nothing_of_us_runs_and_its_steps_go_to_the_starter(story: Story) -> None:
    found = begin(story, TWO_STEPS)
    first = story.task("one")
    assert (first.offered_to_id, first.reason["rule"]) == (story.world.person("thietke"), "starter")
    with pytest.raises(NotFound):
        complete(story, "truong.khoi", "one")
    complete(story, "thietke", "one", note="xong")
    complete(story, "thietke", "two")
    assert story.get(Instance, found).state == "finished"
    assert [one.answers for one in story.rows(Submission, instance_id=found)] == [{"note": "xong"}, {}]


def test_answers_route_a_foreign_process(story: Story) -> None:
    begin(
        story,
        bundle(
            process(
                start(), user("ask"), xor("which", default="no"), user("yes_step"), user("no_step"), end(), end("end2"),
                flows(("start", "ask"), ("ask", "which"), ("which", "yes_step", "amount > 5"),
                      ("which", "no_step", "", "no"), ("yes_step", "end"), ("no_step", "end2")),
            )
        ),
    )  # fmt: skip
    complete(story, "thietke", "ask", amount=7)
    assert story.steps() == {"yes_step"}


def test_what_an_instance_passed_is_bounded_by_its_elements(story: Story) -> None:
    files = bundle(
        process(
            start(), user("work"), xor("again", default="stop"), end(),
            flows(("start", "work"), ("work", "again"), ("again", "work", "more"), ("again", "end", "", "stop")),
        )
    )  # fmt: skip
    found = begin(story, files)
    for _ in range(5):
        complete(story, "thietke", "work", more=True)
    complete(story, "thietke", "work", more=False)
    assert story.get(Instance, found).passed["work"][0] == 6


# Incidents


def test_where_nobody_holds_the_role_an_incident_keeps_the_input_and_nothing_is_open_to_all(story: Story) -> None:
    found = begin(story, NOBODY, login="truong.khoi")
    complete(story, "truong.khoi", "one", note="đã nhập")
    assert story.get(Instance, found).state == "incident"
    (incident,) = story.rows(Incident)
    assert "bí_thư" in incident.message
    assert incident.held["answers"] == {"note": "đã nhập"}
    assert story.task("one", state="completed")
    assert story.rows(Submission)[0].answers == {"note": "đã nhập"}
    assert story.open_steps() == []
    assert len(story.facts("instance:stuck")) == 1


def test_an_incident_is_retried_after_a_holder_was_added(story: Story) -> None:
    found = begin(story, NOBODY, login="truong.khoi")
    complete(story, "truong.khoi", "one", note="đã nhập")
    (incident,) = story.rows(Incident)
    retry(story, incident.id)
    assert story.get(Instance, found).state == "incident"  # still nobody: a new incident
    assert [one.resolved_at is None for one in story.rows(Incident)] == [False, True]
    story.give_post("bloc", "Bí thư chi bộ", ("bí_thư",), login="bi.thu")
    retry(story, story.rows(Incident)[-1].id)
    assert story.get(Instance, found).state == "running"
    complete(story, "bi.thu", "two")
    assert story.get(Instance, found).state == "finished"
    with pytest.raises(WrongState):
        retry(story, incident.id)


def retry(story: Story, incident: str, login: str = "quantri") -> None:
    with story.doing() as session:
        incidents.retry(session, session.get_one(Incident, incident), actor=story.actor(login), reason="Đã sửa")


def test_only_an_operator_retries(story: Story) -> None:
    files = bundle(process(start(), with_role("two", "bí_thư"), end(), chain("start", "two", "end")))
    begin(story, files)
    with pytest.raises(NotAllowed):
        retry(story, story.rows(Incident)[0].id, login="thietke")


def test_a_process_that_got_stuck_at_its_start_starts_when_it_is_retried(story: Story) -> None:
    files = bundle(process(start(), with_role("two", "bí_thư"), end(), chain("start", "two", "end")))
    found = begin(story, files, login="truong.khoi", note="giữ")
    assert story.get(Instance, found).state == "incident"
    story.give_post("bloc", "Bí thư chi bộ", ("bí_thư",), login="bi.thu")
    retry(story, story.rows(Incident)[0].id)
    assert story.steps() == {"two"}
    with story.doing() as session:
        assert instances.data_of(session, session.get_one(Instance, found))["note"] == "giữ"


def test_an_expression_that_fails_is_an_incident_that_names_its_element(story: Story) -> None:
    files = bundle(
        process(
            start(), user("ask"), xor("which", default="no"), end(), end("end2"),
            flows(("start", "ask"), ("ask", "which"), ("which", "end", "no_such > 5"), ("which", "end2", "", "no")),
        )
    )  # fmt: skip
    found = begin(story, files)
    complete(story, "thietke", "ask")
    assert story.get(Instance, found).state == "incident"
    assert story.rows(Incident)[0].element == "which"


def test_what_a_stuck_move_had_written_is_undone(story: Story) -> None:
    """An order whose lead has nobody: the share the throw made is gone, the decision is kept."""
    order = story.until("accept_lead")
    with story.doing() as session:
        holder = session.scalars(select(Holder).where(Holder.person_id == story.world.person("nongdan"))).one()
        organizations.end(session, holder, actor=SYSTEM, reason="nghỉ hưu")
    story.answer("phunu", "accept_lead", order, decision="refuse", refusal_reason="khac", reason="Bận")
    story.answer("truong.khoi", "assign_lead", order, lead=story.world.farmers)
    assert "accept_lead" not in story.steps(order)
    (stuck,) = story.instances("lead", order_id=order, organization_id=story.world.farmers)
    assert stuck.state == "incident"
    assert "lead" in story.rows(Incident)[0].message
    with story.doing() as session:
        assert audit.verify(session).is_sound
    story.give_post("farmers", "Cán bộ mới", ("lead",), login="moi")
    retry(story, story.rows(Incident)[0].id)
    assert story.task("accept_lead", order=order).organization_id == story.world.farmers


def test_messages_for_a_stuck_instance_are_kept_until_it_moves_again(story: Story) -> None:
    order = story.until("carry_out")
    (ward,) = story.instances("locality", order_id=order, organization_id=story.world.ward_front)
    with story.doing() as session:
        row = instances.lock(session, ward.id)
        row.state = "incident"
        session.add(Incident(instance_id=ward.id, message="kẹt", held={}, opened_at=row.started_at))
    story.play(order, frm="carry_out", to="consolidate_locality")
    kept = [m.state for m in story.messages("locality.reported", instance_id=ward.id)]
    assert kept == ["kept"] * 3


def test_a_cancelled_instance_has_no_open_incident(story: Story) -> None:
    files = bundle(process(start(), with_role("two", "bí_thư"), end(), chain("start", "two", "end")))
    found = begin(story, files)
    with story.doing() as session:
        instances.cancel(session, instances.lock(session, found), actor=story.actor("quantri"), reason="thử")
    assert story.rows(Incident)[0].resolved_at is not None


# Suspend and resume


def operate(story: Story, verb: Any, found: str, login: str = "quantri") -> None:
    with story.doing() as session:
        verb(session, instances.lock(session, found), actor=story.actor(login), reason="Kiểm tra")


def test_a_suspended_instance_keeps_messages_and_timers_until_it_is_resumed(story: Story) -> None:
    order = story.until("carry_out")
    (ward,) = story.instances("locality", order_id=order, organization_id=story.world.ward_front)
    operate(story, suspensions.suspend, ward.id)
    story.play(order, frm="carry_out", to="consolidate_locality")
    story.to_day("2018-12-10")
    assert ("consolidate_locality", "Cẩm Thịnh") not in story.open_steps(order)
    assert {m.state for m in story.messages("locality.reported", instance_id=ward.id)} == {"kept"}
    (cut_off,) = story.rows(Timer, instance_id=ward.id, kind="cutoff")
    assert cut_off.fired_at is None
    operate(story, suspensions.resume, ward.id)
    story.pass_time()
    assert ("consolidate_locality", "Cẩm Thịnh") in story.open_steps(order)
    assert {m.state for m in story.messages("locality.reported", instance_id=ward.id)} == {"delivered"}


def test_a_suspended_instance_lets_nobody_complete_its_tasks(story: Story) -> None:
    found = begin(story, TWO_STEPS)
    operate(story, suspensions.suspend, found)
    with pytest.raises(WrongState) as refused:
        complete(story, "thietke", "one")
    assert refused.value.reason == "instance_suspended"
    with pytest.raises(WrongState):
        operate(story, suspensions.suspend, found)
    operate(story, suspensions.resume, found)
    complete(story, "thietke", "one")


def test_only_operators_suspend(story: Story) -> None:
    found = begin(story, TWO_STEPS)
    with pytest.raises(NotAllowed):
        operate(story, suspensions.suspend, found, login="truong.khoi")


# Timers of foreign diagrams, parallel work


def test_an_interrupting_timer_withdraws_its_task_and_a_silent_one_does_not(story: Story) -> None:
    files = bundle(
        process(
            start(), user("one"), boundary("late", "one", timer("P2D")), user("other"), end(), end("end2"),
            boundary("soon", "one", timer("P1D"), interrupting=False), user("hint"), end("end3"),
            flows(("start", "one"), ("one", "end"), ("late", "other"), ("other", "end2"), ("soon", "hint"),
                  ("hint", "end3")),
        )
    )  # fmt: skip
    begin(story, files)
    story.later(days=1, minutes=1)
    assert story.steps() == {"one", "hint"}
    story.later(days=1, minutes=1)
    assert story.steps() == {"other", "hint"}
    assert story.task("one", state="cancelled").closed_at == story.clock.at


def test_a_completed_task_takes_its_timers_with_it(story: Story) -> None:
    files = bundle(
        process(
            start(), user("one"), boundary("late", "one", timer("P2D")), user("other"), end(), end("end2"), user("two"),
            flows(("start", "one"), ("one", "two"), ("two", "end"), ("late", "other"), ("other", "end2")),
        )
    )  # fmt: skip
    begin(story, files)
    complete(story, "thietke", "one")
    story.later(days=3)
    assert story.steps() == {"two"}
    assert story.rows(Timer)[0].cancelled_at is not None


def test_parallel_steps_wait_for_each_other(story: Story) -> None:
    files = bundle(
        process(
            start(), fork_("split"), user("a"), user("b"), join("meet"), user("c"), end(),
            flows(("start", "split"), ("split", "a"), ("split", "b"), ("a", "meet"), ("b", "meet"), ("meet", "c"),
                  ("c", "end")),
        )
    )  # fmt: skip
    begin(story, files)
    complete(story, "thietke", "a", x=1)
    assert story.steps() == {"b"}
    complete(story, "thietke", "b", y=2)
    assert story.steps() == {"c"}


def test_a_stale_key_changes_nothing(story: Story) -> None:
    found = begin(story, TWO_STEPS)
    with story.doing() as session, pytest.raises(Rejected):
        instances.move(session, instances.lock(session, found), Complete("no-such-key", {}), actor=SYSTEM)
    assert story.get(Instance, found).state == "running"
    assert story.task("one").state == "open"


def test_operators_of_orders_refuse_to_run_without_one_and_keep_the_task_open(story: Story) -> None:
    files = bundle(process(start(), user("one", lt={"operator": "orders.sign"}), end(), chain("start", "one", "end")))
    begin(story, files)
    with pytest.raises(WrongState) as refused:
        complete(story, "thietke", "one", decision="sign")
    assert refused.value.reason == "step_cannot_run"
    assert story.task("one").state == "open"


def test_nobody_completes_what_is_not_there(story: Story) -> None:
    with story.doing() as session, pytest.raises(NotFound):
        instances.lock(session, "0" * 32)
    with story.doing() as session, pytest.raises(NotFound):
        standing.look_again(session, Task(id="0" * 32, instance_id="0" * 32))


# What a diagram leaves to people


def test_a_gateway_without_conditions_asks_a_person_which_way_to_go(story: Story) -> None:
    found = begin(
        story,
        bundle(
            process(
                start(), element("exclusiveGateway", "which", name="Đủ hồ sơ chưa?"),
                user("yes_step"), user("no_step"), end(), end("end2"),
                flows(("start", "which"), ("which", "yes_step", "", "yes"), ("which", "no_step", "", "no"),
                      ("yes_step", "end"), ("no_step", "end2")),
            )
        ),
    )  # fmt: skip
    with story.doing() as session:
        form = definitions.form_of(session, session.get_one(Instance, found).definition_id, "which")
    assert form is not None
    assert [(one.label.vi, [option.value for option in one.options]) for one in form.components] == [
        ("Đủ hồ sơ chưa?", ["yes", "no"])
    ]
    with pytest.raises(Rejected):
        complete(story, "thietke", "which", flow="maybe")
    complete(story, "thietke", "which", flow="no")
    assert story.steps() == {"no_step"}
