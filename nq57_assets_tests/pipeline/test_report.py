"""The report draft, read back and compared with the mart, and its form after Decree 30/2020/NĐ-CP."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.document import Document

from nq57_assets.outputs.report import write_report
from nq57_assets_tests.pipeline.conftest import ROUNDS, Published


@pytest.fixture(params=ROUNDS)
def round_id(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def report(published: Published, round_id: str, tmp_path: Path) -> Document:
    return docx.Document(
        str(write_report(published.mart, round_id, tmp_path / "bc.docx", published.catalogue))
    )


def vietnamese(value: float) -> str:
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


def figure(value: float | None, low: float | None, high: float | None, qualifier: str, *, words: bool) -> str:
    signs = {"over": ("≥", "ít nhất "), "approx": ("≈", "khoảng "), "exact": ("", "")}
    if value is None:
        ends = (vietnamese(low or 0), vietnamese(high or 0))
        return f"từ {ends[0]} đến {ends[1]}" if words else "–".join(ends)
    return signs[qualifier][words] + vietnamese(value)


def totals(published: Published, round_id: str) -> list[tuple]:
    return published.mart.execute(
        "SELECT i.name_vi, t.value, t.low, t.high, t.qualifier, t.reported, t.expected, t.state, t.unit, t.reason "
        "FROM city_indicator AS t JOIN dim_indicator AS i USING (indicator) WHERE t.round_id = ? AND t.scope = 'city'",
        [round_id],
    ).fetchall()


def test_every_sentence_tells_the_marts_figure_and_coverage(published, round_id, report):
    lines = [line.text for line in report.paragraphs]
    for name, value, low, high, qualifier, reported, expected, state, _, reason in totals(
        published, round_id
    ):
        (line,) = [text for text in lines if text.startswith(f"- {name}:")]
        if not reported:
            assert "chưa đơn vị nào có số liệu dùng được" in line
        elif state != "published":
            assert "chưa công bố" in line and reason in line
            assert vietnamese(reported) in line
        else:
            assert figure(value, low, high, qualifier, words=True) in line, line
            assert f"{reported}/{expected} đơn vị có số liệu" in line
            assert line.startswith(f"- {name}: ") and ("đủ" in line) == (reported == expected)


def test_the_annex_table_is_the_marts(published, round_id, report):
    table = next(t for t in report.tables if t.rows[0].cells[1].text == "Chỉ tiêu")
    shown = {row.cells[1].text: [cell.text for cell in row.cells] for row in table.rows[1:]}
    rows = totals(published, round_id)
    for name, value, low, high, qualifier, reported, expected, state, unit, _ in rows:
        cells = shown[name]
        wanted = figure(value, low, high, qualifier, words=False) if state == "published" else "KCB"
        assert (cells[2], cells[3], cells[7]) == (unit, wanted, f"{reported}/{expected}")
    assert len(rows) > 30


def test_who_is_missing_and_late_is_the_marts(published, round_id, report):
    found = published.mart.execute(
        "SELECT c.full_name, k.submitted, k.on_time, k.state FROM city_coverage AS k "
        "JOIN dim_commune AS c USING (commune_code) WHERE k.round_id = ?",
        [round_id],
    ).fetchall()
    text = "\n".join(line.text for line in report.paragraphs)
    came = [row for row in found if row[1]]
    assert f"{len(came):02d}/15 đơn vị đã nộp báo cáo" in text or "cả 15/15 đơn vị" in text
    missing = [row[0] for row in found if row[3] == "missing"]
    lines = [line for line in text.splitlines() if line.startswith("- Chưa nộp báo cáo")]
    assert bool(missing) == bool(lines)
    for name in missing:
        assert name in lines[0]
    assert len(published.absent) <= len(missing)
    table = next((t for t in report.tables if "Tình trạng" in [c.text for c in t.rows[0].cells]), None)
    listed = [row.cells[1].text for row in table.rows[1:]] if table else []
    assert sorted(listed) == sorted(row[0] for row in found if row[3] != "complete" or row[2] is False)


def test_statements_are_counted_as_the_mart_counts_them(published, round_id, report):
    lines = [line.text for line in report.paragraphs]
    chapters = [lines.index(name) for name in lines if name.startswith(("IV. ", "V. ", "VI. "))]
    assert len(chapters) == 3
    told = [line for line in lines[chapters[0] : chapters[2]] if line.startswith("- ")]
    counted = published.mart.execute(
        "SELECT theme_vi, communes, statements, reporting, share FROM v_statements_by_theme WHERE round_id = ?",
        [round_id],
    ).fetchall()
    assert len(told) == len(counted) and (counted or published.absent)
    if not counted:
        assert lines[chapters[0] + 2].startswith("Không đơn vị nào trong ")
        return
    for theme, communes, number, reporting, share in counted:
        figure = (
            f"cả {reporting} đơn vị"
            if communes == reporting
            else f"{communes:02} đơn vị ({vietnamese(round(share, 1))}%"
        )
        assert any(line.startswith(f"- {theme}: {figure}") for line in told), (theme, figure)
        assert communes <= number
    said = published.mart.execute(
        "SELECT COUNT(DISTINCT commune_code) FROM fact_statement WHERE round_id = ? AND kind = 'difficulty' AND is_current",
        [round_id],
    ).fetchall()[0][0]
    assert f"{said:02}/{counted[0][3]} đơn vị đã báo cáo" in lines[chapters[0] + 2]


def test_quotations_are_words_of_the_named_commune(published, round_id, report):
    quoted = [
        part
        for line in (p.text for p in report.paragraphs)
        if line.startswith("- ") and "”" in line
        for part in line.split("“")[1:]
    ]
    assert quoted or published.absent
    for part in quoted:
        words, _, rest = part.partition("” (")
        commune = rest.partition(")")[0]
        found = published.mart.execute(
            "SELECT COUNT(*) FROM fact_statement AS s JOIN dim_commune AS c USING (commune_code) "
            "WHERE s.round_id = ? AND c.full_name = ? AND s.is_current AND starts_with(s.text, ?)",
            [round_id, commune, words.removesuffix("…")],
        ).fetchall()
        assert found[0][0], part


def test_the_form_is_that_of_the_decree(report):
    page = report.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    top, bottom, left, right = (
        round(margin.mm, 1)
        for margin in (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    )
    assert 20 <= top <= 25 and 20 <= bottom <= 25 and 30 <= left <= 35 and 15 <= right <= 20
    assert report.styles["Normal"].font.name == "Times New Roman"
    head = [[cell.text for cell in row.cells] for row in report.tables[0].rows]
    assert "SỞ KHOA HỌC VÀ CÔNG NGHỆ" in head[0][0]
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in head[0][1] and "Độc lập - Tự do - Hạnh phúc" in head[0][1]
    assert head[1][0].split() == ["Số:", "/BC-SKHCN"]
    place = report.tables[0].rows[1].cells[1].paragraphs[0]
    assert place.text.startswith("Hải Phòng, ngày") and place.runs[0].italic
    texts = [line.text for line in report.paragraphs]
    assert texts.index("BÁO CÁO") < texts.index("I. TÌNH HÌNH BÁO CÁO") < texts.index("PHỤ LỤC I")
    ending = next(t for t in report.tables if "Nơi nhận:" in t.rows[0].cells[0].text)
    assert "GIÁM ĐỐC" in ending.rows[0].cells[1].text
    assert texts[texts.index("PHỤ LỤC I") - 1 :].count("./.") == 0
    assert sum(text.endswith("./.") for text in texts) == 1


def test_names_with_characters_no_document_may_hold_do_not_stop_it(published, hostile, tmp_path):
    document = docx.Document(str(write_report(hostile, ROUNDS[0], tmp_path / "bc.docx", published.catalogue)))
    assert document.paragraphs
