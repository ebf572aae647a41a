"""The open formats: Parquet, CSV, data package and SDMX-CSV against the mart."""

from __future__ import annotations

import csv
import json

import pyarrow.parquet as pq

from nq57_assets.outputs.exports import write_exports


def test_every_table_is_there_whole_and_described(published, tmp_path):
    write_exports(published.mart, tmp_path, published.catalogue)
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    tables = [row[0] for row in published.mart.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
    described = {resource["path"]: resource for resource in package["resources"]}
    for name in tables:
        rows = published.mart.execute(f'SELECT * FROM "{name}"').fetchall()
        columns = [column[0] for column in published.mart.description]
        parquet = pq.read_table(tmp_path / f"{name}.parquet")
        assert parquet.column_names == columns
        assert sorted(map(str, rows)) == sorted(str(tuple(row.values())) for row in parquet.to_pylist())
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            read = list(csv.DictReader(stream))
        assert len(read) == len(rows)
        for ending in ("csv", "parquet"):
            resource = described[f"{name}.{ending}"]
            assert [field["name"] for field in resource["schema"]["fields"]] == columns
            assert resource["bytes"] == (tmp_path / f"{name}.{ending}").stat().st_size
    assert len(tables) >= 11


def test_sdmx_tells_the_status_of_every_observation(published, tmp_path):
    write_exports(published.mart, tmp_path, published.catalogue)
    with (tmp_path / "fact_value.sdmx.csv").open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    states = {
        row[:3]: row[3:]
        for row in published.mart.execute(
            "SELECT round_id, commune_code, indicator, state, qualifier, value FROM fact_value"
        ).fetchall()
    }
    assert len(lines) == len(states)
    for line in lines:
        state, qualifier, value = states[line["ROUND"], line["REF_AREA"], line["INDICATOR"]]
        known = {"reported": "A" if qualifier == "exact" else "E", "nil": "A"}
        assert line["OBS_STATUS"] == known.get(
            state, {"missing": "M", "conflict": "U", "withheld": "Q"}.get(state)
        )
        assert (line["OBS_VALUE"] == "") == (value is None)
        assert value is None or float(line["OBS_VALUE"]) == value


def test_no_cell_of_a_csv_can_be_a_formula(published, hostile, tmp_path):
    write_exports(hostile, tmp_path, published.catalogue)
    for path in tmp_path.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.reader(stream):
                for cell in row:
                    harmless = not cell.startswith(("=", "+", "-", "@", "\t", "\r")) or _is_number(cell)
                    assert harmless, (path.name, cell)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
