"""Layer core: claimed figures and statements, what new versions changed, candidates, broken rules, and values that stand."""

from nq57_assets import pipeline
from nq57_assets.defs.tables import table_asset

observations = table_asset(
    "core/observations", pipeline.observations, deps=["raw/submissions", "staged/documents"]
)
statements = table_asset("core/statements", pipeline.statements, deps=["raw/submissions", "staged/documents"])
changes = table_asset("core/changes", pipeline.changes, deps=["raw/submissions", "staged/documents"])
decisions = table_asset(
    "core/decisions", pipeline.rulings, deps=["core/observations"], kinds={"excel", "parquet"}
)
resolved = table_asset(
    "core/resolved",
    pipeline.resolved,
    deps=["core/observations", "core/decisions"],
    kinds={"duckdb", "parquet"},
)
findings = table_asset(
    "core/findings",
    pipeline.findings,
    deps=["raw/submissions", "staged/documents", "core/observations", "core/decisions", "core/resolved"],
)
values = table_asset(
    "core/values",
    pipeline.values,
    deps=["core/observations", "core/decisions", "core/resolved", "core/findings"],
    kinds={"duckdb", "parquet"},
)
