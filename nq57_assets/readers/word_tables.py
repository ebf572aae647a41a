"""Tables of a Word file as lines: one line a row, cells parted by pipes, each cell with its address.

Belongs here: merged cells, header rows joined to one, tables that only lay out a page. Does not belong: which
column holds the figures (``extract.tables``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

import re2

from nq57_assets.model import Address, Block
from nq57_assets.readers.characters import clean
from nq57_assets.readers.sheets import column_letters
from nq57_assets.readers.word_fonts import Piece
from nq57_assets.readers.word_text import Cell, Item, Paragraph, Table
from nq57_assets.vietnamese.fold import fold

_LAYOUT = re2.compile(
    r"cong hoa xa hoi chu nghia|doc lap\s*[-–]\s*tu do|dang cong san viet nam|^\W*noi nhan\s*:|^\W*(?:kt|tm|tl|tuq)\.\s"
)
_COLUMN_NUMBER = re2.compile(r"^[(\[]?(?:\d{1,2}|[A-Z])[)\]]?(?:\s?=.{1,30})?$")
_DIGIT = re2.compile(r"\d")
_PROSE_LETTERS, _LONG_CELL = 150, 300
_MOST_HEADERS = 4
_COLUMN_GAP = "     "
Write = Callable[[list[Piece]], str]


@dataclass(slots=True)
class _Text:
    """A cell as its lines."""

    lines: list[str]
    goes_on: bool = False
    filler: bool = False

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.lines).replace("|", "/").split())

    @property
    def is_prose(self) -> bool:
        letters = len(self.text)
        return letters > _LONG_CELL or (len(self.lines) > 2 and letters > _PROSE_LETTERS)


def lines_of(items: list[Item], write: Write) -> list[str]:
    """Return the lines of items with text; a table inside a cell gives a line a row."""
    found: list[str] = []
    for item in items:
        if isinstance(item, Paragraph):
            found += [text for line in item.lines if (text := clean(write(line))).strip()]
        else:
            for row in item.rows:
                cells = (" ".join(lines_of(cell.items, write)) for cell in row.cells if not cell.goes_on)
                found.append(" ".join(cell for cell in cells if cell))
    return found


def is_layout(table: Table, write: Write) -> bool:
    """Whether a table only sets texts side by side: a letterhead, the place of signatures, a frame."""
    widest = max((len(row.cells) for row in table.rows), default=0)
    if widest <= 1:
        return True
    if widest > 3 or len(table.rows) > 12:
        return False
    return any(
        _LAYOUT.search(fold(line))
        for row in table.rows
        for cell in row.cells
        for line in lines_of(cell.items, write)
    )


def side_by_side(table: Table, write: Write) -> Iterator[list[str] | list[Item]]:
    """Yield the lines of each row of a layout table; a row of one cell gives its items, as if there were no table."""
    for row in table.rows:
        if len(row.cells) == 1:
            yield row.cells[0].items
            continue
        columns = [lines_of(cell.items, write) for cell in row.cells]
        yield [
            _COLUMN_GAP.join(part for part in parts if part)
            if parts[0]
            else _COLUMN_GAP + _COLUMN_GAP.join(parts[1:])
            for parts in zip_longest(*columns, fillvalue="")
        ]


def row_blocks(table: Table, name: str, write: Write) -> Iterator[Block]:
    """Yield a data table: title lines, header, rows, then the long texts of its cells.

    Args:
        table: The table.
        name: Its label in addresses, such as ``Bảng 2``.
        write: Turns pieces into text.
    """
    grid = _grid(table, write)
    width = max((len(row) for row in grid), default=0)
    top = 0
    while top < len(grid) and sum(bool(cell.text) for cell in grid[top]) <= 1 and top < len(grid) - 1:
        if _DIGIT.search("".join(cell.text for cell in grid[top])) and any(
            cell.text for cell in grid[top][1:]
        ):
            break
        # A title across the whole table.
        yield from (
            Block(cell.text, _address(name, top, column))
            for column, cell in enumerate(grid[top])
            if cell.text
        )
        top += 1
    depth = _header_depth(table, grid, top)
    if width == 2:
        yield from _pairs(grid, name, top)
        return
    prose: list[tuple[list[str], list[str], Address]] = []
    if depth > 1:
        texts = [
            _joined([_over(grid[row], column) for row in range(top, top + depth)]) for column in range(width)
        ]
        yield _line(texts, name, top)
        top += depth
    for place in range(top, len(grid)):
        row = grid[place]
        texts = [cell.text for cell in row]
        if place == top + (depth <= 1) and _counts_columns(texts):
            continue
        for column, cell in enumerate(row):
            if cell.is_prose:
                label = [text for other, text in enumerate(texts) if other < column and len(text) > 3]
                prose.append((label, cell.lines, _address(name, place, column)))
                texts[column] = ""
        if any(texts):
            yield _line(texts, name, place)
    for label, lines, address in prose:
        yield Block("", address)
        if label:
            yield Block(f"{' - '.join(label)}:", address)
        yield from (Block(line, address) for line in lines)


def _grid(table: Table, write: Write) -> list[list[_Text]]:
    """Return the rows with one entry a column; a label that goes on from the cell above stands in each of its rows."""
    grid: list[list[_Text]] = []
    for row in table.rows:
        line = [_Text([], filler=True) for _ in range(row.before)]
        for cell in row.cells:
            line.append(_read(cell, grid[-1] if grid else [], len(line), write))
            line += [_Text([], filler=True) for _ in range(cell.span - 1)]
        grid.append(line)
    width = max((len(line) for line in grid), default=0)
    for line in grid:
        line += [_Text([], filler=True) for _ in range(width - len(line))]
    return grid


def _read(cell: Cell, above: list[_Text], column: int, write: Write) -> _Text:
    if not cell.goes_on:
        return _Text(lines_of(cell.items, write))
    over = above[column] if column < len(above) else _Text([])
    # A figure across several rows belongs to one of them, a label to all.
    return _Text([] if _DIGIT.search(over.text) else over.lines, goes_on=True)


def _header_depth(table: Table, grid: list[list[_Text]], top: int) -> int:
    """Return how many rows the header takes: those that Word repeats, or those that its merged cells reach."""
    if top >= len(grid):
        return 0
    rows = table.rows[top:]
    marked = 0
    while marked < min(len(rows), _MOST_HEADERS) and rows[marked].header:
        marked += 1
    if marked > 1:
        return marked
    wide = any(cell.span > 1 for cell in rows[0].cells)
    deep = any(cell.starts for cell in rows[0].cells)
    if not (wide and (deep or len(rows) > 2)):
        return 1
    depth = 1
    while depth < min(len(rows), _MOST_HEADERS) and _goes_under(rows[depth].cells, grid[top + depth]):
        depth += 1
    return depth


def _goes_under(cells: list[Cell], texts: list[_Text]) -> bool:
    """Whether a row below the first belongs to the header: cells go on from above, and none holds a figure alone."""
    own = [text.text for text in texts if not text.goes_on and text.text]
    return any(cell.goes_on for cell in cells) and not any(text[:1].isdigit() for text in own) and bool(own)


def _counts_columns(texts: list[str]) -> bool:
    filled = [text for text in texts if text]
    return (
        len(filled) > 2
        and all(_COLUMN_NUMBER.match(text) for text in filled)
        and filled[-1][:1] in "(123456789"
    )


def _over(row: list[_Text], column: int) -> str:
    """Return the text above a column: in a wide cell that of its beginning."""
    while column and row[column].filler:
        column -= 1
    return row[column].text


def _joined(texts: list[str]) -> str:
    return " ".join(dict.fromkeys(text for text in texts if text))


def _address(name: str, row: int, column: int) -> Address:
    return Address(sheet=name, cell=f"{column_letters(column + 1)}{row + 1}")


def _pairs(grid: list[list[_Text]], name: str, top: int) -> Iterator[Block]:
    """Yield a table of two columns as ``label: answer``; a line of two cells is not told from a letterhead."""
    figures = [sum(row[column].text[:1].isdigit() for row in grid) for column in (0, 1)]
    label, answer = (1, 0) if figures[0] > figures[1] else (0, 1)
    for place in range(top, len(grid)):
        head, tail = grid[place][label].text.rstrip(" :"), grid[place][answer].text
        first = _address(name, place, label if head else answer)
        yield Block("", first)
        if head and tail:
            cells = ((0, first), (len(head) + 2, _address(name, place, answer)))
            yield Block(f"{head}: {tail}", first, cells=cells)
        elif head or tail:
            yield Block(head or tail, first)


def _line(texts: list[str], name: str, row: int) -> Block:
    """Return a row as one block whose cells keep their addresses."""
    text, cells = "|", []
    for column, cell in enumerate(texts):
        cells.append((len(text), _address(name, row, column)))
        text += f" {cell} |" if cell else " |"
    first = next(column for column, cell in enumerate(texts) if cell)
    return Block(text, _address(name, row, first), cells=tuple(cells))
