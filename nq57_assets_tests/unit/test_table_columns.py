"""Tables whose cells are told apart: which column or row holds what this commune reached."""

from __future__ import annotations

import pytest

from nq57_assets.extract.column_roles import result_column
from nq57_assets_tests.reports import accepted

HEAD = "ỦY BAN NHÂN DÂN\nXÃ VĨNH BẢO\n\nBÁO CÁO\nKết quả chuyển đổi số năm 2025\n\n"


@pytest.mark.parametrize(
    ("titles", "column"),
    [
        ("TT | Nội dung | ĐVT | Giao | TH | TH/Giao (%) | Ghi chú", 4),
        ("Mã | Chỉ tiêu | KH năm | 6 tháng | Cả năm | Ghi chú", 4),
        ("Chỉ tiêu | 6T đầu 2025 | 6T cuối 2025 | Cả năm 2025 | Năm 2024", 3),
        ("TT | Nội dung | CTG 2025 | CK 2024 | TH 9T/2025 | So CTG", 4),
        ("Tiêu chí | Khu 1 | Khu 2 | Toàn phường", 3),
        ("Tiêu chí | Điểm tối đa | Minh chứng | Điểm tự chấm", 2),
        ("Việc | Đã làm | Còn nợ | Hạn", 1),
        ("Việc | 01/7 - 30/9 | 01/10 - 15/12 | 01/7 - 15/12", 3),
        ("Chỉ tiêu | Đầu kỳ | Tăng | Giảm | Cuối kỳ", 4),
    ],
)
def test_titles_tell_the_result_from_plans_totals_and_points(titles: str, column: int) -> None:
    assert result_column(titles.split(" | "), 2025) == column


def test_a_table_keeps_its_titles_behind_a_group_in_capitals() -> None:
    rows = "Chỉ tiêu\tKế hoạch\tThực hiện\nTRUYỀN THÔNG\nLượt phát thanh\t400\t412\nHẠ TẦNG\nMàn hình LED\t3\t2\n"
    assert accepted(HEAD + rows) == [("media_broadcasts", 412), ("media_led_screens", 2)]


def test_beside_other_communes_the_own_one_counts() -> None:
    rows = (
        "Mặt so sánh | Vĩnh Bảo | Tiên Lãng | Bình quân\nMàn hình LED | 4 | 7 | 6\n"
        "Lượt phát thanh | 350 | 298 | 310\nSản phẩm OCOP | 5 | 6 | 4\n"
    )
    expected = [("media_led_screens", 4), ("media_broadcasts", 350), ("econ_ocop_products", 5)]
    assert accepted(HEAD + rows) == expected


def test_of_indicators_across_the_row_of_results_counts_though_cells_are_empty() -> None:
    rows = (
        "Kê         Sản phẩm OCOP   Lượt phát thanh   Màn hình LED\n"
        "KH                         300               3\n"
        "TH         6               322               2\n"
        "TH/KH %                    107               67\n"
    )
    expected = [("econ_ocop_products", 6), ("media_broadcasts", 322), ("media_led_screens", 2)]
    assert accepted(HEAD + rows) == expected


def test_a_label_begun_on_the_line_above_belongs_to_the_row() -> None:
    rows = (
        "STT   Nội dung                 Khối Đảng   Toàn xã\n"
        "1     Phát thanh trên loa\n"
        "      của xã (lượt)            12          318\n"
        "2     Màn hình LED             1           4\n"
    )
    assert accepted(HEAD + rows) == [("media_broadcasts", 318), ("media_led_screens", 4)]


def test_cells_on_their_own_lines_may_be_sentences() -> None:
    rows = (
        "Việc\nKết quả\nChấm\nPhát thanh\n412 lượt phát thanh, 57 tin bài\nA\n"
        "Màn hình\nĐang dùng 3 màn hình LED\nB\nOCOP\nXã có 6 sản phẩm OCOP\nA\n"
    )
    expected = {("media_broadcasts", 412.0), ("media_led_screens", 3.0), ("econ_ocop_products", 6.0)}
    assert expected <= set(accepted(HEAD + rows))
