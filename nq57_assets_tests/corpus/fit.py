"""Fit the log-odds of ``extract/agreement.py`` on documents that neither reading has met.

    python -m nq57_assets_tests.corpus.train f o        # weights that have not met the batches f… and o…
    python -m nq57_assets_tests.corpus.fit FOLDER       # holds copies of these, before anybody has worked on them
    python -m nq57_assets_tests.corpus.train            # weights of all documents again

Prints the constants. Fitted on documents that the readings know, the constants would trust both too much.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nq57_assets.catalogue import Catalogue, catalogue
from nq57_assets.evaluate.matching import match
from nq57_assets.evaluate.truth import TrueDocument, TrueFigure, find_documents
from nq57_assets.extract.agreement import Agreement, Figure, Standing
from nq57_assets.extract.observe import PassageReader
from nq57_assets.model import Observation
from nq57_assets_tests.corpus.labelled import read_with, values_of

STANDINGS: tuple[Standing, ...] = ("accepted", "weak", "part", "rejected", "unread")
NAMES = (
    *STANDINGS,
    "in place",
    "elsewhere",
    "another accepted",
    "row",
    "beside",
)


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What the agreement weighs of one figure, by name, and whether it is right."""

    witnesses: dict[str, float]
    right: bool


def agreement_of(document: TrueDocument, reference: Catalogue) -> Agreement:
    """Return both readings of a document."""
    met: list[Agreement] = []

    class Listening(PassageReader):
        def agreement(self, found: Sequence[Observation]) -> Agreement:
            met.append(super().agreement(found))
            return met[-1]

    read_with(Listening, document.path.read_bytes(), document.path.name, reference)
    return met[0]


def witnessed(document: TrueDocument, reference: Catalogue) -> Iterator[Witnessed]:
    """Yield every figure of a document that the agreement decides about."""
    agreement = agreement_of(document, reference)
    truths = [truth for truth in document.figures if document.channel not in truth.illegible]
    matching = match(list(agreement.found), truths)
    wrong = {id(one) for one in (*matching.false_accepted, *matching.false_review)}
    for figure in agreement.figures:
        claimed = [(claim.standing, agreement.found[claim.index]) for claim in figure.claims]
        claimed = [(standing, one) for standing, one in claimed if one.indicator in figure.opinion.shares]
        for standing, one in claimed:
            if standing not in STANDINGS:
                continue
            witnesses = agreement.witnesses(standing, one.indicator, figure)
            # What was rejected takes no part in the matching.
            right = (
                _is_true(figure, one.indicator, truths) if standing == "rejected" else id(one) not in wrong
            )
            yield Witnessed(witnesses, right)
        code = figure.opinion.likeliest
        if not any(standing == "accepted" or one.indicator == code for standing, one in claimed):
            witnesses = agreement.witnesses("unread", code, figure)
            yield Witnessed(witnesses, _is_true(figure, code, truths))


def _is_true(figure: Figure, code: str, truths: Sequence[TrueFigure]) -> bool:
    values = values_of(figure.quantity)
    return any(
        truth.indicator == code and {truth.value, truth.low, truth.high, truth.numerator} & values
        for truth in truths
    )


def fit(met: list[Witnessed]) -> dict[str, float]:
    """Return the constants of the agreement by logistic regression."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    rows = np.array([[one.witnesses.get(name, 0.0) for name in NAMES] for one in met])
    model = LogisticRegression(C=0.5, max_iter=3000, fit_intercept=False).fit(
        rows, [one.right for one in met]
    )
    return {name: round(float(weight), 3) for name, weight in zip(NAMES, model.coef_[0], strict=True)}


def main(folder: Path) -> None:
    """Fit the constants on a folder of documents with truth and print them."""
    reference = catalogue()
    met = [one for document in find_documents(folder, reference) for one in witnessed(document, reference)]
    print(f"{len(met)} figures, {sum(one.right for one in met)} right")
    for name, weight in fit(met).items():
        print(f"  {name}: {weight}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
