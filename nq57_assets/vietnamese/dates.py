"""Dates as Vietnamese papers write them: day first, in words or digits, often damaged or half blank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import re2

from nq57_assets.vietnamese.fold import fold

# The words between the numbers survive OCR only roughly: "ngày" as "ngdy", "tháng" as "théng", "năm" as
# "nim". "ngay" must not swallow "nganh": it ends in its y.
_DAY_WORD = r"(?:ng[a-z¢&€]{1,3}[yj¥v]|ngay)"
_MONTH_WORD = r"th[a-z¢&€]{1,3}n?g"
_YEAR_WORD = r"n[a-z¢&€]{1,4}"
_BLANK = r"[\s.…_\-–]*"
# A handwritten or damaged day may hold letters ("3l"); then it is unknown, but the year beside it is not.
_SLOT = r"[\dloOIiSsbB|?]{1,3}"

_WORDS = re2.compile(
    rf"{_DAY_WORD}{_BLANK}({_SLOT})?{_BLANK}{_MONTH_WORD}{_BLANK}({_SLOT})?{_BLANK}{_YEAR_WORD}\s{{0,3}}(\d{{4}})"
)
# "ngày 31 tháng 3 tháng 2022": the slip of the second month word for the year word.
_SLIP = re2.compile(
    rf"(\d{{1,2}})\s+{_MONTH_WORD}\s+(\d{{1,2}})\s+(?:{_MONTH_WORD}|{_YEAR_WORD})\s{{0,3}}(\d{{4}})"
)
_DIGITS = re2.compile(r"(^|[^\d./,])(\d{1,2})\s?([/.\-])\s?(\d{1,2})\s?[/.\-]\s?(\d{4})")
_MONTH_ONLY = re2.compile(rf"(^|[^a-z]){_MONTH_WORD}\s*(\d{{1,2}})\s*(?:{_YEAR_WORD}\s*|/\s?)(\d{{4}})")
_ISO = re2.compile(r"(\d{4})-(\d{2})-(\d{2})")

_FIRST_YEAR, _LAST_YEAR = 1945, 2100


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text: ``start`` and ``end`` are positions in the NFC text; blank parts are None."""

    start: int
    end: int
    year: int
    month: int | None
    day: int | None

    @property
    def on(self) -> date | None:
        """The whole date, or None when a part is blank."""
        return None if self.month is None or self.day is None else date(self.year, self.month, self.day)


def _checked(start: int, end: int, year: int, month: int | None, day: int | None) -> FoundDate | None:
    """Return the date when its parts can be a date; None when a part is impossible."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    if month is not None and not 1 <= month <= 12:
        return None
    if day is not None:
        try:
            date(year, month or 1, day)
        except ValueError:
            return None
    return FoundDate(start, end, year, month, day)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 2 else None


def _in_words(match: Any) -> FoundDate | None:
    """Return the date of a match in words; a day that cannot exist is dropped, the month and year stay."""
    day, month, year = match.groups()
    start, end = match.span()
    for parts in ((_number(month), _number(day)), (_number(month), None), (None, None)):
        if found := _checked(start, end, int(year), *parts):
            return found
    return None


def find_dates(text: str) -> tuple[FoundDate, ...]:
    """Return the dates that stand in ``text``, in order: in words, ``08/8/2025``, ``10.10.2025`` or ISO.

    A day that cannot exist (``31/02/2025``) is no date. Month and day are None where the paper leaves them
    blank or where they are damaged.
    """
    folded = fold(text)
    found: list[FoundDate | None] = []
    found.extend(_in_words(match) for match in _WORDS.finditer(folded))
    for match in _SLIP.finditer(folded):
        day, month, year = match.groups()
        found.append(_checked(match.start(), match.end(), int(year), int(month), int(day)))
    found.extend(_find_digits(folded))
    for match in _ISO.finditer(folded):
        year, month, day = (int(part) for part in match.groups())
        found.append(_checked(match.start(), match.end(), year, month, day))
    return _without_overlaps([one for one in found if one])


def _find_digits(folded: str) -> list[FoundDate | None]:
    return [
        _checked(match.start(2), match.end(5), int(match.group(5)), int(match.group(4)), int(match.group(2)))
        for match in _DIGITS.finditer(folded)
        if not folded[match.end(5) : match.end(5) + 1].isdigit()
    ]


def _without_overlaps(found: list[FoundDate]) -> tuple[FoundDate, ...]:
    kept: list[FoundDate] = []
    for one in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


def place_and_date(line: str) -> tuple[str | None, FoundDate] | None:
    """Read a place-and-date line such as ``Cát Hải, ngày 09 tháng 12 năm 2025``.

    Returns:
        The words before the comma (None when there are none; in a two-column line they still carry what stands
        to their left) and the date, whose day or month is None when blank; None when the line is no such line.
    """
    folded = fold(line)
    match = _WORDS.search(folded)
    if match is None:
        return _place_and_month(line, folded)
    found = _in_words(match)
    return None if found is None else (_place(line[: match.start()]), found)


def _place_and_month(line: str, folded: str) -> tuple[str | None, FoundDate] | None:
    """Read the rarer forms: ``Cát Hải, ngày 09/12/2025`` and ``Cát Hải, tháng 12 năm 2025``."""
    comma = folded.rfind(",")
    if comma < 0:
        return None
    tail = folded[comma + 1 :]
    digits = [one for one in find_dates(tail) if one.on]
    if digits and re2.match(rf"\s*{_DAY_WORD}", tail):
        return _place(line[:comma]), digits[0]
    match = _MONTH_ONLY.match(tail.strip())
    if match is None:
        return None
    found = _checked(comma, len(line), int(match.group(3)), int(match.group(2)), None)
    return None if found is None else (_place(line[:comma]), found)


def _place(before: str) -> str | None:
    return before.strip(" ,.;:\t") or None
