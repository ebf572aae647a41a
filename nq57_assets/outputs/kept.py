"""Outputs that stand are not made again, and what a person changed in one is never written over.

Belongs here: knowing what an output was made from and what was written. Does not belong: which outputs there are
(``publish``), what they hold.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nq57_assets.catalogue import Catalogue
from nq57_assets.folders import DataDir, write_durably
from nq57_assets.lake import digest
from nq57_assets.versions import code_version

Write = Callable[[DataDir, Catalogue], list[Path]]


def write_if_new(data: DataDir, catalogue: Catalogue, name: str, write: Write) -> list[Path]:
    """Write an output unless the same mart, catalogue and code have made it before and its files are all there.

    A file that someone has changed stays as it is until there is something new to write; then it is kept beside the new
    one, its name ending in ``.da-sua-<time>``.

    Args:
        data: The data directory.
        catalogue: Reference data; its version is part of what an output is made from.
        name: Of the output; its record is ``outputs/.made/<name>.json``.
        write: Makes the files and returns their paths, all below ``data.outputs``.

    Returns:
        The paths of the output's files, made now or before.

    Raises:
        FileNotFoundError: Nothing has been published yet.
    """
    mart = (data.mart / "nq57.duckdb").resolve(strict=True)
    source = digest(mart.name, mart.stat().st_mtime_ns, catalogue.version, code_version("outputs"))
    record = data.outputs / ".made" / f"{name}.json"
    made = _made(record)
    written = {data.outputs / path: sha256 for path, sha256 in made.get("files", {}).items()}
    if made.get("source") == source and all(path.is_file() for path in written):
        return list(written)
    for path, sha256 in written.items():
        if path.exists() and file_hash(path) != sha256:
            keep_aside(path)
    # Forgotten while writing: files of a run that was killed are no one's changes.
    write_durably(record, b"{}")
    paths = write(data, catalogue)
    files = {path.relative_to(data.outputs).as_posix(): file_hash(path) for path in paths}
    write_durably(record, json.dumps({"source": source, "files": files}, indent=1).encode())
    return paths


def _made(record: Path) -> dict[str, Any]:
    """Return what the record tells; a torn or foreign one tells nothing."""
    try:
        told = json.loads(record.read_bytes())
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, an empty text where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def keep_aside(path: Path) -> None:
    """Rename a file that someone has changed, so that a new one can stand in its place."""
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y%m%dT%H%M%SZ")
    path.rename(path.with_name(f"{path.stem}.da-sua-{changed}{path.suffix}"))
