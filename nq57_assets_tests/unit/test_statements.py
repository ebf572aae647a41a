"""Difficulties, causes and recommendations out of texts of every make, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.extract.outline import read_outline
from nq57_assets.extract.statement_weights import theme_features, weights
from nq57_assets.extract.statements import read_statements
from nq57_assets.model import Address, Block, Document, Header, SheetShape, Statement

REPORT = Header("report", issued_year=2025)


def read(text: str, header: Header = REPORT, by_words_alone: bool = False) -> list[Statement]:
    """Read a text of lines below a letterhead."""
    known = catalogue()
    if by_words_alone:
        known = replace(known, settings={**known.settings, "second_reading": False})
    blocks = tuple(Block(line, Address(line=n)) for n, line in enumerate(text.strip("\n").split("\n"), 1))
    document = Document("text/plain", "test", "1", blocks)
    return list(read_statements(document, header, read_outline(document), known))


def told(statements: list[Statement]) -> list[tuple[str, str | None, str]]:
    """Return kind, addressee and main theme of each."""
    return [(s.kind, s.addressee, s.themes[0]) for s in statements]


def test_sections_with_items_give_each_item_whole_with_its_place():
    found = read("""
III. KHÓ KHĂN, VƯỚNG MẮC
- Đường truyền của ba thôn ven sông hay gián đoạn mỗi khi có mưa lớn, phải chờ nhà mạng
nhiều ngày mới khắc phục.
- Công chức văn hóa kiêm nhiệm bốn đầu việc.
IV. NHIỆM VỤ NĂM 2026
- Mở 12 lớp học số cho người dân.
V. KIẾN NGHỊ
1. Đề nghị UBND thành phố bố trí kinh phí mua máy tính.
2. Đề nghị Sở Nội vụ giao thêm biên chế công nghệ thông tin.
""")
    assert told(found) == [
        ("difficulty", None, "infrastructure"),
        ("difficulty", None, "people"),
        ("recommendation", "city", "funding"),
        ("recommendation", "department", "people"),
    ]
    assert found[0].text.endswith("mưa lớn, phải chờ nhà mạng nhiều ngày mới khắc phục.")
    assert [s.address.line for s in found] == [2, 4, 8, 9]
    assert found[2].section == "KIẾN NGHỊ"


def test_prose_without_headings_speaks_by_its_own_words():
    found = read("""
Xã đã mở 14 lớp cho 420 người.
Khó khăn lớn nhất hiện nay là phần mềm một cửa thường xuyên báo lỗi. Nguyên nhân là do máy chủ quá tải. \
Xã đề nghị thành phố sớm nâng cấp và đề nghị Sở Khoa học và Công nghệ cử người hỗ trợ.
""")
    assert [(s.kind, s.addressee) for s in found] == [
        ("difficulty", None),
        ("cause", None),
        ("recommendation", "city"),
        ("recommendation", "department"),
    ]


def test_a_mixed_section_is_told_apart_by_cues_and_semicolons():
    found = read("""
2. Hạn chế, nguyên nhân và đề xuất
Một bộ phận người dân ngại dùng dịch vụ số; loa của hai thôn đã hỏng. Nguyên nhân: kinh phí sửa chữa chưa có. \
Đề nghị Sở hướng dẫn mức chi.
""")
    assert [s.kind for s in found] == ["difficulty", "difficulty", "cause", "recommendation"]


@pytest.mark.parametrize(
    "text",
    [
        "IV. KHÓ KHĂN, VƯỚNG MẮC\nKhông có.\nV. KIẾN NGHỊ\nKhông.\nTrân trọng báo cáo.",
        "IV. KHÓ KHĂN\nV. KIẾN NGHỊ",
        "3. Khó khăn, kiến nghị: không phát sinh.",
        "Theo đề nghị của Sở Khoa học và Công nghệ, xã báo cáo như sau:",
        "Tổ công nghệ số đã tháo gỡ nhiều khó khăn, vướng mắc của người dân.",
        "II. NHIỆM VỤ NĂM 2026\n- Tiếp tục đề xuất sáng kiến.\n- Khắc phục các hạn chế đã nêu.",
        "5. Đề xuất với Sở Khoa học và Công nghệ 02 nhiệm vụ ứng dụng công nghệ thông tin.",
        "III. HẠN CHẾ\nNăm 2026 phấn đấu đạt 98% hồ sơ trực tuyến; mở 20 lớp.",
        "Nguyên nhân hồ sơ trễ hạn giảm mạnh là do quy trình được rút ngắn.",
    ],
)
def test_what_is_no_statement_yields_none(text):
    assert read(text) == []


def test_plans_and_directives_state_nothing():
    text = "II. KHÓ KHĂN\n- Thiếu cán bộ chuyên trách.\nIII. KIẾN NGHỊ\n- Đề nghị thành phố bổ sung biên chế."
    assert len(read(text)) == 2
    assert read(text, Header("plan")) == read(text, Header("directive")) == []


def test_text_that_lost_its_marks_is_read_alike():
    found = read("""
Il. KHO KHAN, HAN CHE
- May tinh cua can bé x4 da cu, cau hinh thap, khéng chay duoc phan mém mdi.
I11. KIEN NGHI, PE XUAT
1. P6i véi UBND thanh phé
- Bé tri kinh phi thay thé may tinh cho cap x4.
2. P6i véi Sé Khoa hoc va Céng nghé
- Té chic lép tap huan cho can bé.
Noi nhan: TM. UY BAN NHAN DAN
- Nhu trén; CHU TICH
""")
    assert told(found) == [
        ("difficulty", None, "infrastructure"),
        ("recommendation", "city", "funding"),
        ("recommendation", "department", "training"),
    ]


UNTITLED = """
1. Chính quyền số
Xã tiếp nhận 2.410 hồ sơ, trong đó 2.316 hồ sơ trực tuyến, đạt 96,1%.
Tổ công nghệ số cộng đồng đã hướng dẫn 1.220 lượt người.
2. Những nỗi canh cánh của phường
- Bà con lớn tuổi ngại dùng dịch vụ công trực tuyến vì sợ bị lừa đảo.
- Máy tính của bộ phận một cửa đã cũ, thường xuyên treo, chưa có kinh phí thay thế.
"""


def test_a_title_that_nobody_listed_hides_no_difficulties():
    found = read(UNTITLED)
    assert [(s.kind, s.address.line) for s in found] == [("difficulty", 5), ("difficulty", 6)]
    assert read(UNTITLED, by_words_alone=True) == []


def test_a_label_may_end_in_a_full_stop():
    found = read(
        "8. Vướng mắc. Loa của thôn Trung hỏng từ bão. Cán bộ văn thư kiêm nhiệm công nghệ thông tin."
    )
    assert [s.kind for s in found] == ["difficulty", "difficulty"]
    assert found[0].text == "Loa của thôn Trung hỏng từ bão."


def test_words_that_the_weights_never_met_still_give_a_theme():
    described = theme_features("xyzzy plugh", "difficulty", ("funding",))
    (shares,) = weights("themes").shares([described])
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares.keys() == {theme.code for theme in catalogue().themes}


def test_columns_and_rows_of_tables_are_read():
    found = read("""
III. TỔNG HỢP Ý KIẾN
| TT | Khó khăn, vướng mắc | Kiến nghị | Nơi giải quyết |
| 1 | Sóng di động yếu ở hai thôn | Phủ sóng trong quý I | Sở Khoa học và Công nghệ |
| 2 | Thiếu máy quét hồ sơ | Cấp 02 máy quét | UBND thành phố |
""")
    assert [(s.kind, s.addressee) for s in found] == [
        ("difficulty", None),
        ("recommendation", "department"),
        ("difficulty", None),
        ("recommendation", "city"),
    ]


def test_cells_of_a_workbook_carry_sheet_and_cell():
    cells = {"A1": "BÁO CÁO", "A3": "Khó khăn, vướng mắc", "B3": "Loa thôn Đông hỏng từ tháng 5"}
    blocks = tuple(Block(text, Address(sheet="Biểu", cell=cell), text) for cell, text in cells.items())
    document = Document("xlsx", "test", "1", blocks, sheets=(SheetShape("Biểu"),))
    (one,) = read_statements(document, REPORT, (), catalogue())
    assert (one.kind, one.address.sheet, one.address.cell) == ("difficulty", "Biểu", "B3")


def test_people_are_masked():
    (one,) = read("V. KIẾN NGHỊ\nĐề nghị Sở hỗ trợ phần mềm, liên hệ đồng chí Nga số 0912.345.678.")
    assert "0912" not in one.text and "(số điện thoại)" in one.text


def test_a_long_text_takes_linear_time_and_few_statements():
    item = "- Cán bộ kiêm nhiệm; máy tính cũ; đề nghị thành phố hỗ trợ; nguyên nhân do thiếu kinh phí.\n"
    assert len(read("II. KHÓ KHĂN\n" + item * 3_000)) == 300
    assert len(read("II. KHÓ KHĂN\n- " + "đề nghị và " * 20_000)) < 300


def test_the_declared_values_are_those_of_the_reference():
    known = catalogue()
    declared = {c.name: set(c.values) for c in known.table["core/statements"].columns if c.values}
    assert declared["theme"] == {theme.code for theme in known.themes}
    assert declared["kind"] == known.statements["kinds"].keys()
    assert declared["addressee"] == known.statements["addressees"].keys()


@pytest.mark.parametrize(
    "title", ["IV. CHỖ KHÓ", "VI. Nỗi khó", "* VƯỚNG", "5. Sức ì", "Phần III. Điều chưa thông"]
)
def test_a_title_in_few_words_heads_difficulties(title):
    found = read(f"\n{title}\n- Mạng nội bộ hay mất kết nối.\n- Công chức kiêm nhiệm ba việc.\n")
    assert [s.kind for s in found] == ["difficulty", "difficulty"]


def test_a_title_run_into_its_sentence_heads_it():
    found = read("\n8. Vướng mắc. Không có công chức nào chuyên trách. Máy phát của đài hỏng ba lần.\n")
    assert [s.kind for s in found] == ["difficulty", "difficulty"]


def test_below_difficulties_a_reason_is_a_cause():
    found = read("""
V. KHÓ KHĂN
- Loa của ba thôn đã hỏng.
- Do chưa có mục chi trong dự toán.
""")
    assert [(s.kind, s.addressee) for s in found] == [
        ("difficulty", None),
        ("cause", None),
    ]
