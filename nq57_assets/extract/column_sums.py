"""Columns told by arithmetic where their titles were lost: a share of two others, the sum of those before it.

Belongs here: pure functions on figures. Does not belong: titles (``titles``, ``column_roles``), cutting rows (``tables``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Literal

_FEWEST_ROWS = 3
_MOST_COLUMNS = 7
_FEWEST_COLUMNS = 3
_SHARE_ROUNDING = 0.6
_AGREE = 0.6
_SUM_AGREE = 0.5

Figures = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Relation:
    """How the columns of a table hang together.

    Attributes:
        kind: A share of two others, or a sum of those before it.
        count: How many columns of figures there are.
        result: Which of them holds what was reached.
        of: The columns that prove it: plan, result and share; or the first part and the sum.
    """

    kind: Literal["share", "sum"]
    count: int
    result: int
    of: tuple[int, ...]

    def holds(self, row: Figures) -> bool | None:
        """Return whether a row of ``count`` figures bears the relation out; None when a figure of it is missing."""
        if self.kind == "share":
            return _is_share(row, *self.of)
        return _is_sum(row, *self.of)


def find_relation(rows: Sequence[Figures]) -> Relation | None:
    """Return what holds between the columns of most rows; None when nothing is proven.

    Args:
        rows: The figures side by side of every row, None where a dash stands in place of one.

    >>> find_relation([[60, 57, 95], [700, 812, 116], [5, 6, 120]])
    Relation(kind='share', count=3, result=1, of=(0, 1, 2))
    """
    counts = Counter(len(row) for row in rows if _FEWEST_COLUMNS <= len(row) <= _MOST_COLUMNS)
    for count, number in counts.most_common():
        if number < _FEWEST_ROWS:
            break
        full = [row for row in rows if len(row) == count]
        shares = [Relation("share", count, of[1], of) for of in permutations(range(count), 3)]
        sums = [
            Relation("sum", count, last, (first, last))
            for last in range(2, count)
            for first in range(last - 1)
        ]
        for candidates, agree in ((shares, _AGREE), (sums, _SUM_AGREE)):
            proven = [one for one in candidates if _is_proven(one, full, agree)]
            if proven:
                return proven[0] if len({one.result for one in proven}) == 1 else None
    return None


def _is_proven(relation: Relation, rows: Sequence[Figures], agree: float) -> bool:
    told = [(row, holds) for row in rows if (holds := relation.holds(row)) is not None]
    held = [row for row, holds in told if holds]
    # A plan just met, and a sum of one part, prove nothing.
    telling = [row for row in held if _tells(relation, row)]
    return len(telling) >= _FEWEST_ROWS and len(held) >= agree * len(told)


def _tells(relation: Relation, row: Figures) -> bool:
    if relation.kind == "share":
        return row[relation.of[0]] != row[relation.of[1]]
    first, last = relation.of
    return sum(1 for figure in row[first:last] if figure) > 1


def _is_share(row: Figures, plan: int, result: int, share: int) -> bool | None:
    whole, part, told = row[plan], row[result], row[share]
    if whole is None or part is None or told is None:
        return None
    return bool(whole) and abs(100 * part / whole - told) <= _SHARE_ROUNDING


def _is_sum(row: Figures, first: int, last: int) -> bool | None:
    parts = [figure for figure in row[first:last] if figure is not None]
    total = row[last]
    if total is None or len(parts) < 2:
        return None
    return abs(sum(parts) - total) < 1e-6
