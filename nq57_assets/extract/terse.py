"""Signs that stand for words in terse writing: dot leaders, arrows, slashes and dashes between a label and its value.

Belongs here: making them plain marks in text of the same length. Does not belong: joining lines (``passages``).
"""

from __future__ import annotations

import re2

from nq57_assets.vietnamese.fold import fold

_SLASH = re2.compile(r" /(\s?\pL)")
# "Thôn – 20. Nhóm Zalo – có": between a label and its value a dash is a colon.
_DASH = re2.compile(r"([\pL)”\"%]) [-–—] ?(\d|[cC]ó\b|[kK]hông\b|[cC]hưa\b|[đĐ]ã\b)")
_LEADER = re2.compile(r"[.…]{3,}|…+")
_LEADER_BEFORE = re2.compile(r"((?:^|\s)[\pL\pM]+|\))\s?(?:[.…]{5,}|…{2,})\s*\b")
_BOUNDS = frozenset({"uoc", "tren", "hon", "gan", "khoang", "duoi", "chung"})
_ARROW = re2.compile(r"[-=~]+>|>{2,}|→|⇒|»")


def _colon_for_leader(match: re2._Match[str]) -> str:
    """Return a label with a colon in place of the dots before its figure, of the same length; bounds keep their dots."""
    words = str(match.group(1))
    sign = " " if fold(words.strip()) in _BOUNDS else ":"
    return words + sign.ljust(len(match.group()) - len(words))


def for_matching(raw: str) -> str:
    """Return text of the same length in which fill-in dots are blanks and terse separators are plain marks."""
    text = raw.replace("²", "2").replace("³", "3").replace(" = ", " : ")
    if ">" in text or "→" in text or "//" in text:
        text = text[:2] + _ARROW.sub(lambda match: ":".ljust(len(match.group())), text[2:])
        text = text.replace(" // ", " ;  ")
    if " – " in text or " - " in text or " — " in text:
        text = _DASH.sub(lambda match: match.group()[0] + " :" + match.group()[3:], text)
    if " /" in text:
        text = _SLASH.sub(r" ;\1", text)
    if "..." in text or "…" in text:
        text = _LEADER_BEFORE.sub(_colon_for_leader, text)
        text = _LEADER.sub(lambda match: " " * len(match.group()), text)
    return text
