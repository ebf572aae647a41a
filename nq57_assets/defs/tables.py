"""How a lake table becomes an asset: one wrapper for all of them, so that the layers below only name step and inputs."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import dagster as dg
import duckdb

from nq57_assets.catalogue import catalogue
from nq57_assets.defs.metadata import column_schema, preview
from nq57_assets.defs.partitions import ONE_RUN, ROUNDS, partition_keys
from nq57_assets.defs.resources import ProjectResource
from nq57_assets.pipeline import Built
from nq57_assets.project import Project
from nq57_assets.versions import pipeline_version

OWNERS = ["team:du_lieu"]
TRANSIENT = dg.RetryPolicy(max_retries=2, delay=5, backoff=dg.Backoff.EXPONENTIAL)

# What trying again can mend: a disk, a lock.
_PASSING = (OSError, sqlite3.OperationalError, duckdb.IOException)

Step = Callable[[Project, str], Built]
Extra = Callable[[Project, str], dict[str, dg.MetadataValue]]


def description(table: str) -> str:
    """Return a table's description in Vietnamese and English."""
    shape = catalogue().table[table]
    return f"{shape.vi}.\n\n{shape.en}."


def asset_key(table: str) -> dg.AssetKey:
    """Return the asset key of a table: ``core/values`` becomes ``["core", "values"]``."""
    return dg.AssetKey(table.split("/"))


@contextmanager
def only_io_is_retried() -> Iterator[None]:
    """Turn a fault of code or data into a failure without retries; one of disks and locks is left to the retry policy.

    Raises:
        dagster.Failure: The fault would come again.
    """
    try:
        yield
    except _PASSING:
        raise
    except Exception as error:
        raise dg.Failure(f"{type(error).__name__}: {error}", allow_retries=False) from error


def table_asset(
    table: str, step: Step, deps: Sequence[str], kinds: set[str] | None = None, extra: Extra | None = None
) -> dg.AssetsDefinition:
    """Return the asset that materializes a lake table, a round a partition.

    Args:
        table: Declared name, such as ``core/values``; its first part is the group.
        step: The function of ``nq57_assets.pipeline`` that makes the table for one round.
        deps: Tables that the step reads.
        kinds: What the UI shows beside the name.
        extra: Further metadata for a round, such as a chart.
    """
    shape = catalogue().table[table]

    @dg.asset(
        key=asset_key(table),
        deps=[asset_key(name) for name in deps],
        partitions_def=ROUNDS,
        backfill_policy=ONE_RUN,
        group_name=table.split("/", 1)[0],
        kinds=kinds or {"parquet"},
        owners=OWNERS,
        description=description(table),
        code_version=pipeline_version(),
        retry_policy=TRANSIENT,
        metadata={"dagster/column_schema": column_schema(shape), "dagster/table_name": table},
    )
    def build(context: dg.AssetExecutionContext, nq57: ProjectResource) -> dg.MaterializeResult:
        project = nq57.project()
        for round_id in partition_keys(context):
            with only_io_is_retried():
                result = step(project, round_id)
            made = "made" if result.changed else "unchanged"
            context.log.info(f"{table} {round_id}: {result.rows} rows, {made}")
            # To the round's own event: what is returned goes to every round of the run alike.
            context.add_asset_metadata(
                {
                    "dagster/row_count": result.rows,
                    "changed": result.changed,
                    "preview": _preview(project, table, round_id),
                    **(extra(project, round_id) if extra else {}),
                },
                partition_key=round_id,
            )
        return dg.MaterializeResult()

    return build


def _preview(project: Project, table: str, round_id: str) -> dg.MarkdownMetadataValue:
    rows = project.lake.arrow(table, [round_id]).slice(0, 8)
    return preview(rows.column_names, (tuple(row.values()) for row in rows.to_pylist()))
