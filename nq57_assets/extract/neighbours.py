"""What the other figures around a figure tell of it: a total of those before, one of several in a row.

Words change with every clerk; that 12 follows 5, 4 and 3 tells the total in any wording and through any damage.

Belongs here: features of figures among each other and of the marks beside them. Does not belong: words
(``second_reading``), which figures there are (``quantities``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nq57_assets.extract.quantities import Quantity
from nq57_assets.extract.scene import Scene
from nq57_assets.vietnamese.fold import fold

# A sum of more terms is chance more often than a total.
_TERMS = (2, 3, 4, 5)


def neighbour_features(scene: Scene, quantity: Quantity) -> Iterator[tuple[str, float]]:
    """Yield what the figures and marks beside a figure tell of it."""
    figures = scene.quantities
    here = figures.index(quantity)
    said = [one for one in figures if one.sentence == quantity.sentence]
    like = [one for one in said if (one.percent is None) == (quantity.percent is None)]
    yield f"nth {min(said.index(quantity), 4)} of {min(len(said), 5)}", 0.5
    yield f"like {min(like.index(quantity), 4)} of {min(len(like), 5)}", 0.5
    noun = fold(quantity.unit)
    for name, step in (("previous", -1), ("next", 1)):
        place = said.index(quantity) + step
        if 0 <= place < len(said):
            yield f"{name} noun {fold(said[place].unit)} {noun}", 0.5
            yield f"{name} share {said[place].percent is not None}", 0.3
        if 0 <= here + step < len(figures):
            other = figures[here + step]
            if noun and other.unit == quantity.unit and quantity.percent is None:
                yield f"{name} like it {'larger' if other.low > quantity.low else 'not larger'}", 0.7
    yield from _marks(scene, quantity, noun)
    yield from ((told, 1.0) for told in sorted(_sums([one.low for one in figures], here)))


def _marks(scene: Scene, quantity: Quantity, noun: str) -> Iterator[tuple[str, float]]:
    tokens = scene.tokens

    def mark(place: int) -> str:
        if not 0 <= place < len(tokens):
            return "edge"
        return tokens[place].text if tokens[place].kind == "mark" else tokens[place].kind

    before, behind = mark(quantity.start - 1), mark(quantity.index + 1)
    yield f"mark {before} figure", 0.5
    yield f"figure mark {behind}", 0.5
    yield f"noun mark {mark(quantity.unit_end)}", 0.5
    yield f"marks {before} {mark(max(quantity.index + 1, quantity.unit_end))}", 0.5
    texts = [tokens[i].text for i in range(quantity.sentence[0], quantity.index)]
    if texts.count("(") > texts.count(")"):
        yield "bracketed", 0.7
        yield f"bracketed {noun}", 0.7


def _sums(values: Sequence[float], here: int) -> set[str]:
    """Return whether a figure is the total of those beside it, or a term of such a total."""
    told: set[str] = set()
    for place in range(max(0, here - max(_TERMS)), min(len(values), here + max(_TERMS) + 1)):
        total = values[place]
        if total <= 2:
            continue
        for count in _TERMS:
            if place >= count and abs(sum(values[place - count : place]) - total) < 1e-6:
                told |= {"total of those before"} if place == here else set()
                told |= {"term of the total behind"} if place - count <= here < place else set()
            if place + count < len(values) and abs(sum(values[place + 1 : place + 1 + count]) - total) < 1e-6:
                told |= {"total of those behind"} if place == here else set()
                told |= {"term of the total before"} if place < here <= place + count else set()
    return told
