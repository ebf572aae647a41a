"""Cells of tables and workbooks that hold difficulties, causes or recommendations.

Belongs here: which cells of a drawn table or a worksheet are statements by the title of their column, of their row
or of the section around the table. Does not belong: what a cell says (``statements``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import re2

from nq57_assets.extract.passages import Passage
from nq57_assets.extract.statement_words import STOPS, Words
from nq57_assets.model import Address, Addressee, Document
from nq57_assets.vietnamese.fold import fold

_CELL = re2.compile(r"^([A-Z]{1,3})(\d+)$")
_ORDER = re2.compile(r"^[\dIVXivx.\-()]{1,5}$")
_HEADER_CELLS = frozenset(
    {"stt", "tt", "noi dung", "ghi chu", "chi tieu", "don vi", "co quan", "so tt", "linh vuc"}
)
_FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class StatementCell:
    """A cell with what its title makes of it."""

    text: str
    address: Address
    roles: tuple[str, ...]
    section: str | None
    addressee: Addressee | None


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    address: Address


_Rows = Sequence[dict[int, _Cell]]


def table_lines(document: Document) -> set[int]:
    """Return the indexes of the blocks that are rows of a table drawn with pipes or tabs."""
    return {
        index
        for index, block in enumerate(document.blocks)
        if block.text.count("|") > 1 or " | " in block.text or "\t" in block.text.strip()
    }


def table_cells(rows: Sequence[Passage], roles: tuple[str, ...], words: Words) -> list[StatementCell]:
    """Return the statements' cells of a drawn table, given what the section around it heads."""
    return list(_read([_cells(row) for row in rows], roles, words, rows[0].damaged))


def sheet_cells(document: Document, words: Words) -> list[StatementCell]:
    """Return the statements' cells of a workbook, sheet by sheet."""
    sheets: dict[str, dict[int, dict[int, _Cell]]] = {}
    for block in document.blocks:
        found = _CELL.match(block.address.cell or "")
        if found and block.text.strip():
            row = sheets.setdefault(block.address.sheet or "", {}).setdefault(int(found.group(2)), {})
            text = block.value if isinstance(block.value, str) else block.text
            row[_column(found.group(1))] = _Cell(text, block.address)
    return [
        cell
        for rows in sheets.values()
        for cell in _read([rows[number] for number in sorted(rows)], (), words, False)
    ]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def _cells(row: Passage) -> dict[int, _Cell]:
    """Cut a row at its pipes; an empty cell keeps its column."""
    raw = row.raw
    offset = 0
    cells: dict[int, _Cell] = {}
    column = 0 if raw.startswith("|") else 1
    for part in raw.split("|"):
        if part.strip():
            cells[column] = _Cell(part.strip(), row.address_at(offset + len(part) - len(part.lstrip())))
        offset += len(part) + 1
        column += 1
    return cells


def _read(rows: _Rows, roles: tuple[str, ...], words: Words, damaged: bool) -> Iterator[StatementCell]:
    """Yield the cells of a table: by column titles where there are any, else by row titles, else by the section."""
    columns: dict[int, tuple[tuple[str, ...], str]] = {}
    for row in rows:
        titled = {
            column: (found, cell.text)
            for column, cell in row.items()
            if (found := words.roles(cell.text, damaged)) is not None and set(found) - STOPS
        }
        texts = [column for column, cell in row.items() if not _ORDER.match(cell.text)]
        if titled and (_is_header(row) or len(titled) > 1) and len(titled) >= len(texts) / 3:
            columns = titled
            continue
        if titled:
            yield from _beside(row, titled, words, damaged)
        elif columns:
            for column, (own, title) in columns.items():
                if column in row:
                    yield _cell(row[column], row, column, own, title, words, damaged)
        elif set(roles) - STOPS and not _is_header(row):
            longest = max(row, key=lambda column: len(row[column].text), default=None)
            if longest is not None and len(row[longest].text.split()) >= _FEWEST_WORDS:
                yield _cell(row[longest], row, longest, roles, None, words, damaged)


def _beside(
    row: dict[int, _Cell], titled: dict[int, tuple[tuple[str, ...], str]], words: Words, damaged: bool
) -> Iterator[StatementCell]:
    """Yield what stands to the right of a cell that is a title."""
    first = min(titled)
    own, title = titled[first]
    for column, cell in row.items():
        if column > first and len(cell.text.split()) >= _FEWEST_WORDS:
            yield _cell(cell, row, column, own, title, words, damaged)
            return


def _cell(
    cell: _Cell,
    row: dict[int, _Cell],
    column: int,
    roles: tuple[str, ...],
    title: str | None,
    words: Words,
    damaged: bool,
) -> StatementCell:
    """Return a statement's cell; another short cell of the row may name the addressee."""
    named: Addressee | None = None
    if "recommendation" in roles:
        sources = [other.text for place, other in row.items() if place != column and len(other.text) < 60]
        for text in [*sources, title or ""]:
            named = named or words.addressee(words.read(text, damaged))
    return StatementCell(cell.text, cell.address, roles, title, named)


def _is_header(row: dict[int, _Cell]) -> bool:
    return any(fold(cell.text).strip(" .") in _HEADER_CELLS for cell in row.values())
