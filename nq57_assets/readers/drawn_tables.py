"""The words inside a table's ruled cells as rows: one line a row, cells parted by pipes.

Belongs here: cells that reach over rows and columns, header rows joined to one, frames that only lay out a page.
Does not belong: finding the ruled lines (``grids``), which column holds the figures (``extract.tables``).
"""

from __future__ import annotations

from collections.abc import Sequence

import re2

from nq57_assets.readers.grids import Grid
from nq57_assets.readers.layout import Line, TableRow, Word, chain
from nq57_assets.vietnamese.fold import fold

_LAYOUT = re2.compile(r"cong hoa xa hoi chu nghia|doc lap\s*[-–]\s*tu do|^\W*noi nhan\s*:")
_COLUMN_NUMBER = re2.compile(r"^[(\[]?(?:\d{1,2}|[A-Z])[)\]]?(?:\s?=.{1,30})?$")
_LONG_CELL = 400
_MOST_HEADERS = 3
_ROW_NUMBER = 4
Cells = dict[tuple[int, int], list[Line]]


def table_parts(grid: Grid, words: Sequence[Word]) -> list[Line | TableRow]:
    """Return the rows of a ruled table, or its plain lines where the rules only frame texts side by side."""
    held: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        cell = grid.cell_at(word.centre, word.middle)
        if cell is not None:
            held.setdefault(cell, []).append(word)
    cells = {place: chain(inside) for place, inside in held.items()}
    texts = {place: _said(lines) for place, lines in cells.items()}
    if any(_LAYOUT.search(fold(text)) for text in texts.values()):
        return list(chain(words))
    filled = sorted({row for row, _ in cells})
    headers = _header_depth(grid, texts, filled)
    parts: list[Line | TableRow] = []
    if headers > 1:
        parts.append(_header(grid, cells, filled[:headers]))
        filled = filled[headers:]
    turned = grid.columns == 2 and _figures_first(texts)
    for position, row in enumerate(filled):
        said = [texts.get((row, column), "") for column in range(grid.columns)]
        if position <= 1 and _counts_columns(said):
            continue
        parts.extend(_row(grid, cells, texts, row, turned))
    return parts


def _figures_first(texts: dict[tuple[int, int], str]) -> bool:
    """Whether a table of two columns has its answers before its labels: it is read the other way round."""
    figures = [
        sum(text[:1].isdigit() for (_, at), text in texts.items() if at == column) for column in (0, 1)
    ]
    return figures[0] > figures[1] + 1


def _said(lines: Sequence[Line]) -> str:
    return " ".join(" ".join(line.text for line in lines).replace("|", "/").split())


def _header_depth(grid: Grid, texts: dict[tuple[int, int], str], filled: list[int]) -> int:
    """Return how many rows the header takes: those under a cell of the first row that reaches over columns."""
    if not filled or filled[0] > 0:
        return 1
    wide = any(
        grid.owner[0, c] == grid.owner[0, c + 1] and grid.owner[0, c] in texts
        for c in range(grid.columns - 1)
    )
    deep = grid.rows > 1 and any(grid.owner[1, c][0] == 0 for c in range(grid.columns))
    if not (wide and deep):
        return 1
    depth = 1
    while depth < min(len(filled), _MOST_HEADERS) and any(
        grid.owner[filled[depth], c][0] < filled[depth] for c in range(grid.columns)
    ):
        depth += 1
    return depth


def _counts_columns(texts: list[str]) -> bool:
    said = [text for text in texts if text]
    return len(said) > 2 and all(map(_COLUMN_NUMBER.match, said)) and said[-1].strip("([)]") == str(len(said))


def _header(grid: Grid, cells: Cells, rows: list[int]) -> TableRow:
    """Return header rows as one: each column's titles, the widest first."""
    titles = []
    for column in range(grid.columns):
        owners = dict.fromkeys(grid.owner[row, column] for row in rows)
        titles.append(" ".join(text for owner in owners if (text := _said(cells.get(owner, ())))))
    lines = [line for (row, _), held in cells.items() if row in rows for line in held]
    return _drawn(grid, rows[0], titles, lines, max(1, len(rows)))


def _row(
    grid: Grid, cells: Cells, texts: dict[tuple[int, int], str], row: int, turned: bool
) -> list[Line | TableRow]:
    said: list[str] = []
    lines: list[Line] = []
    numbers: list[Line] = []
    prose: list[Line] = []
    for column in range(grid.columns):
        owner = grid.owner[row, column]
        text = texts.get(owner, "")
        if owner == (row, column):
            held = cells.get(owner, [])
            if len(text) > _LONG_CELL:
                prose, text = prose + held, ""
            elif column > 0 or len(text) > _ROW_NUMBER:
                lines += held  # of a misread row number nothing depends
            else:
                numbers += held
        elif owner[1] < column or any(map(str.isdigit, text)):
            text = ""  # a figure across several rows belongs to one of them, a label to all
        said.append(text)
    if not lines and not numbers:
        return list(prose)
    height = max(len(cells.get((row, column), ())) for column in range(grid.columns))
    return [_drawn(grid, row, said[::-1] if turned else said, lines, height), *prose]


def _drawn(grid: Grid, row: int, texts: list[str], lines: Sequence[Line], height: int) -> TableRow:
    """Return a row with its pipes; two columns get an empty one between, since two cells look like a letterhead."""
    columns: list[str | None] = [*texts] if len(texts) != 2 else [texts[0], None, texts[1]]
    text, starts = "|", []
    for said in columns:
        if said is not None:
            starts.append(len(text))
        text += f" {said} |" if said else " |"
    confidence = min((line.confidence for line in lines), default=1.0)
    return TableRow(grid.ys[row], text, tuple(starts), confidence, height)
