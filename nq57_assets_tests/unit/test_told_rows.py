"""Rows of drawn tables that hold several figures, figures before what they count, or figures of other rows."""

from __future__ import annotations

import pytest

from nq57_assets.extract.cell_places import below
from nq57_assets.extract.column_roles import result_column
from nq57_assets.extract.report_period import Period
from nq57_assets_tests.reports import accepted, figures

HEAD = "ỦY BAN NHÂN DÂN\nXÃ KIẾN HẢI\n\nBÁO CÁO\nKết quả chuyển đổi số năm 2025\n\n"


def test_two_figures_in_the_cell_of_results_are_told_apart_and_those_of_last_year_left_out() -> None:
    rows = (
        "| TT | Nội dung | Thực hiện | Cùng kỳ 2024 |\n"
        "| 1 | Sản phẩm OCOP / OCOP trên sàn thương mại điện tử | 9 / 7 | 6 / 2 |\n"
        "| 2 | Tổ công nghệ số cộng đồng / thành viên | 22 / 154 | 20 / 130 |\n"
        "| 3 | Băng rôn, khẩu hiệu | 41 | 30 |\n"
    )
    expected = {("econ_ocop_products", 9), ("econ_ocop_online", 7), ("team_count", 22), ("team_members", 154)}
    assert set(accepted(HEAD + rows)) == expected | {("media_banners", 41)}


def test_a_share_beside_a_part_of_a_whole_is_the_rate() -> None:
    rows = (
        "| Đối tượng rà soát | Tổng số | Đã đạt | Tỷ lệ % |\n"
        "| Thủ tục hành chính có quy trình ISO | 400 | 360 | 90 |\n"
        "| Thôn có sóng 4G | 20 | 19 | 95 |\n"
        "| Hộ có cáp quang | 5.000 | 4.100 | 82 |\n"
    )
    expected = {
        ("egov_procedures_iso_pct", 90),
        ("soc_mobile_coverage_pct", 95),
        ("soc_broadband_household_pct", 82),
    }
    assert expected <= set(accepted(HEAD + rows))


def test_beside_a_plan_the_share_of_the_plan_is_no_rate() -> None:
    rows = (
        "| Nội dung | Kế hoạch | Thực hiện | Tỷ lệ % |\n| Hộ có cáp quang | 5.000 | 4.100 | 82 |\n"
        "| Lượt phát thanh | 400 | 380 | 95 |\n| Màn hình LED | 4 | 2 | 50 |\n"
    )
    assert accepted(HEAD + rows) == [("media_broadcasts", 380), ("media_led_screens", 2)]


def test_figures_may_stand_before_what_they_count() -> None:
    rows = (
        "| Con số | Là gì | Bên lề |\n| 24 | Tổ công nghệ số cộng đồng | 2 tổ mới |\n"
        "| 410 | lượt phát thanh | mất điện 5 lượt |\n| 81,5% | hộ có cáp quang | năm trước 70% |\n"
    )
    expected = [("team_count", 24), ("media_broadcasts", 410), ("soc_broadband_household_pct", 81.5)]
    assert accepted(HEAD + rows) == expected


def test_a_detail_beside_a_yes_counts_only_what_was_asked_for() -> None:
    rows = (
        "| Câu hỏi | Trả lời | Chi tiết |\n| Có màn hình LED tuyên truyền? | Có | 2 màn hình ở chợ |\n"
        "| Tổ công nghệ số có nhóm Zalo? | Có | 150 người theo dõi |\n| Có hồ sơ quá hạn? | Không | |\n"
    )
    found = dict(accepted(HEAD + rows))
    assert found["media_led_screens"] == 2
    assert found["egov_dossiers_overdue"] == 0
    assert 150 not in found.values()


def test_a_row_of_one_day_is_not_accepted() -> None:
    rows = (
        "| Ngày | Việc làm | Số người dự |\n| 04/10 | Nói chuyện chuyên đề tuyên truyền tại đình | 120 |\n"
        "| 09/10 | Tuyên truyền trực tiếp ở chợ | 80 |\n| 11/10 | Mít tinh | 60 |\n"
    )
    assert not {120, 80, 60} & {value for _, value in accepted(HEAD + rows)}


def test_the_kinds_of_what_the_row_above_counts_are_parts_of_it() -> None:
    rows = (
        "| TT | Nội dung | ĐVT | Kết quả |\n| 1 | Tin, bài đăng trên Cổng, mạng xã hội | tin, bài | 90 |\n"
        "|  | Trong đó: tin, bài trên Cổng thông tin | tin, bài | 60 |\n| 2 | Lượt phát thanh | lượt | 300 |\n"
    )
    assert accepted(HEAD + rows) == [("media_posts", 90), ("media_broadcasts", 300)]


def test_titles_in_cells_behind_a_blank_line_begin_another_table() -> None:
    rows = (
        "Biểu 1. Truyền thông\n\nChỉ tiêu | Kết quả\nLượt phát thanh | 300\nMàn hình LED | 2\nBăng rôn | 40\n\n"
        "Biểu 2. Kinh tế số, xã hội số\n\n"
        "Nội dung                2024   2025   Mục tiêu 2026\n"
        "Sản phẩm OCOP (SP)      5      8      11\n"
        "Hộ có cáp quang (%)     70     81,2   95\n"
        "Thuê bao dùng điện thoại thông minh (%)  80  85,4  90\n"
    )
    found = accepted(HEAD + rows)
    assert ("econ_ocop_products", 8) in found
    assert ("soc_broadband_household_pct", 81.2) in found
    assert not {11, 95, 90} & {value for _, value in found}


def test_cells_on_their_own_lines_go_on_across_groups_and_without_a_note() -> None:
    rows = (
        "TT\nNội dung\nGiao năm\nĐạt quý III\nGhi chú\nI\nTRUYỀN THÔNG\n1\nLượt phát thanh\n400\n130\n2 lượt/ngày\n"
        "2\nBăng rôn, khẩu hiệu\n60\n25\nII\nHẠ TẦNG\n3\nMàn hình LED\n6\n2\nmột chiếc ở chợ\n"
    )
    found = accepted(HEAD.replace("năm 2025", "quý III năm 2025") + rows)
    assert found == [("media_broadcasts", 130), ("media_banners", 25), ("media_led_screens", 2)]


@pytest.mark.parametrize(
    ("titles", "period", "column"),
    [
        ("Khoản mục|Tuần 1|Tuần 2|Tuần 3|Cộng tháng", Period("month", 10), 4),
        ("Diễn giải|Năm 2025|Năm 2024|2025/2024 (%)", Period(), 1),
        ("Điều thấy được|Trước (tháng 7)|Nay", Period(), 2),
        ("Stt|Được giao|Đã làm trong tháng 10|Sẽ làm trong tháng 11", Period("month", 10), 2),
    ],
)
def test_columns_of_weeks_of_years_and_of_now(titles: str, period: Period, column: int) -> None:
    assert result_column(titles.split("|"), 2025, period) == column


def test_numbers_of_columns_are_no_part_of_their_titles() -> None:
    assert below(["TT", "Chỉ tiêu", "KH"], ["(1)", "(2)", "(3)"]) == ["TT", "Chỉ tiêu", "KH"]


def test_a_title_in_brackets_tells_of_the_future() -> None:
    done = "Xã báo cáo như sau.\n\n[Truyền thông]\n- lượt phát thanh: 300\n- băng rôn: 12\n- tờ rơi: 90\n"
    text = HEAD + done + "\n[Quý sau]\n- lượt phát thanh: 150\n"
    assert [o.value for o in figures(text) if o.status == "accepted"] == [300, 12]


def test_a_table_with_persons_and_bodies_below_each_other_tells_of_both_and_not_of_their_sum() -> None:
    text = (
        HEAD
        + "| Đối tượng | Cấp mới chứng thư số | Gia hạn | Thay đổi thông tin chứng thư số | Thu hồi chứng thư số |\n"
        "| Cá nhân | 29 | 14 | 52 | 18 |\n| Tổ chức | 5 | 2 | 8 | 6 |\n| Cộng | 34 | 16 | 60 | 24 |\n"
    )
    assert {(indicator.removeprefix("egov_certs_"), value) for indicator, value in accepted(text)} == {
        ("issued_people", 29),
        ("changed_people", 52),
        ("revoked_people", 18),
        ("issued_orgs", 5),
        ("changed_orgs", 8),
        ("revoked_orgs", 6),
    }
