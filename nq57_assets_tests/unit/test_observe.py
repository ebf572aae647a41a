"""Whole documents: sections that plan, tables of every drawing, torn lines, and linear work."""

from __future__ import annotations

import pytest

from nq57_assets_tests.reports import accepted, figures

TABLE = [
    ("Số thôn", "thôn", "24"),
    ("Tổng số hộ gia đình", "hộ", "8.652"),
    ("Số Tổ công nghệ số cộng đồng", "tổ", "24"),
    ("Số thành viên Tổ công nghệ số cộng đồng", "người", "168"),
    ("Số buổi hướng dẫn người dân sử dụng kỹ năng số", "buổi", "72"),
    ("Tỷ lệ hồ sơ nộp trực tuyến", "%", "96,98"),
]
TRUTH = [
    ("place_villages", 24.0),
    ("place_households", 8652.0),
    ("team_count", 24.0),
    ("team_members", 168.0),
    ("team_citizen_sessions", 72.0),
    ("egov_online_rate", 96.98),
]
TITLES = ("STT", "Nội dung", "Đơn vị tính", "Số liệu")


def drawn(mark: str) -> str:
    rows = [TITLES, *((str(i), *row) for i, row in enumerate(TABLE, 1))]
    return "\n".join(mark.join(row) for row in rows)


@pytest.mark.parametrize(
    "text",
    [
        drawn(" | "),
        drawn("\t"),
        drawn("   "),
        drawn(" "),
        "\n".join(f"| {line} |" for line in drawn(" | ").split("\n")),
        "\n".join(drawn("\t").replace("\t", "\n").split("\n")),
    ],
    ids=["pipes", "tabs", "gaps", "flattened", "ruled", "a cell a line"],
)
def test_a_table_in_every_drawing(text: str) -> None:
    assert accepted(text) == TRUTH


def test_cells_torn_over_lines() -> None:
    text = (
        "STT Nội dung Đơn vị tính Số liệu\n"
        "1 Số buổi hội nghị, tập huấn cho Buổi 4\nthành viên Tổ\n"
        "2 Số người dân được hướng Người 2.040\ndẫn kỹ năng số"
    )
    assert accepted(text) == [("team_member_sessions", 4.0), ("team_citizens_guided", 2040.0)]


def test_the_column_of_the_reports_year_holds_the_values() -> None:
    text = (
        "| STT | Chỉ tiêu | Đơn vị | Năm 2024 | Năm 2025 |\n| 1 | Hồ sơ tiếp nhận | hồ sơ | 11.902 | 15.466 |"
    )
    assert accepted(text) == [("egov_dossiers_total", 15466.0)]


def test_a_row_with_two_columns_nobody_named_waits() -> None:
    text = "STT | Chỉ tiêu | Đơn vị | A | B\n1 | Số hồ sơ quá hạn | hồ sơ | 7 | 9"
    assert [one.status for one in figures(text)] == ["review"]


@pytest.mark.parametrize(
    "heading",
    [
        "V. PHƯƠNG HƯỚNG, NHIỆM VỤ NĂM 2026",
        "III. MỤC TIÊU",
        "IV. KIẾN NGHỊ, ĐỀ XUẤT",
        "VI. KẾ HOẠCH NĂM 2026",
    ],
)
def test_figures_under_plans_are_rejected(heading: str) -> None:
    (one,) = figures(f"{heading}\n- Tổ chức 12 hội nghị quán triệt Nghị quyết 57.")
    assert one.status == "rejected"


def test_figures_under_results_of_tasks_are_taken() -> None:
    text = "II. KẾT QUẢ THỰC HIỆN CÁC NHIỆM VỤ\n- Tổ chức 12 hội nghị quán triệt Nghị quyết 57."
    assert accepted(text) == [("steer_conferences", 12.0)]


def test_a_plan_yields_no_accepted_figure() -> None:
    text = "Tổ chức 12 hội nghị quán triệt Nghị quyết 57."
    assert accepted(text, document_type="plan") == []
    assert [one.status for one in figures(text, document_type="plan")] == ["rejected"]


def test_a_figure_keeps_the_line_it_stands_on() -> None:
    text = "Tổ công nghệ số cộng đồng đã tổ chức các buổi hướng dẫn cho\n2.150 người dân trên địa bàn xã."
    (one,) = figures(text)
    assert (one.value, one.address.line) == (2150, 2)


def test_a_claim_made_twice_is_two_observations() -> None:
    text = "- Xã có 21 Tổ công nghệ số cộng đồng.\n- Kiện toàn 21 Tổ công nghệ số cộng đồng."
    assert accepted(text) == [("team_count", 21.0)] * 2


def test_a_list_takes_the_words_of_the_line_above() -> None:
    text = "- Chứng thư số:\n+ Cấp mới: 21 cá nhân, 03 tổ chức\n+ Thu hồi: 8 cá nhân"
    assert accepted(text) == [
        ("egov_certs_issued_people", 21.0),
        ("egov_certs_issued_orgs", 3.0),
        ("egov_certs_revoked_people", 8.0),
    ]


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Xa cé 21 T6 céng nghé s6 cong déng véi 147 thanh vién.", ("team_members", 147.0)),
        ("T6 chirc 03 hdi nghi quan triét Nghi quyét 57.", ("steer_conferences", 3.0)),
        ("Ty 18 hé so ndp truc tuyén: 97,2%.", ("egov_online_rate", 97.2)),
        ("Khéng c6 hd so qué han.", ("egov_dossiers_overdue", 0.0)),
        ("31 san pham OCOP duwgc dua lén san thwong mai dién tt.", ("econ_ocop_online", 31.0)),
        ("Cap méi ching thu s6 cho 18 ca nhan.", ("egov_certs_issued_people", 18.0)),
    ],
)
def test_text_that_lost_its_marks(text: str, claim: tuple[str, float]) -> None:
    assert claim in accepted(text)


def test_letters_read_as_digits_are_no_figures() -> None:
    assert accepted("Ty 18 hé so truc tuyén tang; chuyén déi 6 va x4 h6i 56 phat trién.") == []


def test_work_grows_with_the_text_and_no_faster() -> None:
    page = "- Xã có 21 thôn, 7.102 hộ; tổ chức 03 hội nghị quán triệt Nghị quyết 57.\n"
    assert len(figures(page * 40)) == 40 * len(figures(page))
