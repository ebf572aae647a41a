"""What lies in the inbox is listed whatever its name or kind, and only settled regular files are taken."""

import os
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.folders import DataDir
from nq57_assets.intake.inbox import InboxFile, display_name, scan
from nq57_assets.intake.register import inbox_rows

ROUND = "2025-nq57-communication"
NOW = datetime(2026, 1, 10, 3, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    (tmp_path / "inbox" / ROUND).mkdir(parents=True)
    return DataDir(tmp_path)


def put(data: DataDir, name: bytes | str, age: float = 3600, content: bytes = b"x") -> None:
    path = data.inbox / os.fsdecode(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    when = NOW.timestamp() - age
    os.utime(path, (when, when))


def look(data: DataDir, settle: int | None = None) -> dict[str, InboxFile]:
    return {file.original_name: file for file in scan(data, catalogue(), NOW, settle)}


def test_a_settled_file_at_any_depth_is_ready_and_its_path_below_the_round_is_kept(data: DataDir) -> None:
    put(data, f"{ROUND}/Xã Hải Hưng/tháng 12/báo cáo.txt")
    (file,) = scan(data, catalogue(), NOW)
    assert (file.state, file.round_id) == ("ready", ROUND)
    assert file.original_name == "Xã Hải Hưng/tháng 12/báo cáo.txt"


def test_a_file_waits_until_it_was_left_alone_long_enough(data: DataDir) -> None:
    put(data, f"{ROUND}/a.txt", age=59)
    put(data, f"{ROUND}/b.txt", age=61)
    found = look(data)
    assert (found["a.txt"].state, found["b.txt"].state) == ("waiting", "ready")
    assert "60 giây" in found["a.txt"].reason
    assert look(data, settle=0)["a.txt"].state == "ready"


@pytest.mark.parametrize("name", ["~$Biểu.xlsx", "a.xlsx.part", "b.crdownload", "c.TMP", ".~lock.d.xlsx#"])
def test_names_of_unfinished_uploads_wait_however_old(data: DataDir, name: str) -> None:
    put(data, f"{ROUND}/{name}")
    assert look(data)[name].state == "waiting"


def test_marks_of_operating_systems_are_no_submissions(data: DataDir) -> None:
    for name in (".DS_Store", "._Biểu.xlsx", "Thumbs.db"):
        put(data, f"{ROUND}/{name}")
    assert scan(data, catalogue(), NOW) == []


def test_a_clock_that_is_ahead_does_not_keep_a_file_waiting_for_years(data: DataDir) -> None:
    put(data, f"{ROUND}/a.txt", age=-5 * 365 * 86400)
    later = datetime.now(UTC) + timedelta(hours=1)
    assert [file.state for file in scan(data, catalogue(), later)] == ["ready"]


def test_files_outside_a_known_round_are_listed_with_what_to_do(data: DataDir) -> None:
    put(data, "2099-khác/a.txt")
    put(data, "lạc.txt")
    files = scan(data, catalogue(), NOW)
    assert {file.state for file in files} == {"unknown_round"}
    reasons = [row["reason"] for row in inbox_rows(files, catalogue())]
    assert "2099-khác/a.txt" in reasons[0]
    assert "gốc của hộp thư" in reasons[1]
    assert all(ROUND in reason for reason in reasons)


def test_links_pipes_and_huge_files_are_refused_without_being_opened(data: DataDir) -> None:
    folder = data.inbox / ROUND
    (folder / "link.txt").symlink_to("/etc/passwd")
    (folder / "folder").symlink_to("/etc", target_is_directory=True)
    os.mkfifo(folder / "pipe.txt")
    with (folder / "sparse.xlsx").open("wb") as stream:
        stream.truncate(1 << 40)
    found = look(data, settle=0)
    assert {name: file.state for name, file in found.items()} == dict.fromkeys(
        ["link.txt", "folder", "pipe.txt", "sparse.xlsx"], "refused"
    )
    assert all(file.reason for file in found.values())


def test_odd_names_become_safe_text_and_keep_their_bytes(data: DataDir) -> None:
    names = [
        "b\xe1o c\xe1o.txt".encode("latin-1"),
        "đảo‮gpj.txt".encode(),
        b"hai\ndong.txt",
        b"a" * 251 + b".txt",
    ]
    for name in names:
        put(data, ROUND.encode() + b"/" + name)
    files = {file.raw_name: file.original_name for file in scan(data, catalogue(), NOW)}
    assert set(files) == set(names)
    assert files[names[0]] == r"b\xe1o c\xe1o.txt"
    assert files[names[1]] == r"đảo\u202egpj.txt"
    assert files[names[2]] == r"hai\u000adong.txt"
    for shown in files.values():
        shown.encode("utf-8")


def test_one_name_in_two_unicode_spellings_is_two_files_and_two_rows(data: DataDir) -> None:
    for form in ("NFC", "NFD"):
        put(data, f"{ROUND}/{unicodedata.normalize(form, 'Báo cáo.txt')}")
    files = scan(data, catalogue(), NOW)
    assert {file.original_name for file in files} == {"Báo cáo.txt"}
    rows = inbox_rows(files, catalogue())
    assert len({row["path"] for row in rows}) == 2
    assert {row["state"] for row in rows} == {"received"}


def test_display_name_is_composed() -> None:
    assert display_name(unicodedata.normalize("NFD", "Đặc khu Cát Hải").encode()) == "Đặc khu Cát Hải"
