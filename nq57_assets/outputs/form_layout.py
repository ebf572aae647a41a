"""The blank form as a workbook: the sheet of answers, the instructions, and the hidden sheet that says which form it is.

Belongs here: rows, validation and prompts, drawn with openpyxl from the catalogue once a round. Does not belong: house
style (``form_style``), the unit's name and the answers, which ``form`` puts into the finished package.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, PatternFill, Protection, Side
from openpyxl.utils import quote_sheetname
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break

from nq57_assets.catalogue import Catalogue, Indicator, Round
from nq57_assets.outputs.form_guide import draw_guide, meaning, shown_unit
from nq57_assets.outputs.form_style import (
    ANSWER,
    BAND,
    BOX,
    GREY,
    NAVY,
    WARN,
    fill,
    font,
    protect,
    put,
    rich,
    set_default_font,
    set_page,
)
from nq57_assets.readers import form_codes as codes
from nq57_assets.vietnamese.fold import fold

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ANSWERS = "Số liệu"
GUIDE = "Hướng dẫn"
STAMP = "_nq57"

LETTERHEAD_CELL = "A1"
COMMUNE_CELL = "C4"
STAMP_VERSION_CELL = "B1"
STAMP_ROUND_CELL = "B2"
STAMP_COMMUNE_CELL = "B3"

_HEADER_ROW, _CODE_ROW, _FIRST_ROW = 5, 6, 7
_WIDTHS = {"A": 5.5, "B": 58.0, "C": 11.5, "D": 15.5, "E": 16.5, "F": 26.0, "G": 24.0}
_COLUMNS = (
    ("A", "TT", None),
    ("B", "Chỉ tiêu", codes.LABEL),
    ("C", "Đơn vị tính", codes.UNIT),
    ("D", "Số liệu", codes.VALUE),
    ("E", "Không phát sinh", codes.NIL),
    ("F", "Ghi chú", codes.NOTE),
    ("G", None, codes.CODE),
)
_LAST_VISIBLE = "F"

# The Vietnamese locale (042A): a dot between thousands and a decimal comma where the program follows the format.
_COUNT_FORMAT, _RATE_FORMAT = "[$-42A]#,##0", "[$-42A]#,##0.00"
# In percent: the visible columns on the printable width of A4; and the points of height that fit on a page then.
_PRINT_SCALE, _PAGE_HEIGHT = 71, 1040
_PROMPT_LIMIT, _TITLE_LIMIT = 255, 32


@dataclass(frozen=True, slots=True)
class Layout:
    """A drawn form and where its answers stand: ``rows`` maps an answer code to its row on the answer sheet."""

    workbook: Workbook
    rows: dict[str, int] = field(default_factory=dict)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _subtitle(round_: Round) -> str:
    parts = [f"Kỳ số liệu: {_day(round_.period_from)} – {_day(round_.period_to)}"]
    if round_.due_on:
        parts.append(f"Hạn nộp: {_day(round_.due_on)}")
    asked = (
        f"Theo văn bản số {round_.requested_by}"
        if "/" in round_.requested_by
        else f"Nơi nhận: {round_.requested_by}"
    )
    parts.append(f"{asked} ngày {_day(round_.requested_on)}" if round_.requested_on else asked)
    return "   ·   ".join(parts)


def _roman(number: int) -> str:
    numerals = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    text = ""
    for value, letters in numerals:
        while number >= value:
            text, number = text + letters, number - value
    return text


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _validation(indicator: Indicator, explained: str) -> DataValidation:
    """Return the entry rule of one answer, with the definition as its prompt."""
    # A count's maximum is a doubt, not an impossibility: the form takes the figure and the rules ask about it.
    ceiling = indicator.maximum if indicator.unit == "%" else None
    floor = f"{indicator.minimum:.15g}"
    if indicator.kind == "flag":
        rule = DataValidation(type="list", formula1=f'"{",".join(codes.FLAG_WORDS)}"')
        hint = "Chọn Có hoặc Không."
    else:
        rule = DataValidation(
            type="whole" if indicator.is_count else "decimal",
            operator="greaterThanOrEqual" if ceiling is None else "between",
            formula1=floor,
            formula2=None if ceiling is None else f"{ceiling:.15g}",
        )
        hint = f"Ghi số {'nguyên ' if indicator.is_count else ''}từ {floor} trở lên ({indicator.unit})."
        if ceiling is not None:
            hint = f"Ghi số phần trăm từ {floor} đến {ceiling:.15g}, không gõ dấu %: 98,39% ghi 98,39."
    rule.allow_blank = True
    rule.showErrorMessage = rule.showInputMessage = True
    rule.errorTitle, rule.error = "Số liệu chưa hợp lệ", f"{hint} Lời giải thích ghi ở cột Ghi chú."
    rule.promptTitle = _short(indicator.vi, _TITLE_LIMIT)
    rule.prompt = _short(f"{explained}\n{hint}", _PROMPT_LIMIT)
    return rule


def _answer_cells(sheet: Worksheet, row: int, indicator: Indicator, code: str) -> None:
    """Draw the open cells of one row: value, nil, note; and the hidden code."""
    value = put(sheet, f"D{row}", None, font(size=12, bold=True, color=NAVY), horizontal="right", indent=1)
    value.number_format = _COUNT_FORMAT if indicator.is_count or indicator.kind == "flag" else _RATE_FORMAT
    if indicator.kind == "flag":
        value.alignment = Alignment(horizontal="center", vertical="center")
    for column, horizontal in (("E", "center"), ("F", "left")):
        cell = put(sheet, f"{column}{row}", None, font(size=10), horizontal=horizontal)
        cell.number_format = "@" if column == "F" else "General"
    for column in "DEF":
        sheet[f"{column}{row}"].fill = fill(ANSWER)
        sheet[f"{column}{row}"].protection = Protection(locked=False)
    put(sheet, f"G{row}", code, font(size=8, color=GREY), wrap_text=False)
    for column in "ABCDEF":
        sheet[f"{column}{row}"].border = BOX
    sheet.row_dimensions[row].height = 34 if len(indicator.vi) > 66 else 23


def _indicator_row(sheet: Worksheet, row: int, number: int, indicator: Indicator) -> None:
    put(sheet, f"A{row}", number, font(color=GREY), horizontal="center")
    put(sheet, f"B{row}", indicator.vi, font(), horizontal="left", indent=1)
    put(sheet, f"C{row}", shown_unit(indicator), font(size=10, color=GREY), horizontal="center")
    _answer_cells(sheet, row, indicator, indicator.code)


def _denominator_row(sheet: Worksheet, row: int, indicator: Indicator) -> None:
    put(sheet, f"A{row}", None, font())
    put(sheet, f"B{row}", "Trên tổng số", font(italic=True, color=GREY), horizontal="left", indent=3)
    put(sheet, f"C{row}", shown_unit(indicator), font(size=10, color=GREY), horizontal="center")
    _answer_cells(sheet, row, indicator, indicator.code + codes.DENOMINATOR)
    # A whole has no "nothing to report" of its own: the answer above says it.
    sheet[f"E{row}"].protection = Protection(locked=True)
    sheet[f"E{row}"].fill = PatternFill()


def _group_row(sheet: Worksheet, row: int, number: int, title: str) -> None:
    put(sheet, f"A{row}", _roman(number), font(bold=True, color=NAVY), horizontal="center")
    put(sheet, f"B{row}", title.upper(), font(bold=True, color=NAVY), horizontal="left", indent=1)
    sheet.merge_cells(f"B{row}:{_LAST_VISIBLE}{row}")
    for column in "ABCDEF":
        sheet[f"{column}{row}"].fill = fill(BAND)
        sheet[f"{column}{row}"].border = BOX
    sheet.row_dimensions[row].height = 23


def _head(sheet: Worksheet, round_: Round) -> None:
    """Draw letterhead, title, unit and the table header with its hidden row of column codes."""
    for area in ("A1:B1", "C1:F1", "A2:F2", "A3:F3", "A4:B4", "C4:F4"):
        sheet.merge_cells(area)
    put(sheet, LETTERHEAD_CELL, "ỦY BAN NHÂN DÂN\n………………………", font(bold=True), horizontal="center")
    motto = rich(
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n", {"b": True}),
        ("Độc lập - Tự do - Hạnh phúc", {"b": True, "u": "single"}),
    )
    put(sheet, "C1", motto, font(bold=True), horizontal="center")
    title = f"BIỂU SỐ LIỆU {round_.title_vi.upper()}"
    put(sheet, "A2", title, font(size=15, bold=True, color=NAVY), horizontal="center")
    put(
        sheet,
        "A3",
        _subtitle(round_),
        font(size=10, italic=True, color=GREY),
        horizontal="center",
        vertical="top",
    )
    put(sheet, "A4", "Đơn vị báo cáo:", font(bold=True), horizontal="right", indent=1)
    put(sheet, COMMUNE_CELL, None, font(size=12, bold=True, color=NAVY), horizontal="left", indent=1)
    for column in "CDEF":
        sheet[f"{column}4"].border = Border(bottom=Side(style="medium", color=NAVY))
    put(sheet, "G4", codes.COMMUNE_ROW, font(size=8, color=GREY), wrap_text=False)
    for column, heading, code in _COLUMNS:
        # The hidden column has no title: every word in it is a code to the reader.
        if heading:
            cell = put(
                sheet, f"{column}{_HEADER_ROW}", heading, font(bold=True, color="FFFFFF"), horizontal="center"
            )
            cell.fill, cell.border = fill(NAVY), BOX
        if code:
            put(sheet, f"{column}{_CODE_ROW}", code, font(size=8, color=GREY), wrap_text=False)
    for row, height in ((1, 36), (2, 27), (3, 18), (4, 24), (_HEADER_ROW, 30)):
        sheet.row_dimensions[row].height = height
    sheet.row_dimensions[_CODE_ROW].hidden = True


def _tail(sheet: Worksheet, row: int, year: int) -> int:
    """Draw the place line and the two signatures; return the last row used."""
    put(sheet, f"D{row + 1}", f"……………, ngày … tháng … năm {year}", font(italic=True), horizontal="center")
    sheet.merge_cells(f"D{row + 1}:F{row + 1}")
    for area, (title, hint) in (
        (f"A{row + 2}:C{row + 2}", ("NGƯỜI LẬP BIỂU\n", "(Ký, ghi rõ họ tên)")),
        (f"D{row + 2}:F{row + 2}", ("TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n", "(Ký, đóng dấu)")),
    ):
        sheet.merge_cells(area)
        signature = rich((title, {"b": True}), (hint, {"i": True}))
        put(sheet, area.split(":")[0], signature, font(), horizontal="center", vertical="top")
    for offset, height in ((0, 9), (1, 21), (2, 110)):
        sheet.row_dimensions[row + offset].height = height
    return row + 2


def _break_pages(sheet: Worksheet, group_rows: list[int], last: int) -> None:
    """Begin each page after the first with a whole group, so that the signatures never stand alone.

    The scale is fixed because Excel ignores page breaks where it is to find the scale itself.
    """
    sheet.page_setup.scale = _PRINT_SCALE
    used = 0.0
    breaks = {1}
    for row in range(1, last + 1):
        used += 0 if row == _CODE_ROW else sheet.row_dimensions[row].height or 15
        start = max((r for r in group_rows if r <= row), default=1)
        if used > _PAGE_HEIGHT and start not in breaks:
            breaks.add(start)
            sheet.row_breaks.append(Break(id=start - 1))
            used = sum(sheet.row_dimensions[r].height or 15 for r in range(start, row + 1)) + 30


def _answer_sheet(sheet: Worksheet, round_id: str, catalogue: Catalogue) -> dict[str, int]:
    round_ = catalogue.round[round_id]
    for column, width in _WIDTHS.items():
        sheet.column_dimensions[column].width = width
    sheet.column_dimensions["G"].hidden = True
    _head(sheet, round_)
    asked = catalogue.asked(round_id)
    rows: dict[str, int] = {}
    row, number = _FIRST_ROW, 0
    group_rows: list[int] = []
    for group in catalogue.groups:
        members = [indicator for indicator in asked if indicator.group == group.group]
        if not members:
            continue
        group_rows.append(row)
        _group_row(sheet, row, len(group_rows), group.vi)
        row += 1
        for indicator in members:
            number += 1
            _indicator_row(sheet, row, number, indicator)
            rule = _validation(indicator, meaning(indicator, catalogue))
            rule.add(f"D{row}")
            rows[indicator.code] = row
            row += 1
            if codes.asks_denominator(indicator):
                _denominator_row(sheet, row, indicator)
                rule.add(f"D{row}")
                rows[indicator.code + codes.DENOMINATOR] = row
                row += 1
            sheet.add_data_validation(rule)
    nil = DataValidation(type="list", formula1=f'"{",".join(codes.NIL_WORDS)}"', allow_blank=True)
    nil.showErrorMessage, nil.errorTitle = True, "Không phát sinh"
    nil.error = 'Chọn "x" hoặc "Không phát sinh", hoặc để trống.'
    for code, at in rows.items():
        if not code.endswith(codes.DENOMINATOR):
            nil.add(f"E{at}")
    sheet.add_data_validation(nil)
    both = FormulaRule([f'AND($D{_FIRST_ROW}<>"",$E{_FIRST_ROW}<>"")'], fill=fill(WARN))
    sheet.conditional_formatting.add(f"D{_FIRST_ROW}:E{row - 1}", both)
    last = _tail(sheet, row, round_.period_to.year)
    _break_pages(sheet, group_rows, last)
    sheet.freeze_panes = f"A{_FIRST_ROW}"
    set_page(sheet, f"A1:{_LAST_VISIBLE}{last}", _HEADER_ROW, "portrait", round_.form_version)
    protect(sheet)
    return rows


def commune_labels(catalogue: Catalogue, round_id: str) -> dict[str, str]:
    """Return commune code → the words of the drop-down, such as ``Xã Cẩm Giang (10888)``, in reading order."""
    communes = sorted(catalogue.expected(round_id), key=lambda c: (c.commune_type, fold(c.name), c.name))
    return {commune.commune_code: f"{commune.full_name} ({commune.commune_code})" for commune in communes}


def _stamp_sheet(sheet: Worksheet, round_id: str, catalogue: Catalogue) -> int:
    """Write the stamp and the list of units behind the drop-down; return the length of the list."""
    round_ = catalogue.round[round_id]
    stamp = (
        (codes.FORM_VERSION, round_.form_version),
        (codes.ROUND_ID, round_id),
        (codes.COMMUNE_CODE, None),
    )
    for row, (key, value) in enumerate(stamp, 1):
        put(sheet, f"A{row}", key, font())
        # The unit's cell exists without a value, so that ``form`` finds it in the package.
        put(sheet, f"B{row}", value, font())
    labels = commune_labels(catalogue, round_id)
    for row, label in enumerate(labels.values(), 1):
        put(sheet, f"D{row}", label, font())
    sheet.sheet_state = "veryHidden"
    return len(labels)


def draw(round_id: str, catalogue: Catalogue, *, neutral: bool) -> Layout:
    """Draw the blank form of a round.

    Args:
        round_id: A round of the catalogue.
        catalogue: The reference data.
        neutral: Whether the unit is chosen from a drop-down instead of being printed.
    """
    workbook = Workbook()
    set_default_font(workbook)
    sheet = workbook.active
    assert sheet is not None
    sheet.title = ANSWERS
    rows = _answer_sheet(sheet, round_id, catalogue)
    draw_guide(workbook.create_sheet(GUIDE), round_id, catalogue)
    stamp = workbook.create_sheet(STAMP)
    units = _stamp_sheet(stamp, round_id, catalogue)
    if neutral:
        choice = DataValidation(
            type="list", formula1=f"{quote_sheetname(STAMP)}!$D$1:$D${units}", allow_blank=True
        )
        choice.showErrorMessage = choice.showInputMessage = True
        choice.promptTitle, choice.prompt = "Đơn vị báo cáo", "Chọn tên xã, phường, đặc khu trong danh sách."
        choice.errorTitle, choice.error = (
            "Đơn vị báo cáo",
            "Chọn tên đơn vị trong danh sách, không gõ tên khác.",
        )
        choice.add(COMMUNE_CELL)
        sheet.add_data_validation(choice)
        for column in "CDEF":
            sheet[f"{column}4"].fill = fill(ANSWER)
            sheet[f"{column}4"].protection = Protection(locked=False)
    # No sheet can be renamed or removed by a slip; like the sheets' protection it has no password.
    workbook.security = WorkbookProtection(lockStructure=True)
    return Layout(workbook, rows)
