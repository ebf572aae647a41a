"""Figures told beside a result to compare it with: the target it was given, the figure it started from.

Belongs here: words directly before a figure that make it a target or an older figure. Does not belong: sentences about
plans and other years as a whole (``context``), parts of a whole (``parts``).
"""

from __future__ import annotations

from collections.abc import Sequence

import re2

from nq57_assets.extract.compared import OLD, PAIRED, TARGET, is_year, words_before
from nq57_assets.extract.cues import Doubt
from nq57_assets.extract.passages import Token
from nq57_assets.extract.quantities import Quantity
from nq57_assets.vietnamese.fold import fold

_RESULT = re2.compile(
    r"(?:^| )(?:thuc hien|th|dat|duoc|nay|ket qua|ket cuc|thuc te|den nay|hien|da|len|xuong|con|kq)(?: |$)"
)
# Behind a target, but not behind those who registered for what others completed.
_DONE = re2.compile(r"(?:^| )(?:hoan thanh|xong|cong nhan|cuoi cung|rot cuoc|that su)(?: |$)")
_MORE_THAN = re2.compile(
    r"(?:^| )(?:hon|kem|nhieu hon|it hon|cao hon|thap hon|tang|giam)(?: so voi)? "
    r"(?:nam ngoai|nam truoc|nam 20\d\d|cung ky|ky truoc|quy truoc|thang truoc|ck)$"
)
# "quý II 14 tin, quý này 39 tin"
_EARLIER = re2.compile(r"(?:^| )(?:quy (?:i{1,3}|iv|[1-4])|thang \d{1,2})(?: (?:la|co|dat|duoc))*$")
_THIS_PERIOD = re2.compile(r"\b(?:quy|thang|ky) nay\b")
_MOVED = frozenset({"nhich", "nang", "tang", "giam", "len", "keo"})
_DATED = frozenset({"thang", "ngay", "quy", "nam"})
_EXACTLY = re2.compile(
    r"(?:dung hon|dung ra|noi dung|tinh dung|chinh xac|cu the|chuan)(?: (?:la|thi|phai la|ra|co|chi))*$"
)
_ROUNDING = 0.6
_REACHED = frozenset({"lên", "xuống", "nay", "thành", "len", "xuong"})
_BEHIND, _NEAR = 12, 5


def told_beside(tokens: Sequence[Token], quantity: Quantity) -> list[Doubt]:
    """Reject a target or an older figure told beside a result: ``giao 80%, được 75,9%``, ``từ 55% lên 71,5%``."""
    before, place = words_before(tokens, quantity)
    if _MORE_THAN.search(before):
        return [Doubt("rejected", f"mức thay đổi: {before[-20:]}")]
    if quantity.bounded_by == "vượt" and any(
        t.kind == "figure" for t in tokens[quantity.index + 1 : quantity.sentence[1]]
    ):
        return [Doubt("review", "mức vượt")]
    if _said_exactly_behind(tokens, quantity):
        return [Doubt("rejected", "sau đó nói chính xác")]
    if [t.text for t in tokens[max(0, quantity.start - 2) : quantity.start]] == ["[", "]"]:
        return [Doubt("rejected", "ô không đánh dấu")]
    if _inverse_share(tokens, quantity):
        return [Doubt("rejected", "giao trước, đạt sau")]
    last = tokens[quantity.start - 1].text if quantity.start else ""
    called_old = last.lower() == "cũ"
    if last == "CK":
        return [Doubt("rejected", "số cũ: CK")]
    if (called_old or OLD.search(before)) and _result_behind(tokens, quantity):
        return [Doubt("rejected", f"số cũ: {before[-20:]}")]
    if _EARLIER.search(before) and _THIS_PERIOD.search(_words_behind(tokens, quantity)):
        return [Doubt("rejected", f"số cũ: {before[-20:]}")]
    if _starts_from(tokens, quantity):
        return [Doubt("rejected", "số cũ: từ")]
    aimed = any(t.text.lower() == "đích" for t in tokens[place : quantity.start][-2:])
    if aimed or TARGET.search(before) or (PAIRED.search(before) and _is_paired(tokens, quantity, place)):
        return [Doubt("rejected", f"chỉ tiêu: {before[-20:]}")]
    return []


def _said_exactly_behind(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Whether a rough figure is put right behind it: ``chưa quá 4 hội nghị, đúng hơn là 4``."""
    if not quantity.bounded_by:
        return False
    behind = tokens[quantity.unit_end : min(quantity.unit_end + _NEAR + 3, quantity.sentence[1])]
    figure = next((i for i, t in enumerate(behind) if t.kind == "figure"), None)
    return figure is not None and _EXACTLY.search(" ".join(fold(t.text) for t in behind[:figure])) is not None


def _inverse_share(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Whether the share behind ``900/960 (106,7%)`` is of the second in the first: a target and what was reached."""
    if quantity.ratio is None or not quantity.ratio[0] or quantity.ratio[0] == quantity.ratio[1]:
        return False
    near = tokens[quantity.index + 1 : quantity.index + 1 + _NEAR]
    share = next((t.numeral.low for t in near if t.numeral is not None and t.numeral.percent), None)
    return share is not None and abs(100 * quantity.ratio[1] / quantity.ratio[0] - share) < _ROUNDING


def _result_behind(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Whether a figure behind, in the same sentence, is called what it came to.

    Between the two another figure to compare with may stand, in the same part: ``KH 95%, CK 80%, KQ 96%``.
    """
    stop = min(quantity.sentence[1], quantity.index + 1 + _BEHIND)
    start = quantity.index + 1
    for i in range(start, stop):
        if tokens[i].kind != "figure":
            continue
        words = [fold(t.text) for t in tokens[start:i]]
        if _RESULT.search(" ".join(words)) is not None:
            return True
        if _DONE.search(" ".join(words)) is not None and "dang ky" not in words_before(tokens, quantity)[0]:
            return True
        said = " ".join(word for word in words if word not in ",:=")
        if ";" in words or "." in words or not (OLD.search(said) or PAIRED.search(said)):
            return False
        start = i + 1
    return False


def _words_behind(tokens: Sequence[Token], quantity: Quantity) -> str:
    stop = min(quantity.sentence[1], quantity.index + 1 + _BEHIND)
    return " ".join(fold(t.text) for t in tokens[quantity.index + 1 : stop])


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
    stop = min(quantity.sentence[1], quantity.index + 1 + _BEHIND)
    moved = any(fold(t.text) in _MOVED for t in tokens[max(0, quantity.start - _NEAR) : quantity.start])
    for i in range(quantity.index + 1, stop):
        dated = fold(tokens[i - 1].text) in _DATED or fold(tokens[i - 2].text) in ("them", "bot")
        dated = dated or fold(tokens[i - 1].text) in ("them", "duoc", "bot")
        if tokens[i].kind == "figure" and not is_year(tokens[i]) and not dated:
            return False
        if tokens[i].text.lower() in _REACHED or (moved and tokens[i].text.lower() == "tới"):
            return any(t.kind == "figure" for t in tokens[i + 1 : i + 1 + _NEAR])
    return False
