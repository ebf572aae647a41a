"""Runs the rules that Great Expectations cannot express: one readable ``.sql`` file a kind of check, in DuckDB.

Belongs here: the connection, the tables and macros that the queries see. Does not belong: what a rule means (the ``.sql``
files and ``rules.yaml``). A query returns rows of ``VIOLATION`` without ``rule``; its parameters are the check's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from nq57_assets.catalogue import Catalogue
from nq57_assets.quality.frames import Context
from nq57_assets.quality.kinds import Check, Copied
from nq57_assets.quality.rules import CheckedRule, checked_rules

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

# Columns of a violation, common to both engines. `part_of` joins figures that break a rule together; page and line are for
# what no observation gives a place to.
VIOLATION = (
    "rule",
    "commune_code",
    "indicator",
    "sha256",
    "observation_id",
    "observed",
    "expected",
    "part_of",
    "page",
    "line",
)
_OF_A_ROUND = frozenset(
    {
        "jump", "fell", "disagree", "parts", "copied", "peer", "slip", "repeated", "round", "fraction_rate",
        "cumulative", "rate_moved", "proportion", "peer_rate", "register", "base", "full_rate", "period", "issued",
        "as_of", "bare_full", "exchanged",
    }
)  # fmt: skip
SQL_KINDS = _OF_A_ROUND | {"review", "conflict", "missing", "beside", "sections", "wide", "listed"}

# No extension is looked for on the network, and a name in a query can only mean a registered table.
_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
}


@lru_cache(maxsize=32)
def query(name: str) -> str:
    """Return the text of ``quality/<name>.sql``."""
    return (files("nq57_assets") / "quality" / f"{name}.sql").read_text(encoding="utf-8")


def run_queries(
    rules: Iterable[CheckedRule], context: Context, catalogue: Catalogue
) -> dict[str, pd.DataFrame]:
    """Run SQL rules and return their violations by rule code.

    Args:
        rules: Rules whose kind is one of ``SQL_KINDS``.
        context: The frames; a query that names a table that is not given fails.
        catalogue: For indicators and rounds.
    """
    import duckdb

    results = {}
    with closing(duckdb.connect(":memory:", config=_CLOSED)) as connection:
        _register(connection, context, catalogue)
        for checked in rules:
            parameters = _parameters(checked.check, context)
            rows = connection.execute(query(checked.check.kind), parameters).df()
            results[checked.rule.code] = (
                rows.assign(rule=checked.rule.code).reindex(columns=list(VIOLATION)).astype(object)
            )
    return results


def texts(frame: pd.DataFrame) -> pd.Series:
    """Return the figures of a frame (value, low, high, qualifier) as people write them: ``1.440``, ``trên 150``."""
    import duckdb

    figures = frame[["value", "low", "high", "qualifier"]].reset_index(drop=True)
    with closing(duckdb.connect(":memory:", config=_CLOSED)) as connection:
        connection.execute(query("macros"))
        connection.register("figures", figures.assign(position=range(len(figures))))
        sql = "SELECT claim(value, low, high, qualifier) AS words FROM figures ORDER BY position"
        words = connection.execute(sql).df()["words"].astype(object)
    words.index = frame.index
    return words


def _register(connection: duckdb.DuckDBPyConnection, context: Context, catalogue: Catalogue) -> None:
    import pyarrow as pa

    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(query("macros"))
    connection.execute(f"SET VARIABLE approx_tolerance = {float(catalogue.settings['approx_tolerance'])}")
    for name in ("submissions", "documents", "observations", "resolved", "others"):
        frame = getattr(context, name)
        if frame is not None:
            connection.register(name, frame)
    indicators = [
        {
            "indicator": i.code,
            "kind": i.kind,
            "required": i.required,
            "numerator": i.numerator,
            "denominator": i.denominator,
            "weight": i.weight,
            "vi": i.vi,
        }
        for i in catalogue.indicators
    ]
    connection.register("indicators", pa.Table.from_pylist(indicators))
    rounds = [
        {
            "round_id": r.round_id,
            "period_from": r.period_from,
            "period_to": r.period_to,
            "year": r.period_to.year,
        }
        for r in catalogue.rounds
    ]
    connection.register("rounds", pa.Table.from_pylist(rounds))
    communes = [
        {
            "commune_code": c.commune_code,
            "full_name": c.full_name,
            "commune_type": c.commune_type,
            "area_km2": c.area_km2,
        }
        for c in catalogue.communes
    ]
    connection.register("communes", pa.Table.from_pylist(communes))
    if context.resolved is not None:
        if context.others is None:
            connection.register("others", context.resolved.iloc[:0])
        connection.execute(query("history"))
        connection.execute("CREATE TEMP TABLE set_aside AS FROM figures LIMIT 0")
        _set_copies_aside(connection, context.round_id, catalogue)


def _set_copies_aside(connection: duckdb.DuckDBPyConnection, round_id: str, catalogue: Catalogue) -> None:
    """Find the files with equal figures, and compare nothing with them in other rounds unless those bear them out."""
    rule = next(
        (
            checked.check
            for checked in checked_rules(catalogue)
            if isinstance(checked.check, Copied) and checked.check.side == "later"
        ),
        None,
    )
    if rule is None:
        return
    connection.execute(query("alike"), rule.model_dump(exclude={"kind", "side"}))
    connection.execute(query("own"))
    copies = (
        "FROM figures WHERE round_id <> $round_id "
        "AND (round_id, commune_code) IN (SELECT (round_id, commune_code) FROM alike) "
        "AND (round_id, commune_code) NOT IN (SELECT (round_id, commune_code) FROM own)"
    )
    connection.execute(f"INSERT INTO set_aside {copies}", {"round_id": round_id})
    connection.execute(f"DELETE {copies}", {"round_id": round_id})


def _parameters(check: Check, context: Context) -> dict[str, Any]:
    """Return what a kind's query takes: the check's own parameters, and the round where it is named."""
    own = (
        {"side": check.side} if isinstance(check, Copied) else check.model_dump(mode="json", exclude={"kind"})
    )
    return own | ({"round_id": context.round_id} if check.kind in _OF_A_ROUND else {})
