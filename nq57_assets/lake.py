"""Derived tables as Parquet: one file a table and round, replaced whole, in the shapes that the catalogue declares.

Belongs here: shapes, fingerprints, reading and writing tables. Does not belong: what the tables mean.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from nq57_assets.catalogue import Catalogue, Table
from nq57_assets.folders import DataDir, fsync_directory, write_durably

if TYPE_CHECKING:
    import pandas as pd

_ARROW = {
    "string": pa.string(),
    "int64": pa.int64(),
    "double": pa.float64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "list<string>": pa.list_(pa.string()),
}
_INPUTS = b"nq57.inputs"
# The file name of a table that is of no single round.
EVERY_ROUND = "all"

__all__ = ["DataDir", "Lake", "LakeError", "arrow_schema", "digest", "fsync_directory", "write_durably"]


class LakeError(RuntimeError):
    """A table does not have the shape that ``reference/tables.yaml`` declares; the message names table and column."""


def arrow_schema(table: Table) -> pa.Schema:
    """Return the Arrow schema of a declared table."""
    return pa.schema([pa.field(c.name, _ARROW[c.type], nullable=c.nullable) for c in table.columns])


def digest(*parts: Any) -> str:
    """Return a short hash of JSON-able parts: the fingerprint of a step's inputs."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:20]


class Lake:
    """The Parquet tables of a data directory, in the shapes that the catalogue declares."""

    def __init__(self, data: DataDir, catalogue: Catalogue) -> None:
        self.data = data
        self.catalogue = catalogue

    def path(self, table: str, round_id: str) -> Path:
        """Return where a table's rows of one round are, or will be."""
        return self.data.lake / table / f"{round_id}.parquet"

    def write(
        self,
        table: str,
        round_id: str,
        rows: pa.Table | pd.DataFrame | Sequence[Mapping[str, Any]],
        inputs: str = "",
    ) -> int:
        """Replace a table's rows of one round by file and rename, sorted by key; return the number of rows.

        Args:
            table: Declared name, such as ``core/observations``.
            round_id: The round that every row belongs to.
            rows: A frame, Arrow table or records with exactly the declared columns, in any order.
            inputs: Fingerprint of what the rows were made from, kept in the file for ``is_current``.

        Raises:
            LakeError: A column is missing, unknown, of another type, or null where it must not be.
        """
        shape = self.catalogue.table[table]
        schema = arrow_schema(shape)
        content = _to_arrow(table, rows, schema)
        if shape.key and content.num_rows:
            content = content.sort_by([(name, "ascending") for name in shape.key])
        content = content.replace_schema_metadata({_INPUTS: inputs.encode()})
        sink = pa.BufferOutputStream()
        pq.write_table(content, sink, compression="zstd")
        write_durably(self.path(table, round_id), sink.getvalue().to_pybytes())
        return int(content.num_rows)

    def is_current(self, table: str, round_id: str, inputs: str) -> bool:
        """Whether the table's rows of a round were already made from inputs with this fingerprint.

        A file that can't be read is not current: it is made again, not mourned.
        """
        try:
            metadata = pq.read_schema(self.path(table, round_id)).metadata
        except (FileNotFoundError, pa.ArrowInvalid):
            return False
        return (metadata or {}).get(_INPUTS, b"").decode() == inputs

    def forget(self) -> None:
        """Remove every derived table, so that the next run makes it anew; readings of unchanged bytes stay."""
        for table in self.catalogue.table:
            for path in (self.data.lake / table).glob("*.parquet"):
                path.unlink()

    def row_count(self, table: str, round_id: str) -> int:
        """Return the number of stored rows, from the file's footer."""
        return int(pq.read_metadata(self.path(table, round_id)).num_rows)

    def content_hash(self, table: str, round_id: str) -> str:
        """Return the hash of the stored bytes, or ``absent``: what a step downstream depends on."""
        path = self.path(table, round_id)
        return hashlib.sha256(path.read_bytes()).hexdigest()[:20] if path.exists() else "absent"

    def rounds(self, table: str) -> list[str]:
        """Return the rounds for which a table has rows stored, in the order of the catalogue."""
        return [r for r in (*self.catalogue.round, EVERY_ROUND) if self.path(table, r).exists()]

    def arrow(self, table: str, round_ids: Iterable[str]) -> pa.Table:
        """Return a table's rows of some rounds as Arrow; rounds without a file contribute none."""
        schema = arrow_schema(self.catalogue.table[table])
        parts = [pq.read_table(path) for r in round_ids if (path := self.path(table, r)).exists()]
        aligned = [part.select(schema.names).cast(schema) for part in parts]
        return pa.concat_tables(aligned) if aligned else schema.empty_table()

    def frame(self, table: str, round_ids: Iterable[str]) -> pd.DataFrame:
        """Return a table's rows of some rounds as pandas."""
        return self.arrow(table, round_ids).to_pandas()


def _to_arrow(
    table: str, rows: pa.Table | pd.DataFrame | Sequence[Mapping[str, Any]], schema: pa.Schema
) -> pa.Table:
    if isinstance(rows, pa.Table):
        given = rows
    else:
        given = (
            pa.Table.from_pandas(rows, preserve_index=False)
            if hasattr(rows, "columns")
            else _from_records(table, rows, schema)
        )
    unknown, absent = set(given.column_names) - set(schema.names), set(schema.names) - set(given.column_names)
    if unknown or absent:
        raise LakeError(f"{table}: columns missing {sorted(absent)}, not declared {sorted(unknown)}")
    columns = []
    for field in schema:
        try:
            column = given.column(field.name).cast(field.type)
        except pa.ArrowInvalid as error:
            raise LakeError(f"{table}.{field.name}: {error}") from None
        if column.null_count and not field.nullable:
            raise LakeError(
                f"{table}.{field.name}: {column.null_count} rows are empty; the column must be filled"
            )
        columns.append(column)
    return pa.Table.from_arrays(columns, schema=schema)


def _from_records(table: str, rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    if not rows:
        return schema.empty_table()
    known = {field.name: field.type for field in schema}
    columns = {}
    for name in dict.fromkeys(key for row in rows for key in row):
        try:
            columns[name] = pa.array([row.get(name) for row in rows], type=known.get(name))
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise LakeError(f"{table}.{name}: {error}") from None
    return pa.table(columns)
