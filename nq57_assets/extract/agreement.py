"""Two readings of one document weighed against each other, so that a confidence is the share of such figures that are right.

What both readings see is surer than what one sees; a figure that no other figure of the document competes with is surer
than one of several. The weights below were fitted on documents that neither reading had met (docs/decisions/0014).

Belongs here: how an observation of the first reading changes by the second opinion, and what the second proposes.
Does not belong: the readings themselves (``match``, ``second_reading``), doubts about time and place (``context``).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from nq57_assets.extract.cues import Doubt
from nq57_assets.extract.evidence import Evidence
from nq57_assets.extract.grammar import Pattern
from nq57_assets.extract.match import Match, kind_fits
from nq57_assets.extract.proof import row_soundness
from nq57_assets.extract.quantities import Quantity
from nq57_assets.extract.rivals import Claimed, claimed
from nq57_assets.extract.scene import Scene
from nq57_assets.extract.second_reading import NONE, Opinion
from nq57_assets.extract.tables import Row
from nq57_assets.model import Observation

Standing = Literal["accepted", "weak", "part", "doubted", "rejected", "unread"]
# Log-odds of being right: by what the first reading made of a figure, by the log-odds of the share that the second one
# leaves the indicator after order, text and rivals, of the largest share of another figure, and for a figure in a row of
# a table of which the first, which knows tables, makes no result (nq57_assets_tests/corpus/fit.py).
_ODDS = {
    "accepted": 1.41,
    "weak": 1.12,
    "part": 0.84,
    "rejected": 0.37,
    "unread": 0.22,
    "in place": 0.75,
    "elsewhere": -0.08,
    "another accepted": -0.31,
    "row": -0.49,
    "beside": 1.47,
}
# A smaller share of another figure is no competition.
_COMPETES_FROM = 0.05
_CLAIMS_FROM = 0.5
_LEAST, _MOST = 1e-4, 1 - 1e-4
# The less the weights know of the worn words around a figure, as in damage unlike any seen, the less they speak
# against it; never more than the first reading speaks for it.
_STRANGE_TO, _KNOWN_FROM, _MOST_AGAINST, _MOST_AGAINST_ROW = 0.83, 0.98, 0.45, 0.25
# One in ten of the proposals at this edge is right; nothing is lost that a reviewer could have seen.
_PROPOSED_FROM = 0.1
_AT_MOST = 2
# What the first reading rejects as a target, or as another year's figure, is never more than a question to a person.
ASKED_FROM = 0.5
# Of what is proposed against a claim of the first reading that is left so much, one in eight is wrong on undamaged text.
_DISPUTED_FROM = 0.3
# Columns that hold no result by their title.
_OF_OTHERS = frozenset({"plan", "past", "share"})
_A_RESULT = "cách đọc thứ hai cho là kết quả"
_NOT_ALONE = Doubt("review", "chỉ cách đọc thứ hai nhận ra, và có số khác giống hơn")


@dataclass(frozen=True, slots=True)
class Claim:
    """What the first reading made of a figure.

    Attributes:
        index: Of its observation among those of the document.
        standing: What became of it; weak is review without a named doubt, part is review because it may be a part of
            another figure and for nothing else.
        soundness: What its digits and bounds leave of any confidence, 0 to 1.
    """

    index: int
    standing: Standing
    soundness: float


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with both readings.

    Attributes:
        place: How many observations stand before it in the document.
        scene: Its passage.
        quantity: The figure.
        opinion: Of the second reading.
        row: The table row that it stands in.
        claims: Of the first reading; none when it made nothing of the figure.
    """

    place: int
    scene: Scene
    quantity: Quantity
    opinion: Opinion
    row: Row | None
    claims: tuple[Claim, ...]


class Agreement:
    """Both readings of all figures of one document."""

    def __init__(self, figures: Sequence[Figure], found: Sequence[Observation], gate: float) -> None:
        self.figures = figures
        self.found = found
        self._gate = gate
        # Lines of the rows that hold more figures than their value.
        self._of_several = {figure.row.lines for figure in figures if figure.row and figure.quantity.beside}
        competing: defaultdict[str, dict[Claimed, float]] = defaultdict(dict)
        self._accepted: defaultdict[str, set[Claimed]] = defaultdict(set)
        for figure in figures:
            told = claimed(figure.quantity)
            for code, share in figure.opinion.shares.items():
                if share > _COMPETES_FROM:
                    shares = competing[code]
                    shares[told] = max(share, shares.get(told, 0.0))
            for claim in figure.claims:
                if claim.standing == "accepted":
                    self._accepted[found[claim.index].indicator].add(told)
        # The largest share has one figure; to that one the second largest is the rival.
        self._largest = {
            code: sorted(shares.items(), key=lambda one: -one[1])[:2] for code, shares in competing.items()
        }

    def _rivals(self, code: str, quantity: Quantity) -> tuple[float, bool]:
        """Return the largest share of another figure for an indicator, and whether the first reading accepts another."""
        told = claimed(quantity)
        largest = (share for other, share in self._largest.get(code, ()) if other != told)
        return next(largest, 0.0), bool(self._accepted[code] - {told})

    def witnesses(self, standing: Standing, code: str, figure: Figure) -> dict[str, float]:
        """Return by name what speaks for and against a figure being one of an indicator."""
        opinion = figure.opinion
        share, by_words = opinion.shares[code], opinion.alone.get(code, 0.0)
        elsewhere, contradicted = self._rivals(code, figure.quantity)
        if standing == "accepted" and max(share, by_words) >= _CLAIMS_FROM:
            # Two figures that both readings take for the same indicator contradict each other: a rule tells so, if
            # neither is outvoted by the other.
            share = max(share, by_words) if contradicted else share
            elsewhere, contradicted = 0.0, False
        return {
            standing: 1.0,
            "in place": _log_odds(share),
            "elsewhere": _log_odds(elsewhere),
            "another accepted": float(contradicted),
            "row": float(standing in ("unread", "rejected") and figure.scene.passage.kind == "row"),
            "beside": float(figure.quantity.beside),
        }

    def _confidence(self, standing: Standing, code: str, figure: Figure) -> float:
        witnesses = self.witnesses(standing, code, figure)
        return 1 / (1 + math.exp(-sum(_ODDS[name] * told for name, told in witnesses.items())))

    def revised(self) -> list[Observation]:
        """Return the observations of the first reading as they stand after the second."""
        revised = list(self.found)
        for figure in self.figures:
            for claim in figure.claims:
                one = revised[claim.index]
                # Which period a report is on and whose figure it is, the words around a figure don't tell: such a doubt
                # stands. An indicator newer than the weights is left to the first reading.
                if claim.standing == "doubted" or one.indicator not in figure.opinion.shares:
                    continue
                both = self._confidence(claim.standing, one.indicator, figure) * claim.soundness
                if claim.standing != "accepted" and figure.row and figure.row.lines in self._of_several:
                    # Words tell what a row is about, not which of its figures is asked for.
                    both *= row_soundness(figure.row, figure.scene)
                if claim.standing == "accepted" and both < one.confidence:
                    weight = _weight(figure)
                    both = weight * both + (1 - weight) * one.confidence
                revised[claim.index] = self._judged(one, round(both, 3), figure.opinion)
        return revised

    def _judged(self, one: Observation, sure: float, opinion: Opinion) -> Observation:
        if one.status == "rejected":
            if sure < ASKED_FROM:
                return one
            return replace(one, status="review", confidence=sure, why=f"{one.why} | {_A_RESULT}")
        if sure >= self._gate:
            agrees = "" if one.status == "accepted" else " | cách đọc thứ hai đồng ý"
            return replace(one, status="accepted", confidence=sure, why=f"{one.why}{agrees}")
        if one.status == "review":
            return replace(one, confidence=sure)
        likeliest = opinion.likeliest
        if opinion.shares[NONE] >= opinion.shares[likeliest]:
            reason = "không phải số liệu của chỉ tiêu nào"
        elif likeliest != one.indicator:
            reason = f"giống {likeliest}"
        else:
            reason = "có số khác giống hơn"
        why = f"{one.why} | nghi vấn: cách đọc thứ hai cho là {reason}"
        return replace(one, status="review", confidence=sure, why=why)

    def proposals(
        self, revised: Sequence[Observation], patterns: Mapping[str, Pattern]
    ) -> Iterator[tuple[Figure, Match, tuple[Doubt, ...]]]:
        """Yield what the second reading adds: the figure, its reading, and what speaks against taking it as it is.

        Args:
            revised: What became of the first reading's figures; nothing more is proposed for indicators that have
                an accepted one, nor of a figure that is accepted.
            patterns: One way of announcing each indicator.
        """
        settled = {one.indicator for one in revised if one.status == "accepted"}
        by_code: defaultdict[str, list[tuple[float, int, Match]]] = defaultdict(list)
        for number, figure in enumerate(self.figures):
            held = [revised[claim.index] for claim in figure.claims]
            code = _likeliest(figure, patterns)
            if code is None or code in settled or any(_stands(one, code) for one in held):
                continue
            if _is_item_number(figure):
                continue
            sure = self._confidence("unread", code, figure)
            if sure >= _PROPOSED_FROM:
                by_code[code].append((sure, number, _match(figure, patterns[code], sure)))
        for found in by_code.values():
            ranked = sorted(found, key=lambda one: (-one[0], one[1]))
            for rank, (_, number, match) in enumerate(ranked[:_AT_MOST]):
                figure = self.figures[number]
                against = (_NOT_ALONE,) if rank else _in_others_column(figure)
                yield figure, match, (*against, *self._disputed(figure, revised))

    def _disputed(self, figure: Figure, revised: Sequence[Observation]) -> Iterator[Doubt]:
        """Doubt what is proposed of a figure that the first reading firmly takes for something else."""
        for claim in figure.claims:
            held = revised[claim.index]
            if claim.standing in ("accepted", "weak") and held.confidence >= _DISPUTED_FROM:
                yield Doubt("review", f"cách đọc thứ nhất cho là {held.indicator}")


def _stands(held: Observation, code: str) -> bool:
    """Whether nothing else is to be made of a figure: the first reading's claim holds, or it says the same."""
    return held.status == "accepted" or held.indicator == code


def _weight(figure: Figure) -> float:
    """Return how much an opinion counts against the first reading: 1, on damaged text 0 to ``_MOST_AGAINST``.

    It counts less still in a row whose place is sure, for titles and columns told that and not the words.
    """
    if not figure.scene.passage.damaged:
        return 1.0
    most = _MOST_AGAINST_ROW if figure.row is not None and figure.row.sure else _MOST_AGAINST
    return min(most, max(0.0, (figure.opinion.known - _STRANGE_TO) / (_KNOWN_FROM - _STRANGE_TO)))


def _is_item_number(figure: Figure) -> bool:
    """Whether a figure is the number of its item, as ``3.2`` at the head of a line; decimals are written with a comma."""
    tokens = figure.scene.tokens
    whole, dot, part = tokens[figure.quantity.index].text.partition(".")
    heads = all(token.kind == "mark" for token in tokens[: figure.quantity.start])
    return heads and bool(dot) and len(whole) <= 2 and len(part) <= 2


def _in_others_column(figure: Figure) -> tuple[Doubt, ...]:
    """Doubt a figure that stands under a title of plans, earlier periods or shares, whatever the words beside it say."""
    column = figure.scene.passage.column_at(figure.scene.tokens[figure.quantity.index].start)
    if not figure.quantity.beside or column is None or column.role not in _OF_OTHERS:
        return ()
    return (Doubt("review", f"đứng dưới cột «{column.title}»"),)


def _log_odds(share: float) -> float:
    """Return the log-odds of a share, which is never quite none or all."""
    held = min(_MOST, max(_LEAST, share))
    return math.log(held / (1 - held))


def _likeliest(figure: Figure, patterns: Mapping[str, Pattern]) -> str | None:
    """Return the likeliest indicator that the form of the figure allows."""
    shares = figure.opinion.shares
    fitting = (code for code in patterns if code in shares and kind_fits(patterns[code], figure.quantity))
    return min(fitting, key=lambda code: (-shares[code], code), default=None)


def _match(figure: Figure, pattern: Pattern, sure: float) -> Match:
    words = tuple(Evidence("", word, "cách đọc thứ hai", sure) for word in figure.opinion.words)
    return Match(pattern, figure.quantity, words, sure, 0.0)
