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
# "người: 101", "[TỔ] số tổ = 15 (14 thôn + 1 xã)"
_PAIR = re2.compile(r"^\s*(?:\[[^\]]*\]\s*)?(\pL[^:=]*?)\s*[:=]\s*[<>~≈]?\s*\d[^:=]*$")
_COUNTED = re2.compile(r"^\s*\d[\d.,]*%?\s\pL[^:=]*$")
# Labels of the cells of one row, which the first of them names.
_OF_A_ROW = re2.compile(
    r"^(?:giao|dat|th|kh|ke hoach|chi tieu|thuc hien|ket qua|cung ky|ck|luy ke|lk|thang|quy|nam|ky|so)\b[^a-z]*"
    r"(?:nay|truoc|nam|giao|20\d\d|\d*)$"
)
_ARROW = re2.compile(r"[-=~]+>|>{2,}|→|⇒|»")


def _colon_for_leader(match: re2._Match[str]) -> str:
    """Return a label with a colon in place of the dots before its figure, of the same length; bounds keep their dots."""
    words = str(match.group(1))
    sign = " " if fold(words.strip()) in _BOUNDS else ":"
    return words + sign.ljust(len(match.group()) - len(words))


def tells_pairs(text: str) -> bool:
    """Whether the figures between the pipes of a line each have their name: it is no row of a table.

    >>> tells_pairs("[TỔ] số tổ: 15 | người: 101 | ghi: đủ"), tells_pairs("Tổ | giao: 15 | đạt: 14")
    (True, False)
    """
    if "|" not in text:
        return False
    counted = [cell for cell in text.strip(" |").split("|") if any(map(str.isdigit, cell))]
    named = [label for cell in counted if (label := _PAIR.match(cell))]
    others = [cell for cell in counted if not _PAIR.match(cell)]
    of_a_row = any(_OF_A_ROW.match(fold(label.group(1))) for label in named)
    return len(named) > 1 and all(map(_COUNTED.match, others)) and not of_a_row


def for_matching(raw: str) -> str:
    """Return text of the same length in which fill-in dots are blanks and terse separators are plain marks."""
    if "|" in raw and tells_pairs(raw):
        raw = raw.replace("|", ";")
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
