"""Make the weights of the second reading from the development half of the corpus.

    python -m nq57_assets_tests.corpus.train            # writes nq57_assets/reference/second_reading.npz
    python -m nq57_assets_tests.corpus.train fo         # the same without the batches f… and o…, to fit on these

A figure of a document is an example of the indicator that its truth names, any other figure is one of ``none``. Each
clean text is met once more with its letters worn as other engines of recognition wear them, so that the weights do
not learn one engine's habits. The locked half takes no part. Needs scikit-learn; the same corpus gives the same weights.
"""

from __future__ import annotations

import hashlib
import random
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nq57_assets.catalogue import Catalogue, catalogue
from nq57_assets.evaluate.truth import TrueDocument, TrueFigure, find_documents
from nq57_assets.extract.header import read_header
from nq57_assets.extract.observe import PassageReader, observe
from nq57_assets.extract.outline import read_outline
from nq57_assets.extract.quantities import Quantity
from nq57_assets.extract.scene import Scene
from nq57_assets.extract.second_reading import NONE, WEIGHTS, features
from nq57_assets.extract.tables import Row
from nq57_assets.model import Observation
from nq57_assets.readers import read_document
from nq57_assets.vietnamese.fold import fold
from nq57_assets_tests.corpus.linear import packed, tabled

DEVELOPMENT = Path(__file__).parent / "development"
# A feature must have been met in this many examples; the three channels repeat a document.
_LEAST_MET = 8
# So many followers of each indicator are taken to be as frequent as anywhere.
_EQUAL = 10
_FLATTENED = 0.5
# What an engine without Vietnamese makes of a letter with marks: docs/decisions/0008 and the real submissions show it.
_WORN = {
    "a": ("a", "a", "a", "á", "à", "é", "4", "i", "ä"),
    "a^": ("a", "4", "â", "é", "ä", "a"),
    "e": ("e", "e", "é", "è", "¢"),
    "e^": ("é", "é", "e", "ê", "¢", "6"),
    "i": ("i", "i", "i", "í", "j", "l"),
    "o": ("o", "o", "6", "ó", "é", "d"),
    "o^": ("6", "6", "o", "d", "b", "é", "ô", "g"),
    "u": ("u", "u", "ú", "it", "ti", "y"),
    "u^": ("w", "t", "it", "ir", "u", "ú"),
    "y": ("y", "y", "¥", "ý"),
    "đ": ("d", "d", "d", "b", "p", "đ"),
}


@dataclass(frozen=True, slots=True)
class Example:
    """A figure of a document with what stands around it and what it is."""

    document: str
    channel: str
    features: dict[str, float]
    label: str


@dataclass(frozen=True, slots=True)
class _Figure:
    place: float
    line: int
    values: frozenset[float]
    is_share: bool
    features: dict[str, float]


def values_of(quantity: Quantity) -> frozenset[float]:
    """Return every number that a truth may give for a figure."""
    ratio = quantity.ratio
    percent, numeral = quantity.percent, quantity.numeral
    parts: set[float | None] = {percent} if percent is not None else {quantity.low, numeral.high}
    if ratio is not None:
        parts |= {ratio[0], round(100 * ratio[0] / ratio[1], 2) if ratio[1] else None}
    return frozenset(value for value in parts if value is not None)


def worn(text: str, seed: str) -> str:
    """Return a text as an engine without Vietnamese reads it: digits and lines stay, marked letters become others."""
    choose = random.Random(seed)
    spared = 0.15 * choose.random()
    letters = []
    for letter in unicodedata.normalize("NFC", text).replace("ươ", "uo").replace("ƯƠ", "UO"):
        plain = fold(letter)
        if plain == letter.lower() or choose.random() < spared:
            letters.append(letter)
            continue
        mark = unicodedata.normalize("NFD", letter.lower())[0] if letter.lower() != "đ" else "đ"
        hooked = any(c in "\u0302\u031b" for c in unicodedata.normalize("NFD", letter))
        read = choose.choice(_WORN[mark + ("^" if hooked and mark + "^" in _WORN else "")])
        letters.append(read.upper() if letter.isupper() else read)
    return "".join(letters)


def _figures(document: TrueDocument, reference: Catalogue, wear: bool) -> list[_Figure]:
    """Return every figure of a document, in reading order."""
    met: list[tuple[Scene, str]] = []

    class Listening(PassageReader):
        def _figures(self, scene: Scene, before: str, row: Row | None) -> list[Observation]:
            met.append((scene, before))
            return []

    content = document.path.read_bytes()
    if wear:
        content = worn(content.decode(), document.path.name).encode()
    read_with(Listening, content, document.path.name, reference)
    told = [(scene, quantity, before) for scene, before in met for quantity in scene.quantities]
    return [
        _Figure(
            number / len(told),
            scene.passage.address_at(scene.tokens[quantity.index].start).line or 0,
            values_of(quantity),
            quantity.percent is not None or quantity.ratio is not None,
            features(scene, quantity, before),
        )
        for number, (scene, quantity, before) in enumerate(told)
    ]


def read_with(reader: type[PassageReader], content: bytes, name: str, reference: Catalogue) -> None:
    """Let a reader of passages meet the figures of a document."""
    document = read_document(content, name, reference)
    observe(document, read_header(document, reference), read_outline(document), reference, reader)


def _distance(figure: _Figure, truth: TrueFigure, place: float, clean: bool) -> float:
    """Return how far a figure is from where a truth stands: in lines of the clean text, else in shares of the text."""
    return abs(figure.line - (truth.line or 0)) / 3 if clean else abs(figure.place - place) / 0.2


def labelled(document: TrueDocument, reference: Catalogue, wear: bool = False) -> Iterator[Example]:
    """Yield the figures of a document as examples, of its text as it is or worn."""
    figures = _figures(document, reference, wear)
    truths = [t for t in document.figures if reference.indicator[t.indicator].kind != "flag"]
    labels: dict[int, str] = {}
    for number, truth in enumerate(truths):
        wanted = {truth.value, truth.low, truth.high, truth.numerator} - {None}
        rate = reference.indicator[truth.indicator].kind == "rate"
        near = [
            (rate and not figure.is_share, _distance(figure, truth, number / len(truths), document.channel == "clean"), i)
            for i, figure in enumerate(figures)
            if i not in labels and figure.values & wanted
        ]  # fmt: skip
        if near and min(near)[1] <= 1:
            labels[min(near)[2]] = truth.indicator
    for i, figure in enumerate(figures):
        channel = "worn" if wear else document.channel
        yield Example(document.path.stem.split(".")[0], channel, figure.features, labels.get(i, NONE))


def examples(half: Path, reference: Catalogue, without: str = "") -> list[Example]:
    """Return every figure of a half of the corpus, but for the batches of these letters."""
    documents = [one for one in find_documents(half, reference) if one.path.name[0] not in without]
    met = [example for document in documents for example in labelled(document, reference)]
    clean = [document for document in documents if document.channel == "clean"]
    return met + [example for document in clean for example in labelled(document, reference, wear=True)]


def follows(met: Sequence[Example], classes: Sequence[str]) -> np.ndarray:
    """Return how much likelier each indicator is behind each other one, and at the beginning, than anywhere.

    Figures of no indicator are passed over. The factors are flattened, for an order tells less than words do.
    """
    codes = {code: i for i, code in enumerate(code for code in classes if code != NONE)}
    counted = np.zeros((len(codes) + 1, len(codes)))
    last, name = len(codes), ""
    for example in met:
        if example.channel != "clean":
            continue  # The others repeat it.
        if example.document != name:
            last, name = len(codes), example.document
        if example.label in codes:
            counted[last, codes[example.label]] += 1
            last = codes[example.label]
    alone = counted.sum(axis=0) + 0.5
    alone /= alone.sum()
    shares = (counted + _EQUAL * alone) / (counted.sum(axis=1, keepdims=True) + _EQUAL)
    return ((shares / alone) ** _FLATTENED).astype(np.float16)


def digest(half: Path) -> str:
    """Return what tells whether weights were learned from a half as it is."""
    paths = sorted(path for path in half.rglob("*") if path.suffix in (".txt", ".yaml"))
    told = hashlib.sha256()
    for path in paths:
        told.update(f"{path.relative_to(half)}\0".encode())
        told.update(path.read_bytes())
    return told.hexdigest()


def learn(met: Sequence[Example]) -> dict[str, Any]:
    """Return the weights of a logistic regression, one class against the others, as arrays of whole numbers."""
    from sklearn.linear_model import SGDClassifier
    from sklearn.preprocessing import normalize

    names, table = tabled([example.features for example in met], _LEAST_MET)
    model = SGDClassifier(loss="log_loss", alpha=3e-6, max_iter=15, tol=None, random_state=0, average=True)
    model.fit(normalize(table), [example.label for example in met])
    return packed(model, names) | {"follows": follows(met, model.classes_)}


def main(without: str = "") -> None:
    """Learn from the development half, but for the batches of these letters, and write the weights."""
    # Weights that have not met all documents are none to ship: the test of the digest tells them.
    told = digest(DEVELOPMENT) + (f" without {without}" if without else "")
    corpus = np.frombuffer(told.encode(), dtype=np.uint8)
    met = examples(DEVELOPMENT, catalogue(), without)
    learned = learn(met) | {"corpus": corpus}
    np.savez_compressed(WEIGHTS, **learned)
    known = sum(example.label != NONE for example in met)
    print(
        f"{len(met)} figures, {known} of an indicator; {len(learned['values'])} features; {WEIGHTS.stat().st_size} bytes"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
