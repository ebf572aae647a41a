"""Make the weights for statements from the development half of the corpus.

    python -m nq57_assets_tests.corpus.train_statements                 # writes nq57_assets/reference/statements.npz
    python -m nq57_assets_tests.corpus.train_statements --leave-out     # scores each batch with weights of the others

A batch is the documents of one writer: those whose names begin with one letter. The locked half takes no part. Needs
scikit-learn; the same corpus gives the same weights.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from nq57_assets.catalogue import Catalogue, catalogue
from nq57_assets.evaluate.statements import StatementTally, likeness, pair
from nq57_assets.evaluate.truth import TrueDocument, TrueStatement, find_documents
from nq57_assets.extract import statements
from nq57_assets.extract.header import read_header
from nq57_assets.extract.observe import PLANNED_TYPES
from nq57_assets.extract.outline import read_outline
from nq57_assets.extract.passages import read_passages
from nq57_assets.extract.statement_places import Walk
from nq57_assets.extract.statement_weights import NONE, WEIGHTS, Features, Weights, theme_features
from nq57_assets.extract.statement_words import compile_words
from nq57_assets.model import Document, Header, Section
from nq57_assets.readers import read_document
from nq57_assets_tests.corpus.linear import packed, tabled

DEVELOPMENT = Path(__file__).parent / "development"
# A sentence counts as the noted one from this likeness of their ends on, as in ``nq57_assets.evaluate``.
_ALIKE = 62.0
_FEWEST_WORDS, _FEWEST_LETTERS = 3, 15
_LEAST_MET = 2
# Documents that exist as clean text alone are of the writers that know nothing of the lists of words; the readings of
# one document by tesseract repeat it.
_FRESH, _REPEATED = 3.0, 0.4
_SOFTNESS = {"kinds": 2.0, "themes": 1.0}


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence or statement with what it is."""

    features: Features
    label: str
    weight: float


@dataclass(frozen=True, slots=True)
class Read:
    """A document ready to be read for statements."""

    truth: TrueDocument
    document: Document
    header: Header
    outline: tuple[Section, ...]

    @property
    def batch(self) -> str:
        """The first letter of its name, which tells its writer."""
        return self.truth.path.name[0]


def documents(half: Path, reference: Catalogue) -> list[Read]:
    """Return the documents of a half that somebody has read for statements."""
    found = []
    for truth in find_documents(half, reference):
        if truth.statements is not None:
            document = read_document(truth.path.read_bytes(), truth.path.name, reference)
            found.append(Read(truth, document, read_header(document, reference), read_outline(document)))
    return found


def examples(read: Read, reference: Catalogue, fresh: bool) -> tuple[list[Example], list[Example]]:
    """Return the sentences of a document as examples of kinds, and its statements as examples of themes."""
    if read.document.sheets or read.header.document_type in (*PLANNED_TYPES, "form"):
        return [], []
    words = compile_words(reference)
    reader = statements.Reader(read.document, read.header, words, learned=True)
    spots = Walk(read.document, words).spots(partial(read_passages, read.document, read.outline))
    met = [one for spot in spots for one in reader.candidates(spot)]
    labels = _labels([one.unit.text for one in met], read.truth.statements or ())
    clean = read.truth.channel == "clean"
    weight = (_FRESH if fresh else 1.0) if clean else _REPEATED
    kinds, themes = [], []
    for i, one in enumerate(met):
        noted = labels.get(i)
        kinds.append(Example(one.features, noted.kind if noted else NONE, weight))
        if noted:
            named = words.themes(one.unit.said, noted.kind == "recommendation")
            described = theme_features(one.unit.text, noted.kind, named)
            themes.append(Example(described, noted.themes[0], 1.0 if clean else _REPEATED))
    return kinds, themes


def _labels(texts: Sequence[str], noted: Sequence[TrueStatement]) -> dict[int, TrueStatement]:
    """Return which text is which noted statement; a text of few words is none, however alike."""
    scored = sorted(
        (-likeness(text, one.text), i, j)
        for i, text in enumerate(texts)
        if len(text.split()) >= _FEWEST_WORDS and sum(map(str.isalpha, text)) >= _FEWEST_LETTERS
        for j, one in enumerate(noted)
    )
    found: dict[int, int] = {}
    for score, i, j in scored:
        if -score >= _ALIKE and i not in found and j not in found.values():
            found[i] = j
    return {i: noted[j] for i, j in found.items()}


def learn(met: Sequence[Example], softness: float) -> dict[str, Any]:
    """Return the weights of a logistic regression as arrays of whole numbers."""
    from sklearn.linear_model import LogisticRegression

    names, table = tabled([example.features for example in met], _LEAST_MET)
    model = LogisticRegression(C=softness, max_iter=300, tol=1e-3)
    model.fit(table, [example.label for example in met], sample_weight=[one.weight for one in met])
    return packed(model, names)


def learn_both(
    met: Sequence[tuple[list[Example], list[Example]]],
) -> dict[str, dict[str, Any]]:
    """Return the weights of kinds and of themes from the examples of some documents."""
    return {
        name: learn([example for both in met for example in both[place]], _SOFTNESS[name])
        for place, name in enumerate(("kinds", "themes"))
    }


def as_weights(arrays: dict[str, Any]) -> Weights:
    """Return weights as the extraction uses them."""
    names = arrays["features"].tobytes().decode().split("\n")
    classes = tuple(arrays["classes"].tobytes().decode().split("\n"))
    rows = {name: row for row, name in enumerate(names)}
    return Weights(rows, arrays["values"], arrays["scale"], arrays["offsets"], classes)


def leave_out(
    read: Sequence[Read],
    met: Sequence[tuple[list[Example], list[Example]]],
    batches: Sequence[str],
    reference: Catalogue,
) -> dict[tuple[str, str], StatementTally]:
    """Score batches, each with weights that never met it; tallies by batch and channel."""
    tallies: dict[tuple[str, str], StatementTally] = defaultdict(StatementTally)
    for batch in batches:
        others = [both for one, both in zip(read, met, strict=True) if one.batch != batch]
        learned = {name: as_weights(arrays) for name, arrays in learn_both(others).items()}
        with patch.object(statements, "weights", learned.__getitem__):
            for one in read:
                if one.batch == batch:
                    _score(tallies[batch, one.truth.channel], one, reference)
    return tallies


def _score(tally: StatementTally, one: Read, reference: Catalogue) -> None:
    told = statements.read_statements(one.document, one.header, one.outline, reference)
    noted = one.truth.statements or ()
    pairs, _, _ = pair(told, noted)
    tally.documents += 1
    tally.expected += len(noted)
    tally.seen += len(told)
    tally.found += len(pairs)
    for statement, true in pairs:
        if statement.kind == true.kind:
            tally.matched += 1
            tally.theme_right += statement.themes[0] == true.themes[0]
            tally.addressed += true.addressee is not None
            tally.addressee_right += true.addressee is not None and statement.addressee == true.addressee


def main(arguments: Sequence[str]) -> None:
    """Learn from the development half and write the weights, or score them on what they haven't met."""
    reference = catalogue()
    read = documents(DEVELOPMENT, reference)
    channels = Counter(one.truth.path.name for one in read)
    met = [examples(one, reference, channels[one.truth.path.name] == 1) for one in read]
    if "--leave-out" in arguments:
        batches = sorted({one.batch for one in read})
        for batch in batches:
            for (_, channel), tally in leave_out(read, met, [batch], reference).items():
                print(batch, channel, tally.to_dict(), flush=True)
        return
    learned = learn_both(met)
    arrays = {f"{name}.{key}": value for name, kept in learned.items() for key, value in kept.items()}
    np.savez_compressed(WEIGHTS, **arrays)
    print(f"{sum(len(both[0]) for both in met)} sentences; {WEIGHTS.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
