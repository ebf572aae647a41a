"""How words bound a figure, what it counts and which words are its own."""

from __future__ import annotations

import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.extract.grammar import compile_grammar
from nq57_assets.extract.passages import build_passage, is_damaged
from nq57_assets.extract.scene import Scene, read_scene
from nq57_assets.model import Address, Block
from nq57_assets_tests.reports import figures


def scene(text: str) -> Scene:
    passage = build_passage([Block(text, Address(line=1))], "prose", (), is_damaged(text))
    return read_scene(passage, compile_grammar(catalogue()))


@pytest.mark.parametrize(
    ("words", "qualifier", "low", "high"),
    [
        ("1.200 lượt người", "exact", 1200, 1200),
        ("hơn 1.200 lượt người", "over", 1200, None),
        ("trên 1.200 lượt người", "over", 1200, None),
        ("> 1.200 lượt người", "over", 1200, None),
        ("không dưới 1.200 lượt người", "over", 1200, None),
        ("1.200 lượt người trở lên", "over", 1200, None),
        ("gần 1.200 lượt người", "under", None, 1200),
        ("chưa đến 1.200 lượt người", "under", None, 1200),
        ("khoảng 1.200 lượt người", "approx", 1200, 1200),
        ("trên dưới 1.200 lượt người", "approx", 1200, 1200),
        ("1.200 lượt người (ước tính)", "approx", 1200, 1200),
        ("từ 1.200 đến 1.300 lượt người", "range", 1200, 1300),
        ("1.200 - 1.300 lượt người", "range", 1200, 1300),
    ],
)
def test_words_that_bound(words: str, qualifier: str, low: float | None, high: float | None) -> None:
    (one,) = figures(f"Tuyên truyền trực tiếp cho {words}.")
    assert (one.qualifier, one.low, one.high) == (qualifier, low, high)


@pytest.mark.parametrize(
    ("words", "qualifier"),
    [
        ("chạy được trên 41 bộ", "exact"),
        ("còn hạn trên 7 chiếc", "exact"),
        ("chạy được ở trên 40 bộ", "over"),
        ("chạy được ở hơn 41 bộ", "over"),
    ],
)
def test_what_runs_on_so_many_machines_bounds_nothing(words: str, qualifier: str) -> None:
    (one,) = scene(f"Phần mềm chống mã độc {words}.").quantities
    assert one.qualifier == qualifier


def test_on_a_screen_is_no_bound() -> None:
    (one,) = figures("Phát nội dung tuyên truyền trên 02 màn hình LED.")
    assert (one.qualifier, one.value) == ("exact", 2)


@pytest.mark.parametrize(
    "text",
    [
        "Đề án 06 và Mô hình 22",
        "Tổ dân phố số 3",
        "Nghị quyết 57 của Bộ Chính trị",
        "năm 2025",
        "Quý 3",
        "xếp thứ 7 thành phố",
        "2. Nội dung",
        "Chương trình giáo dục phổ thông 2018",
    ],
)
def test_numbers_that_name_are_no_quantities(text: str) -> None:
    assert scene(text).quantities == ()


def test_the_noun_may_stand_behind_before_or_in_brackets() -> None:
    assert [q.unit for q in scene("21 thôn, số hộ (hộ): 5.120, của cá nhân 39.").quantities] == [
        "thôn",
        "hộ",
        "cá nhân",
    ]


def test_part_and_whole_with_their_share_are_one_figure() -> None:
    (one,) = scene("Hồ sơ trực tuyến 98,4% (4.920/5.000 hồ sơ).").quantities
    assert (one.percent, one.ratio) == (98.4, (4920, 5000))


def test_a_share_that_disagrees_stays_apart() -> None:
    assert len(scene("Hồ sơ trực tuyến 90% (4.920/5.000 hồ sơ).").quantities) == 2


def test_digits_beside_number_words_count_once() -> None:
    assert [q.low for q in scene("Xã có hai mươi ba (23) thôn và bảy nghìn (7.000) hộ.").quantities] == [
        23,
        7000,
    ]


def test_blanks_part_thousands_in_prose() -> None:
    assert [q.low for q in scene("Dân số 20 450 người, 6 120 hộ.").quantities] == [20450, 6120]


def test_part_of_a_whole_told_in_words() -> None:
    (one,) = scene("Có 52 trên tổng số 53 chi bộ lồng ghép nội dung.").quantities
    assert one.ratio == (52, 53)
