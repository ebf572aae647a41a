"""Every table of the mart as Parquet and CSV with a data package descriptor, and the values as SDMX-CSV.

Belongs here: open formats for other systems. Does not belong: workbooks and pages for readers.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from nq57_assets.catalogue import Catalogue, Table
from nq57_assets.folders import write_durably
from nq57_assets.mart.schema import TABLES, declared
from nq57_assets.outputs.figures import load_build

DESCRIPTOR, SDMX = "datapackage.json", "fact_value.sdmx.csv"
DATAFLOW = "HPSKHCN:NQ57_VALUES(1.0)"
# Codes of the SDMX cross-domain list CL_OBS_STATUS.
STATUS = {"reported": "A", "nil": "A", "missing": "M", "conflict": "U", "withheld": "Q"}
_BOUNDED = "E"
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_TYPES = {
    "string": "string",
    "int64": "integer",
    "double": "number",
    "bool": "boolean",
    "date": "date",
    "timestamp": "datetime",
    "list<string>": "string",
}


def write_exports(mart: duckdb.DuckDBPyConnection, folder: Path, catalogue: Catalogue) -> list[Path]:
    """Write every table as Parquet and CSV, the values as SDMX-CSV, and the descriptor last.

    Args:
        mart: An open mart.
        folder: Where; made if need be. A reader that finds the descriptor finds every file that it names.
        catalogue: The declared shapes, for the descriptor.

    Returns:
        The files.
    """
    paths: list[Path] = []
    resources: list[dict[str, Any]] = []
    held = {row[0] for row in mart.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    for name in (table for table in TABLES if table in held):
        shape = declared(name, catalogue)
        key = ", ".join(f'"{column}"' for column in shape.key)
        table = mart.sql(f'SELECT * FROM "{name}" ORDER BY {key}').to_arrow_table()
        for ending, content in (("parquet", _parquet(table)), ("csv", _csv(table).encode())):
            paths.append(folder / f"{name}.{ending}")
            write_durably(paths[-1], content)
            resources.append(_resource(shape, name, ending, len(content)))
    paths.append(folder / SDMX)
    content = sdmx_csv(mart).encode()
    write_durably(paths[-1], content)
    resources.append(
        {
            "name": "fact_value-sdmx",
            "path": SDMX,
            "format": "csv",
            "mediatype": "text/csv",
            "bytes": len(content),
        }
    )
    paths.append(folder / DESCRIPTOR)
    write_durably(paths[-1], json.dumps(_package(mart, resources), ensure_ascii=False, indent=1).encode())
    return paths


def guarded(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: one that begins like a formula gets an apostrophe."""
    return "'" + text if text.startswith(_RISKY) else text


def _parquet(table: pa.Table) -> bytes:
    sink = BytesIO()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def _csv(table: pa.Table) -> str:
    return _lines(table.column_names, (row.values() for row in table.to_pylist()))


def _lines(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    sink = StringIO()
    writer = csv.writer(sink, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return sink.getvalue()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return guarded(json.dumps(value, ensure_ascii=False))
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return guarded(value) if isinstance(value, str) else value


def sdmx_csv(mart: duckdb.DuckDBPyConnection) -> str:
    """Return the values as SDMX-CSV 2.0: dimensions, the observed value, and its status.

    OBS_STATUS is A (normal, also for "nothing to report", with 0), E where the figure is bounded or approximate, M where it
    is missing, Q where a rule withholds it, U where a commune's papers contradict each other. LOW and HIGH are the bounds.
    """
    rows = mart.execute(
        "SELECT v.round_id, r.period_to, v.commune_code, v.indicator, i.unit, v.value, v.low, v.high, v.qualifier, "
        "v.state, v.observation_id FROM fact_value AS v JOIN dim_round AS r USING (round_id) "
        "JOIN dim_indicator AS i USING (indicator) ORDER BY ALL"
    ).fetchall()
    head = [
        "STRUCTURE",
        "STRUCTURE_ID",
        "ACTION",
        "FREQ",
        "REF_AREA",
        "INDICATOR",
        "TIME_PERIOD",
        "ROUND",
        "OBS_VALUE",
    ]
    head += ["UNIT_MEASURE", "OBS_STATUS", "LOW", "HIGH", "OBSERVATION_ID"]
    lines: list[tuple[Any, ...]] = []
    for (
        round_id,
        period_to,
        commune,
        indicator,
        unit,
        value,
        low,
        high,
        qualifier,
        state,
        observation,
    ) in rows:
        status = STATUS[state] if state != "reported" or qualifier == "exact" else _BOUNDED
        place = ("dataflow", DATAFLOW, "I", "A", commune, indicator, period_to.year, round_id)
        lines.append((*place, value, unit, status, low, high, observation))
    return _lines(head, lines)


def _resource(shape: Table, name: str, ending: str, size: int) -> dict[str, Any]:
    fields = [
        {
            "name": column.name,
            "type": _TYPES[column.type],
            "title": column.vi,
            "description": column.en,
            "constraints": {"required": True} if not column.nullable else {},
        }
        for column in shape.columns
    ]
    return {
        "name": f"{name}-{ending}".replace("_", "-"),
        "path": f"{name}.{ending}",
        "title": shape.vi,
        "description": shape.en,
        "format": ending,
        "mediatype": "text/csv" if ending == "csv" else "application/vnd.apache.parquet",
        "encoding": "utf-8",
        "bytes": size,
        "schema": {"fields": fields, "primaryKey": shape.key, "missingValues": [""]},
    }


def _package(mart: duckdb.DuckDBPyConnection, resources: list[dict[str, Any]]) -> dict[str, Any]:
    build = load_build(mart)
    return {
        "profile": "data-package",
        "name": "nq57-mart",
        "title": "Kho báo cáo Nghị quyết 57 và chuyển đổi số, thành phố Hải Phòng",
        "version": str(build.generation),
        "created": f"{build.published_at.isoformat()}Z",
        "keywords": ["Nghị quyết 57", "chuyển đổi số", "Hải Phòng"],
        "description": (
            "Times are UTC; rates are in percent; flags are 1 or 0. In CSV a text that begins like a formula has an "
            f"apostrophe before it. Catalogue {build.catalogue_version}, code {build.code_version}, "
            f"archive {build.manifest_hash}."
        ),
        "resources": resources,
    }
