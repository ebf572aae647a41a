"""The way of the data, step by step, without an orchestrator: each step reads tables, calls one function, writes a table.

Belongs here: which tables a step reads and writes, and when its result is still current. Does not belong: what the steps
compute (the packages), or how they are scheduled (``defs``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from nq57_assets.catalogue import Catalogue
from nq57_assets.lake import DataDir, Lake, digest
from nq57_assets.versions import code_version

if TYPE_CHECKING:
    from nq57_assets.intake.archive import Archive

LOCAL_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
EVERY_ROUND = "all"


@dataclass(frozen=True)
class Built:
    """What a step did: the number of rows its table holds now, and whether it had to be made anew."""

    table: str
    round_id: str
    rows: int
    changed: bool


@dataclass(frozen=True)
class Project:
    """A data directory and the catalogue it is read with: what every step works on."""

    data: DataDir
    catalogue: Catalogue

    @cached_property
    def lake(self) -> Lake:
        """The tables of this data directory."""
        return Lake(self.data, self.catalogue)

    @cached_property
    def archive(self) -> Archive:
        """The archive of this data directory."""
        from nq57_assets.intake.archive import Archive

        return Archive(self.data)

    def fingerprint(self, *parts: Any) -> str:
        """Return what a result depends on: these parts, the code and the catalogue."""
        return digest(code_version(), self.catalogue.version, *parts)

    def tables_hash(self, tables: Sequence[str], rounds: Iterable[str]) -> list[str]:
        """Return the content hashes of some tables in some rounds."""
        return [self.lake.content_hash(table, round_id) for table in tables for round_id in rounds]


def today() -> date:
    """Return the date in Hải Phòng."""
    return datetime.now(LOCAL_TIME).date()


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)
