"""The catalogue as a plan of Great Expectations rules: which rule, on which batch, under which check name.

Belongs here: what is expected. Does not belong: importing Great Expectations, frames, results.
Every table gets the structure rules from its declared shape in ``tables.yaml``; content rules come from ``rules.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from nq57_assets.catalogue import Catalogue, Table
from nq57_assets.quality.kinds import Expectation, Fraction, Limit, Pair, Ratio, Whole
from nq57_assets.quality.rules import CheckedRule, rules_for, structure_rules

# The frames that a plan speaks of; `quality.frames` makes them.
Batch = Literal["schema", "table", "expected", "claims", "wide"]

# Columns whose codes the catalogue knows; `quality.frames` adds `<column>.known`.
REFERENCES = ("round_id", "commune_code", "indicator", "rule")
# Without rows before the first submission of a round arrives: worth a warning, not a failed run.
FILL_WITH_SUBMISSIONS = frozenset({"raw/submissions", "staged/documents", "core/observations"})
# Tables with one row for each member of a product, whatever was submitted.
COMPLETE: dict[str, tuple[str, ...]] = {
    "core/resolved": ("commune_code", "indicator"),
    "core/values": ("commune_code", "indicator"),
    "city/coverage": ("commune_code",),
    "city/indicators": ("indicator",),
}
# What the mart holds as soon as any round is built. Tables named nowhere here may well be empty, such as findings.
NEVER_EMPTY = frozenset({"mart/fact_value", "mart/city_indicator", "mart/city_coverage", "mart/mart_build"})
# Dimensions of the mart mirror the catalogue row for row.
DIMENSIONS: dict[str, str] = {
    "mart/dim_commune": "communes",
    "mart/dim_indicator": "indicators",
    "mart/dim_round": "rounds",
    "mart/dim_theme": "themes",
}


@dataclass(frozen=True)
class Planned:
    """One Great Expectations rule to run.

    Attributes:
        check: Name of the check that it is part of: the code of its rule.
        expectation: Class name in ``great_expectations.expectations``.
        arguments: Its arguments.
        batch: The frame that it reads.
        columns: Columns of the table that must be there, of their declared type, for the rule to mean anything.
    """

    check: str
    expectation: str
    arguments: dict[str, Any]
    batch: Batch = "table"
    columns: tuple[str, ...] = field(default=())


def structure_plan(table: str, catalogue: Catalogue) -> Iterator[Planned]:
    """Yield what the declared shape of a table demands of every frame of it."""
    shape = catalogue.table[table]
    code = {part: rule.code for part, rule in structure_rules(catalogue).items()}
    arguments: dict[str, Any]
    for column, expectation, arguments in (
        ("declared", "ExpectColumnValuesToNotBeNull", {"column": "declared"}),
        ("found", "ExpectColumnValuesToNotBeNull", {"column": "found"}),
        (
            "found",
            "ExpectColumnPairValuesToBeEqual",
            {"column_A": "declared", "column_B": "found", "ignore_row_if": "either_value_is_missing"},
        ),
    ):
        yield Planned(code["columns"], expectation, arguments, "schema", (column,))
    rows = row_count(table, catalogue)
    if rows is not None:
        yield Planned(code["rows"], "ExpectTableRowCountToBeBetween", rows)
    if len(shape.key) == 1:
        yield Planned(
            code["keys"], "ExpectColumnValuesToBeUnique", {"column": shape.key[0]}, columns=tuple(shape.key)
        )
    elif shape.key:
        together = {"column_list": shape.key, "ignore_row_if": "never"}
        yield Planned(code["keys"], "ExpectCompoundColumnsToBeUnique", together, columns=tuple(shape.key))
    yield from _column_plan(shape, code)
    if table in COMPLETE:
        yield Planned(
            code["complete"],
            "ExpectColumnValuesToNotBeNull",
            {"column": "present"},
            "expected",
            COMPLETE[table],
        )


def _column_plan(shape: Table, code: dict[str, str]) -> Iterator[Planned]:
    for column in shape.columns:
        on: dict[str, Any] = {"column": column.name}
        if not column.nullable:
            yield Planned(code["filled"], "ExpectColumnValuesToNotBeNull", on, columns=(column.name,))
        if column.values:
            arguments = {**on, "value_set": list(column.values)}
            yield Planned(code["values"], "ExpectColumnValuesToBeInSet", arguments, columns=(column.name,))
        if column.minimum is not None or column.maximum is not None:
            arguments = {**on, "min_value": column.minimum, "max_value": column.maximum}
            yield Planned(code["ranges"], "ExpectColumnValuesToBeBetween", arguments, columns=(column.name,))
        if column.name in REFERENCES and column.type == "string":
            # A list of three thousand codes as an argument costs Great Expectations more than the rule itself.
            arguments = {"column": f"{column.name}.known", "value_set": [True]}
            yield Planned(
                code["references"], "ExpectColumnValuesToBeInSet", arguments, columns=(column.name,)
            )


def row_count(table: str, catalogue: Catalogue) -> dict[str, Any] | None:
    """Return the bounds of a table's row count, None if it may be empty; an empty frame passes every column rule."""
    if table in DIMENSIONS:
        rows = len(getattr(catalogue, DIMENSIONS[table]))
        return {"min_value": rows, "max_value": rows}
    filled = table in COMPLETE or table in NEVER_EMPTY or table in FILL_WITH_SUBMISSIONS
    return {"min_value": 1} if filled else None


def content_plan(table: str, catalogue: Catalogue) -> Iterator[Planned]:
    """Yield the content rules of a table that Great Expectations runs; the others are SQL."""
    for checked in rules_for(table, catalogue):
        yield from _planned(checked)


def _planned(checked: CheckedRule) -> Iterator[Planned]:
    code, check = checked.rule.code, checked.check
    if isinstance(check, Limit):
        limit = f"{code}.limit"
        greater, less = ("smallest", limit) if check.side == "minimum" else (limit, "largest")
        yield Planned(code, "ExpectColumnPairValuesAToBeGreaterThanB", _at_least(greater, less), "claims")
    elif isinstance(check, Whole):
        arguments = {
            "column_A": "count",
            "column_B": "whole_count",
            "ignore_row_if": "either_value_is_missing",
        }
        yield Planned(code, "ExpectColumnPairValuesToBeEqual", arguments, "claims")
    elif isinstance(check, Fraction):
        yield Planned(
            code, "ExpectColumnPairValuesAToBeGreaterThanB", _at_least("denominator", "numerator"), "claims"
        )
    elif isinstance(check, Pair):
        arguments = _at_least(f"{code}.whole", f"{code}.part")
        yield Planned(code, "ExpectColumnPairValuesAToBeGreaterThanB", arguments, "wide")
    elif isinstance(check, Ratio):
        between = {"column": code, "min_value": check.minimum, "max_value": check.maximum}
        yield Planned(code, "ExpectColumnValuesToBeBetween", between, "wide")
    elif isinstance(check, Expectation):
        column = check.arguments.get("column")
        yield Planned(code, check.expectation, dict(check.arguments), columns=(column,) if column else ())


def _at_least(greater: str, less: str) -> dict[str, Any]:
    return {
        "column_A": greater,
        "column_B": less,
        "or_equal": True,
        "ignore_row_if": "either_value_is_missing",
    }


def blocks(table: str, check: str, catalogue: Catalogue) -> bool:
    """Whether a failed check stops what is downstream: structure does, a commune's figures never do."""
    may_wait = table in FILL_WITH_SUBMISSIONS and check == structure_rules(catalogue)["rows"].code
    return catalogue.rule[check].severity == "critical" and not may_wait


def check_names(table: str, catalogue: Catalogue) -> list[tuple[str, bool, str]]:
    """Return (name, blocking, description) of every check of a table, cheaply, to declare them when loading.

    Args:
        table: Declared name, such as ``core/observations``.
        catalogue: The catalogue.

    Raises:
        CatalogueError: A rule of ``rules.yaml`` names an unknown check, table, indicator or parameter.
    """
    planned = [p.check for p in structure_plan(table, catalogue)]
    planned += [checked.rule.code for checked in rules_for(table, catalogue)]
    return [
        (
            code,
            blocks(table, code, catalogue),
            f"Tìm lỗi: {catalogue.rule[code].title_vi} / Looks for: {catalogue.rule[code].title_en}",
        )
        for code in dict.fromkeys(planned)
    ]
