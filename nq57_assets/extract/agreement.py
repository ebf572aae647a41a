"""Two readings of one document weighed against each other: what both see is surer, what one sees alone waits.

Belongs here: how an observation of the first reading changes by the second opinion, and what the second proposes.
Does not belong: the readings themselves (``match``, ``second_reading``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from nq57_assets.extract.cues import Doubt
from nq57_assets.extract.evidence import Evidence
from nq57_assets.extract.grammar import Pattern
from nq57_assets.extract.match import Match, kind_fits
from nq57_assets.extract.quantities import Quantity
from nq57_assets.extract.scene import Scene
from nq57_assets.extract.second_reading import NONE, Opinion
from nq57_assets.extract.tables import Row
from nq57_assets.model import Observation

# Measured on documents of the corpus that the weights had not seen; docs/decisions/0013 has the table.
_KNOWN_FROM = 0.85
_DOUBTED_BELOW = 0.1
_OPPOSED_FROM = 0.8
_SURE_FROM = 0.7
_PROPOSED_FROM = 0.1
_ALONE_FROM = 0.9
_AT_MOST = 2
_FAINT = Doubt("review", "chỉ cách đọc thứ hai nhận ra, chưa đủ chắc")
_STRANGE = Doubt("review", "lời quanh số liệu xa lạ với cách đọc thứ hai")
_NOT_ALONE = Doubt("review", "chỉ cách đọc thứ hai nhận ra, và không phải số duy nhất như vậy")


@dataclass(frozen=True, slots=True)
class Unread:
    """A figure that the first reading made nothing of.

    Attributes:
        place: How many observations stand before it in the document.
        scene: Its passage.
        quantity: The figure.
        opinion: What the second reading makes of it.
        row: The table row that it stands in.
    """

    place: int
    scene: Scene
    quantity: Quantity
    opinion: Opinion
    row: Row | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A figure read by the second reading alone."""

    unread: Unread
    match: Match
    share: float

    @property
    def code(self) -> str:
        """The indicator proposed."""
        return self.match.pattern.indicator.code


def agreed(
    observation: Observation, opinion: Opinion, codes: Set[str], doubts: Sequence[Doubt]
) -> Observation:
    """Return an observation as it stands after the second reading.

    Args:
        observation: Of the first reading.
        opinion: Of the second one about the same figure.
        codes: Every indicator that the first reading reads in this figure.
        doubts: What the first reading holds against it; a figure in doubt stays in doubt.
    """
    if opinion.known < _KNOWN_FROM:
        return observation
    share = max(opinion.shares.get(code, 0.0) for code in codes)
    other = max((code for code in opinion.shares if code not in codes), key=lambda code: opinion.shares[code])
    if observation.status == "accepted" and share < _DOUBTED_BELOW and opinion.shares[other] >= _OPPOSED_FROM:
        meant = "không phải số liệu của chỉ tiêu nào" if other == NONE else f"giống {other}"
        why = f"{observation.why} | nghi vấn: cách đọc thứ hai cho là {meant}"
        return replace(observation, status="review", confidence=min(observation.confidence, 0.55), why=why)
    if observation.status == "review" and not doubts and share >= _SURE_FROM:
        sure = round(1 - (1 - observation.confidence) * (1 - share), 3)
        why = f"{observation.why} | cách đọc thứ hai đồng ý"
        return replace(observation, status="accepted", confidence=sure, why=why)
    return observation


def proposals(
    unread: Sequence[Unread], accepted: frozenset[str], patterns: Mapping[str, Pattern]
) -> list[tuple[Proposal, tuple[Doubt, ...]]]:
    """Return what the second reading adds, with what speaks against taking it without a person.

    Args:
        unread: Figures that the first reading made nothing of.
        accepted: Indicators that have an accepted figure in the document; nothing more is proposed for them.
        patterns: One way of announcing each indicator.
    """
    by_code: defaultdict[str, list[Proposal]] = defaultdict(list)
    for one in unread:
        found = _proposal(one, patterns)
        if found is not None and found.code not in accepted:
            by_code[found.code].append(found)
    added: list[tuple[Proposal, tuple[Doubt, ...]]] = []
    for found_for in by_code.values():
        ranked = sorted(found_for, key=lambda one: -one.share)
        alone = len(ranked) == 1 or ranked[1].share < 0.5 * ranked[0].share
        added.append((ranked[0], _held(ranked[0], alone)))
        added += [(one, (_NOT_ALONE,)) for one in ranked[1:_AT_MOST]]
    return sorted(added, key=lambda one: one[0].unread.place)


def _held(proposal: Proposal, alone: bool) -> tuple[Doubt, ...]:
    """Return what keeps a proposal from being taken without a person."""
    doubts = (
        (_FAINT, proposal.share < _ALONE_FROM),
        (_STRANGE, proposal.unread.opinion.known < _KNOWN_FROM),
        (_NOT_ALONE, not alone),
    )
    return tuple(doubt for doubt, holds in doubts if holds)


def _proposal(one: Unread, patterns: Mapping[str, Pattern]) -> Proposal | None:
    """Return the likeliest indicator that the kind of the figure allows, if it is likely at all."""
    shares = one.opinion.shares
    for code in sorted(shares, key=lambda code: (-shares[code], code)):
        if shares[code] < _PROPOSED_FROM:
            return None
        pattern = patterns.get(code)
        if pattern is not None and kind_fits(pattern, one.quantity):
            words = tuple(Evidence("", word, "cách đọc thứ hai", shares[code]) for word in one.opinion.words)
            return Proposal(one, Match(pattern, one.quantity, words, shares[code], 0.0), shares[code])
    return None
