"""A reader of the mart is never disturbed, and a publication that dies leaves the last generation in place."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.lake import DataDir, Lake
from nq57_assets.mart.build import MartError
from nq57_assets.mart.open import open_mart
from nq57_assets.mart.publish import LINK, current, generations, publish
from nq57_assets_tests.lake_rows import observation, small_lake, submission, write_round
from nq57_assets_tests.reliability.publish_once import Publisher

KILLS = 36
READER = """
import sys
from nq57_assets.mart.open import open_mart
mart = open_mart(sys.argv[1])
for line in sys.stdin:
    print(mart.execute("SELECT generation, (SELECT SUM(value) FROM fact_value) FROM mart_build").fetchall()[0], flush=True)
"""


def start(*command: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *(str(part) for part in command)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def ask(process: subprocess.Popen[str], words: str = "go") -> str:
    assert process.stdin and process.stdout
    process.stdin.write(words + "\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def seen(data: DataDir) -> tuple[int, float]:
    """Read the published mart the way an analyst does."""
    mart = open_mart(data.mart / LINK)
    try:
        query = "SELECT generation, (SELECT SUM(value) FROM fact_value) FROM mart_build"
        return mart.execute(query).fetchall()[0]  # type: ignore[no-any-return]
    finally:
        mart.close()


def litter(data: DataDir) -> list[str]:
    """Whatever is in the mart's folder besides generations, the link and the lock."""
    kept = {LINK, ".publish.lock", "generations", *(path.name for path in generations(data))}
    return sorted(path.name for path in data.mart.rglob("*") if path.name not in kept)


def test_nothing_changed_publishes_nothing(tmp_path: Path) -> None:
    lake = small_lake(tmp_path)
    first = publish(lake.data, lake, "manifest")
    again = publish(lake.data, lake, "manifest")
    assert (first.changed, again.changed) == (True, False)
    assert (again.generation, again.path, again.rows) == (1, first.path, first.rows)
    assert publish(lake.data, lake, "another manifest").generation == 2


def test_the_published_file_is_complete_in_itself_and_read_only(tmp_path: Path) -> None:
    lake = small_lake(tmp_path)
    published = publish(lake.data, lake, "manifest")
    assert (lake.data.mart / LINK).resolve() == published.path
    assert not (lake.data.mart / LINK).readlink().is_absolute(), (
        "the folder can be moved or mounted elsewhere"
    )
    assert published.path.stat().st_mode & 0o222 == 0
    assert litter(lake.data) == []


def test_readers_held_open_through_three_publications_see_their_generation_to_the_end(tmp_path: Path) -> None:
    lake = small_lake(tmp_path, "10")
    publish(lake.data, lake, "manifest")
    other = start("-c", READER, lake.data.mart / LINK)
    here = open_mart(lake.data.mart / LINK)
    try:
        assert ask(other) == "(1, 20.0)"
        for number in (2, 3, 4):
            small_lake(tmp_path, str(10 * number))
            assert publish(lake.data, lake, "manifest").generation == number
            assert ask(other) == "(1, 20.0)"
            assert here.execute("SELECT generation FROM mart_build").fetchall() == [(1,)]
            assert seen(lake.data) == (number, 20.0 * number), "a new connection sees the new generation"
    finally:
        here.close()
        other.communicate()


def test_a_reader_keeps_its_generation_even_when_it_has_been_pruned(tmp_path: Path) -> None:
    lake = small_lake(tmp_path)
    publish(lake.data, lake, "manifest")
    reader = open_mart(lake.data.mart / LINK)
    for _ in range(catalogue().settings["keep_generations"] + 2):
        publish(lake.data, lake, "manifest", force=True)
    assert reader.execute("SELECT generation, (SELECT COUNT(*) FROM v_proof) FROM mart_build").fetchall() == [
        (1, 2)
    ]
    reader.close()


def test_generations_are_kept_by_count_and_never_the_current_one_lost(tmp_path: Path) -> None:
    lake = small_lake(tmp_path)
    keep = catalogue().settings["keep_generations"]
    for _ in range(keep + 3):
        publish(lake.data, lake, "manifest", force=True)
    numbers = [int(path.stem.removeprefix("nq57-")) for path in generations(lake.data)]
    assert numbers == list(range(3, keep + 4))
    assert seen(lake.data)[0] == keep + 3


def test_fewer_submissions_than_published_need_a_word(tmp_path: Path) -> None:
    lake = small_lake(tmp_path)
    publish(lake.data, lake, "manifest")
    write_round(lake, [observation("10507", "team_count", "10")], [submission("10507")])
    with pytest.raises(MartError, match="1 submissions, but the published mart has 2"):
        publish(lake.data, lake, "manifest")
    assert seen(lake.data) == (1, 20.0)
    assert litter(lake.data) == []
    (lake.data.mart / LINK).unlink()  # what the message tells to do when receipts were removed on purpose
    assert publish(lake.data, lake, "manifest").generation == 2


def test_a_copy_that_a_person_left_among_the_generations_is_no_obstacle(tmp_path: Path) -> None:
    lake = small_lake(tmp_path)
    copy = lake.data.mart / "generations" / "nq57-000001 (copy).duckdb"
    publish(lake.data, lake, "manifest")
    copy.write_bytes(b"a copy")
    assert publish(lake.data, lake, "manifest", force=True).generation == 2
    assert copy.exists()


def test_a_published_file_that_was_damaged_is_replaced(tmp_path: Path) -> None:
    lake = small_lake(tmp_path)
    first = publish(lake.data, lake, "manifest")
    first.path.chmod(0o644)
    first.path.write_bytes(b"rot")
    assert current(lake.data) is None
    assert publish(lake.data, lake, "manifest").generation == 2
    assert seen(lake.data) == (2, 20.0)


def test_killed_at_any_moment_the_last_generation_stays_readable(tmp_path: Path) -> None:
    """Kill a publishing process at moments spread over the whole of a publication, and read after each."""
    lake = small_lake(tmp_path)
    publish(lake.data, lake, "manifest")
    begun = time.monotonic()
    publish(lake.data, lake, "manifest", force=True)
    length = time.monotonic() - begun
    expected = seen(lake.data)[0]
    killed_inside = 0
    for turn in range(KILLS):
        publisher = Publisher(lake.data, times=3)
        publisher.go()
        time.sleep(1.2 * length * turn / KILLS)
        acknowledged = publisher.end(kill=True)
        killed_inside += bool(list((lake.data.mart / "generations").glob(".build-*")))
        generation, total = seen(lake.data)
        assert generation >= max([expected, *acknowledged]), "an acknowledged publication must not be lost"
        assert total == 20.0
        expected = generation
    assert killed_inside >= 3, "too few kills hit a publication at work"
    assert publish(lake.data, lake, "manifest", force=True).generation > expected
    assert litter(lake.data) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 24 MB, where the machine allows to mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("mounting a small file system takes root")
    if subprocess.run([mount, "-t", "tmpfs", "-o", "size=24m", "tmpfs", place], check=False).returncode:
        pytest.skip("this machine does not allow mounts")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_a_full_disk_keeps_the_old_mart(small_disk: Path) -> None:
    lake = small_lake(small_disk)
    publish(lake.data, lake, "manifest")
    size = generations(lake.data)[0].stat().st_size
    free = shutil.disk_usage(small_disk).free
    failures = 0
    for room in range(0, size + 2 * 65536, max(65536, size // 12)):
        filler = small_disk / "filler"
        with filler.open("wb") as stream:
            stream.write(b"\0" * max(0, free - room))
        before = seen(lake.data)
        try:
            publish(lake.data, lake, "manifest", force=True)
        except (duckdb.Error, OSError):
            failures += 1
            assert seen(lake.data) == before
            assert not list((lake.data.mart / "generations").glob(".build-*"))
        filler.unlink()
        for path in generations(lake.data)[:-1]:
            path.unlink()
    assert failures >= 5
    assert publish(lake.data, lake, "manifest", force=True).changed


def test_two_publishers_take_turns(tmp_path: Path) -> None:
    lake = small_lake(tmp_path)
    publish(lake.data, lake, "manifest")
    publishers = [Publisher(lake.data, times=2), Publisher(lake.data, times=2)]
    for publisher in publishers:
        publisher.go()
    numbers = [number for publisher in publishers for number in publisher.end(kill=False)]
    assert sorted(numbers) == [2, 3, 4, 5]


def test_a_lake_in_a_folder_with_a_quote_in_its_name_publishes(tmp_path: Path) -> None:
    lake = Lake(DataDir(tmp_path / "đợt 'một'"), catalogue())
    small_lake(lake.data.root)
    assert publish(lake.data, lake, "manifest").rows["fact_submission"] == 2
