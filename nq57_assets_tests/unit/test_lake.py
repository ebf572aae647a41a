"""The lake: tables keep their declared shape, and what can't be read is made again."""

from pathlib import Path

import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.folders import DataDir
from nq57_assets.lake import EVERY_ROUND, Lake, LakeError

TABLE = "raw/inbox"
ROW = {
    "path": "a/b.xlsx",
    "round_id": None,
    "size": 3,
    "modified_at": None,
    "state": "waiting",
    "reason": None,
}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(DataDir(tmp_path), catalogue())


def test_what_was_written_is_current_for_the_same_inputs_only(lake: Lake) -> None:
    assert not lake.is_current(TABLE, EVERY_ROUND, "one")
    assert lake.write(TABLE, EVERY_ROUND, [], "one") == 0
    assert lake.is_current(TABLE, EVERY_ROUND, "one")
    assert not lake.is_current(TABLE, EVERY_ROUND, "two")


@pytest.mark.parametrize("content", [b"", b"PAR1", b"no Parquet at all"])
def test_a_file_that_rotted_is_made_again(lake: Lake, content: bytes) -> None:
    lake.write(TABLE, EVERY_ROUND, [], "one")
    lake.path(TABLE, EVERY_ROUND).write_bytes(content)
    assert not lake.is_current(TABLE, EVERY_ROUND, "one")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"colour": "red"}, "not declared ['colour']"),
        ({"state": None}, "raw/inbox.state: 1 rows are empty"),
        ({"size": "many"}, "raw/inbox"),
    ],
)
def test_a_row_of_another_shape_names_table_and_column(lake: Lake, change: dict, said: str) -> None:
    with pytest.raises(LakeError) as refused:
        lake.write(TABLE, EVERY_ROUND, [{**ROW, **change}])
    assert said in str(refused.value)
    assert not lake.path(TABLE, EVERY_ROUND).exists()
