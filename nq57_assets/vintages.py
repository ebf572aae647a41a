"""Approved states of the mart, and what changed between two states: figure, commune, cause, effect on the total.

Belongs here: pinning a generation, comparing generations. Does not belong: building one (``mart``), layout (``outputs``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nq57_assets.catalogue import Catalogue
from nq57_assets.folders import DataDir
from nq57_assets.intake.ledger import Approval, Ledger, approvals
from nq57_assets.words import claim, figure

_READ_ANEW = "cùng tệp, đọc lại bằng phiên bản mới của chương trình"
_STATES_VI = {
    "missing": "chưa có số liệu",
    "conflict": "số liệu mâu thuẫn",
    "withheld": "bị giữ lại",
    "nil": "không phát sinh",
    None: "không có dòng",
}


class VintageError(ValueError):
    """What was asked for is not there; the message says what is."""


@dataclass(frozen=True)
class Change:
    """One value that differs between two generations.

    Attributes:
        before: The figure in words, or its state.
        after: Likewise.
        cause: Why, in Vietnamese.
        total_before: The city's figure of the indicator in the earlier generation.
        total_after: In the later one.
    """

    round_id: str
    commune_code: str
    commune: str
    indicator: str
    indicator_vi: str
    before: str
    after: str
    cause: str
    total_before: str
    total_after: str


def approve(data: DataDir, round_id: str, by: str, note: str = "", generation: int | None = None) -> Approval:
    """Pin a generation as what the city reported for a round, and write that into the ledger.

    Args:
        data: The data directory.
        round_id: The round.
        by: Who approves.
        note: Such as the number of the city's report.
        generation: The generation; the current one if None.

    Raises:
        VintageError: Nothing has been published, the generation is gone, or it has no figure of the round.
    """
    from nq57_assets.mart.publish import current

    standing = current(data)
    if standing is None:
        raise VintageError("nothing has been published yet; run `nq57 run` first")
    path = _file(data, standing.generation if generation is None else generation)
    with closing(_connection({"one": path})) as connection:
        number, inputs = connection.execute("SELECT generation, inputs FROM one.mart_build").fetchall()[0]
        (values,) = connection.execute(
            "SELECT count(*) FROM one.fact_value WHERE round_id = ?", [round_id]
        ).fetchall()[0]
    if not values:
        raise VintageError(f"generation {number} has no value of {round_id}")
    with Ledger(data) as ledger:
        return ledger.record_approval(
            round_id=round_id,
            approved_at=datetime.now(UTC),
            approved_by=by,
            generation=int(number),
            mart_sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
            inputs=str(inputs),
            note=note,
        )


def damaged(data: DataDir) -> list[str]:
    """Return the approved generations whose file is gone or has changed since, in words."""
    found = []
    for approval in approvals(data):
        path = _path(data, approval.generation)
        if not path.is_file():
            found.append(f"generation {approval.generation}, approved for {approval.round_id}, is gone")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != approval.mart_sha256:
            found.append(f"generation {approval.generation}, approved for {approval.round_id}, has changed")
    return found


def corrigendum(data: DataDir, round_id: str, catalogue: Catalogue) -> tuple[Approval, list[Change]]:
    """Return what has changed in a round since it was last approved.

    Raises:
        VintageError: The round has not been approved, or a generation is gone.
    """
    from nq57_assets.mart.publish import current

    given = approvals(data, round_id)
    standing = current(data)
    if not given or standing is None:
        raise VintageError(f"{round_id} has not been approved; `nq57 approve {round_id} --by NAME` does so")
    return given[-1], compare(data, given[-1].generation, standing.generation, catalogue, round_id)


def compare(
    data: DataDir, earlier: int, later: int, catalogue: Catalogue, round_id: str | None = None
) -> list[Change]:
    """Return every value that differs between two generations.

    Args:
        data: The data directory.
        earlier: Number of a generation.
        later: Number of another.
        catalogue: For names.
        round_id: One round, or all.

    Raises:
        VintageError: A generation is gone; the message names those that are kept.
    """
    files = {"one": _file(data, earlier), "two": _file(data, later)}
    with closing(_connection(files)) as connection:
        rulings = "two.fact_decision" if _has(connection, "two", "fact_decision") else _NO_RULINGS
        query = _CHANGED.format(rulings=rulings)
        rows = connection.sql(query, params={"round_id": round_id}).to_arrow_table().to_pylist()
        totals = {name: _totals(connection, name) for name in files}
    return [_change(row, totals, catalogue) for row in rows]


def _has(connection: Any, database: str, table: str) -> bool:
    """Whether a generation has a table: an older one may have been built before there was such a table."""
    query = "SELECT 1 FROM duckdb_tables() WHERE database_name = ? AND table_name = ?"
    return bool(connection.execute(query, [database, table]).fetchall())


def _totals(connection: Any, database: str) -> dict[tuple[str, str], dict[str, Any]]:
    rows = connection.sql(f"SELECT * FROM {database}.city_indicator WHERE scope = 'city'")
    return {(row["round_id"], row["indicator"]): row for row in rows.to_arrow_table().to_pylist()}


_NO_RULINGS = "(SELECT NULL AS decision_id, NULL AS decided_by, NULL::TIMESTAMP AS decided_at, NULL AS reason WHERE FALSE)"
_CHANGED = """
SELECT coalesce(b.round_id, a.round_id) AS round_id, coalesce(b.commune_code, a.commune_code) AS commune_code,
       coalesce(b.indicator, a.indicator) AS indicator,
       a.value AS a_value, a.low AS a_low, a.high AS a_high, a.qualifier AS a_qualifier, a.state AS a_state,
       a.sha256 AS a_sha256, a.decision_id AS a_decision, a.withheld_by AS a_withheld, a.observation_id AS a_claim,
       b.value AS b_value, b.low AS b_low, b.high AS b_high, b.qualifier AS b_qualifier, b.state AS b_state,
       b.sha256 AS b_sha256, b.decision_id AS b_decision, b.withheld_by AS b_withheld, b.observation_id AS b_claim,
       f.original_name, f.received_at, r.decided_by, r.decided_at, r.reason,
       o.sha256 IS NOT NULL AS known_before, g.sha256 IS NOT NULL AS still_there
FROM one.fact_value AS a
FULL JOIN two.fact_value AS b
    ON b.round_id = a.round_id AND b.commune_code = a.commune_code AND b.indicator = a.indicator
LEFT JOIN (
    SELECT round_id, sha256, min(original_name) AS original_name, min(received_at) AS received_at
    FROM two.fact_submission GROUP BY ALL
) AS f ON f.sha256 = b.sha256 AND f.round_id = b.round_id
LEFT JOIN (SELECT DISTINCT round_id, sha256 FROM one.fact_submission WHERE is_current) AS o
    ON o.sha256 = b.sha256 AND o.round_id = b.round_id
LEFT JOIN (SELECT DISTINCT round_id, sha256 FROM two.fact_submission WHERE is_current) AS g
    ON g.sha256 = a.sha256 AND g.round_id = a.round_id
LEFT JOIN {rulings} AS r ON r.decision_id = b.decision_id
WHERE ($round_id IS NULL OR coalesce(b.round_id, a.round_id) = $round_id)
    AND (a.state IS DISTINCT FROM b.state OR a.value IS DISTINCT FROM b.value
         OR a.low IS DISTINCT FROM b.low OR a.high IS DISTINCT FROM b.high)
ORDER BY 1, 3, 2
"""


def _change(
    row: dict[str, Any], totals: dict[str, dict[Any, dict[str, Any]]], catalogue: Catalogue
) -> Change:
    key = (row["round_id"], row["indicator"])
    commune, indicator = catalogue.commune.get(row["commune_code"]), catalogue.indicator.get(row["indicator"])
    return Change(
        round_id=row["round_id"],
        commune_code=row["commune_code"],
        commune=commune.full_name if commune else "",
        indicator=row["indicator"],
        indicator_vi=indicator.vi if indicator else "",
        before=_words(row, "a"),
        after=_words(row, "b"),
        cause=_cause(row, catalogue),
        total_before=_total(totals["one"].get(key)),
        total_after=_total(totals["two"].get(key)),
    )


def _words(row: dict[str, Any], side: str) -> str:
    state = row[f"{side}_state"]
    if state != "reported":
        return _STATES_VI[state]
    return claim({name: row[f"{side}_{name}"] for name in ("value", "low", "high", "qualifier")})


def _cause(row: dict[str, Any], catalogue: Catalogue) -> str:
    if row["b_decision"] != row["a_decision"]:
        if row["b_decision"] is None:
            return "quyết định rà soát trước đó không còn hiệu lực"
        who = f" của {row['decided_by']} ngày {row['decided_at']:%d/%m/%Y}" if row["decided_by"] else ""
        return f"quyết định rà soát{who}: {row['reason'] or ''}".rstrip(": ")
    if row["b_sha256"] != row["a_sha256"]:
        if row["known_before"] or (row["b_sha256"] is None and row["still_there"]):
            return _READ_ANEW
        if row["b_sha256"] is None:
            return "tệp trước đó không còn được dùng"
        return f"đơn vị nộp bản mới: {row['original_name']} (nhận {row['received_at']:%d/%m/%Y})"
    if row["b_withheld"] != row["a_withheld"]:
        rule = catalogue.rule.get(row["b_withheld"] or row["a_withheld"])
        named = f"“{rule.title_vi}”" if rule else ""
        return f"bị giữ lại vì {named}" if row["b_withheld"] else f"không còn bị giữ lại vì {named}"
    if row["b_claim"] != row["a_claim"]:
        return _READ_ANEW
    return "quy tắc hoặc danh mục thay đổi"


def _total(row: dict[str, Any] | None) -> str:
    if row is None or row["state"] != "published":
        return "không công bố"
    if row["value"] is not None and row["qualifier"] != "range":
        return claim(row)
    return f"{figure(row['low'])}–{figure(row['high'])}"


def render(changes: Iterable[Change]) -> str:
    """Return changes as lines for a terminal, by indicator with its total."""
    lines, last = [], ("", "")
    for change in changes:
        key = (change.round_id, change.indicator)
        if key != last:
            lines.append(
                f"{change.round_id} {change.indicator} ({change.indicator_vi}): {change.total_before} → {change.total_after}"
            )
            last = key
        lines.append(
            f"  {change.commune_code} {change.commune}: {change.before} → {change.after} ({change.cause})"
        )
    return "\n".join(lines) or "No value differs."


def _path(data: DataDir, generation: int) -> Path:
    return data.mart / "generations" / f"nq57-{generation:06d}.duckdb"


def _file(data: DataDir, generation: int) -> Path:
    from nq57_assets.mart.publish import generations

    path = _path(data, generation)
    if not path.is_file():
        kept = ", ".join(str(int(p.stem.removeprefix("nq57-"))) for p in generations(data)) or "none"
        raise VintageError(f"generation {generation} is not kept; there are: {kept}")
    return path


def _connection(files: dict[str, Path]) -> Any:
    import duckdb

    from nq57_assets.consolidate.sql import CLOSED

    connection = duckdb.connect(":memory:", config=CLOSED)
    connection.execute("SET TimeZone = 'UTC'")
    for name, path in files.items():
        quoted = str(path).replace("'", "''")
        connection.execute(f"ATTACH '{quoted}' AS {name} (READ_ONLY)")
    return connection
