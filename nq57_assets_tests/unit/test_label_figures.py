"""Figures that stand alone: in brackets, behind a label with its noun, ahead of their label, glued to their noun."""

from __future__ import annotations

import pytest

from nq57_assets_tests.reports import accepted

CASES = [
    ("- Tổ công nghệ số cộng đồng (21), tổ viên (137).", {"team_count": 21, "team_members": 137}),
    ("- Hồ sơ tiếp nhận (2.310); nộp trực tuyến (2.105).", {"egov_dossiers_total": 2310, "egov_dossiers_online": 2105}),
    ("- Hồ sơ trễ hạn (14).", {"egov_dossiers_overdue": 14}),
    ("- Hộ gia đình có cáp quang, tỷ lệ %: 80,4", {"soc_broadband_household_pct": 80.4}),
    ("- % hộ gia đình có cáp quang - 80,4", {"soc_broadband_household_pct": 80.4}),
    ("- Tỷ lệ thôn được phủ sóng 4G: 95", {"soc_mobile_coverage_pct": 95}),
    ("- Lớp tập huấn cho thành viên Tổ, buổi: 3", {"team_member_sessions": 3}),
    ("* 44 [31] : tin, bài đăng trên fanpage xã", {"media_posts": 44}),
    ("* 12 : chứng thư số cấp mới cho cá nhân", {"egov_certs_issued_people": 12}),
    ("27 là số văn bản chỉ đạo mà UBND xã đã ban hành.", {"steer_directives": 27}),
    ("Hỏi: Xã có bao nhiêu hộ? - Đáp: 7.310.", {"place_households": 7310}),
    ("- Đã đăng 33tin bài trên trang thông tin điện tử", {"media_posts": 33}),
    ("- Chỉ tiêu 4 (hộ gia đình có cáp quang, giao 80%): được 77,5%", {"soc_broadband_household_pct": 77.5}),
    ("- Phát hành công văn 35 văn bản.", {"steer_official_letters": 35}),
    ("- Theo hình thức có: quyết định 6; kế hoạch 9; công văn 22.", {"steer_official_letters": 22}),
    ("- Hồ sơ tiếp nhận ở mức 4.310.", {"egov_dossiers_total": 4310}),
    ("- Hồ sơ tiếp nhận và quá hạn, theo thứ tự, 2.120 và 3.", {"egov_dossiers_total": 2120, "egov_dossiers_overdue": 3}),
    ("- Thành viên Tổ công nghệ số cộng đồng vẫn 203.", {"team_members": 203}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_the_label_names_what_is_counted(text: str, expected: dict[str, float]) -> None:
    assert dict(accepted(text)) == expected


def test_a_marker_in_brackets_and_a_figure_before_it_are_not_told_by_the_label() -> None:
    """``(1)`` opens a list, and a second figure in brackets is another period's."""
    assert accepted("Hồ sơ tiếp nhận gồm (1) hồ sơ đất đai, (2) hồ sơ tư pháp.") == []
    assert accepted("- Hồ sơ quá hạn: 4 (9).") == [("egov_dossiers_overdue", 4.0)]


def test_numbers_of_papers_count_nothing() -> None:
    assert accepted("Thực hiện Quyết định 146, Kế hoạch 192 và Công văn 310 của thành phố, xã đã họp.") == []


def test_people_beside_a_count_of_teams_are_their_members() -> None:
    assert dict(accepted("- Tổ công nghệ số cộng đồng: 24 tổ, 163 người.")) == {
        "team_count": 24,
        "team_members": 163,
    }
    assert ("team_members", 410.0) not in accepted(
        "- Tổ công nghệ số cộng đồng đã giúp 410 người cài ứng dụng."
    )
