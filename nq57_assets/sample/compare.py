"""Compares a published mart with the truth of the sample city, figure by figure and mistake by mistake.

Belongs here: reading both sides and judging differences. Does not belong: making either.
"""

from __future__ import annotations

import csv
import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nq57_assets.catalogue import Catalogue
from nq57_assets.evaluate.statements import likeness
from nq57_assets.folders import DataDir
from nq57_assets.lake import Lake
from nq57_assets.sample.city import Defect
from nq57_assets.sample.truth import city_rows
from nq57_assets.sample.write import truth_folder

_PUBLISHED = ("reported", "nil")
_TOLERANCE = 1e-6
_NUMBERS = ("value", "low", "high", "known", "part", "whole")
_SHOWN = 12
_ALIKE = 62.0

Key = tuple[str, str, str]
"""Round, commune, indicator."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure on which truth and mart do not agree."""

    round_id: str
    commune_code: str
    indicator: str
    truth: str
    mart: str

    def __str__(self) -> str:
        return f"{self.round_id} {self.commune_code} {self.indicator}: truth {self.truth}, mart {self.mart}"


@dataclass
class Comparison:
    """How a mart stands against the truth.

    Attributes:
        expected: Figures that should be published.
        agreed: Those that are, with the same value, bounds and qualifier.
        wrong: Published figures that are not true: a planted mistake that got through, or a false reading.
        lacking: Figures of a form that should be published and are not.
        in_review: Figures of a narrative that wait for a reviewer.
        unseen: Figures of a narrative that were not found at all, or are held back.
        planted: Mistakes with a rule.
        not_found: Those among them without a finding of that rule for that commune.
        city: City figures that differ where every part agrees.
        city_compared: City figures compared.
        statements: Difficulties, causes and recommendations of the narratives that should be published.
        statements_lacking: Those that were not read, or not as their kind.
        statements_wrong: Statements published that no narrative makes.
    """

    expected: int = 0
    agreed: int = 0
    wrong: list[Difference] = field(default_factory=list)
    lacking: list[Difference] = field(default_factory=list)
    in_review: list[Difference] = field(default_factory=list)
    unseen: list[Difference] = field(default_factory=list)
    planted: int = 0
    not_found: list[Defect] = field(default_factory=list)
    city: list[Difference] = field(default_factory=list)
    city_compared: int = 0
    statements: int = 0
    statements_lacking: list[str] = field(default_factory=list)
    statements_wrong: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing wrong is published, no form figure is lacking and every planted mistake is found."""
        return not (self.wrong or self.lacking or self.not_found or self.city)

    @property
    def narrative_recall(self) -> float:
        """Share of the narrative figures that are published, 0 to 1; 1 when there are none."""
        waiting = len(self.in_review) + len(self.unseen)
        read = self.narrative_agreed
        return read / (read + waiting) if read + waiting else 1.0

    narrative_agreed: int = 0

    def summary(self) -> str:
        """Return the counts and the first differences of each kind, for people."""
        lines = [
            f"{self.agreed} of {self.expected} figures agree; narratives: {self.narrative_agreed} published, "
            f"{len(self.in_review)} in review, {len(self.unseen)} not found",
            f"{self.planted - len(self.not_found)} of {self.planted} planted mistakes found; "
            f"{len(self.wrong)} wrong figures published, {len(self.lacking)} form figures lacking",
            f"{self.city_compared} city figures compared, {len(self.city)} differ",
            f"{self.statements - len(self.statements_lacking)} of {self.statements} statements agree, "
            f"{len(self.statements_wrong)} were never made",
        ]
        for title, items in (
            ("wrong", self.wrong),
            ("lacking", self.lacking),
            ("mistake not found", self.not_found),
            ("city", self.city),
            ("statement lacking", self.statements_lacking),
            ("statement never made", self.statements_wrong),
        ):
            lines += [f"  {title}: {item}" for item in items[:_SHOWN]]
        return "\n".join(lines)


def compare(data: DataDir, catalogue: Catalogue, rounds: Sequence[str] | None = None) -> Comparison:
    """Compare the published mart with the truth beside the inbox.

    Args:
        data: The data directory of a sample city.
        catalogue: The one that the mart was built with.
        rounds: Rounds to compare; all of the truth if None.

    Raises:
        FileNotFoundError: There is no truth, or nothing has been published.
    """
    from nq57_assets.mart.open import open_mart

    truth = truth_folder(data)
    chosen = list(rounds) if rounds is not None else [r for r in catalogue.round if (truth / r).is_dir()]
    if not chosen:
        raise FileNotFoundError(f"{truth}: no truth of a sample city; run `nq57 sample` first")
    connection = open_mart(data.mart / "nq57.duckdb")
    try:
        figures = _rows(connection, "fact_value", chosen)
        findings = _rows(connection, "fact_finding", chosen)
        totals = _rows(connection, "city_indicator", chosen)
        said = _rows(connection, "fact_statement", chosen)
    finally:
        connection.close()
    result = Comparison()
    stated = {r: [_typed(row) for row in _read(truth / r / "values.csv")] for r in chosen}
    agreed = _figures(
        result, stated, {(f["round_id"], f["commune_code"], f["indicator"]): f for f in figures}
    )
    listing = Lake(data, catalogue).arrow("raw/inbox", ["all"]).to_pylist()
    planted = [Defect(**row) for row in _read(truth / "defects.csv")]
    _mistakes(result, [d for d in planted if d.round_id in chosen and d.rule], findings, listing)
    _totals(result, stated, agreed, totals, catalogue)
    for round_id in chosen:
        noted = _read(truth / round_id / "statements.csv")
        _statements(
            result, round_id, noted, [s for s in said if s["round_id"] == round_id and s["is_current"]]
        )
    return result


def _statements(
    result: Comparison, round_id: str, noted: Sequence[Mapping[str, str]], read: Sequence[Mapping[str, Any]]
) -> None:
    """Compare statements commune by commune; text recognition may have changed their letters."""
    silent = {row["commune_code"] for row in noted if row["published"] != "True"}
    for code in sorted({row["commune_code"] for row in (*noted, *read)} - silent):
        free = [row for row in read if row["commune_code"] == code]
        for true in (row for row in noted if row["commune_code"] == code):
            result.statements += 1
            alike = [
                row
                for row in free
                if row["kind"] == true["kind"] and likeness(row["text"], true["text"]) > _ALIKE
            ]
            if alike:
                best = max(alike, key=lambda row: likeness(row["text"], true["text"]))
                free = [row for row in free if row is not best]
            else:
                result.statements_lacking.append(f"{round_id} {code} {true['kind']}: {true['text']}")
        result.statements_wrong += [f"{round_id} {code} {row['kind']}: {row['text']}" for row in free]


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _rows(connection: Any, table: str, rounds: Sequence[str]) -> list[dict[str, Any]]:
    marks = ", ".join("?" for _ in rounds)
    cursor = connection.execute(f"SELECT * FROM {table} WHERE round_id IN ({marks})", list(rounds))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _typed(row: Mapping[str, str]) -> dict[str, Any]:
    numbers = {name: float(row[name]) if row[name] else None for name in _NUMBERS}
    return {**row, **numbers, "published": row["published"] == "True"}


def _same(left: float | None, right: float | None) -> bool:
    if left is None or right is None:
        return left is right
    return math.isclose(left, right, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)


def _said(row: Mapping[str, Any]) -> str:
    if row["state"] == "missing":
        return "missing"
    return f"{row['state']} {row['value']} [{row['low']}, {row['high']}] {row['qualifier']}"


def _figures(
    result: Comparison,
    stated: Mapping[str, Sequence[Mapping[str, Any]]],
    figures: Mapping[Key, Mapping[str, Any]],
) -> set[Key]:
    """Judge every figure; return the keys of those that are published and true."""
    agreed: set[Key] = set()
    asked: set[Key] = set()
    for round_id, rows in stated.items():
        for truth in rows:
            key = (round_id, truth["commune_code"], truth["indicator"])
            asked.add(key)
            if _judge(result, key, truth, figures.get(key)):
                agreed.add(key)
    for key in figures.keys() - asked:
        if figures[key]["state"] in _PUBLISHED:
            result.wrong.append(Difference(*key, "not asked", _said(figures[key])))
    return agreed


def _judge(result: Comparison, key: Key, truth: Mapping[str, Any], mart: Mapping[str, Any] | None) -> bool:
    expected = truth["published"]
    result.expected += expected
    difference = Difference(*key, _said(truth), _said(mart) if mart else "no row")
    if mart and mart["state"] in _PUBLISHED:
        if not _agrees(truth, mart):
            result.wrong.append(difference)
            return False
        result.agreed += expected
        result.narrative_agreed += expected and truth["source"] == "narrative"
        return True
    if expected and truth["source"] != "narrative":
        result.lacking.append(difference)
    elif expected:
        (result.in_review if mart and mart["in_review"] else result.unseen).append(difference)
    return False


def _agrees(truth: Mapping[str, Any], mart: Mapping[str, Any]) -> bool:
    """Whether a published figure is what the commune stated; what it showed without claiming it must still be true."""
    if truth["state"] == "missing":
        return truth["known"] is not None and _same(truth["known"], mart["value"])
    bounds = all(_same(truth[part], mart[part]) for part in ("value", "low", "high"))
    return bounds and truth["qualifier"] == (mart["qualifier"] or "exact")


def _mistakes(
    result: Comparison,
    planted: Iterable[Defect],
    findings: Sequence[Mapping[str, Any]],
    listing: Sequence[Mapping[str, Any]],
) -> None:
    found = {(f["round_id"], f["rule"], f["commune_code"] or "", f["indicator"] or "") for f in findings}
    files = {(f["round_id"], f["rule"], _name(f["original_name"] or "")) for f in findings}
    strays = {_name(row["path"]) for row in listing if row["state"] == "unknown_round"}
    for defect in planted:
        result.planted += 1
        place = (defect.round_id, defect.rule)
        if defect.rule == "file_unknown_round":
            seen = _name(defect.file) in strays
        elif defect.commune_code:
            seen = (*place, defect.commune_code, defect.indicator) in found
        else:
            seen = (*place, _name(defect.file)) in files
        if not seen:
            result.not_found.append(defect)


def _name(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _totals(
    result: Comparison,
    stated: Mapping[str, Sequence[Mapping[str, Any]]],
    agreed: Set[Key],
    totals: Sequence[Mapping[str, Any]],
    catalogue: Catalogue,
) -> None:
    """Compare every published city figure with the same figure over the truth of what the communes have published."""
    shown = {(t["round_id"], t["indicator"]): t for t in totals if t["scope"] == "city"}
    unsure = {d.indicator for d in result.wrong}
    rows = {
        round_id: [
            _as_shown(row) for row in mine if (round_id, row["commune_code"], row["indicator"]) in agreed
        ]
        for round_id, mine in stated.items()
    }
    for truth in city_rows(catalogue, rows):
        mart = shown.get((truth["round_id"], truth["indicator"]))
        indicator = catalogue.indicator[truth["indicator"]]
        parts = {indicator.code, indicator.weight, indicator.numerator, indicator.denominator}
        if mart is None or mart["state"] != "published" or parts & unsure:
            continue
        result.city_compared += 1
        if not all(_same(truth[end], mart[end]) for end in ("low", "high")):
            stated_as, shown_as = f"[{truth['low']}, {truth['high']}]", f"[{mart['low']}, {mart['high']}]"
            result.city.append(Difference(truth["round_id"], "city", indicator.code, stated_as, shown_as))


def _as_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of the truth as published; what was shown without being claimed counts as known."""
    if row["state"] == "missing":
        return {**row, "value": row["known"], "low": row["known"], "high": row["known"], "published": True}
    return {**row, "published": True}
