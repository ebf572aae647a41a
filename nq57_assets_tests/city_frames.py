"""Builds raw/submissions, core/observations and core/resolved of a small city from plain figures, for tests of quality."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from nq57_assets.catalogue import Catalogue, catalogue
from nq57_assets.lake import arrow_schema
from nq57_assets.quality.frames import Context

if TYPE_CHECKING:
    import pandas as pd

D, C = "2025-digital-transformation", "2025-nq57-communication"
D_2026 = "2026-digital-transformation"
FIRST, SECOND, THIRD = "10507", "10525", "10532"
RECEIVED = datetime(2025, 11, 20, 3, tzinfo=UTC)
# A whole answer: consistent with every rule, and every figure has at least two digits that no other figure shares.
GOOD: dict[str, float] = {
    "place_villages": 24,
    "place_population": 21_350,
    "place_households": 6_120,
    "team_count": 25,
    "team_members": 171,
    "team_members_trained": 146,
    "team_citizens_guided": 2_310,
    "skill_contest_registered": 1_930,
    "skill_contest_completed": 1_210,
    "egov_dossiers_total": 5_092,
    "egov_dossiers_online": 5_010,
    "egov_dossiers_overdue": 12,
    "egov_online_rate": 98.39,
    "econ_ocop_products": 31,
    "econ_ocop_online": 22,
    "econ_cashless_pct": 76.5,
    "media_portal_section": 1,
    "media_posts": 214,
}


def frame(table: str, rows: Sequence[Mapping[str, Any]], known: Catalogue | None = None) -> pd.DataFrame:
    """Return rows as the lake would hand them out: declared columns and types, absent cells empty."""
    schema = arrow_schema((known or catalogue()).table[table])
    columns = {f.name: pa.array([row.get(f.name) for row in rows], type=f.type) for f in schema}
    return pa.table(columns, schema=schema).to_pandas()


@dataclass
class City:
    """What communes report for one round; ``say`` adds a figure, ``frames`` gives the three tables."""

    round_id: str = D
    submissions: list[dict[str, Any]] = field(default_factory=list)
    observations: list[dict[str, Any]] = field(default_factory=list)
    resolved: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    documents: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def reporting(cls, round_id: str = D, **changes: float | None) -> City:
        """Return a city in which one commune gives the good answer, with some figures changed or left out (None)."""
        city = cls(round_id)
        city.commune(FIRST, {**GOOD, **changes})
        return city

    def commune(
        self, code: str, figures: Mapping[str, float | None], minutes: int = 0, **submission: Any
    ) -> None:
        """Let a commune send a form with these figures."""
        sha256 = f"{len(self.submissions):02d}{code}{self.round_id}".encode().hex().ljust(64, "0")[:64]
        self.submissions.append(
            {
                "submission_id": f"{self.round_id}/{code}",
                "round_id": self.round_id,
                "sha256": sha256,
                "original_name": f"Biểu {code}.xlsx",
                "size": 9000,
                "received_at": RECEIVED + timedelta(minutes=minutes),
                "commune_code": code,
                "identity_margin": 1.0,
                "document_type": "form",
                "version": 1,
                "is_current": True,
                "state": "parsed",
                "counts_as_report": True,
                **submission,
            }
        )
        asked = {i.code for i in catalogue().asked(self.round_id)}
        for indicator, value in figures.items():
            if value is not None and (indicator in asked or indicator not in GOOD):
                self.say(code, indicator, value)

    def say(self, code: str, indicator: str, value: float | None, **claim: Any) -> None:
        """Add a figure of a commune that has sent a file: claimed, and resolved if it is accepted."""
        sha256 = next(s["sha256"] for s in self.submissions if s["commune_code"] == code)
        number = len(self.observations)
        unit = catalogue().indicator[indicator].unit
        row = {
            "observation_id": f"{self.round_id[:6]}{number}",
            "round_id": self.round_id,
            "commune_code": code,
            "indicator": indicator,
            "value": value,
            "low": value,
            "high": value,
            "qualifier": "exact",
            "unit": unit,
            "nil": False,
            "sha256": sha256,
            "sheet": "Biểu",
            "cell": f"D{number + 10}",
            "quote": str(value),
            "method": "form",
            "confidence": 1.0,
            "status": "accepted",
            "extractor_version": "1",
            **claim,
        }
        self.observations.append(row)
        if row["status"] == "accepted":
            self.resolved[code, indicator] = {**row, "state": "reported", "in_review": 0}

    def report(self, code: str, *headings: tuple[str, int, int], **header: Any) -> None:
        """Let a commune that has sent a file send it as a report with these headings: mark, level and line."""
        submission = next(s for s in self.submissions if s["commune_code"] == code)
        submission["document_type"] = "report"
        outline = [
            {"mark": mark, "level": level, "title": "Nội dung", "address": {"page": None, "line": line}}
            for mark, level, line in headings
        ]
        self.documents.append(
            {
                "round_id": self.round_id,
                "sha256": submission["sha256"],
                "document_type": "report",
                "is_draft": False,
                "outline": json.dumps(outline),
                **dict.fromkeys(("signatures", "references", "identity_votes"), "[]"),
                **dict.fromkeys(("reader", "reader_version", "extractor_version"), "1"),
                **header,
            }
        )

    def conflict(self, code: str, indicator: str, *values: float) -> None:
        """Let a commune claim several figures that cannot all be true."""
        for value in values:
            self.say(code, indicator, value)
        self.resolved[code, indicator] = self._cell(code, indicator, "conflict")

    def _cell(self, code: str, indicator: str, state: str) -> dict[str, Any]:
        key = {"round_id": self.round_id, "commune_code": code, "indicator": indicator}
        return {**key, "state": state, "in_review": 0}

    def frames(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Return raw/submissions, core/observations and core/resolved (every expected cell) of the round."""
        known = catalogue()
        cells = {
            (c.commune_code, i.code): self._cell(c.commune_code, i.code, "missing")
            for c in known.expected(self.round_id)
            for i in known.asked(self.round_id)
        }
        resolved = list((cells | self.resolved).values())
        return (
            frame("raw/submissions", self.submissions),
            frame("core/observations", self.observations),
            frame("core/resolved", resolved),
        )

    def context(self, *others: City) -> Context:
        """Return the context of this round beside other rounds."""
        submissions, observations, resolved = self.frames()
        rest = [row for other in others for row in other.resolved.values()]
        documents = frame("staged/documents", self.documents)
        return Context(
            self.round_id, submissions, observations, resolved, frame("core/resolved", rest), documents
        )
