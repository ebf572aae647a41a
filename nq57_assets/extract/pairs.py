"""Figures told beside a result to compare it with: the target it was given, the figure it started from.

Belongs here: words directly before a figure that make it a target or an older figure. Does not belong: sentences about
plans and other years as a whole (``context``), parts of a whole (``parts``).
"""

from __future__ import annotations

from collections.abc import Sequence

import re2

from nq57_assets.extract.cues import Doubt
from nq57_assets.extract.passages import Token
from nq57_assets.extract.quantities import Quantity
from nq57_assets.vietnamese.fold import fold

_TAIL = r"(?: (?:nam|la|duoc|dat|ca nam|dau nam|quy|thang|tu|toi thieu|it nhat|phai|20\d\d))*$"
# These stand before a target whatever follows.
_TARGET = re2.compile(
    r"(?:^| )(?:(?:thanh pho|tp|cap tren|dang uy|duoc|xa|phuong|chi tieu|ke hoach) giao|muc tieu|target|yeu cau|dinh muc"
    r"|chi tieu (?:la|giao|nam)|phan dau|can dat|phai dat|gang dat)" + _TAIL
)
# These only where a figure of the result stands beside them: "văn bản chỉ đạo, kế hoạch: 18" is a result.
_PAIRED = re2.compile(r"(?:^| )(?:ke hoach|kh|chi tieu|ct|giao|du kien|dang ky)" + _TAIL)
_OLD = re2.compile(
    r"(?:^| )(?:ck|dau ky|dau nam|hoi dau nam|cung ky(?: nam (?:truoc|ngoai|20\d\d))?|truoc(?: day| kia| do)?|luc dau"
    r"|ban dau|xuat phat|nam (?:ngoai|truoc|cu)|(?:ky|quy|thang|dot) truoc)"
    r"(?: (?:la|co|dat|chi|moi|duoc|con|khoang|ty le))*$"
)
_RESULT = re2.compile(
    r"(?:^| )(?:thuc hien|th|dat|duoc|nay|ket qua|ket cuc|thuc te|den nay|hien|da|len|xuong|con|kq)(?: |$)"
)
_MORE_THAN = re2.compile(
    r"(?:^| )(?:hon|kem|nhieu hon|it hon|cao hon|thap hon|tang|giam)(?: so voi)? "
    r"(?:nam ngoai|nam truoc|nam 20\d\d|cung ky|ky truoc|quy truoc|thang truoc|ck)$"
)
_ROUNDING = 0.6
_REACHED = frozenset({"lên", "xuống", "nay", "thành", "len", "xuong"})
_BEFORE, _BEHIND, _NEAR = 5, 12, 5
_NO_TARGETS = frozenset({"ban", "chuyen", "co", "dam"})


def told_beside(tokens: Sequence[Token], quantity: Quantity) -> list[Doubt]:
    """Reject a target or an older figure told beside a result: ``giao 80%, được 75,9%``, ``từ 55% lên 71,5%``."""
    before, place = _words_before(tokens, quantity)
    if _MORE_THAN.search(before):
        return [Doubt("rejected", f"mức thay đổi: {before[-20:]}")]
    if quantity.bounded_by == "vượt" and any(
        t.kind == "figure" for t in tokens[quantity.index + 1 : quantity.sentence[1]]
    ):
        return [Doubt("review", "mức vượt")]
    if [t.text for t in tokens[max(0, quantity.start - 2) : quantity.start]] == ["[", "]"]:
        return [Doubt("rejected", "ô không đánh dấu")]
    if _inverse_share(tokens, quantity):
        return [Doubt("rejected", "giao trước, đạt sau")]
    if _OLD.search(before) and _result_behind(tokens, quantity):
        return [Doubt("rejected", f"số cũ: {before[-20:]}")]
    if _starts_from(tokens, quantity):
        return [Doubt("rejected", "số cũ: từ")]
    aimed = any(t.text.lower() == "đích" for t in tokens[place : quantity.start][-2:])
    if aimed or _TARGET.search(before) or (_PAIRED.search(before) and _is_paired(tokens, quantity, place)):
        return [Doubt("rejected", f"chỉ tiêu: {before[-20:]}")]
    return []


def _inverse_share(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Whether the share behind ``900/960 (106,7%)`` is of the second in the first: a target and what was reached."""
    if quantity.ratio is None or not quantity.ratio[0] or quantity.ratio[0] == quantity.ratio[1]:
        return False
    near = tokens[quantity.index + 1 : quantity.index + 1 + _NEAR]
    share = next((t.numeral.low for t in near if t.numeral is not None and t.numeral.percent), None)
    return share is not None and abs(100 * quantity.ratio[1] / quantity.ratio[0] - share) < _ROUNDING


def _words_before(tokens: Sequence[Token], quantity: Quantity) -> tuple[str, int]:
    """Return (the words directly before a figure, folded, where they begin); figures and marks but colons end them."""
    place = quantity.start
    while place > max(quantity.sentence[0], quantity.start - _BEFORE):
        token = tokens[place - 1]
        if (
            token.kind != "word"
            and token.text not in ":="
            and not (token.kind == "figure" and _is_year(token))
        ):
            break
        place -= 1
    words = [fold(t.text) for t in tokens[place : quantity.start] if t.text not in ":="]
    if words[-1:] == ["giao"] and words[-2:-1] and words[-2] in _NO_TARGETS:
        return "", place
    return " ".join(words), place


def _is_year(token: Token) -> bool:
    return len(token.text) == 4 and token.text.startswith("20") and token.text.isdigit()


def _result_behind(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Whether a figure behind, in the same sentence, is called what it came to."""
    stop = min(quantity.sentence[1], quantity.index + 1 + _BEHIND)
    figure = next((i for i in range(quantity.index + 1, stop) if tokens[i].kind == "figure"), None)
    if figure is None:
        return False
    between = " ".join(fold(t.text) for t in tokens[quantity.index + 1 : figure])
    return _RESULT.search(between) is not None


def _is_paired(tokens: Sequence[Token], quantity: Quantity, place: int) -> bool:
    """Whether the result stands behind the target, or before it within the same brackets or part of a sentence."""
    if _result_behind(tokens, quantity):
        return True
    first = place - 1
    bracket = first >= quantity.sentence[0] and tokens[first].text in "(/"
    near = tokens[max(quantity.sentence[0], place - _NEAR) : place]
    return bracket and any(t.kind == "figure" for t in near)


def _starts_from(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Whether a figure is where a change began: ``từ 3 lên 8``; ``từ 15 đến 20`` is a range."""
    if quantity.start < 1 or fold(tokens[quantity.start - 1].text) != "tu":
        return False
    stop = min(quantity.sentence[1], quantity.index + 1 + _NEAR + 3)
    for i in range(quantity.index + 1, stop):
        if tokens[i].kind == "figure" and not _is_year(tokens[i]):
            return False
        if tokens[i].text.lower() in _REACHED:
            return any(t.kind == "figure" for t in tokens[i + 1 : i + 1 + _NEAR])
    return False
