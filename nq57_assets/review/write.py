"""Writes the review workbook: what must be ruled on, answer cells with drop-downs, and a hidden sheet that names it.

Belongs here: layout, protection, drop-downs, links. Does not belong: which rows there are (``rows``), reading (``read``).
Text that was submitted is written as text, never as a formula, and stays text when somebody edits beside it.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from nq57_assets.review.layout import (
    COLUMNS,
    FORMAT,
    GUIDE,
    HEADER_ROW,
    HIDDEN,
    REPORT,
    RULINGS,
    SHEETS,
)
from nq57_assets.review.rows import Row, cell_text, letters

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_LOCAL_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
_POSITION = {column.key: number for number, column in enumerate(COLUMNS, 1)}
_GUIDE = (
    "Ba trang tính sau liệt kê việc cần người quyết định; việc ảnh hưởng nhiều đến số toàn thành phố đứng trước.",
    "Chỉ điền các ô màu vàng: chọn quyết định, ghi lý do và họ tên người quyết định. Dòng để trống là chưa quyết định.",
    "Chấp nhận: số đọc được là đúng. Sửa: ghi số đúng. Bác bỏ: số đọc được không dùng. Bỏ qua: phát hiện không cần xử lý.",
    "Bỏ qua có hạn; để trống cột ngày thì lấy thời hạn mặc định của hệ thống.",
    "Bấm vào tên tệp để mở bản lưu và đối chiếu nguyên văn.",
    "Có thể lọc và sắp xếp. Không sửa, thêm hay xóa các ô khác: dòng bị thay đổi sẽ không được áp dụng.",
    "Lưu tệp này dưới tên cũ, trong thư mục cũ. Lần chạy sau, hệ thống đọc quyết định, ghi vào sổ và lập tệp mới.",
    "Dòng chưa áp dụng được sẽ còn lại trong tệp mới, kèm lý do ở cột “Lần đọc trước”.",
)


@dataclass(frozen=True)
class Earlier:
    """What the last reading found in a row that it could not apply: the answers as typed, and why."""

    answers: Mapping[str, Any]
    told: str


@dataclass(frozen=True)
class Sheetful:
    """Everything that a workbook is made of.

    Attributes:
        earlier: By row id, what was typed in the last workbook and could not be applied.
        links: By SHA-256, the path to the archived file, relative to the workbook's folder.
        outcomes: What became of each row that was filled in in the last workbook.
    """

    workbook_id: str
    round_id: str
    title: str
    generation: int
    issued_at: datetime
    rows: Sequence[Row]
    earlier: Mapping[str, Earlier] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    outcomes: Sequence[Mapping[str, Any]] = ()


def workbook_bytes(content: Sheetful) -> bytes:
    """Return the review workbook as the bytes of an .xlsx file."""
    from openpyxl import Workbook

    from nq57_assets.outputs.form_style import set_default_font

    book = Workbook()
    set_default_font(book)
    book.properties.creator = "nq57_assets"
    guide = book.active
    assert guide is not None
    guide.title = GUIDE
    _guide(guide, content)
    for kind, title in SHEETS.items():
        _table(book.create_sheet(title), [row for row in content.rows if row.kind == kind], content)
    if content.outcomes:
        _report(book.create_sheet(REPORT), content.outcomes)
    _hidden(book, content)
    book.active = 1
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _text(sheet: Worksheet, row: int, column: int, content: Any, **face: Any) -> Any:
    """Write text that can never be a formula, whatever it begins with, also after somebody edits the cell."""
    from nq57_assets.outputs.form_style import font, put

    if isinstance(content, str):
        content = cell_text(content)
    cell = put(sheet, sheet.cell(row, column).coordinate, content, font(**face), vertical="top")
    if isinstance(content, str) and content[:1] in ("=", "+", "-", "@", "\t", "\r"):
        cell.quotePrefix = True
    return cell


def _guide(sheet: Worksheet, content: Sheetful) -> None:
    from nq57_assets.outputs.form_style import fit_width, protect

    sheet.column_dimensions["A"].width = 110
    issued = content.issued_at.astimezone(_LOCAL_TIME)
    counts = ", ".join(f"{title}: {_count(content.rows, kind)}" for kind, title in SHEETS.items())
    _text(sheet, 1, 1, f"TỆP RÀ SOÁT – {content.title}", bold=True, size=14)
    _text(
        sheet,
        2,
        1,
        f"Đợt {content.round_id}, bản công bố số {content.generation}, lập {issued:%d/%m/%Y %H:%M}.",
    )
    _text(sheet, 3, 1, f"{counts}.", bold=True)
    for number, line in enumerate(_GUIDE, 1):
        _text(sheet, 4 + number, 1, f"{number}. {line}")
    fit_width(sheet)
    protect(sheet)


def _count(rows: Sequence[Row], kind: str) -> int:
    return sum(row.kind == kind for row in rows)


def _table(sheet: Worksheet, rows: Sequence[Row], content: Sheetful) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.header_footer import HeaderFooterItem

    from nq57_assets.outputs.form_style import ANSWER, BAND, BOX, fill, fit_width, protect

    last = get_column_letter(len(COLUMNS))
    _text(sheet, 1, 1, f"{sheet.title} – {content.title}", bold=True, size=13).alignment = None
    _text(sheet, 2, 1, f"Đợt {content.round_id}, bản công bố số {content.generation}").alignment = None
    for position, column in enumerate(COLUMNS, 1):
        cell = _text(sheet, HEADER_ROW, position, column.title, bold=True, size=10)
        cell.fill, cell.border = fill(ANSWER if column.answer else BAND), BOX
        sheet.column_dimensions[get_column_letter(position)].width = column.width
    for number, row in enumerate(rows, 1):
        _line(sheet, HEADER_ROW + number, number, row, content)
    end = HEADER_ROW + max(1, len(rows))
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}{end}"
    sheet.freeze_panes = f"{get_column_letter(_POSITION['indicator'])}{HEADER_ROW + 1}"
    _drop_downs(sheet, rows, content.issued_at.astimezone(_LOCAL_TIME).date())
    sheet.page_setup.paperSize, sheet.page_setup.orientation = 8, "landscape"
    sheet.print_title_rows, sheet.print_area = f"{HEADER_ROW}:{HEADER_ROW}", f"A1:{last}{end}"
    footer = HeaderFooterItem()
    footer.right.text = "Trang &P/&N"
    sheet.oddFooter = footer
    fit_width(sheet)
    # On one page the letters would be too small to read: what is asked on the left one, the answers on the right one.
    sheet.page_setup.fitToWidth, sheet.print_title_cols = 2, "A:D"
    sheet.row_dimensions[HEADER_ROW].height = 44
    protect(sheet)
    # False allows: a big round is only usable with its filters.
    sheet.protection.autoFilter = sheet.protection.sort = False


def _line(sheet: Worksheet, at: int, number: int, row: Row, content: Sheetful) -> None:
    from openpyxl.styles import Protection
    from openpyxl.worksheet.hyperlink import Hyperlink

    from nq57_assets.outputs.form_style import ANSWER, BOX, fill, font

    earlier = content.earlier.get(row.row_id)
    shown: dict[str, Any] = {"number": number, "told": earlier.told if earlier else None}
    shown |= dict(earlier.answers) if earlier else {}
    for position, column in enumerate(COLUMNS, 1):
        value = shown[column.key] if column.key in shown else getattr(row, column.key, None)
        cell = _text(sheet, at, position, value, size=10)
        cell.border = BOX
        if column.answer:
            cell.fill, cell.protection = fill(ANSWER), Protection(locked=False)
    sheet.cell(at, _POSITION["effect"]).number_format = "0.00"
    sheet.cell(at, _POSITION["until"]).number_format = "dd/mm/yyyy"
    link = content.links.get(row.sha256 or "")
    if link:
        cell = sheet.cell(at, _POSITION["original_name"])
        cell.hyperlink = Hyperlink(ref=cell.coordinate, target=link)
        cell.font = font(size=10, color="0563C1", underline="single")


def _drop_downs(sheet: Worksheet, rows: Sequence[Row], today: date) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    if not rows:
        return
    first, last = HEADER_ROW + 1, HEADER_ROW + len(rows)
    for choice in sorted({row.rulings for row in rows}):
        words = ",".join(RULINGS[ruling] for ruling in choice)
        allowed = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True, showErrorMessage=True)
        allowed.errorTitle, allowed.error = "Quyết định", f"Chọn một trong: {words.replace(',', ', ')}."
        letter = get_column_letter(_POSITION["ruling"])
        for number, row in enumerate(rows):
            if row.rulings == choice:
                allowed.add(f"{letter}{first + number}")
        sheet.add_data_validation(allowed)
    after = str((today - date(1899, 12, 30)).days)
    bounds = {
        "value": DataValidation(
            type="decimal", operator="greaterThan", formula1="-1000000000000", error="Ghi một con số."
        ),
        "until": DataValidation(
            type="date", operator="greaterThan", formula1=after, error="Ghi ngày sau hôm nay."
        ),
        "reason": DataValidation(
            type="textLength", operator="lessThanOrEqual", formula1="1000", error="Không quá 1000 ký tự."
        ),
    }
    for key, rule in bounds.items():
        rule.allow_blank = rule.showErrorMessage = True
        letter = get_column_letter(_POSITION[key])
        rule.add(f"{letter}{first}:{letter}{last}")
        sheet.add_data_validation(rule)


def _report(sheet: Worksheet, outcomes: Sequence[Mapping[str, Any]]) -> None:
    from nq57_assets.outputs.form_style import BAND, BOX, fill, fit_width, protect

    titles = ("Trang tính", "Dòng", "Mã dòng", "Đơn vị", "Chỉ tiêu", "Quyết định", "Kết quả", "Giải thích")
    for position, (title, width) in enumerate(zip(titles, (16, 8, 15, 12, 24, 14, 18, 80), strict=True), 1):
        cell = _text(sheet, 1, position, title, bold=True)
        cell.fill, cell.border = fill(BAND), BOX
        sheet.column_dimensions[cell.column_letter].width = width
    keys = ("sheet", "line", "row_id", "commune_code", "indicator", "ruling", "outcome_vi", "told")
    for number, outcome in enumerate(outcomes, 2):
        for position, key in enumerate(keys, 1):
            value = outcome.get(key)
            _text(sheet, number, position, value, size=10)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:H{len(outcomes) + 1}"
    fit_width(sheet)
    protect(sheet)


def _hidden(book: Workbook, content: Sheetful) -> None:
    """Name the workbook and the hash of each row, so that a change of what was asked shows."""
    from nq57_assets.outputs.form_style import protect

    sheet = book.create_sheet(HIDDEN)
    head = (
        ("format", FORMAT),
        ("workbook", content.workbook_id),
        ("round", content.round_id),
        ("generation", content.generation),
        ("issued_at", content.issued_at.isoformat()),
    )
    for number, (name, value) in enumerate(head, 1):
        _text(sheet, number, 1, name)
        _text(sheet, number, 2, value)
    for number, row in enumerate(content.rows, len(head) + 2):
        _text(sheet, number, 1, row.row_id)
        _text(sheet, number, 2, letters(row.content_hash))
    sheet.sheet_state = "veryHidden"
    protect(sheet)
