"""The consolidated workbook of a round: the annex that goes with the city's report.

Belongs here: which sheets there are and what stands on them. Does not belong: how a figure becomes a cell
(``annex_style``), charts (``annex_charts``), the queries (``figures``).
"""

from __future__ import annotations

import math
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from openpyxl import Workbook
from openpyxl.formatting.rule import ColorScaleRule, DataBarRule
from openpyxl.utils import get_column_letter

from nq57_assets.catalogue import COMMUNE_TYPES, Catalogue
from nq57_assets.folders import write_durably
from nq57_assets.outputs import words
from nq57_assets.outputs.annex_charts import draw_charts
from nq57_assets.outputs.annex_front import draw_cover, draw_notes
from nq57_assets.outputs.annex_statements import draw_statements
from nq57_assets.outputs.annex_style import (
    RATE_FORMAT,
    TYPE_FILL,
    band,
    face,
    head,
    page,
    placed,
    title,
    widths,
    write,
    write_total,
    write_value,
)
from nq57_assets.outputs.figures import KINDS, IndicatorFacts, RoundFigures, load_round
from nq57_assets.outputs.form_style import GREY, fill, set_default_font

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SUMMARY, RANKING, COMPLETENESS, STATEMENTS, CHARTS, COVER, NOTES = (
    "Tổng hợp",
    "Xếp hạng",
    "Tình hình nộp",
    "Ý kiến",
    "Biểu đồ",
    "Bìa",
    "Ghi chú",
)
FIRST_COMMUNE_ROW = 8
_TOTAL_ROW, _COVERAGE_ROW, _HEAD_ROW = 6, 7, 3
_COLUMNS_A_PAGE = 10
_ROMAN = ("I", "II", "III")


def write_annex(mart: duckdb.DuckDBPyConnection, round_id: str, path: Path, catalogue: Catalogue) -> Path:
    """Write the consolidated workbook of a round, whole or not at all.

    Args:
        mart: An open mart.
        round_id: A round that the mart has figures of.
        path: The workbook; its folder is made.
        catalogue: The rule book, for the names of rules.

    Raises:
        LookupError: The mart has no figures of this round.
    """
    data = load_round(mart, round_id)
    workbook = draw_annex(data, ranking(mart, round_id), catalogue)
    sink = BytesIO()
    workbook.save(sink)
    write_durably(path, sink.getvalue())
    return path


def draw_annex(
    data: RoundFigures, places: dict[tuple[str, str], tuple[int, int]], catalogue: Catalogue
) -> Workbook:
    """Draw all sheets from the figures of a round and the places of its communes (commune, rate → place, ranked)."""
    workbook = Workbook()
    set_default_font(workbook)
    workbook.properties.creator = "Sở Khoa học và Công nghệ thành phố Hải Phòng"
    workbook.properties.title = f"Phụ lục tổng hợp: {data.round.title_vi}"
    source = f"Bản công bố số {data.build.generation}, {words.moment(data.build.published_at)}"
    cover = workbook.active
    assert cover is not None
    cover.title = COVER
    _summary_sheet(workbook.create_sheet(SUMMARY), data, source)
    for number, (group, members) in enumerate(data.groups.items(), 1):
        sheet = workbook.create_sheet(sheet_name(number, members[0].group_vi))
        _group_sheet(sheet, data, group, source)
    _ranking_sheet(workbook.create_sheet(RANKING), data, places, source)
    _completeness_sheet(workbook.create_sheet(COMPLETENESS), data, source)
    draw_statements(workbook.create_sheet(STATEMENTS), data, catalogue, _subtitle(data, source), source)
    draw_charts(workbook.create_sheet(CHARTS), data, catalogue, source)
    draw_notes(workbook.create_sheet(NOTES), data, catalogue, source)
    draw_cover(cover, data, [sheet.title for sheet in workbook.worksheets[1:]], source)
    return workbook


def sheet_name(number: int, group: str) -> str:
    """Return the name of a group's sheet: at most 31 characters, none that a workbook forbids."""
    clean = "".join("-" if c in "[]:*?/\\" else c for c in group)
    return f"{number}. {clean}"[:31].rstrip()


def ranking(mart: duckdb.DuckDBPyConnection, round_id: str) -> dict[tuple[str, str], tuple[int, int]]:
    """Return (commune, rate) → (place within its type, communes ranked)."""
    found = mart.execute(
        "SELECT r.commune_code, r.indicator, r.place, r.ranked FROM v_ranking AS r "
        "JOIN dim_indicator AS i ON i.indicator = r.indicator WHERE r.round_id = ? AND i.kind = 'rate'",
        [round_id],
    ).fetchall()
    return {(commune, indicator): (place, ranked) for commune, indicator, place, ranked in found}


def _subtitle(data: RoundFigures, source: str) -> str:
    period = f"{words.day(data.round.period_from)}–{words.day(data.round.period_to)}"
    return f"{data.round.title_vi} · kỳ {period} · {source}"


def _summary_sheet(sheet: Worksheet, data: RoundFigures, source: str) -> None:
    title(sheet, "TỔNG HỢP TOÀN THÀNH PHỐ", _subtitle(data, source), 15)
    kinds = [COMMUNE_TYPES[kind] for kind in KINDS]
    names = ["TT", "Chỉ tiêu", "Đơn vị tính", "Toàn thành phố", *kinds, "Số đơn vị có số liệu", "Độ phủ (%)"]
    names += ["Phần chính xác (%)", "Có nguồn thứ hai (%)", "Chưa có", "Mâu thuẫn", "Giữ lại", "Chờ rà soát"]
    head(sheet, _HEAD_ROW, names)
    widths(sheet, [5, 52, 11, 17, 15, 15, 13, 11, 9, 11, 11, 8, 8, 8, 8])
    row = _HEAD_ROW + 1
    for number, members in enumerate(data.groups.values(), 1):
        band(sheet, row, len(names))
        write(sheet, row, 2, f"{number}. {members[0].group_vi}", face(bold=True), placed("left", wrap=False))
        row += 1
        for order, indicator in enumerate(members, 1):
            _summary_row(sheet, row, f"{number}.{order}", indicator, data)
            row += 1
    sheet.freeze_panes = f"C{_HEAD_ROW + 1}"
    page(sheet, source, f"{_HEAD_ROW}:{_HEAD_ROW}")


def _summary_row(
    sheet: Worksheet, row: int, order: str, indicator: IndicatorFacts, data: RoundFigures
) -> None:
    city = data.total[indicator.indicator, "city"]
    write(sheet, row, 1, order, at=placed("center"))
    write(sheet, row, 2, indicator.name_vi)
    write(sheet, row, 3, city.unit, at=placed("center"))
    write_total(sheet, row, 4, city, face(bold=True), city.unit)
    for column, kind in enumerate(KINDS, 5):
        write_total(sheet, row, column, data.total.get((indicator.indicator, kind)), face(), city.unit)
    write(sheet, row, 8, f"{city.reported}/{city.expected}", at=placed("center"))
    for column, share in ((9, city.coverage_weighted), (10, city.exact_share), (11, city.witnessed_share)):
        if share is None:
            write(sheet, row, column, words.MISSING, at=placed("center"))
        else:
            write(sheet, row, column, 100 * share, at=placed("right"), number_format=RATE_FORMAT)
    for column, number in enumerate((city.missing, city.conflict, city.withheld, city.in_review), 12):
        write(sheet, row, column, number, at=placed("center"))
    if len(indicator.name_vi) > 60:
        sheet.row_dimensions[row].height = 27


def _group_sheet(sheet: Worksheet, data: RoundFigures, group: str, source: str) -> None:
    members = data.groups[group]
    columns = len(members) + 2
    title(sheet, members[0].group_vi.upper(), _subtitle(data, source), columns)
    head(
        sheet,
        _HEAD_ROW,
        ["TT", "Đơn vị", *(i.name_vi for i in members)],
        height=78 if len(members) > 4 else 34,
    )
    head(sheet, _HEAD_ROW + 1, ["", "Đơn vị tính", *(i.unit for i in members)], height=17)
    head(sheet, _HEAD_ROW + 2, ["A", "B", *(f"({n})" for n in range(1, columns - 1))], height=15)
    pages = math.ceil(len(members) / _COLUMNS_A_PAGE)
    each = max(12.0, min(32.0, 105 / math.ceil(len(members) / pages)))
    widths(sheet, [5, 26, *[each] * len(members)])
    _total_rows(sheet, data, members)
    row = FIRST_COMMUNE_ROW
    for roman, kind in zip(_ROMAN, KINDS, strict=True):
        communes = data.of_kind(kind)
        if not communes:
            continue
        band(sheet, row, columns, TYPE_FILL)
        write(sheet, row, 1, roman, face(bold=True), placed("center"))
        write(sheet, row, 2, f"{COMMUNE_TYPES[kind]} ({len(communes)})", face(bold=True))
        for column, indicator in enumerate(members, 3):
            total = data.total.get((indicator.indicator, kind))
            write_total(sheet, row, column, total, face(bold=True), indicator.unit)
        band(sheet, row, columns, TYPE_FILL)
        row += 1
        for order, commune in enumerate(communes, 1):
            write(sheet, row, 1, order, at=placed("center"))
            write(sheet, row, 2, commune.full_name, at=placed("left", wrap=False))
            for column, indicator in enumerate(members, 3):
                value = data.value.get((commune.commune_code, indicator.indicator))
                write_value(sheet, row, column, value, indicator)
            row += 1
    sheet.freeze_panes = f"C{FIRST_COMMUNE_ROW}"
    page(sheet, source, f"{_HEAD_ROW}:{_HEAD_ROW + 2}", columns="A:B", wide=pages)


def _total_rows(sheet: Worksheet, data: RoundFigures, members: list[IndicatorFacts]) -> None:
    bold = face(bold=True)
    write(sheet, _TOTAL_ROW, 2, "TOÀN THÀNH PHỐ", bold)
    write(sheet, _COVERAGE_ROW, 2, "Số đơn vị có số liệu", face(italic=True))
    for column, indicator in enumerate(members, 3):
        city = data.total[indicator.indicator, "city"]
        write_total(sheet, _TOTAL_ROW, column, city, bold, indicator.unit)
        share = f"{city.reported}/{city.expected}"
        write(sheet, _COVERAGE_ROW, column, share, face(italic=True), placed("right", wrap=False))
    band(sheet, _TOTAL_ROW, len(members) + 2)
    band(sheet, _COVERAGE_ROW, len(members) + 2, "FFFFFF")


def _ranking_sheet(
    sheet: Worksheet, data: RoundFigures, places: dict[tuple[str, str], tuple[int, int]], source: str
) -> None:
    rates = [i for i in data.indicators if i.kind == "rate"]
    title(sheet, "XẾP HẠNG TRONG CÙNG LOẠI ĐƠN VỊ", _subtitle(data, source), len(rates) + 4)
    note = (
        "Chỉ xếp hạng các tỷ lệ, vì số đếm phụ thuộc quy mô của đơn vị. Hạng 1 là giá trị lớn nhất; bằng nhau thì cùng "
        "hạng. Hai cột đầu đếm số tỷ lệ mà đơn vị ở nhóm 20% cao nhất, thấp nhất; loại có dưới 10 đơn vị không chia nhóm."
    )
    write(sheet, 3, 1, note, face(italic=True, colour=GREY, size=9), placed("left", wrap=False), boxed=False)
    names = ["TT", "Đơn vị", "Số lần cao nhất", "Số lần thấp nhất", *(i.name_vi for i in rates)]
    head(sheet, 4, names, height=90)
    widths(sheet, [5, 26, 8, 8, *[12.5] * len(rates)])
    standing = {s.commune_code: s for s in data.standings}
    row = 5
    for kind in KINDS:
        first = row + 1
        communes = data.of_kind(kind)
        if not communes:
            continue
        write(sheet, row, 2, f"{COMMUNE_TYPES[kind]} ({len(communes)})", face(bold=True))
        band(sheet, row, len(names), TYPE_FILL)
        row += 1
        for order, commune in enumerate(communes, 1):
            write(sheet, row, 1, order, at=placed("center"))
            write(sheet, row, 2, commune.full_name, at=placed("left", wrap=False))
            own = standing.get(commune.commune_code)
            for column, times in ((3, own.highest if own else None), (4, own.lowest if own else None)):
                write(sheet, row, column, words.MISSING if times is None else times, at=placed("center"))
            for column, rate in enumerate(rates, 5):
                place = places.get((commune.commune_code, rate.indicator))
                write(sheet, row, column, place[0] if place else words.MISSING, at=placed("center"))
            row += 1
        if rates:
            area = f"E{first}:{get_column_letter(len(names))}{row - 1}"
            scale = ColorScaleRule(start_type="min", start_color="C6E0B4", end_type="max", end_color="FBE5D6")
            sheet.conditional_formatting.add(area, scale)
    sheet.freeze_panes = "C5"
    page(sheet, source, "4:4", columns="A:B", wide=math.ceil(len(rates) / 12) or 1)


def _completeness_sheet(sheet: Worksheet, data: RoundFigures, source: str) -> None:
    due = f"Hạn nộp: {words.day(data.round.due_on)}"
    title(sheet, "TÌNH HÌNH NỘP VÀ MỨC ĐẦY ĐỦ", f"{_subtitle(data, source)} · {due}", 9)
    names = ["TT", "Đơn vị", "Loại", "Thời điểm nhận", "Đúng hạn", "Số ngày chậm", "Trạng thái"]
    names += ["Chỉ tiêu bắt buộc đã có", "Chỉ tiêu bắt buộc", "Tỷ lệ (%)", "Phát hiện còn mở"]
    head(sheet, _HEAD_ROW, names)
    widths(sheet, [5, 28, 11, 21, 10, 9, 25, 11, 11, 11, 11])
    row = _HEAD_ROW + 1
    for order, commune in enumerate(data.communes, 1):
        own = data.covered[commune.commune_code]
        received = words.moment(own.received_at) or words.MISSING
        on_time = {True: "Có", False: "Không", None: words.MISSING}[own.on_time]
        late = words.MISSING if own.days_late is None else own.days_late
        write(sheet, row, 1, order, at=placed("center"))
        write(sheet, row, 2, commune.full_name, at=placed("left", wrap=False))
        write(sheet, row, 3, commune.commune_type_vi)
        for column, content in ((4, received), (5, on_time), (6, late)):
            write(sheet, row, column, content, at=placed("center", wrap=False))
        write(sheet, row, 7, words.COVERAGE[own.state])
        for column, number in ((8, own.filled_required), (9, own.required), (11, own.open_findings)):
            write(sheet, row, column, number, at=placed("center"))
        share = 100 * own.filled_required / own.required if own.required else 0.0
        write(sheet, row, 10, share, number_format=RATE_FORMAT)
        if not own.submitted:
            band_colour = "FCE4D6"
            for column in range(1, len(names) + 1):
                sheet.cell(row, column).fill = fill(band_colour)
        row += 1
    bar = DataBarRule("num", 0, "num", 100, color="9DC3E6")
    sheet.conditional_formatting.add(f"J{_HEAD_ROW + 1}:J{row - 1}", bar)
    sheet.auto_filter.ref = f"A{_HEAD_ROW}:{get_column_letter(len(names))}{row - 1}"
    sheet.freeze_panes = f"C{_HEAD_ROW + 1}"
    page(sheet, source, f"{_HEAD_ROW}:{_HEAD_ROW}")
