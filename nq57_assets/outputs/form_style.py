"""The house style of workbooks that leave the office: fonts, colours, page and protection.

Belongs here: what every sheet shares. Does not belong: what a sheet says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_FACE = "Times New Roman"
NAVY, BAND, ANSWER, RULE, GREY, WARN = "1F3864", "DCE6F2", "FFFBE8", "A6B4C8", "6B7280", "F8CBAD"
_HAIR = Side(style="thin", color=RULE)
BOX = Border(left=_HAIR, right=_HAIR, top=_HAIR, bottom=_HAIR)


def font(**options: object) -> Font:
    """Return the house font, Times New Roman as Decree 30/2020/NĐ-CP asks, with the given changes."""
    return Font(**{"name": _FACE, "size": 11, **options})  # type: ignore[arg-type]


def fill(colour: str) -> PatternFill:
    """Return a solid fill."""
    return PatternFill("solid", start_color=colour, end_color=colour)


def put(
    sheet: Worksheet, address: str, content: str | int | CellRichText | None, face: Font, **alignment: object
) -> Cell:
    """Write a constant, or style an empty cell; text that begins like a formula stays text."""
    cell: Cell = sheet[address]
    cell.value = content
    if isinstance(content, str):
        cell.data_type = "s"
    cell.font = face
    cell.alignment = Alignment(**{"vertical": "center", "wrap_text": True, **alignment})  # type: ignore[arg-type]
    return cell


def rich(*runs: tuple[str, dict[str, object]]) -> CellRichText:
    """Return text whose runs differ in weight, slant or underline."""
    blocks = []
    for text, style in runs:
        face = InlineFont(**{"rFont": _FACE, "sz": 11, **style})  # type: ignore[arg-type]
        blocks.append(TextBlock(face, text))
    return CellRichText(*blocks)


def set_page(
    sheet: Worksheet,
    area: str,
    header_row: int,
    orientation: Literal["portrait", "landscape"],
    form_version: str,
) -> None:
    """Set A4, margins in inches, the table header on each page, and a footer that names the form."""
    sheet.page_setup.paperSize, sheet.page_setup.orientation = 9, orientation
    margins = sheet.page_margins
    margins.left, margins.right, margins.top, margins.bottom, margins.footer = 0.6, 0.4, 0.6, 0.6, 0.3
    sheet.print_options.horizontalCentered = True
    sheet.print_area = area
    sheet.print_title_rows = f"{header_row}:{header_row}"
    footer = HeaderFooterItem()
    for part, text in ((footer.left, f"Biểu mẫu {form_version}"), (footer.right, "Trang &P/&N")):
        part.text, part.size, part.font = text, 9, f"{_FACE},Regular"
    sheet.oddFooter = footer
    sheet.sheet_view.showGridLines = False


def fit_width(sheet: Worksheet) -> None:
    """Print a sheet one page wide, breaking wherever a page is full."""
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def set_default_font(workbook: Workbook) -> None:
    """Make the house font the workbook's own, by whose digits every program measures the width of columns."""
    workbook._named_styles["Normal"].font = font()  # type: ignore[attr-defined]
    workbook._fonts = IndexedList([font()])  # type: ignore[attr-defined]


def protect(sheet: Worksheet) -> None:
    """Lock the layout without a password: it guards against slips, and nobody must be stuck behind it."""
    protection = sheet.protection
    protection.sheet = True
    # False allows: widening columns and rows helps whoever reads a long note.
    protection.formatColumns = protection.formatRows = False
