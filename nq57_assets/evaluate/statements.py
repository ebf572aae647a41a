"""Which statements of a document are those that a person has noted, and how well their kind and theme were told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.fuzz import partial_ratio

from nq57_assets.evaluate.truth import TrueStatement
from nq57_assets.model import Statement
from nq57_assets.vietnamese.fold import fold

# Two different statements of one report end at most half alike; recognition leaves about two letters of three.
_SAME = 62.0
_SLACK = 8


@dataclass(slots=True)
class StatementTally:
    """Counts over the statements of one channel; the shares are 1 where there is nothing to count.

    ``matched`` counts statements found with their kind; ``found`` those found at all. Addressees are counted over the
    recommendations among the matched, main themes over all of them.
    """

    documents: int = 0
    expected: int = 0
    seen: int = 0
    found: int = 0
    matched: int = 0
    addressed: int = 0
    addressee_right: int = 0
    theme_right: int = 0

    @property
    def precision(self) -> float:
        """Share of the statements read that a noted one of the same kind bears out."""
        return self.matched / self.seen if self.seen else 1.0

    @property
    def recall(self) -> float:
        """Share of the noted statements that were read as their kind."""
        return self.matched / self.expected if self.expected else 1.0

    @property
    def kind(self) -> float:
        """Share of the statements found whose kind is right."""
        return self.matched / self.found if self.found else 1.0

    @property
    def addressee(self) -> float:
        """Share of the recommendations found whose addressee is right."""
        return self.addressee_right / self.addressed if self.addressed else 1.0

    @property
    def theme(self) -> float:
        """Share of the statements found whose main theme is right."""
        return self.theme_right / self.matched if self.matched else 1.0

    def to_dict(self) -> dict[str, float | int]:
        """Return counts and shares under their names."""
        counts = {name: getattr(self, name) for name in ("documents", "expected", "seen", "found", "matched")}
        shares = {
            name: round(getattr(self, name), 4)
            for name in ("precision", "recall", "kind", "addressee", "theme")
        }
        return {**counts, **shares}


def likeness(read: str, noted: str) -> float:
    """Return how alike two statements end, 0 to 100; one may hold more words before the other's first."""
    one, other = _letters(read), _letters(noted)
    length = min(len(one), len(other)) + _SLACK
    return partial_ratio(one[-length:], other[-length:]) if one and other else 0.0


def pair(
    read: Sequence[Statement], noted: Sequence[TrueStatement]
) -> tuple[list[tuple[Statement, TrueStatement]], list[Statement], list[TrueStatement]]:
    """Pair statements by their words, the most alike first.

    Returns:
        The pairs in the order of the document, the statements read that nobody noted, those noted and not read.
    """
    scored = sorted(
        (-likeness(one.text, other.text), i, j) for i, one in enumerate(read) for j, other in enumerate(noted)
    )
    pairs: dict[int, int] = {}
    for score, i, j in scored:
        if -score >= _SAME and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return (
        [(read[i], noted[j]) for i, j in sorted(pairs.items(), key=lambda both: both[1])],
        [one for i, one in enumerate(read) if i not in pairs],
        [other for j, other in enumerate(noted) if j not in pairs.values()],
    )


def _letters(text: str) -> str:
    return "".join(letter for letter in fold(text) if letter.isalnum())
