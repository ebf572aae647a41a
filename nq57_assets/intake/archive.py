"""The content-addressed store of everything that was submitted: an object is named by the SHA-256 of its bytes.

Belongs here: taking inbox files in so that a power cut loses nothing that was acknowledged, and giving bytes back proven.
Does not belong: understanding the bytes. Nothing here deletes or changes an object or an inbox file.

A file is acknowledged (its receipt is committed) only after its bytes and its directory entry are on disk: copied to a
temporary name on the same file system, fsynced, renamed, the folder fsynced, then the ledger commits a whole batch.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

from filelock import FileLock

from nq57_assets.folders import DataDir, fsync_directory
from nq57_assets.intake.inbox import InboxFile, received_at
from nq57_assets.intake.ledger import Ledger, Receipt, receipt_id
from nq57_assets.readers.bundle import held_in

_BATCH_FILES = 1000
_BATCH_BYTES = 512 << 20
_CHUNK = 1 << 20
# fsync waits for the disk, not the processor: the journal commits what many threads wait for at once.
_THREADS = 16

_T = TypeVar("_T")
_R = TypeVar("_R")


class ArchiveError(RuntimeError):
    """An object is missing or damaged; the message names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """An inbox file that could not be taken this time, with the reason in Vietnamese; the next run tries again."""

    file: InboxFile
    reason: str


@dataclass(frozen=True, slots=True)
class Received:
    """What one call of ``receive`` did: new receipts, and files that have to wait."""

    receipts: tuple[Receipt, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class _Copied:
    file: InboxFile
    sha256: str
    size: int
    temporary: Path


class Archive:
    """The archive of one data directory: ``objects/ab/cdef…``, ``ledger.sqlite`` and, during a run, ``tmp/``."""

    def __init__(self, data: DataDir) -> None:
        self.data = data
        self.objects = data.archive / "objects"
        self.temporaries = data.archive / "tmp"
        self._held: dict[str, frozenset[str]] = {}

    def path(self, sha256: str) -> Path:
        """Return where the object with this hash is, or would be."""
        return self.objects / sha256[:2] / sha256[2:]

    def open(self, sha256: str, bundle_sha256: str | None = None) -> bytes:
        """Return the bytes with this hash.

        Args:
            sha256: Their hash.
            bundle_sha256: The bundle that they came in, which is opened again to prove it; None for a file sent by itself.

        Raises:
            ArchiveError: They are missing, are not what their name says, or are not in the bundle.
        """
        if bundle_sha256 is not None:
            if bundle_sha256 not in self._held:
                self._held[bundle_sha256] = held_in(self.open(bundle_sha256))
            if sha256 not in self._held[bundle_sha256]:
                raise ArchiveError(f"object {sha256} is not in the bundle {bundle_sha256}; run nq57 fsck")
        try:
            content = self.path(sha256).read_bytes()
        except FileNotFoundError:
            raise ArchiveError(
                f"object {sha256} is missing; restore it from the backup and run nq57 fsck"
            ) from None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise ArchiveError(f"object {sha256} is damaged; restore it from the backup and run nq57 fsck")
        return content

    def receipts(self, round_id: str | None = None) -> list[Receipt]:
        """Return the receipts of one round, or all, in the order of reception."""
        if not (self.data.archive / "ledger.sqlite").exists():
            return []
        with Ledger(self.data) as ledger:
            return ledger.receipts(round_id)

    def manifest_hash(self) -> str:
        """Return one hash over all receipts and the hashes of their objects: the state a mart was built from."""
        lines = sorted(f"{receipt.receipt_id} {receipt.sha256}" for receipt in self.receipts())
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def receive(self, files: Iterable[InboxFile], now: datetime) -> Received:
        """Take the ready files into the archive and acknowledge them; files received before are passed over.

        Args:
            files: As ``inbox.scan`` lists them; only those in state ready or of an unknown round are taken.
            now: The time of archiving, with a time zone.

        Raises:
            OSError: The archive can't be written (disk full, I/O error). What was acknowledged stays; call again later.
        """
        self.prepare()
        receipts: list[Receipt] = []
        skipped: list[Skipped] = []
        with (
            self.lock(),
            Ledger(self.data) as ledger,
            ThreadPoolExecutor(_THREADS) as threads,
        ):
            try:
                self.sweep()
                seen = ledger.seen()
                ready = (file for file in files if file.can_be_taken and seen.get(_key(file)) != _look(file))
                for batch in _batches(ready):
                    taken = _all(threads, self._copy, batch)
                    copied = [item for item in taken if isinstance(item, _Copied)]
                    skipped += [item for item in taken if isinstance(item, Skipped)]
                    self.keep([(item.temporary, item.sha256) for item in copied], threads)
                    acknowledged = [_receipt(item, now) for item in copied]
                    looks = [(*_key(item.file), *_look(item.file)) for item in copied]
                    receipts += ledger.record_receipts(acknowledged, looks)
            finally:
                self.sweep()
        return Received(tuple(receipts), tuple(skipped))

    def lock(self) -> FileLock:
        """Return the lock that whoever adds to the archive holds."""
        return FileLock(self.data.archive / ".lock")

    def prepare(self) -> None:
        """Make the folders once, durably, so that no rename later depends on an entry that a power cut can undo."""
        last = self.objects / "ff"
        if not last.is_dir():
            for number in range(256):
                (self.objects / f"{number:02x}").mkdir(parents=True, exist_ok=True)
            for folder in (self.objects, self.data.archive, self.data.root, self.data.root.parent):
                fsync_directory(folder)
        self.temporaries.mkdir(exist_ok=True)

    def sweep(self) -> None:
        """Remove what an interrupted run left; its files are still in the inbox, and nothing acknowledged is there."""
        for stray in self.temporaries.iterdir():
            stray.unlink()

    def _copy(self, file: InboxFile) -> _Copied | Skipped:
        """Copy one file to a temporary name and make the copy durable; a file that changes meanwhile has to wait."""
        try:
            source = _open_below(os.fsencode(self.data.inbox), file.raw_path)
        except OSError as error:
            return Skipped(file, f"không mở được tệp ({error.strerror})")
        temporary = self.temporaries / hashlib.sha256(file.raw_path).hexdigest()
        try:
            before = os.fstat(source)
            if not stat.S_ISREG(before.st_mode) or _status(before) != _look(file):
                return Skipped(file, "tệp đã thay đổi từ khi kiểm tra hộp thư")
            sha256, size, problem = _copy_bytes(source, temporary, before.st_size)
            if not problem and _status(os.fstat(source)) != _status(before):
                problem = "tệp thay đổi trong khi sao chép"
        finally:
            os.close(source)
        if problem:
            temporary.unlink()
            return Skipped(file, problem)
        return _Copied(file, sha256, size, temporary)

    def keep(self, made: Iterable[tuple[Path, str]], threads: ThreadPoolExecutor) -> None:
        """Give durable temporaries, each with the hash of its bytes, their final names and make the names durable."""
        folders = set()
        for temporary, sha256 in made:
            final = self.path(sha256)
            # An object that rotted is put right by the good bytes at hand, never trusted because its name is there.
            if final.exists() and hash_of(final) == sha256:
                temporary.unlink()
            else:
                temporary.rename(final)
            folders.add(final.parent)
        _all(threads, fsync_directory, sorted(folders))


def _key(file: InboxFile) -> tuple[str, bytes]:
    return file.round_id, file.raw_name


def _look(file: InboxFile) -> tuple[int, int, int]:
    return file.size, file.mtime_ns, file.ctime_ns


def _status(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _receipt(item: _Copied, now: datetime) -> Receipt:
    file = item.file
    return Receipt(
        receipt_id=receipt_id(file.round_id, file.raw_name, item.sha256, file.mtime_ns),
        round_id=file.round_id,
        sha256=item.sha256,
        original_name=file.original_name,
        raw_name=file.raw_name,
        size=item.size,
        mtime_ns=file.mtime_ns,
        received_at=received_at(file.mtime_ns, now),
        archived_at=now,
    )


def _all(threads: ThreadPoolExecutor, function: Callable[[_T], _R], items: Iterable[_T]) -> list[_R]:
    """Call a function on every item in threads; wait for all before an error is raised."""
    futures = [threads.submit(function, item) for item in items]
    errors = [error for future in futures if (error := future.exception())]
    if errors:
        raise errors[0]
    return [future.result() for future in futures]


def _batches(files: Iterable[InboxFile]) -> Iterator[list[InboxFile]]:
    """Group files so that a batch is worth a commit and its temporaries stay small."""
    remaining = iter(files)
    while batch := list(islice(remaining, 1)):
        weight = batch[0].size
        for file in remaining:
            batch.append(file)
            weight += file.size
            if len(batch) >= _BATCH_FILES or weight >= _BATCH_BYTES:
                break
        yield batch


def _open_below(root: bytes, relative: bytes) -> int:
    """Open a file for reading without following a link at any step of its path, nor waiting for a pipe's writer."""
    *folders, name = relative.split(b"/")
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for step in folders:
            inner = os.open(step, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
            os.close(folder)
            folder = inner
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    finally:
        os.close(folder)


def _copy_bytes(source: int, temporary: Path, size: int) -> tuple[str, int, str]:
    """Copy an open file, hash it on the way and fsync the copy.

    Returns:
        The hash, the bytes copied, and what went wrong on the reading side (empty when nothing did).

    Raises:
        OSError: The copy can't be written.
    """
    digest = hashlib.sha256()
    copied, problem = 0, ""
    target = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        while not problem:
            try:
                chunk = os.read(source, _CHUNK)
            except OSError as error:
                problem = f"không đọc hết được tệp ({error.strerror})"
                break
            if not chunk:
                break
            digest.update(chunk)
            copied += len(chunk)
            if copied > size:
                problem = "tệp thay đổi trong khi sao chép"
            rest = memoryview(chunk)
            while rest:
                rest = rest[os.write(target, rest) :]
        os.fchmod(target, 0o444)
        os.fsync(target)
    finally:
        os.close(target)
    if not problem and copied != size:
        problem = "tệp thay đổi trong khi sao chép"
    return digest.hexdigest(), copied, problem


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
