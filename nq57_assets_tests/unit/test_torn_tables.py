"""Tables that recognition flattened, and words that it spelled past recognition."""

from __future__ import annotations

import pytest

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
