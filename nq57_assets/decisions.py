"""Recording a person's ruling on an observation, so that the next run follows it.

Belongs here: checking a ruling against what it rules on. Does not belong: the ledger's file (``intake.ledger``), what a
ruling does to a value (``consolidate.resolve``).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from nq57_assets.catalogue import Catalogue
from nq57_assets.folders import DataDir

RULINGS = ("accept", "reject", "correct")


class DecisionError(ValueError):
    """The ruling can't be recorded; the message says why and what to do."""


def record(
    data: DataDir,
    catalogue: Catalogue,
    observation_id: str,
    ruling: str,
    by: str,
    reason: str,
    value: float | None = None,
) -> str:
    """Record a ruling in the append-only ledger and return one line that says what was recorded.

    Args:
        data: The data directory.
        catalogue: For the table shapes.
        observation_id: The observation that was looked at, as ``core/observations`` names it.
        ruling: ``accept``, ``reject`` or ``correct``.
        by: Who rules.
        reason: Why.
        value: The right figure, for ``correct`` and only for it.

    Raises:
        DecisionError: The observation is unknown, or the ruling lacks a part.
    """
    from nq57_assets.intake.ledger import DecisionKind, Ledger
    from nq57_assets.lake import Lake

    if ruling not in RULINGS:
        raise DecisionError(f"{ruling!r} is no ruling; choose one of {', '.join(RULINGS)}.")
    if (ruling == "correct") != (value is not None):
        raise DecisionError("A correction needs --value, and only a correction takes one.")
    if not by.strip() or not reason.strip():
        raise DecisionError("A ruling needs a name (--by) and a reason (--reason).")
    lake = Lake(data, catalogue)
    rows = lake.arrow("core/observations", lake.rounds("core/observations")).to_pylist()
    seen = next((row for row in rows if row["observation_id"] == observation_id), None)
    if seen is None:
        raise DecisionError(
            f"{observation_id!r} is no observation of the last run; look it up in fact_observation of the mart."
        )
    with Ledger(data) as ledger:
        decision = ledger.record_decision(
            kind=cast(DecisionKind, ruling),
            decided_by=by,
            decided_at=datetime.now(UTC),
            reason=reason,
            round_id=seen["round_id"],
            commune_code=seen["commune_code"],
            indicator=seen["indicator"],
            observation_id=observation_id,
            value_from=seen["value"],
            value_to=value,
        )
    change = f", {seen['value']} becomes {value}" if value is not None else ""
    return (
        f"Decision {decision.decision_id}: {ruling} {seen['indicator']} of {seen['commune_code']} "
        f"in {seen['round_id']}{change}; run `nq57 run` to apply it."
    )
