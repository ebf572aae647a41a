"""Runs the plan of a table through Great Expectations and SQL, into one result a check and one row a violation.

Belongs here: the engines and the shape of results. Does not belong: what is expected (``suites``, ``rules``), words.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nq57_assets.catalogue import Catalogue, CatalogueError, RuleSeverity
from nq57_assets.quality import frames
from nq57_assets.quality.frames import Context
from nq57_assets.quality.kinds import Expectation, Fraction, Limit, Pair, Ratio, Whole
from nq57_assets.quality.queries import SQL_KINDS, VIOLATION, run_queries, texts
from nq57_assets.quality.rules import CheckedRule, rules_for
from nq57_assets.quality.suites import COMPLETE, Planned, blocks, check_names, content_plan, structure_plan

if TYPE_CHECKING:
    import pandas as pd

SAMPLES = 10
UNSOUND = "the table does not have its declared columns"


@dataclass(frozen=True)
class CheckResult:
    """One check of one table.

    Attributes:
        name: Code of the rule; fits Dagster's check names.
        passed: Whether nothing broke it.
        severity: Of the rule.
        blocking: Whether a failure must stop what is downstream.
        evaluated: Rows (or commune pairs) that were looked at; 0 means that a pass says nothing.
        unexpected: How many of them broke the rule.
        samples: Up to ten places, such as ``10507 · team_count · Biểu!D14``.
        engine_fault: Why the check could not be evaluated; never a commune's error.
    """

    name: str
    passed: bool
    severity: RuleSeverity
    blocking: bool
    evaluated: int
    unexpected: int
    samples: tuple[str, ...] = ()
    engine_fault: str | None = None


@dataclass(frozen=True)
class Validation:
    """All checks of one table, and every row that broke a content rule (columns: ``queries.VIOLATION``)."""

    table: str
    results: list[CheckResult]
    violations: pd.DataFrame = field(repr=False)

    @property
    def faults(self) -> list[CheckResult]:
        """Checks that could not be evaluated."""
        return [result for result in self.results if result.engine_fault]

    @property
    def blocking_failures(self) -> list[CheckResult]:
        """Failed checks that must stop what is downstream."""
        return [result for result in self.results if result.blocking and not result.passed]


@dataclass(frozen=True)
class _Outcome:
    """What one Great Expectations rule said; ``positions`` are row numbers of its frame, where it has rows."""

    planned: Planned
    passed: bool
    evaluated: int
    unexpected: int
    positions: list[int]
    fault: str | None = None


def validate(
    table: str, frame: pd.DataFrame, catalogue: Catalogue, context: Context | None = None
) -> Validation:
    """Check a table.

    Args:
        table: Declared name, such as ``core/observations`` or ``mart/fact_value``.
        frame: Its rows: of ``context.round_id``, or of all rounds if no context is given.
        catalogue: Where every expectation comes from.
        context: The round, and the frames that content rules look at. core/observations and staged/documents need
            ``submissions``;
            core/resolved needs ``submissions`` and ``observations`` and wants ``others``. Without a context only the
            table's structure is checked.

    Raises:
        CatalogueError: A rule of ``rules.yaml`` is wrong.
        ValueError: A frame of the context is missing.
    """
    shape = catalogue.table[table]
    schema = frames.schema_frame(shape, frame)
    sound = frames.sound_columns(schema)
    round_id = context.round_id if context else None
    planned = list(structure_plan(table, catalogue))
    rules = rules_for(table, catalogue) if context else ()
    batches: dict[str, pd.DataFrame] = {
        "schema": schema,
        "table": frames.with_known(frame, catalogue, round_id),
    }
    if context:
        planned += content_plan(table, catalogue)
        if len(sound) == len(shape.columns):
            batches |= _derived(table, frame, catalogue, context)
    planned = [p for p in planned if context or p.batch != "expected"]
    outcomes = _run_plan(planned, batches, sound)
    violations = _violations(outcomes, batches, {r.rule.code: r for r in rules})
    queries = [r for r in rules if r.check.kind in SQL_KINDS]
    if context and queries and len(sound) == len(shape.columns):
        violations |= run_queries(queries, _with_frame(table, frame, context), catalogue)
    elif queries:
        outcomes += [_Outcome(Planned(r.rule.code, "", {}), False, 0, 0, [], UNSOUND) for r in queries]
    results = [
        _result(name, table, outcomes, violations, batches, catalogue)
        for name, _, _ in check_names(table, catalogue)
    ]
    return Validation(table, [r for r in results if r is not None], _together(violations.values()))


def _with_frame(table: str, frame: pd.DataFrame, context: Context) -> Context:
    """Return the context with the checked frame in its place, and refuse one that lacks what the rules read."""
    place = {
        "core/observations": "observations",
        "core/resolved": "resolved",
        "staged/documents": "documents",
    }.get(table)
    names = ("submissions", "observations", "resolved", "others", "documents")
    given = {name: getattr(context, name) for name in names}
    if place:
        given[place] = frame
        context.need("submissions", table)
    if place == "resolved":
        context.need("observations", table)
    return Context(context.round_id, **given)


def _derived(
    table: str, frame: pd.DataFrame, catalogue: Catalogue, context: Context
) -> dict[str, pd.DataFrame]:
    derived = {}
    if table in COMPLETE:
        derived["expected"] = frames.expected_frame(table, frame, catalogue, context.round_id)
    if table == "core/observations":
        derived["claims"] = frames.claims_frame(frame, context.need("submissions", table), catalogue)
    if table == "core/resolved":
        derived["wide"] = frames.wide_frame(_with_frame(table, frame, context), catalogue)
    return derived


def _run_plan(
    planned: Iterable[Planned], batches: Mapping[str, pd.DataFrame], sound: set[str]
) -> list[_Outcome]:
    """Run every rule, one suite a batch; a rule on an absent or wrongly typed column is a fault and is not run."""
    outcomes: list[_Outcome] = []
    by_batch: dict[str, list[Planned]] = {}
    for rule in planned:
        lost = [] if rule.batch == "schema" else [column for column in rule.columns if column not in sound]
        if lost:
            outcomes.append(
                _Outcome(rule, False, 0, 0, [], f"column {', '.join(lost)} is absent or of another type")
            )
        elif rule.batch not in batches:
            outcomes.append(_Outcome(rule, False, 0, 0, [], UNSOUND))
        else:
            by_batch.setdefault(rule.batch, []).append(rule)
    if by_batch:
        outcomes += _run_suites({name: (batches[name], rules) for name, rules in by_batch.items()})
    return outcomes


def _run_suites(suites: Mapping[str, tuple[pd.DataFrame, list[Planned]]]) -> list[_Outcome]:
    """Run Great Expectations in memory: no project folder, no progress bars, nothing sent anywhere."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults

    memory = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
    quiet = {"globally": False, "metric_calculations": False}
    settings = DataContextConfig(store_backend_defaults=memory, progress_bars=quiet, analytics_enabled=False)
    context = gx.get_context(mode="ephemeral", project_config=settings)
    source = context.data_sources.add_pandas("lake")
    # Row numbers instead of key columns: keys make Great Expectations build a dictionary a row, which is thirty times
    # slower where much fails; the numbers lead to the same rows.
    form = {
        "result_format": "COMPLETE",
        "return_unexpected_index_query": False,
        "include_unexpected_rows": False,
    }
    outcomes = []
    for name, (frame, rules) in suites.items():
        asset = source.add_dataframe_asset(name)
        batch = asset.add_batch_definition_whole_dataframe(name).get_batch({"dataframe": frame})
        suite = gx.ExpectationSuite(name=name)
        for position, rule in enumerate(rules):
            suite.add_expectation(_expectation(rule, position))
        results = batch.validate(suite, result_format=form).results
        outcomes += [
            _outcome(rules[result.expectation_config.meta["position"]], result) for result in results
        ]
    return outcomes


def _expectation(rule: Planned, position: int) -> Any:
    import great_expectations.expectations as gxe

    try:
        return getattr(gxe, rule.expectation)(**rule.arguments, meta={"position": position})
    except (AttributeError, TypeError, ValueError) as error:
        reason = str(error).replace("\n", " ")
        raise CatalogueError(
            f"reference/rules.yaml: {rule.check}.check: {rule.expectation}: {reason}"
        ) from None


def _outcome(rule: Planned, result: Any) -> _Outcome:
    fault = _raised(result.exception_info)
    if fault:
        return _Outcome(rule, False, 0, 0, [], fault)
    seen = result.result
    evaluated = int(seen.get("element_count", 1)) - int(seen.get("missing_count") or 0)
    positions = [int(place) for place in seen.get("unexpected_index_list") or ()]
    unexpected = int(seen.get("unexpected_count", 0 if result.success else 1))
    return _Outcome(rule, bool(result.success), evaluated, unexpected, positions)


def _raised(info: Any) -> str | None:
    """Return the message of an exception inside a rule; it comes flat or one level down, by metric."""
    if not info:
        return None
    for entry in (info, *(value for value in info.values() if isinstance(value, Mapping))):
        if entry.get("raised_exception"):
            return str(entry.get("exception_message"))
    return None


def _violations(
    outcomes: Iterable[_Outcome], batches: Mapping[str, pd.DataFrame], rules: Mapping[str, CheckedRule]
) -> dict[str, pd.DataFrame]:
    """Return the violations of content rules that Great Expectations found, by rule."""
    found = {}
    for outcome in outcomes:
        checked = rules.get(outcome.planned.check)
        if checked is not None and outcome.positions:
            rows = batches[outcome.planned.batch].iloc[outcome.positions]
            told = (
                _pair_rows(checked, rows, batches)
                if outcome.planned.batch == "wide"
                else _claim_rows(checked, rows)
            )
            found[checked.rule.code] = (
                told.assign(rule=checked.rule.code).reindex(columns=list(VIOLATION)).astype(object)
            )
    return found


def _claim_rows(checked: CheckedRule, rows: pd.DataFrame) -> pd.DataFrame:
    """Return violations on single rows: the row names commune, indicator, file and observation as far as it can."""
    check = checked.check
    told = rows.reindex(columns=["commune_code", "indicator", "sha256", "observation_id"]).astype(object)
    if isinstance(check, Limit | Whole):
        told["observed"] = texts(rows)
    if isinstance(check, Limit):
        told["expected"] = _figures(rows[f"{checked.rule.code}.limit"])
    if isinstance(check, Fraction):
        told["observed"] = _figures(rows["numerator"]) + "/" + _figures(rows["denominator"])
    if isinstance(check, Expectation) and check.arguments.get("column"):
        told["observed"] = rows[check.arguments["column"]].astype(str)
    return told


def _pair_rows(checked: CheckedRule, rows: pd.DataFrame, batches: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return violations between two indicators: one row for each of the two that this round reports."""
    import pandas as pd

    check = checked.check
    assert isinstance(check, Pair | Ratio)
    names = (check.part, check.whole) if isinstance(check, Pair) else (check.over, check.under)
    table = batches["table"]
    here = table.loc[table["commune_code"].isin(rows["commune_code"]) & table["indicator"].isin(names)]
    here = here.loc[here["state"].isin(frames.REPORTED)]
    told = here.reindex(columns=["commune_code", "indicator", "sha256", "observation_id"]).astype(object)
    if isinstance(check, Pair):
        words = texts(here).groupby([here["commune_code"], here["indicator"]]).first()
        for column, name in (("observed", check.part), ("expected", check.whole)):
            told[column] = told["commune_code"].map(words.xs(name, level="indicator"))
    else:
        sizes = pd.Series(_figures(rows[checked.rule.code].round(2)).to_numpy(), index=rows["commune_code"])
        told["observed"] = told["commune_code"].map(sizes)
        told["expected"] = "–".join(_figures(pd.Series([check.minimum, check.maximum])))
    return told.assign(part_of=names[0])


def _figures(numbers: pd.Series) -> pd.Series:
    """Return plain figures as people write them."""
    import pandas as pd

    return texts(
        pd.DataFrame({"value": numbers, "low": None, "high": None, "qualifier": "exact"}, index=numbers.index)
    )


def _together(violations: Iterable[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    filled = [frame for frame in violations if len(frame)]
    if not filled:
        return pd.DataFrame(columns=list(VIOLATION), dtype=object)
    together = pd.concat(filled, ignore_index=True)
    return together.where(together.notna(), None)


def _result(
    name: str,
    table: str,
    outcomes: list[_Outcome],
    violations: Mapping[str, pd.DataFrame],
    batches: Mapping[str, pd.DataFrame],
    catalogue: Catalogue,
) -> CheckResult | None:
    """Sum up the outcomes of one check; None for a check that was not asked for."""
    mine = [outcome for outcome in outcomes if outcome.planned.check == name]
    broken = violations.get(name)
    if not mine and broken is None:
        return None
    fault = next((outcome.fault for outcome in mine if outcome.fault), None)
    evaluated = max((outcome.evaluated for outcome in mine), default=len(batches["table"]))
    unexpected = sum(o.unexpected for o in mine) if mine else len(broken if broken is not None else ())
    if broken is not None:
        samples = _places(broken, ["commune_code", "indicator", "observed"])
    else:
        failed = next((o for o in mine if o.positions), None)
        key = catalogue.table[table].key
        samples = (
            _places(batches[failed.planned.batch].iloc[failed.positions], _named(failed, key))
            if failed
            else ()
        )
    passed = all(outcome.passed for outcome in mine) and not (broken is not None and len(broken))
    severity = catalogue.rule[name].severity
    blocking = blocks(table, name, catalogue)
    return CheckResult(name, passed, severity, blocking, evaluated, unexpected, samples, fault)


def _named(outcome: _Outcome, key: list[str]) -> list[str]:
    """Return the columns that name a row of a structure rule's frame."""
    if outcome.planned.batch == "schema":
        return ["column", "declared", "found"]
    return list(dict.fromkeys([*key, *outcome.planned.columns]))


def _places(rows: pd.DataFrame, columns: list[str]) -> tuple[str, ...]:
    """Return up to ten rows as words, by some of their columns."""
    shown = rows.head(SAMPLES).reindex(columns=columns).astype(object)
    return tuple(
        " · ".join(str(value) for value in row if value == value and value is not None)
        for row in shown.to_numpy()
    )
