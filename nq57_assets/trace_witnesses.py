"""What bears out one commune's published value: the same query as in the consolidation, over the published mart.

Belongs here: asking again and naming the places. Does not belong: what counts as a witness (``consolidate.witnesses``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nq57_assets.catalogue import Catalogue

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_WORDS = {
    "decision": "a named person, decision {decision}",
    "arithmetic": "arithmetic: the rate and its parts agree",
    "register": "the register of communes",
}
_PLACE = """
SELECT o.method, o.quote, coalesce(s.original_name, left(o.sha256, 12)) AS name,
       coalesce(o.sheet || '!' || o.cell, 'trang ' || o.page || ', dòng ' || o.line, 'dòng ' || o.line, '') AS place
FROM fact_observation AS o
LEFT JOIN fact_submission AS s ON s.round_id = o.round_id AND s.sha256 = o.sha256
WHERE o.observation_id = ?
ORDER BY s.received_at
LIMIT 1
"""


def beside(
    mart: duckdb.DuckDBPyConnection, known: Catalogue, round_id: str, indicator: str, commune_code: str
) -> tuple[str, ...]:
    """Return, in words, each witness of a value beside the statement that was chosen; nothing if none is published."""
    from nq57_assets.consolidate.witnesses import Said, sister_rounds, witnesses

    asked = [round_id, indicator, commune_code]
    found = mart.execute(
        "SELECT observation_id, decision_id FROM fact_value WHERE witnesses IS NOT NULL "
        "AND round_id = ? AND indicator = ? AND commune_code = ?",
        asked,
    ).fetchall()
    if not found:
        return ()
    chosen, decision = found[0]
    sisters = sister_rounds(round_id, known)
    claims, rulings, findings = (
        _rows(mart, name, [round_id], commune_code)
        for name in ("fact_observation", "fact_decision", "fact_finding")
    )
    said = Said(claims, rulings, _candidates(mart, known, sisters, commune_code))
    listed = witnesses(round_id, _candidates(mart, known, [round_id], commune_code), findings, said, known)
    return tuple(
        _words(mart, row["kind"], row["round_id"], row["observation_id"], decision)
        for row in listed.to_pylist()
        if (row["commune_code"], row["indicator"]) == (commune_code, indicator)
        and (row["kind"] != "statement" or row["observation_id"] != chosen)
    )


def _rows(mart: duckdb.DuckDBPyConnection, table: str, rounds: list[str], commune_code: str) -> pa.Table:
    return mart.sql(
        f'SELECT * FROM "{table}" WHERE list_contains(?::VARCHAR[], round_id) AND coalesce(commune_code, ?) = ?',
        params=[rounds, commune_code, commune_code],
    ).to_arrow_table()


def _candidates(
    mart: duckdb.DuckDBPyConnection, known: Catalogue, rounds: list[str], commune_code: str
) -> pa.Table:
    """Resolve the observations of one commune again: the mart holds the candidates without those that were withheld."""
    import pyarrow as pa

    from nq57_assets.consolidate.resolve import resolve
    from nq57_assets.lake import arrow_schema

    parts = [arrow_schema(known.table["core/resolved"]).empty_table()]
    for round_id in rounds:
        claims, rulings = (
            _rows(mart, name, [round_id], commune_code) for name in ("fact_observation", "fact_decision")
        )
        held = [row for row in rulings.to_pylist() if row["state"] == "in_force"]
        parts.append(resolve(round_id, claims, held, known))
    return pa.concat_tables(parts)


def _words(
    mart: duckdb.DuckDBPyConnection,
    kind: str,
    round_id: str,
    observation_id: str | None,
    decision: str | None,
) -> str:
    if observation_id is None:
        told = _WORDS.get(kind, "a decision on {round}")
        return told.format(decision=decision, round=round_id)
    method, quote, name, place = mart.execute(_PLACE, [observation_id]).fetchall()[0]
    other = f" of {round_id}" if kind == "other_report" else ""
    return f"{method}{other}: {name}, {place}: “{quote}”"
