"""Yes-or-no claims: issued or not, with the plan's own number, in sentences, labels and rows."""

from __future__ import annotations

import pytest

from nq57_assets_tests.reports import accepted, figures


def details(text: str) -> list[str | None]:
    return [one.detail for one in figures(text) if one.indicator == "steer_plan"]


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        (
            "UBND xã ban hành Kế hoạch số 41/KH-UBND ngày 05/9/2025 về tuyên truyền Nghị quyết 57-NQ/TW.",
            "41/KH-UBND@2025-09-05",
        ),
        (
            "Ngày 05/9/2025 UBND xã ban hành Kế hoạch số 7/KH-UBND về truyền thông Nghị quyết số 57-NQ/TW.",
            "07/KH-UBND@2025-09-05",
        ),
        ("Xã đã ban hành kế hoạch tuyên truyền Nghị quyết 57.", None),
    ],
)
def test_the_plans_own_number(text: str, detail: str | None) -> None:
    assert details(text) == [detail]


def test_a_plan_in_a_list_of_issued_papers() -> None:
    text = (
        "1. Văn bản đã ban hành\n- Kế hoạch số 41/KH-UBND ngày 05/9/2025 về tuyên truyền Nghị quyết 57-NQ/TW."
    )
    assert details(text) == ["41/KH-UBND@2025-09-05"]


def test_the_citys_plan_is_not_the_communes() -> None:
    assert details("Thành phố ban hành Kế hoạch số 192/KH-UBND về tuyên truyền Nghị quyết 57-NQ/TW.") == []
    text = "Thực hiện Kế hoạch của UBND thành phố ban hành về tuyên truyền Nghị quyết 57-NQ/TW."
    assert details(text) == []


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Nhóm Zalo của Tổ công nghệ số cộng đồng: có.", ("team_zalo_group", 1.0)),
        ("Nhóm Zalo của Tổ công nghệ số cộng đồng: không.", ("team_zalo_group", 0.0)),
        ("Chuyên mục trên Cổng thông tin điện tử: [x] Có [ ] Không", ("media_portal_section", 1.0)),
        ("Ban Chỉ đạo thực hiện Nghị quyết 57: chưa thành lập.", ("steer_committee", 0.0)),
    ],
)
def test_labels_with_an_answer(text: str, claim: tuple[str, float]) -> None:
    assert claim in accepted(text)


def test_rows_of_a_table_answer_too() -> None:
    text = (
        "| STT | Nội dung | Kết quả |\n"
        "| 1 | Nhóm Zalo của Tổ công nghệ số cộng đồng (có/không) | https://zalo.me/g/abc |\n"
        "| 2 | Ban Chỉ đạo thực hiện Nghị quyết 57 (có/không) | Có |\n"
        "| 3 | Chuyên mục trên Cổng thông tin điện tử (có/không) | Không |"
    )
    assert accepted(text) == [
        ("team_zalo_group", 1.0),
        ("steer_committee", 1.0),
        ("media_portal_section", 0.0),
    ]


def test_a_wish_or_a_heading_claims_nothing() -> None:
    assert accepted("Đề nghị xây dựng chuyên mục Chuyển đổi số trên Cổng thông tin điện tử.") == []
    assert accepted("2.2. Xây dựng chuyên mục Chuyển đổi số trên Cổng thông tin điện tử") == []


def claims(text: str) -> list[tuple[str, float | None]]:
    """Return the accepted yes-or-no claims."""
    kinds = ("steer_plan", "steer_committee", "media_portal_section", "team_zalo_group")
    return [claim for claim in accepted(text) if claim[0] in kinds]


GROUP, SECTION, COMMITTEE = "team_zalo_group", "media_portal_section", "steer_committee"


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Các Tổ công nghệ số cộng đồng liên lạc hằng ngày qua một nhóm Zalo chung.", (GROUP, 1.0)),
        ("4. Tổ công nghệ số cộng đồng\nĐã lập 15 tổ. Có nhóm Zalo. Hướng dẫn 1.200 người.", (GROUP, 1.0)),
        ("Zalo của Tổ CNSCĐ: đã lập nhóm “Số hóa làng quê”.", (GROUP, 1.0)),
        ("Các Tổ công nghệ số cộng đồng chưa lập được nhóm Zalo.", (GROUP, 0.0)),
        ("Tổ công nghệ số cộng đồng có nhóm Zalo không?\nTrả lời: Chưa lập.", (GROUP, 0.0)),
        ("Nhom Zalo cua To cong nghe so cong dong: khong.", (GROUP, 0.0)),
        ("Mục “Xã số” đã vận hành trên Cổng thông tin điện tử của xã.", (SECTION, 1.0)),
        ("Mở chuyên mục chuyển đổi số trên Cổng. Kết quả: có, từ 01/9.", (SECTION, 1.0)),
        ("Trang thông tin điện tử xã chưa mở được chuyên mục riêng.", (SECTION, 0.0)),
        ("Chuyen muc Chuyen doi so tren Cong thong tin dien tu da hoat dong.", (SECTION, 1.0)),
        (
            "I. CHỈ ĐẠO\n\n1. Ban Chỉ đạo Nghị quyết 57\n\nĐã thành lập ngày 25/7.\n\n2. Hội nghị\n\nChưa mở.",
            (COMMITTEE, 1.0),
        ),
        ("Việc kiện toàn Ban Chỉ đạo thực hiện Nghị quyết 57 được hoàn thành.", (COMMITTEE, 1.0)),
        ("Đến nay xã vẫn chưa kiện toàn được Ban Chỉ đạo thực hiện Nghị quyết 57.", (COMMITTEE, 0.0)),
        ("Xa chua thanh lap Ban Chi dao thuc hien Nghi quyet 57-NQ/TW.", (COMMITTEE, 0.0)),
    ],
)
def test_yes_and_no_in_sentences_answers_and_under_titles(text: str, claim: tuple[str, float]) -> None:
    assert claims(text) == [claim]


@pytest.mark.parametrize(
    "text",
    [
        "Nhóm Zalo của Tổ công nghệ số cộng đồng: ....",
        "Nhóm Zalo của Tổ công nghệ số cộng đồng: [ ] Có [ ] Không",
        "Chuyên mục trên Cổng thông tin điện tử (có/không):",
        "Đơn vị đã thành lập Ban Chỉ đạo thực hiện Nghị quyết 57 chưa?",
        "Tin được chia sẻ trên nhóm Zalo của các thôn.",
        "Đề nghị hướng dẫn lập nhóm Zalo cho Tổ công nghệ số cộng đồng.",
        "Năm 2026, xã sẽ lập nhóm Zalo của Tổ công nghệ số cộng đồng.",
        "Năm 2024 các Tổ công nghệ số cộng đồng có nhóm Zalo.",
        "Cổng thông tin điện tử thành phố có chuyên mục Chuyển đổi số.",
        "Chuyên mục “Mỗi ngày một kỹ năng số” phát trên loa mỗi tuần ba buổi.",
        "Cổng thông tin điện tử của xã có chuyên mục An toàn giao thông.",
        "Chuyên mục Chuyển đổi số trên Cổng đang được xây dựng.",
        "Ban Chỉ đạo phòng, chống thiên tai của xã đã được kiện toàn, có 57 người.",
        "Ban Chỉ đạo 35 của xã được thành lập theo Nghị quyết 57.",
        "Ban Chỉ đạo thực hiện Nghị quyết 57 của thành phố đã được thành lập.",
        "Thành lập 02 Tổ giúp việc Ban Chỉ đạo thực hiện Nghị quyết 57.",
        "UBND xã ban hành 12 văn bản chỉ đạo về Nghị quyết 57.",
        "Giao Văn phòng HĐND và UBND xây dựng chuyên mục trên Cổng, hoàn thành trước 30/12.",
        "Đang vận động các Tổ công nghệ số cộng đồng lập nhóm Zalo.",
    ],
)
def test_blanks_wishes_other_years_and_other_owners_claim_nothing(text: str) -> None:
    assert claims(text) == []


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        (
            "Kế hoạch số 41/KH-UBND ngày 15/8/2025 là kế hoạch tuyên truyền Nghị quyết 57 của xã.",
            "41/KH-UBND@2025-08-15",
        ),
        (
            "Riêng về tuyên truyền Nghị quyết 57 là Kế hoạch số 37/KH-UBND, ký ngày 19/8/2025.",
            "37/KH-UBND@2025-08-19",
        ),
        (
            "UBND xã ban hành Kế hoạch tuyên truyền Nghị quyết 57 (Kế hoạch số 19/KH-UBND ngày 29/8/2025).",
            "19/KH-UBND@2025-08-29",
        ),
        (
            "Kế hoạch số 50/KH-UBND về tuyên truyền Nghị quyết số 57-NQ/TW ngày 22/12/2024 được ban hành ngày 09/9/2025.",
            "50/KH-UBND@2025-09-09",
        ),
        (
            "Thực hiện Kế hoạch số 192/KH-UBND của thành phố về tuyên truyền Nghị quyết 57, xã ban hành Kế hoạch số "
            "45/KH-UBND ngày 20/8/2025.",
            "45/KH-UBND@2025-08-20",
        ),
        (
            "Phường ban hành Kế hoạch số 192/KH-UBND ngày 12/9/2025 về tuyên truyền Nghị quyết 57.",
            "192/KH-UBND@2025-09-12",
        ),
        (
            "Triển khai Kế hoạch số 61/KH-UBND ngày 22/8/2025 của UBND xã về tuyên truyền Nghị quyết 57, các thôn treo cờ.",
            "61/KH-UBND@2025-08-22",
        ),
        (
            "Đảng ủy ban hành Kế hoạch số 21-KH/ĐU ngày 29/8/2025 tuyên truyền Nghị quyết 57.",
            "21-KH/ĐU@2025-08-29",
        ),
        (
            "Đã ban hành kế hoạch tuyên truyền Nghị quyết 57 chưa? Số, ngày?\n"
            "Trả lời: Rồi. Kế hoạch số 60/KH-UBND ngày 01/9/2025.",
            "60/KH-UBND@2025-09-01",
        ),
    ],
)
def test_a_plan_told_apart_from_its_number(text: str, detail: str) -> None:
    assert details(text) == [detail]


@pytest.mark.parametrize(
    "text",
    [
        "Thành ủy ban hành Kế hoạch số 12-KH/TU về tuyên truyền Nghị quyết 57.",
        "Thực hiện Kế hoạch số 192/KH-UBND ngày 08/8/2025 về tuyên truyền Nghị quyết 57, xã đã treo băng rôn.",
        "UBND xã ban hành Kế hoạch số 30/KH-UBND ngày 1/9/2025 về tuyên truyền phòng, chống ma túy.",
        "Kế hoạch tuyên truyền Nghị quyết 57 đã dự thảo, đang lấy ý kiến.",
        "Mặt trận Tổ quốc xã ban hành Kế hoạch số 15/KH-MTTQ tuyên truyền Nghị quyết 57.",
    ],
)
def test_plans_of_others_drafts_and_other_matters_are_no_plan(text: str) -> None:
    assert claims(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Se thanh lap Ban Chi dao thuc hien Nghi quyet 57 trong quy I/2026.",
        "Ban Chi dao thuc hien Nghi quyet 57 cua thanh ph6 da duoc thanh lap.",
        "Dé nghi h6 trg giao dién dé xa m& chuyén muc trén C6ng théng tin dién ti.",
        "Ké hoach tuyén truyén Nghi quyét 57 d4 dw thao, dang lay y kién.",
    ],
)
def test_wishes_and_other_owners_in_damaged_text(text: str) -> None:
    assert claims(text) == []


def test_the_last_of_two_answers_in_a_row_is_how_it_stands() -> None:
    text = (
        "| Chỉ tiêu | 30/9 | 15/12 | Ghi chú |\n"
        "| Số thôn | 12 | 12 | |\n"
        "| Nhóm Zalo của Tổ công nghệ số cộng đồng | Không | Có | 80 tài khoản |"
    )
    assert claims(text) == [(GROUP, 1.0)]


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        # Short answers in lists, behind dots, dashes and announced answers.
        ("Tổ công nghệ số: 19 tổ, 120 người; có Zalo.", (GROUP, 1.0)),
        ("To CNSCD 20 - tv 140 - zalo co", (GROUP, 1.0)),
        ("Nhom Zalo cua to chi Lan lap ngay 8/7, dang chay tot.", (GROUP, 1.0)),
        ("Chuyen muc chuyen doi so tren trang ...... co", (SECTION, 1.0)),
        ("Đã có Ban Chỉ đạo Nghị quyết 57 chưa? Kết quả rà soát: có, lập ngày 15/7/2025.", (COMMITTEE, 1.0)),
        ("4.5. Ban Chỉ đạo NQ57 - đã thành lập", (COMMITTEE, 1.0)),
        ("Chuyên trang NQ57: https://haihung.haiphong.gov.vn/nq57", (SECTION, 1.0)),
        # A leading line or a sign answers for what it stands before.
        ("ĐÃ CÓ:\n- Ban Chỉ đạo Nghị quyết 57;\n- 12 tổ.", (COMMITTEE, 1.0)),
        ("CHƯA CÓ:\n- Ban Chỉ đạo Nghị quyết 57;\n- 12 tổ.", (COMMITTEE, 0.0)),
        ("✗ Mở chuyên mục chuyển đổi số trên Cổng thông tin", (SECTION, 0.0)),
        # Where a section stands, how a committee is told of.
        ("Trang điện tử của phường đã có chuyên mục chuyển đổi số.", (SECTION, 1.0)),
        ("Ban Chỉ đạo Nghị quyết 57 chưa kịp kiện toàn thì nay đã kiện toàn.", (COMMITTEE, 1.0)),
        ("Ban chi dao NQ57 lap xong trong thang 8 roi to giup viec chua lap.", (COMMITTEE, 1.0)),
        ("Đảng ủy lập Ban Chỉ đạo 15 đồng chí để thực hiện Nghị quyết 57.", (COMMITTEE, 1.0)),
    ],
)
def test_short_answers_lists_and_signs(text: str, claim: tuple[str, float]) -> None:
    assert claims(text) == [claim]


@pytest.mark.parametrize(
    "text",
    [
        "[ ] Mở chuyên mục chuyển đổi số trên Cổng thông tin",
        "Chuyên mục chuyển đổi số trên trang Facebook của xã: có.",
        "Nhóm Zalo cho chi hội phụ nữ đã lập; Tổ công nghệ số họp 2 buổi.",
        "98% hộ dân có Zalo. Tổ công nghệ số cộng đồng có 12 tổ.",
        "Giúp việc cho Ban Chỉ đạo Nghị quyết 57 là hai tổ, mỗi tổ không quá 9 người.",
    ],
)
def test_empty_boxes_channels_and_helpers_claim_nothing(text: str) -> None:
    assert claims(text) == []


def test_a_plan_for_the_communes_own_ground_is_its_own_though_it_is_carried_out() -> None:
    carried = "Theo Kế hoạch số 66/KH-UBND ngày 04/9/2025 tuyên truyền Nghị quyết số 57-NQ/TW trên địa bàn xã, đợt này xong."
    assert details(carried) == ["66/KH-UBND@2025-09-04"]
    assert set(details("kế hoạch tt NQ57: KH số 61/KH-UBND, 26/8/2025")) == {"61/KH-UBND@2025-08-26"}


def test_a_plan_that_communication_follows_is_the_communes_only_when_it_says_so() -> None:
    told = "Việc tuyên truyền Nghị quyết 57 được thực hiện theo Kế hoạch số 52/KH-UBND ngày 28/8/2025"
    assert details(f"{told} của UBND phường.") == ["52/KH-UBND@2025-08-28"]
    assert details(f"{told} của UBND thành phố.") == []
