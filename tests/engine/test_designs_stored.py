"""Designs in the database: saved against a revision, approved by a second person, published on their day, commented."""

from datetime import timedelta

import pytest

from engine import definitions, designs, jobs, uses
from engine.designs import publishing
from models.definitions import Definition
from models.designs import Design
from models.errors import Conflict, Invalid, NotAllowed, WrongState
from tests.play import Story

DAY = timedelta(days=1)


def drawn(story: Story) -> Design:
    """Let a designer open the process of plain work and give its first step a day."""
    with story.doing() as session:
        actor = story.actor("thietke")
        design = designs.open_definition(session, uses.active(session, "work"), actor=actor)
        text = designs.files_of(session, design.id)["work.bpmn"]
        changed = text.replace(b'id="describe_work"', b'id="describe_work" lt:workingDays="1"', 1)
        assert changed != text
        return designs.save_file(session, design, "work.bpmn", changed, revision=1, actor=actor)


def submitted(story: Story) -> Design:
    design = drawn(story)
    with story.doing() as session:
        designs.submit(session, session.get_one(Design, design.id), actor=story.actor("thietke"), note="Thêm hạn")
    return design


def test_a_design_is_published_on_its_day_once_and_by_the_sweep(story: Story) -> None:
    design = submitted(story)
    with story.doing() as session:
        before = uses.active(session, "work").version
        found = session.get_one(Design, design.id)
        designs.approve(
            session, found, actor=story.actor("quantri"), note="Được", effective_at=story.clock.now() + 3 * DAY
        )
    jobs.drain(story.database, story.clock)
    story.clock.at += 4 * DAY
    jobs.drain(story.database, story.clock)
    with story.doing() as session:
        publishing.publish(session, design.id)
        assert uses.active(session, "work").version == before + 1
    assert story.get(Design, design.id).state == "published"
    assert len(story.facts("design:published")) == 1


def test_who_submitted_does_not_approve_and_nothing_moves(story: Story) -> None:
    design = submitted(story)
    versions = len(story.rows(Definition))
    with pytest.raises(NotAllowed), story.doing() as session:
        designs.approve(session, session.get_one(Design, design.id), actor=story.actor("thietke"), note="Được")
    assert (story.get(Design, design.id).state, len(story.rows(Definition))) == ("review", versions)


def test_an_approval_twice_publishes_once(story: Story) -> None:
    design = submitted(story)
    with story.doing() as session:
        designs.approve(session, session.get_one(Design, design.id), actor=story.actor("quantri"), note="Được")
    with pytest.raises(WrongState), story.doing() as session:
        designs.approve(session, session.get_one(Design, design.id), actor=story.actor("quantri"), note="Được")
    assert len(story.facts("design:approved")) == 1


def test_of_two_that_saved_at_one_revision_the_second_is_told_of_the_first(story: Story) -> None:
    design = drawn(story)
    other = story.actor("quantri")
    with story.doing() as session:
        content = designs.files_of(session, design.id)["work.bpmn"] + b" "
    with pytest.raises(Conflict) as refused, story.doing() as session:
        designs.save_file(session, session.get_one(Design, design.id), "work.bpmn", content, revision=1, actor=other)
    assert refused.value.reason == "design_changed"
    assert len(story.facts("design:saved")) == 1


def test_files_that_are_brought_along_do_not_go_past_the_second_person(story: Story) -> None:
    with story.doing() as session:
        files = definitions.files_of(session, uses.active(session, "work").id)
    files["work.bpmn"] += b"<!-- 2 -->"
    with pytest.raises(NotAllowed), story.doing() as session:
        designs.deploy(session, files, actor=story.actor("thietke"))
    with story.doing() as session:
        assert designs.deploy(session, files, actor=story.actor("quantri"))[0].version == 2


def test_a_remark_without_words_is_refused_and_one_is_done_once(story: Story) -> None:
    design = drawn(story)
    with pytest.raises(Invalid), story.doing() as session:
        designs.comment(session, session.get_one(Design, design.id), " ", actor=story.actor("thietke"))
    with story.doing() as session:
        remark = designs.comment(
            session, session.get_one(Design, design.id), "@quantri xem", actor=story.actor("thietke")
        )
        designs.complete_comment(session, remark, actor=story.actor("quantri"))
    assert [one.person_id for one in story.notices("design:commented")] == [story.world.person("quantri")]
    with pytest.raises(WrongState), story.doing() as session:
        designs.complete_comment(session, session.merge(remark), actor=story.actor("quantri"))
