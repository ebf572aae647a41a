"""``python -m bench``: measure cities of several sizes, print a table, keep the figures in ``bench/results.json``."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

from bench.scenarios import Row, run_city

SIZES = (114, 1140, 3321)
QUICK = (24,)
RESULTS = Path(__file__).with_name("results.json")
_PACKAGES = ("dagster", "duckdb", "great-expectations", "pandas", "pyarrow", "openpyxl", "python-calamine")


def table(rows: list[Row]) -> str:
    """Return the measurements as a Markdown table, each beside the full run and the script of the same city."""
    lines = [
        "| communes | files | what | wall s | CPU s | largest process MiB | all processes MiB "
        "| of the full run | × the script |",
        "|---:|---:|---|---:|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        same = {other.scenario: other for other in rows if other.communes == row.communes}
        full, script = same.get("full"), same.get("analyst's script")
        of_full = f"{100 * row.wall / full.wall:.0f} %" if full else ""
        of_script = f"{row.wall / script.wall:.2f}" if script else ""
        lines.append(
            f"| {row.communes} | {row.files} | {row.scenario} | {row.wall:.1f} | {row.cpu:.1f} | {row.largest:.0f} "
            f"| {row.tree:.0f} | {of_full} | {of_script} |"
        )
    return "\n".join(lines)


def growth(rows: list[Row]) -> list[str]:
    """Return how the full run and the script grow from one size to the next."""
    lines = []
    for scenario in ("full", "analyst's script"):
        steps = sorted((row for row in rows if row.scenario == scenario), key=lambda row: row.communes)
        for small, large in pairwise(steps):
            lines.append(
                f"{scenario}: {large.communes / small.communes:.1f} times the communes take "
                f"{large.wall / small.wall:.1f} times the time, {large.cpu / small.cpu:.1f} times the CPU"
            )
    return lines


def machine() -> dict[str, object]:
    """Return what the figures depend on besides the code."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "packages": {name: version(name) for name in _PACKAGES},
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--communes", type=int, nargs="+", help=f"sizes of the city; {SIZES} if left out")
    parser.add_argument("--quick", action="store_true", help=f"only a city of {QUICK[0]} communes")
    options = parser.parse_args()
    sizes = options.communes or (QUICK if options.quick else SIZES)
    about = machine()
    rows: list[Row] = []
    for size in sizes:
        rows += run_city(size, lambda line: print(line, file=sys.stderr, flush=True))
    print(table(rows))
    print()
    print("\n".join(growth(rows)))
    if not options.quick:
        content = {**about, "rows": [asdict(row) for row in rows]}
        RESULTS.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"kept in {RESULTS.relative_to(Path.cwd()) if RESULTS.is_relative_to(Path.cwd()) else RESULTS}")


if __name__ == "__main__":
    main()
