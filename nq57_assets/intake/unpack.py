"""Bundles in the archive, taken apart: each member is kept and acknowledged like a file of the inbox.

The bundle itself is kept first, so what goes wrong here loses nothing. Members are inflated in a process with limits and
become objects the same way as inbox files: durable under a temporary name, renamed, then all members of one bundle
acknowledged in one transaction. Belongs here: which bundles to open, receipts of members. Does not belong: what may be
taken of a bundle (``readers.bundle``).
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from pebble import ProcessPool

from nq57_assets.catalogue import Catalogue
from nq57_assets.folders import write_durably
from nq57_assets.intake import worker
from nq57_assets.intake.archive import Archive, hash_of
from nq57_assets.intake.inbox import display_name
from nq57_assets.intake.ledger import Ledger, Receipt, receipt_id
from nq57_assets.intake.reading import worker_context
from nq57_assets.readers.bundle import LIMITS, is_bundle
from nq57_assets.versions import code_version

_LOG = logging.getLogger(__name__)
_MAGIC = b"PK"
_THREADS = 16


def open_bundles(archive: Archive, catalogue: Catalogue, now: datetime) -> list[Receipt]:
    """Acknowledge the members of every bundle of a known round that was not opened before.

    Args:
        archive: Where the bundles are and the members go.
        catalogue: For the known rounds; a bundle of another one waits until the catalogue has it.
        now: The time of archiving, with a time zone.

    Returns:
        The members' new receipts.

    Raises:
        OSError: The archive can't be written. What was acknowledged stays; call again later.
    """
    looked = _Looked(archive)
    asked = [r for r in archive.receipts() if r.bundle_sha256 is None and r.round_id in catalogue.round]
    unknown = [receipt for receipt in asked if receipt.receipt_id not in looked.before]
    if not unknown:
        return []
    bundles = [receipt for receipt in unknown if _is_bundle(archive.path(receipt.sha256))]
    taken: list[Receipt] = []
    failed: set[str] = set()
    if bundles:
        with archive.lock(), Ledger(archive.data) as ledger, ThreadPoolExecutor(_THREADS) as threads:
            archive.prepare()
            archive.sweep()
            try:
                for bundle, members in _unpacked(archive, bundles, catalogue):
                    if members is None:
                        failed.add(bundle.receipt_id)
                        continue
                    receipts = _acknowledged(bundle, members, now)
                    list(threads.map(_make_durable, [path for path, _, _ in members]))
                    archive.keep([(path, sha256) for path, _, sha256 in members], threads)
                    taken += ledger.record_receipts(receipts)
            finally:
                archive.sweep()
    looked.remember(receipt.receipt_id for receipt in asked if receipt.receipt_id not in failed)
    return taken


def _is_bundle(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(2) == _MAGIC and is_bundle(_MAGIC + stream.read())
    except OSError:
        return False


def _unpacked(
    archive: Archive, bundles: Sequence[Receipt], catalogue: Catalogue
) -> Iterator[tuple[Receipt, list[tuple[Path, str, str]] | None]]:
    """Yield each bundle with its members as (file, name, SHA-256); None where the process died, to be tried again."""
    limits = worker.LIMITS
    with ProcessPool(
        max_workers=1,
        initializer=worker.start,
        initargs=(catalogue, limits, None, LIMITS.member),
        context=worker_context(),
    ) as pool:
        for bundle in bundles:
            path = str(archive.path(bundle.sha256))
            future = pool.schedule(
                worker.unpack, args=(path, bundle.sha256, str(archive.temporaries)), timeout=limits.longest
            )
            try:
                found = future.result()
            except Exception as error:  # whatever it is, the other bundles and the run go on
                _LOG.warning("%s was not opened: %s", bundle.original_name, type(error).__name__)
                yield bundle, None
                continue
            # What a process says that has read hostile bytes is believed only as far as the files show it.
            made = [
                (archive.temporaries / f"{bundle.sha256}-{int(number)}", name, proof)
                for number, name, proof in found
            ]
            yield bundle, [one for one in made if not one[0].is_symlink() and hash_of(one[0]) == one[2]]


def _acknowledged(bundle: Receipt, members: Sequence[tuple[Path, str, str]], now: datetime) -> list[Receipt]:
    """Return the receipts of a bundle's members: sent when the bundle was, archived in the order of their own times."""
    receipts = []
    for number, (file, name, sha256) in enumerate(members):
        raw_name = bundle.raw_name + b"/" + name.encode("utf-8", "surrogateescape")
        receipts.append(
            replace(
                bundle,
                receipt_id=receipt_id(bundle.round_id, raw_name, sha256, bundle.mtime_ns),
                sha256=sha256,
                original_name=display_name(raw_name),
                raw_name=raw_name,
                size=file.stat().st_size,
                archived_at=now + timedelta(microseconds=number),
                bundle_sha256=bundle.sha256,
            )
        )
    return receipts


def _make_durable(path: Path) -> None:
    path.chmod(0o444)
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class _Looked:
    """Receipts that were looked at by this code, so that no run opens every package again; losing it costs time only."""

    def __init__(self, archive: Archive) -> None:
        self._path = archive.data.cache / "bundles.json"
        self._version = code_version("readers/bundle.py", "readers/formats.py")
        self.before: frozenset[str] = frozenset()
        try:
            kept = json.loads(self._path.read_bytes())
            if kept["version"] == self._version:
                self.before = frozenset(kept["receipts"])
        except (OSError, ValueError, KeyError, TypeError):
            pass

    def remember(self, receipt_ids: Iterator[str]) -> None:
        """Keep the receipts that need no second look."""
        content = {"version": self._version, "receipts": sorted(receipt_ids)}
        write_durably(self._path, json.dumps(content).encode())
