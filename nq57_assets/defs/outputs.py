"""Layer outputs: what people read, made from the published mart alone."""

import dagster as dg

from nq57_assets.defs.mart import MART
from nq57_assets.defs.resources import ProjectResource
from nq57_assets.defs.tables import OWNERS, TRANSIENT
from nq57_assets.outputs import publish
from nq57_assets.versions import code_version

OUTPUTS = [dg.AssetKey(["outputs", name]) for name in publish.OUTPUTS]


def _output(name: str, kind: str, words: str) -> dg.AssetsDefinition:
    @dg.asset(
        key=dg.AssetKey(["outputs", name]),
        deps=[MART],
        group_name="outputs",
        kinds={kind},
        owners=OWNERS,
        description=words,
        code_version=code_version("outputs"),
        retry_policy=TRANSIENT,
    )
    def build(nq57: ProjectResource) -> dg.MaterializeResult:
        project = nq57.project()
        paths = publish.write_output(name, project.data, project.catalogue)
        links = {
            path.relative_to(project.data.outputs)
            .as_posix()
            .replace("/", "_")
            .replace("-", "_")
            .replace(".", "_"): (dg.MetadataValue.path(str(path)))
            for path in paths
        }
        return dg.MaterializeResult(
            metadata={"files": len(paths), "bytes": sum(path.stat().st_size for path in paths), **links}
        )

    return build


annex = _output(
    "annex",
    "excel",
    "Phụ lục tổng hợp của từng đợt: một trang tính mỗi nhóm chỉ tiêu, tổng, độ phủ, xếp hạng, tình hình nộp, biểu đồ.\n\n"
    "The consolidated workbook of each round: a sheet a group, totals, coverage, ranking, completeness, charts.",
)
report = _output(
    "report",
    "docx",
    "Dự thảo báo cáo của từng đợt theo thể thức Nghị định 30/2020/NĐ-CP.\n\n"
    "The report draft of each round in the form of Decree 30/2020/NĐ-CP.",
)
dashboard = _output(
    "dashboard",
    "html",
    "Bảng điều khiển một tệp, mở được khi không có mạng.\n\nThe dashboard in one file that opens without a network.",
)
exports = _output(
    "exports",
    "csv",
    "Mọi bảng của kho báo cáo ở dạng Parquet và CSV, kèm mô tả gói dữ liệu và SDMX-CSV.\n\n"
    "Every table of the mart as Parquet and CSV with a data package descriptor, and the values as SDMX-CSV.",
)
