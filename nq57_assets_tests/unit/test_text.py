"""Plain texts: every line where an editor shows it, every character as a person would type it."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.readers import Unreadable, read_document

SHARED = Path(__file__).parents[2].parent / "shared"
LINES = ["BÁO CÁO", "Kết quả chuyển đổi số", "", "1. Đã tổ chức 12 buổi tập huấn"]


def read(data: bytes, name: str = "bao-cao.txt"):
    return read_document(data, name, catalogue())


def places(document) -> list:
    return [(block.address.page, block.address.line, block.text) for block in document.blocks]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_lines_are_numbered_as_an_editor_shows_them(end, last):
    document = read((end.join(LINES) + (end if last else "")).encode())
    assert places(document) == [(None, number, line) for number, line in enumerate(LINES, 1)]
    assert document.text == "\n".join(LINES)
    assert (document.media_type, document.reader, document.encoding) == ("text/plain", "text", "utf-8")
    assert document.findings == ()


def test_separators_that_editors_do_not_count_split_no_line():
    document = read(f"{'báo cáo ' * 9}một\x0bhai\u2028ba\x85bốn\nnăm".encode())
    assert [line for _, line, _ in places(document)] == [1, 2]


def test_a_form_feed_begins_a_page_and_lines_count_on():
    document = read(b"a\nb\n\fc\nd\fe\n")
    assert places(document) == [(1, 1, "a"), (1, 2, "b"), (2, 3, "c"), (2, 4, "d"), (3, 4, "e")]


def test_decomposed_letters_are_composed():
    text = "\n".join(LINES)
    assert read(unicodedata.normalize("NFD", text).encode()).text == text


def test_invisible_characters_go_and_odd_spaces_become_plain():
    document = read("\u202eTổng\u200b số:\u00a0\u20091\u00ad2\ufeff\x07 hộ\tmới".encode())
    assert document.text == "Tổng số:  12 hộ\tmới"


def test_a_byte_order_mark_is_no_character():
    document = read(b"\xef\xbb\xbf" + "Báo cáo".encode())
    assert document.text == "Báo cáo" and document.findings == ()


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_nothing_but_space_is_an_empty_file(data):
    with pytest.raises(Unreadable) as caught:
        read(data)
    assert caught.value.finding.rule == "file_empty"


@pytest.mark.parametrize("data", [bytes(range(256)) * 4, b"abc\0def", b"\x01\x02\x03\x04 a"])
def test_binary_data_is_no_text(data):
    with pytest.raises(Unreadable) as caught:
        read(data)
    assert caught.value.finding.rule == "file_unreadable"
    assert "nhị phân" in caught.value.finding.observed


def test_the_content_counts_and_not_the_name():
    assert read("Báo cáo số 12".encode(), "bao-cao.xlsx").reader == "text"


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the real submissions are not here")
def test_real_submissions_are_sound_utf8_with_every_line_in_place():
    for path in sorted((SHARED / "submissions").iterdir()):
        document = read(path.read_bytes(), path.name)
        lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        assert document.encoding == "utf-8" and document.findings == ()
        assert [block.address.line for block in document.blocks] == list(range(1, len(lines) + 1))
        assert document.blocks[9].text.split() == unicodedata.normalize("NFC", lines[9]).split()
