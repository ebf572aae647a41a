"""Nothing acknowledged is ever lost: not by kill -9 at any moment, not by a full disk, not by a power cut."""

import ctypes
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.folders import DataDir
from nq57_assets.intake.archive import Archive
from nq57_assets.intake.fsck import fsck
from nq57_assets.intake.inbox import scan

ROUND = "2025-nq57-communication"

# Receives in batches of a few files and says after each which receipts it has acknowledged.
RECEIVER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from nq57_assets.catalogue import catalogue
from nq57_assets.folders import DataDir
from nq57_assets.intake.archive import Archive
from nq57_assets.intake.inbox import scan

data = DataDir(Path(sys.argv[1]))
now = datetime.now(UTC)
files = scan(data, catalogue(), now, settle=0)
print("ready", flush=True)
for start in range(0, len(files), 4):
    for receipt in Archive(data).receive(files[start:start + 4], now).receipts:
        print(receipt.sha256, flush=True)
print("done", flush=True)
"""


def fill(data: DataDir, files: int, seed: int) -> set[str]:
    """Write files of differing sizes into the inbox; return their hashes."""
    source = random.Random(seed)
    folder = data.inbox / ROUND
    folder.mkdir(parents=True)
    hashes = set()
    for number in range(files):
        content = source.randbytes(source.choice([10, 4096, 70_000])) + b"%d" % number
        (folder / f"{number}.txt").write_bytes(content)
        hashes.add(hashlib.sha256(content).hexdigest())
    return hashes


def receive(data: DataDir) -> None:
    now = datetime.now(UTC)
    Archive(data).receive(scan(data, catalogue(), now, settle=0), now)


def acknowledged_then_killed(data: DataDir, seconds: float | None) -> set[str]:
    """Start a receiver, kill it that long after it began its work, and return what it had acknowledged."""
    process = subprocess.Popen(
        [sys.executable, "-c", RECEIVER, str(data.root)], stdout=subprocess.PIPE, text=True, bufsize=1
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    if seconds is not None:
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
    said = process.stdout.read().split("\n")
    process.wait()
    process.stdout.close()
    return {line for line in said if len(line) == 64}


def test_kill_at_random_moments_loses_nothing_and_the_next_run_completes(tmp_path: Path) -> None:
    started = time.monotonic()
    rehearsal = DataDir(tmp_path / "rehearsal")
    fill(rehearsal, 60, seed=0)
    acknowledged_then_killed(rehearsal, None)
    whole = min(time.monotonic() - started, 1.0)
    interrupted = 0
    for attempt in range(8):
        data = DataDir(tmp_path / str(attempt))
        hashes = fill(data, 60, seed=attempt)
        said = acknowledged_then_killed(data, random.Random(attempt).uniform(0, whole / 2))
        archive = Archive(data)
        booked = {receipt.sha256 for receipt in archive.receipts()}
        assert said <= booked
        assert fsck(data).sound
        for sha256 in booked:
            assert hashlib.sha256(archive.open(sha256)).hexdigest() == sha256
        interrupted += 0 < len(booked) < len(hashes)
        receive(data)
        assert {receipt.sha256 for receipt in archive.receipts()} == hashes
        assert fsck(data).damages == ()
        assert len(list((data.inbox / ROUND).iterdir())) == 60
    assert interrupted > 0


def test_two_runs_at_once_receive_every_file_once(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    hashes = fill(data, 60, seed=1)
    others = [
        subprocess.Popen([sys.executable, "-c", RECEIVER, str(data.root)], stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    said = [
        line for process in others for line in process.communicate()[0].decode().split() if len(line) == 64
    ]
    assert all(process.returncode == 0 for process in others)
    assert sorted(said) == sorted(hashes)
    assert fsck(data).damages == ()


def _mounted(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[None]:
    place.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0 or not _mounted("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)):
        pytest.skip("needs the right to mount")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("size", ["64k", "200k", "500k", "700k", "900k"])
def test_a_full_disk_fails_loudly_and_loses_nothing(tmp_path: Path, size: str) -> None:
    data = DataDir(tmp_path)
    hashes = fill(data, 40, seed=2)
    with small_disk(data.archive, size):
        try:
            receive(data)
        except Exception as error:  # OSError from files, sqlite3 errors from the ledger
            assert "space" in str(error) or "full" in str(error)
        else:
            pytest.fail("the disk was meant to be too small")
        if (data.archive / "ledger.sqlite").exists():
            report = fsck(data)
            assert report.sound, report.render()
        shutil.copytree(data.archive, tmp_path / "moved")
    shutil.rmtree(data.archive)
    shutil.copytree(tmp_path / "moved", data.archive)
    receive(data)
    assert {receipt.sha256 for receipt in Archive(data).receipts()} == hashes
    assert fsck(data).sound


_SHUTDOWN = 0x8004587D
_NO_FLUSH = 2


@contextmanager
def loop_disk(image: Path, place: Path) -> Iterator[None]:
    """An ext4 file system in a file; leave it by ``cut`` to lose whatever was not flushed."""
    if not _mounted("mount", "-o", "loop", str(image), str(place)):
        pytest.skip("needs loop devices")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


def cut(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        flag = ctypes.c_uint32(_NO_FLUSH)
        if (
            ctypes.CDLL(None, use_errno=True).ioctl(handle, ctypes.c_ulong(_SHUTDOWN), ctypes.byref(flag))
            != 0
        ):
            pytest.skip("the kernel can't cut the power of this file system")
    finally:
        os.close(handle)


@pytest.mark.parametrize("synced", [True, False], ids=["synced", "sabotaged"])
def test_a_power_cut_loses_nothing_that_was_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, synced: bool
) -> None:
    """Without fsync the same cut must destroy objects, or this test would prove nothing."""
    if os.geteuid() != 0 or not shutil.which("mkfs.ext4"):
        pytest.skip("needs root and mkfs.ext4")
    image, disk = tmp_path / "disk.img", tmp_path / "disk"
    disk.mkdir()
    for attempt in range(3 if synced else 1):
        with image.open("wb") as stream:
            stream.truncate(64 << 20)
        subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
        inbox = DataDir(tmp_path / f"source{attempt}")
        hashes = fill(inbox, 40, seed=attempt)
        data = DataDir(disk / "data")
        with loop_disk(image, disk):
            data.root.mkdir()
            shutil.copytree(inbox.inbox, data.inbox)
            os.sync()
            with monkeypatch.context() as sabotage:
                if not synced:
                    sabotage.setattr(os, "fsync", lambda handle: None)
                receive(data)
            cut(disk)
        with loop_disk(image, disk):
            assert {receipt.sha256 for receipt in Archive(data).receipts()} == hashes
            assert fsck(data).sound == synced
