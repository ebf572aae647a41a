"""Tables whose cells are told apart: by pipes, tabs, wide gaps, or a cell a line.

Belongs here: which lines are such a table, which column holds this period's results, what a row stands under.
Does not belong: tables that recognition flattened (``tables``, ``row_values``), titles of columns (``column_roles``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import re2

from nq57_assets.extract.cell_places import NUMBERING, below, cells_below, mark_of
from nq57_assets.extract.cells import BACK, CHILD, LETTERED, MARK, Row, is_title_row, label_among, split_cells
from nq57_assets.extract.column_roles import Role, result_column, role_of, roles_of, titles_columns
from nq57_assets.extract.columns import (
    columns_below,
    figure_offset,
    figure_places,
    has_figure,
    holds_value,
    is_one,
    nil_cell,
    offsets_of_cells,
    shares,
    tells,
    value_column,
)
from nq57_assets.extract.crossed_tables import claimed_rows, label_of, own_names, place_in
from nq57_assets.extract.grammar import Grammar
from nq57_assets.extract.passages import Passage, build_passage, tokenize
from nq57_assets.extract.report_period import Period
from nq57_assets.extract.told_rows import column_of_stock, counts_first, heads_columns, told_row
from nq57_assets.model import Block
from nq57_assets.vietnamese.fold import fold
from nq57_assets.vietnamese.numbers import find_numerals

_FEWEST = 3
_BRACKET = re2.compile(r"\(([^()]{1,24})\)\s*$")
# A row of a single day tells of one occasion.
_DAY = re2.compile(r"^(?:ngày |sáng |chiều |tối )?\d{1,2}/\d{1,2}(?:/20\d\d)?$")
_ABOUT_OTHERS = frozenset({"plan", "past", "share", "note", "part"})
_LONGEST_CELL = 160
_LONGEST_GROUP = 70
_MOST_CROSSED = 40


@dataclass(slots=True)
class _Titles:
    """Titles of a table's columns, the column of results, and what the rows read last stand under."""

    cells: list[str] = field(default_factory=list)
    roles: Sequence[Role] = field(default_factory=list)
    result: int | None = None
    group: str = ""
    parent: str = ""


class DrawnTables:
    """Reads drawn tables of one document.

    Args:
        blocks: Its lines.
        grammar: Tells which words are nouns of a unit column.
        damaged: The text has lost its Vietnamese marks.
        year: Year that the document reports on.
        period: Month, quarter or longer period that it reports on.
    """

    def __init__(
        self, blocks: Sequence[Block], grammar: Grammar, damaged: bool, year: int | None, period: Period
    ) -> None:
        self._blocks = blocks
        self._grammar = grammar
        self._damaged = damaged
        self._year = year
        self._period = period
        self._ended = (-1, "", _Titles())
        self._own = own_names(blocks)

    def region(self, start: int) -> list[int]:
        """Return the lines of the table with titles of columns that starts at ``start``, or none."""
        first = self._cells(start)
        if len(first) < 2:
            return []
        resumed = self._resumed(start)
        if not (resumed.cells or heads_columns(first, self._year)):
            return self._crossing(start, first)
        if not resumed.cells and any(
            holds_value(cell) and not role_of(cell, self._year) for cell in first[1:]
        ):
            return []
        mark = mark_of(self._blocks[start].text)
        region = [start]
        for index in range(start + 1, len(self._blocks)):
            text = self._blocks[index].text
            if not text.strip():
                break
            cells = self._cells(index)
            if len(cells) < 2 or mark_of(text) != mark or max(map(len, cells)) > _LONGEST_CELL:
                break
            region.append(index)
        # The last cells of a row may be empty, and blanks at the end of a line be lost.
        alike = sum(1 for index in region if 0 <= len(first) - len(self._cells(index)) <= 2)
        fewest = 1 if resumed.cells else _FEWEST
        return region if len(region) >= fewest and alike >= 0.5 * len(region) else []

    def _crossing(self, start: int, titles: list[str]) -> list[int]:
        """Return the lines of a table of indicators across, whose titles say nothing else."""
        mark = mark_of(self._blocks[start].text)
        if len(titles) < _FEWEST or any(map(holds_value, titles)):
            return []
        region = [start]
        for index in range(start + 1, min(start + _MOST_CROSSED, len(self._blocks))):
            text, cells = self._blocks[index].text, self._cells(index)
            values = sum(map(holds_value, cells[1:]))
            if mark_of(text) != mark or not 1 < len(cells) <= len(titles) or 2 * values < len(cells) - 1:
                break
            region.append(index)
        return region if len(region) > 1 and self._crossed(region) else []

    def _resumed(self, start: int) -> _Titles:
        """Return the titles of the table that a heading broke off just above, when the row at ``start`` fits them."""
        end, mark, titles = self._ended
        if not 0 <= end < start <= end + 4 or titles.result is None:
            return _Titles()
        cells, text = self._cells(start), self._blocks[start].text
        between = [self._blocks[i].text.strip() for i in range(end + 1, start)]
        if (
            mark_of(text) != mark
            or not self._aligned(cells, titles, mark == "\t")
            or (titles_columns(cells, self._year) and not any(map(holds_value, cells)))
            or any(len(line) > _LONGEST_GROUP or has_figure(line.partition(" ")[2]) for line in between)
        ):
            return _Titles()
        return _Titles(titles.cells, titles.roles, titles.result)

    def _placed(self, index: int, head: int) -> list[str]:
        """Return the cells of a line; where blanks part them and some are empty, each below its title."""
        cells = self._cells(index)
        text, above = self._blocks[index].text.lstrip(), self._blocks[head].text.lstrip()
        if text[:1] == "|" != above[:1] and len(cells) < len(self._cells(head)):
            return ["", *cells]  # Where rows have no border, the cell before the first pipe is empty.
        if index == head or mark_of(above) != " ":
            return cells
        return cells_below(self._blocks[index].text, cells, above, self._cells(head))

    def _cells(self, index: int) -> list[str]:
        return split_cells(self._blocks[index].text.rstrip(" "))

    def rows(self, region: Sequence[int]) -> list[Row]:
        """Read the lines of a table, each with its cells."""
        titles = self._resumed(region[0])
        crossed = [] if titles.cells else self._crossed(region)
        if crossed:
            return crossed
        rows: list[Row] = []
        head = region[0]
        for index in region:
            cells = self._placed(index, head)
            text = self._blocks[index].text
            if titles.cells and rows and (above := self._wrapped(rows[-1], index, titles)):
                lines = rows.pop().lines
                rows.append(replace(self._read(index, above, titles), lines=(*lines, index)))
            elif (is_title_row(text) and len(cells) > 2) or (
                not titles.cells and heads_columns(cells, self._year)
            ):
                titles = self._titled(cells)
                rows.append(self._row([index], None, False))
            elif titles.cells and self._goes_on(titles, cells, rows):
                titles = self._titled(below(titles.cells, cells))
                rows.append(self._row([index], None, False))
            elif len(cells) < 2 and rows and rows[-1].lines[-1] == index - 1 and not has_figure(text):
                # The rest of a cell that was wrapped belongs to the row above.
                rows.append(self._longer(rows.pop(), index))
            else:
                rows.append(self._read(index, cells, titles))
        self._ended = (region[-1], mark_of(self._blocks[region[0]].text), titles)
        return rows

    def _longer(self, row: Row, index: int) -> Row:
        """Return a row with the line below it, at the same offsets."""
        above = replace(self._blocks[row.lines[0]], text=row.passage.raw, cells=())
        passage = build_passage(
            [above, self._blocks[index]], row.passage.kind, row.passage.path, self._damaged
        )
        text = row.passage.text + passage.text[len(row.passage.text) :]
        return replace(row, passage=replace(passage, text=text), lines=(*row.lines, index))

    def _titled(self, cells: list[str]) -> _Titles:
        roles = list(roles_of(cells, self._year))
        if counts_first(cells, self._year):
            return _Titles(list(cells), roles, 0)
        result = result_column(cells, self._year, self._period)
        if result is None:
            # Beside other communes stands the commune that reports.
            own = [i for i, cell in enumerate(cells) if i and place_in(cell) in self._own]
            if (
                len(own) == 1
                and roles[own[0]] in ("", "label")
                and not {"asked", "total", "part"} & set(roles)
            ):
                result = own[0]
                roles = [role or "past" if i and i != result else role for i, role in enumerate(roles)]
        return _Titles(list(cells), roles, result)

    def _wrapped(self, above: Row, index: int, titles: _Titles) -> list[str]:
        """Return the cells of a row whose label began on the line above, which has no value; none for other rows."""
        text, before = self._blocks[index].text, self._blocks[above.lines[-1]].text
        if above.value is not None or len(above.lines) > 1 or above.lines[-1] != index - 1:
            return []
        begun, cells = self._cells(index - 1), self._cells(index)
        if not text.startswith("  ") or before.startswith("  ") or mark_of(text) != " " or len(begun) > 2:
            return []
        numbered = len(begun) == 2 and MARK.match(begun[0]) is not None
        if has_figure(begun[-1]) or not cells or not (cells[0][:1].islower() or cells[0][:1] == "("):
            return []
        whole = [*begun[:-1], f"{begun[-1]} {cells[0]}", *cells[1:]]
        return whole if len(whole) == len(titles.cells) and (numbered or len(begun) == 1) else []

    def _goes_on(self, titles: _Titles, cells: Sequence[str], rows: Sequence[Row]) -> bool:
        """Whether a row directly below the titles holds the rest of them, or their numbers ``(1) | (2)``."""
        if len(rows) != 1 or len(cells) != len(titles.cells):
            return False
        filled = [cell for cell in cells if cell.strip()]
        if all(NUMBERING.match(cell) for cell in filled):
            return True
        if cells[0].strip() or any(holds_value(c) and not role_of(c, self._year) for c in filled):
            return False
        return all(role_of(cell, self._year) for cell in filled) or "" in titles.cells[1:]

    def _aligned(self, cells: list[str], titles: _Titles, tabbed: bool = False) -> list[str]:
        """Return the cells of a row beside their titles; cells lost at its end are empty, else no cells fit.

        Tabs tell every cell, so that only empty ones at the end of a line can be lacking.
        """
        lacking = len(titles.cells) - len(cells)
        if lacking <= 0:
            return cells if not lacking else []
        numbered = not titles.roles or titles.roles[0] != "number" or not cells[0] or MARK.match(cells[0])
        told = titles.result is not None and titles.result < len(cells)
        rest = tabbed or all(role in ("note", "share", "") for role in titles.roles[len(cells) :])
        return [*cells, *[""] * lacking] if numbered and told and rest else []

    def _read(self, index: int, cells: list[str], titles: _Titles) -> Row:
        label = label_of(cells)
        filled = [cell for cell in cells if cell.strip(" -–—")]
        if (
            label
            and len(filled) <= (2 if MARK.match(filled[0]) else 1)
            and not any(map(holds_value, filled[-1:]))
        ):
            if LETTERED.match(filled[0]) or (len(filled) == 1 and not CHILD.match(label)):
                titles.group, titles.parent = label, ""
            else:
                titles.parent = label
            return self._row([index], None, False)
        child = (
            CHILD.match(label) is not None
            or BACK.search(label) is not None
            or (bool(titles.roles) and titles.roles[0] == "number" and not cells[0].strip())
        )
        lead = titles.parent if child else ""
        titles.parent = titles.parent if child else label
        path = (titles.group,) if titles.group else ()
        row = self._of_columns(index, cells, titles, path, lead)
        return replace(row, sure=False) if _DAY.match(cells[0]) else row

    def _of_columns(
        self, index: int, cells: list[str], titles: _Titles, path: tuple[str, ...], lead: str
    ) -> Row:
        """Read a row by its columns: figures told as prose, the result that titles name, else the likeliest."""
        tabbed = mark_of(self._blocks[index].text) == "\t"
        aligned = self._aligned(cells, titles, tabbed) if titles.cells else []
        several = self._told_row(index, cells, titles, path)
        if several is not None:
            return several
        if aligned and titles.result is not None:
            return self._of_result(index, aligned, titles, path, lead)
        told = self._told(index, cells, path, None)
        if told is not None:
            return told
        others = (
            [role in _ABOUT_OTHERS - {"part"} for role in titles.roles]
            if len(titles.roles) == len(cells)
            else []
        )
        kept = ["" if others and others[i] and not shares(cells, i) else cell for i, cell in enumerate(cells)]
        column, sure = value_column(kept, [fold(title) for title in titles.cells], self._year)
        passage = self._passage(index, cells, path, lead)
        offsets = offsets_of_cells(passage.raw, cells)
        passage = replace(passage, columns=columns_below(offsets, titles.cells, titles.roles))
        place = None if column is None else offsets[column]
        value = None if place is None or column is None else place + figure_offset(cells[column])
        return Row(passage, value, sure, (index,), self.unit_of(cells, titles.cells, column))

    def _of_result(
        self, index: int, cells: list[str], titles: _Titles, path: tuple[str, ...], lead: str
    ) -> Row:
        """Read a row whose column of results is known: what other columns hold says nothing."""
        column = column_of_stock(cells, titles.roles, titles.result or 0)
        cell = cells[column]
        spoken = has_figure(cell) and not holds_value(cell)
        spoken = spoken or tells(cell) or (is_one(cell) and len(find_numerals(cell)) > 1)
        if nil_cell(cell) is None and spoken:
            told = self._told(index, cells, path, column)
            if told is not None:
                return told
        passage = self._passage(index, cells, path, lead)
        offsets = offsets_of_cells(passage.raw, cells)
        text = passage.text
        for i, other in enumerate(cells):
            start = offsets[i]
            hidden = i != column and titles.roles[i] in _ABOUT_OTHERS | {"total", "asked", "number"}
            hidden = hidden or (i != column and not titles.roles[i] and holds_value(other))
            hidden = hidden and (titles.roles[i] != "note" or any(map(str.isdigit, other)))
            if hidden and other and start is not None and not shares(cells, i) and i:
                end = start + len(" ".join(other.split()))
                text = text[:start] + " " * (end - start) + text[end:]
        passage = replace(passage, text=text, columns=columns_below(offsets, titles.cells, titles.roles))
        place = offsets[column]
        valued = place is not None and (nil_cell(cell) is not None or holds_value(cell))
        value = place + figure_offset(cell) if valued and place is not None else None
        sure = value is not None and is_one(cell)
        return Row(passage, value, sure, (index,), self.unit_of(cells, titles.cells, column))

    def _told_row(self, index: int, cells: list[str], titles: _Titles, path: tuple[str, ...]) -> Row | None:
        """Read a row that tells several figures as prose."""
        said, headed = told_row(cells, titles.cells, titles.roles, titles.result)
        if not said:
            return None
        block = replace(self._blocks[index], text=said, cells=())
        heads = (*path, titles.cells[0]) if headed and len(fold(titles.cells[0])) > 6 else path
        return Row(build_passage([block], "prose", heads, self._damaged), None, True, (index,))

    def _told(self, index: int, cells: list[str], path: tuple[str, ...], column: int | None) -> Row | None:
        """Read a row whose answer is a sentence: label and answer as prose, under the label as its heading."""
        named = next((c for c, cell in enumerate(cells) if sum(map(str.isalpha, cell)) > 3), len(cells))
        columns = [column] if column else [c for c in range(named + 1, len(cells)) if tells(cells[c])]
        if len(columns) != 1 or columns[0] < 1:
            return None
        others = [cell for i, cell in enumerate(cells) if i not in (named, columns[0])]
        if column is None and any(has_figure(cell) and not MARK.match(cell) for cell in others):
            return None  # Which of the figures is the answer, nothing says.
        label = label_among(cells[: columns[0]])
        block = self._blocks[index]
        place = block.cells[columns[0]][1] if columns[0] < len(block.cells) else block.address
        # A label with figures of its own names a task or a target, so it only heads the answer.
        counted = bool(figure_places(tokenize(label)))
        text = cells[columns[0]] if counted else f"{label}: {cells[columns[0]]}"
        said = replace(block, text=text, address=place, cells=())
        passage = build_passage([said], "prose", (*path, label), self._damaged)
        return Row(passage, None, True, (index,))

    def _passage(self, index: int, cells: Sequence[str], path: tuple[str, ...], lead: str) -> Passage:
        block = self._blocks[index]
        if mark_of(block.text) == " ":
            block = replace(block, text=" | ".join(cells), cells=())
        return build_passage([block], "row", path, self._damaged, lead)

    def _row(self, lines: Sequence[int], value: int | None, sure: bool, unit: str = "") -> Row:
        passage = build_passage([self._blocks[i] for i in lines], "row", (), self._damaged)
        return Row(passage, value, sure, tuple(lines), unit)

    def unit_of(self, cells: Sequence[str], titles: Sequence[str], value: int | None) -> str:
        """Return the text of the unit cell: by its title, else of the label, else the noun beside the value."""
        roles = roles_of(titles, self._year)
        if len(roles) == len(cells) and "unit" in roles:
            return cells[roles.index("unit")]
        if value is None:
            return ""
        bracket = _BRACKET.search(label_of(cells)) or _BRACKET.search(titles[0] if titles else "")
        if bracket and (bracket.group(1).strip() == "%" or self.is_unit(bracket.group(1))):
            return str(bracket.group(1)).strip()
        for column in (value + 1, value - 1):
            if 0 < column < len(cells) and (cells[column].strip() == "%" or self.is_unit(cells[column])):
                return cells[column]
        if len(roles) == len(cells):
            return ""
        return cells[value - 1] if value >= 2 and len(cells[value - 1].split()) <= 3 else ""

    def is_unit(self, cell: str) -> bool:
        """Whether a text is a noun that the catalogue counts, and nothing else."""
        tokens = tokenize(cell)
        hits = self._grammar.lexicon.find(tokens, self._damaged)
        return any(h.start == 0 and h.end == len(tokens) and h.phrase in self._grammar.units for h in hits)

    def _crossed(self, region: Sequence[int]) -> list[Row]:
        """Read a table whose columns are indicators and whose rows are villages, periods or persons and bodies."""
        grid = [(index, self._placed(index, region[0])) for index in region]
        told = claimed_rows([cells for _, cells in grid], self._year, self._period)
        claims = {grid[row][0]: said for row, said in told}
        rows = [self._row([index], None, False) for index in region if claims and index not in claims]
        for index, words in claims.items():
            said = replace(self._blocks[index], text=words, cells=())
            rows.append(Row(build_passage([said], "prose", (), self._damaged), None, True, (index,)))
        return rows
