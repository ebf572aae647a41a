"""What goes back: letters and lists to the communes of a round, and the corrigendum of a round that has been approved."""

import dagster as dg

from nq57_assets.defs.mart import MART
from nq57_assets.defs.partitions import ONE_RUN, ROUNDS, partition_keys
from nq57_assets.defs.resources import ProjectResource
from nq57_assets.defs.tables import OWNERS, TRANSIENT, asset_key, only_io_is_retried
from nq57_assets.versions import code_version
from nq57_assets.vintages import approvals

RETURNS = dg.AssetKey(["outputs", "returns"])
CORRIGENDUM = dg.AssetKey(["outputs", "corrigendum"])


@dg.asset(
    key=RETURNS,
    deps=[
        asset_key(name) for name in ("raw/submissions", "core/observations", "core/findings", "city/coverage")
    ],
    partitions_def=ROUNDS,
    backfill_policy=ONE_RUN,
    group_name="outputs",
    kinds={"excel", "word"},
    owners=OWNERS,
    description=(
        "Văn bản gửi lại từng đơn vị của đợt (data/outputs/returns): danh sách cần sửa, công văn, biểu mẫu có ghi chú, danh "
        "sách nhắc nộp. Bản nộp sau được đối chiếu với danh sách đã gửi.\n\n"
        "What goes back to each commune of a round: what to mend, a letter, its form with notes, and whom to remind. The "
        "version that follows is checked against the list."
    ),
    code_version=code_version("outputs"),
    retry_policy=TRANSIENT,
)
def returns(context: dg.AssetExecutionContext, nq57: ProjectResource) -> dg.MaterializeResult:
    """Write what has changed since the last time; lists that stand are left alone."""
    from nq57_assets.outputs.returns import write_returns  # openpyxl takes its time to load

    project = nq57.project()
    for key in partition_keys(context):
        with only_io_is_retried():
            written = write_returns(project, key)
        context.log.info(f"{key}: {len(written.files)} communes, {len(written.made)} made now")
        context.add_asset_metadata(
            {
                "dagster/row_count": len(written.files),
                "made": len(written.made),
                "answered": {code: one.render() for code, one in written.followups.items()},
                "not_annotated": list(written.unmarked),
                "folder": dg.MetadataValue.path(str(written.folder)),
                "reminders": dg.MetadataValue.path(str(written.reminders)),
            },
            partition_key=key,
        )
    return dg.MaterializeResult()


@dg.asset(
    key=CORRIGENDUM,
    deps=[MART],
    group_name="outputs",
    kinds={"excel"},
    owners=OWNERS,
    description=(
        "Bảng đính chính của các đợt đã duyệt: số liệu nào thay đổi từ khi duyệt, của đơn vị nào, vì sao, ảnh hưởng thế nào "
        "đến số toàn thành phố.\n\n"
        "The corrigendum of each approved round: which figure has changed since, whose, why, with what effect on the total."
    ),
    code_version=code_version("outputs"),
    retry_policy=TRANSIENT,
)
def corrigendum(context: dg.AssetExecutionContext, nq57: ProjectResource) -> dg.MaterializeResult:
    """Compare each approved generation with the current one; nothing is written before a first approval."""
    from nq57_assets.outputs.corrigendum import write_corrigendum

    project = nq57.project()
    approved = sorted({approval.round_id for approval in approvals(project.data)})
    with only_io_is_retried():
        written = {key: write_corrigendum(project.data, key, project.catalogue) for key in approved}
    for key, one in written.items():
        context.log.info(f"{key}: {len(one.changes)} values differ, {'made' if one.made else 'unchanged'}")
    links = {
        f"path_{key.replace('-', '_')}": dg.MetadataValue.path(str(one.path)) for key, one in written.items()
    }
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(len(one.changes) for one in written.values()),
            "approved": {key: one.approval.generation for key, one in written.items()},
            "differ": {key: len(one.changes) for key, one in written.items()},
            **links,
        }
    )
