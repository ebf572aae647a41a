"""Lines that hold next to nothing: numbers of pages, specks of dirt, cells of a column of values.

Belongs here: telling such a line by the lines around it. Does not belong: joining lines (``passages``).
"""

from __future__ import annotations

from collections.abc import Sequence

import re2

from nq57_assets.model import Block
from nq57_assets.vietnamese.syllables import is_syllable

HEADING_MARK = re2.compile(
    r"^\s*(?:[IVXLl1|]{1,5}\s?[.)]\s*\pL|\d{1,2}(?:\.\d{1,2}){0,3}\s?[.)]?\s+[\p{Lu}“\"]|Câu \d|Trả lời"
    r"|\d{1,2}[.)]\s*\p{Lu}|[\pL][.)]\s+\p{Lu})"
)
LOWER_START = re2.compile(r"^\s*[\p{Ll}(“\"]")
_ALONE = re2.compile(r"^\s*\d{1,3}(?:[.,]\d+)*\s?%?\s*$")
_CELLS = 4


def ends_sentence(line: str) -> bool:
    """Whether a line ends in a mark behind which a sentence is over, closing signs left aside."""
    return line.rstrip("\t\n\f\r ").rstrip('"”’)').endswith((".", ";", ":", "!", "?"))


def is_page_number(blocks: Sequence[Block], index: int) -> bool:
    """Whether a number alone on its line parts a figure from its noun: ``… cho 640`` | ``3`` | ``học viên``."""
    text = blocks[index].text.strip()
    if not text.isdigit() or len(text) > 3 or not 0 < index < len(blocks) - 1:
        return False
    cut = blocks[index - 1].text.rstrip()[-1:].isdigit()
    return cut and LOWER_START.match(blocks[index + 1].text) is not None


def in_column(blocks: Sequence[Block], index: int) -> bool:
    """Whether a number alone on its line is a cell: others stand alone nearby, as numbers of pages never do."""
    near = [*blocks[max(0, index - _CELLS) : index], *blocks[index + 1 : index + 1 + _CELLS]]
    return any(_ALONE.match(block.text) is not None for block in near)


def is_speck(blocks: Sequence[Block], index: int) -> bool:
    """Whether a line of a few letters that are no word parts a sentence: dirt, or a page's number misread."""
    text = blocks[index].text.strip()
    if text.isdigit() and in_column(blocks, index):
        return False
    if (
        len(text) > 3
        or "%" in text
        or is_syllable(text)
        or not 0 < index < len(blocks) - 1
        or HEADING_MARK.match(text)
    ):
        return False
    above = next((b.text for b in reversed(blocks[max(0, index - 3) : index]) if b.text.strip()), "")
    below = next((b.text for b in blocks[index + 1 : index + 4] if b.text.strip()), "")
    unfinished = bool(above.strip()) and not ends_sentence(above)
    return unfinished and (LOWER_START.match(below) is not None or below.lstrip()[:1].isdigit())
