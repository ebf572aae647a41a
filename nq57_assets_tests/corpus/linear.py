"""What the trainings of linear weights share: examples as a table, and a fitted model as small arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

_LEVELS = 127


def tabled(features: Sequence[Mapping[str, float]], least_met: int) -> tuple[list[str], Any]:
    """Return the names that so many examples have, sorted, and a sparse table: a row an example, a column a name."""
    from scipy.sparse import csr_matrix

    counted = Counter(name for one in features for name in one)
    names = sorted(name for name, times in counted.items() if times >= least_met)
    places = {name: place for place, name in enumerate(names)}
    cells = [
        (number, places[name], amount)
        for number, one in enumerate(features)
        for name, amount in one.items()
        if name in places
    ]
    lines, columns, amounts = zip(*cells, strict=True)
    return names, csr_matrix((amounts, (lines, columns)), shape=(len(features), len(names)))


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
