"""The project as Dagster runs it: one run over a range, partitions, the sensor, the schedules, the pool."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from filelock import FileLock

from nq57_assets import pipeline
from nq57_assets.catalogue import catalogue
from nq57_assets.definitions import defs
from nq57_assets.defs.automation import daily_intake, daily_mart, inbox_sensor
from nq57_assets.defs.resources import ProjectResource
from nq57_assets.defs.runs import dagster_home
from nq57_assets.defs.tables import table_asset
from nq57_assets.folders import DataDir
from nq57_assets.lake import LakeError
from nq57_assets.project import Project, today
from nq57_assets.run import materialize_city
from nq57_assets.sample import make_city

ROUNDS = ["2025-digital-transformation", "2025-nq57-communication"]
TABLES = [
    "raw/submissions",
    "core/observations",
    "core/findings",
    "core/values",
    "city/indicators",
    "city/coverage",
]
HOME = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A city of a dozen communes, run once through Dagster."""
    root = tmp_path_factory.mktemp("city")
    project = Project(DataDir(root / "data"), catalogue())
    make_city(project.data, project.catalogue, communes=12)
    home = root / "dagster"
    home.mkdir()
    shutil.copy(HOME / "dagster.yaml", home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NQ57_DATA", str(project.data.root))
        patch.setenv("DAGSTER_HOME", str(home))
        assert materialize_city([], settle=False) == 0
    return project


@pytest.fixture
def in_city(city: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("NQ57_DATA", str(city.data.root))
    monkeypatch.setenv("DAGSTER_HOME", str(city.data.root.parent / "dagster"))
    return city


def _rows(project: Project, table: str, rounds: list[str]) -> list[dict]:
    return project.lake.arrow(table, rounds).to_pylist()


def test_one_run_over_both_rounds_publishes_the_mart(city: Project) -> None:
    assert (city.data.mart / "nq57.duckdb").exists()
    for round_id in ROUNDS:
        assert len(_rows(city, "city/coverage", [round_id])) == 114
        assert sum(row["submitted"] for row in _rows(city, "city/coverage", [round_id])) >= 8


def test_a_second_run_says_that_nothing_changed(in_city: Project, capsys: pytest.CaptureFixture[str]) -> None:
    before = (in_city.data.mart / "nq57.duckdb").readlink()
    assert materialize_city([], settle=False) == 0
    assert "Nothing changed" in capsys.readouterr().out
    assert (in_city.data.mart / "nq57.duckdb").readlink() == before


def test_a_range_backfill_gives_what_single_partitions_give(city: Project, tmp_path: Path) -> None:
    single = Project(DataDir(tmp_path / "data"), city.catalogue)
    shutil.copytree(city.data.inbox, single.data.inbox, copy_function=shutil.copy2)
    resources = {"nq57": ProjectResource(data_dir=str(single.data.root))}
    job = defs().resolve_job_def("intake")
    # Findings and weights look at the other rounds, so the first round is made again once the second one is there.
    for round_id in [*ROUNDS, ROUNDS[0]]:
        result = job.execute_in_process(
            partition_key=round_id,
            resources=resources,
            run_config={"ops": {"raw__inbox": {"config": {"settle_seconds": 0}}}},
        )
        assert result.success
    for table in TABLES:
        assert _rows(single, table, ROUNDS) == _rows(city, table, ROUNDS), table


def test_a_range_without_a_round_fails_instead_of_doing_nothing(in_city: Project) -> None:
    result = (
        defs()
        .resolve_job_def("intake")
        .execute_in_process(
            tags={
                "dagster/asset_partition_range_start": ROUNDS[1],
                "dagster/asset_partition_range_end": ROUNDS[0],
            },
            raise_on_error=False,
        )
    )
    assert not result.success


def test_a_run_without_structural_faults_passes_its_blocking_checks(in_city: Project) -> None:
    with dg.DagsterInstance.from_config(os.environ["DAGSTER_HOME"]) as instance:
        run = instance.get_runs(limit=1)[0]
        checks = instance.get_records_for_run(
            run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION
        ).records
        found = [r.event_log_entry.dagster_event.event_specific_data for r in checks]
    assert {c.check_name for c in found} >= {"structure_keys", "structure_rows", "value_share_over_100"}
    assert [c.check_name for c in found if c.blocking and not c.passed] == []
    assert [c.check_name for c in found if any("engine_fault" in key for key in c.metadata)] == []


def test_a_day_later_no_table_is_made_anew(in_city: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrow = today() + timedelta(days=1)
    monkeypatch.setattr(pipeline, "today", lambda: tomorrow)
    assert [b.table for b in (step(in_city, ROUNDS[0]) for step in pipeline.ROUND_STEPS) if b.changed] == []
    assert not pipeline.publish(in_city).changed


def test_checks_can_be_executed_by_themselves(in_city: Project) -> None:
    """As the button in the UI does it: no partition is chosen, so every stored round is checked."""
    selection = dg.AssetSelection.checks_for_assets(dg.AssetKey(["core", "observations"]))
    alone = dg.Definitions(
        jobs=[dg.define_asset_job("alone", selection, executor_def=dg.in_process_executor)]
    )
    with dg.DagsterInstance.from_config(os.environ["DAGSTER_HOME"]) as instance:
        result = (
            dg.Definitions.merge(defs(), alone).resolve_job_def("alone").execute_in_process(instance=instance)
        )
    found = {c.check_name: c for c in result.get_asset_check_evaluations()}
    assert set(found["structure_keys"].metadata["evaluated"].value) == set(ROUNDS)


def test_a_run_of_one_round_does_not_hide_what_is_wrong_in_another(in_city: Project) -> None:
    job = defs().resolve_job_def("intake")
    with dg.DagsterInstance.from_config(os.environ["DAGSTER_HOME"]) as instance:
        result = job.execute_in_process(instance=instance, partition_key=ROUNDS[1])
        events = instance.fetch_materializations(dg.AssetKey(["core", "values"]), limit=1).records
    found = {(c.asset_key.path[-1], c.check_name): c.metadata for c in result.get_asset_check_evaluations()}
    assert set(found["observations", "value_in_review"]["unexpected"].value) == set(ROUNDS)
    assert set(found["observations", "structure_keys"]["unexpected"].value) == {ROUNDS[1]}
    [event] = events
    assert event.asset_materialization.metadata["dagster/row_count"].value == len(
        _rows(in_city, "core/values", [ROUNDS[1]])
    )


def test_a_run_over_both_rounds_tells_the_rows_of_each(in_city: Project) -> None:
    with dg.DagsterInstance.from_config(os.environ["DAGSTER_HOME"]) as instance:
        for round_id in ROUNDS:
            selected = dg.AssetRecordsFilter(
                dg.AssetKey(["core", "observations"]), asset_partitions=[round_id]
            )
            [event] = instance.fetch_materializations(selected, limit=1).records
            rows = event.asset_materialization.metadata["dagster/row_count"].value
            assert rows == len(_rows(in_city, "core/observations", [round_id]))


def test_a_fault_of_data_is_not_retried() -> None:
    def misshapen(project: Project, round_id: str) -> pipeline.Built:
        raise LakeError("core/values: columns missing ['value']")

    result = dg.materialize(
        [table_asset("core/values", misshapen, deps=[])],
        partition_key=ROUNDS[0],
        resources={"nq57": ProjectResource()},
        raise_on_error=False,
    )
    assert not result.success
    assert not any(event.is_step_up_for_retry for event in result.all_events)
    assert "columns missing ['value']" in result.failure_data_for_node("core__values").error.to_string()


def test_a_run_from_any_folder_is_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    with dg.DagsterInstance.from_config(str(dagster_home())) as instance:
        assert not instance.telemetry_enabled
        assert instance.global_op_concurrency_default_limit == 1


def test_a_second_run_waits_for_the_first(in_city: Project, capsys: pytest.CaptureFixture[str]) -> None:
    first = FileLock(in_city.data.lake / ".run.lock")
    first.acquire()
    second = Thread(target=materialize_city, args=([],), kwargs={"settle": False})
    second.start()
    second.join(timeout=1)
    assert second.is_alive()
    first.release()
    second.join(timeout=60)
    assert "Another nq57 run is at work" in (said := capsys.readouterr().out)
    assert "Nothing changed" in said


def test_a_run_that_fails_ends_with_the_cause(
    city: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Receipts are gone: the mart that still has them must stand, and the last lines must say so."""
    data = DataDir(tmp_path / "data")
    shutil.copytree(city.data.root, data.root, symlinks=True)
    shutil.rmtree(data.archive)
    shutil.rmtree(data.inbox)
    monkeypatch.setenv("NQ57_DATA", str(data.root))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    before = (data.mart / "nq57.duckdb").readlink()
    assert materialize_city([ROUNDS[0]]) == 1
    assert "\n  mart/nq57: fact_submission: " in capsys.readouterr().out
    assert (data.mart / "nq57.duckdb").readlink() == before


def test_the_mart_pool_really_limits(in_city: Project) -> None:
    with dg.DagsterInstance.from_config(os.environ["DAGSTER_HOME"]) as instance:
        assert instance.global_op_concurrency_default_limit == 1
        assert not instance.telemetry_enabled
    [mart] = [s for s in defs().assets if dg.AssetKey(["mart", "nq57"]) in s.keys]
    assert mart.op.pool == "mart"


def _settled(path: Path, text: str, minutes_ago: int = 10) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    moment = datetime.now(UTC).timestamp() - 60 * minutes_ago
    os.utime(path, (moment, moment))
    return path


def _tick(data: Path, cursor: str | None) -> dg.SensorResult:
    context = dg.build_sensor_context(cursor=cursor, resources={"nq57": ProjectResource(data_dir=str(data))})
    return inbox_sensor(context)


def test_the_sensor_asks_once_for_each_state_of_a_round(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    _settled(inbox / ROUNDS[0] / "một báo cáo.txt", "BÁO CÁO")
    _settled(inbox / ROUNDS[1] / "vừa tải lên.txt", "BÁO CÁO", minutes_ago=0)
    _settled(inbox / "nhầm thư mục" / "a.txt", "BÁO CÁO")
    first = _tick(tmp_path, None)
    assert [(r.partition_key, r.run_key.split("/")[0]) for r in first.run_requests] == [
        (ROUNDS[0], ROUNDS[0])
    ]
    assert _tick(tmp_path, first.cursor).run_requests == []
    _settled(inbox / ROUNDS[0] / "một báo cáo.txt", "BÁO CÁO sửa", minutes_ago=5)
    again = _tick(tmp_path, first.cursor)
    assert [r.partition_key for r in again.run_requests] == [ROUNDS[0]]
    assert again.run_requests[0].run_key != first.run_requests[0].run_key


def test_the_first_look_of_the_sensor_repeats_no_run_that_is_done(city: Project, tmp_path: Path) -> None:
    data = DataDir(tmp_path / "data")
    shutil.copytree(city.data.inbox, data.inbox, copy_function=shutil.copy2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NQ57_DATA", str(data.root))
        patch.setenv("DAGSTER_HOME", str(city.data.root.parent / "dagster"))
        assert materialize_city([]) == 0
    first = _tick(data.root, None)
    assert first.run_requests == []
    _settled(data.inbox / ROUNDS[0] / "thêm một báo cáo.txt", "BÁO CÁO")
    assert [r.partition_key for r in _tick(data.root, first.cursor).run_requests] == [ROUNDS[0]]
    assert {r.partition_key for r in _tick(data.root, None).run_requests} >= {ROUNDS[0]}


def test_the_schedules_ask_for_the_open_rounds_and_one_mart(city: Project) -> None:
    tick = datetime(2025, 12, 5, 5, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    context = dg.build_schedule_context(
        scheduled_execution_time=tick, resources={"nq57": ProjectResource(data_dir=str(city.data.root))}
    )
    taken = daily_intake(context).partition_key_range
    assert (taken.start, taken.end) == (ROUNDS[0], ROUNDS[1])
    mart = daily_mart(dg.build_schedule_context(scheduled_execution_time=tick + timedelta(minutes=30)))
    assert mart.run_key == "2025-12-05"


def test_without_an_orchestrator_the_same_tables_come_out(city: Project, tmp_path: Path) -> None:
    plain = Project(DataDir(tmp_path / "data"), city.catalogue)
    shutil.copytree(city.data.inbox, plain.data.inbox, copy_function=shutil.copy2)
    published = pipeline.run_all(plain, ROUNDS, settle=0)
    assert published.changed
    for table in TABLES:
        assert _rows(plain, table, ROUNDS) == _rows(city, table, ROUNDS), table
