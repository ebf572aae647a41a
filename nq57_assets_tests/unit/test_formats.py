"""What a file is told by its content, and the words for what is not read."""

from __future__ import annotations

import io
import pickle
import zipfile

import openpyxl
import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.outputs.form import Answer, form_bytes
from nq57_assets.readers import Unreadable, read_document

FORM = form_bytes(
    "2025-digital-transformation",
    catalogue(),
    "10888",
    {"team_count": Answer(7), "econ_cashless_pct": Answer(98.39)},
)


def answered(document) -> dict:
    return {cell.indicator: cell.value for cell in document.form_cells if cell.value is not None}


def reason(data: bytes, name: str = "bieu.xlsx"):
    with pytest.raises(Unreadable) as caught:
        read_document(data, name, catalogue())
    return caught.value.finding.rule, caught.value.finding.observed


def test_a_cut_workbook_is_unreadable_at_any_length():
    data = FORM
    for length in range(4, len(data), len(data) // 40):
        assert reason(data[:length])[0] == "file_unreadable"


def test_a_damaged_byte_never_escapes_as_another_error():
    data = bytearray(FORM)
    for place in range(0, len(data), 97):
        damaged = bytearray(data)
        damaged[place] ^= 0xFF
        try:
            document = read_document(bytes(damaged), "bieu.xlsx", catalogue())
        except Unreadable as error:
            assert error.finding.rule in ("file_unreadable", "file_unsafe")
        else:
            assert answered(document) == {"team_count": 7, "econ_cashless_pct": 98.39}


def test_one_cell_at_the_far_corner_does_not_take_the_memory():
    workbook = openpyxl.Workbook()
    workbook.active["XFD1048576"] = 1
    buffer = io.BytesIO()
    workbook.save(buffer)
    rule, observed = reason(buffer.getvalue())
    assert rule == "file_unsafe" and "1048576" in observed


def test_an_empty_workbook_is_empty():
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    assert reason(buffer.getvalue())[0] == "file_empty"


def package(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("data", "rule", "word"),
    [
        (b"", "file_empty", "0 byte"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "file_unreadable", "PDF"),
        (package(word__document=b"<w/>"), "file_unreadable", "Word"),
        (package(xl__workbook=b"<w/>"), "file_unreadable", "hỏng"),
        (package(readme=b"x"), "file_unreadable", ".zip"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "file_unreadable", "mật khẩu"),
        (OLE + "WordDocument".encode("utf-16-le"), "file_unreadable", ".doc"),
        (OLE + "Workbook".encode("utf-16-le"), "file_unreadable", "hỏng"),
        (b"\x89PNG\r\n\x1a\n\0\0", "file_unreadable", "ảnh"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "file_unreadable", "ảnh"),
        (b"Rar!\x1a\x07\x00", "file_unreadable", "nén"),
        (b"<html><table></table></html>", "file_unreadable", "HTML"),
        (b"MZ\x90\0\x03\0\0\0", "file_unsafe", "chương trình"),
    ],
)
def test_other_kinds_are_told_by_their_content_in_words(data, rule, word):
    found, observed = reason(data, "bao-cao.xlsx")
    assert found == rule and word in observed


@pytest.mark.parametrize("place", [b'r="D1699999999999999999999"', b'r="ZZZZZZZZZZZZZZ16"'])
def test_a_cell_at_an_absurd_place_does_not_end_the_process(place):
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(FORM)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b'r="D16"', place))
    assert reason(buffer.getvalue())[0] == "file_unsafe"


def test_the_reason_survives_the_way_between_processes():
    error = pickle.loads(pickle.dumps(Unreadable("tệp hỏng", "file_unsafe")))
    assert (error.finding.rule, error.finding.observed) == ("file_unsafe", "tệp hỏng")
