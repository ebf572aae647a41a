"""Observations and decisions to one candidate value a commune and indicator (``resolve.sql``).

Belongs here: preparing the inputs of the query. Does not belong: rules about what is wrong with a value (``quality``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from nq57_assets.catalogue import Catalogue
from nq57_assets.consolidate.sql import Rows, as_arrow, records, run

_DECISIONS = pa.schema(
    [
        ("decision_id", pa.string()),
        ("decided_at", pa.timestamp("us", tz="UTC")),
        ("kind", pa.string()),
        ("commune_code", pa.string()),
        ("indicator", pa.string()),
        ("observation_id", pa.string()),
        ("value_to", pa.float64()),
    ]
)
_INDICATORS = pa.schema([("indicator", pa.string()), ("asked", pa.bool_()), ("whole", pa.bool_())])


def resolve(
    round_id: str,
    observations: Rows,
    decisions: Rows,
    catalogue: Catalogue,
) -> pa.Table:
    """Choose the claim that stands for each commune and indicator of a round.

    Args:
        round_id: The round; rows of other rounds are left out.
        observations: Rows of ``core/observations``.
        decisions: Rulings of the review with ``decision_id``, ``decided_at``, ``kind`` (accept, correct, reject or
            waive), ``round_id``, ``commune_code``, ``indicator``, ``observation_id`` and ``value_to``.
        catalogue: Asked indicators, expected communes and the tolerance for approximate figures.

    Returns:
        Rows of ``core/resolved``: one per expected commune and asked indicator, and per other pair with a claim.

    Raises:
        ValueError: A decision sets a value that is no number.
    """
    asked = {indicator.code for indicator in catalogue.asked(round_id)}
    rows = as_arrow(observations, "core/observations", catalogue)
    return run(
        "resolve",
        "core/resolved",
        catalogue,
        params=pa.table(
            {"round_id": [round_id], "approx_tolerance": [float(catalogue.settings["approx_tolerance"])]}
        ),
        observations=rows.filter(pc.equal(rows["round_id"], round_id)),
        decisions=_rulings(round_id, decisions),
        communes=pa.table(
            {"commune_code": pa.array([c.commune_code for c in catalogue.expected(round_id)], pa.string())}
        ),
        indicators=records(
            [{"indicator": i.code, "asked": i.code in asked, "whole": i.whole} for i in catalogue.indicators],
            _INDICATORS,
        ),
    )


def _rulings(round_id: str, decisions: Rows) -> pa.Table:
    """Return the decisions of a round as Arrow; dates may be text and figures may be text in the ledger."""
    given: Any = decisions
    if not isinstance(decisions, pa.Table) and hasattr(decisions, "columns"):
        given = pa.Table.from_pandas(decisions, preserve_index=False)
    if isinstance(given, pa.Table):
        given = given.to_pylist()
    rows = [
        {**row, "decided_at": _moment(row["decided_at"]), "value_to": _figure(row)}
        for row in given
        if row.get("round_id") == round_id
    ]
    return records(rows, _DECISIONS)


def _moment(value: datetime | str) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _figure(row: Mapping[str, Any]) -> float | None:
    value = row.get("value_to")
    if value is None or value == "":
        return None
    try:
        return float(value)
    except ValueError:
        raise ValueError(f"decision {row['decision_id']}: value_to {value!r} is no number") from None
