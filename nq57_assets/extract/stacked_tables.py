"""Tables whose every cell stands on its own line: titles first, then the rows, or one column after the other.

Belongs here: which lines are such a table, which of them make a row. Does not belong: cells side by side
(``drawn_tables``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import re2

from nq57_assets.extract.cells import Row, split_cells
from nq57_assets.extract.column_roles import result_column, role_of, roles_of, titles_columns
from nq57_assets.extract.columns import (
    figure_offset,
    figure_places,
    holds_value,
    nil_cell,
    tells,
    value_column,
)
from nq57_assets.extract.crossed_tables import of_whom
from nq57_assets.extract.drawn_tables import DrawnTables
from nq57_assets.extract.passages import build_passage, tokenize
from nq57_assets.extract.report_period import Period
from nq57_assets.model import Block
from nq57_assets.vietnamese.fold import fold

_ANSWERS = frozenset(
    {"co", "khong", "x", "da co", "chua co", "chua", "roi", "da lap", "da mo", "-", "–", "—", "[x]"}
)
_LONGEST_TITLE, _LONGEST_LABEL = 45, 120
_UNLIKE_TITLE = re2.compile(r"[?:;]|\d/\pL|^[^\pL\d#]|\.\s|^\pL[.)]|^[IVX]+[.)]")
_LETTER = re2.compile(r"^(?:[A-ZĐ]|[IVX]{1,5})[.)]?$")
_BULLET = re2.compile(r"^\s*[-–—+•*]")
_BESIDE = re2.compile(r"\||(?:^|\s)\d[\d.,]*%? +\d[\d.,]*%?$")
_MOST_COLUMNS = 8
_FEWEST_ROWS, _FEWEST_WHOM = 3, 2
_MOST_LINES = 3
_MOST_RULED = 0.2


@dataclass(frozen=True, slots=True)
class _Stack:
    """Lines of a table: how many are titles, then the lines of each row and its cells."""

    titles: tuple[str, ...]
    rows: tuple[tuple[tuple[int, ...], tuple[str, ...]], ...]
    end: int


class StackedTables:
    """Reads the tables of one document that stand a cell a line."""

    def __init__(
        self, blocks: Sequence[Block], drawn: DrawnTables, damaged: bool, year: int | None, period: Period
    ) -> None:
        self._blocks = blocks
        self._drawn = drawn
        self._damaged = damaged
        self._year = year
        self._period = period
        self._known: dict[int, _Stack | None] = {}

    def region(self, start: int) -> list[int]:
        """Return the lines of the table that starts at ``start``, or none."""
        stack = self._stack(start)
        return list(range(start, stack.end)) if stack else []

    def _text(self, index: int) -> str:
        return self._blocks[index].text.strip() if index < len(self._blocks) else ""

    def _stack(self, start: int) -> _Stack | None:
        if start not in self._known:
            self._known[start] = self._find(start)
        return self._known[start]

    def _find(self, start: int) -> _Stack | None:
        first, second = self._text(start), self._text(start + 1)
        if not first or not second or max(len(first), len(second)) > _LONGEST_TITLE or not first[0].isupper():
            return None
        whom = [first, second, self._text(start + 2)]
        if of_whom(whom):  # "Việc | Cá nhân | Tổ chức"
            apart = self._even(start, whom)
            return apart if apart is not None and len(apart.rows) >= _FEWEST_WHOM else None
        if not role_of(second, self._year) or split_cells(first) != [first] or figure_places(tokenize(first)):
            return None
        titles: list[str] = []
        while len(titles) < _MOST_COLUMNS:
            text = self._text(start + len(titles))
            if not text or len(text) > _LONGEST_TITLE or (titles and not role_of(text, self._year)):
                break
            titles.append(text)
        numbered = bool(titles) and role_of(titles[0], self._year) == "number"
        for count in range(len(titles), 1, -1):
            named = titles[:count]
            if any(split_cells(title) != [title] for title in named):
                continue
            if not titles_columns(named, self._year) and not (
                count == 2 and role_of(named[1], self._year) == "asked"
            ):
                continue
            stack = self._numbered(start, named) if numbered else self._pairs(start, named)
            asked = any(_UNLIKE_TITLE.search(title) or holds_value(title) or tells(title) for title in named)
            asked = asked or any(sum(map(str.isalpha, title)) < 2 for title in named)
            even = None if asked else self._even(start, named)
            if even is not None and len(even.rows) > len(stack.rows):
                stack = even
            ruled = sum(_BESIDE.search(self._text(i)) is not None for i in range(start, stack.end))
            # Where rules or several figures stand within lines, these are no cells.
            if len(stack.rows) >= _FEWEST_ROWS and ruled <= _MOST_RULED * (stack.end - start):
                return stack
        return None

    def _numbered(self, start: int, titles: Sequence[str]) -> _Stack:
        """Cut rows at their numbers, which stand alone on their lines."""
        rows: list[tuple[tuple[int, ...], tuple[str, ...]]] = []
        index = self._behind_group(start + len(titles))
        first = self._text(index).strip(" .)")
        number = int(first) if first.isdigit() and len(first) < 3 else -1
        while number >= 0 and self._text(index).strip(" .)") == str(number):
            following = str(number + 1)
            stop = index + len(titles)
            if self._text(stop).strip(" .)") != following:
                reach = range(index + min(2, len(titles) - 1), index + len(titles) + _MOST_LINES + 1)
                filled = next((i for i in range(index, stop) if not self._text(i)), stop)
                stop = next((i for i in reach if self._text(i).strip(" .)") == following), filled)
                stop = next((i for i in range(index + 2, stop) if self._behind_group(i) > i), stop)
            lines = tuple(range(index, stop))
            rows.append((lines, self._with_note(tuple(self._text(i) for i in lines), titles)))
            index, number = self._behind_group(stop), number + 1
        return _Stack(tuple(titles), tuple(rows), index)

    def _behind_group(self, index: int) -> int:
        """Return the line behind a letter or Roman number alone and the title in capitals below it."""
        return index + 2 if _LETTER.match(self._text(index)) and self._is_group(index + 1) else index

    def _with_note(self, cells: tuple[str, ...], titles: Sequence[str]) -> tuple[str, ...]:
        """Return the cells of a row with an empty note where only the note of the last column is lacking."""
        told = [i for i, title in enumerate(titles) if role_of(title, self._year) not in ("number", "label")]
        lacking = len(titles) - len(cells) == 1 and role_of(titles[-1], self._year) == "note"
        full = lacking and all(self._answers(cells[i]) for i in told if i < len(cells))
        return (*cells, "") if full else cells

    def _pairs(self, start: int, titles: Sequence[str]) -> _Stack:
        """Cut rows of a fixed number of lines that begin with a label; a label may go on over several lines."""
        rows: list[tuple[tuple[int, ...], tuple[str, ...]]] = []
        index, behind = start + len(titles), len(titles) - 1
        while True:
            label = index
            if not self._is_group(index) and self._drawn.is_unit(self._text(index)):
                label += 1  # "Thôn" is a label where rows begin, and a unit elsewhere.
            while label - index < _MOST_LINES and self._text(label) and not self._answers(self._text(label)):
                label += 1
            cells = [self._text(i) for i in range(label, label + behind)]
            said = " ".join(self._text(i) for i in range(index, label))
            if label == index or len(said) > _LONGEST_LABEL or said.rstrip()[-1:] in ".;:" or not all(cells):
                break
            if label - index > 1 and behind > 1:
                break
            rows.append((tuple(range(index, label + behind)), (said, *cells)))
            index = label + behind
        return _Stack(tuple(titles), tuple(rows), index)

    def _is_group(self, index: int) -> bool:
        """Whether a line in capitals, or a letter alone, heads the rows below it."""
        text = self._text(index)
        return text.isupper() and len(text) > 4 and not figure_places(tokenize(text)) and "%" not in text

    def _even(self, start: int, titles: Sequence[str]) -> _Stack | None:
        """Cut the lines up to the next blank one into rows of as many cells as there are titles, answers in words too."""
        rows: list[tuple[tuple[int, ...], tuple[str, ...]]] = []
        index, count = start + len(titles), len(titles)
        roles = roles_of(titles, self._year)
        while self._text(index):
            if self._is_group(index):
                index += 1
                continue
            lines = tuple(range(index, index + count))
            cells = tuple(self._text(i) for i in lines)
            if not all(split_cells(cell) == [cell] for cell in cells) or any(map(self._is_group, lines)):
                break
            named = roles.index("label") if "label" in roles else 0
            if not any(map(str.isalpha, cells[named])) or self._begins_with_figure(cells[named]):
                break
            if _BULLET.match(cells[named]):
                break
            graded = [
                cell for cell, role in zip(cells, roles, strict=True) if role in ("plan", "past", "share")
            ]
            if any(len(cell) > _LONGEST_TITLE for cell in graded):
                break
            rows.append((lines, cells))
            index += count
        # A cell too few anywhere shifts all that follow, so the last row must end the table.
        return _Stack(tuple(titles), tuple(rows), index) if not self._text(index) else None

    def _begins_with_figure(self, text: str) -> bool:
        tokens = tokenize(text)
        return bool(tokens) and tokens[0].kind == "figure" and text[:1].isdigit() and "." not in text[:4]

    def _answers(self, text: str) -> bool:
        """Whether a line is the value of a row, its unit or a plain answer."""
        plain = fold(text).strip(" .;")
        return (
            holds_value(text)
            or plain in _ANSWERS
            or nil_cell(text) is not None
            or text == "%"
            or self._drawn.is_unit(text)
        )

    def rows(self, start: int) -> list[Row]:
        """Return the rows of the table that starts at ``start``, its titles first."""
        stack = self._stack(start)
        if stack is None:
            return []
        titles = list(stack.titles)
        column = result_column(titles, self._year, self._period)
        head = build_passage([self._blocks[start + i] for i in range(len(titles))], "row", (), self._damaged)
        found = [Row(head, None, False, tuple(range(start, start + len(titles))))]
        whom = of_whom(titles)
        for lines, cells in stack.rows:
            if whom:
                found += [self._of_one(lines, cells, titles, i) for i in range(1, len(cells))]
                continue
            said = self._told(lines, cells, titles, column)
            if said is not None:
                found.append(said)
                continue
            passage = build_passage([self._blocks[i] for i in lines], "row", (), self._damaged)
            place, sure = self._value(cells, titles, column)
            here = max(0, len(lines) - len(cells)) + (place or 0)
            # Of "2", "0", "-2" in a line two would be read as a range.
            sure = sure and not any(cell[:1] in "-–+" and cell[1:2].isdigit() for cell in cells)
            value = None if place is None else passage.starts[here] + figure_offset(cells[place])
            unit = self._drawn.unit_of(cells, titles, place)
            if value is not None and sure:
                passage = replace(
                    passage,
                    text=_without_others(passage.text, passage.starts, here, len(cells), titles, self._year),
                )
            found.append(Row(passage, value, sure, lines, unit))
        return found

    def _of_one(self, lines: Sequence[int], cells: Sequence[str], titles: Sequence[str], column: int) -> Row:
        """Read one cell of a row that counts persons and bodies apart, as prose at the cell's own line."""
        text = f"{cells[0]} {titles[column]}: {cells[column]}"
        said = replace(self._blocks[lines[column]], text=text, cells=())
        own = tuple(lines[:2]) if column == 1 else (lines[column],)
        return Row(build_passage([said], "prose", (), self._damaged), None, True, own)

    def _told(
        self, lines: tuple[int, ...], cells: Sequence[str], titles: Sequence[str], column: int | None
    ) -> Row | None:
        """Read a row whose answer is a sentence: label and answer as prose."""
        if column is None or len(cells) != len(titles) or len(lines) != len(cells):
            return None
        cell = cells[column]
        if nil_cell(cell) is not None or not (tells(cell) or (not holds_value(cell) and " " in cell)):
            return None
        roles = roles_of(titles, self._year)
        label = cells[roles.index("label")] if "label" in roles else cells[0]
        counted = bool(figure_places(tokenize(label)))
        block = replace(self._blocks[lines[column]], text=cell if counted else f"{label}: {cell}")
        return Row(build_passage([block], "prose", (label,), self._damaged), None, True, lines)

    def _value(
        self, cells: Sequence[str], titles: Sequence[str], column: int | None
    ) -> tuple[int | None, bool]:
        """Return (cell of the value, certain) of a row."""
        valued = [i for i, cell in enumerate(cells) if (i or column == 0) and holds_value(cell)]
        if column is not None and len(cells) == len(titles):
            if column in valued or nil_cell(cells[column]) is not None:
                return column, True
            return None, False
        if len(cells) == len(titles):
            return value_column(list(cells), [fold(title) for title in titles], self._year)
        # Cells are empty, or a label goes on: the only figure is the value where no other column could hold it.
        rivals = sum(
            role_of(title, self._year) in ("plan", "past", "part", "share", "total", "asked")
            for title in titles
        )
        return (valued[0], rivals == 1) if len(valued) == 1 else (None, False)


def _without_others(
    text: str, starts: Sequence[int], value: int, cells: int, titles: Sequence[str], year: int | None
) -> str:
    """Blank the lines of a row that hold plans, earlier results, shares and notes."""
    if cells != len(titles) or not cells - 1 <= len(starts) <= cells:
        return text
    edges = [*starts, len(text) + 1]
    for i, title in enumerate(titles[: len(starts)]):
        if i != value and i and role_of(title, year) in ("plan", "past", "part", "total", "asked", "note"):
            text = text[: edges[i]] + " " * (edges[i + 1] - 1 - edges[i]) + text[edges[i + 1] - 1 :]
    return text
