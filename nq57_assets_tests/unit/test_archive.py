"""The archive takes each file once, keeps every version, gives back only proven bytes, and fsck sees any damage."""

import hashlib
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.folders import DataDir
from nq57_assets.intake.archive import Archive, ArchiveError, Received
from nq57_assets.intake.fsck import fsck
from nq57_assets.intake.inbox import scan

ROUND = "2025-nq57-communication"


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    (tmp_path / "inbox" / ROUND).mkdir(parents=True)
    return DataDir(tmp_path)


def put(data: DataDir, name: bytes | str, content: bytes) -> None:
    (data.inbox / ROUND / os.fsdecode(name)).write_bytes(content)


def receive(data: DataDir) -> Received:
    now = datetime.now(UTC)
    return Archive(data).receive(scan(data, catalogue(), now, settle=0), now)


def test_received_bytes_come_back_and_cannot_be_written_over(data: DataDir) -> None:
    put(data, "a.txt", "số liệu".encode())
    (receipt,) = receive(data).receipts
    archive = Archive(data)
    assert archive.open(receipt.sha256) == "số liệu".encode()
    assert receipt.sha256 == hashlib.sha256("số liệu".encode()).hexdigest()
    assert stat.S_IMODE(archive.path(receipt.sha256).stat().st_mode) == 0o444
    assert (data.inbox / ROUND / "a.txt").exists()
    assert fsck(data).sound


def test_a_second_run_takes_nothing_and_the_manifest_stays(data: DataDir) -> None:
    for number in range(30):
        put(data, f"{number}.txt", b"%d" % number)
    assert len(receive(data).receipts) == 30
    manifest = Archive(data).manifest_hash()
    assert receive(data) == Received((), ())
    assert Archive(data).manifest_hash() == manifest
    put(data, "31.txt", b"31")
    receive(data)
    assert Archive(data).manifest_hash() != manifest


def test_same_bytes_are_one_object_with_many_receipts(data: DataDir) -> None:
    put(data, "a.txt", b"same")
    put(data, "b.txt", b"same")
    assert len(receive(data).receipts) == 2
    put(data, "c.txt", b"same")
    assert len(receive(data).receipts) == 1
    assert sum(1 for _ in (data.archive / "objects").glob("*/*")) == 1
    assert {r.original_name for r in Archive(data).receipts(ROUND)} == {"a.txt", "b.txt", "c.txt"}


def test_changed_bytes_under_the_same_name_are_a_new_receipt_and_both_stay(data: DataDir) -> None:
    put(data, "a.txt", b"first")
    receive(data)
    put(data, "a.txt", b"other")
    (second,) = receive(data).receipts
    archive = Archive(data)
    assert [archive.open(r.sha256) for r in archive.receipts()] == [b"first", b"other"]
    assert archive.receipts()[-1] == second


def test_bytes_replaced_under_a_kept_size_and_time_are_noticed(data: DataDir) -> None:
    put(data, "a.txt", b"first")
    path = data.inbox / ROUND / "a.txt"
    before = path.stat()
    receive(data)
    path.write_bytes(b"other")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert len(receive(data).receipts) == 1


def test_a_touched_file_with_the_same_bytes_and_time_is_no_new_receipt(data: DataDir) -> None:
    put(data, "a.txt", b"first")
    receive(data)
    (data.inbox / ROUND / "a.txt").chmod(0o600)
    assert receive(data).receipts == ()


def test_a_file_that_changed_since_the_scan_waits(data: DataDir) -> None:
    put(data, "a.txt", b"half")
    now = datetime.now(UTC)
    files = scan(data, catalogue(), now, settle=0)
    put(data, "a.txt", b"half and more")
    received = Archive(data).receive(files, now)
    assert received.receipts == ()
    assert [skipped.reason for skipped in received.skipped] == ["tệp đã thay đổi từ khi kiểm tra hộp thư"]
    assert len(receive(data).receipts) == 1


def test_a_file_swapped_for_a_link_or_a_pipe_after_the_scan_is_not_followed(data: DataDir) -> None:
    secret = data.root / "secret"
    secret.write_bytes(b"secret")
    for name in ("link.txt", "pipe.txt", "gone.txt"):
        put(data, name, b"x")
    (data.inbox / ROUND / "deep").mkdir()
    put(data, "deep/a.txt", b"x")
    now = datetime.now(UTC)
    files = scan(data, catalogue(), now, settle=0)
    folder = data.inbox / ROUND
    for name in ("link.txt", "pipe.txt", "gone.txt"):
        (folder / name).unlink()
    (folder / "link.txt").symlink_to(secret)
    os.mkfifo(folder / "pipe.txt")
    (folder / "deep").rename(data.root / "elsewhere")
    (folder / "deep").symlink_to(data.root / "elsewhere")
    received = Archive(data).receive(files, now)
    assert received.receipts == ()
    assert len(received.skipped) == 4


def test_one_unreadable_file_does_not_stop_the_others(data: DataDir) -> None:
    put(data, "b\xe1o.txt".encode("latin-1"), b"1")
    put(data, "good.txt", b"2")
    (data.inbox / ROUND / "link.txt").symlink_to("/etc/passwd")
    os.mkfifo(data.inbox / ROUND / "pipe")
    assert {r.original_name for r in receive(data).receipts} == {r"b\xe1o.txt", "good.txt"}


def test_damaged_and_missing_objects_are_never_given_out(data: DataDir) -> None:
    put(data, "a.txt", b"first")
    (receipt,) = receive(data).receipts
    archive = Archive(data)
    path = archive.path(receipt.sha256)
    path.chmod(0o644)
    path.write_bytes(b"fjrst")
    with pytest.raises(ArchiveError, match="damaged"):
        archive.open(receipt.sha256)
    path.unlink()
    with pytest.raises(ArchiveError, match="missing"):
        archive.open(receipt.sha256)


def test_receiving_the_same_bytes_again_puts_a_rotten_object_right(data: DataDir) -> None:
    put(data, "a.txt", b"first")
    (receipt,) = receive(data).receipts
    archive = Archive(data)
    archive.path(receipt.sha256).chmod(0o644)
    archive.path(receipt.sha256).write_bytes(b"fjrst")
    put(data, "again.txt", b"first")
    receive(data)
    assert archive.open(receipt.sha256) == b"first"


def test_fsck_tells_every_kind_of_damage_apart_and_changes_nothing(data: DataDir) -> None:
    for name in ("rot", "lost", "fine"):
        put(data, name, name.encode())
    receive(data)
    archive = Archive(data)
    rot, lost = (archive.path(hashlib.sha256(name).hexdigest()) for name in (b"rot", b"lost"))
    rot.chmod(0o644)
    rot.write_bytes(b"rat")
    lost.unlink()
    extra = archive.path(hashlib.sha256(b"extra").hexdigest())
    extra.write_bytes(b"extra")
    (data.archive / "tmp" / "half").write_bytes(b"h")
    (data.archive / "objects" / "ab" / "notes.txt").write_text("?")
    before = sorted((path, path.stat().st_mtime_ns) for path in data.archive.rglob("*") if path.is_file())
    report = fsck(data)
    assert sorted(damage.kind for damage in report.damages) == [
        "damaged",
        "missing",
        "stray",
        "stray",
        "unreceipted",
    ]
    assert not report.sound
    assert "DAMAGED in 2 places" in report.render()
    assert all(damage.advice in report.render() for damage in report.damages)
    assert before == sorted((p, p.stat().st_mtime_ns) for p in data.archive.rglob("*") if p.is_file())


def test_fsck_detects_any_flipped_bit(data: DataDir) -> None:
    put(data, "a.txt", bytes(range(64)))
    (receipt,) = receive(data).receipts
    path = Archive(data).path(receipt.sha256)
    path.chmod(0o644)
    for position in range(0, 64 * 8, 37):
        damaged = bytearray(range(64))
        damaged[position // 8] ^= 1 << position % 8
        path.write_bytes(damaged)
        assert not fsck(data).sound
    path.write_bytes(bytes(range(64)))
    assert fsck(data).sound


def test_fsck_says_that_a_destroyed_ledger_is_destroyed(data: DataDir) -> None:
    put(data, "a.txt", b"first")
    receive(data)
    ledger = data.archive / "ledger.sqlite"
    ledger.write_bytes(os.urandom(ledger.stat().st_size))
    assert {damage.kind for damage in fsck(data).damages} == {"ledger", "unreceipted"}
    ledger.unlink()
    report = fsck(data)
    assert "ledger" in {damage.kind for damage in report.damages}
    assert not ledger.exists()


def test_fsck_of_an_empty_place_is_sound(tmp_path: Path) -> None:
    assert fsck(DataDir(tmp_path)).sound


def test_a_file_of_no_known_round_is_kept_all_the_same(data: DataDir) -> None:
    (data.inbox / "2099-khác").mkdir()
    (data.inbox / "2099-khác" / "a.txt").write_bytes(b"stray")
    (data.inbox / "lạc.txt").write_bytes(b"loose")
    receipts = receive(data).receipts
    assert sorted((r.round_id, r.original_name) for r in receipts) == [
        ("", "lạc.txt"),
        ("2099-khác", "a.txt"),
    ]
    assert {Archive(data).open(r.sha256) for r in receipts} == {b"stray", b"loose"}
    assert receive(data).receipts == () and Archive(data).receipts(ROUND) == []
    (data.inbox / "2099-khác" / "a.txt").rename(data.inbox / ROUND / "a.txt")
    assert [r.round_id for r in receive(data).receipts] == [ROUND]
    assert fsck(data).sound
