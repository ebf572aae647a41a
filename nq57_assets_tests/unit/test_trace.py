"""A published figure is followed to the words it came from, and whatever does not hold is told."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest

from nq57_assets import pipeline
from nq57_assets.catalogue import catalogue
from nq57_assets.intake.ledger import Ledger
from nq57_assets.lake import DataDir
from nq57_assets.outputs.form import write_form
from nq57_assets.project import Project
from nq57_assets.trace import NothingPublishedError, trace
from nq57_assets_tests.lake_rows import NQ57

ONE, TWO = "10507", "10525"
ANSWERS = {
    ONE: {
        "team_count": 12,
        "place_population": 20000,
        "econ_cashless_pct": 80,
        "egov_dossiers_total": 400,
        "egov_dossiers_online": 300,
        "egov_online_rate": 75.0,
    },
    TWO: {
        "team_count": 20,
        "place_population": 10000,
        "econ_cashless_pct": 50,
        "egov_dossiers_total": 100,
        "egov_dossiers_online": 100,
    },
}


def fill(path: Path, answers: dict[str, float]) -> None:
    """Write answers into a blank form, beside the codes of their indicators."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for row in sheet.iter_rows(max_row=10) for cell in row if cell.value}
    for row in sheet.iter_rows(min_row=7):
        code = row[columns["nq57:code"] - 1].value
        if code in answers:
            row[columns["nq57:value"] - 1].value = answers[str(code)]
    book.save(path)


def run(data: DataDir) -> Project:
    project = Project(data, catalogue())
    pipeline.run_all(project, [NQ57], settle=0)
    return project


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    """A published city in which two communes have sent a form."""
    data = DataDir(tmp_path_factory.mktemp("city"))
    folder = data.inbox / NQ57
    folder.mkdir(parents=True)
    for code, answers in ANSWERS.items():
        path = folder / f"{code}.xlsx"
        write_form(NQ57, path, catalogue(), code)
        fill(path, answers)
    run(data)
    return data


@pytest.fixture
def copy(city: DataDir, tmp_path: Path) -> DataDir:
    """The same city, to be spoilt."""
    shutil.copytree(city.root, tmp_path / "city", symlinks=True)
    return DataDir(tmp_path / "city")


def test_a_total_leads_to_every_commune_and_its_cell(city: DataDir) -> None:
    proof = trace(city, NQ57, "team_count")
    assert proof.proven
    assert [(link.commune_code, link.value, link.original_name) for link in proof.links] == [
        (ONE, 12, "10507.xlsx"),
        (TWO, 20, "10525.xlsx"),
    ]
    assert all(link.place and "!" in link.place and link.sha256 for link in proof.links)
    assert "2 of 2 values proven" in proof.render()


def test_one_commune_can_be_traced_alone(city: DataDir) -> None:
    proof = trace(city, NQ57, "team_count", TWO)
    assert proof.proven
    assert [link.value for link in proof.links] == [20]


def test_a_scope_shows_its_own_communes(city: DataDir) -> None:
    assert [
        link.commune_code
        for link in trace(city, NQ57, "team_count", scope="commune_type", scope_key="phuong").links
    ] == [
        ONE,
        TWO,
    ]
    assert trace(city, NQ57, "team_count", scope="commune_type", scope_key="xa").links == ()


def test_a_ratio_leads_to_both_parts(city: DataDir) -> None:
    proof = trace(city, NQ57, "egov_online_rate")
    assert proof.proven
    assert {(link.role, link.value) for link in proof.links} == {
        ("numerator", 300),
        ("numerator", 100),
        ("denominator", 400),
        ("denominator", 100),
    }


def test_a_weighted_rate_leads_to_its_weights(city: DataDir) -> None:
    proof = trace(city, NQ57, "econ_cashless_pct")
    assert proof.proven
    assert sorted((link.role, link.value) for link in proof.links) == [
        ("figure", 50),
        ("figure", 80),
        ("weight", 10000),
        ("weight", 20000),
    ]


def test_a_trace_is_json(city: DataDir) -> None:
    told = json.loads(json.dumps(trace(city, NQ57, "team_count").to_dict()))
    assert (told["proven"], told["figure"]["scope"], len(told["links"])) == (True, "city", 2)


def test_what_was_not_published_is_said(city: DataDir, tmp_path: Path) -> None:
    with pytest.raises(NothingPublishedError, match="no figure of media_posts is published for 10507"):
        trace(city, NQ57, "media_posts", ONE)
    assert not trace(city, NQ57, "media_posts").proven
    with pytest.raises(FileNotFoundError):
        trace(DataDir(tmp_path), NQ57, "team_count")


def test_a_damaged_object_proves_nothing_and_the_others_still_do(copy: DataDir) -> None:
    sha256 = trace(copy, NQ57, "team_count", ONE).links[0].sha256
    assert sha256
    (path,) = [p for p in copy.archive.rglob("*") if p.is_file() and sha256.endswith(p.name)]
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    proof = trace(copy, NQ57, "team_count")
    assert not proof.proven
    assert ["is damaged" in link.flaw for link in proof.links] == [True, False]
    assert f"✘ {ONE}" in proof.render()


def changed(column: str, value: Any) -> Callable[[list[dict[str, Any]]], None]:
    def change(rows: list[dict[str, Any]]) -> None:
        (row,) = [r for r in rows if r["commune_code"] == ONE and r["indicator"] == "team_count"]
        row[column] = value

    return change


@pytest.mark.parametrize(
    ("table", "change", "flaw"),
    [
        ("core/observations", changed("quote", "13 tổ"), "another quote"),
        ("core/observations", changed("high", 13.0), "another high"),
        ("core/values", changed("value", 13.0), "give value 12.0 instead of 13.0"),
    ],
)
def test_a_figure_that_was_changed_on_the_way_is_found(
    copy: DataDir, table: str, change: Callable[[list[dict[str, Any]]], None], flaw: str
) -> None:
    project = Project(copy, catalogue())
    stored = project.lake.arrow(table, [NQ57])
    rows = stored.to_pylist()
    change(rows)
    project.lake.write(table, NQ57, pa.Table.from_pylist(rows, schema=stored.schema))
    pipeline.publish(project)
    (link,) = trace(copy, NQ57, "team_count", ONE).links
    assert flaw in link.flaw


def test_a_total_that_does_not_follow_from_its_values_is_found(copy: DataDir) -> None:
    project = Project(copy, catalogue())
    stored = project.lake.arrow("city/indicators", [NQ57])
    rows = stored.to_pylist()
    (row,) = [r for r in rows if (r["indicator"], r["scope"]) == ("team_count", "city")]
    row["reported"] += 1
    project.lake.write("city/indicators", NQ57, pa.Table.from_pylist(rows, schema=stored.schema))
    pipeline.publish(project)
    proof = trace(copy, NQ57, "team_count")
    assert proof.flaws == ("adding the values up again gives reported 2 instead of 3",)
    assert not proof.proven


def test_a_correction_is_proven_by_the_ledger(copy: DataDir) -> None:
    before = trace(copy, NQ57, "team_count", ONE).links[0]
    with Ledger(copy) as ledger:
        ledger.record_decision(
            kind="correct",
            round_id=NQ57,
            decided_by="tester",
            decided_at=datetime(2026, 1, 5, tzinfo=UTC),
            commune_code=ONE,
            indicator="team_count",
            observation_id=before.observation_id,
            value_to=14.0,
            reason="the paper says 14",
        )
    run(copy)
    (link,) = trace(copy, NQ57, "team_count", ONE).links
    assert (link.value, link.method, link.flaw) == (14, "decision", "")
    proof = trace(copy, NQ57, "team_count", ONE)
    assert "by decision" in proof.render()
    assert proof.witnesses == (f"a named person, decision {link.decision_id}",)


def test_a_value_alone_is_told_with_what_else_bears_it_out(city: DataDir) -> None:
    assert trace(city, NQ57, "team_count", ONE).witnesses == ()
    proof = trace(city, NQ57, "egov_dossiers_total", ONE)
    assert proof.witnesses == ("arithmetic: the rate and its parts agree",)
    assert "borne out by arithmetic" in proof.render()
    assert trace(city, NQ57, "egov_dossiers_total").witnesses == ()
