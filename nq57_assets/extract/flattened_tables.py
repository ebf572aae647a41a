"""Tables that recognition flattened: cells of a row run together, labels and titles wrapped over several lines.

Belongs here: cutting such a table into rows by its titles, numbers and values. Does not belong: which figure of a row
is its value (``row_values``), the words of one row in order (``torn_rows``), where tables begin (``tables``).
"""

from __future__ import annotations

from collections.abc import Sequence

import re2

from nq57_assets.extract.cells import ROW_NUMBER, Row, is_title_row, split_cells
from nq57_assets.extract.column_roles import result_column, roles_of
from nq57_assets.extract.columns import has_figure
from nq57_assets.extract.drawn_tables import DrawnTables
from nq57_assets.extract.grammar import Grammar
from nq57_assets.extract.passages import Passage, build_passage
from nq57_assets.extract.report_period import Period
from nq57_assets.extract.row_values import FlattenedColumns, ends_in_value
from nq57_assets.extract.titles import column_asked, goes_on, may_name_columns, read_titles
from nq57_assets.extract.torn_rows import TornRows
from nq57_assets.extract.torn_titles import VALUED, title_lines
from nq57_assets.model import Block

_LABEL_START = re2.compile(
    r"^\W*(?:[SsŠ$][oOôố6éạeb0&d]|[Tt][oôổ6é]ng s|T[yỷiỉYÿ]\s?[l1I|]|D[ai][âa]?n s|Di[eệé¢]n t|Nh[oóé]m)"
)
_GROUP_TITLE = re2.compile(r"^\s*[IVXHlL1|]{1,4}\s*[|.]?\s+\p{Lu}")
_LONGEST_ROW = 40
_TITLE_LINES = 5
_ALIKE = 0.6


def _is_garbled(text: str, value: int) -> bool:
    """Whether a mark that parts no digits stands inside what was a figure: ``90;9``."""
    return (
        bool(value) and text[value - 1 : value] in (";", ":", "'") and text[value - 2 : value - 1].isdigit()
    )


class FlattenedTables:
    """Reads the flattened tables of one document.

    Args:
        blocks: Its lines.
        grammar: Tells which words are nouns of a unit column.
        damaged: The text has lost its Vietnamese marks.
        drawn: Tells which lines have cells that are told apart.
        year: Year that the document reports on.
        period: Month, quarter or longer period that it reports on.
    """

    def __init__(
        self,
        blocks: Sequence[Block],
        grammar: Grammar,
        damaged: bool,
        drawn: DrawnTables,
        year: int | None,
        period: Period,
    ) -> None:
        self._blocks = blocks
        self._damaged = damaged
        self._drawn = drawn
        self._year = year
        self._period = period
        self.columns = FlattenedColumns(grammar, damaged)
        self._torn = TornRows(blocks, damaged, self.columns, drawn)

    def _text(self, index: int) -> str:
        return self._blocks[index].text

    def _lines(self, indexes: Sequence[int]) -> list[str]:
        return [" ".join(self._text(i).split()) for i in indexes]

    def titles(self, lines: Sequence[int]) -> tuple[int, tuple[str, ...]]:
        """Return (how many of the lines are titles, the titles of three columns or more), where rules don't part them.

        Nothing where a word of them is not understood.
        """
        count, titles = title_lines(self._lines(lines), self._year, self._period)
        if len(titles) < 3 or len(titles) <= count:
            return 0, ()  # A title a line, as where every cell stands on a line of its own.
        cells = len(split_cells(self._text(lines[0])))
        below = [len(split_cells(self._text(i))) for i in self._drawn.region(lines[0])[count:]]
        parted = cells == len(titles) or (below and below.count(cells) >= _ALIKE * len(below))
        return (0, ()) if parted else (count, titles)

    def proves(self, region: list[int]) -> bool:
        """Whether the figures of single lines tell which column holds the results."""
        lines = [[line] for line in self._lines(region)]
        count = self.columns.count
        proven = self.columns.take_relation(lines, self._period.kind != "month")
        self.columns.count, self.columns.relation = count, None
        return proven

    def _row(self, lines: Sequence[int], value: int | None, sure: bool, unit: str = "") -> Row:
        passage = build_passage([self._blocks[i] for i in lines], "row", (), self._damaged)
        return Row(passage, value, sure, tuple(lines), unit)

    def rows(self, region: list[int]) -> list[Row]:
        """Cut a table into rows."""
        rows = []
        lines = region
        named, titles = self.titles(region[:_TITLE_LINES])
        if named:
            rows.append(self._row(region[:named], None, False))
            lines = region[named:]
            self._take_named(titles)
        elif is_title_row(self._text(region[0])) or may_name_columns(self._text(region[0])):
            below = 1
            while below < min(4, len(region)) and goes_on(self._text(region[below])):
                below += 1
            rows.append(self._row(region[:below], None, False))
            lines = region[below:]
            self._take_titles(region[:below])
        else:
            self.columns.forget([self._text(i) for i in region[:5]])
            # Without a title nothing says that there is a unit column, but three numbered rows with a noun do.
            self.columns.has_units = self.columns.has_units or not self.columns.named
        if self.columns.lead([self._text(i) for i in lines]):
            return [*rows, *self._led_by_values(lines, titles)]
        # A table that goes on after a page break keeps the titles it had.
        groups = self._groups(lines)
        told = [self._lines(group) for group in groups]
        titled = self.columns.count
        if self.columns.take_relation(told, self._period.kind != "month"):
            groups = self._groups(lines)
        for group in groups:
            if self.columns.tells([self._text(i) for i in group]):
                said = build_passage([self._blocks[i] for i in group], "prose", (), self._damaged)
                # Cells that run over several lines were read into each other.
                rows.append(Row(said, None, len(group) == 1, tuple(group)))
                continue
            passage = build_passage([self._blocks[i] for i in group], "row", (), self._damaged)
            value, sure = self.columns.value_of_lines(passage, self._lines(group))
            garbled = _is_garbled(passage.text, value or 0)
            sure = sure and not garbled and not self._is_lonely(passage, value, group)
            sure = sure and len(passage.text.split()) <= _LONGEST_ROW
            if self.columns.named and sure and value is not None and self.columns.count > 1:
                passage, value = self._torn.with_label_first(group, passage, value)
                if (pair := self._torn.as_pair(passage, value, group)) is not None:
                    rows.append(pair)
                    continue
            rows.append(Row(passage, value, sure, tuple(group), "?" if self.columns.has_units else ""))
        self.columns.count, self.columns.relation = titled, None
        return rows

    def _led_by_values(self, lines: Sequence[int], titles: Sequence[str]) -> list[Row]:
        """Read ``12 | văn bản | Chỉ đạo, điều hành | 25``: rows that begin with their value, others behind the label.

        Args:
            lines: Lines of the rows.
            titles: Titles of the columns where they were put together.
        """
        above = [t for i in range(lines[0], max(-1, lines[0] - 4), -1) if (t := self._text(i).strip())]
        told = any(read_titles(title).kinds[:1] == ("asked",) for title in above)
        if titles:
            told = result_column(titles, self._year, self._period) == 0
        groups: list[list[int]] = []
        for index in lines:
            if not groups or has_figure(self._text(index)):
                groups.append([index])
            else:
                groups[-1].append(index)
        return [self._torn.led_by_value(group, told) for group in groups]

    def _is_lonely(self, passage: Passage, value: int | None, lines: Sequence[int]) -> bool:
        """Whether a value alone between blank lines may be the number of a page."""
        for start, index in zip(passage.starts, lines, strict=True):
            text = self._text(index).strip()
            if start == value and text.isdigit() and len(text) < 3:
                return self._stands_apart(index)
        return False

    def _take_named(self, titles: Sequence[str]) -> None:
        """Keep what the titles of all columns say."""
        roles = roles_of(titles, self._year)
        valued = [i for i, role in enumerate(roles) if role in VALUED]
        result = result_column(titles, self._year, self._period)
        self.columns.named = self.columns.titled = True
        self.columns.has_units = "unit" in roles
        self.columns.noted = "note" in roles
        self.columns.count = len(valued)
        self.columns.column = valued.index(result) if result in valued else None

    def _take_titles(self, lines: Sequence[int]) -> None:
        """Keep what the titles say of the columns."""
        title, *rest = [self._text(i) for i in lines]
        kinds = read_titles(title).kinds
        self.columns.titled, self.columns.named = True, False
        self.columns.has_units = "unit" in kinds
        self.columns.noted = "note" in kinds
        self.columns.column, self.columns.count = column_asked(title, " ".join(rest), self._year)
        if self._period.short and self.columns.count > 1:
            self.columns.column = (
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
            has_value = ends_in_value(text) or self.columns.tells_value(text)
            capitals = valued and text.isupper() and len(text.split()) > 1
            heads = capitals or _GROUP_TITLE.match(text) is not None
            titled = not has_value and not any(map(str.isdigit, text)) and heads
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
