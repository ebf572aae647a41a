"""A decision holds for what it saw: a new submission, a later ruling or the calendar ends it, and says so."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from nq57_assets.catalogue import catalogue
from nq57_assets.messages import message
from nq57_assets.review.force import changed_waivers, fallen, judged, seen
from nq57_assets_tests.lake_rows import NQ57, observation

DAY = date(2026, 1, 20)
OLD, NEW = "aa" * 32, "bb" * 32
CLAIM = observation("10507", "team_count", "12", sha256=OLD)
LATER = observation("10507", "team_count", "15", sha256=NEW)


def ruling(kind: str, number: int = 1, **other: Any) -> dict[str, Any]:
    return {
        "decision_id": f"d{number}",
        "decided_at": datetime(2026, 1, 5, 2, tzinfo=UTC) + timedelta(hours=number),
        "decided_by": "Nguyễn Thị Hoa",
        "kind": kind,
        "reason": "đã xem",
        "round_id": NQ57,
        "commune_code": "10507",
        "indicator": "team_count",
        "observation_id": CLAIM["observation_id"],
        "finding_id": None,
        "value_from": 12.0,
        "value_to": 13.0 if kind == "correct" else None,
        "expires_on": None,
        "seen": seen([CLAIM]),
        "source": None,
        **other,
    }


def states(decisions: list[dict[str, Any]], *claims: dict[str, Any], day: date = DAY) -> list[str]:
    return [row["state"] for row in judged(decisions, claims, day)]


def test_a_decision_holds_while_its_claim_stands() -> None:
    assert states([ruling("accept")], CLAIM) == ["in_force"]
    assert states([ruling("correct")], CLAIM) == ["in_force"]


def test_a_new_version_of_the_file_lets_a_decision_lapse_and_says_so() -> None:
    rows = judged([ruling("accept"), ruling("correct", 2)], [LATER], DAY)
    assert {row["state"] for row in rows} <= {"lapsed", "replaced"}
    (found,) = fallen(rows, NQ57)
    told, advice = message(found.finding, catalogue())
    assert "sửa" in told and "05/01/2026" in told and "không còn" in told and advice
    assert found.commune_code == "10507"


def test_a_correction_lapses_when_another_file_speaks_of_the_figure_but_an_acceptance_does_not() -> None:
    assert states([ruling("correct")], CLAIM, LATER) == ["lapsed"]
    assert states([ruling("accept")], CLAIM, LATER) == ["in_force"]


def test_a_correction_of_a_missing_figure_lapses_when_the_commune_sends_one() -> None:
    entered = ruling("correct", observation_id=None, seen=seen([]), value_from=None)
    assert states([entered]) == ["in_force"]
    assert states([entered], LATER) == ["lapsed"]


def test_a_correction_without_a_note_of_what_it_saw_stays() -> None:
    assert states([ruling("correct", observation_id=None, seen=None)], LATER) == ["in_force"]


def test_the_later_ruling_replaces_the_earlier_one() -> None:
    assert states([ruling("accept"), ruling("reject", 2)], CLAIM) == ["replaced", "in_force"]
    assert states([ruling("correct"), ruling("accept", 2)], CLAIM) == ["replaced", "in_force"]


def test_a_new_decision_ends_the_reminder_that_an_old_one_lapsed() -> None:
    again = ruling("accept", 2, observation_id=LATER["observation_id"])
    assert fallen(judged([ruling("accept"), again], [LATER], DAY), NQ57) == []


def test_a_waiver_holds_on_its_last_day_and_expires_after_it() -> None:
    waiver = ruling("waive", observation_id=None, finding_id="f1", expires_on=DAY)
    assert states([waiver], CLAIM) == ["in_force"]
    rows = judged([waiver], [CLAIM], DAY + timedelta(days=1))
    assert rows[0]["state"] == "expired"
    (found,) = fallen(rows, NQ57)
    assert found.finding.rule == "review_waiver_expired"


def test_a_waiver_of_a_finding_that_has_changed_is_told() -> None:
    waiver = ruling("waive", observation_id=None, finding_id="f1", seen=seen([CLAIM], "value_missing"))
    rows = judged([waiver], [CLAIM], DAY)
    same = {"finding_id": "f1", "rule": "value_missing", "commune_code": "10507", "indicator": "team_count"}
    other = {**same, "finding_id": "f2", "state": "open"}
    assert changed_waivers(rows, [{**same, "state": "waived"}], NQ57) == []
    assert changed_waivers(rows, [{**other, "indicator": "team_members"}], NQ57) == []
    assert [f.finding.rule for f in changed_waivers(rows, [other], NQ57)] == ["review_lapsed"]


def test_what_was_seen_is_the_files_and_the_rule() -> None:
    assert json.loads(seen([LATER, CLAIM, CLAIM], "r")) == {"files": [OLD, NEW], "rule": "r"}
