"""The mistakes that ``bench.planted`` makes in forms, kind by kind.

Belongs here: one function a kind, on an open workbook. Does not belong: mistakes in narratives (``bench.misread``), choosing
communes, measuring (``bench.planted``).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

from nq57_assets.catalogue import catalogue

FIRST_ROW, VALUE, NIL, UNIT, CODE = 7, 4, 5, 3, 7


@dataclass
class Form:
    """One commune's form: its rows by code, what was planted, and what must not be touched again."""

    path: Path
    round_id: str
    commune: str
    book: Any
    rows: dict[str, int]
    touched: set[str] = field(default_factory=set)
    whole: bool = False
    truth: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Keep what the form said before anything was planted."""
        self.truth = {code: self.value(code) for code in self.rows}

    def value(self, code: str) -> Any:
        return self.book.worksheets[0].cell(self.rows[code], VALUE).value if code in self.rows else None

    def put(self, code: str, value: Any, column: int = VALUE) -> None:
        self.book.worksheets[0].cell(self.rows[code], column).value = value


@dataclass(frozen=True)
class Planted:
    """One error: the figures that it makes wrong, with the figures that may be blamed with them."""

    kind: str
    round_id: str
    commune: str
    codes: tuple[str, ...]
    partners: tuple[str, ...] = ()
    truth: Mapping[str, Any] = field(default_factory=dict)


Plant = Callable[[Form, random.Random], tuple[tuple[str, ...], tuple[str, ...]] | None]
COUNTS = tuple(i.code for i in catalogue().indicators if i.is_count)
REQUIRED = tuple(i.code for i in catalogue().indicators if i.is_count and i.required)
RATES = tuple(i.code for i in catalogue().indicators if i.kind == "rate")
FLAGS = tuple(i.code for i in catalogue().indicators if i.kind == "flag")


def free(form: Form, rng: random.Random, codes: tuple[str, ...], least: float = 1) -> str | None:
    """Choose an answered figure that nothing has been planted in."""
    open_ = [
        code
        for code in codes
        if code not in form.touched and isinstance(v := form.value(code), int | float) and v >= least
    ]
    return rng.choice(open_) if open_ else None


def times(factor: float, least: float) -> Plant:
    def plant(form: Form, rng: random.Random) -> Any:
        code = free(form, rng, COUNTS, least)
        if code is None:
            return None
        form.put(code, round(form.value(code) * factor))
        return (code,), ()

    return plant


def written(change: Callable[[Any, random.Random], Any], codes: tuple[str, ...], least: float = 1) -> Plant:
    def plant(form: Form, rng: random.Random) -> Any:
        code = free(form, rng, codes, least)
        new = None if code is None else change(form.value(code), rng)
        if code is None or new is None or new == form.value(code):
            return None
        form.put(code, new)
        return (code,), ()

    return plant


def over(part: str, whole: str, also: tuple[str, ...] = ()) -> Plant:
    def plant(form: Form, rng: random.Random) -> Any:
        known = all(isinstance(form.value(c), int | float) for c in (part, whole))
        if not known or {part, whole, *also} & form.touched:
            return None
        form.put(part, round(form.value(whole) * 1.3) + 3)
        return (part,), (whole, *also)

    return plant


def swapped(form: Form, rng: random.Random) -> Any:
    code = free(form, rng, COUNTS, 2)
    other = free(form, rng, tuple(c for c in COUNTS if c != code), 2)
    if code is None or other is None or form.value(code) == form.value(other):
        return None
    one, two = form.value(code), form.value(other)
    form.put(code, two)
    form.put(other, one)
    return (code, other), ()


def transposed(value: Any, rng: random.Random) -> Any:
    digits = str(int(value))
    return int(digits[1] + digits[0] + digits[2:]) if len(digits) > 1 and digits[1] != "0" else None


def misread(value: Any, rng: random.Random) -> Any:
    """Digits as a scan gives them back: ``1O5``, ``l2``."""
    text = str(int(value))
    return text.replace("0", "O").replace("1", "l") if set("01") & set(text) else None


def nil_too(form: Form, rng: random.Random) -> Any:
    code = free(form, rng, COUNTS)
    if code is None:
        return None
    form.put(code, "x", NIL)
    return (code,), ()


def wrong_rate(form: Form, rng: random.Random) -> Any:
    parts = ("egov_dossiers_online", "egov_dossiers_total")
    rate = "egov_online_rate"
    if {rate, *parts} & form.touched or not isinstance(form.value(rate), int | float):
        return None
    form.put(rate, round(form.value(rate) - rng.uniform(5, 30), 2))
    return (rate,), parts


def in_thousands(form: Form, rng: random.Random) -> Any:
    code = free(form, rng, ("place_population", "place_households", "egov_dossiers_total"), 2000)
    if code is None:
        return None
    form.put(code, round(form.value(code) / 1000))
    form.put(code, f"nghìn {form.book.worksheets[0].cell(form.rows[code], UNIT).value}", UNIT)
    return (code,), ()


def hectares(form: Form, rng: random.Random) -> Any:
    code = free(form, rng, ("place_area_km2",))
    if code is None:
        return None
    form.put(code, round(form.value(code) * 100))
    return (code,), ()


def twice(form: Form, rng: random.Random) -> Any:
    code = free(form, rng, COUNTS, 2)
    other = free(form, rng, tuple(c for c in COUNTS if c != code), 2)
    if code is None or other is None or form.value(code) == form.value(other):
        return None
    form.put(other, code, CODE)
    form.touched.add(other)
    return (code,), (other,)


def all_round(form: Form, rng: random.Random) -> Any:
    codes = [c for c in COUNTS if isinstance(form.value(c), int | float) and form.value(c) >= 100]
    if form.touched or len(codes) < 8:
        return None
    for code in codes:
        form.put(code, max(100, round(form.value(code) / 50) * 50))
    form.whole = True
    return tuple(codes), ()


KINDS: dict[str, Plant] = {
    "times_10": times(10, 5),
    "times_100": times(100, 5),
    "times_1000": times(1000, 5),
    "a_digit_lost": times(0.1, 100),
    "in_thousands_unmarked": times(0.001, 3000),
    "thousands_as_decimal": written(lambda v, r: v / 1000 if v % 10 else None, COUNTS, 1001),
    "swapped_cells": swapped,
    "digits_transposed": written(transposed, COUNTS, 100),
    "digits_misread": written(misread, COUNTS, 10),
    "words_for_number": written(lambda v, r: "đang tổng hợp", COUNTS),
    "error_in_cell": written(lambda v, r: "=1/0", COUNTS),
    "negative": written(lambda v, r: -v, COUNTS),
    "left_out": written(lambda v, r: "", REQUIRED),
    "nil_and_figure": nil_too,
    "rate_over_100": written(lambda v, r: round(v * 10, 1) if v > 11 else None, RATES),
    "rate_as_fraction": written(lambda v, r: round(v / 100, 4), RATES, 50),
    "flag_with_number": written(lambda v, r: 7, FLAGS, 0),
    "trained_over_members": over("team_members_trained", "team_members"),
    "online_over_total": over("egov_dossiers_online", "egov_dossiers_total", ("egov_online_rate",)),
    "overdue_over_total": over("egov_dossiers_overdue", "egov_dossiers_total", ("egov_online_rate",)),
    "ocop_online_over_products": over("econ_ocop_online", "econ_ocop_products"),
    "completed_over_registered": over("skill_contest_completed", "skill_contest_registered"),
    "rate_not_its_parts": wrong_rate,
    "thousands_with_other_unit": in_thousands,
    "hectares_for_km2": hectares,
    "code_twice": twice,
    "all_round": all_round,
}


def opened(path: Path) -> Form:
    book = openpyxl.load_workbook(path)
    stamp = {row[0]: row[1] for row in book["_nq57"].iter_rows(max_row=3, max_col=2, values_only=True)}
    sheet = book.worksheets[0]
    rows = {
        str(sheet.cell(r, CODE).value): r
        for r in range(FIRST_ROW, sheet.max_row + 1)
        if sheet.cell(r, CODE).value
    }
    return Form(path, "", str(stamp["nq57:commune_code"]), book, rows)
