"""Small published cities that several test files read: a whole one, and one of which a third has not reported."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from nq57_assets import pipeline
from nq57_assets.catalogue import Catalogue, load_catalogue
from nq57_assets.catalogue import catalogue as packaged
from nq57_assets.folders import DataDir
from nq57_assets.mart.open import open_mart
from nq57_assets.project import Project
from nq57_assets.sample import make_city

ROUNDS = ("2025-digital-transformation", "2025-nq57-communication")


@dataclass(frozen=True)
class Published:
    """A published city and what was written of it."""

    data: DataDir
    catalogue: Catalogue
    mart: duckdb.DuckDBPyConnection
    absent: frozenset[str]


def _publish(root: Path, *, thinned: bool) -> Published:
    city = make_city(DataDir(root), packaged(), communes=15, seed=5)
    assert city.reference is not None
    catalogue = load_catalogue(city.reference)
    absent: set[str] = set()
    if thinned:
        absent = {c.commune_code for number, c in enumerate(catalogue.communes) if number % 3 == 0}
        for round_id in ROUNDS:
            with (root / "truth" / round_id / "submissions.csv").open(encoding="utf-8", newline="") as stream:
                for row in csv.DictReader(stream):
                    if row["commune_code"] in absent:
                        (city.data.inbox / round_id / row["file"]).unlink(missing_ok=True)
    pipeline.run_all(Project(city.data, catalogue), ROUNDS, settle=0)
    mart = open_mart(city.data.mart / "nq57.duckdb")
    return Published(city.data, catalogue, mart, frozenset(absent))


@pytest.fixture(scope="session", params=["whole", "thinned"])
def published(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Published]:
    """A city whose communes have all been asked, and one of which every third has sent nothing."""
    made = _publish(tmp_path_factory.mktemp(request.param), thinned=request.param == "thinned")
    yield made
    made.mart.close()


@pytest.fixture
def hostile(published: Published, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The mart with names that begin like formulas, end scripts, or hold characters no document may hold."""
    path = tmp_path / "hostile.duckdb"
    shutil.copyfile((published.data.mart / "nq57.duckdb").resolve(), path)
    path.chmod(0o644)
    names = [
        '=HYPERLINK("http://x.example","Xã")',
        "+84",
        "-1+1|cmd",
        "@SUM(A1)",
        "</script><script>alert(1)</script>",
        "Xã\x07\x0bA & <b>B",
    ]
    with duckdb.connect(str(path)) as connection:
        codes = [
            row[0]
            for row in connection.execute("SELECT commune_code FROM city_coverage ORDER BY 1").fetchall()
        ]
        for code, name in zip(dict.fromkeys(codes), names, strict=False):
            connection.execute(
                "UPDATE dim_commune SET full_name = ?, name = ? WHERE commune_code = ?", [name, name, code]
            )
        connection.execute("UPDATE fact_observation SET quote = '=1+1</script>{{scripts}}'")
        connection.execute("UPDATE fact_statement SET text = '=2+2</script><img src=x onerror=alert(2)>\x07'")
        connection.execute(
            "UPDATE fact_finding SET message_vi = '=cmd|calc', original_name = '<img src=x onerror=alert(1)>.xlsx'"
        )
    mart = open_mart(path)
    yield mart
    mart.close()
