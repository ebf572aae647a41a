"""Make the weights of the second reading from the development half of the corpus.

    python -m nq57_assets_tests.corpus.train            # writes second_reading.npz and text_network.npz
    python -m nq57_assets_tests.corpus.train f o        # the same without the batches f… and o…, to fit on these

The locked half takes no part. Needs scikit-learn, and for the network PyTorch, which the project asks for nowhere else
(``pip install torch``, the build for processors is enough).
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nq57_assets.catalogue import catalogue
from nq57_assets.extract import second_reading, text_network
from nq57_assets.extract.second_reading import NONE
from nq57_assets_tests.corpus.labelled import Labelled, labelled_half
from nq57_assets_tests.corpus.learn_network import learn_network
from nq57_assets_tests.corpus.linear import fitted, packed

DEVELOPMENT = Path(__file__).parent / "development"
# So many followers of each indicator are taken to be as frequent as anywhere.
_EQUAL = 10
_FLATTENED = 0.5


def follows(texts: Sequence[Labelled], classes: Sequence[str]) -> np.ndarray:
    """Return how much likelier each indicator is behind each other one, and at the beginning, than anywhere.

    Figures of no indicator are passed over. The factors are flattened, for an order tells less than words do.
    """
    codes = {code: i for i, code in enumerate(code for code in classes if code != NONE)}
    counted = np.zeros((len(codes) + 1, len(codes)))
    for text in texts:
        if text.channel != "clean":
            continue  # The others repeat it.
        last = len(codes)
        for example in text.examples:
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


def learn(texts: Sequence[Labelled]) -> dict[str, Any]:
    """Return the weights of a logistic regression, one class against the others, as arrays of whole numbers."""
    model, names = fitted(texts)
    return packed(model, names) | {"follows": follows(texts, model.classes_)}


def main(*without: str) -> None:
    """Learn from the development half, but for these batches, and write the weights of both voices."""
    # Weights that have not met all documents are none to ship: the test of the digest tells them.
    told = digest(DEVELOPMENT) + "".join(f" without {batch}" for batch in without)
    corpus = {"corpus": np.frombuffer(told.encode(), dtype=np.uint8)}
    texts = labelled_half(DEVELOPMENT, catalogue(), without)
    print(f"{len(texts)} texts, {sum(len(text.examples) for text in texts)} figures")
    np.savez_compressed(second_reading.WEIGHTS, **learn(texts), **corpus)
    np.savez_compressed(text_network.WEIGHTS, **learn_network(texts), **corpus)
    for path in (second_reading.WEIGHTS, text_network.WEIGHTS):
        print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
