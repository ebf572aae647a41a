"""Lines of a table as text: the cells drawn in them, the row of titles, numbers of rows, runs of figures.

Belongs here: pure functions on one line or one row.
Does not belong: which column holds the values (``columns``), finding tables (``tables``).
"""

from __future__ import annotations

from collections.abc import Sequence

import re2

from nq57_assets.extract.passages import Passage, tokenize
from nq57_assets.vietnamese.fold import fold

_HEADER = re2.compile(
    r"^\W*(?:stt|tt|so tt|s6 tt|st t|tu|tle|tr|ti|t1)\W.*(?:no?i ?dung|n[o6éd]i ?dung|chi ?ti[eé]u|don ?vi|dvt"
    r"|s[o6éd] ?li[eé]u|k[eé]t|ten|linh vuc|s[o6]? ?lu[oự]ng)"
    r"|^\W*(?:noi dung|chi tieu|ten chi tieu)\W+.*(?:so lieu|ket qua|don vi tinh|dvt|so luong|thuc hien)"
)
_HEADER_STARTS = (
    "stt",
    "tt",
    "so tt",
    "s6 tt",
    "st t",
    "tu",
    "tle",
    "tr",
    "ti ",
    "ti|",
    "t1 ",
    "noi dung",
    "chi tieu",
    "ten chi",
)
YEAR = re2.compile(r"20\d{2}")
_GAP = re2.compile(r"\s{2,}")
ROW_NUMBER = re2.compile(r"^\s*[|\[(]?\s*(\d{1,2}|[A-RU-Za-ru-z]\d{1,2})\s*(?:[.)|\]¡_+]+|\s)\s*[|\]+]?\s*")


def split_cells(text: str) -> list[str]:
    """Return the cells of a drawn line; one cell when the line draws none."""
    for mark in ("|", "\t"):
        if text.count(mark) >= (2 if mark == "|" else 1):
            cells = [cell.strip() for cell in text.split(mark)]
            if not cells[0]:
                cells = cells[1:]
            if cells and not cells[-1] and text.rstrip(" ").endswith(mark):
                cells = cells[:-1]
            return cells
    return [cell for cell in _GAP.split(text.strip()) if cell]


def is_title_row(text: str) -> bool:
    """Whether a line names the columns of a table."""
    if len(text) >= 170:
        return False
    plain = fold(text).lstrip(" |\t")
    return plain.startswith(_HEADER_STARTS) and _HEADER.search(plain) is not None


def longest_run(passage: Passage, lines: Sequence[str]) -> list[int]:
    """Return the offsets of the most figures that stand side by side on a line, as in columns of values."""
    runs: list[list[int]] = []
    for start, line in zip(passage.starts, lines, strict=True):
        number = ROW_NUMBER.match(line)
        open_run = False
        for token in tokenize(line):
            year = YEAR.fullmatch(token.text) is not None
            if token.kind == "figure" and not year and (number is None or token.start >= number.end(1)):
                if not open_run:
                    runs.append([])
                runs[-1].append(start + token.start)
                open_run = True
            elif token.kind != "mark" or token.text not in "|[]%":
                open_run = False
    return max(runs, key=len) if runs else []
