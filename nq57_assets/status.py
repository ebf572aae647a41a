"""Who has reported for a round, from the lake: counts and lists, as text for the command line.

Belongs here: reading ``city/coverage`` and ``raw/submissions`` and putting them into words. Does not belong: judging a
submission (``intake``) or its completeness (``consolidate``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nq57_assets.catalogue import Catalogue, catalogue
from nq57_assets.lake import DataDir, Lake
from nq57_assets.model import OWN_FAULT
from nq57_assets.returned import Followup, followups, told

_STATES = {
    "complete": "complete",
    "partial": "partial",
    "empty": "reported without figures",
    "unreadable": "sent a file that can't be read",
    "missing": "nothing received",
}


@dataclass(frozen=True)
class Status:
    """The state of a round; ``str`` of it is the text that ``nq57 status`` prints.

    Attributes:
        round_id: The round.
        title: Its Vietnamese title and due date.
        coverage: Rows of ``city/coverage`` with the commune's ``name``.
        strays: Rows of ``raw/submissions`` that belong to no commune or could not be read.
        failures: Rows of ``core/findings`` on files that our own code or machine failed at.
        followups: What became of the lists sent back, by commune, where another version came since.
    """

    round_id: str
    title: str
    coverage: tuple[dict[str, Any], ...]
    strays: tuple[dict[str, Any], ...]
    failures: tuple[dict[str, Any], ...] = ()
    followups: Mapping[str, Followup] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Number of communes by state, every state named."""
        seen = Counter(row["state"] for row in self.coverage)
        return {state: seen[state] for state in _STATES}

    @property
    def late(self) -> list[dict[str, Any]]:
        """Communes whose first report came after the due date."""
        return [row for row in self.coverage if row["submitted"] and row["on_time"] is False]

    def __str__(self) -> str:
        """Return counts, then who is late, incomplete or missing, then files that belong to no one."""
        if not self.coverage:
            return (
                f"{self.round_id} {self.title}\nNothing has been taken in for this round yet; run `nq57 run`."
            )
        submitted = sum(1 for row in self.coverage if row["submitted"])
        lines = [
            f"{self.round_id} {self.title}",
            f"{submitted} of {len(self.coverage)} communes have reported, {len(self.late)} of them late.",
            *(f"  {number:5d}  {_STATES[state]}" for state, number in self.counts.items()),
        ]
        lines += _listed("Late", [f"{_name(row)}, {row['days_late']} days" for row in self.late])
        for state in ("partial", "empty", "unreadable", "missing"):
            lines += _listed(
                _STATES[state].capitalize(),
                [_name(row) + _filled(row) for row in self.coverage if row["state"] == state],
            )
        names = {row["commune_code"]: _name(row) for row in self.coverage}
        lines += _listed(
            "Lists sent back, against the version that came since",
            [f"{names.get(code, code)}: {one.render()}" for code, one in sorted(self.followups.items())],
        )
        lines += _listed(
            "Files of no known commune, or unreadable",
            [f"{row['original_name']} ({row['state']})" for row in self.strays],
        )
        lines += _listed(
            "Files that our own code or machine failed at: tell the maintainers, nothing goes back to the communes",
            [f"{row['original_name']}: {row['observed']}" for row in self.failures],
        )
        return "\n".join(lines)


def status(data: DataDir, round_id: str, reference: Catalogue | None = None) -> Status:
    """Return who has reported for a round.

    Args:
        data: The data directory.
        round_id: A round of the catalogue.
        reference: The catalogue; the packaged one by default.
    """
    known = reference or catalogue()
    lake = Lake(data, known)
    round_ = known.round[round_id]
    due = f" (due {round_.due_on.isoformat()})" if round_.due_on else ""
    coverage = [
        {**row, "name": known.commune[row["commune_code"]].full_name}
        for row in lake.arrow("city/coverage", [round_id]).to_pylist()
    ]
    received = lake.arrow("raw/submissions", [round_id]).to_pylist()
    findings = lake.arrow("core/findings", [round_id]).to_pylist()
    strays = [row for row in received if row["state"] in ("unassigned", "quarantined")]
    failures = [row for row in findings if row["rule"] == OWN_FAULT]
    followed = followups(told(data, round_id), findings, received)
    return Status(round_id, round_.title_vi + due, tuple(coverage), tuple(strays), tuple(failures), followed)


def _name(row: dict[str, Any]) -> str:
    return f"{row['commune_code']} {row['name']}"


def _filled(row: dict[str, Any]) -> str:
    if not row["submitted"]:
        return ""
    return f": {row['filled_required']} of {row['required']} required figures, {row['open_findings']} open findings"


def _listed(title: str, items: list[str]) -> list[str]:
    return [f"{title} ({len(items)}):", *(f"  {item}" for item in items)] if items else []
