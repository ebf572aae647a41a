"""Columns of tables whose rules recognition lost: wrapped titles, wrapped labels, values ahead of labels."""

from __future__ import annotations

import pytest

from nq57_assets.extract.parted_columns import PartedColumns
from nq57_assets.extract.torn_titles import title_lines, whole_titles
from nq57_assets.model import Address, Block
from nq57_assets_tests.reports import accepted, figures


@pytest.mark.parametrize(
    ("lines", "titles"),
    [
        (
            ("Mã | Tên chỉ tiêu Đơn | KH 6 Cả", "vị năm | tháng | năm"),
            "ma|noi dung|don vi|kh nam|6 thang|ca nam",
        ),
        (("TT | Chitieu BVT Kế Thực %", "hoạch hiện"), "tt|noi dung|dvt|ke hoach|thuc hien|%"),
        (
            ("Chỉ tiêu Năm Kế Thực", "2024 hoạch hiện", "2025 2025"),
            "noi dung|nam 2024|ke hoach 2025|thuc hien 2025",
        ),
        (("Kết Đơn | Nội dung Cả năm", "quả vị 2024"), "ket qua|don vi|noi dung|ca nam 2024"),
    ],
)
def test_wrapped_titles_are_put_together(lines: tuple[str, ...], titles: str) -> None:
    assert "|".join(whole_titles(lines, 2025)) == titles


@pytest.mark.parametrize(
    "lines",
    [
        ["Kết quả Nội dung Cả năm", "2024"],  # Of which of the two is it the year?
        ["Nhiệm vụ, chỉ tiêu được giao"],
        ["Nội dung Kế hoạch Kết quả", "vòng một", "1 Lượt phát thanh 3 4"],
        ["Đạt 3 nội dung."],
    ],
)
def test_titles_that_are_not_understood_whole_are_none(lines: list[str]) -> None:
    count, titles = title_lines(lines, 2025)
    assert count < 2 and "2024" not in " ".join(titles)


def test_the_column_of_the_whole_year_is_read_and_notes_are_not() -> None:
    text = (
        "Báo cáo năm 2025\n\nMã | Nội dung Đơn | KH 6 Cả | Ghi chú\nvị năm | tháng | năm\n^ TUYÊN TRUYỀN\n"
        "A01 | Pano, băng rôn, khẩu | chiếc 50 | 19 59 | vượt\nhiệu\n"
        "A02 | Lượt phát thanh lượt | 700 | 310 | 924 | 132%\n"
        "^ TỔ CÔNG NGHỆ SỐ\n"
        "B01 | Thành viên Tổ công nghệ số người 150 163 156 7 người mới\n"
        "B02 | Màn hình LED chiếc 5 2\n"
    )
    assert accepted(text) == [("media_banners", 59), ("media_broadcasts", 924)]
    assert 156 in [o.value for o in figures(text) if o.status == "review"]


def test_a_difference_stands_beside_the_result_with_its_sign() -> None:
    text = (
        "Báo cáo năm 2025\n\nKý | Thông tin Kỳ | Kỳ | Tăng (+),\nhiệu trước | này | giảm (-)\n"
        "Ia | Lượt phát thanh 528 | 576 | +48\nIb | Màn hình LED 4 5 |+1\nIc | Pano, băng rôn, khẩu hiệu 110 64 | -46\n"
    )
    assert accepted(text) == [("media_broadcasts", 576), ("media_led_screens", 5), ("media_banners", 64)]


def test_a_label_wrapped_around_its_figures_is_read_whole() -> None:
    text = (
        "Báo cáo năm 2025\n\nTT | Chỉ tiêu ĐVT Kế Thực %\nhoạch hiện\n"
        "1 | Buổi tập huấn cho thành buổi 6 3 50\nviên Tổ công nghệ số\n"
        "2 | Hồ sơ trực tuyến hồ 900 945 105\nsơ\n"
        "3 | Lượt phát thanh lượt 200 188 94\n"
    )
    found = [("team_member_sessions", 3), ("egov_dossiers_online", 945), ("media_broadcasts", 188)]
    assert accepted(text) == found


def test_two_rows_that_ran_into_each_other_wait_for_a_person() -> None:
    text = (
        "Báo cáo năm 2025\n\nTT | Chỉ tiêu Năm Năm\n2024 2025\n"
        "1 | Lượt phát thanh 500 612\nx | Pano, băng rôn |40.70 91\n2 | Màn hình LED 1 3\n"
    )
    assert ("media_banners", 612) not in accepted(text)


def test_a_share_that_does_not_fit_its_plan_tells_of_a_misread_figure() -> None:
    text = (
        "Báo cáo năm 2025\n\nTT | Chỉ tiêu Kế Thực Tỷ lệ\nhoạch hiện (%)\n"
        "1 | Lượt phát thanh 200 188 94\n2 | Pano, băng rôn, khẩu hiệu 40 46 115\n3 | Màn hình LED 4 5 125\n"
        "4 | Tin, bài trên Cổng 250 1275 110\n"
    )
    assert [indicator for indicator, _ in accepted(text)] == [
        "media_broadcasts",
        "media_banners",
        "media_led_screens",
    ]


def test_of_columns_without_titles_the_sum_of_those_before_is_the_result() -> None:
    text = (
        "Báo cáo năm 2025\n\nLượt phát thanh 144 192 336 300\nPano, băng rôn, khẩu hiệu 16 25 41 20\n"
        "Màn hình LED 1 2 3 3\nThành viên Tổ công nghệ số cộng đồng 58 84 142 110\n"
    )
    found = [
        ("media_broadcasts", 336),
        ("media_banners", 41),
        ("media_led_screens", 3),
        ("team_members", 142),
    ]
    assert accepted(text) == found


def test_rows_that_begin_with_their_value_are_read_from_there() -> None:
    text = (
        "Báo cáo năm 2025\n\nKết Đơn | Nội dung Cả năm\nquả vị 2024\n"
        "3 buổi | Tập huấn cho thành viên Tổ công nghệ số 1\n576 lượt | Phát thanh tuyên truyền 540\n"
        "198 người | Thành viên Tổ công nghệ số cộng đồng 228\n5 màn hình LED tuyên truyền 2\n"
    )
    found = accepted(text)
    assert ("team_members", 198) in found and ("team_member_sessions", 3) in found
    assert not {228, 540, 1, 2} & {value for _, value in found}


def test_two_labels_beside_two_figures_are_told_apart() -> None:
    text = (
        "Báo cáo năm 2025\n\nTT | Nội dung KH | TH\n2025 | 2025\n"
        "1 | Màn hình LED / pano, băng rôn 5/120 7/133\n2 | Lượt phát thanh 600 570\n3 | Buổi dạy 3 4\n"
    )
    assert accepted(text) == [("media_led_screens", 7), ("media_banners", 133), ("media_broadcasts", 570)]


def test_values_read_before_their_labels_are_paired_in_order() -> None:
    text = (
        "Báo cáo năm 2025\n\nKết quả\n\nĐã thành lập\n9 văn bản\n2 hội nghị\n\n87 tin, bài\n96%\n3 màn hình\n\n"
        "Nội dung\n\nBan Chỉ đạo Nghị quyết 57\nVăn bản chỉ đạo đã ban hành\n\nHội nghị quán triệt Nghị quyết 57\n"
        "Tin, bài trên trang thông\ntin điện tử\nLoa truyền thanh phát định kỳ\nMàn hình LED tuyên truyền\n"
    )
    found = [
        ("steer_committee", 1),
        ("steer_directives", 9),
        ("steer_conferences", 2),
        ("media_posts", 87),
        ("media_loudspeaker_pct", 96),
        ("media_led_screens", 3),
    ]
    assert accepted(text) == found


_COUNTED = (
    "Báo cáo năm 2025\n\nPhần B. Trả lời\n\nB1. Đã tiếp nhận bao nhiêu hồ sơ?\nB2. Hồ sơ nộp trực tuyến?\n\n"
    "B3. Mấy hồ sơ quá hạn?\n\nB4. Lượt phát thanh?\nB5. Băng rôn, khẩu hiệu?\n\n4.500\n\n4.210\n7\n\n310\n52\n"
)


def test_labels_that_are_counted_through_are_paired_with_bare_figures() -> None:
    found = [
        ("egov_dossiers_total", 4500),
        ("egov_dossiers_online", 4210),
        ("egov_dossiers_overdue", 7),
        ("media_broadcasts", 310),
        ("media_banners", 52),
    ]
    assert accepted(_COUNTED) == found


@pytest.mark.parametrize(
    "text",
    [
        _COUNTED.replace("4.210\n", ""),  # A value was lost.
        _COUNTED.replace(
            "7\n\n310\n52\n", "310\n52\n\nB6. Màn hình LED?\n"
        ),  # The next label stands in its place.
        "Báo cáo năm 2025\n\nTổ công nghệ số\nTập huấn cho tổ\nPhát thanh lưu động\nMàn hình LED\n\n"
        "31.200 hộ\n41 tổ công nghệ số\n5 buổi tập huấn\n310 lượt phát thanh\n",  # Shifted by a row.
    ],
)
def test_columns_that_do_not_surely_belong_together_are_not_paired(text: str) -> None:
    blocks = [Block(line, Address(line=number)) for number, line in enumerate(text.split("\n"), 1)]
    parted = PartedColumns(blocks, damaged=False)
    assert not any(parted.region(start) for start in range(len(blocks)))


def test_thousands_parted_by_blanks_are_one_figure_in_a_cell_and_quoted_as_written() -> None:
    text = (
        "Báo cáo năm 2025\n\nNội dung | ĐVT | Kế hoạch | Kết quả\nHồ sơ tiếp nhận | hồ sơ | 2 500 | 2 610\n"
        "Hồ sơ trực tuyến | hồ sơ | 2 000 | 2 140\nNgười dân được hướng dẫn (ngày 25.12.2025) | người | 900 | 1 250\n"
    )
    found = [o for o in figures(text) if o.status == "accepted"]
    assert [o.value for o in found] == [2610, 2140, 1250]
    assert all(o.quote in text for o in found)


def test_of_a_document_with_dots_two_figures_beside_each_other_stay_two() -> None:
    text = (
        "Báo cáo năm 2025\n\nNội dung | ĐVT | Kế hoạch | Kết quả\nHồ sơ tiếp nhận | hồ sơ | 2.500 | 2.610\n"
        "Lượt phát thanh | lượt | 150 163\nMàn hình LED | chiếc | 5 210\nPano, băng rôn | chiếc | 40 120\n"
    )
    assert not {150163, 5210, 40120} & {o.value for o in figures(text)}
