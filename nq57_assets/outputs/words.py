"""How published figures, bounds, states, dates and lists are written, the same in workbook, report and dashboard.

Belongs here: pure functions from figures to words. Does not belong: where the words stand, which figures are shown, how a
number itself is written (``nq57_assets.words``).
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from nq57_assets.words import number

# As in the statistical yearbooks of Vietnam: a dash for "does not occur", three dots for "not collected".
NIL, MISSING, CONFLICT, WITHHELD = "–", "…", "MT", "GL"
REVIEW = "*"
MARKS = {"nil": NIL, "missing": MISSING, "conflict": CONFLICT, "withheld": WITHHELD}
STATES = {
    "reported": "có số liệu",
    "nil": "không phát sinh",
    "missing": "chưa có số liệu",
    "conflict": "số liệu mâu thuẫn",
    "withheld": "số liệu bị giữ lại",
}
PREFIXES = {"exact": "", "approx": "≈", "over": "≥", "under": "≤"}
METHODS = {
    "decision": "quyết định của người rà soát",
    "form": "biểu mẫu",
    "table": "bảng trong văn bản",
    "narrative": "lời văn",
}
SEVERITIES = {"critical": "Nghiêm trọng", "error": "Lỗi", "warning": "Cảnh báo", "info": "Thông tin"}
COVERAGE = {
    "complete": "Đủ chỉ tiêu bắt buộc",
    "partial": "Thiếu chỉ tiêu",
    "empty": "Không có số liệu",
    "missing": "Chưa nộp",
    "unreadable": "Tệp không đọc được",
}
WEIGHTS = {"population": "dân số", "area": "diện tích"}
_HAI_PHONG = timedelta(hours=7)


def plain(text: str) -> str:
    """Return text without control characters, which neither a workbook nor a document can hold."""
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) != "Cc")


def percent(share: float, decimals: int = 1) -> str:
    """Return a share from 0 to 1 as ``84,4%``; below the whole it never rounds up to 100%."""
    # A half goes up, as the page of the dashboard rounds: one share is written in one way.
    shown = math.floor(share * 10 ** (2 + decimals) + 0.5) / 10**decimals
    return number(100 - 10**-decimals if share < 1 and shown >= 100 else shown, decimals) + "%"


def count(value: int) -> str:
    """Return a count of at least two digits, as official letters write it: ``03``, ``114``."""
    return f"0{value}" if 0 <= value < 10 else number(value, 0)


def figure(value: float | None, low: float | None, high: float | None, qualifier: str | None) -> str:
    """Return a figure with its bound as a short mark: ``150``, ``≥150``, ``≤900``, ``≈900``, ``125–130``."""
    if value is not None:
        return PREFIXES.get(qualifier or "exact", "") + number(value)
    if low is not None and high is not None:
        return f"{number(low)}–{number(high)}"
    if low is not None:
        return f"≥{number(low)}"
    return f"≤{number(high)}" if high is not None else MISSING


def spoken(value: float | None, low: float | None, high: float | None, qualifier: str | None) -> str:
    """Return a figure with its bound in words: ``ít nhất 150``, ``từ 125 đến 130``, ``khoảng 900``."""
    if value is None and low is not None and high is not None:
        return f"từ {number(low)} đến {number(high)}"
    shown = value if value is not None else low if low is not None else high
    if shown is None:
        return "chưa xác định"
    if value is None:
        qualifier = "over" if low is not None else "under"
    before = {"over": "ít nhất ", "under": "không quá ", "approx": "khoảng "}.get(qualifier or "", "")
    return before + number(shown)


def with_unit(text: str, unit: str) -> str:
    """Return a figure followed by its unit; a percent sign stands without a blank."""
    return f"{text}%" if unit == "%" else f"{text} {unit}"


def yes_no(value: float | None) -> str:
    """Return the answer of a flag."""
    return "Có" if value else "Không"


def day(value: date | None) -> str:
    """Return a date as ``28/11/2025``."""
    return f"{value:%d/%m/%Y}" if value else "chưa ấn định"


def moment(value: datetime | None) -> str:
    """Return a time of the mart (UTC without a zone) in Hải Phòng: ``13:12 ngày 20/11/2026``."""
    return f"{value + _HAI_PHONG:%H:%M ngày %d/%m/%Y}" if value else ""


def local_day(value: datetime) -> str:
    """Return the day in Hải Phòng of a time in UTC: ``28/11/2025``."""
    return f"{value + _HAI_PHONG:%d/%m/%Y}"


def local(value: datetime) -> datetime:
    """Return a time of the mart (UTC without a zone) as wall-clock time in Hải Phòng."""
    return value + _HAI_PHONG


def listed(items: Sequence[str], most: int | None = None) -> str:
    """Return items as a sentence lists them: ``A, B và C``; beyond ``most`` the rest is counted."""
    if most is not None and len(items) > most:
        return f"{', '.join(items[:most])} và {len(items) - most} đơn vị khác"
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} và {items[-1]}"
