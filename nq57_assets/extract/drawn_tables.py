"""Tables whose cells are told apart: by pipes, tabs, wide gaps, or a cell a line.

Belongs here: which lines are such a table, which column holds this period's results, what a row stands under.
Does not belong: tables that recognition flattened (``tables``, ``row_values``), titles of columns (``column_roles``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import re2

from nq57_assets.extract.cells import Row, is_title_row, label_among, split_cells
from nq57_assets.extract.column_roles import result_column, role_of, roles_of, titles_columns
from nq57_assets.extract.columns import (
    figure_offset,
    figure_places,
    holds_value,
    is_share_of,
    nil_cell,
    offsets_of_cells,
    tells,
    value_column,
)
from nq57_assets.extract.grammar import Grammar
from nq57_assets.extract.passages import Passage, build_passage, tokenize
from nq57_assets.extract.report_period import Period
from nq57_assets.model import Block
from nq57_assets.vietnamese.fold import fold
from nq57_assets.vietnamese.numbers import find_numerals

_FEWEST = 3
_GAPPED = re2.compile(r"\S\s{2,}\S")
_MARK = re2.compile(r"^\(?(?:[A-ZĐ]|[IVX]{1,5}|\d{1,2}(?:\.\d{1,2}){0,2}|[a-zđ])[.)]?$")
_LETTERED = re2.compile(r"^\(?(?:[A-ZĐ]|[IVX]{1,5})[.)]?$")
_NUMBERING = re2.compile(r"^\(?[A-Z0-9]{1,2}\)?(?:\s?=.*)?$")
_CHILD = re2.compile(r"^(?:[-–+*•]|[tT]rong [đd]|[tT]rong s[ốo])")
_WHOLE = re2.compile(
    r"^(?:tong(?: cong| so)?|cong|toan|ca)(?: (?:toan |ca |chung )?(?:xa|phuong|dac khu|cong|so))?$"
)
_BRACKET = re2.compile(r"\(([^()]{1,24})\)\s*$")
_SLASHED = re2.compile(r"^\d[\d.]*(?: \pL+(?: \pL+)?)? ?/ ?\d[\d.]*(?: \pL+(?: \pL+)?)?$")
_ABOUT_OTHERS = frozenset({"plan", "past", "share", "note", "part"})
_LONGEST_CELL = 160


@dataclass(slots=True)
class _Titles:
    """Titles of a table's columns, the column of results, and what the rows read last stand under."""

    cells: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
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

    def region(self, start: int) -> list[int]:
        """Return the lines of the table with titles of columns that starts at ``start``, or none."""
        first = self._cells(start)
        if len(first) < 2 or not titles_columns(first, self._year):
            return []
        if any(holds_value(cell) and not role_of(cell, self._year) for cell in first[1:]):
            return []
        mark = _mark_of(self._blocks[start].text)
        region = [start]
        for index in range(start + 1, len(self._blocks)):
            text = self._blocks[index].text
            if not text.strip():
                break
            cells = self._cells(index)
            if len(cells) < 2 or _mark_of(text) != mark or max(map(len, cells)) > _LONGEST_CELL:
                break
            region.append(index)
        alike = sum(1 for index in region if len(self._cells(index)) == len(first))
        return region if len(region) >= _FEWEST and alike >= 0.5 * len(region) else []

    def _cells(self, index: int) -> list[str]:
        return split_cells(self._blocks[index].text.rstrip(" "))

    def rows(self, region: Sequence[int]) -> list[Row]:
        """Read the lines of a table, each with its cells."""
        crossed = self._crossed(region)
        if crossed:
            return crossed
        titles = _Titles()
        rows: list[Row] = []
        for index in region:
            cells = self._cells(index)
            text = self._blocks[index].text
            if (is_title_row(text) and len(cells) > 2) or (
                not titles.cells and titles_columns(cells, self._year)
            ):
                titles = self._titled(cells)
                rows.append(self._row([index], None, False))
            elif titles.cells and self._goes_on(titles, cells, rows):
                titles = self._titled(
                    [" ".join([*filter(None, pair)]) for pair in zip(titles.cells, cells, strict=True)]
                )
                rows.append(self._row([index], None, False))
            elif len(cells) < 2 and rows and rows[-1].lines[-1] == index - 1 and not _figures(text):
                # The rest of a cell that was wrapped belongs to the row above.
                last = rows.pop()
                rows.append(self._row([*last.lines, index], last.value, last.sure, last.unit))
            else:
                rows.append(self._read(index, cells, titles))
        return rows

    def _titled(self, cells: list[str]) -> _Titles:
        return _Titles(
            list(cells), list(roles_of(cells, self._year)), result_column(cells, self._year, self._period)
        )

    def _goes_on(self, titles: _Titles, cells: Sequence[str], rows: Sequence[Row]) -> bool:
        """Whether a row directly below the titles holds the rest of them, or their numbers ``(1) | (2)``."""
        if len(rows) != 1 or len(cells) != len(titles.cells):
            return False
        filled = [cell for cell in cells if cell.strip()]
        if all(_NUMBERING.match(cell) for cell in filled):
            return True
        return not cells[0].strip() and all(role_of(cell, self._year) for cell in filled)

    def _aligned(self, cells: list[str], titles: _Titles) -> list[str]:
        """Return the cells of a row beside their titles; cells lost at its end are empty, else no cells fit."""
        lacking = len(titles.cells) - len(cells)
        if lacking <= 0:
            return cells if not lacking else []
        numbered = not titles.roles or titles.roles[0] != "number" or not cells[0] or _MARK.match(cells[0])
        told = titles.result is not None and titles.result < len(cells)
        rest = all(role in ("note", "share", "") for role in titles.roles[len(cells) :])
        return [*cells, *[""] * lacking] if numbered and told and rest else []

    def _read(self, index: int, cells: list[str], titles: _Titles) -> Row:
        aligned = self._aligned(cells, titles) if titles.cells else []
        label = _label(cells)
        filled = [cell for cell in cells if cell.strip(" -–—")]
        if (
            label
            and len(filled) <= (2 if _MARK.match(filled[0]) else 1)
            and not any(map(holds_value, filled[-1:]))
        ):
            if _LETTERED.match(filled[0]) or (len(filled) == 1 and not _CHILD.match(label)):
                titles.group, titles.parent = label, ""
            else:
                titles.parent = label
            return self._row([index], None, False)
        child = _CHILD.match(label) is not None or (
            bool(titles.roles) and titles.roles[0] == "number" and not cells[0].strip()
        )
        lead = titles.parent if child else ""
        titles.parent = titles.parent if child else label
        path = (titles.group,) if titles.group else ()
        paired = self._paired(index, cells, titles, path)
        if paired is not None:
            return paired
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
        kept = [
            "" if others and others[i] and not _shares(cells, i) else cell for i, cell in enumerate(cells)
        ]
        column, sure = value_column(kept, [fold(title) for title in titles.cells], self._year)
        passage = self._passage(index, cells, path, lead)
        offsets = offsets_of_cells(passage.raw, cells)
        place = None if column is None else offsets[column]
        value = None if place is None or column is None else place + figure_offset(cells[column])
        return Row(passage, value, sure, (index,), self.unit_of(cells, titles.cells, column))

    def _of_result(
        self, index: int, cells: list[str], titles: _Titles, path: tuple[str, ...], lead: str
    ) -> Row:
        """Read a row whose column of results is known: what other columns hold says nothing."""
        column = titles.result or 0
        cell = cells[column]
        if nil_cell(cell) is None and (tells(cell) or (_is_one(cell) and len(find_numerals(cell)) > 1)):
            told = self._told(index, cells, path, column)
            if told is not None:
                return told
        passage = self._passage(index, cells, path, lead)
        offsets = offsets_of_cells(passage.raw, cells)
        text = passage.text
        for i, other in enumerate(cells):
            start = offsets[i]
            hidden = i != column and titles.roles[i] in _ABOUT_OTHERS | {"total", "asked", "number"}
            hidden = hidden and (titles.roles[i] != "note" or any(map(str.isdigit, other)))
            if hidden and other and start is not None and not _shares(cells, i) and i:
                end = start + len(" ".join(other.split()))
                text = text[:start] + " " * (end - start) + text[end:]
        passage = replace(passage, text=text)
        place = offsets[column]
        valued = place is not None and (nil_cell(cell) is not None or holds_value(cell))
        value = place + figure_offset(cell) if valued and place is not None else None
        sure = value is not None and _is_one(cell)
        return Row(passage, value, sure, (index,), self.unit_of(cells, titles.cells, column))

    def _paired(self, index: int, cells: list[str], titles: _Titles, path: tuple[str, ...]) -> Row | None:
        """Read ``OCOP/đã lên sàn | 6/4`` and ``Cấp mới | 15/4`` under ``Cá nhân/tổ chức`` as two figures."""
        label = _label(cells)
        slashed = [i for i, cell in enumerate(cells) if _SLASHED.match(cell)]
        if len(slashed) != 1 or not slashed[0]:
            return None
        title = titles.cells[slashed[0]] if slashed[0] < len(titles.cells) else ""
        title = title if "/" in title and sum(map(str.isalpha, title)) > 4 else ""
        if not title and "/" not in label:
            return None
        said = f"{label} {title}: {cells[slashed[0]]}" if title else f"{label}: {cells[slashed[0]]}"
        passage = build_passage(
            [replace(self._blocks[index], text=said, cells=())], "prose", path, self._damaged
        )
        return Row(passage, None, True, (index,))

    def _told(self, index: int, cells: list[str], path: tuple[str, ...], column: int | None) -> Row | None:
        """Read a row whose answer is a sentence: label and answer as prose, under the label as its heading."""
        named = next((c for c, cell in enumerate(cells) if sum(map(str.isalpha, cell)) > 3), len(cells))
        columns = [column] if column else [c for c in range(named + 1, len(cells)) if tells(cells[c])]
        if len(columns) != 1 or columns[0] < 1:
            return None
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
        if _mark_of(block.text) == " ":
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
        bracket = _BRACKET.search(_label(cells)) or _BRACKET.search(titles[0] if titles else "")
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
        """Read a table whose columns are indicators and whose rows are villages or periods: one row is the claim."""
        grid = [(index, self._cells(index)) for index in region]
        titles = grid[0][1]
        if len(titles) < _FEWEST or result_column(titles, self._year, self._period) is not None:
            return []
        body = [(index, cells) for index, cells in grid[1:] if len(cells) == len(titles)]
        labels = [_label(cells) for _, cells in body]
        whole = [i for i, label in enumerate(labels) if _WHOLE.match(fold(label).strip(" .:"))]
        if not whole and len(body) > 1:
            chosen = result_column(["", *labels], self._year, self._period)
            whole = [] if chosen is None else [chosen - 1]
        if len(whole) != 1 or sum(map(holds_value, body[whole[0]][1])) < 2:
            return []
        index, cells = body[whole[0]]
        told = [
            f"{title}: {cell}"
            for title, cell in zip(titles, cells, strict=True)
            if holds_value(cell) and role_of(title, self._year) not in ("number", *_ABOUT_OTHERS)
        ]
        rows = [self._row([other], None, False) for other in region if other != index]
        said = replace(self._blocks[index], text="; ".join(told), cells=())
        return [*rows, Row(build_passage([said], "prose", (), self._damaged), None, True, (index,))]


def _mark_of(text: str) -> str:
    """Return what parts the cells of a line: a pipe, a tab or blanks; nothing when it has no cells."""
    if "|" in text:
        return "|"
    if "\t" in text.strip():
        return "\t"
    return " " if _GAPPED.search(text) else ""


def _label(cells: Sequence[str]) -> str:
    """Return the first cell in words."""
    return next((cell for cell in cells if sum(map(str.isalpha, cell)) > 2), "")


def _figures(text: str) -> bool:
    return bool(figure_places(tokenize(text)))


def _is_one(cell: str) -> bool:
    """Whether a cell holds one figure, or one with its share: ``46/46, đạt 100%``."""
    found = find_numerals(cell)
    return len(found) <= 1 or (len(found) == 2 and is_share_of(found[1], found[0]))


def _shares(cells: Sequence[str], column: int) -> bool:
    """Whether a cell holds the share that ``57/60`` in another cell comes to."""
    share = find_numerals(cells[column])
    return len(share) == 1 and any(
        is_share_of(share[0], one)
        for i, cell in enumerate(cells)
        if i != column
        for one in find_numerals(cell)[:1]
    )
