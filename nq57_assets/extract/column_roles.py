"""What the title of one column of a drawn table asks for, and which column holds this period's results.

Belongs here: titles whose cells are known apart. Does not belong: titles that recognition ran together (``titles``),
cells of rows (``columns``).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import re2

from nq57_assets.extract.report_period import Period
from nq57_assets.vietnamese.fold import fold

Role = Literal["number", "label", "unit", "plan", "past", "part", "total", "asked", "share", "note", ""]

_YEAR = re2.compile(r"20\d{2}")
# How far a year has come: "Đến 30/6", "15/12", "đến hết tháng 9".
_UNTIL = re2.compile(
    r"^(?:tinh |cap nhat |so lieu |thuc hien "
    r"|ket qua )*(?:den )?(?:het )?(?:ngay )?(\d{1,2})[/.-](\d{1,2})(?:[/.-]\d{4})?$"
)
# Looked up in this order; the first that fits says what a column holds.
_PATTERNS: tuple[tuple[Role, str], ...] = (
    ("number", r"^(?:so )?(?:stt|tt|ma|ma so|muc|so thu tu|tt\.?)$"),
    ("unit", r"^(?:don vi(?: tinh)?|d\.?v\.?t\.?|dv tinh|dvi tinh)(?: \(.*\))?$"),
    (
        "note",
        r"ghi chu|giai thich|dien giai|giai trinh|thuyet minh|nhan xet|nguyen nhan|^nguon|danh gia"
        r"|phu trach|chu tri"
        r"|^ai |don vi thuc hien|don vi bao cao|thoi gian|tinh trang|luu y|can cu|minh chung"
        r"|hinh thuc|noi dung cu the",
    ),
    (
        "share",
        r"so sanh|so voi|tang[ ,/-]*giam|chenh lech|% ?(?:hoan thanh|thuc hien|kh|ke hoach|dat|tang|so)"
        r"|(?:ty|ti) le (?:hoan thanh|thuc hien|dat|%|\(%\)|so)|^(?:ty|ti) le$|hoan thanh \(?%"
        r"|^dat ?\(?%|th ?/ ?kh|^%$|^tang|^giam",
    ),
    (
        "past",
        r"cung ky|(?:nam|ky|quy|thang|dot|lan) (?:lien )?(?:truoc|ngoai|cu)|^truoc "
        r"|truoc (?:sap nhap|sap xep|ngay)|^dau (?:nam|ky)"
        r"|^so dau ky|thoi diem truoc",
    ),
    (
        "asked",
        r"^(?:ket qua |so |tinh hinh )?(?:thuc hien|th)(?: (?:ke hoach|chi tieu|muc tieu|nhiem vu))"
        r"|^ket qua.*(?:ke hoach|chi tieu)",
    ),
    (
        "plan",
        r"ke hoach|chi tieu|muc tieu|^(?:xa |phuong |tp |thanh pho |duoc |cap tren )?giao|^kh\b"
        r"|\bkh \d|^ct\b|phan dau|du kien"
        r"|yeu cau|dinh muc|dang ky dau nam|can dat|phai dat",
    ),
    (
        "total",
        r"l[uy]+ ?ke|cong don|ca (?:nam|ky|dot|hai|ba|\d)|^(?:toan|tong) (?:ky|nam|dot|cong)"
        r"|tu dau nam|den nay|hien nay|hien co"
        r"|hien trang|^(?:tinh )?den (?:het )?(?:thang|quy|cuoi)|\d{1,2} thang|^(?:6|9|11|12)t\b"
        r"|^t?cong$|^chung$|^tong cong$",
    ),
    ("part", r"\bthang\b|\bquy\b|\btuan\b|\bdot \d|^t ?\d{1,2}\b|^q ?(?:\d|[iv]+)$"),
    (
        "asked",
        r"ket qua|thuc hien|^th\b|so lieu|so luong|gia tri|dat duoc|^dat$|^so dat|so bao cao"
        r"|nam nay|ky nay|ky bao cao|trong ky"
        r"|da lam|lam duoc|da dat|con so|tra loi|^sl$|^so$|^tong so$|^tong$|thuc te|ket thuc",
    ),
    (
        "label",
        r"noi dung|chi tieu|chi so|tieu chi|nhiem vu|cong viec|viec|hang muc|danh muc|hoat dong"
        r"|linh vuc|dau muc|hinh thuc|ten ",
    ),
)
_COMPILED = tuple((role, re2.compile(pattern)) for role, pattern in _PATTERNS)
_LONGEST = 60
_LONG = Period()


@lru_cache(maxsize=4096)
def role_of(title: str, year: int | None = None) -> Role:
    """Return what a title says that its column holds; an empty text when it says nothing.

    >>> role_of("Lũy kế 11 tháng"), role_of("Kết quả năm trước"), role_of("Năm 2025", 2025), role_of("Năm 2024", 2025)
    ('total', 'past', 'asked', 'past')
    """
    plain = " ".join(fold(title).replace("\n", " ").split()).strip(" .:")
    if not plain or len(plain) > _LONGEST:
        return ""
    role: Role = next((role for role, pattern in _COMPILED if pattern.search(plain)), "")
    years = [int(one) for one in _YEAR.findall(plain)]
    if role in ("plan", "note", "unit", "number", "share", "label") or not years or year is None:
        return "asked" if not role and _UNTIL.match(plain) else role
    if max(years) < year:
        return "past"
    return "plan" if min(years) > year else (role or "asked")


def roles_of(titles: Sequence[str], year: int | None) -> list[Role]:
    """Return what each column holds; the first that is no number, unit or result holds the labels.

    >>> roles_of(["TT", "Chỉ tiêu", "Kế hoạch", "Thực hiện"], 2025)
    ['number', 'label', 'plan', 'asked']
    """
    roles = [role_of(title, year) for title in titles]
    first = next((i for i, role in enumerate(roles) if role not in ("number", "unit")), None)
    if first is not None and "label" not in roles[:first] and roles[first] in ("plan", "share", "note", ""):
        roles[first] = "label"
    return roles


def _until(title: str) -> tuple[int, int] | None:
    found = _UNTIL.match(" ".join(fold(title).split()).strip(" .:"))
    return (int(found.group(2)), int(found.group(1))) if found else None


def titles_columns(cells: Sequence[str], year: int | None = None) -> bool:
    """Whether cells are the titles of a table: one names values, another labels, numbers or units, none is a value."""
    roles = roles_of(cells, year)
    valued = {"asked", "total", "plan", "past", "part"} & set(roles)
    first = next((cell for cell in cells if cell.strip()), "")
    return (
        bool(valued)
        and len(cells) > 1
        and not first[:1].isdigit()
        and (
            roles[0] in ("number", "label", "unit")
            or bool({"number", "unit", "label"} & set(roles))
            or len(valued) > 1
        )
    )


def result_column(titles: Sequence[str], year: int | None, period: Period = _LONG) -> int | None:
    """Return the column that holds what was reached in this period, None when the titles do not tell one.

    A running total goes before the result of a month or quarter, unless the report is on that month or quarter; the
    later of two dates before the earlier.

    Args:
        titles: Titles of all columns, as written.
        year: Year that the document reports on.
        period: What it reports on.

    >>> result_column(["Nội dung", "Tháng 11", "Lũy kế năm", "Cùng kỳ 2024"], 2025)
    2
    """
    roles = roles_of(titles, year)
    if period.short:
        own = [
            i for i, role in enumerate(roles) if role in ("part", "asked") and period.is_named_in(titles[i])
        ]
        if len(own) == 1:
            return own[0]
        parts = roles.count("part")
        if own or ("total" in roles and (parts or "asked" not in roles)):
            return None
    for wanted in ("asked", "part") if period.short else ("total", "asked", "part"):
        found = [i for i, role in enumerate(roles) if role == wanted and (i or "label" in roles)]
        if wanted == "asked" and "part" in roles and not found:
            others = [i for i, role in enumerate(roles) if role == "" and i]
            if others or roles.count("part") > 1:
                return None
        if len(found) > 1:
            found = _of_year(found, titles, year) or _latest(found, titles)
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _of_year(found: Sequence[int], titles: Sequence[str], year: int | None) -> list[int]:
    named = [i for i in found if year is not None and str(year) in titles[i]]
    return named if len(named) == 1 else []


def _latest(found: Sequence[int], titles: Sequence[str]) -> list[int]:
    dates = [(date, i) for i in found if (date := _until(titles[i])) is not None]
    return [max(dates)[1]] if len(dates) == len(found) else list(found)
