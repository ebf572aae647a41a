"""What goes back to a commune: where its fault is, what was seen, what to do; and nothing that is the office's own."""

from __future__ import annotations

import hashlib
import io
import shutil
from contextlib import closing
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest

from nq57_assets import pipeline
from nq57_assets.catalogue import catalogue as packaged
from nq57_assets.catalogue import load_catalogue
from nq57_assets.folders import DataDir
from nq57_assets.intake.ledger import Ledger
from nq57_assets.mart.open import open_mart
from nq57_assets.outputs.form import Answer, form_bytes
from nq57_assets.outputs.noted import Marking, noted_copies
from nq57_assets.outputs.returns import Written, returns_of, write_returns
from nq57_assets.project import Project
from nq57_assets.resubmitted import versions
from nq57_assets.sample import make_city
from nq57_assets.status import status

C, D = "2025-nq57-communication", "2025-digital-transformation"
DAY = date(2026, 1, 20)


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Written]:
    """A published city with planted mistakes, and what goes back to its communes."""
    data = DataDir(tmp_path_factory.mktemp("city"))
    made = make_city(data, packaged(), communes=30, seed=57)
    assert made.reference is not None
    project = Project(data, load_catalogue(made.reference))
    pipeline.run_all(project, [D, C], settle=0)
    return project, write_returns(project, C, DAY)


def test_every_commune_with_an_open_finding_gets_its_list_and_a_letter(sent: tuple[Project, Written]) -> None:
    project, written = sent
    internal = set(project.catalogue.settings["internal_rules"])
    findings = project.lake.arrow("core/findings", [C]).to_pylist()
    concerned = {
        f["commune_code"]
        for f in findings
        if f["state"] == "open" and f["severity"] in ("error", "warning") and f["rule"] not in internal
    } - {None}
    assert set(written.files) == concerned
    told = ""
    for code, paths in written.files.items():
        assert written.folder / f"{code}.xlsx" in paths
        sheet = openpyxl.load_workbook(written.folder / f"{code}.xlsx").worksheets[0]
        rows = list(sheet.iter_rows(min_row=6, max_col=9, values_only=True))
        assert rows and all(row[1] in ("Phải sửa", "Cần kiểm tra") and row[7] and row[8] for row in rows)
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
        told += " ".join(str(row[7]) for row in rows)
    assert "chưa đủ chắc chắn" not in told and "không còn hiệu lực" not in told


def test_a_form_comes_back_with_a_note_at_the_cell_and_its_figures_untouched(
    sent: tuple[Project, Written],
) -> None:
    project, written = sent
    checked = 0
    for one in returns_of(project, C, DAY):
        marked = [i for i in one.items if i.cell and i.original_name.lower().endswith(".xlsx") and i.sha256]
        copies = [p for p in written.files[one.commune.commune_code] if "ghi-chu" in p.name]
        if not marked:
            assert copies == []
            continue
        (item, *_), (copy, *_) = marked, copies
        original = openpyxl.load_workbook(io.BytesIO(project.archive.open(str(item.sha256))))
        noted = openpyxl.load_workbook(copy)
        comment = noted[str(item.sheet)][str(item.cell)].comment
        if len(copies) == 1:
            assert comment is not None and item.message in comment.text and item.advice in comment.text
            assert (
                noted[str(item.sheet)][str(item.cell)].value
                == original[str(item.sheet)][str(item.cell)].value
            )
            checked += 1
    assert checked >= 5


def test_the_letter_names_the_commune_the_request_and_the_day(sent: tuple[Project, Written]) -> None:
    project, written = sent
    one = next(r for r in returns_of(project, C, DAY) if r.reported and any(i.must for i in r.items))
    letter = docx.Document(str(written.folder / f"{one.commune.commune_code}-cong-van.docx"))
    words = "\n".join(p.text for p in letter.paragraphs)
    words += "\n".join(cell.text for table in letter.tables for row in table.rows for cell in row.cells)
    for part in (
        one.commune.name,
        "4383/SKHCN-TTTT",
        "25/01/2026",
        "Độc lập - Tự do - Hạnh phúc",
        "GIÁM ĐỐC",
    ):
        assert part in words, part
    assert next(i for i in one.items if i.must).message in words


def test_who_has_not_reported_is_on_the_list_of_reminders_by_days_late(sent: tuple[Project, Written]) -> None:
    project, written = sent
    sheet = openpyxl.load_workbook(written.reminders).worksheets[0]
    rows = [row for row in sheet.iter_rows(min_row=5, max_col=4, values_only=True) if row[1]]
    coverage = project.lake.arrow("city/coverage", [C]).to_pylist()
    assert {row[1] for row in rows} == {r["commune_code"] for r in coverage if not r["submitted"]}
    due = project.catalogue.round[C].due_on
    assert due is not None and {row[3] for row in rows} == {(DAY - due).days}


def test_what_has_been_mended_is_no_longer_in_the_folder(
    sent: tuple[Project, Written], tmp_path: Path
) -> None:
    project, written = sent
    shutil.copytree(project.data.root, tmp_path / "city", symlinks=True)
    again = Project(DataDir(tmp_path / "city"), project.catalogue)
    code = next(iter(written.files))
    left = [f for f in again.lake.arrow("core/findings", [C]).to_pylist() if f["commune_code"] != code]
    again.lake.write("core/findings", C, left)
    now = write_returns(again, C, DAY)
    assert code not in now.files and not list(now.folder.glob(f"{code}*"))
    assert now.made == (), "lists that say what they said are not made again"


def test_what_someone_has_changed_in_a_letter_is_kept(sent: tuple[Project, Written], tmp_path: Path) -> None:
    project, written = sent
    shutil.copytree(project.data.root, tmp_path / "city", symlinks=True)
    again = Project(DataDir(tmp_path / "city"), project.catalogue)
    code = next(iter(written.files))
    letter = again.data.outputs / "returns" / C / f"{code}-cong-van.docx"
    letter.write_bytes(b"edited")
    same = write_returns(again, C, DAY)
    assert same.made == () and letter.read_bytes() == b"edited", "nothing new to write: the letter is theirs"
    left = [f for f in again.lake.arrow("core/findings", [C]).to_pylist() if f["commune_code"] != code]
    again.lake.write("core/findings", C, left)
    now = write_returns(again, C, DAY)
    assert code not in now.files and not letter.exists(), "nothing is open any more"
    assert [p.read_bytes() for p in letter.parent.glob(f"{code}-cong-van.da-sua-*")] == [b"edited"]


ROUND_TRIP = {  # figure: as first sent, and as sent again; the fourth is as wrong as before
    "team_members_trained": (900, 90),
    "econ_cashless_pct": (765, 76.5),
    "media_posts": (-214, 214),
    "egov_dossiers_online": (99_999, 88_888),
}


def _form(answers: dict[str, float]) -> bytes:
    given = {
        "team_members": 171,
        "egov_dossiers_total": 5_092,
        "place_population": 21_350,
        "place_villages": 24,
    }
    return form_bytes(C, packaged(), "10507", {c: Answer(value=v) for c, v in (given | answers).items()})


def test_the_next_version_is_checked_against_the_list(tmp_path: Path) -> None:
    project = Project(DataDir(tmp_path), packaged())
    inbox = project.data.inbox / C / "10507"
    inbox.mkdir(parents=True)

    def send(name: str, version: int) -> None:
        (inbox / name).write_bytes(_form({code: both[version] for code, both in ROUND_TRIP.items()}))
        pipeline.run_all(project, [C], settle=0)

    def told(code: str) -> set[str]:
        rows = project.lake.arrow("core/findings", [C]).to_pylist()
        return {r["state"] for r in rows if r["indicator"] == code and r["severity"] == "error"}

    send("bieu.xlsx", 0)
    first = write_returns(project, C, DAY)
    assert not first.followups and all(told(code) == {"open"} for code in ROUND_TRIP)
    assert not write_returns(project, C, DAY).made
    pipeline.run_all(project, [C], settle=0)
    assert told("media_posts") == {"open"}, "a list alone resolves nothing"

    send("bieu (nop lai).xlsx", 1)
    assert told("media_posts") == told("econ_cashless_pct") == told("team_members_trained") == {"resolved"}
    assert "open" in told("egov_dossiers_online")
    rows = project.lake.arrow("core/findings", [C]).to_pylist()
    current = next(
        r
        for r in project.lake.arrow("raw/submissions", [C]).to_pylist()
        if r["is_current"] and r["version"] == 2
    )
    assert {r["resolved_by"] for r in rows if r["state"] == "resolved"} == {current["submission_id"]}

    changes = {r["indicator"]: r for r in project.lake.arrow("core/changes", [C]).to_pylist()}
    assert set(changes) == set(ROUND_TRIP), "a figure that both versions give alike has not changed"
    posts = changes["media_posts"]
    assert (posts["from_value"], posts["to_value"], posts["change"]) == (-214, 214, "changed")
    assert posts["from_place"] and posts["to_sha256"] == current["sha256"] != posts["from_sha256"]
    shown = versions(project.data, C, "10507", packaged())
    assert "form version 1 → 2: 4 figures differ" in shown and "−214 → 214" in shown
    with closing(open_mart(project.data.mart / "nq57.duckdb")) as mart:
        told_in_mart = mart.execute(
            "SELECT indicator, old, new, old_file, new_file FROM v_version_change WHERE indicator = 'media_posts'"
        ).fetchall()
    assert told_in_mart == [("media_posts", "−214", "214", "10507/bieu.xlsx", "10507/bieu (nop lai).xlsx")]

    again = write_returns(project, C, DAY)
    followup = again.followups["10507"]
    outcomes = {
        item.finding["indicator"]: item.outcome
        for item in followup.items
        if item.finding["indicator"] in ROUND_TRIP
    }
    assert outcomes == {
        "team_members_trained": "mended",
        "econ_cashless_pct": "mended",
        "media_posts": "mended",
        "egov_dossiers_online": "open",
    }
    assert followup.render() in str(status(project.data, C))
    letter = docx.Document(str(again.folder / "10507-cong-van.docx"))
    assert followup.words_vi() in "\n".join(p.text for p in letter.paragraphs)
    sheet = openpyxl.load_workbook(again.folder / "10507.xlsx")["Theo dõi"]
    assert [row[0] for row in sheet.iter_rows(min_row=5, max_col=1, values_only=True)] == [
        item.number for item in followup.items
    ]
    with Ledger(project.data) as ledger:
        assert [one.commune_code for one in ledger.returns(C)].count("10507") == 2
        assert not ledger.damage()


def test_a_workbook_that_defeats_the_library_leaves_our_process_alone(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    bomb.write_bytes(b"PK\x03\x04 no workbook")
    sha256 = hashlib.sha256(bomb.read_bytes()).hexdigest()
    assert noted_copies([Marking(bomb, sha256, ()), Marking(tmp_path / "gone", sha256, ())], packaged()) == [
        None,
        None,
    ]
