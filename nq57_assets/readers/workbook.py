"""Workbooks: every cell as a block, and the answers of our own form found by their codes.

Values come from calamine, which loses formulas and error cells without a word; so the XML is scanned for them first,
and a workbook that has any is looked at again with openpyxl. A home-made workbook also tells its merged cells and
what it hides. Belongs here: bytes of .xlsx, .xls, .xlsb, .ods → Document. Does not belong: judging a figure or a
stamp, finding the figures of home-made tables (``extract.homemade``).
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from nq57_assets.model import Address, Block, Document, Finding, SheetShape
from nq57_assets.readers.form_answers import read_form
from nq57_assets.readers.formats import XLSX_TYPE, Format, sniff
from nq57_assets.readers.sheets import Sheet, column_letters, shown, typed
from nq57_assets.readers.unreadable import Unreadable
from nq57_assets.readers.workbook_extent import check_extent
from nq57_assets.readers.workbook_marks import read_marks
from nq57_assets.readers.workbook_scan import scan
from nq57_assets.versions import reader_version

if TYPE_CHECKING:
    from nq57_assets.catalogue import Catalogue


_MEDIA_TYPES: dict[Format, str] = {
    "xls": "application/vnd.ms-excel",
    "xlsb": "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
_MOST_MERGED = 5_000
_MOST_TOLD = 20


def _sheets(data: bytes) -> list[Sheet]:
    """Return all worksheets with their typed values by (row, column), counted from 1."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = []
    for meta in book.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        source = book.get_sheet_by_name(meta.name)
        rows = source.to_python(skip_empty_area=False)
        cells = {
            (row, column): typed(value)
            for row, line in enumerate(rows, 1)
            for column, value in enumerate(line, 1)
            if value != ""
        }
        merged = tuple(
            (top + 1, left + 1, bottom + 1, right + 1)
            for (top, left), (bottom, right) in (source.merged_cell_ranges or ())[:_MOST_MERGED]
        )
        sheets.append(Sheet(meta.name, cells, hidden=meta.visible != SheetVisibleEnum.Visible, merged=merged))
    return sheets


def _load(data: bytes, format_: Format) -> list[Sheet]:
    """Read the sheets; those of an .xlsx with the second look where the scan asks for one, others with their marks.

    Raises:
        Unreadable: The package is damaged, protected by a password, or too wide to hold.
    """
    try:
        if format_ != "xlsx":
            check_extent(data, format_)
        second_look = format_ == "xlsx" and scan(data)
        sheets = _sheets(data)
        if second_look:
            from nq57_assets.readers.second_look import add_formulas

            add_formulas(data, sheets)
        elif format_ != "xlsx":
            _add_marks(data, sheets, format_)
    except Unreadable:
        raise
    except PasswordError as error:
        raise Unreadable("tệp có đặt mật khẩu: hãy bỏ mật khẩu rồi lưu lại") from error
    except MemoryError as error:
        raise Unreadable("bảng tính quá lớn để đọc", "file_unsafe") from error
    except Exception as error:
        # Damage surfaces as a zoo: BadZipFile, zlib.error, CalamineError, ParseError, KeyError, ValueError, TypeError ...
        raise Unreadable(f"bảng tính bị hỏng, không mở được ({type(error).__name__})") from error
    except BaseException as panic:
        # A panic of calamine is no Exception; what ends the process on purpose is none of ours.
        if type(panic).__name__ != "PanicException":
            raise
        raise Unreadable("bảng tính bị hỏng, làm thư viện đọc dừng đột ngột") from panic
    return sheets


def _add_marks(data: bytes, sheets: list[Sheet], format_: Format) -> None:
    """Fill errors and hidden lines of sheets in the other formats, in place; what calamine could read is read without."""
    try:
        marks = read_marks(data, format_)
    except Exception:
        return
    for sheet in sheets:
        if sheet.name in marks:
            seen = marks[sheet.name]
            sheet.errors.update(seen.errors)
            sheet.cells.update(seen.errors)
            sheet.hidden_lines = (frozenset(seen.rows), frozenset(seen.columns))


def _blocks(sheets: list[Sheet]) -> tuple[Block, ...]:
    blocks = []
    for sheet in sheets:
        if sheet.is_stamp:
            continue
        for (row, column), value in sorted(sheet.cells.items()):
            address = Address(sheet=sheet.name, cell=f"{column_letters(column)}{row}")
            text = shown(value)
            if (row, column) in sheet.percent and isinstance(value, float | int):
                text = f"{shown(round(value * 100, 10))}%"
            blocks.append(Block(text, address, value))
    return tuple(blocks)


def _shapes(data: bytes, sheets: list[Sheet], format_: Format) -> tuple[SheetShape, ...]:
    if format_ == "xlsx":
        from nq57_assets.readers.second_look import hidden_lines

        try:
            lines = hidden_lines(data)
        except Exception:  # what calamine could read is read without
            lines = {}
        for sheet in sheets:
            sheet.hidden_lines = lines.get(sheet.name, sheet.hidden_lines)
    return tuple(SheetShape(sheet.name, sheet.hidden, sheet.merged, *sheet.hidden_lines) for sheet in sheets)


def _lost(sheets: list[Sheet]) -> list[Finding]:
    """Return a finding for each cell that shows an error or was never calculated, up to a number worth reading."""
    found = [
        Finding(rule, Address(sheet=sheet.name, cell=f"{column_letters(column)}{row}"), observed=seen)
        for sheet in sheets
        for rule, cells in (("value_error_cell", sheet.errors), ("value_formula_uncached", sheet.uncached))
        for (row, column), seen in sorted(cells.items())
    ]
    return found[:_MOST_TOLD]


def read(data: bytes, name: str, catalogue: Catalogue) -> Document:
    """Return the document of a workbook; ``form`` and ``form_cells`` are filled for our own form.

    Blocks hold every non-empty cell of every sheet but the form's hidden stamp. ``form_cells`` holds every row of the
    form, also those left blank. A workbook without our form tells its ``sheets``.

    Raises:
        Unreadable: The workbook is damaged, encrypted or empty.
    """
    format_ = sniff(data, name)
    sheets = _load(data, format_)
    blocks = _blocks(sheets)
    if not blocks:
        raise Unreadable("bảng tính không có ô nào có nội dung", "file_empty")
    form = read_form(sheets, catalogue)
    return Document(
        media_type=_MEDIA_TYPES.get(format_, XLSX_TYPE),
        reader="form" if form.stamp else "workbook",
        reader_version=reader_version(),
        blocks=blocks,
        form=form.stamp,
        form_cells=form.cells,
        findings=form.findings if form.stamp else tuple(_lost(sheets)),
        sheets=() if form.stamp else _shapes(data, sheets, format_),
    )
