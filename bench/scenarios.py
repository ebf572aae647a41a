"""One city of a given size: made, published from nothing, published again, published after a change, and the script."""

from __future__ import annotations

import csv
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.measure import Measured, measure
from nq57_assets.catalogue import Catalogue, catalogue, load_catalogue
from nq57_assets.folders import DataDir
from nq57_assets.sample import City, make_city
from nq57_assets.sample.forms import form_rows, with_cells

CHANGED_FILES = 5
_ROOT = Path(__file__).parents[1]
_COMPILED = shutil.ignore_patterns("__pycache__")
_HOUR_NS = 3600 * 1_000_000_000


@dataclass(frozen=True)
class Row:
    """One measured command."""

    communes: int
    files: int
    scenario: str
    wall: float
    cpu: float
    largest: float
    tree: float
    code: int


@contextmanager
def workplace() -> Iterator[Path]:
    """Yield a folder of its own for one city, removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="nq57-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_city(communes: int, say: Callable[[str], None]) -> list[Row]:
    """Measure every scenario for a city of ``communes``; ``say`` is told after each.

    Raises:
        RuntimeError: A command failed; the message ends with what it printed.
    """
    with workplace() as folder:
        data = DataDir(folder / "data")
        city = make_city(data, catalogue(), communes=communes)
        reference = load_catalogue(city.reference) if city.reference else catalogue()
        environment = _environment(folder, city)
        shutil.copy(_ROOT / "dagster.yaml", folder / "dagster.yaml")
        # A copy of the code: results depend on its hash, and an edit during a long measurement is not what is measured.
        shutil.copytree(_ROOT / "nq57_assets", folder / "code" / "nq57_assets", ignore=_COMPILED)
        shutil.copy(_ROOT / "pyproject.toml", folder / "code" / "pyproject.toml")
        run = [sys.executable, "-m", "nq57_assets.cli", "run"]
        rounds = [part for round_id in city.rounds for part in ("--round", round_id)]
        rows: list[Row] = []

        def step(scenario: str, command: list[str]) -> None:
            measured = measure(command, environment, folder)
            if measured.code:
                raise RuntimeError(f"{scenario} failed:\n{measured.output[-3000:]}")
            rows.append(_row(communes, city.files, scenario, measured))
            say(f"{communes} communes, {scenario}: {measured.wall:.1f} s")

        step("full", run)
        step("unchanged", run)
        step("unchanged, every step asked", [*run, *rounds])
        change_files(data, reference, city.rounds[0])
        step(f"{CHANGED_FILES} files changed", run)
        analyst = str(_ROOT / "bench" / "analyst.py")
        step("analyst's script", [sys.executable, analyst, str(data.inbox), str(folder / "analyst.duckdb")])
        return rows


def _environment(folder: Path, city: City) -> dict[str, str]:
    environment = {
        "NQ57_DATA": str(city.data.root),
        "DAGSTER_HOME": str(folder / "dagster"),
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "GX_ANALYTICS_ENABLED": "false",
        "PYTHONPATH": os.pathsep.join([str(folder / "code"), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }
    if city.reference:
        environment["NQ57_REFERENCE"] = str(city.reference)
    return environment


def _row(communes: int, files: int, scenario: str, measured: Measured) -> Row:
    taken = {name: value for name, value in asdict(measured).items() if name != "output"}
    return Row(communes=communes, files=files, scenario=scenario, **taken)


def change_files(data: DataDir, reference: Catalogue, round_id: str) -> list[Path]:
    """Correct one figure in a few good forms, as if the communes had sent them again under the same name."""
    with (data.root / "truth" / round_id / "submissions.csv").open(encoding="utf-8", newline="") as stream:
        good = [r["file"] for r in csv.DictReader(stream) if r["kind"] == "form" and r["state"] == "parsed"]
    address = f"D{form_rows(round_id, reference)['media_posts']}"
    changed = []
    for name in good[:CHANGED_FILES]:
        path = data.inbox / round_id / name
        received = path.stat().st_mtime_ns + _HOUR_NS
        path.write_bytes(with_cells(path.read_bytes(), {address: f'<c r="{address}"><v>111</v></c>'}))
        os.utime(path, ns=(received, received))
        changed.append(path)
    return changed
