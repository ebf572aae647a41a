"""Layer city: consolidated indicators, and who has reported."""

from collections import Counter

import dagster as dg

from nq57_assets import pipeline
from nq57_assets.catalogue import COMMUNE_TYPES
from nq57_assets.defs.metadata import bars
from nq57_assets.defs.tables import table_asset
from nq57_assets.project import Project


def _coverage_chart(project: Project, round_id: str) -> dict[str, dg.MetadataValue]:
    rows = project.lake.arrow("city/coverage", [round_id]).to_pylist()
    kinds = [project.catalogue.commune[row["commune_code"]].commune_type for row in rows]
    expected = Counter(kinds)
    submitted = Counter(kind for kind, row in zip(kinds, rows, strict=True) if row["submitted"])
    shares = {
        f"{COMMUNE_TYPES[kind]} ({submitted[kind]}/{count})": submitted[kind] / count
        for kind, count in sorted(expected.items())
    }
    return {"submitted": bars(f"Đã nộp báo cáo: {round_id}", shares)}


def _published_chart(project: Project, round_id: str) -> dict[str, dg.MetadataValue]:
    cities = [
        r for r in project.lake.arrow("city/indicators", [round_id]).to_pylist() if r["scope"] == "city"
    ]
    shares: dict[str, float] = {}
    for group in project.catalogue.groups:
        coverage = [
            r["coverage"] for r in cities if project.catalogue.indicator[r["indicator"]].group == group.group
        ]
        if coverage:
            shares[group.vi] = sum(coverage) / len(coverage)
    return {"filled": bars(f"Mức đầy đủ theo nhóm chỉ tiêu: {round_id}", shares)}


indicators = table_asset(
    "city/indicators",
    pipeline.city_indicators,
    deps=["core/values"],
    kinds={"duckdb", "parquet"},
    extra=_published_chart,
)
coverage = table_asset(
    "city/coverage",
    pipeline.city_coverage,
    deps=["raw/submissions", "core/values", "core/findings"],
    kinds={"duckdb", "parquet"},
    extra=_coverage_chart,
)
