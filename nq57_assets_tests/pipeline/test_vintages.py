"""What the city has sent stays: pinned, provable, and every later change is told with its cause and effect."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest

from nq57_assets import pipeline
from nq57_assets.audit import audit, render
from nq57_assets.catalogue import Catalogue, catalogue
from nq57_assets.decisions import record
from nq57_assets.folders import DataDir
from nq57_assets.intake.fsck import fsck
from nq57_assets.intake.ledger import Ledger, LedgerError
from nq57_assets.mart.publish import generations
from nq57_assets.outputs.corrigendum import corrigendum_bytes
from nq57_assets.outputs.form import write_form
from nq57_assets.project import Project
from nq57_assets.vintages import VintageError, approve, compare, corrigendum, damaged

NQ57 = "2025-nq57-communication"
ONE, TWO, THREE = "10507", "10525", "10543"


def send(data: DataDir, commune: str, minutes: int = 0, **answers: float) -> None:
    path = data.inbox / NQ57 / f"{commune}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_form(NQ57, path, catalogue(), commune)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for row in sheet.iter_rows(max_row=10) for cell in row if cell.value}
    for row in sheet.iter_rows(min_row=7):
        code = row[columns["nq57:code"] - 1].value
        if code in answers:
            row[columns["nq57:value"] - 1].value = answers[str(code)]
    book.save(path)


def run(data: DataDir, known: Catalogue | None = None) -> Project:
    project = Project(data, known or catalogue())
    pipeline.run_all(project, [NQ57], settle=0)
    return project


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    data = DataDir(tmp_path_factory.mktemp("city"))
    send(data, ONE, team_count=12, place_population=20_000)
    send(data, TWO, team_count=20, place_population=10_000)
    run(data)
    return data


@pytest.fixture
def copy(city: DataDir, tmp_path: Path) -> DataDir:
    shutil.copytree(city.root, tmp_path / "city", symlinks=True)
    return DataDir(tmp_path / "city")


def observation(project: Project, commune: str, indicator: str) -> str:
    rows = project.lake.arrow("core/observations", [NQ57]).to_pylist()
    return next(
        str(r["observation_id"]) for r in rows if (r["commune_code"], r["indicator"]) == (commune, indicator)
    )


def test_an_approved_generation_is_never_pruned_and_its_damage_is_told(copy: DataDir) -> None:
    known = replace(catalogue(), settings={**catalogue().settings, "keep_generations": 1})
    approval = approve(copy, NQ57, "Trần Văn Nam", "BC số 12")
    assert approval.generation == 1
    for number in range(3):
        send(copy, TWO, team_count=21 + number, place_population=10_000)
        run(copy, known)
    kept = [path.name for path in generations(copy)]
    assert kept == ["nq57-000001.duckdb", "nq57-000003.duckdb", "nq57-000004.duckdb"]
    assert damaged(copy) == []
    path = generations(copy)[0]
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"x")
    assert "has changed" in damaged(copy)[0]
    assert not fsck(copy).sound


def test_an_approval_needs_a_name_and_a_round_with_figures(copy: DataDir) -> None:
    with pytest.raises(LedgerError):
        approve(copy, NQ57, " ")
    with pytest.raises(VintageError, match="no value"):
        approve(copy, "2026-nq57-communication", "Trần Văn Nam")
    with pytest.raises(VintageError, match="has not been approved"):
        corrigendum(copy, NQ57, catalogue())
    with pytest.raises(VintageError, match="there are: 1"):
        compare(copy, 1, 9, catalogue())


def test_a_corrigendum_says_figure_commune_cause_and_effect(copy: DataDir) -> None:
    approve(copy, NQ57, "Trần Văn Nam")
    assert corrigendum(copy, NQ57, catalogue())[1] == []
    project = run(copy)
    claim = observation(project, ONE, "team_count")
    record(copy, project.catalogue, claim, "correct", "Nguyễn Thị Hoa", "đơn vị đính chính", 15)
    send(copy, TWO, team_count=22, place_population=10_000)
    send(copy, THREE, team_count=9, place_population=9_000)
    run(copy)
    approval, changes = corrigendum(copy, NQ57, catalogue())
    assert approval.generation == 1
    found = {(c.commune_code, c.indicator): c for c in changes}
    corrected, renewed, added = (found[code, "team_count"] for code in (ONE, TWO, THREE))
    assert (corrected.before, corrected.after) == ("12", "15")
    assert "Nguyễn Thị Hoa" in corrected.cause and "đính chính" in corrected.cause
    assert (renewed.before, renewed.after) == ("20", "22") and "nộp bản mới" in renewed.cause
    assert (added.before, added.after) == ("chưa có số liệu", "9")
    assert (ONE, "place_population") not in found
    told = render(audit(copy, NQ57, "team_count", ONE), catalogue())
    for part in (
        "✔ 12 [accepted, form",
        f"{ONE}.xlsx",
        "Nguyễn Thị Hoa: sửa, 12 → 15 (đơn vị đính chính)",
        ": 15 tổ",
    ):
        assert part in told, told
    sheet = openpyxl.load_workbook(
        io.BytesIO(corrigendum_bytes(approval, changes, catalogue().round[NQ57]))
    ).worksheets[0]
    assert sheet.max_row == 4 + len(changes)


@pytest.mark.parametrize("lose", ["lake", "mart"])
def test_a_past_state_comes_again_row_for_row_from_archive_and_ledger(
    copy: DataDir, tmp_path: Path, lose: str
) -> None:
    project = run(copy)
    record(
        copy, project.catalogue, observation(project, ONE, "team_count"), "correct", "Hoa", "đính chính", 15
    )
    run(copy)
    before = tables(Project(copy, catalogue()))
    replayed = DataDir(tmp_path / "replayed")
    shutil.copytree(copy.archive, replayed.archive, symlinks=True)
    if lose == "mart":
        shutil.copytree(copy.lake, replayed.lake)
    after = tables(run(replayed))
    assert before.keys() == after.keys()
    for name, rows in before.items():
        differ = [column for column in rows.column_names if not rows[column].equals(after[name][column])]
        assert differ == [], name


def tables(project: Project) -> dict[str, pa.Table]:
    names = [
        name for name in project.catalogue.table if name.split("/")[0] in ("raw", "staged", "core", "city")
    ]
    return {name: project.lake.arrow(name, [NQ57]) for name in names if name != "raw/inbox"}


def test_the_ledger_shows_who_touched_an_approval(copy: DataDir) -> None:
    import sqlite3

    approve(copy, NQ57, "Trần Văn Nam")
    connection = sqlite3.connect(copy.archive / "ledger.sqlite")
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("UPDATE approvals SET approved_by = 'ai đó'")
    connection.execute("DROP TRIGGER approvals_update")
    connection.execute("UPDATE approvals SET approved_by = 'ai đó'")
    connection.commit()
    connection.close()
    with Ledger(copy) as ledger:
        damage = ledger.damage()
    assert any("approvals_update" in one for one in damage)
    assert any("approvals: row 1 was changed" in one for one in damage)
