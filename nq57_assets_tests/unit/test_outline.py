"""Outlines with damaged marks, lost line ends and wrapped titles."""

from __future__ import annotations

import pytest

from nq57_assets.extract.outline import read_outline
from nq57_assets.model import Address, Block, Document


def outline(text: str) -> list[tuple[str, int, str]]:
    blocks = tuple(Block(line, Address(line=number)) for number, line in enumerate(text.split("\n"), 1))
    sections = read_outline(Document("text/plain", "text", "1", blocks))
    return [(section.mark, section.level, section.title) for section in sections]


def marks(text: str) -> list[str]:
    return [mark for mark, _, _ in outline(text)]


def test_levels_follow_the_kinds_of_marks() -> None:
    assert outline(
        "I. KẾT QUẢ\n1. Chỉ đạo\n1.1. Văn bản\na) Kế hoạch năm\nII. KIẾN NGHỊ CHUNG\n1. Với thành phố"
    ) == [
        ("I", 1, "KẾT QUẢ"),
        ("1", 2, "Chỉ đạo"),
        ("1.1", 3, "Văn bản"),
        ("a", 4, "Kế hoạch năm"),
        ("II", 1, "KIẾN NGHỊ CHUNG"),
        ("1", 2, "Với thành phố"),
    ]


def test_a_paper_without_romans_starts_at_level_one() -> None:
    assert outline("1. Kết quả đạt được\n1.1. Văn bản\n2. Nhiệm vụ năm sau") == [
        ("1", 1, "Kết quả đạt được"),
        ("1.1", 2, "Văn bản"),
        ("2", 1, "Nhiệm vụ năm sau"),
    ]


@pytest.mark.parametrize(
    "damaged",
    [
        "I. KET QUA CHUNG\nI1. KHO KHAN, HAN CHE\nI11. NHIEM VU NAM SAU\nIV. KIEN NGHI CHUNG",
        "|. KET QUA CHUNG\nIl. KHO KHAN, HAN CHE\nIII. NHIEM VU NAM SAU\nIV.KIEN NGHI CHUNG",
        ". KET QUA CHUNG\nII KHO KHAN, HAN CHE\nIII- NHIEM VU NAM SAU\nIV. KIEN NGHI CHUNG",
        "I. KET QUA CHUNG\n1. Chi dao\n2. Van ban\n3. Hoi nghi\nII. KHO KHAN, HAN CHE\n1. NHIEM VU NAM SAU\n"
        "IV. KIEN NGHI CHUNG",
    ],
)
def test_damaged_roman_marks_take_their_place_in_the_order(damaged: str) -> None:
    romans = [mark for mark in marks(damaged) if not mark.isdigit()]
    assert romans == ["I", "II", "III", "IV"]


def test_two_headings_on_one_line_are_two() -> None:
    assert outline("I. KẾT QUẢ\nII. ĐÁNH GIÁ CHUNG III. KIẾN NGHỊ, ĐỀ XUẤT")[1:] == [
        ("II", 1, "ĐÁNH GIÁ CHUNG"),
        ("III", 1, "KIẾN NGHỊ, ĐỀ XUẤT"),
    ]


def test_skipped_and_repeated_numbers_stay_as_written() -> None:
    assert marks("I. KẾT QUẢ CHUNG\n1. Một việc\n3. Ba việc\nIII. KHÓ KHĂN CHUNG\nIII. KIẾN NGHỊ CHUNG") == [
        "I", "1", "3", "III", "III",
    ]  # fmt: skip


def test_wrapped_titles_are_joined_and_prose_below_is_not() -> None:
    text = (
        "I. KẾT QUẢ THỰC HIỆN CÔNG TÁC\nTUYÊN TRUYỀN NĂM NAY\n"
        "1. Xây dựng và duy trì chuyên mục trên cổng thông tin\nđiện tử của đơn vị\n\nĐơn vị đã mở chuyên mục."
    )
    assert [title for _, _, title in outline(text)] == [
        "KẾT QUẢ THỰC HIỆN CÔNG TÁC TUYÊN TRUYỀN NĂM NAY",
        "Xây dựng và duy trì chuyên mục trên cổng thông tin điện tử của đơn vị",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "10.10.2025 và hiển thị trên cổng",
        "1.440 người đăng ký dự thi",
        "1.5 tỷ đồng đã chi",
        "71.000 người dân",
        "57-NQ/TW trong sinh hoạt định kỳ",
        "- Tiếp tục tuyên truyền",
        "2025. 12 hội nghị",
        "1 lần/1 ngày trên loa truyền thanh",
        "ỦY BAN NHÂN DÂN",
        "TM. ỦY BAN NHÂN DÂN",
        "KT. CHỦ TỊCH",
    ],
)
def test_prose_and_figures_are_no_headings(line: str) -> None:
    assert marks(f"I. KẾT QUẢ CHUNG\n{line}") == ["I"]


def test_parts_and_articles() -> None:
    text = "PHẦN I\nKẾT QUẢ\nI. CHỈ ĐẠO CHUNG\n1. Văn bản\nPhần thứ hai: NHIỆM VỤ"
    levels = [(mark, level) for mark, level, _ in outline(text)]
    assert levels == [("PHẦN I", 1), ("I", 2), ("1", 3), ("Phần thứ hai", 1)]


def test_address_is_that_of_the_heading_line() -> None:
    blocks = (Block("mở đầu", Address(page=1, line=1)), Block("I. KẾT QUẢ CHUNG", Address(page=2, line=7)))
    (section,) = read_outline(Document("text/plain", "text", "1", blocks))
    assert section.address == Address(page=2, line=7)
