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
