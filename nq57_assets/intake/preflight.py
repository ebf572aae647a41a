"""Bytes that must not reach a parser: archives that inflate without bound, macros, DTDs, links out, sheets without end.

Belongs here: refusing by structure, in bounded time and memory, before anything is parsed.
Does not belong: kinds of file that no reader knows (``readers``), limits on the process (``worker``).

A check on bytes can be got round, so it is the first of two walls: every parser runs in a worker with limits.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass

import re2

from nq57_assets.model import Finding

_CHUNK = 1 << 18
_MIB = 1 << 20
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NESTED = (*_ZIP, _OLE, b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
_FORBIDDEN_PARTS = (
    ("vbaproject", "có macro (VBA)"),
    ("vbadata", "có macro (VBA)"),
    ("/macrosheets/", "có macro (Excel 4.0)"),
    ("/embeddings/", "có đối tượng nhúng"),
    ("/activex/", "có điều khiển ActiveX"),
    ("/externallinks/", "có liên kết tới tệp bên ngoài"),
)
_ENCODING = re2.compile(
    rb"""^(?:\xef\xbb\xbf)?<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']"""
)
_CELL = re2.compile(rb"""\sr\s*=\s*["']\$?([A-Za-z]{1,3})\$?([0-9]{1,7})["']""")
# Told by one search each: columns past ZZ or rows of six digits; two letters and four digits need a closer look.
_FAR = re2.compile(rb"""\sr\s*=\s*["']\$?(?:[A-Za-z]{3}|\$?[A-Za-z]{1,3}\$?[0-9]{6})""")
_WIDE = re2.compile(rb"""\sr\s*=\s*["']\$?[A-Za-z]{2}""")
_LONG = re2.compile(rb"""\sr\s*=\s*["']\$?[A-Za-z]{1,3}\$?[0-9]{4}""")
_CELL_TAG = re2.compile(rb"<(?:[A-Za-z0-9]+:)?c[\s/>]")
_MERGE = re2.compile(
    rb"""mergeCell\s+ref\s*=\s*["']\$?([A-Za-z]{1,3})\$?([0-9]{1,7}):\$?([A-Za-z]{1,3})\$?([0-9]{1,7})["']"""
)
_EXTERNAL = re2.compile(rb"""<(?:[A-Za-z0-9]+:)?Relationship\s[^>]*TargetMode\s*=\s*["']External["'][^>]*>""")
_HYPERLINK = re2.compile(rb"""Type\s*=\s*["'][^"']*/hyperlink["']""")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of what is passed on to a parser; generous beside any real report."""

    entries: int = 2_000
    inflated: int = 200 * _MIB
    ratio: int = 200
    ratio_from: int = 2 * _MIB
    plain: int = 20 * _MIB
    pdf: int = 100 * _MIB
    picture: int = 60 * _MIB
    rows: int = 100_000
    columns: int = 2_000
    cells: int = 1_000_000
    area: int = 5_000_000


LIMITS = Limits()


class _RefusedError(Exception):
    """A reason to stop, with the rule that it falls under."""

    def __init__(self, rule: str, observed: str) -> None:
        super().__init__(observed)
        self.finding = Finding(rule=rule, observed=observed)


def _unsafe(observed: str) -> _RefusedError:
    return _RefusedError("file_unsafe", observed)


def _unreadable(observed: str) -> _RefusedError:
    return _RefusedError("file_unreadable", observed)


def preflight(data: bytes, limits: Limits = LIMITS) -> Finding | None:
    """Return why bytes must not be parsed, or None when they may.

    The kind is told from the bytes alone: a name proves nothing.

    Returns:
        A finding of rule ``file_unsafe`` or ``file_unreadable`` with the reason in Vietnamese.
    """
    try:
        if data.startswith(_ZIP):
            _check_zip(data, limits)
        elif data.startswith(_OLE):
            if _ENCRYPTED_PACKAGE in data:
                raise _unreadable("tệp đặt mật khẩu")
        elif data.startswith(b"%PDF-"):
            if len(data) > limits.pdf:
                raise _unsafe(f"tệp PDF lớn quá {limits.pdf // _MIB} MB")
        elif data.startswith(_PICTURES):
            if len(data) > limits.picture:
                raise _unsafe(f"tệp ảnh lớn quá {limits.picture // _MIB} MB")
        elif len(data) > limits.plain:
            raise _unsafe(f"tệp văn bản lớn quá {limits.plain // _MIB} MB")
    except _RefusedError as refused:
        return refused.finding
    return None


def _check_zip(data: bytes, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_names(archive.infolist(), limits)
            _check_parts(archive, len(data), limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OverflowError) as error:
        raise _unreadable("tệp hỏng hoặc chưa tải lên hết") from error
    except (NotImplementedError, RuntimeError) as error:
        raise _unreadable("cách nén hoặc mã hóa không được hỗ trợ") from error


def _check_names(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.entries:
        raise _unsafe(f"có {len(entries)} thành phần, quá {limits.entries}")
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename.replace("\\", "/").lower()
        if name in seen:
            raise _unsafe(f"có hai thành phần cùng tên {entry.filename[:80]!r}")
        seen.add(name)
        if name.startswith("/") or ".." in name.split("/") or ":" in name or "\0" in name:
            raise _unsafe(f"có thành phần mang đường dẫn lạ {entry.filename[:80]!r}")
        if entry.flag_bits & 0x1:
            raise _unreadable("tệp đặt mật khẩu")
        for mark, reason in _FORBIDDEN_PARTS:
            if mark in "/" + name:
                raise _unsafe(reason)


def _check_parts(archive: zipfile.ZipFile, packed: int, limits: Limits) -> None:
    """Inflate every part for real, within bounds, and look into the XML ones; sizes in the directory can lie."""
    total = 0
    for entry in archive.infolist():
        pieces: list[bytes] = []
        with archive.open(entry) as part:
            while piece := part.read(_CHUNK):
                total += len(piece)
                if total > limits.inflated:
                    raise _unsafe(f"giải nén ra hơn {limits.inflated // _MIB} MB")
                if total > limits.ratio_from and total > packed * limits.ratio:
                    raise _unsafe(f"tỷ lệ nén quá {limits.ratio} lần")
                pieces.append(piece)
        content = b"".join(pieces)
        if content.startswith(_NESTED):
            raise _unsafe("có tệp nén hoặc tệp Office khác lồng bên trong")
        if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            _check_xml(content, entry.filename.lower(), limits)


def _check_xml(content: bytes, name: str, limits: Limits) -> None:
    if any(doctype in content for doctype in _DOCTYPES):
        raise _unsafe("có khai báo DTD trong XML")
    declared = _ENCODING.search(content)
    if declared and declared.group(1).lower() not in (b"utf-8", b"us-ascii", b"ascii", b"utf-16"):
        raise _unsafe(f"XML dùng bảng mã lạ {declared.group(1).decode()}")
    if name.endswith(".rels"):
        for link in _EXTERNAL.finditer(content):
            if not _HYPERLINK.search(link.group()):
                raise _unsafe("có liên kết tới tệp bên ngoài")
    elif name.startswith("xl/"):
        _check_extent(content, limits)


def _check_extent(content: bytes, limits: Limits) -> None:
    """Refuse a sheet whose cells lie so far apart or are so many that a reader would build an endless grid."""
    cells = sum(1 for _ in _CELL_TAG.finditer(content)) if len(content) > limits.cells else 0
    if cells > limits.cells:
        raise _unsafe(f"trang tính có hơn {limits.cells} ô")
    suspect = _FAR.search(content) or (_WIDE.search(content) and _LONG.search(content))
    last_row = last_column = 0
    for cell in _CELL.finditer(content) if suspect else ():
        last_row = max(last_row, int(cell.group(2)))
        last_column = max(last_column, _column(cell.group(1)))
    if last_row > limits.rows or last_column > limits.columns or last_row * last_column > limits.area:
        raise _unsafe(f"trang tính trải tới dòng {last_row}, cột {last_column}, quá mức cho phép")
    area = 0
    for merge in _MERGE.finditer(content):
        left, top, right, bottom = merge.groups()
        area += (abs(_column(right) - _column(left)) + 1) * (abs(int(bottom) - int(top)) + 1)
        if area > limits.area:
            raise _unsafe("trang tính gộp ô trên vùng quá rộng")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
