"""The tables of the mart: names, column types, comments and the rows of the dimensions.

Belongs here: what is in the mart and from which lake table it is loaded. Does not belong: files and connections.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nq57_assets.catalogue import COMMUNE_TYPES, REPORTS, Catalogue, Column, Table

PREFIX = "mart/"
_TYPES = {
    "string": "VARCHAR",
    "int64": "BIGINT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "date": "DATE",
    # Without a zone: clients need no time zone library, and the comment says UTC.
    "timestamp": "TIMESTAMP",
    "list<string>": "VARCHAR[]",
}

DIMENSIONS = ("dim_commune", "dim_indicator", "dim_round", "dim_theme")
FACTS = {
    "fact_value": "core/values",
    "fact_observation": "core/observations",
    "fact_statement": "core/statements",
    "fact_change": "core/changes",
    "fact_finding": "core/findings",
    "fact_submission": "raw/submissions",
    "fact_decision": "core/decisions",
    "city_indicator": "city/indicators",
    "city_coverage": "city/coverage",
    "inbox_file": "raw/inbox",
}
DOCUMENTS = "staged/documents"
SOURCES = (*FACTS.values(), DOCUMENTS)
BUILD = "mart_build"
TABLES = (*DIMENSIONS, *FACTS, BUILD)


@dataclass(frozen=True)
class Link:
    """A column that must lead to a row of another table wherever it is filled."""

    table: str
    column: str
    target: str
    target_column: str


LINKS = (
    *(Link(table, "round_id", "dim_round", "round_id") for table in FACTS),
    *(
        Link(table, "commune_code", "dim_commune", "commune_code")
        for table in FACTS
        if table not in ("city_indicator", "inbox_file")
    ),
    *(
        Link(table, "indicator", "dim_indicator", "indicator")
        for table in (
            "fact_value",
            "fact_observation",
            "fact_change",
            "fact_finding",
            "fact_decision",
            "city_indicator",
        )
    ),
    Link("fact_value", "observation_id", "fact_observation", "observation_id"),
    Link("fact_observation", "sha256", "fact_submission", "sha256"),
    Link("fact_statement", "sha256", "fact_submission", "sha256"),
    Link("fact_statement", "theme", "dim_theme", "theme"),
)


def declared(name: str, catalogue: Catalogue) -> Table:
    """Return the declared shape of a mart table or view by its bare name."""
    return catalogue.table[PREFIX + name]


def views(catalogue: Catalogue) -> list[str]:
    """Return the bare names of the declared views, in the order of the catalogue."""
    names = (name.removeprefix(PREFIX) for name in catalogue.table if name.startswith(PREFIX))
    return [name for name in names if name not in TABLES]


def create_table(name: str, catalogue: Catalogue) -> str:
    """Return the statement that creates a mart table."""
    columns = ", ".join(
        f'"{c.name}" {_TYPES[c.type]}{"" if c.nullable else " NOT NULL"}'
        for c in declared(name, catalogue).columns
    )
    return f'CREATE TABLE "{name}" ({columns})'


def selected(columns: tuple[Column, ...], alias: str) -> str:
    """Return a select list that casts each column to its type in the mart."""
    return ", ".join(f'CAST({alias}."{c.name}" AS {_TYPES[c.type]}) AS "{c.name}"' for c in columns)


def comments(name: str, kind: str, catalogue: Catalogue) -> list[str]:
    """Return the statements that comment a table or view and its columns, Vietnamese first.

    Args:
        name: Bare name.
        kind: ``TABLE`` or ``VIEW``.
        catalogue: Where the words are.
    """
    table = declared(name, catalogue)
    return [
        f'COMMENT ON {kind} "{name}" IS {_literal(table)}',
        *(f'COMMENT ON COLUMN "{name}"."{column.name}" IS {_literal(column)}' for column in table.columns),
    ]


def _literal(item: Table | Column) -> str:
    return "'" + f"{item.vi} | {item.en}".replace("'", "''") + "'"


def dimension_rows(name: str, catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return the rows of a dimension, one per entry of the catalogue, whether or not it has reported."""
    if name == "dim_commune":
        return [
            {**c.model_dump(), "commune_type_vi": COMMUNE_TYPES[c.commune_type]} for c in catalogue.communes
        ]
    if name == "dim_round":
        return [{**r.model_dump(), "report_vi": REPORTS[r.report]} for r in catalogue.rounds]
    if name == "dim_theme":
        return [
            {"theme": t.code, "position": position, "name_vi": t.vi, "name_en": t.en}
            for position, t in enumerate(catalogue.themes, 1)
        ]
    groups = {group.group: group.vi for group in catalogue.groups}
    return [
        {
            **i.model_dump(),
            "indicator": i.code,
            "indicator_group": i.group,
            "group_vi": groups[i.group],
            "position": i.order,
            "name_vi": i.vi,
            "name_en": i.en,
            "asked_in_communication": "c" in i.reports,
            "asked_in_digital": "d" in i.reports,
        }
        for i in catalogue.indicators
    ]
