"""What is expected of each table, listed without loading the engine."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.quality.suites import check_names, content_plan, row_count, structure_plan

TABLES = list(catalogue().table)


def test_listing_checks_loads_neither_great_expectations_nor_pandas() -> None:
    code = (
        "import sys\n"
        "from nq57_assets.catalogue import catalogue\n"
        "from nq57_assets.quality.suites import check_names\n"
        "assert all(check_names(table, catalogue()) for table in catalogue().table)\n"
        "print(sorted({'great_expectations', 'pandas', 'duckdb', 'dagster'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_named_checks_of_its_structure(table: str) -> None:
    names = [name for name, _, _ in check_names(table, catalogue())]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[A-Za-z0-9_]+", name) for name in names)
    assert "structure_columns" in names
    planned = [p for p in structure_plan(table, catalogue()) if p.check == "structure_filled"]
    assert [p.columns[0] for p in planned] == [
        c.name for c in catalogue().table[table].columns if not c.nullable
    ]


def test_only_structure_blocks_and_a_round_without_submissions_does_not() -> None:
    for table in TABLES:
        for name, blocking, _ in check_names(table, catalogue()):
            assert not blocking or name.startswith("structure_")
    rows = {t: b for t in TABLES for name, b, _ in check_names(t, catalogue()) if name == "structure_rows"}
    assert not rows["raw/submissions"] and not rows["core/observations"]
    assert rows["core/resolved"] and rows["core/values"] and rows["city/coverage"]


def test_limits_are_few_rules_over_one_frame_however_many_indicators() -> None:
    assert len(list(content_plan("core/observations", catalogue()))) < 10


def test_a_dimension_of_the_mart_has_exactly_the_rows_of_the_catalogue() -> None:
    communes = len(catalogue().communes)
    assert row_count("mart/dim_commune", catalogue()) == {"min_value": communes, "max_value": communes}
    assert row_count("core/findings", catalogue()) is None
