"""Layer mart: the published DuckDB file that analysts open."""

import dagster as dg

from nq57_assets import pipeline
from nq57_assets.defs.metadata import preview
from nq57_assets.defs.resources import MartResource, ProjectResource
from nq57_assets.defs.tables import OWNERS, TRANSIENT, asset_key, only_io_is_retried
from nq57_assets.versions import pipeline_version

MART = dg.AssetKey(["mart", "nq57"])


@dg.asset(
    key=MART,
    deps=[asset_key(name) for name in pipeline.PUBLISHED_TABLES],
    group_name="mart",
    kinds={"duckdb"},
    owners=OWNERS,
    description=(
        "Kho báo cáo DuckDB đã công bố: bảng chiều, bảng sự kiện, chỉ tiêu toàn thành phố và các khung nhìn cho người "
        "phân tích. Dựng riêng, kiểm tra rồi mới thay bản cũ.\n\n"
        "The published DuckDB mart: dimensions, facts, city indicators and views for analysts. Built aside, verified, "
        "then swapped; readers of an older generation are not disturbed."
    ),
    code_version=pipeline_version(),
    pool="mart",
    retry_policy=TRANSIENT,
    freshness_policy=dg.FreshnessPolicy.cron(
        deadline_cron="0 7 * * *", lower_bound_delta=pipeline.FRESH_WITHIN, timezone="Asia/Ho_Chi_Minh"
    ),
)
def nq57(
    context: dg.AssetExecutionContext, nq57: ProjectResource, mart: MartResource
) -> dg.MaterializeResult:
    """Publish a generation of the mart from all rounds of the lake."""
    with only_io_is_retried():
        published = pipeline.publish(nq57.project())
    with mart.get_connection() as connection:
        rows = connection.execute(
            "SELECT round_id, indicator, value, reported, expected, state FROM city_indicator WHERE scope = 'city' LIMIT 8"
        ).fetchall()
    context.log.info(
        f"Generation {published.generation} {'published' if published.changed else 'is still current'}"
    )
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(published.rows.values()),
            "generation": published.generation,
            "changed": published.changed,
            "path": dg.MetadataValue.path(str(published.path)),
            "rows": published.rows,
            "preview": preview(["round_id", "indicator", "value", "reported", "expected", "state"], rows),
        }
    )
