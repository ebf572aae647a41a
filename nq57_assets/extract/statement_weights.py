"""What the labelled corpus taught about sentences: is one a difficulty, a cause, a recommendation, and what about.

The lists of words (``statement_sense``) know why; they are blind to titles and wordings that nobody wrote into them.
The weights see all words of a sentence, of the titles above and where it stands.

Belongs here: what of a sentence is weighed, and the weights' answer. Does not belong: what follows from it
(``statements``), the making of the weights (``nq57_assets_tests/corpus/train_statements.py``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from nq57_assets.vietnamese.fold import fold

if TYPE_CHECKING:
    import numpy as np

WEIGHTS = Path(__file__).parents[1] / "reference" / "statements.npz"
NONE = "none"
_WORD = re.compile(r"[^\W_]+")
# Words of a sentence and of a title that are looked at.
_SENTENCE, _TITLE = 45, 14
_FIRST, _EARLY = 4, 8

Features = dict[str, float]


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a sentence.

    Attributes:
        titles: Titles above, the innermost first.
        roles: What the innermost of them heads, by its words.
        bullet: The kind of list mark before it.
        share: How far down the document, 0 to 1.
        labelled: A label of its own stands before it.
    """

    titles: tuple[str, ...]
    roles: tuple[str, ...]
    bullet: str
    share: float
    labelled: bool


@dataclass(frozen=True, slots=True)
class Weights:
    """The learned weights: a row a feature, a column a class, as whole numbers of ``scale``."""

    rows: dict[str, int]
    values: np.ndarray
    scale: np.ndarray
    offsets: np.ndarray
    classes: tuple[str, ...]

    def shares(self, described: Sequence[Features]) -> list[dict[str, float]]:
        """Return the probability of every class for each description."""
        import numpy as np

        if not described:
            return []
        rows: list[int] = []
        amounts: list[float] = []
        owners: list[int] = []
        for number, features in enumerate(described):
            for name, amount in features.items():
                row = self.rows.get(name)
                if row is not None:
                    rows.append(row)
                    amounts.append(amount)
                    owners.append(number)
        parts = self.values[rows].astype(np.float64) * np.array(amounts, dtype=np.float64)[:, None]
        scores = np.zeros((len(described), len(self.classes)))
        np.add.at(scores, owners, parts)
        scores = scores * self.scale + self.offsets
        sure = np.exp(scores - scores.max(axis=1, keepdims=True))
        sure /= sure.sum(axis=1, keepdims=True)
        return [dict(zip(self.classes, map(float, line), strict=True)) for line in sure]


@lru_cache(maxsize=4096)
def folded(text: str, most: int) -> tuple[str, ...]:
    """Return the first words of a text, folded; a number is ``#``."""
    # No letter counts behind the words that are looked at.
    found = _WORD.findall(fold(text[: 12 * most]))[:most]
    return tuple("#" if word[0].isdigit() else word for word in found)


def _zone(found: Features, name: str, words: Sequence[str], weight: float) -> None:
    for word in words:
        found[f"{name} {word}"] = weight
    for one, other in pairwise(words):
        found[f"{name} {one} {other}"] = weight


@lru_cache(maxsize=256)
def _surroundings(around: Around) -> Features:
    """Return what a sentence shares with the others of its paragraph."""
    found: Features = {}
    for depth, title in enumerate(around.titles[:3]):
        _zone(found, "u" if depth else "t", folded(title, _TITLE), 0.25 if depth else 0.5)
    for role in around.roles or ("nothing",):
        found[f"role {role}"] = 0.7
    found[f"roles {','.join(around.roles)}"] = 0.7
    found[f"bullet {around.bullet}"] = 0.3
    found[f"labelled {around.labelled}"] = 0.3
    found[f"place {min(4, int(5 * around.share))}"] = 0.5
    return found


def sentence_features(text: str, number: int, around: Around) -> Features:
    """Return the words of a sentence and of its titles with their weights.

    Args:
        text: The sentence.
        number: Which sentence of its paragraph it is, from 0.
        around: What stands around it.
    """
    words = folded(text, _SENTENCE)
    found: Features = dict(_surroundings(around))
    _zone(found, "w", words, 2 / math.sqrt(max(len(words), 4)))
    _zone(found, "f", ("^", *words[:_FIRST]), 0.5)
    found[f"figures {min(3, words.count('#'))}"] = 0.5
    found[f"long {min(4, len(words) // 8)}"] = 0.3
    found[f"sentence {min(number, 3)}"] = 0.3
    return found


def theme_features(text: str, kind: str, named: Sequence[str]) -> Features:
    """Return the words of a statement with their weights, those at its beginning heavier.

    Args:
        text: The statement.
        kind: Its kind.
        named: Themes by the lists of words, the main one first.
    """
    words = folded(text, _SENTENCE)
    length = 2 / math.sqrt(max(len(words), 4))
    found: Features = {}
    for i, word in reversed(list(enumerate(words))):
        found[f"w {word}"] = length * (1.3 if i < _EARLY else 0.8)
    for i, (one, other) in reversed(list(enumerate(pairwise(words)))):
        found[f"w {one} {other}"] = length * (1.3 if i < _EARLY else 0.8)
    found |= {f"f {word}": 0.5 * length for word in words[:6]}
    found |= {f"named {theme} {place}": 0.6 for place, theme in enumerate(named)}
    found[f"named {','.join(named)}"] = 0.3
    found[f"kind {kind}"] = 0.3
    return found


@lru_cache(maxsize=2)
def weights(name: str, path: Path = WEIGHTS) -> Weights:
    """Read the weights of ``kinds`` or ``themes``; they come with the package."""
    import numpy as np

    with np.load(path) as kept:
        names = kept[f"{name}.features"].tobytes().decode().split("\n")
        return Weights(
            {feature: row for row, feature in enumerate(names)},
            kept[f"{name}.values"],
            kept[f"{name}.scale"],
            kept[f"{name}.offsets"],
            tuple(kept[f"{name}.classes"].tobytes().decode().split("\n")),
        )
