"""Word files: what a person sees, line by line, with addresses that a person finds."""

import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.extract.reading import read_submission
from nq57_assets.model import Document
from nq57_assets.readers import Unreadable, read_document
from nq57_assets_tests.word_files import LISTS, docx, listed, p, r, tbl, tc, tr


def read(data: bytes) -> Document:
    return read_document(data, "bao-cao.docx", catalogue())


def lines(data: bytes) -> list[str]:
    return [block.text for block in read(data).blocks if block.text]


def findings(data: bytes) -> list[tuple[str, str | None]]:
    return [(finding.rule, finding.observed) for finding in read(data).findings]


def test_paragraphs_are_lines_counted_as_a_person_counts_them():
    blocks = read(docx(p("Thứ nhất") + p("") + p("Thứ hai\ntrên hai dòng") + p("Thứ tư"))).blocks
    told = [(str(block.address), block.text) for block in blocks if block.text]
    assert told == [
        ("dòng 1", "Thứ nhất"), ("dòng 2", "Thứ hai"), ("dòng 3", "trên hai dòng"), ("dòng 4", "Thứ tư"),
    ]  # fmt: skip


def test_list_marks_are_text_and_count_as_word_counts():
    body = (
        listed("ĐẶC ĐIỂM", 1) + listed("Dân cư", 1, 1) + listed("Hạ tầng", 1, 1) + listed("Sóng di động", 1, 2)
        + listed("KẾT QUẢ", 1) + listed("Tuyên truyền", 1, 1) + listed("Đăng 5 tin", 2) + listed("Trên Zalo", 2, 1)
    )  # fmt: skip
    assert lines(docx(body, numbering=LISTS)) == [
        "I. ĐẶC ĐIỂM", "1. Dân cư", "2. Hạ tầng", "a) Sóng di động",
        "II. KẾT QUẢ", "1. Tuyên truyền", "- Đăng 5 tin", "+ Trên Zalo",
    ]  # fmt: skip


def test_a_list_number_may_come_from_the_style_and_restart():
    numbering = LISTS.replace(
        "</w:num>", '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/></w:lvlOverride></w:num>', 1
    )
    styles = (
        '<w:style w:type="paragraph" w:styleId="Muc"><w:basedOn w:val="Goc"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Goc"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    body = p("Kinh tế số", properties='<w:pStyle w:val="Muc"/>') + p(
        "Xã hội số", properties='<w:pStyle w:val="Muc"/>'
    )
    assert lines(docx(body, numbering=numbering, styles=styles)) == ["IV. Kinh tế số", "V. Xã hội số"]


def test_rows_of_a_table_have_a_name_and_each_cell_its_address():
    table = tbl(tr("TT", "Chỉ tiêu", "Đơn vị", "Kết quả"), tr("1", "Số thôn", "thôn", "12"))
    blocks = [block for block in read(docx(p("Trước bảng") + table)).blocks if block.address.sheet]
    assert [block.text for block in blocks if block.text] == [
        "| TT | Chỉ tiêu | Đơn vị | Kết quả |",
        "| 1 | Số thôn | thôn | 12 |",
    ]
    row = next(block for block in blocks if "12" in block.text)
    cell = max((offset, address) for offset, address in row.cells if offset < row.text.index("12"))[1]
    assert str(cell) == "Bảng 1!D2"


def test_merged_header_cells_join_to_one_header_and_labels_stand_in_each_row():
    wide, top, under = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    table = tbl(
        tr(tc("TT", properties=top), tc("Nội dung", properties=top), tc("Năm 2025", properties=wide)),
        tr(tc("", properties=under), tc("", properties=under), "Kế hoạch", "Thực hiện"),
        tr("(1)", "(2)", "(3)", "(4)"),
        tr("1", tc("Tổ cộng đồng", properties=top), "10", "12"),
        tr("2", tc("", properties=under), "30", "31"),
    )
    assert lines(docx(table)) == [
        "| TT | Nội dung | Năm 2025 Kế hoạch | Năm 2025 Thực hiện |",
        "| 1 | Tổ cộng đồng | 10 | 12 |",
        "| 2 | Tổ cộng đồng | 30 | 31 |",
    ]


def test_a_letterhead_in_two_columns_is_read_side_by_side():
    head = tbl(
        tr(
            tc("ỦY BAN NHÂN DÂN", "XÃ TIÊN LÃNG", "Số: 21/BC-UBND"),
            tc(
                "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                "Độc lập - Tự do - Hạnh phúc",
                "Tiên Lãng, ngày 08 tháng 12 năm 2025",
            ),
        )
    )
    reading = read_submission(docx(head + p("BÁO CÁO") + p("Kết quả chuyển đổi số")), "x.docx", catalogue())
    assert (reading.header.number, reading.header.symbol) == ("21", "BC-UBND")
    assert str(reading.header.issued_on) == "2025-12-08"
    assert {vote.commune_code for vote in reading.identity_votes} == {"11755"}


def test_the_accepted_view_keeps_insertions_drops_deletions_and_says_so():
    body = (
        p(r("Có "), f"<w:ins w:id='1'>{r('12')}</w:ins>",
          "<w:del w:id='2'><w:r><w:delText>10</w:delText></w:r></w:del>", r(" thôn"))
        + p("Một đoạn", properties="<w:rPr><w:del w:id='3'/></w:rPr>") + p(" nối liền")
        + tbl(tr("a", "b", "c"), tr("d", "e", "f", properties="<w:del w:id='4'/>"))
    )  # fmt: skip
    data = docx(body)
    assert lines(data) == ["Có 12 thôn", "Một đoạn nối liền", "| a | b | c |"]
    assert findings(data) == [("file_tracked_changes", "1 chỗ thêm, 3 chỗ xóa")]


def test_text_boxes_content_controls_links_and_fields_are_read_once():
    box = f"<w:txbxContent>{p('Trong khung')}</w:txbxContent>"
    body = (
        p("<w:r><mc:AlternateContent><mc:Choice><w:drawing>" + box + "</w:drawing></mc:Choice>"
          "<mc:Fallback><w:pict><v:shape><v:textbox>" + box + "</v:textbox></v:shape></w:pict></mc:Fallback>"
          "</mc:AlternateContent></w:r>")
        + f"<w:sdt><w:sdtPr/><w:sdtContent>{p('Trong ô điền')}</w:sdtContent></w:sdt>"
        + f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{p('Bấm để nhập')}</w:sdtContent></w:sdt>"
        + p(f"<w:hyperlink>{r('Liên kết')}</w:hyperlink>", f"<w:fldSimple>{r(' 7')}</w:fldSimple>",
            "<w:r><w:instrText>PAGE</w:instrText></w:r>")
        + p(r("ẩn", "<w:vanish/>"), r("hoa", "<w:caps/>"))
    )  # fmt: skip
    assert lines(docx(body)) == ["Trong khung", "Trong ô điền", "Liên kết 7", "HOA"]


def test_headers_footers_and_notes_are_read_where_they_are():
    note = '<w:footnote w:id="2">' + p("Tính đến 30/11") + "</w:footnote>"
    body = p(r("Có 5 tin"), '<w:r><w:footnoteReference w:id="2"/></w:r>')
    data = docx(body, header1=p("UBND XÃ TIÊN LÃNG"), footer1=p("Trang") + p("3"), footnotes=note)
    told = [(str(block.address), block.text) for block in read(data).blocks if block.text]
    assert told == [
        ("Đầu trang!dòng 1", "UBND XÃ TIÊN LÃNG"), ("dòng 1", "Có 5 tin"),
        ("Chú thích!1", "Tính đến 30/11"), ("Chân trang!dòng 1", "Trang"),
    ]  # fmt: skip


TCVN3 = "§¶ng uû x· ®· ban hµnh kÕ ho¹ch tuyªn truyÒn, cã 12 th«n, 15 tæ c«ng nghÖ sè céng ®ång"
TRUE = "Đảng uỷ xã đã ban hành kế hoạch tuyên truyền, có 12 thôn, 15 tổ công nghệ số cộng đồng"
VNI = "Ñaõ thaønh laäp 15 toå coâng ngheä soá coäng ñoàng, taäp huaán cho ngöôøi daân"
VNI_TRUE = "Đã thành lập 15 tổ công nghệ số cộng đồng, tập huấn cho người dân"


@pytest.mark.parametrize(
    ("font", "typed", "true"),
    [(".VnTime", TCVN3, TRUE), (".VnTimeH", TCVN3, TRUE.upper()), ("VNI-Times", VNI, VNI_TRUE)],
)
def test_old_fonts_are_turned_to_unicode_by_their_name(font, typed, true):
    cut = typed.index("n") + 1
    fonts = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}"/>'
    data = docx(p(r(typed[:cut], fonts), r(typed[cut:], fonts)) + p("Phần còn lại bằng Unicode"))
    assert lines(data) == [true, "Phần còn lại bằng Unicode"]
    assert findings(data)[0][0] == "file_encoding" and font[:3] in (findings(data)[0][1] or "")


def test_unicode_text_in_an_old_font_stays_as_it_is():
    fonts = '<w:rFonts w:ascii=".VnTime"/>'
    data = docx(p(r("Báo cáo kết quả chuyển đổi số của xã", fonts)) + p(r("Có 12 tổ", fonts)))
    assert lines(data) == ["Báo cáo kết quả chuyển đổi số của xã", "Có 12 tổ"]
    assert not findings(data)


def test_spaces_hyphens_and_tabs_are_those_a_reader_expects():
    run = (
        "<w:r><w:t>1.440\u00a0tin</w:t><w:tab/><w:t>công\u00ad khai</w:t><w:noBreakHyphen/><w:t>x</w:t></w:r>"
    )
    assert lines(docx(p(run))) == ["1.440 tin\tcông khai-x"]


def test_long_texts_in_cells_are_read_as_passages_of_their_cell():
    prose = "Đã tổ chức 05 hội nghị quán triệt Nghị quyết 57 tới toàn thể cán bộ, công chức. " * 5
    table = tbl(tr("TT", "Nội dung", "Kết quả thực hiện"), tr("1", "Quán triệt", prose))
    blocks = read(docx(table)).blocks
    assert [(b.text[:10], str(b.address)) for b in blocks if "hội nghị" in b.text] == [
        ("Đã tổ chức", "Bảng 1!C2")
    ]
    assert "Quán triệt:" in [b.text for b in blocks]


def test_a_file_with_pictures_only_says_so():
    with pytest.raises(Unreadable) as caught:
        read(docx(p("<w:r><w:drawing/></w:r>")))
    assert caught.value.finding.rule == "file_empty"
