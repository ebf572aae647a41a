"""Readings of archived objects: from the cache where bytes and code are unchanged, else from worker processes.

Belongs here: the pool, its verdicts on files that kill or stall a worker, the cache.
Does not belong: what happens inside a worker (``worker``).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path, PurePosixPath
from threading import Lock
from types import ModuleType
from typing import Any

from pebble import ProcessExpired, ProcessPool
from pydantic import ValidationError

from nq57_assets.catalogue import Catalogue
from nq57_assets.folders import DataDir
from nq57_assets.intake import worker
from nq57_assets.intake.archive import Archive
from nq57_assets.lake import digest
from nq57_assets.model import Finding, Reading
from nq57_assets.versions import code_version, extractor_version, reader_version

_TASKS_A_WORKER = 1000
_POOLS = 4
_KEPT_VERSIONS = 3
_PRELOADED = [
    "nq57_assets.intake.worker",
    "nq57_assets.extract.reading",
    "nq57_assets.readers.text",
    "nq57_assets.readers.workbook",
]
# Deaths that the file itself brings about, each time: the limits of the worker, or a fault of a native parser.
_OWN_FAULT = {
    -signal.SIGXCPU: "cần quá nhiều thời gian để đọc",
    -signal.SIGABRT: "làm chương trình đọc dừng đột ngột",
    -signal.SIGSEGV: "làm chương trình đọc dừng đột ngột",
    -signal.SIGBUS: "làm chương trình đọc dừng đột ngột",
    -signal.SIGILL: "làm chương trình đọc dừng đột ngột",
    -signal.SIGFPE: "làm chương trình đọc dừng đột ngột",
}


class WorkersUnavailableError(RuntimeError):
    """Worker processes can't be started or kept alive on this machine; nothing can be read safely."""


@dataclass(frozen=True, slots=True)
class _Task:
    sha256: str
    hint: str
    path: str


@dataclass(frozen=True, slots=True)
class _Crew:
    """What a pool of workers is made of."""

    catalogue: Catalogue
    workers: int
    limits: worker.Limits


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of a task: JSON, or a finding; only what the bytes alone decide is worth keeping."""

    content: bytes | None = None
    finding: Finding | None = None
    lasting: bool = False
    again: bool = False


def read_all(
    data: DataDir,
    archive: Archive,
    items: Iterable[tuple[str, str]],
    catalogue: Catalogue,
    workers: int = 2,
    limits: worker.Limits = worker.LIMITS,
) -> dict[str, Reading]:
    """Return what every object yields, parsing only what the cache does not hold.

    A file that crashes, stalls or floods its worker yields a reading with one finding; the others go on.

    Args:
        data: The data directory, for the cache.
        archive: Where the objects are.
        items: Pairs of SHA-256 and the name sent; of the name only the ending counts.
        catalogue: The reference data that readers and extraction use.
        workers: How many processes to read in.
        limits: What reading one file may take.

    Raises:
        WorkersUnavailableError: No worker process could be kept alive.
    """
    hints: dict[str, str] = {}
    for sha256, name in sorted(set(items)):
        hints.setdefault(sha256, PurePosixPath(name).suffix.lower()[:12])
    cache = _Cache(data, catalogue)
    readings: dict[str, Reading] = {}
    tasks: list[_Task] = []
    for sha256, hint in hints.items():
        known = cache.load(sha256, hint)
        if known is None:
            tasks.append(_Task(sha256, hint, str(archive.path(sha256))))
        else:
            readings[sha256] = known
    for task, outcome in _in_workers(tasks, _Crew(catalogue, workers, limits)):
        reading, content = _finished(outcome)
        if outcome.lasting:
            cache.store(task.sha256, task.hint, content)
        readings[task.sha256] = reading
    if tasks:
        cache.prune()
    return readings


def _finished(outcome: _Outcome) -> tuple[Reading, bytes]:
    if outcome.content is not None:
        return worker.READING.validate_json(outcome.content), outcome.content
    assert outcome.finding is not None
    reading = worker.refusal(outcome.finding)
    return reading, worker.READING.dump_json(reading)


def _in_workers(tasks: list[_Task], crew: _Crew) -> Iterator[tuple[_Task, _Outcome]]:
    """Yield the outcome of every task; one that may have suffered from another's death is tried once more."""
    blamed: set[str] = set()
    pending = tasks
    for _ in range(_POOLS):
        if not pending:
            return
        left: list[_Task] = []
        for task, outcome in _in_one_pool(pending, crew):
            if outcome is None or (outcome.again and task.sha256 not in blamed):
                left.append(task)
                if outcome is not None:
                    blamed.add(task.sha256)
            else:
                yield task, outcome
        pending = left
    if pending:
        raise WorkersUnavailableError(f"{len(pending)} files could not be read: worker processes keep dying")


def _in_one_pool(tasks: list[_Task], crew: _Crew) -> Iterator[tuple[_Task, _Outcome | None]]:
    """Run tasks in a new pool; None stands for a task that the pool lost without its fault."""
    pool = ProcessPool(
        max_workers=min(crew.workers, len(tasks)),
        max_tasks=_TASKS_A_WORKER,
        initializer=worker.start,
        initargs=(crew.catalogue, crew.limits),
        context=_context(),
    )
    try:
        futures = [_schedule(pool, task, crew.limits) for task in tasks]
        for task, future in zip(tasks, futures, strict=True):
            yield task, _outcome(future, crew.limits) if future else None
    finally:
        pool.stop()
        pool.join()


def _schedule(pool: ProcessPool, task: _Task, limits: worker.Limits) -> Any | None:
    try:
        return pool.schedule(worker.read, args=(task.path, task.sha256, task.hint), timeout=limits.wall)
    except (BrokenProcessPool, RuntimeError):  # its workers died while they were started
        return None


def _outcome(future: Any, limits: worker.Limits) -> _Outcome | None:
    try:
        return _Outcome(content=future.result(timeout=4 * limits.wall), lasting=True)
    except ProcessExpired as death:
        if death.exitcode in _OWN_FAULT:
            return _Outcome(finding=Finding("file_unsafe", observed=_OWN_FAULT[death.exitcode]), lasting=True)
        return _Outcome(finding=Finding("file_unsafe", observed="làm chương trình đọc bị dừng"), again=True)
    except TimeoutError:
        if not future.done():  # not the task's time-out: the pool itself no longer answers
            return None
        return _Outcome(finding=Finding("file_unsafe", observed=f"đọc quá {limits.wall} giây"), again=True)
    except (BrokenProcessPool, CancelledError):
        return None
    except (worker.DamagedObjectError, OSError):
        observed = "bản lưu trong kho lưu trữ bị hỏng hoặc không mở được, cần chạy nq57 fsck"
        return _Outcome(finding=Finding("file_unreadable", observed=observed))


class _Process(ForkServerProcess):
    """A worker that does not import the caller's ``__main__``: Dagster's takes a second, and brings what no parser needs."""

    _lock = Lock()

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802 - the hook's name
        with _Process._lock:
            main = sys.modules["__main__"]
            sys.modules["__main__"] = ModuleType("__main__")
            try:
                return ForkServerProcess._Popen(process_obj)
            finally:
                sys.modules["__main__"] = main


class _Context(ForkServerContext):
    Process = _Process


def _context() -> _Context:
    context = _Context()
    context.set_forkserver_preload(_PRELOADED)
    return context


class _Cache:
    """Readings as files ``<version>/ab/<sha256><hint>.json``: a hash of the rest on the first line, then JSON."""

    def __init__(self, data: DataDir, catalogue: Catalogue) -> None:
        intake = code_version("intake/preflight.py", "intake/worker.py")
        self.root = data.cache / "readings"
        self.version = digest(reader_version(), extractor_version(), catalogue.version, intake)
        self.folder = self.root / self.version

    def _path(self, sha256: str, hint: str) -> Path:
        return self.folder / sha256[:2] / f"{sha256}{hint.replace('/', '_')}.json"

    def load(self, sha256: str, hint: str) -> Reading | None:
        """Return a stored reading; anything that is not exactly what was stored counts as absent."""
        try:
            proof, _, content = self._path(sha256, hint).read_bytes().partition(b"\n")
            if hashlib.sha256(content).hexdigest().encode() != proof:
                return None
            return worker.READING.validate_json(content)
        except (OSError, ValidationError):
            return None

    def store(self, sha256: str, hint: str, content: bytes) -> None:
        """Keep a reading; a crash leaves the old entry, the new one, or one whose hash does not match."""
        path = self._path(sha256, hint)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        temporary.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
        temporary.replace(path)

    def prune(self) -> None:
        """Drop the readings of versions long gone; the newest few stay for switching back."""
        if not self.root.is_dir():
            return
        versions = sorted(self.root.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
        for folder in versions[_KEPT_VERSIONS:]:
            if folder != self.folder:
                shutil.rmtree(folder, ignore_errors=True)
