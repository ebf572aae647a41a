"""Lines of a table as text: what a row is, the cells drawn in them, the row of titles, numbers of rows.

Belongs here: pure functions on one line or one row.
Does not belong: which column holds the values (``columns``), finding tables (``tables``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import re2

from nq57_assets.extract.passages import Passage
from nq57_assets.extract.titles import names_columns
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
_ANSWERS = frozenset({"co", "khong", "x", "da co", "chua co", "chua", "roi", "da lap", "da mo"})
YEAR = re2.compile(r"20\d{2}")
_GAP = re2.compile(r"\s{2,}")
ROW_NUMBER = re2.compile(
    r"^\s*[|\[(]?\s*(\d{1,2}|[A-RU-Za-ru-z]\d{1,2})\s*(?:[.)|\]}¡_+†‡]+|\s[/\\:;,]\s|\s)\s*[|\]+†]?\s*"
)
# The number of a row or the letter of a group, a row that is a part of the one above.
MARK = re2.compile(
    r"^\(?(?:[A-ZĐ]{1,2}[-.]?\d{1,3}|[A-ZĐ]|[IVX]{1,5}|\d{1,2}(?:\.\d{1,2}){0,2}|[a-zđ])[.)]?$"
)
LETTERED = re2.compile(r"^\(?(?:[A-ZĐ]|[IVX]{1,5})[.)]?$")
CHILD = re2.compile(r"^(?:[-–+*•]|[tT]rong [đd]|[tT]rong s[ốo])")
# "Buổi bồi dưỡng cho số này": of those that the row above counts.
BACK = re2.compile(r"(?: này| ấy| nói trên| đó| kể trên)(?: \([^()]*\))?$")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Attributes:
        passage: Its lines, joined; cells that tell nothing of this period's result are blanks in its ``text``.
        value: Offset of its value in the passage's text, or None when no figure is one.
        sure: The value's place is certain.
        lines: Indexes of its blocks.
        unit: Text of its unit cell; empty when the table draws no cells.
    """

    passage: Passage
    value: int | None
    sure: bool
    lines: tuple[int, ...]
    unit: str = ""


def split_cells(text: str) -> list[str]:
    """Return the cells of a drawn line; one cell when the line draws none."""
    for mark in ("|", "\t"):
        if text.count(mark) >= (2 if mark == "|" else 1):
            cells = [cell.strip() for cell in text.split(mark)]
            # A pipe may be the border of the table; a tab parts an empty first cell from the others.
            if not cells[0] and (mark == "|" or len(cells) < 3):
                cells = cells[1:]
            if cells and not cells[-1] and text.rstrip(" ").endswith(mark):
                cells = cells[:-1]
            return cells
    whole = text.strip()
    if " ".join(whole.split()) == whole:
        return [whole] if whole else []
    return [cell for cell in _GAP.split(whole) if cell]


def label_among(cells: list[str]) -> str:
    """Return the last cell in words that answers nothing: the label of the sentence in the cell behind."""
    labels = [cell for cell in cells if fold(cell).strip(" .") not in _ANSWERS]
    return next((cell for cell in reversed(labels) if any(map(str.isalpha, cell))), "")


@lru_cache(maxsize=8192)
def is_title_row(text: str) -> bool:
    """Whether a line names the columns of a table."""
    if len(text) >= 170:
        return False
    if names_columns(text):
        return True
    plain = fold(text).lstrip(" |\t")
    return plain.startswith(_HEADER_STARTS) and _HEADER.search(plain) is not None
