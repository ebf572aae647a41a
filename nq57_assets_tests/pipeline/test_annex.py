"""The consolidated workbook, read back cell by cell and compared with the mart."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from nq57_assets.outputs.annex import write_annex
from nq57_assets_tests.pipeline.conftest import ROUNDS, Published

SIGNS = {"exact": "", "approx": "≈", "over": "≥", "under": "≤"}
STATES = ("Đủ chỉ tiêu bắt buộc", "Thiếu chỉ tiêu", "Không có số liệu", "Chưa nộp", "Tệp không đọc được")


@pytest.fixture(params=ROUNDS)
def round_id(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def workbook(published: Published, round_id: str, tmp_path: Path) -> openpyxl.Workbook:
    path = write_annex(published.mart, round_id, tmp_path / round_id / "annex.xlsx", published.catalogue)
    return openpyxl.load_workbook(path)


def vietnamese(value: float) -> str:
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


def expected(row: dict[str, Any]) -> tuple[Any, str]:
    """What a cell must hold, and the bound that its number format must show."""
    star = "*" if row["in_review"] else ""
    marks = {"nil": "–", "missing": "…", "conflict": "MT", "withheld": "GL"}
    if row["state"] in marks:
        return marks[row["state"]] + star, ""
    if row["kind"] == "flag":
        return ("Có" if row["value"] else "Không") + star, ""
    if row["value"] is None and row["high"] is None:
        return f"≥{vietnamese(row['low'])}" + star, ""
    if row["value"] is None and row["low"] is None:
        return f"≤{vietnamese(row['high'])}" + star, ""
    if row["value"] is None:
        return f"{vietnamese(row['low'])}–{vietnamese(row['high'])}" + star, ""
    return row["value"], SIGNS[row["qualifier"]]


def same(cell: Any, row: dict[str, Any]) -> bool:
    wanted, sign = expected(row)
    if not isinstance(wanted, float):
        return cell.value == wanted
    return cell.value == wanted and (
        f'"{sign}"' in cell.number_format if sign else "≥" not in cell.number_format
    )


def queried(published: Published, query: str, *values: str) -> list[dict[str, Any]]:
    result = published.mart.execute(query, list(values))
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def column_of(sheet: Worksheet, row: int, text: str) -> int | None:
    return next((cell.column for cell in sheet[row] if cell.value == text), None)


def row_of(sheet: Worksheet, text: str, column: int = 2) -> int:
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, column).value == text)


def test_every_value_of_every_commune_is_the_marts(published, round_id, workbook):
    rows = queried(
        published,
        "SELECT v.*, i.name_vi, i.kind, c.full_name FROM fact_value AS v JOIN dim_indicator AS i USING (indicator) "
        "JOIN dim_commune AS c USING (commune_code) SEMI JOIN city_indicator AS k USING (round_id, indicator) "
        "WHERE v.round_id = ?",
        round_id,
    )
    groups = [workbook[name] for name in workbook.sheetnames if name[0].isdigit()]
    wrong, seen = [], 0
    for row in rows:
        sheet, column = next(
            (sheet, column) for sheet in groups if (column := column_of(sheet, 3, row["name_vi"])) is not None
        )
        cell = sheet.cell(row_of(sheet, row["full_name"]), column)
        seen += 1
        if not same(cell, row):
            wrong.append((row["full_name"], row["indicator"], row["state"], row["value"], cell.value))
    assert wrong == []
    asked = published.mart.execute(
        "SELECT COUNT(DISTINCT indicator) FROM city_indicator WHERE round_id = ?", [round_id]
    ).fetchall()[0][0]
    assert seen == 15 * asked


def test_every_city_figure_and_its_coverage_is_the_marts(published, round_id, workbook):
    sheet = workbook["Tổng hợp"]
    rows = queried(
        published,
        "SELECT t.*, i.name_vi, 'sum' AS kind FROM city_indicator AS t JOIN dim_indicator AS i USING (indicator) "
        "WHERE t.round_id = ? AND t.scope <> 'former_province'",
        round_id,
    )
    at = {"city": 4, "xa": 5, "phuong": 6, "dac_khu": 7}
    wrong = []
    for row in rows:
        line = row_of(sheet, row["name_vi"])
        cell = sheet.cell(line, at[row["scope_key"]])
        figure = {**row, "state": "reported", "in_review": 0}
        right = cell.value == "KCB" if row["state"] != "published" else same(cell, figure)
        if row["scope_key"] == "city":
            numbers = [sheet.cell(line, column).value for column in (12, 13, 14, 15)]
            right &= sheet.cell(line, 8).value == f"{row['reported']}/{row['expected']}"
            right &= sheet.cell(line, 9).value == pytest.approx(100 * row["coverage_weighted"])
            shares = [row["exact_share"], row["witnessed_share"]]
            right &= [sheet.cell(line, column).value for column in (10, 11)] == [
                "…" if share is None else pytest.approx(100 * share) for share in shares
            ]
            right &= numbers == [row["missing"], row["conflict"], row["withheld"], row["in_review"]]
        if not right:
            wrong.append((row["indicator"], row["scope_key"], row["value"], cell.value))
    assert rows and wrong == []


def test_totals_on_the_sheets_of_the_groups_are_the_marts(published, round_id, workbook):
    rows = queried(
        published,
        "SELECT t.*, i.name_vi, 'sum' AS kind FROM city_indicator AS t JOIN dim_indicator AS i USING (indicator) "
        "WHERE t.round_id = ? AND t.scope <> 'former_province'",
        round_id,
    )
    labels = {"xa": "Xã (", "phuong": "Phường (", "dac_khu": "Đặc khu ("}
    groups = [workbook[name] for name in workbook.sheetnames if name[0].isdigit()]
    wrong = []
    for row in rows:
        sheet, column = next((s, c) for s in groups if (c := column_of(s, 3, row["name_vi"])) is not None)
        texts = [str(sheet.cell(line, 2).value) for line in range(1, sheet.max_row + 1)]
        if row["scope_key"] == "city":
            line = texts.index("TOÀN THÀNH PHỐ") + 1
            assert sheet.cell(line + 1, column).value == f"{row['reported']}/{row['expected']}"
        else:
            line = next(n for n, text in enumerate(texts, 1) if text.startswith(labels[row["scope_key"]]))
        cell = sheet.cell(line, column)
        figure = {**row, "state": "reported", "in_review": 0}
        if row["state"] != "published":
            right = cell.value == "KCB"
        elif row["value"] is None:
            right = str(cell.value).rstrip("%") == expected(figure)[0]
        else:
            right = same(cell, figure)
        if not right:
            wrong.append((row["indicator"], row["scope_key"], row["value"], cell.value))
    assert rows and wrong == []


def test_cover_and_charts_count_as_the_mart_does(published, round_id, workbook):
    cover = [[cell.value for cell in row] for row in workbook["Bìa"].iter_rows()]
    total = next(row for row in cover if row[0] == "Toàn thành phố")
    came, all_, on_time, late, filled, required = published.mart.execute(
        "SELECT COUNT(*) FILTER (submitted), COUNT(*), COUNT(*) FILTER (submitted AND on_time), "
        "COUNT(*) FILTER (submitted AND NOT on_time), SUM(filled_required), SUM(required) "
        "FROM city_coverage WHERE round_id = ?",
        [round_id],
    ).fetchall()[0]
    assert total[1:5] == [f"{came}/{all_}", str(on_time), str(late), str(all_ - came)]
    assert str(total[5]).startswith(f"{vietnamese(filled)}/{vietnamese(required)} (")
    charts = [[cell.value for cell in row[:4]] for row in workbook["Biểu đồ"].iter_rows()]
    reported = dict(
        published.mart.execute(
            "SELECT i.name_vi, t.reported FROM city_indicator AS t JOIN dim_indicator AS i USING (indicator) "
            "WHERE t.round_id = ? AND t.scope = 'city'",
            [round_id],
        ).fetchall()
    )
    drawn = {row[0]: row[1] for row in charts if row[0] in reported}
    assert len(drawn) == 15 and all(reported[name] == number for name, number in drawn.items())
    assert max(drawn.values()) <= sorted(reported.values())[14]
    states = [n for row in charts if row[0] in STATES for n in row[1:] if isinstance(n, int)]
    assert sum(states) == all_


def test_ranking_and_completeness_are_the_marts(published, round_id, workbook):
    ranking = workbook["Xếp hạng"]
    places = queried(
        published,
        "SELECT r.* FROM v_ranking AS r JOIN dim_indicator AS i USING (indicator) "
        "SEMI JOIN city_indicator AS k USING (round_id, indicator) WHERE r.round_id = ? AND i.kind = 'rate'",
        round_id,
    )
    for row in places:
        cell = ranking.cell(row_of(ranking, row["commune"]), column_of(ranking, 4, row["indicator_vi"]) or 0)
        assert cell.value == row["place"], row
    sheet = workbook["Tình hình nộp"]
    covered = queried(
        published,
        "SELECT k.*, c.full_name FROM city_coverage AS k JOIN dim_commune AS c USING (commune_code) WHERE round_id = ?",
        round_id,
    )
    assert len(covered) == 15
    for row in covered:
        line = row_of(sheet, row["full_name"])
        assert [sheet.cell(line, c).value for c in (8, 9, 11)] == [
            row["filled_required"],
            row["required"],
            row["open_findings"],
        ]
        assert sheet.cell(line, 5).value == {True: "Có", False: "Không", None: "…"}[row["on_time"]]
        assert (sheet.cell(line, 4).value == "…") == (row["received_at"] is None)
    late_or_absent = {row["commune_code"] for row in covered if not row["submitted"]}
    assert published.absent <= late_or_absent


def test_pages_are_ready_to_print_and_charts_are_native(workbook):
    for sheet in workbook.worksheets:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape"), sheet.title
        assert "&P" in sheet.oddFooter.right.text
    for name in workbook.sheetnames:
        if name[0].isdigit():
            assert workbook[name].print_title_rows == "$3:$5"
            assert workbook[name].print_title_cols == "$A:$B"
    assert len(workbook["Biểu đồ"]._charts) == 3


def test_the_sheet_of_statements_holds_each_that_counts(published, round_id, workbook):
    sheet = workbook["Ý kiến"]
    shown = sorted(
        (row[1].value, row[3].value, row[5].value, row[7].value)
        for row in sheet.iter_rows(min_row=4)
        if row[1].value
    )
    kinds = {code: fields["vi"] for code, fields in published.catalogue.statements["kinds"].items()}
    counted = queried(
        published,
        "SELECT c.full_name, s.kind, t.name_vi, s.text FROM fact_statement AS s JOIN dim_commune AS c USING (commune_code) "
        "JOIN dim_theme AS t USING (theme) WHERE s.round_id = ? AND s.is_current",
        round_id,
    )
    assert shown == sorted((r["full_name"], kinds[r["kind"]], r["name_vi"], r["text"]) for r in counted)
    assert shown or published.absent
    if shown:
        assert sheet.auto_filter.ref == f"A3:I{3 + len(shown)}"


def test_no_text_becomes_a_formula(published, hostile, tmp_path):
    path = write_annex(hostile, ROUNDS[0], tmp_path / "annex.xlsx", published.catalogue)
    workbook = openpyxl.load_workbook(path)
    texts = {str(cell.value) for sheet in workbook.worksheets for line in sheet.iter_rows() for cell in line}
    assert {'=HYPERLINK("http://x.example","Xã")', "+84", "-1+1|cmd", "@SUM(A1)"} <= texts
    assert published.absent or any(text.startswith("=2+2</script>") for text in texts)
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.endswith(".rels"):
                assert b'TargetMode="External"' not in package.read(name), name
            if name.startswith("xl/worksheets/sheet"):
                content = package.read(name)
                assert b"<f>" not in content and b"<f " not in content, name
