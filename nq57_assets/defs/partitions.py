"""Rounds as static partitions, in the order of ``reference/rounds.csv``."""

import dagster as dg

from nq57_assets.catalogue import catalogue

ROUNDS = dg.StaticPartitionsDefinition(list(catalogue().round))
ONE_RUN = dg.BackfillPolicy.single_run()


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
