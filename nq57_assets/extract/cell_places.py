"""Where the cells of a drawn line stand: what parts them, and which title each stands below.

Belongs here: pure functions on lines of text. Does not belong: what cells mean (``column_roles``, ``columns``).
"""

from __future__ import annotations

from collections.abc import Sequence

import re2

# Numbers of columns below their titles: "(1) | (2) | (3) = (2) : (1)".
NUMBERING = re2.compile(r"^\(?[A-Z0-9]{1,2}\)?(?:\s?=.*)?$")
_GAPPED = re2.compile(r"\S\s{2,}\S")
_DRIFT = 3


def mark_of(text: str) -> str:
    """Return what parts the cells of a line: a pipe, a tab or blanks; nothing when it has no cells."""
    if "|" in text:
        return "|"
    if "\t" in text.strip():
        return "\t"
    return " " if _GAPPED.search(text) else ""


def cells_below(text: str, cells: list[str], above: str, titles: Sequence[str]) -> list[str]:
    """Return the cells of a line, empty ones between them, each below the title that begins where it does.

    Args:
        text: The line.
        cells: Its cells, fewer than titles where some are empty.
        above: The line of titles.
        titles: Its cells.

    >>> cells_below("Tổ        5", ["Tổ", "5"], "Tên  Cũ  Mới", ["Tên", "Cũ", "Mới"])
    ['Tổ', '', '5']
    """
    if not 1 < len(cells) < len(titles):
        return cells
    columns = _starts(above, titles)
    placed = [""] * len(titles)
    last = -1
    for start, cell in zip(_starts(text, cells), cells, strict=True):
        near = min(range(len(columns)), key=lambda i: abs(columns[i] - start))
        if near <= last or abs(columns[near] - start) > _DRIFT:
            return cells
        placed[near], last = cell, near
    return placed


def below(titles: Sequence[str], cells: Sequence[str]) -> list[str]:
    """Return the titles of columns with what the row below says of them; a title over several stands behind theirs.

    >>> below(["Việc", "Năm 2025", "", "Năm 2024"], ["", "6 tháng cuối", "Cả năm", ""])
    ['Việc', '6 tháng cuối Năm 2025', 'Cả năm Năm 2025', 'Năm 2024']
    """
    if all(NUMBERING.match(cell) for cell in cells if cell.strip()):
        return list(titles)
    whole: list[str] = []
    over = ""
    for i, (title, cell) in enumerate(zip(titles, cells, strict=True)):
        over = title or over
        spans = i > 0 and "" in (title, *titles[i + 1 : i + 2]) and bool(cell)
        whole.append(f"{cell} {over}" if spans else " ".join(filter(None, (title, cell))))
    return whole


def _starts(text: str, cells: Sequence[str]) -> list[int]:
    found, position = [], 0
    for cell in cells:
        position = text.index(cell, position)
        found.append(position)
        position += len(cell)
    return found
