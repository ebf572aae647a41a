"""The figures of a document as rivals: a report tells one figure of an indicator, so what one figure is, another isn't.

Where three figures look like the number of teams, at most one of them is; where a figure looks like two indicators of
which one has its own figure elsewhere, it is the other. A figure told twice is no rival of itself.

Belongs here: opinions weighed against those on all other figures. Does not belong: opinions on one figure
(``second_reading``), their order (``sequence``), what follows from them (``agreement``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nq57_assets.extract.quantities import Quantity
from nq57_assets.extract.second_reading import NONE, Opinion

# What a figure claims: equal ones can be one claim told twice.
Claimed = tuple[float, float | None, tuple[float, float] | None]
# A rival is never quite sure, and however many there are, they leave a figure this much of its share: long documents
# do tell an indicator of many places and months.
_SUREST = 0.98
_LEAST_LEFT = 0.02


def claimed(quantity: Quantity) -> Claimed:
    """Return what a figure claims, whatever words announce it."""
    return quantity.low, quantity.percent, quantity.ratio


def against_rivals(opinions: Sequence[Opinion], quantities: Sequence[Quantity]) -> list[Opinion]:
    """Return the opinions on all figures of a document as they stand against each other.

    Args:
        opinions: On each figure by itself or in its place.
        quantities: The figures, as many.

    Returns:
        As many opinions: the share of an indicator is left in so far as no figure of another value is the one.
    """
    import numpy as np

    if not opinions:
        return []
    codes = [code for code in opinions[0].shares if code != NONE]
    shares = np.array([[one.shares[code] for code in codes] for one in opinions])
    none = np.array([one.shares[NONE] for one in opinions])
    values = {value: row for row, value in enumerate(dict.fromkeys(map(claimed, quantities)))}
    rows = np.array([values[claimed(quantity)] for quantity in quantities])
    # Log of the odds that no figure of a value is the one of an indicator.
    untaken = np.zeros((len(values), len(codes)))
    np.add.at(untaken, rows, np.log1p(-np.minimum(shares, _SUREST)))
    by_others = np.exp(untaken.sum(axis=0) - untaken)
    left = shares * np.maximum(by_others, _LEAST_LEFT)[rows]
    whole = left.sum(axis=1) + none
    return [
        replace(one, shares=dict(zip((*codes, NONE), (*map(float, row), float(rest)), strict=True)))
        for one, row, rest in zip(opinions, left / whole[:, None], none / whole, strict=True)
    ]
