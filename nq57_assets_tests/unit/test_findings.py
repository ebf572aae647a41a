"""core/findings: one sentence a fault, at the figure that is to blame, with a stable name and a person's waiver."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.lake import DataDir, Lake
from nq57_assets.model import Address, FiledFinding, Finding
from nq57_assets.quality.findings import build_findings
from nq57_assets_tests.city_frames import FIRST, GOOD, SECOND, C, City, D

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

KNOWN = catalogue()


def found(city: City, *others: City, filed: Any = (), decisions: Any = ()) -> pd.DataFrame:
    context = city.context(*others)
    assert (
        context.submissions is not None and context.observations is not None and context.resolved is not None
    )
    frames = (context.submissions, context.observations, context.resolved)
    rows = build_findings(city.round_id, filed, *frames, context.others, KNOWN, decisions)
    return rows[rows["rule"] != "value_missing"].reset_index(drop=True)


def places(rows: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(rows["rule"], rows["indicator"], strict=True))


def filed(rule: str, city: City, **fields: Any) -> FiledFinding:
    place = fields.pop("place", Address(sheet="Biểu", cell="D14"))
    name, sha256 = city.submissions[0]["original_name"], city.submissions[0]["sha256"]
    return FiledFinding(Finding(rule, place, **fields), city.round_id, FIRST, sha256, name)


def test_findings_fit_the_declared_table(tmp_path: Path) -> None:
    city = City.reporting(D, place_villages=1.44, egov_online_rate=20)
    city.commune(SECOND, GOOD, minutes=30)
    context = city.context(City.reporting(C))
    frames = (context.submissions, context.observations, context.resolved)
    rows = build_findings(
        D,
        [filed("file_late", city, observed="30/11/2025", expected="28/11/2025")],
        *frames,
        context.others,
        KNOWN,
    )
    lake = Lake(DataDir(tmp_path), KNOWN)
    assert lake.write("core/findings", D, rows) == len(rows) > 3
    assert build_findings(D, [], *City(D).frames(), None, KNOWN).empty


def test_a_finding_on_a_figure_carries_its_place_file_and_observation() -> None:
    city = City.reporting(place_villages=1_440)
    (row,) = found(city).to_dict("records")
    seen = next(o for o in city.observations if o["indicator"] == "place_villages")
    assert row["address"] == f"Biểu!{seen['cell']}" and row["original_name"] == f"Biểu {FIRST}.xlsx"
    assert (row["observation_id"], row["sha256"]) == (seen["observation_id"], seen["sha256"])
    assert (
        row["message_vi"].startswith(f"Biểu!{seen['cell']}: ")
        and "ghi 1.440, lớn hơn 300" in row["message_vi"]
    )


def test_names_are_stable_and_change_with_what_was_seen() -> None:
    first, again, other = (found(City.reporting(place_villages=v)) for v in (1_440, 1_440, 1_441))
    assert list(first["finding_id"]) == list(again["finding_id"]) != list(other["finding_id"])


def test_the_fault_that_reader_and_suite_both_see_is_one_finding() -> None:
    city = City.reporting(econ_cashless_pct=765)
    cell = next(o["cell"] for o in city.observations if o["indicator"] == "econ_cashless_pct")
    said = filed(
        "value_share_over_100",
        city,
        indicator="econ_cashless_pct",
        observed="765 %",
        place=Address(sheet="Biểu", cell=cell),
    )
    rows = found(city, filed=[said])
    assert list(rows["observed"]) == ["765 %"] and rows["observation_id"].notna().all()


def test_phone_numbers_of_filed_findings_are_masked() -> None:
    city = City.reporting()
    rows = found(
        city, filed=[filed("value_not_number", city, indicator="media_posts", observed="gọi 0912 345 678")]
    )
    assert "345" not in rows["observed"].iloc[0] and "345" not in rows["message_vi"].iloc[0]


def test_a_missing_figure_is_not_told_twice() -> None:
    city = City.reporting(team_count=None)
    frames = city.frames()
    faulted = [filed("value_error_cell", city, indicator="team_count", observed="#REF!")]
    rows = build_findings(D, faulted, *frames, None, KNOWN)
    missing = set(rows.loc[rows["rule"] == "value_missing", "indicator"])
    assert missing and "team_count" not in missing
    empty = [filed("file_no_figures", city)]
    assert set(build_findings(D, empty, *frames, None, KNOWN)["rule"]) == {"file_no_figures"}


@pytest.mark.parametrize(
    ("here", "blamed"),
    [
        # nothing tells which of the two is wrong
        ({"team_members_trained": 198}, {"team_members_trained", "team_members"}),
        # one of them is no whole number anyway
        ({"team_members_trained": 198.5}, {"team_members_trained"}),
    ],
)
def test_figures_that_break_a_rule_together_are_told_apart_where_that_is_possible(
    here: dict[str, float], blamed: set[str]
) -> None:
    rows = found(City.reporting(**here))
    assert {i for rule, i in places(rows) if rule == "record_trained_over_members"} == blamed


def test_a_figure_that_the_other_report_of_the_year_confirms_is_not_to_blame() -> None:
    rows = found(City.reporting(D, team_members_trained=198), City.reporting(C))
    assert places(rows) == {("record_trained_over_members", "team_members_trained")}
    rows = found(City.reporting(D, egov_online_rate=61.2), City.reporting(C))
    assert places(rows) == {("record_rate_not_parts", "egov_online_rate")}


def test_a_wrong_part_explains_the_rate_that_no_longer_follows() -> None:
    rows = found(City.reporting(D, egov_dossiers_online=6_000), City.reporting(C))
    assert {indicator for _, indicator in places(rows)} == {"egov_dossiers_online"}
    rate = rows.loc[rows["rule"] == "record_rate_not_parts", "message_vi"].iloc[0]
    assert "Tỷ lệ hồ sơ nộp trực tuyến" in rate and "98,39%" in rate


def test_a_figure_known_to_be_wrong_need_not_agree_with_another_report() -> None:
    rows = found(City.reporting(D, place_villages=2.4), City.reporting(C))
    assert places(rows) == {("value_not_whole", "place_villages")}


@pytest.mark.parametrize(
    ("ruling", "state"),
    [
        ({"rule": "value_above_maximum", "commune_code": FIRST, "indicator": "place_villages"}, "waived"),
        ({"rule": "value_above_maximum", "commune_code": SECOND, "indicator": "place_villages"}, "open"),
        ({"rule": "value_above_maximum"}, "open"),
        ({"finding_id": "another"}, "open"),
        ({"rule": "value_above_maximum", "commune_code": FIRST, "round_id": C}, "open"),
    ],
)
def test_a_waiver_needs_to_name_what_it_waives(ruling: dict[str, str], state: str) -> None:
    decision = {"kind": "waive", "round_id": D, "decision_id": "d1", **ruling}
    assert list(found(City.reporting(place_villages=1_440), decisions=[decision])["state"]) == [state]


def test_a_finding_can_be_waived_by_its_name_until_the_figure_changes() -> None:
    waived = found(City.reporting(place_villages=1_440))["finding_id"].iloc[0]
    decisions = [{"kind": "waive", "round_id": D, "finding_id": waived}]
    assert list(found(City.reporting(place_villages=1_440), decisions=decisions)["state"]) == ["waived"]
    assert list(found(City.reporting(place_villages=1_500), decisions=decisions)["state"]) == ["open"]


def test_a_ruling_settles_the_figure_that_waited_for_review() -> None:
    city = City.reporting(team_count=None)
    city.say(FIRST, "team_count", 25, status="review", confidence=0.5, method="narrative")
    waiting = found(city)
    assert list(waiting["rule"]) == ["value_in_review"]
    ruling = {"kind": "reject", "round_id": D, "observation_id": waiting["observation_id"].iloc[0]}
    assert found(city, decisions=[ruling]).empty


def test_a_corrected_figure_resolves_what_was_found_on_the_old_one() -> None:
    city = City.reporting(place_villages=1_440)
    city.resolved[FIRST, "place_villages"] |= {"value": 24.0, "low": 24.0, "high": 24.0, "method": "decision"}
    assert list(found(city)["state"]) == ["resolved"]


def test_a_finding_of_another_round_stays_there() -> None:
    city = City.reporting()
    elsewhere = dataclasses.replace(filed("file_late", city), round_id=C)
    assert found(city, filed=[elsewhere]).empty


def test_a_copied_file_is_one_finding_whatever_its_figures_break() -> None:
    city, other = City.reporting(), City.reporting(C)
    city.commune(SECOND, GOOD, minutes=30)
    other.commune(SECOND, {code: value * 20 for code, value in GOOD.items() if value > 20})
    rows = found(city, other)
    told = set(rows[["rule", "commune_code"]].itertuples(index=False, name=None))
    assert told == {("submissions_copied_form", SECOND), ("submissions_copied_from", FIRST)}


def test_a_ruling_that_has_lapsed_is_told_whatever_is_wrong_with_the_figure() -> None:
    city = City.reporting(team_members_trained=198)
    lapsed = filed(
        "review_lapsed", city, indicator="team_members_trained", observed="của bà Lan", expected="có bản mới"
    )
    rules = set(found(city, City.reporting(C), filed=[lapsed])["rule"])
    assert rules == {"record_trained_over_members", "review_lapsed"}


def test_who_copied_is_told_by_the_other_round_before_the_time_of_receipt() -> None:
    city, other = City(D), City(C)
    city.commune(SECOND, GOOD)
    city.commune(FIRST, GOOD, minutes=30)
    other.commune(FIRST, GOOD)
    other.commune(SECOND, {code: value * 2 for code, value in GOOD.items() if value > 20})
    rows = found(city, other)
    assert dict(
        rows[rows["rule"].str.startswith("submissions_copied")][["commune_code", "rule"]].to_numpy()
    ) == {
        SECOND: "submissions_copied_form",
        FIRST: "submissions_copied_from",
    }
