"""Hostile bytes are refused with the right rule before a parser sees them, and ordinary files pass."""

import io
import struct
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from nq57_assets.intake.preflight import LIMITS, preflight

TYPES = '<?xml version="1.0" encoding="UTF-8"?><Types/>'
SHEET = '<?xml version="1.0" encoding="UTF-8"?><worksheet><sheetData>{}</sheetData></worksheet>'


def package(parts: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", compression) as archive:
        for name, content in {"[Content_Types].xml": TYPES, **parts}.items():
            archive.writestr(name, content)
    return sink.getvalue()


def workbook(cells: dict[str, object]) -> bytes:
    book = openpyxl.Workbook()
    for address, value in cells.items():
        book.active[address] = value
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def sheet(rows: str) -> bytes:
    return package({"xl/worksheets/sheet1.xml": SHEET.format(rows)})


def duplicate_names() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/worksheets/sheet1.xml", SHEET.format("1"))
        archive.writestr("xl/worksheets/sheet1.xml", SHEET.format("999"))
    return sink.getvalue()


def patched(local: int, central: int, value: int) -> bytes:
    """One byte of a part's header set, in the file and in the directory."""
    content = bytearray(package({"a.xml": "<a/>"}))
    content[content.find(b"PK\x03\x04") + local] = value
    content[content.find(b"PK\x01\x02") + central] = value
    return bytes(content)


def lying_size() -> bytes:
    """A part whose directory entry says 10 bytes but which inflates to far more."""
    content = bytearray(package({"xl/worksheets/sheet1.xml": b"0" * (LIMITS.ratio_from * 3)}))
    place = content.rfind(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 10)
    return bytes(content)


REFUSED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "bomb": (lambda: package({"a.xml": b"0" * (60 << 20)}), "file_unsafe", "tỷ lệ nén"),
    "many entries": (lambda: package({f"{n}.xml": "" for n in range(2100)}), "file_unsafe", "thành phần"),
    "duplicate part": (duplicate_names, "file_unsafe", "cùng tên"),
    "part in other case": (lambda: package({"a.xml": "1", "A.XML": "2"}), "file_unsafe", "cùng tên"),
    "traversal": (lambda: package({"../../etc/cron.d/x": "1"}), "file_unsafe", "đường dẫn"),
    "backslash traversal": (lambda: package({"..\\x": "1"}), "file_unsafe", "đường dẫn"),
    "absolute path": (lambda: package({"/etc/x": "1"}), "file_unsafe", "đường dẫn"),
    "macro": (lambda: package({"xl/vbaProject.bin": b"x"}), "file_unsafe", "macro"),
    "macro sheet": (lambda: package({"xl/macrosheets/sheet1.xml": "<a/>"}), "file_unsafe", "macro"),
    "embedded object": (lambda: package({"word/embeddings/o.bin": b"x"}), "file_unsafe", "đối tượng nhúng"),
    "external workbook": (
        lambda: package({"xl/externalLinks/externalLink1.xml": "<a/>"}),
        "file_unsafe",
        "liên kết",
    ),
    "remote template": (
        lambda: package(
            {
                "word/_rels/settings.xml.rels": '<Relationships><Relationship Id="r" TargetMode="External" '
                'Type="http://x/attachedTemplate" Target="http://evil.example/t.dotm"/></Relationships>'
            }
        ),
        "file_unsafe",
        "liên kết",
    ),
    "entities": (
        lambda: package({"xl/workbook.xml": '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        "file_unsafe",
        "DTD",
    ),
    "entities in UTF-16": (
        lambda: package({"xl/workbook.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16")}),
        "file_unsafe",
        "DTD",
    ),
    "odd encoding": (
        lambda: package({"xl/workbook.xml": '<?xml version="1.0" encoding="UTF-7"?><a/>'}),
        "file_unsafe",
        "bảng mã",
    ),
    "zip in zip": (lambda: package({"a.xlsx": package({})}), "file_unsafe", "lồng"),
    "far cell": (lambda: workbook({"A1": 1, "XFD1048576": 2}), "file_unsafe", "trải tới"),
    "far cell in quotes": (
        lambda: sheet("<row><c r = 'ZZZ9999999'><v>1</v></c></row>"),
        "file_unsafe",
        "trải tới",
    ),
    "wide and long": (lambda: workbook({"A90000": 1, "ZZ1": 2}), "file_unsafe", "trải tới"),
    "endless cells": (
        lambda: package({"xl/worksheets/sheet1.xml": "<c/>" * (LIMITS.cells + 1)}, zipfile.ZIP_STORED),
        "file_unsafe",
        "ô",
    ),
    "huge merge": (
        lambda: sheet('</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        "file_unsafe",
        "gộp ô",
    ),
    "lying size": (lying_size, "file_unreadable", "hỏng"),
    "truncated": (lambda: workbook({"A1": 1})[:-200], "file_unreadable", "chưa tải lên hết"),
    "flipped": (
        lambda: package({"a.xml": "0123456789" * 50}).replace(b"PK\x01\x02", b"PK\x01\x03"),
        "file_unreadable",
        "hỏng",
    ),
    "password": (lambda: patched(6, 8, 1), "file_unreadable", "mật khẩu"),
    "office password": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "file_unreadable",
        "mật khẩu",
    ),
    "odd compression": (lambda: patched(8, 10, 99), "file_unreadable", "không được hỗ trợ"),
    "huge text": (lambda: b"a" * (LIMITS.plain + 1), "file_unsafe", "lớn quá"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_hostile_bytes_are_refused_with_rule_and_reason(kind: str) -> None:
    make, rule, words = REFUSED[kind]
    finding = preflight(make())
    assert finding is not None
    assert finding.rule == rule
    assert words in (finding.observed or "")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        "Xã Hải Hưng có 12 tổ công nghệ số.".encode(),
        workbook({"A1": "Chỉ tiêu", "D40": 12, "H3": "=SUM(D1:D40)"}),
        workbook({f"A{row}": row for row in range(1, 3000)}),
        b"%PDF-1.7\n",
        sheet('<row r="1"><c r="A1"/></row><row r="1048576" hidden="1"/>'),
    ],
    ids=["empty", "text", "form", "long sheet", "pdf", "libreoffice end row"],
)
def test_ordinary_files_pass(content: bytes) -> None:
    assert preflight(content) is None


def test_hyperlinks_to_the_web_are_no_external_links() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "trang"
    book.active["A1"].hyperlink = "https://haiphong.gov.vn"
    sink = io.BytesIO()
    book.save(sink)
    assert preflight(sink.getvalue()) is None
