"""How far the cells of an .xls, .xlsb or .ods lie apart, told before a reader makes a grid of them.

calamine allocates the whole rectangle from the first to the last cell, and ends the process when it can't.
Belongs here: walking records and repetitions for places alone. Does not belong: values.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from typing import Any

import re2

from nq57_assets.readers.formats import Format
from nq57_assets.readers.unreadable import Unreadable

_MOST_CELLS = 2_000_000
_MOST_RECORDS = 5_000_000
# Records of .xls that put something at (row, column): BLANK to RSTRING, FORMULA, RK, MULRK, MULBLANK, LABELSST.
_XLS_CELLS = frozenset(
    (0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0xD6, 0x7E, 0xBD, 0xBE, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x27E)
)
_XLS_PROTECTED, _XLSB_ROW = 0x2F, 0
_XLSB_CELLS = range(1, 12)


def _options() -> Any:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    return options


_REPEATED = re2.compile(
    rb"<(?:\w+:)?(table-row|table-cell|covered-table-cell)([\s/>][^>]*)?>|<(/)(?:\w+:)?table(?:-row)?>",
    _options(),
)
_COUNT = re2.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["'](\d{1,9})["']""", _options())


def check_extent(data: bytes, format_: Format) -> None:
    """Refuse a workbook with a sheet that spans more than a process can hold, or with a password.

    Raises:
        Unreadable: A sheet is too wide, or the file protected.
        Exception: The file is damaged, in as many ways as its libraries know.
    """
    if format_ == "xls":
        _check_xls(data)
    elif format_ == "xlsb":
        _check_xlsb(data)
    elif format_ == "ods":
        _check_ods(data)


def _refuse(rows: int, columns: int) -> None:
    if rows * columns > _MOST_CELLS:
        raise Unreadable(f"trang tính có ô ở quá xa ({rows} dòng, {columns} cột)", "file_unsafe")


def xls_content(data: bytes) -> bytes:
    """Return the stream of an .xls that holds its sheets.

    Raises:
        Unreadable: There is none, or there are macros beside it.
        Exception: The file is damaged, in as many ways as its library knows.
    """
    import olefile

    with olefile.OleFileIO(io.BytesIO(data)) as compound:
        stream = next((name for name in ("Workbook", "Book") if compound.exists(name)), None)
        if stream is None:
            raise Unreadable("tệp Excel cũ không có phần bảng tính")
        if compound.exists("_VBA_PROJECT_CUR"):
            raise Unreadable("có macro (VBA)", "file_unsafe")
        content: bytes = compound.openstream(stream).read()
    return content


def _check_xls(data: bytes) -> None:
    rows = columns = 0
    for _, kind, body in xls_records(xls_content(data)):
        if kind == _XLS_PROTECTED:
            raise Unreadable("tệp có đặt mật khẩu: hãy bỏ mật khẩu rồi lưu lại")
        if kind in _XLS_CELLS and len(body) >= 4:
            row, column = struct.unpack_from("<HH", body)
            last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind in (0xBD, 0xBE) else column
            rows, columns = max(rows, row + 1), max(columns, column + 1, min(last, 255) + 1)
    _refuse(rows, columns)


def xls_records(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield (position, type, body) of each record."""
    position, seen = 0, 0
    while position + 4 <= len(content):
        kind, size = struct.unpack_from("<HH", content, position)
        yield position, kind, content[position + 4 : position + 4 + size]
        position += 4 + size
        seen += 1
        if seen > _MOST_RECORDS:
            raise Unreadable("bảng tính có quá nhiều ô", "file_unsafe")


def _check_xlsb(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if "/worksheets/" in f"/{name.lower()}" and name.lower().endswith(".bin"):
                rows = columns = 0
                for kind, body in xlsb_records(package.read(name)):
                    if len(body) < 4 or (kind != _XLSB_ROW and kind not in _XLSB_CELLS):
                        continue
                    place = struct.unpack_from("<I", body)[0] + 1
                    if kind == _XLSB_ROW:
                        rows = max(rows, place)
                    else:
                        columns = max(columns, place)
                _refuse(rows, columns)


def xlsb_records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (type, body): both type and length are numbers of seven bits a byte, the eighth saying that more follow."""
    position, seen = 0, 0
    while position < len(content):
        kind, position = _varint(content, position, 2)
        size, position = _varint(content, position, 4)
        yield kind, content[position : position + size]
        position += size
        seen += 1
        if seen > _MOST_RECORDS:
            raise Unreadable("bảng tính có quá nhiều ô", "file_unsafe")


def _varint(content: bytes, position: int, most: int) -> tuple[int, int]:
    value = 0
    for place in range(most):
        if position >= len(content):
            break
        byte = content[position]
        position += 1
        value |= (byte & 0x7F) << (7 * place)
        if not byte & 0x80:
            break
    return value, position


def _check_ods(data: bytes) -> None:
    """Count rows and columns up to the last cell that holds something, repetitions included."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        content = package.read("content.xml")
    rows = columns = width = pending = repeat = 0
    filled = False
    for tag in _REPEATED.finditer(content):
        kind, attributes, closing = tag.groups()
        attributes = attributes or b""
        count = _COUNT.search(attributes)
        times = int(count.group(1)) if count else 1
        if closing:
            if tag.group().endswith(b"row>"):
                pending += repeat
                if filled:
                    rows += pending
                    pending = 0
                columns = max(columns, width)
                _refuse(rows, columns)
            else:
                rows = columns = pending = 0
            width, filled, repeat = 0, False, 0
        elif kind == b"table-row":
            repeat, width, filled = times, 0, False
            if tag.group().endswith(b"/>"):
                pending, repeat = pending + times, 0
        else:
            holds = b"value" in attributes or not tag.group().endswith(b"/>")
            filled |= holds
            width = width + times if holds or times < 256 else width
    _refuse(rows, columns)
