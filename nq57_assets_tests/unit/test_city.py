"""How values add up to the city, and who counts as having reported."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlglot

from nq57_assets.catalogue import catalogue
from nq57_assets.consolidate.city import city_coverage, city_indicators
from nq57_assets.consolidate.sql import query
from nq57_assets.lake import arrow_schema
from nq57_assets_tests.lake_rows import DIGITAL, NQ57, finding, observation, submission, values

ALL = [commune.commune_code for commune in catalogue().expected(NQ57)]
AFTER_DUE, BEFORE_DUE = date(2026, 1, 1), date(2025, 12, 1)


def everywhere(indicator: str, words: str, **other: Any) -> list[dict[str, Any]]:
    """The same claim from every commune."""
    return [observation(code, indicator, words, **other) for code in ALL]


def city(
    observations: list[dict[str, Any]],
    indicator: str,
    others: Any = (),
    scope: tuple[str, str] = ("city", "city"),
) -> dict[str, Any]:
    rows = city_indicators(NQ57, values(observations), others, catalogue()).to_pylist()
    (row,) = [r for r in rows if (r["indicator"], r["scope"], r["scope_key"]) == (indicator, *scope)]
    return row


def figures(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["value"], row["low"], row["high"], row["qualifier"]


def test_the_shape_is_every_asked_indicator_in_every_scope() -> None:
    known = catalogue()
    rows = city_indicators(NQ57, values([]), [], known)
    assert rows.schema.names == arrow_schema(known.table["city/indicators"]).names
    assert rows.num_rows == len(known.asked(NQ57)) * (1 + 3 + 2)
    assert set(rows["state"].to_pylist()) == {"withheld"}
    assert set(rows["value"].to_pylist()) == {None}
    assert set(rows["reason"].to_pylist()) == {"Chưa có đơn vị nào có số liệu dùng được."}


def test_exact_figures_add_up_exactly() -> None:
    row = city(everywhere("team_count", "10"), "team_count")
    assert figures(row) == (1140, 1140, 1140, "exact")
    assert (row["exact_share"], row["reported"], row["expected"], row["coverage"]) == (1, 114, 114, 1)


def test_scopes_split_the_city_without_rest() -> None:
    claims = everywhere("team_count", "10")
    types = [
        city(claims, "team_count", scope=("commune_type", key))["value"]
        for key in ("xa", "phuong", "dac_khu")
    ]
    assert types == [670, 450, 20]
    halves = [
        city(claims, "team_count", scope=("former_province", k))["value"] for k in ("hai_phong", "hai_duong")
    ]
    assert sum(halves) == 1140
    assert min(halves) > 0


@pytest.mark.parametrize(
    ("words", "expected", "exact_share"),
    [
        (">150", (1280, 1280, None, "over"), 1130 / 1280),
        ("125-130", (None, 1255, 1260, "range"), 1130 / 1257.5),
        ("<900", (None, 1130, 2030, "range"), 1130 / 2030),
        ("~900", (2030, 2030, 2030, "approx"), 1130 / 2030),
    ],
)
def test_lows_and_highs_add_apart(words: str, expected: tuple[Any, ...], exact_share: float) -> None:
    claims = [observation(ALL[0], "team_count", words), *everywhere("team_count", "10")[1:]]
    row = city(claims, "team_count")
    assert figures(row) == expected
    assert row["exact_share"] == pytest.approx(exact_share, abs=1e-6)


def test_a_figure_says_which_share_of_it_a_second_statement_bears_out() -> None:
    second = {"sha256": "cd" * 32, "method": "narrative"}
    claims = [
        *everywhere("team_count", "10"),
        observation(ALL[0], "team_count", "10", **second),
        observation(ALL[1], "team_count", "12", **second),
    ]
    row = city(claims, "team_count")
    assert (row["witnessed"], row["witnessed_share"]) == (1, pytest.approx(1 / 114, abs=1e-6))
    large = [observation(ALL[0], "team_count", "1130"), *everywhere("team_count", "10")[1:]]
    row = city([*large, observation(ALL[0], "team_count", "1130", **second)], "team_count")
    assert (row["witnessed"], row["witnessed_share"]) == (1, 0.5), "by weight, as the exact share"
    assert city([], "team_count")["witnessed_share"] is None


def test_a_ratio_is_borne_out_where_both_of_its_parts_are() -> None:
    second = {"sha256": "cd" * 32, "method": "narrative"}
    parts = [*everywhere("egov_dossiers_online", "90"), *everywhere("egov_dossiers_total", "100")]
    one = [observation(c, "egov_dossiers_online", "90", **second) for c in ALL]
    assert city([*parts, *one], "egov_online_rate")["witnessed_share"] == 0
    both = [*one, *(observation(c, "egov_dossiers_total", "100", **second) for c in ALL[:57])]
    assert city([*parts, *both], "egov_online_rate")["witnessed_share"] == 0.5


def test_missing_is_never_zero_and_nil_is_an_answer() -> None:
    claims = [
        observation(ALL[0], "team_count", "0", nil=True),
        *[observation(c, "team_count", "10") for c in ALL[1:100]],
        observation(ALL[100], "team_count", "10", status="review"),
    ]
    row = city(claims, "team_count")
    assert (row["value"], row["reported"], row["nil"], row["missing"], row["in_review"]) == (
        990,
        100,
        1,
        14,
        1,
    )


def test_conflicts_and_missing_figures_are_counted_apart() -> None:
    claims = [*everywhere("team_count", "10"), observation(ALL[0], "team_count", "11", cell="D9")]
    row = city(claims, "team_count")
    assert (row["value"], row["reported"], row["conflict"], row["missing"]) == (1130, 113, 1, 0)
    assert row["reported"] + row["conflict"] + row["missing"] + row["withheld"] == row["expected"]


def test_a_figure_of_too_few_communes_is_withheld_with_the_reason() -> None:
    row = city([observation(code, "team_count", "10") for code in ALL[:20]], "team_count")
    assert (row["state"], row["value"], row["low"], row["numerator"]) == ("withheld", None, None, None)
    assert (row["reported"], row["coverage_weight"]) == (20, "area")
    assert row["reason"].startswith("Mới có 20/114 đơn vị, bằng ")
    assert row["reason"].endswith("% diện tích; cần ít nhất 50,0%.")


def test_coverage_is_weighted_by_population_once_every_population_is_known() -> None:
    big = [observation(c, "place_population", "1000" if c == ALL[0] else "10", round_id=DIGITAL) for c in ALL]
    row = city([observation(ALL[0], "team_count", "10")], "team_count", values(big, DIGITAL))
    assert row["coverage_weight"] == "population"
    assert row["coverage_weighted"] == pytest.approx(1000 / 2130, abs=1e-6)
    assert row["coverage"] == pytest.approx(1 / 114, abs=1e-6)


def test_a_ratio_adds_its_parts_and_never_averages() -> None:
    claims = [
        *everywhere("egov_online_rate", "50"),
        *everywhere("egov_dossiers_total", "10"),
        *everywhere("egov_dossiers_online", "5"),
    ]
    claims = [claim for claim in claims if claim["commune_code"] != ALL[0]]
    claims += [
        observation(ALL[0], "egov_online_rate", "100"),
        observation(ALL[0], "egov_dossiers_total", "99990"),
        observation(ALL[0], "egov_dossiers_online", "99990"),
    ]
    row = city(claims, "egov_online_rate")
    assert row["value"] == pytest.approx(100 * (113 * 5 + 99990) / (113 * 10 + 99990), abs=1e-6)
    assert (row["numerator"], row["denominator"], row["unit"]) == (113 * 5 + 99990, 113 * 10 + 99990, "%")


def test_a_ratio_takes_only_communes_that_gave_both_parts() -> None:
    claims = [*everywhere("egov_dossiers_total", "10"), *everywhere("egov_dossiers_online", "5")[:100]]
    claims += [observation(ALL[113], "egov_online_rate", "99")]
    row = city(claims, "egov_online_rate")
    assert (row["value"], row["reported"], row["missing"], row["unusable"]) == (50, 100, 14, 1)


def test_a_ratio_takes_a_written_pair_where_the_parts_were_not_given() -> None:
    pair = everywhere("skill_mooc_completed", "15", numerator=15.0, denominator=20.0)
    row = city([*pair[:110], observation(ALL[111], "skill_mooc_completed", "7")], "skill_mooc_completed")
    assert (row["value"], row["unit"], row["reported"], row["unusable"]) == (75, "%", 110, 1)


def test_the_bounds_of_a_ratio_take_the_parts_the_other_way_round() -> None:
    claims = [*everywhere("egov_dossiers_total", "80-100"), *everywhere("egov_dossiers_online", "40-50")]
    assert figures(city(claims, "egov_online_rate")) == (None, 40, 62.5, "range")


def test_a_rate_is_weighted_by_its_weight_of_the_same_round() -> None:
    rates = [observation(c, "econ_cashless_pct", "90" if c == ALL[0] else "10") for c in ALL]
    people = [observation(c, "place_population", "9887" if c == ALL[0] else "1") for c in ALL]
    row = city([*rates, *people], "econ_cashless_pct")
    assert row["value"] == pytest.approx((90 * 9887 + 10 * 113) / 10000, abs=1e-6)


def test_a_missing_weight_comes_from_the_latest_other_round_or_leaves_the_commune_out() -> None:
    rates = everywhere("econ_cashless_pct", "10")[:113]
    rates[0] = observation(ALL[0], "econ_cashless_pct", "90")
    people = [observation(c, "place_population", "100", round_id=DIGITAL) for c in ALL[:112]]
    row = city(rates, "econ_cashless_pct", values(people, DIGITAL))
    assert row["value"] == pytest.approx((90 + 10 * 111) / 112, abs=1e-6)
    assert (row["reported"], row["missing"], row["unusable"]) == (112, 2, 1)


def test_an_open_rate_ends_at_its_maximum() -> None:
    claims = [*everywhere("econ_cashless_pct", ">95"), *everywhere("place_population", "10")]
    assert figures(city(claims, "econ_cashless_pct")) == (None, 95, 100, "range")


def test_nothing_to_report_does_not_pull_a_rate_down() -> None:
    claims = [*everywhere("econ_cashless_pct", "80")[1:], *everywhere("place_population", "10")]
    claims.append(observation(ALL[0], "econ_cashless_pct", "0", nil=True))
    row = city(claims, "econ_cashless_pct")
    assert (row["value"], row["reported"], row["nil"]) == (80, 114, 1)


def test_a_flag_is_the_share_of_those_who_answered() -> None:
    claims = [observation(c, "steer_plan", "1" if n < 60 else "0") for n, c in enumerate(ALL[:80])]
    row = city(claims, "steer_plan")
    assert (row["value"], row["unit"], row["reported"], row["missing"]) == (75, "%", 80, 34)


def covered(
    submissions: list[dict[str, Any]],
    observations: list[dict[str, Any]] | None = None,
    findings: list[dict[str, Any]] | None = None,
    today: date = AFTER_DUE,
) -> dict[str, Any]:
    known = catalogue()
    rows = city_coverage(NQ57, submissions, values(observations or []), findings or [], known, today)
    assert rows["commune_code"].to_pylist() == ALL
    return rows.to_pylist()[0]


def filled(count: int) -> list[dict[str, Any]]:
    return [observation(ALL[0], indicator.code, "1") for indicator in catalogue().asked(NQ57)[:count]]


def test_a_report_that_fills_everything_is_complete() -> None:
    row = covered([submission(ALL[0])], filled(40))
    assert (row["state"], row["submitted"], row["on_time"], row["days_late"]) == ("complete", True, True, 0)
    asked = [indicator for indicator in catalogue().asked(NQ57) if indicator.required]
    assert row["filled_required"] == row["required"] == len(asked) < 40


def test_states_between_complete_and_missing() -> None:
    assert covered([submission(ALL[0])], filled(3))["state"] == "partial"
    assert covered([submission(ALL[0])])["state"] == "empty"
    assert covered([])["state"] == "missing"
    unread = submission(ALL[0], state="quarantined", document_type=None, counts_as_report=False)
    assert covered([unread])["state"] == "unreadable"


def test_a_plan_is_not_a_report() -> None:
    plan = submission(ALL[0], document_type="plan", counts_as_report=False)
    row = covered([plan])
    assert (row["state"], row["submitted"], row["received_at"]) == ("missing", False, None)


def test_a_report_whose_figures_all_wait_is_not_empty() -> None:
    assert (
        covered([submission(ALL[0])], [observation(ALL[0], "team_count", "1", status="review")])["state"]
        == "partial"
    )


@pytest.mark.parametrize(
    ("received_at", "on_time", "days_late"),
    [
        (datetime(2025, 12, 10, 16, 59, tzinfo=UTC), True, 0),
        (datetime(2025, 12, 10, 17, 0, tzinfo=UTC), False, 1),
        (datetime(2025, 12, 20, 3, 0, tzinfo=UTC), False, 10),
    ],
    ids=["23:59 in Hải Phòng", "midnight", "ten days"],
)
def test_lateness_goes_by_the_date_in_hai_phong(received_at: datetime, on_time: bool, days_late: int) -> None:
    row = covered([submission(ALL[0], received_at=received_at)])
    assert (row["on_time"], row["days_late"]) == (on_time, days_late)


def test_a_later_version_does_not_make_a_report_late() -> None:
    first = submission(ALL[0], is_current=False, counts_as_report=False)
    second = submission(ALL[0], sha256="cd" * 32, received_at=datetime(2025, 12, 30, tzinfo=UTC), version=2)
    row = covered([first, second])
    assert (row["on_time"], row["received_at"]) == (True, first["received_at"])


def test_a_missing_report_is_late_only_after_the_due_date() -> None:
    assert covered([], today=BEFORE_DUE)["on_time"] is None
    assert covered([], today=date(2025, 12, 10))["on_time"] is None
    assert covered([], today=AFTER_DUE)["on_time"] is False


def test_open_findings_are_counted() -> None:
    found = [
        finding("time_jump", commune_code=ALL[0], indicator="team_count"),
        finding("file_late", commune_code=ALL[0], state="waived"),
    ]
    assert covered([submission(ALL[0])], findings=found)["open_findings"] == 1


@pytest.mark.parametrize("name", ["resolve", "values", "indicators", "coverage"])
def test_the_consolidation_can_be_carried_to_spark(name: str) -> None:
    (statement,) = sqlglot.transpile(
        query(name), read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE
    )
    assert sqlglot.parse_one(statement, read="spark").find(sqlglot.exp.CTE)
