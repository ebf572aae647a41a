"""Native charts of the consolidated workbook, each beside the small table it is drawn from.

Belongs here: charts. Does not belong: any figure that the mart does not have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.worksheet.pagebreak import Break

from nq57_assets.catalogue import COMMUNE_TYPES, Catalogue
from nq57_assets.outputs import words
from nq57_assets.outputs.annex_style import face, head, page, placed, title, widths, write
from nq57_assets.outputs.figures import KINDS, RoundFigures

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_COLOURS = {
    "complete": "2E75B6",
    "partial": "9DC3E6",
    "empty": "D9D9D9",
    "unreadable": "F4B183",
    "missing": "C55A11",
}
_FEWEST, _COMMONEST = 15, 8


def draw_charts(sheet: Worksheet, data: RoundFigures, catalogue: Catalogue, source: str) -> None:
    """Draw who has reported by type, the indicators with the fewest figures, and the commonest findings."""
    title(sheet, "BIỂU ĐỒ", f"{data.round.title_vi} · {source}", 6)
    widths(sheet, [50, 10, 10, 10, 3])
    row = _states(sheet, 3, data)
    row = _fewest(sheet, max(row + 2, 22), data)
    last = max(row + 2, 46)
    _findings(sheet, last, data, catalogue)
    # Two charts fill a page; the third begins the next one whole.
    sheet.row_breaks.append(Break(id=last - 1))
    sheet.print_area = "A1:Q72"
    page(sheet, source, None)


def _states(sheet: Worksheet, row: int, data: RoundFigures) -> int:
    kinds = [kind for kind in KINDS if data.of_kind(kind)]
    head(sheet, row, ["Tình trạng báo cáo (số đơn vị)", *(COMMUNE_TYPES[kind] for kind in kinds)], height=20)
    first = row
    states = {kind: [data.covered[c.commune_code].state for c in data.of_kind(kind)] for kind in kinds}
    shown = [state for state in _COLOURS if any(state in own for own in states.values())]
    for state in shown:
        row += 1
        write(sheet, row, 1, words.COVERAGE[state])
        for column, kind in enumerate(kinds, 2):
            write(sheet, row, column, states[kind].count(state), at=placed("center"))
    chart = _bars("Tình trạng báo cáo theo loại đơn vị", height=8.5)
    chart.grouping, chart.overlap = "stacked", 100
    area = Reference(sheet, min_col=1, max_col=1 + len(kinds), min_row=first + 1, max_row=row)
    chart.add_data(area, titles_from_data=True, from_rows=True)
    chart.set_categories(Reference(sheet, min_col=2, max_col=1 + len(kinds), min_row=first))
    for series, state in zip(chart.series, shown, strict=True):
        series.graphicalProperties = GraphicalProperties(solidFill=_COLOURS[state])
    chart.legend.position = "b"
    sheet.add_chart(chart, f"F{first}")
    return row


def _fewest(sheet: Worksheet, row: int, data: RoundFigures) -> int:
    city = sorted((data.total[i.indicator, "city"].reported, i.position, i.name_vi) for i in data.indicators)[
        :_FEWEST
    ]
    head(sheet, row, ["Chỉ tiêu có ít đơn vị báo cáo nhất", "Số đơn vị"], height=20)
    first = row
    for reported, _, name in city:
        row += 1
        write(sheet, row, 1, name, face(size=9), placed("left", wrap=False))
        write(sheet, row, 2, reported, at=placed("center"))
    _single(sheet, "Chỉ tiêu có ít đơn vị báo cáo nhất", first, row, "2E75B6", 12)
    return row


def _findings(sheet: Worksheet, row: int, data: RoundFigures, catalogue: Catalogue) -> None:
    if not data.findings_by_rule:
        write(sheet, row, 1, "Không có phát hiện nào còn mở.", face(italic=True), boxed=False)
        return
    head(sheet, row, ["Phát hiện còn mở theo quy tắc", "Số phát hiện"], height=20)
    first = row
    for rule, _, found, _ in data.findings_by_rule[:_COMMONEST]:
        row += 1
        named = catalogue.rule.get(rule)
        write(sheet, row, 1, named.title_vi if named else rule, face(size=9), placed("left", wrap=False))
        write(sheet, row, 2, found, at=placed("center"))
    _single(sheet, "Phát hiện còn mở theo quy tắc", first, row, "C55A11", 12)


def _single(sheet: Worksheet, name: str, first: int, last: int, colour: str, height: float) -> None:
    chart = _bars(name, height)
    chart.add_data(Reference(sheet, min_col=2, min_row=first, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=first + 1, max_row=last))
    chart.legend = None
    chart.series[0].graphicalProperties = GraphicalProperties(solidFill=colour)
    sheet.add_chart(chart, f"F{first}")


def _bars(name: str, height: float) -> BarChart:
    chart = BarChart()
    chart.type, chart.style, chart.title = "bar", 10, name
    chart.width, chart.height, chart.gapWidth = 21, height, 40
    # openpyxl hides both axes unless told otherwise; the bars carry their figures, so that only names are needed.
    chart.x_axis.delete, chart.y_axis.delete = False, True
    chart.x_axis.tickLblSkip = 1
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.majorGridlines = None
    chart.y_axis.number_format, chart.y_axis.scaling.min = "0", 0
    chart.dataLabels = DataLabelList()
    chart.dataLabels.showVal = True
    for other in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
        setattr(chart.dataLabels, other, False)
    return chart
