"""Figures as people in Vietnam write them, for workbooks and letters: ``1.440``, ``98,39``, ``trên 150``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def figure(value: float | None) -> str:
    """Return a figure with a dot between thousands and a decimal comma; at most four places.

    >>> figure(1440.0), figure(98.39), figure(-2), figure(None)
    ('1.440', '98,39', '-2', '')
    """
    if value is None:
        return ""
    text = f"{round(float(value), 4):,.4f}".rstrip("0").rstrip(".")
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


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
