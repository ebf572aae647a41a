"""Which figures of a document an OCR reading still holds: a digit that the scan lost is no test of extraction."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")
WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*%?")
# How far a cell's figure may stray when the reading takes a table's columns in another order.
_STRAY = 12


def plain(word: str) -> str:
    """Return a word without diacritics and case; digits stay."""
    letters = unicodedata.normalize("NFD", word.lower().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def digits(word: str) -> set[str]:
    """Return the digit strings of a word, separators dropped, letters that stand for digits read as such."""
    repaired = re.sub(r"(?<=\d)[oOQ](?=[\dOQ%]|$)", "0", word)
    return {re.sub(r"\D", "", found).lstrip("0") or "0" for found in NUMBER.findall(repaired)}


def illegible(clean: str, spots: dict[int, int], values: dict[int, tuple[float, ...]], read: str) -> set[int]:
    """Return the marks whose digits the reading lost or changed.

    Args:
        clean: The clean text.
        spots: Offset in ``clean`` at which each mark stands.
        values: The numbers that each mark states; a mark without digits in the text is never illegible.
        read: The OCR reading.
    """
    words = list(WORD.finditer(clean))
    ours = [plain(word.group()) for word in words]
    theirs = [plain(word.group()) for word in WORD.finditer(read)]
    raw = [word.group() for word in WORD.finditer(read)]
    pairs: dict[int, int] = {}
    for block in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks():
        pairs.update({block.a + k: block.b + k for k in range(block.size)})
    taken = set(pairs.values())
    lost = set()
    for mark, spot in spots.items():
        wanted = {f"{value:g}" if value < 1e6 else f"{value:.0f}" for value in values[mark]}
        wanted = {re.sub(r"\D", "", text).lstrip("0") or "0" for text in wanted}
        near = [
            i
            for i, word in enumerate(words)
            if spot - 80 <= word.start() < spot and digits(word.group()) & wanted
        ]
        if not near:
            continue
        index = near[-1]
        if index in pairs:
            continue
        before = next((pairs[i] for i in range(index, -1, -1) if i in pairs), 0)
        after = next((pairs[i] for i in range(index, len(words)) if i in pairs), len(theirs))
        around = (k for k in range(max(0, before - _STRAY), min(after + _STRAY, len(raw))) if k not in taken)
        if not any(digits(raw[k]) & digits(words[index].group()) for k in around):
            lost.add(mark)
    return lost
