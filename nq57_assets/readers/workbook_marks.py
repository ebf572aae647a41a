"""What calamine does not tell of .xls, .xlsb and .ods: hidden rows and columns, and cells that show an error.

Belongs here: a walk over records or elements for these marks alone. Does not belong: values (``workbook``), how far the
cells lie apart (``workbook_extent``), .xlsx (``second_look``).
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from nq57_assets.readers.formats import Format
from nq57_assets.readers.sheets import Place
from nq57_assets.readers.workbook_extent import xls_content, xls_records, xlsb_records

_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip
_BOF, _EOF, _BOUND_SHEET, _ROW, _COLUMNS, _BOOL_OR_ERROR, _FORMULA = (
    0x809,
    0x0A,
    0x85,
    0x208,
    0x7D,
    0x205,
    0x06,
)
_XLSB_SHEET, _XLSB_ROW, _XLSB_COLUMNS, _XLSB_ERRORS = 156, 0, 60, (3, 11)
_HIDDEN_ROW_XLS, _HIDDEN_ROW_XLSB = 0x20, 0x10
_MOST_REPEATED = 10_000


@dataclass(slots=True)
class Marks:
    """What one worksheet hides and where it shows errors; rows and columns count from 1."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    errors: dict[Place, str] = field(default_factory=dict)


def read_marks(data: bytes, format_: Format) -> dict[str, Marks]:
    """Return the marks of each worksheet by its name.

    Raises:
        Exception: The file is damaged, in as many ways as its formats allow.
    """
    if format_ == "xls":
        return _of_xls(xls_content(data))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return _of_xlsb(package) if format_ == "xlsb" else _of_ods(package.read("content.xml"))


def _error(code: int) -> str:
    return _ERRORS.get(code, "#N/A")


def _of_xls(content: bytes) -> dict[str, Marks]:
    names: dict[int, str] = {}
    found: dict[str, Marks] = {}
    sheet: Marks | None = None
    charts = 0  # a sheet's charts are streams within its own
    for position, kind, body in xls_records(content):
        if kind == _BOUND_SHEET and len(body) > 8 and body[5] == 0:
            wide, size = body[7] & 1, body[6]
            name = (
                body[8 : 8 + 2 * size].decode("utf-16-le") if wide else body[8 : 8 + size].decode("latin-1")
            )
            names[struct.unpack_from("<I", body)[0]] = name
        elif kind == _BOF:
            if position in names:
                sheet, charts = found.setdefault(names[position], Marks()), 0
            else:
                charts += 1
        elif kind == _EOF:
            sheet, charts = (sheet, charts - 1) if charts else (None, 0)
        elif sheet is not None and not charts:
            _note_xls(sheet, kind, body)
    return found


def _note_xls(sheet: Marks, kind: int, body: bytes) -> None:
    if kind == _COLUMNS and len(body) >= 10:
        first, last, _, _, flags = struct.unpack_from("<HHHHH", body)
        if flags & 1:
            sheet.columns.update(range(first + 1, min(last, 255) + 2))
    elif kind == _ROW and len(body) >= 14:
        if body[12] & _HIDDEN_ROW_XLS:
            sheet.rows.add(struct.unpack_from("<H", body)[0] + 1)
    elif kind in (_BOOL_OR_ERROR, _FORMULA) and len(body) >= 8:
        row, column = struct.unpack_from("<HH", body)
        if kind == _BOOL_OR_ERROR and body[7] == 1:
            sheet.errors[row + 1, column + 1] = _error(body[6])
        elif kind == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
            sheet.errors[row + 1, column + 1] = _error(body[8])


def _of_xlsb(package: zipfile.ZipFile) -> dict[str, Marks]:
    found = {}
    for name, part in _xlsb_sheets(package):
        sheet = Marks()
        row = 0
        for kind, body in xlsb_records(package.read(part)):
            if kind == _XLSB_ROW and len(body) >= 12:
                row = struct.unpack_from("<I", body)[0] + 1
                if body[11] & _HIDDEN_ROW_XLSB:
                    sheet.rows.add(row)
            elif kind == _XLSB_COLUMNS and len(body) >= 18:
                first, last, _, _, flags = struct.unpack_from("<IIIIH", body)
                if flags & 1:
                    sheet.columns.update(range(first + 1, min(last + 1, first + _MOST_REPEATED) + 1))
            elif kind in _XLSB_ERRORS and len(body) >= 9:
                sheet.errors[row, struct.unpack_from("<I", body)[0] + 1] = _error(body[8])
        found[name] = sheet
    return found


def _xlsb_sheets(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield each sheet's name and part."""
    links = etree.fromstring(package.read("xl/_rels/workbook.bin.rels"), _parser())
    parts = {link.get("Id"): posixpath.normpath(f"xl/{link.get('Target')}") for link in links}
    for kind, body in xlsb_records(package.read("xl/workbook.bin")):
        if kind == _XLSB_SHEET:
            link, after = _wide(body, 8)
            name, _ = _wide(body, after)
            if parts.get(link) in package.namelist():
                yield name, str(parts[link])


def _wide(body: bytes, at: int) -> tuple[str, int]:
    size = struct.unpack_from("<I", body, at)[0]
    end = at + 4 + (0 if size == 0xFFFFFFFF else 2 * size)
    return body[at + 4 : end].decode("utf-16-le"), end


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)


def _of_ods(content: bytes) -> dict[str, Marks]:
    root = etree.fromstring(content, _parser())
    return {_said(table, "name"): _of_table(table) for table in root.iter("{*}table") if _said(table, "name")}


def _said(element: etree._Element, name: str) -> str:
    """Return an attribute by its name without namespace: two of them are called ``value-type``, and both count."""
    return " ".join(str(value) for key, value in element.items() if str(key).rpartition("}")[2] == name)


def _times(element: etree._Element, name: str) -> int:
    count = _said(element, name)
    return min(int(count), _MOST_REPEATED) if count.isdigit() else 1


def _is_hidden(element: etree._Element) -> bool:
    if _said(element, "visibility") in ("collapse", "filter"):
        return True
    parent = element.getparent()
    while parent is not None and not str(parent.tag).endswith("}table"):
        if _said(parent, "display") == "false":
            return True
        parent = parent.getparent()
    return False


def _of_table(table: etree._Element) -> Marks:
    sheet = Marks()
    column = 1
    for one in table.iter("{*}table-column"):
        times = _times(one, "number-columns-repeated")
        if _is_hidden(one):
            sheet.columns.update(range(column, column + times))
        column += times
    row = 1
    for one in table.iter("{*}table-row"):
        times = _times(one, "number-rows-repeated")
        if _is_hidden(one):
            sheet.rows.update(range(row, row + times))
        column = 1
        for cell in one:
            wide = _times(cell, "number-columns-repeated")
            if "error" in _said(cell, "value-type").split():
                shown = " ".join("".join(map(str, cell.itertext())).split())[:20]
                sheet.errors.update({(row, at): shown for at in range(column, column + wide)})
            column += wide
        row += times
    return sheet
