"""The shared gold: what was noted down of the real submissions must come out, and nothing else be accepted."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.evaluate import Evaluation, evaluate

SHARED = Path(__file__).parents[2].parent / "shared"
SUPPLEMENT = Path(__file__).parents[1] / "corpus" / "shared_supplement.csv"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the real submissions are not beside the checkout"),
]


@cache
def scored(supplement: bool) -> Evaluation:
    """Score the real submissions once, with or without the figures that the gold list leaves out."""
    return evaluate(SHARED, catalogue(), supplement=SUPPLEMENT if supplement else None)


def test_no_false_figure_is_accepted() -> None:
    wrong = [m for m in scored(True).mistakes if m.kind == "false_accepted"]
    assert wrong == []


def test_the_gold_is_found() -> None:
    tally = scored(False).channels["submissions"]
    assert tally.recall >= 0.95
    assert tally.seen >= 0.97


def test_the_further_figures_are_found() -> None:
    assert scored(True).channels["submissions"].recall >= 0.92
