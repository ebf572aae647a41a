"""Workbooks: every cell as a block, and the answers of our own form found by their codes.

Values come from calamine, which loses formulas and error cells without a word; so the XML is scanned for them first,
and a workbook that has any is looked at again with openpyxl. Belongs here: bytes of .xlsx → Document. Does not
belong: judging a figure or a stamp, home-made tables.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum

from nq57_assets.model import Address, Block, Document
from nq57_assets.readers.form_answers import read_form
from nq57_assets.readers.formats import XLSX_TYPE
from nq57_assets.readers.sheets import Sheet, column_letters, shown, typed
from nq57_assets.readers.unreadable import Unreadable
from nq57_assets.readers.workbook_scan import scan
from nq57_assets.versions import reader_version

if TYPE_CHECKING:
    from nq57_assets.catalogue import Catalogue


def _sheets(data: bytes) -> list[Sheet]:
    """Return all worksheets with their typed values by (row, column), counted from 1."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = []
    for meta in book.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        rows = book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
        cells = {
            (row, column): typed(value)
            for row, line in enumerate(rows, 1)
            for column, value in enumerate(line, 1)
            if value != ""
        }
        sheets.append(Sheet(meta.name, cells))
    return sheets


def _load(data: bytes) -> list[Sheet]:
    """Read the sheets, with the second look where the scan asks for one.

    Raises:
        Unreadable: The package is damaged, protected by a password, or too wide to hold.
    """
    try:
        second_look = scan(data)
        sheets = _sheets(data)
        if second_look:
            from nq57_assets.readers.second_look import add_formulas

            add_formulas(data, sheets)
    except Unreadable:
        raise
    except PasswordError as error:
        raise Unreadable("tệp có đặt mật khẩu: hãy bỏ mật khẩu rồi lưu lại") from error
    except MemoryError as error:
        raise Unreadable("bảng tính quá lớn để đọc", "file_unsafe") from error
    except Exception as error:
        # Damage surfaces as a zoo: BadZipFile, zlib.error, CalamineError, ParseError, KeyError, ValueError, TypeError ...
        raise Unreadable(f"bảng tính bị hỏng, không mở được ({type(error).__name__})") from error
    return sheets


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


def read(data: bytes, name: str, catalogue: Catalogue) -> Document:
    """Return the document of an .xlsx file; ``form`` and ``form_cells`` are filled for our own form.

    Blocks hold every non-empty cell of every sheet but the form's hidden stamp. ``form_cells`` holds every row of the
    form, also those left blank.

    Raises:
        Unreadable: The workbook is damaged, encrypted or empty.
    """
    sheets = _load(data)
    blocks = _blocks(sheets)
    if not blocks:
        raise Unreadable("bảng tính không có ô nào có nội dung", "file_empty")
    form = read_form(sheets, catalogue)
    return Document(
        media_type=XLSX_TYPE,
        reader="form" if form.stamp else "workbook",
        reader_version=reader_version(),
        blocks=blocks,
        form=form.stamp,
        form_cells=form.cells,
        findings=form.findings,
    )
