"""The rule book's checks: the department adds one in YAML alone, and a slip names file and key."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from nq57_assets.catalogue import Catalogue, CatalogueError, Rule, catalogue
from nq57_assets.quality.findings import build_findings
from nq57_assets.quality.rules import checked_rules
from nq57_assets.quality.suites import check_names
from nq57_assets.quality.validate import validate
from nq57_assets_tests.city_frames import FIRST, C, City, D


def with_rule(check: Any, table: str | None = None, **fields: Any) -> Catalogue:
    """Return the catalogue with one more rule, as YAML would add it."""
    rule = Rule(
        code="record_new",
        category="record",
        severity=fields.pop("severity", "error"),
        title_vi="Quy tắc mới",
        title_en="New rule",
        message_vi="{address}: {indicator} ghi {observed}, mong đợi {expected}.",
        advice_vi="Kiểm tra lại.",
        table=table,
        check=check,
    )
    known = catalogue()
    return dataclasses.replace(known, rules=(*known.rules, rule))


@pytest.mark.parametrize(
    ("check", "table", "place"),
    [
        ({"kind": "guess"}, None, "check"),
        ({"side": "maximum"}, None, "check"),
        ({"kind": "pair", "part": "team_count", "whole": "team_membrs"}, None, "check.whole"),
        ({"kind": "pair", "part": "team_count"}, None, "check.whole"),
        (
            {"kind": "ratio", "over": "team_members", "under": "team_count", "minimum": 9, "maximum": 2},
            None,
            "check",
        ),
        ({"kind": "jump", "factor": "tenfold", "minimum": 10}, None, "check.factor"),
        ({"kind": "missing", "grace": 3}, None, "check.grace"),
        ({"kind": "missing"}, "core/values", "table"),
        ({"kind": "expectation", "expectation": "ExpectColumnValuesToBeUnique"}, "core/nothing", "table"),
        (
            {
                "kind": "expectation",
                "expectation": "ExpectColumnValuesToBeUnique",
                "arguments": {"column": "colour"},
            },
            "core/values",
            "check.arguments.column",
        ),
    ],
)
def test_a_slip_in_the_rule_book_names_file_and_key(check: Any, table: str | None, place: str) -> None:
    with pytest.raises(CatalogueError, match=rf"^reference/rules\.yaml: record_new\.{place}: "):
        checked_rules(with_rule(check, table))


def test_an_expectation_that_great_expectations_does_not_know_names_the_rule() -> None:
    known = with_rule({"kind": "expectation", "expectation": "ExpectSunshine"}, "core/resolved")
    context = City.reporting().context()
    with pytest.raises(CatalogueError, match=r"rules\.yaml: record_new\.check: ExpectSunshine"):
        validate("core/resolved", context.resolved, known, context)


@pytest.mark.parametrize(
    ("check", "here", "indicators", "words"),
    [
        (
            {"kind": "pair", "part": "team_count", "whole": "place_villages"},
            {"team_count": 60, "place_villages": 24},
            {"team_count", "place_villages"},
            "Số Tổ công nghệ số cộng đồng",
        ),
        (
            {"kind": "ratio", "over": "team_members", "under": "team_count", "minimum": 2, "maximum": 20},
            {"team_members": 900, "team_members_trained": 880},
            {"team_members", "team_count"},
            "ghi 36, mong đợi 2–20",
        ),
        (
            {"kind": "jump", "factor": 3, "minimum": 10, "of": ["flow"]},
            {"media_posts": 900},
            {"media_posts"},
            "ghi 900, mong đợi 214",
        ),
    ],
)
def test_a_rule_of_a_known_kind_needs_no_python(
    check: dict[str, Any], here: dict[str, float], indicators: set[str], words: str
) -> None:
    known = with_rule(check)
    context = City.reporting(D, **here).context(City.reporting(C))
    frames = (context.submissions, context.observations, context.resolved)
    found = build_findings(D, [], *frames, context.others, known)
    mine = found[found["rule"] == "record_new"]
    assert set(mine["indicator"]) == indicators or set(mine["indicator"]) == {next(iter(here))}
    assert set(mine["commune_code"]) == {FIRST}
    assert words in mine["message_vi"].iloc[0]
    assert "record_new" in [name for name, _, _ in check_names("core/resolved", known)]


def test_any_expectation_can_be_named_for_a_column() -> None:
    check = {
        "kind": "expectation",
        "expectation": "ExpectColumnValuesToMatchRegex",
        "arguments": {"column": "original_name", "regex": r"\.xlsx$"},
    }
    known = with_rule(check, "raw/submissions", severity="warning")
    city = City.reporting()
    city.submissions[0]["original_name"] = "bao cao.exe"
    context = city.context()
    validation = validate("raw/submissions", context.submissions, known, context)
    result = next(r for r in validation.results if r.name == "record_new")
    assert (result.passed, result.unexpected, result.blocking) == (False, 1, False)
    assert list(validation.violations["observed"]) == ["bao cao.exe"]
