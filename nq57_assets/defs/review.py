"""The review workbook of a round: what people must rule on, laid out again after every run."""

import dagster as dg

from nq57_assets import pipeline
from nq57_assets.defs.mart import MART
from nq57_assets.defs.partitions import ONE_RUN, ROUNDS, partition_keys
from nq57_assets.defs.resources import ProjectResource
from nq57_assets.defs.tables import OWNERS, TRANSIENT, asset_key
from nq57_assets.versions import code_version

REVIEW_WORKBOOK = dg.AssetKey(["outputs", "review_workbook"])


@dg.asset(
    key=REVIEW_WORKBOOK,
    deps=[
        *(
            asset_key(name)
            for name in ("core/observations", "core/decisions", "core/findings", "core/values")
        ),
        MART,
    ],
    partitions_def=ROUNDS,
    backfill_policy=ONE_RUN,
    group_name="outputs",
    kinds={"excel"},
    owners=OWNERS,
    description=(
        "Tệp rà soát của đợt (data/review): số chờ rà soát, mâu thuẫn và phát hiện, kèm ô chọn quyết định. Lưu tệp lại thì "
        "lần chạy sau đọc quyết định.\n\n"
        "The review workbook of a round: figures in review, conflicts and findings with drop-downs for the ruling. Saving "
        "it is enough: the next run reads the rulings."
    ),
    code_version=code_version("review"),
    retry_policy=TRANSIENT,
)
def review_workbook(context: dg.AssetExecutionContext, nq57: ProjectResource) -> dg.MaterializeResult:
    """Lay out the workbooks of these rounds, unless one is being edited or has not been read."""
    project = nq57.project()
    issued = {key: pipeline.review_workbook(project, key) for key in partition_keys(context)}
    for key, one in issued.items():
        context.log.info(f"{key}: {one.reason or ('laid out' if one.changed else 'unchanged')}")
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(sum(one.rows.values()) for one in issued.values()),
            "rows_by_round": {key: dict(one.rows) for key, one in issued.items()},
            "not_replaced": {key: one.reason for key, one in issued.items() if one.reason},
            "path": dg.MetadataValue.path(str(next(iter(issued.values())).path)),
        }
    )
