"""The parts of one page as blocks in reading order.

Belongs here: the order of lines and tables, their numbers, what is left out of them.
Does not belong: how words become lines (``layout``) and tables (``drawn_tables``).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nq57_assets.model import Address, Block
from nq57_assets.readers.drawn_tables import table_parts
from nq57_assets.readers.grids import Grid
from nq57_assets.readers.layout import Line, TableRow, Word, chain, median
from nq57_assets.readers.page_columns import unfolded

_PARAGRAPH_GAP = 1.6


def arrange(words: Sequence[Word], grids: Sequence[Grid], page: int) -> tuple[Block, ...]:
    """Return the lines of one page as blocks, a blank block where a paragraph ends by a wide gap.

    Lines count from 1 as the eye counts them: the row of a table has the number of its first line, and the next row
    goes on behind its last. Columns side by side stand on one line, three blanks apart; prose in two columns is read down
    one column, then down the other.
    """
    inside: list[list[Word]] = [[] for _ in grids]
    outside: list[Word] = []
    for word in words:
        holding = [n for n, grid in enumerate(grids) if grid.cell_at(word.centre, word.middle) is not None]
        (inside[holding[0]] if holding else outside).append(word)
    parts: list[Line | TableRow] = list(chain(outside))
    for grid, held in zip(grids, inside, strict=True):
        parts += table_parts(grid, held)
    parts.sort(key=lambda part: part.top if isinstance(part, TableRow) else part.middle)
    return _numbered(unfolded(_without_page_number(parts, page)), page)


def _without_page_number(parts: list[Line | TableRow], page: int) -> list[Line | TableRow]:
    """Drop the number printed at the head or foot of a page: between two lines of a sentence it reads as a figure."""
    return [
        part
        for position, part in enumerate(parts)
        if not (
            position in (0, len(parts) - 1)
            and isinstance(part, Line)
            and _is_page_number("".join(word.text for word in part.words), page)
        )
    ]


def _is_page_number(text: str, page: int) -> bool:
    number = text.lower().removeprefix("trang").strip(" -–—.|").partition("/")[0]
    return number.isascii() and number.isdigit() and abs(int(number[:6]) - page) <= 1


def _numbered(parts: list[Line | TableRow], page: int) -> tuple[Block, ...]:
    lines = [part for part in parts if isinstance(part, Line)]
    steps = [after.middle - before.middle for before, after in pairwise(lines)]
    most = 4 * median([line.height for line in lines])
    pitch = median([step for step in steps if 0 < step < most])
    blocks: list[Block] = []
    number = 1
    last: Line | None = None
    for part in parts:
        address = Address(page=page, line=number)
        if isinstance(part, TableRow):
            cells = tuple((offset, address) for offset in part.cells)
            blocks.append(Block(part.text, address, cells=cells, confidence=part.confidence))
            number += part.height
            last = None
            continue
        # What stands under a table never goes on with its last row, however close it stands.
        after_table = last is None and bool(blocks)
        wide = last is not None and pitch and part.middle - last.middle > _PARAGRAPH_GAP * pitch
        if after_table or wide:
            blocks.append(Block("", Address(page=page, line=number - 1)))
        blocks.append(Block(part.text, address, confidence=part.confidence))
        number += 1
        last = part
    return tuple(blocks)
