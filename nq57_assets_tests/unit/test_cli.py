"""The command line: a mistake ends with one line that says what to do, never with a traceback."""

from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from nq57_assets.cli import app


def _nq57(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.fixture
def mart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NQ57_DATA", str(tmp_path))
    path = tmp_path / "mart" / "nq57.duckdb"
    path.parent.mkdir()
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE fact_value AS SELECT 'team_count' AS indicator, 58 AS value"
        ).fetchall()
    return path


def test_a_query_prints_its_answer(mart: Path) -> None:
    result = _nq57("sql", "SELECT value FROM fact_value")
    assert (result.exit_code, "58" in result.stdout) == (0, True)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT nope FROM fact_value", "nope"),
        ("SELEC 1", "syntax error"),
        ("DROP TABLE fact_value", "read-only"),
        ("SELECT * FROM read_text('/etc/hostname')", "disabled"),
    ],
)
def test_a_query_that_fails_says_why_in_words(mart: Path, query: str, said: str) -> None:
    result = _nq57("sql", query)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sql", "SELECT 1"], "run `nq57 run` first"),
        (["trace", "2025-nq57-communication", "team_count"], "run `nq57 run` first"),
        (["trace", "2025-nq57-communication", "no_such"], "reference/indicators/"),
        (["status", "2024-nq57"], "Known rounds: "),
        (["run", "--round", "2024-nq57"], "Known rounds: "),
        (["form", "2026-nq57-communication", "--commune", "99999"], "communes.csv"),
        (["inspect", "no such file.txt"], "no such file.txt"),
        (["evaluate", "no such folder"], "no such folder"),
    ],
)
def test_a_mistake_on_the_command_line_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NQ57_DATA", raising=False)
    result = _nq57(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
