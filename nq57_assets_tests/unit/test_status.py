"""Who has reported, in words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from nq57_assets.catalogue import catalogue
from nq57_assets.lake import DataDir, Lake
from nq57_assets.status import status
from nq57_assets_tests.lake_rows import NQ57, observation, submission, write_round


def test_counts_and_lists_name_every_commune_that_owes_something(tmp_path: Path) -> None:
    lake = Lake(DataDir(tmp_path), catalogue())
    late = submission("10507", received_at=datetime(2025, 12, 12, 3, tzinfo=UTC))
    stray = submission(
        None, state="unassigned", counts_as_report=False, original_name="bao cao.txt", sha256="cd" * 32
    )
    write_round(lake, [observation("10507", "team_count", "3")], [late, submission("10525"), stray])
    told = status(lake.data, NQ57)
    assert told.counts == {"complete": 0, "partial": 1, "empty": 1, "unreadable": 0, "missing": 112}
    text = str(told)
    assert "2 of 114 communes have reported, 1 of them late." in text
    assert "  10507 Phường Thành Đông, 2 days" in text
    assert "Reported without figures (1):\n  10525 Phường Hải Dương" in text
    assert "Nothing received (112):" in text
    assert "  bao cao.txt (unassigned)" in text


def test_a_round_without_data_says_what_to_do(tmp_path: Path) -> None:
    assert "run `nq57 run`" in str(status(DataDir(tmp_path), NQ57))
