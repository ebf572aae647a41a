"""PDFs with a text layer: order, tables, addresses, and what must not pass for text; hostile and broken files."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from nq57_assets.catalogue import catalogue
from nq57_assets.extract.reading import read_submission, reading_of
from nq57_assets.folders import DataDir
from nq57_assets.intake.archive import Archive
from nq57_assets.intake.inbox import scan
from nq57_assets.intake.reading import read_all
from nq57_assets.model import Document, Observation
from nq57_assets.readers import Unreadable, ocr, read_document
from nq57_assets_tests import hostile_pages, printed

needs_font = pytest.mark.skipif(printed.fonts() is None, reason=printed.NO_FONT)
ROUND = "2025-nq57-communication"


@pytest.fixture
def without_tesseract(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PATH", "")
    ocr.engine.cache_clear()
    yield
    ocr.engine.cache_clear()


def read(data: bytes) -> Document:
    return read_document(data, "bao cao.pdf", catalogue())


def lines(document: Document) -> list[str]:
    return [block.text for block in document.blocks if block.text]


def accepted(data: bytes, name: str) -> set[tuple[str, float | None]]:
    def key(one: Observation) -> tuple[str, float | None]:
        return one.indicator, one.value

    return {
        key(one) for one in read_submission(data, name, catalogue()).observations if one.status == "accepted"
    }


def drawn(*texts: tuple[float, float, str], pages: int = 1, size: float = 12) -> bytes:
    """A PDF with texts at places (points from the left and from the top), the same on each page."""
    printed.register_fonts()
    sink = io.BytesIO()
    canvas = Canvas(sink, pagesize=(595, 842))
    for _ in range(pages):
        canvas.setFont("body", size)
        for x, y, text in texts:
            canvas.drawString(x, 842 - y, text)
        canvas.showPage()
    canvas.save()
    return sink.getvalue()


@needs_font
def test_a_pdf_gives_the_same_accepted_figures_as_its_text() -> None:
    as_text = accepted(printed.as_text().encode(), "a.txt")
    assert len(as_text) >= 12
    assert accepted(printed.as_pdf(), "a.pdf") == as_text
    assert accepted(printed.as_pdf(size=15), "a.pdf") == as_text


@needs_font
def test_both_columns_of_the_letterhead_stand_on_one_line_and_the_head_is_read() -> None:
    data = printed.as_pdf()
    assert lines(read(data))[1] == "XÃ HẢI HƯNG   Độc lập - Tự do - Hạnh phúc"
    header = read_submission(data, "a.pdf", catalogue()).header
    assert (header.number, str(header.issued_on)) == ("241", "2025-12-12")
    assert header.issuer == "ỦY BAN NHÂN DÂN XÃ HẢI HƯNG"


@needs_font
def test_a_ruled_table_gives_its_rows_with_page_and_line() -> None:
    rows = [block for block in read(printed.as_pdf()).blocks if block.text.startswith("|")]
    assert [row.text for row in rows[:2]] == ["| " + " | ".join(row) + " |" for row in printed.TABLE[:2]]
    assert all(row.address.page == 1 and len(row.cells) == 4 for row in rows)
    numbers = [row.address.line for row in rows]
    assert numbers == sorted(set(numbers)) and None not in numbers  # type: ignore[type-var]


@needs_font
def test_lines_count_from_one_on_every_page_and_page_numbers_are_no_figures() -> None:
    data = drawn((280, 40, "2"), (72, 80, "Xã đã treo"), (72, 100, "45 băng rôn."), pages=3)
    blocks = [block for block in read(data).blocks if block.text]
    assert [(b.address.page, b.address.line, b.text) for b in blocks[-2:]] == [
        (3, 1, "Xã đã treo"), (3, 2, "45 băng rôn."),
    ]  # fmt: skip
    assert [b.text for b in blocks].count("2") == 0


@needs_font
def test_a_number_far_from_the_page_s_own_stays() -> None:
    assert "126" in lines(read(drawn((72, 40, "126"), (72, 80, "tin, bài"))))


@needs_font
def test_columns_of_a_table_without_rules_stay_apart() -> None:
    data = drawn((72, 100, "Số hội nghị"), (300, 100, "hội nghị"), (480, 100, "7"))
    assert lines(read(data)) == ["Số hội nghị   hội nghị   7"]


@needs_font
def test_text_across_the_page_is_no_line_and_paragraphs_are_parted() -> None:
    printed.register_fonts()
    sink = io.BytesIO()
    canvas = Canvas(sink, pagesize=(595, 842))
    canvas.setFont("body", 12)
    for number, y in enumerate((700, 684, 668, 620, 604)):
        canvas.drawString(72, y, f"Dòng thứ {number}")
    canvas.rotate(45)
    canvas.drawString(400, 200, "BẢN SAO")
    canvas.save()
    texts = [block.text for block in read(sink.getvalue()).blocks]
    assert texts == ["Dòng thứ 0", "Dòng thứ 1", "Dòng thứ 2", "", "Dòng thứ 3", "Dòng thứ 4"]


@needs_font
def test_a_page_turned_by_its_rotate_entry_reads_like_an_upright_one() -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(printed.as_pdf())))
    box = writer.pages[0].mediabox
    writer.pages[0].rotate(90)
    sink = io.BytesIO()
    writer.write(sink)
    turned = lines(read(sink.getvalue()))
    assert box and sorted("".join(turned)) != [] and "BÁO" in " ".join(turned)


@needs_font
def test_composed_letters_ligatures_and_double_painting() -> None:
    data = drawn(
        (72, 100, "Tie\u0302\u0301ng Vie\u0323\u0302t"),
        (72, 120, "ho\ufb01x"),
        (72, 140, "đậm"),
        (72.3, 140, "đậm"),
    )
    assert lines(read(data)) == ["Tiếng Việt", "hofix", "đậm"]


@needs_font
def test_invisible_text_is_not_what_the_page_shows(without_tesseract: None) -> None:
    printed.register_fonts()
    sink = io.BytesIO()
    canvas = Canvas(sink, pagesize=(595, 842))
    layer = canvas.beginText(72, 700)
    layer.setFont("body", 12)
    layer.setTextRenderMode(3)
    layer.textLine("Đã tổ chức 99 hội nghị.")
    canvas.drawText(layer)
    canvas.save()
    with pytest.raises(Unreadable) as refused:
        read(sink.getvalue())
    assert "tesseract-ocr-vie" in (refused.value.finding.observed or "")


@needs_font
def test_a_page_that_only_pictures_is_a_finding_with_its_number_beside_pages_of_text(
    without_tesseract: None,
) -> None:
    from pypdf import PdfReader, PdfWriter

    text = printed.as_pdf()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(text)))
    writer.append(io.BytesIO(printed.picture_pdf(printed.pages_of(text, 72)[:1], 72)))
    sink = io.BytesIO()
    writer.write(sink)
    document = read(sink.getvalue())
    (finding,) = document.findings
    assert (finding.rule, finding.address.page) == ("file_page_unread", len(writer.pages))
    assert any("126 tin, bài" in line for line in lines(document))


def columns(left: list[str], right: list[str], top: int = 620) -> bytes:
    """A page with a title, two columns of text below it, and a line across under them."""
    printed.register_fonts()
    sink = io.BytesIO()
    canvas = Canvas(sink)
    canvas.setFont("body", 11)
    canvas.drawString(60, top + 60, "ỦY BAN NHÂN DÂN XÃ HẢI HƯNG")
    canvas.drawString(
        60, top + 40, "BÁO CÁO kết quả tuyên truyền và chuyển đổi số năm 2025 trên địa bàn xã Hải Hưng"
    )
    for x, texts in ((60, left), (320, right)):
        for row, text in enumerate(texts):
            canvas.drawString(x, top - 16 * row, text)
    canvas.drawString(
        60, top - 16 * 20, "Trên đây là báo cáo kết quả của Ủy ban nhân dân xã Hải Hưng gửi cơ quan cấp trên."
    )
    canvas.save()
    return sink.getvalue()


@needs_font
def test_body_text_in_two_columns_is_read_down_and_not_across() -> None:
    left = [f"dòng trái {n:02d} của bài viết dài đủ một cột" for n in range(14)]
    right = [f"dòng phải {n:02d} của bài viết dài đủ một cột" for n in range(14)]
    seen = [line for line in lines(read(columns(left, right))) if line]
    assert seen[2:-1] == [*left, *right]
    assert seen[0].startswith("ỦY BAN") and seen[-1].startswith("Trên đây")


@needs_font
def test_labels_beside_values_stay_side_by_side() -> None:
    labels = [f"Chỉ tiêu số {n:02d} của xã trong năm{' nay và năm sau' * (n % 2)}" for n in range(14)]
    values = [f"{n * 7} {'người dân tham gia các lớp' * (n % 3 == 0)}" for n in range(14)]
    seen = lines(read(columns(labels, values)))
    assert any(labels[3] in line and values[3].strip() in line for line in seen)


@needs_font
def test_a_table_with_its_answers_before_their_labels_gives_its_figures() -> None:
    rows = [
        ("Kết quả", "Nội dung"),
        ("14 văn bản", "Văn bản chỉ đạo đã ban hành"),
        ("3 hội nghị", "Hội nghị quán triệt"),
    ]
    head = "UBND XÃ HẢI HƯNG\nSố: 78/BC-UBND\nHải Hưng, ngày 27/11/2025\nBÁO CÁO\nKết quả tuyên truyền Nghị quyết 57\n"
    text = head + "".join(f"| {a} | {b} |\n" for a, b in [*rows, ("77 chiếc", "Pano, băng rôn, khẩu hiệu")])
    found = reading_of(read(printed.text_as_pdf(text)), catalogue()).observations
    seen = {one.indicator: one.value for one in found if one.status == "accepted"}
    assert (seen["steer_directives"], seen["steer_conferences"], seen["media_banners"]) == (14, 3, 77)


@needs_font
def test_what_stands_close_under_a_table_is_no_part_of_its_last_row_and_a_quick_reports_head_ends() -> None:
    text = (
        "UBND XÃ HẢI HƯNG\nSố: 78/BC-UBND\nHải Hưng, ngày 27/11/2025\nBÁO CÁO NHANH\nSố liệu chuyển đổi số\n"
        "1/ Định danh điện tử\nCơ quan, tổ chức: 38 tài khoản, đạt 100%.\n"
        "| STT | Nội dung | Đơn vị tính | Số liệu |\n| 1 | Số Tổ công nghệ số cộng đồng | tổ | 41 |\n"
        "| 2 | Nhóm Zalo của Tổ công nghệ số cộng đồng (Có/Không) | | Có |\n2/ Kết quả thực hiện\n"
    )
    found = reading_of(read(printed.text_as_pdf(text)), catalogue()).observations
    seen = {one.indicator: one.value for one in found if one.status == "accepted"}
    assert (seen["egov_agencies_vneid_accounts"], seen["egov_agencies_vneid_pct"]) == (38, 100)
    assert (seen["team_count"], seen["team_zalo_group"]) == (41, 1)


def glyph_soup() -> bytes:
    """Text in a legacy font of eight bits: Latin letters where Vietnamese ones were meant."""
    words = "Céng hoµ x· héi chñ nghÜa ViÖt Nam B¸o c¸o kÕt qu¶ thùc hiÖn NghÞ quyÕt sè cña Ban ChÊp hµnh Trung ¬ng "
    sink = io.BytesIO()
    canvas = Canvas(sink)
    for row in range(5):
        canvas.drawString(50, 700 - 20 * row, words)
    canvas.save()
    return sink.getvalue()


def test_glyph_soup_is_not_taken_for_text(without_tesseract: None) -> None:
    document = read(glyph_soup())
    assert [one.rule for one in document.findings] == ["file_page_unread"]
    assert "có thể sai dấu" in (document.findings[0].observed or "")


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Every hostile file and a good one beside them, archived and read by two workers."""
    data = DataDir(tmp_path_factory.mktemp("data"))
    (data.inbox / ROUND).mkdir(parents=True)
    (data.inbox / ROUND / "good.txt").write_text(printed.as_text(), encoding="utf-8")
    made = {name: make() for name, (make, _) in hostile_pages.HOSTILE.items()}
    for name, content in made.items():
        (data.inbox / ROUND / f"{name}.pdf").write_bytes(content)
    now = datetime.now(UTC)
    archive = Archive(data)
    archive.receive(scan(data, catalogue(), now, settle=0), now)
    items = [(receipt.sha256, receipt.original_name) for receipt in archive.receipts(ROUND)]
    readings = read_all(data, archive, items, catalogue())
    assert len(items) == len(made) + 1
    found = {Path(name).stem: [f.rule for f in readings[sha256].findings] for sha256, name in items}
    assert {hashlib.sha256(content).hexdigest() for content in made.values()} <= set(readings)
    return found


@pytest.mark.parametrize("name", hostile_pages.HOSTILE)
def test_a_hostile_file_is_archived_and_told_of(name: str, verdicts: dict[str, list[str]]) -> None:
    expected = hostile_pages.HOSTILE[name][1]
    assert any(rule.startswith(expected) for rule in verdicts[name]), verdicts[name]


def test_hostile_files_do_their_neighbours_no_harm(verdicts: dict[str, list[str]]) -> None:
    assert not any(rule.startswith("file_un") for rule in verdicts["good"])
