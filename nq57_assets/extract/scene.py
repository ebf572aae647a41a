"""A passage read with the lexicon: its words, the phrases found in them and its quantities.

Belongs here: number words, parts of a whole told in words, statements of none, rows of tables.
Does not belong: the grammar of one figure (``quantities``), meaning (``match``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nq57_assets.extract.grammar import Grammar
from nq57_assets.extract.lexicon import Hit, split_joined
from nq57_assets.extract.passages import Passage, Token, tokenize
from nq57_assets.extract.quantities import (
    Edges,
    Quantity,
    clauses,
    is_label,
    make_quantity,
    merge_shares,
    sentence_spans,
)
from nq57_assets.vietnamese.confusion import Vocabulary
from nq57_assets.vietnamese.fold import fold
from nq57_assets.vietnamese.numbers import Numeral, parse_words

_NUMBER_STARTS = frozenset(["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "bẩy", "tám", "chín", "mười"])
_DIGITS = frozenset(["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"])
_TENS = frozenset({"mười", "mươi", "trăm", "nghìn"})
_DAMAGED_TENS = frozenset(["muoi", "mudi", "mwoi", "muci", "mu6i", "tram", "trdm", "nghin"])
_NUMBER_VOCABULARY = Vocabulary.of(
    [
        "một",
        "hai",
        "ba",
        "bốn",
        "năm",
        "sáu",
        "bảy",
        "tám",
        "chín",
        "mười",
        "mươi",
        "trăm",
        "nghìn",
        "mốt",
        "lăm",
        "tư",
        "linh",
        "rưỡi",
    ]
)
_NUMBER_WORDS = frozenset(["hai", "bốn", "sáu", "bảy", "bẩy", "tám", "chín", "mười", "mươi", "trăm"])


@dataclass(frozen=True, slots=True)
class Scene:
    """A passage with the phrases found in its tokens, its quantities and its sentences."""

    passage: Passage
    tokens: tuple[Token, ...]
    hits: tuple[Hit, ...]
    quantities: tuple[Quantity, ...]
    sentences: tuple[tuple[int, int], ...]


def tells_number(passage: Passage) -> bool:
    """Whether words may spell a number."""
    if passage.damaged:
        return bool(_DAMAGED_TENS & set(fold(passage.text).split()))
    return bool(_NUMBER_WORDS & set(passage.text.lower().split()))


def starts(hits: Sequence[Hit]) -> Edges:
    """Group hits by their first token."""
    grouped: Edges = {}
    for hit in hits:
        grouped.setdefault(hit.start, []).append(hit)
    return grouped


def ends(hits: Sequence[Hit]) -> Edges:
    """Group hits by the token behind them."""
    grouped: Edges = {}
    for hit in hits:
        grouped.setdefault(hit.end, []).append(hit)
    return grouped


def _as_number_word(word: str, damaged: bool) -> str:
    """Return the number word that a word is, or that OCR may have made of it."""
    if not damaged:
        return word.lower()
    known = _NUMBER_VOCABULARY.candidates(word, True)
    return _NUMBER_VOCABULARY.syllables[known[0][0]] if known and known[0][1] <= 0.2 else ""


def _word_numbers(tokens: Sequence[Token], starting: Edges, grammar: Grammar, damaged: bool) -> list[Token]:
    """Replace number words that stand before a counted noun by figures; other words stay.

    In damaged text only tens and hundreds are read: a single "nam" or "sau" means too many things.
    """
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token.kind == "word" and _as_number_word(token.text, damaged) in _NUMBER_STARTS:
            run = []
            for following in tokens[i : i + 14]:
                if following.kind != "word":
                    break
                word = _as_number_word(following.text, damaged)
                if damaged and word in ("mười", "mươi"):
                    word = "mươi" if run and run[-1] in _DIGITS else "mười"
                run.append(word)
            read = parse_words(run)
            if read is not None:
                value, used = read
                noun = any(hit.phrase in grammar.units for hit in starting.get(i + used, ()))
                part = run[used : used + 3] == ["trong", "số", "đó"]
                if damaged and (used < 2 or not _TENS & set(run[:used])):
                    noun = part = False
                if (noun or part) and (used > 1 or (value > 1 and not _is_year_word(tokens, i))):
                    end = tokens[i + used - 1].end
                    text = " ".join(t.text for t in tokens[i : i + used])
                    numeral = Numeral(token.start, end, "figure", text, value, value)
                    out.append(Token("figure", text, token.start, end, numeral))
                    i += used
                    continue
        out.append(token)
        i += 1
    return out


def _is_year_word(tokens: Sequence[Token], i: int) -> bool:
    """Whether ``năm`` means year: it means five only behind a verb that takes a number."""
    if tokens[i].text.lower() != "năm":
        return False
    return i == 0 or tokens[i - 1].text.lower() not in ("chức", "mở", "có", "được", "với", "đạt", "hành")


def _told_ratios(tokens: Sequence[Token]) -> list[Token]:
    """Join ``52 trên tổng số 53`` and ``5.010 hồ sơ/5.092 hồ sơ`` to one figure of part and whole."""
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        whole = _whole_behind(tokens, i)
        if whole is None:
            out.append(tokens[i])
            i += 1
            continue
        first, second = tokens[i].numeral, tokens[whole].numeral
        assert first is not None and second is not None
        numeral = Numeral(
            first.start, second.end, "figure", first.text, first.low, first.low, second.low, second.percent
        )
        out.append(Token("figure", first.text, first.start, second.end, numeral))
        i = whole + 1
    return out


def _whole_behind(tokens: Sequence[Token], i: int) -> int | None:
    """Return the token of the whole when the figure at ``i`` is told as a part of it."""
    first = tokens[i].numeral
    if tokens[i].kind != "figure" or first is None or first.percent or first.whole is not None:
        return None
    link = next(
        (
            k
            for k in range(i + 1, min(i + 4, len(tokens)))
            if tokens[k].text == "/" or fold(tokens[k].text) in ("tren", "trong")
        ),
        None,
    )
    if link is None or any(tokens[k].kind != "word" for k in range(i + 1, link)):
        return None
    total = link + 1
    while total < len(tokens) and fold(tokens[total].text) in ("tong", "so", "s6", "sé", "téng"):
        total += 1
    if (
        total >= len(tokens)
        or tokens[total].kind != "figure"
        or (total == link + 1 and tokens[link].text != "/")
    ):
        return None
    between = [fold(tokens[k].text) for k in range(i + 1, link)]
    behind = fold(tokens[total + 1].text) if total + 1 < len(tokens) else ""
    if between and between[0] != behind:
        return None
    second = tokens[total].numeral
    return total if second is not None and first.low <= second.low and second.whole is None else None


def outside_idioms(hits: Sequence[Hit], grammar: Grammar) -> list[Hit]:
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


def _read(passage: Passage, grammar: Grammar, torn: bool = False) -> tuple[list[Token], list[Hit]]:
    tokens = list(tokenize(passage.text))
    if passage.damaged:
        tokens = [part for token in tokens for part in split_joined(token, grammar.lexicon)]
    tokens = _told_ratios(tokens)
    hits = outside_idioms(grammar.lexicon.find(tokens, passage.damaged, torn), grammar)
    if passage.damaged:
        told = any(t.kind == "word" and fold(t.text) in _DAMAGED_TENS for t in tokens)
    else:
        told = any(t.kind == "word" and t.text.lower() in _NUMBER_STARTS for t in tokens)
    if told:
        counted = _word_numbers(tokens, starts(hits), grammar, passage.damaged)
        if counted != tokens:
            tokens = counted
            hits = outside_idioms(grammar.lexicon.find(tokens, passage.damaged, torn), grammar)
    return tokens, hits


def read_row(passage: Passage, value: int | None, unit: str, grammar: Grammar) -> Scene:
    """Read a row of a table: one quantity at most, and every word of the row belongs to it.

    Args:
        passage: The row.
        value: Offset of its value in the text, or None.
        unit: Text of the unit's cell, as far as the table has one.
        grammar: The words of the catalogue.
    """
    tokens, hits = _read(passage, grammar, torn=passage.damaged)
    span = (0, len(tokens))
    starting, ending = starts(hits), ends(hits)
    found = []
    for i in range(*span):
        if value is not None and tokens[i].kind == "figure" and tokens[i].start == value:
            quantity = make_quantity(tokens, i, span, starting, ending, grammar)
            found.append(_with_cell_unit(quantity, tokens, starting, unit, passage, grammar))
    return Scene(passage, tuple(tokens), tuple(hits), tuple(found), (span,))


def _with_cell_unit(
    quantity: Quantity,
    tokens: Sequence[Token],
    starting: Edges,
    unit: str,
    passage: Passage,
    grammar: Grammar,
) -> Quantity:
    """Take the noun of a row's figure from its unit cell, or from the words directly beside the figure."""
    if unit.strip() == "%" or any(token.text == "%" for token in tokens):
        return replace(
            quantity, percent=quantity.numeral.low if quantity.ratio is None else None, named=False
        )
    name = ""
    if unit:
        cell = list(tokenize(unit))
        whole = [
            h for h in grammar.lexicon.find(cell, passage.damaged) if h.start == 0 and h.end == len(cell)
        ]
        name = next((h.phrase for h in sorted(whole, key=lambda h: h.cost) if h.phrase in grammar.units), "")
    line_end = quantity.unit_end >= len(tokens) or tokens[quantity.unit_end].kind == "mark"
    if not name and quantity.unit and line_end:
        name = quantity.unit
    if not name and unit:
        before = [
            h
            for place in range(max(0, quantity.start - 3), quantity.start)
            for h in starting.get(place, ())
            if h.end == quantity.start and h.phrase in grammar.units and h.cost <= 0.14 * h.syllables
        ]
        if before:
            name = max(before, key=lambda h: h.syllables).phrase
    return replace(quantity, unit=name, named=False)


def read_scene(passage: Passage, grammar: Grammar) -> Scene:
    """Read one passage: phrases, quantities and their clauses."""
    tokens, hits = _read(passage, grammar)
    starting, ending = starts(hits), ends(hits)
    found: list[Quantity] = []
    spans = sentence_spans(tokens)
    for span in spans:
        figures = [
            i
            for i in range(*span)
            if tokens[i].kind == "figure" and not is_label(tokens, i, starting, ending, grammar)
        ]
        quantities = [make_quantity(tokens, i, span, starting, ending, grammar) for i in figures]
        found += merge_shares(clauses(quantities, tokens, span))
    return Scene(passage, tuple(tokens), tuple(hits), tuple(found), tuple(spans))


def with_zeros(scene: Scene, grammar: Grammar) -> Scene:
    """Add a quantity of 0 where words say that there is none: ``không có hồ sơ quá hạn``, ``Quá hạn: không có``."""
    tokens = scene.tokens
    starting = starts(scene.hits)
    zeros = []
    for hit in scene.hits:
        if hit.phrase not in grammar.cues["none"] or hit.cost > 0.16 * hit.syllables:
            continue
        start, end = next(span for span in scene.sentences if span[0] <= hit.start < span[1])
        stops = [i for i in range(start, end) if tokens[i].kind == "mark" and tokens[i].text in ",;"]
        first = max([start, *(i + 1 for i in stops if i < hit.start)])
        last = min([end, *(i for i in stops if i >= hit.end)])
        if any(first <= quantity.index < last for quantity in scene.quantities):
            continue
        nouns = [h for h in starting.get(hit.end, ()) if h.phrase in grammar.units]
        answer = hit.start > 0 and tokens[hit.start - 1].text == ":" and last - hit.end <= 1
        if not nouns and not answer:
            continue
        noun = max(nouns, key=lambda h: (h.syllables - h.cost, h.end)) if nouns else None
        numeral = Numeral(tokens[hit.start].start, tokens[hit.end - 1].end, "figure", "")
        zeros.append(
            Quantity(
                hit.end - 1,
                numeral,
                unit=noun.phrase if noun else "",
                unit_end=noun.end if noun else hit.end,
                first=first,
                last=last,
                sentence=(start, end),
                start=hit.start,
                none=True,
            )
        )
    found = tuple(sorted((*scene.quantities, *zeros), key=lambda q: q.index))
    return replace(scene, quantities=found)
