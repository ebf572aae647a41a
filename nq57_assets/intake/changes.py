"""What changed between two versions that a commune sent for a round, figure by figure, with the proof of each.

Belongs here: comparing the claims of consecutive versions of one kind of file. Does not belong: which version stands
(``versions``), what a person changed (``review``), what changed between published generations (``vintages``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nq57_assets.catalogue import Catalogue
from nq57_assets.intake.yields import observation_rows
from nq57_assets.model import Address, Reading
from nq57_assets.words import claim

_KINDS = {"form": "form", "report": "narrative"}
_NIL_VI = "không phát sinh"
_SIDES = ("value", "claim", "sha256", "place", "quote")

Row = Mapping[str, Any]


def change_rows(
    round_id: str, submissions: Iterable[Row], readings: Mapping[str, Reading], catalogue: Catalogue
) -> list[dict[str, Any]]:
    """Return the rows of ``core/changes``: a figure that a version gives otherwise than the one before it.

    Forms are compared with forms and reports with reports, as they supersede each other. Figures below the confidence gate
    take part; a version that could not be used (another round's form) takes part as well, for it was sent.

    Args:
        round_id: The round.
        submissions: Rows of ``raw/submissions``.
        readings: What the files yield, by SHA-256.
        catalogue: The indicators.
    """
    chains: dict[tuple[str, str], list[Row]] = {}
    for row in submissions:
        kind = _KINDS.get(row["document_type"] or "")
        if kind and row["version"] is not None and row["commune_code"] and row["sha256"] in readings:
            chains.setdefault((row["commune_code"], kind), []).append(row)
    rows: list[dict[str, Any]] = []
    for (commune_code, kind), chain in chains.items():
        ordered = sorted(chain, key=lambda row: row["version"])
        given = [_figures(round_id, row, readings, catalogue) for row in ordered] if len(ordered) > 1 else []
        for place in range(1, len(given)):
            about = {"round_id": round_id, "commune_code": commune_code, "kind": kind}
            about |= {"from_version": ordered[place - 1]["version"], "to_version": ordered[place]["version"]}
            rows += _differences(about, given[place - 1], given[place])
    return rows


def _figures(
    round_id: str, submission: Row, readings: Mapping[str, Reading], catalogue: Catalogue
) -> dict[str, dict[str, Any]]:
    """Return what one version says, by indicator: claims that differ among themselves stand side by side."""
    rows = observation_rows(
        round_id, [{**submission, "is_current": True, "state": "parsed"}], readings, catalogue
    )
    claims: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["status"] != "rejected":
            claims.setdefault(row["indicator"], []).append(row)
    return {indicator: _figure(found) for indicator, found in claims.items()}


def _figure(found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    best = max(found, key=lambda row: (row["status"] == "accepted", row["confidence"]))
    words = list(dict.fromkeys(_NIL_VI if row["nil"] else claim(row) for row in found))
    place = Address(best["page"], best["line"], best["sheet"], best["cell"])
    value = best["value"] if len(words) == 1 else None
    told = (value, "; ".join(words), best["sha256"], str(place) or None, best["quote"])
    return dict(zip(_SIDES, told, strict=True))


def _differences(
    about: dict[str, Any], before: Mapping[str, dict[str, Any]], after: Mapping[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    nothing: dict[str, Any] = dict.fromkeys(_SIDES)
    rows = []
    for indicator in sorted({*before, *after}):
        one, two = before.get(indicator, nothing), after.get(indicator, nothing)
        if one["claim"] == two["claim"]:
            continue
        change = "added" if one is nothing else "removed" if two is nothing else "changed"
        sides = {f"from_{name}": one[name] for name in _SIDES} | {f"to_{name}": two[name] for name in _SIDES}
        rows.append({**about, "indicator": indicator, "change": change, **sides})
    return rows
