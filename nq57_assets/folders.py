"""The folders of a data directory, and writes in them that survive a crash.

Belongs here: names of folders, atomic and durable writes, folders for the time of a call. Does not belong: what the files
hold.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DataDir:
    """The folders below ``data/``; the one place that knows their names."""

    root: Path

    @classmethod
    def from_environment(cls) -> DataDir:
        """Return the folder that ``NQ57_DATA`` names, or ``data`` below the current folder."""
        return cls(Path(os.environ.get("NQ57_DATA", "data")).absolute())

    @property
    def inbox(self) -> Path:
        """Where submissions arrive, a folder a round; never written by the pipeline."""
        return self.root / "inbox"

    @property
    def archive(self) -> Path:
        """Content-addressed bytes and their ledger; append-only."""
        return self.root / "archive"

    @property
    def lake(self) -> Path:
        """Derived tables as Parquet; can be rebuilt from the archive."""
        return self.root / "lake"

    @property
    def cache(self) -> Path:
        """Readings by hash and version; can be deleted at any time."""
        return self.root / "lake" / "cache"

    @property
    def mart(self) -> Path:
        """Published generations and the link to the current one."""
        return self.root / "mart"

    @property
    def outputs(self) -> Path:
        """Blank forms and, later, reports and letters."""
        return self.root / "outputs"

    @property
    def review(self) -> Path:
        """Review workbooks that the data team fills in."""
        return self.root / "review"

    @property
    def trust(self) -> Path:
        """Root certificates that signatures are verified against; empty until the department supplies some."""
        return self.root / "trust"


def fsync_directory(folder: Path) -> None:
    """Make a rename in ``folder`` durable: without this a power cut can undo it."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_durably(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write ``data`` to ``path`` so that after a crash either the old file or the whole new one is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    fsync_directory(path.parent)


@contextmanager
def aside(parent: Path) -> Iterator[Path]:
    """Give a folder below ``parent`` for the time of a block, and remove those that killed processes left there.

    Each is locked by the process that uses it; the system frees the lock of one that was killed.
    """
    parent.mkdir(parents=True, exist_ok=True)
    _sweep(parent)
    folder, lock = _locked(parent)
    try:
        yield folder
    finally:
        os.close(lock)
        shutil.rmtree(folder, ignore_errors=True)


def _locked(parent: Path) -> tuple[Path, int]:
    """Return a new folder and the handle that locks it; one that another process swept before the lock is made again."""
    while True:
        folder = Path(tempfile.mkdtemp(dir=parent))
        with suppress(FileNotFoundError):
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(lock, fcntl.LOCK_EX)
            if folder.exists():
                return folder, lock
            os.close(lock)


def _sweep(parent: Path) -> None:
    for folder in parent.iterdir():
        with suppress(OSError):  # in use, or already taken away by another process
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)
