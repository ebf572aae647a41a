"""The five real submissions dropped into the inbox beside a sample city; skipped where ``../shared`` is absent."""

import shutil
from pathlib import Path

import pytest

from nq57_assets import pipeline
from nq57_assets.catalogue import catalogue
from nq57_assets.folders import DataDir
from nq57_assets.project import Project
from nq57_assets.sample import make_city
from nq57_assets.trace import trace

SHARED = Path(__file__).parents[2].parent / "shared"
D, C = "2025-digital-transformation", "2025-nq57-communication"
ROUND_OF = {"000": C, "001": C, "002": D, "003": C, "004": C}
COMMUNE_OF = {"000": "11914", "001": "11242", "002": "11914", "003": "11257", "004": "10549"}

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="no ../shared beside the checkout"),
]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(DataDir(tmp_path_factory.mktemp("real") / "data"), catalogue())
    make_city(project.data, project.catalogue, communes=6)
    for file in sorted((SHARED / "submissions").glob("*.txt")):
        folder = project.data.inbox / ROUND_OF[file.name[:3]] / "thật"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, folder)
    pipeline.run_all(project, [D, C], settle=0)
    return project


def _submissions(project: Project) -> dict[str, dict]:
    rows = project.lake.arrow("raw/submissions", [D, C]).to_pylist()
    return {row["original_name"][5:8]: row for row in rows if row["original_name"].startswith("thật/")}


def test_every_sender_is_known(city: Project) -> None:
    assert {name: row["commune_code"] for name, row in _submissions(city).items()} == COMMUNE_OF


def test_a_plan_is_kept_and_does_not_count(city: Project) -> None:
    plan = _submissions(city)["003"]
    assert (plan["document_type"], plan["state"], plan["counts_as_report"]) == ("plan", "parsed", False)
    findings = city.lake.arrow("core/findings", [C]).to_pylist()
    assert [
        f["commune_code"]
        for f in findings
        if f["rule"] == "file_not_report" and f["sha256"] == plan["sha256"]
    ] == ["11257"]
    accepted = [
        o for o in city.lake.arrow("core/observations", [C]).to_pylist() if o["sha256"] == plan["sha256"]
    ]
    assert not any(o["status"] == "accepted" for o in accepted)


def test_a_draft_without_figures_counts_as_submitted_and_empty(city: Project) -> None:
    draft = _submissions(city)["004"]
    assert draft["counts_as_report"]
    [row] = [r for r in city.lake.arrow("city/coverage", [C]).to_pylist() if r["commune_code"] == "10549"]
    assert row["submitted"]
    rules = {
        f["rule"] for f in city.lake.arrow("core/findings", [C]).to_pylist() if f["sha256"] == draft["sha256"]
    }
    assert {"file_draft", "file_no_figures"} <= rules


def test_every_published_figure_of_theirs_is_proven_from_the_archive(city: Project) -> None:
    values = city.lake.arrow("core/values", [D, C]).to_pylist()
    ours = [
        v for v in values if v["commune_code"] in {"11914", "11242"} and v["state"] in ("reported", "nil")
    ]
    assert len(ours) >= 40
    # Each proof reads a file again in a process of its own; a quarter meets both rounds and every kind of place.
    for value in ours[::4]:
        proof = trace(city.data, value["round_id"], value["indicator"], value["commune_code"])
        assert proof.proven, f"{value['round_id']} {value['indicator']}: {proof.render()}"
