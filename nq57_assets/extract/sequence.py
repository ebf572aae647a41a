"""The figures of a document read in turn: what stands before and behind a figure tells which indicator it can be.

Reports follow an order that their writers share: members after groups, those online after all dossiers, organisations
after people. How often one indicator follows another was counted in labelled reports; opinions on the single figures
and that order together give the opinion on each figure in its place (forward and backward over a chain).

Belongs here: opinions weighed by their order. Does not belong: opinions on one figure (``second_reading``), what follows
from them (``agreement``), the counting (``nq57_assets_tests/corpus/train.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nq57_assets.extract.second_reading import NONE, Opinion, weights


def in_order(opinions: Sequence[Opinion]) -> list[Opinion]:
    """Return the opinions on all figures of a document, in reading order, as their order makes them.

    A figure of no indicator is passed over: what it stands between still follow one another.
    """
    import numpy as np

    learned = weights()
    codes = [code for code in learned.classes if code != NONE]
    if not opinions:
        return []
    shares = np.array([[one.shares[code] for code in codes] for one in opinions])
    none = np.array([one.shares[NONE] for one in opinions])
    # The last row is the beginning of the document, before which there is no indicator.
    follows = learned.follows.astype(np.float64)
    ahead = np.zeros((len(opinions) + 1, len(codes) + 1))
    ahead[0, -1] = 1.0
    expected = np.zeros((len(opinions), len(codes)))
    for i in range(len(opinions)):
        expected[i] = ahead[i] @ follows
        ahead[i + 1] = none[i] * ahead[i]
        ahead[i + 1, :-1] += expected[i] * shares[i]
        ahead[i + 1] /= ahead[i + 1].sum()
    behind = np.ones(len(codes) + 1)
    told: list[Opinion] = []
    for i in range(len(opinions) - 1, -1, -1):
        here = expected[i] * shares[i] * behind[:-1]
        left_out = none[i] * float(ahead[i] @ behind)
        here, left_out = here / (here.sum() + left_out), left_out / (here.sum() + left_out)
        in_place = dict(zip((*codes, NONE), (*map(float, here), left_out), strict=True))
        told.append(replace(opinions[i], shares=in_place, alone=opinions[i].shares))
        behind = follows @ (shares[i] * behind[:-1]) + none[i] * behind
        behind /= behind.sum()
    return told[::-1]
