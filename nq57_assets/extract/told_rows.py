"""Rows of drawn tables whose figures are told as prose: two in one cell, a part with its share, an answer with its detail.

Belongs here: pure functions on the cells of a row and the titles above them. Does not belong: drawn lines
(``drawn_tables``), titles that name results (``column_roles``).
"""

from __future__ import annotations

from collections.abc import Sequence

import re2

from nq57_assets.extract.column_roles import Role, role_of, titles_columns
from nq57_assets.extract.columns import figure_places, holds_value, share_columns
from nq57_assets.extract.crossed_tables import label_of, of_both, of_whom
from nq57_assets.extract.passages import tokenize
from nq57_assets.vietnamese.fold import fold
from nq57_assets.vietnamese.numbers import Numeral, find_numerals

_SLASHED = re2.compile(r"^\d[\d.]*(?: \pL+(?: \pL+)?)? ?/ ?\d[\d.]*(?: \pL+(?: \pL+)?)?$")
_BOTH = re2.compile(r"\pL\)? ?/ ?\(?\pL")
_HALVES = re2.compile(r"^(\d[\d.,]*(?: ?%)?) ?; ?(\d[\d.,]*(?: ?%)?)$")
_QUESTION = re2.compile(r"(?:\s*:)?\s*(?:bao nhiêu|mấy)?(?: phần trăm| %)?\s*\?$")
_COUNTS = frozenset({"con so", "so lieu", "gia tri", "so luong"})
# A title that is nothing but a noun, and names no indicator by itself.
_NOUN = re2.compile(
    r"^(?:số |tổng số )?(tin, bài|tin bài|tin|bài|lượt|lượt phát|lượt người|người|người dự|buổi|lớp|chiếc|cái|tổ|hồ sơ"
    r"|tài khoản|thành viên|văn bản|cuộc|hội nghị)$"
)
_ROUNDING = 0.6
_YES = frozenset({"co", "da co", "roi", "da", "x"})


def told_row(
    cells: Sequence[str], titles: Sequence[str], roles: Sequence[Role], result: int | None
) -> tuple[str, bool]:
    """Return (what a row claims as prose, whether the title of its labels heads it); nothing for other rows.

    Args:
        cells: Its cells.
        titles: Titles of the columns, if they are known.
        roles: What these say that the columns hold.
        result: The column of results, if the titles tell it.

    >>> told_row(["Cấp mới", "21", "2", "23"], ["Việc", "Cá nhân", "Tổ chức", "Cộng"], ["label", "", "", "total"], 3)
    ('Cấp mới Cá nhân: 21; Cấp mới Tổ chức: 2', True)
    """
    aligned = len(cells) == len(titles)
    if aligned and (result is None or roles[result] == "total"):
        both = of_both(cells, titles)
        if both:
            return both, True
    if aligned and result == 0:
        named = label_of(cells[1:])
        return (f"{named}: {cells[0]}" if named and holds_value(cells[0]) else ""), False
    if aligned and result is None and (said := _of_nouns(cells, titles, roles)):
        return said, True
    said = _slashed(cells, titles, roles if aligned else (), result) or _halves(cells)
    if not said and aligned:
        said = _with_share(cells, titles, roles, result) or _detailed(cells, result)
    return said, False


def _of_nouns(cells: Sequence[str], titles: Sequence[str], roles: Sequence[Role]) -> str:
    """Tell a row whose columns count several things of one kind: ``Kênh | Tin, bài | Lượt``."""
    label = label_of(cells)
    nouns = _nouns(titles)
    others = [
        i
        for i, cell in enumerate(cells)
        if i and i not in nouns and holds_value(cell) and roles[i] != "number"
    ]
    if len(nouns) < 2 or others or not label or holds_value(label):
        return ""
    if any(roles[i] not in ("", "asked", "unit") for i in nouns):
        return ""
    told = [f"{label}: {cells[i]} {noun}" for i, noun in nouns.items() if holds_value(cells[i])]
    return "; ".join(told)


def _nouns(titles: Sequence[str]) -> dict[int, str]:
    return {i: noun.group(1) for i, title in enumerate(titles) if i and (noun := _NOUN.match(title.lower()))}


def counts_first(titles: Sequence[str], year: int | None) -> bool:
    """Whether the figures stand before what they count: ``Con số | Là gì``."""
    plain = [fold(title).strip(" .:") for title in titles]
    return len(titles) > 1 and plain[0] in _COUNTS and not any(role_of(t, year) for t in titles[1:2])


def heads_columns(cells: Sequence[str], year: int | None) -> bool:
    """Whether cells are titles: of results, of persons and bodies, or of figures before what they count."""
    if titles_columns(cells, year) or counts_first(cells, year) or of_whom(cells):
        return True
    return len(_nouns(cells)) > 1 and not any(map(holds_value, cells))


def column_of_stock(cells: Sequence[str], roles: Sequence[Role], result: int) -> int:
    """Return the column of results, or that of the total where an x says that a month has no figure of its own.

    >>> column_of_stock(["Tổ", "x", "25"], ["label", "part", "total"], 1)
    2
    """
    if fold(cells[result]) != "x":
        return result
    stock = [i for i, role in enumerate(roles) if role == "total" and holds_value(cells[i])]
    return stock[0] if len(stock) == 1 else result


def _slashed(cells: Sequence[str], titles: Sequence[str], roles: Sequence[Role], result: int | None) -> str:
    """Tell ``OCOP/đã lên sàn | 6/4`` and ``Cấp mới | 15/4`` under ``Cá nhân/tổ chức`` as two figures."""
    label = label_of(cells)
    slashed = [i for i, cell in enumerate(cells) if _SLASHED.match(cell)]
    if result is not None and len(roles) == len(cells) and holds_value(cells[result]):
        # A note beside the result says of what it is the share, or something else.
        slashed = [i for i in slashed if i == result or roles[i] not in ("note", "past", "plan")]
    if len(slashed) > 1:
        slashed = [i for i in slashed if i == result or (result is None and roles and not roles[i])]
    if len(slashed) != 1 or not slashed[0]:
        return ""
    title = titles[slashed[0]] if slashed[0] < len(titles) else ""
    title = title if _BOTH.search(title) and sum(map(str.isalpha, title)) > 4 else ""
    if not title and "/" not in label:
        return ""
    cell = cells[slashed[0]]
    shares = [one for i, other in enumerate(cells) if i != slashed[0] and (one := _one(other)) is not None]
    counted = find_numerals(cell)[:1]
    if "/" not in label and any(_comes_to(pair, one) for pair in counted for one in shares):
        share = next(one for one in shares if _comes_to(counted[0], one))
        return f"{label}: {cell}, đạt {share.text.rstrip(' %')}%"
    names, figures = label.split(" / "), cell.split("/")
    if not title and len(names) == 2 and len(figures) == 2 and label.count("/") == 1:
        return "; ".join(f"{n.strip()}: {f.strip()}" for n, f in zip(names, figures, strict=True))
    return f"{label} {title}: {cell}" if title else f"{label}: {cell}"


def _one(cell: str) -> Numeral | None:
    found = find_numerals(cell)
    return found[0] if len(found) == 1 and found[0].whole is None and holds_value(cell) else None


def _comes_to(counted: Numeral, share: Numeral) -> bool:
    """Whether ``44/46`` comes to ``95,7``, with or without a percent sign."""
    return bool(counted.whole) and abs(100 * counted.low / (counted.whole or 1) - share.low) < _ROUNDING


def _halves(cells: Sequence[str]) -> str:
    """Tell ``Mấy sản phẩm OCOP? Mấy đã lên sàn? | 4; 3`` as two figures."""
    label = label_of(cells)
    found = [halves for cell in cells[1:] if (halves := _HALVES.match(cell))]
    if len(found) != 1:
        return ""
    names = [name.strip() for name in label.split("?") if name.strip()]
    if len(names) != 2:
        names = [name.strip() for name in _QUESTION.sub("", label).split(",")]
    if len(names) != 2:
        return ""
    return "; ".join(f"{name}: {figure}" for name, figure in zip(names, found[0].groups(), strict=True))


def _with_share(
    cells: Sequence[str], titles: Sequence[str], roles: Sequence[Role], result: int | None
) -> str:
    """Tell a part and its share in the whole beside it, whose title is no plan."""
    found = share_columns(cells, titles, roles)
    label = label_of(cells)
    if found is None or not label or (result is not None and result != found[1]):
        return ""
    _, part, share = found
    if roles[part] not in ("asked", "total"):
        return ""  # A title that says what is counted stands over rows of single units.
    percent = cells[share].rstrip(" %")
    return f"{label}: {cells[part]}; tỷ lệ {label}: {percent}%"


def _detailed(cells: Sequence[str], result: int | None) -> str:
    """Tell the figure beside a yes when it counts what was asked for: ``Có màn hình LED? | Có | 2 màn hình``."""
    if result is None or result + 1 >= len(cells) or fold(cells[result]).strip(" .;") not in _YES:
        return ""
    label, detail = label_of(cells), cells[result + 1]
    tokens = tokenize(detail)
    places = figure_places(tokens)
    if not places or len(places) > 2 or "?" not in label:
        return ""
    asked = [fold(token.text) for token in tokenize(label)]
    behind = [fold(token.text) for token in tokens[places[0] + 1 : places[0] + 2]]
    shared = tokens[places[0]].numeral
    percent = shared is not None and shared.percent
    if not percent and (not behind or behind[0] not in asked):
        return ""
    return f"{label.rstrip(' ?')}: {detail}"
