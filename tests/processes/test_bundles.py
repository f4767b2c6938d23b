"""The shipped bundles fit the engine: runnable, with a form for every step and a table for every decision."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from engine import forms, lint, operators, runner
from models.assignments import Progress
from processes import bundle as bundle_files
from tests.processes.drawing import PROCESSES

NOW = datetime(2018, 10, 12, 1, 7, tzinfo=UTC)
LOCALITIES = {
    "qn-2018-mong-cai": "A", "qn-2018-hai-ha": "A", "qn-2018-ba-che": "A", "qn-2018-binh-lieu": "A",
    "qn-2018-dam-ha": "A", "qn-2018-van-don": "A", "qn-2018-ha-long": "A", "qn-2018-dong-trieu": "B",
    "qn-2018-uong-bi": "B", "qn-2018-quang-yen": "B", "qn-2018-tien-yen": "B", "qn-2018-cam-pha": "B",
    "qn-2018-co-to": "B", "qn-2018-hoanh-bo": "C",
}  # fmt: skip
every_process = pytest.mark.parametrize("process", PROCESSES)


def bundle(process: str) -> runner.Bundle:
    return runner.compile_bundle(bundle_files(process))


@every_process
def test_the_checker_lets_it_run_without_a_warning(process: str) -> None:
    report = lint.check(bundle_files(process))
    assert report.outcome == "runnable"
    assert not [finding for finding in report.findings if finding.level in ("refused", "draft", "warning")]


@every_process
def test_every_step_has_its_form_and_every_form_its_step(process: str) -> None:
    named = bundle_files(process)
    steps = {key for key, element in bundle(process).elements(process).items() if element.type == "userTask"}
    assert steps == {name.removesuffix(".form.json") for name in named if name.endswith(".form.json")}
    for name in named:
        if name.endswith(".form.json"):
            forms.compile(named[name])


@every_process
def test_every_label_is_said_in_english_too(process: str) -> None:
    for name, content in bundle_files(process).items():
        if not name.endswith(".form.json"):
            continue
        for component in _components(json.loads(content)["components"]):
            assert component["properties"].get("label_en"), (name, component.get("key"))
            assert all(value.get("label_en") for value in component.get("values", ())), (name, component.get("key"))


def _components(listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [found for each in listed for found in (each, *_components(each.get("components", [])))]


@every_process
def test_operators_and_progress_are_known(process: str) -> None:
    for element in bundle(process).elements(process).values():
        if "operator" in element.ext:
            assert element.ext["operator"] in operators.names(), element.id
        if "progress" in element.ext:
            Progress(element.ext["progress"])


def test_every_message_that_is_sent_is_waited_for_by_somebody_and_the_other_way_round() -> None:
    sent: set[str] = set()
    waited: set[str] = set()
    for process in PROCESSES:
        for element in bundle(process).elements(process).values():
            if element.message is not None:
                catches = element.type in ("startEvent", "intermediateCatchEvent", "boundaryEvent")
                (waited if catches else sent).add(element.message)
    assert sent == waited


@pytest.mark.parametrize("form", ["accept_order", "accept_lead", "accept_locality"])
def test_a_refusal_names_one_of_the_listed_reasons(form: str) -> None:
    process = {"accept_order": "bloc", "accept_lead": "lead", "accept_locality": "locality"}[form]
    components = {each["key"]: each for each in json.loads(bundle_files(process)[f"{form}.form.json"])["components"]}
    assert [value["label"] for value in components["refusal_reason"]["values"]] == [
        "Không đúng chức năng", "Trùng nhiệm vụ", "Thiếu nguồn lực", "Thời hạn không khả thi", "Lý do khác",
    ]  # fmt: skip
    assert components["refusal_reason"]["validate"]["required"] and components["reason"]["validate"]["required"]


def test_an_order_cannot_be_drafted_with_one_of_the_six_clarities_empty() -> None:
    form = json.loads(bundle_files("order")["draft_order.form.json"])
    required = {
        each["key"] for each in _components(form["components"]) if each.get("validate", {}).get("required") is True
    }
    assert required >= {
        "ro_nguoi", "ro_viec", "ro_thoi_gian", "ro_trach_nhiem", "ro_tham_quyen", "ro_san_pham", "due_on",
    }  # fmt: skip


@pytest.mark.parametrize(("locality", "model"), LOCALITIES.items())
def test_each_locality_of_2018_works_by_its_model_and_only_model_c_agrees(locality: str, model: str) -> None:
    step = _at_sharing_out(locality, "2018-10-12")
    assert step.data["model"] == model
    assert step.waiting[0].element == ("agree_locality" if model == "C" else "assign_locality")


def test_from_july_2025_all_communes_work_by_one_model() -> None:
    step = _at_sharing_out("qn-2018-hoanh-bo", "2025-07-01")
    assert (step.data["model"], step.waiting[0].element) == ("common", "assign_locality")


def _at_sharing_out(locality: str, today: str) -> runner.Step:
    shipped = bundle("locality")
    facts = {"is_leaf": False, "locality_code": locality, "today": today}
    first = runner.start(shipped, "locality", data=facts, now=NOW, message="locality.assigned")
    return runner.advance(
        shipped, "locality", first.rest, runner.Complete(first.waiting[0].key, {"decision": "accept"}), now=NOW
    )


def test_the_lead_of_the_environment_is_proposed_and_an_unknown_topic_gets_no_proposal() -> None:
    assert _proposal("environment") == "phu_nu"
    assert _proposal("other") is None
    assert _proposal(None) is None


def _proposal(topic: str | None) -> Any:
    shipped = bundle("bloc")
    first = runner.start(shipped, "bloc", data={"topic_code": topic}, now=NOW, message="order.placed")
    answer = runner.Complete(first.waiting[0].key, {"decision": "accept"})
    return runner.advance(shipped, "bloc", first.rest, answer, now=NOW).data["proposed_lead"]


def test_a_leaf_carries_out_at_once_and_again_after_a_return() -> None:
    shipped = bundle("locality")
    step = runner.start(shipped, "locality", data={"is_leaf": True}, now=NOW, message="locality.assigned")
    assert [one.element for one in step.waiting] == ["carry_out"]
    step = runner.advance(shipped, "locality", step.rest, runner.Complete(step.waiting[0].key, {}), now=NOW)
    assert [thrown.name for thrown in step.thrown] == ["locality.reported"]
    returned = next(one for one in step.waiting if one.message == "locality.returned")
    step = runner.advance(shipped, "locality", step.rest, runner.Deliver(returned.key, {}), now=NOW)
    assert [one.element for one in step.waiting] == ["carry_out"]


@every_process
def test_no_shipped_text_holds_a_person_or_an_address(process: str) -> None:
    for name, content in bundle_files(process).items():
        assert not re.search(r"https?://(?!www\.omg\.org|www\.w3\.org)|đồng chí|\bÔng\b|\bBà\b", content.decode()), name
