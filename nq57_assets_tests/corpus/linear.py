"""What the trainings of linear weights share: examples as a table, and a fitted model as small arrays."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nq57_assets_tests.corpus.labelled import Labelled

_LEVELS = 127
# A feature must have been met in this many examples; the channels repeat a document.
_LEAST_MET = 8
# Of the texts with worn letters, one a document is enough here.
_CHANNELS = frozenset({"clean", "ocr_vie", "ocr_eng", "worn 1"})


def tabled(features: Sequence[Mapping[str, float]], least_met: int) -> tuple[list[str], Any]:
    """Return the names that so many examples have, sorted, and a sparse table: a row an example, a column a name."""
    counted = Counter(name for one in features for name in one)
    names = sorted(name for name, times in counted.items() if times >= least_met)
    return names, table_of(features, names)


def table_of(features: Sequence[Mapping[str, float]], names: Sequence[str]) -> Any:
    """Return a sparse table: a row an example, a column a name."""
    from scipy.sparse import csr_matrix

    places = {name: place for place, name in enumerate(names)}
    columns, amounts, ends = array("i"), array("f"), array("i", [0])
    for one in features:
        for name, amount in one.items():
            if (place := places.get(name)) is not None:
                columns.append(place)
                amounts.append(amount)
        ends.append(len(columns))
    return csr_matrix((amounts, columns, ends), shape=(len(features), len(names)))


def packed(model: Any, names: Sequence[str]) -> dict[str, Any]:
    """Return the weights of a fitted linear model as arrays of whole numbers, with the scale of each class."""
    values = model.coef_.T
    scale = np.abs(values).max(axis=0) / _LEVELS
    return {
        "features": np.frombuffer("\n".join(names).encode(), dtype=np.uint8),
        "classes": np.frombuffer("\n".join(model.classes_).encode(), dtype=np.uint8),
        "values": np.round(values / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
        "offsets": model.intercept_.astype(np.float32),
    }


def fitted(texts: Sequence[Labelled]) -> tuple[Any, list[str]]:
    """Return a logistic regression on the figures of some texts, one class against the others, and its features."""
    from sklearn.linear_model import SGDClassifier
    from sklearn.preprocessing import normalize

    met = [example for text in texts if text.channel in _CHANNELS for example in text.examples]
    names, table = tabled([example.features for example in met], _LEAST_MET)
    model = SGDClassifier(
        loss="log_loss", alpha=3e-6, max_iter=15, tol=None, random_state=0, average=True, n_jobs=-1
    )
    return model.fit(normalize(table), [example.label for example in met]), names
