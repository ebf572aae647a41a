"""The slow, complete look at a workbook by openpyxl: formulas, error cells, percentages, hidden rows and columns."""

from __future__ import annotations

import io
import warnings

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from nq57_assets.readers.sheets import Sheet, typed


def add_formulas(data: bytes, sheets: list[Sheet]) -> None:
    """Fill ``errors``, ``uncached`` and ``percent`` of the sheets, in place.

    Values are taken from openpyxl where a formula or an error stands, so that both libraries need not agree on them.
    """
    with warnings.catch_warnings():
        # openpyxl warns of parts that it does not keep; we write nothing back.
        warnings.simplefilter("ignore")
        written = load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
        cached = load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    for sheet in sheets:
        if sheet.name in written.sheetnames and isinstance(written[sheet.name], Worksheet):
            _add(sheet, written[sheet.name], cached[sheet.name])


def hidden_lines(data: bytes) -> dict[str, tuple[frozenset[int], frozenset[int]]]:
    """Return the hidden rows and columns of each worksheet by its name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(data), keep_links=False)
    return {sheet.title: (_hidden_rows(sheet), _hidden_columns(sheet)) for sheet in book.worksheets}


def _hidden_rows(sheet: Worksheet) -> frozenset[int]:
    return frozenset(row for row, shape in sheet.row_dimensions.items() if shape.hidden)


def _hidden_columns(sheet: Worksheet) -> frozenset[int]:
    columns: set[int] = set()
    for shape in sheet.column_dimensions.values():
        if shape.hidden and shape.min and shape.max:
            columns.update(range(shape.min, min(shape.max, sheet.max_column) + 1))
    return frozenset(columns)


def _add(sheet: Sheet, written: Worksheet, cached: Worksheet) -> None:
    for row in written.iter_rows():
        for cell in row:
            if cell.value is None:
                continue
            place = (cell.row, cell.column)
            if "%" in (cell.number_format or "") and place in sheet.cells:
                sheet.percent.add(place)
            if cell.data_type not in ("f", "e"):
                continue
            result = cached.cell(*place)
            if result.data_type == "e" or cell.data_type == "e":
                sheet.errors[place] = str(result.value or cell.value)
                sheet.cells[place] = sheet.errors[place]
            elif result.value is None:
                formula = getattr(cell.value, "text", cell.value)
                sheet.uncached[place] = str(formula)
                sheet.cells.pop(place, None)
            else:
                sheet.cells[place] = typed(result.value)
