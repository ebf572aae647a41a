"""Headers in many styles, clean and damaged: right or unknown, never wrong."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.extract.header import read_header
from nq57_assets.extract.identity import identify, votes
from nq57_assets.extract.references import find_references, repair_symbol
from nq57_assets.model import Address, Block, Document, Header

CATALOGUE = catalogue()
SHARED = Path(__file__).parents[2].parent / "shared"


def document(text: str) -> Document:
    blocks = tuple(Block(line, Address(line=number)) for number, line in enumerate(text.split("\n"), 1))
    return Document("text/plain", "text", "1", blocks)


def header(text: str) -> Header:
    return read_header(document(text), CATALOGUE)


STYLES: dict[str, tuple[str, dict[str, Any]]] = {
    "two columns on one line": (
        "ỦY BAN NHÂN DÂN          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "PHƯỜNG KIẾN AN           Độc lập - Tự do - Hạnh phúc\n"
        "Số: 07/BC-UBND           Kiến An, ngày 02 tháng 12 năm 2025\n\nBÁO CÁO\nKết quả chuyển đổi số\n\nThực hiện",
        {"document_type": "report", "number": "07", "symbol": "BC-UBND", "issued_on": date(2025, 12, 2),
         "subject": "Kết quả chuyển đổi số", "issuer": "ỦY BAN NHÂN DÂN PHƯỜNG KIẾN AN"},
    ),
    "columns one below the other": (
        "UBND XÃ VĨNH AM\nSố: 112 /BC-UBND\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập – Tự do – Hạnh phúc\n"
        "Vĩnh Am, ngày 9 tháng 12 năm 2025\nBÁO CÁO\nTình hình tuyên truyền\nPhần mở đầu",
        {"document_type": "report", "number": "112", "issued_on": date(2025, 12, 9), "issuer": "UBND XÃ VĨNH AM"},
    ),
    "right column first": (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nAn Lão, ngày 05 tháng 12 năm 2025\n"
        "ỦY BAN NHÂN DÂN\nXÃ AN LÃO\nSố 90/BC-UBND\nBÁO CÁO\nKết quả",
        {"document_type": "report", "number": "90", "issued_on": date(2025, 12, 5), "issuer": "ỦY BAN NHÂN DÂN XÃ AN LÃO"},
    ),
    "right column below the title": (
        "UBND XÃ KIM THÀNH\nSố: 33/BC-UBND\n\nBÁO CÁO\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "Độc lập - Tự do - Hạnh phúc\nKim Thành, ngày 28 tháng 11 năm 2025\n\nKết quả chuyển đổi số\n\nCăn cứ",
        {"number": "33", "issued_on": date(2025, 11, 28), "subject": "Kết quả chuyển đổi số"},
    ),
    "blank number and day": (
        "UBND PHƯỜNG HỒNG AN\nSố:       /BC-UBND\nHồng An, ngày     tháng 11 năm 2025\nBÁO CÁO\nKết quả",
        {"document_type": "report", "number": None, "symbol": "BC-UBND", "issued_on": None, "issued_year": 2025,
         "issued_month": 11, "is_draft": True},
    ),
    "dotted number, draft mark": (
        "DỰ THẢO\nUBND PHƯỜNG HỒNG AN\nSố: ……/BC-UBND\nHồng An, ngày ... tháng ... năm 2025\nBÁO CÁO\nKết quả",
        {"number": None, "issued_year": 2025, "issued_month": None, "is_draft": True},
    ),
    "official letter": (
        "ỦY BAN NHÂN DÂN    CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nXÃ KIẾN HẢI    Độc lập - Tự do - Hạnh phúc\n"
        "Số: 1215/UBND-VHXH    Kiến Hải, ngày 12 tháng 12 năm 2025\nV/v báo cáo kết quả\nchuyển đổi số\n\n"
        "Kính gửi: Sở Khoa học và Công nghệ\n\nThực hiện Công văn số 4157/SKHCN-CNTT",
        {"document_type": "official_letter", "number": "1215", "symbol": "UBND-VHXH", "issued_on": date(2025, 12, 12),
         "subject": "báo cáo kết quả chuyển đổi số"},
    ),
    "party plan": (
        "ĐẢNG BỘ THÀNH PHỐ HẢI PHÒNG    ĐẢNG CỘNG SẢN VIỆT NAM\n"
        "ĐẢNG ỦY XÃ NGHI DƯƠNG    Nghi Dương, ngày 3 tháng 10 năm 2025\n"
        "*\nSố 09-KH/ĐU\n\nKẾ HOẠCH\nthực hiện Nghị quyết số 57-NQ/TW\n\nThực hiện",
        {"document_type": "plan", "number": "09", "symbol": "KH/ĐU", "issued_on": date(2025, 10, 3)},
    ),
    "decision": (
        "ỦY BAN NHÂN DÂN\nXÃ TÂN MINH\nSố: 0204/QĐ-UBND\nTân Minh, ngày 14 tháng 8 năm 2025\nQUYẾT ĐỊNH\n"
        "Về việc thành lập Tổ công nghệ số cộng đồng\n\nCăn cứ Luật",
        {"document_type": "decision", "number": "0204", "symbol": "QĐ-UBND"},
    ),
    "directive with the year in its number": (
        "UBND PHƯỜNG GIA VIÊN\nSố: 05/2025/CT-UBND\nGia Viên, ngày 20 tháng 9 năm 2025\nCHỈ THỊ\nVề chuyển đổi số\n\nTrong",
        {"document_type": "directive", "number": "05", "symbol": "CT-UBND", "issued_on": date(2025, 9, 20)},
    ),
    "notice": (
        "UBND XÃ LAI KHÊ\nSố: 61/TB-UBND\nLai Khê, ngày 01 tháng 10 năm 2025\nTHÔNG BÁO\nKết luận hội nghị\n\nNgày",
        {"document_type": "notice", "number": "61", "symbol": "TB-UBND"},
    ),
    "eng OCR, both columns and number run together": (
        "UY BAN NHAN DAN CONG HOA XA HQI CHU NGHIA VIET NAM\n\nPHUO'NG BACH DANG DPoc lap - Tw do - Hanh phtic\n"
        "$6:189 /BC-UBND Bach Pang, ngay 28 thang 11 ném 2025\nBAO CAO\n\nTinh hinh két qua\n\nCan ctr",
        {"document_type": "report", "number": "189", "symbol": "BC-UBND", "issued_on": date(2025, 11, 28),
         "issuer": "UY BAN NHAN DAN PHUO'NG BACH DANG"},
    ),
    "eng OCR, damaged symbol": (
        "UBND XA KIEN MINH\nS6: 12/QP-UBND\n"
        "Kién Minh, ngdy 5 théng 8 naim 2025\nQUYET PINH\nVé viéc kién toan T6\n\nCan ctr",
        {"document_type": "decision", "number": "12", "symbol": "QĐ-UBND", "issued_on": date(2025, 8, 5)},
    ),
    "digits that OCR made letters of stay unknown": (
        "UBND XA KIEN MINH\nS6: 3l9/BC-UBND\nKién Minh, ngay 3l thang 12 nam 2025\nBAO CAO\nKét qua",
        {"number": None, "symbol": "BC-UBND", "issued_on": None, "issued_month": 12, "is_draft": False},
    ),
    "vie OCR": (
        "ỦY BAN NHÂN DÂN CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM\nXÃ TIÊN LÃNG Độc lập - Tự do - Hạnh phúc\n"
        "Số: 214/BC-UBND Tiên Lãng, ngày 08 tháng I2 năm 2025\nBÁO CÁO\nKết quả",
        {"number": "214", "issued_year": 2025, "issued_month": None, "issued_on": None},
    ),
    "number without its word": (
        "UBND XÃ LAI KHÊ\n86/BC-UBND\nLai Khê, ngày 05 tháng 12\nnăm 2025\nB Á O   C Á O\n"
        "Kết quả tính đến ngày 30 tháng 11 năm 2025\n\nThực hiện",
        {"document_type": "report", "number": "86", "symbol": "BC-UBND", "issued_on": date(2025, 12, 5),
         "is_draft": False, "subject": "Kết quả tính đến ngày 30 tháng 11 năm 2025"},
    ),
    "word and number run together": (
        "UBND XA LAI KHE\nS6319/BC-UBND\nLai Khé, ngay 05 thang 12 nam 2025\nBAO CAO\nKét qua\n",
        {"number": None, "symbol": "BC-UBND", "is_draft": False},
    ),
    "marked up": (
        "**UBND XÃ LAI KHÊ**\n**Số: 12/BC-UBND**\n*Lai Khê, ngày 05 tháng 12 năm 2025*\n**BÁO CÁO**\n**Kết quả**\n",
        {"document_type": "report", "number": "12", "symbol": "BC-UBND", "issued_on": date(2025, 12, 5)},
    ),
    "annexed plan": (
        "KẾ HOẠCH\nChuyển đổi số năm 2026\n(Ban hành kèm theo Quyết định số 12/QĐ-UBND ngày 5 tháng 8 năm 2025)\n\nI. MỤC",
        {"document_type": "plan", "number": None, "issued_on": None},
    ),
    "no head at all": ("Nội dung trao đổi về công tác tuyên truyền số 57-NQ/TW ngày 22/12/2024.", {
        "document_type": "unknown", "number": None, "symbol": None, "issued_on": None, "is_draft": False}),
    "plan without head": (
        "Tuyên truyền trên địa bàn xã Kiến Minh\n\nThực hiện Nghị quyết số 57-NQ/TW, Ủy ban nhân dân xã Kiến Minh ban hành "
        "Kế hoạch tuyên truyền như sau:\n\nI. MỤC ĐÍCH, YÊU CẦU\n1. Mục đích",
        {"document_type": "plan", "number": None, "issued_on": None},
    ),
    "report without head": (
        "Kính gửi lãnh đạo\nCăn cứ nhiệm vụ được giao, UBND xã báo cáo kết quả như sau:\nI. KẾT QUẢ\n"
        "Trên đây là báo cáo của UBND xã.",
        {"document_type": "report"},
    ),
    "another type": ("UBND XÃ LAI KHÊ\nSố: 8/TTr-UBND\nTỜ TRÌNH\nVề kinh phí\n\nCăn cứ", {
        "document_type": "unknown", "symbol": "TTr-UBND"}),
}  # fmt: skip


@pytest.mark.parametrize("style", STYLES)
def test_header_in_many_styles(style: str) -> None:
    text, expected = STYLES[style]
    found = header(text)
    assert {name: getattr(found, name) for name in expected} == expected


def test_signature_time_dates_a_paper_without_head_and_its_address_stays_hidden() -> None:
    found = header(
        "Nội dung kế hoạch\n\t2025-10-15T14:09:06+0700\n\tViệt Nam\n"
        "\tỦY BAN NHÂN DÂN XÃ LAI KHÊ <xalaikhe@haiphong.gov.vn> đã ký lên văn bản này!\n"
    )
    assert found.issued_on == date(2025, 10, 15)
    (signature,) = found.signatures
    assert (signature.signer, signature.location) == ("ỦY BAN NHÂN DÂN XÃ LAI KHÊ", "Việt Nam")
    assert signature.signed_at == "2025-10-15T14:09:06+0700"
    assert signature.status == "claimed_text"


def test_labelled_signature_fills_the_blank_day() -> None:
    found = header(
        "UBND XÃ LAI KHÊ\nSố: /BC-UBND\nLai Khê, ngày    tháng 12 năm 2025\nBÁO CÁO\nKết quả\n\n"
        "Người ký: Ủy ban nhân dân xã Lai Khê\nEmail: xalaikhe@haiphong.gov.vn\nThời gian ký: 05.12.2025 08:30:11 +07:00"
    )
    assert found.issued_on == date(2025, 12, 5)
    assert found.signatures[0].signed_at == "2025-12-05T08:30:11+0700"
    assert not found.is_draft


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("Kế hoạch số 192/ KH-UBND ngày 08/8/2025", [("192/KH-UBND", date(2025, 8, 8))]),
        ("theo Kế hoạch 192/KHUBND", [("192/KH-UBND", None)]),
        ("Nghị quyết số 57-\nNQ/TW, ngày 22/12/2024", [("57-NQ/TW", date(2024, 12, 22))]),
        ("Quyết định số 749/Qb- TTg ngay 03/6/2020", [("749/QĐ-TTg", date(2020, 6, 3))]),
        ("Ké hoach s6 09- KH/PU, ngay 03/10/2025", [("09-KH/ĐU", date(2025, 10, 3))]),
        ("Kế hoạch số 31/KH.UBND. UBND xã đã", [("31/KH-UBND", None)]),
        ("Kế hoạch 478 KH/TU", [("478-KH/TU", None)]),
        ("Công văn số 1595/UBND-VHXH ngày 14 tháng 10 năm 2025", [("1595/UBND-VHXH", date(2025, 10, 14))]),
        ("Nghị định số 30/2020/NĐ-CP; Luật số 20/2023/QH15", [("30/2020/NĐ-CP", None), ("20/2023/QH15", None)]),
        ("Kế hoạch 192/KH-UBND của UBND thành phố ngày 08/8/2025", [("192/KH-UBND", date(2025, 8, 8))]),
        ("192/KH-UBND và 31/KH-UBND ngày 18/02/2025", [("192/KH-UBND", None), ("31/KH-UBND", date(2025, 2, 18))]),
        ("31/KH-UBND ngày 18/02/2025, 31/KH-UBND ngày 19/02/2025, 31/KH-UBND",
         [("31/KH-UBND", date(2025, 2, 18)), ("31/KH-UBND", date(2025, 2, 19))]),
        ("Kế hoạch 35/KH-UBND ký ngày 04/9/2025; NQ 57-NQ/TW (22/12/2024)",
         [("35/KH-UBND", date(2025, 9, 4)), ("57-NQ/TW", date(2024, 12, 22))]),
        ("ngày 04/9/2025, UBND phường ban hành Kế hoạch số 35/KH-UBND về tuyên truyền",
         [("35/KH-UBND", date(2025, 9, 4))]),
        ("ngày 04/9/2025 họp; theo Kế hoạch số 35/KH-UBND, 12 tổ", [("35/KH-UBND", None)]),
        ("theo NQ57-NQ/TW", [("57-NQ/TW", None)]),
        ("đạt 71/71 CBCC; 05 buổi/TDP; 20/20 TDP; 5.010/5.092 hồ sơ; tháng 10/2025 UBND xã", []),
    ],
)  # fmt: skip
def test_citations(text: str, cited: list[tuple[str, date | None]]) -> None:
    assert [(one.symbol, one.issued_on) for one in find_references(text, CATALOGUE)] == cited


@pytest.mark.parametrize(
    ("raw", "symbol"),
    [
        ("KH-UBND", "KH-UBND"),
        ("QPUBND", "QĐ-UBND"),
        ("KH/PU", "KH/ĐU"),
        ("BC-HBND", "BC-HĐND"),
        ("BC.UBND", "BC-UBND"),
    ],
)
def test_symbols_are_repaired(raw: str, symbol: str) -> None:
    assert repair_symbol(raw) == symbol


@pytest.mark.shared
def test_real_submissions_match_their_true_headers() -> None:
    if not SHARED.exists():
        pytest.skip("the real submissions are not beside this checkout")
    with (SHARED / "gold" / "headers.csv").open(encoding="utf-8") as stream:
        truths = list(csv.DictReader(stream))
    for truth in truths:
        doc = document((SHARED / "submissions" / truth["document"]).read_text(encoding="utf-8"))
        found = read_header(doc, CATALOGUE)
        for name in ("document_type", "number", "symbol", "issued_on", "issued_year", "issued_month"):
            assert str(getattr(found, name) or "") == truth[name], (truth["document"], name)
        cited = {f"{one.symbol}@{one.issued_on}" if one.issued_on else one.symbol for one in found.references}
        assert set(truth["references"].split(";")) <= cited
        assert (
            identify(votes(doc, found, CATALOGUE), "tep.txt", CATALOGUE).commune_code == truth["commune_code"]
        )


def test_police_as_issuer_are_no_official_letter() -> None:
    """ "CÔNG AN" is nearly "CÔNG VĂN"."""
    found = header(
        "CÔNG AN THÀNH PHỐ HẢI PHÒNG          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "CÔNG AN PHƯỜNG AN BIÊN               Độc lập - Tự do - Hạnh phúc\n"
        "Số: 77/BC-CAP                        An Biên, ngày 18 tháng 12 năm 2025\n\n"
        "BÁO CÁO\nKết quả thực hiện Nghị quyết số 57-NQ/TW\n"
    )
    assert found.document_type == "report"
