"""Which year or month the words of a sentence speak of.

Belongs here: pure functions on tokens that tell of time.
Does not belong: what a time means for a figure (``context``).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nq57_assets.extract.passages import Token
from nq57_assets.extract.quantities import Quantity
from nq57_assets.vietnamese.fold import fold

# "từ năm 2024", also as recognition leaves it, but not "sổ điểm điện tử: năm 2024".
_SINCE = frozenset({"từ", "tu", "tù", "tứ"})


def in_one_month(tokens: Sequence[Token]) -> bool:
    """Whether words before a figure set it in a single month: ``trong tháng 11``, but not ``đến tháng 11``."""
    months = [
        i
        for i in range(len(tokens) - 1)
        if fold(tokens[i].text) == "thang" and tokens[i + 1].kind in ("figure", "label")
    ]
    if not months:
        return False
    place = months[-1]
    before = tokens[place - 1] if place else None
    alone = before is None or before.kind == "mark" or fold(before.text) in ("trong", "rieng", "cua")
    return alone and not any(t.kind == "figure" for t in tokens[place + 2 :])


def begins_with_month(tokens: Sequence[Token]) -> bool:
    """Whether a sentence opens with ``Trong tháng``, without saying which: what follows is no total."""
    words = [fold(token.text) for token in tokens[:3]]
    named = len(tokens) > 2 and tokens[2].kind != "word"
    return (words[:2] == ["trong", "thang"] and not named) or (words[:2] == ["trong", "ngay"] and named)


def opens_with_named_month(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether a sentence opens with one month by its number: ``Tháng 7/2025, tỷ lệ này mới là 62,5%``."""
    words = [fold(token.text) for token in tokens[start : min(start + 2, end)]]
    place = start + (words[:1] in (["trong"], ["rieng"]))
    named = place + 1 < end and tokens[place + 1].kind in ("figure", "label", "date")
    return place < end and fold(tokens[place].text) == "thang" and named


def year_at(tokens: Sequence[Token], i: int) -> int | None:
    """Return the year that a token states as the time of something, not as part of a paper's name or a span."""
    token = tokens[i]
    if token.kind not in ("figure", "date") or not token.text[-4:].isdigit() or len(token.text) < 4:
        return None
    year = int(token.text[-4:])
    before = [fold(t.text) for t in tokens[max(0, i - 4) : i]]
    dated = token.kind == "date" or (
        token.kind == "figure" and before[-1:] and before[-1] in ("nam", "nim", "naim")
    )
    named = token.kind == "figure" and before[-2:] in (
        ["ke", "hoach"],
        ["muc", "tieu"],
        ["chi", "tieu"],
        ["nhiem", "vu"],
    )
    dated = dated or named
    if not dated or not 1990 <= year <= 2100 or "-" in token.text or "–" in token.text:
        return None
    if any(t.kind == "label" for t in tokens[max(0, i - 4) : i]) or "gia" in before or "doan" in before:
        return None
    if before[-2:-1] == ["sinh"]:
        return None  # "sinh năm 2007"
    since = any(t.text.lower() in _SINCE for t in tokens[max(0, i - 3) : i])
    return None if since or "sau" in before[-3:] else year


def tells_on(tokens: Sequence[Token], i: int) -> bool:
    """Whether a year begins a statement of its own: ``12 tổ chức, năm 2024 là 03 tổ chức``."""
    following = fold(tokens[i + 1].text) if i + 1 < len(tokens) else ""
    return following in ("la", "co", "dat", "chi", "moi", ":")


def bracketed_off(tokens: Sequence[Token], i: int, quantity: Quantity) -> bool:
    """Whether a token stands in brackets that close before the figure: ``25 tổ (năm 2024 là 34 tổ), 201 người``."""
    after = next((t.text for t in tokens[i : quantity.start] if t.text in "()"), "")
    return after == ")"


def compared_with(tokens: Sequence[Token], i: int) -> bool:
    """Whether ``so với`` stands shortly before a token, so that what it names is only compared with."""
    words = [fold(token.text) for token in tokens[max(0, i - 6) : i]]
    return any(first == "so" and second == "voi" for first, second in pairwise(words))
