"""Running the whole city in this process, as ``nq57 run`` does."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import dagster as dg

from nq57_assets import definitions
from nq57_assets.catalogue import catalogue


def _dagster_home() -> Path:
    """Return DAGSTER_HOME, made and configured if need be; telemetry is off whatever the configuration says."""
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    home = Path(os.environ.setdefault("DAGSTER_HOME", str(Path(".dagster").absolute())))
    home.mkdir(parents=True, exist_ok=True)
    configuration = Path("dagster.yaml")
    if configuration.exists() and not (home / "dagster.yaml").exists():
        shutil.copy(configuration, home / "dagster.yaml")
    return home


def run_whole_city(rounds: Sequence[str], settle_seconds: int | None) -> bool:
    """Materialize the rounds up to the mart in one run over their range; whether it succeeded.

    Args:
        rounds: Rounds; those that lie between the first and the last in the catalogue are made with them.
        settle_seconds: How long an inbox file must have been left alone; None takes the setting.
    """
    in_order = [round_id for round_id in catalogue().round if round_id in rounds]
    with dg.DagsterInstance.from_config(str(_dagster_home())) as instance:
        result = (
            definitions.defs()
            .resolve_job_def("whole_city")
            .execute_in_process(
                instance=instance,
                run_config={
                    "loggers": {"console": {"config": {"log_level": "WARNING"}}},
                    "ops": {"raw__inbox": {"config": {"settle_seconds": settle_seconds}}},
                },
                tags={
                    "dagster/asset_partition_range_start": in_order[0],
                    "dagster/asset_partition_range_end": in_order[-1],
                },
                raise_on_error=False,
            )
        )
    return bool(result.success)
