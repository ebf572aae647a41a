"""Figures as Vietnamese papers write them, and what only looks like one."""

from __future__ import annotations

import pytest

from nq57_assets.vietnamese.numbers import find_numerals, parse_amount, parse_words


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.440", 1440),
        ("162.056.800", 162056800),
        ("8203", 8203),
        ("286,98", 286.98),
        ("98.39", 98.39),
        ("05", 5),
        ("1,440", 1440),
        ("2.5.1", None),
        ("1.44.000", None),
    ],
)
def test_separators(text: str, value: float | None) -> None:
    amount = parse_amount(text)
    assert (amount[0] if amount else None) == value


def test_a_comma_before_three_digits_is_a_repair() -> None:
    assert parse_amount("1,440") == (1440.0, True)
    assert parse_amount("1.440") == (1440.0, False)


@pytest.mark.parametrize(
    ("words", "value", "used"),
    [
        ("hai mươi ba buổi", 23, 3),
        ("một trăm linh năm tin", 105, 4),
        ("mười một lớp", 11, 2),
        ("ba mươi mốt tổ", 31, 3),
        ("bốn mươi lăm thôn", 45, 3),
        ("một nghìn rưỡi người", 1500, 3),
        ("hai nghìn năm trăm lượt", 2500, 4),
        ("sáu trăm sáu mươi lượt", 660, 4),
        ("chín hội nghị", 9, 1),
    ],
)
def test_number_words(words: str, value: float, used: int) -> None:
    assert parse_words(words.split()) == (value, used)


def test_other_words_are_no_number() -> None:
    assert parse_words(["nhiều", "hội", "nghị"]) is None
    assert parse_words([]) is None


def _kinds(text: str) -> list[tuple[str, str]]:
    return [(numeral.kind, numeral.text) for numeral in find_numerals(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Nghị quyết số 57-NQ/TW",
        "Kế hoạch số 192/KH-UBND",
        "Quyết định 749/Qb- TTg",
        "Kế hoạch hành động 09-KH/ĐU",
        "https://zalo.me/g/abc123",
        "điện thoại 0912.345.678",
        "ngày 18/8/2025",
        "tháng 11/2025",
        "giai đoạn 2022-2025",
        "chuyen d6i s6",
        "x4 T6 16p",
        "mạng 4G và 5G",
    ],
)
def test_papers_dates_addresses_and_damaged_words_are_no_figures(text: str) -> None:
    assert all(kind != "figure" for kind, _ in _kinds(text))


def test_ratio_range_and_percent() -> None:
    ratio, percent, span = find_numerals("đạt 98,39% (5.010/5.092 hồ sơ), từ 125 đến 130 người")[:3]
    assert (ratio.low, ratio.percent) == (98.39, True)
    assert (percent.low, percent.whole) == (5010, 5092)
    assert (span.low, span.high) == (125, 130)


@pytest.mark.parametrize(("text", "value"), [("3Q0 nguoi", 300), ("1OQ% thon", 100), ("O8 buoi", 8)])
def test_letters_inside_digits_are_mended_and_marked(text: str, value: float) -> None:
    (numeral,) = find_numerals(text)
    assert (numeral.low, numeral.repaired) == (value, True)


def test_scales_and_glued_units() -> None:
    assert [n.low for n in find_numerals("28 nghìn người, 1,5 triệu lượt, 18,3km2")] == [28000, 1500000, 18.3]


def test_a_day_and_month_may_be_a_part_and_whole() -> None:
    (numeral,) = find_numerals("10/10 thôn")
    assert numeral.loose
