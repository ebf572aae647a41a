"""The workbooks that go back: what to mend as a list, the commune's own form with notes at the cells, the reminders.

Belongs here: layout. Does not belong: what is told (``returns``).
"""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from nq57_assets.catalogue import Round
from nq57_assets.outputs.form_style import (
    ANSWER,
    BAND,
    BOX,
    WARN,
    fill,
    fit_width,
    font,
    protect,
    put,
    set_default_font,
)
from nq57_assets.outputs.words import local_day
from nq57_assets.returned import OUTCOMES_VI

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from nq57_assets.outputs.return_items import Item, Return
    from nq57_assets.returned import Followup

_COLUMNS = (
    ("STT", 6),
    ("Mức độ", 14),
    ("Chỉ tiêu", 34),
    ("Tệp", 26),
    ("Ô hoặc dòng", 14),
    ("Nội dung thấy được", 30),
    ("Nội dung mong đợi", 20),
    ("Diễn giải", 46),
    ("Việc cần làm", 40),
    ("Trả lời của đơn vị", 34),
)
_HEADER_ROW = 5
_NOTE_AUTHOR = "Sở Khoa học và Công nghệ"
_MUST, _CHECK = "Phải sửa", "Cần kiểm tra"


def write_text(sheet: Worksheet, row: int, column: int, content: Any, **face: Any) -> Any:
    """Write text that can never be a formula."""
    cell = put(sheet, sheet.cell(row, column).coordinate, content, font(**face), vertical="top")
    if isinstance(content, str) and content[:1] in ("=", "+", "-", "@"):
        cell.quotePrefix = True
    return cell


def _saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sheet_bytes(one: Return) -> bytes:
    """Return the list of what a commune must mend, with a column for its answers."""
    from openpyxl import Workbook
    from openpyxl.styles import Protection

    book = Workbook()
    set_default_font(book)
    sheet: Any = book.active
    sheet.title = "Phát hiện"
    must = sum(item.must for item in one.items)
    for row, words in enumerate(
        (
            f"CÁC NỘI DUNG CẦN SỬA, GIẢI TRÌNH – {one.commune.full_name.upper()}",
            one.round_.title_vi,
            f"{must} nội dung phải sửa (số liệu đang bị giữ lại), {len(one.items) - must} nội dung cần kiểm tra. "
            f"Đề nghị nộp lại trước ngày {one.answer_by:%d/%m/%Y}.",
        ),
        1,
    ):
        write_text(sheet, row, 1, words, bold=row != 2, size=13 if row == 1 else 11).alignment = None
    draw_header(sheet, _HEADER_ROW, _COLUMNS)
    for number, item in enumerate(one.items, 1):
        cells = (
            number, _MUST if item.must else _CHECK, item.indicator_vi, item.original_name, item.place,
            item.quote or item.observed, item.expected, item.message, item.advice, None,
        )  # fmt: skip
        for column, content in enumerate(cells, 1):
            cell = write_text(sheet, _HEADER_ROW + number, column, content, size=10)
            cell.border = BOX
        sheet.cell(_HEADER_ROW + number, 2).fill = fill(WARN if item.must else ANSWER)
        answer = sheet.cell(_HEADER_ROW + number, len(_COLUMNS))
        answer.fill, answer.protection = fill(ANSWER), Protection(locked=False)
    finish(sheet, _HEADER_ROW, len(one.items), len(_COLUMNS))
    if one.followup:
        _draw_followup(book, one.followup)
    return _saved(book)


def _draw_followup(book: Workbook, followup: Followup) -> None:
    """Add the sheet on what became of the list before."""
    sheet: Any = book.create_sheet("Theo dõi")
    title = f"DANH SÁCH NGÀY {local_day(followup.told_at)} ĐỐI CHIẾU VỚI BẢN NỘP NGÀY"
    write_text(
        sheet, 1, 1, f"{title} {local_day(followup.submission['received_at'])}", bold=True, size=13
    ).alignment = None
    write_text(sheet, 2, 1, f"Kết quả: {followup.words_vi()}.").alignment = None
    draw_header(sheet, 4, (("Mục", 8), ("Nội dung đã nêu", 70), ("Việc cần làm", 50), ("Kết quả", 30)))
    for row, item in enumerate(followup.items, 5):
        told = (item.number, item.finding["message_vi"], item.finding["advice_vi"], OUTCOMES_VI[item.outcome])
        for column, content in enumerate(told, 1):
            write_text(sheet, row, column, content, size=10).border = BOX
        sheet.cell(row, 4).fill = fill(BAND if item.outcome == "mended" else WARN)
    finish(sheet, 4, len(followup.items), 4)


def draw_header(sheet: Worksheet, row: int, columns: Sequence[tuple[str, int]]) -> None:
    """Draw the titles of a table and set the widths of its columns, in characters."""
    for position, (title, width) in enumerate(columns, 1):
        cell = write_text(sheet, row, position, title, bold=True, size=10)
        cell.fill, cell.border = fill(BAND), BOX
        sheet.column_dimensions[cell.column_letter].width = width


def finish(sheet: Worksheet, header_row: int, rows: int, columns: int) -> None:
    """Freeze the titles, add filters, set the page and lock the layout, filters excepted."""
    from openpyxl.utils import get_column_letter

    last = f"{get_column_letter(columns)}{header_row + max(1, rows)}"
    sheet.freeze_panes = f"A{header_row + 1}"
    sheet.auto_filter.ref = f"A{header_row}:{last}"
    sheet.page_setup.paperSize, sheet.page_setup.orientation = 9, "landscape"
    sheet.print_title_rows, sheet.print_area = f"{header_row}:{header_row}", f"A1:{last}"
    fit_width(sheet)
    protect(sheet)
    sheet.protection.autoFilter = sheet.protection.sort = False


def noted_copy(data: bytes, items: Sequence[Item]) -> bytes | None:
    """Return a commune's own workbook with a note at each cell that is to be mended; None if it can not be opened.

    Args:
        data: The archived bytes; they passed the checks of the intake.
        items: What is to be mended in this file.
    """
    from openpyxl import load_workbook
    from openpyxl.comments import Comment
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(data), keep_links=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError):
        return None
    notes: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items:
        if item.cell and item.sheet in book.sheetnames:
            notes[str(item.sheet), item.cell].append(item)
    for (sheet, address), told in notes.items():
        try:
            cell = _top_left(book[sheet], address)
        except ValueError:
            continue
        words = "\n".join(f"{item.message} {item.advice}" for item in told)
        note = Comment(words, _NOTE_AUTHOR, height=120, width=360)
        cell.comment = note
        cell.fill = fill(WARN if any(item.must for item in told) else ANSWER)
    return _saved(book)


def _top_left(sheet: Worksheet, address: str) -> Any:
    """Return the cell, or the one that stands for it in a merged area: no other can carry a note."""
    area = next((area for area in sheet.merged_cells.ranges if address in area), None)
    return sheet.cell(area.min_row, area.min_col) if area else sheet[address]


def reminder_bytes(late: Sequence[Return], round_: Round, day: date) -> bytes:
    """Return the list of communes to remind, by days late."""
    from openpyxl import Workbook

    book = Workbook()
    set_default_font(book)
    sheet: Any = book.active
    sheet.title = "Nhắc nộp"
    due = f"{round_.due_on:%d/%m/%Y}" if round_.due_on else "chưa quy định"
    write_text(sheet, 1, 1, "DANH SÁCH ĐƠN VỊ CHƯA NỘP BÁO CÁO", bold=True, size=13).alignment = None
    write_text(sheet, 2, 1, f"{round_.title_vi}; hạn nộp {due}; lập ngày {day:%d/%m/%Y}").alignment = None
    draw_header(sheet, 4, (("STT", 6), ("Mã đơn vị", 12), ("Đơn vị", 34), ("Số ngày chậm", 14)))
    for number, one in enumerate(late, 1):
        cells = (number, one.commune.commune_code, one.commune.full_name, one.days_late)
        for column, content in enumerate(cells, 1):
            write_text(sheet, 4 + number, column, content).border = BOX
    finish(sheet, 4, len(late), 4)
    return _saved(book)
