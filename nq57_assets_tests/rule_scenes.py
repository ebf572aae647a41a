"""Cities in which one thing is wrong, or just right: a failing and a passing example of every rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from nq57_assets.catalogue import catalogue
from nq57_assets.quality.kinds import Structure
from nq57_assets.quality.rules import checked_rules
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
