"""Running the whole city in this process, as ``nq57 run`` does."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import dagster as dg

from nq57_assets import definitions
from nq57_assets.defs.partitions import one_run_over

# Beside the package, wherever the command is called from: without it Dagster limits no pool and speaks of telemetry.
_CONFIGURATION = Path(__file__).parents[2] / "dagster.yaml"


def dagster_home() -> Path:
    """Return DAGSTER_HOME, made and configured if need be; telemetry is off whatever the configuration says."""
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    home = Path(os.environ.setdefault("DAGSTER_HOME", str(Path(".dagster").absolute())))
    home.mkdir(parents=True, exist_ok=True)
    if _CONFIGURATION.exists() and not (home / "dagster.yaml").exists():
        shutil.copy(_CONFIGURATION, home / "dagster.yaml")
    return home


def run_whole_city(rounds: Sequence[str], settle_seconds: int | None) -> list[str]:
    """Materialize the rounds up to the mart in one run over their range.

    Args:
        rounds: Rounds; those that lie between the first and the last in the catalogue are made with them.
        settle_seconds: How long an inbox file must have been left alone; None takes the setting.

    Returns:
        What went wrong, a line a step that failed; nothing when the run succeeded.
    """
    with dg.DagsterInstance.from_config(str(dagster_home())) as instance:
        result = (
            definitions.defs()
            .resolve_job_def("whole_city")
            .execute_in_process(
                instance=instance,
                run_config={
                    "loggers": {"console": {"config": {"log_level": "WARNING"}}},
                    "ops": {"raw__inbox": {"config": {"settle_seconds": settle_seconds}}},
                },
                tags=one_run_over(rounds),
                raise_on_error=False,
            )
        )
    if result.success:
        return []
    return [_fault(event) for event in result.all_events if event.is_step_failure] or ["no step was run"]


def _fault(event: dg.DagsterEvent) -> str:
    """Return which step failed and its first cause, without the frames between."""
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    words = (
        error.message.strip().splitlines()[0].rpartition(f"{error.cls_name}: ")[2]
        if error
        else "no reason given"
    )
    return f"{str(event.step_key).replace('__', '/')}: {words}"
