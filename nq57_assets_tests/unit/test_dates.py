"""Dates as papers write them."""

from __future__ import annotations

from datetime import date

import pytest

from nq57_assets.vietnamese.dates import find_dates, place_and_date


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("ngày 09 tháng 12 năm 2025", [date(2025, 12, 9)]),
        ("ngdy 25 théng 11 naim 2025", [date(2025, 11, 25)]),
        ("08/8/2025, 1/1/2025 và 10.10.2025", [date(2025, 8, 8), date(2025, 1, 1), date(2025, 10, 10)]),
        ("từ 01/01/2025-14/12/2025", [date(2025, 1, 1), date(2025, 12, 14)]),
        ("ngày 31 tháng 3 tháng 2022", [date(2022, 3, 31)]),
        ("2025-10-15T14:01:32", [date(2025, 10, 15)]),
        ("31/02/2025; 5.010/5.092; 11/2025; 57-NQ/TW", []),
    ],
)
def test_dates_in_text(text: str, days: list[date]) -> None:
    assert [found.on for found in find_dates(text)] == days


@pytest.mark.parametrize(
    ("line", "place", "parts"),
    [
        ("Lai Khê, ngày 9 tháng 12 năm 2025", "Lai Khê", (2025, 12, 9)),
        ("Lai Khê, ngày tháng 12 năm 2025", "Lai Khê", (2025, 12, None)),
        ("Lai Khê, ngày ... tháng ... năm 2025", "Lai Khê", (2025, None, None)),
        ("Lai Khê, ngày 34 tháng 12 năm 2025", "Lai Khê", (2025, 12, None)),
        ("Lai Khê, tháng 12 năm 2025", "Lai Khê", (2025, 12, None)),
        ("Lai Khê, ngày 09/12/2025", "Lai Khê", (2025, 12, 9)),
        ("ngày 9 tháng 12 năm 2025", None, (2025, 12, 9)),
    ],
)
def test_place_lines(line: str, place: str | None, parts: tuple[int, int | None, int | None]) -> None:
    found = place_and_date(line)
    assert found is not None
    assert found[0] == place
    assert (found[1].year, found[1].month, found[1].day) == parts


def test_prose_is_no_place_line() -> None:
    assert place_and_date("Các ngành thông tin, truyền thông năm 2025") is None
