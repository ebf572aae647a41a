"""What one commune is told, as values: the list of things to mend, who it is, by when.

Belongs here: records that sheet and letter lay out. Does not belong: choosing them (``returns``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from nq57_assets.catalogue import Commune, Round
from nq57_assets.returned import Followup


@dataclass(frozen=True)
class Item:
    """One thing that a commune must mend or explain."""

    finding_id: str
    must: bool
    indicator_vi: str
    original_name: str
    sha256: str | None
    sheet: str | None
    cell: str | None
    place: str
    quote: str
    observed: str
    expected: str
    message: str
    advice: str


@dataclass(frozen=True)
class Return:
    """All that one commune is told.

    Attributes:
        reported: Whether it has sent a report.
        days_late: Days past the due date without a report; None when there is one or no due date.
        items: What to mend, what must be mended first.
        told: Rows of core/findings behind the items, in their order.
        followup: What became of the list before, where the commune has sent another version since.
    """

    round_: Round
    commune: Commune
    reported: bool
    days_late: int | None
    items: tuple[Item, ...]
    answer_by: date
    told: tuple[Mapping[str, Any], ...] = ()
    followup: Followup | None = None
