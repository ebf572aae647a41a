"""What a document says of its own signs: that figures in brackets, or lines with an asterisk, are no results.

``(số trong ngoặc là tháng trước)``, ``Dòng có dấu * là chỉ tiêu giao``: told once, it holds for the whole document.

Belongs here: finding such a legend, and the figures that it is about. Does not belong: brackets that explain
themselves (``measure``), legends of tables' columns (``column_roles``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import re2

from nq57_assets.extract.cues import Doubt
from nq57_assets.extract.passages import Token
from nq57_assets.extract.quantities import Quantity
from nq57_assets.model import Document
from nq57_assets.vietnamese.fold import fold

# What a legend calls figures that are no results of the period.
_NO_RESULT = (
    r"(?:[^.;()\[\]]{0,24}?\b)?(?:ke hoach|kh|chi tieu|muc tieu|giao|duoc giao|cung ky|ck|ky truoc|(?:thang|quy|nam) truoc"
    r"|nam ngoai|(?:cua )?(?:thang|quy) (?:\d|i)|(?:cua )?nam 20\d\d|so sanh|de so|dau nam|du kien)\b"
)
_IS = r" ?(?:=|:|(?:la|ghi|chi|de chi|nghia la|the hien)\b)(?: (?:so|muc|so lieu|cua|ket qua))* ?"
_ROUND = re2.compile(r"\btrong (?:dau |hai )?ngoac(?: don| tron)?" + _IS + _NO_RESULT)
_SQUARE = re2.compile(r"\btrong (?:dau )?(?:ngoac|moc) vuong" + _IS + _NO_RESULT)
_STARRED = re2.compile(r"(?:\bdau \(?\*\)?|\(\*\)|\*)" + _IS + _NO_RESULT)
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Legend:
    """Which signs of a document stand for targets or older figures."""

    round_brackets: bool = False
    square_brackets: bool = False
    asterisk: bool = False

    def doubts(self, tokens: Sequence[Token], quantity: Quantity) -> list[Doubt]:
        """Reject a figure that stands directly in such brackets, or in a line that opens with an asterisk."""
        before = tokens[quantity.start - 1].text if quantity.start else ""
        behind = tokens[quantity.index + 1].text if quantity.index + 1 < len(tokens) else ""
        bracketed = (self.round_brackets and before == "(") or (
            self.square_brackets and (before == "[" or behind == "]")
        )
        opening = [t.text for t in tokens[:4] if t.kind == "mark"]
        starred = self.asterisk and any("*" in text for text in opening)
        return [Doubt("rejected", "chú giải của văn bản")] if bracketed or starred else []


def read_legend(document: Document) -> Legend:
    """Return what the lines of a document say of its signs."""
    texts = [" ".join(fold(block.text).split()) for block in document.blocks]
    told = [
        text
        for text in texts
        if len(text) <= _LONGEST and ("ngoac" in text or "moc vuong" in text or "*" in text)
    ]
    return Legend(
        any(_ROUND.search(text) and not _SQUARE.search(text) for text in told),
        any(_SQUARE.search(text) for text in told),
        any(_STARRED.search(text) for text in told),
    )
