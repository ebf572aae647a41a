"""Opens the published mart for reading, so that no query can reach past it.

Belongs here: the one way in. Does not belong: writing of any kind.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from nq57_assets.consolidate.sql import CLOSED
from nq57_assets.lake import DataDir
from nq57_assets.mart.publish import LINK


def open_mart(
    path: Path | str | None = None, *, memory: str = "2GB", threads: int = 2
) -> duckdb.DuckDBPyConnection:
    """Return a read-only connection to the current generation of the mart.

    It keeps that generation as long as it is open; a later one is seen by opening again. It can not read or write any
    other file, load extensions, or change these settings.

    Args:
        path: The link or one generation's file; by default the link below the data directory of the environment.
        memory: Limit for one connection, in DuckDB's notation.
        threads: Threads for one connection.

    Raises:
        FileNotFoundError: Nothing has been published yet.
    """
    place = Path(path) if path is not None else DataDir.from_environment().mart / LINK
    if not place.exists():
        raise FileNotFoundError(f"{place}: no mart has been published; run `nq57 run` first")
    return duckdb.connect(
        # The file itself, not the link: DuckDB shares open databases of a process by path.
        str(place.resolve()),
        read_only=True,
        config={
            **CLOSED,
            "allow_community_extensions": False,
            "enable_external_access": False,
            "memory_limit": memory,
            "threads": threads,
            "lock_configuration": True,
        },
    )
