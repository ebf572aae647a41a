"""What lies behind one commune's value: who, when, from what, through which rule and decision.

Belongs here: asking the published mart and laying out the answer. Does not belong: proving it by reading again (``trace``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from nq57_assets.catalogue import Catalogue
from nq57_assets.folders import DataDir
from nq57_assets.review.force import RULINGS_VI
from nq57_assets.trace import NothingPublishedError
from nq57_assets.words import claim, figure

_QUERIES = {
    "value": """
        SELECT v.*, b.generation, b.published_at, b.code_version, b.catalogue_version
        FROM fact_value AS v CROSS JOIN mart_build AS b
        WHERE v.round_id = $round AND v.indicator = $indicator AND v.commune_code = $commune
    """,
    "claims": """
        SELECT o.*, s.original_name, s.received_at, s.version
        FROM fact_observation AS o
        LEFT JOIN fact_submission AS s
            ON s.round_id = o.round_id AND s.sha256 = o.sha256 AND s.is_current AND s.commune_code = o.commune_code
        WHERE o.round_id = $round AND o.indicator = $indicator AND o.commune_code = $commune
        ORDER BY s.received_at, o.page, o.line, o.cell
    """,
    "findings": """
        SELECT rule, severity, state, address, message_vi FROM fact_finding
        WHERE round_id = $round AND commune_code = $commune AND (indicator = $indicator OR indicator IS NULL)
        ORDER BY indicator NULLS LAST, rule
    """,
    "decisions": """
        SELECT * FROM fact_decision
        WHERE round_id = $round AND commune_code = $commune AND indicator = $indicator ORDER BY decided_at
    """,
    "submissions": """
        SELECT original_name, received_at, version, is_current, state, document_type FROM fact_submission
        WHERE round_id = $round AND commune_code = $commune ORDER BY received_at
    """,
}


def audit(data: DataDir, round_id: str, indicator: str, commune_code: str) -> dict[str, list[dict[str, Any]]]:
    """Return everything that the published mart knows of one value, as rows by kind.

    Returns:
        ``value`` (one row), ``claims``, ``findings``, ``decisions`` and ``submissions``.

    Raises:
        FileNotFoundError: Nothing has been published yet.
        NothingPublishedError: The mart has no row for this value.
    """
    from nq57_assets.mart.open import open_mart
    from nq57_assets.mart.publish import LINK

    asked = {"round": round_id, "indicator": indicator, "commune": commune_code}
    answer: dict[str, list[dict[str, Any]]] = {}
    with closing(open_mart(data.mart / LINK)) as mart:
        for name, query in _QUERIES.items():
            given = {key: value for key, value in asked.items() if f"${key}" in query}
            answer[name] = mart.sql(query, params=given).to_arrow_table().to_pylist()
    if not answer["value"]:
        raise NothingPublishedError(f"the mart has no {indicator} of {commune_code} in {round_id}")
    return answer


def render(answer: dict[str, list[dict[str, Any]]], catalogue: Catalogue) -> str:
    """Return the answer as lines for a terminal: the value, then what led to it, oldest first."""
    return "\n".join(_lines(answer, catalogue))


def _lines(answer: dict[str, list[dict[str, Any]]], catalogue: Catalogue) -> Iterator[str]:
    (value,) = answer["value"]
    commune, indicator = catalogue.commune[value["commune_code"]], catalogue.indicator[value["indicator"]]
    stands = claim(value) if value["state"] == "reported" else value["state"]
    yield f"{commune.full_name}, {indicator.vi}, {value['round_id']}: {stands} {indicator.unit}"
    yield f"  generation {value['generation']} of {value['published_at']:%Y-%m-%d %H:%M} UTC, code {value['code_version']}"
    if value["withheld_by"]:
        yield f"  withheld by {value['withheld_by']}: {catalogue.rule[value['withheld_by']].title_vi}"
    yield "received:"
    for row in answer["submissions"]:
        mark = "✔" if row["is_current"] else " "
        kind = f"{row['document_type'] or row['state']} v{row['version'] or '–'}"
        yield f"  {mark} {row['received_at']:%Y-%m-%d %H:%M} {row['original_name']} ({kind})"
    yield "claimed:"
    for row in answer["claims"]:
        mark = "✔" if row["observation_id"] == value["observation_id"] else " "
        place = f"{row['sheet']}!{row['cell']}" if row["cell"] else f"dòng {row['line']}"
        reading = f"{row['status']}, {row['method']}, {row['confidence']:.2f}"
        yield f"  {mark} {claim(row)} [{reading}] {row['original_name']}, {place}"
        yield f"      “{row['quote']}” {row['observation_id']} by {row['extractor_version']}"
    yield "findings:"
    for row in answer["findings"]:
        yield f"  {row['severity']} {row['rule']} ({row['state']}): {row['message_vi']}"
    yield "decisions:"
    for row in answer["decisions"]:
        mark = "✔" if row["decision_id"] == value["decision_id"] else " "
        change = (
            f", {figure(row['value_from'])} → {figure(row['value_to'])}" if row["kind"] == "correct" else ""
        )
        ended = f"; {row['state']}: {row['state_vi']}" if row["state"] != "in_force" else ""
        yield (
            f"  {mark} {row['decided_at']:%Y-%m-%d %H:%M} {row['decided_by']}: {RULINGS_VI[row['kind']]}{change} "
            f"({row['reason']}){ended} {row['decision_id']}"
        )
