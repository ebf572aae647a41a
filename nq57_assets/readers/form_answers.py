"""The answers of our form in a workbook, found by the codes beside them wherever they have been moved to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from nq57_assets.catalogue import Catalogue
from nq57_assets.model import Address, CellValue, Finding, FormCell, FormStamp
from nq57_assets.readers import form_codes as codes
from nq57_assets.readers.sheets import Place, Sheet, column_letters, shown
from nq57_assets.vietnamese.fold import fold

_KEYS = (codes.FORM_VERSION, codes.ROUND_ID, codes.COMMUNE_CODE)
_COLUMN_CODES = (codes.CODE, codes.LABEL, codes.UNIT, codes.VALUE, codes.NIL, codes.NOTE)
_VISIBLE_TITLES = {
    "chi tieu": codes.LABEL,
    "don vi tinh": codes.UNIT,
    "so lieu": codes.VALUE,
    "khong phat sinh": codes.NIL,
    "ghi chu": codes.NOTE,
}
_NIL = {"x", "v", "✓", "✔", "khong phat sinh", "kps", "1"}
# Below this many known codes in one column, a sheet without our hidden row is taken for somebody's own table.
_FEWEST_CODES = 3


@dataclass(frozen=True, slots=True)
class FormReading:
    """What a workbook holds of our form; ``stamp`` is None when it is no form of ours."""

    stamp: FormStamp | None
    cells: tuple[FormCell, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    """One row with a code; ``column`` is where its answer stands."""

    sheet: Sheet
    code: str
    row: int
    columns: dict[str, int]

    def value(self, column_code: str) -> CellValue:
        column = self.columns.get(column_code)
        return None if column is None else self.sheet.cells.get((self.row, column))

    @property
    def place(self) -> Place:
        return (self.row, self.columns[codes.VALUE])

    @property
    def address(self) -> Address:
        return Address(sheet=self.sheet.name, cell=f"{column_letters(self.place[1])}{self.row}")


def _columns(sheet: Sheet, catalogue: Catalogue) -> dict[str, int]:
    """Return column code → column; empty when the sheet holds no answers of our form."""
    found: dict[str, int] = {}
    for (_, column), value in sheet.cells.items():
        if value in _COLUMN_CODES:
            found.setdefault(str(value), column)
    if codes.CODE in found and codes.VALUE in found:
        return found
    # The hidden row is gone (sorted, deleted, pasted without it): the codes themselves and the visible titles remain.
    known: dict[int, int] = defaultdict(int)
    titles: dict[str, int] = {}
    for (_, column), value in sheet.cells.items():
        if isinstance(value, str):
            known[column] += value.removesuffix(codes.DENOMINATOR) in catalogue.indicator
            title = _VISIBLE_TITLES.get(" ".join(fold(value).split()))
            if title:
                titles.setdefault(title, column)
    code_column = max(known, key=lambda column: known[column], default=0)
    if not code_column or known[code_column] < _FEWEST_CODES or codes.VALUE not in titles:
        return {}
    return {**titles, codes.CODE: code_column}


def _rows(sheets: list[Sheet], catalogue: Catalogue) -> Iterator[_Row]:
    """Yield every row with a code, and with an empty code those that answer with a number and have lost theirs."""
    for sheet in sheets:
        columns = {} if sheet.is_stamp else _columns(sheet, catalogue)
        if not columns:
            continue
        coded = {
            row: value.strip()
            for (row, column), value in sheet.cells.items()
            if column == columns[codes.CODE] and isinstance(value, str) and value.strip()
        }
        numbered = {
            row
            for (row, column), value in sheet.cells.items()
            if column == columns[codes.VALUE] and isinstance(value, int | float)
        }
        for row in sorted(coded.keys() | numbered):
            code = coded.get(row, "")
            if not code.startswith(codes.PREFIX):
                yield _Row(sheet, code, row, columns)


def _is_nil(value: CellValue) -> bool:
    return value is True or fold(shown(value)).strip() in _NIL


def _answer(row: _Row, percent: bool) -> CellValue:
    """Return the value cell; a percentage format is undone, since rates are kept in percent."""
    value = row.value(codes.VALUE)
    if row.place in row.sheet.errors:
        return None
    if (
        percent
        and row.place in row.sheet.percent
        and isinstance(value, int | float)
        and not isinstance(value, bool)
    ):
        scaled = round(value * 100, 10)
        return int(scaled) if scaled.is_integer() else scaled
    return value.strip() or None if isinstance(value, str) else value


def _cell_findings(row: _Row, indicator: str) -> Iterator[Finding]:
    error, formula = row.sheet.errors.get(row.place), row.sheet.uncached.get(row.place)
    if error is not None:
        yield Finding("value_error_cell", row.address, indicator, observed=error)
    if formula is not None:
        yield Finding("value_formula_uncached", row.address, indicator, observed=formula)


def _form_cell(row: _Row, catalogue: Catalogue) -> FormCell:
    indicator = catalogue.indicator[row.code]
    value = _answer(row, percent=indicator.unit == "%")
    nil = _is_nil(row.value(codes.NIL))
    if isinstance(value, str) and fold(value) in ("khong phat sinh", "kps"):
        value, nil = None, True
    unit = row.value(codes.UNIT)
    note = shown(row.value(codes.NOTE)).strip()
    choice = shown(row.value(codes.NIL)).strip()
    if choice and not nil:
        # Words that are no choice of ours decide nothing, but they are kept.
        note = "; ".join(part for part in (note, f'cột "Không phát sinh" ghi "{choice}"') if part)
    return FormCell(row.code, value, nil, note, row.address, unit=None if unit is None else shown(unit))


def _duplicate(indicator: str, cells: list[FormCell]) -> tuple[list[FormCell], list[Finding]]:
    """Settle rows that carry the same code: blank ones go, equal ones are one, different ones are a finding."""
    answered = [cell for cell in cells if cell.value is not None or cell.nil]
    distinct: dict[tuple[CellValue, bool, CellValue], FormCell] = {}
    for cell in answered:
        distinct.setdefault((cell.value, cell.nil, cell.denominator), cell)
    kept = list(distinct.values()) or cells[:1]
    if len(kept) < 2:
        return kept, []
    seen = "; ".join(
        f"{'không phát sinh' if c.nil and c.value is None else shown(c.value)} ({c.address})" for c in kept
    )
    return kept, [Finding("value_duplicate_code", kept[1].address, indicator, observed=seen)]


def _cells(sheets: list[Sheet], catalogue: Catalogue) -> tuple[list[FormCell], list[Finding]]:
    findings: list[Finding] = []
    by_code: dict[str, list[FormCell]] = {}
    wholes: dict[str, CellValue] = {}
    for row in _rows(sheets, catalogue):
        indicator = row.code.removesuffix(codes.DENOMINATOR)
        if indicator not in catalogue.indicator:
            seen = row.code or f'(trống, dòng "{shown(row.value(codes.LABEL))}")'
            findings.append(Finding("value_unknown_code", row.address, observed=seen))
            continue
        findings += _cell_findings(row, indicator)
        if row.code != indicator:
            whole = _answer(row, percent=False)
            wholes[indicator] = wholes.get(indicator) if whole is None else whole
            continue
        by_code.setdefault(indicator, []).append(_form_cell(row, catalogue))
    cells: list[FormCell] = []
    for indicator, found in by_code.items():
        kept, broken = _duplicate(indicator, found)
        cells += (replace(cell, denominator=wholes.get(indicator)) for cell in kept)
        findings += broken
    return cells, findings


def _stamped(sheets: list[Sheet]) -> dict[str, str]:
    """Return the keys of the hidden sheet with the text of the cell to their right."""
    found: dict[str, str] = {}
    for sheet in sheets:
        for (row, column), key in sheet.cells.items():
            if key in _KEYS:
                value = shown(sheet.cells.get((row, column + 1))).strip()
                if value:
                    found.setdefault(str(key), value)
    return found


def _visible_commune(sheets: list[Sheet], catalogue: Catalogue) -> tuple[str | None, Address]:
    """Return the unit chosen in the visible line and where it stands; only the exact words of the list count."""
    labels = {fold(f"{c.full_name} ({c.commune_code})"): c.commune_code for c in catalogue.communes}
    for sheet in sheets:
        lines = {row for (row, _), value in sheet.cells.items() if value == codes.COMMUNE_ROW}
        for (row, column), value in sorted(sheet.cells.items()):
            if row in lines and isinstance(value, str) and (code := labels.get(fold(value).strip())):
                return code, Address(sheet=sheet.name, cell=f"{column_letters(column)}{row}")
    return None, Address()


def _commune(
    stamped: str | None, sheets: list[Sheet], catalogue: Catalogue
) -> tuple[str | None, list[Finding]]:
    """Return the unit that hidden stamp and visible line agree on; None, with a finding, when they do not."""
    code = stamped.zfill(5) if stamped else None
    visible, address = _visible_commune(sheets, catalogue)
    if code and visible and code != visible:
        seen = f"mã ẩn của biểu mẫu là {code}, đơn vị ghi trên biểu là {catalogue.commune[visible].full_name} ({visible})"
        return None, [Finding("file_identity_conflict", address, observed=seen)]
    return code or visible, []


def read_form(sheets: list[Sheet], catalogue: Catalogue) -> FormReading:
    """Return stamp, answers and findings of our form, wherever rows, columns and sheets have been moved."""
    stamped = _stamped(sheets)
    cells, findings = _cells(sheets, catalogue)
    if not stamped and not cells:
        return FormReading(None)
    commune, conflict = _commune(stamped.get(codes.COMMUNE_CODE), sheets, catalogue)
    stamp = FormStamp(stamped.get(codes.FORM_VERSION), stamped.get(codes.ROUND_ID), commune)
    return FormReading(stamp, tuple(cells), tuple(conflict + findings))
