"""Deployed definitions: checked, immutable, addressed by hash; running work stays on its version."""

import pytest
from lxml import etree

from engine import definitions, instances, uses
from models.definitions import Definition, StartMessage
from models.errors import Invalid, NotAllowed, NotFound
from models.instances import Instance
from tests.engine.diagrams import bundle, chain, end, message, process, start, user
from tests.play import PROCESSES, Story
from tests.play import bundle as shipped

ONE = bundle(process(start(), user("one"), end(), chain("start", "one", "end")))
TWO = bundle(process(start(), user("one"), user("two"), end(), chain("start", "one", "two", "end")))


def deploy(story: Story, files: dict[str, bytes], login: str = "thietke") -> Definition:
    with story.doing() as session:
        return definitions.deploy(session, files, actor=story.actor(login), note="thử")[0]


def test_the_same_files_again_change_nothing(story: Story) -> None:
    first, again = deploy(story, ONE), deploy(story, dict(ONE))
    assert first.id == again.id
    assert len(story.facts("definition:deployed", definition_id=first.id)) == 1


def test_a_diagram_is_kept_as_browsers_read_it_whatever_it_was_written_in(story: Story) -> None:
    text = etree.tostring(etree.fromstring(ONE["p.bpmn"]), encoding="unicode")
    text = text.replace('isExecutable="true"', 'isExecutable="1"').replace(
        "<bpmn:process", "<!-- Đã duyệt --><bpmn:process"
    )
    drawn = f'<?xml version="1.0" encoding="UTF-16"?>{text}'.encode("utf-16")
    kept = deploy(story, {"p.bpmn": drawn})
    with story.doing() as session:
        content = definitions.files_of(session, kept.id)["p.bpmn"].decode()
    assert ('isExecutable="true"' in content, "Đã duyệt" in content) == (True, True)


def test_changed_files_are_a_new_version_and_the_old_one_is_retired_but_kept(story: Story) -> None:
    first, second = deploy(story, ONE), deploy(story, TWO)
    assert (first.version, second.version) == (1, 2)
    assert first.hash != second.hash
    assert story.get(Definition, first.id).retired_at is not None
    with story.doing() as session:
        assert uses.active(session, "p").id == second.id
        assert definitions.files_of(session, first.id) == ONE


def test_deploying_an_old_version_again_makes_it_active_again(story: Story) -> None:
    first, _, again = deploy(story, ONE), deploy(story, TWO), deploy(story, ONE)
    assert first.id == again.id
    with story.doing() as session:
        assert uses.active(session, "p").id == first.id


def test_running_instances_stay_on_the_version_they_started_with(story: Story) -> None:
    """P11."""
    deploy(story, ONE)
    with story.doing() as session:
        begun = instances.start(session, uses.active(session, "p"), actor=story.actor("thietke")).id
    deploy(story, TWO)
    story.answer("thietke", "one")
    assert story.get(Instance, begun).state == "finished"
    with story.doing() as session:
        instances.start(session, uses.active(session, "p"), actor=story.actor("thietke"))
    story.answer("thietke", "one")
    assert story.steps() == {"two"}


def test_only_designers_and_administrators_deploy(story: Story) -> None:
    for login in ("truong.khoi", "vp.ubnd", "thanhtra"):
        with pytest.raises(NotAllowed):
            deploy(story, ONE, login)
    assert story.rows(Definition, process_id="p") == []


def test_what_the_checker_refuses_is_not_deployed_and_says_why(story: Story) -> None:
    broken = bundle(process(start(), user("one"), chain("start", "one")).replace("userTask", "adHocSubProcess"))
    with pytest.raises(Invalid) as refused:
        deploy(story, broken)
    assert refused.value.facts["findings"]
    assert story.rows(Definition, process_id="p") == []


def test_a_diagram_that_calls_an_unknown_command_is_refused_by_name(story: Story) -> None:
    wrong = bundle(process(start(), user("one", lt={"operator": "database.drop"}), end(), chain("start", "one", "end")))
    with pytest.raises(Invalid) as refused:
        deploy(story, wrong)
    assert refused.value.facts["operator"] == "database.drop"


BROKEN = {"html": b'{"components": [{"type": "html"}]}', "no JSON": b"{", "a list": b"[]"}


@pytest.mark.parametrize("form", BROKEN.values(), ids=BROKEN)
def test_a_broken_form_is_refused_and_named(story: Story, form: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        deploy(story, {**ONE, "one.form.json": form})
    wrong = [finding for finding in refused.value.facts["findings"] if finding.level == "refused"]
    assert {finding.file for finding in wrong} == {"one.form.json"}
    assert story.rows(Definition, process_id="p") == []


def test_the_newest_definition_with_a_start_message_takes_it(story: Story) -> None:
    files = bundle(
        process(start("come", message("news.came")), user("one"), end(), chain("come", "one", "end")),
        messages=("news.came",),
    )
    made = deploy(story, files)
    assert made.starts_on == ["news.came"]
    assert not made.startable
    assert story.get(StartMessage, "news.came").process_id == "p"


def test_an_unknown_process_is_not_found(story: Story) -> None:
    with story.doing() as session, pytest.raises(NotFound):
        uses.active(session, "no_such")


def test_every_shipped_process_is_deployed_byte_for_byte(story: Story) -> None:
    with story.doing() as session:
        for process_id in PROCESSES:
            found = uses.active(session, process_id)
            assert definitions.files_of(session, found.id) == shipped(process_id)


def test_the_form_of_a_step_is_that_of_its_own_version(story: Story) -> None:
    form = b'{"type": "default", "components": [{"type": "textfield", "key": "%s", "label": "A"}]}'
    old = deploy(story, {**ONE, "one.form.json": form % b"a"})
    new = deploy(story, {**ONE, "one.form.json": form % b"b"})
    with story.doing() as session:
        keys = []
        for one in (old, new):
            found = definitions.form_of(session, one.id, "one")
            assert found is not None
            keys.append([component.key for component in found.components])
        assert definitions.form_of(session, new.id, "none") is None
    assert keys == [["a"], ["b"]]
