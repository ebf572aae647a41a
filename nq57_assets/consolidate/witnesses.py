"""Figures and what else was said to who bears them out (``witnesses.sql``).

Belongs here: preparing the inputs of the query. Does not belong: which figure stands (``resolve``), what is wrong with one
(``quality``).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from nq57_assets.catalogue import Catalogue
from nq57_assets.consolidate.sql import CLOSED, Rows, as_arrow, query, records

_INDICATORS = pa.schema(
    [
        ("indicator", pa.string()),
        ("kind", pa.string()),
        ("whole", pa.bool_()),
        ("numerator", pa.string()),
        ("denominator", pa.string()),
    ]
)
_REGISTER = pa.schema(
    [
        ("commune_code", pa.string()),
        ("indicator", pa.string()),
        ("figure", pa.float64()),
        ("share", pa.float64()),
    ]
)


@dataclass(frozen=True)
class Said:
    """What may bear out the figures of a round beside the statements that were chosen.

    Attributes:
        observations: Rows of ``core/observations`` of the round.
        decisions: Rows of ``core/decisions`` of the round; only those in force count.
        others: Rows of ``core/resolved`` of the rounds of ``sister_rounds``.
    """

    observations: Rows = ()
    decisions: Rows = ()
    others: Rows = ()


def sister_rounds(round_id: str, catalogue: Catalogue) -> list[str]:
    """Return the other rounds of the same year: what a commune says twice a year it should say alike."""
    year = catalogue.round[round_id].period_to.year
    return [r.round_id for r in catalogue.rounds if r.period_to.year == year and r.round_id != round_id]


def witnesses(round_id: str, resolved: Rows, findings: Rows, said: Said, catalogue: Catalogue) -> pa.Table:
    """List the independent statements that agree with each candidate of a round.

    Args:
        round_id: The round; rows of other rounds are left out.
        resolved: Rows of ``core/resolved``.
        findings: Rows of ``core/findings``; a statement that an open error keeps out is no witness.
        said: What else was said.
        catalogue: Indicators, the register of communes and the tolerance for approximate figures.

    Returns:
        Rows of ``commune_code``, ``indicator``, ``kind`` (statement, decision, other_report, arithmetic, register),
        ``round_id`` and ``observation_id``; the statement that was chosen is one of them.
    """
    candidates = as_arrow(resolved, "core/resolved", catalogue)
    own = candidates.filter(pc.equal(candidates["round_id"], round_id))
    claims = as_arrow(said.observations, "core/observations", catalogue)
    broken = as_arrow(findings, "core/findings", catalogue)
    rulings = as_arrow(said.decisions, "core/decisions", catalogue)
    asked = pa.array({indicator.code for indicator in catalogue.asked(round_id)}, pa.string())
    others = as_arrow(said.others, "core/resolved", catalogue)
    sisters = pa.array(sister_rounds(round_id, catalogue), pa.string())
    inputs: dict[str, Any] = {
        "params": pa.table(
            {"round_id": [round_id], "approx_tolerance": [float(catalogue.settings["approx_tolerance"])]}
        ),
        "resolved": own,
        "others": others.filter(
            pc.and_(pc.is_in(others["round_id"], sisters), pc.is_in(others["indicator"], asked))
        ),
        "observations": claims.filter(pc.equal(claims["round_id"], round_id)),
        "decisions": rulings.filter(
            pc.and_(pc.equal(rulings["round_id"], round_id), pc.equal(rulings["state"], "in_force"))
        ),
        "findings": broken.filter(
            pc.and_(
                pc.and_(pc.equal(broken["round_id"], round_id), pc.equal(broken["state"], "open")),
                pc.is_in(broken["severity"], pa.array(["error", "critical"])),
            )
        ),
        "file_rules": pa.table({"rule": pa.array(catalogue.settings["withhold_file_rules"], pa.string())}),
        "indicators": records(
            [{**i.model_dump(), "indicator": i.code} for i in catalogue.indicators], _INDICATORS
        ),
        "register": records(_registered(round_id, catalogue), _REGISTER),
    }
    with closing(duckdb.connect(":memory:", config=CLOSED)) as connection:
        connection.execute("SET TimeZone = 'UTC'").fetchall()
        for name, rows in inputs.items():
            connection.register(name, rows)
        return connection.sql(query("witnesses")).to_arrow_table()


def _registered(round_id: str, catalogue: Catalogue) -> Sequence[dict[str, Any]]:
    """Return what the register of communes holds of figures that are reported too: the rule book names them."""
    checks = [rule.check for rule in catalogue.rules if rule.check and rule.check.get("kind") == "register"]
    return [
        {
            "commune_code": commune.commune_code,
            "indicator": check["indicator"],
            "figure": getattr(commune, check["column"]),
            "share": check["share"],
        }
        for check in checks
        for commune in catalogue.expected(round_id)
    ]
