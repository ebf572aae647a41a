"""A worksheet between the libraries and us: typed values by place, with what only a second look shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache

from nq57_assets.model import CellValue
from nq57_assets.readers.characters import clean
from nq57_assets.readers.form_codes import COMMUNE_CODE, FORM_VERSION, ROUND_ID

Place = tuple[int, int]

# Above this a float no longer holds every whole number, so the digits must not be shown as exact.
_LARGEST_WHOLE = 2.0**53


@dataclass(slots=True)
class Sheet:
    """One worksheet; places are (row, column) from 1.

    Attributes:
        name: As the workbook shows it.
        cells: Non-empty values.
        errors: Error cells and the error they show, such as ``#DIV/0!``.
        uncached: Formulas that hold no result, as written.
        percent: Cells shown as a percentage, so that 0.98 means 98 %.
        hidden: The workbook doesn't show the sheet.
        merged: (top, left, bottom, right) of merged cells, from 1.
        hidden_lines: Rows and columns that are hidden.
    """

    name: str
    cells: dict[Place, CellValue]
    errors: dict[Place, str] = field(default_factory=dict)
    uncached: dict[Place, str] = field(default_factory=dict)
    percent: set[Place] = field(default_factory=set)
    hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_lines: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())

    @property
    def is_stamp(self) -> bool:
        """Whether this is the form's hidden sheet."""
        keys = {FORM_VERSION, ROUND_ID, COMMUNE_CODE}
        return any(isinstance(value, str) and value in keys for value in self.cells.values())


def column_letters(column: int) -> str:
    """Return ``A`` for 1, ``AA`` for 27."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


# The labels of a form come again in every workbook of a round.
@lru_cache(maxsize=4096)
def _cell_text(text: str) -> str:
    """Return a cell's text cleaned, its line breaks kept."""
    return "\n".join(clean(line) for line in text.replace("\r\n", "\n").split("\n"))


def typed(value: object) -> CellValue:
    """Return a library's cell value as ours: whole floats as int, dates and times as ISO text, text cleaned."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < _LARGEST_WHOLE else value
    if isinstance(value, int):
        return value
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return _cell_text(str(value))


def shown(value: CellValue) -> str:
    """Return what a person sees in a cell, with a decimal comma; line breaks inside a cell become spaces."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.15g}".replace(".", ",")
    return " ".join(str(value).split("\n"))
