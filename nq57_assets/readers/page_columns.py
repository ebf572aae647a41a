"""Body text set in two columns: found by its gutter, and read down each column instead of across.

Letterheads, signatures and labels beside values stand side by side as well, and stay so: their lines are few, or do not
fill their columns as prose does. Belongs here: telling columns of prose, their order. Does not belong: lines (``layout``),
tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from nq57_assets.readers.layout import Line, TableRow, Word, median

_FEWEST_LINES = 10
_FULL_SHARE = 0.6
_NEARLY = 0.85
_NARROWEST = 100.0


def unfolded(parts: Sequence[Line | TableRow]) -> list[Line | TableRow]:
    """Return the parts of a page with every run of two-column prose as its left column, then its right one."""
    ordered: list[Line | TableRow] = []
    for is_line, run in groupby(parts, key=lambda part: isinstance(part, Line)):
        held = list(run)
        ordered += _columns_down([part for part in held if isinstance(part, Line)]) if is_line else held
    return ordered


def _columns_down(lines: list[Line]) -> list[Line]:
    gutter = _gutter(lines)
    if gutter is None:
        return lines
    first, last, left, right = gutter
    return [*lines[:first], *left, *right, *lines[last + 1 :]]


def _gutter(lines: Sequence[Line]) -> tuple[int, int, list[Line], list[Line]] | None:
    """Return the first and last line of a run in two columns, and its columns; None without one."""
    gaps = [(n, gap) for n, line in enumerate(lines) if (gap := _widest_gap(line)) is not None]
    if len(gaps) < _FEWEST_LINES:
        return None
    middle = median([(left + right) / 2 for _, (left, right) in gaps])
    open_there = [n for n, (left, right) in gaps if left < middle < right]
    if len(open_there) < _FEWEST_LINES:
        return None
    first, last = open_there[0], open_there[-1]
    left: list[Line] = []
    right: list[Line] = []
    for line in lines[first : last + 1]:
        if any(word.left < middle < word.right for word in line.words):
            return None  # something goes across: no gutter runs through
        for column, words in (
            (left, [word for word in line.words if word.centre < middle]),
            (right, [word for word in line.words if word.centre >= middle]),
        ):
            if words:
                column.append(Line(tuple(words)))
    return (first, last, left, right) if _is_prose(left) and _is_prose(right) else None


def _widest_gap(line: Line) -> tuple[float, float] | None:
    """Return where the widest gap of a line begins and ends, when it is wider than between words."""
    gaps = [(b.left - a.right, a.right, b.left) for a, b in zip(line.words, line.words[1:], strict=False)]
    widest = max(gaps, default=None)
    if widest is None or widest[0] < 1.3 * line.height:
        return None
    return widest[1], widest[2]


def _is_prose(column: Sequence[Line]) -> bool:
    """Whether a column's lines are wide and mostly full, as lines are that were broken to fit."""
    ends = [_extent(line.words) for line in column]
    if len(ends) < _FEWEST_LINES:
        return False
    left, right = min(begin for begin, _ in ends), max(end for _, end in ends)
    full = sum(end - left >= _NEARLY * (right - left) for _, end in ends)
    return right - left >= _NARROWEST and full >= _FULL_SHARE * len(ends)


def _extent(words: Sequence[Word]) -> tuple[float, float]:
    return words[0].left, words[-1].right
