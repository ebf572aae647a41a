"""Documents of the corpus as examples: every figure with what stands around it and what its truth says it is.

A figure of a document is an example of the indicator that its truth names, any other figure is one of ``none``. Each
clean text is met again with its letters worn as other engines of recognition wear them, so that weights do not learn
one engine's habits.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from nq57_assets.catalogue import Catalogue, catalogue
from nq57_assets.evaluate.truth import TrueDocument, TrueFigure, find_documents
from nq57_assets.extract.agreement import Claim
from nq57_assets.extract.header import read_header
from nq57_assets.extract.observe import PassageReader, observe
from nq57_assets.extract.outline import read_outline
from nq57_assets.extract.quantities import Quantity
from nq57_assets.extract.running_text import RunningText, Told, running_text
from nq57_assets.extract.scene import Scene
from nq57_assets.extract.second_reading import NONE, features
from nq57_assets.extract.tables import Row
from nq57_assets.model import Observation
from nq57_assets.readers import read_document
from nq57_assets.vietnamese.fold import fold

# A clean text is met as it is and so many times worn.
_WEARS = 2
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

    features: dict[str, float]
    label: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """One text of a document: its words in their order, and its figures as examples, in reading order.

    ``channel`` is that of the document, or ``worn 1``, ``worn 2`` for its clean text with its letters worn.
    """

    document: str
    channel: str
    text: RunningText
    examples: list[Example]


@dataclass(frozen=True, slots=True)
class _Figure:
    place: float
    line: int
    values: frozenset[float]
    is_share: bool
    beside: bool
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


def _read(document: TrueDocument, reference: Catalogue, wear: int) -> tuple[RunningText, list[_Figure]]:
    """Return the text of a document and every figure of it, in reading order."""
    figures: list[tuple[Scene, Quantity, str]] = []
    told: list[Told] = []

    class Listening(PassageReader):
        def _figures(
            self, scene: Scene, before: str, row: Row | None
        ) -> tuple[list[Observation], Mapping[int, Sequence[Claim]]]:
            return [], {}

        def completed(self, found: Sequence[Observation]) -> list[Observation]:
            figures.extend(self._met)
            told.extend(self._told)
            return list(found)

    content = document.path.read_bytes()
    if wear:
        content = worn(content.decode(), f"{document.path.name} {wear}").encode()
    read_with(Listening, content, document.path.name, reference)
    return running_text(told), [
        _Figure(
            number / len(figures),
            scene.passage.address_at(scene.tokens[quantity.index].start).line or 0,
            values_of(quantity),
            quantity.percent is not None or quantity.ratio is not None,
            quantity.beside,
            features(scene, quantity, before),
        )
        for number, (scene, quantity, before) in enumerate(figures)
    ]


def read_with(reader: type[PassageReader], content: bytes, name: str, reference: Catalogue) -> None:
    """Let a reader of passages meet the figures of a document."""
    document = read_document(content, name, reference)
    observe(document, read_header(document, reference), read_outline(document), reference, reader)


def _distance(figure: _Figure, truth: TrueFigure, place: float, clean: bool) -> float:
    """Return how far a figure is from where a truth stands: in lines of the clean text, else in shares of the text."""
    return abs(figure.line - (truth.line or 0)) / 3 if clean else abs(figure.place - place) / 0.2


def labelled(document: TrueDocument, reference: Catalogue, wear: int = 0) -> Labelled:
    """Return a document with its figures as examples, of its text as it is or worn for the ``wear``-th time."""
    text, figures = _read(document, reference, wear)
    truths = [t for t in document.figures if reference.indicator[t.indicator].kind != "flag"]
    labels: dict[int, str] = {}
    for number, truth in enumerate(truths):
        wanted = {truth.value, truth.low, truth.high, truth.numerator} - {None}
        rate = reference.indicator[truth.indicator].kind == "rate"
        near = [
            (
                rate and not figure.is_share,
                _distance(figure, truth, number / len(truths), document.channel == "clean"),
                figure.beside,
                i,
            )
            for i, figure in enumerate(figures)
            if i not in labels and figure.values & wanted
        ]
        if near and min(near)[1] <= 1:
            labels[min(near)[-1]] = truth.indicator
    channel = f"worn {wear}" if wear else document.channel
    examples = [Example(figure.features, labels.get(i, NONE)) for i, figure in enumerate(figures)]
    return Labelled(document.path.stem.split(".")[0], channel, text, examples)


def batch_of(name: str) -> str:
    """Return the batch of a document, and with it its writer: the letters that its name begins with."""
    return "".join(takewhile(str.isalpha, name))


def labelled_half(half: Path, reference: Catalogue, without: Collection[str] = ()) -> list[Labelled]:
    """Return every text of a half of the corpus with figures, but for these batches."""
    documents = [one for one in find_documents(half, reference) if batch_of(one.path.name) not in without]
    jobs = [
        (document, wear)
        for document in documents
        for wear in range(_WEARS + 1)
        if not wear or document.channel == "clean"
    ]
    with ProcessPoolExecutor() as workers:
        texts = list(workers.map(_labelled, jobs, chunksize=16))
    return [text for text in texts if text.examples]


def _labelled(job: tuple[TrueDocument, int]) -> Labelled:
    document, wear = job
    return labelled(document, catalogue(), wear)
