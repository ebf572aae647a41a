"""Every kind of figure in workbook and report: bounds, nil, missing, conflict, review, withheld, alone, the round before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import docx
import duckdb
import openpyxl
import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.folders import DataDir
from nq57_assets.lake import Lake
from nq57_assets.mart.open import open_mart
from nq57_assets.mart.publish import LINK, publish
from nq57_assets.outputs.annex import write_annex
from nq57_assets.outputs.figures import load_round
from nq57_assets.outputs.report import write_report
from nq57_assets_tests.lake_rows import NQ57, finding, observation, submission, write_round

LATER = "2026-nq57-communication"
CODES = [commune.commune_code for commune in catalogue().expected(NQ57)]
EXACT, OVER, UNDER, ABOUT, RANGE, NIL, TWO, WAITING, WRONG = CODES[:9]
OTHER = "cd" * 32


@pytest.fixture(scope="module")
def mart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A round in which one commune stands for each kind of figure, and a later one in which all are exact."""
    lake = Lake(DataDir(tmp_path_factory.mktemp("marks")), catalogue())
    claims = [
        observation(EXACT, "media_posts", "1234"),
        observation(OVER, "media_posts", ">150", method="narrative"),
        observation(UNDER, "media_posts", "<900", method="narrative"),
        observation(ABOUT, "media_posts", "~900", method="narrative"),
        observation(RANGE, "media_posts", "125-130", method="narrative"),
        observation(NIL, "media_posts", "0", nil=True),
        observation(TWO, "media_posts", "12", method="narrative", line=1, sheet=None, cell=None),
        observation(
            TWO, "media_posts", "700", method="narrative", line=9, sheet=None, cell=None, sha256=OTHER
        ),
        observation(WAITING, "media_posts", "50", status="review", confidence=0.5),
        observation(WRONG, "media_posts", "7000000"),
        *[observation(code, "media_posts", "10") for code in CODES[9:-1]],
        observation(EXACT, "media_banners", "40"),
    ]
    received = [submission(code) for code in CODES[:-1]] + [submission(TWO, sha256=OTHER)]
    broken = finding("value_above_maximum", commune_code=WRONG, indicator="media_posts", sha256="ab" * 32)
    write_round(lake, claims, received, [{**broken, "severity": "error"}])
    later = [observation(code, "media_posts", "20", round_id=LATER) for code in CODES]
    write_round(lake, later, [submission(code, round_id=LATER) for code in CODES], round_id=LATER)
    publish(lake.data, lake, "manifest")
    connection = open_mart(lake.data.mart / LINK)
    yield connection
    connection.close()


def test_every_state_has_its_mark_and_every_bound_its_sign(
    mart: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    states = dict(
        mart.execute(
            "SELECT commune_code, state FROM fact_value WHERE indicator = 'media_posts' AND round_id = ?",
            [NQ57],
        ).fetchall()
    )
    assert [states[code] for code in (EXACT, NIL, TWO, WAITING, WRONG, CODES[-1])] == [
        "reported",
        "nil",
        "conflict",
        "missing",
        "withheld",
        "missing",
    ]
    workbook = openpyxl.load_workbook(write_annex(mart, NQ57, tmp_path / "a.xlsx", catalogue()))
    sheet = next(s for s in workbook.worksheets if s.title[0].isdigit() and "truyền thông" in s.title)
    column = next(c.column for c in sheet[3] if c.value == catalogue().indicator["media_posts"].vi)
    at = {sheet.cell(row, 2).value: sheet.cell(row, column) for row in range(1, sheet.max_row + 1)}
    cells = {code: at[catalogue().commune[code].full_name] for code in CODES}
    assert [cells[code].value for code in (EXACT, OVER, UNDER, ABOUT, RANGE)] == [
        1234,
        150,
        900,
        900,
        "125–130",
    ]
    signs = {OVER: '"≥"', UNDER: '"≤"', ABOUT: '"≈"'}
    for code, sign in signs.items():
        assert sign in cells[code].number_format
    assert not any(sign in cells[EXACT].number_format for sign in signs.values())
    marks = [cells[code].value for code in (NIL, TWO, WAITING, WRONG, CODES[-1])]
    assert marks == ["–", "MT", "…*", "GL", "…"]
    notes = [[cell.value for cell in row] for row in workbook["Ghi chú"].iter_rows()]
    held = {row[1]: row[3] for row in notes if row[2] == catalogue().indicator["media_posts"].vi}
    assert held == {
        catalogue().commune[TWO].full_name: "số liệu mâu thuẫn",
        catalogue().commune[WAITING].full_name: "chưa có số liệu",
        catalogue().commune[WRONG].full_name: "số liệu bị giữ lại",
    }


def test_the_report_says_at_least_who_is_alone_and_that_nothing_came(
    mart: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    document = docx.Document(str(write_report(mart, NQ57, tmp_path / "b.docx", catalogue())))
    text = "\n".join(line.text for line in document.paragraphs)
    posts, banners, screens = (
        catalogue().indicator[c].vi for c in ("media_posts", "media_banners", "media_led_screens")
    )
    total = load_round(mart, NQ57).total["media_posts", "city"]
    assert total.high is None and total.low is not None
    assert f"- {posts}: ít nhất " in text
    alone = next(line for line in text.splitlines() if line.startswith(f"- {banners}:"))
    assert (
        "chưa công bố" in alone
        and f"Đơn vị duy nhất có số liệu là {catalogue().commune[EXACT].full_name} (40 chiếc)." in alone
    )
    assert f"- {screens}: chưa đơn vị nào có số liệu dùng được." in text


def test_the_later_round_shows_the_earlier_figure(mart: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    data = load_round(mart, LATER)
    assert data.earlier_round is not None and data.earlier_round.round_id == NQ57
    document = docx.Document(str(write_report(mart, LATER, tmp_path / "b.docx", catalogue())))
    posts = catalogue().indicator["media_posts"].vi
    line = next(p.text for p in document.paragraphs if p.text.startswith(f"- {posts}:"))
    assert "2.280 tin bài; đủ 114/114 đơn vị có số liệu; đợt trước ít nhất " in line
    assert load_round(mart, NQ57).earlier_round is None


def test_a_round_without_figures_is_refused_by_name(mart: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="2026-digital-transformation"):
        write_annex(mart, "2026-digital-transformation", tmp_path / "a.xlsx", catalogue())
    assert list(tmp_path.iterdir()) == []
