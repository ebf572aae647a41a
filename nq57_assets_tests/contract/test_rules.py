"""Every rule of the rule book has words and, if the suites run it, an example that breaks it and one that does not."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

import nq57_assets
from nq57_assets.catalogue import catalogue
from nq57_assets.messages import message
from nq57_assets.model import Address, Finding
from nq57_assets.quality.book import render_book
from nq57_assets.quality.findings import CHECKED
from nq57_assets.quality.kinds import Copied, Structure
from nq57_assets.quality.validate import validate
from nq57_assets_tests.city_frames import D_2026, FIRST, GOOD, SECOND, C, City, D
from nq57_assets_tests.rule_scenes import (
    BREAKS,
    CONTENT,
    HOLDS,
    KM2,
    PERIOD,
    RULES,
    Scene,
    among_peers,
    area,
    beside,
    changed_places,
    good,
    two_reports,
    two_years,
)

# Fields that a reader or the register fills in when it files a finding.
SEEN = {"observed": "1.440", "expected": "1.500"}


def broken(scene: Scene, code: str | None = None) -> set[str]:
    """Return the rules that a scene breaks: every one, or whether this one is among them, which is quicker."""
    city, others = scene
    known = catalogue()
    if code:
        kept = {c for c, checked in RULES.items() if isinstance(checked.check, Structure | Copied)} | {code}
        known = dataclasses.replace(known, rules=tuple(rule for rule in known.rules if rule.code in kept))
    context = city.context(*others)
    tables = dict(zip(CHECKED, (context.submissions, context.observations, context.resolved), strict=True))
    if city.documents:
        tables["staged/documents"] = context.documents
    found: set[str] = set()
    for table, rows in tables.items():
        if code and table != RULES[code].table:
            continue
        validation = validate(table, rows, known, context)
        assert not validation.faults
        assert not [r for r in validation.blocking_failures if r.severity == "critical"]
        found |= set(validation.violations["rule"])
        assert found >= {r.name for r in validation.results if not r.passed}
    return found


@pytest.mark.parametrize("code", CONTENT)
def test_a_rule_finds_its_failing_example(code: str) -> None:
    assert code in BREAKS, f"{code} has no failing example; add one to BREAKS in rule_scenes.py"
    assert code in broken(BREAKS[code](), code)


@pytest.mark.parametrize("code", CONTENT)
def test_a_rule_lets_its_passing_example_be(code: str) -> None:
    assert code not in broken(HOLDS[code](), code)


@pytest.mark.parametrize(
    ("before", "after", "asked"),
    [
        pytest.param(523, 661, True, id="far more than elsewhere"),
        pytest.param(523, 583, True, id="more, and one digit apart"),
        pytest.param(523, 567, False, id="a little more"),
        pytest.param(214, 340, True, id="half as much again"),
        pytest.param(14, 16, False, id="few"),
        pytest.param(6_476, 6_416, True, id="less, and one digit apart"),
        pytest.param(6_476, 6_450, False, id="a little less"),
    ],
)
def test_growth_is_laid_beside_the_growth_of_the_others(before: float, after: float, asked: bool) -> None:
    code = "submissions_counts_disagree"
    assert (code in broken(two_reports("media_posts", before, after)(), code)) is asked


@pytest.mark.parametrize(
    ("off", "asked"),
    [
        pytest.param(0.04, True, id="one digit of four"),
        pytest.param(0.01, False, id="one in the last place"),
        pytest.param(-0.005, False, id="a digit more"),
    ],
)
def test_an_area_that_differs_from_the_register_by_one_digit_is_asked_about(off: float, asked: bool) -> None:
    last = round(KM2 * 100) % 10
    written = KM2 + (off if last < 5 else -off)
    assert ("value_unlike_register" in broken(area(round(written, 3))(), "value_unlike_register")) is asked


@pytest.mark.parametrize(
    ("teams", "accounts", "asked"),
    [
        pytest.param(44, 25, True, id="changed places"),
        pytest.param(25, 25, False, id="equal, and both reports agree"),
        pytest.param(900, 25, False, id="nobody has so many accounts"),
    ],
)
def test_a_figure_is_named_that_stands_where_another_report_has_it_for_its_neighbour(
    teams: float, accounts: float, asked: bool
) -> None:
    city, others = changed_places(accounts, teams)()
    context = city.context(*others)
    violations = validate("core/resolved", context.resolved, catalogue(), context).violations
    rows = violations.loc[violations["rule"] == "submissions_figures_exchanged"]
    assert list(rows["indicator"]) == ["egov_office_accounts"] * asked
    assert not asked or rows.iloc[0]["expected"] == "Số Tổ công nghệ số cộng đồng (25)"


def test_counts_of_two_days_may_have_grown_where_two_figures_changed_places() -> None:
    city, (other,) = changed_places(101)()
    city.say(FIRST, "media_posts", 44)
    for posts, asked in ((104, True), (140, False), (98, False)):
        other.say(FIRST, "media_posts", posts)
        assert (
            "submissions_figures_exchanged" in broken((city, [other]), "submissions_figures_exchanged")
        ) is asked


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        pytest.param({"egov_dossiers_total": 5_140, "egov_dossiers_online": 5_066}, True, id="two are new"),
        pytest.param(
            {code: value * 1.2 for code, value in list(PERIOD.items())[:4]}, False, id="half are new"
        ),
        pytest.param({"team_member_sessions": 4}, True, id="a single digit says nothing"),
    ],
)
def test_last_years_figures_are_known_again_though_some_were_changed(
    changed: dict[str, float], asked: bool
) -> None:
    later, others = two_years(change=0)()
    for code, value in changed.items():
        later.say(FIRST, code, round(value))
    assert ("time_repeated" in broken((later, others), "time_repeated")) is asked


@pytest.mark.parametrize(
    ("low", "high", "asked"),
    [
        pytest.param(1_200, 1_300, True, id="a range that allows the figure is no other figure"),
        pytest.param(1_400, 1_500, True, id="one other figure among seven"),
    ],
)
def test_figures_that_last_years_narrative_rounds_are_not_laid_against_a_repeated_file(
    low: float, high: float, asked: bool
) -> None:
    later, (earlier,) = two_years(change=0)()
    earlier.say(FIRST, "skill_training_attendees", None, low=low, high=high, qualifier="range")
    context = later.context(earlier)
    violations = validate("core/resolved", context.resolved, catalogue(), context).violations
    row = violations.loc[violations["rule"] == "time_repeated"].iloc[0]
    assert row["observed"] == ("6/6" if low < 1_260 < high else "6/7")


def test_last_years_figures_are_put_together_from_both_reports_of_that_year() -> None:
    codes = [code for code, value in PERIOD.items() if value >= 10]
    later, form, letter = City(D_2026), City(D), City(C)
    later.commune(FIRST, PERIOD)
    form.commune(FIRST, {code: PERIOD[code] for code in codes[:3]})
    letter.commune(FIRST, {code: PERIOD[code] for code in codes[3:]})
    assert "time_repeated" in broken((later, [form, letter]), "time_repeated")
    assert "time_repeated" not in broken((later, [form]), "time_repeated")


def test_last_years_figures_are_known_again_where_another_commune_had_copied_them() -> None:
    figures = {**GOOD, **PERIOD}
    later, earlier = City(D_2026), City(D)
    later.commune(FIRST, figures)
    earlier.commune(FIRST, figures)
    earlier.commune(SECOND, figures, minutes=30)
    assert "submissions_copied_form" in broken((earlier, []), "submissions_copied_form")
    assert "time_repeated" in broken((later, [earlier]), "time_repeated")


@pytest.mark.parametrize(
    ("before", "after", "hint"),
    [
        (635, 365, " (có thể đảo chữ số)"),
        (635, 335, " (khác nhau một chữ số)"),
        (635, 63, " (thừa hoặc thiếu một chữ số)"),
        (635, 214, ""),
    ],
)
def test_two_reports_are_told_with_the_slip_that_would_explain_them(
    before: float, after: float, hint: str
) -> None:
    city, others = beside(C, {"media_posts": after}, {"media_posts": before})()
    context = city.context(*others)
    violations = validate("core/resolved", context.resolved, catalogue(), context).violations
    row = violations.loc[violations["rule"] == "submissions_counts_disagree"].iloc[0]
    assert row["expected"] == f"{before}{hint}"


def test_the_special_zones_are_laid_beside_the_whole_city_for_what_is_far_too_much() -> None:
    zone = next(c.commune_code for c in catalogue().communes if c.commune_type == "dac_khu")
    for figure, asked in ((9_000, True), (20, False)):
        city, others = among_peers(250)()
        city.commune(zone, {"team_members": figure, "place_population": 20_500})
        context = city.context(*others)
        violations = validate("core/resolved", context.resolved, catalogue(), context).violations
        told_of = violations.loc[violations["rule"] == "peers_unlike", "commune_code"]
        assert (zone in set(told_of)) is asked


def test_the_good_answer_breaks_nothing_but_what_it_leaves_out() -> None:
    assert broken(good()()) == {"value_missing"}


@pytest.mark.parametrize("rule", catalogue().rules, ids=lambda rule: rule.code)
def test_a_rule_has_words_for_people(rule: nq57_assets.catalogue.Rule) -> None:
    place = Address(sheet="Biểu", cell="D14")
    finding = Finding(rule.code, place, "team_count", **SEEN)
    message_vi, advice_vi = message(finding, catalogue(), "Biểu số liệu.xlsx")
    for words in (message_vi, advice_vi):
        assert words.endswith((".", "?")) and "{" not in words and "không rõ" not in words
        assert words[0].isupper() or words[0] in '"“' or words.startswith("Biểu!D14")
    assert rule.title_vi[0].isupper() and not rule.title_vi.endswith(".")
    assert rule.title_en


def test_the_rule_book_in_the_docs_is_current() -> None:
    page = Path(nq57_assets.__file__).parents[1] / "docs" / "rule-book.md"
    assert page.read_text(encoding="utf-8") == render_book(catalogue()), "run make dictionary"


@pytest.mark.parametrize("code", [r.code for r in catalogue().rules if r.check is None])
def test_a_rule_without_a_check_is_filed_by_some_reader_or_register(code: str) -> None:
    package = Path(nq57_assets.__file__).parent
    sources = [p for p in package.rglob("*.py") if p.parts[-2] not in ("quality", "sample")]
    assert any(f'"{code}"' in path.read_text(encoding="utf-8") for path in sources)
