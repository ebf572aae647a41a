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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cấp mới chứng thư số cho 14 cá nhân, không cấp mới cho tổ chức.", {"egov_certs_issued_orgs"}),
        (
            "Về chứng thư số: cấp mới 14 cá nhân, 02 tổ chức; thu hồi: không phát sinh.",
            {"egov_certs_revoked_people", "egov_certs_revoked_orgs"},
        ),
        ("Xã chưa lắp đặt màn hình LED.", {"media_led_screens"}),
        ("Bộ phận một cửa không để xảy ra hồ sơ trễ hạn.", {"egov_dossiers_overdue"}),
        ("Không có thôn nào chưa có Tổ công nghệ số cộng đồng.", set()),
        (
            "STT | Nội dung | Đơn vị | Số liệu\n1 | Số hồ sơ quá hạn | hồ sơ | Không",
            {"egov_dossiers_overdue"},
        ),
        ("STT | Nội dung | Đơn vị | Số liệu\n1 | Số hồ sơ quá hạn | hồ sơ | -", set()),
    ],
)
def test_none_in_other_words_is_a_zero_of_its_own_indicator(text: str, expected: set[str]) -> None:
    assert {c[0] for c in claims(text) if c[1] == "accepted" and c[4] == 0} == expected


def test_members_of_a_list_share_noun_and_verb() -> None:
    text = (
        "Cấp mới chứng thư số cho 21 cá nhân và 03 tổ chức, điều chỉnh thông tin đối với 36 cá nhân, 04 tổ chức, "
        "thu hồi 17 cá nhân, 2 tổ chức."
    )
    assert [(c[0].removeprefix("egov_certs_"), c[1], c[3]) for c in claims(text)] == [
        ("issued_people", "accepted", 21.0),
        ("issued_orgs", "accepted", 3.0),
        ("changed_people", "accepted", 36.0),
        ("changed_orgs", "accepted", 4.0),
        ("revoked_people", "accepted", 17.0),
        ("revoked_orgs", "accepted", 2.0),
    ]


def test_teams_that_made_a_group_are_told_from_their_heading() -> None:
    text = "1. Tổ công nghệ số cộng đồng\nCả 19 tổ đều đã lập nhóm Zalo để điều hành."
    assert ("team_zalo_group", "accepted", "exact", 1.0, 1.0) in claims(text)


def test_a_share_of_other_people_proves_nothing_of_the_words_before() -> None:
    text = "Nhà trường triển khai thu phí không dùng tiền mặt; 100% giáo viên được cấp tài khoản bồi dưỡng."
    assert "accepted" not in {c[1] for c in claims(text)}


def test_digits_in_brackets_say_what_damaged_words_spell() -> None:
    text = (
        "Le phat dong thu hut hon bon tram (400) nguoi dan. Xa co ba van mot nghin hai tram (31.200) nhan khau. "
        "Hai muoi bay can bo, cong chuc duoc tap huan AI."
    )
    assert [c for c in claims(text) if c[1] == "accepted"] == [
        ("media_launch_participants", "accepted", "over", 400.0, None),
        ("place_population", "accepted", "exact", 31200.0, 31200.0),
        ("skill_officials_trained", "accepted", "exact", 27.0, 27.0),
    ]


def test_those_who_came_on_one_day_are_not_all() -> None:
    found = claims("Tại hội nghị tuyên truyền ngày 12/9/2025, có 165 lượt người tham dự.")
    assert [(c[0], c[1]) for c in found] == [("media_participants", "review")]


def test_a_launch_is_one_day_by_its_nature() -> None:
    found = claims("Lễ phát động phong trào Bình dân học vụ số ngày 12/9/2025 có 265 người tham gia.")
    assert [(c[0], c[1]) for c in found] == [("media_launch_participants", "accepted")]


def test_items_made_under_a_heading_about_broadcasts_are_not_surely_posts() -> None:
    found = claims("1. Công tác truyền thanh cơ sở\nXây dựng 55 tin, bài; phát 210 lượt.")
    assert ("media_posts", "accepted") not in {(c[0], c[1]) for c in found}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ngày 21/8, xã ra kế hoạch riêng để tuyên truyền Nghị quyết 57.", "steer_plan"),
        (
            "Chuyên mục Chuyển đổi số trên Cổng thông tin điện tử xã lên mạng ngày 12/9.",
            "media_portal_section",
        ),
        (
            "STT | Nội dung | Kết quả\n1 | Kế hoạch tuyên truyền Nghị quyết 57-NQ/TW | Kế hoạch số 44/KH-UBND",
            "steer_plan",
        ),
    ],
)
def test_a_deed_told_in_other_words_or_in_a_cell(text: str, code: str) -> None:
    assert (code, "accepted", "exact", 1.0, 1.0) in claims(text)


def test_years_of_titles_on_a_line_of_their_own_are_no_value() -> None:
    text = "STT | Chỉ tiêu Đơn vị Năm Năm\n2024 2025\n1 Hồ sơ tiếp nhận hồ sơ 8.902 | 9.466\n2 Hồ sơ quá hạn hồ sơ 4 | 2"
    assert {(c[0], c[3]) for c in claims(text) if c[1] == "accepted"} == {
        ("egov_dossiers_total", 9466.0),
        ("egov_dossiers_overdue", 2.0),
    }


def test_citizens_who_use_are_no_population() -> None:
    text = "To chuc 18 buoi huong dan nguoi dan str dung ky nang so, cho gan 1.500 nguoi dan."
    assert "place_population" not in {c[0] for c in claims(text)}


def test_a_damaged_not_yet_is_a_no() -> None:
    found = claims("Cong thong tin dien tu xa cha co chuyen muc rieng ve Nghi quyet 57.")
    assert [(c[0], c[3]) for c in found] == [("media_portal_section", 0.0)]


def test_the_whole_of_which_a_part_is_told() -> None:
    text = "Trong số 55 sản phẩm OCOP, có 41 sản phẩm đã lên sàn thương mại điện tử."
    assert [(c[0], c[1], c[3]) for c in claims(text)] == [
        ("econ_ocop_products", "accepted", 55.0),
        ("econ_ocop_online", "accepted", 41.0),
    ]


def test_the_year_before_ends_where_today_begins() -> None:
    found = claims(
        "Năm 2024 mới có 130 người đăng ký cuộc thi Công dân số Hải Phòng, đến nay đã có 470 người đăng ký."
    )
    assert [(c[1], c[3]) for c in found] == [("rejected", 130.0), ("accepted", 470.0)]


def test_a_committee_with_its_long_name_before_the_verb() -> None:
    text = "Ban Chỉ đạo phát triển khoa học, công nghệ, đổi mới sáng tạo và chuyển đổi số của phường đã được kiện toàn."
    assert claims(text) == [("steer_committee", "accepted", "exact", 1.0, 1.0)]


def test_a_short_item_leaves_its_subject_to_the_item_before() -> None:
    text = "- 23 tổ công nghệ số cộng đồng;\n- 161 thành viên;\n- 140 thành viên được tập huấn;"
    assert [(c[0], c[1]) for c in claims(text)] == [
        ("team_count", "accepted"),
        ("team_members", "accepted"),
        ("team_members_trained", "accepted"),
    ]


def test_the_number_of_a_page_between_a_figure_and_its_noun_is_skipped() -> None:
    text = "Mở 14 buổi tập huấn kỹ năng số cho 620\n3\nhọc viên tham gia."
    assert [(c[0], c[3]) for c in claims(text)] == [
        ("skill_training_sessions", 14.0),
        ("skill_training_attendees", 620.0),
    ]


def test_a_year_in_brackets_ends_with_them() -> None:
    text = "Toàn xã có 23 Tổ công nghệ số cộng đồng (năm 2024 là 30 tổ), 161 thành viên."
    assert [(c[0], c[3]) for c in claims(text) if c[1] == "accepted"] == [
        ("team_count", 23.0),
        ("team_members", 161.0),
    ]


def test_the_total_since_january_beside_a_month_in_torn_titles() -> None:
    text = (
        "TT | Chỉ tiêu ĐVT Trong Lũy kế\ntháng năm\n1 Hồ sơ tiếp nhận hồ sơ 540 6.120\n2 Hồ sơ quá hạn hồ sơ 0 4\n"
        "3 Buổi hướng dẫn người dân buổi 2 36"
    )
    assert [(c[0], c[1], c[3]) for c in claims(text)] == [
        ("egov_dossiers_total", "accepted", 6120.0),
        ("egov_dossiers_overdue", "accepted", 4.0),
        ("team_citizen_sessions", "accepted", 36.0),
    ]


def test_two_columns_without_titles_wait_for_a_person() -> None:
    text = "1 Hồ sơ tiếp nhận hồ sơ 13.466 10.902\n2 Hồ sơ quá hạn hồ sơ 6 9\n3 Số thôn thôn 24 24"
    assert "accepted" not in {c[1] for c in claims(text)}


def test_a_unit_and_a_value_run_into_the_label_leave_the_row_in_doubt() -> None:
    text = (
        "STT | Chỉ tiêu | ĐVT | Năm nay | Năm trước\n1 | Hồ sơ tiếp nhận hồ sơ 13.466 | 10.902\n"
        "2 | Hồ sơ quá hạn | hồ sơ | 6 | 9"
    )
    assert [(c[0], c[1]) for c in claims(text)] == [
        ("egov_dossiers_total", "review"),
        ("egov_dossiers_overdue", "accepted"),
    ]


@pytest.mark.parametrize("bound", ["wéc", "uéc", "wdc"])
def test_an_estimate_stays_one_as_recognition_writes_it(bound: str) -> None:
    found = claims(f"Ty lé thanh toan khéng ding tién mat tai cac cho cua xa {bound} 64%.")
    assert found == [("econ_cashless_pct", "accepted", "approx", 64.0, 64.0)]


@pytest.mark.parametrize("said", ["lan luot 1a", "Jan lugt la", "Ian lot 1a", "lan lwot la"])
def test_figures_told_in_turn_find_their_labels_in_worn_text(said: str) -> None:
    text = f"S6 t6 céng nghé s6 céng déng va s6 thanh vién cua T6 {said} 31 va 217, trai déu cac thon cua xa."
    assert [(c[0], c[3]) for c in claims(text)] == [("team_count", 31.0), ("team_members", 217.0)]


@pytest.mark.parametrize("verb", ["dong", "déng", "d6ng", "dng"])
def test_machines_that_a_programme_runs_on_are_not_more_than_their_number(verb: str) -> None:
    text = f"Phan mém phong chéng ma déc dang hoat {verb} tét trén toan xa, hoat {verb} trén 58 may tinh co quan."
    assert {(c[2], c[3]) for c in claims(text) if c[1] == "accepted"} <= {("exact", 58.0)}


def test_absolute_is_no_bound() -> None:
    found = claims("Cac co quan, don vi cua xa da cé tai khoan VNeID t6 chitc dat ty 1é tuyét déi 100%.")
    assert {c[2] for c in found} == {"exact"}


def test_common_letters_are_not_taken_for_what_they_never_stood_for() -> None:
    # "déng b6" is đồng bộ; "b6" never stood for "bài".
    text = "Cong théng tin dién tit cua xa. Céc trwong da déng b6 100 bang diém vao nganh."
    assert "media_posts" not in {c[0] for c in claims(text) if c[1] == "accepted"}


def test_zeros_that_recognition_makes_of_dots_are_no_figure() -> None:
    text = "S6 ngwoi dw lé phat d6ng Binh dan hoc vu s6 cua xa: ..........00+: 240 ngudi"
    assert ("media_launch_participants", 0.0) not in {
        (c[0], c[3]) for c in claims(text) if c[1] == "accepted"
    }
