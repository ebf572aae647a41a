"""Cells, number formats and page set-up that the sheets of the consolidated workbook share.

Belongs here: how a figure becomes a cell. Does not belong: which figures stand on which sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties

from nq57_assets.outputs import words
from nq57_assets.outputs.figures import IndicatorFacts, Total, Value
from nq57_assets.outputs.form_style import BAND, BOX, GREY, NAVY, fill, font

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

REVIEW_FILL, CONFLICT_FILL, WITHHELD_FILL, TYPE_FILL = "FFF2CC", "F8CBAD", "E4DFEC", "EEF3FA"
NOT_PUBLISHED = "KCB"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# The language tag makes LibreOffice group by dots and write a decimal comma; Excel follows the reader's own settings.
_VIETNAMESE = "[$-42A]"
RATE_FORMAT = f"{_VIETNAMESE}0.0"


@lru_cache(maxsize=64)
def face(bold: bool = False, italic: bool = False, colour: str = "000000", size: float = 10) -> Font:
    """Return the house font, each variant made once."""
    return font(bold=bold, italic=italic, color=colour, size=size)


@lru_cache(maxsize=16)
def placed(horizontal: str = "left", wrap: bool = True, indent: int = 0) -> Alignment:
    """Return an alignment, each variant made once."""
    return Alignment(horizontal=horizontal, vertical="center", wrap_text=wrap, indent=indent)


def write(
    sheet: Worksheet,
    row: int,
    column: int,
    content: str | float | int | None,
    style: Font | None = None,
    at: Alignment | None = None,
    number_format: str | None = None,
    boxed: bool = True,
) -> Cell:
    """Write a constant; text stays text, whatever it begins with, also when a reader edits the cell."""
    cell = cast("Cell", sheet.cell(row, column))
    if isinstance(content, str):
        content = words.plain(content)
        cell.value = content
        cell.data_type = "s"
        if content.startswith(_FORMULA_STARTS):
            cell.quotePrefix = True
    elif content is not None:
        cell.value = content
        cell.number_format = number_format or "General"
    cell.font = style or face()
    cell.alignment = at or (
        placed("left", indent=1 if boxed else 0) if isinstance(content, str) else placed("right")
    )
    if boxed:
        cell.border = BOX
    return cell


def number_format(value: float, *, rate: bool = False, sign: str = "", behind: str = "") -> str:
    """Return a number format in the Vietnamese way, with a bound before and a percent or review mark behind."""
    digits = "#,##0.00" if rate or value != int(value) else "#,##0"
    before = f'"{sign}"' if sign else ""
    return f"{_VIETNAMESE}{before}{digits}" + (f'"{behind}"' if behind else "")


def write_value(
    sheet: Worksheet, row: int, column: int, value: Value | None, indicator: IndicatorFacts
) -> Cell:
    """Write a commune's value: a number wherever there is one, with its bound and marks in the number format."""
    right = placed("right", wrap=False)
    mark = words.REVIEW if value is not None and value.in_review else ""
    if value is None or not value.known:
        state = value.state if value is not None else "missing"
        cell = write(
            sheet, row, column, words.MARKS[state] + mark, face(colour=GREY), placed("center", wrap=False)
        )
        shade = {"conflict": CONFLICT_FILL, "withheld": WITHHELD_FILL}.get(state)
    elif value.state == "nil":
        cell = write(sheet, row, column, words.NIL + mark, face(), placed("center", wrap=False))
        shade = None
    elif indicator.kind == "flag":
        cell = write(
            sheet, row, column, words.yes_no(value.value) + mark, face(), placed("center", wrap=False)
        )
        shade = None
    elif value.value is None:
        text = words.figure(None, value.low, value.high, value.qualifier) + mark
        cell = write(sheet, row, column, text, face(), right)
        shade = None
    else:
        shown = number_format(
            value.value,
            rate=indicator.unit == "%",
            sign=words.PREFIXES[value.qualifier or "exact"],
            behind=mark,
        )
        cell = write(sheet, row, column, value.value, face(), right, shown)
        shade = None
    if mark and shade is None:
        shade = REVIEW_FILL
    if shade:
        cell.fill = fill(shade)
    return cell


def write_total(sheet: Worksheet, row: int, column: int, total: Total | None, style: Font, unit: str) -> Cell:
    """Write a city figure; the percent sign is shown where the city's unit is another than the communes'."""
    right = placed("right", wrap=False)
    if total is None or total.state != "published":
        return write(sheet, row, column, NOT_PUBLISHED, style, placed("center", wrap=False))
    percent = total.unit == "%" and unit != "%"
    if total.value is None:
        text = words.figure(None, total.low, total.high, total.qualifier) + ("%" if percent else "")
        return write(sheet, row, column, text, style, right)
    shown = number_format(
        total.value,
        rate=total.unit == "%",
        sign=words.PREFIXES[total.qualifier or "exact"],
        behind="%" if percent else "",
    )
    return write(sheet, row, column, total.value, style, right, shown)


def head(sheet: Worksheet, row: int, names: Sequence[str], height: float = 45) -> None:
    """Draw a row of column titles."""
    for column, name in enumerate(names, 1):
        cell = write(sheet, row, column, name, face(bold=True, colour="FFFFFF"), placed("center"))
        cell.fill = fill(NAVY)
    sheet.row_dimensions[row].height = height


def title(sheet: Worksheet, text: str, subtitle: str, columns: int) -> None:
    """Draw title and subtitle over the first columns, as many as fit on a page."""
    for row, words_, style, height in (
        (1, text, face(bold=True, size=14, colour=NAVY), 26),
        (2, subtitle, face(italic=True, colour=GREY), 16),
    ):
        write(sheet, row, 1, words_, style, placed("left", wrap=False), boxed=False)
        sheet.row_dimensions[row].height = height


def band(sheet: Worksheet, row: int, columns: int, colour: str = BAND) -> None:
    """Shade a row, drawing the boxes of its empty cells too."""
    for column in range(1, columns + 1):
        cell = sheet.cell(row, column)
        cell.fill, cell.border = fill(colour), BOX


def widths(sheet: Worksheet, sizes: Sequence[float]) -> None:
    """Set the widths of the first columns, in characters."""
    for column, size in enumerate(sizes, 1):
        sheet.column_dimensions[get_column_letter(column)].width = size


def page(
    sheet: Worksheet, source: str, header_rows: str | None, *, columns: str | None = None, wide: int = 1
) -> None:
    """Set A4 landscape with repeated header rows and columns, page numbers, and the source in the footer.

    Args:
        sheet: The sheet.
        source: Which published state the sheet shows.
        header_rows: Rows repeated on each page, such as ``3:5``.
        columns: Columns repeated on each page, such as ``A:B``.
        wide: Pages side by side.
    """
    sheet.page_setup.paperSize, sheet.page_setup.orientation = 9, "landscape"
    margins = sheet.page_margins
    margins.left, margins.right, margins.top, margins.bottom, margins.footer = 0.6, 0.4, 0.6, 0.6, 0.3
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = wide, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows, sheet.print_title_cols = header_rows, columns
    sheet.print_options.horizontalCentered = True
    footer = cast("HeaderFooterItem", sheet.oddFooter)
    for part, text in ((footer.left, source), (footer.center, sheet.title), (footer.right, "Trang &P/&N")):
        part.text, part.size, part.font = text.replace("&N ", "&&N "), 9, "Times New Roman,Regular"
    sheet.sheet_view.showGridLines = False
