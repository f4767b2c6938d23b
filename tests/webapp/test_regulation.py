"""The regulation of coordination is made from the model: on a page, for Word, as PDF, of versions and of designs."""

import io
import sys
from collections.abc import Iterator
from ctypes.util import find_library
from typing import Any

import docx
import pypdf
import pytest
from flask import Flask

from tests.engine.diagrams import bundle, chain, end, process, start, user
from tests.engine.migrating import deploy
from tests.engine.test_regulations import SHIPPED, records
from tests.play import Story
from tests.webapp.browser import Browser, text_of
from tests.webapp.designing import Editor, active, opened
from tests.webapp.doors import app, signed_in, story

__all__ = ["app", "story"]

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DRAFT = "BẢN NHÁP, CHƯA CÓ HIỆU LỰC"
NASTY = "</text><script>alert(1)</script><img src='file:///etc/passwd'>"

pytestmark = pytest.mark.once
with_pango = pytest.mark.skipif(find_library("pango-1.0") is None, reason="PDF needs Pango, which the system brings")


def word(browser: Browser, at: str) -> Any:
    """Get a regulation for Word, and open it."""
    answer = browser.get(f"{at}/regulation.docx")
    assert (answer.status_code, answer.mimetype) == (200, WORD), answer.text[:500]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return docx.Document(io.BytesIO(answer.data))


def read(document: Any) -> str:
    """Return all that a Word file says."""
    paragraphs = [one.text for one in document.paragraphs]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    feet = [one.text for section in document.sections for one in section.footer.paragraphs]
    return "\n".join([*paragraphs, *cells, *feet])


def pictures(document: Any) -> Iterator[bytes]:
    return (part.blob for part in document.part.package.parts if part.content_type == "image/x-emf")


def pdf(browser: Browser, at: str) -> str:
    """Get a regulation as PDF, and read it back."""
    answer = browser.get(f"{at}/regulation.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), answer.text[:500]
    pages = pypdf.PdfReader(io.BytesIO(answer.data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def one_click(browser: Browser, at: str) -> bool:
    """Tell whether a page leads to the regulation on every paper."""
    page = browser.read(at)
    return all(page.find("a", href=f"{at}/regulation{ending}") for ending in ("", ".docx", ".pdf"))


def of(story: Story, process: str) -> str:
    return f"/definitions/{active(story, process).id}"


def test_the_page_of_the_lead_says_who_does_what_until_when(story: Story, app: Flask) -> None:
    browser, at = signed_in(app, "phunu"), of(story, "lead")
    assert one_click(browser, at)
    page = browser.read(f"{at}/regulation")
    rows = [[text_of(cell) for cell in row(["th", "td"])] for row in page.select("table")[1]("tr")]
    assert rows[0] == ["Bước", "Chủ trì", "Phối hợp", "Nhận để biết", "Hạn", "Biểu mẫu", "Kết quả"]
    assert [row[0].split(" ", 1)[0] for row in rows[1:]] == [f"{number}." for number in range(1, 7)]
    (submit,) = (row for row in rows if row[0].startswith("3. Hoàn chỉnh và trình kế hoạch"))
    assert submit[1:5] == ["Tổ chức chủ trì", "Các tổ chức phối hợp", "Cấp giao việc", "1 ngày làm việc"]
    assert "Tiếp thu, giải trình ý kiến phối hợp" in submit[5]
    assert "Kế hoạch bị trả lại → quay lại bước 2" in submit[6]
    duties = {
        text_of(row.th): [text_of(cell) for cell in row("td")] for row in page.select("table")[0].select("tbody tr")
    }
    assert "3. Hoàn chỉnh và trình kế hoạch" in duties["Các tổ chức phối hợp"][1]
    said = text_of(page)
    assert "«Đủ ý kiến hoặc hết hạn góp ý»: chờ đủ (Các tổ chức phối hợp), lâu nhất 3 ngày làm việc" in said
    assert "nếu «Kế hoạch bị trả lại» thì làm lại từ «Lập kế hoạch thực hiện»" in said
    assert active(story, "lead").hash in said and DRAFT not in said
    assert {"draft_plan", "accept_lead"} <= {group["data-element"] for group in page.select("svg [data-element]")}


def test_the_word_file_of_every_shipped_process_opens_with_its_steps_dues_and_pictures(
    story: Story, app: Flask
) -> None:
    browser = signed_in(app, "phunu")
    for name in SHIPPED:
        document, page = word(browser, of(story, name)), browser.read(f"{of(story, name)}/regulation")
        steps = [[text_of(cell) for cell in row(["th", "td"])] for row in page.select("table")[1]("tr")]
        written = [[" ".join(cell.text.split()) for cell in row.cells] for row in document.tables[1].rows]
        assert len(steps) > 1 and written == steps, name
        drawn = list(pictures(document))
        assert len(drawn) == len(page.select(".drawn svg")), name
        assert all(records(picture) for picture in drawn)
        assert len(document.inline_shapes) == len(drawn), name
        assert active(story, name).hash in read(document), name


@with_pango
def test_the_pdf_says_the_same(story: Story, app: Flask) -> None:
    said = pdf(signed_in(app, "phunu"), of(story, "coordination"))
    for words in ("Quy chế phối hợp: Phối hợp", "1. Cho ý kiến và xác nhận phần việc phối hợp", "ngày làm việc"):
        assert words in said
    assert "Bắt đầu triển khai" in said.split("Sơ đồ", 1)[1], "the names in the drawing are text"
    assert active(story, "coordination").hash in said


def test_without_the_library_the_page_says_how_to_get_a_pdf(
    story: Story, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    answer = signed_in(app, "phunu").get(f"{of(story, 'lead')}/regulation.pdf")
    assert (answer.status_code, answer.mimetype) == (501, "text/html")
    assert "lienthong[docs]" in answer.text and "Lập kế hoạch thực hiện" in answer.text


@with_pango
def test_a_design_says_on_every_paper_that_it_is_a_draft(story: Story, app: Flask) -> None:
    editor = Editor(app, "thietke")
    at = opened(story, editor.browser, "coordination")
    text = editor.text(at, "coordination.bpmn").replace('lt:workingDays="3"', 'lt:workingDays="9"')
    assert editor.save(at, "coordination.bpmn", text, 1).status_code == 200
    assert one_click(editor.browser, at)
    papers = text_of(editor.browser.read(f"{at}/regulation")), read(word(editor.browser, at)), pdf(editor.browser, at)
    for paper in papers:
        assert DRAFT in paper and "Lần sửa 2" in paper and "9 ngày làm việc" in paper


def test_a_design_of_others_has_no_regulation(story: Story, app: Flask) -> None:
    at = opened(story, signed_in(app, "thietke"), "lead")
    for ending in ("", ".docx", ".pdf"):
        assert signed_in(app, "phunu").get(f"{at}/regulation{ending}").status_code == 404


def test_a_design_without_a_drawing_has_an_empty_regulation(story: Story, app: Flask) -> None:
    editor = Editor(app, "thietke")
    at = opened(story, editor.browser, "coordination")
    assert editor.ask("DELETE", f"{at}/files/coordination.bpmn", {"revision": 1}).status_code == 200
    assert DRAFT in text_of(editor.browser.read(f"{at}/regulation"))
    assert DRAFT in read(word(editor.browser, at))


@with_pango
def test_what_is_written_into_a_diagram_stays_text_on_every_paper(story: Story, app: Flask) -> None:
    (content,) = bundle(process(start(), user("one"), end(), chain("start", "one", "end"))).values()
    escaped = NASTY.replace("<", "&lt;").encode()
    form = '{"type": "default", "components": [{"type": "textfield", "key": "a", "label": "Ghi\\u0007chú"}]}'
    made = deploy(
        story, {"p.bpmn": content.replace(b'name="One"', b'name="%s"' % escaped), "one.form.json": form.encode()}
    )
    browser, at = signed_in(app, "phunu"), f"/definitions/{made}"
    page = browser.read(f"{at}/regulation")
    assert not page.find("script", string=lambda text: bool(text and "alert" in text)) and not page.select("img")
    for paper in (text_of(page), read(word(browser, at)), pdf(browser, at)):
        assert "alert(1)</script><img" in paper.replace(" ", "").replace("imgsrc", "img src").replace("\n", "")


def test_a_reader_of_english_gets_english_headings(story: Story, app: Flask) -> None:
    browser, at = signed_in(app, "phunu"), of(story, "lead")
    browser.post("/language", language="en")
    for paper in (text_of(browser.read(f"{at}/regulation")), read(word(browser, at))):
        assert "Regulation of coordination" in paper and "5 working days" in paper and "Coordinating" in paper
        assert "all is done again from “Lập kế hoạch thực hiện” on" in paper


def test_other_endings_are_not_there(story: Story, app: Flask) -> None:
    assert signed_in(app, "phunu").get(f"{of(story, 'lead')}/regulation.exe").status_code == 404
