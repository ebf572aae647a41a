"""core/findings: what readers filed and what the suites found, as one list with words, without repetition.

Belongs here: merging, addresses, blame, waivers, stable ids. Does not belong: finding faults (``validate``, readers).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nq57_assets.catalogue import Catalogue
from nq57_assets.messages import message
from nq57_assets.model import Address, FiledFinding, Finding
from nq57_assets.privacy import mask
from nq57_assets.quality.blame import (
    confirmed_figures,
    without_blameless,
    without_consequences,
    without_explained,
)
from nq57_assets.quality.frames import Context
from nq57_assets.quality.validate import Validation, validate
from nq57_assets.returned import resolved_rows

if TYPE_CHECKING:
    import pandas as pd

    from nq57_assets.intake.entries import Returned

    Decisions = pd.DataFrame | Sequence[Mapping[str, Any]]

CHECKED = ("raw/submissions", "core/observations", "core/resolved")


def build_findings(
    round_id: str,
    filed: Iterable[FiledFinding],
    submissions: pd.DataFrame,
    observations: pd.DataFrame,
    resolved: pd.DataFrame,
    others: pd.DataFrame | None,
    catalogue: Catalogue,
    decisions: Decisions = (),
    validations: Iterable[Validation] | None = None,
) -> pd.DataFrame:
    """Return the rows of core/findings of a round.

    Args:
        round_id: The round.
        filed: What intake, readers and extraction found.
        submissions: raw/submissions of the round.
        observations: core/observations of the round.
        resolved: core/resolved of the round.
        others: core/resolved of every other round.
        catalogue: The rule book.
        decisions: Rulings with ``kind``, ``round_id``, ``commune_code``, ``indicator``, ``observation_id`` and, to waive,
            ``finding_id`` or ``rule``.
        validations: Results of ``validate`` for this round, if they are at hand; else they are made here.

    Raises:
        CatalogueError: A rule of ``rules.yaml`` is wrong.
    """
    context = Context(round_id, submissions, observations, resolved, others)
    if validations is None:
        tables = dict(zip(CHECKED, (submissions, observations, resolved), strict=True))
        validations = [validate(table, frame, catalogue, context) for table, frame in tables.items()]
    rulings = [ruling for ruling in _records(decisions) if ruling.get("round_id") in (None, round_id)]
    rows = [_from_filed(item) for item in filed if item.round_id == round_id]
    for validation in validations:
        rows += _from_violations(validation.violations, submissions, observations)
    rows = [row for row in rows if catalogue.rule[row["rule"]].enabled]
    rows = without_explained(_without_repeats(rows), catalogue)
    rows = without_blameless(rows, confirmed_figures(context, catalogue), catalogue)
    rows = without_consequences(rows, catalogue)
    rows = [row for row in rows if not _is_reviewed(row, rulings)]
    decided = set(
        resolved.loc[resolved["method"] == "decision", ["commune_code", "indicator"]].itertuples(
            index=False, name=None
        )
    )
    return _frame([_finished(row, round_id, catalogue, rulings, decided) for row in rows], catalogue)


def with_mended(
    findings: pd.DataFrame, lists: Sequence[Returned], submissions: pd.DataFrame, catalogue: Catalogue
) -> pd.DataFrame:
    """Return core/findings with what communes were told and have mended since, as resolved rows.

    Args:
        findings: Rows as ``build_findings`` gives them.
        lists: What the communes of the round were told, oldest first.
        submissions: raw/submissions of the round.
        catalogue: The declared shape; a rule that the rule book no longer has is left out.
    """
    rows = _rows(findings)
    mended = resolved_rows(lists, rows, _rows(submissions))
    return _frame([*rows, *(row for row in mended if row["rule"] in catalogue.rule)], catalogue)


def _records(decisions: Decisions) -> list[dict[str, Any]]:
    """Return decisions as records with None for what is empty."""
    if isinstance(decisions, Sequence):
        return [dict(ruling) for ruling in decisions]
    return _rows(decisions)


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame's rows with None for what is empty."""
    given = frame.astype(object)
    return [
        {str(name): value for name, value in row.items()}
        for row in given.where(given.notna(), None).to_dict("records")
    ]


def _from_filed(item: FiledFinding) -> dict[str, Any]:
    finding = item.finding
    return {
        "rule": finding.rule,
        "commune_code": item.commune_code,
        "indicator": finding.indicator,
        "sha256": item.sha256,
        "original_name": item.original_name,
        "place": finding.address,
        "address": str(finding.address) or None,
        "observation_id": item.observation_id,
        "observed": mask(finding.observed) if finding.observed else None,
        "expected": finding.expected,
        "part_of": None,
    }


def _from_violations(
    violations: pd.DataFrame, submissions: pd.DataFrame, observations: pd.DataFrame
) -> list[dict[str, Any]]:
    """Return violations as rows, with the place of their observation and the name of their file."""
    if violations.empty:
        return []
    concerned = observations.loc[observations["observation_id"].isin(violations["observation_id"].dropna())]
    places = {row["observation_id"]: row for row in _rows(concerned)}
    current = submissions.loc[submissions["is_current"].astype(bool)]
    names = dict(zip(current["sha256"], current["original_name"], strict=True))
    rows = []
    for violation in _rows(violations):
        seen = places.get(violation["observation_id"])
        sha256 = violation["sha256"] or (seen["sha256"] if seen else None)
        place = _place(seen or {"sheet": None, "cell": None, **violation})
        where = {"place": place, "address": str(place) or None, "original_name": names.get(sha256)}
        rows.append({**violation, "sha256": sha256, **where})
    return rows


def _place(seen: Mapping[str, Any]) -> Address:
    page, line = (int(seen[name]) if seen[name] is not None else None for name in ("page", "line"))
    return Address(page, line, seen["sheet"], seen["cell"])


def _without_repeats(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep one of several findings of one fault: the reader saw the place itself, so what it says comes first.

    A reader that does not name the observation gets it from the suite's finding at the same address.
    """
    kept: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        key = tuple(
            row[name] for name in ("rule", "commune_code", "indicator", "sha256", "address", "part_of")
        )
        first = kept.setdefault(key, row)
        if first is not row and first["observation_id"] is None:
            kept[key] = {**first, "observation_id": row["observation_id"]}
    return list(kept.values())


def _is_reviewed(row: dict[str, Any], rulings: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a figure that waited for review has been ruled on."""
    if row["rule"] != "value_in_review":
        return False
    return any(
        ruling["kind"] in ("accept", "correct", "reject")
        and ruling.get("observation_id") == row["observation_id"]
        for ruling in rulings
    )


def _is_waived(row: dict[str, Any], finding_id: str, rulings: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a person has waived this finding: by its id, or by everything that the ruling names."""
    for ruling in rulings:
        if ruling["kind"] != "waive":
            continue
        if ruling.get("finding_id"):
            if ruling["finding_id"] == finding_id:
                return True
            continue
        named = {name: ruling.get(name) for name in ("rule", "commune_code", "indicator", "observation_id")}
        given = {name: value for name, value in named.items() if value is not None}
        if len(given) > 1 and all(row[name] == value for name, value in given.items()):
            return True
    return False


def _finished(
    row: dict[str, Any],
    round_id: str,
    catalogue: Catalogue,
    rulings: Sequence[Mapping[str, Any]],
    decided: set[tuple[str, str]],
) -> dict[str, Any]:
    """Return a row of core/findings: id, words, severity and state."""
    rule = catalogue.rule[row["rule"]]
    parts = [
        round_id,
        *(row[name] for name in ("rule", "commune_code", "indicator", "sha256", "address", "observed")),
    ]
    finding_id = hashlib.sha256(
        "\x1f".join("" if part is None else str(part) for part in parts).encode()
    ).hexdigest()[:16]
    # Figures that break a rule together share one sentence, on the figure that the rule is about.
    subject = row["part_of"] or row["indicator"]
    finding = Finding(row["rule"], row["place"], subject, row["observed"], row["expected"])
    message_vi, advice_vi = message(finding, catalogue, row["original_name"] or "")
    if _is_waived(row, finding_id, rulings):
        state = "waived"
    elif rule.category == "value" and (row["commune_code"], row["indicator"]) in decided:
        state = "resolved"
    else:
        state = "open"
    finished = {name: value for name, value in row.items() if name not in ("part_of", "place")}
    return {
        **finished,
        "finding_id": finding_id,
        "round_id": round_id,
        "category": rule.category,
        "severity": rule.severity,
        "message_vi": message_vi,
        "advice_vi": advice_vi,
        "state": state,
        "resolved_by": None,
    }


def _frame(rows: list[dict[str, Any]], catalogue: Catalogue) -> pd.DataFrame:
    """Return rows in the declared shape, one a finding id."""
    import pandas as pd

    columns = [column.name for column in catalogue.table["core/findings"].columns]
    unique = {row["finding_id"]: row for row in rows}
    return pd.DataFrame([unique[key] for key in sorted(unique)], columns=columns, dtype=object)
