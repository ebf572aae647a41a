"""The look of the blank form: one answer sheet, one sheet of instructions, one hidden sheet that says which form it is.

Belongs here: sheets, styles, validation and protection, drawn with openpyxl from the catalogue once a round.
Does not belong: the unit's name and the answers, which ``form`` puts into the finished package.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from nq57_assets.catalogue import REPORTS, Catalogue, Indicator, Round
from nq57_assets.readers import form_codes as codes
from nq57_assets.vietnamese.fold import fold

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
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
_WIDTHS = {"A": 5.5, "B": 52.0, "C": 11.5, "D": 15.5, "E": 16.5, "F": 30.0, "G": 24.0}
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

_NAVY, _BAND, _ANSWER, _RULE, _GREY, _WARN = "1F3864", "DCE6F2", "FFFBE8", "A6B4C8", "6B7280", "F8CBAD"
_COUNT_FORMAT, _RATE_FORMAT = "#,##0", "#,##0.00"
_PROMPT_LIMIT, _TITLE_LIMIT = 255, 32


@dataclass(frozen=True, slots=True)
class Layout:
    """A drawn form and where its answers stand: ``rows`` maps an answer code to its row on the answer sheet."""

    workbook: Workbook
    rows: dict[str, int] = field(default_factory=dict)


def _font(**options: object) -> Font:
    return Font(**{"name": "Times New Roman", "size": 11, **options})  # type: ignore[arg-type]


_HAIR = Side(style="thin", color=_RULE)
_BOX = Border(left=_HAIR, right=_HAIR, top=_HAIR, bottom=_HAIR)


def _fill(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=colour, end_color=colour)


def _put(sheet: Worksheet, address: str, text: str | int, font: Font, **alignment: object) -> Cell:
    """Write a constant; text that begins like a formula stays text."""
    cell: Cell = sheet[address]
    cell.value = text
    if isinstance(text, str):
        cell.data_type = "s"
    cell.font = font
    cell.alignment = Alignment(**{"vertical": "center", "wrap_text": True, **alignment})  # type: ignore[arg-type]
    return cell


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


def _shown_unit(indicator: Indicator) -> str:
    return "Có/Không" if indicator.kind == "flag" else indicator.unit


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _validation(indicator: Indicator) -> DataValidation:
    """Return the entry rule of one answer, with the definition as its prompt."""
    ceiling = indicator.maximum
    limits = (
        f"từ {indicator.minimum:g} đến {ceiling:g}"
        if ceiling is not None
        else f"từ {indicator.minimum:g} trở lên"
    )
    if indicator.kind == "flag":
        rule = DataValidation(type="list", formula1=f'"{",".join(codes.FLAG_WORDS)}"')
        hint = "Chọn Có hoặc Không."
    else:
        whole = indicator.is_count
        rule = DataValidation(
            type="whole" if whole else "decimal",
            operator="greaterThanOrEqual" if ceiling is None else "between",
            formula1=f"{indicator.minimum:g}",
            formula2=None if ceiling is None else f"{ceiling:g}",
        )
        hint = f"Ghi số nguyên {limits}." if whole else f"Ghi số {limits} ({indicator.unit})."
        if indicator.unit == "%":
            hint = f"Ghi số phần trăm {limits}, không gõ dấu %: 98,39% ghi 98,39."
    rule.allow_blank = True
    rule.showErrorMessage = rule.showInputMessage = True
    rule.errorTitle, rule.error = "Số liệu chưa hợp lệ", f"{hint} Lời giải thích ghi ở cột Ghi chú."
    rule.promptTitle = _short(indicator.vi, _TITLE_LIMIT)
    rule.prompt = _short(f"{indicator.definition_vi}\n{hint}".strip(), _PROMPT_LIMIT)
    return rule


def _answer_cells(sheet: Worksheet, row: int, indicator: Indicator, code: str) -> None:
    """Draw the open cells of one row: value, nil, note; and the hidden code."""
    value = _put(sheet, f"D{row}", "", _font(size=12, bold=True, color=_NAVY), horizontal="right")
    value.value = None
    value.number_format = _COUNT_FORMAT if indicator.is_count or indicator.kind == "flag" else _RATE_FORMAT
    if indicator.kind == "flag":
        value.alignment = Alignment(horizontal="center", vertical="center")
    for column, horizontal in (("E", "center"), ("F", "left")):
        cell = _put(sheet, f"{column}{row}", "", _font(size=10), horizontal=horizontal)
        cell.value = None
        cell.number_format = "@" if column == "F" else "General"
    for column in "DEF":
        sheet[f"{column}{row}"].fill = _fill(_ANSWER)
        sheet[f"{column}{row}"].protection = Protection(locked=False)
    _put(sheet, f"G{row}", code, _font(size=8, color=_GREY), wrap_text=False)
    for column in "ABCDEF":
        sheet[f"{column}{row}"].border = _BOX
    sheet.row_dimensions[row].height = 33 if len(indicator.vi) > 54 else 21


def _indicator_row(sheet: Worksheet, row: int, number: int, indicator: Indicator) -> None:
    _put(sheet, f"A{row}", number, _font(color=_GREY), horizontal="center")
    _put(sheet, f"B{row}", indicator.vi, _font(), horizontal="left", indent=1)
    _put(sheet, f"C{row}", _shown_unit(indicator), _font(size=10, color=_GREY), horizontal="center")
    _answer_cells(sheet, row, indicator, indicator.code)


def _denominator_row(sheet: Worksheet, row: int, indicator: Indicator) -> None:
    _put(sheet, f"A{row}", "", _font())
    _put(sheet, f"B{row}", "Trên tổng số", _font(italic=True, color=_GREY), horizontal="left", indent=3)
    _put(sheet, f"C{row}", _shown_unit(indicator), _font(size=10, color=_GREY), horizontal="center")
    _answer_cells(sheet, row, indicator, indicator.code + codes.DENOMINATOR)
    # A whole has no "nothing to report" of its own: the answer above says it.
    sheet[f"E{row}"].protection = Protection(locked=True)
    sheet[f"E{row}"].fill = PatternFill()


def _group_row(sheet: Worksheet, row: int, number: int, title: str) -> None:
    _put(sheet, f"A{row}", _roman(number), _font(bold=True, color=_NAVY), horizontal="center")
    _put(sheet, f"B{row}", title.upper(), _font(bold=True, color=_NAVY), horizontal="left")
    sheet.merge_cells(f"B{row}:{_LAST_VISIBLE}{row}")
    for column in "ABCDEF":
        sheet[f"{column}{row}"].fill = _fill(_BAND)
        sheet[f"{column}{row}"].border = _BOX
    sheet.row_dimensions[row].height = 21


def _head(sheet: Worksheet, round_: Round) -> None:
    """Draw letterhead, title, unit and the table header with its hidden row of column codes."""
    for area in ("A1:B1", "C1:F1", "A2:F2", "A3:F3", "A4:B4", "C4:F4"):
        sheet.merge_cells(area)
    _put(sheet, LETTERHEAD_CELL, "ỦY BAN NHÂN DÂN\n………………………", _font(bold=True), horizontal="center")
    motto = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
    _put(sheet, "C1", motto, _font(bold=True), horizontal="center")
    title = f"BIỂU SỐ LIỆU {round_.title_vi.upper()}"
    _put(sheet, "A2", title, _font(size=15, bold=True, color=_NAVY), horizontal="center")
    _put(
        sheet,
        "A3",
        _subtitle(round_),
        _font(size=10, italic=True, color=_GREY),
        horizontal="center",
        vertical="top",
    )
    _put(sheet, "A4", "Đơn vị báo cáo:", _font(bold=True), horizontal="right", indent=1)
    unit = _put(sheet, COMMUNE_CELL, "", _font(size=12, bold=True, color=_NAVY), horizontal="left", indent=1)
    unit.value = None
    for column in "CDEF":
        sheet[f"{column}4"].border = Border(bottom=Side(style="medium", color=_NAVY))
    _put(sheet, "G4", codes.COMMUNE_ROW, _font(size=8, color=_GREY), wrap_text=False)
    for column, title, code in _COLUMNS:
        # The hidden column has no title: every word in it is a code to the reader.
        if title:
            cell = _put(sheet, f"{column}{_HEADER_ROW}", title, _font(bold=True, color="FFFFFF"), horizontal="center")
            cell.fill, cell.border = _fill(_NAVY), _BOX
        if code:
            _put(sheet, f"{column}{_CODE_ROW}", code, _font(size=8, color=_GREY), wrap_text=False)
    for row, height in ((1, 36), (2, 27), (3, 18), (4, 24), (_HEADER_ROW, 30)):
        sheet.row_dimensions[row].height = height
    sheet.row_dimensions[_CODE_ROW].hidden = True


def _tail(sheet: Worksheet, row: int, year: int) -> int:
    """Draw the place line and the two signatures; return the last row used."""
    _put(sheet, f"D{row + 1}", f"……………, ngày … tháng … năm {year}", _font(italic=True), horizontal="center")
    sheet.merge_cells(f"D{row + 1}:F{row + 1}")
    for area, text in (
        (f"A{row + 2}:C{row + 2}", "NGƯỜI LẬP BIỂU\n(Ký, ghi rõ họ tên)"),
        (f"D{row + 2}:F{row + 2}", "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n(Ký, đóng dấu)"),
    ):
        sheet.merge_cells(area)
        _put(sheet, area.split(":")[0], text, _font(bold=True), horizontal="center", vertical="top")
    for offset, height in ((0, 9), (1, 21), (2, 110)):
        sheet.row_dimensions[row + offset].height = height
    return row + 2


def _page(sheet: Worksheet, last: int, orientation: str, form_version: str) -> None:
    """Set A4, margins in inches, one page wide, and a footer that names the form."""
    sheet.page_setup.paperSize, sheet.page_setup.orientation = 9, orientation
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    margins = sheet.page_margins
    margins.left, margins.right, margins.top, margins.bottom, margins.footer = 0.6, 0.4, 0.6, 0.6, 0.3
    sheet.print_options.horizontalCentered = True
    sheet.print_area = f"A1:{_LAST_VISIBLE}{last}"
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = f"Biểu mẫu {form_version}", "Trang &P/&N"
    sheet.oddFooter.left.size = sheet.oddFooter.right.size = 9
    sheet.sheet_view.showGridLines = False


def _protect(sheet: Worksheet) -> None:
    """Lock the layout without a password: it guards against slips, and nobody must be stuck behind it."""
    protection = sheet.protection
    protection.sheet = True
    # False allows: widening columns and rows helps whoever reads a long note.
    protection.formatColumns = protection.formatRows = False


def _answer_sheet(sheet: Worksheet, round_id: str, catalogue: Catalogue) -> dict[str, int]:
    round_ = catalogue.round[round_id]
    for column, width in _WIDTHS.items():
        sheet.column_dimensions[column].width = width
    sheet.column_dimensions["G"].hidden = True
    _head(sheet, round_)
    asked = catalogue.asked(round_id)
    rows: dict[str, int] = {}
    row, number, groups = _FIRST_ROW, 0, 0
    for group in catalogue.groups:
        members = [indicator for indicator in asked if indicator.group == group.group]
        if not members:
            continue
        groups += 1
        _group_row(sheet, row, groups, group.vi)
        row += 1
        for indicator in members:
            number += 1
            _indicator_row(sheet, row, number, indicator)
            rule = _validation(indicator)
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
    both = FormulaRule([f'AND($D{_FIRST_ROW}<>"",$E{_FIRST_ROW}<>"")'], fill=_fill(_WARN))
    sheet.conditional_formatting.add(f"D{_FIRST_ROW}:E{row - 1}", both)
    last = _tail(sheet, row, round_.period_to.year)
    sheet.freeze_panes = f"A{_FIRST_ROW}"
    _page(sheet, last, "portrait", round_.form_version)
    sheet.print_title_rows = f"{_HEADER_ROW}:{_HEADER_ROW}"
    _protect(sheet)
    return rows


_STEPS = (
    'Chỉ ghi vào các ô nền vàng nhạt của trang "Số liệu". Di chuyển vào từng ô để xem cách ghi.',
    'Cột "Số liệu": ghi con số, không ghi kèm chữ, đơn vị tính hay dấu chấm phân cách hàng nghìn (ghi 1440, không ghi 1.440).',
    "Tỷ lệ ghi bằng số phần trăm từ 0 đến 100, không gõ dấu %: 98,39% ghi 98,39.",
    'Chỉ tiêu không có hoạt động trong kỳ: để trống "Số liệu" và chọn "x" ở cột "Không phát sinh". Ô để trống được coi là chưa báo cáo.',
    "Số ước tính hoặc cần giải thích: ghi lời giải thích ở cột Ghi chú.",
    'Dòng "Trên tổng số": ghi tổng số mà con số ở dòng trên là một phần của nó.',
    "Không xóa, chèn hay đổi tên trang tính; lưu tệp ở định dạng .xlsx, không đặt mật khẩu, rồi nộp cùng báo cáo.",
)


def _guide_sheet(sheet: Worksheet, round_id: str, catalogue: Catalogue) -> None:
    """Draw the instructions and the meaning of every asked indicator."""
    round_ = catalogue.round[round_id]
    for column, width in {"A": 5.5, "B": 48.0, "C": 14.0, "D": 64.0}.items():
        sheet.column_dimensions[column].width = width
    _put(sheet, "A1", "HƯỚNG DẪN GHI BIỂU", _font(size=15, bold=True, color=_NAVY), horizontal="center")
    _put(sheet, "A2", REPORTS[round_.report], _font(size=11, italic=True, color=_GREY), horizontal="center")
    for row in (1, 2):
        sheet.merge_cells(f"A{row}:D{row}")
    sheet.row_dimensions[1].height = 30
    row = 4
    for number, step in enumerate(_STEPS, 1):
        _put(sheet, f"A{row}", number, _font(bold=True, color=_NAVY), horizontal="center", vertical="top")
        _put(sheet, f"B{row}", step, _font(), horizontal="left", vertical="top")
        sheet.merge_cells(f"B{row}:D{row}")
        sheet.row_dimensions[row].height = 18 if len(step) < 118 else 33
        row += 1
    row += 1
    for column, title in zip("ABCD", ("TT", "Chỉ tiêu", "Đơn vị tính", "Cách hiểu và căn cứ"), strict=True):
        cell = _put(sheet, f"{column}{row}", title, _font(bold=True, color="FFFFFF"), horizontal="center")
        cell.fill, cell.border = _fill(_NAVY), _BOX
    sheet.row_dimensions[row].height = 24
    header = row
    for number, indicator in enumerate(catalogue.asked(round_id), 1):
        row += 1
        meaning = " ".join(part for part in (indicator.definition_vi, indicator.legal_basis) if part)
        entries = (
            str(number),
            indicator.vi,
            _shown_unit(indicator),
            meaning or _meaning(indicator, catalogue),
        )
        for column, entry, horizontal in zip(
            "ABCD", entries, ("center", "left", "center", "left"), strict=True
        ):
            _put(sheet, f"{column}{row}", entry, _font(size=10), horizontal=horizontal).border = _BOX
        sheet.row_dimensions[row].height = (
            15 * max(1, -(-len(entries[3]) // 70), -(-len(entries[1]) // 52)) + 4
        )
    _page(sheet, row, "landscape", round_.form_version)
    sheet.print_area = f"A1:D{row}"
    sheet.print_title_rows = f"{header}:{header}"
    _protect(sheet)


def _meaning(indicator: Indicator, catalogue: Catalogue) -> str:
    """Return what can be said of an indicator without a definition: how it is counted."""
    if indicator.numerator and indicator.denominator:
        part, whole = (catalogue.indicator[code].vi for code in (indicator.numerator, indicator.denominator))
        return f"Bằng [{part}] chia [{whole}], nhân 100."
    kinds = {
        "stock": "Số hiện có tại ngày cuối kỳ báo cáo.",
        "flow": "Số phát sinh trong kỳ báo cáo.",
        "rate": "Tỷ lệ phần trăm tại ngày cuối kỳ báo cáo.",
        "flag": "Chọn Có nếu đã thực hiện đến ngày cuối kỳ báo cáo.",
    }
    return kinds[indicator.kind]


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
        _put(sheet, f"A{row}", key, _font())
        # The unit's cell exists without a value, so that ``form`` finds it in the package.
        _put(sheet, f"B{row}", value or "", _font()).value = value
    labels = commune_labels(catalogue, round_id)
    for row, label in enumerate(labels.values(), 1):
        _put(sheet, f"D{row}", label, _font())
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
    sheet = workbook.active
    assert sheet is not None
    sheet.title = ANSWERS
    rows = _answer_sheet(sheet, round_id, catalogue)
    _guide_sheet(workbook.create_sheet(GUIDE), round_id, catalogue)
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
            sheet[f"{column}4"].fill = _fill(_ANSWER)
            sheet[f"{column}4"].protection = Protection(locked=False)
    return Layout(workbook, rows)
