"""Figures that recognition, a line end or a neighbouring word would turn into others."""

from __future__ import annotations

import pytest

from nq57_assets_tests.reports import figures

TITLE = "STT Noi dung Don vi tinh So lieu\n"


def claims(text: str) -> list[tuple[str, str, str, float | None, float | None]]:
    return [(o.indicator, o.status, o.qualifier, o.low, o.high) for o in figures(text)]


@pytest.mark.parametrize("dash", ["- ", "– ", "-"])
def test_a_line_end_inside_a_range_is_no_list_mark(dash: str) -> None:
    text = f"Các tổ công nghệ số cộng đồng hướng dẫn kỹ năng số cho 720\n{dash}740 người dân trong xã."
    assert claims(text) == [("team_citizens_guided", "accepted", "range", 720.0, 740.0)]


def test_a_dash_behind_a_figure_goes_on_as_a_range() -> None:
    text = "Các tổ công nghệ số cộng đồng hướng dẫn kỹ năng số cho 720 -\n740 người dân trong xã."
    assert claims(text) == [("team_citizens_guided", "accepted", "range", 720.0, 740.0)]


def test_a_list_mark_before_a_figure_stays_one() -> None:
    text = "Tổ công nghệ số cộng đồng:\n- 24 tổ;\n- 168 thành viên."
    assert [(c[0], c[3]) for c in claims(text)] == [("team_count", 24.0), ("team_members", 168.0)]


@pytest.mark.parametrize("noun", ["buoi", "Buoi", "buôi"])
def test_the_noun_of_a_unit_cell_bounds_nothing(noun: str) -> None:
    text = f"{TITLE}5 Lop tap huan, huong dan truc tiep {noun} 17\n6 So luot hoc vien luot 410"
    assert next((c[0], c[2], c[3]) for c in claims(text)) == ("skill_training_sessions", "exact", 17.0)


@pytest.mark.parametrize("written", ["1Q.214", "1O.214", "10.2l4"])
def test_thousands_with_a_letter_in_them_wait_for_a_person(written: str) -> None:
    found = claims(f"Xã có 22 thôn với {written} hộ và dân số hơn 16.000 người.")
    assert found[1:] == [
        ("place_households", "review", "exact", 10214.0, 10214.0),
        ("place_population", "accepted", "over", 16000.0, None),
    ]


@pytest.mark.parametrize("way", ["qua 09 buổi", "qua 09 buoi"])
def test_through_is_no_bound(way: str) -> None:
    found = claims(f"Tập huấn kỹ năng số trực tiếp: {way} tập huấn, có 320 học viên tham gia.")
    assert {c[2] for c in found} == {"exact"}


@pytest.mark.parametrize("written", ["hd so", "hd sw", "h6 so"])
def test_dossiers_are_no_households(written: str) -> None:
    text = f"Tong so {written} cua xa: 6.120. Bo phan mot cua tiep nhan 6.120 {written} trong nam."
    assert "place_households" not in {c[0] for c in claims(text)}


@pytest.mark.parametrize(
    "heading",
    [
        "IV. Việc cần làm trong quý tới",
        "V. Dự kiến công tác quý sau",
        "III. Kế hoạch quý I/2026",
        "C. ĐỊNH HƯỚNG KỲ TỚI",
    ],
)
def test_what_the_next_quarter_is_to_bring_is_no_result(heading: str) -> None:
    found = claims(f"{heading}\nĐăng 70 tin, bài trên Cổng thông tin điện tử của xã.")
    assert [(c[0], c[1]) for c in found] == [("media_posts", "rejected")]


@pytest.mark.parametrize("titles", ["Kỳ trước | Kỳ này", "Năm trước | Năm nay", "Cùng kỳ | Kỳ báo cáo"])
@pytest.mark.parametrize("mark", [" | ", " "])
def test_the_column_of_this_period_holds_the_values(titles: str, mark: str) -> None:
    text = f"STT | Nội dung | Đơn vị | {titles}\n1 | Số hồ sơ tiếp nhận | hồ sơ | 3.980 | 4.610"
    assert claims(text.replace(" | ", mark))[0][1:4] == ("accepted", "exact", 4610.0)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Nhóm Zalo của các Tổ công nghệ số cộng đồng chưa được lập.", "team_zalo_group"),
        ("Kế hoạch tuyên truyền Nghị quyết 57: chưa ban hành.", "steer_plan"),
        ("Ban Chỉ đạo thực hiện Nghị quyết 57-NQ/TW chưa được thành lập.", "steer_committee"),
    ],
)
def test_a_deed_not_yet_done_is_a_no(text: str, code: str) -> None:
    assert claims(text) == [(code, "accepted", "exact", 0.0, 0.0)]
