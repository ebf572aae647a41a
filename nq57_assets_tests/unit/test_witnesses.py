"""Which statements bear a figure out, and which only seem to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import sqlglot

from nq57_assets.catalogue import catalogue
from nq57_assets.consolidate.resolve import resolve
from nq57_assets.consolidate.sql import query
from nq57_assets.consolidate.values import finalize_values
from nq57_assets.consolidate.witnesses import Said, sister_rounds, witnesses
from nq57_assets_tests.lake_rows import DIGITAL, NQ57, SHA, decision, finding, observation

COMMUNE, TEAMS, CASHLESS, AREA = "10507", "team_count", "econ_cashless_pct", "place_area_km2"
RATE, PART, WHOLE = "egov_online_rate", "egov_dossiers_online", "egov_dossiers_total"
NARRATIVE = {"sha256": "cd" * 32, "method": "narrative", "sheet": None, "cell": None, "page": 1, "line": 9}


def said(words: str, indicator: str = TEAMS, **other: Any) -> dict[str, Any]:
    return observation(COMMUNE, indicator, words, **other)


def in_force(kind: str, **other: Any) -> dict[str, Any]:
    return decision(kind, decided_by="An", reason="đã gọi", state="in_force", **other)


def seen(
    claims: list[dict[str, Any]],
    indicator: str = TEAMS,
    decisions: Any = (),
    findings: Any = (),
    elsewhere: Any = (),
) -> int | None:
    """Return the witnesses of one value, through the steps that the pipeline takes."""
    known = catalogue()
    others = resolve(DIGITAL, list(elsewhere), [], known)
    # The ledger writes moments as text, the table of decisions holds them.
    stored = [{**row, "decided_at": datetime.fromisoformat(row["decided_at"])} for row in decisions]
    rows = finalize_values(
        NQ57, resolve(NQ57, claims, decisions, known), findings, known, Said(claims, stored, others)
    )
    (row,) = [r for r in rows.to_pylist() if (r["commune_code"], r["indicator"]) == (COMMUNE, indicator)]
    return row["witnesses"]


def test_a_statement_by_itself_is_one_witness_and_no_figure_has_none() -> None:
    assert seen([said("58")]) == 1
    assert seen([]) is None
    assert seen([said("58"), said("60", **NARRATIVE, status="review")]) == 1
    over = finding("time_jump", commune_code=COMMUNE, indicator=TEAMS)
    assert seen([said("58"), said("58", **NARRATIVE)], findings=[over]) is None
    assert seen([said("58", **NARRATIVE), said("60", **{**NARRATIVE, "line": 12})]) is None


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (said("58", **NARRATIVE), 2),
        (said("58", method="table"), 2),
        (said("55-60", **NARRATIVE), 2),
        (said("~57", **NARRATIVE), 2),
        (said("59", **NARRATIVE), 1),
        (said(">50", **NARRATIVE), 1),
        (said("58", cell="D90"), 1),
        (said("58", **NARRATIVE, status="review"), 1),
        (said("58", **NARRATIVE, status="rejected"), 1),
    ],
    ids=[
        "narrative",
        "table of the same file",
        "range",
        "about",
        "other",
        "open end",
        "same part",
        "review",
        "rejected",
    ],
)
def test_another_part_or_another_file_bears_a_figure_out(other: dict[str, Any], expected: int) -> None:
    assert seen([said("58"), other]) == expected


def test_one_part_that_says_it_three_times_is_one_witness() -> None:
    again = [said("58", **{**NARRATIVE, "line": line}) for line in (3, 9, 40)]
    assert seen(again) == 1
    assert seen([said("58"), *again]) == 2


def test_rates_agree_within_the_rounding_of_the_coarser_one() -> None:
    whole = said("98", CASHLESS, **NARRATIVE)
    assert seen([said("98.39", CASHLESS), whole], CASHLESS) == 2
    assert seen([said("98.61", CASHLESS), whole], CASHLESS) == 1
    assert seen([said("99", CASHLESS), whole], CASHLESS) == 1, "the rounding of both does not add up"
    assert seen([said("98.4", CASHLESS), said("98.5", CASHLESS, **NARRATIVE)], CASHLESS) == 1
    full = said("100", CASHLESS, **NARRATIVE)
    assert seen([said("99.7", CASHLESS), full], CASHLESS) == 1, "a full hundred is no rounding"


def test_an_open_bound_is_borne_out_by_the_same_bound_alone() -> None:
    over = said(">150", **NARRATIVE)
    assert seen([over, said(">150", method="narrative", sha256="ef" * 32)]) == 2
    assert seen([over, said(">150", method="table")]) == 2
    assert seen([over, said("160", method="table")]) == 1


def test_the_other_report_of_the_year_counts_unless_it_is_the_same_file() -> None:
    there = said("58", round_id=DIGITAL, sha256="ef" * 32)
    assert sister_rounds(NQ57, catalogue()) == [DIGITAL]
    assert seen([said("58")], elsewhere=[there]) == 2
    assert seen([said("58")], elsewhere=[{**there, "sha256": SHA}]) == 1
    assert seen([said("59")], elsewhere=[there]) == 1


def test_what_the_round_does_not_ask_is_not_compared_with_the_round_that_does() -> None:
    """A figure that strayed into a report is judged by that report alone."""
    stray = said("1", "team_zalo_group")
    there = said("1", "team_zalo_group", round_id=DIGITAL, sha256="ef" * 32)
    assert seen([stray], "team_zalo_group", elsewhere=[there]) == 1


def test_a_rate_that_follows_from_its_parts_is_borne_out_and_bears_them_out() -> None:
    claims = [said("87.5", RATE), said("700", PART), said("800", WHOLE)]
    assert [seen(claims, code) for code in (RATE, PART, WHOLE)] == [2, 2, 2]
    wrong = [said("87.5", RATE), said("7000", PART), said("8000", WHOLE, status="review")]
    assert [seen(wrong, code) for code in (RATE, PART)] == [1, 1]
    loose = [said("88", RATE), said("703", PART), said("800", WHOLE)]
    assert [seen(loose, code) for code in (RATE, PART, WHOLE)] == [2, 1, 1], "88 % would hide a slip in 703"


def test_a_rate_that_was_worked_out_from_its_parts_proves_nothing() -> None:
    pair = {**NARRATIVE, "numerator": 123.0, "denominator": 125.0}
    assert seen([said("98.4", CASHLESS, **pair, quote="đạt 123/125 giao dịch")], CASHLESS) == 1
    assert seen([said("98.4", CASHLESS, **pair, quote="123/125, đạt 98,4 %")], CASHLESS) == 2
    assert seen([said("98.4", CASHLESS, **{**pair, "method": "form"}, quote="123/125 98,4%")], CASHLESS) == 1


def test_the_register_bears_out_the_area() -> None:
    area = catalogue().commune[COMMUNE].area_km2
    assert seen([said(f"{area}", AREA)], AREA) == 2
    assert seen([said(f"{100 * area}", AREA)], AREA) == 1


def test_a_named_person_is_a_witness() -> None:
    waiting = said("58", status="review")
    assert seen([waiting], decisions=[in_force("accept", observation_id=waiting["observation_id"])]) == 2
    read = said("580")
    fix = in_force("correct", observation_id=read["observation_id"], value_to=58.0)
    assert seen([read], decisions=[fix]) == 2, "the place that was read again, and who read it"
    told = in_force("correct", commune_code=COMMUNE, indicator=TEAMS, value_to=58.0)
    assert seen([], decisions=[told]) == 1
    assert seen([said("58", **NARRATIVE)], decisions=[told]) == 2


def test_what_a_rule_or_a_person_refuses_is_no_witness() -> None:
    other = said("58", **NARRATIVE)
    refused = in_force("reject", observation_id=other["observation_id"])
    assert seen([said("58"), other], decisions=[refused]) == 1
    copied = finding("submissions_copied_form", commune_code=COMMUNE, sha256=NARRATIVE["sha256"])
    assert seen([said("58"), other], findings=[copied]) == 1


def test_witnesses_are_listed_with_what_they_are() -> None:
    claims = [said("87.5", RATE), said("700", PART), said("800", WHOLE), said("87.5", RATE, **NARRATIVE)]
    known = catalogue()
    listed = witnesses(NQ57, resolve(NQ57, claims, [], known), [], Said(claims), known).to_pylist()
    of_rate = [(row["kind"], row["observation_id"]) for row in listed if row["indicator"] == RATE]
    assert sorted(of_rate, key=str) == [
        ("arithmetic", None),
        ("statement", claims[0]["observation_id"]),
        ("statement", claims[3]["observation_id"]),
    ]


def test_the_query_can_be_carried_to_spark() -> None:
    (statement,) = sqlglot.transpile(
        query("witnesses"), read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE
    )
    assert sqlglot.parse_one(statement, read="spark").find(sqlglot.exp.CTE)
