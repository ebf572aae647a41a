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
    ("number", r"^(?:so )?(?:stt|tt|ma|ma so|muc|so thu tu|tt\.?|#|ma tc|ma chi tieu|ky hieu)$"),
    ("unit", r"^(?:don vi(?: tinh)?|d\.?v\.?t\.?|dv tinh|dvi tinh)(?: \(.*\))?$"),
    (
        "note",
        r"ghi chu|giai thich|dien giai|giai trinh|thuyet minh|nhan xet|nguyen nhan|^nguon|danh gia"
        r"|phu trach|chu tri|nhan dinh|^(?:ghi|noi|chi|lam) ro\b"
        r"|^ai |don vi thuc hien|don vi bao cao|thoi gian|tinh trang|luu y|can cu|minh chung"
        r"|hinh thuc|noi dung cu the|^ly do|^vi sao|^han\b|thoi han|^diem (?:toi da|chuan|tu|so|cham|dat|cong)|^tu cham"
        r"|thang diem|thu hang|xep (?:hang|loai)|kinh phi|trieu dong|so tien|^status$|^trend$|xu (?:huong|the)",
    ),
    (
        "share",
        r"so sanh|so voi|tang[ ,/-]*giam|chenh lech|% ?(?:hoan thanh|thuc hien|kh|ke hoach|dat|tang|so)"
        r"|(?:ty|ti) le (?:hoan thanh|thuc hien|dat|%|\(%\)|so)|^(?:ty|ti) le$|hoan thanh \(?%"
        r"|20\d\d ?/ ?20\d\d"
        r"|^dat ?\(?%|^th ?/|/ ?(?:kh|ke hoach|giao|chi tieu|ct)\b|^%$|^tang|^giam|^\+|^(?:th )?so (?:ctg|kh|ct|ck)\b"
        r"| so (?:ctg|kh|ke hoach|chi tieu|cung ky|ck)\b",
    ),
    (
        "past",
        r"cung ky|^ck\b|^prev|binh quan|trung binh|^so (?:da gui|da bao|cu)\b|^ton dau"
        r"|(?:nam|ky|quy|thang|dot|lan) (?:lien )?(?:truoc|ngoai|cu)\b|^truoc "
        r"|truoc (?:sap nhap|sap xep|ngay)|^(?:so )?dau (?:nam|ky|thang|quy)"
        r"|^so dau ky|thoi diem truoc",
    ),
    (
        "asked",
        r"^(?:ket qua |so |tinh hinh )?(?:thuc hien|th)(?: (?:ke hoach|chi tieu|muc tieu|nhiem vu))"
        r"|^ket qua.*(?:ke hoach|chi tieu)",
    ),
    (
        "plan",
        r"ke hoach|chi tieu|muc tieu|^target|^ctg\b|^con (?:no|lai|thieu|phai|ton)|^(?:chua|phai) (?:lam|xong|dat)"
        r"|^(?:xa |phuong |tp |thanh pho |duoc |cap tren )?giao|^kh\b"
        r"|\bkh \d|^ct\b|phan dau|du kien|^se (?:lam|thuc hien|to chuc|trien khai) "
        r"|yeu cau|dinh muc|dang ky dau nam|can dat|phai dat",
    ),
    ("part", r"^nu\b|^(?:6|sau) ?(?:t|thang) (?:dau|cuoi)(?: nam)?(?: 20\d\d)?$"),
    (
        "total",
        r"l[uy]+ ?ke|^lk\b|cong don\b|ca (?:nam|ky|dot|hai|ba|\d)|^(?:toan|tong) (?:ky|nam|dot|cong)"
        r"|tu dau nam|den nay|hien nay|hien co"
        r"|hien trang|^(?:tinh )?den (?:het )?(?:thang|quy|cuoi)|\d{1,2} thang|^(?:6|9|11|12)t\b"
        r"|^(?:t|tong )?cong(?: (?:ca )?(?:ky|nam|dot|thang|quy))?$|^chung$|(?:^|: )tu (?:ngay )?\d{1,2}/\d{1,2}.* den",
    ),
    ("asked", r"^(?:tong )?(?:cong |chung )?(?:toan |ca |cua |tong )?(?:xa|phuong|p|dac khu|dia ban)$"),
    ("part", r"\bthang\b|\bquy\b|\btuan\b|\bdot \d|^t ?\d{1,2}\b|^q ?(?:\d|[iv]+)$"),
    (
        "asked",
        r"ket qua|thuc hien|^th\b|so lieu|so luong|gia tri|dat duoc|^dat$|^so dat|so bao cao"
        r"|nam nay|ky nay|ky bao cao|trong ky"
        r"|^(?:so )?cuoi (?:ky|nam|thang|quy)$|^actual|^hien tai$|^so dung|^so sau ra soat|^bao nhieu"
        r"|da lam|lam duoc|da dat|con so|tra loi|^(?:hien |bay gio|den )?nay$|^sl$|^so$|^tong so$|^tong$|thuc te|ket thuc",
    ),
    (
        "label",
        r"noi dung|chi tieu|chi so|tieu chi|nhiem vu|cong viec|viec|hang muc|danh muc|hoat dong"
        r"|linh vuc|dau muc|hinh thuc|ten ",
    ),
)
_NAMING = re2.compile(r"^(?:cac )?(?:noi dung|cong viec|viec|hoat dong|nhiem vu|hang muc)\b")
_TURNED: dict[str, Role] = {"truoc": "past", "sau": "asked"}
_EVIDENCE = re2.compile(r"^(?:minh chung|dan chung|san pham|ket qua|so lieu minh chung|thuyet minh)")
# How much of the time a running total covers: the whole year, then months by their number.
_WHOLE = re2.compile(
    r"^(?:tong )?ca nam|^(?:t|tong )?cong|^toan |^chung|l[uy]+ ?ke|^lk\b|^ca (?:ky|dot)|cuoi (?:ky|nam|thang|quy)"
)
_MONTHS = re2.compile(r"^(\d{1,2}) ?(?:thang|t)(?: ?[/-] ?20\d\d| nam 20\d\d| 20\d\d)?$|^\D*(\d{1,2}) thang$")
_SUM = re2.compile(r"^(?:t|tong )?cong(?: (?:ca )?(?:thang|quy))?$")
_WEEK = re2.compile(r"\btuan\b")
_SPAN = re2.compile(r"(\d{1,2})/(\d{1,2})(?:/\d{4})?\D{1,8}(\d{1,2})/(\d{1,2})")
_COMPILED = tuple((role, re2.compile(pattern)) for role, pattern in _PATTERNS)
_LONGEST = 60
_YEAR_LONG = 99
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
    named = next((i for i, role in enumerate(roles) if role not in ("number", "unit")), len(roles))
    if (
        named < len(roles)
        and "label" not in roles
        and roles[named] == "asked"
        and _NAMING.search(_plain(titles[named]))
        and {"asked", "total", "part"} & set(roles[named + 1 :])
    ):
        roles[named] = "label"  # "Việc đã làm | ĐVT | 11 tháng"
    if (
        roles[:1] == ["number"]
        and "label" not in roles
        and roles[1:2] in (["asked"], ["total"], ["past"], ["part"])
    ):
        roles[0] = "label"  # "Mục | 30/6 | 30/9"
    first = next((i for i, role in enumerate(roles) if role not in ("number", "unit")), None)
    if [_plain(title) for title in titles].count("truoc") == 1 and "" in roles[1:]:
        # "Trước | Sau": before and after what the report tells of.
        for i, title in enumerate(titles):
            if i and not roles[i] and _plain(title) in _TURNED:
                roles[i] = _TURNED[_plain(title)]
    if first is not None and "label" not in roles[:first] and roles[first] in ("plan", "share", "note", ""):
        roles[first] = "label"
    for i, role in enumerate(roles):
        if role == "label" and "label" in roles[:i]:
            roles[i] = ""
    estimates = [i for i, title in enumerate(titles) if fold(title).startswith("uoc ")]
    told = [i for i, role in enumerate(roles) if role in ("asked", "total", "part") and i not in estimates]
    for i in estimates if told else []:
        roles[i] = "plan"
    if not {"asked", "total", "part"} & set(roles):
        # Beside points and grades the evidence is what was reached.
        proofs = [i for i, title in enumerate(titles) if i and _EVIDENCE.search(fold(title))]
        if len(proofs) == 1 and "note" in (role for i, role in enumerate(roles) if i != proofs[0]):
            roles[proofs[0]] = "asked"
    return roles


def _plain(title: str) -> str:
    return " ".join(fold(title).split()).strip(" .:")


def _until(title: str) -> tuple[int, int] | None:
    found = _UNTIL.match(_plain(title))
    return (int(found.group(2)), int(found.group(1))) if found else None


def titles_columns(cells: Sequence[str], year: int | None = None) -> bool:
    """Whether cells are the titles of a table: one names values, another labels, numbers or units, none is a value."""
    roles = roles_of(cells, year)
    valued = {"asked", "total", "plan", "past", "part", *(("share",) if len(cells) > 3 else ())} & set(roles)
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
        parts = sum(
            1 for role, title in zip(roles, titles, strict=True) if role == "part" and not _of_week(title)
        )
        running = [i for i, role in enumerate(roles) if role == "total" and not _SUM.match(_plain(titles[i]))]
        sums = [i for i, role in enumerate(roles) if role == "total" and i not in running]
        if not running and len(sums) == 1 and not own and (period.kind == "quarter" or not parts):
            return sums[0]
        if own or (running and (parts or "asked" not in roles)):
            return None
    spanned = _widest_span(titles)
    if spanned is not None and not {"asked", "part"} & set(roles):
        return spanned
    for wanted in ("asked", "part") if period.short else ("total", "asked", "part"):
        found = [i for i, role in enumerate(roles) if role == wanted and (i or "label" in roles)]
        if wanted == "asked" and "part" in roles and not found:
            others = [i for i, role in enumerate(roles) if role == "" and i]
            if others or roles.count("part") > 1:
                return None
        if len(found) > 1:
            found = _of_year(found, titles, year) or _latest(found, titles)
        if len(found) > 1 and wanted == "total":
            found = _widest(found, titles)
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _of_week(title: str) -> bool:
    """Whether a column holds a week, which every month and quarter sums up."""
    return _WEEK.search(_plain(title)) is not None


def _of_year(found: Sequence[int], titles: Sequence[str], year: int | None) -> list[int]:
    named = [i for i in found if year is not None and str(year) in titles[i]]
    return named if len(named) == 1 else []


def _latest(found: Sequence[int], titles: Sequence[str]) -> list[int]:
    dates = [(date, i) for i in found if (date := _until(titles[i])) is not None]
    return [max(dates)[1]] if len(dates) == len(found) else list(found)


def _widest(found: Sequence[int], titles: Sequence[str]) -> list[int]:
    """Return the one total that covers the others: the whole year before months, nine months before six."""
    spans = [_months(titles[i]) for i in found]
    widest = [i for i, span in zip(found, spans, strict=True) if span == max(spans)]
    return widest if len(widest) == 1 and (max(spans) == _YEAR_LONG or min(spans) > 0) else list(found)


def _months(title: str) -> int:
    plain = _plain(title)
    if _WHOLE.search(plain):
        return _YEAR_LONG
    found = _MONTHS.match(plain)
    return int(found.group(1) or found.group(2)) if found else 0


def _widest_span(titles: Sequence[str]) -> int | None:
    """Return the column of the longest time, of several told by their first and last days."""
    spans = []
    for i, title in enumerate(titles):
        found = _SPAN.search(title)
        if found:
            first, last = (100 * int(found.group(m)) + int(found.group(m - 1)) for m in (2, 4))
            spans.append((first, last, i))
    if len(spans) < 2:
        return None
    covering = [i for first, last, i in spans if first == min(spans)[0] and last == max(s[1] for s in spans)]
    return covering[0] if len(covering) == 1 else None
