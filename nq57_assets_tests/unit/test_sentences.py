"""How sentences tell figures: in turn, in answers, in brackets, by denial, as a sum, of another time or place."""

from __future__ import annotations

import pytest

from nq57_assets.extract.passages import tokenize
from nq57_assets.extract.series import unfold
from nq57_assets_tests.reports import accepted, figures

LETTERHEAD = "ỦY BAN NHÂN DÂN\nXÃ VĨNH AM\nSố: 14/BC-UBND\nBÁO CÁO\n\nI. KẾT QUẢ\n\n"


def told(text: str) -> list[str]:
    return [token.text for token in unfold(tokenize(text))]


def seen(text: str) -> dict[str, str]:
    """Return the standing of each claim, by indicator and value."""
    return {f"{o.indicator}={o.value:g}": o.status for o in figures(LETTERHEAD + text) if o.value is not None}


@pytest.mark.parametrize(
    "text",
    [
        "Số hội nghị, số văn bản lần lượt là 4 và 17.",
        "Số hội nghị, số văn bản theo thứ tự là 4; 17.",
        "Số hội nghị và số văn bản: 4, 17.",
        "Số hội nghị/số văn bản/số tin: 4/17/9.",
    ],
)
def test_figures_told_in_turn_stand_behind_their_labels(text: str) -> None:
    words = told(text)
    assert words.index("4") < words.index("bản") < words.index("17")
    assert words[words.index("4") - 1] == words[words.index("17") - 1] == ":"


def test_a_second_row_takes_the_labels_of_the_first() -> None:
    text = "Chứng thư số cấp mới, thu hồi của cá nhân lần lượt là 36, 5; của tổ chức lần lượt là 4, 1."
    words = " ".join(told(text))
    assert "cấp mới của cá nhân : 36" in words
    assert "thu hồi của tổ chức : 1" in words


def test_words_without_a_row_of_figures_stay_as_they_are() -> None:
    text = "Đã đăng 402 tin, bài và phát 120 lượt: nội dung lần lượt là khoa học, chuyển đổi số."
    assert told(text) == [token.text for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Câu 1. Xã có bao nhiêu thôn?\nTrả lời: 28.", ("place_villages", 28)),
        ("Câu 5. Ban Chỉ đạo có mấy Tổ giúp việc?\nTrả lời: 03 Tổ.", ("steer_support_groups", 3)),
        ("Câu 8. Đã tổ chức mấy hội nghị quán triệt?\nTrả lời: 4 hội nghị.", ("steer_conferences", 4)),
    ],
)
def test_an_answer_fills_its_question(text: str, claim: tuple[str, float]) -> None:
    assert claim in accepted(LETTERHEAD + text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Không để hồ sơ nào quá hạn.", "egov_dossiers_overdue"),
        ("Hồ sơ quá hạn không phát sinh.", "egov_dossiers_overdue"),
        ("Màn hình LED: xã chưa có.", "media_led_screens"),
        ("Xã chưa đưa sản phẩm OCOP nào lên sàn thương mại điện tử.", "econ_ocop_online"),
        ("Xã chưa tổ chức được hội nghị quán triệt nào.", "steer_conferences"),
        ("Không đề xuất nhiệm vụ nào với Sở Khoa học và Công nghệ.", "egov_proposed_tasks"),
    ],
)
def test_a_denial_is_none_wherever_it_stands(text: str, code: str) -> None:
    assert (code, 0) in accepted(LETTERHEAD + text)


@pytest.mark.parametrize(
    "text",
    [
        "Không có thôn nào chưa có Tổ công nghệ số cộng đồng.",
        "Cán bộ chuyên trách công nghệ thông tin của xã chưa có.",
    ],
)
def test_a_denial_of_something_else_counts_nothing(text: str) -> None:
    assert accepted(LETTERHEAD + text) == []


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Hội nghị quán triệt: 1 ở Cát Hải, 3 ở Cát Bà, tất cả 4 hội nghị.", "steer_conferences=1"),
        ("Hồ sơ quá hạn: 2 hồ sơ (quý II còn 7 hồ sơ).", "egov_dossiers_overdue=7"),
        ("Cuộc thi “Công dân số Hải Phòng”: quý III có 820 người đăng ký.", "skill_contest_registered=820"),
        ("Xã Cẩm Giang bên cạnh có 15 sản phẩm OCOP.", "econ_ocop_products=15"),
        ("Đăng 402 tin, bài trên fanpage, trong đó 1 video đạt 1,2 triệu lượt xem.", "media_posts=1"),
        ("Công tác kiểm tra được thực hiện tại 06 tổ dân phố.", "place_villages=6"),
    ],
)
def test_a_part_another_time_or_place_is_not_accepted(text: str, claim: str) -> None:
    assert seen(text).get(claim) != "accepted"


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Tỷ lệ hồ sơ nộp trực tuyến đạt 98,3% (chỉ tiêu giao là 90%).", ("egov_online_rate", 98.3)),
        (
            "Cấp mới 19 cá nhân, năm 2024 là 3; chứng thư số thu hồi 6 cá nhân.",
            ("egov_certs_revoked_people", 6),
        ),
        ("Có 25 tổ công nghệ số cộng đồng nhưng hoạt động chưa đều.", ("team_count", 25)),
        ("Số văn bản chỉ đạo đã ban hành dừng ở con số 33.", ("steer_directives", 33)),
    ],
)
def test_what_is_told_beside_a_figure_leaves_it_alone(text: str, claim: tuple[str, float]) -> None:
    assert claim in accepted(LETTERHEAD + text)


def test_software_that_runs_on_devices_bounds_nothing() -> None:
    (one,) = [
        o
        for o in figures(LETTERHEAD + "Phần mềm phòng chống mã độc đang hoạt động trên 83 thiết bị.")
        if o.indicator == "egov_antivirus_active"
    ]
    assert (one.value, one.qualifier) == (83, "exact")
