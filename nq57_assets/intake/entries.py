"""What the ledger holds: a receipt, a decision, a reading of a review workbook, an approval, a list sent back.

Belongs here: frozen records. Does not belong: storing and proving them (``ledger``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

DecisionKind = Literal["accept", "correct", "reject", "waive"]
DECISION_KINDS = ("accept", "correct", "reject", "waive")


@dataclass(frozen=True, slots=True)
class Receipt:
    """One file received once for a round; times are UTC.

    A member of a ``.zip`` has a receipt of its own: ``bundle_sha256`` is the hash of the archive that it came in, and
    its names are those of the archive with its own path behind. ``round_id`` is the folder's name as it was, also where
    the catalogue has no such round.
    """

    receipt_id: str
    round_id: str
    sha256: str
    original_name: str
    raw_name: bytes
    size: int
    mtime_ns: int
    received_at: datetime
    archived_at: datetime
    bundle_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's ruling on an observation or a finding.

    Attributes:
        value_from: What was read, for ``correct``.
        value_to: What is right, for ``correct``.
        expires_on: Last day on which a waiver holds; None is without end.
        seen: What lay before the person, as JSON: ``files`` that claimed the figure and the ``rule`` of the finding.
        source: Where the ruling was written: ``<workbook>:<row>`` of a review workbook; None is the command line.
    """

    decision_id: str
    decided_at: datetime
    decided_by: str
    kind: DecisionKind
    round_id: str
    commune_code: str | None
    indicator: str | None
    observation_id: str | None
    finding_id: str | None
    value_from: float | None
    value_to: float | None
    reason: str
    expires_on: date | None = None
    seen: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """One reading of a review workbook: the hash of its bytes and, as JSON, what became of each row filled in."""

    review_id: str
    read_at: datetime
    round_id: str
    sha256: str
    workbook_id: str | None
    outcomes: str


@dataclass(frozen=True, slots=True)
class Approval:
    """A generation of the mart as what the city reported for a round; its file is kept for good."""

    approval_id: str
    approved_at: datetime
    approved_by: str
    round_id: str
    generation: int
    mart_sha256: str
    inputs: str
    note: str


@dataclass(frozen=True, slots=True)
class Returned:
    """What a commune was told to mend, when the list for it was laid out.

    Attributes:
        files: SHA-256 of its current files then, sorted, as a JSON list.
        items: Rows of core/findings as told, in the order of the list, as a JSON list.
    """

    return_id: str
    returned_at: datetime
    round_id: str
    commune_code: str
    files: str
    items: str
