"""Words that call a figure a target or an older one, and whether the figure behind it is what it came to.

Belongs here: the words themselves. Does not belong: what they mean for a figure (``pairs``).
"""

from __future__ import annotations

from collections.abc import Sequence

import re2

from nq57_assets.extract.passages import Token
from nq57_assets.extract.quantities import Quantity
from nq57_assets.vietnamese.fold import fold

_TAIL = r"(?: (?:nam|la|duoc|dat|ca nam|dau nam|quy|thang|tu|lan|theo|toi thieu|it nhat|phai|20\d\d))*$"
# These stand before a target whatever follows.
TARGET = re2.compile(
    r"(?:^| )(?:(?:thanh pho|tp|cap tren|dang uy|duoc|xa|phuong|chi tieu|ke hoach) giao|muc tieu|target|yeu cau|dinh muc"
    r"|(?:chi tieu|ke hoach|kh|giao)(?: (?:dat|ra|de|nam|duoc|giao))* (?:lan|theo)"
    r"|chi tieu (?:la|giao|nam)|phan dau|de ra|can dat|phai dat|gang dat)" + _TAIL
)
# These only where a figure of the result stands beside them: "văn bản chỉ đạo, kế hoạch: 18" is a result.
PAIRED = re2.compile(
    r"(?:^| )(?:ke hoach(?: ghi)?|kh|chi tieu|ct|giao|du kien|du toan|du dinh|dat ra|hua"
    r"|dinh (?:lam|mo|thue|mua|treo)|dang ky)(?: (?:xin|mua|cap|mo|lap|co))*" + _TAIL
)
OLD = re2.compile(
    r"(?:^| )(?:cung ky|(?:ky|nam|quy|thang) truoc|nam ngoai) (?:lan|theo)$|"
    r"(?:^| )(?:ck|dau ky|dau nam|hoi dau nam|cung ky(?: nam (?:truoc|ngoai|20\d\d))?|truoc(?: day| kia| do)?|luc dau"
    r"|(?:quy (?:i{1,3}|iv|[1-4])|thang \d{1,2}) (?:moi|chi)(?: dung o)?"
    r"|cuoi (?:nam )?20\d\d|ban dau|xuat phat|nam (?:ngoai|truoc|cu)|(?:ky|quy|thang|dot) truoc)"
    r"(?: (?:la|co|dat|chi|moi|duoc|con|khoang|ty le))*$"
)
# Words between an older figure or a target and what it came to, and those of them that say so.
_TURNED = frozenset(
    ["len", "xuong", "con", "nay", "dat", "duoc", "hien", "th", "kq", "qua", "moi", "ra", "thanh", "tai"]
)
_BETWEEN = _TURNED | frozenset(
    [
        "len",
        "xuong",
        "con",
        "nay",
        "da",
        "dat",
        "duoc",
        "thuc",
        "hien",
        "th",
        "kq",
        "ket",
        "qua",
        "den",
        "la",
        "co",
        "nam",
        "ky",
        "quy",
        "thang",
        "cuoi",
        "moi",
        "ra",
        "thanh",
        "thi",
        "chi",
        "gio",
        "tai",
        "tang",
        "giam",
        "them",
        ",",
        ":",
        "-",
        ">",
        ")",
        "/",
        "2025",
        "2026",
    ]
)
_BEFORE = 7
_NO_TARGETS = frozenset({"ban", "chuyen", "co", "dam"})


def turns_to(tokens: Sequence[Token], first: Quantity, second: Quantity) -> bool:
    """Whether a figure is the result told directly behind an older figure or a target: ``cũ 9, nay 7``, ``từ 3 lên 8``."""
    between = [fold(t.text) for t in tokens[max(first.unit_end, first.index + 1) : second.start]]
    if not _BETWEEN.issuperset(between) or _TURNED.isdisjoint(between):
        return False
    before, _ = words_before(tokens, first)
    last = tokens[first.start - 1].text.lower() if first.start else ""
    return (
        last in ("cũ", "từ", "đích")
        or OLD.search(before) is not None
        or TARGET.search(before) is not None
        or PAIRED.search(before) is not None
    )


def words_before(tokens: Sequence[Token], quantity: Quantity) -> tuple[str, int]:
    """Return (the words directly before a figure, folded, where they begin); figures and marks but colons end them."""
    place = quantity.start
    while place > max(quantity.sentence[0], quantity.start - _BEFORE):
        token = tokens[place - 1]
        if (
            token.kind != "word"
            and token.text not in ":="
            and not (token.kind == "figure" and is_year(token))
        ):
            break
        place -= 1
    words = [fold(t.text) for t in tokens[place : quantity.start] if t.text not in ":="]
    if "ca ke hoach" in " ".join(words):
        return "", place  # "tính cả kế hoạch được 27 văn bản"
    if words[-2:] in (["dat", "yeu"], ["yeu", "cau"]) and "dat" in words[-3:]:
        return "", place  # "đạt yêu cầu 99%": what meets the requirements
    if words[-1:] == ["giao"] and words[-2:-1] and words[-2] in _NO_TARGETS:
        return "", place
    return " ".join(words), place


def is_year(token: Token) -> bool:
    """Whether a figure is a year of this century."""
    return len(token.text) == 4 and token.text.startswith("20") and token.text.isdigit()
