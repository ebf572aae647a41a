"""What the engine says of a table: its own faults never become a commune's, and an empty table never looks fine."""

from __future__ import annotations

import dataclasses
import json
import tempfile
from pathlib import Path

import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.quality.frames import Context
from nq57_assets.quality.suites import check_names
from nq57_assets.quality.validate import CheckResult, Validation, validate
from nq57_assets_tests.city_frames import FIRST, GOOD, SECOND, C, City, D, frame

KNOWN = catalogue()


def by_name(validation: Validation) -> dict[str, CheckResult]:
    return {result.name: result for result in validation.results}


def check(table: str, city: City, *others: City) -> Validation:
    context = city.context(*others)
    tables = {
        "raw/submissions": context.submissions,
        "core/observations": context.observations,
        "core/resolved": context.resolved,
    }
    return validate(table, tables[table], KNOWN, context)


@pytest.mark.parametrize("table", ["raw/submissions", "core/observations", "core/resolved"])
def test_every_declared_check_reports_whatever_the_frame_holds(table: str) -> None:
    names = [name for name, _, _ in check_names(table, KNOWN)]
    empty = City(D)
    broken = City.reporting().context()
    half = getattr(
        broken, {"raw/submissions": "submissions", "core/observations": "observations"}.get(table, "resolved")
    )
    for validation in (
        check(table, City.reporting()),
        check(table, empty),
        validate(table, half.drop(columns="commune_code"), KNOWN, broken),
    ):
        assert [result.name for result in validation.results] == names


def test_an_empty_table_that_must_be_complete_blocks() -> None:
    nothing = frame("core/resolved", [])
    results = by_name(validate("core/resolved", nothing, KNOWN, City(D).context()))
    for name in ("structure_rows", "structure_complete"):
        assert not results[name].passed and results[name].blocking
    cells = len(KNOWN.expected(D)) * len(KNOWN.asked(D))
    assert results["structure_complete"].unexpected == cells
    assert results["record_trained_over_members"].evaluated == 0


def test_a_round_without_submissions_is_a_warning() -> None:
    validation = check("core/observations", City(D))
    rows = by_name(validation)["structure_rows"]
    assert not rows.passed and not rows.blocking
    assert not validation.faults and not validation.blocking_failures and validation.violations.empty


def test_a_missing_column_is_a_fault_of_ours_and_blames_no_commune() -> None:
    context = City.reporting(team_members_trained=900).context()
    validation = validate("core/observations", context.observations.drop(columns="value"), KNOWN, context)
    results = by_name(validation)
    assert not results["structure_columns"].passed and results["structure_columns"].blocking
    assert any("value" in sample for sample in results["structure_columns"].samples)
    assert results["value_not_whole"].engine_fault and not results["value_not_whole"].passed
    assert results["structure_keys"].passed
    assert validation.violations.empty


def test_text_in_a_number_column_is_told_as_a_type_not_as_a_figure() -> None:
    context = City.reporting().context()
    typed = context.observations.astype({"confidence": object})
    typed.loc[0, "confidence"] = "cao"
    results = by_name(validate("core/observations", typed, KNOWN, context))
    assert "confidence · double · mixed" in results["structure_columns"].samples
    assert "confidence" in (results["structure_ranges"].engine_fault or "")
    assert results["structure_values"].engine_fault is None


def test_structure_names_the_row_that_breaks_it() -> None:
    city = City.reporting()
    city.observations[1] |= {"observation_id": city.observations[0]["observation_id"], "confidence": 1.4}
    city.observations[2] |= {"commune_code": "99999", "qualifier": "perhaps"}
    results = by_name(check("core/observations", city))
    for name in ("structure_keys", "structure_ranges", "structure_references", "structure_values"):
        assert not results[name].passed and results[name].blocking, name
    assert results["structure_keys"].unexpected == 2
    assert "99999" not in str(results["structure_ranges"].samples)
    assert city.observations[2]["observation_id"] in results["structure_values"].samples[0]


def test_rows_of_another_round_are_not_known_here() -> None:
    city = City.reporting()
    other = City.reporting(C)
    context = dataclasses.replace(city.context(), submissions=other.context().submissions)
    results = by_name(validate("raw/submissions", other.context().submissions, KNOWN, context))
    assert not results["structure_references"].passed


def test_only_accepted_figures_of_current_files_are_judged() -> None:
    city = City.reporting(place_villages=None)
    city.say(FIRST, "place_villages", 9_000, status="review")
    old = City.reporting(place_villages=9_000)
    old.submissions[0]["is_current"] = False
    for scene in (city, old):
        assert by_name(check("core/observations", scene))["value_above_maximum"].passed


def test_bounds_of_a_range_are_judged_at_their_ends() -> None:
    city = City.reporting(econ_cashless_pct=None)
    city.say(FIRST, "econ_cashless_pct", None, low=90, high=110, qualifier="range")
    violations = check("core/observations", city).violations
    assert violations[["rule", "observed", "expected"]].to_numpy().tolist() == [
        ["value_share_over_100", "90–110", "100"]
    ]


@pytest.mark.parametrize(
    ("trained", "members", "breaks"),
    [
        ({"value": 200.0}, {"value": 171.0}, True),
        ({"value": 176.0, "qualifier": "approx"}, {"value": 171.0}, False),
        ({"value": 200.0, "low": None, "qualifier": "under"}, {"value": 171.0}, False),
        ({"value": 160.0}, {"value": 150.0, "high": None, "qualifier": "over"}, False),
        ({"value": 180.0, "high": None, "qualifier": "over"}, {"value": 171.0}, True),
    ],
)
def test_a_pair_is_broken_only_when_no_reading_of_the_words_could_hold(
    trained: dict[str, object], members: dict[str, object], breaks: bool
) -> None:
    city = City.reporting(team_members_trained=None, team_members=None)
    city.say(FIRST, "team_members_trained", **trained)  # type: ignore[arg-type]
    city.say(FIRST, "team_members", **members)  # type: ignore[arg-type]
    assert by_name(check("core/resolved", city))["record_trained_over_members"].passed is not breaks


def test_household_size_takes_what_this_round_lacks_from_the_other_report_of_the_year() -> None:
    city = City.reporting(D, place_population=None, place_households=1_200)
    violations = check("core/resolved", city, City.reporting(C, place_population=21_000)).violations
    mine = violations[violations["rule"] == "record_household_size"]
    assert mine[["indicator", "observed", "expected"]].to_numpy().tolist() == [
        ["place_households", "17,5", "1,5–8"]
    ]


def test_the_copy_is_the_later_file_and_the_donor_stays() -> None:
    city = City.reporting()
    city.commune(SECOND, GOOD, minutes=90)
    violations = check("core/resolved", city).violations
    copied = violations[violations["rule"] == "submissions_copied_form"]
    assert list(copied["commune_code"]) == [SECOND]
    assert KNOWN.commune[FIRST].full_name in copied["observed"].iloc[0]


def test_when_nothing_tells_the_copy_from_the_donor_both_are_named() -> None:
    city = City.reporting()
    city.commune(SECOND, GOOD)
    violations = check("core/resolved", city).violations
    assert set(violations.loc[violations["rule"] == "submissions_copied_form", "commune_code"]) == {
        FIRST,
        SECOND,
    }


def test_the_file_that_is_less_surely_identified_is_the_copy() -> None:
    city = City.reporting()
    city.commune(SECOND, GOOD, minutes=90)
    city.submissions[0]["identity_margin"] = 0.3
    violations = check("core/resolved", city).violations
    assert list(violations.loc[violations["rule"] == "submissions_copied_form", "commune_code"]) == [FIRST]


def test_a_jump_is_found_where_the_figure_does_not_fit_the_commune() -> None:
    """Twelve communes whose figures follow their size; one writes ten times too much in one of two reports."""
    here, there = City(D), City(C)
    for number, commune in enumerate(KNOWN.communes[:12]):
        size = 0.5 + number / 8
        figures = {code: round(value * size) for code, value in GOOD.items() if value > 10}
        here.commune(commune.commune_code, figures, minutes=number)
        wrong = {"media_posts": figures["media_posts"] * 10} if number == 5 else {}
        there.commune(commune.commune_code, figures | wrong, minutes=number)
    jumps = [
        check("core/resolved", a, b).violations.query("rule == 'time_jump'")
        for a, b in ((here, there), (there, here))
    ]
    assert jumps[0].empty
    assert jumps[1][["commune_code", "indicator"]].to_numpy().tolist() == [
        [KNOWN.communes[5].commune_code, "media_posts"]
    ]


def test_results_are_plain_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    validation = check("core/observations", City.reporting(place_villages=1.5))
    json.dumps([dataclasses.asdict(result) for result in validation.results])
    assert not list(tmp_path.iterdir())


def test_progress_bars_stay_off(capfd: pytest.CaptureFixture[str]) -> None:
    check("core/observations", City.reporting(place_villages=1.5))
    out, err = capfd.readouterr()
    assert out == "" and "Calculating" not in err


def test_content_rules_say_which_frame_they_lack() -> None:
    context = City.reporting().context()
    with pytest.raises(ValueError, match=r"core/resolved need Context\.observations"):
        validate("core/resolved", context.resolved, KNOWN, Context(D, submissions=context.submissions))


def test_a_copied_form_of_the_other_round_is_no_measure() -> None:
    here, there = City.reporting(D), City(C)
    copy = {code: value * 12 for code, value in GOOD.items() if value > 100}
    for number, code in enumerate((FIRST, SECOND)):
        there.commune(code, copy, minutes=number)
    assert "time_jump" not in set(check("core/resolved", here, there).violations["rule"])
    there.commune(SECOND, {code: value * 3 + 1 for code, value in copy.items()}, minutes=2)
    assert "time_jump" in set(check("core/resolved", here, there).violations["rule"])
