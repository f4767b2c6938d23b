"""The designer speaks Vietnamese wherever a library has a text, offers what our engine runs, and stays light."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.bpmn.model import NODES
from engine.lint.rules import events
from engine.lint.rules.work import EXTENSIONS
from tests.house.code import ROOT
from webapp.assets import Assets

DESIGNER = ROOT / "webapp/designer"
SOURCES = DESIGNER / "sources"
PACKAGES = DESIGNER / "node_modules"
WORDS = SOURCES / "designer/words"
MENUS = PACKAGES / "bpmn-js/lib/features"

STRING = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
# A whole text, written in one piece or in several that are added; what goes on with a variable is ALIGNED.
TRANSLATED = re.compile(rf"translate\(\s*((?:{STRING})(?:\s*\+\s*(?:{STRING}))*)\s*[,)]")
LABELLED = re.compile(rf"^(?!\s*//)[^\n]*\blabel:? ?[:=] ({STRING})", re.MULTILINE)
SAID = re.compile(r'\bsay\(\s*("(?:[^"\\]|\\.)*")')
ENTRY = re.compile(r'("(?:[^"\\]|\\.)*"):\s*("(?:[^"\\]|\\.)*")')
# The form editor translates nothing: its texts are where it draws them, and in the answers of its checks.
SHOWN = re.compile(
    r"(?:\b(?:label|title|description|placeholder|name|text|tooltip|emptyMessage|children)|['\"]?aria-?[lL]abel['\"]?)"
    rf"\s*[:=]\s*({STRING})"
)
ANSWERED = re.compile(r"""(["'](?:Must|Should|Field|Value|Section|Toggle|Open|Text view|No|Date) [^"'\n]+["'])""")
FILLED = re.compile(r"`((?:Minimum|Maximum|New value|Should|Field must|Remove|Please|Value|Expand)[^`\n]{3,160})`")
ALIGNED = {f"Align elements {side}" for side in ("left", "center", "right", "top", "middle", "bottom")}
# Reviewed: an example in a comment of the library, a text that goes on with ALIGNED, and the transform of a drawing.
NO_TEXTS = {"HELLO {you}", "Align elements ", " + shift + "}
# Reviewed: names of classes, of people in a sample, of the library's maker, and what throws where a developer looks.
NOT_SHOWN = {
    "Dominic Leaf", "Erika Muller", "FilterContext", "Forms submission", "John Doe", "Powered by bpmn.io", "Root",
    "Value is expected to ", "No associated form field in the registry",
}  # fmt: skip
# What the table editor says without asking for a translation begins like a sentence, or is one of its types.
CAPITAL = re.compile(rf"({STRING}|`[^`\n]*`)")
SENTENCE = re.compile(r"[A-Z][a-z]+\b")
TYPES = re.compile(r"DEFAULT_DATA_TYPES = \[([^\]]+)\]")
# Reviewed: keys of the keyboard, kinds of lines, names of languages, and what throws where a developer looks.
NOT_SHOWN_IN_TABLES = {
    "Arial, sans-serif", "Authority", "Both", "Cannot open what looks like a DMN", "Decision", "Enter", "Escape",
    "Java", "For more information, see https://github.com/bpmn-io/diagram-js/pull/662", "Knowledge", "One",
    "Keyboard binding is now implicit; explicit binding to an element got removed.",
    "Please refer to https://bpmn.io/l/dmn-compatibility.html",
}  # fmt: skip
# The first is replaced by decisions.js, the second is the licence's mark, and the third tells of promises.
NOT_READ = {"HitPolicies.js", "PoweredByUtil.js", "CompatibilityUtils.js"}
# Of components that our server does not show, and form_fields.js takes out: pages, frames, pictures, tables, buttons.
NOT_OFFERED = re.compile(
    "iframe|source url|URL|popup|modal|fullscreen|same origin|access|Geolocation|Script|navigation|Storage|HTML|Html|"
    "[Ii]mage|[Tt]able|[Dd]ocument|Header|column items|Pagination|page|container|Height|Alternative|Compute|"
    "Expression$|Define an expression to calculate|Spacer|Tag list|External|Security|security|X-FRAME|content to show|"
    "Column \\d|sorting|Open in|data URI"
)


def form_texts(package: str) -> set[str]:
    """Return what a part of the form editor shows, what is filled in written as `{}`."""
    (file,) = PACKAGES.glob(f"@bpmn-io/{package}/dist/index.es*.js")
    text = re.sub(r"^\s*(?://|\*).*$", "", file.read_text("utf-8"), flags=re.MULTILINE)
    found = {one for pattern in (SHOWN, ANSWERED) for one in literals(pattern, text) if re.match("[A-Z]", one)}
    return found | {filled(one) for one in FILLED.findall(text)}


def filled(text: str) -> str:
    """Write a text without the names of what is filled in, the library's or ours."""
    return re.sub(r"\$?\{[^{}]*\}", "{}", text)


def literals(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """Find the texts that a pattern's first group holds, put together where they are added."""
    for found in pattern.finditer(text):
        parts = re.findall(STRING, found[1])
        yield "".join(re.sub(r"\\(.)", r"\1", part[1:-1]) for part in parts)


def texts_of(*folders: str) -> set[str]:
    """Return what the libraries in some folders have translated."""
    files = [path for folder in folders for path in sorted(PACKAGES.glob(f"{folder}/**/*.js"))]
    assert files
    return {text for path in files for text in literals(TRANSLATED, path.read_text("utf-8"))} - NO_TEXTS


def table_texts() -> set[str]:
    """Return what the table editor shows, asked for or not, what is filled in written as `{}`."""
    found = set()
    for path in sorted(PACKAGES.glob("dmn-js-*/lib/**/*.js")):
        if path.name not in NOT_READ:
            text = re.sub(r"^\s*(?://|\*|/\*|import\b|throw\b).*$", "", path.read_text("utf-8"), flags=re.MULTILINE)
            found |= {filled(one[1:-1].strip()) for one in CAPITAL.findall(text) if SENTENCE.match(one[1:])}
            found |= {one for types in TYPES.findall(text) for one in literals(re.compile(f"({STRING})"), types)}
    return found


def menu_labels() -> set[str]:
    """Return the names of what menus turn elements into."""
    files = [MENUS / "popup-menu/PopupEntries.js", MENUS / "replace/ReplaceOptions.js"]
    return {text for path in files for text in literals(LABELLED, path.read_text("utf-8"))}


def words(name: str) -> dict[str, str]:
    text = (WORDS / name).read_text("utf-8")
    return {json.loads(key): json.loads(value) for key, value in ENTRY.findall(text)}


def test_every_text_of_the_drawing_library_is_vietnamese() -> None:
    wanted = texts_of("bpmn-js/lib", "diagram-js/lib", "diagram-js-minimap/dist") | menu_labels() | ALIGNED
    assert len(wanted) > 100
    assert sorted(wanted - words("vi.js").keys()) == []


def test_every_text_of_the_table_editor_is_vietnamese() -> None:
    known = words("tables_vi.js").keys() | words("vi.js").keys()
    assert sorted(texts_of("dmn-js*/lib") - known) == []
    spoken = {one.strip() for one in known}
    shown = table_texts() - NOT_SHOWN_IN_TABLES
    assert shown >= {"Move {}", "Remove item", "string", "Decision table context menu"}
    assert [one for one in sorted(shown) if not any(map(re.compile(like(one)).fullmatch, spoken))] == []


def like(text: str) -> str:
    """Return the pattern of what a text may be when something is filled in."""
    return ".+".join(map(re.escape, text.split("{}")))


def test_every_text_of_the_form_editor_is_vietnamese() -> None:
    wanted = form_texts("form-js-editor") | form_texts("form-js-viewer") | form_texts("properties-panel")
    wanted = {one for one in wanted - NOT_SHOWN if not NOT_OFFERED.search(one)}
    assert len(wanted) > 120
    known = words("forms_vi.js")
    assert sorted(wanted - {filled(one) for one in known}) == []
    assert all(set(re.findall(r"\{\w+\}", text)) <= set(re.findall(r"\{\w+\}", one)) for one, text in known.items())


def test_the_search_for_texts_sees_one_and_several_pieces() -> None:
    sample = "a(translate('One {x}', {}));\n this._translate(\n 'Two ' +\n \"halves\");\n translate(markerRect, 1);"
    assert list(literals(TRANSLATED, sample)) == ["One {x}", "Two halves"]
    assert list(literals(LABELLED, "  label: 'Task',\n  // label: 'Not drawn',\n var label = 'Pool';")) == [
        "Task",
        "Pool",
    ]


def test_every_sentence_of_ours_has_its_english() -> None:
    said = {
        json.loads(text)
        for path in [*SOURCES.glob("*.js"), *(SOURCES / "designer").rglob("*.js")]
        for text in SAID.findall(path.read_text("utf-8"))
    }
    assert len(said) > 200
    known = words("en.js")
    assert (sorted(said - known.keys()), sorted(known.keys() - said)) == ([], [])


def test_what_can_be_drawn_is_what_the_engine_runs() -> None:
    executed = json.loads((SOURCES / "designer/executed.json").read_text("utf-8"))
    assert set(executed["nodes"]) == NODES
    assert {type: set(kinds) for type, kinds in executed["events"].items()} == events._KINDS


def test_the_editor_knows_every_attribute_of_ours() -> None:
    described = json.loads((SOURCES / "designer/moddle.json").read_text("utf-8"))
    step = next(type for type in described["types"] if type["name"] == "Step")
    assert {one["name"] for one in step["properties"]} >= EXTENSIONS
    assert all(one["isAttr"] for one in step["properties"])


@pytest.mark.parametrize("editor", ["modeler", "forms", "decisions"])
def test_an_editor_weighs_no_more_than_its_budget(editor: str) -> None:
    assets = Assets()
    scripts = [assets.files[f"{name}.js"] for name in ("app", "htmx", editor)]
    assert sum(weight(assets.folder / f"{file}.gz") for file in scripts) < 650_000


def weight(path: Path) -> int:
    return path.stat().st_size
