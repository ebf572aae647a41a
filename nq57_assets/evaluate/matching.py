"""Which observations of a document state which of its true figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nq57_assets.evaluate.truth import TrueFigure
from nq57_assets.model import Observation

Standing = Literal["accepted", "review", "missed"]

# A written 98,39 % and its parts 5.010/5.092 differ in the third decimal; both are the same claim.
_RATE_TOLERANCE = 0.006


@dataclass(frozen=True, slots=True)
class TruthResult:
    """What became of a true figure; ``qualifier_only`` is an observation that differs from it in that alone."""

    figure: TrueFigure
    standing: Standing
    observation: Observation | None
    qualifier_only: Observation | None = None


@dataclass(frozen=True, slots=True)
class Matching:
    """The result for one document: each truth once, and the accepted observations that no truth bears out."""

    truths: tuple[TruthResult, ...]
    false_accepted: tuple[Observation, ...]
    false_review: tuple[Observation, ...]


def _close(seen: float | None, expected: float | None) -> bool:
    if seen is None or expected is None:
        return seen is expected
    return math.isclose(seen, expected, rel_tol=1e-9, abs_tol=_RATE_TOLERANCE if expected % 1 else 1e-9)


def same_value(observation: Observation, figure: TrueFigure) -> bool:
    """Return whether both name the same indicator and number, whatever the words that bound it."""
    if observation.indicator != figure.indicator:
        return False
    if figure.value is None or observation.value is None:
        both_ranges = figure.value is None and observation.value is None
        return both_ranges and _close(observation.low, figure.low) and _close(observation.high, figure.high)
    return _close(observation.value, figure.value)


def same_figure(observation: Observation, figure: TrueFigure) -> bool:
    """Return whether indicator, number, bounds and qualifier agree."""
    return (
        same_value(observation, figure)
        and observation.qualifier == figure.qualifier
        and _close(observation.low, figure.low)
        and _close(observation.high, figure.high)
    )


def match(observations: Sequence[Observation], figures: Sequence[TrueFigure]) -> Matching:
    """Match observations to true figures as multisets, each truth once and accepted observations first.

    A true figure that the document states twice may be observed once or twice: a leftover observation that
    equals any truth is a repeat, not a false figure. Rejected observations do not take part.
    """
    accepted = [observation for observation in observations if observation.status == "accepted"]
    review = [observation for observation in observations if observation.status == "review"]
    standing: dict[int, tuple[Standing, Observation]] = {}
    pools: tuple[tuple[Standing, list[Observation]], ...] = (("accepted", accepted), ("review", review))
    for label, pool in pools:
        free = list(pool)
        for index, figure in enumerate(figures):
            if index in standing:
                continue
            hit = _best([observation for observation in free if same_figure(observation, figure)], figure)
            if hit is not None:
                standing[index] = (label, hit)
                free = [observation for observation in free if observation is not hit]
    results = []
    for index, figure in enumerate(figures):
        found: tuple[Standing, Observation | None] = standing.get(index, ("missed", None))
        near = None
        if found[1] is None:
            near = next(
                (o for o in (*accepted, *review) if same_value(o, figure) and not same_figure(o, figure)),
                None,
            )
        results.append(TruthResult(figure, *found, near))
    return Matching(
        truths=tuple(results),
        false_accepted=tuple(o for o in accepted if not any(same_figure(o, figure) for figure in figures)),
        false_review=tuple(o for o in review if not any(same_figure(o, figure) for figure in figures)),
    )


def _best(candidates: list[Observation], figure: TrueFigure) -> Observation | None:
    """Prefer the observation that also carries the detail and stands nearest the noted line."""
    if not candidates:
        return None

    def rank(observation: Observation) -> tuple[bool, float]:
        line = observation.address.line
        distance = abs(line - figure.line) if line is not None and figure.line is not None else 0
        return observation.detail != figure.detail, distance

    return min(candidates, key=rank)
