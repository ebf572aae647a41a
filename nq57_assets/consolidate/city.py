"""Values to city figures (``indicators.sql``) and to who has reported (``coverage.sql``).

Belongs here: preparing the inputs of the two queries. Does not belong: which value stands (``resolve``, ``values``).
"""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from nq57_assets.catalogue import Catalogue
from nq57_assets.consolidate.sql import Rows, as_arrow, records, run

_INDICATORS = pa.schema(
    [
        ("indicator", pa.string()),
        ("asked", pa.bool_()),
        ("required", pa.bool_()),
        ("unit", pa.string()),
        ("roll_up", pa.string()),
        ("numerator", pa.string()),
        ("denominator", pa.string()),
        ("weight", pa.string()),
        ("minimum", pa.float64()),
        ("ceiling", pa.float64()),
        ("maximum_share", pa.float64()),
    ]
)
_SHARES = ("rate", "flag")
_COMMUNES = pa.schema(
    [
        ("commune_code", pa.string()),
        ("commune_type", pa.string()),
        ("former_province", pa.string()),
        ("area_km2", pa.float64()),
    ]
)


def city_indicators(round_id: str, values: Rows, other_values: Rows, catalogue: Catalogue) -> pa.Table:
    """Add the communes' values up to the city, each type of commune and each former province.

    Sums add lows and highs apart; ratios add numerators and denominators of communes that gave both; weighted rates
    take the weight of the same round, else of the commune's latest other round; flags are the share of answers.

    Args:
        round_id: The round; rows of other rounds in ``values`` are left out.
        values: Rows of ``core/values``.
        other_values: Rows of ``core/values`` of the other rounds, for weights and populations; may be empty.
        catalogue: Indicators, communes and ``settings.coverage_gate``.

    Returns:
        Rows of ``city/indicators``, one per asked indicator and scope; a withheld figure is empty and says why.
    """
    return run(
        "indicators",
        "city/indicators",
        catalogue,
        params=pa.table(
            {"round_id": [round_id], "coverage_gate": [float(catalogue.settings["coverage_gate"])]}
        ),
        communes=_communes(round_id, catalogue),
        indicators=_indicators(round_id, catalogue),
        round_values=_of_round(values, "core/values", round_id, catalogue),
        other_values=_others(round_id, other_values, catalogue),
    )


def city_coverage(
    round_id: str, submissions: Rows, values: Rows, findings: Rows, catalogue: Catalogue, today: date
) -> pa.Table:
    """Say of each expected commune whether, when and how completely it has reported.

    Args:
        round_id: The round; rows of other rounds are left out.
        submissions: Rows of ``raw/submissions``.
        values: Rows of ``core/values``.
        findings: Rows of ``core/findings``.
        catalogue: Expected communes, required indicators and the due date.
        today: The date in Hải Phòng; after the due date a missing report is late.

    Returns:
        Rows of ``city/coverage``, one per expected commune.
    """
    due_on = catalogue.round[round_id].due_on
    return run(
        "coverage",
        "city/coverage",
        catalogue,
        params=pa.table(
            {
                "round_id": [round_id],
                "due_on": pa.array([due_on], pa.date32()),
                "today": pa.array([today], pa.date32()),
            }
        ),
        communes=_communes(round_id, catalogue),
        indicators=_indicators(round_id, catalogue),
        submissions=_of_round(submissions, "raw/submissions", round_id, catalogue),
        round_values=_of_round(values, "core/values", round_id, catalogue),
        findings=_of_round(findings, "core/findings", round_id, catalogue),
    )


def _of_round(rows: Rows, table: str, round_id: str, catalogue: Catalogue) -> pa.Table:
    given = as_arrow(rows, table, catalogue)
    return given.filter(pc.equal(given["round_id"], round_id))


def _others(round_id: str, values: Rows, catalogue: Catalogue) -> pa.Table:
    """Return the values of other rounds with ``recency``: 1 is the round whose period ended last."""
    given = as_arrow(values, "core/values", catalogue)
    given = given.filter(pc.not_equal(given["round_id"], round_id))
    latest = sorted(catalogue.rounds, key=lambda r: (r.period_to, r.round_id), reverse=True)
    order = pa.table(
        {"round_id": [r.round_id for r in latest], "recency": pa.array(range(1, len(latest) + 1), pa.int64())}
    )
    return given.join(order, "round_id", join_type="inner")


def _communes(round_id: str, catalogue: Catalogue) -> pa.Table:
    return records([commune.model_dump() for commune in catalogue.expected(round_id)], _COMMUNES)


def _indicators(round_id: str, catalogue: Catalogue) -> pa.Table:
    asked = {indicator.code for indicator in catalogue.asked(round_id)}
    return records(
        [
            {
                **indicator.model_dump(),
                "indicator": indicator.code,
                "asked": indicator.code in asked,
                # A rate can not pass its maximum; that of a count is a plausibility, so "over 150" stays open.
                "ceiling": indicator.maximum if indicator.kind in _SHARES else None,
                "maximum_share": 100.0 if indicator.kind in _SHARES else None,
            }
            for indicator in catalogue.indicators
        ],
        _INDICATORS,
    )
