"""Tables that recognition flattened, and words that it spelled past recognition."""

from __future__ import annotations

import pytest

from nq57_assets.extract.column_roles import result_column
from nq57_assets.extract.column_sums import find_relation
from nq57_assets.extract.titles import column_asked, names_columns
from nq57_assets_tests.reports import figures


def accepted(text: str) -> list[tuple[str, float | None]]:
    return [(o.indicator, o.value) for o in figures(text) if o.status == "accepted"]


@pytest.mark.parametrize(
    ("title", "rest", "asked"),
    [
        ("Chỉ tiêu Đơn Năm Năm So sánh", "vị 2024 2025", (1, 2)),
        ("TT | Chi tiéu Ké hoach | Két qua | Danh", "giao gia", (1, 2)),
        ("STT | NOIDUNG DVT KET", "QUA", (0, 1)),
        ("TT | Nội dung Kế Thực % Cùng", "hoạch hiện so kỳ", (1, 4)),
        ("TT | Nhiệm vụ Kết quả thực hiện Ghi chú", "", (0, 1)),
        ("TT | Chỉ tiêu ĐVT Trong Lũy kế", "tháng năm", (1, 2)),
    ],
)
def test_titles_name_the_column_asked(title: str, rest: str, asked: tuple[int | None, int]) -> None:
    assert names_columns(title)
    assert column_asked(title, rest, 2025) == asked


@pytest.mark.parametrize(
    "line", ["Chỉ tiêu, nhiệm vụ năm 2026", "Nội dung", "1. Nội dung và kết quả thực hiện"]
)
def test_headings_are_no_titles(line: str) -> None:
    assert not names_columns(line)


def test_the_column_of_what_was_done_is_read_between_plan_and_share() -> None:
    text = (
        "Báo cáo năm 2025\n\nTT | Chỉ tiêu ĐVT Kế Thực %\nhoạch hiện\n"
        "1 | Pano, băng rôn, khẩu hiệu chiếc 40 46 115\n"
        "2 | Lượt phát thanh lượt 200 188 94\n"
        "3 | Màn hình LED màn hình - 2 -\n"
    )
    assert accepted(text) == [("media_banners", 46), ("media_broadcasts", 188), ("media_led_screens", 2)]


def test_a_row_that_lost_a_cell_waits_for_a_person() -> None:
    text = (
        "Báo cáo năm 2025\n\nTT | Chỉ tiêu ĐVT Kế Thực %\nhoạch hiện\n"
        "1 | Pano, băng rôn, khẩu hiệu chiếc 40 46 115\n"
        "2 | Lượt phát thanh lượt 188 94\n"
        "3 | Màn hình LED màn hình 3 2 66\n"
    )
    assert ("media_broadcasts", 94) not in accepted(text)
    assert ("media_broadcasts", 188) not in accepted(text)


def test_a_value_goes_on_behind_the_number_of_a_page() -> None:
    text = "- Toàn bộ thôn đã có sóng di động 4G; cáp quang về đến trung tâm xã đạt\n2\n\n100%; hai thôn xa có trạm mới."
    assert ("soc_fiber_centre_pct", 100) in accepted(text)


def test_so_is_no_future_word() -> None:
    text = "Xa da ban hanh Ké hoach sé 47/KH-UBND ngay 03/9/2025 tuyén truyén Nghi quyét 57-NQ/TW va 06 céng van huong dan."
    assert ("steer_official_letters", 6) in accepted(text)


@pytest.mark.parametrize("written", ["Chimng thu sé", "Chitng thu sé", "Chifng thu s6"])
def test_certificates_are_known_however_the_horn_was_read(written: str) -> None:
    text = f"{written}: cap mdi cho 14 ca nhan va 03 t6 chic; thu héi cua 02 ca nhan."
    assert ("egov_certs_issued_people", 14) in accepted(text)


def test_a_whole_behind_a_glued_slash_is_read() -> None:
    assert ("team_members", 217) in accepted("Tổ CNSCĐ: 31 tổ/217 thành viên. Nhóm Zalo: có.")
    assert ("team_members", 217) in accepted("T6 CNSCD: 31 t6/217 thanh vién. Nhom Zalo: co.")


@pytest.mark.parametrize(
    ("titles", "column"),
    [
        ("Nội dung|Tháng 11|Lũy kế năm|Cùng kỳ 2024", 2),
        ("Chỉ tiêu|Quý III|Quý IV|Cả kỳ|Kế hoạch", 3),
        ("Chỉ số|Chỉ tiêu giao|Kết quả đến 30/11|Kết quả năm trước", 2),
        ("Nội dung|ĐVT|Đến 30/6|Đến 30/11", 3),
        ("Mã|Nội dung|Năm 2025|Năm 2024|Ghi chú", 2),
        ("TT|Chỉ tiêu|Kế hoạch|Thực hiện|Tỷ lệ (%)", 3),
        ("Nội dung|Quý III|Quý IV", None),
        ("Thôn|Số tổ|Thành viên", None),
    ],
)
def test_the_column_of_this_period_is_told_by_its_title(titles: str, column: int | None) -> None:
    assert result_column(titles.split("|"), 2025) == column


@pytest.mark.parametrize("mark", [" | ", "\t", "     "])
def test_a_running_total_is_read_and_the_month_beside_it_is_not(mark: str) -> None:
    rows = [
        ("Nội dung", "Tháng 11", "Lũy kế năm", "Cùng kỳ 2024"),
        ("Lượt phát thanh", "40 lượt", "410 lượt", "300 lượt"),
        ("Băng rôn, khẩu hiệu", "5 chiếc", "61 chiếc", "-"),
        ("Hồ sơ quá hạn", "-", "-", "7 hồ sơ"),
    ]
    text = "Báo cáo năm 2025\n\n" + "\n".join(mark.join(row) for row in rows) + "\n"
    assert accepted(text) == [("media_broadcasts", 410), ("media_banners", 61)]


def test_cells_one_a_line_are_paired_with_their_labels() -> None:
    text = (
        "Báo cáo năm 2025\n\nNội dung\nHiện trạng\nThành viên Tổ công nghệ số cộng đồng\n161 người\n"
        "Màn hình LED dùng tuyên truyền\n2 màn hình\nHộ gia đình có Internet cáp quang\n81,5%\n"
    )
    found = [("team_members", 161), ("media_led_screens", 2), ("soc_broadband_household_pct", 81.5)]
    assert accepted(text) == found


def test_of_a_table_by_village_the_row_of_the_whole_commune_counts() -> None:
    text = (
        "Báo cáo năm 2025\n\nTổ công nghệ số cộng đồng\n\n"
        "| Thôn | Thành viên Tổ công nghệ số | Người dân được hướng dẫn kỹ năng số |\n"
        "| Đông | 9 | 410 |\n| Đoài | 8 | 355 |\n| Cộng toàn xã | 17 | 765 |\n"
    )
    assert accepted(text) == [("team_members", 17), ("team_citizens_guided", 765)]


def test_two_nouns_beside_a_slash_are_two_figures() -> None:
    text = "Báo cáo năm 2025\n\nTổ công nghệ số cộng đồng/thành viên: 18/108.\n"
    assert accepted(text) == [("team_count", 18), ("team_members", 108)]


def test_a_share_tells_plan_from_result_where_titles_are_lost() -> None:
    text = (
        "| TT | Noi dung DVT | x | y | zz\n\n"
        "1 | Lượt phát thanh lượt | 400 | 380 | 95\n"
        "2 | Màn hình LED chiếc| 5 | 6 120\n"
        "3 | Tin bài đăng Cổng tin 200 | 150 75\n"
        "4 | Sản phẩm OCOP sản phẩm - 7 -\n"
    )
    assert ("media_broadcasts", 380) in accepted(text)
    assert ("media_led_screens", 6) in accepted(text)
    assert not {400, 95, 5, 120} & {value for _, value in accepted(text)}


def test_a_sum_is_the_column_of_the_whole_year() -> None:
    rows = [[3, 5, 8, 4], [13, 25, 38, 20], [30, 51, 81, 55]]
    relation = find_relation(rows)
    assert relation is not None
    assert (relation.kind, relation.result) == ("sum", 2)
    # A plan is no sum of what was reached and what is left.
    assert find_relation([[30, 22, 8], [6, 5, 1], [9, 4, 5]]) is None
