"""Re-reading the archive: says what is damaged and what to do, and repairs nothing by itself.

Belongs here: comparing objects, receipts and the ledger's chain with what they must be.
Does not belong: changing any of them.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from nq57_assets.folders import DataDir
from nq57_assets.intake.archive import Archive
from nq57_assets.intake.ledger import Ledger, Receipt
from nq57_assets.readers.bundle import held_in

Kind = Literal[
    "ledger", "damaged", "missing", "size", "unreceipted", "stray", "unreadable", "approved", "member"
]

_NAME = re.compile(r"[0-9a-f]{64}")
_ADVICE: dict[Kind, str] = {
    "ledger": "restore ledger.sqlite from the last backup, keep the present file for the inquiry, and run nq57 run",
    "damaged": "restore the object from the backup, or put the same file into the inbox again and run nq57 run",
    "missing": "restore the object from the backup, or put the same file into the inbox again and run nq57 run",
    "size": "the receipt and the object disagree; compare both with the backup",
    "unreceipted": "harmless: a run ended before the receipt was written; the next run acknowledges the inbox file",
    "stray": "harmless: left by an interrupted run; the next run removes temporaries, other files are not ours",
    "approved": "restore the generation from the backup; it is what the city reported",
    "member": "restore ledger and archive from one backup; the receipt names a bundle that does not hold these bytes",
    "unreadable": "check permissions and the disk, then run nq57 fsck again",
}


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing wrong in the archive.

    Attributes:
        kind: What it is; unreceipted and stray lose nothing and are ``harmless``.
        place: Path below the archive, or the ledger's row.
        detail: What was seen.
    """

    kind: Kind
    place: str
    detail: str

    @property
    def harmless(self) -> bool:
        """Whether nothing acknowledged is touched."""
        return self.kind in ("unreceipted", "stray")

    @property
    def advice(self) -> str:
        """What to do about it."""
        return _ADVICE[self.kind]

    def __str__(self) -> str:
        """Return e.g. ``damaged: objects/ab/cd…: … → what to do``."""
        return f"{self.kind}: {self.place}: {self.detail} → {self.advice}"


@dataclass(frozen=True, slots=True)
class Report:
    """What was re-read, and all that is wrong."""

    objects: int
    receipts: int
    damages: tuple[Damage, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing that was acknowledged is damaged or missing."""
        return all(damage.harmless for damage in self.damages)

    def render(self) -> str:
        """Return the report as lines for a terminal."""
        verdict = "sound" if self.sound else f"DAMAGED in {sum(not d.harmless for d in self.damages)} places"
        lines = [f"archive: {self.objects} objects re-read, {self.receipts} receipts, {verdict}"]
        return "\n".join(lines + [str(damage) for damage in self.damages])


def fsck(data: DataDir, threads: int = 4) -> Report:
    """Re-read every object and the whole ledger and report what is wrong.

    Args:
        data: The data directory; nothing in it is changed.
        threads: How many objects are hashed at once.
    """
    if not data.archive.is_dir():
        return Report(0, 0, ())
    receipts, found = _check_ledger(data)
    archive = Archive(data)
    objects, strays = _listed(archive)
    expected = {receipt.sha256: receipt for receipt in receipts}
    with ThreadPoolExecutor(threads) as pool:
        for damage in pool.map(_check_object, sorted(objects.items())):
            found += [damage] if damage else []
    for sha256, receipt in sorted(expected.items()):
        place = f"objects/{sha256[:2]}/{sha256[2:]}"
        if sha256 not in objects:
            found.append(
                Damage(
                    "missing", place, f"receipt {receipt.receipt_id} of {receipt.original_name} has no object"
                )
            )
        elif objects[sha256].stat().st_size != receipt.size and not any(d.place == place for d in found):
            found.append(Damage("size", place, f"receipt {receipt.receipt_id} says {receipt.size} bytes"))
    found += _check_members(receipts, objects, {damage.place for damage in found})
    for sha256 in sorted(objects.keys() - expected.keys()):
        found.append(
            Damage("unreceipted", f"objects/{sha256[:2]}/{sha256[2:]}", "an object that no receipt names")
        )
    found += [Damage("stray", path, "a file that is no object") for path in strays]
    if not any(damage.kind == "ledger" for damage in found):
        from nq57_assets.vintages import damaged

        found += [Damage("approved", "../mart/generations", words) for words in damaged(data)]
    return Report(len(objects), len(receipts), tuple(found))


def _check_members(receipts: list[Receipt], objects: dict[str, Path], known: set[str]) -> Iterator[Damage]:
    """Open every bundle again: the bytes of each receipt that names it must lie in it."""
    claimed: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        if receipt.bundle_sha256 is not None:
            claimed.setdefault(receipt.bundle_sha256, []).append(receipt)
    for bundle, members in sorted(claimed.items()):
        place = f"objects/{bundle[:2]}/{bundle[2:]}"
        if place in known:
            continue
        held = held_in(objects[bundle].read_bytes()) if bundle in objects else frozenset()
        for receipt in members:
            if receipt.sha256 not in held:
                detail = f"receipt {receipt.receipt_id} of {receipt.original_name} is not in this bundle"
                yield Damage("member", place, detail)


def _check_ledger(data: DataDir) -> tuple[list[Receipt], list[Damage]]:
    if not (data.archive / "ledger.sqlite").exists():
        if any((data.archive / "objects").glob("??/*")):
            return [], [Damage("ledger", "ledger.sqlite", "is missing although there are objects")]
        return [], []
    try:
        with Ledger(data) as ledger:
            damages = [Damage("ledger", "ledger.sqlite", words) for words in ledger.damage()]
            return ledger.receipts(), damages
    except (sqlite3.DatabaseError, ValueError) as error:
        return [], [Damage("ledger", "ledger.sqlite", str(error))]


def _listed(archive: Archive) -> tuple[dict[str, Path], list[str]]:
    """Return the objects by hash, and the paths below the archive of anything else."""
    objects: dict[str, Path] = {}
    strays = [f"tmp/{path.name}" for path in _entries(archive.temporaries)]
    for shard in _entries(archive.objects):
        for path in _entries(shard) if shard.is_dir() else [shard]:
            sha256 = path.parent.name + path.name
            if _NAME.fullmatch(sha256) and path.is_file() and not path.is_symlink():
                objects[sha256] = path
            else:
                strays.append(
                    os.fsencode(path.relative_to(archive.objects.parent)).decode("utf-8", "backslashreplace")
                )
    return objects, strays


def _entries(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(folder.iterdir())


def _check_object(item: tuple[str, Path]) -> Damage | None:
    sha256, path = item
    place = f"objects/{sha256[:2]}/{sha256[2:]}"
    try:
        with path.open("rb") as stream:
            seen = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        return Damage("unreadable", place, error.strerror or str(error))
    return None if seen == sha256 else Damage("damaged", place, f"its bytes hash to {seen[:16]}…")
