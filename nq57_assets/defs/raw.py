"""Layer raw: what lies in the inbox, and the register of submissions."""

import dagster as dg

from nq57_assets import pipeline
from nq57_assets.catalogue import catalogue
from nq57_assets.defs.metadata import column_schema, preview
from nq57_assets.defs.resources import ProjectResource
from nq57_assets.defs.tables import OWNERS, TRANSIENT, asset_key, description, only_io_is_retried, table_asset
from nq57_assets.versions import pipeline_version


class InboxConfig(dg.Config):
    """How long a file must have been left alone before it is taken; None is the setting of the catalogue."""

    settle_seconds: int | None = None


@dg.asset(
    key=asset_key("raw/inbox"),
    group_name="raw",
    kinds={"excel", "file"},
    owners=OWNERS,
    description=description("raw/inbox"),
    code_version=pipeline_version(),
    retry_policy=TRANSIENT,
    metadata={"dagster/column_schema": column_schema(catalogue().table["raw/inbox"])},
)
def inbox(
    context: dg.AssetExecutionContext, config: InboxConfig, nq57: ProjectResource
) -> dg.MaterializeResult:
    """Archive every settled file and list what lies in the inbox."""
    with only_io_is_retried():
        received = pipeline.receive(nq57.project(), settle=config.settle_seconds)
    for path, state, reason in received.not_taken:
        context.log.info(f"{path}: {state}: {reason}")
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(received.listing),
            "new_receipts": received.new,
            "by_state": received.by_state,
            "not_taken": preview(["path", "state", "reason"], received.not_taken),
        }
    )


submissions = table_asset("raw/submissions", pipeline.submissions, deps=["raw/inbox"])
