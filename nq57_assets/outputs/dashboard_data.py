"""What the dashboard embeds: every row it shows, read from the mart as it stands there.

Belongs here: queries and the compact shape that the page reads. Does not belong: layout, words of the page.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import duckdb

from nq57_assets.catalogue import COMMUNE_TYPES, Catalogue
from nq57_assets.outputs import words
from nq57_assets.outputs.figures import (
    KINDS,
    CommuneFacts,
    IndicatorFacts,
    RoundFacts,
    load_build,
    rounds_with_figures,
    rows,
    vietnamese_order,
)
from nq57_assets.outputs.statements import load_statements

VALUE_FIELDS = (
    "commune",
    "indicator",
    "state",
    "value",
    "low",
    "high",
    "qualifier",
    "in_review",
    "withheld_by",
    "place",
    "ranked",
    "witnesses",
    "proof",
)
PROOF_FIELDS = (
    "sha256",
    "place",
    "quote",
    "method",
    "confidence",
    "decision_id",
    "value",
    "low",
    "high",
    "qualifier",
)
CITY_FIELDS = (
    "indicator",
    "scope_key",
    "unit",
    "value",
    "low",
    "high",
    "qualifier",
    "exact_share",
    "reported",
    "expected",
    "missing",
    "conflict",
    "withheld",
    "in_review",
    "coverage_weighted",
    "coverage_weight",
    "state",
    "reason",
    "witnessed_share",
)
COVERAGE_FIELDS = (
    "commune_code",
    "submitted",
    "on_time",
    "received_at",
    "days_late",
    "state",
    "filled_required",
    "required",
    "open_findings",
)
FINDING_FIELDS = (
    "commune_code",
    "indicator",
    "rule",
    "severity",
    "original_name",
    "address",
    "observed",
    "expected",
    "message_vi",
    "advice_vi",
)
STATEMENT_FIELDS = ("commune", "kind", "addressee", "theme", "text", "place", "sha256")
FILE_FIELDS = (
    "sha256",
    "original_name",
    "commune_code",
    "document_type",
    "number",
    "symbol",
    "issued_on",
    "received_at",
    "state",
    "is_current",
    "counts_as_report",
)


def dashboard_data(mart: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> dict[str, Any]:
    """Return all that the page shows, as values that JSON can hold."""
    build = load_build(mart)
    indicators = rows(mart, IndicatorFacts, 'dim_indicator AS t ORDER BY t."position"')
    communes = rows(mart, CommuneFacts, "dim_commune AS t")
    communes.sort(key=lambda c: (KINDS.index(c.commune_type), vietnamese_order(c.name), c.commune_code))
    return {
        "build": {
            "generation": build.generation,
            "published": words.moment(build.published_at),
            "code": build.code_version,
            "catalogue": build.catalogue_version,
        },
        "fields": {
            "values": VALUE_FIELDS,
            "proofs": PROOF_FIELDS,
            "city": CITY_FIELDS,
            "coverage": COVERAGE_FIELDS,
            "findings": FINDING_FIELDS,
            "statements": STATEMENT_FIELDS,
            "files": FILE_FIELDS,
        },
        "words": {
            "kinds": COMMUNE_TYPES,
            "states": words.STATES,
            "marks": words.MARKS,
            "methods": words.METHODS,
            "severities": words.SEVERITIES,
            "coverage": words.COVERAGE,
            "weights": words.WEIGHTS,
            **{
                name: {code: fields["vi"] for code, fields in catalogue.statements[listed].items()}
                for name, listed in (("said", "kinds"), ("addressees", "addressees"))
            },
        },
        "themes": dict(mart.execute("SELECT theme, name_vi FROM dim_theme ORDER BY position").fetchall()),
        "rules": {code: rule.title_vi for code, rule in catalogue.rule.items()},
        "communes": [
            {
                "code": c.commune_code,
                "kind": c.commune_type,
                "name": c.name,
                "full": c.full_name,
                "row": c.tile_row,
                "col": c.tile_col,
            }
            for c in communes
        ],
        "indicators": [
            {
                "code": i.indicator,
                "group": i.indicator_group,
                "group_vi": i.group_vi,
                "name": i.name_vi,
                "unit": i.unit,
                "kind": i.kind,
                "required": i.required,
                "definition": i.definition_vi,
            }
            for i in indicators
        ],
        "rounds": [_round(mart, facts, communes, indicators) for facts in rounds_with_figures(mart)],
    }


def _round(
    mart: duckdb.DuckDBPyConnection,
    facts: RoundFacts,
    communes: list[CommuneFacts],
    indicators: list[IndicatorFacts],
) -> dict[str, Any]:
    """Return one round; what stands in thousands of rows (communes, indicators, hashes) is written as a number."""
    one = [facts.round_id]
    proofs = _table(
        mart,
        "SELECT v.commune_code, v.indicator, p.sha256, p.place, p.quote, p.method, p.confidence, p.decision_id, "
        "o.value, o.low, o.high, o.qualifier "
        "FROM v_proof AS p JOIN fact_value AS v USING (round_id, commune_code, indicator) "
        "JOIN fact_observation AS o ON o.observation_id = p.observation_id WHERE p.round_id = ? "
        "ORDER BY v.commune_code, v.indicator",
        one,
    )
    commune = {c.commune_code: number for number, c in enumerate(communes)}
    indicator = {i.indicator: number for number, i in enumerate(indicators)}
    hashes = {sha256: number for number, sha256 in enumerate(sorted({row[2] for row in proofs}))}
    turn = {(row[0], row[1]): number for number, row in enumerate(proofs)}
    values = _table(
        mart,
        "SELECT v.commune_code, v.indicator, v.state, v.value, v.low, v.high, v.qualifier, v.in_review, v.withheld_by, "
        "r.place, r.ranked, v.witnesses FROM fact_value AS v "
        "LEFT JOIN v_ranking AS r USING (round_id, commune_code, indicator) "
        "WHERE v.round_id = ? ORDER BY v.commune_code, v.indicator",
        one,
    )
    return {
        "id": facts.round_id,
        "title": facts.title_vi,
        "report": facts.report_vi,
        "from": words.day(facts.period_from),
        "to": words.day(facts.period_to),
        "due": facts.due_on.isoformat() if facts.due_on else None,
        "values": [
            [commune[row[0]], indicator[row[1]], *row[2:], turn.get((row[0], row[1]))] for row in values
        ],
        "hashes": list(hashes),
        "proofs": [[hashes[row[2]], *row[3:]] for row in proofs],
        "city": _chosen(mart, CITY_FIELDS, "city_indicator", "scope <> 'former_province'", one),
        "coverage": _chosen(mart, COVERAGE_FIELDS, "city_coverage", "TRUE", one),
        "findings": _chosen(mart, FINDING_FIELDS, "v_open_findings", "TRUE", one),
        "statements": _statements(mart, facts.round_id, commune),
        "files": _chosen(mart, FILE_FIELDS, "fact_submission", "TRUE", one),
    }


def _statements(mart: duckdb.DuckDBPyConnection, round_id: str, commune: dict[str, int]) -> list[list[Any]]:
    """Return the statements that count, by commune; the file's hash in full stands with the files already."""
    said = load_statements(mart, round_id).said
    return [
        [commune[s.commune_code], s.kind, s.addressee, s.theme, s.text, s.place, s.sha256[:16]] for s in said
    ]


def _chosen(
    mart: duckdb.DuckDBPyConnection, fields: tuple[str, ...], table: str, condition: str, values: list[str]
) -> list[list[Any]]:
    columns = ", ".join(f'"{field}"' for field in fields)
    return _table(
        mart, f"SELECT {columns} FROM {table} WHERE round_id = ? AND {condition} ORDER BY ALL", values
    )


def _table(mart: duckdb.DuckDBPyConnection, query: str, values: list[str]) -> list[list[Any]]:
    return [[_json(cell) for cell in row] for row in mart.execute(query, values).fetchall()]


def _json(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return words.local(cell).isoformat(timespec="minutes")
    return cell.isoformat() if isinstance(cell, date) else cell
