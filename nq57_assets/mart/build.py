"""Builds one complete mart file from the lake, and verifies it by reading it back.

Belongs here: the file's content and the proof that it is whole. Does not belong: where the file goes (``publish``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from nq57_assets.catalogue import Catalogue
from nq57_assets.consolidate.sql import CLOSED, records
from nq57_assets.lake import EVERY_ROUND, Lake, arrow_schema
from nq57_assets.mart import schema
from nq57_assets.mart.views import create_views

# The oldest format that holds all of this; clients from DuckDB 1.4 on can open it.
STORAGE_VERSION = "v1.4.0"


class MartError(RuntimeError):
    """A built mart is not what it must be, so it is not published; the message names the table and the reason."""


@dataclass(frozen=True)
class Stamp:
    """What ``mart_build`` says of a published state."""

    generation: int
    published_at: datetime
    code_version: str
    catalogue_version: str
    manifest_hash: str
    inputs: str


@contextmanager
def attached(path: Path, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a private connection whose current database is the file ``path``, and close it whatever happens.

    A file that is attached, not connected to, never clashes with another connection's settings in the same process.
    """
    connection = duckdb.connect(
        ":memory:", config={**CLOSED, "temp_directory": str(path.parent / f".spill-{path.name}")}
    )
    try:
        _run(connection, "SET TimeZone = 'UTC'")
        options = "READ_ONLY" if read_only else f"STORAGE_VERSION '{STORAGE_VERSION}'"
        _run(connection, f"ATTACH {_quoted(path)} AS mart ({options})")
        _run(connection, "USE mart")
        yield connection
    finally:
        connection.close()


def build(path: Path, lake: Lake, stamp: Stamp) -> dict[str, int]:
    """Write the whole mart to the new file ``path`` and return the rows by table.

    Raises:
        MartError: A write-ahead log is left beside the file, so that it could not be opened after a move.
    """
    catalogue = lake.catalogue
    with attached(path, read_only=False) as connection:
        # One transaction for all: each commit waits for the disk, and there are hundreds of comments.
        _run(connection, "BEGIN")
        for name in schema.TABLES:
            _run(connection, schema.create_table(name, catalogue))
        rows = {name: _load_dimension(connection, name, catalogue) for name in schema.DIMENSIONS}
        for name in schema.FACTS:
            rows[name] = _load_fact(connection, name, lake)
        _load_stamp(connection, stamp, rows, _rounds(lake))
        for statement in create_views(catalogue):
            _run(connection, statement)
        for name in (*schema.TABLES, *schema.views(catalogue)):
            kind = "TABLE" if name in schema.TABLES else "VIEW"
            for statement in schema.comments(name, kind, catalogue):
                _run(connection, statement)
        _run(connection, "COMMIT")
        _run(connection, "USE memory")
        _run(connection, "CHECKPOINT mart")
        _run(connection, "DETACH mart")
    if path.with_name(path.name + ".wal").exists():
        raise MartError(f"{path.name}: a write-ahead log is left after the checkpoint")
    return {**rows, schema.BUILD: 1}


def verify(path: Path, lake: Lake, rows: dict[str, int], fewest_submissions: int = 0) -> None:
    """Read the file back and compare it with the lake, row for row.

    Every block is read, so a damaged one is found here and not by an analyst.

    Args:
        path: The built file.
        lake: The tables it was built from.
        rows: What ``build`` returned.
        fewest_submissions: Submissions in the published mart; fewer would mean that something was lost.

    Raises:
        MartError: Rows differ from the lake, a key is not unique, a link leads nowhere, or submissions are fewer.
    """
    catalogue = lake.catalogue
    with attached(path, read_only=True) as connection:
        for name in schema.TABLES:
            _check_key(connection, name, catalogue)
            _expect(rows[name], _one(connection, f'SELECT COUNT(*) FROM "{name}"'), f"{name}: rows")
        for name in schema.FACTS:
            _check_content(connection, name, lake)
        for link in schema.LINKS:
            _check_link(connection, link)
        for name in schema.views(catalogue):
            _run(connection, f'SELECT * FROM "{name}" LIMIT 1')
    if rows["fact_submission"] < fewest_submissions:
        raise MartError(
            f"fact_submission: {rows['fact_submission']} submissions, but the published mart has {fewest_submissions}; "
            "run nq57 fsck and restore the archive; removed on purpose: delete the link mart/nq57.duckdb and run again"
        )


def _load_dimension(connection: duckdb.DuckDBPyConnection, name: str, catalogue: Catalogue) -> int:
    table = schema.declared(name, catalogue)
    connection.register("given", records(schema.dimension_rows(name, catalogue), arrow_schema(table)))
    _run(connection, f'INSERT INTO "{name}" BY NAME SELECT * FROM given')
    connection.unregister("given")
    return _one(connection, f'SELECT COUNT(*) FROM "{name}"')


def _load_fact(connection: duckdb.DuckDBPyConnection, name: str, lake: Lake) -> int:
    query = _fact_query(name, lake)
    if query is None:
        return 0
    _run(connection, f'INSERT INTO "{name}" BY NAME {query}')
    return _one(connection, f'SELECT COUNT(*) FROM "{name}"')


def _fact_query(name: str, lake: Lake) -> str | None:
    """Return the SELECT over Parquet that gives a fact's rows in the mart's types, or None without any file."""
    source = schema.FACTS[name]
    files = _files(lake, source)
    if not files:
        return None
    stored = lake.catalogue.table[source]
    own = schema.selected(stored.columns, "t")
    if name != "fact_submission":
        return f"SELECT {own} FROM read_parquet([{files}]) AS t"
    extra = schema.declared(name, lake.catalogue).columns[len(stored.columns) :]
    documents = _files(lake, schema.DOCUMENTS)
    if not documents:
        return f"SELECT {own} FROM read_parquet([{files}]) AS t"
    return (
        f"SELECT {own}, {schema.selected(extra, 'd')} FROM read_parquet([{files}]) AS t "
        f"LEFT JOIN read_parquet([{documents}]) AS d ON d.round_id = t.round_id AND d.sha256 = t.sha256"
    )


def _files(lake: Lake, table: str) -> str:
    return ", ".join(_quoted(lake.path(table, round_id)) for round_id in lake.rounds(table))


def _rounds(lake: Lake) -> list[str]:
    stored = {round_id for table in schema.FACTS.values() for round_id in lake.rounds(table)}
    return sorted(stored - {EVERY_ROUND})


def _load_stamp(
    connection: duckdb.DuckDBPyConnection, stamp: Stamp, rows: dict[str, int], rounds: Sequence[str]
) -> None:
    _run(
        connection,
        f'INSERT INTO "{schema.BUILD}" BY NAME SELECT ? AS generation, ?::TIMESTAMPTZ::TIMESTAMP AS published_at, '
        "? AS code_version, ? AS catalogue_version, ? AS manifest_hash, ? AS inputs, ? AS row_counts, "
        "?::VARCHAR[] AS rounds, ? AS duckdb_version",
        [
            stamp.generation,
            stamp.published_at.isoformat(),
            stamp.code_version,
            stamp.catalogue_version,
            stamp.manifest_hash,
            stamp.inputs,
            json.dumps(rows),
            list(rounds),
            duckdb.__version__,
        ],
    )


def _check_key(connection: duckdb.DuckDBPyConnection, name: str, catalogue: Catalogue) -> None:
    key = ", ".join(f'"{column}"' for column in schema.declared(name, catalogue).key)
    twice = connection.execute(
        f'SELECT {key} FROM "{name}" GROUP BY {key} HAVING COUNT(*) > 1 LIMIT 1'
    ).fetchall()
    if twice:
        raise MartError(f"{name}: key {twice[0]} stands twice")


def _check_content(connection: duckdb.DuckDBPyConnection, name: str, lake: Lake) -> None:
    """Compare a hash over all cells with the lake's; the order of rows does not matter."""
    query = _fact_query(name, lake)
    if query is None:
        return
    stored = lake.catalogue.table[schema.FACTS[name]].columns
    cells = ", ".join(f'"{column.name}"' for column in stored)
    total = f"SELECT COALESCE(SUM(HASH({cells})::HUGEINT), 0)"
    _expect(
        _one(connection, f"{total} FROM ({query}) AS t"),
        _one(connection, f'{total} FROM "{name}"'),
        f"{name}: cells",
    )
    _expect(
        _one(connection, f"SELECT COUNT(*) FROM read_parquet([{_files(lake, schema.FACTS[name])}])"),
        _one(connection, f'SELECT COUNT(*) FROM "{name}"'),
        f"{name}: rows",
    )


def _check_link(connection: duckdb.DuckDBPyConnection, link: schema.Link) -> None:
    lost = connection.execute(
        f'SELECT t."{link.column}" FROM "{link.table}" AS t ANTI JOIN "{link.target}" AS d '
        f'ON d."{link.target_column}" = t."{link.column}" WHERE t."{link.column}" IS NOT NULL LIMIT 1'
    ).fetchall()
    if lost:
        raise MartError(f"{link.table}.{link.column}: {lost[0][0]!r} is not in {link.target}")


def _expect(wanted: int, seen: int, what: str) -> None:
    if wanted != seen:
        raise MartError(f"{what} differ: {wanted} in the lake, {seen} in the mart")


def _run(connection: duckdb.DuckDBPyConnection, statement: str, values: Sequence[object] = ()) -> None:
    """Run a statement to its end: DuckDB reports some errors only when the result is fetched."""
    connection.execute(statement, values).fetchall()


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    # fetchall: a result that is not read to its end keeps the connection busy.
    return int(connection.execute(query).fetchall()[0][0])


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
