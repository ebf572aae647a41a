"""Rows of the mart as plain records, for all that people read.

Belongs here: the one query that fills a record by its fields. Does not belong: which records there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, TypeVar

import duckdb

_T = TypeVar("_T")


def rows(
    mart: duckdb.DuckDBPyConnection, record: type[_T], source: str, values: Sequence[Any] = ()
) -> list[_T]:
    """Return one record per row of ``source``, everything from FROM on; the record's fields name the columns."""
    columns = ", ".join(f't."{field.name}"' for field in fields(record))  # type: ignore[arg-type]
    found = mart.execute(f"SELECT {columns} FROM {source}", list(values)).fetchall()
    return [record(*row) for row in found]
