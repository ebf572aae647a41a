"""Every rule of the rule book has words and, if the suites run it, an example that breaks it and one that does not."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import nq57_assets
from nq57_assets.catalogue import catalogue
from nq57_assets.messages import message
from nq57_assets.model import Address, Finding
from nq57_assets.quality.book import render_book
from nq57_assets.quality.findings import CHECKED
from nq57_assets.quality.kinds import Copied, Structure
from nq57_assets.quality.rules import checked_rules
from nq57_assets.quality.validate import validate
from nq57_assets_tests.city_frames import D_2026, FIRST, GOOD, SECOND, C, City, D

Scene = tuple[City, list[City]]
RULES = {checked.rule.code: checked for checked in checked_rules(catalogue())}
CONTENT = [code for code, checked in RULES.items() if not isinstance(checked.check, Structure)]


def alone(city: City) -> Scene:
    return city, []


def good(**changes: float | None) -> Callable[[], Scene]:
    return lambda: alone(City.reporting(D, **changes))


def said(indicator: str, value: float | None, **claim: object) -> Callable[[], Scene]:
    def scene() -> Scene:
        city = City.reporting(D, **{indicator: None})
        city.say(FIRST, indicator, value, **claim)
        return alone(city)

    return scene


def beside(other: str, here: dict[str, float], there: dict[str, float]) -> Callable[[], Scene]:
    later = other.startswith("2026")
    first = (D_2026, D) if later else (D, other)
    return lambda: (City.reporting(first[0], **here), [City.reporting(first[1], **there)])


def conflict(*values: float) -> Callable[[], Scene]:
    def scene() -> Scene:
        city = City.reporting(D, team_count=None)
        city.conflict(FIRST, "team_count", *values)
        return alone(city)

    return scene


def two_communes(same: int) -> Callable[[], Scene]:
    """Two communes whose answers are equal in the first ``same`` figures."""

    def scene() -> Scene:
        city = City.reporting(D)
        other = {code: value if n < same else value * 2 + 3 for n, (code, value) in enumerate(GOOD.items())}
        city.commune(SECOND, other, minutes=30)
        return alone(city)

    return scene


def crowded(first: float, second: float) -> Callable[[], Scene]:
    return good(place_population=first, place_households=second)


def complete() -> Scene:
    """A commune that answers every required indicator."""
    city = City.reporting(D)
    for indicator in catalogue().asked(D):
        if indicator.required and indicator.code not in GOOD:
            city.say(FIRST, indicator.code, 1)
    return alone(city)


# Figures of a period in two years; `GOOD` alone has too few of them.
PERIOD = {
    "egov_dossiers_total": 5_092,
    "egov_dossiers_online": 5_010,
    "egov_dossiers_overdue": 12,
    "team_citizens_guided": 2_310,
    "team_member_sessions": 9,
    "team_citizen_sessions": 31,
    "skill_training_sessions": 14,
    "skill_training_attendees": 1_260,
}


def two_years(change: float) -> Callable[[], Scene]:
    """The same figures of the period in two years, or figures that have moved on."""

    def scene() -> Scene:
        later, earlier = City(D_2026), City(D)
        earlier.commune(FIRST, PERIOD)
        later.commune(FIRST, {code: value + change for code, value in PERIOD.items()})
        return later, [earlier]

    return scene


def among_peers(figure: float) -> Callable[[], Scene]:
    """One commune beside twenty of its type, whose figures lie between 200 and 300."""

    def scene() -> Scene:
        city = City.reporting(D, team_members=figure)
        kind = catalogue().commune[FIRST].commune_type
        peers = [
            c.commune_code for c in catalogue().communes if c.commune_type == kind and c.commune_code != FIRST
        ]
        for position, code in enumerate(peers[:20]):
            city.commune(
                code, {"team_members": 200 + 5 * position, "place_population": 20_000 + 111 * position}
            )
        return alone(city)

    return scene


def rates(figure: float) -> Callable[[], Scene]:
    """One commune beside twenty whose rates lie between 60 and 99."""

    def scene() -> Scene:
        city = City.reporting(D, econ_cashless_pct=figure)
        others = [c.commune_code for c in catalogue().communes if c.commune_code != FIRST]
        for position, code in enumerate(others[:20]):
            city.commune(code, {"econ_cashless_pct": 60 + 2 * position})
        return alone(city)

    return scene


def counted(*figures: float) -> Callable[[], Scene]:
    """A commune whose counts are these."""

    def scene() -> Scene:
        city = City(D)
        city.commune(FIRST, dict(zip(PERIOD, figures, strict=True)))
        return alone(city)

    return scene


def reported(*headings: tuple[str, int, int], round_id: str = D, **header: object) -> Callable[[], Scene]:
    """A commune whose file is a report with these headings and header."""

    def scene() -> Scene:
        city = City.reporting(round_id)
        city.report(FIRST, *headings, **header)
        return alone(city)

    return scene


def said_beside(value: float, **claim: object) -> Callable[[], Scene]:
    """A form, and a narrative that came with it and gives the number of teams otherwise."""

    def scene() -> Scene:
        city = City.reporting(D)
        standing = city.resolved[FIRST, "team_count"]
        city.say(FIRST, "team_count", value, method="narrative", **claim)
        city.resolved[FIRST, "team_count"] = standing
        return alone(city)

    return scene


def two_reports(indicator: str, before: float, after: float) -> Callable[[], Scene]:
    """One commune beside twenty, whose shares rise by 0.2 points and whose counts grow by three to five percent."""

    def scene() -> Scene:
        earlier, later = City.reporting(D, **{indicator: None}), City.reporting(C, **{indicator: None})
        earlier.say(FIRST, indicator, before)
        later.say(FIRST, indicator, after)
        others = [c.commune_code for c in catalogue().communes if c.commune_code != FIRST]
        share = catalogue().indicator[indicator].kind == "rate"
        for position, code in enumerate(others[:20]):
            figure = 60 + position if share else 400 + 37 * position
            grown = figure + 0.2 if share else round(figure * (1.03 + position / 1000))
            earlier.commune(code, {indicator: figure})
            later.commune(code, {indicator: grown})
        return later, [earlier]

    return scene


def changed_places(accounts: float, teams: float = 44) -> Callable[[], Scene]:
    """One commune whose other report counts 25 teams, beside twenty with 30 to 68 accounts."""

    def scene() -> Scene:
        city = City.reporting(D, team_count=teams)
        city.say(FIRST, "egov_office_accounts", accounts)
        others = [c.commune_code for c in catalogue().communes if c.commune_code != FIRST]
        for position, code in enumerate(others[:20]):
            city.commune(code, {"egov_office_accounts": 30 + 2 * position})
        return city, [City.reporting(C, team_count=25)]

    return scene


def told(indicator: str, value: float | None, **claim: object) -> Callable[[], Scene]:
    """A figure that a narrative gives in its own sentence."""
    return said(indicator, value, method="narrative", sheet=None, cell=None, line=40, **claim)


def listed(papers: float, letters: float, words: str) -> Callable[[], Scene]:
    """A report that opens a list of papers with these words and names letters four lines below."""

    def scene() -> Scene:
        city = City.reporting(C)
        city.say(FIRST, "steer_directives", papers, method="narrative", line=30, quote=words)
        city.say(FIRST, "steer_official_letters", letters, method="narrative", line=34)
        return alone(city)

    return scene


def all_of_them(*indicators: str, **claim: object) -> Callable[[], Scene]:
    """A report that gives these shares as 100 %."""

    def scene() -> Scene:
        city = City.reporting(D)
        for indicator in indicators:
            city.say(FIRST, indicator, 100, method="narrative", line=50, **claim)
        return alone(city)

    return scene


def in_proportion(**changes: float) -> Callable[[], Scene]:
    """One commune beside twenty of its type with six to seven members a team and 3.3 to 3.8 people a household."""

    def scene() -> Scene:
        city = City.reporting(D, **changes)
        kind = catalogue().commune[FIRST].commune_type
        peers = [
            c.commune_code for c in catalogue().communes if c.commune_type == kind and c.commune_code != FIRST
        ]
        for position, code in enumerate(peers[:20]):
            teams, households = 15 + position, 5_000 + 137 * position
            people = round(households * (3.3 + position / 40))
            members = round(teams * (6 + position / 20))
            figures = {"team_count": teams, "team_members": members, "place_population": people}
            city.commune(code, figures | {"place_households": households})
        return alone(city)

    return scene


def sessions(round_id: str, number: float, people: float) -> City:
    city = City.reporting(round_id)
    city.say(FIRST, "skill_training_sessions", number)
    city.say(FIRST, "skill_training_attendees", people)
    return city


def launched(people: float, altogether: float) -> City:
    city = City.reporting(C)
    city.say(FIRST, "media_launch_participants", people)
    city.say(FIRST, "media_participants", altogether)
    return city


def planned(directives: float) -> City:
    city = City.reporting(C)
    city.say(FIRST, "steer_plan", 1)
    city.say(FIRST, "steer_directives", directives)
    return city


def agencies(accounts: float) -> City:
    city = City.reporting(D)
    city.say(FIRST, "egov_agencies_vneid_pct", 100)
    city.say(FIRST, "egov_agencies_vneid_accounts", accounts)
    return city


def area(figure: float) -> Callable[[], Scene]:
    def scene() -> Scene:
        city = City.reporting(C)
        city.say(FIRST, "place_area_km2", figure)
        return alone(city)

    return scene


KM2 = catalogue().commune[FIRST].area_km2
ISSUED = {"subject": "Kết quả chuyển đổi số năm 2025 và nhiệm vụ năm 2026", "issued_on": date(2025, 11, 19)}
SECTIONS = (
    ("I", 1, 10),
    ("1", 2, 11),
    ("1.1", 3, 12),
    ("1.2", 3, 20),
    ("2", 2, 30),
    ("2.1", 3, 31),
    ("II", 1, 40),
)

SHARES = ("econ_schools_data_pct", "econ_schools_records_pct", "soc_mobile_coverage_pct")
AMONG = "Đến nay xã đã ra 09 văn bản, trong đó có:"

BREAKS: dict[str, Callable[[], Scene]] = {
    "value_not_whole": good(place_villages=1.44),
    "value_below_minimum": good(media_posts=-20),
    "value_above_maximum": good(place_villages=4_000),
    "value_share_over_100": good(econ_cashless_pct=765),
    "value_missing": good(team_count=None),
    "value_in_review": said("team_count", 25, status="review", confidence=0.4),
    "record_part_over_whole": said("skill_mooc_completed", 25, numerator=25, denominator=20),
    "record_trained_over_members": good(team_members_trained=198),
    "record_online_over_total": good(egov_dossiers_online=6_000),
    "record_overdue_over_total": good(egov_dossiers_overdue=5_500),
    "record_rate_not_parts": good(egov_online_rate=83.2),
    "record_ocop_online_over_products": good(econ_ocop_online=40),
    "record_completed_over_registered": good(skill_contest_completed=2_500),
    "record_household_size": crowded(61_200, 6_120),
    "tables_conflict": conflict(25, 32),
    "submissions_copied_form": two_communes(same=len(GOOD)),
    "submissions_rounds_disagree": beside(C, {"team_members": 171}, {"team_members": 150}),
    "time_jump": beside(C, {"media_posts": 2_140}, {"media_posts": 214}),
    "time_stock_fell": beside(D_2026, {"team_members": 150}, {"team_members": 171}),
    "peers_unlike": among_peers(24_000),
    "peers_rate_fraction": rates(0.98),
    "time_slip": beside(C, {"team_count": 2_000}, {"team_count": 2}),
    "time_repeated": two_years(change=0),
    "record_round_numbers": counted(5_000, 4_900, 100, 2_300, 150, 250, 350, 1_250),
    "file_other_period": reported(subject="Kết quả chuyển đổi số năm 2024 trên địa bàn xã"),
    "file_part_period": reported(subject="Kết quả chuyển đổi số quý III năm 2025"),
    "file_issued_outside": reported(issued_on=date(2025, 7, 3)),
    "file_section_missing": reported(("I", 1, 10), ("2.1", 3, 12), ("2.2", 3, 14), ("2.4", 3, 20)),
    "file_section_empty": reported(("I", 1, 10), ("II", 1, 20), ("III", 1, 20)),
    "value_unlike_register": area(KM2 * 100),
    "record_full_rate": good(egov_online_rate=100, egov_dossiers_online=5_071),
    "record_teams_over_members": good(team_count=171, team_members=25),
    "record_households_over_people": crowded(6_120, 21_350),
    "record_villages_over_households": good(place_villages=250, place_households=24),
    "record_items_over_broadcasts": good(media_broadcast_items=90, media_broadcasts=40),
    "record_sessions_over_attendees": lambda: alone(sessions(C, 60, 14)),
    "record_guidance_over_guided": good(team_citizen_sessions=61, team_citizens_guided=40),
    "record_plan_without_directive": lambda: alone(planned(0)),
    "record_rate_without_base": lambda: alone(agencies(0)),
    "tables_form_narrative": said_beside(32),
    "submissions_copied_from": two_communes(same=len(GOOD)),
    "submissions_counts_disagree": beside(C, {"media_posts": 214}, {"media_posts": 190}),
    "peers_rate_unlike": rates(12),
    "peers_proportion": in_proportion(team_members=117),
    "record_rate_last_digits": good(egov_dossiers_total=5_096),
    "submissions_figures_exchanged": changed_places(25),
    "submissions_rates_disagree": two_reports("econ_cashless_pct", 76.5, 70.5),
    "value_wide_range": told("team_citizens_guided", None, low=400, high=700, qualifier="range"),
    "value_old_date": told("skill_mooc_completed", 21, quote="Đến hết ngày 15/4/2025 có 21 người học xong"),
    "record_letters_over_list": listed(9, 14, AMONG),
    "record_full_rates_bare": all_of_them(*SHARES),
    "record_launch_over_participants": lambda: alone(launched(1_350, 620)),
}
HOLDS: dict[str, Callable[[], Scene]] = {
    **dict.fromkeys(CONTENT, good()),
    "value_missing": complete,
    "value_not_whole": good(egov_online_rate=98.39),
    "value_in_review": said("team_count", 25, status="rejected", confidence=0.4),
    "record_part_over_whole": said("skill_mooc_completed", 20, numerator=20, denominator=20),
    "record_trained_over_members": said("team_members_trained", 175, qualifier="approx"),
    "record_rate_not_parts": good(egov_online_rate=98),
    "submissions_copied_form": two_communes(same=len(GOOD) // 2),
    "submissions_rounds_disagree": beside(C, {"team_members": 171}, {"team_members": 171}),
    "time_jump": beside(C, {"media_posts": 600}, {"media_posts": 214}),
    "time_stock_fell": beside(D_2026, {"team_members": 180}, {"team_members": 171}),
    "peers_unlike": among_peers(410),
    "peers_rate_fraction": rates(2.5),
    "time_slip": beside(C, {"team_count": 20}, {"team_count": 2}),
    "time_repeated": two_years(change=3),
    "record_round_numbers": counted(5_092, 4_900, 100, 2_310, 150, 250, 350, 1_260),
    "file_other_period": reported(**ISSUED),
    "file_part_period": reported(subject="Kết quả chuyển đổi số năm 2025, nhiệm vụ 6 tháng đầu năm 2026"),
    "file_issued_outside": reported(**ISSUED),
    "file_section_missing": reported(*SECTIONS),
    "file_section_empty": reported(*SECTIONS),
    "value_unlike_register": area(round(KM2, 1)),
    "record_full_rate": good(egov_online_rate=100, egov_dossiers_online=5_092),
    "record_items_over_broadcasts": good(media_broadcast_items=40, media_broadcasts=40),
    "record_sessions_over_attendees": lambda: alone(sessions(C, 14, 60)),
    "record_guidance_over_guided": good(team_citizen_sessions=31),
    "record_plan_without_directive": lambda: alone(planned(1)),
    "record_rate_without_base": lambda: alone(agencies(71)),
    "tables_form_narrative": said_beside(20, low=20, high=None, qualifier="over"),
    "submissions_copied_from": two_communes(same=len(GOOD) // 2),
    "peers_rate_unlike": rates(62),
    "peers_proportion": in_proportion(team_members=165),
    "record_rate_last_digits": good(egov_dossiers_total=5_096, egov_online_rate=98.3),
    "submissions_rates_disagree": two_reports("econ_cashless_pct", 76.5, 77.4),
    "submissions_counts_disagree": two_reports("media_posts", 523, 546),
    "submissions_figures_exchanged": changed_places(26),
    "value_wide_range": told("team_citizens_guided", None, low=400, high=420, qualifier="range"),
    "value_old_date": told("skill_mooc_completed", 21, quote="Đến hết ngày 15/11/2025 có 21 người học xong"),
    "record_letters_over_list": listed(9, 14, "Xã đã ra 09 văn bản về chuyển đổi số."),
    "record_launch_over_participants": lambda: alone(launched(350, 1_620)),
    "record_full_rates_bare": all_of_them(*SHARES, numerator=12, denominator=12),
}
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
    assert code in BREAKS, f"{code} has no failing example; add one to BREAKS"
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
