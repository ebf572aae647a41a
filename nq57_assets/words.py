"""Numbers as people in Vietnam write them, and claims in words: ``1.440``, ``98,39``, ``trên 150``.

Belongs here: what review, letters, audit and outputs have in common. Does not belong: marks and states of published figures
(``outputs.words``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def number(value: float, decimals: int = 2) -> str:
    """Return a number as Vietnam writes it: ``22.611``, ``98,39``; whole numbers without decimals."""
    text = f"{value:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,")).replace("-", "−")


def figure(value: float | None) -> str:
    """Return a figure as it was given, with at most four places; nothing for none.

    >>> figure(1440.0), figure(98.39), figure(-2), figure(None)
    ('1.440', '98,39', '−2', '')
    """
    return "" if value is None else number(float(value), 4)


def claim(row: Mapping[str, Any]) -> str:
    """Return what a row with ``value``, ``low``, ``high`` and ``qualifier`` says, in words."""
    value, low, high = row["value"], row["low"], row["high"]
    if row["qualifier"] == "range":
        return f"{figure(low)}–{figure(high)}"
    if row["qualifier"] == "over":
        return f"trên {figure(low if low is not None else value)}"
    if row["qualifier"] == "under":
        return f"dưới {figure(high if high is not None else value)}"
    about = "khoảng " if row["qualifier"] == "approx" else ""
    standing = next((part for part in (value, low, high) if part is not None), None)
    return f"{about}{figure(standing)}"
