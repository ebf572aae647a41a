"""Rows of tables in text: drawn with pipes, tabs or gaps, a cell a line, or flattened by OCR with wrapped cells.

Belongs here: where a table begins and ends, which lines form a row, which figure of a row is its value.
Does not belong: which indicator a row fills (``match``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import re2

from nq57_assets.extract.cells import ROW_NUMBER, is_title_row, split_cells
from nq57_assets.extract.cells import Row as Row
from nq57_assets.extract.column_roles import roles_of, titles_columns
from nq57_assets.extract.drawn_tables import DrawnTables
from nq57_assets.extract.flattened_tables import FlattenedTables
from nq57_assets.extract.grammar import Grammar
from nq57_assets.extract.parted_columns import PartedColumns
from nq57_assets.extract.passages import is_damaged
from nq57_assets.extract.questions import in_one_line
from nq57_assets.extract.report_period import Period
from nq57_assets.extract.row_values import ends_in_value
from nq57_assets.extract.spaced_thousands import as_written, parts_by_blanks, with_dots
from nq57_assets.extract.stacked_tables import StackedTables
from nq57_assets.extract.terse import tells_pairs
from nq57_assets.extract.titles import may_name_columns
from nq57_assets.extract.torn_titles import VALUED, may_begin
from nq57_assets.model import Document

_LONGEST_GROUP, _LONGEST_NUMBERED = 50, 70
_LONG = Period()
_FEWEST_BESIDE = 3
_BESIDE = re2.compile(r"(?:[\s|][-+]?\d[\d.,]*%?[\s|]*){3}(?:$|[\s|])")
_BULLET = re2.compile(r"^\s*[-–—+*•]\s*\pL")
_NUMBERED_ROW = re2.compile(
    r"^\s*(\d{1,2})[.)|\s]+[\pL\pM$][^.;]{5,110}?[\s|:][<>≥≤~]?\s?[\d.,/]+\s?%?\s*\|?\s*$"
)


def find_rows(
    document: Document,
    headings: frozenset[tuple[int | None, int | None]],
    grammar: Grammar,
    year: int | None = None,
    period: Period = _LONG,
) -> list[Row]:
    """Return the rows of every table of a document, the header row among them without a value.

    Args:
        document: Blocks in reading order.
        headings: (page, line) of the headings, where a table ends.
        grammar: Tells which words are nouns of a unit column.
        year: Year that the document reports on: of two columns with years, its column holds the values.
        period: What it reports on: in a report on a month, the month's column goes before the running total.
    """
    spaced = parts_by_blanks(document.blocks)
    if spaced:
        document = replace(document, blocks=tuple(map(with_dots, document.blocks)))
    reader = _Tables(document, headings, grammar, year, period)
    rows: list[Row] = []
    index = 0
    while index < len(document.blocks):
        region = reader.region(index)
        if region:
            rows += reader.rows([*reader.rows_above(region[0], rows), *region])
            index = region[-1] + 1
        else:
            index += 1
    rows = [row for row in rows if len(row.lines) > 1 or not _tells_all(document.blocks[row.lines[0]].text)]
    return [replace(row, passage=as_written(row.passage)) for row in rows] if spaced else rows


def _tells_all(text: str) -> bool:
    """Whether a line names each of its figures, "Tin / bài: 12 / 30" or "tổ: 5 | người: 30", so that it is no row."""
    return in_one_line(text) or tells_pairs(text)


def _row_number(text: str) -> int | None:
    number = ROW_NUMBER.match(text)
    return int(number.group(1)) if number and number.group(1).isdigit() else None


class _Tables:
    def __init__(
        self,
        document: Document,
        headings: frozenset[tuple[int | None, int | None]],
        grammar: Grammar,
        year: int | None,
        period: Period,
    ) -> None:
        self._year = year
        self._period = period
        self._blocks = document.blocks
        self._headings = headings
        self._damaged = is_damaged(document.text)
        self._drawn = DrawnTables(document.blocks, grammar, self._damaged, year, period)
        self._flattened = FlattenedTables(document.blocks, grammar, self._damaged, self._drawn, year, period)
        self._values = self._flattened.columns
        self._parted = PartedColumns(document.blocks, self._damaged)
        self._stacked = StackedTables(document.blocks, self._drawn, self._damaged, year, period)

    def _text(self, index: int) -> str:
        return self._blocks[index].text

    def _filled(self, start: int, count: int) -> list[int]:
        """Return the indexes of the next lines that hold text."""
        found: list[int] = []
        for index in range(start, min(len(self._blocks), start + 4 * count)):
            if self._text(index).strip():
                found.append(index)
                if len(found) == count:
                    break
        return found

    def _begins(self, index: int) -> bool:
        text = self._text(index)
        if not text.strip() or self._is_heading(index):
            return False
        if is_title_row(text) or (len(split_cells(text)) >= 3 and (text.count("|") >= 2 or "\t" in text)):
            return True
        if may_name_columns(text) and "\t" not in text:
            below = [self._text(i) for i in self._filled(index, 6)[1:]]
            return sum(1 for line in below if len(line) < 110 and ends_in_value(line)) >= 2 or (
                sum(map(self._values.has_figure, below)) >= 3
            )
        if self._names_three(index) or self._stand_in_columns(index):
            return True
        numbers = []
        for following in self._filled(index, 3):
            line = self._text(following).lstrip()
            match = _NUMBERED_ROW.match(line) if line[:1].isdigit() else None
            if match is None:
                return False
            numbers.append(int(match.group(1)))
        return len(numbers) == 3 and 0 < numbers[0] < numbers[1] < numbers[2]

    def _names_three(self, index: int) -> bool:
        """Whether lines are the wrapped titles of three columns or more, and rows with figures follow."""
        if not may_begin(self._text(index)):
            return False
        count, _ = self._flattened.titles(self._filled(index, 5))
        below = self._filled(index, 8)[count:]
        return count > 0 and sum(self._values.has_figure(self._text(i)) for i in below) >= 2

    def _stand_in_columns(self, index: int) -> bool:
        """Whether as many figures, three or more, stand side by side behind the labels of lines that follow each other."""
        if not _BESIDE.search(self._text(index)):
            return False
        beside = [self._values.beside(self._text(i)) for i in self._filled(index, 5)]
        return beside[0] >= _FEWEST_BESIDE and beside.count(beside[0]) > 3

    def rows_above(self, start: int, known: Sequence[Row]) -> list[int]:
        """Return the lines directly above a numbered row that are rows whose own number was misread."""
        first = ROW_NUMBER.match(self._text(start))
        found: list[int] = []
        missing = int(first.group(1)) - 1 if first and first.group(1).isdigit() else 0
        if not 0 < missing <= 3:
            return found
        taken = {i for row in known for i in row.lines}
        index = start - 1
        while 0 < missing <= 3 and index >= 0 and index not in taken:
            text = self._text(index).strip()
            if text and (len(text) > 110 or not ends_in_value(text) or self._is_heading(index)):
                break
            if text:
                found.insert(0, index)
                missing -= 1
            index -= 1
        return found

    def _is_heading(self, index: int) -> bool:
        address = self._blocks[index].address
        marked = (address.page, address.line) in self._headings
        if marked and "\t" in self._text(index).strip():
            return not titles_columns(split_cells(self._text(index)), self._year)
        return marked and not _NUMBERED_ROW.match(self._text(index))

    def region(self, start: int) -> list[int]:
        """Return the lines of the table that starts at ``start``, or none."""
        if parted := self._parted.region(start):
            return parted
        if not self._is_heading(start) and (stacked := self._stacked.region(start)):
            return stacked
        aligned = [] if self._is_heading(start) else self._drawn.region(start)
        if aligned and not self._flattened.titles(self._filled(start, 5))[0]:
            return aligned
        if not self._begins(start):
            return []
        region, gap = [start], False
        last = _row_number(self._text(start))
        titled = is_title_row(self._text(start))
        _, named = self._flattened.titles(self._filled(start, 5))
        drawn = all(len(split_cells(self._text(i))) >= 3 for i in self._filled(start, 2))
        for index in range(start + 1, len(self._blocks)):
            text = self._text(index).strip()
            if not text:
                gap = True
                continue
            if gap and self._titles_anew(index):
                break
            number = _row_number(text)
            next_row = last is not None and number == last + 1
            last = number if number is not None else last
            row_like = next_row or len(split_cells(text)) >= 3 or ROW_NUMBER.match(text) is not None
            told = text.count(";") > 1 and ":" in text and sum(map(str.isdigit, text)) > 3
            prose = (len(text) > (60 if gap else 130) or told) and not row_like
            if named and not row_like and self._columns_go_on(index, named):
                region.append(index)
                gap = False
                continue
            if self._is_heading(index) and not next_row and not (drawn and row_like and "|" in text):
                if titled and self._numbers_go_on(index, last):
                    continue
                break
            closing = text.isupper() and len(text) > 8 and not any(map(str.isdigit, text)) and "|" not in text
            if closing and titled and self._numbers_go_on(index, last):
                continue
            if prose or closing or (_BULLET.match(text) and not row_like and not self._resumes(index)):
                break
            if (
                gap
                and drawn
                and not row_like
                and not self._damaged
                and "|" not in "".join(map(self._text, region[-2:]))
            ):
                break
            region.append(index)
            gap = False
        return region

    def _titles_anew(self, index: int) -> bool:
        """Whether a line, or the one below the name of a table, holds titles in cells and rows stand below it."""
        here = [index, *self._filled(index, 2)[1:]] if len(split_cells(self._text(index))) == 1 else [index]
        return any(
            len(cells := split_cells(self._text(i))) > 2
            and titles_columns(cells, self._year)
            and len(self._drawn.region(i)) > _FEWEST_BESIDE
            for i in here
        )

    def _numbers_go_on(self, heading: int, last: int | None) -> bool:
        """Whether a short title inside a table is followed by the row with the next number."""
        following = [self._text(i).strip() for i in self._filled(heading, 3)[1:]]
        rows = [line for line in following if len(line) < _LONGEST_NUMBERED and line[-1:] not in ".;:,"]
        numbers = [_row_number(line) for line in rows if self._values.has_figure(line)]
        return len(self._text(heading)) < _LONGEST_GROUP and (last or 0) + 1 in numbers

    def _columns_go_on(self, index: int, titles: Sequence[str]) -> bool:
        """Whether a short line is followed by rows with figures side by side, as many columns of values have."""
        if (
            len(self._text(index)) > _LONGEST_NUMBERED
            or sum(r in VALUED for r in roles_of(titles, self._year)) < 2
        ):
            return False
        return any(self._values.beside(self._text(i)) > 1 for i in self._filled(index, 4)[1:])

    def _resumes(self, index: int) -> bool:
        """Whether a short listing inside a cell is followed by another numbered row."""
        following = self._filled(index, 6)
        short = all(len(self._text(i)) < 60 for i in following[:2])
        return short and any(ROW_NUMBER.match(self._text(i)) for i in following[1:])

    def rows(self, region: list[int]) -> list[Row]:
        """Cut a table into rows, by the way it is drawn."""
        if self._parted.region(region[0]) == region:
            return self._parted.rows(region[0])
        if self._stacked.region(region[0]) == region:
            return self._stacked.rows(region[0])
        cells = [len(split_cells(self._text(index))) for index in region]
        wide = [count for count in cells if count >= 3]
        if self._flattened.titles(region[:5])[0]:
            return self._flattened.rows(region)
        alike = bool(wide) and wide.count(max(wide, key=wide.count)) >= 0.6 * len(wide)
        if (
            len(wide) >= 0.6 * len(region) and (alike or not self._flattened.proves(region))
        ) or self._drawn.region(region[0]) == region:
            return self._drawn.rows(region)
        return self._flattened.rows(region)
