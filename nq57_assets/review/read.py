"""Reads a review workbook as people filled it in, whatever program saved it.

Belongs here: from bytes to answers as typed, found by titles and row ids, not by position. Does not belong: judging
them (``judge``).
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from nq57_assets.review.layout import ANSWERS, COLUMNS, HIDDEN, SHEETS
from nq57_assets.review.rows import HASHED, content_hash

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_TITLES = {" ".join(column.title.split()): column.key for column in COLUMNS}
_LOOK_FOR_HEADER = 12


class UnreadableReviewError(ValueError):
    """The file is no review workbook that can be read; the message says why, in Vietnamese."""


@dataclass(frozen=True)
class Answer:
    """One row that somebody filled in.

    Attributes:
        sheet: Title of its sheet.
        line: Its row number.
        row_id: As the row names itself; None if that cell was emptied.
        content: Hash of what the row says now.
        cells: The answer cells that are not empty, by key; a formula is kept as its text.
        formulas: Keys of the answer cells that hold a formula.
    """

    sheet: str
    line: int
    row_id: str | None
    content: str
    cells: dict[str, Any]
    formulas: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Filled:
    """What a workbook says of itself, and its answers; ``lost`` are sheets that are gone or lost their header."""

    workbook_id: str | None
    round_id: str | None
    answers: tuple[Answer, ...]
    lost: tuple[str, ...]


def read_workbook(data: bytes) -> Filled:
    """Return the answers in a review workbook.

    Raises:
        UnreadableReviewError: It is no workbook, or it may not be parsed.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    from nq57_assets.intake.preflight import preflight

    refused = preflight(data)
    if refused is not None:
        raise UnreadableReviewError(refused.observed or "tệp không an toàn")
    try:
        book = load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError) as error:
        raise UnreadableReviewError(
            f"không mở được tệp như một sổ tính Excel ({type(error).__name__})"
        ) from None
    named = _named(book[HIDDEN]) if HIDDEN in book.sheetnames else {}
    answers: list[Answer] = []
    lost: list[str] = []
    for title in SHEETS.values():
        columns, header = _columns(book[title]) if title in book.sheetnames else ({}, 0)
        if not {"row_id", *ANSWERS} <= columns.keys():
            lost.append(title)
            continue
        answers += _answers(book[title], columns, header)
    return Filled(named.get("workbook"), named.get("round"), tuple(answers), tuple(lost))


def _named(sheet: Worksheet) -> dict[str, str]:
    return {str(a): str(b) for a, b in sheet.iter_rows(max_row=8, max_col=2, values_only=True) if a and b}


def _columns(sheet: Worksheet) -> tuple[dict[str, int], int]:
    """Return the position of each column by key, and the row of the titles."""
    for number, row in enumerate(sheet.iter_rows(max_row=_LOOK_FOR_HEADER, values_only=True), 1):
        found = {
            _TITLES[title]: position
            for position, cell in enumerate(row)
            if isinstance(cell, str) and (title := " ".join(cell.split())) in _TITLES
        }
        if len(found) > len(_TITLES) // 2:
            return found, number
    return {}, 0


def _answers(sheet: Worksheet, columns: dict[str, int], header: int) -> list[Answer]:
    answers = []
    for line, row in enumerate(sheet.iter_rows(min_row=header + 1), header + 1):
        given = {key: row[columns[key]] for key in ANSWERS if columns[key] < len(row)}
        cells = {key: value for key, cell in given.items() if (value := _plain(cell.value)) is not None}
        if not cells:
            continue
        words = {
            key: row[columns[key]].value if columns.get(key, len(row)) < len(row) else None for key in HASHED
        }
        formulas = frozenset(key for key, cell in given.items() if cell.data_type == "f")
        row_id = str(words["row_id"]).strip() if words["row_id"] else None
        answers.append(Answer(sheet.title, line, row_id, content_hash(words), cells, formulas))
    return answers


def _plain(value: Any) -> Any:
    """Return what was typed, None for nothing; times of day are not asked for."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        return " ".join(value.split()) or None
    return value if isinstance(value, bool | int | float | date) else None
