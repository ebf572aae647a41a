"""The frames that expectations read, made once a table: its shape, its expected rows, claims with limits, communes wide.

Belongs here: joins and derived columns, all vectorised. Does not belong: what is expected of them (``suites``).
Great Expectations is fast on few rules over long or wide frames and slow on one rule an indicator, so limits are joined
as columns and pairs stand side by side in one row a commune.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nq57_assets.catalogue import Catalogue, Table
from nq57_assets.quality.kinds import Limit, Pair, Ratio
from nq57_assets.quality.rules import rules_for
from nq57_assets.quality.suites import COMPLETE, REFERENCES

if TYPE_CHECKING:
    import pandas as pd

REPORTED = ("reported", "nil")


@dataclass(frozen=True)
class Context:
    """What a check may look at beside the frame itself; every frame has the shape that ``tables.yaml`` declares.

    Attributes:
        round_id: The round that is checked.
        submissions: raw/submissions of the round.
        observations: core/observations of the round.
        resolved: core/resolved of the round.
        others: core/resolved of every other round there is.
        documents: staged/documents of the round.
    """

    round_id: str
    submissions: pd.DataFrame | None = None
    observations: pd.DataFrame | None = None
    resolved: pd.DataFrame | None = None
    others: pd.DataFrame | None = None
    documents: pd.DataFrame | None = None

    def need(self, name: str, table: str) -> pd.DataFrame:
        """Return a frame, or say which one is missing for a table's checks."""
        frame: pd.DataFrame | None = getattr(self, name)
        if frame is None:
            raise ValueError(f"the checks of {table} need Context.{name}")
        return frame


def schema_frame(shape: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row a declared or found column: ``column``, ``declared`` type and ``found`` type (null where absent)."""
    import pandas as pd

    declared = {column.name: column.type for column in shape.columns}
    names = [*declared, *(name for name in frame.columns if name not in declared)]
    found = [
        _found_type(frame[name], declared.get(name)) if name in frame.columns else None for name in names
    ]
    return pd.DataFrame(
        {"column": names, "declared": [declared.get(n) for n in names], "found": found}, dtype=object
    )


def _found_type(column: pd.Series, declared: str | None) -> str:
    """Return the declared type if the column can hold it, else what was found; pandas has several homes for a type."""
    import pandas as pd

    seen = pd.api.types.infer_dtype(column, skipna=True)
    if declared is not None and (column.empty or seen == "empty" or bool(column.isna().all())):
        return declared
    fits = {
        "string": ("string",),
        "int64": ("integer",),
        "double": ("floating", "integer", "mixed-integer-float"),
        "bool": ("boolean",),
        "date": ("date", "datetime", "datetime64"),
        "timestamp": ("datetime64", "datetime"),
        "list<string>": ("mixed",),
    }
    # A nullable integer that went through pandas is a column of whole floats.
    if declared == "int64" and seen == "floating" and bool((column.dropna() % 1 == 0).all()):
        return declared
    return declared if declared is not None and seen in fits[declared] else str(seen)


def sound_columns(schema: pd.DataFrame) -> set[str]:
    """Return the columns of a schema frame that are there with their declared type."""
    return set(schema.loc[schema["declared"] == schema["found"], "column"])


def with_known(frame: pd.DataFrame, catalogue: Catalogue, round_id: str | None) -> pd.DataFrame:
    """Return a table's rows with ``<column>.known`` for each column of codes: null where there is no code."""
    known = {
        "round_id": [round_id] if round_id else list(catalogue.round),
        "commune_code": list(catalogue.commune),
        "indicator": list(catalogue.indicator),
        "rule": list(catalogue.rule),
    }
    flags = {
        f"{name}.known": frame[name].isin(known[name]).astype(object).where(frame[name].notna(), None)
        for name in REFERENCES
        if name in frame.columns
    }
    return frame.assign(**flags).reset_index(drop=True)


def expected_frame(table: str, frame: pd.DataFrame, catalogue: Catalogue, round_id: str) -> pd.DataFrame:
    """Return one row for each row that a complete table must have, with ``present`` null where it has not."""
    import pandas as pd

    key = list(COMPLETE[table])
    parts = {
        "commune_code": [c.commune_code for c in catalogue.expected(round_id)],
        "indicator": [i.code for i in catalogue.asked(round_id)],
    }
    wanted = pd.MultiIndex.from_product([parts[name] for name in key], names=key).to_frame(index=False)
    present = frame[key].drop_duplicates().assign(present=1.0)
    return wanted.merge(present, on=key, how="left")


def claims_frame(observations: pd.DataFrame, submissions: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Return accepted figures of current submissions with the limits of their indicators.

    Added columns: ``smallest`` and ``largest`` (of value, low, high), ``count`` (the value where only whole numbers make
    sense) and ``whole_count``, and one ``<rule>.limit`` for each limit rule (null where it does not apply).
    """
    import pandas as pd

    current = submissions.loc[submissions["is_current"].astype(bool), "sha256"]
    known = observations["indicator"].isin(list(catalogue.indicator))
    chosen = (observations["status"] == "accepted") & observations["sha256"].isin(current) & known
    claims = observations.loc[chosen].reset_index(drop=True)
    figures = claims[["value", "low", "high"]].astype("float64")
    claims["smallest"], claims["largest"] = figures.min(axis=1), figures.max(axis=1)
    indicator = catalogue.indicator
    whole = {code for code, i in indicator.items() if i.is_count or i.kind == "flag"}
    count = claims["value"].astype("float64").where(claims["indicator"].isin(whole))
    claims["count"], claims["whole_count"] = count, count.round()
    for column in ("numerator", "denominator"):
        claims[column] = claims[column].astype("float64")
    for checked in rules_for("core/observations", catalogue):
        if isinstance(checked.check, Limit):
            side, of = checked.check.side, checked.check.of
            limits = {code: getattr(i, side) for code, i in indicator.items() if i.kind in of}
            claims[f"{checked.rule.code}.limit"] = pd.to_numeric(claims["indicator"].map(limits)).astype(
                "float64"
            )
    return claims


def wide_frame(context: Context, catalogue: Catalogue) -> pd.DataFrame:
    """Return one row a commune with the columns that pair and ratio rules compare.

    Columns: ``commune_code``; for a pair rule ``<rule>.part`` (its least possible figure) and ``<rule>.whole`` (its
    greatest possible); for a ratio rule ``<rule>``. Null where a figure is missing, open or in conflict.
    """
    import pandas as pd

    resolved = context.need("resolved", "core/resolved")
    year = {
        r.round_id
        for r in catalogue.rounds
        if r.period_to.year == catalogue.round[context.round_id].period_to.year
    }
    others = context.others if context.others is not None else resolved.iloc[:0]
    here = _bounds(resolved)
    same_year = _bounds(others[others["round_id"].isin(year)])
    loose = float(catalogue.settings["approx_tolerance"])
    wide = pd.DataFrame(index=pd.Index(sorted(set(resolved["commune_code"])), name="commune_code"))
    for checked in rules_for("core/resolved", catalogue):
        code, check = checked.rule.code, checked.check
        if isinstance(check, Pair):
            wide[f"{code}.part"] = _side(here, check.part, "low", 1 - loose).reindex(wide.index)
            wide[f"{code}.whole"] = _side(here, check.whole, "high", 1 + loose).reindex(wide.index)
        elif isinstance(check, Ratio):
            over, under = (_point(here, same_year, name, wide.index) for name in (check.over, check.under))
            asked_here = {check.over, check.under} & set(here["indicator"])
            wide[code] = (over / under.where(under > 0)) if asked_here else float("nan")
    return wide.reset_index()


def _bounds(resolved: pd.DataFrame) -> pd.DataFrame:
    """Return the reported rows with float bounds and whether they are only approximate."""
    rows = resolved.loc[resolved["state"].isin(REPORTED)]
    return rows.assign(
        value=rows["value"].astype("float64"),
        low=rows["low"].astype("float64"),
        high=rows["high"].astype("float64"),
        loose=rows["qualifier"] == "approx",
    )


def _side(rows: pd.DataFrame, indicator: str, side: str, loosen: float) -> pd.Series:
    """Return one bound of an indicator by commune, moved outward where the figure is only approximate."""
    mine = rows.loc[rows["indicator"] == indicator].set_index("commune_code")
    return mine[side].where(~mine["loose"], mine[side] * loosen)


def _point(here: pd.DataFrame, same_year: pd.DataFrame, indicator: str, index: pd.Index) -> pd.Series:
    """Return a middle figure by commune, from this round or else from the year's latest other one."""
    parts = []
    for rows in (here, same_year.sort_values("round_id", ascending=False)):
        mine = (
            rows.loc[rows["indicator"] == indicator].drop_duplicates("commune_code").set_index("commune_code")
        )
        parts.append(mine["value"].fillna((mine["low"] + mine["high"]) / 2).reindex(index))
    return parts[0].fillna(parts[1])
