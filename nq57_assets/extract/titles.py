"""Titles of a table's columns in flattened text: which line holds them, and which column of values they ask for.

Belongs here: reading a row of titles and its wrapped rest, however recognition ran its words together.
Does not belong: cells of a drawn table (``columns``), rows (``tables``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import re2

from nq57_assets.vietnamese.fold import fold

Kind = Literal[
    "number",
    "label",
    "unit",
    "asked",
    "plan",
    "past",
    "share",
    "change",
    "note",
    "year",
    "cut",
    "half",
    "rest",
]

_WORDS: dict[Kind, str] = {
    "number": "stt sott tt thutu ma maso",
    "label": "noidung noidungcongviec noidungbaocao noidungthongke nidung chitieu tenchitieu nhiemvu tieuchi"
    " hangmuc congviec linhvuc hoatdong dauviec"
    " chitieuthongke chitieubaocao chiso chisothongke noidungthuchien danhmuc daumuc tenviec viec",
    "unit": "donvi donvitinh dvt pvt bvt don",
    "asked": "dalam lamduoc solieu solieucuaxa solieucuaphuong solieubaocao ketqua ketquathuchien ketquadatduoc"
    " ket thuchien thuc soluong giatri datduoc sodat sodatduoc conso consodat consodatduoc luyke liyke luy luykenam"
    " kynay kybaocao namnay tongso sobaocao",
    "plan": "kehoach kehoachgiao kehoachnam muctieu chitieugiao duocgiao xa xagiao",
    "past": "cungky cung namtruoc kytruoc trong trongthang trongky trongquy thang thangnay namngoai",
    "share": "tyle tylehoanthanh tylehoan ty dat % phantram",
    "change": "sosanh tanggiam tang giam chenhlech",
    "note": "ghichu ghicha ghichi danhgia danh nguon nguonsolieu thoigian tinhtrang trangthai diengiai ailam phutrach"
    " thuyetminh giaitrinh giaithich luuy nguonso hinhthuc"
    " chutri donvithuchien",
    "year": "nam",
    "cut": "so",
    "half": "ke",
    "rest": "vi tinh vitinh hoach hien thanh hoanthanh giao gia chu cha duoc le qua ky quy kh ct lieu luong lam",
}
_KIND_OF = {word: kind for kind, words in _WORDS.items() for word in words.split()}
_LONGEST = max(map(len, _KIND_OF))
_LABELS = tuple(word for word, kind in _KIND_OF.items() if kind == "label")
_YEAR = re2.compile("20[0-9]{2}")
_NUMBER = re2.compile(r"(?:^|\s)\d{1,2}(?:$|\s)")
_MISREAD = str.maketrans({"6": "o", "0": "o", "¢": "e", "€": "e", "@": "a"})
_HEADED = re2.compile(r"^\s*(?:[IVX]{1,4}|\d{1,2}(?:\.\d+)*|[a-zđ])\s*[.)]")
_EXPLAINED = 0.85


@dataclass(frozen=True, slots=True)
class Titles:
    """What the titles of a table say.

    Attributes:
        kinds: Kinds of the titles in order, years left out.
        years: Years named, in order.
        share: How much of the line's letters are title words.
    """

    kinds: tuple[Kind, ...]
    years: tuple[int, ...]
    share: float


@lru_cache(maxsize=4096)
def read_titles(text: str) -> Titles:
    """Read a line as titles of columns; blanks are a hint and no proof, since recognition drops them."""
    years = tuple(int(year) for year in _YEAR.findall(text))
    plain = _NUMBER.sub("", _YEAR.sub("", fold(text))).translate(_MISREAD)
    words = ["".join(c for c in word if c.isalnum() or c == "%") for word in plain.split()]
    squeezed = "".join(words)
    ends, place = {0}, 0
    for word in words:
        place += len(word)
        ends.add(place)
    kinds, known = _segment(squeezed, ends)
    return Titles(kinds, years, known / len(squeezed) if squeezed else float(bool(years)))


def _has_label(text: str) -> bool:
    """Whether a line holds the title of a column of labels at all: cheap, and most lines do not."""
    letters = "".join(filter(str.isalpha, fold(text).translate(_MISREAD)))
    return any(word in letters for word in _LABELS)


def _segment(letters: str, ends: set[int]) -> tuple[tuple[Kind, ...], int]:
    """Cut letters into title words at the least cost; return (their kinds, how many letters they explain).

    A letter that no title word explains costs most, a cut inside a written word some, every title word a little.
    """
    best: list[tuple[float, int, Kind | None]] = [(0.0, 0, None)]
    for stop in range(1, len(letters) + 1):
        found: tuple[float, int, Kind | None] = (best[stop - 1][0] + 1, stop - 1, None)
        inside = 0.0 if stop in ends else 0.3
        for start in range(max(0, stop - _LONGEST), stop):
            kind = _KIND_OF.get(letters[start:stop])
            if kind is not None and best[start][0] + 0.1 + inside < found[0]:
                found = (best[start][0] + 0.1 + inside, start, kind)
        best.append(found)
    kinds: list[Kind] = []
    known, stop = 0, len(letters)
    while stop:
        _, start, kind = best[stop]
        if kind is not None:
            kinds.insert(0, kind)
            known += stop - start
        stop = start
    return tuple(kinds), known


def names_columns(text: str) -> bool:
    """Whether a line that needs no number column names the columns of a table.

    >>> names_columns("Chỉ tiêu Đơn Năm Năm So sánh"), names_columns("Chỉ tiêu năm 2026")
    (True, False)
    """
    if not 8 <= len(text) <= 120 or text.rstrip()[-1:] in ".;:,?":
        return False
    if not _has_label(text) or _HEADED.match(text):
        return False
    titles = read_titles(text)
    if (
        titles.share < _EXPLAINED
        or "label" not in titles.kinds[:3]
        or titles.kinds[0] not in ("number", "label")
    ):
        return False
    told = [kind for kind in titles.kinds if kind not in ("number", "label", "rest")]
    parted = titles.kinds[0] == "number" or "unit" in told or "|" in text or titles.kinds.count("year") > 1
    return parted and bool(told)


def may_name_columns(text: str) -> bool:
    """Whether a short line may be the titles of a label and its value; rows below it must prove it.

    >>> may_name_columns("Hạng mục Số Tình trạng"), may_name_columns("Chỉ tiêu, nhiệm vụ năm 2026")
    (True, False)
    """
    if not 8 <= len(text) <= 60 or text.rstrip()[-1:] in ".;:,?":
        return False
    if not _has_label(text) or _HEADED.match(text):
        return False
    titles = read_titles(text)
    told = [kind for kind in titles.kinds if kind not in ("label", "rest", "note", "year")]
    return titles.share >= _EXPLAINED and titles.kinds[0] == "label" and bool(told)


def goes_on(text: str) -> bool:
    """Whether a line directly below a row of titles holds nothing but the rest of wrapped titles."""
    return len(text) <= 90 and read_titles(text).share > 0.99


def column_asked(title: str, rest: str, year: int | None) -> tuple[int | None, int]:
    """Return (which column of values the titles ask for, how many there are).

    Args:
        title: The line of titles.
        rest: What follows of them on the next lines.
        year: The year that the document reports on.

    >>> column_asked("TT Chỉ tiêu ĐVT Kế Thực Tỷ lệ", "hoạch hiện (%)", 2025)
    (1, 3)
    """
    first, second = read_titles(title), read_titles(rest)
    columns: list[Kind] = []
    whole = "asked" in first.kinds
    for kind in first.kinds:
        if kind == "half" and "hoach" in fold(rest):
            kind = "plan"  # "Kế" above "hoạch"
        elif kind == "cut" and not whole:
            kind = "asked"  # "Số" above "lượng"
        if kind == "year" and columns and columns[-1] in ("asked", "plan") and first.kinds.count("year") > 1:
            continue  # "Kết quả năm 2024 | Kết quả năm 2025"
        if kind in ("asked", "plan", "past", "share", "year"):
            columns.append(kind)
    years = first.years or second.years
    dated: list[int | None] = [*years] if len(years) == len(columns) else [None] * len(columns)
    if "year" in columns and len(years) == columns.count("year"):
        following = iter(years)
        dated = [next(following) if kind == "year" else None for kind in columns]
    asked = [i for i, kind in enumerate(columns) if kind == "asked"] or [
        i for i, kind in enumerate(columns) if kind == "year"
    ]
    if len(asked) > 1 or any(columns[i] == "year" for i in asked):
        asked = [i for i in asked if year is not None and dated[i] == year]
    return (asked[0] if len(asked) == 1 else None), max(1, len(columns))
