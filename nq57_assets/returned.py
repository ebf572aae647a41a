"""What communes were told to mend, and what became of it in the versions that they sent afterwards.

Belongs here: comparing the lists in the ledger with the findings of today. Does not belong: laying lists out
(``outputs.returns``), finding faults (``quality``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from nq57_assets.folders import DataDir
from nq57_assets.intake.entries import Returned

Row = Mapping[str, Any]
Outcome = Literal["mended", "open", "other", "waived"]

OUTCOMES_VI: dict[Outcome, str] = {
    "mended": "đã sửa",
    "open": "chưa sửa",
    "other": "đã thay đổi nhưng còn nội dung khác cần sửa",
    "waived": "đã được chấp nhận",
}
_OUTCOMES_EN: dict[Outcome, str] = {
    "mended": "mended",
    "open": "still open",
    "other": "changed, but something else is wrong there",
    "waived": "waived",
}


@dataclass(frozen=True)
class Followed:
    """One item of an earlier list: its number in the list, the finding as told, and what became of it."""

    number: int
    finding: Row
    outcome: Outcome


@dataclass(frozen=True)
class Followup:
    """An earlier list of a commune, checked against the version that it sent afterwards.

    Attributes:
        told_at: When the list was laid out, UTC.
        submission: Row of ``raw/submissions`` of the version that answers it.
    """

    commune_code: str
    told_at: datetime
    submission: Row
    items: tuple[Followed, ...]

    def numbers(self, outcome: Outcome) -> list[int]:
        """Return the numbers of the items with an outcome."""
        return [item.number for item in self.items if item.outcome == outcome]

    def render(self) -> str:
        """Return the outcome in one line for a terminal: ``items 1-3 mended, item 4 still open``."""
        parts = []
        for outcome, words in _OUTCOMES_EN.items():
            if numbers := self.numbers(outcome):
                parts.append(f"item{'s' if len(numbers) > 1 else ''} {_ranges(numbers)} {words}")
        return ", ".join(parts)

    def words_vi(self) -> str:
        """Return the outcome as a letter says it: ``mục 1–3 đã sửa; mục 4 chưa sửa``."""
        parts = [
            f"mục {_ranges(numbers, '–')} {words}"
            for outcome, words in OUTCOMES_VI.items()
            if (numbers := self.numbers(outcome))
        ]
        return "; ".join(parts)


def _ranges(numbers: Sequence[int], joint: str = "-") -> str:
    """Return numbers in order with runs joined: ``1-3, 5``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}{joint}{last}" for first, last in runs)


def told(data: DataDir, round_id: str) -> list[Returned]:
    """Return what the communes of a round were told, oldest first; nothing where nothing was ever received."""
    from nq57_assets.intake.ledger import Ledger

    if not (data.archive / "ledger.sqlite").exists():
        return []
    with Ledger(data) as ledger:
        return ledger.returns(round_id)


def answered(lists: Iterable[Returned], submissions: Iterable[Row]) -> list[tuple[Returned, Row]]:
    """Return the lists that a later version answers, oldest first, each with the first submission that came after it."""
    received: dict[str, list[Row]] = {}
    for row in submissions:
        if row["state"] == "parsed" and row["commune_code"]:
            received.setdefault(row["commune_code"], []).append(row)
    pairs = []
    known: dict[str, set[str]] = {}
    for one in lists:
        mine = received.get(one.commune_code, [])
        files = set(json.loads(one.files))
        # A version that an earlier list was about answers no later one.
        before = known.setdefault(one.commune_code, set())
        before |= files
        if {row["sha256"] for row in mine if row["is_current"]} == files:
            continue
        later = [row for row in mine if row["sha256"] not in before]
        if later:
            pairs.append((one, min(later, key=lambda row: (row["received_at"], row["submission_id"]))))
    return pairs


def followups(
    lists: Sequence[Returned], findings: Iterable[Row], submissions: Sequence[Row]
) -> dict[str, Followup]:
    """Return, by commune, what became of the last list that a later version answers.

    Args:
        lists: Of one round, from ``told``.
        findings: Rows of core/findings of the round.
        submissions: Rows of raw/submissions of the round.
    """
    standing: dict[str, dict[tuple[Any, Any], str]] = {}
    troubled: dict[str, set[Any]] = {}
    for row in findings:
        if row["state"] in ("open", "waived") and row["severity"] in ("error", "warning"):
            faults = standing.setdefault(row["commune_code"], {})
            if faults.get(_fault(row)) != "open":
                faults[_fault(row)] = row["state"]
            if row["indicator"] and row["state"] == "open":
                troubled.setdefault(row["commune_code"], set()).add(row["indicator"])
    found = {}
    for one, submission in answered(lists, submissions):
        code = one.commune_code
        items = tuple(
            Followed(number, row, _outcome(row, standing.get(code, {}), troubled.get(code, set())))
            for number, row in enumerate(json.loads(one.items), 1)
        )
        found[code] = Followup(code, one.returned_at, submission, items)
    return found


def _fault(row: Row) -> tuple[Any, Any]:
    """Return what makes two findings the same fault in two versions: the rule and the figure, not the place."""
    return row["rule"], row["indicator"]


def _outcome(row: Row, standing: Mapping[tuple[Any, Any], str], troubled: set[Any]) -> Outcome:
    state = standing.get(_fault(row))
    if state is not None:
        return "open" if state == "open" else "waived"
    return "other" if row["indicator"] in troubled else "mended"


def resolved_rows(
    lists: Sequence[Returned], findings: Iterable[Row], submissions: Sequence[Row]
) -> list[dict[str, Any]]:
    """Return rows of core/findings for what was told and is mended: state resolved, with the submission that did it."""
    present = {(row["commune_code"], *_fault(row)) for row in findings}
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one, submission in answered(lists, submissions):
        for told_row in json.loads(one.items):
            key = (one.commune_code, *_fault(told_row))
            if key not in present:
                rows[key] = {**told_row, "state": "resolved", "resolved_by": submission["submission_id"]}
    return list(rows.values())
