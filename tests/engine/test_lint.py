"""The checker says what is wrong with a definition, where, and what to do."""

import re
from pathlib import Path

from engine import lint
from engine.lint import texts
from engine.lint.texts import TEXTS
from tests.engine.diagrams import chain, element, flows, fork, join, user
from tests.engine.linting import ROLE, found, one


def test_a_sound_process_is_runnable() -> None:
    report = lint.check(one(user("write", lt=ROLE), chain("start", "write", "end")))
    assert (report.outcome, report.findings, report.processes) == ("runnable", (), ("p",))


def test_every_finding_names_file_line_element_rule_and_remedy_in_both_languages() -> None:
    files = one(user("write", lt={"role": "lead", "form": "report"}), chain("start", "write", "end"))
    line = next(n for n, text in enumerate(files["p.bpmn"].decode().splitlines(), 1) if 'id="write"' in text)
    finding = found(files)["form-missing"]
    assert (finding.file, finding.line, finding.element, finding.level) == ("p.bpmn", line, "write", "refused")
    assert "report" in finding.message_vi
    assert "report" in finding.message_en
    assert "report.form.json" in finding.remedy_vi
    assert "report.form.json" in finding.remedy_en


def test_all_rules_have_sentences_and_all_sentences_a_rule() -> None:
    root = Path(lint.__file__).parent.parent
    sources = [
        *root.glob("bpmn/**/*.py"),
        *root.glob("lint/*.py"),
        *root.glob("lint/rules/*.py"),
        root / "runner/bundle.py",
        root / "runner/decisions.py",
    ]
    code = "".join(path.read_text() for path in sources)
    missing = [rule for rule in TEXTS if f'"{rule}"' not in code]
    assert missing == []
    told = set(re.findall(r'(?:"(?:refused|warning|note|draft)", |Unreadable\()"([a-z-]+)"', code))
    assert told - TEXTS.keys() == set()


def test_parallel_tasks_that_answer_the_same_field_are_told_before_they_get_stuck() -> None:
    form = b'{"type":"default","components":[{"type":"select","key":"decision"},{"type":"textarea","key":"reason"}]}'
    files = one(
        fork("f"),
        user("a", lt=ROLE),
        user("b", lt=ROLE),
        join("j"),
        flows(("start", "f"), ("f", "a"), ("f", "b"), ("a", "j"), ("b", "j"), ("j", "end")),
    )
    finding = found({**files, "a.form.json": form, "b.form.json": form})["same-field-in-parallel"]
    assert "decision" in finding.message_en
    assert "reason" not in finding.message_en


def test_a_form_of_the_tasks_name_needs_no_mention() -> None:
    files = {**one(user("a", lt=ROLE), chain("start", "a", "end")), "a.form.json": b'{"components": []}'}
    assert lint.check(files).outcome == "runnable"


def test_decision_tables_are_checked_cell_by_cell() -> None:
    table = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d"><decision id="pick" name="Pick">'
        '<decisionTable id="t" hitPolicy="{}"><input id="i"><inputExpression id="ie"><text>kind</text>'
        '</inputExpression></input><output id="o" name="lead"/><rule id="r1"><inputEntry id="x"><text>{}</text>'
        "</inputEntry>"
        '<outputEntry id="y"><text>"hlhpn"</text></outputEntry></rule></decisionTable></decision></definitions>'
    )
    rule = one(element("businessRuleTask", "r", name="R", lt={"decision": "pick"}), chain("start", "r", "end"))
    assert lint.check({**rule, "d.dmn": table.format("FIRST", '"env"').encode()}).outcome == "runnable"
    assert "hit-policy" in found({**rule, "d.dmn": table.format("PRIORITY", '"env"').encode()}, "refused")
    assert "expression-unreadable" in found({**rule, "d.dmn": table.format("FIRST", "1 +").encode()}, "refused")


def test_each_rule_is_said_in_one_table() -> None:
    tables = [texts.elements, texts.events, texts.files, texts.flows, texts.imported, texts.soundness]
    tables += [texts.standard, texts.tables, texts.work]
    assert sum(len(table.TEXTS) for table in tables) == len(TEXTS)
