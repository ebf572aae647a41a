"""Learn the network of ``extract/text_network.py`` from labelled texts.

It is given the shares of a logistic regression that has not met the writer of the text (``shares_unmet``): learned
from shares that know their texts by heart, it would trust them too much.

Needs PyTorch.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nq57_assets.extract.running_text import FORM_SIZE, Word, parts_of
from nq57_assets.extract.text_network import told_by_words
from nq57_assets_tests.corpus.labelled import Labelled, batch_of
from nq57_assets_tests.corpus.linear import fitted, table_of

_FOLDS = 5
_LEAST_MET = 8
_CHANNELS = 96
_TEXT_STEPS, _FIGURE_STEPS = (1, 2, 4, 8), (1, 2, 4)
_ROUNDS = 10
_TEXTS_AT_ONCE = 12
# Of the texts of one document, so many are met in a round.
_TEXTS_OF_ONE = 2
_RATE, _LEAST_RATE = 3e-3, 1e-5
_DROPPED, _WORDS_DROPPED, _SHARES_DROPPED = 0.25, 0.1, 0.1
_SMOOTHING, _BY_TEXT_ALONE = 0.02, 0.3
# Between two texts in a row stand so many empty places, more than a block reaches.
_BETWEEN_TEXTS, _BETWEEN_FIGURES = 16, 8


@dataclass(frozen=True, slots=True)
class _Text:
    document: str
    words: np.ndarray
    places: np.ndarray
    nouns: np.ndarray
    forms: np.ndarray
    told: np.ndarray
    labels: np.ndarray


def learn_network(texts: Sequence[Labelled]) -> dict[str, Any]:
    """Return the network as arrays by name, as ``text_network.network`` reads them."""
    classes = sorted({example.label for text in texts for example in text.examples})
    counted = Counter(part for text in texts for word in text.text.words for part in parts_of(word))
    names = sorted(name for name, times in counted.items() if times >= _LEAST_MET)
    kinds: dict[Word, int] = {}
    prepared = [
        _prepared(text, shares, classes, kinds)
        for text, shares in zip(texts, shares_unmet(texts, classes), strict=True)
    ]
    rows = {name: row for row, name in enumerate(names)}
    parts = [[rows[part] for part in parts_of(word) if part in rows] for word in kinds]
    return _learned(prepared, parts, len(names), len(classes)) | {
        "names": np.frombuffer("\n".join(names).encode(), dtype=np.uint8),
        "classes": np.frombuffer("\n".join(classes).encode(), dtype=np.uint8),
        "text_steps": np.array(_TEXT_STEPS),
        "figures_steps": np.array(_FIGURE_STEPS),
    }


def shares_unmet(texts: Sequence[Labelled], classes: Sequence[str]) -> list[np.ndarray]:
    """Return for each text the shares of its figures by a regression that has met nothing of its writer."""
    from sklearn.preprocessing import normalize

    figures = Counter[str]()
    for text in texts:
        figures[batch_of(text.document)] += len(text.examples)
    folds: list[set[str]] = [set() for _ in range(min(_FOLDS, len(figures)))]
    for writer, _ in figures.most_common():
        min(folds, key=lambda fold: sum(figures[one] for one in fold)).add(writer)
    shares: dict[int, np.ndarray] = {}
    for fold in folds:
        others = [text for text in texts if batch_of(text.document) not in fold]
        model, names = fitted(others or texts)
        columns = [classes.index(name) for name in model.classes_]
        unmet = [number for number, text in enumerate(texts) if batch_of(text.document) in fold]
        met = [example.features for number in unmet for example in texts[number].examples]
        told = np.zeros((len(met), len(classes)), dtype=np.float32)
        told[:, columns] = model.predict_proba(normalize(table_of(met, names)))
        ends = np.cumsum([len(texts[number].examples) for number in unmet])
        shares |= dict(zip(unmet, np.split(told, ends[:-1]), strict=True))
    return [shares[number] for number in range(len(texts))]


def _prepared(text: Labelled, shares: np.ndarray, classes: Sequence[str], kinds: dict[Word, int]) -> _Text:
    told = text.text
    return _Text(
        text.document,
        np.array([kinds.setdefault(word, len(kinds)) for word in told.words]),
        np.array(told.places),
        np.array(told.nouns),
        np.array(told.forms, dtype=np.float32),
        told_by_words(shares, told.claims, classes),
        np.array([classes.index(example.label) for example in text.examples]),
    )


def _network(parts: int, classes: int) -> Any:
    """Return a network of PyTorch with the layers of ``text_network``."""
    import torch
    from torch import nn

    class Gated(nn.Module):  # type: ignore[misc]
        def __init__(self, step: int) -> None:
            super().__init__()
            self.normal = nn.LayerNorm(_CHANNELS)
            self.over = nn.Conv1d(_CHANNELS, 2 * _CHANNELS, 3, padding=step, dilation=step)
            self.drop = nn.Dropout(_DROPPED)

        def forward(self, values: Any, there: Any) -> Any:
            made = self.over((self.normal(values) * there).T[None])[0].T
            told, gate = made.chunk(2, 1)
            return (values + self.drop(told * torch.sigmoid(gate))) * there

    class TextNetwork(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.parts = nn.EmbeddingBag(parts + 1, _CHANNELS, mode="mean", padding_idx=parts)
            nn.init.normal_(self.parts.weight)
            self.text = nn.ModuleList(map(Gated, _TEXT_STEPS))
            self.after_text = nn.LayerNorm(_CHANNELS)
            self.seen = nn.Linear(3 * _CHANNELS + FORM_SIZE, _CHANNELS)
            self.told = nn.Linear(2 * classes - 1, _CHANNELS)
            self.figures = nn.ModuleList(map(Gated, _FIGURE_STEPS))
            self.after_figures = nn.LayerNorm(_CHANNELS)
            self.answer = nn.Linear(_CHANNELS, classes)
            # Learns along, so that the text is read and not the shares alone; not kept.
            self.by_text = nn.Linear(_CHANNELS, classes)
            self.drop, self.drop_shares = nn.Dropout(_DROPPED), nn.Dropout(_SHARES_DROPPED)

        def forward(self, batch: _Batch) -> tuple[Any, Any]:
            words = self.parts(batch.parts, batch.starts)[batch.words]
            words = words * (torch.rand(len(words), 1) > _WORDS_DROPPED)
            words = self.drop(words) * batch.there
            read = words
            for block in self.text:
                read = block(read, batch.there)
            read = self.drop(self.after_text(read))
            around = [read[batch.places], read[batch.nouns], words[batch.places], batch.forms]
            seen = self.seen(torch.cat(around, 1))
            by_text = self.by_text(self.drop(torch.relu(seen)))
            figures = seen + self.told(self.drop_shares(batch.told))
            row = torch.zeros(batch.length, _CHANNELS).index_copy(0, batch.figures, figures)
            there = torch.zeros(batch.length, 1).index_fill(0, batch.figures, 1.0)
            for block in self.figures:
                row = block(row, there)
            return self.answer(self.drop(self.after_figures(row[batch.figures]))), by_text

    return TextNetwork()


@dataclass(frozen=True, slots=True)
class _Batch:
    """Some texts in one row, as tensors."""

    parts: Any
    starts: Any
    words: Any
    there: Any
    places: Any
    nouns: Any
    forms: Any
    told: Any
    figures: Any
    length: int
    labels: Any


def _batch(texts: Sequence[_Text], parts: Sequence[Sequence[int]], nothing: int) -> _Batch:
    import torch

    rows, places, nouns, figures = [], [], [], []
    words = count = 0
    for text in texts:
        rows += [text.words, np.full(_BETWEEN_TEXTS, -1)]
        places.append(words + text.places)
        nouns.append(words + text.nouns)
        figures.append(count + np.arange(len(text.places)))
        words += len(text.words) + _BETWEEN_TEXTS
        count += len(text.places) + _BETWEEN_FIGURES
    row = np.concatenate(rows)
    kinds, inverse = np.unique(row, return_inverse=True)
    known = [parts[kind] or [nothing] if kind >= 0 else [nothing] for kind in kinds]
    starts = np.cumsum([0, *map(len, known[:-1])])

    def joined(arrays: Sequence[np.ndarray]) -> Any:
        return torch.from_numpy(np.concatenate(arrays))

    return _Batch(
        torch.tensor([part for one in known for part in one]),
        torch.from_numpy(starts),
        torch.from_numpy(inverse),
        torch.from_numpy((row >= 0).astype(np.float32))[:, None],
        joined(places),
        joined(nouns),
        joined([text.forms for text in texts]),
        joined([text.told for text in texts]),
        joined(figures),
        count,
        joined([text.labels for text in texts]),
    )


def _rounds(texts: Sequence[_Text]) -> Iterator[tuple[float, list[_Text]]]:
    """Yield some texts at a time, with the share of all rounds that is done."""
    choose = np.random.default_rng(0)
    of: dict[str, list[_Text]] = {}
    for text in texts:
        of.setdefault(text.document, []).append(text)
    for done in range(_ROUNDS):
        met = [
            one[i]
            for one in of.values()
            for i in choose.choice(len(one), min(_TEXTS_OF_ONE, len(one)), replace=False)
        ]
        order = choose.permutation(len(met))
        for start in range(0, len(met), _TEXTS_AT_ONCE):
            chosen = [met[i] for i in order[start : start + _TEXTS_AT_ONCE]]
            yield (done + start / len(met)) / _ROUNDS, chosen
        print(f"round {done + 1} of {_ROUNDS}", flush=True)


def _learned(
    texts: Sequence[_Text], parts: Sequence[Sequence[int]], part_count: int, class_count: int
) -> dict[str, Any]:
    import torch
    from torch.nn.functional import cross_entropy

    torch.manual_seed(0)
    model = _network(part_count, class_count)
    optimiser = torch.optim.AdamW(model.parameters(), lr=_RATE, weight_decay=1e-2)
    for done, some in _rounds(texts):
        rate = _RATE * min(1.0, 2 * _ROUNDS * done + 0.05) * (0.5 + 0.5 * math.cos(math.pi * done))
        for group in optimiser.param_groups:
            group["lr"] = rate + _LEAST_RATE
        batch = _batch(some, parts, part_count)
        answer, by_text = model(batch)
        loss = cross_entropy(answer, batch.labels, label_smoothing=_SMOOTHING)
        loss = loss + _BY_TEXT_ALONE * cross_entropy(by_text, batch.labels)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
    return _kept(model)


def _kept(model: Any) -> dict[str, Any]:
    """Return the layers of a network by the names that ``text_network`` knows, of half precision."""
    layers = {"parts.values": model.parts.weight[:-1]}
    for of, blocks in (("text", model.text), ("figures", model.figures)):
        for i, block in enumerate(blocks):
            layers |= {
                f"{of}.{i}.scale": block.normal.weight,
                f"{of}.{i}.shift": block.normal.bias,
                f"{of}.{i}.kernel": block.over.weight.permute(2, 1, 0),
                f"{of}.{i}.bias": block.over.bias,
            }
    for name in ("after_text", "after_figures"):
        layers |= {f"{name}.scale": getattr(model, name).weight, f"{name}.shift": getattr(model, name).bias}
    for name in ("seen", "told", "answer"):
        layers |= {f"{name}.weight": getattr(model, name).weight.T, f"{name}.bias": getattr(model, name).bias}
    return {name: values.detach().numpy().astype(np.float16) for name, values in layers.items()}
