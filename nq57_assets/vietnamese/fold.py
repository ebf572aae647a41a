"""Folding of Vietnamese text to plain lower-case letters, so that spelling variants compare equal."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_PLAIN = {"đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "Ɖ": "d", "\u00a0": " "}

# Words come again and again, lines do not.
_WORD = 24


class _Folded(dict[int, str]):
    """Plain forms by code point, each made when it is first met."""

    def __missing__(self, point: int) -> str:
        self[point] = _fold_character(chr(point))
        return self[point]


_FOLDED = _Folded()


def _fold_character(character: str) -> str:
    """Return the plain lower-case form of one character, always of length one."""
    if character in _PLAIN:
        return _PLAIN[character]
    decomposed = unicodedata.normalize("NFD", character)
    # A character that is not one letter with marks (a ligature, "İ") keeps its own form: offsets must hold.
    base = "".join(part for part in decomposed if not unicodedata.combining(part))
    lowered = (base if len(base) == 1 else character).lower()
    return lowered if len(lowered) == 1 else character


def fold(text: str) -> str:
    """Return ``text`` in lower case without tone and vowel marks, đ as d.

    The result has exactly one character for each character of the NFC form of ``text``, so a position found
    in the folded text is a position in ``unicodedata.normalize("NFC", text)``.
    """
    return fold_word(text) if len(text) < _WORD else _fold(text)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(_FOLDED)


fold_word = lru_cache(maxsize=65_536)(_fold)
"""``fold`` for what is known to be a single word."""
