"""A .zip of reports: which members are taken under which names, what is refused and why, and what is no bundle at all."""

from __future__ import annotations

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.outputs.form import form_bytes
from nq57_assets.readers import Unreadable
from nq57_assets.readers.bundle import LIMITS, Limits, findings, is_bundle, members
from nq57_assets_tests.word_files import docx, p

WORD = docx(p("BÁO CÁO"))
PLAIN = b"report"


def bundle(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as package:
        for name, content in entries:
            package.writestr(name, content)
    return buffer.getvalue()


def taken(data: bytes) -> dict[str, bytes]:
    return {member.name: member.content for member in members(data) if not member.refused}


def refused(data: bytes) -> dict[str, str]:
    return {member.name: member.refused for member in members(data) if member.refused}


def renamed(name: bytes, flag: bool = False, extra: bytes = b"") -> bytes:
    """A bundle of one file whose name is these bytes, flagged as UTF-8 or not."""
    entry = zipfile.ZipInfo("x" * len(name))
    entry.extra = extra
    data = bundle((entry, PLAIN)).replace(b"x" * len(name), name)
    if not flag:
        return data
    changed = bytearray(data)
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(magic) + at
        changed[place : place + 2] = struct.pack("<H", 0x800)
    return bytes(changed)


def windows(name: str) -> bytes:
    """A name in Windows' Vietnamese code page, which has the letters but takes their tones as marks behind them."""
    letters = []
    for letter in name:
        base, *marks = unicodedata.normalize("NFD", letter)
        shapes = [mark for mark in marks if mark in "\u0302\u0306\u031b"]
        tones = "".join(mark for mark in marks if mark not in shapes)
        letters.append(unicodedata.normalize("NFC", base + "".join(shapes)) + tones)
    return "".join(letters).encode("cp1258")


def unicode_path(old: bytes, name: str) -> bytes:
    field = b"\x01" + struct.pack("<I", zlib.crc32(old)) + name.encode()
    return struct.pack("<HH", 0x7075, len(field)) + field


@pytest.mark.parametrize(
    "data",
    [
        renamed("Xã Cẩm Giàng/bc.txt".encode(), flag=True),
        renamed("Xã Cẩm Giàng/bc.txt".encode()),
        renamed(windows("Xã Cẩm Giàng/bc.txt")),
        renamed(b"X_ C_m Gi_ng/bc.txt", extra=unicode_path(b"X_ C_m Gi_ng/bc.txt", "Xã Cẩm Giàng/bc.txt")),
    ],
    ids=["flagged UTF-8", "UTF-8 without flag", "Windows' Vietnamese code page", "Unicode beside an ASCII name"],
)  # fmt: skip
def test_names_are_those_that_the_sender_saw(data: bytes) -> None:
    assert taken(data) == {"Xã Cẩm Giàng/bc.txt": PLAIN}


def test_a_name_that_no_vietnamese_code_page_gives_stays_as_dos_wrote_it() -> None:
    assert list(taken(renamed("Résumé ░.txt".encode("cp437")))) == ["Résumé ░.txt"]


def test_a_unicode_name_left_from_before_a_renaming_does_not_count() -> None:
    old = windows("bc cũ.txt")
    data = renamed(windows("bc mới.txt"), extra=unicode_path(old, "bc cũ.txt"))
    assert list(taken(data)) == ["bc mới.txt"]


def test_marks_of_operating_systems_and_folders_are_passed_over_but_listed() -> None:
    data = bundle(
        ("bao cao/", b""), ("bao cao/a.txt", PLAIN), ("__MACOSX/bao cao/._a.txt", b"x"), ("bao cao/.DS_Store", b"x"),
        ("Thumbs.db", b"x"), ("trong/", b""),
    )  # fmt: skip
    assert list(taken(data)) == ["bao cao/a.txt"] and refused(data) == {}
    (told,) = findings(data)
    assert told.rule == "file_bundle"
    assert "1 tệp: bao cao/a.txt" in str(told.observed) and "bỏ qua 5 mục" in str(told.observed)
    assert "Thumbs.db" in str(told.observed) and "trong/" in str(told.observed)


def locked() -> bytes:
    data = bytearray(bundle(("a.txt", PLAIN), ("b.txt", PLAIN)))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def damaged() -> bytes:
    data = bytearray(bundle(("a.txt", b"first" * 50), ("b.txt", PLAIN), method=zipfile.ZIP_STORED))
    data[data.index(b"first") + 7] ^= 0x40
    return bytes(data)


def link() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("a.txt")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


def twice() -> bytes:
    return bundle(("a.txt", b"1"), ("A.TXT", b"2"), ("b.txt", PLAIN))


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (lambda: bundle(("../a.txt", b"1"), ("b.txt", PLAIN)), "../a.txt", "đường dẫn"),
        (lambda: bundle(("x/../../a.txt", b"1"), ("b.txt", PLAIN)), "x/../../a.txt", "đường dẫn"),
        (lambda: bundle(("/etc/a.txt", b"1"), ("b.txt", PLAIN)), "/etc/a.txt", "đường dẫn"),
        (lambda: bundle(("C:\\Users\\a.txt", b"1"), ("b.txt", PLAIN)), "C:/Users/a.txt", "đường dẫn"),
        (lambda: bundle((f"{'a' * 500}.txt", b"1"), ("b.txt", PLAIN)), "a" * 400, "tên dài"),
        (lambda: bundle((link(), b"/etc/passwd"), ("b.txt", PLAIN)), "a.txt", "liên kết"),
        (twice, "a.txt", "cùng tên"),
        (locked, "a.txt", "mật khẩu"),
        (damaged, "a.txt", "hỏng"),
        (lambda: bundle(("a.zip", bundle(("c.txt", b"1"))), ("b.txt", PLAIN)), "a.zip", "lồng"),
        (lambda: bundle(("a.rar", b"Rar!\x1a\x07\x00" + bytes(50)), ("b.txt", PLAIN)), "a.rar", "lồng"),
    ],
)
def test_a_bad_member_is_refused_with_its_reason_and_its_neighbour_is_taken(
    data: Callable[[], bytes], name: str, reason: str
) -> None:
    made = data()
    assert is_bundle(made)
    assert reason in refused(made)[name]
    assert taken(made) == {"b.txt": PLAIN}
    rules = [(one.rule, one.address.sheet) for one in findings(made)]
    assert ("file_bundle_member", name[:120]) in rules and rules[0] == ("file_bundle", None)


@pytest.mark.parametrize(
    ("data", "limits", "rule", "reason"),
    [
        (lambda: bundle(*[(f"{n}.txt", b"1") for n in range(600)]), LIMITS, "file_unsafe", "600 mục"),
        (lambda: bundle(("a.txt", bytes(50 << 20))), LIMITS, "file_unsafe", "tỷ lệ nén"),
        (lambda: bundle(*[(f"{n}.txt", PLAIN * 9) for n in range(9)]), Limits(inflated=99), "file_unsafe", "giải nén ra"),
        (lambda: bundle(("a.txt", PLAIN)), Limits(member=3), "file_unreadable", "a.txt: lớn quá"),
        (lambda: bundle(("trong/", b"")), LIMITS, "file_empty", "không có tệp"),
        (lambda: bundle(), LIMITS, "file_empty", "không có tệp"),
        (lambda: bundle(("a.zip", bundle(("b.txt", b"1")))), LIMITS, "file_unreadable", "a.zip: là tệp nén"),
    ],
)  # fmt: skip
def test_a_bundle_of_which_nothing_can_be_taken_is_refused_as_a_whole(
    data: Callable[[], bytes], limits: Limits, rule: str, reason: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        findings(data(), limits)
    assert caught.value.finding.rule == rule and reason in str(caught.value.finding.observed)


def test_a_package_is_no_bundle_and_a_folder_named_like_a_part_is() -> None:
    ods = (Path(__file__).parents[1] / "files" / "homemade.ods").read_bytes()
    form = form_bytes("2025-digital-transformation", catalogue(), "10888")
    rest = bundle(("[Content_Types].xml", b"<a/>"), ("docProps/app.xml", b"<a/>"))
    assert not any(is_bundle(data) for data in (WORD, form, ods, PLAIN, rest, WORD[:-30], b""))
    assert is_bundle(bundle(("word/bc.docx", WORD), ("xl/so lieu.xlsx", form)))
    assert taken(bundle(("word/bc.docx", WORD), method=zipfile.ZIP_STORED)) == {"word/bc.docx": WORD}


def test_a_name_cannot_forge_lines_or_directions_in_a_finding() -> None:
    (told,) = findings(bundle(("a\n\u202egpj.b\x1b[2J.txt", PLAIN)))
    assert told.observed == "1 tệp: agpj.b[2J.txt"
