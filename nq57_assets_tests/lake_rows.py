"""Hand-made lake rows: the least that a test must say, with everything else filled in.

Belongs here: rows for tests of consolidation and mart. Does not belong: files to be read (those come from real writers).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from nq57_assets.catalogue import Catalogue, catalogue
from nq57_assets.consolidate.city import city_coverage, city_indicators
from nq57_assets.consolidate.resolve import resolve
from nq57_assets.consolidate.values import finalize_values
from nq57_assets.consolidate.witnesses import Said
from nq57_assets.lake import DataDir, Lake

NQ57 = "2025-nq57-communication"
DIGITAL = "2025-digital-transformation"
SHA = "ab" * 32


def bounds(words: str) -> dict[str, Any]:
    """Read ``12``, ``~900``, ``>150``, ``<900`` or ``125-130`` as the figure that an observation would carry."""
    kinds = {"~": "approx", ">": "over", "<": "under"}
    if "-" in words:
        low, high = (float(part) for part in words.split("-"))
        return {"value": None, "low": low, "high": high, "qualifier": "range"}
    qualifier = kinds.get(words[0], "exact")
    value = float(words.lstrip("~><"))
    low, high = (None if qualifier == "under" else value), (None if qualifier == "over" else value)
    return {"value": value, "low": low, "high": high, "qualifier": qualifier}


def observation(commune: str, indicator: str, words: str, **other: Any) -> dict[str, Any]:
    """Return a row of core/observations; a form cell that was accepted unless told otherwise."""
    row = {
        "round_id": NQ57,
        "commune_code": commune,
        "indicator": indicator,
        **bounds(words),
        "unit": catalogue().indicator[indicator].unit,
        "nil": False,
        "sha256": SHA,
        "sheet": "Biểu",
        "cell": "D4",
        "quote": words,
        "method": "form",
        "confidence": 1.0,
        "status": "accepted",
        "extractor_version": "test",
        **other,
    }
    place = (
        row["round_id"],
        commune,
        indicator,
        words,
        row["method"],
        row.get("line"),
        row["status"],
        row["sha256"],
    )
    return {"observation_id": "-".join(str(part) for part in place), **row}


def decision(kind: str, **other: Any) -> dict[str, Any]:
    """Return a ruling as the ledger gives it."""
    return {
        "decision_id": f"d-{kind}",
        "decided_at": "2026-01-05T02:00:00+00:00",
        "kind": kind,
        "round_id": NQ57,
        "commune_code": None,
        "indicator": None,
        "observation_id": None,
        "value_to": None,
        **other,
    }


def finding(rule: str, **other: Any) -> dict[str, Any]:
    """Return an open row of core/findings of a rule of the rule book."""
    known = catalogue().rule[rule]
    return {
        "finding_id": f"f-{rule}-{sorted(str(value) for value in other.values())}",
        "round_id": NQ57,
        "rule": rule,
        "category": known.category,
        "severity": known.severity,
        "message_vi": "…",
        "advice_vi": "…",
        "state": "open",
        **other,
    }


def submission(commune: str | None, **other: Any) -> dict[str, Any]:
    """Return a row of raw/submissions: a form that counts as a report, received in time."""
    row = {
        "round_id": NQ57,
        "sha256": SHA,
        "original_name": f"{commune}.xlsx",
        "size": 1000,
        "received_at": datetime(2025, 12, 9, 3, tzinfo=UTC),
        "commune_code": commune,
        "document_type": "form",
        "version": 1,
        "is_current": True,
        "state": "parsed",
        "counts_as_report": True,
        **other,
    }
    return {
        "submission_id": f"{row['round_id']}-{commune}-{row['sha256']}-{row['received_at']:%d%H%M}",
        **row,
    }


def values(observations: Iterable[dict[str, Any]], round_id: str = NQ57) -> pa.Table:
    """Return core/values of a round from observations without decisions or findings."""
    known, claims = catalogue(), list(observations)
    return finalize_values(round_id, resolve(round_id, claims, [], known), [], known, Said(claims))


def write_round(
    lake: Lake,
    observations: list[dict[str, Any]],
    submissions: list[dict[str, Any]],
    findings: list[dict[str, Any]] | None = None,
    round_id: str = NQ57,
) -> None:
    """Write every table of one round that the mart is built from, through the real consolidation."""
    known = lake.catalogue
    resolved = resolve(round_id, observations, [], known)
    standing = finalize_values(round_id, resolved, findings or [], known, Said(observations))
    due = known.round[round_id].due_on
    assert due is not None
    lake.write("raw/submissions", round_id, shaped("raw/submissions", submissions, known))
    lake.write("core/observations", round_id, shaped("core/observations", observations, known))
    lake.write("core/findings", round_id, shaped("core/findings", findings or [], known))
    lake.write("core/resolved", round_id, resolved)
    lake.write("core/values", round_id, standing)
    lake.write("city/indicators", round_id, city_indicators(round_id, standing, [], known))
    coverage = city_coverage(round_id, submissions, standing, findings or [], known, due)
    lake.write("city/coverage", round_id, coverage)


def small_lake(root: Path, figure: str = "10") -> Lake:
    """Return the lake of a city in which two communes have reported one indicator."""
    lake = Lake(DataDir(root), catalogue())
    communes = ("10507", "10525")
    write_round(
        lake,
        [observation(code, "team_count", figure) for code in communes],
        [submission(c) for c in communes],
    )
    return lake


def shaped(table: str, rows: list[dict[str, Any]], known: Catalogue) -> list[dict[str, Any]]:
    """Return rows with every declared column, empty where a row says nothing."""
    return [{column.name: row.get(column.name) for column in known.table[table].columns} for row in rows]
