"""Which claim stands for a commune and an indicator, and which finding keeps it out."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.consolidate.resolve import resolve
from nq57_assets.consolidate.values import finalize_values
from nq57_assets.lake import arrow_schema
from nq57_assets_tests.lake_rows import DIGITAL, NQ57, decision, finding, observation

COMMUNE, TEAMS, RATE = "10507", "team_count", "econ_cashless_pct"


def claim(words: str, **other: Any) -> dict[str, Any]:
    return observation(COMMUNE, other.pop("indicator", TEAMS), words, **other)


def resolved(observations: Any, decisions: Any = (), indicator: str = TEAMS) -> dict[str, Any]:
    rows = resolve(NQ57, observations, decisions, catalogue()).to_pylist()
    (row,) = [row for row in rows if (row["commune_code"], row["indicator"]) == (COMMUNE, indicator)]
    return row


def interval(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["state"], row["value"], row["low"], row["high"], row["qualifier"]


def test_every_expected_commune_and_asked_indicator_has_one_row() -> None:
    known = catalogue()
    rows = resolve(NQ57, [], [], known)
    assert rows.num_rows == len(known.expected(NQ57)) * len(known.asked(NQ57)) == 114 * 40
    assert set(rows["state"].to_pylist()) == {"missing"}
    assert rows.schema.names == arrow_schema(known.table["core/resolved"]).names


def test_a_claim_on_an_indicator_that_was_not_asked_is_kept() -> None:
    assert (
        resolved([claim("7", indicator="team_zalo_group")], indicator="team_zalo_group")["state"]
        == "reported"
    )


def test_a_form_stands_before_a_table_and_a_table_before_a_narrative() -> None:
    table, narrative = claim("12", method="table"), claim("11", method="narrative")
    assert resolved([narrative, table, claim("13")])["value"] == 13
    assert resolved([narrative, table])["value"] == 12
    assert resolved([narrative])["method"] == "narrative"


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        (["58", "58"], ("reported", 58, 58, 58, "exact")),
        (["58", "60"], ("conflict", None, None, None, None)),
        ([">150", "160"], ("reported", 160, 160, 160, "exact")),
        (["125-130", "125"], ("reported", 125, 125, 125, "exact")),
        (["125-130", "131"], ("conflict", None, None, None, None)),
        ([">150", "<200"], ("reported", None, 150, 200, "range")),
        ([">150", ">170"], ("reported", 170, 170, None, "over")),
        (["<900"], ("reported", 900, None, 900, "under")),
        (["125-130"], ("reported", None, 125, 130, "range")),
        (["~900", "880"], ("reported", 880, 880, 880, "exact")),
        (["~900", "600"], ("conflict", None, None, None, None)),
        (["~900"], ("reported", 900, 900, 900, "approx")),
        ([">200", "<100"], ("conflict", None, None, None, None)),
    ],
)
def test_claims_of_one_standing_agree_on_the_tightest_reading_or_conflict(
    claims: list[str], expected: tuple[Any, ...]
) -> None:
    observations = [claim(words, method="narrative", line=n) for n, words in enumerate(claims, 1)]
    assert interval(resolved(observations)) == expected
    assert interval(resolved(observations[::-1])) == expected


def test_a_rate_written_to_fewer_places_is_the_same_rate() -> None:
    claims = [claim(words, indicator=RATE, line=n) for n, words in enumerate(("98.4", "98.39"))]
    assert interval(resolved(claims, indicator=RATE)) == ("reported", 98.39, 98.39, 98.39, "exact")
    apart = [claim(words, indicator=RATE, line=n) for n, words in enumerate(("98.4", "98.3"))]
    assert resolved(apart, indicator=RATE)["state"] == "conflict"


def test_the_claim_that_names_its_parts_speaks_for_its_equals() -> None:
    bare = claim("50", indicator=RATE, line=1)
    parts = claim("50", indicator=RATE, line=2, numerator=10.0, denominator=20.0)
    row = resolved([bare, parts], indicator=RATE)
    assert (row["numerator"], row["denominator"], row["observation_id"]) == (10, 20, parts["observation_id"])


def test_nothing_to_report_is_its_own_state_and_not_a_missing_figure() -> None:
    assert interval(resolved([claim("0", nil=True)])) == ("nil", 0, 0, 0, "exact")
    assert resolved([claim("0", nil=True), claim("5")])["state"] == "conflict"


def test_a_figure_below_the_gate_waits_and_does_not_enter() -> None:
    row = resolved([claim("58", status="review", confidence=0.5)])
    assert (row["state"], row["value"], row["in_review"]) == ("missing", None, 1)
    assert resolved([claim("58", status="rejected")])["in_review"] == 0


def test_an_accepted_review_counts_and_the_decision_is_named() -> None:
    waiting = claim("58", status="review", method="narrative")
    accept = decision("accept", observation_id=waiting["observation_id"])
    row = resolved([waiting], [accept])
    assert (row["value"], row["in_review"], row["decision_id"], row["method"]) == (
        58,
        0,
        "d-accept",
        "narrative",
    )
    assert resolved([waiting, claim("60")], [accept])["value"] == 60, "a form still stands before a narrative"


def test_a_rejected_claim_ends_a_conflict() -> None:
    wrong = claim("580", line=1)
    reject = decision("reject", observation_id=wrong["observation_id"])
    assert resolved([wrong, claim("58", line=2)], [reject])["value"] == 58


def test_the_claim_that_a_person_accepted_ends_a_conflict() -> None:
    right = claim("58", line=1)
    accept = decision("accept", observation_id=right["observation_id"])
    assert resolved([right, claim("60", line=2)], [accept])["value"] == 58


def test_the_last_word_on_an_observation_counts() -> None:
    one = claim("58")
    words = [
        decision("reject", decision_id="d1", observation_id=one["observation_id"]),
        decision(
            "accept",
            decision_id="d2",
            observation_id=one["observation_id"],
            decided_at="2026-01-06T00:00:00Z",
        ),
    ]
    assert resolved([one], words)["state"] == "reported"
    assert resolved([one], words[:1])["state"] == "missing"


def test_a_correction_stands_before_every_claim() -> None:
    wrong = claim("580")
    fix = decision("correct", observation_id=wrong["observation_id"], value_to="58")
    row = resolved([wrong, claim("59", line=2)], [fix])
    assert interval(row) == ("reported", 58, 58, 58, "exact")
    assert (row["method"], row["decision_id"], row["observation_id"]) == (
        "decision",
        "d-correct",
        wrong["observation_id"],
    )
    blank = resolved([], [decision("correct", commune_code=COMMUNE, indicator=TEAMS, value_to=4.0)])
    assert (blank["value"], blank["observation_id"]) == (4, None)


def test_a_correction_that_is_no_number_names_its_decision() -> None:
    with pytest.raises(ValueError, match="decision d-correct: value_to 'năm' is no number"):
        resolved([], [decision("correct", commune_code=COMMUNE, indicator=TEAMS, value_to="năm")])


def test_other_rounds_and_unknown_communes_do_not_enter() -> None:
    foreign = claim("58", round_id=DIGITAL)
    nobody = {**claim("58"), "commune_code": None}
    fix = decision("correct", round_id=DIGITAL, commune_code=COMMUNE, indicator=TEAMS, value_to=3.0)
    assert resolved([foreign, nobody], [fix])["state"] == "missing"


def test_frames_of_pandas_are_taken_as_well() -> None:
    waiting = claim("58", status="review")
    rulings = pd.DataFrame([decision("accept", observation_id=waiting["observation_id"])])
    assert resolved(pd.DataFrame([waiting]), rulings)["value"] == 58


def final(
    observations: list[dict[str, Any]], findings: list[dict[str, Any]], decisions: Any = ()
) -> dict[str, Any]:
    known = catalogue()
    candidates = resolve(NQ57, observations, decisions, known)
    rows = finalize_values(NQ57, candidates, findings, known).to_pylist()
    assert len(rows) == candidates.num_rows
    (row,) = [row for row in rows if (row["commune_code"], row["indicator"]) == (COMMUNE, TEAMS)]
    return row


def test_an_open_error_withholds_the_figure_and_keeps_its_source() -> None:
    one = claim("58")
    row = final(
        [one], [finding("value_above_maximum", observation_id=one["observation_id"], indicator=TEAMS)]
    )
    assert interval(row) == ("withheld", None, None, None, None)
    assert (row["withheld_by"], row["observation_id"]) == ("value_above_maximum", one["observation_id"])


def test_a_finding_of_a_commune_and_indicator_withholds_too() -> None:
    jump = finding("time_jump", commune_code=COMMUNE, indicator=TEAMS)
    assert final([claim("58")], [jump])["state"] == "withheld"
    assert final([claim("58")], [{**jump, "commune_code": "10525"}])["state"] == "reported"


@pytest.mark.parametrize(
    "harmless",
    [
        finding("value_text_number", commune_code=COMMUNE, indicator=TEAMS),
        finding("time_jump", commune_code=COMMUNE, indicator=TEAMS, state="waived"),
        finding("value_not_number", commune_code=COMMUNE, indicator=TEAMS, sha256="cd" * 32),
        finding("time_jump", commune_code=COMMUNE, indicator=TEAMS, round_id=DIGITAL),
    ],
    ids=["a warning", "waived", "about another file", "of another round"],
)
def test_what_does_not_withhold(harmless: dict[str, Any]) -> None:
    row = final([claim("58")], [harmless])
    assert (row["state"], row["withheld_by"]) == ("reported", None)


def test_a_copied_file_loses_all_its_figures_and_no_others() -> None:
    copied = finding("submissions_copied_form", commune_code=COMMUNE, sha256="cd" * 32)
    assert final([claim("58", sha256="cd" * 32)], [copied])["withheld_by"] == "submissions_copied_form"
    assert final([claim("58")], [copied])["state"] == "reported"
    late = finding("file_kept_last_good", commune_code=COMMUNE, sha256="cd" * 32)
    assert final([claim("58", sha256="cd" * 32)], [late])["state"] == "reported", (
        "this rule is not of the settings"
    )


def test_a_correction_answers_what_was_found_in_the_file() -> None:
    wrong = claim("580")
    fix = [decision("correct", observation_id=wrong["observation_id"], value_to=58.0)]
    found = finding("value_above_maximum", observation_id=wrong["observation_id"], indicator=TEAMS)
    assert final([wrong], [found], fix)["value"] == 58
    still = finding("record_part_over_whole", commune_code=COMMUNE, indicator=TEAMS)
    assert final([wrong], [still], fix)["state"] == "withheld", "the corrected figure breaks a rule itself"


def test_a_conflict_stays_a_conflict() -> None:
    claims = [claim("58", line=1), claim("60", line=2)]
    assert (
        final(claims, [finding("tables_conflict", commune_code=COMMUNE, indicator=TEAMS)])["state"]
        == "conflict"
    )
