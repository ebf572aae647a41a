"""A second reading of every figure, learned from the labelled corpus: which indicator its surroundings speak of.

The first reading (``match``) knows words and structure and can say why; it is blind to wordings that nobody wrote into
the catalogue. The second one weighs all the words around a figure by what they meant in labelled reports. It never
publishes a figure by itself: it proposes what the first has missed to a reviewer, and its disagreement lowers confidence.

Belongs here: what of a figure's surroundings is weighed, and the weights' answer. Does not belong: what follows from
it (``agreement``), the making of the weights (``nq57_assets_tests/corpus/train.py``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from nq57_assets.extract.neighbours import neighbour_features
from nq57_assets.extract.quantities import Quantity
from nq57_assets.extract.scene import Scene
from nq57_assets.vietnamese.confusion import frames
from nq57_assets.vietnamese.fold import fold, fold_word

if TYPE_CHECKING:
    import numpy as np

WEIGHTS = Path(__file__).parents[1] / "reference" / "second_reading.npz"
NONE = "none"
# Words of each surrounding that are looked at; what stands farther away told nothing more when measured.
_CLAUSE, _SENTENCE, _AFTER, _BEFORE, _TITLE = 12, 25, 10, 25, 14
_FEW = 3
# Figures whose weights are added up at once; all of a long document would take too much memory.
_AT_ONCE = 64
_LOUDEST = 4
# Of a place, the words and pairs whose features are kept; texts repeat most of them.
_MOST_SAID = 20_000


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
        return _likeliest(self.shares)


def _likeliest(shares: Mapping[str, float]) -> str:
    _, code = max((share, code) for code, share in shares.items() if code != NONE)
    return code


Feature = int | str
"""Where the weights know a feature its row in them, else its name."""


class _Place(dict[str | tuple[str, str], Feature]):
    """The features of the words and pairs of words that stand in one place, each looked up when first met."""

    def __init__(self, name: str, feature_of: Callable[[str], Feature]) -> None:
        super().__init__()
        self._name, self._feature_of = name, feature_of

    def __missing__(self, said: str | tuple[str, str]) -> Feature:
        if len(self) > _MOST_SAID:
            self.clear()
        words = said if isinstance(said, str) else " ".join(said)
        feature = self[said] = self._feature_of(f"{self._name} {words}")
        return feature


class _Places(dict[str, _Place]):
    """The places around a figure by their name."""

    def __init__(self, feature_of: Callable[[str], Feature] = str) -> None:
        super().__init__()
        self.feature_of = feature_of

    def __missing__(self, name: str) -> _Place:
        place = self[name] = _Place(name, self.feature_of)
        return place


@dataclass(frozen=True, slots=True)
class Weights:
    """The learned weights.

    Attributes:
        names: The feature of each row.
        places: Where the features of words are looked up.
        values: A row a feature, a column a class, as whole numbers of ``scale``.
        scale: What a whole number of each class is worth.
        offsets: Of each class.
        classes: Indicators and ``none``.
        follows: How much likelier an indicator (column) is when another was the last before it (row; the last row is
            the beginning of the document), as a factor. ``none`` has neither row nor column.
    """

    names: tuple[str, ...]
    places: _Places
    values: np.ndarray
    scale: np.ndarray
    offsets: np.ndarray
    classes: tuple[str, ...]
    follows: np.ndarray


def _words(scene: Scene, start: int, end: int) -> list[str]:
    tokens = scene.tokens[max(0, start) : max(0, end)]
    return [fold_word(token.text) for token in tokens if token.kind == "word"]


@lru_cache(maxsize=256)
def _said(text: str) -> tuple[str, ...]:
    return tuple(word for word in fold(text).replace("-", " ").split() if word.isalpha())


@lru_cache(maxsize=16384)
def _bones(word: str) -> str:
    """Return the consonants that begin and end a word, which recognition keeps when it ruins the vowels."""
    cut = next(iter(frames(word)), None)
    return f"{cut.onset}-{cut.coda}" if cut is not None else word


_Zone = tuple[str, Sequence[str], float]


def _zoned(zones: Iterable[_Zone], places: _Places) -> dict[Feature, float]:
    """Return the words and pairs of words of some places with the weight of their place."""
    found: dict[Feature, float] = {}
    for name, words, weight in zones:
        said: tuple[str | tuple[str, str], ...] = (*words, *pairwise(words))
        found |= dict.fromkeys(map(places[name].__getitem__, said), weight)
    return found


def features(scene: Scene, quantity: Quantity, before: str) -> dict[str, float]:
    """Return what stands around a figure: words and pairs of words by place, its noun and its kind, with weights.

    Args:
        scene: The passage.
        quantity: The figure.
        before: The passage before it.
    """
    _, found = _described(scene, quantity, before, _Places())
    return {str(name): weight for name, weight in found.items()}


def _described(
    scene: Scene, quantity: Quantity, before: str, places: _Places
) -> tuple[dict[Feature, float], dict[Feature, float]]:
    """Return the nearest surroundings of a figure, and with them all that is weighed."""
    passage = scene.passage
    left = _words(scene, quantity.first, quantity.start)
    right = _words(scene, quantity.index + 1, quantity.last)
    if sum(token.kind == "word" for token in scene.tokens) < _FEW:
        # A figure that stands alone is named by what stands above it.
        left = [*_said(before or (passage.path[-1] if passage.path else ""))[-_CLAUSE:], *left]
    own = left[-_CLAUSE:] + right[:_CLAUSE]
    first, last = quantity.sentence
    column = passage.column_at(scene.tokens[quantity.index].start)
    earlier = _words(scene, first, quantity.first)[-_SENTENCE:]
    nearest: list[_Zone] = [
        ("behind", right[:3], 1.0),
        ("right", right[:_CLAUSE], 0.8),
        ("ahead", left[-4:], 1.0),
        ("left", left[-_CLAUSE:], 0.8),
        ("own", own, 1.0),
        ("bones", [_bones(word) for word in own], 0.7),
        ("bones behind", [_bones(word) for word in right[:4]], 0.7),
    ]
    farther: list[_Zone] = [
        ("earlier", earlier, 0.5),
        ("later", _words(scene, quantity.last, last)[:_AFTER], 0.2),
        ("sentence before", _words(scene, first - 40, first)[-_BEFORE:], 0.25),
        ("lead", _said(passage.lead)[-_TITLE:], 0.5),
        ("column", _said(column.title)[:_TITLE] if column else (), 0.8),
        ("passage before", _said(before)[-20:], 0.2),
        *((("title" if depth == 0 else "titles"), _said(title)[:_TITLE], 0.2 if depth else 0.4)
          for depth, title in enumerate(reversed(passage.path[-3:]))),
    ]  # fmt: skip
    near = _zoned(nearest, places)
    found = near | _zoned(farther, places)
    # In the order of the text: that of a set is another in every process, and sums and ties depend on it.
    around = dict.fromkeys((*own, *earlier, *_said(passage.lead)))
    about = dict.fromkeys(map(places["about"].__getitem__, around), 0.8)
    near |= about
    found |= about
    kind = "percent" if quantity.percent is not None else "ratio" if quantity.ratio is not None else "number"
    noun = fold(quantity.unit) or "none"
    told = {f"noun {noun}": 1.0, f"noun {noun} {kind}": 1.0, f"kind {kind}": 1.0}
    told |= {f"passage {passage.kind}": 0.5, f"bound {quantity.qualifier}": 0.3, f"nil {quantity.none}": 0.5}
    if quantity.unit:
        told |= {f"noun {noun} with {word}": 0.7 for word in own}
    told[f"digits {int(math.log10(max(1.0, abs(quantity.low))))}"] = 0.5
    if 2015 <= quantity.low <= 2035:
        told["like a year"] = 1.0
    if passage.kind == "row":
        told[f"cell {'beside' if quantity.beside else 'asked'}"] = 1.0
        if column is not None:
            told |= {f"column role {column.role}": 1.0, f"column role {column.role} {quantity.beside}": 1.0}
    told[f"damaged {passage.damaged}"] = 0.3
    told.update(neighbour_features(scene, quantity))
    found |= {places.feature_of(name): weight for name, weight in told.items()}
    return near, found


@lru_cache(maxsize=1)
def weights(path: Path = WEIGHTS) -> Weights:
    """Read the weights; they come with the package."""
    import numpy as np

    with np.load(path) as kept:
        names = kept["features"].tobytes().decode().split("\n")
        rows = {name: row for row, name in enumerate(names)}
        return Weights(
            tuple(names),
            _Places(lambda name: rows.get(name, name)),
            kept["values"],
            kept["scale"],
            kept["offsets"],
            tuple(kept["classes"].tobytes().decode().split("\n")),
            kept["follows"],
        )


def second_readings(figures: Sequence[tuple[Scene, Quantity, str]]) -> list[Opinion]:
    """Return which indicators the surroundings of each figure speak of, and how surely.

    Args:
        figures: Passage, figure and the passage before it.
    """
    learned = weights()
    opinions: list[Opinion] = []
    for start in range(0, len(figures), _AT_ONCE):
        opinions += _opinions([_known(*one, learned) for one in figures[start : start + _AT_ONCE]], learned)
    return opinions


@dataclass(frozen=True, slots=True)
class _Known:
    """The features of one figure that the weights have met, by their rows, with their amounts.

    ``share`` is how much of its nearest surroundings they have met.
    """

    rows: list[int]
    amounts: np.ndarray
    share: float


def _known(scene: Scene, quantity: Quantity, before: str, learned: Weights) -> _Known:
    import numpy as np

    near, around = _described(scene, quantity, before, learned.places)
    rows = [feature for feature in around if isinstance(feature, int)]
    amounts = np.array([around[row] for row in rows], dtype=np.float32)
    length = math.sqrt(float((amounts**2).sum())) or 1.0
    whole = sum(near.values())
    met = sum(weight for feature, weight in near.items() if isinstance(feature, int))
    return _Known(rows, amounts / length, met / whole if whole else 0.0)


def _opinions(figures: Sequence[_Known], learned: Weights) -> list[Opinion]:
    """Return the opinions on some figures, their weights added up in one go."""
    import numpy as np

    rows = [row for figure in figures for row in figure.rows]
    counts = [len(figure.rows) for figure in figures]
    edges = np.cumsum([0, *counts]).tolist()
    parts = learned.values[rows].astype(np.float32)
    parts *= np.concatenate([figure.amounts for figure in figures])[:, None]
    scores = np.array([np.add.reduce(parts[start:stop]) for start, stop in pairwise(edges)])
    scores = scores * learned.scale + learned.offsets
    sure = 1.0 / (1.0 + np.exp(-np.clip(scores, -30, 30)))
    sure /= sure.sum(axis=1, keepdims=True)
    told = [dict(zip(learned.classes, shares, strict=True)) for shares in sure.tolist()]
    columns = [learned.classes.index(_likeliest(shares)) for shares in told]
    spoken = parts[np.arange(len(rows)), np.repeat(columns, counts)]
    louder = np.lexsort((-spoken, np.repeat(np.arange(len(figures)), counts)))
    opinions: list[Opinion] = []
    for figure, shares, (start, stop) in zip(figures, told, pairwise(edges), strict=True):
        loudest = [i for i in louder[start:stop][:_LOUDEST].tolist() if spoken[i] > 0]
        words = tuple(dict.fromkeys(learned.names[rows[i]].partition(" ")[2] for i in loudest))
        opinions.append(Opinion(shares, words, figure.share))
    return opinions
