"""What an analyst finds in the published mart, and what is refused before it is published."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.lake import DataDir, Lake
from nq57_assets.mart import schema
from nq57_assets.mart.build import MartError, Stamp, build, verify
from nq57_assets.mart.dictionary import render_dictionary
from nq57_assets.mart.open import open_mart
from nq57_assets.mart.publish import LINK, publish
from nq57_assets.mart.views import create_views
from nq57_assets_tests.lake_rows import (
    NQ57,
    finding,
    observation,
    shaped,
    small_lake,
    submission,
    values,
    write_round,
)

LATER = "2026-nq57-communication"
ONE, TWO = "10507", "10525"


def statement(commune: str, number: int, theme: str = "funding", **other: Any) -> dict[str, Any]:
    return {
        "statement_id": f"{commune}-{number}",
        "round_id": NQ57,
        "commune_code": commune,
        "sha256": "ab" * 32,
        "kind": "difficulty",
        "theme": theme,
        "themes": [theme],
        "text": f"Khó khăn {number}.",
        "line": number,
        "extractor_version": "test",
        "is_current": True,
        **other,
    }


STATEMENTS = [
    statement(ONE, 1),
    statement(ONE, 2),
    statement(TWO, 3),
    statement(TWO, 4, "people"),
    statement(ONE, 5, is_current=False),
    statement(ONE, 6, kind="recommendation", addressee="city"),
]


@pytest.fixture(scope="module")
def mart(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    lake = Lake(DataDir(tmp_path_factory.mktemp("mart")), catalogue())
    communes = [commune.commune_code for commune in catalogue().expected(NQ57)]
    write_round(
        lake,
        [
            observation(ONE, "team_count", "12", cell="D7", quote="12 tổ"),
            *[observation(code, "team_count", "20") for code in communes[1:100]],
            observation(
                TWO, "team_members", "300", sheet=None, cell=None, page=2, line=7, method="narrative"
            ),
            observation(TWO, "media_posts", "580"),
        ],
        [
            submission(ONE, received_at=datetime(2025, 12, 12, 3, tzinfo=UTC)),
            *[submission(code) for code in communes[1:100]],
        ],
        [finding("value_above_maximum", commune_code=TWO, indicator="media_posts", sha256="ab" * 32)],
    )
    lake.write(
        "staged/documents",
        NQ57,
        shaped(
            "staged/documents",
            [
                {
                    **dict.fromkeys(("signatures", "references", "outline", "identity_votes"), "[]"),
                    "round_id": NQ57,
                    "sha256": "ab" * 32,
                    "document_type": "form",
                    "number": "388",
                    "symbol": "BC-UBND",
                    "is_draft": False,
                    "reader": "test",
                    "reader_version": "1",
                    "extractor_version": "1",
                }
            ],
            catalogue(),
        ),
    )
    lake.write("core/statements", NQ57, shaped("core/statements", STATEMENTS, catalogue()))
    later = [observation(ONE, "team_count", "15", round_id=LATER)]
    write_round(lake, later, [submission(ONE, round_id=LATER)], round_id=LATER)
    publish(lake.data, lake, "manifest")
    return open_mart(lake.data.mart / LINK)


def test_themes_are_counted_by_communes_of_the_standing_reports(mart: duckdb.DuckDBPyConnection) -> None:
    reporting = mart.execute(
        "SELECT COUNT(DISTINCT commune_code) FROM fact_submission WHERE counts_as_report AND round_id = ?",
        [NQ57],
    ).fetchall()[0][0]
    assert reporting > 1
    rows = mart.execute(
        "SELECT kind, addressee, theme, theme_vi, communes, statements, reporting, round(share, 6) "
        "FROM v_statements_by_theme ORDER BY kind, theme"
    ).fetchall()
    share = round(100 / reporting, 6)
    funding, people = (
        next(t.vi for t in catalogue().themes if t.code == code) for code in ("funding", "people")
    )
    assert rows == [
        ("difficulty", None, "funding", funding, 2, 3, reporting, round(200 / reporting, 6)),
        ("difficulty", None, "people", people, 1, 1, reporting, share),
        ("recommendation", "city", "funding", funding, 1, 1, reporting, share),
    ]
    assert mart.execute("SELECT COUNT(*) FROM fact_statement").fetchall() == [(6,)]


def test_every_table_view_and_column_says_what_it_is_in_both_languages(
    mart: duckdb.DuckDBPyConnection,
) -> None:
    said = mart.execute(
        "SELECT table_name, comment FROM duckdb_tables() UNION ALL "
        "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal UNION ALL "
        "SELECT table_name || '.' || column_name, comment FROM duckdb_columns() WHERE NOT internal"
    ).fetchall()
    assert [name for name, comment in said if not comment or " | " not in comment] == []
    names = {name for name, _ in said if "." not in name}
    assert names == {name.removeprefix("mart/") for name in catalogue().table if name.startswith("mart/")}


def test_columns_are_the_declared_ones_in_their_order(mart: duckdb.DuckDBPyConnection) -> None:
    for name in (*schema.TABLES, *schema.views(catalogue())):
        described = [row[0] for row in mart.execute(f'DESCRIBE "{name}"').fetchall()]
        assert described == [column.name for column in schema.declared(name, catalogue()).columns], name


def test_the_mart_says_where_it_comes_from(mart: duckdb.DuckDBPyConnection) -> None:
    (row,) = mart.execute(
        "SELECT generation, manifest_hash, catalogue_version, rounds, row_counts FROM mart_build"
    ).fetchall()
    assert row[:4] == (1, "manifest", catalogue().version, [NQ57, LATER])
    for name, rows in json.loads(row[4]).items():
        assert mart.execute(f'SELECT COUNT(*) FROM "{name}"').fetchall() == [(rows,)], name


def test_every_expected_commune_and_indicator_is_there_whether_or_not_it_reported(
    mart: duckdb.DuckDBPyConnection,
) -> None:
    assert mart.execute(f"SELECT COUNT(*) FROM fact_value WHERE round_id = '{NQ57}'").fetchall() == [
        (114 * 40,)
    ]


def test_latest_value_takes_the_latest_round_that_has_one(mart: duckdb.DuckDBPyConnection) -> None:
    rows = mart.execute(
        "SELECT commune_code, round_id, value FROM v_latest_value WHERE indicator = 'team_count' "
        "AND commune_code IN (?, ?) ORDER BY 1",
        [ONE, TWO],
    ).fetchall()
    assert rows == [(ONE, LATER, 15), (TWO, NQ57, 20)]


def test_a_city_total_carries_its_coverage_in_words(mart: duckdb.DuckDBPyConnection) -> None:
    (row,) = mart.execute(
        "SELECT value, state, coverage_vi, figure_vi FROM v_city_total "
        f"WHERE round_id = '{NQ57}' AND indicator = 'team_count'"
    ).fetchall()
    assert row[:2] == (12 + 99 * 20, "published")
    assert row[2].startswith("100/114 đơn vị; ")
    assert row[2].endswith("% diện tích")
    assert row[3] == "1.992"


@pytest.mark.parametrize(
    ("qualifier", "low", "high", "words"),
    [
        ("exact", 1440, 1440, "1.440"),
        ("exact", 98.394, 98.394, "98,39"),
        ("approx", 71000, 71000, "khoảng 71.000"),
        ("over", 18670, None, "ít nhất 18.670"),
        ("range", 8123, 8530.5, "từ 8.123 đến 8.530,50"),
        ("range", 89.121, 89.124, "khoảng 89,12"),
        (None, None, None, None),
    ],
)
def test_a_city_total_says_in_words_what_its_figure_is(
    qualifier: str | None, low: float | None, high: float | None, words: str | None
) -> None:
    [view] = [s for s in create_views(catalogue()) if '"v_city_total"' in s]
    with closing(duckdb.connect()) as connection:
        connection.execute(
            "CREATE TABLE city_indicator AS SELECT 'r' AS round_id, 'i' AS indicator, 'city' AS scope, '' AS unit, "
            "?::DOUBLE AS value, ?::DOUBLE AS low, ?::DOUBLE AS high, ?::VARCHAR AS qualifier, 1.0 AS exact_share, "
            "1 AS reported, 1 AS expected, 1.0 AS coverage_weighted, 'area' AS coverage_weight, '' AS state, '' AS reason, "
            "0.5 AS witnessed_share",
            [low, low, high, qualifier],
        ).fetchall()
        connection.execute("CREATE TABLE dim_round AS SELECT 'r' AS round_id, '' AS title_vi").fetchall()
        connection.execute(
            "CREATE TABLE dim_indicator AS SELECT 'i' AS indicator, '' AS name_vi, 1 AS position"
        ).fetchall()
        connection.execute(view).fetchall()
        assert connection.execute("SELECT figure_vi FROM v_city_total").fetchall() == [(words,)]


def test_ranking_stays_within_a_type(mart: duckdb.DuckDBPyConnection) -> None:
    rows = mart.execute(
        "SELECT place, ranked FROM v_ranking WHERE indicator = 'team_count' AND commune_code = ? AND round_id = ?",
        [ONE, NQ57],
    ).fetchall()
    wards = [c.commune_code for c in catalogue().expected(NQ57)[:100] if c.commune_type == "phuong"]
    assert rows == [(len(wards), len(wards))], (
        "the lowest of the wards that have reported, not of all communes"
    )


def test_change_compares_rounds_of_one_report(mart: duckdb.DuckDBPyConnection) -> None:
    rows = mart.execute(
        "SELECT commune_code, from_value, to_value, difference, change_pct FROM v_change"
    ).fetchall()
    assert rows == [(ONE, 12, 15, 3, 25)]


def test_late_lists_late_reports_and_only_those(mart: duckdb.DuckDBPyConnection) -> None:
    rows = mart.execute(f"SELECT commune_code, days_late FROM v_late WHERE round_id = '{NQ57}'").fetchall()
    assert rows == [(ONE, 2)]


def test_open_findings_name_commune_and_indicator(mart: duckdb.DuckDBPyConnection) -> None:
    rows = mart.execute("SELECT commune, rule, indicator_vi, severity FROM v_open_findings").fetchall()
    name = catalogue().commune[TWO].full_name
    assert rows == [(name, "value_above_maximum", catalogue().indicator["media_posts"].vi, "error")]


def test_proof_leads_to_file_place_and_words(mart: duckdb.DuckDBPyConnection) -> None:
    rows = mart.execute(
        "SELECT indicator, state, sha256, original_name, document, place, quote FROM v_proof "
        "WHERE commune_code IN (?, ?) AND round_id = ? ORDER BY commune_code, indicator",
        [ONE, TWO, NQ57],
    ).fetchall()
    sha = "ab" * 32
    assert rows[0][:3] == ("team_count", "reported", sha)
    assert rows[0][4:] == ("388/BC-UBND", "Biểu!D7", "12 tổ")
    assert [(row[0], row[1], row[5]) for row in rows[1:]] == [
        ("media_posts", "withheld", "Biểu!D4"),
        ("team_count", "reported", "Biểu!D4"),
        ("team_members", "reported", "trang 2, dòng 7"),
    ]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "COPY fact_value TO '/tmp/nq57-leak.csv'",
        "EXPORT DATABASE '/tmp/nq57-leak'",
        "ATTACH '/tmp/nq57-leak.duckdb'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET memory_limit = '64GB'",
        "SET enable_external_access = true",
        "DELETE FROM fact_value",
        "CREATE TABLE mine AS SELECT 1",
        "DROP VIEW v_proof",
    ],
)
def test_an_analyst_can_only_read_the_mart(mart: duckdb.DuckDBPyConnection, query: str) -> None:
    with pytest.raises(duckdb.Error):
        mart.execute(query).fetchall()


def test_python_variables_are_no_tables(mart: duckdb.DuckDBPyConnection) -> None:
    secret = values([])
    assert secret.num_rows
    with pytest.raises(duckdb.CatalogException):
        mart.execute("SELECT * FROM secret").fetchall()


def test_opening_without_a_mart_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="run `nq57 run` first"):
        open_mart(tmp_path / LINK)


def test_the_dictionary_in_the_docs_is_current() -> None:
    page = Path(__file__).parents[2] / "docs" / "data-dictionary.md"
    assert page.read_text(encoding="utf-8") == render_dictionary(catalogue()), (
        "run `nq57 dictionary > docs/data-dictionary.md`"
    )


def built(tmp_path: Path, lake: Lake) -> tuple[Path, dict[str, int]]:
    path = tmp_path / "aside.duckdb"
    stamp = Stamp(1, datetime.now(UTC), "code", "catalogue", "manifest", "inputs")
    return path, build(path, lake, stamp)


def test_a_figure_that_differs_from_the_lake_is_not_published(tmp_path: Path) -> None:
    lake = small_lake(tmp_path)
    path, rows = built(tmp_path, lake)
    verify(path, lake, rows)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "UPDATE fact_value SET value = value + 1 WHERE commune_code = '10507' AND value IS NOT NULL"
        )
    with pytest.raises(MartError, match="fact_value: cells differ"):
        verify(path, lake, rows)


def test_a_lost_row_is_not_published(tmp_path: Path) -> None:
    lake = small_lake(tmp_path)
    path, rows = built(tmp_path, lake)
    with duckdb.connect(str(path)) as connection:
        connection.execute("DELETE FROM city_coverage WHERE commune_code = '10507'")
    with pytest.raises(MartError, match="city_coverage: rows differ: 114 in the lake, 113 in the mart"):
        verify(path, lake, rows)


def test_a_key_that_stands_twice_is_not_published(tmp_path: Path) -> None:
    lake = small_lake(tmp_path)
    twice = [observation("10507", "team_count", "10")] * 2
    lake.write("core/observations", NQ57, shaped("core/observations", twice, catalogue()))
    with pytest.raises(MartError, match=r"fact_observation: key .* stands twice"):
        publish(lake.data, lake, "manifest")
    assert not (lake.data.mart / LINK).exists()


def test_a_value_whose_observation_is_gone_is_not_published(tmp_path: Path) -> None:
    lake = small_lake(tmp_path)
    lake.write("core/observations", NQ57, [])
    with pytest.raises(MartError, match=r"fact_value.observation_id: .* is not in fact_observation"):
        publish(lake.data, lake, "manifest")


def test_a_damaged_block_is_found_before_publishing(tmp_path: Path) -> None:
    lake = small_lake(tmp_path)
    path, rows = built(tmp_path, lake)
    content = bytearray(path.read_bytes())
    place = content.find("Phường Thành Đông".encode())
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises((MartError, duckdb.Error)):
        verify(path, lake, rows)


def test_an_empty_lake_gives_a_mart_with_dimensions_only(tmp_path: Path) -> None:
    lake = Lake(DataDir(tmp_path), catalogue())
    published = publish(lake.data, lake, "manifest")
    assert (published.rows["dim_commune"], published.rows["fact_value"]) == (114, 0)
