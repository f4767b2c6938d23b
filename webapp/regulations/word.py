"""The regulation of coordination for Word: what the office goes on writing in. Only this module knows python-docx."""

import re
from collections.abc import Collection, Sequence
from datetime import UTC
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.shape import CT_Inline
from docx.shared import Length, Mm, Pt
from docx.table import Table as Grid
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from engine.designs.drawing import Drawing
from engine.designs.metafiles import metafile
from webapp.regulations.regulation import Cell, Chapter, Regulation, Table
from webapp.text import language, say

_FONT = "Times New Roman"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WIDTH, _HEIGHT = Mm(297 - 20 - 20), Mm(210 - 20 - 20 - 20)  # room for a picture below its heading
_PIXEL = 9525  # at 96 to the inch, in the units of Word


def document(regulation: Regulation) -> bytes:
    """Write a regulation as .docx: A4 across, page numbers from the second page on, tables that repeat their heads."""
    paper = Document()
    _set_up(paper, regulation)
    _said(paper.add_heading(level=0), regulation.title).alignment = WD_ALIGN_PARAGRAPH.CENTER
    if regulation.warning:
        _said(paper.add_paragraph(), regulation.warning, bold=True).alignment = WD_ALIGN_PARAGRAPH.CENTER
    _said(paper.add_paragraph(), regulation.version).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for chapter in regulation.chapters:
        _chapter(paper, chapter, named=len(regulation.chapters) > 1)
    _said(paper.add_paragraph(), f"{regulation.origin} {regulation.hash}")
    written = BytesIO()
    paper.save(written)
    return written.getvalue()


def _set_up(paper: Paper, regulation: Regulation) -> None:
    properties = paper.core_properties
    properties.title, properties.author, properties.comments = _clean(regulation.title), "Liên Thông", ""
    properties.language = language()
    properties.created = properties.modified = regulation.at.astimezone(UTC)
    for name, size in (("Normal", 12), ("Title", 16), ("Heading 1", 14), ("Heading 2", 13)):
        _letters(paper, name, size)
    section = paper.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(20)
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])
    if regulation.warning:
        _said(section.footer.paragraphs[0], regulation.warning)
        _said(section.first_page_footer.paragraphs[0], regulation.warning)


def _letters(paper: Paper, style_name: str, size: int) -> None:
    """Set the letters of a style; those of the template for headings name other fonts beside the plain one."""
    style = paper.styles[style_name]
    style.font.name, style.font.size = _FONT, Pt(size)
    style.font.color.rgb, style.font.bold = None, style_name != "Normal"
    fonts = style.element.rPr.rFonts
    for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{attribute}"), None)
    for attribute in ("eastAsia", "cs"):
        fonts.set(qn(f"w:{attribute}"), _FONT)
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), "vi-VN" if language() == "vi" else "en-GB")
    style.element.rPr.append(spoken)


def _page_number(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field: Any = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _chapter(paper: Paper, chapter: Chapter, *, named: bool) -> None:
    if named:
        _said(paper.add_heading(level=1), chapter.name)
    if chapter.purpose:
        _said(paper.add_paragraph(), chapter.purpose)
    _table(paper, chapter.duties)
    _table(paper, chapter.steps)
    if chapter.exceptions:
        _said(paper.add_heading(level=2), say("Trường hợp khác"))
    for exception in chapter.exceptions:
        _said(paper.add_paragraph(style="List Bullet"), exception)
    for drawing in chapter.drawings:
        _picture(paper, drawing)


def _table(paper: Paper, table: Table) -> None:
    _said(paper.add_heading(level=2), table.title)
    drawn = paper.add_table(rows=0, cols=len(table.heads), style="Table Grid")
    drawn.autofit = False
    widths = [Length(_WIDTH * width // sum(table.widths)) for width in table.widths]
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = width
    _row(drawn, "tblHeader", [(head,) for head in table.heads], widths, bold=range(len(widths)))
    for row in table.rows:
        _row(drawn, "cantSplit", row, widths, bold=range(1))


def _row(drawn: Grid, property_: str, row: Sequence[Cell], widths: Sequence[Length], *, bold: Collection[int]) -> None:
    """Add a row; a property that the library does not know lets heads come again, or lines stay together."""
    added = drawn.add_row()  # type: ignore[no-untyped-call]
    mark: Any = OxmlElement(f"w:{property_}")
    added._tr.get_or_add_trPr().append(mark)
    for place, (cell, lines, width) in enumerate(zip(added.cells, row, widths, strict=True)):
        cell.width = width
        _fill(cell, lines, bold=place in bold)


def _fill(cell: _Cell, lines: Cell, *, bold: bool) -> None:
    for place, line in enumerate(lines or ["–"]):
        paragraph = cell.paragraphs[0] if not place else cell.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        _said(paragraph, line, bold=bold and not place)


def _said(paragraph: Paragraph, text: str, *, bold: bool = False) -> Paragraph:
    paragraph.add_run(_clean(text)).bold = bold or None
    return paragraph


def _clean(text: str) -> str:
    """Drop what no XML file can hold; a form or a foreign drawing may have it."""
    return _NO_XML.sub("", text)


def _picture(paper: Paper, drawing: Drawing) -> None:
    """Put a drawing on a page as a metafile, which the library does not know; shrunk to fit, never blown up."""
    _said(paper.add_heading(level=2), _caption(drawing))
    package, part = paper.part.package, paper.part
    name = PackURI(f"/word/media/drawing{len(paper.inline_shapes) + 1}.emf")
    link = part.relate_to(Part(name, CONTENT_TYPE.X_EMF, metafile(drawing.svg), package), RELATIONSHIP_TYPE.IMAGE)
    scale = min(1.0, _WIDTH / (drawing.width * _PIXEL), _HEIGHT / (drawing.height * _PIXEL))
    size = [Length(int(side * _PIXEL * scale)) for side in (drawing.width, drawing.height)]
    inline = CT_Inline.new_pic_inline(part.next_id, link, name.filename, *size)
    inline.docPr.set("descr", _clean(_caption(drawing)))
    paper.add_paragraph().add_run()._r.add_drawing(inline)


def _caption(drawing: Drawing) -> str:
    return say("Sơ đồ: {name}", name=drawing.name) if drawing.name else say("Sơ đồ")
