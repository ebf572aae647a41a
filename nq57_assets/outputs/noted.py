"""Annotated copies of the communes' own workbooks, made in throw-away processes: what others sent is never opened in ours.

Belongs here: the pool and what becomes of a workbook that defeats it. Does not belong: where notes go (``return_sheet``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nq57_assets.outputs.return_items import Item

if TYPE_CHECKING:
    from nq57_assets.catalogue import Catalogue

_WORKERS, _SECONDS = 2, 60
# openpyxl writes each sheet through a temporary file.
_WRITES = 256 << 20


@dataclass(frozen=True)
class Marking:
    """One workbook to annotate: its object in the archive, and what is to be mended in it."""

    path: Path
    sha256: str
    items: tuple[Item, ...]


def noted_copies(markings: Sequence[Marking], catalogue: Catalogue) -> list[bytes | None]:
    """Return an annotated copy of each workbook; None for one that can not be opened, or not within memory and time.

    Args:
        markings: The workbooks; the processes are only started when there is one.
        catalogue: The reference data, as every worker gets it.
    """
    if not markings:
        return []
    from pebble import ProcessPool

    from nq57_assets.intake import worker
    from nq57_assets.intake.reading import worker_context

    pool = ProcessPool(
        max_workers=min(_WORKERS, len(markings)),
        initializer=worker.start,
        initargs=(catalogue, worker.LIMITS, None, _WRITES),
        context=worker_context(),
    )
    try:
        futures = [pool.schedule(_note, args=(m.path, m.sha256, m.items), timeout=_SECONDS) for m in markings]
        return [_outcome(future) for future in futures]
    finally:
        pool.stop()
        pool.join()


def _note(path: Path, sha256: str, items: tuple[Item, ...]) -> bytes | None:
    """Annotate one workbook; runs inside the worker."""
    from nq57_assets.outputs.return_sheet import noted_copy

    data = path.read_bytes()
    return noted_copy(data, items) if hashlib.sha256(data).hexdigest() == sha256 else None


def _outcome(future: object) -> bytes | None:
    from pebble import ProcessExpired

    try:
        return future.result()  # type: ignore[attr-defined]
    except (ProcessExpired, TimeoutError, CancelledError, MemoryError, OSError, RuntimeError):
        return None
