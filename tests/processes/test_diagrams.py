"""The shipped diagrams are ones a person likes to read: small pages, straight happy paths, questions and answers."""

import re
from itertools import pairwise

import pytest
from lxml import etree

from tests.processes.drawing import LT, PROCESSES, Drawing, Page, all_pages, local

PAGES = list(all_pages())
DRAWINGS = {process: Drawing(process) for process in PROCESSES}
SMALL = re.compile(r"[a-z][a-z0-9_]*")
# An organization's own words: a lane or a step may name a role, never a body of a place.
ORGANIZATIONS = re.compile(
    r"Hội |Đoàn TN|Thành đoàn|Liên đoàn|Cẩm Phả|Quảng Ninh|Mặt trận|MTTQ|Ban CHQS|Thành ủy", re.I
)

every_page = pytest.mark.parametrize("page", PAGES, ids=[page.title for page in PAGES])
every_process = pytest.mark.parametrize("process", PROCESSES)


@every_page
def test_a_page_has_at_most_twelve_flow_nodes(page: Page) -> None:
    assert 2 <= len(page.nodes) <= 12


@every_process
def test_every_sub_process_is_closed_and_has_a_page_of_its_own(process: str) -> None:
    drawing = DRAWINGS[process]
    inside = {page.element.get("id") for page in drawing.pages[1:]}
    assert inside == {node.get("id") for page in drawing.pages for node in page.nodes if local(node) == "subProcess"}


@every_page
def test_everything_has_a_vietnamese_name(page: Page) -> None:
    unnamed = [each.get("id") for each in (*page.nodes, *page.lanes) if not (each.get("name") or "").strip()]
    assert not unnamed


@every_process
def test_ids_are_english_words_in_small_letters(process: str) -> None:
    assert not [name for name in DRAWINGS[process].by_id if not SMALL.fullmatch(str(name))]


@every_page
def test_a_gateway_asks_and_its_flows_answer(page: Page) -> None:
    for gateway in (node for node in page.nodes if local(node).endswith("Gateway")):
        leaving = page.leaving(gateway.get("id", ""))
        assert len(leaving) >= 2, gateway.get("id")
        assert (gateway.get("name") or "").endswith("?"), gateway.get("id")
        if local(gateway) == "eventBasedGateway":
            continue  # the events that follow are the answers
        assert all(flow.get("name") for flow in leaving), gateway.get("id")
        assert gateway.get("default") in {flow.get("id") for flow in leaving}, gateway.get("id")
        assert sum(len(flow) for flow in leaving) == len(leaving) - 1, gateway.get("id")


@every_page
def test_lanes_bind_to_roles_and_nothing_names_an_organization(page: Page) -> None:
    assert all(SMALL.fullmatch(lane.get(f"{LT}role") or "") for lane in page.lanes)
    named = [each.get("name") or "" for each in (*page.nodes, *page.lanes, *page.flows)]
    assert not [name for name in named if ORGANIZATIONS.search(name)]


@every_page
def test_every_node_is_drawn_in_its_lane(page: Page) -> None:
    placed = [ref.text for lane in page.lanes for ref in lane]
    if page.lanes:
        assert sorted(map(str, placed)) == sorted(str(node.get("id")) for node in page.nodes)
    for lane in page.lanes:
        box = page.shapes[lane.get("id", "")]
        assert all(box.touches(page.shapes[ref.text or ""].middle) for ref in lane)


@every_page
def test_every_node_has_a_shape_and_every_flow_a_line_between_its_ends(page: Page) -> None:
    for node in page.nodes:
        assert page.shapes[node.get("id", "")].width > 0
    for flow in page.flows:
        line = page.lines[flow.get("id", "")]
        assert page.shapes[flow.get("sourceRef", "")].touches(line[0]), flow.get("id")
        assert page.shapes[flow.get("targetRef", "")].touches(line[-1]), flow.get("id")
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(line)), flow.get("id")


@every_process
def test_the_happy_path_of_the_main_page_is_one_straight_line(process: str) -> None:
    page = DRAWINGS[process].pages[0]
    node = next(each for each in page.nodes if local(each) == "startEvent")
    height, seen = page.shapes[node.get("id", "")].middle[1], []
    while local(node) != "endEvent":
        seen.append(node.get("id"))
        node = _next(page, node.get("id", ""), height)
        assert node.get("id") not in seen
    assert len(seen) >= len([each for each in page.nodes if page.shapes[each.get("id", "")].middle[1] == height]) - 1


def _next(page: Page, node: str, height: float) -> etree._Element:
    """Return where the default answer (or the straight event) leads; it lies on the same height, further right."""
    leaving = page.leaving(node)
    default = next(each.get("default") for each in page.nodes if each.get("id") == node)
    chosen = [flow for flow in leaving if flow.get("id") == default] if default else leaving
    straight = [flow for flow in chosen if page.lines[flow.get("id", "")][-1][1] == height]
    assert len(straight) == 1, node
    assert len(page.lines[straight[0].get("id", "")]) == 2, straight[0].get("id")
    return next(each for each in page.nodes if each.get("id") == straight[0].get("targetRef"))


@every_page
def test_labels_lie_clear_of_shapes_and_of_each_other(page: Page) -> None:
    boxes = {node.get("id", ""): page.shapes[node.get("id", "")] for node in page.nodes}
    overlaps = [
        (label, other)
        for label, box in page.labels.items()
        for other, shape in [*boxes.items(), *((f"label of {name}", at) for name, at in page.labels.items())]
        if other != f"label of {label}" and box.meets(shape)
    ]
    assert not overlaps


@every_page
def test_shapes_do_not_overlap(page: Page) -> None:
    # A boundary event sits on the border of its step.
    free = [node for node in page.nodes if local(node) != "boundaryEvent"]
    boxes = [(node.get("id"), page.shapes[node.get("id", "")]) for node in free]
    assert not [(a, b) for n, (a, box) in enumerate(boxes) for b, other in boxes[n + 1 :] if box.meets(other)]


@every_page
def test_every_step_of_a_person_has_an_instruction(page: Page) -> None:
    for task in (node for node in page.nodes if local(node) == "userTask"):
        instruction = next((child.text for child in task if local(child) == "documentation"), None)
        assert instruction, task.get("id")
