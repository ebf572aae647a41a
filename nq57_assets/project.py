"""A data directory with the catalogue it is read with, and what day it is there: the ground that every step stands on.

Belongs here: fingerprints of code and tables, the clock. Does not belong: the steps (``pipeline``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from nq57_assets.catalogue import Catalogue
from nq57_assets.folders import DataDir
from nq57_assets.lake import Lake, digest
from nq57_assets.versions import pipeline_version

if TYPE_CHECKING:
    from nq57_assets.intake.archive import Archive

LOCAL_TIME = ZoneInfo("Asia/Ho_Chi_Minh")


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
        return digest(pipeline_version(), self.catalogue.version, *parts)

    def tables_hash(self, tables: Sequence[str], rounds: Iterable[str]) -> list[str]:
        """Return the content hashes of some tables in some rounds."""
        return [self.lake.content_hash(table, round_id) for table in tables for round_id in rounds]


def today() -> date:
    """Return the date in Hải Phòng."""
    return datetime.now(LOCAL_TIME).date()


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


def other_rounds(project: Project, round_id: str) -> list[str]:
    """Return every round of the catalogue but one."""
    return [other for other in project.catalogue.round if other != round_id]
