"""Rounds as static partitions, in the order of ``reference/rounds.csv``."""

from collections.abc import Sequence

import dagster as dg

from nq57_assets.catalogue import catalogue

ROUNDS = dg.StaticPartitionsDefinition(list(catalogue().round))
ONE_RUN = dg.BackfillPolicy.single_run()


def one_run_over(rounds: Sequence[str]) -> dict[str, str]:
    """Return the tags of one run over these rounds and those between them in the catalogue, in one process."""
    in_order = [round_id for round_id in catalogue().round if round_id in rounds]
    return {
        "dagster/asset_partition_range_start": in_order[0],
        "dagster/asset_partition_range_end": in_order[-1],
    }


def partition_keys(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> list[str]:
    """Return the rounds of this run.

    Raises:
        dagster.Failure: The range holds no round; Dagster would otherwise report a success that did nothing.
    """
    keys = list(context.partition_keys)
    if not keys:
        raise dg.Failure(
            "The partition range holds no round; choose one or more rounds of reference/rounds.csv.",
            allow_retries=False,
        )
    return keys
