"""Rows of tables in text: drawn with pipes, tabs or gaps, a cell a line, or flattened by OCR with wrapped cells.

Belongs here: where a table begins and ends, which lines form a row, which figure of a row is its value.
Does not belong: which indicator a row fills (``match``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import re2

from nq57_assets.extract.cells import ROW_NUMBER, is_title_row, label_among, split_cells
from nq57_assets.extract.columns import (
    figure_offset,
    figure_places,
    nil_column,
    offset_of_cell,
    tells,
    value_column,
)
from nq57_assets.extract.grammar import Grammar
from nq57_assets.extract.passages import Passage, build_passage, is_damaged, tokenize
from nq57_assets.extract.row_values import FlattenedColumns, ends_in_value
from nq57_assets.extract.titles import column_asked, goes_on, may_name_columns, read_titles
from nq57_assets.model import Document
from nq57_assets.vietnamese.fold import fold

_HEADER_CELL = re2.compile(
    r"^(?:stt|tt|so tt|noi dung.*|chi tieu.*|don vi.*|dvt|so lieu.*|ket qua.*|so luong.*|gia tri|ghi chu|thuc hien.*)$"
)
_LABEL_START = re2.compile(
    r"^\W*(?:[SsŠ$][oOôố6éạeb0&d]|[Tt][oôổ6é]ng s|T[yỷiỉYÿ]\s?[l1I|]|D[ai][âa]?n s|Di[eệé¢]n t|Nh[oóé]m)"
)
_GROUP_TITLE = re2.compile(r"^\s*[IVXHlL1|]{1,4}\s*[|.]?\s+\p{Lu}")
_LONGEST_ROW = 40
_BULLET = re2.compile(r"^\s*[-–—+*•]\s*\pL")
_NUMBERED_ROW = re2.compile(
    r"^\s*(\d{1,2})[.)|\s]+[\pL\pM$][^.;]{5,110}?[\s|:][<>≥≤~]?\s?[\d.,/]+\s?%?\s*\|?\s*$"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Attributes:
        passage: Its lines, joined.
        value: Offset of its value in the passage's text, or None when no figure is one.
        sure: The value's place is certain.
        lines: Indexes of its blocks.
        unit: Text of its unit cell; empty when the table draws no cells.
    """

    passage: Passage
    value: int | None
    sure: bool
    lines: tuple[int, ...]
    unit: str = ""


def find_rows(
    document: Document,
    headings: frozenset[tuple[int | None, int | None]],
    grammar: Grammar,
    year: int | None = None,
) -> list[Row]:
    """Return the rows of every table of a document, the header row among them without a value.

    Args:
        document: Blocks in reading order.
        headings: (page, line) of the headings, where a table ends.
        grammar: Tells which words are nouns of a unit column.
        year: Year that the document reports on: of two columns with years, its column holds the values.
    """
    reader = _Tables(document, headings, grammar, year)
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
    ) -> None:
        self._year = year
        self._blocks = document.blocks
        self._headings = headings
        self._grammar = grammar
        self._damaged = is_damaged(document.text)
        self._values = FlattenedColumns(grammar, self._damaged)

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
        if fold(text.strip()) in ("stt", "tt"):
            return (
                len([i for i in self._filled(index, 3) if _HEADER_CELL.match(fold(self._text(i).strip()))])
                >= 3
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
        taken = {i for row in known for i in row.lines}
        found: list[int] = []
        missing = int(first.group(1)) - 1 if first and first.group(1).isdigit() else 0
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
        if not self._begins(start):
            return []
        region, gap = [start], False
        last = _row_number(self._text(start))
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
                break
            closing = text.isupper() and len(text) > 8 and not any(map(str.isdigit, text)) and "|" not in text
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

    def _resumes(self, index: int) -> bool:
        """Whether a short listing inside a cell is followed by another numbered row."""
        following = self._filled(index, 6)
        short = all(len(self._text(i)) < 60 for i in following[:2])
        return short and any(ROW_NUMBER.match(self._text(i)) for i in following[1:])

    def rows(self, region: list[int]) -> list[Row]:
        """Cut a table into rows, by the way it is drawn."""
        if fold(self._text(region[0]).strip()) in ("stt", "tt"):
            return self._stacked(region)
        wide = [index for index in region if len(split_cells(self._text(index))) >= 3]
        if len(wide) >= 0.6 * len(region):
            return self._drawn(region)
        return self._flattened(region)

    def _row(self, lines: Sequence[int], value: int | None, sure: bool, unit: str = "") -> Row:
        passage = build_passage([self._blocks[i] for i in lines], "row", (), self._damaged)
        return Row(passage, value, sure, tuple(lines), unit)

    def _told(self, index: int, cells: list[str]) -> Row | None:
        """Read a row whose answer is a sentence: label and answer as prose, under the label as its heading."""
        named = next((c for c, cell in enumerate(cells) if sum(map(str.isalpha, cell)) > 3), len(cells))
        columns = [c for c in range(named + 1, len(cells)) if tells(cells[c])]
        if len(columns) != 1 or columns[0] < 1:
            return None
        label = label_among(cells[: columns[0]])
        block = self._blocks[index]
        place = block.cells[columns[0]][1] if columns[0] < len(block.cells) else block.address
        said = replace(block, text=f"{label}: {cells[columns[0]]}", address=place, cells=())
        passage = build_passage([said], "prose", (label,), self._damaged)
        return Row(passage, None, True, (index,))

    def _drawn(self, region: list[int]) -> list[Row]:
        header: list[str] = []
        rows: list[Row] = []
        for index in region:
            cells = split_cells(self._text(index))
            if is_title_row(self._text(index)) and len(cells) > 2:
                header = [fold(cell) for cell in cells]
                rows.append(self._row([index], None, False))
            elif (
                len(cells) < 3
                and rows
                and rows[-1].lines[-1] == index - 1
                and not figure_places(tokenize(self._text(index)))
            ):
                # The rest of a cell that was wrapped belongs to the row above.
                last = rows.pop()
                rows.append(self._row([*last.lines, index], last.value, last.sure, last.unit))
            else:
                passage = build_passage([self._blocks[index]], "row", (), self._damaged)
                told = self._told(index, cells) if nil_column(cells, header) is None else None
                if told is not None:
                    rows.append(told)
                    continue
                column, sure = value_column(cells, header, self._year)
                value = offset_of_cell(passage.raw, cells, column)
                rows.append(Row(passage, value, sure, (index,), self._unit_cell(cells, header, column)))
        return rows

    def _unit_cell(self, cells: list[str], header: list[str], value: int | None) -> str:
        """Return the text of the unit cell: by its title, else the noun beside the value, else a short cell."""
        if len(header) == len(cells):
            for title, cell in zip(header, cells, strict=True):
                if title.startswith(("don vi", "dvt", "d.v.t")):
                    return cell
        if value is None:
            return ""
        for column in (value + 1, value - 1):
            if 0 < column < len(cells) and (cells[column].strip() == "%" or self._is_unit(cells[column])):
                return cells[column]
        return cells[value - 1] if value >= 2 and len(cells[value - 1].split()) <= 3 else ""

    def _is_unit(self, cell: str) -> bool:
        tokens = tokenize(cell)
        hits = self._grammar.lexicon.find(tokens, self._damaged)
        return any(h.start == 0 and h.end == len(tokens) and h.phrase in self._grammar.units for h in hits)

    def _stacked(self, region: list[int]) -> list[Row]:
        """Read a table whose every cell stands on its own line; the row numbers part the rows."""
        columns = 0
        while columns < len(region) and _HEADER_CELL.match(fold(self._text(region[columns]).strip())):
            columns += 1
        header = [fold(self._text(i).strip()) for i in region[:columns]]
        rows = [self._row(region[:columns], None, False)]
        starts = [columns]
        expected = 2
        for place in range(columns + 1, len(region)):
            text = self._text(region[place]).strip()
            if text == str(expected) and place - starts[-1] >= max(2, columns - 1):
                starts.append(place)
                expected += 1
        for position, start in enumerate(starts):
            stop = starts[position + 1] if position + 1 < len(starts) else min(len(region), start + columns)
            lines = region[start:stop]
            if not lines:
                continue
            passage = build_passage([self._blocks[i] for i in lines], "row", (), self._damaged)
            cells = [self._text(i).strip() for i in lines]
            column, sure = value_column(cells, header, self._year)
            value = None if column is None else passage.starts[column] + figure_offset(cells[column])
            rows.append(Row(passage, value, sure, tuple(lines), self._unit_cell(cells, header, column)))
        return rows

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
        for group in self._groups(lines):
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
