"""Whose a figure is, when it was, and whether it is a result: what words cast a doubt, and what only looks so."""

from __future__ import annotations

import pytest

from nq57_assets_tests.reports import accepted, figures

MONTH = "BÁO CÁO\nCông tác chuyển đổi số tháng 4 năm 2025\n\n"
QUARTER = "BÁO CÁO\nKết quả chuyển đổi số quý I năm 2025\n\n"
YEAR = "BÁO CÁO\nKết quả chuyển đổi số năm 2025\n\n"


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        (MONTH + "Lũy kế đã thành lập 21 Tổ công nghệ số cộng đồng.", ("team_count", 21)),
        (MONTH + "Tổ công nghệ số cộng đồng có 147 thành viên.", ("team_members", 147)),
        (MONTH + "Tổ công nghệ số cộng đồng đã hướng dẫn 310 người dân.", ("team_citizens_guided", 310)),
        (QUARTER + "Từ đầu năm tiếp nhận 1.480 hồ sơ.", ("egov_dossiers_total", 1480)),
        (QUARTER + "Ba tháng tiếp nhận 1.480 hồ sơ.", ("egov_dossiers_total", 1480)),
    ],
)
def test_a_stock_and_the_period_itself_are_no_running_total(text: str, truth: tuple[str, float]) -> None:
    assert accepted(text) == [truth]


def test_a_stock_is_not_what_was_added_to_it() -> None:
    assert accepted(YEAR + "Trong năm thành lập thêm 2 Tổ công nghệ số cộng đồng.") == []
    assert accepted(YEAR + "Phải cài thêm 5 máy phần mềm diệt virus.") == [("egov_antivirus_needed", 5)]


def test_weeks_of_a_month_told_again_as_a_sum_are_parts() -> None:
    text = (
        MONTH + "Tuần 1: tiếp nhận 120 hồ sơ.\n\nTuần 2: tiếp nhận 95 hồ sơ.\n\nCả tháng tiếp nhận 410 hồ sơ."
    )
    assert accepted(text) == [("egov_dossiers_total", 410)]


@pytest.mark.parametrize(
    ("line", "truth"),
    [
        ("Thanh toán không dùng tiền mặt: năm 2024 là 50%, năm 2025 là 71%.", ("econ_cashless_pct", 71)),
        ("Từ 04 sản phẩm OCOP năm 2024, đến nay xã đã nâng lên 09 sản phẩm OCOP.", ("econ_ocop_products", 9)),
        ("Băng rôn: dự kiến 25, thực hiện treo 23 băng rôn.", ("media_banners", 23)),
        ("Chỉ tiêu số 6 (giao mỗi thôn 1 tổ): có 24 tổ công nghệ số cộng đồng.", ("team_count", 24)),
        ("Cụm loa phát thanh phát định kỳ hằng ngày: 92,1%.", ("media_loudspeaker_pct", 92.1)),
        ("Thanh toán không dùng tiền mặt đạt 74%; so với chỉ tiêu giao 70%.", ("econ_cashless_pct", 74)),
        ("Riêng công văn: 14.", ("steer_official_letters", 14)),
        ("Thanh toán không dùng tiền mặt đạt 74% so với 61% hồi đầu năm.", ("econ_cashless_pct", 74)),
        (
            "Thanh toán không dùng tiền mặt đạt 74% so với chỉ tiêu 80% thì chưa đạt.",
            ("econ_cashless_pct", 74),
        ),
    ],
)
def test_the_result_beside_what_it_is_compared_with(line: str, truth: tuple[str, float]) -> None:
    assert accepted(YEAR + line) == [truth]


@pytest.mark.parametrize(
    "line",
    [
        "Trước hợp nhất, xã có 9.100 nhân khẩu.",
        "Xã không lập 76 Tổ công nghệ số cộng đồng mà ghép hai thôn một tổ.",
        "Không hồ sơ nào quá hạn trên tổng 4.880 hồ sơ.",
        "Tiếp nhận hồ sơ của riêng tháng 11: 433 hồ sơ.",
        "Trang thông tin xã có hôm đăng 12 tin bài.",
        "Đài truyền thanh xã phát 40 lượt hồi tháng 5, không cộng.",
        "Đang làm hồ sơ 2 sản phẩm OCOP.",
        "Mỗi thôn một tổ công nghệ số cộng đồng, 7 thành viên một tổ.",
    ],
)
def test_of_another_time_a_part_or_not_at_all(line: str) -> None:
    assert accepted(YEAR + line) == []


def test_a_legend_of_brackets_and_asterisks_holds_for_the_whole_document() -> None:
    body = "Treo 40 băng rôn.\n\nHồ sơ tiếp nhận: 640 [601].\n\n(*) Lắp 6 màn hình LED."
    legend = "Số trong ngoặc vuông là của kỳ trước; dòng có dấu (*) là chỉ tiêu giao.\n\n"
    assert accepted(YEAR + legend + body) == [("media_banners", 40), ("egov_dossiers_total", 640)]
    assert ("media_led_screens", 6) in accepted(YEAR + body)


@pytest.mark.parametrize(
    ("line", "truth"),
    [
        (
            "Sổ điểm điện tử: năm 2024 là 50% trường phổ thông, năm 2025 là 100%.",
            ("econ_schools_records_pct", 100),
        ),
        ("Các tổ công nghệ số xuống thôn 16 buổi, hướng dẫn 740 người dân.", ("team_citizens_guided", 740)),
        (
            "Lễ phát động bình dân học vụ số tại Trường THPT Vĩnh An có 900 người dự.",
            ("media_launch_participants", 900),
        ),
        ("Chứng thư số phải thu hồi của cá nhân: 13.", ("egov_certs_revoked_people", 13)),
        ("Mỗi thôn lập một tổ công nghệ số cộng đồng, vị chi 26 tổ.", ("team_count", 26)),
        ("Thành viên tổ công nghệ số cộng đồng dao động quanh con số 126 người.", ("team_members", 126)),
    ],
)
def test_what_only_looks_like_a_doubt(line: str, truth: tuple[str, float]) -> None:
    assert truth in accepted(YEAR + line)


@pytest.mark.parametrize(
    "line",
    [
        "Thôn tôi treo 3 băng rôn.",
        "Tôi nhớ có buổi hướng dẫn người dân ở ngõ nhỏ, 26 người dân ngồi học.",
        "Trang thông tin xã đăng 1.060 tin bài về mọi lĩnh vực.",
        "Công văn: 8; 6; cả năm 14.",
        "Tháng 7/2025, tháng đầu tiên, tỷ lệ hồ sơ trực tuyến mới là 62,5%.",
        "KPI 2026: 99% hồ sơ trực tuyến.",
    ],
)
def test_of_one_case_or_of_the_time_to_come(line: str) -> None:
    assert accepted(YEAR + line) == []


def test_a_heading_is_read_without_what_its_brackets_add() -> None:
    assert accepted(YEAR + "I. CỘNG SỔ CẢ NĂM (sau khi rà lại)\n\nTreo 73 băng rôn.") == [
        ("media_banners", 73)
    ]
    assert accepted(YEAR + "II. NHIỆM VỤ NĂM SAU\n\nTreo 73 băng rôn.") == []


@pytest.mark.parametrize(
    ("line", "truth"),
    [
        ("Không dùng tiền mặt: từ 65% cuối tháng 12 thêm được 1%, thành 66%.", ("econ_cashless_pct", 66)),
        ("Thanh toán không dùng tiền mặt đặt ra 75%, đạt 71,7%.", ("econ_cashless_pct", 71.7)),
        ("Thanh toán không dùng tiền mặt, cuối 2024 là 74%, nay là 82,9%.", ("econ_cashless_pct", 82.9)),
        ("Hứa 60 băng rôn, cuối cùng treo được 61 băng rôn.", ("media_banners", 61)),
    ],
)
def test_of_two_figures_the_later_one_counts(line: str, truth: tuple[str, float]) -> None:
    assert accepted(YEAR + line) == [truth]


@pytest.mark.parametrize(
    "line",
    [
        "Riêng Công an phường tiếp nhận cư trú, 100% hồ sơ trực tuyến.",
        "Sang năm vận động 90% hộ có cáp quang.",
        "Kế hoạch tháng 11: thêm 20 buổi tổ công nghệ số hướng dẫn người dân.",
        "Đài truyền thanh: quý II 90 lượt phát, quý này chưa phát.",
        "Xã bạn có 1.510 người đăng ký cuộc thi công dân số.",
        "Thời điểm sáp nhập, thanh toán không dùng tiền mặt là 74%.",
    ],
)
def test_of_others_or_of_what_is_to_come(line: str) -> None:
    assert accepted(YEAR + line) == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Được cấp mới 36 chứng thư số (30 cá nhân, 6 tổ chức).", {30, 6}),
        ("Cấp mới chứng thư số: 19, gồm", set()),
        ("Cấp mới chứng thư số cho 30 cá nhân, 6 tổ chức.", {30, 6}),
    ],
)
def test_certificates_of_people_and_bodies_together_are_neither(said: str, expected: set[float]) -> None:
    certificates = [o for o in figures(f"BÁO CÁO\n\n- {said}") if o.indicator.startswith("egov_certs")]
    assert {o.value for o in certificates if o.status == "accepted"} <= expected
    assert {o.value for o in certificates if o.status != "rejected"} == expected


@pytest.mark.parametrize(
    "said",
    [
        "- Chứng thư số cấp mới cho cá nhân: 19, trong đó:",
        "| TT | Nội dung | Kết quả |\n| 1 | Tổng số chứng thư số cấp mới cho cá nhân | 19 |",
        "| Nội dung | Kết quả |\n| Tổng số chứng thư số cấp mới cho cá nhân | 19 |\n| Số hộ | 2.000 |",
    ],
)
def test_a_total_of_people_alone_is_theirs(said: str) -> None:
    assert ("egov_certs_issued_people", 19) in accepted(f"BÁO CÁO\n\n{said}\n")


@pytest.mark.parametrize(
    "title", ["II. CÁC CHỈ TIÊU ĐẾM ĐƯỢC", "Phần B. Chỉ tiêu ước tính", "2. Tiến độ chỉ tiêu"]
)
def test_a_title_that_calls_figures_indicators_sets_no_targets(title: str) -> None:
    assert accepted(f"{YEAR}{title}\n\nTổ công nghệ số cộng đồng có 147 thành viên.") == [
        ("team_members", 147)
    ]


@pytest.mark.parametrize(
    "title",
    [
        "II. CHỈ TIÊU NĂM 2026",
        "II. MỤC TIÊU, CHỈ TIÊU CHỦ YẾU",
        "II. CHỈ TIÊU GIAO",
        "II. CHỈ TIÊU THEO KẾ HOẠCH",
    ],
)
def test_a_title_of_targets_leaves_no_results(title: str) -> None:
    assert accepted(f"{YEAR}{title}\n\nTổ công nghệ số cộng đồng có 147 thành viên.") == []
