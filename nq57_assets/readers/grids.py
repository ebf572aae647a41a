"""Ruled lines of a page joined into the grids of its tables.

Belongs here: geometry of lines and cells, in any unit whose y grows downward. Does not belong: words (``layout``),
how the lines were found (``pdf_glyphs``, ``picture``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

_MOST_RULES = 4000
_NEAR = 3.0
_COVERED = 0.6


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruled line: at ``at`` across the page, from ``start`` to ``end`` along it; points from the top left."""

    horizontal: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's cells: ``xs`` and ``ys`` part columns and rows, ``owner`` maps a base cell to its merged cell."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owner: dict[tuple[int, int], tuple[int, int]]

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Return (row, column) of the cell that holds a point, or None outside the table."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        return self.owner.get((row, column))

    @property
    def rows(self) -> int:
        """How many rows the grid has."""
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        """How many columns the grid has."""
        return len(self.xs) - 1


def find_grids(rules: Sequence[Rule]) -> list[Grid]:
    """Return the tables that ruled lines draw, from the top; a frame around one cell is no table."""
    merged = _merged(rules[:_MOST_RULES])
    grids = [_grid(group) for group in _touching(merged)]
    return sorted((grid for grid in grids if grid is not None), key=lambda grid: grid.ys[0])


def _merged(rules: Sequence[Rule]) -> list[Rule]:
    """Join lines that lie on each other or go on from each other: each cell draws its own borders."""
    joined: list[Rule] = []
    for rule in sorted(rules, key=lambda r: (r.horizontal, round(r.at / _NEAR), r.start)):
        last = joined[-1] if joined else None
        if (
            last
            and last.horizontal == rule.horizontal
            and abs(last.at - rule.at) <= _NEAR
            and rule.start <= last.end + _NEAR
        ):
            joined[-1] = Rule(last.horizontal, last.at, last.start, max(last.end, rule.end))
        else:
            joined.append(rule)
    return joined


def _touching(rules: list[Rule]) -> list[list[Rule]]:
    """Group lines that cross or meet."""
    parent = list(range(len(rules)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    upright = sorted((i for i, rule in enumerate(rules) if not rule.horizontal), key=lambda i: rules[i].at)
    places = [rules[i].at for i in upright]
    for i, rule in enumerate(rules):
        if not rule.horizontal:
            continue
        for position in range(bisect_right(places, rule.start - 2 * _NEAR), len(upright)):
            other = rules[upright[position]]
            if other.at > rule.end + 2 * _NEAR:
                break
            if other.start - 2 * _NEAR <= rule.at <= other.end + 2 * _NEAR:
                parent[root(i)] = root(upright[position])
    groups: dict[int, list[Rule]] = {}
    for i, rule in enumerate(rules):
        groups.setdefault(root(i), []).append(rule)
    return [group for group in groups.values() if len(group) >= 5]


def _clusters(places: Sequence[float]) -> list[float]:
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > 2 * _NEAR:
            found.append(place)
    return found


def _grid(rules: list[Rule]) -> Grid | None:
    xs = _clusters([rule.at for rule in rules if not rule.horizontal])
    ys = _clusters([rule.at for rule in rules if rule.horizontal])
    if len(xs) < 3 or len(ys) < 3 or len(xs) > 60 or len(ys) > 300:
        return None
    owner = {(row, column): (row, column) for row in range(len(ys) - 1) for column in range(len(xs) - 1)}
    for row in range(len(ys) - 1):
        for column in range(1, len(xs) - 1):
            if not _drawn(rules, False, xs[column], ys[row], ys[row + 1]):
                owner[row, column] = owner[row, column - 1]
    for row in range(1, len(ys) - 1):
        for column in range(len(xs) - 1):
            if not _drawn(rules, True, ys[row], xs[column], xs[column + 1]):
                owner[row, column] = owner[row - 1, column]
    return Grid(tuple(xs), tuple(ys), owner)


def _drawn(rules: list[Rule], horizontal: bool, at: float, start: float, end: float) -> bool:
    """Whether a border is drawn along most of a cell's side."""
    covered = sum(
        max(0.0, min(rule.end, end) - max(rule.start, start))
        for rule in rules
        if rule.horizontal == horizontal and abs(rule.at - at) <= 2 * _NEAR
    )
    return covered >= _COVERED * (end - start)
