"""Reading workbooks: forms as communes really return them, and workbooks that are no form at all."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from functools import cache

import openpyxl
import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.model import FormStamp
from nq57_assets.outputs.form import Answer, form_bytes
from nq57_assets.readers import form_codes as codes
from nq57_assets.readers import read_document

ROUND, CAM_GIANG = "2025-digital-transformation", "10888"
ANSWERS = {
    "team_count": Answer(7),
    "team_members": Answer(1440),
    "econ_cashless_pct": Answer(98.39, note="số ước tính"),
    "media_portal_section": Answer(True),
    "egov_proposed_tasks": Answer(nil=True),
    "skill_mooc_completed": Answer(40, denominator=52),
}


def form(answers=ANSWERS, **options) -> bytes:
    return form_bytes(ROUND, catalogue(), options.pop("commune", CAM_GIANG), answers, **options)


def read(data: bytes):
    return read_document(data, "bieu.xlsx", catalogue())


def edited(change, data: bytes | None = None) -> bytes:
    """Return a form after ``change(workbook)``, saved by another program."""
    workbook = openpyxl.load_workbook(io.BytesIO(data or form()))
    change(workbook)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def patched(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """Return a package with one piece of one part replaced, as only Excel would write it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert content.count(old) == 1
                content = content.replace(old, new)
            target.writestr(name, content)
    return buffer.getvalue()


@cache
def rows() -> dict:
    sheet = openpyxl.load_workbook(io.BytesIO(form()))["Số liệu"]
    return {cell.value: cell.row for cell in sheet["G"]}


def row_of(code: str) -> int:
    return rows()[code]


def answers(document) -> dict:
    return {cell.indicator: cell for cell in document.form_cells}


def given(document) -> dict:
    return {
        cell.indicator: (cell.value, cell.nil, cell.note, cell.denominator)
        for cell in document.form_cells
        if cell.value is not None or cell.nil
    }


def rules(document) -> list:
    return [finding.rule for finding in document.findings]


EXPECTED = {
    "team_count": (7, False, "", None),
    "team_members": (1440, False, "", None),
    "econ_cashless_pct": (98.39, False, "số ước tính", None),
    "media_portal_section": ("Có", False, "", None),
    "egov_proposed_tasks": (None, True, "", None),
    "skill_mooc_completed": (40, False, "", 52),
}


def test_a_form_comes_back_as_it_was_filled():
    document = read(form())
    assert document.form == FormStamp("2025.d.1", ROUND, CAM_GIANG)
    assert given(document) == EXPECTED
    assert [cell.indicator for cell in document.form_cells] == [i.code for i in catalogue().asked(ROUND)]
    assert document.findings == () and document.reader == "form"
    cell = answers(document)["team_count"]
    assert str(cell.address) == f"Số liệu!D{row_of('team_count')}" and cell.unit == "tổ"
    assert isinstance(cell.value, int)


def test_blocks_hold_what_a_person_sees_but_not_the_hidden_stamp():
    document = read(form())
    texts = [block.text for block in document.blocks]
    assert "Xã Cẩm Giang (10888)" in texts and "98,39" in texts
    assert not any("Phường" in text for text in texts)


def insert_rows_and_columns(workbook):
    sheet = workbook["Số liệu"]
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))
    sheet.insert_cols(1, 2)
    sheet.insert_rows(5, 3)
    sheet.insert_rows(row_of("team_members") + 3, 2)


def swap_value_and_note(workbook):
    sheet = workbook["Số liệu"]
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))
    for row in range(1, sheet.max_row + 1):
        value, note = sheet[f"D{row}"].value, sheet[f"F{row}"].value
        sheet[f"D{row}"].value, sheet[f"F{row}"].value = note, value


def rename_and_reorder_sheets(workbook):
    workbook["Số liệu"].title = "Sheet1"
    workbook.move_sheet("_nq57", -2)
    workbook.move_sheet("Hướng dẫn", -1)
    workbook["_nq57"].title = "Trang ẩn"


def hide_rows(workbook):
    for row in range(10, 30):
        workbook["Số liệu"].row_dimensions[row].hidden = True


def reverse_rows(workbook):
    sheet = workbook["Số liệu"]
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    for row, line in enumerate(reversed(lines), 1):
        for column, value in enumerate(line, 1):
            sheet.cell(row, column).value = value


def drop_the_hidden_row(workbook):
    sheet = workbook["Số liệu"]
    for column in range(1, 8):
        sheet.cell(6, column).value = None


@pytest.mark.parametrize(
    "change",
    [
        insert_rows_and_columns,
        swap_value_and_note,
        rename_and_reorder_sheets,
        hide_rows,
        reverse_rows,
        drop_the_hidden_row,
    ],
)
def test_moving_things_about_does_no_harm(change):
    document = read(edited(change))
    assert given(document) == EXPECTED
    assert document.form == FormStamp("2025.d.1", ROUND, CAM_GIANG)
    assert document.findings == ()


def test_the_address_follows_a_moved_cell():
    cell = answers(read(edited(insert_rows_and_columns)))["team_count"]
    assert str(cell.address) == f"Số liệu!F{row_of('team_count') + 3}"


@pytest.mark.parametrize(
    ("stored", "value"),
    [
        ("1.440", "1.440"),
        (1.44, 1.44),
        (12.0, 12),
        (True, True),
        (
            datetime(2025, 2, 1, 8, 30),  # noqa: DTZ001 - a cell knows no time zone
            "2025-02-01 08:30:00",
        ),
        (date(2025, 2, 1), "2025-02-01"),
        ("  ", None),
        ("khoảng 150\u202e\u200b", "khoảng 150"),
        ("hu\u031bo\u031b\u0301ng", "hướng"),
    ],
)
def test_a_value_cell_is_reported_as_it_was_stored(stored, value):
    def store(workbook):
        workbook["Số liệu"][f"D{row_of('team_count')}"].value = stored

    assert answers(read(edited(store)))["team_count"].value == value


def test_a_rate_typed_with_a_percent_sign_is_not_taken_for_less_than_one():
    def store(workbook):
        cell = workbook["Số liệu"][f"D{row_of('econ_cashless_pct')}"]
        cell.value, cell.number_format = 0.9839, "0.00%"

    document = read(edited(store))
    assert answers(document)["econ_cashless_pct"].value == 98.39
    assert "98,39%" in [block.text for block in document.blocks]


@pytest.mark.parametrize(
    ("value", "choice", "nil"),
    [(None, "x", True), (None, " X ", True), (None, "Không phát sinh", True), ("Không phát sinh", None, True),
     (0, None, False), (None, "có", False), (5, "x", True)],
)  # fmt: skip
def test_nothing_to_report_is_told_from_zero_and_from_silence(value, choice, nil):
    def store(workbook):
        sheet, row = workbook["Số liệu"], row_of("team_count")
        sheet[f"D{row}"].value, sheet[f"E{row}"].value = value, choice

    cell = answers(read(edited(store)))["team_count"]
    assert cell.nil is nil
    assert cell.value == (value if isinstance(value, int) else None)
    if choice == "có":
        assert '"có"' in cell.note


def test_an_error_cell_is_a_finding_and_no_value():
    row = row_of("team_count")
    document = read(edited(lambda w: setattr(w["Số liệu"][f"D{row}"], "value", "#DIV/0!")))
    (finding,) = document.findings
    assert (finding.rule, finding.indicator, finding.observed) == (
        "value_error_cell",
        "team_count",
        "#DIV/0!",
    )
    assert str(finding.address) == f"Số liệu!D{row}"
    assert answers(document)["team_count"].value is None


def test_a_formula_that_failed_in_excel_is_an_error_cell():
    data = form()
    cell = f'<c r="D{row_of("team_count")}"'.encode()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        xml = package.read("xl/worksheets/sheet1.xml")
    start = xml.index(cell)
    old = xml[start : xml.index(b"</c>", start) + 4]
    new = old.replace(b"><v>7</v>", b' t="e"><f>1/0</f><v>#DIV/0!</v>')
    document = read(patched(data, "xl/worksheets/sheet1.xml", old, new))
    assert [(f.rule, f.observed) for f in document.findings] == [("value_error_cell", "#DIV/0!")]
    assert answers(document)["team_count"].value is None


def test_a_formula_with_its_result_is_the_result():
    data = patched(form(), "xl/worksheets/sheet1.xml", b"<v>1440</v>", b"<f>720*2</f><v>1440</v>")
    document = read(data)
    assert answers(document)["team_members"].value == 1440 and document.findings == ()


def test_a_formula_never_calculated_is_a_finding():
    row = row_of("team_count")
    document = read(edited(lambda w: setattr(w["Số liệu"][f"D{row}"], "value", "=SUM(D1:D3)")))
    (finding,) = document.findings
    assert (finding.rule, finding.indicator) == ("value_formula_uncached", "team_count")
    assert finding.observed == "=SUM(D1:D3)"


def test_an_unknown_code_is_named_and_the_rest_is_read():
    document = read(
        edited(lambda w: setattr(w["Số liệu"][f"G{row_of('team_count')}"], "value", "team_counts"))
    )
    (finding,) = document.findings
    assert (finding.rule, finding.observed) == ("value_unknown_code", "team_counts")
    assert "team_count" not in answers(document) and answers(document)["team_members"].value == 1440


def test_an_answer_without_a_code_is_not_lost_in_silence():
    document = read(edited(lambda w: setattr(w["Số liệu"][f"G{row_of('team_count')}"], "value", None)))
    (finding,) = document.findings
    assert finding.rule == "value_unknown_code" and "Số Tổ công nghệ số cộng đồng" in finding.observed


def duplicate(value):
    def change(workbook):
        sheet = workbook["Số liệu"]
        row = sheet.max_row + 2
        sheet[f"D{row}"].value, sheet[f"G{row}"].value = value, "team_count"

    return edited(change)


def test_a_code_twice_with_different_values_is_a_finding_that_shows_both():
    (finding,) = read(duplicate(8)).findings
    assert (finding.rule, finding.indicator) == ("value_duplicate_code", "team_count")
    assert "7 (" in finding.observed and "8 (" in finding.observed


@pytest.mark.parametrize("value", [7, None])
def test_a_code_twice_that_says_the_same_is_one_answer(value):
    document = read(duplicate(value))
    assert document.findings == ()
    assert [c.value for c in document.form_cells if c.indicator == "team_count"] == [7]


@pytest.mark.parametrize(
    ("key", "missing"),
    [
        (codes.FORM_VERSION, FormStamp(None, ROUND, CAM_GIANG)),
        (codes.ROUND_ID, FormStamp("2025.d.1", None, CAM_GIANG)),
        (codes.COMMUNE_CODE, FormStamp("2025.d.1", ROUND, CAM_GIANG)),
    ],
)
def test_a_missing_part_of_the_stamp_is_unknown(key, missing):
    def change(workbook):
        stamp = workbook["_nq57"]
        stamp[f"B{next(cell.row for cell in stamp['A'] if cell.value == key)}"].value = None

    # The unit is still printed on the visible sheet.
    assert read(edited(change)).form == missing


def test_the_stamp_is_reported_not_judged():
    document = read(form(form_version="2019.x", stamped_round="2025-nq57-communication"))
    assert document.form == FormStamp("2019.x", "2025-nq57-communication", CAM_GIANG)


def test_a_code_that_excel_turned_into_a_number_is_still_the_code():
    document = read(edited(lambda w: setattr(w["_nq57"]["B3"], "value", 10888)))
    assert document.form.commune_code == CAM_GIANG


@pytest.mark.parametrize(("commune", "expected"), [(CAM_GIANG, CAM_GIANG), ("10903", "10903"), (None, None)])
def test_a_neutral_form_is_known_by_the_unit_chosen(commune, expected):
    document = read(form(commune=commune, neutral=True))
    assert document.form == FormStamp("2025.d.1", ROUND, expected)


def test_a_unit_typed_over_another_is_a_conflict_and_no_guess():
    document = read(edited(lambda w: setattr(w["Số liệu"]["C4"], "value", "Xã Cẩm Giàng (10903)")))
    assert document.form.commune_code is None
    assert rules(document) == ["file_identity_conflict"]
    assert "10888" in document.findings[0].observed and "10903" in document.findings[0].observed


def test_a_blank_form_is_a_form_without_answers():
    document = read(form({}))
    assert document.form is not None and given(document) == {}
    assert len(document.form_cells) == len(catalogue().asked(ROUND))


def test_somebodys_own_table_is_a_document_without_a_form():
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Bảng kê"
    sheet["C5"], sheet["D5"], sheet["D6"] = "Chỉ tiêu", "Số liệu", 3.5
    buffer = io.BytesIO()
    workbook.save(buffer)
    document = read(buffer.getvalue())
    assert document.form is None and document.form_cells == () and document.reader == "workbook"
    assert [(str(b.address), b.text, b.value) for b in document.blocks] == [
        ("Bảng kê!C5", "Chỉ tiêu", "Chỉ tiêu"),
        ("Bảng kê!D5", "Số liệu", "Số liệu"),
        ("Bảng kê!D6", "3,5", 3.5),
    ]


def test_a_stale_dimension_tag_loses_no_rows():
    data = form()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        xml = package.read("xl/worksheets/sheet1.xml")
    start = xml.index(b"<dimension")
    old = xml[start : xml.index(b"/>", start) + 2]
    assert (
        given(read(patched(data, "xl/worksheets/sheet1.xml", old, b'<dimension ref="A1:B3"/>'))) == EXPECTED
    )
