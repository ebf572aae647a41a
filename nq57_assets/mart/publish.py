"""Publishes the lake as a new generation of the mart: built aside, verified, made durable, put in place by a link.

Belongs here: numbering, durability, the link and the clean-up. Does not belong: what is in the file (``build``).

A reader meets the old file or the new one, never a half-built or locked one; a crash at any point leaves the old link.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from filelock import FileLock

from nq57_assets.intake.ledger import approvals
from nq57_assets.lake import DataDir, Lake, digest, fsync_directory
from nq57_assets.mart import schema
from nq57_assets.mart.build import MartError, Stamp, attached, build, verify
from nq57_assets.versions import pipeline_version

LINK = "nq57.duckdb"
_GENERATIONS = "generations"
_BUILD = ".build-"
_SPILL = ".spill-"


@dataclass(frozen=True)
class Published:
    """The mart that stands after a publication; ``changed`` is False when the inputs were those of the current one."""

    generation: int
    path: Path
    rows: dict[str, int]
    changed: bool


@dataclass(frozen=True)
class Current:
    """What the published mart says of itself."""

    generation: int
    inputs: str
    path: Path
    rows: dict[str, int]


def current(data: DataDir) -> Current | None:
    """Return the published mart, or None when there is none that can be read."""
    link = data.mart / LINK
    if not link.exists():
        return None
    path = link.resolve()
    try:
        with attached(path, read_only=True) as connection:
            stamps = connection.execute("SELECT generation, inputs FROM mart_build").fetchall()
            counts = {
                name: connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchall()[0][0]
                for name in schema.TABLES
            }
    except duckdb.Error:
        # An unreadable mart is replaced by the next one; the lake has everything.
        return None
    return Current(stamps[0][0], stamps[0][1], path, counts) if stamps else None


def generations(data: DataDir) -> list[Path]:
    """Return the files of all generations, oldest first."""
    files = (data.mart / _GENERATIONS).glob("nq57-*.duckdb")
    return sorted(
        path for path in files if _number(path) is not None
    )  # a copy that a person made is not ours


def publish(data: DataDir, lake: Lake, manifest_hash: str, *, force: bool = False) -> Published:
    """Publish the lake's tables unless the current generation was made from the very same ones.

    Args:
        data: Where the mart is.
        lake: The tables to publish.
        manifest_hash: Hash of the archive's manifest, recorded in ``mart_build``.
        force: Publish although nothing changed.

    Raises:
        MartError: The new file failed its verification; the current generation stays.
        filelock.Timeout: Another publication has held the lock for ten minutes.
    """
    folder = data.mart / _GENERATIONS
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(data.mart / ".publish.lock", timeout=600):
        _sweep(data)
        inputs = _fingerprint(lake, manifest_hash)
        standing = current(data)
        if standing and standing.inputs == inputs and not force:
            return Published(standing.generation, standing.path, standing.rows, changed=False)
        number = max([0, *(_number(path) or 0 for path in generations(data))]) + 1
        stamp = Stamp(
            number, datetime.now(UTC), pipeline_version(), lake.catalogue.version, manifest_hash, inputs
        )
        fewest = standing.rows["fact_submission"] if standing else 0
        target = folder / f"nq57-{number:06d}.duckdb"
        rows = _build_aside(folder / f"{_BUILD}{number:06d}.duckdb", target, lake, stamp, fewest)
        _point(data.mart / LINK, target)
        _prune(data, target, int(lake.catalogue.settings["keep_generations"]))
    return Published(number, target, rows, changed=True)


def _fingerprint(lake: Lake, manifest_hash: str) -> str:
    tables = {table: [lake.content_hash(table, r) for r in lake.rounds(table)] for table in schema.SOURCES}
    return digest(tables, lake.catalogue.version, manifest_hash, pipeline_version())


def _number(path: Path) -> int | None:
    digits = path.stem.removeprefix("nq57-")
    return int(digits) if digits.isdecimal() else None


def _build_aside(aside: Path, target: Path, lake: Lake, stamp: Stamp, fewest: int) -> dict[str, int]:
    """Build, verify and fsync under a name that no reader looks for; only then give it its name."""
    try:
        rows = build(aside, lake, stamp)
        verify(aside, lake, rows, fewest)
        handle = os.open(aside, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        aside.chmod(0o444)
        aside.replace(target)
    except BaseException:
        aside.unlink(missing_ok=True)
        aside.with_name(aside.name + ".wal").unlink(missing_ok=True)
        raise
    fsync_directory(target.parent)
    return rows


def _point(link: Path, target: Path) -> None:
    """Move the link to ``target`` in one step that survives a power cut."""
    aside = link.with_name(f".{link.name}.new")
    aside.unlink(missing_ok=True)
    aside.symlink_to(target.relative_to(link.parent))
    aside.replace(link)
    fsync_directory(link.parent)


def _sweep(data: DataDir) -> None:
    """Remove what a crashed publication left behind; holding the lock, no other one can be at work."""
    leftovers = [
        *(data.mart / _GENERATIONS).glob(f"{_BUILD}*"),
        *(data.mart / _GENERATIONS).glob(f"{_SPILL}*/*"),
        *data.mart.glob(f".{LINK}.new"),
    ]
    for path in leftovers:
        path.unlink(missing_ok=True)
    for folder in (data.mart / _GENERATIONS).glob(f"{_SPILL}*"):
        folder.rmdir()


def _prune(data: DataDir, keep: Path, older: int) -> None:
    """Keep the current generation, the approved ones, and some older ones for readers that still open them by name."""
    approved = {approval.generation for approval in approvals(data)}
    others = [path for path in generations(data) if path != keep and _number(path) not in approved]
    for path in others[: max(0, len(others) - older)]:
        path.unlink(missing_ok=True)


__all__ = ["Current", "MartError", "Published", "current", "generations", "publish"]
