"""A file that crashes, stalls or floods its reader costs a finding on that file; all others are read, the run goes on."""

import hashlib
import io
import os
import signal
import threading
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import psutil
import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.folders import DataDir
from nq57_assets.intake.archive import Archive
from nq57_assets.intake.inbox import scan
from nq57_assets.intake.reading import read_all
from nq57_assets.intake.worker import LIMITS, Limits
from nq57_assets.model import Reading

ROUND = "2025-nq57-communication"
GOOD = "ỦY BAN NHÂN DÂN\nBÁO CÁO\nKết quả tuyên truyền năm 2025.\n".encode()


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    (tmp_path / "inbox" / ROUND).mkdir(parents=True)
    return DataDir(tmp_path)


def archived(data: DataDir, files: dict[str, bytes]) -> Archive:
    for name, content in files.items():
        (data.inbox / ROUND / name).write_bytes(content)
    now = datetime.now(UTC)
    archive = Archive(data)
    archive.receive(scan(data, catalogue(), now, settle=0), now)
    return archive


def read(data: DataDir, archive: Archive, limits: Limits = LIMITS) -> dict[str, Reading]:
    receipts = archive.receipts(ROUND)
    readings = read_all(
        data, archive, [(r.sha256, r.original_name) for r in receipts], catalogue(), limits=limits
    )
    return {receipt.original_name: readings[receipt.sha256] for receipt in receipts}


def verdict(reading: Reading) -> list[tuple[str, str | None]]:
    refused = ("file_unsafe", "file_unreadable", "file_reading_failed")
    return [(f.rule, f.observed) for f in reading.findings if f.rule in refused]


def big_workbook() -> bytes:
    """A plain workbook of 300,000 filled cells: no bomb by structure, but more than a small limit allows."""
    rows = "".join(
        f'<row r="{row}">'
        + "".join(f'<c r="{column}{row}"><v>{row}</v></c>' for column in "ABCDEF")
        + "</row>"
        for row in range(1, 50_001)
    )
    book = openpyxl.Workbook()
    sink = io.BytesIO()
    book.save(sink)
    result = io.BytesIO()
    with zipfile.ZipFile(sink) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(b"<sheetData />", b"<sheetData/>")
                content = content.replace(b"<sheetData/>", b"<sheetData>" + rows.encode() + b"</sheetData>")
            target.writestr(entry.filename, content)
    return result.getvalue()


def test_a_file_that_needs_too_much_memory_is_refused_and_its_neighbours_are_read(data: DataDir) -> None:
    flood = b"%d. " * 4_000_000
    archive = archived(data, {"flood.txt": flood, "a.txt": GOOD, "b.txt": GOOD + b"2"})
    readings = read(data, archive, Limits(memory=500 << 20, processor=60, wall=100))
    assert [rule for rule, _ in verdict(readings["flood.txt"])] == ["file_unsafe"]
    assert verdict(readings["a.txt"]) == verdict(readings["b.txt"]) == []


def test_a_file_that_needs_too_much_processor_time_is_refused(data: DataDir) -> None:
    archive = archived(data, {"long.txt": GOOD * 150_000, "a.txt": GOOD})
    readings = read(data, archive, Limits(processor=1))
    assert verdict(readings["long.txt"]) == [("file_unsafe", "cần quá nhiều thời gian để đọc")]
    assert verdict(readings["a.txt"]) == []


def test_a_worker_that_hangs_is_stopped_and_the_file_is_tried_again_next_time(data: DataDir) -> None:
    archive = archived(data, {"hang.txt": GOOD, "a.txt": GOOD + b"2"})
    stuck = archive.path(hashlib.sha256(GOOD).hexdigest())
    stuck.unlink()
    os.mkfifo(stuck)
    readings = read(data, archive, Limits(wall=1))
    assert verdict(readings["hang.txt"]) == [("file_unsafe", "đọc quá 1 giây")]
    assert verdict(readings["a.txt"]) == []
    stuck.unlink()
    stuck.write_bytes(GOOD)
    assert verdict(read(data, archive)["hang.txt"]) == []


def test_a_worker_killed_from_outside_is_no_fault_of_the_file(data: DataDir) -> None:
    archive = archived(data, {f"{number}.txt": GOOD * 400 + b"%d" % number for number in range(6)})
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    killed: list[int] = []

    def kill_one() -> None:
        deadline = time.monotonic() + 60
        while not killed and time.monotonic() < deadline:
            for process in psutil.Process().children(recursive=True):
                busy = process.pid not in before and process.cpu_times().user > 0.02
                if busy and process.parent().pid != os.getpid():
                    os.kill(process.pid, signal.SIGKILL)
                    killed.append(process.pid)
                    return
            time.sleep(0.01)

    killer = threading.Thread(target=kill_one)
    killer.start()
    readings = read(data, archive)
    killer.join()
    assert killed
    assert [verdict(reading) for reading in readings.values()] == [[]] * 6


def test_a_damaged_object_is_the_archives_fault_and_is_not_remembered(data: DataDir) -> None:
    archive = archived(data, {"a.txt": GOOD})
    path = archive.path(hashlib.sha256(GOOD).hexdigest())
    path.chmod(0o644)
    path.write_bytes(GOOD.replace(b"2025", b"2026"))
    ((rule, observed),) = verdict(read(data, archive)["a.txt"])
    assert (rule, "nq57 fsck" in (observed or "")) == ("file_reading_failed", True)
    path.write_bytes(GOOD)
    assert verdict(read(data, archive)["a.txt"]) == []


def test_hostile_and_broken_files_become_findings_beside_good_ones(data: DataDir) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b"0" * (40 << 20))
    files = {
        "bomb.xlsx": bomb.getvalue(),
        "half.xlsx": big_workbook()[:-400],
        "noise.xlsx": os.urandom(2000),
        "zero.txt": b"",
        "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "picture.pdf": b"%PDF-1.7\n" + os.urandom(500),
        "good.txt": GOOD,
    }
    readings = read(data, archived(data, files))
    assert verdict(readings["good.txt"]) == []
    assert verdict(readings["bomb.xlsx"])[0][0] == "file_unsafe"
    for name in ("half.xlsx", "old.xls", "picture.pdf"):
        assert verdict(readings[name])[0][0] == "file_unreadable"
    assert [finding.rule for finding in readings["zero.txt"].findings] == ["file_empty"]


def test_what_was_read_is_not_read_again_and_a_damaged_cache_is(data: DataDir) -> None:
    archive = archived(data, {f"{number}.txt": GOOD + b"%d" % number for number in range(4)})
    first = read(data, archive)
    entries = sorted((data.cache / "readings").rglob("*.json"))
    assert len(entries) == 4
    content = entries[0].read_bytes()
    for damaged in (b"", content[:-5], content.replace(b"report", b"plan__"), os.urandom(50)):
        entries[0].write_bytes(damaged)
        assert read(data, archive) == first
        assert entries[0].read_bytes() == content
    stamps = [entry.stat().st_mtime_ns for entry in entries]
    assert read(data, archive) == first
    assert [entry.stat().st_mtime_ns for entry in entries] == stamps


def test_same_bytes_under_two_names_are_read_once_and_alike(data: DataDir) -> None:
    archive = archived(data, {"a.txt": GOOD, "b.txt": GOOD})
    readings = read(data, archive)
    assert readings["a.txt"] is readings["b.txt"] or readings["a.txt"] == readings["b.txt"]
    assert sum(1 for _ in (data.cache / "readings").rglob("*.json")) == 1


def test_a_big_but_honest_workbook_is_read_within_the_limits(data: DataDir) -> None:
    readings = read(data, archived(data, {"big.xlsx": big_workbook()}))
    assert [rule for rule, _ in verdict(readings["big.xlsx"])] != ["file_unsafe"]


def test_a_worker_can_neither_write_nor_reach_the_network(tmp_path: Path) -> None:
    from pebble import ProcessExpired, ProcessPool

    from nq57_assets.intake.reading import worker_context
    from nq57_assets.intake.worker import start

    target = str(tmp_path / "written")
    with ProcessPool(1, initializer=start, initargs=(catalogue(), LIMITS), context=worker_context()) as pool:
        with pytest.raises((OSError, ProcessExpired)):
            pool.schedule(Path.write_text, args=(Path(target), "x")).result()
        with pytest.raises((MemoryError, ProcessExpired)):
            pool.schedule(bytearray, args=(2 << 30,)).result()
        if os.geteuid() == 0:
            interfaces = pool.schedule(os.listdir, args=("/proc/self/net",)).result()
            assert interfaces
            routes = pool.schedule(Path.read_text, args=(Path("/proc/self/net/route"),)).result()
            assert len(routes.splitlines()) <= 1
    assert not Path(target).exists() or Path(target).stat().st_size == 0


def _broken_reader(data: bytes, name: str, reference: object) -> Reading:
    raise KeyError("the sender's words")


def test_a_fault_of_our_own_is_told_as_ours_without_the_senders_words(data: DataDir) -> None:
    from pebble import ProcessPool

    from nq57_assets.intake import worker
    from nq57_assets.intake.reading import worker_context

    archive = archived(data, {"a.txt": GOOD})
    (receipt,) = archive.receipts(ROUND)
    path = str(archive.path(receipt.sha256))
    with ProcessPool(1, initializer=_with_broken_reader, context=worker_context()) as pool:
        content = pool.schedule(worker.read, args=(path, receipt.sha256, ".txt")).result()
    ((rule, observed),) = verdict(worker.READING.validate_json(content))
    assert rule == "file_reading_failed"
    assert "KeyError" in str(observed) and "sender" not in str(observed)


def _with_broken_reader() -> None:
    from nq57_assets.intake import worker

    worker.start(catalogue(), LIMITS)
    worker._read_submission = _broken_reader


def test_a_killed_run_leaves_nothing_behind_that_the_next_does_not_remove(tmp_path: Path) -> None:
    import subprocess
    import sys

    from nq57_assets.folders import aside

    script = (
        "import sys, time; from pathlib import Path; from nq57_assets.folders import aside\n"
        "with aside(Path(sys.argv[1])) as folder:\n"
        "    (folder / 'a.docx').write_bytes(b'x'); print('ready', flush=True); time.sleep(60)"
    )
    other, killed = (
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    )
    try:
        for process in (other, killed):
            assert process.stdout is not None and process.stdout.readline() == "ready\n"
        killed.kill()
        killed.wait()
        assert len(list(tmp_path.iterdir())) == 2
        with aside(tmp_path) as mine:
            assert len(list(tmp_path.iterdir())) == 2 and mine.exists()
        assert [path.name for path in tmp_path.glob("*/*")] == ["a.docx"]
    finally:
        other.kill()
        other.wait()
