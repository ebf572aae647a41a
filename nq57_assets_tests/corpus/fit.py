"""Fit the log-odds of ``extract/agreement.py`` on documents that neither reading has met.

    python -m nq57_assets_tests.corpus.fit FOLDER       # a batch just released, before anybody has worked on it

Prints the constants and the share that is right by confidence. Fitted on documents that the readings know, the
constants would trust both too much.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nq57_assets.catalogue import Catalogue, catalogue
from nq57_assets.evaluate.matching import match
from nq57_assets.evaluate.truth import TrueDocument, find_documents
from nq57_assets.extract import observe, reading
from nq57_assets.extract.agreement import Agreement, Standing
from nq57_assets_tests.corpus.train import values_of

STANDINGS: tuple[Standing, ...] = ("accepted", "weak", "unread")


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What both readings say of one figure, as the agreement weighs it, and whether it is right."""

    standing: Standing
    share: float
    elsewhere: float
    contradicted: bool
    right: bool


def witnessed(document: TrueDocument, reference: Catalogue) -> Iterator[Witnessed]:
    """Yield every figure of a document that the agreement decides about."""
    met: list[Agreement] = []

    class Listening(Agreement):
        def __init__(self, *args, **kwargs) -> None:  # type: ignore[no-untyped-def]
            super().__init__(*args, **kwargs)
            met.append(self)

    weighed = observe.Agreement
    try:
        observe.Agreement = Listening  # type: ignore[misc]
        reading.read_submission(document.path.read_bytes(), document.path.name, reference)
    finally:
        observe.Agreement = weighed  # type: ignore[misc]
    truths = [truth for truth in document.figures if document.channel not in truth.illegible]
    patterns = {i.code for i in reference.indicators if i.kind != "flag"}
    for agreement in met:
        matching = match(list(agreement.found), truths)
        wrong = {id(one) for one in (*matching.false_accepted, *matching.false_review)}
        for figure in agreement.figures:
            codes = {agreement.found[claim.index].indicator for claim in figure.claims} & patterns
            share = max((figure.opinion.shares.get(code, 0.0) for code in codes), default=0.0)
            for claim in figure.claims:
                one = agreement.found[claim.index]
                if claim.standing in STANDINGS and one.indicator in codes:
                    rivals = agreement.rivals(one.indicator, figure.quantity)
                    yield Witnessed(claim.standing, share, *rivals, right=id(one) not in wrong)
            if not figure.claims:
                code = figure.opinion.likeliest
                right = any(
                    t.indicator == code and {t.value, t.low, t.high, t.numerator} & values_of(figure.quantity)
                    for t in truths
                )
                rivals = agreement.rivals(code, figure.quantity)
                yield Witnessed("unread", figure.opinion.shares[code], *rivals, right=right)


def fit(met: list[Witnessed]) -> dict[str, float]:
    """Return the constants of the agreement by logistic regression."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    from nq57_assets.extract.agreement import log_odds

    rows = np.array(
        [
            [*(w.standing == s for s in STANDINGS), log_odds(w.share), log_odds(w.elsewhere), w.contradicted]
            for w in met
        ],
        dtype=float,
    )
    model = LogisticRegression(C=0.5, max_iter=3000, fit_intercept=False).fit(rows, [w.right for w in met])
    names = (*STANDINGS, "share", "elsewhere", "another accepted")
    return {name: round(float(weight), 3) for name, weight in zip(names, model.coef_[0], strict=True)}


def main(folder: Path) -> None:
    """Fit the constants on a folder of documents with truth and print them."""
    reference = catalogue()
    met = [one for document in find_documents(folder, reference) for one in witnessed(document, reference)]
    print(f"{len(met)} figures, {sum(one.right for one in met)} right")
    for name, weight in fit(met).items():
        print(f"  {name}: {weight}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
