"""The frame of an administrative document (Decree 30/2020/NĐ-CP): letterhead, subject, closing, bodies without figures.

Belongs here: what is the same in every way of writing. Does not belong: sentences with figures (``families/``).
"""

from __future__ import annotations

import random
from datetime import date

from nq57_assets.catalogue import COMMUNE_TYPES, Commune, Round

_NATION, _MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
_TYPES = {"report": "BC-UBND", "plan": "KH-UBND", "official_letter": "UBND-VHXH"}
_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Vũ", "Đỗ", "Bùi", "Hoàng", "Ngô", "Đặng")
_MIDDLE = ("Văn", "Thị", "Đức", "Minh", "Thanh", "Quang", "Hữu", "Ngọc")
_GIVEN = ("Dũng", "Hòa", "Lan", "Tuấn", "Hương", "Sơn", "Bình", "Thảo", "Khánh", "Phương", "Quyên", "Thắng")

PLAN_BODY = (
    "I. MỤC ĐÍCH, YÊU CẦU",
    "Nâng cao nhận thức của cán bộ, đảng viên và Nhân dân {@unit} về Nghị quyết số 57-NQ/TW.",
    "II. CHỈ TIÊU NĂM 2026",
    "- Phấn đấu 100% chi bộ, cơ quan lồng ghép quán triệt Nghị quyết 57.",
    "- Tổ chức tối thiểu 06 hội nghị triển khai, quán triệt; đăng ít nhất 300 tin, bài trên Cổng thông tin điện tử.",
    "- Mỗi {@village} có 01 Tổ công nghệ số cộng đồng với 07 thành viên trở lên; tập huấn cho 100% thành viên.",
    "- Hướng dẫn kỹ năng số cho 5.000 người dân; tỷ lệ hồ sơ nộp trực tuyến đạt 99%.",
    "III. TỔ CHỨC THỰC HIỆN",
    "- Phòng Văn hóa - Xã hội chủ trì, phối hợp với các đơn vị triển khai Kế hoạch này từ ngày 15/01/2026.",
    "- Các {@village} tổ chức tuyên truyền ít nhất 02 lần mỗi quý.",
)


def letterhead(
    commune: Commune, number: int | None, day: date, draft: bool, layout: str, kind: str, round_: Round
) -> list[str]:
    """Return the lines above the title: ``stacked`` in one column, ``sides`` by side or ``joined`` by one blank.

    Args:
        commune: The issuer.
        number: Of the document; None leaves it blank.
        day: Date of issue, its day left blank in a draft.
        draft: Whether the document is not issued yet.
        layout: How the two columns come out.
        kind: report, plan or official_letter; decides the symbol.
        round_: For the subject of an official letter.
    """
    issuer = f"{COMMUNE_TYPES[commune.commune_type]} {commune.name}".upper()
    written = "      " if number is None else f"{number:02d}"
    symbol = f"Số: {written}/{_TYPES[kind]}"
    shown_day = "    " if draft else f"{day.day:02d}"
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    place = f"{commune.name}, ngày {shown_day} tháng {month} năm {day.year}"
    left, right = ["ỦY BAN NHÂN DÂN", issuer, symbol], [_NATION, _MOTTO, place]
    if kind == "official_letter":
        what = "báo cáo chuyển đổi số" if round_.report == "d" else "tuyên truyền Nghị quyết 57-NQ/TW"
        left, right = [*left, f"V/v đăng ký đầu mối {what}"], [*right, ""]
    if layout == "stacked":
        return [left[0], left[1], *left[2:], right[0], right[1], right[2]]
    if layout == "joined":
        return [f"{a} {b}".strip() for a, b in zip(left, right, strict=True)]
    return [f"{a:<42}{b}".rstrip() for a, b in zip(left, right, strict=True)]


def subject(kind: str, round_: Round, commune: Commune) -> list[str]:
    """Return the type of document and its subject, as they stand in the middle of the page."""
    unit = f"{COMMUNE_TYPES[commune.commune_type].lower()} {commune.name}"
    name = "KẾ HOẠCH" if kind == "plan" else "BÁO CÁO"
    if kind == "plan":
        return [name, "Tuyên truyền Nghị quyết số 57-NQ/TW và chuyển đổi số năm 2026", f"trên địa bàn {unit}"]
    if round_.report == "d":
        return [name, f"Kết quả chuyển đổi số năm {round_.period_to.year} trên địa bàn {unit}"]
    return [
        name,
        "Kết quả tuyên truyền Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị",
        "về đột phá phát triển khoa học, công nghệ, đổi mới sáng tạo và chuyển đổi số quốc gia",
        f"trên địa bàn {unit}",
    ]


def official_letter(round_: Round) -> tuple[str, ...]:
    """Return the body of a letter that answers the request without reporting anything."""
    return (
        "Kính gửi: Sở Khoa học và Công nghệ thành phố Hải Phòng",
        f"Thực hiện Công văn số {round_.requested_by}, Ủy ban nhân dân {{@unit}} cử công chức phụ trách chuyển đổi số "
        "làm đầu mối tổng hợp. Báo cáo kết quả sẽ được gửi sau khi các đơn vị hoàn thành rà soát.",
        "Trân trọng./.",
    )


def closing(rng: random.Random, commune: Commune) -> list[str]:
    """Return the recipients and the signature of a person who does not exist."""
    signer = f"{rng.choice(_FAMILY)} {rng.choice(_MIDDLE)} {rng.choice(_GIVEN)}"
    authority = rng.choice(
        (["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"], ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"])
    )
    kind = COMMUNE_TYPES[commune.commune_type].lower()
    recipients = [
        "Nơi nhận:",
        "- Sở Khoa học và Công nghệ;",
        f"- CT, các PCT UBND {kind};",
        "- Lưu: VT, VHXH.",
    ]
    return [*recipients, *authority, signer]
