"""Statements of none: what a denial counts as 0, and denials that say something else."""

from __future__ import annotations

import pytest

from nq57_assets_tests.reports import accepted, figures


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Không một hồ sơ nào quá hạn.", "egov_dossiers_overdue"),
        ("Số hồ sơ quá hạn bằng không.", "egov_dossiers_overdue"),
        ("Cả hai điểm đều không có hồ sơ quá hạn.", "egov_dossiers_overdue"),
        ("Ho so qua han: khong.", "egov_dossiers_overdue"),
        ("Màn hình LED: chưa lắp.", "media_led_screens"),
        ("Xã chưa lắp được màn hình LED nào.", "media_led_screens"),
        ("Phường không thành lập Tổ giúp việc Ban Chỉ đạo.", "steer_support_groups"),
        ("Công văn riêng: không ban hành.", "steer_official_letters"),
        ("Đến nay xã vẫn chưa có sản phẩm OCOP.", "econ_ocop_products"),
        ("Có bao nhiêu màn hình LED? Không có.", "media_led_screens"),
        ("Có hồ sơ quá hạn không? Không.", "egov_dossiers_overdue"),
    ],
)
def test_none_is_a_zero(text: str, code: str) -> None:
    assert accepted(text) == [(code, 0.0)]


@pytest.mark.parametrize(
    "text",
    [
        "Không có cán bộ nào chưa được tập huấn.",
        "Tổ công nghệ số cộng đồng có kinh phí chưa? Có rồi.",
        "5 thôn chưa có màn hình LED.",
        "Màn hình LED: —",
        "Màn hình LED:",
        "Hồ sơ quá hạn: không có số liệu.",
        "Năm 2026 phấn đấu không có hồ sơ quá hạn.",
        "Năm 2024 không có hồ sơ quá hạn.",
        "Thôn Đông chưa có màn hình LED.",
    ],
)
def test_denials_that_deny_no_figure_of_the_whole(text: str) -> None:
    assert [claim for claim in accepted(text) if claim[1] == 0] == []


def test_a_denial_that_belongs_to_what_is_counted_turns_nothing() -> None:
    seen = figures("Không còn máy tính nào chưa cài phần mềm diệt virus.")
    assert ("egov_antivirus_needed", 0.0) in [(one.indicator, one.value) for one in seen]


def test_what_stands_before_a_denial_keeps_its_figure() -> None:
    assert accepted("Khẩu hiệu treo 25 cái không có màn hình LED.") == [
        ("media_banners", 25.0),
        ("media_led_screens", 0.0),
    ]


def test_cells_that_deny_are_zeros_and_blank_or_uncounted_cells_are_nothing() -> None:
    text = (
        "| STT | Nội dung | Đơn vị | Kết quả | Ghi chú |\n"
        "| 1 | Số thôn | thôn | 12 | |\n"
        "| 2 | Màn hình LED | màn hình | Chưa lắp | |\n"
        "| 3 | Sản phẩm OCOP | sản phẩm | — | |\n"
        "| 4 | Sản phẩm OCOP lên sàn thương mại điện tử | sản phẩm | Chưa có sản phẩm nào | Năm 2026: 01 sản phẩm |\n"
        "| 5 | Tài khoản Microsoft Office | tài khoản | chưa có số liệu | |"
    )
    assert accepted(text) == [("place_villages", 12.0), ("media_led_screens", 0.0), ("econ_ocop_online", 0.0)]
