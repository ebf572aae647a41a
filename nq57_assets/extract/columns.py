"""Columns of a table: which one holds the values asked for, and where a cell's figure stands.

Belongs here: pure functions on cells and titles.
Does not belong: finding tables and their rows (``tables``).
"""

from __future__ import annotations

from collections.abc import Sequence

import re2

from nq57_assets.extract.passages import Column, Token, tokenize
from nq57_assets.vietnamese.fold import fold
from nq57_assets.vietnamese.numbers import Numeral, find_numerals

_TARGET_COLUMNS = (
    "trong thang",
    "trong ky",
    "trong quy",
    "thang nay",
    "ke hoach",
    "chi tieu giao",
    "muc tieu",
    "truoc",
    "cung ky",
    "nam ngoai",
    "duoc giao",
)
_VALUE_COLUMNS = (
    "so lieu",
    "ket qua",
    "thuc hien",
    "so luong",
    "gia tri",
    "dat duoc",
    "tong so",
    "so bao cao",
    "ky nay",
    "nam nay",
    "ky bao cao",
)
_BOUND_STARTS = frozenset(
    {"uoc", "tren", "hon", "gan", "khoang", "dat", "duoi", "khong", "it", "xap", "chua", "toi", "ca"}
)
_ROUNDING = 0.6
_SHARE = re2.compile(r"^(?:ty|ti) le(?: \(?%\)?| phan tram)?$|^\(?%\)?$|^phan tram$|^dat (?:ty le )?\(?%\)?$")
_NO_WHOLE = frozenset({"number", "unit", "plan", "past", "share", "note", "label"})
# A cell that denies and says nothing else: "không", "chưa có", "chưa lắp", "không có trường hợp nào".
_NIL_CELL = re2.compile(
    r"^(?:hien |den nay |van |xa |phuong )*(?:khong|chua)"
    r"(?: (?:co|phat sinh|lap|lap dat|ban hanh|thanh lap|to chuc|cap|de xuat|mua|mo|trang bi|duoc cap))?"
    r"(?: (?:san pham|truong hop|ho so|may|man hinh|tai khoan|nhiem vu|to|van ban|cong van|buoi|lop|chiec)(?: [a-z]+)?)?"
    r"(?: nao)?$"
)
_ANY_YEAR = re2.compile(r"20\d{2}")


def figure_places(tokens: Sequence[Token]) -> list[int]:
    """Return the positions of the figures among tokens; a bare year is a title and no value."""
    return [
        i for i, token in enumerate(tokens) if token.kind == "figure" and not _ANY_YEAR.fullmatch(token.text)
    ]


def has_figure(text: str) -> bool:
    """Whether a text holds a figure other than a bare year."""
    return bool(figure_places(tokenize(text)))


def figure_offset(cell: str) -> int:
    """Return where the first figure of a cell begins, blanks joined; 0 where it says that there is none."""
    tokens = tokenize(" ".join(cell.split()))
    places = figure_places(tokens)
    return tokens[places[0]].start if places else 0


def tells(cell: str) -> bool:
    """Whether a cell holds a statement: several figures, or a figure among several words."""
    tokens = tokenize(cell)
    figures = len(figure_places(tokens))
    words = sum(1 for token in tokens if token.kind == "word")
    return (figures > 1 and words > 1) or (figures == 1 and words > 4)


def nil_cell(cell: str) -> str | None:
    """Return what a cell says when it says that there is none, else None."""
    said = fold(cell).strip(" .;")
    return said if _NIL_CELL.match(said) else None


def holds_value(cell: str) -> bool:
    """Whether a cell is a figure with its bounds and noun, and no sentence, date or number of a paper."""
    tokens = tokenize(cell)
    figures = figure_places(tokens)
    if (
        not figures
        or len(tokens) > figures[0] + 6
        or any(token.kind in ("label", "date") for token in tokens)
    ):
        return False
    return figures[0] <= 1 or (figures[0] == 2 and fold(tokens[0].text) in _BOUND_STARTS)


def offsets_of_cells(text: str, cells: Sequence[str]) -> list[int | None]:
    """Return where every cell begins in the row's joined text; None for an empty one."""
    position = 0
    found: list[int | None] = []
    for cell in cells:
        joined = " ".join(cell.split())
        place = text.find(joined, position) if joined else -1
        found.append(place if place >= 0 else None)
        position = place + len(joined) if place >= 0 else position
    return found


def columns_below(
    offsets: Sequence[int | None], titles: Sequence[str], roles: Sequence[str]
) -> tuple[Column, ...]:
    """Return the columns of the filled cells of a row; none where the titles are not as many as its cells.

    Args:
        offsets: Where each cell begins in the row's text; None for an empty one.
        titles: Those above.
        roles: What each title says of its column.
    """
    if len(offsets) != len(titles):
        return ()
    placed = zip(offsets, titles, roles, strict=True)
    return tuple(Column(start, title, role) for start, title, role in placed if start is not None)


def nil_column(cells: list[str], header: list[str]) -> int | None:
    """Return the column of results when its cell says that there is none."""
    if len(header) != len(cells):
        return None
    for column, text in enumerate(cells):
        asked = any(word in header[column] for word in _VALUE_COLUMNS)
        if asked and column > 0 and nil_cell(text) is not None:
            return column
    return None


def value_column(cells: list[str], header: list[str], year: int | None) -> tuple[int | None, bool]:
    """Return (column of the value, certain) of a drawn row."""
    nil = nil_column(cells, header)
    if nil is not None:
        return nil, True
    numeric = []
    for column, text in enumerate(cells):
        tokens = tokenize(text)
        figures = figure_places(tokens)
        bounded = bool(figures) and (
            figures[0] <= 1 or (figures[0] == 2 and fold(tokens[0].text) in _BOUND_STARTS)
        )
        if column > 0 and bounded and len(tokens) <= figures[0] + 5:
            numeric.append(column)
    if not numeric:
        return None, False
    told = _counted_share(cells, numeric)
    if told is not None:
        return told, True
    if len(header) == len(cells):
        dated = [column for column in numeric if year is not None and str(year) in header[column]]
        if len(dated) == 1:
            return dated[0], True
        for column in numeric:
            if any(word in header[column] for word in _VALUE_COLUMNS):
                return column, True
        allowed = [
            column for column in numeric if not any(word in header[column] for word in _TARGET_COLUMNS)
        ]
        if len(allowed) == 1:
            return allowed[0], True
    # A cell with two figures is two cells whose rule was lost.
    alone = len(numeric) == 1 and len(find_numerals(cells[numeric[0]])) == 1
    if header and len(header) != len(cells):
        # A cell was lost, and a label that ends in a figure may hold the value of another column.
        alone = alone and not any(_ends_in_figure(cell) for cell in cells[1 : numeric[0]])
    return numeric[-1], alone


def _ends_in_figure(cell: str) -> bool:
    tokens = tokenize(cell)
    return len(tokens) > 1 and tokens[-1].kind == "figure"


def _counted_share(cells: list[str], numeric: list[int]) -> int | None:
    """Return the column of ``57/60`` when the only other figure of the row is its share, ``95%``."""
    if len(numeric) != 2:
        return None
    found = [find_numerals(cells[column]) for column in numeric]
    if any(len(one) != 1 for one in found):
        return None
    for place, other in ((0, 1), (1, 0)):
        if is_share_of(found[other][0], found[place][0]):
            return numeric[place]
    return None


def is_share_of(share: Numeral, counted: Numeral) -> bool:
    """Whether ``95%`` is what ``57/60`` comes to."""
    if not counted.whole or counted.percent or not share.percent:
        return False
    return abs(100 * counted.low / counted.whole - share.low) < _ROUNDING


def offset_of_cell(text: str, cells: list[str], column: int | None) -> int | None:
    """Return where the first figure of a cell stands in the row's joined text."""
    if column is None:
        return None
    position = 0
    for place, cell in enumerate(cells):
        joined = " ".join(cell.split())
        found = text.find(joined, position) if joined else position
        if found < 0:
            return None
        if place == column:
            return found + figure_offset(cell)
        position = found + len(joined)
    return None


def is_one(cell: str) -> bool:
    """Whether a cell holds one figure, or one with its share: ``46/46, đạt 100%``."""
    found = find_numerals(cell)
    return len(found) <= 1 or (len(found) == 2 and is_share_of(found[1], found[0]))


def shares(cells: Sequence[str], column: int) -> bool:
    """Whether a cell holds the share that ``57/60`` in another cell comes to."""
    share = find_numerals(cells[column])
    return len(share) == 1 and any(
        is_share_of(share[0], one)
        for i, cell in enumerate(cells)
        if i != column
        for one in find_numerals(cell)[:1]
    )


def share_columns(
    cells: Sequence[str], titles: Sequence[str], roles: Sequence[str]
) -> tuple[int, int, int] | None:
    """Return the columns of a whole that is no plan, of its part, and of the share that these come to.

    >>> share_columns(["Chi bộ", "44", "42", "95,5"], ["Khối", "Tổng", "Đã học", "Tỷ lệ"], ["label", "", "", "share"])
    (1, 2, 3)
    """
    shares = [i for i, title in enumerate(titles) if i and _SHARE.match(fold(title).strip(" .:"))]
    if len(shares) != 1:
        return None
    share = shares[0]
    told = _one(cells[share])
    counts = {
        i: one
        for i, cell in enumerate(cells)
        if i != share and roles[i] not in _NO_WHOLE and (one := _one(cell)) is not None and not one.percent
    }
    if told is None or len(counts) != 2 or told.low > 100:
        return None
    (whole, most), (part, some) = counts.items()
    fits = bool(most.low) and abs(100 * some.low / most.low - told.low) < _ROUNDING
    return (whole, part, share) if fits else None


def _one(cell: str) -> Numeral | None:
    found = find_numerals(cell)
    return found[0] if len(found) == 1 and found[0].whole is None and holds_value(cell) else None
