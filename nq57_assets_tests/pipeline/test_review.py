"""The data team rules on thirty items in the review workbook, saves it and runs: everything follows, nothing is guessed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from nq57_assets import pipeline
from nq57_assets.catalogue import CatalogueError, load_catalogue
from nq57_assets.catalogue import catalogue as packaged
from nq57_assets.defs.automation import inbox_sensor
from nq57_assets.defs.resources import ProjectResource
from nq57_assets.folders import DataDir
from nq57_assets.intake.ledger import Decision, Ledger
from nq57_assets.project import Project, today
from nq57_assets.rehearse import rehearse
from nq57_assets.review import desk
from nq57_assets.review.layout import COLUMNS, HEADER_ROW, HIDDEN, REPORT, SHEETS
from nq57_assets.sample import make_city
from nq57_assets.trace import trace

C, D = "2025-nq57-communication", "2025-digital-transformation"
WHO, WHY = "Nguyễn Thị Hoa", "đã đối chiếu bản gốc"
AT = {column.key: number for number, column in enumerate(COLUMNS, 1)}


def run(data: DataDir) -> Project:
    project = Project(data, load_catalogue(data.root / "reference"))
    pipeline.run_all(project, [D, C], settle=0)
    return project


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    """A published city with planted mistakes and its review workbooks."""
    data = DataDir(tmp_path_factory.mktemp("city"))
    made = make_city(data, packaged(), communes=60, seed=57)
    assert made.reference is not None
    if made.reference != data.root / "reference":
        shutil.copytree(made.reference, data.root / "reference")
    run(data)
    return data


@pytest.fixture
def copy(city: DataDir, tmp_path: Path) -> DataDir:
    """The same city, to be ruled on."""
    shutil.copytree(city.root, tmp_path / "city", symlinks=True)
    return DataDir(tmp_path / "city")


def lines(sheet: Worksheet) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield row number and cells by key of the rows of a review sheet."""
    for number in range(HEADER_ROW + 1, sheet.max_row + 1):
        cells = {key: sheet.cell(number, position).value for key, position in AT.items()}
        if cells["row_id"]:
            yield number, cells


def answer(sheet: Worksheet, line: int, ruling: str, **more: Any) -> None:
    for key, value in {"ruling": ruling, "reason": WHY, "name": WHO, **more}.items():
        sheet.cell(line, AT[key]).value = value


def fill(data: DataDir, change: Callable[[openpyxl.Workbook], Any], round_id: str = C) -> Any:
    path = desk.path_of(data, round_id)
    book = openpyxl.load_workbook(path)
    given = change(book)
    book.save(path)
    return given


def decisions(data: DataDir, round_id: str = C) -> list[Decision]:
    with Ledger(data) as ledger:
        return ledger.decisions(round_id)


def table(project: Project, name: str, round_id: str = C) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = project.lake.arrow(name, [round_id]).to_pylist()
    return rows


def refusals(project: Project) -> dict[str, str]:
    """Return what the review findings say, by place in the workbook."""
    found = table(project, "core/findings")
    return {row["observed"]: row["expected"] for row in found if row["rule"] == "review_row_refused"}


def right(indicator: str) -> float:
    """Return the least figure that an indicator allows: surely none of those that were read."""
    return max(1.0, packaged().indicator[indicator].minimum)


def rule_on_thirty(book: openpyxl.Workbook) -> dict[str, dict[str, Any]]:
    """Rule as a team would: figures in review one way and the other, conflicts, findings; returns the rulings by row."""
    given: dict[str, dict[str, Any]] = {}
    touched: set[tuple[str, str]] = set()

    def rule(sheet: Worksheet, line: int, cells: dict[str, Any], ruling: str, **more: Any) -> None:
        figure = (cells["commune_code"], cells["indicator"])
        if figure in touched:
            return
        touched.add(figure)
        answer(sheet, line, ruling, **more)
        given[cells["row_id"]] = {**cells, "ruling": ruling, **more, "sheet": sheet.title}

    for turn, (line, cells) in enumerate(lines(book[SHEETS["review"]])):
        ruling = ("Chấp nhận", "Sửa", "Bác bỏ")[turn % 3]
        more = {"value": right(cells["indicator"])} if ruling == "Sửa" else {}
        rule(book[SHEETS["review"]], line, cells, ruling, **more)
    conflicts = list(lines(book[SHEETS["conflict"]]))
    if conflicts:
        rule(book[SHEETS["conflict"]], *conflicts[0], "Chấp nhận")
    corrected = 0
    for line, cells in lines(book[SHEETS["finding"]]):
        if len(given) == 30:
            break
        if cells["grade"] == "Giữ lại" and cells["indicator"] and corrected < 3:
            corrected += 1
            rule(book[SHEETS["finding"]], line, cells, "Sửa", value=right(cells["indicator"]))
        elif cells["grade"] == "Đánh dấu":
            rule(book[SHEETS["finding"]], line, cells, "Bỏ qua", until=today() + timedelta(days=30))
    return given


def by_hand(path: Path) -> None:
    """The file as openpyxl left it."""


def by_libreoffice(path: Path) -> None:
    """Open and save the file with LibreOffice, as half of the department does."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    out = path.parent / "saved"
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    command = [
        office,
        profile,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(out),
    ]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=180)
    shutil.move(out / path.name, path)


@pytest.mark.parametrize("save", [by_hand, by_libreoffice])
def test_thirty_rulings_come_back_and_everything_follows(copy: DataDir, save: Callable[[Path], None]) -> None:
    given = fill(copy, rule_on_thirty)
    assert len(given) == 30
    assert {"Chấp nhận", "Sửa", "Bỏ qua"} <= {one["ruling"] for one in given.values()}
    save(desk.path_of(copy, C))
    project = run(copy)

    assert refusals(project) == {}
    written = {decision.source.split(":")[1]: decision for decision in decisions(copy) if decision.source}
    assert written.keys() == given.keys()
    assert all((d.decided_by, d.reason) == (WHO, WHY) and d.seen for d in written.values())
    values = {(row["commune_code"], row["indicator"]): row for row in table(project, "core/values")}
    findings = {row["finding_id"]: row for row in table(project, "core/findings")}
    kept = {row["decision_id"]: row for row in table(project, "core/decisions")}
    corrected = 0
    for row_id, one in given.items():
        decision = written[row_id]
        assert kept[decision.decision_id]["state"] == "in_force"
        value = values.get((decision.commune_code, decision.indicator))
        if one["ruling"] == "Sửa":
            assert value is not None and decision.value_to == one["value"]
            assert value["decision_id"] == decision.decision_id
            assert value["state"] in ("reported", "withheld")
            corrected += value["state"] == "reported"
        elif one["ruling"] == "Bác bỏ":
            assert value is None or value["observation_id"] != decision.observation_id
        elif one["ruling"] == "Bỏ qua":
            assert findings[decision.finding_id]["state"] == "waived"
            assert decision.expires_on == one["until"]
    assert corrected
    corrections = [d for d in written.values() if d.kind == "correct"]
    shown = next(d for d in corrections if values[d.commune_code, d.indicator]["value"] == d.value_to)
    proof = trace(copy, C, str(shown.indicator), shown.commune_code, reference=project.catalogue)
    assert proof.proven and shown.decision_id in proof.render()

    book = openpyxl.load_workbook(desk.path_of(copy, C))
    left = {cells["row_id"] for title in SHEETS.values() for _, cells in lines(book[title])}
    assert not left & {row_id for row_id, one in given.items() if one["ruling"] != "Sửa"}
    assert run(copy) and len(decisions(copy)) == 30


def test_the_workbook_is_ready_to_be_used(city: DataDir) -> None:
    book = openpyxl.load_workbook(desk.path_of(city, C))
    assert book[HIDDEN].sheet_state == "veryHidden"
    assert book[HIDDEN]["B3"].value == C
    for title in SHEETS.values():
        sheet = book[title]
        assert sheet.protection.sheet and sheet.freeze_panes and sheet.auto_filter.ref
        effects = [cells["effect"] for _, cells in lines(sheet)]
        assert effects == sorted(effects, reverse=True)
        for line, cells in lines(sheet):
            assert not sheet.cell(line, AT["ruling"]).protection.locked
            assert sheet.cell(line, AT["shown"]).protection.locked
            link = sheet.cell(line, AT["original_name"]).hyperlink
            assert link is None or (desk.path_of(city, C).parent / link.target).is_file()
            assert cells["proposal"] and cells["commune"]
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    ids = [cells["row_id"] for title in SHEETS.values() for _, cells in lines(book[title])]
    assert len(set(ids)) == len(ids) and all(one.isalpha() for one in ids)
    quoted = [cells for _, cells in lines(book[SHEETS["review"]])]
    assert quoted and all(cells["quote"] and cells["place"] for cells in quoted)


def test_what_is_half_filled_doubled_or_tampered_is_explained_and_never_guessed(copy: DataDir) -> None:
    def spoil(book: openpyxl.Workbook) -> dict[str, str]:
        sheet = book[SHEETS["finding"]]
        at = [line for line, cells in lines(sheet) if cells["indicator"]]
        answer(sheet, at[0], "Bỏ qua", name=None)
        answer(sheet, at[1], "Sửa")
        answer(sheet, at[2], "Có lẽ đúng")
        answer(sheet, at[3], "Bỏ qua", value=12)
        answer(sheet, at[4], "Bỏ qua")
        sheet.cell(at[4], AT["shown"]).value = "Không có gì sai"
        answer(sheet, at[5], "Bỏ qua")
        answer(sheet, at[6], "Sửa", value=3)
        sheet.cell(at[6], AT["row_id"]).value = sheet.cell(at[5], AT["row_id"]).value
        answer(sheet, at[7], "Sửa", value="=1+1")
        answer(sheet, at[8], "Bỏ qua")
        sheet.cell(at[8], AT["row_id"]).value = "không có"
        answer(sheet, at[9], "Sửa", value=-5)
        answer(sheet, at[10], "Bỏ qua", until=date(2020, 1, 1))
        return {f"“{sheet.title}” dòng {line}": word for line, word in zip(at[:11], EXPLAINED, strict=True)}

    expected = fill(copy, spoil)
    project = run(copy)
    assert decisions(copy) == []
    told = refusals(project)
    assert told.keys() == expected.keys(), told
    for place, word in expected.items():
        assert word in told[place], (place, word, told[place])

    book = openpyxl.load_workbook(desk.path_of(copy, C))
    again = [cells for _, cells in lines(book[SHEETS["finding"]]) if cells["told"]]
    assert any(cells["ruling"] == "Bỏ qua" and "người quyết định" in cells["told"] for cells in again)
    assert book[REPORT].max_row == 12


EXPLAINED = (
    "người quyết định",
    "số đúng",
    "không có trong danh sách",
    "muốn sửa thì chọn",
    "ô khóa",
    "câu trả lời khác nhau",
    "câu trả lời khác nhau",
    "công thức",
    "không có trong tệp rà soát",
    "ngoài khoảng",
    "đã qua",
)


def test_a_workbook_of_another_round_or_of_nobody_or_of_no_kind_is_refused_whole(copy: DataDir) -> None:
    def one(book: openpyxl.Workbook) -> None:
        sheet = book[SHEETS["finding"]]
        answer(sheet, next(lines(sheet))[0], "Bỏ qua")

    mine, other = desk.path_of(copy, C), desk.path_of(copy, D)
    before = mine.read_bytes()
    fill(copy, one, D)
    mine.write_bytes(other.read_bytes())
    other.write_bytes(b"PK\x03\x04 not a workbook")
    project = run(copy)
    assert decisions(copy) == decisions(copy, D) == []
    assert "đợt" in refusals(project)["(toàn tệp)"]
    whole = [row for row in table(project, "core/findings", D) if row["rule"] == "review_row_refused"]
    assert len(whole) == 1 and "không đọc được" in whole[0]["expected"]
    mine.write_bytes(before)
    fill(copy, lambda book: (one(book), book.remove(book[HIDDEN])))
    assert "trang ẩn" in refusals(run(copy))["(toàn tệp)"]
    assert decisions(copy) == []


def test_what_nobody_has_read_is_never_overwritten(copy: DataDir) -> None:
    project = Project(copy, load_catalogue(copy.root / "reference"))
    path = desk.path_of(copy, C)
    fill(copy, lambda book: answer(book[SHEETS["finding"]], HEADER_ROW + 1, "Bỏ qua"))
    saved = path.read_bytes()
    issued = pipeline.review_workbook(project, C)
    assert not issued.changed and issued.reason and path.read_bytes() == saved
    (path.parent / f".~lock.{path.name}#").touch()
    run(copy)
    assert len(decisions(copy)) == 1
    assert path.read_bytes() == saved
    (path.parent / f".~lock.{path.name}#").unlink()
    run(copy)
    assert path.read_bytes() != saved and len(decisions(copy)) == 1


def test_a_saved_copy_of_an_older_workbook_still_counts_where_nothing_has_changed(copy: DataDir) -> None:
    path = desk.path_of(copy, C)
    older = path.read_bytes()
    fill(copy, lambda book: answer(book[SHEETS["finding"]], HEADER_ROW + 1, "Bỏ qua"))
    first = path.read_bytes()
    run(copy)
    path.write_bytes(first)

    def second_thoughts(book: openpyxl.Workbook) -> None:
        answer(book[SHEETS["finding"]], HEADER_ROW + 2, "Bỏ qua")

    fill(copy, second_thoughts)
    project = run(copy)
    assert older != first and len(decisions(copy)) == 2
    assert refusals(project) == {}


def test_a_resubmission_lets_a_ruling_lapse_and_the_next_workbook_asks_again(copy: DataDir) -> None:
    def rule_one(book: openpyxl.Workbook) -> dict[str, Any]:
        sheet = book[SHEETS["finding"]]
        line, cells = next(
            (line, cells)
            for line, cells in lines(sheet)
            if cells["indicator"] and cells["place"] and "!" in cells["place"] and cells["grade"] == "Giữ lại"
        )
        answer(sheet, line, "Sửa", value=right(cells["indicator"]))
        return cells

    cells = fill(copy, rule_one)
    project = run(copy)
    (ruled,) = decisions(copy)
    sent = copy.inbox / C / str(cells["original_name"])
    book = openpyxl.load_workbook(sent)
    sheet_name, cell = str(cells["place"]).split("!")
    book[sheet_name][cell].value = right(str(cells["indicator"])) + 1
    book.save(sent)
    project = run(copy)
    (row,) = table(project, "core/decisions")
    assert row["state"] == "lapsed" and row["decision_id"] == ruled.decision_id
    values = {(v["commune_code"], v["indicator"]): v for v in table(project, "core/values")}
    value = values[ruled.commune_code, ruled.indicator]
    assert value["decision_id"] is None and value["method"] == "form"
    told = [f for f in table(project, "core/findings") if f["rule"] == "review_lapsed"]
    assert len(told) == 1 and told[0]["state"] == "open" and WHO in told[0]["message_vi"]
    # A workbook from before the resubmission, saved only now, is stale where the figure has changed.
    book = openpyxl.load_workbook(desk.path_of(copy, C))
    assert any(cells["shown"] == told[0]["message_vi"] for _, cells in lines(book[SHEETS["finding"]]))


def test_a_rule_is_rehearsed_over_the_lake_without_changing_it(city: DataDir, tmp_path: Path) -> None:
    project = Project(city, load_catalogue(city.root / "reference"))
    before = {table: project.lake.content_hash(table, C) for table in ("core/findings", "core/values")}
    tighter = tmp_path / "try.yaml"
    tighter.write_text(
        "time_jump:\n  category: over_time\n  severity: error\n  enabled: false\n"
        "  title_vi: Nhảy vọt\n  title_en: Jump\n  message_vi: 'Chỉ tiêu {indicator}: {observed}, trước {expected}.'\n"
        "  advice_vi: Xem lại.\n  check: {kind: jump, factor: 1.2, minimum: 1}\n",
        encoding="utf-8",
    )
    today, then = rehearse(project, "time_jump"), rehearse(project, "time_jump", tighter)
    assert len(then.hits) > len(today.hits) > 0
    assert any(hit.published for hit in then.hits)
    words = then.render(project.catalogue)
    assert all(round_id in words for round_id in (C, D)) and "would be withheld" in words
    assert {table: project.lake.content_hash(table, C) for table in before} == before
    with pytest.raises(CatalogueError, match="no_such_rule"):
        rehearse(project, "no_such_rule", tighter)


def test_the_sensor_asks_once_for_a_run_when_a_workbook_has_been_saved(copy: DataDir) -> None:
    def tick(cursor: str | None) -> tuple[list[str | None], str | None]:
        resources = {"nq57": ProjectResource(data_dir=str(copy.root))}
        result = inbox_sensor(dg.build_sensor_context(cursor=cursor, resources=resources))
        assert isinstance(result, dg.SensorResult)
        return [request.partition_key for request in result.run_requests or ()], result.cursor

    _, cursor = tick(None)
    assert tick(cursor)[0] == []
    fill(copy, lambda book: answer(book[SHEETS["finding"]], HEADER_ROW + 1, "Bỏ qua"))
    asked, cursor = tick(cursor)
    assert asked == [C]
    run(copy)
    assert tick(cursor)[0] == []
