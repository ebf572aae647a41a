"""The blank form: what a commune opens, and what it must not be able to spoil by a slip."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import openpyxl
import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.outputs.form import NEUTRAL_NAME, Answer, fill_form, form_bytes, write_form, write_forms
from nq57_assets.readers import form_codes as codes

DIGITAL, COMMUNICATION = "2025-digital-transformation", "2025-nq57-communication"
CAM_GIANG = "10888"


def codes_and_rows(sheet) -> dict[str, int]:
    return {cell.value: cell.row for cell in sheet["G"] if cell.value}


@pytest.fixture(scope="module", params=[DIGITAL, COMMUNICATION])
def form(request, tmp_path_factory):
    path = write_form(request.param, tmp_path_factory.mktemp("form") / "form.xlsx", catalogue(), CAM_GIANG)
    return request.param, openpyxl.load_workbook(path)


def test_every_asked_indicator_has_one_row_in_the_order_of_the_catalogue(form):
    round_id, workbook = form
    rows = codes_and_rows(workbook["Số liệu"])
    listed = [code for code in rows if not code.startswith(codes.PREFIX) and "." not in code]
    assert listed == [indicator.code for indicator in catalogue().asked(round_id)]


def test_the_visible_words_name_unit_round_and_period(form):
    round_id, workbook = form
    sheet, round_ = workbook["Số liệu"], catalogue().round[round_id]
    assert sheet["A1"].value == "ỦY BAN NHÂN DÂN\nXÃ CẨM GIANG"
    assert sheet["C4"].value == "Xã Cẩm Giang (10888)"
    assert round_.title_vi.upper() in sheet["A2"].value
    assert "01/01/2025" in sheet["A3"].value and f"{round_.due_on:%d/%m/%Y}" in sheet["A3"].value


def test_the_hidden_stamp_says_which_form_it_is(form):
    round_id, workbook = form
    stamp = workbook["_nq57"]
    assert stamp.sheet_state == "veryHidden"
    assert {row[0].value: row[1].value for row in stamp["A1:B3"]} == {
        codes.FORM_VERSION: catalogue().round[round_id].form_version,
        codes.ROUND_ID: round_id,
        codes.COMMUNE_CODE: CAM_GIANG,
    }


def test_only_answer_cells_are_open_and_no_password_locks_anyone_out(form):
    _, workbook = form
    sheet = workbook["Số liệu"]
    rows = codes_and_rows(sheet)
    indicators = {row for code, row in rows.items() if not code.startswith(codes.PREFIX)}
    open_cells = {
        (c.column_letter, c.row) for line in sheet.iter_rows() for c in line if not c.protection.locked
    }
    assert sheet.protection.sheet and not sheet.protection.password
    assert {row for _, row in open_cells} == indicators
    assert {column for column, _ in open_cells} == {"D", "E", "F"}
    assert workbook.security.lockStructure and not workbook.security.workbookPassword


def test_each_answer_takes_only_what_its_indicator_can_be(form):
    _, workbook = form
    sheet = workbook["Số liệu"]
    rows = codes_and_rows(sheet)
    rules = {area: rule for rule in sheet.data_validations.dataValidation for area in str(rule.sqref).split()}

    count, share, flag = (
        rules[f"D{rows[code]}"] for code in ("team_count", "econ_cashless_pct", "media_portal_section")
    )
    assert (count.type, count.operator, count.formula1) == ("whole", "greaterThanOrEqual", "0")
    assert (share.type, share.operator, share.formula1, share.formula2) == ("decimal", "between", "0", "100")
    assert (flag.type, flag.formula1) == ("list", '"Có,Không"')
    assert all(rule.showErrorMessage for rule in (count, share, flag))
    # Excel calls a workbook damaged whose messages are longer.
    assert all(len(rule.prompt or "") <= 255 and len(rule.error or "") <= 225 for rule in rules.values())
    assert all(
        len(rule.promptTitle or "") <= 32 and len(rule.errorTitle or "") <= 32 for rule in rules.values()
    )
    assert count.prompt and share.prompt and flag.prompt


def test_a_ratio_without_parts_of_its_own_asks_for_its_whole(form):
    _, workbook = form
    rows = codes_and_rows(workbook["Số liệu"])
    for code in ("skill_mooc_completed", "egov_enterprises_vneid_accounts"):
        assert rows[code + codes.DENOMINATOR] == rows[code] + 1
    assert "egov_online_rate" + codes.DENOMINATOR not in rows


def test_it_prints_on_a4_with_the_header_on_every_page_and_stays_in_view(form):
    _, workbook = form
    sheet = workbook["Số liệu"]
    assert sheet.page_setup.paperSize == 9
    (pages,) = sheet.row_breaks.brk
    # The second page begins with a group's title, and has rows above the signatures.
    assert sheet[f"B{pages.id + 1}"].value == "CHÍNH QUYỀN SỐ"
    assert sheet.print_title_rows == "$5:$5"
    assert sheet.freeze_panes == "A7"


def test_the_guide_explains_every_indicator(form):
    round_id, workbook = form
    explained = {cell.value for cell in workbook["Hướng dẫn"]["B"]}
    assert {indicator.vi for indicator in catalogue().asked(round_id)} <= explained


def test_the_neutral_form_offers_all_units_by_name_and_code(tmp_path):
    workbook = openpyxl.load_workbook(write_form(DIGITAL, tmp_path / "form.xlsx", catalogue()))
    sheet = workbook["Số liệu"]
    choice = next(rule for rule in sheet.data_validations.dataValidation if "C4" in str(rule.sqref).split())
    listed = [cell.value for cell in workbook["_nq57"]["D"] if cell.value]
    assert choice.formula1 == f"'_nq57'!$D$1:$D${len(listed)}"
    assert set(listed) == {f"{c.full_name} ({c.commune_code})" for c in catalogue().communes}
    assert sheet["C4"].value is None and not sheet["C4"].protection.locked


def test_the_same_form_has_the_same_bytes(tmp_path):
    first = form_bytes(DIGITAL, catalogue(), CAM_GIANG, {"team_count": Answer(7)})
    assert form_bytes(DIGITAL, catalogue(), CAM_GIANG, {"team_count": Answer(7)}) == first
    assert form_bytes(DIGITAL, catalogue(), "10903", {"team_count": Answer(7)}) != first
    path = write_form(DIGITAL, tmp_path / "form.xlsx", catalogue(), CAM_GIANG)
    # Drawn anew, as another process would.
    from nq57_assets.outputs import form

    form._TEMPLATES.clear()
    again = form_bytes(DIGITAL, catalogue(), CAM_GIANG)
    assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(again).digest()


def test_forms_for_a_round_are_one_for_each_unit_and_a_neutral_one(tmp_path):
    paths = write_forms(DIGITAL, tmp_path, catalogue())
    assert len(paths) == len(catalogue().expected(DIGITAL)) + 1
    assert paths[-1].name == NEUTRAL_NAME
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(p.name for p in paths)
    assert len({path.read_bytes() for path in paths}) == len(paths)


def test_answers_land_in_their_rows_and_stay_what_they_are(tmp_path):
    answers = {
        "team_count": Answer(7, note='=HYPERLINK("http://x") & <b>'),
        "media_portal_section": Answer(True),
        "egov_proposed_tasks": Answer(nil=True),
        "econ_cashless_pct": Answer(98.39),
        "team_members": Answer("1.440"),
        "skill_mooc_completed": Answer(40, denominator=52),
    }
    path = fill_form(DIGITAL, tmp_path / "form.xlsx", catalogue(), CAM_GIANG, answers)
    sheet = openpyxl.load_workbook(path)["Số liệu"]
    rows = codes_and_rows(sheet)

    def row(code):
        return [sheet[f"{column}{rows[code]}"].value for column in "DEF"]

    assert row("team_count") == [7, None, '=HYPERLINK("http://x") & <b>']
    assert sheet[f"F{rows['team_count']}"].data_type == "s"
    assert row("media_portal_section")[0] == "Có"
    assert row("egov_proposed_tasks") == [None, "x", None]
    assert row("econ_cashless_pct")[0] == 98.39
    assert row("team_members")[0] == "1.440"
    assert row("skill_mooc_completed" + codes.DENOMINATOR)[0] == 52


def test_no_form_holds_a_live_formula(tmp_path):
    path = fill_form(
        DIGITAL, tmp_path / "form.xlsx", catalogue(), CAM_GIANG, {"team_count": Answer("=1+1", note="+1")}
    )
    with zipfile.ZipFile(path) as package:
        sheets = [package.read(name) for name in package.namelist() if "/worksheets/" in name]
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)


@pytest.mark.parametrize(
    ("round_id", "commune", "answers", "named"),
    [
        ("2031-unknown", CAM_GIANG, {}, "2031-unknown"),
        (DIGITAL, "99999", {}, "99999"),
        (DIGITAL, CAM_GIANG, {"media_banners": Answer(1)}, "media_banners"),
        (DIGITAL, CAM_GIANG, {"team_count": Answer(1, denominator=2)}, "team_count"),
        (DIGITAL, CAM_GIANG, {"team_count": Answer(float("nan"))}, "nan"),
    ],
)
def test_what_a_form_cannot_be_is_refused_by_name(round_id, commune, answers, named):
    with pytest.raises(ValueError, match=named):
        form_bytes(round_id, catalogue(), commune, answers)


def test_a_failed_write_leaves_no_half_form(tmp_path):
    target = Path(tmp_path) / "form.xlsx"
    target.mkdir()
    with pytest.raises(OSError, match="directory"):
        write_form(DIGITAL, target, catalogue(), CAM_GIANG)
    assert [path.name for path in tmp_path.iterdir()] == ["form.xlsx"]
