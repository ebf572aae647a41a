"""The outline of a document: its headings with repaired marks, levels and addresses.

Belongs here: telling headings from prose and repairing what OCR does to their marks (``I1.``, ``Il.``, ``|.``,
``. PAC PIEM``). Does not belong: what a heading means for the figures below it (``observe``). A numbered item of a
list is a heading of its level as well: the reader of a figure looks at all headings above it.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

import re2

from nq57_assets.extract.letterhead import read_letterhead, upper_share
from nq57_assets.model import Block, Document, Section
from nq57_assets.vietnamese.fold import fold

_ROMANS = (
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV",
)  # fmt: skip
_TITLE_CHARACTERS = 300
_CAPITALS = 0.75

# Ranks from the widest to the narrowest; those that occur become the levels 1, 2, 3 …
_PART, _CHAPTER, _LETTER_TOP, _ROMAN, _ARTICLE, _ARABIC, _DOTTED, _DOTTED_DEEP, _LETTER = range(9)

_NAMED = re2.compile(r"^(phan|chuong|muc|dieu)\s+(thu\s+[a-z]+|[ivx]{1,5}|\d{1,3})\s*[.:\-–]?\s*")
_NAMED_RANK = {"phan": _PART, "chuong": _CHAPTER, "muc": _ROMAN, "dieu": _ARTICLE}
_DOTTED_MARK = re2.compile(r"^(\d{1,2}(?:\s?\.\s?\d{1,2}){1,3})\s?(?:[.)]|\s)\s*(\S.*)$")
_ARABIC_MARK = re2.compile(r"^(\d{1,2})\s?[.)/]\s{0,3}(\S.*)$")
_LETTER_MARK = re2.compile(r"^([a-zđ])\s?[.)]\s{0,3}(\S.*)$")
_TOP_LETTER_MARK = re2.compile(r"^([A-H])\s?[.)]\s{0,3}(\S.*)$")
# A Roman mark as OCR may leave it, with or without its dot; "H" and "IH" are II and III run together.
_ROMAN_MARK = re2.compile(r"^([IVXHTLl1|!i]{1,6})\s?([.,:)\-]|\s)\s{0,3}(\S.*)$")
_BARE_MARK = re2.compile(r"^([.,])\s{1,2}(\S.*)$")
_INNER_ROMAN = re2.compile(r"\s((?:X{0,1}(?:IX|IV|V?I{0,3})))\.\s?(\p{Lu}[\pL,]*\s+\p{Lu})")
# Most lines are prose and fall out here, before any pattern is tried.
_MARK_STARTS = frozenset("0123456789IVXHTLl|!i.,abcdđeghiklmnopqrstuvxyABCDEFGHPpMmĐDd")
_ENDS_TITLE = (".", ":", ";", "./")
_FIRST_LETTER = re2.compile(r"\pL")
_LOWER_START = re2.compile(r"^\p{Ll}")


@dataclass(frozen=True, slots=True)
class _Heading:
    rank: int
    mark: str
    title: str
    index: int
    capitals: bool
    sure: bool


def read_outline(document: Document) -> tuple[Section, ...]:
    """Return the headings of ``document`` in reading order.

    Levels count from 1 for the widest kind of mark that the document uses. Marks are as written after repair
    (``II``, ``2.1``, ``a``); a Roman mark that OCR damaged takes the number that its place in the order asks for.
    """
    blocks = document.blocks
    found: list[_Heading] = []
    headed: set[int] = set()
    for index in range(read_letterhead(document).end, len(blocks)):
        if blocks[index].address.cell is None and (here := _headings_of(blocks[index].text, index)):
            found.extend(here)
            headed.add(index)
    headings = _number_romans([_wrapped(heading, blocks, headed) for heading in _drop_false(found)])
    ranks = {rank: level for level, rank in enumerate(sorted({heading.rank for heading in headings}), 1)}
    return tuple(
        Section(h.mark, ranks[h.rank], h.title[:_TITLE_CHARACTERS], blocks[h.index].address) for h in headings
    )


def _headings_of(line: str, index: int) -> list[_Heading]:
    """Return the headings that stand on one line: usually none or one, two where a line end was lost."""
    text = line.strip(" \t*_#")
    if len(text) < 4 or text[0] not in _MARK_STARTS or not _FIRST_LETTER.search(text):
        return []
    first = _heading_of(text, index)
    if first is None or first.rank != _ROMAN or not first.capitals:
        return [first] if first else []
    inner = _INNER_ROMAN.search(first.title)
    if inner is None or not inner.group(1):
        return [first]
    second = _Heading(_ROMAN, inner.group(1), first.title[inner.start(2) :], index, True, True)
    return [replace(first, title=first.title[: inner.start()].strip()), second]


def _heading_of(text: str, index: int) -> _Heading | None:
    if named := _NAMED.match(fold(text)):
        title = text[named.end() :].strip()
        if upper_share(text[:4]) >= 0.25 and (title or named.group(1) in ("phan", "chuong")):
            return _Heading(
                _NAMED_RANK[named.group(1)], text[: named.end()].strip(" .:-–"), title, index, False, True
            )
        return None
    if match := _DOTTED_MARK.match(text):
        return _dotted(match, index)
    if (roman := _roman(text, index)) is not None:
        return roman
    if (match := _ARABIC_MARK.match(text)) and _starts_title(match.group(2)):
        capitals = upper_share(match.group(2)) > _CAPITALS
        return _Heading(_ARABIC, str(int(match.group(1))), match.group(2), index, capitals, True)
    if (match := _LETTER_MARK.match(text)) and _starts_title(match.group(2)):
        return _Heading(_LETTER, match.group(1), match.group(2), index, False, True)
    if (
        (match := _TOP_LETTER_MARK.match(text))
        and upper_share(match.group(2)) > _CAPITALS
        and len(match.group(2)) > 6
    ):
        return _Heading(_LETTER_TOP, match.group(1), match.group(2), index, True, True)
    return None


def _starts_title(title: str) -> bool:
    """Tell whether a title can start so: not with a digit (``10.10.2025``, ``1. 440``), not within a word."""
    return sum(map(str.isalpha, title)) >= 3 and not title[0].isdigit()


def _dotted(match: Any, index: int) -> _Heading | None:
    parts = [int(part) for part in match.group(1).replace(" ", "").split(".")]
    title = match.group(2)
    if parts[0] > 20 or 0 in parts or not _starts_title(title) or _LOWER_START.match(title):
        return None  # "1.5 tỷ đồng", "10.10.2025 và …" go on from the line before
    rank = _DOTTED if len(parts) == 2 else _DOTTED_DEEP
    return _Heading(rank, ".".join(map(str, parts)), title, index, False, True)


def _roman(text: str, index: int) -> _Heading | None:
    """Read a Roman heading; damaged marks count only before a title in capitals."""
    match = _ROMAN_MARK.match(text)
    if match is None:
        match = _BARE_MARK.match(text)
        if match is None or upper_share(match.group(2)) < 0.8 or len(match.group(2)) < 8:
            return None
        return _Heading(_ROMAN, "", match.group(2), index, True, False)
    mark, joint, title = match.groups()
    capitals = upper_share(title) > _CAPITALS and sum(map(str.isalpha, title)) >= 5
    proper = mark in _ROMANS
    if not capitals:
        # "I. Kết quả" is a heading, "I " before prose or "l. …" is not.
        plain = proper and joint in ".)" and _starts_title(title) and title[0].isupper()
        return _Heading(_ROMAN, mark, title, index, False, True) if plain else None
    if mark.isdigit() and len(mark) < 2:
        return None if joint != " " or mark != "1" else _Heading(_ROMAN, "", title, index, True, False)
    if joint == " " and not proper and not any(sign in mark for sign in "|1l!"):
        return None
    return _Heading(_ROMAN, mark if proper else "", title, index, True, proper)


def _drop_false(found: list[_Heading]) -> list[_Heading]:
    """Turn the ``1.`` in capitals that breaks the Arabic order into the Roman heading that it was."""
    romans = sum(heading.rank == _ROMAN and heading.capitals for heading in found)
    arabics = [heading for heading in found if heading.rank == _ARABIC]
    capital_share = sum(heading.capitals for heading in arabics) / len(arabics) if arabics else 0.0
    if romans < 2 or capital_share > 0.34:
        return found
    return [
        replace(heading, rank=_ROMAN, mark="", sure=False)
        if heading.rank == _ARABIC and heading.capitals and heading.mark in ("1", "11", "111")
        else heading
        for heading in found
    ]


def _number_romans(headings: list[_Heading]) -> list[_Heading]:
    """Give damaged Roman marks the number that follows; sure marks stand, skipped or repeated as they are."""
    numbered: list[_Heading] = []
    last = 0
    for heading in headings:
        if heading.rank == _LETTER_TOP or heading.rank < _LETTER_TOP:
            last = 0
        if heading.rank == _ROMAN and not heading.mark.lower().startswith("m"):
            if heading.sure and not _cut_short(heading, last):
                last = _ROMANS.index(heading.mark) + 1
            else:
                last = min(last + 1, len(_ROMANS))
                heading = replace(heading, mark=_ROMANS[last - 1])
        numbered.append(heading)
    return numbered


def _cut_short(heading: _Heading, last: int) -> bool:
    """Tell whether a proper mark must have lost strokes: an ``I`` in capitals where ``II`` or ``III`` is due."""
    return (
        heading.capitals
        and last > 0
        and heading.mark in ("I", "V", "X")
        and _ROMANS.index(heading.mark) + 1 < last
    )


def _wrapped(heading: _Heading, blocks: Sequence[Block], headed: Set[int]) -> _Heading:
    """Join the lines over which a title is wrapped; ``headed`` are the lines that start a heading of their own."""
    title = heading.title.strip()
    for position in range(heading.index + 1, min(heading.index + 4, len(blocks))):
        following = blocks[position].text.strip()
        if not following or title.endswith(_ENDS_TITLE) or len(title) > _TITLE_CHARACTERS:
            break
        if position in headed or following[0] in "-+*•":
            break
        if heading.capitals != (upper_share(following) > _CAPITALS):
            break
        if not heading.capitals and (len(title) < 45 or not _LOWER_START.match(following)):
            break
        title = f"{title} {following}"
    return replace(heading, title=title)
