"""What people read is made once for each mart; what a person changed in it is not lost."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import docx
import pytest

from nq57_assets.folders import DataDir
from nq57_assets.outputs.kept import write_if_new
from nq57_assets.outputs.publish import REPORT, write_output
from nq57_assets_tests.pipeline.conftest import ROUNDS, Published


@pytest.fixture
def own(published: Published, tmp_path: Path) -> DataDir:
    """The published mart alone, in a data directory of the test's own."""
    data = DataDir(tmp_path / "data")
    shutil.copytree(published.data.mart, data.mart, symlinks=True)
    return data


def _look(paths: list[Path]) -> list[tuple[Path, int, int]]:
    return [(path, path.stat().st_ino, path.stat().st_mtime_ns) for path in paths]


def test_outputs_of_a_mart_that_stands_are_not_made_again(published: Published, own: DataDir) -> None:
    for name in ("report", "exports"):
        first = _look(write_output(name, own, published.catalogue))
        assert first
        assert _look(write_output(name, own, published.catalogue)) == first
        lost = first[0][0]
        lost.unlink()
        assert lost in write_output(name, own, published.catalogue)
        assert lost.is_file()


def test_a_draft_that_a_person_changed_stays_until_there_is_something_new(
    published: Published, own: DataDir
) -> None:
    write_output("report", own, published.catalogue)
    draft = own.outputs / ROUNDS[0] / REPORT
    changed = docx.Document(str(draft))
    changed.add_paragraph("Ý kiến của lãnh đạo phòng.")
    changed.save(str(draft))
    edited = draft.read_bytes()
    write_output("report", own, published.catalogue)
    assert draft.read_bytes() == edited
    os.utime((own.mart / "nq57.duckdb").resolve())  # as another generation would be
    write_output("report", own, published.catalogue)
    assert draft.read_bytes() != edited
    [kept] = draft.parent.glob("*.da-sua-*.docx")
    assert kept.read_bytes() == edited


def test_files_of_a_run_that_died_are_written_over(published: Published, own: DataDir) -> None:
    [first, *_] = write_output("report", own, published.catalogue)

    def dies(data: DataDir, catalogue: object) -> list[Path]:
        first.write_bytes(b"half a file")
        raise MemoryError

    first.unlink()
    with pytest.raises(MemoryError):
        write_if_new(own, published.catalogue, "report", dies)
    write_output("report", own, published.catalogue)
    assert docx.Document(str(first)).paragraphs
    assert not list(first.parent.glob("*.da-sua-*"))
