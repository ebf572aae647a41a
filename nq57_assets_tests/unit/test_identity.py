"""Which commune sent a document: right or unknown, never wrong."""

from __future__ import annotations

import random
import unicodedata

import pytest

from nq57_assets.catalogue import COMMUNE_TYPES, Commune, catalogue
from nq57_assets.extract.header import read_header
from nq57_assets.extract.identity import identify, votes
from nq57_assets.model import Address, Block, Document, FormStamp, Identity
from nq57_assets.vietnamese.fold import fold

CATALOGUE = catalogue()
TWINS = {"10888", "10903"}  # Cẩm Giang and Cẩm Giàng: one string without marks

# What OCR without Vietnamese makes of letters, written down here apart from the code under test.
EYE = {
    "ă": "ai", "ằ": "ai", "ắ": "a", "ặ": "ai", "â": "a", "ầ": "a", "ấ": "a", "ậ": "a", "đ": "d", "Đ": "PDB",
    "ê": "ée", "ế": "éê", "ề": "éê", "ệ": "éê¢", "ô": "6od", "ố": "6b", "ồ": "6d", "ộ": "6d¢", "ơ": "og", "ờ": "oo",
    "ư": "uw", "ứ": "w", "ừ": "u", "ự": "wy", "ỳ": "yy", "á": "a4", "à": "a", "ả": "d4a", "ã": "da", "ạ": "a", "ị": "j",
    "i": "ii1", "l": "l1", "Ộ": "QO", "Ọ": "Q", "Ậ": "A",
}  # fmt: skip


def document(*lines: str) -> Document:
    blocks = tuple(Block(line, Address(line=number)) for number, line in enumerate(lines, 1))
    return Document("text/plain", "text", "1", blocks)


def identity_of(doc: Document, inbox_name: str = "tep.txt") -> Identity:
    return identify(votes(doc, read_header(doc, CATALOGUE), CATALOGUE), inbox_name, CATALOGUE)


def damaged(text: str, rate: float, seed: str) -> str:
    """Return ``text`` as OCR without Vietnamese might give it; each letter suffers with probability ``rate``."""
    chance = random.Random(seed)
    out = []
    for letter in text:
        choices = EYE.get(letter) or EYE.get(letter.lower(), "")
        if choices and chance.random() < rate:
            seen = chance.choice(choices)
            out.append(seen.upper() if letter.isupper() and seen.isalpha() else seen)
        else:
            out.append(fold(letter).upper() if letter.isupper() else fold(letter))
    return "".join(out)


def clean_letterhead(commune: Commune) -> Document:
    return document(
        "ỦY BAN NHÂN DÂN                CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        f"{commune.full_name.upper()}                Độc lập - Tự do - Hạnh phúc",
        "Số: 45/BC-UBND",
        f"{commune.name}, ngày 10 tháng 12 năm 2025",
        "BÁO CÁO",
        "Kết quả chuyển đổi số năm 2025",
        "Ủy ban nhân dân thành phố Hải Phòng giao các chỉ tiêu sau đây.",
    )


def damaged_letterhead(commune: Commune, rate: float) -> Document:
    kind = COMMUNE_TYPES[commune.commune_type].upper()
    name = damaged(commune.name.upper(), rate, f"{commune.commune_code}-head")
    place = damaged(commune.name, rate, f"{commune.commune_code}-place")
    return document(
        "UY BAN NHAN DAN CONG HOA XA HQI CHU NGHIA VIET NAM",
        "",
        f"{damaged(kind, 0.6, commune.commune_code)} {name} Déc 1ap - Tw do - Hanh phc",
        f"S6:45 /BC-UBND {place}, ngay 10 thang 12 nam 2025",
        "BAO CAO",
        "",
        "Két qua chuyén d6i s6 nim 2025",
        "Uy ban nhan dan thanh phé Hai Phong giao cac chi tiéu sau day.",
    )


@pytest.mark.parametrize("commune", CATALOGUE.communes, ids=lambda c: c.commune_code)
def test_every_commune_is_known_by_its_clean_letterhead(commune: Commune) -> None:
    assert identity_of(clean_letterhead(commune)).commune_code == commune.commune_code


def test_letterheads_without_marks_name_their_commune_or_abstain_for_the_twins() -> None:
    for commune in CATALOGUE.communes:
        stripped = document(*(fold(block.text).upper() for block in clean_letterhead(commune).blocks))
        found = identity_of(stripped).commune_code
        assert found == (None if commune.commune_code in TWINS else commune.commune_code), commune.full_name


@pytest.mark.parametrize(("rate", "fewest"), [(0.3, 110), (0.6, 105), (0.9, 95)])
def test_damaged_letterheads_are_right_or_unknown_never_wrong(rate: float, fewest: int) -> None:
    right = 0
    for commune in CATALOGUE.communes:
        found = identity_of(damaged_letterhead(commune, rate)).commune_code
        assert found in (None, commune.commune_code), (commune.full_name, found)
        right += found == commune.commune_code
    assert right >= fewest


def test_decomposed_letterhead_reads_like_composed() -> None:
    lines = [
        unicodedata.normalize("NFD", block.text)
        for block in clean_letterhead(CATALOGUE.commune["10903"]).blocks
    ]
    assert identity_of(document(*lines)).commune_code == "10903"


@pytest.mark.parametrize("code", sorted(TWINS))
def test_marks_decide_between_the_twins_and_the_inbox_name_does_without_marks(code: str) -> None:
    assert identity_of(clean_letterhead(CATALOGUE.commune[code])).commune_code == code
    bare = damaged_letterhead(CATALOGUE.commune[code], 0.3)
    assert identity_of(bare).commune_code is None
    assert identity_of(bare, f"{code}/bao-cao.txt").commune_code == code


@pytest.mark.parametrize(
    ("inbox_name", "code"),
    [
        ("11257_so-lieu.xlsx", "11257"),
        ("xa-hai-hung/bao cao.docx", "11257"),
        ("Báo cáo UBND phường Trần Hưng Đạo (lần 2).pdf", "10570"),
        (unicodedata.normalize("NFD", "Cẩm Giàng.xlsx"), "10903"),
        ("nam_do_son.txt", "11737"),
        ("DoSon-2025.txt", "11455"),
        ("PhuongHaiAn.txt", "11413"),
        ("Hải Dương/xã Tân An/bieu.xlsx", "11167"),
        ("bac an phu.xlsx", "10678"),
        ("kien-thuy.xlsx", "11680"),
        ("cam-giang.xlsx", None),
        ("bao cao cuoi nam.xlsx", None),
        ("20251205.xlsx", None),
        ("a11257b9.txt", None),
    ],
)
def test_inbox_name_alone(inbox_name: str, code: str | None) -> None:
    assert identify((), inbox_name, CATALOGUE).commune_code == code


def test_letterhead_and_inbox_name_that_disagree_are_a_conflict() -> None:
    found = identity_of(clean_letterhead(CATALOGUE.commune["11257"]), "xa-tan-an/bc.txt")
    assert found.commune_code is None
    assert found.method.startswith("conflict:")
    assert "Xã Hải Hưng" in found.method
    assert "Xã Tân An" in found.method


def test_form_stamp_of_another_commune_is_a_conflict() -> None:
    stamped = Document("x", "xlsx", "1", (), form=FormStamp("1", "r", "11167"))
    assert identity_of(stamped, "bieu.xlsx").commune_code == "11167"
    assert identity_of(stamped, "xa-hai-hung.xlsx").method.startswith("conflict:")


@pytest.mark.parametrize(
    "lines",
    [
        # The same name in another province.
        ("ỦY BAN NHÂN DÂN TỈNH TÂY NINH", "ỦY BAN NHÂN DÂN XÃ TÂN AN", "Số: 5/BC-UBND", "BÁO CÁO", "Kết quả"),
        ("UBND HUYỆN YÊN MÔ", "UBND XÃ HÀ NAM", "Số: 5/BC-UBND", "BÁO CÁO", "Kết quả"),
        ("THÀNH PHỐ HÀ NỘI", "UBND XÃ TRẦN PHÚ", "Số: 5/BC-UBND", "BÁO CÁO", "Kết quả"),
        ("UBND XÃ HÒA BÌNH", "Số: 5/BC-UBND", "Hòa Bình, ngày 5 tháng 12 năm 2025", "BÁO CÁO", "Kết quả"),
        (
            "UBND XÃ TÂN AN", "Số: 5/BC-UBND", "Tân An, ngày 5 tháng 12 năm 2025", "BÁO CÁO",
            "Kết quả thực hiện Kế hoạch của Ủy ban nhân dân tỉnh Thanh Hóa trên địa bàn xã Tân An",
        ),
        (
            "UBND XA TAN AN", "S6: 5/BC-UBND", "Tan An, ngay 5 thang 12 nam 2025", "BAO CAO",
            "Két qua thyc hién Ké hoach cia UBND tinh; Sé KH&CN tinh giao nhiém vu cho xa Tan An",
        ),
        (
            "UBND XÃ TÂN AN", "Số: 5/BC-UBND", "Tân An, ngày 5 tháng 12 năm 2025", "BÁO CÁO", "Kết quả",
            "Thực hiện chỉ đạo của UBND tỉnh Quảng Ninh, Sở KH&CN tỉnh Quảng Ninh",
            "xã đã học tập kinh nghiệm tại Hải Phòng",
        ),
        ("UBND XÃ TÂN AN", "Số: 5/BC-UBND", "BÁO CÁO", "Kết quả thực hiện Kế hoạch của UBND huyện"),
        # Names that are close to one of ours, but are none of ours.
        ("UBND XÃ TÂN HƯNG", "Số: 5/BC-UBND", "BÁO CÁO", "Kết quả của thành phố Hải Phòng"),
        ("UBND XÃ TÂN PHÚ", "Số: 5/BC-UBND", "BÁO CÁO", "Kết quả của thành phố Hải Phòng"),
        ("UBND XA TAN PHU CONG HOA XA HQI CHU NGHIA", "S6: 5/BC-UBND", "BAO CAO", "Két qua"),
        ("UBND XÃ AN PHÚ ĐÔNG", "Số: 5/BC-UBND", "BÁO CÁO", "Kết quả của thành phố Hải Phòng"),
        ("UBND PHƯỜNG HÀ ĐÔNG", "Số: 5/BC-UBND", "BÁO CÁO", "Kết quả của thành phố"),
        # No commune at all.
        ("UBND THÀNH PHỐ HẢI PHÒNG", "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "Số: 5/BC-SKHCN", "Hải Phòng, ngày 5 tháng 12 năm 2025",
         "BÁO CÁO", "Kết quả tại xã Hải Hưng và phường Chu Văn An"),
        ("BÁO CÁO", "Kết quả chuyển đổi số năm 2025"),
    ],
)  # fmt: skip
def test_senders_outside_the_list_get_no_commune(lines: tuple[str, ...]) -> None:
    assert identity_of(document(*lines)).commune_code is None


@pytest.mark.parametrize(
    "told",
    [
        "Số máy tính của cơ quan là 40; các chỉ số có tính thời điểm ghi ở phụ lục.",
        "So may tinh dang dung la 40; tren dia ban tinh den nay co 12 to.",
        "Tỷ lệ cao hơn số liệu huyện cũ.",
    ],
)
def test_counting_and_reckoning_are_no_province(told: str) -> None:
    lines = ("UBND XÃ HẢI HƯNG", "Số: 5/BC-UBND", "Hải Hưng, ngày 5 tháng 12 năm 2025", "BÁO CÁO", "Kết quả")
    assert identity_of(document(*lines, told)).commune_code == "11257"


@pytest.mark.parametrize(("issuer", "place"), [("PHIRÔNG LE CHÉN", "Lé Chan"), ("XÉ HAI HUNG", "H4i Hung")])
def test_worn_words_for_commune_and_ward_are_read(issuer: str, place: str) -> None:
    lines = (
        "UY BAN NHAN D4N",
        issuer,
        "Sô: 5/BC-UBND",
        f"{place}, ngay 5 thang 12 nam 2025",
        "BAO CAO",
        "Két quâ",
    )
    assert identity_of(document(*lines)).commune_code in ("11383", "11257")


def test_unlisted_sender_is_not_won_over_by_the_body_or_the_file_name() -> None:
    lines = (
        "UBND XÃ GIA PHONG",
        "Số: 5/BC-UBND",
        "BÁO CÁO",
        "Kết quả tại thành phố Hải Phòng",
        "UBND xã Hải Hưng",
    )
    found = identity_of(document(*lines), "xa-hai-hung.txt")
    assert found.commune_code is None
    assert found.method.startswith("conflict:")


def test_signature_names_the_commune_of_a_paper_without_head() -> None:
    lines = (
        "Tuyên truyền chuyển đổi số trên địa bàn xã Kiến Minh",
        "Ủy ban nhân dân xã Kiến Minh ban hành Kế hoạch như sau:",
        "2025-10-15T14:09:06+0700",
        "Việt Nam",
        "ỦY BAN NHÂN DÂN XÃ KIẾN MINH <xakienminh@haiphong.gov.vn> đã ký lên văn bản này!",
    )
    found = identity_of(document(*lines))
    assert found.commune_code == "11725"
    assert "xakienminh" not in " ".join(vote.text for vote in found.votes)
