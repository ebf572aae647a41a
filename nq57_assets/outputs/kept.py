"""Outputs that stand are not made again, and what a person changed in one is never written over.

Belongs here: knowing what an output was made from and what was written. Does not belong: which outputs there are
(``publish``), what they hold.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nq57_assets.catalogue import Catalogue
from nq57_assets.folders import DataDir, write_durably
from nq57_assets.lake import digest
from nq57_assets.versions import code_version

Write = Callable[[DataDir, Catalogue], list[Path]]


def write_if_new(data: DataDir, catalogue: Catalogue, name: str, write: Write) -> list[Path]:
    """Write an output of the published mart unless the same mart, catalogue and code have made it before.

    Args:
        data: The data directory.
        catalogue: Reference data; its version is part of what an output is made from.
        name: Of the output.
        write: Makes the files and returns their paths, all below ``data.outputs``.

    Returns:
        The paths of the output's files, made now or before.

    Raises:
        FileNotFoundError: Nothing has been published yet.
    """
    mart = (data.mart / "nq57.duckdb").resolve(strict=True)
    source = digest(mart.name, mart.stat().st_mtime_ns, catalogue.version, code_version("outputs"))
    paths, _ = write_once(data.outputs, name, source, lambda: write(data, catalogue))
    return paths


def write_once(
    root: Path, name: str, source: str, write: Callable[[], list[Path]]
) -> tuple[list[Path], bool]:
    """Write files unless the same source has made them before and they are all there.

    A file that someone has changed stays as it is until there is something new to write; then it is kept beside the new
    one, its name ending in ``.da-sua-<time>``.

    Args:
        root: The folder that all files lie below; the record is ``.made/<name>.json`` in it.
        name: Of the output.
        source: A fingerprint of what the files are made from.
        write: Makes the files and returns their paths.

    Returns:
        The paths, and whether they were made now.
    """
    record = root / ".made" / f"{name}.json"
    made = read_record(record)
    files: dict[str, str] = made.get("files", {})
    if made.get("source") == source and stand(root, files):
        return [root / path for path in files], False
    set_aside_changed(root, files)
    # Forgotten while writing: files of a run that was killed are no one's changes.
    write_durably(record, b"{}")
    paths = write()
    files = {path.relative_to(root).as_posix(): file_hash(path) for path in paths}
    write_durably(record, json.dumps({"source": source, "files": files}, indent=1).encode())
    return paths, True


def read_record(record: Path) -> dict[str, Any]:
    """Return what a record tells; a torn or foreign one tells nothing."""
    try:
        told = json.loads(record.read_bytes())
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def stand(root: Path, files: Iterable[str]) -> bool:
    """Whether files are all there, as they were written or as someone changed them."""
    return all((root / path).is_file() for path in files)


def set_aside_changed(root: Path, files: Mapping[str, str]) -> None:
    """Give another name to each file that is not what was written (path below ``root`` to SHA-256)."""
    for name, sha256 in files.items():
        path = root / name
        if path.is_file() and file_hash(path) != sha256:
            changed = datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y%m%dT%H%M%SZ")
            path.rename(path.with_name(f"{path.stem}.da-sua-{changed}{path.suffix}"))


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, an empty text where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
