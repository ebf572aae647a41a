"""``python -m bench.planted``: plant errors of many kinds into a clean sample city and say which are found, kind by kind.

A planted error is found when an open finding names its figure, or the commune's file where the whole file is wrong; it is
published unflagged when the wrong figure stands in ``core/values`` and no finding names it. A false alarm is a finding on a
figure of a commune in which nothing was planted. Figures go to ``bench/planted.json``.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

from nq57_assets import pipeline
from nq57_assets.catalogue import catalogue
from nq57_assets.folders import DataDir
from nq57_assets.project import Project
from nq57_assets.sample import make_city

ROUNDS = ("2025-digital-transformation", "2025-nq57-communication")
RESULTS = Path(__file__).with_name("planted.json")
FIRST_ROW, VALUE, NIL, UNIT, CODE = 7, 4, 5, 3, 7
SHARE_SPOILT = 0.7


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


Plant = Callable[[Form, random.Random], tuple[tuple[str, ...], tuple[str, ...]] | None]
COUNTS = tuple(i.code for i in catalogue().indicators if i.is_count)
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
    "left_out": written(lambda v, r: "", COUNTS),
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
FILE_KINDS = ("another_communes_copy", "another_rounds_form")


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


def forms(data: DataDir) -> list[Form]:
    found = []
    for round_id in ROUNDS:
        for path in sorted((data.inbox / round_id).rglob("*.xlsx")):
            form = opened(path)
            form.round_id = round_id
            found.append(form)
    return found


def plant(data: DataDir, number: int, rng: random.Random) -> tuple[list[Planted], set[str]]:
    """Plant errors into the forms of most communes; return them, and the communes that were left clean."""
    every = forms(data)
    communes = sorted({form.commune for form in every})
    spoilt = set(rng.sample(communes, round(SHARE_SPOILT * len(communes))))
    usable = [form for form in every if form.commune in spoilt]
    rng.shuffle(usable)
    planted = _whole_files(usable, rng)
    kinds = list(KINDS)
    for turn in range(number * 20):
        if len(planted) >= number:
            break
        kind, form = kinds[turn % len(kinds)], rng.choice(usable)
        given = None if form.whole else KINDS[kind](form, rng)
        if given is not None:
            codes, partners = given
            form.touched |= {*codes, *partners}
            planted.append(Planted(kind, form.round_id, form.commune, codes, partners))
    for form in usable:
        if form.touched:
            form.book.save(form.path)
    return planted, set(communes) - spoilt


def _whole_files(usable: list[Form], rng: random.Random) -> list[Planted]:
    """Copy another commune's figures, and send the other round's form, a few times each."""
    planted = []
    by_key = {(form.commune, form.round_id): form for form in usable}
    for form in usable[:8]:
        source = next(
            f
            for f in reversed(usable)
            if f.round_id == form.round_id and f.commune != form.commune and not f.whole
        )
        for code in form.rows:
            form.put(code, source.value(code))
            form.put(code, source.book.worksheets[0].cell(source.rows[code], NIL).value, NIL)
        form.whole = source.whole = True
        form.touched |= set(form.rows)
        planted.append(Planted("another_communes_copy", form.round_id, form.commune, tuple(form.rows)))
    for form in usable[8:14]:
        other = by_key.get((form.commune, next(r for r in ROUNDS if r != form.round_id)))
        if other is None or other.whole or form.whole:
            continue
        shutil.copyfile(other.path, form.path)
        form.whole = other.whole = True
        planted.append(Planted("another_rounds_form", form.round_id, form.commune, ()))
    return planted


def measure(project: Project, planted: list[Planted], clean: set[str]) -> dict[str, Any]:
    """Compare findings and values with what was planted."""
    flagged: dict[tuple[str, str], set[str]] = defaultdict(set)
    files: set[tuple[str, str]] = set()
    alarms: Counter[str] = Counter()
    figures = 0
    standing: dict[tuple[str, str, str], Any] = {}
    for round_id in ROUNDS:
        for row in project.lake.arrow("core/findings", [round_id]).to_pylist():
            if row["severity"] == "info":
                continue
            if row["indicator"]:
                flagged[round_id, row["commune_code"]].add(row["indicator"])
                # What a clean commune left out is missing indeed: no false alarm.
                if row["commune_code"] in clean and row["rule"] != "value_missing":
                    alarms[row["rule"]] += 1
            else:
                files.add((round_id, row["commune_code"]))
                if row["commune_code"] in clean:
                    alarms[row["rule"]] += 1
        for row in project.lake.arrow("core/values", [round_id]).to_pylist():
            standing[round_id, row["commune_code"], row["indicator"]] = row
            figures += row["commune_code"] in clean and row["state"] in (
                "reported",
                "nil",
                "withheld",
                "conflict",
            )
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    for one in planted:
        count = by_kind[one.kind]
        count["planted"] += 1
        place = (one.round_id, one.commune)
        whole = one.kind in (*FILE_KINDS, "all_round")
        seen = place in files if whole else bool(flagged[place] & {*one.codes, *one.partners})
        count["found"] += seen
        open_ = [
            code
            for code in one.codes
            if (row := standing.get((*place, code))) and row["state"] in ("reported", "nil")
            and code not in flagged[place] and not (whole and seen)
        ]  # fmt: skip
        count["published_unflagged"] += bool(open_) and not seen
    total = Counter[str]()
    for count in by_kind.values():
        total.update(count)
    return {
        "kinds": {kind: dict(by_kind[kind]) for kind in sorted(by_kind)},
        "total": dict(total),
        "clean_figures": figures,
        "false_alarms": dict(alarms),
        "false_alarm_share": round(sum(alarms.values()) / max(1, figures), 5),
    }


def main() -> None:
    """Plant, run, measure, print a table and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", type=int, default=500)
    parser.add_argument("--seed", type=int, default=57)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="nq57-planted-") as folder:
        data = DataDir(Path(folder))
        make_city(
            data, catalogue(), rounds=list(ROUNDS), seed=options.seed, defects=False, narrative_share=0.0
        )
        planted, clean = plant(data, options.errors, rng)
        project = Project(data, catalogue())
        pipeline.run_all(project, ROUNDS, settle=0)
        result = measure(project, planted, clean)
    print("| kind | planted | found | published unflagged |\n|---|---:|---:|---:|")
    for kind, count in [*result["kinds"].items(), ("**all**", result["total"])]:
        print(
            f"| {kind} | {count['planted']} | {count.get('found', 0)} | {count.get('published_unflagged', 0)} |"
        )
    print(f"\nfalse alarms: {result['false_alarm_share']:.2%} of {result['clean_figures']} clean figures")
    print(result["false_alarms"])
    RESULTS.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
