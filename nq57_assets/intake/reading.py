"""Readings of archived objects: from the cache where bytes and code are unchanged, else from worker processes.

Belongs here: the pool, its verdicts on files that kill or stall a worker, the cache.
Does not belong: what happens inside a worker (``worker``).
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path, PurePosixPath
from threading import Lock
from types import ModuleType
from typing import Any

from pebble import ProcessExpired, ProcessPool
from pydantic import ValidationError

from nq57_assets.catalogue import Catalogue
from nq57_assets.folders import DataDir, aside
from nq57_assets.intake import worker
from nq57_assets.intake.archive import Archive
from nq57_assets.intake.preflight import preflight
from nq57_assets.lake import digest
from nq57_assets.model import OWN_FAULT, Finding, Reading
from nq57_assets.readers import legacy, ocr
from nq57_assets.readers.signatures import trusted_version
from nq57_assets.readers.unreadable import Unreadable
from nq57_assets.versions import code_version, extractor_version, reader_version

_LOG = logging.getLogger(__name__)
_TASKS_A_WORKER = 1000
_GRACE = 5
_SECONDS_BETWEEN_REPORTS = 15
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
    """An object to read; ``converted`` is (path, SHA-256, kind) of the .docx made of an old or foreign text."""

    sha256: str
    hint: str
    path: str
    converted: tuple[str, str, str] | None = None

    @property
    def content(self) -> tuple[str, str, str]:
        """Path, SHA-256 and name's ending of what a worker reads."""
        if self.converted is None:
            return self.path, self.sha256, self.hint
        return self.converted[0], self.converted[1], ".docx"


@dataclass(frozen=True, slots=True)
class _Crew:
    """What a pool of workers is made of."""

    catalogue: Catalogue
    workers: int
    limits: worker.Limits
    trusted: Path


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
    progress = _Progress(len(tasks))
    crew = _Crew(catalogue, workers, limits, data.trust)
    with aside(data.cache / "converted") as folder:
        for task, outcome in _outcomes(tasks, folder, crew):
            progress.one_more()
            reading, content = _finished(task, outcome)
            # What failed by a fault of ours is tried again in the next run: a library or the machine may be mended by then.
            if outcome.lasting and not any(f.rule == OWN_FAULT for f in reading.findings):
                cache.store(task.sha256, task.hint, content)
            readings[task.sha256] = reading
    if tasks:
        cache.prune()
    return readings


class _Progress:
    """Says in the log how far a long run has come: scans take seconds a page."""

    def __init__(self, total: int) -> None:
        self._total, self._done = total, 0
        self._said = time.monotonic()

    def one_more(self) -> None:
        """Count one file that has been read."""
        self._done += 1
        if time.monotonic() - self._said >= _SECONDS_BETWEEN_REPORTS:
            self._said = time.monotonic()
            _LOG.info("read %d of %d files", self._done, self._total)


def _outcomes(tasks: list[_Task], folder: Path, crew: _Crew) -> Iterator[tuple[_Task, _Outcome]]:
    """Yield the outcome of every task; old and foreign texts are converted first, each in a process of its own."""
    with ThreadPoolExecutor(max_workers=crew.workers) as threads:
        prepared = list(threads.map(lambda task: _converted(task, folder), tasks))
    yield from (one for one in prepared if isinstance(one, tuple))
    yield from _in_workers([one for one in prepared if isinstance(one, _Task)], crew)


def _converted(task: _Task, folder: Path) -> _Task | tuple[_Task, _Outcome]:
    """Return the task, with the .docx to read in its place when its format needs one; an outcome when none can be made.

    Workers may neither write files nor start programs, so LibreOffice runs beside them, under limits of its own.
    """
    try:
        if not Path(task.path).is_file():
            return task  # a pipe would keep the caller waiting; the worker has a clock
        data = Path(task.path).read_bytes()
    except OSError:
        return task
    kind = legacy.kind_of(data)
    if kind is None or hashlib.sha256(data).hexdigest() != task.sha256:
        return task
    try:
        refused = preflight(data)
        made = b"" if refused else legacy.convert(data, kind, folder)
    except Unreadable as reason:
        # Without a converter the file may be read tomorrow; only the file's own faults are kept.
        return task, _Outcome(finding=reason.finding, lasting=not isinstance(reason, legacy.NoConverterError))
    if refused:
        return task, _Outcome(finding=refused, lasting=True)
    path = folder / task.sha256
    path.write_bytes(made)
    return replace(task, converted=(str(path), hashlib.sha256(made).hexdigest(), kind))


def _finished(task: _Task, outcome: _Outcome) -> tuple[Reading, bytes]:
    if outcome.content is not None:
        reading = worker.READING.validate_json(outcome.content)
        if task.converted is None or reading.reader == "none":
            return reading, outcome.content
        kind = task.converted[2]
        reading = replace(reading, reader=kind, media_type=legacy.MEDIA_TYPES[kind])
        return reading, worker.READING.dump_json(reading)
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
        initargs=(crew.catalogue, crew.limits, crew.trusted),
        context=worker_context(),
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
        return pool.schedule(worker.read, args=task.content, timeout=limits.longest + _GRACE)
    except (BrokenProcessPool, RuntimeError):  # its workers died while they were started
        return None


def _outcome(future: Any, limits: worker.Limits) -> _Outcome | None:
    try:
        return _Outcome(content=future.result(timeout=4 * limits.longest), lasting=True)
    except ProcessExpired as death:
        if death.exitcode == -signal.SIGALRM:
            return _Outcome(
                finding=Finding("file_unsafe", observed=f"đọc quá {limits.wall} giây"), again=True
            )
        if death.exitcode in _OWN_FAULT:
            return _Outcome(finding=Finding("file_unsafe", observed=_OWN_FAULT[death.exitcode]), lasting=True)
        return _Outcome(finding=Finding("file_unsafe", observed="làm chương trình đọc bị dừng"), again=True)
    except TimeoutError:
        if not future.done():  # not the task's time-out: the pool itself no longer answers
            return None
        return _Outcome(finding=Finding("file_unsafe", observed=f"đọc quá {limits.wall} giây"), again=True)
    except MemoryError:
        # Perhaps used up by the file before it in the same process: in a new one it is its own.
        observed = f"cần hơn {limits.memory >> 20} MB bộ nhớ để đọc"
        return _Outcome(finding=Finding("file_unsafe", observed=observed), again=True, lasting=True)
    except (BrokenProcessPool, CancelledError):
        return None
    except (worker.DamagedObjectError, OSError):
        observed = "bản lưu trong kho lưu trữ bị hỏng hoặc không mở được, cần chạy nq57 fsck"
        return _Outcome(finding=Finding(OWN_FAULT, observed=observed))


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


def worker_context() -> ForkServerContext:
    """Return how worker processes are started: by a server that has loaded the readers."""
    context = _Context()
    context.set_forkserver_preload(_PRELOADED)
    return context


class _Cache:
    """Readings as files ``<version>/ab/<sha256><hint>.json``: a hash of the rest on the first line, then JSON."""

    def __init__(self, data: DataDir, catalogue: Catalogue) -> None:
        intake = code_version("intake/preflight.py", "intake/worker.py")
        # What a scan or a signed PDF yields depends on what is installed and trusted here, too.
        around = (ocr.engine(), trusted_version(data.trust))
        self.root = data.cache / "readings"
        self.version = digest(reader_version(), extractor_version(), catalogue.version, intake, around)
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
