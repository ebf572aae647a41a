"""A home-made worksheet as a grid: what stands in a place, where its headers are, what its columns hold.

Belongs here: rows, merged cells, header rows and the roles of columns, told by their titles.
Does not belong: which indicator a row or column is (``homemade``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import re2

from nq57_assets.model import Address, Block, Document, SheetShape
from nq57_assets.vietnamese.fold import fold
from nq57_assets.vietnamese.numbers import find_numerals

Role = Literal[
    "number", "label", "unit", "note", "target", "past", "compare", "value", "total", "village", ""
]
Place = tuple[int, int]

_ADDRESS = re2.compile(r"^([A-Z]{1,3})(\d{1,7})$")
_ROLES: tuple[tuple[Role, str], ...] = (
    ("number", r"^(?:stt|tt|so tt|so thu tu|s\.t\.t)\.?$"),
    ("unit", r"^(?:don vi(?: tinh| do)?|dvt|d\.v\.t|dv tinh)\.?$"),
    ("note", r"ghi chu|giai trinh|thuyet minh|minh chung|nguon so lieu|dien giai|^link|duong link"),
    ("total", r"^(?:tong(?: cong| so| toan (?:xa|phuong|dac khu))?|cong|toan (?:xa|phuong|dac khu))\s*:?$"),
    ("past", r"nam truoc|cung ky|ky truoc|thang truoc|quy truoc|lan truoc|nam ngoai"),
    ("compare", r"so sanh|so voi|chenh lech|tang[ /,]*giam|(?:%|ty le|muc) (?:dat|hoan thanh|thuc hien)"),
    ("compare", r"^ty le(?: \(?%\)?)?$|^%$|hoan thanh ke hoach"),
    ("target", r"(?:^|[^a-z])(?:ke hoach|muc tieu|duoc giao|chi tieu giao|chi tieu nam|phan dau|du kien|dang ky)"),
    ("label", r"^(?:ten )?(?:chi tieu|noi dung|tieu chi|danh muc|linh vuc|nhiem vu|chi so|hang muc)(?:[ ,/(].{0,40})?$"),
    ("value", r"so lieu|ket qua|thuc hien|so luong|gia tri|dat duoc|nam nay|ky nay|ky bao cao|luy ke|so bao cao"),
)  # fmt: skip
_PATTERNS = tuple((role, re2.compile(pattern)) for role, pattern in _ROLES)
_DONE = re2.compile(r"ket qua|thuc hien duoc|da thuc hien")
_VILLAGE = re2.compile(
    r"^(?:Thôn|THÔN|TDP|Tổ dân phố|TỔ DÂN PHỐ|Khu dân cư|KHU DÂN CƯ|KDC|Khu|Xóm|XÓM)\s+(?:số\s+|SỐ\s+)?[\p{Lu}\d]"
)
_COUNTED = re2.compile(r"^[(\[]?(?:\d{1,2}|[A-Z])[)\]]?(?:\s?=.{1,30})?$")
_PERIOD = re2.compile(
    r"^(?:den |tinh den |het |cuoi |dau |6 thang |9 thang )?(?:nam|quy|thang|ky|ngay|nien do)[^a-z].{0,30}$"
)
_ERROR = re2.compile(
    r"^#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!|FIELD!|BLOCKED!|GETTING_DATA)$"
)
_ORDER = re2.compile(r"^(?:[IVX]{1,5}|[A-Z]|[a-zđ]|\d{1,3}(?:\.\d{1,2}){0,3})[.)]?$")
_MOST_HEADERS = 5


def role_of(title: str) -> Role:
    """Return what a column of this title holds; empty when the title doesn't tell."""
    plain = " ".join(fold(title).split())
    if _VILLAGE.match(title.strip()):
        return "village"
    for role, pattern in _PATTERNS:
        if pattern.search(plain):
            if role == "target" and _DONE.search(plain):
                continue
            return role
    return ""


def is_order(text: str) -> bool:
    """Whether a text only counts rows: ``1``, ``I``, ``a)``, ``2.1``."""
    return _ORDER.match(text.strip()) is not None


@dataclass(frozen=True, slots=True)
class Section:
    """Rows below one header: the header's first and last row (0 when there is none) and the rows of the body."""

    header: tuple[int, int]
    body: tuple[int, ...]


@dataclass
class Grid:
    """One worksheet; rows and columns count from 1."""

    shape: SheetShape
    cells: dict[Place, Block]
    covered: dict[Place, Place] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The sheet's name."""
        return self.shape.name

    @cached_property
    def rows(self) -> dict[int, tuple[int, ...]]:
        """Rows with their filled columns, in order."""
        found: dict[int, list[int]] = {}
        for row, column in sorted(self.cells):
            found.setdefault(row, []).append(column)
        return {row: tuple(columns) for row, columns in found.items()}

    def text(self, row: int, column: int) -> str:
        """Return what a person sees at a place, in a merged cell what its corner holds."""
        block = self.cells.get((row, column)) or self.cells.get(self.covered.get((row, column), (0, 0)))
        return " ".join(block.text.split()) if block else ""

    def own(self, row: int, column: int) -> str:
        """Return what stands in the very cell."""
        block = self.cells.get((row, column))
        return " ".join(block.text.split()) if block else ""

    def address(self, row: int, column: int) -> Address:
        """Return the address of a filled cell, else of the sheet."""
        block = self.cells.get((row, column))
        return block.address if block else Address(sheet=self.name)

    def is_figure(self, row: int, column: int) -> bool:
        """Whether a cell holds a number, or a text that is one with bounds and a unit."""
        block = self.cells.get((row, column))
        if block is None or isinstance(block.value, bool):
            return False
        if isinstance(block.value, int | float):
            return True
        text = block.text.strip()
        if len(text) > 60 or _PERIOD.match(fold(text)):
            return False
        numerals = [numeral for numeral in find_numerals(text) if numeral.kind == "figure"]
        letters = sum(map(str.isalpha, text))
        return bool(numerals) and numerals[0].start <= 12 and letters <= 24

    def is_words(self, row: int, column: int) -> bool:
        """Whether a cell holds words."""
        text = self.own(row, column)
        return sum(map(str.isalpha, text)) >= 2 and not self.is_figure(row, column)

    def hidden(self, row: int, column: int) -> bool:
        """Whether a person doesn't see the cell."""
        return self.shape.hidden or row in self.shape.hidden_rows or column in self.shape.hidden_columns

    def titles(self, header: tuple[int, int], column: int) -> list[str]:
        """Return the header cells above a column, from the top, each once; marks such as ``(1)`` are left out."""
        if not header[0]:
            return []
        texts = [self.text(row, column) for row in range(header[0], header[1] + 1)]
        return list(dict.fromkeys(text for text in texts if text and not _COUNTED.match(text)))

    def title(self, header: tuple[int, int], column: int) -> str:
        """Return the joined header of a column."""
        return " ".join(self.titles(header, column))

    def role(self, header: tuple[int, int], column: int) -> Role:
        """Return the role of a column: what its lowest title tells, else one above it."""
        titles = self.titles(header, column)
        roles = [role for title in reversed(titles) if (role := role_of(title))]
        strict = next((role for role in roles if role in ("past", "target", "compare")), None)
        return strict or (roles[0] if roles else "")

    def sections(self) -> Iterator[Section]:
        """Cut the sheet at its header rows."""
        header, body = (0, 0), list[int]()
        for row in self.rows:
            if not self._is_header(row):
                body.append(row)
            elif header[0] and not body and row - header[1] <= 1 and row - header[0] < _MOST_HEADERS:
                header = (header[0], row)
            else:
                first = row
                while body and first - body[-1] == 1 and self._is_over(body[-1]):
                    first = body.pop()
                if body or header[0]:
                    yield Section(header, tuple(body))
                header, body = (first, row), []
        if body:
            yield Section(header, tuple(body))

    def _is_header(self, row: int) -> bool:
        columns = self.rows[row]
        words = [column for column in columns if self.is_words(row, column)]
        if len(words) < 2 or any(self._holds_result(row, column) for column in columns):
            return False
        roles = {role for column in words if (role := role_of(self.own(row, column)))}
        villages = sum(role_of(self.own(row, column)) == "village" for column in words)
        if len(roles) >= 2 or villages >= 2:
            return True
        if len(words) < 3:
            return bool(roles & {"value", "total", "target", "past"}) and self._goes_under(row)
        below = next((other for other in self.rows if other > row), 0)
        return sum(self.is_figure(below, column) for column in self.rows.get(below, ())) >= 2

    def _is_over(self, row: int) -> bool:
        """Whether a row directly above a header belongs to it: words without figures, with a merged cell among them."""
        columns = self.rows[row]
        if len(columns) < 2 or not all(self.is_words(row, column) for column in columns):
            return False
        return any(corner[0] == row for corner in self.covered.values())

    def _holds_result(self, row: int, column: int) -> bool:
        """Whether a cell holds a figure that is no year of a title."""
        text = self.own(row, column)
        if len(text) == 4 and text.isdigit() and text.startswith("20"):
            return False
        return self.is_figure(row, column) and not (any(map(str.isalpha, text)) and role_of(text))

    def _goes_under(self, row: int) -> bool:
        """Whether the row stands directly below a merged header cell."""
        return any(self.covered.get((row - 1, column)) for column in self.rows[row])


def grids(document: Document) -> list[Grid]:
    """Return the worksheets of a workbook's document as grids."""
    cells: dict[str, dict[Place, Block]] = {}
    for block in document.blocks:
        place = _place(block.address.cell or "")
        if place and block.text.strip() and not _ERROR.match(block.text):
            cells.setdefault(block.address.sheet or "", {})[place] = block
    return [
        Grid(shape, cells[shape.name], _covered(shape, cells[shape.name]))
        for shape in document.sheets
        if shape.name in cells
    ]


def _place(cell: str) -> Place | None:
    match = _ADDRESS.match(cell)
    if match is None:
        return None
    column = 0
    for letter in match.group(1):
        column = column * 26 + ord(letter) - 64
    return int(match.group(2)), column


def _covered(shape: SheetShape, cells: dict[Place, Block]) -> dict[Place, Place]:
    """Return for each place of a merged cell its corner, within the part of the sheet that holds anything."""
    last_row = max(row for row, _ in cells)
    last_column = max(column for _, column in cells)
    covered: dict[Place, Place] = {}
    for top, left, bottom, right in shape.merged:
        if (top, left) not in cells:
            continue
        for row in range(top, min(bottom, last_row) + 1):
            for column in range(left, min(right, last_column) + 1):
                covered[row, column] = (top, left)
    return covered
