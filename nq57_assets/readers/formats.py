"""What a file is by its content: the first bytes and, for packages, the parts inside."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Literal

from nq57_assets.readers.unreadable import Unreadable

Format = Literal[
    "xlsx", "xlsb", "docx", "pptx", "ods", "odt", "opendocument", "package", "zip", "pdf", "image", "xls", "doc",
    "encrypted", "ole", "archive", "rtf", "html", "program", "text",
]  # fmt: skip

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_OPEN_DOCUMENTS: dict[bytes, Format] = {b"text": "odt", b"spreadsheet": "ods"}
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*", b"BM")
_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\0")
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!")
_PACKAGE_MARKS = {"[content_types].xml", "_rels", "docprops", "mimetype", "meta-inf", "index.zip"}
_PARTS = (".xml", ".rels", ".bin", ".vml")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _zip_format(data: bytes) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            kind = package.read("mimetype")[:100] if "mimetype" in names else b""
    except (
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        KeyError,
        NotImplementedError,
        OSError,
        EOFError,
    ) as error:
        raise Unreadable("gói tệp bị hỏng hoặc bị cắt cụt (có thể do tải lên chưa xong)") from error
    if "xl/workbook.bin" in names:
        return "xlsb"
    for part, format_ in (("xl/", "xlsx"), ("word/", "docx"), ("ppt/", "pptx")):
        # A folder of that name in a .zip of reports holds reports; a package's holds parts.
        if any(name.lstrip("/").lower().startswith(part) and _is_part(name) for name in names):
            return format_  # type: ignore[return-value]
    if kind and "content.xml" in names:
        return _OPEN_DOCUMENTS.get(
            kind.strip().removeprefix(b"application/vnd.oasis.opendocument."), "opendocument"
        )
    marks = {name.lstrip("/").lower().partition("/")[0] for name in names}
    return "package" if marks & _PACKAGE_MARKS else "zip"


def _is_part(name: str) -> bool:
    last = name.lower().rpartition("/")[2]
    return last.endswith(_PARTS) or bool(last and "." not in last)


def _ole_format(data: bytes) -> Format:
    for stream, format_ in (
        ("EncryptedPackage", "encrypted"),
        ("WordDocument", "doc"),
        ("Workbook", "xls"),
        ("Book", "xls"),
    ):
        if stream.encode("utf-16-le") in data:
            return format_  # type: ignore[return-value]
    return "ole"


def sniff(data: bytes, name: str = "") -> Format:
    """Return what the bytes are; the name decides only where the content can't.

    Raises:
        Unreadable: The file is empty, or a package whose table of contents can't be read.
    """
    if not data:
        raise Unreadable("tệp có 0 byte", "file_empty")
    head = data[:1024]
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_format(data)
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(_OLE):
        return _ole_format(data)
    if (
        head.startswith(_IMAGES)
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or head[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1")
    ):
        # "BM" alone also begins words ("BM.01 Báo cáo"); a bitmap has zero bytes in its header.
        return "image" if not head.startswith(b"BM") or b"\0" in head[:32] else "text"
    if head.startswith(_ARCHIVES):
        return "archive"
    if head.startswith(_PROGRAMS) and (head.startswith(b"#!") or b"\0" in head[:64]):
        return "program"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")) or (
        start.startswith(b"<?xml") and not name.lower().endswith(".txt")
    ):
        return "html"
    return "text"
