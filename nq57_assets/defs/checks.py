"""The catalogue's expectations as asset checks: one multi-check a table; structure blocks, a commune's figures never do."""

from collections.abc import Iterator, Sequence

import dagster as dg

from nq57_assets.catalogue import catalogue
from nq57_assets.checking import check_results, last_results, mart_results
from nq57_assets.defs.mart import MART
from nq57_assets.defs.partitions import partition_keys
from nq57_assets.defs.resources import MartResource, ProjectResource
from nq57_assets.defs.tables import asset_key
from nq57_assets.quality.suites import check_names

CHECKED_TABLES = (
    "raw/submissions",
    "staged/documents",
    "core/observations",
    "core/statements",
    "core/changes",
    "core/decisions",
    "core/resolved",
    "core/findings",
    "core/values",
    "city/indicators",
    "city/coverage",
)
_SEVERITY = {"critical": dg.AssetCheckSeverity.ERROR}


def table_checks(table: str) -> dg.AssetChecksDefinition:
    """Return the checks of a table, declared without loading Great Expectations.

    Dagster keeps one state of a check for all rounds. So a content rule speaks of every round: those of the run, and the
    others as they were last checked. A structure rule, which can stop a run, is judged on the rounds of the run alone.
    """
    names = check_names(table, catalogue())
    blocking = {name for name, stops, _ in names if stops}
    specs = [
        dg.AssetCheckSpec(name, asset=asset_key(table), description=text, blocking=stops)
        for name, stops, text in names
    ]

    @dg.multi_asset_check(name=f"expect_{table.replace('/', '_')}", specs=specs, can_subset=True)
    def check(context: dg.AssetCheckExecutionContext, nq57: ProjectResource) -> Iterator[dg.AssetCheckResult]:
        project = nq57.project()
        rounds = _rounds_of_run(context, project.lake.rounds(table))
        outcomes = {
            r: {c.name: c for c in (check_results if r in rounds else last_results)(project, table, r)}
            for r in dict.fromkeys([*rounds, *project.lake.rounds(table)])
        }
        for key in sorted(context.selected_asset_check_keys, key=lambda key: key.name):
            results = {
                r: found[key.name]
                for r, found in outcomes.items()
                if key.name in found and (r in rounds or key.name not in blocking)
            }
            severity = catalogue().rule[key.name].severity
            yield dg.AssetCheckResult(
                asset_key=key.asset_key,
                check_name=key.name,
                passed=all(result.passed for result in results.values()),
                severity=_SEVERITY.get(severity, dg.AssetCheckSeverity.WARN),
                metadata={
                    "rule_severity": severity,
                    "unexpected_total": sum(result.unexpected for result in results.values()),
                    "evaluated": {r: result.evaluated for r, result in results.items()},
                    "unexpected": {r: result.unexpected for r, result in results.items()},
                    "samples": dg.MetadataValue.json(
                        {r: list(result.samples) for r, result in results.items()}
                    ),
                    **{
                        f"engine_fault_{number}": f"{r}: {result.engine_fault}"
                        for number, (r, result) in enumerate(results.items())
                        if result.engine_fault
                    },
                },
            )

    return check


def _rounds_of_run(context: dg.AssetCheckExecutionContext, stored: Sequence[str]) -> list[str]:
    """Return the rounds of the run; a check that is executed by itself in the UI has none, and looks at all stored ones."""
    if context.has_partition_key or context.has_partition_key_range:
        return partition_keys(context)
    return list(stored)


def mart_checks() -> dg.AssetChecksDefinition:
    """Return one check a mart table: its structure as published, read through the analysts' own connection."""
    tables = {
        name.split("/")[1]: name
        for name in catalogue().table
        if name.startswith("mart/") and "/v_" not in name
    }
    specs = [
        dg.AssetCheckSpec(
            f"structure_{table}", asset=MART, description=f"{catalogue().table[name].vi} / structure"
        )
        for table, name in tables.items()
    ]

    @dg.multi_asset_check(name="expect_mart", specs=specs, can_subset=True)
    def check(
        context: dg.AssetCheckExecutionContext, nq57: ProjectResource, mart: MartResource
    ) -> Iterator[dg.AssetCheckResult]:
        with mart.get_connection() as connection:
            for key in sorted(context.selected_asset_check_keys, key=lambda key: key.name):
                results = mart_results(
                    nq57.project(), tables[key.name.removeprefix("structure_")], connection
                )
                failed = [result for result in results if not result.passed]
                yield dg.AssetCheckResult(
                    check_name=key.name,
                    passed=not failed,
                    severity=dg.AssetCheckSeverity.ERROR,
                    metadata={
                        "evaluated": sum(result.evaluated for result in results),
                        "failed": {result.name: list(result.samples) for result in failed},
                    },
                )

    return check


@dg.definitions
def checks() -> dg.Definitions:
    """Declare the checks of every lake table."""
    return dg.Definitions(asset_checks=[table_checks(table) for table in CHECKED_TABLES] + [mart_checks()])
