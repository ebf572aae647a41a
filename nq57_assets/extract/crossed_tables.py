"""Tables with indicators, persons and bodies, or communes across: which row or column is this commune's claim.

Belongs here: pure functions on cells. Does not belong: drawn lines (``drawn_tables``), titles that name results
(``column_roles``).
"""

from __future__ import annotations

from collections.abc import Sequence

import re2

from nq57_assets.extract.column_roles import result_column, role_of
from nq57_assets.extract.columns import holds_value, share_columns
from nq57_assets.extract.report_period import Period
from nq57_assets.model import Block
from nq57_assets.vietnamese.fold import fold

_FEWEST = 3
_HEAD_LINES = 12
_NO_CLAIM = frozenset({"number", "plan", "past", "share", "note", "part"})
_WHOLE = re2.compile(
    r"^(?:tong(?: cong| so)?|cong|toan|ca)(?: (?:toan |ca |chung )?(?:xa|phuong|dac khu|dang bo|cong|so))?$"
    r"|^(?:(?:tong|cong) )?ca (?:tuan|thang|quy|ky|dot|nam)$"
    r"|^(?:(?:ty|ti) le |tinh |ket qua )?chung(?: (?:toan |ca )?(?:xa|phuong|dac khu))?$"
)
# Folded, "cộng" is "công": sums with more words are told by their marks.
_SUMMED = re2.compile(r"^(?:tổng|cộng|toàn|cả)(?:\s[\pL\pM\d.,()]+){0,4}$")
_PEOPLE = re2.compile(r"^(?:(?:so|cua|doi|voi|cho) )*(?:ca nhan|nguoi)(?: \(.*\))?$")
_BODIES = re2.compile(
    r"^(?:(?:so|cua|doi|voi|cho) )*(?:co quan|to chuc|don vi)(?:[ ,/]+(?:co quan|to chuc|don vi))*(?: \(.*\))?$"
)
_GAP = re2.compile(r"\s{2,}|\||Độc lập|ĐẢNG CỘNG")
_COMMUNE = re2.compile(r"(?:^|ubnd |nhan dan |dang uy |khu )(?:xa|phuong|dac khu) ([a-z ]{3,24})$")
_UNIT_OF_PLACE = re2.compile(r"^(?:ubnd )?(?:xa|phuong|p\.|dac khu) ")


def label_of(cells: Sequence[str]) -> str:
    """Return the first cell in words."""
    return next((cell for cell in cells if sum(map(str.isalpha, cell)) > 2), "")


def claimed_rows(grid: Sequence[Sequence[str]], year: int | None, period: Period) -> list[tuple[int, str]]:
    """Return (row, its claims as prose) of a table whose columns are indicators and whose rows villages or periods.

    One row is the claim; of persons and bodies both are.

    >>> claimed_rows([["Cụm", "Tổ", "Buổi"], ["Đông", "4", "9"], ["Cộng 2 cụm", "7", "20"]], 2025, Period())
    [(2, 'Tổ: 7; Buổi: 20')]
    """
    titles = grid[0]
    if len(titles) < _FEWEST or result_column(titles, year, period) is not None:
        return []
    body = [i for i, cells in enumerate(grid) if i and len(cells) == len(titles)]
    labels = [label_of(grid[i]) or grid[i][0] for i in body]
    each = [body[place - 1] for place in of_whom(["", *labels])]
    if each:  # Their sum is no claim.
        return [(i, "; ".join(_claims(grid[i], titles, year, labels, label_of(grid[i])))) for i in each]
    whole = [i for i, label in zip(body, labels, strict=True) if _WHOLE.match(fold(label).strip(" .:"))]
    whole = whole or [i for i, label in zip(body, labels, strict=True) if _SUMMED.match(label.lower())]
    if len(body) == 1 and all(map(holds_value, grid[body[0]])):
        whole = list(body)
    if not whole and len(body) > 1:
        chosen = result_column(["", *labels], year, period)
        whole = [] if chosen is None else [body[chosen - 1]]
    if len(whole) != 1 or sum(map(holds_value, grid[whole[0]])) < 2:
        return []
    claim = grid[whole[0]]
    told = _claims(claim, titles, year, [] if len(body) == 1 else labels)
    share = share_columns(claim, titles, [role_of(title, year) for title in titles])
    if share is not None:
        told.append(f"tỷ lệ {titles[share[1]]}: {claim[share[2]].rstrip(' %')}%")
    return [(whole[0], "; ".join(told))]


def _claims(
    cells: Sequence[str], titles: Sequence[str], year: int | None, labels: Sequence[str], whose: str = ""
) -> list[str]:
    """Return what a row claims by the titles of its columns, and of whom."""
    return [
        f"{title} {whose}: {cell}" if whose else f"{title}: {cell}"
        for title, cell in zip(titles, cells, strict=True)
        if holds_value(cell) and cell not in labels and role_of(title, year) not in _NO_CLAIM
    ]


def of_both(cells: Sequence[str], titles: Sequence[str]) -> str:
    """Return the claims of a row that counts persons and bodies apart, as prose; nothing for other rows.

    >>> of_both(["Cấp mới", "21", "2"], ["Việc", "Cá nhân", "Tổ chức"])
    'Cấp mới Cá nhân: 21; Cấp mới Tổ chức: 2'
    """
    columns = of_whom(titles)
    if not columns or not all(holds_value(cells[i]) for i in columns):
        return ""
    return "; ".join(f"{label_of(cells)} {titles[i]}: {cells[i]}" for i in columns)


def of_whom(titles: Sequence[str]) -> list[int]:
    """Return the columns of persons and of bodies, when there is one of each."""
    plain = [fold(title) for title in titles]
    people = [i for i, title in enumerate(plain) if i and _PEOPLE.search(title)]
    bodies = [i for i, title in enumerate(plain) if i and _BODIES.search(title) and i not in people]
    return sorted({*people, *bodies}) if len(people) == len(bodies) == 1 else []


def own_names(blocks: Sequence[Block]) -> frozenset[str]:
    """Return the names of communes in the letterhead, folded."""
    head = [_GAP.split(block.text.strip())[0] for block in blocks[:_HEAD_LINES]]
    found = (_COMMUNE.search(" ".join(fold(line).split())) for line in head)
    return frozenset(one.group(1).strip() for one in found if one)


def place_in(title: str) -> str:
    """Return the name in the title of a column that is one, folded.

    >>> place_in("Xã Nghi Dương")
    'nghi duong'
    """
    return str(_UNIT_OF_PLACE.sub("", " ".join(fold(title).split())))
