"""A network that reads a document's words in their order: the second reading's other voice on every figure.

The weights of ``second_reading`` know which words stand near a figure, not how they follow each other. The network
reads the whole text: convolutions over the words, then over the figures, each with the first voice's shares of itself
and of its rivals. Neither voice is better than the other; their geometric mean is better than both
(docs/decisions/0014).

Belongs here: what the network makes of a text. Does not belong: what it sees (``running_text``), its making
(``nq57_assets_tests/corpus/learn_network.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from nq57_assets.extract.rivals import Claimed
from nq57_assets.extract.running_text import RunningText, Word, parts_of
from nq57_assets.extract.second_reading import NONE, Opinion

if TYPE_CHECKING:
    import numpy as np

WEIGHTS = Path(__file__).parents[1] / "reference" / "text_network.npz"
# Words that are read at once; all of a long document would take too much memory.
_AT_ONCE = 4096
_MOST_WORDS = 20_000
_LEAST = 1e-4
_NEVER_NONE = 1e-5


@dataclass(frozen=True, slots=True)
class Block:
    """A convolution over three places, gated, added to what it was made of.

    Attributes:
        scale, shift: Of the normalisation before it, by channel.
        kernel: Three matrices of channels by twice the channels: for the place before, here and behind.
        bias: Twice the channels.
        step: How far the outer places lie.
    """

    scale: np.ndarray
    shift: np.ndarray
    kernel: np.ndarray
    bias: np.ndarray
    step: int


@dataclass(frozen=True, slots=True)
class Network:
    """The learned network.

    Attributes:
        rows: The row of each part of a word in ``parts``.
        parts: A vector for each part.
        text: Blocks over words.
        figures: Blocks over figures.
        layers: The other matrices and vectors by name.
        classes: Indicators and ``none``.
        vectors: Of words met, kept.
    """

    rows: dict[str, int]
    parts: np.ndarray
    text: tuple[Block, ...]
    figures: tuple[Block, ...]
    layers: dict[str, np.ndarray]
    classes: tuple[str, ...]
    vectors: dict[Word, np.ndarray] = field(default_factory=dict)


@lru_cache(maxsize=1)
def network(path: Path = WEIGHTS) -> Network:
    """Read the weights; they come with the package."""
    import numpy as np

    with np.load(path) as kept:
        layers = {name: kept[name].astype(np.float32) for name in kept.files if "." in name}
        names = kept["names"].tobytes().decode().split("\n")
        classes = tuple(kept["classes"].tobytes().decode().split("\n"))
        blocks = {
            of: tuple(_block(layers, f"{of}.{i}", int(step)) for i, step in enumerate(kept[f"{of}_steps"]))
            for of in ("text", "figures")
        }
    return Network(
        {name: row for row, name in enumerate(names)},
        layers["parts.values"],
        blocks["text"],
        blocks["figures"],
        layers,
        classes,
    )


def _block(layers: dict[str, np.ndarray], name: str, step: int) -> Block:
    scale, shift, kernel, bias = (layers[f"{name}.{part}"] for part in ("scale", "shift", "kernel", "bias"))
    return Block(scale, shift, kernel, bias, step)


def with_network(opinions: Sequence[Opinion], text: RunningText) -> list[Opinion]:
    """Return opinions on all figures of a document as the network's reading of its text makes them.

    Args:
        opinions: On each figure in its place, in reading order; with what its words alone tell.
        text: The document.
    """
    import numpy as np

    learned = network()
    if not opinions:
        return []
    alone = np.array([[(one.alone or one.shares).get(c, 0.0) for c in learned.classes] for one in opinions])
    placed = np.array([[one.shares.get(c, 0.0) for c in learned.classes] for one in opinions])
    read = shares_of(text, alone.astype(np.float32), learned)
    both = np.sqrt((placed + _NEVER_NONE) * (read + _NEVER_NONE))
    both /= both.sum(axis=1, keepdims=True)
    return [
        replace(one, shares=dict(zip(learned.classes, row, strict=True)))
        for one, row in zip(opinions, both.tolist(), strict=True)
    ]


def shares_of(text: RunningText, alone: np.ndarray, learned: Network) -> np.ndarray:
    """Return the share of each class for each figure.

    Args:
        text: The document.
        alone: The shares by the words around each figure: a row a figure, a column a class.
        learned: The network.
    """
    import numpy as np

    layers = learned.layers
    vectors = _vectors(text.words, learned)
    read = _read_along(vectors, learned.text)
    read = _normal(read, layers["after_text.scale"], layers["after_text.shift"])
    seen = np.concatenate(
        [read[text.places], read[text.nouns], vectors[text.places], np.array(text.forms, dtype=np.float32)],
        axis=1,
    )
    figures = seen @ layers["seen.weight"] + layers["seen.bias"]
    figures += (
        told_by_words(alone, text.claims, learned.classes) @ layers["told.weight"] + layers["told.bias"]
    )
    figures = _blocks(figures, learned.figures)
    figures = _normal(figures, layers["after_figures.scale"], layers["after_figures.shift"])
    scores = figures @ layers["answer.weight"] + layers["answer.bias"]
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: np.ndarray = scores / scores.sum(axis=1, keepdims=True)
    return shares


def told_by_words(alone: np.ndarray, claims: Sequence[Claimed], classes: Sequence[str]) -> np.ndarray:
    """Return of each figure what its words tell, and for each indicator the largest share of another value.

    Args:
        alone: A row a figure, a column a class.
        claims: What each figure claims.
        classes: Of the columns.

    Returns:
        A row a figure: as many columns as classes, then one for each indicator.
    """
    import numpy as np

    values = {value: row for row, value in enumerate(dict.fromkeys(claims))}
    rows = np.array([values[claim] for claim in claims])
    shares = np.delete(alone, list(classes).index(NONE), axis=1)
    largest = np.zeros((len(values) + 1, shares.shape[1]), dtype=np.float32)
    np.maximum.at(largest, rows, shares)
    ranked = np.sort(largest, axis=0)
    # To the value with the largest share, the second largest is the rival.
    rival = np.where(largest == ranked[-1], ranked[-2], ranked[-1])
    told: np.ndarray = np.concatenate([np.log(np.clip(alone, _LEAST, 1)) / 3 + 1.5, rival[rows]], axis=1)
    return told.astype(np.float32)


def _vectors(words: Sequence[Word], learned: Network) -> np.ndarray:
    """Return a vector a word: the mean of those of its parts that the network knows."""
    import numpy as np

    if len(learned.vectors) > _MOST_WORDS:
        learned.vectors.clear()
    places: dict[Word, int] = {}
    ids = [places.setdefault(word, len(places)) for word in words]
    return np.stack([_vector(word, learned) for word in places])[ids]


def _vector(word: Word, learned: Network) -> np.ndarray:
    import numpy as np

    known = learned.vectors.get(word)
    if known is None:
        rows = [learned.rows[part] for part in parts_of(word) if part in learned.rows]
        known = learned.parts[rows].mean(axis=0) if rows else np.zeros(learned.parts.shape[1], np.float32)
        learned.vectors[word] = known
    return known


def _read_along(vectors: np.ndarray, blocks: Sequence[Block]) -> np.ndarray:
    """Return what the blocks make of a long text, piece by piece, each with as much around it as they can see."""
    import numpy as np

    around = sum(block.step for block in blocks)

    def pieces() -> Iterator[np.ndarray]:
        for start in range(0, len(vectors), _AT_ONCE):
            first = max(0, start - around)
            read = _blocks(vectors[first : start + _AT_ONCE + around], blocks)
            yield read[start - first : start - first + _AT_ONCE]

    return np.concatenate(list(pieces()))


def _blocks(values: np.ndarray, blocks: Sequence[Block]) -> np.ndarray:
    import numpy as np

    for block in blocks:
        count, channels = values.shape
        step = block.step
        padded = np.zeros((count + 2 * step, channels), dtype=np.float32)
        padded[step : step + count] = _normal(values, block.scale, block.shift)
        made = padded[:count] @ block.kernel[0] + block.bias
        made += padded[step : step + count] @ block.kernel[1]
        made += padded[2 * step :] @ block.kernel[2]
        gate = 0.5 + 0.5 * np.tanh(0.5 * made[:, channels:])
        values = values + made[:, :channels] * gate
    return values


def _normal(values: np.ndarray, scale: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Return each row with mean 0 and variance 1, scaled and shifted."""
    import numpy as np

    centred = values - values.mean(axis=1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5)
    normal: np.ndarray = centred / spread * scale + shift
    return normal
