"""What a careful official asks about the five real submissions, and nothing else; skipped where ``../shared`` is absent.

Asserted by rule, commune, figure and line; what the reports say is not repeated here.
"""

import os
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from nq57_assets import pipeline
from nq57_assets.catalogue import catalogue
from nq57_assets.folders import DataDir
from nq57_assets.project import Project

SHARED = Path(__file__).parents[2].parent / "shared"
D, C = "2025-digital-transformation", "2025-nq57-communication"
RECEIVED = {
    "000": (C, "2025-12-09"),
    "001": (C, "2025-12-05"),
    "002": (D, "2025-11-25"),
    "003": (C, "2025-12-08"),
    "004": (C, "2025-12-10"),
}
# Two reports of one commune: people of the one, households of the other; more letters than the papers that they are listed
# among; a range so wide that it says little; a figure of the spring; shares of 100 % that do not say of how many (told, but
# not sent). A plan. A draft without number, day, figures or second part. A report whose numbering leaves out a section.
ASKED = {
    (C, "record_household_size", "11914", "place_population", "000"),
    (D, "record_household_size", "11914", "place_households", "002"),
    (C, "file_not_report", "11257", None, "003"),
    (C, "file_draft", "10549", None, "004"),
    (C, "file_no_figures", "10549", None, "004"),
    (C, "file_section_empty", "10549", "dòng 105", "004"),
    (C, "file_section_missing", "11242", "dòng 124", "001"),
    (C, "record_letters_over_list", "11914", "steer_official_letters", "000"),
    (C, "record_letters_over_list", "11914", "steer_directives", "000"),
    (C, "value_wide_range", "11914", "skill_contest_completed", "000"),
    (D, "value_old_date", "11914", "skill_mooc_completed", "002"),
    (C, "record_full_rates_bare", "11914", "dòng 40", "000"),
    (D, "record_full_rates_bare", "11914", "dòng 110", "002"),
}
# Asked of the department's own people (what recognition left in doubt), or told by a list: who and what is missing.
BESIDE = {"value_in_review", "value_repaired", "value_missing", "file_missing"}

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="no ../shared beside the checkout"),
]


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> list[dict]:
    project = Project(DataDir(tmp_path_factory.mktemp("five") / "data"), catalogue())
    for file in sorted((SHARED / "submissions").glob("*.txt")):
        round_id, day = RECEIVED[file.name[:3]]
        place = project.data.inbox / round_id / file.name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, place)
        moment = datetime.fromisoformat(f"{day}T15:00:00+07:00").timestamp()
        os.utime(place, (moment, moment))
    pipeline.run_all(project, [D, C], settle=0)
    return project.lake.arrow("core/findings", [D, C]).to_pylist()


def test_what_a_careful_official_would_ask_is_asked_and_nothing_is_invented(findings: list[dict]) -> None:
    told = {
        (f["round_id"], f["rule"], f["commune_code"], f["indicator"] or f["address"], f["original_name"][:3])
        for f in findings
        if f["rule"] not in BESIDE
    }
    assert told == ASKED


def test_what_a_report_leaves_out_is_asked_where_it_did_report(findings: list[dict]) -> None:
    missing = {
        (f["round_id"], f["commune_code"], f["indicator"]) for f in findings if f["rule"] == "value_missing"
    }
    assert {(D, "11914", code) for code in ("steer_directives", "place_population")} <= missing
    assert {
        (C, "11242", code) for code in ("team_count", "egov_dossiers_total", "place_population")
    } <= missing
    assert not {code for _, code, _ in missing} & {"10549", "11257"}, (
        "an empty report and a plan are told once"
    )
    absent = {(f["round_id"], f["commune_code"]) for f in findings if f["rule"] == "file_missing"}
    assert (C, "11257") in absent and (C, "10549") not in absent
