"""Home-made workbooks: the cell that answers is found, what may be read otherwise waits, nothing is added up silently."""

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from nq57_assets.catalogue import catalogue
from nq57_assets.extract.reading import read_submission
from nq57_assets.model import Reading
from nq57_assets_tests.word_files import LISTS, docx, listed, p, tbl, tc, tr

Cells = Sequence[Sequence[object]]
TITLE: Cells = [["UBND XÃ TIÊN LÃNG"], ["BIỂU TỔNG HỢP SỐ LIỆU CHUYỂN ĐỔI SỐ NĂM 2025"], []]
FILES = Path(__file__).parents[1] / "files"


def workbook(rows: Cells, title: Cells = TITLE, change: Callable[[Workbook], None] | None = None) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Số liệu"
    for row in [*title, *rows]:
        book.active.append(list(row))
    if change:
        change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(data: bytes, name: str = "so-lieu.xlsx") -> Reading:
    return read_submission(data, name, catalogue())


def figures(reading: Reading, status: str = "accepted") -> dict[str, tuple[float | None, str]]:
    return {o.indicator: (o.value, str(o.address)) for o in reading.observations if o.status == status}


def rules(reading: Reading) -> set[str]:
    return {finding.rule for finding in reading.findings}


HEADER = ["STT", "Chỉ tiêu", "Đơn vị tính", "Số liệu"]
ROWS: Cells = [
    HEADER, ["I", "THÔNG TIN CHUNG"], [1, "Số thôn", "thôn", 34], [2, "Dân số", "người", 39_500],
    ["II", "TỔ CÔNG NGHỆ SỐ CỘNG ĐỒNG"], [1, "Số tổ CNSCĐ", "tổ", "34 tổ"], [2, "Số thành viên", "người", ">238"],
]  # fmt: skip


def test_indicators_in_rows_are_found_by_their_labels_with_sheet_and_cell():
    reading = read(workbook(ROWS))
    assert figures(reading) == {
        "place_villages": (34, "Số liệu!D6"), "place_population": (39_500, "Số liệu!D7"),
        "team_count": (34, "Số liệu!D9"), "team_members": (238, "Số liệu!D10"),
    }  # fmt: skip
    assert {one.method for one in reading.observations} == {"table"}
    members = next(one for one in reading.observations if one.indicator == "team_members")
    assert (members.low, members.high, members.qualifier) == (238, None, "over")


def test_indicators_in_columns_are_found_through_several_merged_header_rows():
    rows: Cells = [
        ["Đơn vị", "Tổ công nghệ số cộng đồng", None, "Dân cư"],
        [None, "Số tổ", "Số thành viên tổ", "Số hộ dân"],
        ["Xã Tiên Lãng", 34, 238, 9_877],
    ]

    def merge(book: Workbook) -> None:
        for place in ("A4:A5", "B4:C4"):
            book.active.merge_cells(place)

    assert figures(read(workbook(rows, change=merge))) == {
        "team_count": (34, "Số liệu!B6"), "team_members": (238, "Số liệu!C6"), "place_households": (9_877, "Số liệu!D6"),
    }  # fmt: skip


def test_the_result_column_is_told_from_plan_past_and_note():
    rows: Cells = [
        ["TT", "Nội dung", "ĐVT", "Cùng kỳ", "Kế hoạch năm", "Thực hiện", "Tỷ lệ % thực hiện", "Ghi chú"],
        [1, "Số tổ CNSCĐ", "tổ", 30, 40, 34, 85, "3 tổ mới"], [2, "Số thôn", "thôn", 33, 35, 34, 97, None],
    ]  # fmt: skip
    assert figures(read(workbook(rows))) == {
        "team_count": (34, "Số liệu!F5"),
        "place_villages": (34, "Số liệu!F6"),
    }


def test_of_two_years_the_reported_one_counts():
    rows: Cells = [["TT", "Nội dung", "ĐVT", "Năm 2024", "Năm 2025"], [1, "Số tổ CNSCĐ", "tổ", 30, 34]]
    assert figures(read(workbook(rows))) == {"team_count": (34, "Số liệu!E5")}


def test_two_columns_that_may_both_be_the_result_wait_for_review():
    rows: Cells = [
        ["TT", "Nội dung", "ĐVT", "Kết quả quý 3", "Kết quả quý 4"],
        [1, "Số tổ CNSCĐ", "tổ", 30, 34],
    ]
    assert not figures(read(workbook(rows)))
    assert "team_count" in figures(read(workbook(rows)), "review")


def test_a_sheet_of_targets_yields_no_result():
    rows: Cells = [
        ["MỤC TIÊU NĂM 2026"],
        HEADER,
        [1, "Số tổ CNSCĐ", "tổ", 50],
        [2, "Dân số", "người", 41_000],
    ]
    assert not figures(read(workbook(rows)))


VILLAGES: Cells = [
    ["TT", "Tên thôn", "Số hộ", "Dân số"],
    [1, "Thôn Đông", 100, 400],
    [2, "Thôn Tây", 200, 900],
]


def test_villages_are_summed_only_where_the_workbook_says_so():
    summed = read(workbook([*VILLAGES, [None, "Tổng cộng", 300, 1_300]]))
    assert figures(summed) == {
        "place_households": (300, "Số liệu!C7"),
        "place_population": (1_300, "Số liệu!D7"),
    }
    alone = read(workbook(VILLAGES))
    assert not figures(alone)
    assert figures(alone, "review")["place_households"][0] == 300
    assert "tệp không ghi tổng" in (alone.observations[0].why or "")


def test_villages_in_columns_need_a_total_column_that_fits():
    rows: Cells = [
        ["TT", "Chỉ tiêu", "ĐVT", "Thôn Đông", "Thôn Tây", "Cộng"],
        [1, "Số hộ", "hộ", 100, 200, 300], [2, "Dân số", "người", 400, 900, 1_200],
        [3, "Tỷ lệ thanh toán không dùng tiền mặt", "%", 70, 80, 75],
    ]  # fmt: skip
    reading = read(workbook(rows))
    assert figures(reading) == {"place_households": (300, "Số liệu!F5")}
    assert set(figures(reading, "review")) == {"place_population", "econ_cashless_pct"}


def test_sheets_of_villages_count_only_through_the_sheet_that_adds_them_up():
    def add(book: Workbook) -> None:
        book.active.title = "Tổng hợp"
        sheet = book.create_sheet("Thôn Đông")
        for row in (HEADER, [1, "Số hộ", "hộ", 100]):
            sheet.append(row)

    reading = read(workbook([HEADER, [1, "Số hộ", "hộ", 300]], change=add))
    assert figures(reading) == {"place_households": (300, "Tổng hợp!D5")}
    assert figures(reading, "rejected") == {"place_households": (100, "Thôn Đông!D2")}


def test_hidden_rows_and_sheets_are_read_but_wait():
    def hide(book: Workbook) -> None:
        book.active.row_dimensions[6].hidden = True
        sheet = book.create_sheet("Nháp")
        sheet.sheet_state = "veryHidden"
        for row in (HEADER, [1, "Số hộ", "hộ", 100]):
            sheet.append(row)

    reading = read(workbook(ROWS, change=hide))
    assert set(figures(reading, "review")) == {"place_villages", "place_households"}
    told = [finding.observed for finding in reading.findings if finding.rule == "file_hidden_cells"]
    assert told == ["trang Số liệu: dòng 6; trang tính Nháp"]


def test_errors_uncalculated_formulas_and_dates_are_no_figures_and_named():
    rows: Cells = [
        HEADER, [1, "Số thôn", "thôn", "=10+24"], [2, "Dân số", "người", "#DIV/0!"],
        [3, "Số tổ CNSCĐ", "tổ", dt.date(2025, 12, 1)], [4, "Số hộ", "hộ", 9_877],
    ]  # fmt: skip
    reading = read(workbook(rows))
    assert figures(reading) == {"place_households": (9_877, "Số liệu!D8")} and not figures(reading, "review")
    places = {(finding.rule, str(finding.address)) for finding in reading.findings}
    assert places >= {
        ("value_formula_uncached", "Số liệu!D5"), ("value_error_cell", "Số liệu!D6"), ("value_not_number", "Số liệu!D7"),
    }  # fmt: skip


def test_a_cached_formula_is_its_result():
    data = workbook([HEADER, [1, "Số thôn", "thôn", "=10+24"], [2, "Dân số", "người", 5]])
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            for empty in (b"<v></v>", b"<v />", b"<v/>"):
                content = content.replace(b"<f>10+24</f>" + empty, b"<f>10+24</f><v>34</v>")
            target.writestr(name, content)
    assert figures(read(buffer.getvalue()))["place_villages"] == (34, "Số liệu!D5")


def test_decimals_stay_decimals_and_a_share_below_one_waits():
    rows: Cells = [
        HEADER, [1, "Diện tích tự nhiên", "km²", 43.125], [2, "Diện tích", "km2", 1.234],
        [3, "Tỷ lệ thanh toán không dùng tiền mặt", "%", 0.765],
    ]  # fmt: skip
    reading = read(workbook(rows))
    area = [one.value for one in reading.observations if one.indicator == "place_area_km2"]
    assert area == [43.125, 1.234]
    assert set(figures(reading, "review")) == {"econ_cashless_pct"}


def test_long_texts_in_cells_are_read_like_a_report():
    prose = "Từ đầu năm xã đã tổ chức 05 hội nghị quán triệt Nghị quyết 57 và ban hành 11 văn bản chỉ đạo về chuyển đổi số."
    reading = read(workbook([["TT", "Nội dung", "Kết quả thực hiện"], [1, "Công tác chỉ đạo", prose]]))
    assert figures(reading)["steer_conferences"] == (5, "Số liệu!C5")


def test_only_title_and_sender_make_a_table_a_report():
    assert read(workbook(ROWS)).header.document_type == "report"
    assert (
        read(workbook(ROWS, title=[["UBND XÃ TIÊN LÃNG"], ["Bảng tính"], []])).header.document_type
        == "unknown"
    )
    assert read(workbook(ROWS, title=TITLE[1:])).header.document_type == "unknown"
    assert "file_not_report" in rules(read(workbook(ROWS, title=[])))


EXPECTED = {
    "place_villages": 34, "place_population": 39_500, "team_count": 34, "econ_cashless_pct": 76.5, "place_area_km2": 43.17,
}  # fmt: skip


@pytest.mark.parametrize("name", ["homemade.xls", "homemade.ods"])
def test_other_workbook_formats_give_the_same(name):
    reading = read((FILES / name).read_bytes(), name)
    assert {indicator: value for indicator, (value, _) in figures(reading).items()} == EXPECTED
    assert reading.header.document_type == "report"


@pytest.mark.parametrize("name", ["hidden.xls", "hidden.ods"])
def test_hidden_rows_and_error_cells_are_seen_in_other_formats_too(name):
    reading = read((FILES / name).read_bytes(), name)
    assert figures(reading, "review")["team_members"][0] == 210
    assert "team_members" not in figures(reading) and figures(reading)["team_count"][0] == 34
    assert {"file_hidden_cells", "value_error_cell"} <= rules(reading)
    (error,) = [finding for finding in reading.findings if finding.rule == "value_error_cell"]
    assert (str(error.address), error.observed) == ("Số liệu!D6", "#DIV/0!")


def xlsb(rows: Cells, hidden: int | None = None) -> bytes:
    """An .xlsb of one sheet, its texts in the cells themselves; bytes are the code of an error."""

    def record(kind: int, body: bytes = b"") -> bytes:
        head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        size, length = b"", len(body)
        while True:
            length, low = length >> 7, length & 0x7F
            size += bytes([low | (0x80 if length else 0)])
            if not length:
                return head + size + body

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    sheet = record(129) + record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, 9)) + record(145)
    for row, cells in enumerate(rows):
        sheet += record(0, struct.pack("<I", row) + bytes(7) + bytes([0x10 * (row == hidden)]) + bytes(5))
        for column, value in enumerate(cells):
            place = struct.pack("<II", column, 0)
            if isinstance(value, str):
                sheet += record(6, place + wide(value))
            elif isinstance(value, bytes):
                sheet += record(3, place + value)
            elif value is not None:
                sheet += record(5, place + struct.pack("<d", value))
    sheet += record(146) + record(130)
    book = record(131) + record(143) + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Số liệu"))
    links = '<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.bin"/></Relationships>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("xl/workbook.bin", book + record(144) + record(132))
        package.writestr("xl/_rels/workbook.bin.rels", links)
        package.writestr("xl/worksheets/sheet1.bin", sheet)
    return buffer.getvalue()


def test_a_binary_workbook_gives_the_same():
    reading = read(xlsb([*TITLE, *ROWS]), "so-lieu.xlsb")
    assert figures(reading) == figures(read(workbook(ROWS)))


def test_hidden_rows_and_error_cells_of_a_binary_workbook_are_seen():
    rows = [*TITLE, *ROWS, [3, "Số hội nghị", "hội nghị", b"\x07"]]
    reading = read(xlsb(rows, hidden=len(TITLE) + 3), "so-lieu.xlsb")
    assert figures(reading, "review")["place_population"][0] == 39_500
    assert {"file_hidden_cells", "value_error_cell"} <= rules(reading)


TABLE = [
    ("Số thôn", "thôn", "34"), ("Số hộ dân", "hộ", "9.877"), ("Dân số", "người", "trên 39.500"),
    ("Số tổ CNSCĐ", "tổ", "34"), ("Số thành viên tổ CNSCĐ", "người", "238"),
    ("Tỷ lệ thanh toán không dùng tiền mặt", "%", "76,5"), ("Diện tích tự nhiên", "km²", "43,17"),
]  # fmt: skip
HEAD = (
    ("ỦY BAN NHÂN DÂN", "XÃ TIÊN LÃNG", "Số: 21/BC-UBND"),
    (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Tiên Lãng, ngày 08 tháng 12 năm 2025",
    ),
)
SUBJECT = ("BÁO CÁO", "Kết quả chuyển đổi số năm 2025")


def test_the_same_report_as_text_word_file_and_workbook_gives_the_same_figures():
    title = ["TT", "Chỉ tiêu", "Đơn vị tính", "Kết quả"]
    rows = [[str(n), *row] for n, row in enumerate(TABLE, 1)]
    head = [f"{left}     {right}" for left, right in zip(*HEAD, strict=True)]
    text = "\n".join([*head, "", *SUBJECT, "", *(f"| {' | '.join(row)} |" for row in [title, *rows])])
    word = docx(
        tbl(tr(*(tc(*column) for column in HEAD)))
        + "".join(map(p, SUBJECT))
        + tbl(*(tr(*row) for row in [title, *rows]))
    )
    book = workbook([title, *rows], title=[*zip(*HEAD, strict=True), [], *([one] for one in SUBJECT), []])
    readings = [read(text.encode(), "a.txt"), read(word, "a.docx"), read(book)]
    seen = [{i: value for i, (value, _) in figures(reading).items()} for reading in readings]
    assert len(seen[0]) == len(TABLE) and seen[0] == seen[1] == seen[2]
    assert {reading.header.document_type for reading in readings} == {"report"}
    assert len({(reading.header.number, reading.header.issued_on) for reading in readings}) == 1


def test_a_narrative_with_lists_gives_the_same_as_text_and_as_word_file():
    told = [
        ("I. KẾT QUẢ THỰC HIỆN", 1, 0), ("1. Công tác chỉ đạo", 1, 1),
        ("- Xã đã ban hành 11 văn bản chỉ đạo về chuyển đổi số.", 2, 0),
        ("- Tổ chức 05 hội nghị quán triệt Nghị quyết 57.", 2, 0),
        ("2. Tuyên truyền", 1, 1), ("- Đăng 86 tin, bài trên Cổng thông tin điện tử.", 2, 0),
        ("II. PHƯƠNG HƯỚNG, NHIỆM VỤ NĂM 2026", 1, 0), ("- Phấn đấu tổ chức 09 hội nghị.", 2, 0),
    ]  # fmt: skip
    text = "\n".join([*SUBJECT, "", *(line for line, _, _ in told)])
    body = "".join(map(p, SUBJECT)) + "".join(
        listed(line.split(" ", 1)[1], number, level) for line, number, level in told
    )
    plain, word = read(text.encode(), "a.txt"), read(docx(body, numbering=LISTS), "a.docx")
    assert [(s.mark, s.level, s.title) for s in plain.outline] == [
        (s.mark, s.level, s.title) for s in word.outline
    ]
    accepted = {i: value for i, (value, _) in figures(word).items()}
    assert accepted == {i: value for i, (value, _) in figures(plain).items()}
    assert accepted["steer_conferences"] == 5 and "media_posts" in accepted
