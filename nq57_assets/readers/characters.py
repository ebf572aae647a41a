"""Cleaning of submitted characters, the same for every format."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)
def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if character == "\t":
        return character
    if category in ("Zs", "Zl", "Zp"):
        return " "
    return "" if category in ("Cc", "Cf", "Cs", "Co", "Cn") else character


def clean(text: str) -> str:
    """Return ``text`` in NFC without control, bidirectional and private characters; odd spaces become plain ones.

    Line ends must have been split off before: they are control characters too.
    """
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", "".join(map(_kept, text)))
