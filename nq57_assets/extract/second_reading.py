"""A second reading of every figure, learned from the labelled corpus: which indicator its surroundings speak of.

The first reading (``match``) knows words and structure and can say why; it is blind to wordings that nobody wrote into
the catalogue. The second one weighs all the words around a figure by what they meant in labelled reports. It never
publishes a figure by itself: it proposes what the first has missed to a reviewer, and its disagreement lowers confidence.

Belongs here: what of a figure's surroundings is weighed, and the weights' answer. Does not belong: what follows from
it (``agreement``), the making of the weights (``nq57_assets_tests/corpus/train.py``).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from nq57_assets.extract.neighbours import neighbour_features
from nq57_assets.extract.quantities import Quantity
from nq57_assets.extract.scene import Scene
from nq57_assets.vietnamese.confusion import frames
from nq57_assets.vietnamese.fold import fold

if TYPE_CHECKING:
    import numpy as np

WEIGHTS = Path(__file__).parents[1] / "reference" / "second_reading.npz"
NONE = "none"
# Words of each surrounding that are looked at; what stands farther away told nothing more when measured.
_CLAUSE, _SENTENCE, _AFTER, _BEFORE, _TITLE = 12, 25, 10, 25, 14
_FEW = 3
_NEAR = frozenset({"own", "bones", "behind", "right", "left", "ahead", "about"})


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the second reading makes of one figure.

    Attributes:
        shares: Probability by indicator code, and of ``none``: a figure that is no result of any indicator.
        words: The words that spoke loudest for the likeliest indicator, folded.
        known: How much of the nearest surroundings the weights have met before, 0 to 1; damage unlike any seen lowers it.
        alone: The shares of the figure by itself, where ``shares`` are those of its place among the others.
    """

    shares: dict[str, float]
    words: tuple[str, ...]
    known: float = 1.0
    alone: dict[str, float] = field(default_factory=dict)

    @property
    def likeliest(self) -> str:
        """The indicator with the largest share, ``none`` left aside."""
        return max((code for code in self.shares if code != NONE), key=lambda code: (self.shares[code], code))


@dataclass(frozen=True, slots=True)
class Weights:
    """The learned weights.

    Attributes:
        rows: The row of each feature.
        values: A row a feature, a column a class, as whole numbers of ``scale``.
        scale: What a whole number of each class is worth.
        offsets: Of each class.
        classes: Indicators and ``none``.
        follows: How much likelier an indicator (column) is when another was the last before it (row; the last row is
            the beginning of the document), as a factor. ``none`` has neither row nor column.
    """

    rows: dict[str, int]
    values: np.ndarray
    scale: np.ndarray
    offsets: np.ndarray
    classes: tuple[str, ...]
    follows: np.ndarray


def _words(scene: Scene, start: int, end: int) -> list[str]:
    tokens = scene.tokens[max(0, start) : max(0, end)]
    return [fold(token.text) for token in tokens if token.kind == "word"]


def _said(text: str) -> list[str]:
    return [word for word in fold(text).replace("-", " ").split() if word.isalpha()]


@lru_cache(maxsize=16384)
def _bones(word: str) -> str:
    """Return the consonants that begin and end a word, which recognition keeps when it ruins the vowels."""
    cut = next(iter(frames(word)), None)
    return f"{cut.onset}-{cut.coda}" if cut is not None else word


def _zone(name: str, words: Sequence[str], weight: float) -> Iterator[tuple[str, float]]:
    for word in words:
        yield f"{name} {word}", weight
    for one, other in pairwise(words):
        yield f"{name} {one} {other}", weight


def features(scene: Scene, quantity: Quantity, before: str) -> dict[str, float]:
    """Return what stands around a figure: words and pairs of words by place, its noun and its kind, with weights.

    Args:
        scene: The passage.
        quantity: The figure.
        before: The passage before it.
    """
    passage = scene.passage
    left = _words(scene, quantity.first, quantity.start)
    right = _words(scene, quantity.index + 1, quantity.last)
    if sum(token.kind == "word" for token in scene.tokens) < _FEW:
        # A figure that stands alone is named by what stands above it.
        left = [*_said(before or (passage.path[-1] if passage.path else ""))[-_CLAUSE:], *left]
    own = left[-_CLAUSE:] + right[:_CLAUSE]
    first, last = quantity.sentence
    earlier = _words(scene, first, quantity.first)[-_SENTENCE:]
    found: dict[str, float] = {}
    zones = [
        ("behind", right[:3], 1.0),
        ("right", right[:_CLAUSE], 0.8),
        ("ahead", left[-4:], 1.0),
        ("left", left[-_CLAUSE:], 0.8),
        ("own", own, 1.0),
        ("bones", [_bones(word) for word in own], 0.7),
        ("bones behind", [_bones(word) for word in right[:4]], 0.7),
        ("earlier", earlier, 0.5),
        ("later", _words(scene, quantity.last, last)[:_AFTER], 0.2),
        ("sentence before", _words(scene, first - 40, first)[-_BEFORE:], 0.25),
        ("lead", _said(passage.lead)[-_TITLE:], 0.5),
        ("passage before", _said(before)[-20:], 0.2),
        *((("title" if depth == 0 else "titles"), _said(title)[:_TITLE], 0.2 if depth else 0.4)
          for depth, title in enumerate(reversed(passage.path[-3:]))),
    ]  # fmt: skip
    for name, words, weight in zones:
        found.update(_zone(name, words, weight))
    for word in {*own, *earlier, *_said(passage.lead)}:
        found[f"about {word}"] = 0.8
    kind = "percent" if quantity.percent is not None else "ratio" if quantity.ratio is not None else "number"
    noun = fold(quantity.unit) or "none"
    found |= {f"noun {noun}": 1.0, f"noun {noun} {kind}": 1.0, f"kind {kind}": 1.0}
    found |= {f"passage {passage.kind}": 0.5, f"bound {quantity.qualifier}": 0.3, f"nil {quantity.none}": 0.5}
    if quantity.unit:
        found |= {f"noun {noun} with {word}": 0.7 for word in set(own)}
    found[f"digits {int(math.log10(max(1.0, abs(quantity.low))))}"] = 0.5
    if 2015 <= quantity.low <= 2035:
        found["like a year"] = 1.0
    found[f"damaged {passage.damaged}"] = 0.3
    found.update(neighbour_features(scene, quantity))
    return found


@lru_cache(maxsize=1)
def weights(path: Path = WEIGHTS) -> Weights:
    """Read the weights; they come with the package."""
    import numpy as np

    with np.load(path) as kept:
        names = kept["features"].tobytes().decode().split("\n")
        return Weights(
            {name: row for row, name in enumerate(names)},
            kept["values"],
            kept["scale"],
            kept["offsets"],
            tuple(kept["classes"].tobytes().decode().split("\n")),
            kept["follows"],
        )


def second_reading(scene: Scene, quantity: Quantity, before: str) -> Opinion:
    """Return which indicators the surroundings of a figure speak of, and how surely."""
    import numpy as np

    learned = weights()
    around = features(scene, quantity, before)
    known = [(learned.rows[name], weight, name) for name, weight in around.items() if name in learned.rows]
    rows = [row for row, _, _ in known]
    amounts = np.array([weight for _, weight, _ in known], dtype=np.float32)
    length = math.sqrt(float((amounts**2).sum())) or 1.0
    parts = learned.values[rows].astype(np.float32) * (amounts / length)[:, None]
    scores = parts.sum(axis=0) * learned.scale + learned.offsets
    sure = 1.0 / (1.0 + np.exp(-np.clip(scores, -30, 30)))
    sure /= sure.sum()
    shares = {code: float(share) for code, share in zip(learned.classes, sure, strict=True)}
    opinion = Opinion(shares, (), _known(around, learned))
    column = learned.classes.index(opinion.likeliest)
    loudest = [known[i][2] for i in np.argsort(-parts[:, column], kind="stable")[:4] if parts[i, column] > 0]
    return replace(opinion, words=tuple(dict.fromkeys(name.partition(" ")[2] for name in loudest)))


def _known(around: dict[str, float], learned: Weights) -> float:
    """Return the share of a figure's nearest surroundings that the weights have met."""
    near = [(name, weight) for name, weight in around.items() if name.partition(" ")[0] in _NEAR]
    whole = sum(weight for _, weight in near)
    return sum(weight for name, weight in near if name in learned.rows) / whole if whole else 0.0
