"""Reports on a month or a quarter: what is theirs, and what is a running total."""

from __future__ import annotations

import pytest

from nq57_assets.extract.column_roles import result_column
from nq57_assets.extract.report_period import Period, report_period
from nq57_assets.model import Address, Block, Document, Header
from nq57_assets_tests.reports import accepted


def _period(title: str) -> Period:
    blocks = tuple(Block(line, Address(line=n)) for n, line in enumerate(["BÁO CÁO", title], 1))
    return report_period(Document("text/plain", "text", "1", blocks), Header())


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("Công tác chuyển đổi số tháng 4 năm 2026", Period("month", 4)),
        ("Kết quả quý II năm 2026", Period("quarter", 2)),
        ("Kết quả 9 tháng năm 2025", Period()),
        ("Kết quả tháng 11, lũy kế từ đầu năm", Period()),
        ("Kết quả từ tháng 8 đến tháng 12", Period()),
        ("Kết quả năm 2025", Period()),
    ],
)
def test_the_title_says_what_period_is_reported(title: str, period: Period) -> None:
    assert _period(title) == period


def test_of_a_month_the_column_of_the_month_counts() -> None:
    titles = ["Việc", "Tháng 11", "10 tháng trước", "Lũy kế", "Cùng kỳ"]
    assert result_column(titles, 2025, Period("month", 11)) == 1
    assert result_column(titles, 2025) == 3


def test_of_a_month_a_running_total_waits_for_a_person() -> None:
    text = (
        "BÁO CÁO\nCông tác chuyển đổi số tháng 4 năm 2025\n\n"
        "- Đài truyền thanh xã phát 117 lượt trong tháng; lũy kế từ đầu năm phát thanh 431 lượt.\n"
    )
    assert accepted(text) == [("media_broadcasts", 117)]


def test_a_deed_told_month_by_month_is_no_sum() -> None:
    text = "BÁO CÁO\nKết quả năm 2025\n\nTháng 8: treo 30 băng rôn.\n\nTháng 9: treo 62 băng rôn; lắp 02 màn hình LED.\n"
    assert accepted(text) == [("media_led_screens", 2)]


@pytest.mark.parametrize(
    "line",
    [
        "Tỷ lệ thanh toán không dùng tiền mặt: kế hoạch 80%, thực hiện 74,5%.",
        "Thanh toán không dùng tiền mặt giao 80% được 74,5%.",
        "Tỷ lệ thanh toán không dùng tiền mặt đi từ 55% lên 74,5%.",
        "Thanh toán không dùng tiền mặt: đầu kỳ 61%, nay 74,5%.",
        "Thanh toán không dùng tiền mặt => 74,5%",
        "Thanh toán không dùng tiền mặt ............... 74,5%",
    ],
)
def test_a_target_or_an_older_figure_beside_the_result_is_none(line: str) -> None:
    assert accepted(f"BÁO CÁO\nKết quả năm 2025\n\n{line}\n") == [("econ_cashless_pct", 74.5)]
