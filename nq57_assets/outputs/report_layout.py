"""The form of a letter after Decree 30/2020/NĐ-CP, drawn with python-docx.

Belongs here: margins, type, letterhead, signature block, paragraphs and tables. Does not belong: what they say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from nq57_assets.outputs.words import plain

FACE = "Times New Roman"
BODY = 14
CENTER, LEFT, RIGHT, JUSTIFY = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)


def set_up(document: Document) -> None:
    """Set A4, the margins and the type of the decree, and page numbers above the text from the second page on."""
    normal: Any = document.styles["Normal"]
    normal.font.name, normal.font.size = FACE, Pt(BODY)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FACE)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    normal.element.get_or_add_rPr().append(language)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    _margins(section)
    section.different_first_page_header_footer = True
    _page_number(section)


def _margins(section: Section) -> None:
    # The decree asks for 20–25 mm above and below, 30–35 mm left, 15–20 mm right.
    section.top_margin = section.bottom_margin = Cm(2)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.header_distance = section.footer_distance = Cm(1)


def _page_number(section: Section) -> None:
    line = section.header.paragraphs[0]
    line.alignment = CENTER
    run = line.add_run()
    run.font.size = Pt(13)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def paragraph(
    place: Document | _Cell,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: float = BODY,
    align: WD_ALIGN_PARAGRAPH = CENTER,
    before: float = 0,
    after: float = 0,
    keep: bool = False,
) -> Paragraph:
    """Add a paragraph; in a new cell its first, empty one is used."""
    fresh = isinstance(place, _Cell) and len(place.paragraphs) == 1 and not place.paragraphs[0].runs
    line = place.paragraphs[0] if fresh else place.add_paragraph()
    line.alignment = align
    shape = line.paragraph_format
    shape.space_before, shape.space_after, shape.line_spacing = Pt(before), Pt(after), 1.0
    shape.keep_with_next = keep
    run = line.add_run(plain(text))
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    return line


def body(document: Document, text: str) -> Paragraph:
    """Add a paragraph of running text: justified, first line indented, 6 points above."""
    line = paragraph(document, text, align=JUSTIFY, before=6)
    line.paragraph_format.first_line_indent = Cm(1.27)
    line.paragraph_format.line_spacing = 1.15
    return line


def heading(document: Document, text: str, level: int) -> None:
    """Add a heading of the outline: a Roman section or a numbered part, both bold, never alone at a page's end."""
    line = paragraph(document, text, bold=True, align=JUSTIFY, before=8 if level == 1 else 6, keep=True)
    line.paragraph_format.first_line_indent = Cm(1.27)
    outline = OxmlElement("w:outlineLvl")
    outline.set(qn("w:val"), str(level - 1))
    line._p.get_or_add_pPr().append(outline)


def rule(place: Document | _Cell, indent: float) -> None:
    """Draw the thin line under a title: the border of a tiny paragraph, indented on both sides by ``indent`` cm."""
    line = paragraph(place, "", size=3)
    shape = line.paragraph_format
    shape.left_indent = shape.right_indent = Cm(indent)
    shape.space_before = Pt(1)
    borders: Any = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    # Word refuses properties in another order than the schema's.
    line._p.get_or_add_pPr().insert_element_before(borders, "w:spacing", "w:ind", "w:jc")


def letterhead(
    document: Document, parent: str, issuer: Sequence[str], symbol: str, place_and_date: str
) -> None:
    """Draw the two columns: issuer and number on the left, country, motto, place and date on the right."""
    table = _columns(document, (7.2, 9.6))
    left, right = table.rows[0].cells
    paragraph(left, parent, size=12)
    for line in issuer:
        paragraph(left, line, bold=True, size=12)
    rule(left, 2.4)
    paragraph(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, size=12)
    paragraph(right, "Độc lập - Tự do - Hạnh phúc", bold=True, size=13)
    rule(right, 2.1)
    left, right = table.add_row().cells
    paragraph(left, symbol, size=13, before=6)
    paragraph(right, place_and_date, italic=True, size=13, before=6)


def signature(document: Document, recipients: Sequence[str], signer: str) -> None:
    """Draw recipients on the left and the signer's office on the right, with room to sign; never split over pages."""
    table = _columns(document, (8.3, 8.3))
    left, right = table.rows[0].cells
    paragraph(left, "Nơi nhận:", bold=True, italic=True, size=12, align=LEFT, before=12)
    for line in recipients:
        paragraph(left, f"- {line}", size=11, align=LEFT)
    paragraph(right, signer, bold=True, before=12, after=72)
    _keep_whole(table.rows[0])


def _columns(document: Document, widths: Sequence[float]) -> Table:
    table = document.add_table(rows=1, cols=len(widths))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for cell, width in zip(table.rows[0].cells, widths, strict=True):
        cell.width = Cm(width)
    return table


def annex(document: Document, number: str, title: str, attached: str) -> None:
    """Begin an annex on a landscape page of its own, with its own page numbers."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    _margins(section)
    section.left_margin = Cm(2)
    numbering: Any = OxmlElement("w:pgNumType")
    numbering.set(qn("w:start"), "1")
    section._sectPr.insert_element_before(numbering, "w:cols", "w:titlePg", "w:docGrid")
    paragraph(document, f"PHỤ LỤC {number}", bold=True)
    paragraph(document, title, bold=True)
    paragraph(document, attached, italic=True)
    rule(document, 10)


def grid(
    document: Document,
    names: Sequence[str],
    lines: Sequence[Sequence[str]],
    widths: Sequence[float],
    align: Sequence[WD_ALIGN_PARAGRAPH],
) -> Table:
    """Draw a table with a repeated header row; a line of one text becomes a band over all columns.

    Args:
        document: Where.
        names: Column titles.
        lines: Texts by row.
        widths: In cm.
        align: By column.
    """
    table = document.add_table(rows=1, cols=len(names))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for cell, name in zip(table.rows[0].cells, names, strict=True):
        paragraph(cell, name, bold=True, size=11)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for texts in lines:
        row = table.add_row()
        cells = row.cells
        if len(texts) == 1:
            merged = cells[0].merge(cells[-1])
            paragraph(merged, texts[0], bold=True, size=11, align=LEFT)
        else:
            for cell, text, side in zip(cells, texts, align, strict=True):
                paragraph(cell, text, size=11, align=side)
        _keep_whole(row)
    return table


def _keep_whole(row: Any) -> None:
    whole = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().append(whole)
