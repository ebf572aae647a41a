"""Figures of one passage with their bounds, their counted noun and the words that belong to them.

Belongs here: which figure-like strings are quantities, how words bound them, where their clause begins and ends.
Does not belong: which indicator they fill (``match``), whether they are results (``context``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nq57_assets.extract.grammar import Grammar
from nq57_assets.extract.lexicon import Hit, split_joined
from nq57_assets.extract.passages import Passage, Token, tokenize
from nq57_assets.model import Qualifier
from nq57_assets.vietnamese.fold import fold
from nq57_assets.vietnamese.numbers import Numeral, parse_words

FUNCTION_WORDS = frozenset(
    "so voi trong tren tang giam va con dat chiem la duoc tai cua o den tu bang tuong nhu thi da tinh cac cho"
    " cap dia ban phuong xa dac khu don vi tong luong".split()
)
_TELLING = frozenset({"la", "dat", "co", "gom", "duoc", "khoang", "tren", "hon", "gan"})
_LABEL_CEILING = {
    "tháng": 12,
    "ngày": 31,
    "quý": 4,
    "tổ": 60,
    "khu": 60,
    "cụm": 30,
    "tổ dân phố": 60,
    "tdp": 60,
}
_SYMBOL_BOUND: dict[str, Qualifier] = {
    ">": "over",
    "≥": "over",
    "<": "under",
    "≤": "under",
    "~": "approx",
    "≈": "approx",
}
_BREAK_WORDS = frozenset({"va", "con", "cung", "trong"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure of a passage.

    Attributes:
        index: Position of its token.
        numeral: As read.
        qualifier: How the words bound it.
        percent: The share in percent, when one is written.
        ratio: Part and whole, when written ``a/b``.
        unit: The surface phrase of the counted noun, if known; ``""`` when none stands behind the figure.
        unit_end: Token behind the noun.
        named: A noun stands behind the figure that no list knows.
        first: First token of its clause (left part).
        last: Token behind its clause (right part).
        sentence: First token and token behind the last of its sentence.
        bounded_by: Words that bound it.
        start: First token of the figure with its bounding words.
    """

    index: int
    numeral: Numeral
    qualifier: Qualifier = "exact"
    percent: float | None = None
    ratio: tuple[float, float] | None = None
    unit: str = ""
    unit_end: int = 0
    named: bool = False
    first: int = 0
    last: int = 0
    sentence: tuple[int, int] = (0, 0)
    bounded_by: str = ""
    start: int = 0

    @property
    def low(self) -> float:
        """The figure, or the lower end of a range."""
        return self.numeral.low


@dataclass(frozen=True, slots=True)
class Scene:
    """A passage read with the lexicon: its tokens, the phrases found and its quantities."""

    passage: Passage
    tokens: tuple[Token, ...]
    hits: tuple[Hit, ...]
    quantities: tuple[Quantity, ...]
    sentences: tuple[tuple[int, int], ...]


def sentence_spans(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Return token ranges of sentences; a full stop before a small letter ends none (OCR scatters them)."""
    spans, start = [], 0
    for i, token in enumerate(tokens):
        if token.kind == "mark" and token.text in ".!?":
            following = tokens[i + 1] if i + 1 < len(tokens) else None
            if following is None or following.kind != "word" or following.text[0].isupper():
                spans.append((start, i + 1))
                start = i + 1
    if start < len(tokens):
        spans.append((start, len(tokens)))
    return spans


def _is_label(
    tokens: Sequence[Token],
    i: int,
    starting: dict[int, list[Hit]],
    ending: dict[int, list[Hit]],
    grammar: Grammar,
) -> bool:
    """Whether the figure at ``i`` names something: a year, a paper, the mark of a list."""
    numeral = tokens[i].numeral
    assert numeral is not None
    if i == 0 and len(tokens) > 1 and tokens[1].text in ".)" and numeral.low < 30 and not numeral.percent:
        return True
    if numeral.percent:
        return False
    before = [hit for hit in ending.get(i, ()) if hit.sure]
    longest = max((hit.syllables for hit in before), default=0)
    labels = [
        hit.phrase for hit in before if hit.phrase in grammar.cues["labels"] and hit.syllables == longest
    ]
    if numeral.whole is not None:
        return numeral.loose and (bool(labels) or not _counts(tokens, i))
    if any(hit.phrase in grammar.cues["counters"] and hit.syllables == longest for hit in before):
        return False
    for label in labels:
        ceiling = _LABEL_CEILING.get(label)
        if label == "năm":
            if 1900 <= numeral.low <= 2099:
                return True
        elif ceiling is None or numeral.low <= ceiling:
            return True
    bare_year = 1990 <= numeral.low <= 2099 and tokens[i].text.isdigit()
    return bare_year and not any(hit.phrase in grammar.units for hit in starting.get(i + 1, ()))


def _counts(tokens: Sequence[Token], i: int) -> bool:
    """Whether a word stands behind the figure, so that ``10/10`` is more than a day."""
    return i + 1 < len(tokens) and tokens[i + 1].kind == "word"


def _bounds(
    tokens: Sequence[Token], hits_ending: dict[int, list[Hit]], grammar: Grammar, i: int
) -> tuple[Qualifier, str, int]:
    """Return (qualifier, bounding words, first token) from what stands directly before a figure."""
    j = i
    while j > 0 and tokens[j - 1].text in '(“"':
        j -= 1
    if j > 0 and tokens[j - 1].text in _SYMBOL_BOUND:
        return _SYMBOL_BOUND[tokens[j - 1].text], tokens[j - 1].text, j - 1
    for name in ("over", "under", "approx"):
        for hit in hits_ending.get(j, ()):
            if hit.phrase in grammar.cues[name] and hit.sure:
                qualifier: Qualifier = "over" if name == "over" else "under" if name == "under" else "approx"
                return qualifier, hit.phrase, hit.start
    return "exact", "", i


def _unit_at(
    tokens: Sequence[Token], starting: dict[int, list[Hit]], grammar: Grammar, i: int
) -> tuple[str, int, bool]:
    """Return (noun, token behind it, whether an unknown noun stands there) for the figure at ``i``."""
    j = i + 1
    if j + 2 < len(tokens) and tokens[j].text == "(":
        closing = next((k for k in range(j + 1, min(j + 5, len(tokens))) if tokens[k].text == ")"), None)
        if closing and all(tokens[k].kind == "word" for k in range(j + 1, closing)):
            j = closing + 1
    for place in (j, j + 1):
        nouns = [hit for hit in starting.get(place, ()) if hit.phrase in grammar.units]
        if nouns and (place == j or fold(tokens[j].text) in ("cac", "luot", "cai", "so", "chiec")):
            best = max(nouns, key=lambda hit: (hit.syllables - hit.cost, hit.end))
            return best.phrase, best.end, False
    following = tokens[j] if j < len(tokens) else None
    if following is None or following.kind != "word":
        return "", j, False
    before = tokens[i - 1] if i else None
    told = before is not None and (before.text in ":|=" or fold(before.text) in _TELLING)
    return "", j, not (told and fold(following.text) in FUNCTION_WORDS)


def _cut_between(tokens: Sequence[Token], after: int, before: int) -> tuple[int, int]:
    """Return (end of the left figure's clause, start of the right figure's clause) between two figures."""
    for marks in (";", ","):
        places = [k for k in range(after, before) if tokens[k].kind == "mark" and tokens[k].text == marks]
        if places:
            return places[-1], places[-1] + 1
    for k in range(before - 1, after - 1, -1):
        if fold(tokens[k].text) in _BREAK_WORDS and tokens[k].kind == "word":
            return k, k
    return before, after


def _word_numbers(tokens: Sequence[Token], starting: dict[int, list[Hit]], grammar: Grammar) -> list[Token]:
    """Replace number words that stand before a counted noun by figures; other words stay."""
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token.kind == "word" and token.text.lower() in _NUMBER_STARTS:
            words = [t.text for t in tokens[i : i + 8] if t.kind == "word"]
            read = parse_words(words)
            if read and all(t.kind == "word" for t in tokens[i : i + read[1]]):
                value, used = read
                noun = any(hit.phrase in grammar.units for hit in starting.get(i + used, ()))
                if noun and (used > 1 or value > 1):
                    end = tokens[i + used - 1].end
                    text = " ".join(words[:used])
                    numeral = Numeral(token.start, end, "figure", text, value, value)
                    out.append(Token("figure", text, token.start, end, numeral))
                    i += used
                    continue
        out.append(token)
        i += 1
    return out


_NUMBER_STARTS = frozenset("một hai ba bốn năm sáu bảy bẩy tám chín mười".split())


def _merge_shares(quantities: list[Quantity], tokens: Sequence[Token]) -> list[Quantity]:
    """Join ``5.010/5.092 hồ sơ`` with the ``98,39%`` beside it when they agree."""
    merged: list[Quantity] = []
    for quantity in quantities:
        previous = merged[-1] if merged else None
        if previous is not None and previous.sentence == quantity.sentence:
            ratio = previous.ratio or quantity.ratio
            percent = quantity.percent if previous.ratio else previous.percent
            near = quantity.start - max(previous.unit_end, previous.index + 1) <= 6
            lonely = (previous.ratio is None) != (quantity.ratio is None) and percent is not None
            if near and lonely and ratio and ratio[1] and abs(100 * ratio[0] / ratio[1] - percent) < 0.6:
                unit = previous if previous.unit else quantity
                merged[-1] = replace(
                    previous,
                    ratio=ratio,
                    percent=percent,
                    last=max(previous.last, quantity.last),
                    unit=unit.unit,
                    named=unit.named,
                )
                continue
        merged.append(quantity)
    return merged


def read_row(passage: Passage, value: int, grammar: Grammar) -> Scene:
    """Read a row of a table: one quantity, and every word of the row belongs to it."""
    tokens: Sequence[Token] = tokenize(passage.text)
    if passage.damaged:
        tokens = [part for token in tokens for part in split_joined(token, grammar.lexicon)]
    hits = _outside_idioms(grammar.lexicon.find(tokens, passage.damaged, torn=passage.damaged), grammar)
    span = (0, len(tokens))
    places = [i for i in range(*span) if tokens[i].kind == "figure" and tokens[i].start == value]
    found = [
        replace(_quantity(tokens, i, span, _by(hits, "start"), _by(hits, "end"), grammar), named=False)
        for i in places
    ]
    return Scene(passage, tuple(tokens), tuple(hits), tuple(found), (span,))


def read_scene(passage: Passage, grammar: Grammar) -> Scene:
    """Read one passage: phrases, quantities and their clauses."""
    tokens: Sequence[Token] = tokenize(passage.text)
    if passage.damaged:
        tokens = [part for token in tokens for part in split_joined(token, grammar.lexicon)]
    hits = _outside_idioms(grammar.lexicon.find(tokens, passage.damaged), grammar)
    starting = _by(hits, "start")
    if not passage.damaged:
        counted = _word_numbers(tokens, starting, grammar)
        if len(counted) != len(tokens) or any(t.kind == "figure" for t in counted if t not in tokens):
            tokens = counted
            hits = _outside_idioms(grammar.lexicon.find(tokens, passage.damaged), grammar)
            starting = _by(hits, "start")
    ending = _by(hits, "end")
    found: list[Quantity] = []
    spans = sentence_spans(tokens)
    for span in spans:
        figures = [
            i
            for i in range(*span)
            if tokens[i].kind == "figure" and not _is_label(tokens, i, starting, ending, grammar)
        ]
        quantities = [_quantity(tokens, i, span, starting, ending, grammar) for i in figures]
        found += _merge_shares(_clauses(quantities, tokens, span), tokens)
    return Scene(passage, tuple(tokens), tuple(hits), tuple(found), tuple(spans))


def with_zeros(scene: Scene, grammar: Grammar) -> Scene:
    """Add a quantity of 0 where words say that there is none: ``không có hồ sơ quá hạn``."""
    tokens = scene.tokens
    starting = _by(scene.hits, "start")
    zeros = []
    for hit in scene.hits:
        if (
            hit.phrase not in grammar.cues["none"]
            or hit.cost > 0.16 * hit.syllables
            or hit.end >= len(tokens)
        ):
            continue
        nouns = [h for h in starting.get(hit.end, ()) if h.phrase in grammar.units]
        if not nouns or any(hit.end <= q.index <= hit.end + 3 for q in scene.quantities):
            continue
        noun = max(nouns, key=lambda h: (h.syllables - h.cost, h.end))
        start, end = next(span for span in scene.sentences if span[0] <= hit.start < span[1])
        marks = [i for i in range(start, end) if tokens[i].kind == "mark" and tokens[i].text in ",;:"]
        first = max([start, *(i + 1 for i in marks if i < hit.start)])
        last = min([end, *(i for i in marks if i >= noun.end)])
        numeral = Numeral(tokens[hit.start].start, tokens[hit.end - 1].end, "figure", "")
        zeros.append(
            Quantity(
                hit.end - 1,
                numeral,
                unit=noun.phrase,
                unit_end=noun.end,
                first=first,
                last=last,
                sentence=(start, end),
                start=hit.start,
            )
        )
    found = tuple(sorted((*scene.quantities, *zeros), key=lambda q: q.index))
    return replace(scene, quantities=found)


def _outside_idioms(hits: Sequence[Hit], grammar: Grammar) -> list[Hit]:
    """Drop worse readings of the same words, and hits that a common expression contains by chance."""
    cheapest: dict[tuple[int, int], float] = {}
    for hit in hits:
        span = hit.start, hit.end
        cheapest[span] = min(hit.cost, cheapest.get(span, 9.0))
    hits = [hit for hit in hits if hit.cost <= cheapest[hit.start, hit.end] + 0.07]
    inside: dict[int, Hit] = {}
    for hit in hits:
        if hit.phrase in grammar.cues["idioms"] and hit.cost <= 0.15 * hit.syllables:
            for i in range(hit.start, hit.end):
                if i not in inside or inside[i].syllables < hit.syllables:
                    inside[i] = hit
    kept = []
    for hit in hits:
        idiom = inside.get(hit.start)
        if idiom and idiom.phrase != hit.phrase and hit.end <= idiom.end and hit.syllables < idiom.syllables:
            continue
        kept.append(hit)
    return kept


def _by(hits: Sequence[Hit], edge: str) -> dict[int, list[Hit]]:
    grouped: dict[int, list[Hit]] = {}
    for hit in hits:
        grouped.setdefault(hit.start if edge == "start" else hit.end, []).append(hit)
    return grouped


def _quantity(
    tokens: Sequence[Token],
    i: int,
    span: tuple[int, int],
    starting: dict[int, list[Hit]],
    ending: dict[int, list[Hit]],
    grammar: Grammar,
) -> Quantity:
    numeral = tokens[i].numeral
    assert numeral is not None
    qualifier, words, start = _bounds(tokens, ending, grammar, i)
    unit, unit_end, named = _unit_at(tokens, starting, grammar, i)
    if numeral.is_range:
        qualifier = "range"
    behind = [hit for place in range(unit_end, unit_end + 3) for hit in starting.get(place, ())]
    if qualifier == "exact" and _in_brackets(
        tokens, unit_end, starting, grammar.cues["approx_behind"], span[1]
    ):
        qualifier, words = "approx", "ước tính"
    if qualifier == "exact":
        if any(hit.phrase in grammar.cues["over_behind"] for hit in behind):
            qualifier, words = "over", "trở lên"
        elif any(hit.phrase in grammar.cues["under_behind"] for hit in behind):
            qualifier, words = "under", "trở xuống"
    percent = numeral.low if numeral.percent else None
    ratio = (numeral.low, numeral.whole) if numeral.whole is not None else None
    return Quantity(
        i, numeral, qualifier, percent, ratio, unit, unit_end, named, span[0], span[1], span, words, start
    )


def _in_brackets(
    tokens: Sequence[Token], start: int, starting: dict[int, list[Hit]], phrases: frozenset[str], end: int
) -> bool:
    """Whether one of the phrases opens the first bracket behind a figure, before the next figure."""
    for i in range(start, min(start + 8, end - 1)):
        if tokens[i].kind == "figure":
            return False
        if tokens[i].text == "(":
            return any(hit.phrase in phrases for hit in starting.get(i + 1, ()))
    return False


def _clauses(quantities: list[Quantity], tokens: Sequence[Token], span: tuple[int, int]) -> list[Quantity]:
    """Give each figure of a sentence the words up to its neighbours."""
    out: list[Quantity] = []
    first = span[0]
    for position, quantity in enumerate(quantities):
        following = quantities[position + 1] if position + 1 < len(quantities) else None
        if following is None:
            last, next_first = span[1], span[1]
        else:
            last, next_first = _cut_between(
                tokens, max(quantity.unit_end, quantity.index + 1), following.start
            )
        out.append(replace(quantity, first=first, last=last))
        first = next_first
    return out
