"""Figures as Vietnamese documents write them: separators, ranges, parts of a whole, percentages, number words.

What looks like a figure but is a date, a paper's symbol, an address or a letter read as a digit is marked so;
what a figure counts is for the caller to decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import re2

from nq57_assets.vietnamese.fold import fold

NumeralKind = Literal["figure", "label", "date"]

_AMOUNT = r"\d+(?:[.,]\d+)*"
_DASH = r"[-–—−~]"
# A digit or two misread as letters, as in 3Q0 or 1OQ%; a word of letters alone never counts.
_MISREAD = r"[0-9OoQDIl]*[0-9][0-9OoQDIl]*"

_TOKEN = re2.compile(
    rf"(?P<address>(?:https?://|www\.)\S+|\S+@\S+\.\S+)"
    rf"|(?P<code>\d+\s?[/-]\s?(?:\d{{4}}\s?/\s?)?\p{{Lu}}[\pL\pM&]+(?:\s?[-–/]\s?[\pL\pM&]{{2,}})*)"
    rf"|(?P<date>\d{{1,2}}\s?[/.-]\s?\d{{1,2}}\s?[/.-]\s?(?:19|20)\d{{2}}|\d{{1,2}}\s?/\s?(?:19|20)\d{{2}})"
    rf"|(?P<phone>\(?0\d{{2,3}}\)?[ .-]?\d{{3}}[ .-]?\d{{3,4}}(?:[ .-]?\d{{1,3}})?|0\d{{9}})"
    rf"|(?P<ratio>{_AMOUNT}\s?/\s?{_AMOUNT})"
    rf"|(?P<range>{_AMOUNT}\s?{_DASH}\s?{_AMOUNT}|{_AMOUNT}\s(?:đến|tới|dén|den|đên|toi)\s{_AMOUNT})"
    rf"|(?P<amount>{_AMOUNT})"
)
_MISREAD_TOKEN = re2.compile(rf"{_MISREAD}|[0-9OoQDIl]{{1,3}}(?:[.,][0-9OoQDIl]{{3}})+")
_MISREAD_GROUPS = re2.compile(r"(?:[.,][0-9OoQDIl]{3})+(?:$|[^\pL\d])")
_GROUPS = ("", "address", "code", "date", "phone", "ratio", "range", "amount")
# Every figure-like string holds one of these, or is an address.
_SIGNS = frozenset("0123456789@")
_CHANGE = re2.compile(rf"\s{_DASH}\d")
_PERCENT = re2.compile(r"\s?(?:%|phần trăm|phan tram|phần tram)")
_SCALE = re2.compile(r"\s(nghìn|ngàn|triệu|tỷ|tỉ|vạn|nghin|ngan|trieu)([^\pL\pM]|$)")
# "13/ CV 8" goes on with another thing; the number of a paper has no blank behind its slash, or a longer symbol.
_LISTED = re2.compile(r"^(\d+)\s?/\s\p{Lu}[\pL\pM&]+$")
_NUMBER_OF = re2.compile(r"(?i:s[ốoố6]|s[oó])\s?[:.]?\s*$")
_SCALES = {"nghin": 1e3, "ngan": 1e3, "trieu": 1e6, "ty": 1e9, "ti": 1e9, "van": 1e4}

_UNITS = {
    "không": 0,
    "một": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
}
_AFTER_TEN = {"mốt": 1, "tư": 4, "lăm": 5, "bẩy": 7, "nhăm": 5}
_DIGIT_WORD = {**_UNITS, "bẩy": 7}


@dataclass(frozen=True, slots=True)
class Numeral:
    """One figure-like string.

    Attributes:
        start: Offset of its first character in the text.
        end: Offset behind its last character, the percent sign or scale word included.
        kind: ``figure``, or why it is none: ``label`` (part of a symbol, an address, a name), ``date``.
        low: The figure, the part of ``a/b`` or the lower end of a range.
        high: The figure, or the upper end of a range.
        whole: The denominator of ``a/b``.
        percent: A percent sign follows.
        repaired: Letters were read as digits or separators were mended: a guess, however likely.
        loose: ``a/b`` that may as well be a day and a month.
        text: As written.
    """

    start: int
    end: int
    kind: NumeralKind
    text: str
    low: float = 0.0
    high: float = 0.0
    whole: float | None = None
    percent: bool = False
    repaired: bool = False
    loose: bool = False

    @property
    def is_range(self) -> bool:
        """Whether two ends were written."""
        return self.low != self.high


def parse_amount(text: str) -> tuple[float, bool] | None:
    """Return (value, repaired) of digits with Vietnamese separators, or None when they form no number.

    >>> parse_amount("5.010"), parse_amount("98,39"), parse_amount("98.39"), parse_amount("2.5.1")
    ((5010.0, False), (98.39, False), (98.39, False), None)
    """
    if text.isdigit():
        return (float(text), False) if len(text) <= 13 else None
    main, comma, decimals = text.rpartition(",")
    if comma and main.count(",") == 0 and decimals.isdigit():
        whole = parse_amount(main)
        if whole is None or not whole[0].is_integer():
            return None
        if len(decimals) == 3 and "." not in main and main != "0":
            return float(main + decimals), True
        return float(f"{whole[0]:.0f}.{decimals}"), whole[1]
    groups = text.replace(",", ".").split(".")
    if not all(group.isdigit() for group in groups) or not groups[0]:
        return None
    if all(len(group) == 3 for group in groups[1:]) and len(groups[0]) <= 3 and groups[0] != "0":
        return float("".join(groups)), "," in text
    if len(groups) == 2 and len(groups[1]) in (1, 2):
        return float(".".join(groups)), False
    return None


def _is_year(amount: float) -> bool:
    return amount.is_integer() and 1900 <= amount <= 2099


def _mend(text: str) -> str:
    return text.translate(str.maketrans("OoQDIl", "000011"))


def _label(start: int, end: int, text: str, kind: NumeralKind = "label") -> Numeral:
    return Numeral(start, end, kind, text[start:end])


def _pair(text: str, start: int, end: int, is_ratio: bool) -> Numeral | None:
    """Read ``a/b`` or ``a - b``; None when the two are no such pair, so that each may be read alone."""
    amounts = [parse_amount(m.group()) for m in re2.finditer(_AMOUNT, text[start:end])]
    if len(amounts) != 2 or amounts[0] is None or amounts[1] is None:
        return None
    (first, fixed), (second, fixed_too) = amounts[0], amounts[1]
    repaired = fixed or fixed_too
    if is_ratio:
        loose = first <= 31 and second <= 12 and first.is_integer()
        return Numeral(
            start, end, "figure", text[start:end], first, first, second, repaired=repaired, loose=loose
        )
    if _is_year(first) and (_is_year(second) or second < 100):
        return _label(start, end, text, "date")
    if first < second:
        return Numeral(start, end, "figure", text[start:end], first, second, repaired=repaired)
    return None


def _is_change(text: str, start: int, end: int) -> bool:
    """Whether ``9 -27`` behind another figure is a value with its change and no range: ``36 9 -27``."""
    return _CHANGE.search(text[start:end]) is not None and text[:start].rstrip(" |")[-1:].isdigit()


def _with_tail(numeral: Numeral, text: str) -> Numeral:
    """Take a percent sign or a scale word behind the digits into the figure."""
    tail = text[numeral.end : numeral.end + 14]
    percent = _PERCENT.match(tail) if "%" in tail[:2] or "p" in tail[:2] else None
    scale = _SCALE.match(tail) if percent is None and tail[1:2] in "ntv" else None
    if percent:
        end, factor = numeral.end + percent.end(), 1.0
    elif scale and not fold(tail[scale.end(1) :]).startswith(" le"):  # "3.699 tỷ lệ 98%"
        end, factor = numeral.end + scale.end(1), _SCALES[fold(scale.group(1))]
    else:
        return numeral
    return Numeral(
        numeral.start,
        end,
        numeral.kind,
        text[numeral.start : end],
        numeral.low * factor,
        numeral.high * factor,
        numeral.whole,
        percent is not None,
        numeral.repaired,
        numeral.loose,
    )


def _read(name: str, text: str, start: int, end: int) -> list[Numeral]:
    if name in ("address", "code", "phone"):
        return [_label(start, end, text)]
    if name == "date":
        return [_label(start, end, text, "date")]
    if name in ("ratio", "range"):
        pair = None if _is_change(text, start, end) else _pair(text, start, end, name == "ratio")
        if pair is not None:
            return [_with_tail(pair, text)]
        found = []
        for part in re2.finditer(_AMOUNT, text[start:end]):
            found += _read("amount", text, start + part.start(), start + part.end())
        return found
    amount = parse_amount(text[start:end])
    if amount is None:
        return [_label(start, end, text)]
    value, repaired = amount
    return [_with_tail(Numeral(start, end, "figure", text[start:end], value, value, repaired=repaired), text)]


def _in_word(letter: str) -> bool:
    return letter.isalnum() or letter in "_$¢€&"


def _glued(text: str, start: int, end: int) -> bool:
    """Whether letters touch the digits, so that they are part of a word such as ``4G`` or ``x4``."""
    before = start > 0 and _in_word(text[start - 1])
    if start > 1 and text[start - 1] in "'’~`" and text[start - 2].isalnum():
        return True
    after = end < len(text) and _in_word(text[end]) and not text.startswith("km", end)
    return before or after


def _misread(text: str, start: int, end: int) -> Numeral | None:
    """Read a word of digits and letters such as ``3Q0``; it must begin with a digit or end in a percent sign."""
    while start > 0 and _in_word(text[start - 1]):
        start -= 1
    while end < len(text) and _in_word(text[end]):
        end += 1
    groups = _MISREAD_GROUPS.match(text[end : end + 16])
    if groups:  # "1Q.352" is one figure, whose thousands are no figure of their own.
        end += groups.end() - (not groups.group()[-1].isalnum())
    word = text[start:end]
    if len(word) > 12 or not _MISREAD_TOKEN.fullmatch(word) or word.isdigit():
        return None
    percent = _PERCENT.match(text[end : end + 12])
    if not percent and not any(c in "OQ.," for c in word):
        return None
    amount = parse_amount(_mend(word))
    if amount is None:
        return None
    value = amount[0]
    return _with_tail(Numeral(start, end, "figure", word, value, value, repaired=True), text)


def _behind_letters(name: str, text: str, start: int, end: int) -> list[Numeral]:
    """Return the second figure of a pair whose first one is part of a word: ``29 t6/203 thành viên``."""
    if name not in ("ratio", "range"):
        return []
    parts = list(re2.finditer(_AMOUNT, text[start:end]))[1:]
    return [
        numeral
        for part in parts
        if not _glued(text, start + part.start(), start + part.end())
        for numeral in _read("amount", text, start + part.start(), start + part.end())
    ]


def find_numerals(text: str) -> list[Numeral]:
    """Return every figure-like string of one passage in order, without overlaps.

    Args:
        text: NFC text of one passage; the work is linear in its length.
    """
    found: list[Numeral] = []
    if _SIGNS.isdisjoint(text) and "://" not in text and "www." not in text:
        return found
    position = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if start < position:
            continue
        name = _GROUPS[match.lastindex or -1]
        listed = _LISTED.match(text[start:end]) if name == "code" else None
        if listed and not _NUMBER_OF.search(text[max(0, start - 8) : start]):
            name, end = "amount", start + listed.end(1)
        if name not in ("address", "code") and _glued(text, start, end):
            mended = _misread(text, start, end)
            numerals = [mended] if mended else _behind_letters(name, text, start, end)
        else:
            numerals = _read(name, text, start, end)
        found += numerals
        position = max([end, *(numeral.end for numeral in numerals)])
    return found


def parse_words(words: list[str]) -> tuple[float, int] | None:
    """Read number words from the start of a list: ``["hai", "mươi", "ba", "buổi"]`` gives (23, 3).

    Only spellings with their marks count: without marks ``năm`` is year or five. Returns None when the list does
    not begin with a number.
    """
    total = group = 0.0
    used, pending, scale = 0, None, 1.0
    for word in (w.lower() for w in words[:14]):
        if word == "mười" and pending is None:
            group, pending, scale = group + 10, None, 10.0
        elif word in ("mươi", "chục", "trăm") and pending is not None:
            scale = 100.0 if word == "trăm" else 10.0
            group, pending = group + pending * scale, None
        elif word in ("nghìn", "ngàn", "triệu") and (pending is not None or group):
            scale = 1e3 if word != "triệu" else 1e6
            total, group, pending = total + (group + (pending or 0)) * scale, 0.0, None
        elif word == "rưỡi" and used and pending is None and scale > 1:
            total, used = total + scale / 2, used + 1
            break
        elif word in ("linh", "lẻ") and used and pending is None:
            pass
        elif word in _AFTER_TEN and used and pending is None and scale == 10:
            group, used = group + _AFTER_TEN[word], used + 1
            break
        elif (
            word in _DIGIT_WORD and pending is None and not (word in ("không", "năm") and used and scale == 1)
        ):
            if used and scale == 10 and word in ("không",):
                break
            pending = _DIGIT_WORD[word]
        else:
            break
        used += 1
    if not used:
        return None
    return total + group + (pending or 0), used
