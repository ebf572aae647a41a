"""Rows of tables in text: drawn with pipes, tabs or gaps, a cell a line, or flattened by OCR with wrapped cells.

Belongs here: where a table begins and ends, which lines form a row, which figure of a row is its value.
Does not belong: which indicator a row fills (``match``).
"""

from __future__ import annotations

from collections.abc import Sequence

import re2

from nq57_assets.extract.cells import ROW_NUMBER, is_title_row, split_cells
from nq57_assets.extract.cells import Row as Row
from nq57_assets.extract.drawn_tables import DrawnTables
from nq57_assets.extract.grammar import Grammar
from nq57_assets.extract.passages import Passage, build_passage, is_damaged
from nq57_assets.extract.report_period import Period
from nq57_assets.extract.row_values import FlattenedColumns, ends_in_value
from nq57_assets.extract.stacked_tables import StackedTables
from nq57_assets.extract.titles import column_asked, goes_on, may_name_columns, read_titles
from nq57_assets.model import Document

_LABEL_START = re2.compile(
    r"^\W*(?:[SsŠ$][oOôố6éạeb0&d]|[Tt][oôổ6é]ng s|T[yỷiỉYÿ]\s?[l1I|]|D[ai][âa]?n s|Di[eệé¢]n t|Nh[oóé]m)"
)
_GROUP_TITLE = re2.compile(r"^\s*[IVXHlL1|]{1,4}\s*[|.]?\s+\p{Lu}")
_LONGEST_ROW = 40
_LONGEST_GROUP, _LONGEST_NUMBERED = 50, 70
_LONG = Period()
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
    return rows


def _is_garbled(text: str, value: int) -> bool:
    """Whether a mark that parts no digits stands inside what was a figure: ``90;9``."""
    return (
        bool(value) and text[value - 1 : value] in (";", ":", "'") and text[value - 2 : value - 1].isdigit()
    )


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
        self._grammar = grammar
        self._damaged = is_damaged(document.text)
        self._values = FlattenedColumns(grammar, self._damaged)
        self._drawn = DrawnTables(document.blocks, grammar, self._damaged, year, period)
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
        numbers = []
        for following in self._filled(index, 3):
            line = self._text(following).lstrip()
            match = _NUMBERED_ROW.match(line) if line[:1].isdigit() else None
            if match is None:
                return False
            numbers.append(int(match.group(1)))
        return len(numbers) == 3 and 0 < numbers[0] < numbers[1] < numbers[2]

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
        return marked and not _NUMBERED_ROW.match(self._text(index))

    def region(self, start: int) -> list[int]:
        """Return the lines of the table that starts at ``start``, or none."""
        aligned = [] if self._is_heading(start) else self._stacked.region(start) or self._drawn.region(start)
        if aligned:
            return aligned
        if not self._begins(start):
            return []
        region, gap = [start], False
        last = _row_number(self._text(start))
        titled = is_title_row(self._text(start))
        drawn = all(len(split_cells(self._text(i))) >= 3 for i in self._filled(start, 2))
        for index in range(start + 1, len(self._blocks)):
            text = self._text(index).strip()
            if not text:
                gap = True
                continue
            number = _row_number(text)
            next_row = last is not None and number == last + 1
            last = number if number is not None else last
            row_like = next_row or len(split_cells(text)) >= 3 or ROW_NUMBER.match(text) is not None
            told = text.count(";") > 1 and ":" in text and sum(map(str.isdigit, text)) > 3
            prose = (len(text) > (60 if gap else 130) or told) and not row_like
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

    def _numbers_go_on(self, heading: int, last: int | None) -> bool:
        """Whether a short title inside a table is followed by the row with the next number."""
        following = [self._text(i).strip() for i in self._filled(heading, 3)[1:]]
        rows = [line for line in following if len(line) < _LONGEST_NUMBERED and line[-1:] not in ".;:,"]
        numbers = [_row_number(line) for line in rows if self._values.has_figure(line)]
        return len(self._text(heading)) < _LONGEST_GROUP and (last or 0) + 1 in numbers

    def _resumes(self, index: int) -> bool:
        """Whether a short listing inside a cell is followed by another numbered row."""
        following = self._filled(index, 6)
        short = all(len(self._text(i)) < 60 for i in following[:2])
        return short and any(ROW_NUMBER.match(self._text(i)) for i in following[1:])

    def rows(self, region: list[int]) -> list[Row]:
        """Cut a table into rows, by the way it is drawn."""
        if self._stacked.region(region[0]) == region:
            return self._stacked.rows(region[0])
        cells = [len(split_cells(self._text(index))) for index in region]
        wide = [count for count in cells if count >= 3]
        alike = bool(wide) and wide.count(max(wide, key=wide.count)) >= 0.6 * len(wide)
        if (len(wide) >= 0.6 * len(region) and (alike or not self._proves(region))) or self._drawn.region(
            region[0]
        ) == region:
            return self._drawn.rows(region)
        return self._flattened(region)

    def _proves(self, region: list[int]) -> bool:
        """Whether the figures of single lines tell which column holds the results."""
        lines = [[" ".join(self._text(i).split())] for i in region]
        count = self._values.count
        proven = self._values.take_relation(lines, self._period.kind != "month")
        self._values.count, self._values.relation = count, None
        return proven

    def _row(self, lines: Sequence[int], value: int | None, sure: bool, unit: str = "") -> Row:
        passage = build_passage([self._blocks[i] for i in lines], "row", (), self._damaged)
        return Row(passage, value, sure, tuple(lines), unit)

    def _flattened(self, region: list[int]) -> list[Row]:
        rows = []
        lines = region
        if is_title_row(self._text(region[0])) or may_name_columns(self._text(region[0])):
            below = 1
            while below < min(4, len(region)) and goes_on(self._text(region[below])):
                below += 1
            rows.append(self._row(region[:below], None, False))
            lines = region[below:]
            self._take_titles(region[:below])
        else:
            # Without a title nothing says that there is a unit column, but three numbered rows with a noun do.
            self._values.has_units = True
        # A table that goes on after a page break keeps the titles it had.
        groups = self._groups(lines)
        told = [[" ".join(self._text(i).split()) for i in group] for group in groups]
        titled = self._values.count
        if self._values.take_relation(told, self._period.kind != "month"):
            groups = self._groups(lines)
        for group in groups:
            if self._values.tells([self._text(i) for i in group]):
                said = build_passage([self._blocks[i] for i in group], "prose", (), self._damaged)
                # Cells that run over several lines were read into each other.
                rows.append(Row(said, None, len(group) == 1, tuple(group)))
                continue
            passage = build_passage([self._blocks[i] for i in group], "row", (), self._damaged)
            value, sure = self._values.value_of_lines(
                passage, [" ".join(self._text(i).split()) for i in group]
            )
            garbled = _is_garbled(passage.text, value or 0)
            sure = sure and not garbled and not self._is_lonely(passage, value, group)
            sure = sure and len(passage.text.split()) <= _LONGEST_ROW
            rows.append(Row(passage, value, sure, tuple(group), "?" if self._values.has_units else ""))
        self._values.count, self._values.relation = titled, None
        return rows

    def _is_lonely(self, passage: Passage, value: int | None, lines: Sequence[int]) -> bool:
        """Whether a value alone between blank lines may be the number of a page."""
        for start, index in zip(passage.starts, lines, strict=True):
            text = self._text(index).strip()
            if start == value and text.isdigit() and len(text) < 3:
                return self._stands_apart(index)
        return False

    def _take_titles(self, lines: Sequence[int]) -> None:
        """Keep what the titles say of the columns."""
        title, *rest = [self._text(i) for i in lines]
        kinds = read_titles(title).kinds
        self._values.titled = True
        self._values.has_units = "unit" in kinds
        self._values.noted = "note" in kinds
        self._values.column, self._values.count = column_asked(title, " ".join(rest), self._year)
        if self._period.short and self._values.count > 1:
            self._values.column = (
                None  # Which of the columns is the month's is not told by words run together.
            )

    def _stands_apart(self, index: int) -> bool:
        """Whether blank lines stand on both sides of a line."""
        around = [k for k in (index - 1, index + 1) if 0 <= k < len(self._blocks)]
        return all(not self._text(k).strip() for k in around)

    def _groups(self, indexes: Sequence[int]) -> list[list[int]]:
        """Join the lines of each row.

        OCR sets the row number beside the middle line of a wrapped cell, so a row may begin with its label and bring
        its number later; a line with a number begins a new row only when the row before has had its own.
        """
        groups: list[list[int]] = []
        numbered = valued = True
        unnumbered = sum(1 for i in indexes if ROW_NUMBER.match(self._text(i))) < 0.2 * len(indexes)
        for index in indexes:
            text = self._text(index)
            number = ROW_NUMBER.match(text)
            rest = text[number.end() :] if number else text
            if number is not None and not rest.strip() and not any(c.isalpha() for c in rest):
                continue  # A number alone is the number of a page.
            if valued and text.strip().isdigit() and len(text.strip()) < 3 and self._stands_apart(index):
                continue
            label = _LABEL_START.match(rest) is not None and rest.lstrip(" |[]")[:1].isupper()
            has_value = ends_in_value(text) or self._values.tells_value(text)
            titled = (
                not has_value and not any(map(str.isdigit, text)) and _GROUP_TITLE.match(text) is not None
            )
            # Where rows have no numbers, or theirs was lost, a label in capitals begins one.
            named = number is None and text.strip()[:1].isupper() and len(text.split()) > 3
            label = label or (named and ((unnumbered and valued) or (has_value and not valued)))
            begins = (number is not None and numbered) or label or (has_value and valued) or titled
            if begins or not groups:
                groups.append([index])
                numbered, valued = number is not None, has_value
            else:
                groups[-1].append(index)
                numbered, valued = numbered or number is not None, valued or has_value
        return groups
