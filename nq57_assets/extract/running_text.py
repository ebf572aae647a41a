"""A document as one run of words, figures and marks, with the places of its figures, as the network reads it.

Belongs here: what of a document the network sees. Does not belong: what it makes of that (``text_network``), what a
figure's nearest surroundings tell (``second_reading``).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nq57_assets.extract.passages import Column, Passage, Token
from nq57_assets.extract.quantities import Quantity
from nq57_assets.extract.rivals import Claimed, claimed
from nq57_assets.vietnamese.fold import fold, fold_word

Word = tuple[str, str]
"""Kind and folded text: a token, or the beginning of a passage."""

# Of a table row: how many of the titles above it, and how many of their words and of its lead.
_TITLES, _TITLE_WORDS, _LEAD_WORDS = 2, 10, 8
_COLUMN_WORDS = 6
# A noun farther behind its figure is looked for no longer.
_NOUN_WITHIN = 12
_TERMS = (2, 3, 4)
FORM_SIZE = 15


@dataclass(frozen=True, slots=True)
class Told:
    """A passage as it was cut into tokens, and the figures in it."""

    passage: Passage
    tokens: Sequence[Token]
    quantities: Sequence[Quantity] = ()


@dataclass(frozen=True, slots=True)
class RunningText:
    """All words of a document in their order.

    Attributes:
        words: Words, figures and marks, and where passages begin.
        places: Of each figure, its place among the words.
        nouns: Of each figure, the place of its noun's last word; its own where it has none.
        forms: Of each figure, ``FORM_SIZE`` numbers about its size, its form and the figures beside it.
        claims: Of each figure, what it claims.
    """

    words: list[Word]
    places: list[int]
    nouns: list[int]
    forms: list[list[float]]
    claims: list[Claimed]


def running_text(told: Iterable[Told]) -> RunningText:
    """Return the passages of a document as one run of words."""
    words: list[Word] = []
    places: list[int] = []
    nouns: list[int] = []
    quantities: list[Quantity] = []
    for one in told:
        words += _opening(one.passage)
        place_of: list[int] = []
        columns = {column.start: column for column in one.passage.columns}
        for token in one.tokens:
            if (column := columns.get(token.start)) is not None:
                words += _below(column)
            place_of.append(len(words))
            words.append((token.kind, fold_word(token.text) if token.kind == "word" else token.text))
        for quantity in one.quantities:
            places.append(place_of[quantity.index])
            noun = min(max(quantity.unit_end - 1, quantity.index), quantity.index + _NOUN_WITHIN)
            nouns.append(place_of[min(noun, len(place_of) - 1)])
            quantities.append(quantity)
    return RunningText(words, places, nouns, _forms(quantities), list(map(claimed, quantities)))


def _opening(passage: Passage) -> Iterator[Word]:
    """Yield what tells a passage's kind, and of a row the titles that stand above it."""
    yield "opening", f"{passage.kind}{min(passage.depth, 2)}"
    if passage.kind == "row":
        titles = (fold(title).split()[-_TITLE_WORDS:] for title in passage.path[-_TITLES:])
        above = [word for title in titles for word in title] + fold(passage.lead).split()[-_LEAD_WORDS:]
        yield from (("word", word) for word in above if word.isalpha())
        yield "opening", "of"


def _below(column: Column) -> Iterator[Word]:
    """Yield the title of the column in which the next words stand, and what it says of it."""
    yield from (("word", word) for word in fold(column.title).split()[:_COLUMN_WORDS] if word.isalpha())
    yield "opening", f"cell {column.role}"


def _forms(quantities: Sequence[Quantity]) -> list[list[float]]:
    values = [quantity.low for quantity in quantities]
    sizes = [math.log10(max(1.0, abs(value))) for value in values]
    times = Counter(values)
    count = len(values)
    return [
        [
            sizes[i] / 3,
            float(quantity.percent is not None),
            float(quantity.ratio is not None),
            float(quantity.none),
            i / count,
            count / 60,
            math.tanh(sizes[i] - sizes[i - 1]) if i else 0.0,
            math.tanh(sizes[i] - sizes[i + 1]) if i + 1 < count else 0.0,
            float(i > 0 and values[i] == values[i - 1]),
            _total(values, i),
            float(times[values[i]] > 1),
            float(2015 <= values[i] <= 2035),
            float(quantity.qualifier != "exact"),
            float(bool(quantity.unit)),
            float(quantity.beside),
        ]
        for i, quantity in enumerate(quantities)
    ]


def _total(values: Sequence[float], here: int) -> float:
    """Return -1 for the total of the figures behind, 1 for that of those before, 0 for neither."""
    told = 0.0
    for terms in _TERMS if values[here] > 2 else ():
        if here >= terms and abs(sum(values[here - terms : here]) - values[here]) < 1e-6:
            told = 1.0
        if here + terms < len(values) and abs(sum(values[here + 1 : here + 1 + terms]) - values[here]) < 1e-6:
            told = -1.0
    return told


def parts_of(word: Word) -> list[str]:
    """Return the names of what the network knows of a word: itself and its letters, of a figure its form."""
    kind, text = word
    if kind == "word":
        framed = f"^{text}$"
        letters = [framed[i : i + 3] for i in range(len(framed) - 2)] if len(text) > 1 else [framed]
        return [f"w {text}", *(f"s {three}" for three in letters)]
    if kind == "figure":
        digits = "".join(filter(str.isdigit, text))
        told = ["figure", f"figure {min(6, len(digits))}"]
        told += ["figure year"] if len(digits) == 4 and digits.startswith("20") else []
        told += ["figure led by 0"] if digits.startswith("0") else []
        return told + (["figure with comma"] if "," in text else [])
    if kind in ("mark", "opening"):
        return [f"{kind} {text}"]
    return [f"kind {kind}"]
