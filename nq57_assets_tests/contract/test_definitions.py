"""The shape of the project that the data team and other engineers rely on."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.definitions import defs
from nq57_assets.defs.outputs import OUTPUTS

PACKAGE = Path(__file__).parents[2] / "nq57_assets"

GRAPH = {
    "raw/inbox": set(),
    "raw/submissions": {"raw/inbox"},
    "staged/documents": {"raw/submissions"},
    "core/observations": {"raw/submissions", "staged/documents"},
    "core/statements": {"raw/submissions", "staged/documents"},
    "core/changes": {"raw/submissions", "staged/documents"},
    "core/decisions": {"core/observations"},
    "core/resolved": {"core/observations", "core/decisions"},
    "core/findings": {
        "raw/submissions",
        "staged/documents",
        "core/observations",
        "core/decisions",
        "core/resolved",
    },
    "core/values": {"core/observations", "core/decisions", "core/resolved", "core/findings"},
    "city/indicators": {"core/values"},
    "city/coverage": {"raw/submissions", "core/values", "core/findings"},
    "mart/nq57": {
        "raw/inbox",
        "raw/submissions",
        "core/observations",
        "core/statements",
        "core/changes",
        "core/decisions",
        "core/findings",
        "core/values",
        "city/indicators",
        "city/coverage",
    },
    "outputs/returns": {"raw/submissions", "core/observations", "core/findings", "city/coverage"},
    "outputs/corrigendum": {"mart/nq57"},
    "outputs/review_workbook": {
        "core/observations",
        "core/decisions",
        "core/findings",
        "core/values",
        "mart/nq57",
    },
    "outputs/annex": {"mart/nq57"},
    "outputs/report": {"mart/nq57"},
    "outputs/dashboard": {"mart/nq57"},
    "outputs/exports": {"mart/nq57"},
}


@pytest.fixture(scope="module")
def loaded() -> dg.Definitions:
    loaded = defs()
    dg.Definitions.validate_loadable(loaded)
    return loaded


def _imports(source: Path) -> set[str]:
    tree = ast.parse(source.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def test_only_defs_import_dagster() -> None:
    """``nq57_assets/run.py`` starts a run and imports Dagster inside the function that does."""
    offenders = [
        source.relative_to(PACKAGE).as_posix()
        for source in PACKAGE.rglob("*.py")
        if any(name.split(".")[0].startswith("dagster") for name in _imports(source))
        and not source.is_relative_to(PACKAGE / "defs")
        and source.name != "definitions.py"
    ]
    assert offenders == []


def test_loading_the_definitions_loads_no_heavy_library() -> None:
    script = (
        "import json, sys; from nq57_assets.definitions import defs; defs();"
        "print(json.dumps([m for m in ('great_expectations', 'pandas', 'openpyxl', 'scipy') if m in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == []


def test_inspect_needs_neither_dagster_nor_great_expectations_nor_pandas(tmp_path: Path) -> None:
    letter = tmp_path / "bao cao.txt"
    letter.write_text("BÁO CÁO\nXã có 12 thôn.\n", encoding="utf-8")
    script = (
        "import sys; from nq57_assets.catalogue import catalogue; from nq57_assets.inspect_file import inspect_file;"
        "from pathlib import Path; inspect_file(Path(sys.argv[1]), catalogue());"
        "print([m for m in ('great_expectations', 'pandas', 'dagster', 'duckdb') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(letter)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ,
    )
    assert done.stdout.strip() == "[]"


def test_the_graph_is_the_way_of_the_data(loaded: dg.Definitions) -> None:
    graph = loaded.resolve_asset_graph()
    assert {
        key.to_user_string(): {parent.to_user_string() for parent in graph.get(key).parent_keys}
        for key in graph.materializable_asset_keys
    } == GRAPH


def test_every_asset_tells_people_what_it_is(loaded: dg.Definitions) -> None:
    for spec in loaded.resolve_all_asset_specs():
        name = spec.key.to_user_string()
        assert spec.description and "\n\n" in spec.description, f"{name}: needs Vietnamese and English"
        assert spec.group_name == spec.key.path[0], name
        assert spec.owners and spec.kinds and spec.code_version, name
        if name != "mart/nq57" and spec.group_name != "outputs":
            assert "dagster/column_schema" in spec.metadata, name


def test_rounds_are_the_only_partitions_and_a_backfill_is_one_run(loaded: dg.Definitions) -> None:
    graph = loaded.resolve_asset_graph()
    for key in graph.materializable_asset_keys:
        node = graph.get(key)
        if key.to_user_string() in ("raw/inbox", "mart/nq57", "outputs/corrigendum") or key in OUTPUTS:
            assert node.partitions_def is None
        else:
            assert node.partitions_def.get_partition_keys() == list(catalogue().round)
            assert node.backfill_policy == dg.BackfillPolicy.single_run()


def test_structure_blocks_and_figures_never_do(loaded: dg.Definitions) -> None:
    graph = loaded.resolve_asset_graph()
    for key in graph.asset_check_keys:
        spec = graph.get_check_spec(key)
        if spec.blocking:
            assert catalogue().rule[key.name].severity == "critical", key.name


def test_the_schedules_run_in_the_morning_of_hai_phong(loaded: dg.Definitions) -> None:
    schedules = {s.name: (s.cron_schedule, s.execution_timezone) for s in loaded.schedules or ()}
    assert schedules == {
        "daily_intake": ("30 5 * * *", "Asia/Ho_Chi_Minh"),
        "daily_mart": ("0 6 * * *", "Asia/Ho_Chi_Minh"),
    }


def test_modules_stay_readable() -> None:
    long = {
        source.relative_to(PACKAGE).as_posix(): lines
        for source in PACKAGE.rglob("*.py")
        if (lines := len(source.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}
