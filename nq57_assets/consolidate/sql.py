"""Runs one consolidation query over Arrow tables in a private in-memory DuckDB.

Belongs here: the connection and the exact shape of what goes in and comes out. Does not belong: what a query means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeAlias

import duckdb
import pyarrow as pa

from nq57_assets.catalogue import Catalogue
from nq57_assets.lake import arrow_schema

if TYPE_CHECKING:
    import pandas as pd

Rows: TypeAlias = "pa.Table | pd.DataFrame | Sequence[Mapping[str, Any]]"

# No extension is ever looked for on the network, and a name in a query can only mean a registered table.
CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
}


@lru_cache(maxsize=8)
def query(name: str) -> str:
    """Return the text of ``consolidate/<name>.sql``."""
    return (files("nq57_assets") / "consolidate" / f"{name}.sql").read_text(encoding="utf-8")


def as_arrow(rows: Rows, table: str, catalogue: Catalogue) -> pa.Table:
    """Return rows as Arrow with exactly the declared columns of ``table``; absent nullable columns become null.

    Raises:
        ValueError: A column that must be filled is absent.
    """
    schema = arrow_schema(catalogue.table[table])
    given: Any = rows
    if not isinstance(rows, pa.Table):
        given = (
            pa.Table.from_pandas(rows, preserve_index=False)
            if hasattr(rows, "columns")
            else records(rows, schema)
        )
    columns = []
    for field in schema:
        if field.name in given.column_names:
            columns.append(given.column(field.name).cast(field.type))
        elif field.nullable:
            columns.append(pa.nulls(given.num_rows, field.type))
        else:
            raise ValueError(f"{table}.{field.name} is absent")
    return pa.Table.from_arrays(columns, schema=schema)


def records(rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Return mappings as Arrow columns of a schema; an absent key is null, other keys are left out."""
    return pa.table(
        {f.name: pa.array([row.get(f.name) for row in rows], type=f.type) for f in schema}, schema=schema
    )


def run(name: str, output: str, catalogue: Catalogue, **inputs: pa.Table) -> pa.Table:
    """Run ``<name>.sql`` over the named input tables and return rows of the declared shape ``output``."""
    with closing(duckdb.connect(":memory:", config=CLOSED)) as connection:
        connection.execute("SET TimeZone = 'UTC'").fetchall()
        for table, rows in inputs.items():
            connection.register(table, rows)
        result = connection.sql(query(name)).to_arrow_table()
    schema = arrow_schema(catalogue.table[output])
    return result.select(schema.names).cast(schema)
