"""What counts as a change of data: values are compared as they are stored, wherever branches and rounds meet."""

import pytest

from engine.runner import Stuck
from tests.engine.diagrams import (
    boundary,
    bundle,
    chain,
    element,
    end,
    flows,
    fork,
    message,
    process,
    script,
    start,
    sub,
    user,
)
from tests.engine.running import Run

ONE = "<bpmn:script>flag = 1</bpmn:script>"
TWICE = element("multiInstanceLoopCharacteristics", "twice", "<bpmn:loopCardinality>2</bpmn:loopCardinality>")


def told(run: Run) -> tuple[type, object]:
    flag = run.step.data["flag"]
    return type(flag), flag


def test_a_round_that_makes_one_of_true_has_changed_it() -> None:
    repeated = element("scriptTask", "each", ONE, TWICE)
    run = Run(bundle(process(start(), repeated, end(), chain("start", "each", "end"))), {"flag": True})
    assert told(run) == (int, 1)


@pytest.mark.parametrize(("before", "after"), [(True, 1), ("old", "new")])
def test_what_a_branch_changed_before_its_sub_process_was_stopped_is_known_after_it(
    before: object, after: object
) -> None:
    branches = flows(("s", "f"), ("f", "set"), ("set", "w"), ("w", "ew"), ("f", "v"), ("v", "ev"), prefix="i")
    work = script("set", f"flag = {after!r}"), user("w"), user("v"), end("ew"), end("ev")
    inside = sub("part", start("s"), fork("f"), *work, branches)
    stopped = boundary("stop", "part", message("Stop"))
    around = flows(("start", "part"), ("part", "end"), ("stop", "next"), ("next", "end"))
    files = bundle(process(start(), inside, stopped, user("next"), end(), around), messages=("Stop",))
    run = Run(files, {"flag": before})
    run.said("stop")
    run.done("next")
    assert told(run) == (type(after), after)


def aside(*, interrupting: bool) -> str:
    begun = element("startEvent", "s", message("Now"), isInterrupting=str(interrupting).lower())
    return sub("aside", begun, user("look"), end("e"), chain("s", "look", "e", prefix="h"), triggeredByEvent="true")


def test_an_event_sub_process_begins_with_what_was_changed_in_its_scope() -> None:
    branches = flows(("start", "f"), ("f", "set"), ("set", "work"), ("work", "end"), ("f", "other"), ("other", "end"))
    work = fork("f"), script("set", "flag = 1"), user("work"), user("other")
    files = bundle(process(start(), *work, end(), branches, aside(interrupting=True)), messages=("Now",))
    run = Run(files, {"flag": True})
    run.said("s")
    assert type(run.step.waiting[0].data["flag"]) is int
    run.done("look")
    assert told(run) == (int, 1)


def test_what_an_event_sub_process_changed_itself_counts_where_it_meets_the_others() -> None:
    main = start(), user("work"), end(), chain("start", "work", "end")
    run = Run(bundle(process(*main, aside(interrupting=False)), messages=("Now",)), {"flag": True})
    run.said("s")
    run.done("work", flag="done")
    run.done("look", flag=1)
    assert told(run) == (int, 1)


def parting_twice(between: str) -> Run:
    """A sub-process of four branches, two of which parted later; each ends by itself when its task is done."""
    ends = [flows((branch, f"e{branch}"), prefix=f"to_{branch}_") for branch in "abcd"]
    parting = flows(("s", "f"), ("f", "a"), ("f", "b"), ("f", "set"), ("set", "g"), ("g", "c"), ("g", "d"), prefix="i")
    branches = [part for branch in "abcd" for part in (user(branch), end(f"e{branch}"))]
    inside = sub("part", start("s"), fork("f"), script("set", between), fork("g"), *branches, *ends, parting)
    run = Run(bundle(process(start(), inside, end(), chain("start", "part", "end"))), {"flag": True})
    for branch in "cda":
        run.done(branch)
    return run


def test_what_was_changed_before_a_branch_parted_again_counts_when_it_has_ended() -> None:
    run = parting_twice("flag = 1")
    run.done("b")
    assert told(run) == (int, 1)


def test_branches_that_made_different_things_of_true_disagree_at_the_end_of_their_sub_process() -> None:
    run = parting_twice("flag = 2")
    with pytest.raises(Stuck, match="disagree about “flag”"):
        run.done("b", flag=1)
