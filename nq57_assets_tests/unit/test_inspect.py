"""What one file yields: an object for any file, its words in Vietnamese, nobody's address in it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.extract.form import figure_of_text, observe_form
from nq57_assets.inspect_file import inspect_file
from nq57_assets.inspect_text import render
from nq57_assets.messages import message
from nq57_assets.model import Address, Document, Finding, FormCell, FormStamp
from nq57_assets.privacy import mask

CATALOGUE = catalogue()

REPORT = """ỦY BAN NHÂN DÂN          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
PHƯỜNG KIẾN AN           Độc lập - Tự do - Hạnh phúc
Số: 07/BC-UBND           Kiến An, ngày 02 tháng 12 năm 2025
BÁO CÁO
Kết quả chuyển đổi số năm 2025

Thực hiện Công văn số 4157/SKHCN-CNTT ngày 19/11/2025 của Sở Khoa học và Công nghệ, phường báo cáo:
I. KẾT QUẢ THỰC HIỆN
Phường có 41 Tổ công nghệ số cộng đồng với 215 thành viên; đầu mối: 0912.345.678, a.b@haiphong.gov.vn.
"""


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def rules(found: dict[str, object]) -> set[str]:
    return {finding["rule"] for finding in found["findings"]}  # type: ignore[attr-defined, index]


def test_report_gives_header_figures_and_no_persons_address(tmp_path: Path) -> None:
    found = inspect_file(written(tmp_path, "bc.txt", REPORT.encode()), CATALOGUE)
    paper = found["document"]
    assert (paper["type"], paper["number"], paper["symbol"]) == ("report", "07", "BC-UBND")
    assert (paper["issued_on"], paper["commune_code"], paper["is_draft"]) == ("2025-12-02", "11443", False)
    assert paper["references"] == [{"symbol": "4157/SKHCN-CNTT", "issued_on": "2025-11-19"}]
    figures = {one["indicator"]: (one["value"], one["line"]) for one in found["observations"]}
    assert figures["team_count"] == (41, 9)
    assert figures["team_members"] == (215, 9)
    printed = json.dumps(found, ensure_ascii=False)
    assert "345.678" not in printed
    assert "a.b@" not in printed


def test_statements_stand_beside_the_figures(tmp_path: Path) -> None:
    more = REPORT + "II. KIẾN NGHỊ\n- Đề nghị Sở cấp máy tính, đầu mối 0912.345.678.\n"
    found = inspect_file(written(tmp_path, "bc.txt", more.encode()), CATALOGUE)
    (one,) = found["statements"]
    assert (one["kind"], one["addressee"], one["themes"][0], one["line"]) == (
        "recommendation",
        "department",
        "infrastructure",
        11,
    )
    assert one["section"] == "KIẾN NGHỊ" and "345.678" not in one["text"]
    assert "recommendation to department" in render(found, CATALOGUE)
    assert [o["indicator"] for o in found["observations"]] == ["team_count", "team_members"]


def test_plan_is_told_from_a_report(tmp_path: Path) -> None:
    text = REPORT.replace("BC-UBND", "KH-UBND").replace("BÁO CÁO", "KẾ HOẠCH")
    found = inspect_file(written(tmp_path, "kh.txt", text.encode()), CATALOGUE)
    assert "file_not_report" in rules(found)
    assert not [one for one in found["observations"] if one["status"] == "accepted"]


def test_draft_without_figures_says_so(tmp_path: Path) -> None:
    text = REPORT.replace("07/BC", " /BC").replace("ngày 02", "ngày   ")
    text = text.replace("41 Tổ công nghệ số cộng đồng với 215 thành viên", "các tổ")
    found = inspect_file(written(tmp_path, "bc.txt", text.encode()), CATALOGUE)
    assert {"file_draft", "file_no_figures"} <= rules(found)
    words = next(one["message_vi"] for one in found["findings"] if one["rule"] == "file_draft")
    assert "số văn bản và ngày ban hành" in words


@pytest.mark.parametrize(
    "data", [b"", b"   \n", b"MZ\x90\x00", b"PK\x03\x04broken", bytes(range(256)) * 4, b"%PDF-1.4"]
)
def test_any_file_gives_an_object(tmp_path: Path, data: bytes) -> None:
    found = inspect_file(written(tmp_path, "tep.bin", data), CATALOGUE)
    assert found["document"]["type"] == "unknown"
    assert found["findings"]
    json.dumps(found)


def test_inbox_name_that_contradicts_the_letterhead_is_a_finding(tmp_path: Path) -> None:
    found = inspect_file(
        written(tmp_path, "bc.txt", REPORT.encode()), CATALOGUE, inbox_name="xa-hai-hung/bc.txt"
    )
    assert found["document"]["commune_code"] is None
    assert "file_identity_conflict" in rules(found)


def test_inspection_loads_neither_dagster_nor_great_expectations_nor_pandas(tmp_path: Path) -> None:
    path = written(tmp_path, "bc.txt", REPORT.encode())
    code = (
        "import sys; from pathlib import Path; from nq57_assets.catalogue import catalogue; "
        "from nq57_assets.inspect_file import inspect_file; inspect_file(Path(sys.argv[1]), catalogue()); "
        "print([m for m in ('dagster', 'great_expectations', 'pandas', 'pyarrow', 'openpyxl') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.440", (1440, 1440, 1440, "exact")),
        ("58 thôn", (58, 58, 58, "exact")),
        (">150", (150, 150, None, "over")),
        ("20 buổi trở lên", (20, 20, None, "over")),
        ("gần 900", (900, None, 900, "under")),
        ("khoảng 500", (500, 500, 500, "approx")),
        ("125–130", (None, 125, 130, "range")),
        ("-5", (-5, -5, -5, "exact")),
        ("nhiều", None),
        ("12 tổ và 5 nhóm", None),
        ("2025-12-05", None),
    ],
)
def test_numbers_typed_as_text(text: str, expected: tuple[object, ...] | None) -> None:
    figure = figure_of_text(text)
    assert (figure and (figure.value, figure.low, figure.high, figure.qualifier)) == expected


def cell(indicator: str, value: object, nil: bool = False, unit: str | None = None) -> FormCell:
    return FormCell(indicator, value, nil, "", Address(sheet="Biểu", cell="D9"), unit)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answer", "rule", "status"),
    [
        (cell("place_villages", 58), None, "accepted"),
        (cell("place_villages", "58 thôn"), "value_text_number", "accepted"),
        (cell("place_villages", 1.44), "value_not_whole", "review"),
        (cell("place_villages", "nhiều"), "value_not_number", None),
        (cell("place_villages", True), "value_not_number", None),
        (cell("place_villages", None, nil=True), None, "accepted"),
        (cell("place_villages", 7, nil=True), "value_nil_and_figure", "review"),
        (cell("place_villages", 7, unit="hộ"), "value_unit", "review"),
        (cell("place_villages", 98, unit="%"), "value_unit", "review"),
        (cell("place_villages", "5/12"), "value_not_number", None),
        (cell("egov_online_rate", "98,39%"), "value_text_number", "accepted"),
        (cell("place_villages", None), None, None),
    ],
)
def test_form_cells(answer: FormCell, rule: str | None, status: str | None) -> None:
    form = Document("x", "xlsx", "1", (), form=FormStamp("1", "r", None), form_cells=(answer,))
    observations, findings = observe_form(form, CATALOGUE)
    assert [finding.rule for finding in findings] == ([rule] if rule else [])
    assert [one.status for one in observations] == ([status] if status else [])


def test_percentage_for_a_count_is_the_wrong_unit() -> None:
    form = Document("x", "xlsx", "1", (), form_cells=(cell("place_villages", "98%"),))
    (one,), findings = observe_form(form, CATALOGUE)
    assert one.status == "review"
    assert {finding.rule for finding in findings} == {"value_text_number", "value_unit"}


def test_nil_is_a_claimed_zero() -> None:
    form = Document("x", "xlsx", "1", (), form_cells=(cell("place_villages", None, nil=True),))
    (one,), _ = observe_form(form, CATALOGUE)
    assert (one.value, one.nil) == (0, True)


def test_parts_of_a_rate_are_kept() -> None:
    form = Document("x", "xlsx", "1", (), form_cells=(cell("egov_online_rate", "5.010/5.092"),))
    (one,), _ = observe_form(form, CATALOGUE)
    assert (one.numerator, one.denominator) == (5010, 5092)
    assert one.value == pytest.approx(98.39, abs=0.01)


def test_every_rule_has_words_even_for_a_bare_finding() -> None:
    for rule in CATALOGUE.rules:
        words, advice = message(Finding(rule.code), CATALOGUE)
        assert words
        assert advice
        assert "{" not in words + advice


def test_words_name_the_place_and_hide_people() -> None:
    finding = Finding(
        "value_text_number", Address(sheet="Biểu", cell="D9"), "place_villages", "0912 345 678", "58"
    )
    words, _ = message(finding, CATALOGUE, "bieu.xlsx")
    assert words.startswith("Biểu!D9: ")
    assert "345" not in words
    assert CATALOGUE.indicator["place_villages"].vi in words


@pytest.mark.parametrize(
    "kept", ["1.440.000 người", "08/8/2025", "05.12.2025 08:30:11", "5.010/5.092", "0204/KH-UBND"]
)
def test_figures_and_dates_are_not_masked(kept: str) -> None:
    assert mask(kept) == kept
