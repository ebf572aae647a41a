"""Jobs, schedules and the inbox sensor; all times are Asia/Ho_Chi_Minh."""

import json

import dagster as dg

from nq57_assets import pipeline
from nq57_assets.defs.mart import MART
from nq57_assets.defs.outputs import OUTPUTS
from nq57_assets.defs.partitions import one_run_over
from nq57_assets.defs.resources import ProjectResource
from nq57_assets.defs.returns import CORRIGENDUM, RETURNS
from nq57_assets.defs.review import REVIEW_WORKBOOK
from nq57_assets.lake import digest
from nq57_assets.project import now

_ROUND_GROUPS = dg.AssetSelection.groups("raw", "staged", "core", "city") | dg.AssetSelection.assets(
    REVIEW_WORKBOOK
)
_PUBLISHED = dg.AssetSelection.assets(MART, *OUTPUTS, CORRIGENDUM)

intake_job = dg.define_asset_job(
    "intake",
    # Letters are for those who send them: the daily job writes what has changed, `nq57 run` does not wait for them.
    selection=_ROUND_GROUPS | dg.AssetSelection.assets(RETURNS),
    description="Nhận hộp thư đến và làm lại các bảng của đợt. Take in the inbox and make the tables of a round.",
    executor_def=dg.in_process_executor,
)
mart_job = dg.define_asset_job(
    "publish_mart",
    selection=_PUBLISHED,
    description="Công bố kho báo cáo và các sản phẩm. Publish the mart and its outputs.",
    executor_def=dg.in_process_executor,
)
city_job = dg.define_asset_job(
    "whole_city",
    selection=_ROUND_GROUPS | _PUBLISHED,
    description="Từ hộp thư đến tới kho báo cáo trong một lần chạy. From the inbox to the mart in one run.",
    executor_def=dg.in_process_executor,
)


@dg.schedule(
    job=intake_job,
    cron_schedule="30 5 * * *",
    execution_timezone="Asia/Ho_Chi_Minh",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="05:30: nhận báo cáo của các đợt đang mở. Take in the open rounds.",
)
def daily_intake(
    context: dg.ScheduleEvaluationContext, nq57: ProjectResource
) -> dg.RunRequest | dg.SkipReason:
    """Request one run over the open rounds: findings and weights look at the other rounds, as they are today."""
    day = context.scheduled_execution_time.date()
    rounds = pipeline.open_rounds(nq57.project(), day)
    if not rounds:
        return dg.SkipReason("No round is open: none has been requested and none has a receipt.")
    return dg.RunRequest(run_key=day.isoformat(), tags=one_run_over(rounds))


@dg.schedule(
    job=mart_job,
    cron_schedule="0 6 * * *",
    execution_timezone="Asia/Ho_Chi_Minh",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="06:00: công bố kho báo cáo. Publish the mart.",
)
def daily_mart(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Request one publication a day."""
    return dg.RunRequest(run_key=context.scheduled_execution_time.date().isoformat())


@dg.sensor(
    job=intake_job,
    minimum_interval_seconds=300,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Hộp thư đến có tệp mới đã tải lên xong. The inbox has new files whose upload has ended.",
)
def inbox_sensor(context: dg.SensorEvaluationContext, nq57: ProjectResource) -> dg.SensorResult:
    """Request one run for each round whose settled files have changed; looks at names, sizes and times only.

    A review workbook that people have saved asks for a run of its round as well. The run key holds the state of the
    folder, not its name: a key is remembered for good, even when its run fails. The first look of a new Dagster
    home asks for nothing that ``nq57 run`` has already done.
    """
    from nq57_assets.intake.inbox import scan
    from nq57_assets.review.desk import pending
    from nq57_assets.run import up_to_date

    project = nq57.project()
    seen: dict[str, str] = json.loads(context.cursor or "{}")
    settled: dict[str, list[tuple[str, int, int]]] = {}
    for file in scan(project.data, project.catalogue, now()):
        if file.state == "ready":
            settled.setdefault(file.round_id, []).append((file.raw_name.hex(), file.size, file.mtime_ns))
    state = {(round_id, "inbox"): digest(sorted(files)) for round_id, files in settled.items()}
    saved = {round_id: pending(project.data, round_id) for round_id in project.catalogue.round}
    state |= {(round_id, "review"): sha256 for round_id, sha256 in saved.items() if sha256}
    cursor = {"/".join(place): fingerprint for place, fingerprint in state.items()}
    changed = [place for place, fingerprint in state.items() if seen.get("/".join(place)) != fingerprint]
    if context.cursor is None and up_to_date(project):
        changed = []
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(run_key=f"{round_id}/{part}:{state[round_id, part]}", partition_key=round_id)
            for round_id, part in changed
        ],
        cursor=json.dumps(cursor, sort_keys=True),
        skip_reason=None if changed else dg.SkipReason("No settled file and no review workbook has changed."),
    )


@dg.definitions
def automation() -> dg.Definitions:
    """Run every job in one process: a process a step costs ten times the work itself."""
    return dg.Definitions(
        executor=dg.in_process_executor,
        jobs=[intake_job, mart_job, city_job],
        schedules=[daily_intake, daily_mart],
        sensors=[inbox_sensor],
    )
