"""What the data team must rule on in a round: figures in review, conflicts, open findings, each with its proof.

Belongs here: choosing the rows, what is proposed and why. Does not belong: the workbook (``write``), the answers (``read``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import re2

from nq57_assets.catalogue import Catalogue
from nq57_assets.lake import digest
from nq57_assets.model import Address
from nq57_assets.privacy import mask
from nq57_assets.review.effect import Effects
from nq57_assets.review.force import seen
from nq57_assets.words import claim, figure

Kind = Literal["review", "conflict", "finding"]
# Findings that another sheet shows as what they are about, with its claims.
_ELSEWHERE = ("value_in_review", "tables_conflict")
# What the last workbook got wrong stands beside the row itself.
_OWN = "review_row_refused"
_SEVERITY_VI = {"critical": "Nghiêm trọng", "error": "Giữ lại", "warning": "Đánh dấu", "info": "Thông tin"}
_METHOD_VI = {"form": "biểu mẫu", "table": "bảng", "narrative": "lời văn"}
_LONGEST = 32_000  # a cell holds 32 767 characters
_TO_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_CONTROL = re2.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LOOK = "Đối chiếu bản gốc"


HASHED = ("row_id", "commune_code", "indicator", "shown", "quote", "place", "original_name")


def letters(code: str) -> str:
    """Return a code without digits: a run of digits in a workbook may be taken for a phone number, or for a number."""
    return code.translate(_TO_LETTERS)


def cell_text(text: str) -> str:
    """Return submitted text as a cell may hold it: people's numbers masked, no control characters, not too long."""
    return _CONTROL.sub(" ", mask(text))[:_LONGEST]


def content_hash(words: Mapping[str, Any]) -> str:
    """Return the hash over the columns ``HASHED`` of a row as it stands in the workbook, whatever its line breaks."""
    return digest([" ".join(cell_text(str(words[name] or "")).split()) for name in HASHED])


@dataclass(frozen=True)
class Row:
    """One thing to rule on.

    Attributes:
        row_id: Names the row in the workbook; the same thing has the same id in every workbook.
        kind: The sheet it stands on.
        shown: The figure as read, or the finding in words.
        grade: How sure the reading is, or how severe the finding.
        proposal: What the system would do.
        why: On what grounds.
        effect: Effect on the city figure in percent.
        value_from: The figure that a correction replaces.
        seen: What the reviewer sees, for the ledger (``force.seen``).
        rulings: What may be chosen.
    """

    row_id: str
    kind: Kind
    commune_code: str | None
    commune: str
    indicator: str | None
    indicator_vi: str
    unit: str
    shown: str
    quote: str
    place: str
    sha256: str | None
    original_name: str
    grade: str
    proposal: str
    why: str
    effect: float
    observation_id: str | None
    finding_id: str | None
    value_from: float | None
    seen: str
    rulings: tuple[str, ...]

    @property
    def content_hash(self) -> str:
        """Hash of what a reviewer reads in the row: a ruling on other words is a ruling on something else."""
        return content_hash({name: getattr(self, name) for name in HASHED})


@dataclass(frozen=True)
class Tables:
    """The lake's rows that the workbook is made of, as records; all of one round but ``other_values``."""

    round_id: str
    submissions: Sequence[Mapping[str, Any]]
    observations: Sequence[Mapping[str, Any]]
    resolved: Sequence[Mapping[str, Any]]
    findings: Sequence[Mapping[str, Any]]
    values: Sequence[Mapping[str, Any]]
    other_values: Sequence[Mapping[str, Any]]


def review_rows(tables: Tables, decided: Iterable[str], catalogue: Catalogue) -> list[Row]:
    """Return everything to rule on, what moves the city's figures most first.

    Args:
        tables: The tables of the round.
        decided: Ids of the observations on which a decision in force exists.
        catalogue: For names and units.
    """
    sheet = _Sheet(tables, set(decided), catalogue)
    rows = [*sheet.waiting(), *sheet.conflicts(), *sheet.open_findings()]
    return sorted(rows, key=lambda row: (row.kind, -row.effect, row.commune_code or "", row.row_id))


class _Sheet:
    """Looks up what belongs to a commune and indicator while rows are made."""

    def __init__(self, tables: Tables, decided: set[str], catalogue: Catalogue) -> None:
        self._tables, self._decided, self._catalogue = tables, decided, catalogue
        self._effects = Effects(tables.round_id, tables.values, catalogue, tables.other_values)
        self._names = {row["sha256"]: row["original_name"] for row in tables.submissions}
        self._claims: dict[tuple[Any, Any], list[Mapping[str, Any]]] = defaultdict(list)
        for row in tables.observations:
            if row["status"] != "rejected":
                self._claims[row["commune_code"], row["indicator"]].append(row)
        self._by_id = {row["observation_id"]: row for row in tables.observations}
        self._resolved = {(row["commune_code"], row["indicator"]): row for row in tables.resolved}
        self._elsewhere: dict[tuple[Any, Any], list[tuple[str, float]]] = defaultdict(list)
        for row in tables.other_values:
            if row["state"] in ("reported", "nil") and row["value"] is not None:
                key = (row["commune_code"], row["indicator"])
                self._elsewhere[key].append((row["round_id"], row["value"]))
        self._findings = {
            (row["rule"], row["observation_id"] or (row["commune_code"], row["indicator"])): row["finding_id"]
            for row in tables.findings
            if row["state"] == "open" and row["rule"] in _ELSEWHERE
        }

    def waiting(self) -> Iterable[Row]:
        """Yield the figures below the gate that nobody has ruled on."""
        for seen_row in self._tables.observations:
            if seen_row["status"] == "review" and seen_row["observation_id"] not in self._decided:
                finding_id = self._findings.get(("value_in_review", seen_row["observation_id"]))
                yield self._claim_row("review", seen_row, finding_id)

    def conflicts(self) -> Iterable[Row]:
        """Yield the accepted claims of each figure in conflict."""
        for key, resolved in self._resolved.items():
            if resolved["state"] == "conflict":
                finding_id = self._findings.get(("tables_conflict", key))
                for seen_row in self._claims[key]:
                    if seen_row["status"] == "accepted":
                        yield self._claim_row("conflict", seen_row, finding_id)

    def open_findings(self) -> Iterable[Row]:
        """Yield the other open findings; what only informs asks for no ruling."""
        for finding in self._tables.findings:
            hidden = finding["rule"] in (*_ELSEWHERE, _OWN) or finding["severity"] == "info"
            if finding["state"] == "open" and not hidden:
                yield self._finding_row(finding)

    def _claim_row(self, kind: Kind, seen_row: Mapping[str, Any], finding_id: str | None) -> Row:
        commune_code, code = seen_row["commune_code"], seen_row["indicator"]
        proposal, why = self._proposal(seen_row)
        place = Address(seen_row["page"], seen_row["line"], seen_row["sheet"], seen_row["cell"])
        rule = "value_in_review" if kind == "review" else "tables_conflict"
        return Row(
            row_id=letters(digest(kind, seen_row["observation_id"])[:12]),
            kind=kind,
            **self._names_of(commune_code, code),
            shown=claim(seen_row),
            quote=seen_row["quote"],
            place=str(place),
            sha256=seen_row["sha256"],
            original_name=self._names.get(seen_row["sha256"], ""),
            grade=f"{_METHOD_VI[seen_row['method']]}, độ tin cậy {figure(round(seen_row['confidence'], 2))}",
            proposal=proposal,
            why=why,
            effect=self._effects.of(commune_code, code, seen_row["value"]),
            observation_id=seen_row["observation_id"],
            finding_id=finding_id,
            value_from=seen_row["value"],
            seen=seen(self._claims[commune_code, code], rule),
            rulings=("accept", "correct", "reject", "waive")
            if finding_id
            else ("accept", "correct", "reject"),
        )

    def _finding_row(self, finding: Mapping[str, Any]) -> Row:
        commune_code, code = finding["commune_code"], finding["indicator"]
        claimed = self._by_id.get(finding["observation_id"] or "")
        standing = self._resolved.get((commune_code, code))
        value = claimed["value"] if claimed else (standing["value"] if standing else None)
        rulings: tuple[str, ...] = ("waive",)
        if commune_code and code:
            rulings = ("correct", "reject", "waive") if claimed else ("correct", "waive")
        keeps = finding["severity"] in ("error", "critical")
        return Row(
            row_id=letters(digest("finding", finding["finding_id"])[:12]),
            kind="finding",
            **self._names_of(commune_code, code),
            shown=finding["message_vi"],
            quote=claimed["quote"] if claimed else "",
            place=finding["address"] or "",
            sha256=finding["sha256"],
            original_name=finding["original_name"] or self._names.get(finding["sha256"], ""),
            grade=_SEVERITY_VI[finding["severity"]],
            proposal="Trả lại đơn vị" if keeps else "Để nguyên, có đánh dấu",
            why=finding["advice_vi"],
            effect=self._effects.of(commune_code, code, value),
            observation_id=finding["observation_id"] if claimed else None,
            finding_id=finding["finding_id"],
            value_from=value,
            seen=seen(self._claims[commune_code, code], finding["rule"]),
            rulings=rulings,
        )

    def _names_of(self, commune_code: str | None, code: str | None) -> dict[str, Any]:
        commune = self._catalogue.commune.get(commune_code or "")
        indicator = self._catalogue.indicator.get(code or "")
        return {
            "commune_code": commune_code,
            "commune": commune.full_name if commune else "(chưa rõ đơn vị)",
            "indicator": code,
            "indicator_vi": indicator.vi if indicator else "",
            "unit": indicator.unit if indicator else "",
        }

    def _proposal(self, seen_row: Mapping[str, Any]) -> tuple[str, str]:
        """Return what to do with a claim and on what grounds; without another witness only a look at the paper helps."""
        key = (seen_row["commune_code"], seen_row["indicator"])
        value, grounds = seen_row["value"], seen_row["why"] or ""
        for other in self._claims[key]:
            if (
                other is not seen_row
                and other["status"] == "accepted"
                and other["value"] == value is not None
            ):
                return "Chấp nhận", f"trùng với {_METHOD_VI[other['method']]} đã nhận của đơn vị"
        for round_id, figure_there in self._elsewhere[key]:
            if value is not None and abs(value - figure_there) <= 0.01 * abs(value):
                return "Chấp nhận", f"khớp với số của đợt {round_id}: {figure(figure_there)}"
        standing = self._resolved.get(key)
        if standing and standing["state"] == "reported" and seen_row["status"] == "review":
            return _LOOK, f"đã có số đứng là {claim(standing)}; {grounds}".rstrip("; ")
        return _LOOK, grounds
