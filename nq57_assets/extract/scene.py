"""A passage read with the lexicon: its words, the phrases found in them and its quantities.

Belongs here: number words, parts of a whole told in words, statements of none, rows of tables.
Does not belong: the grammar of one figure (``quantities``), meaning (``match``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nq57_assets.extract.abbreviations import spell_out
from nq57_assets.extract.cells import ROW_NUMBER
from nq57_assets.extract.clauses import clauses, merge_shares
from nq57_assets.extract.columns import is_share_of
from nq57_assets.extract.grammar import Grammar
from nq57_assets.extract.homographs import drop_crossed, drop_homographs, mend_worn
from nq57_assets.extract.label_figures import split_glued
from nq57_assets.extract.lexicon import Hit, split_joined
from nq57_assets.extract.passages import Passage, Token, tokenize
from nq57_assets.extract.quantities import (
    Edges,
    Quantity,
    is_label,
    make_quantity,
    sentence_spans,
)
from nq57_assets.extract.series import unfold
from nq57_assets.extract.spelled import join_spaced, join_told_ratios, may_spell, read_words
from nq57_assets.extract.terse import for_matching
from nq57_assets.vietnamese.numbers import Numeral

# Longer words that begin like the word for a team.
_NO_TEAMS = frozenset({"tổ chức", "tổ dân phố", "tổ hợp tác"})


@dataclass(frozen=True, slots=True)
class Scene:
    """A passage with the phrases found in its tokens, its quantities and its sentences."""

    passage: Passage
    tokens: tuple[Token, ...]
    hits: tuple[Hit, ...]
    quantities: tuple[Quantity, ...]
    sentences: tuple[tuple[int, int], ...]


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


def outside_idioms(hits: Sequence[Hit], grammar: Grammar) -> list[Hit]:
    """Drop worse readings of the same words, and hits that a common expression contains by chance."""
    cheapest: dict[tuple[int, int], float] = {}
    for hit in hits:
        span = hit.start, hit.end
        cheapest[span] = min(hit.cost, cheapest.get(span, 9.0))
    hits = drop_crossed([hit for hit in hits if hit.cost <= cheapest[hit.start, hit.end] + 0.07])
    inside: dict[int, Hit] = {}
    for hit in hits:
        if hit.phrase in grammar.cues["idioms"] and hit.cost <= 0.15 * hit.syllables:
            for i in range(hit.start, hit.end):
                if i not in inside or inside[i].syllables < hit.syllables:
                    inside[i] = hit
    dossiers = {
        hit.start: hit for hit in hits if hit.phrase == "hồ sơ" and hit.sure and not _compares(hits, hit.end)
    }
    bodies = {hit.start for hit in hits if hit.sure and hit.phrase in _NO_TEAMS}
    kept = []
    for hit in hits:
        if hit.syllables > 1 and hit.end - 1 in bodies and hit.phrase.endswith(" tổ"):
            continue  # "cấp mới cho tổ chức" is for no team.
        torn = dossiers.get(hit.end - 1)
        if torn is not None and hit.phrase.endswith("hộ") and hit.end < torn.end:
            continue  # "tong so hd so" counts no households.
        idiom = inside.get(hit.start)
        if idiom and idiom.phrase != hit.phrase and hit.end <= idiom.end and hit.syllables < idiom.syllables:
            continue
        kept.append(hit)
    return kept


def _compares(hits: Sequence[Hit], end: int) -> bool:
    """Whether ``so`` before ``end`` opens a comparison: ``24 hộ so với năm trước``."""
    return any(hit.start == end - 1 and hit.phrase == "so với" for hit in hits)


def _read(passage: Passage, grammar: Grammar, torn: bool = False) -> tuple[list[Token], list[Hit]]:
    tokens = list(tokenize(passage.text))
    if passage.forms:
        tokens = spell_out(tokens, passage.forms)
    if passage.damaged:
        tokens = [part for token in tokens for part in split_joined(mend_worn(token), grammar.lexicon)]
    else:
        tokens = split_glued(tokens, grammar.lexicon)
    if passage.kind != "row":
        tokens = join_spaced(tokens)
        tokens = unfold(tokens)
    tokens = join_told_ratios(tokens)
    hits = outside_idioms(grammar.lexicon.find(tokens, passage.damaged, torn), grammar)
    if may_spell(tokens, passage.damaged):
        spelled = read_words(tokens, starts(hits), grammar, passage.damaged)
        if len(spelled) != len(tokens) or spelled != tokens:
            tokens = spelled
            hits = outside_idioms(grammar.lexicon.find(tokens, passage.damaged, torn), grammar)
    if passage.damaged:
        hits = drop_homographs(hits, tokens, grammar.lexicon)
    return tokens, hits


def read_row(passage: Passage, value: int | None, unit: str, grammar: Grammar) -> Scene:
    """Read a row of a table: one quantity at most, and every word of the row belongs to it.

    Args:
        passage: The row.
        value: Offset of its value in the text, or None.
        unit: Text of the unit's cell, as far as the table has one.
        grammar: The words of the catalogue.
    """
    tokens, hits = _read(passage, grammar, torn=passage.damaged or len(passage.starts) > 1)
    span = (0, len(tokens))
    starting, ending = starts(hits), ends(hits)
    found = []
    for i in range(*span):
        if value is not None and tokens[i].start == value and tokens[i].kind in ("figure", "word"):
            if tokens[i].kind == "word":  # A cell that says "Không" says none.
                numeral = Numeral(tokens[i].start, tokens[i].end, "figure", "")
                place = {"unit_end": i + 1, "last": span[1], "sentence": span, "start": i}
                quantity = Quantity(i, numeral, none=True, **place)  # type: ignore[arg-type]
            else:
                quantity = make_quantity(tokens, i, span, starting, ending, grammar)
                quantity = _with_share_beside(quantity, tokens)
            found.append(_with_cell_unit(quantity, tokens, starting, unit, passage, grammar))
    return Scene(passage, tuple(tokens), tuple(hits), tuple(found), (span,))


def read_cells(row: Scene, unit: str, grammar: Grammar) -> Scene | None:
    """Read every figure of a row as written, those too that the row is not read for.

    Args:
        row: The row as ``read_row`` reads it, with its value, if it has one.
        unit: Text of the unit's cell.
        grammar: The words of the catalogue.

    Returns:
        The row with the cells that were blanks and with all its figures in their order, those that the row is not read
        for marked as ``beside``; nothing when no figure stands beside the value.
    """
    passage = replace(row.passage, text=for_matching(row.passage.raw))
    tokens, hits = _read(passage, grammar, torn=passage.damaged or len(passage.starts) > 1)
    span = (0, len(tokens))
    starting, ending = starts(hits), ends(hits)
    number = ROW_NUMBER.match(passage.text)
    # Also where no other figure stands in the row: its value may be a blank or a word.
    counted_from = number.end(1) if number else 0
    values = {row.tokens[quantity.index].start: quantity for quantity in row.quantities}
    found: list[Quantity] = []
    for i, token in enumerate(tokens):
        if (value := values.pop(token.start, None)) is not None:
            move = i - value.index
            found.append(
                replace(value, index=i, start=value.start + move, unit_end=max(i + 1, value.unit_end + move))
            )
        elif token.kind == "figure" and token.start >= counted_from:
            quantity = make_quantity(tokens, i, span, starting, ending, grammar)
            if unit.strip() == "%" and quantity.percent is None and quantity.ratio is None:
                quantity = replace(quantity, percent=quantity.low, named=False)
            found.append(replace(quantity, beside=True))
    if values or not any(quantity.beside for quantity in found):
        return None
    return Scene(passage, tuple(tokens), tuple(hits), tuple(found), (span,))


def _with_share_beside(quantity: Quantity, tokens: Sequence[Token]) -> Quantity:
    """Take in the share that stands in the cell beside ``57/60``."""
    shares = [t.numeral for t in tokens if t.numeral is not None and is_share_of(t.numeral, quantity.numeral)]
    return replace(quantity, percent=shares[0].low) if len(shares) == 1 else quantity


def _with_cell_unit(
    quantity: Quantity,
    tokens: Sequence[Token],
    starting: Edges,
    unit: str,
    passage: Passage,
    grammar: Grammar,
) -> Quantity:
    """Take the noun of a row's figure from its unit cell, or from the words directly beside the figure."""
    share = unit.strip() == "%" or any(token.text == "%" for token in tokens)
    share = share or (
        quantity.low <= 100 and [t.text.lower() for t in tokens if t.kind == "word"][:2] in _SHARES
    )
    if quantity.percent is None and share:
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
    line_end = quantity.unit_end >= len(tokens) or tokens[quantity.unit_end].kind in ("mark", "figure")
    behind = quantity.unit_end > quantity.index + 1
    # A noun on the next line is the rest of a wrapped label, not the unit.
    noun_start = tokens[min(quantity.unit_end, len(tokens)) - 1].start
    wrapped = any(tokens[quantity.index].end < start <= noun_start for start in passage.starts)
    if not name and quantity.unit and line_end and not wrapped and (behind or unit):
        name = quantity.unit
    if not name and unit:
        end = quantity.start
        while end > 1 and tokens[end - 1].kind == "figure":
            end -= 1  # Another column of figures stands between.
        before = [
            h
            for place in range(max(0, end - 3), end)
            for h in starting.get(place, ())
            if h.end == end and h.phrase in grammar.units and h.cost <= 0.14 * h.syllables
        ]
        if before:
            # It may be the end of the label as well, where the cell of the unit was lost.
            return replace(quantity, unit=max(before, key=lambda h: h.syllables).phrase, named=True)
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
        found += merge_shares(clauses(quantities, tokens, span), tokens)
    return Scene(passage, tuple(tokens), tuple(hits), tuple(found), tuple(spans))


_TITLE = 12
_SHARES = (["phần", "trăm"], ["tỷ", "lệ"], ["tỉ", "lệ"])


def titles_before(scene: Scene, quantity: Quantity) -> list[tuple[int, int]]:
    """Return the short sentences without a figure that open the passage before a figure's sentence.

    ``Điểm 6 (truyền thanh). Tốt: 58 tin, bài``: they say what the figures behind them are told of.
    """
    titles: list[tuple[int, int]] = []
    counted = {q.index for q in scene.quantities}
    for first, last in scene.sentences:
        if last > quantity.sentence[0]:
            break
        if last - first > 2 * _TITLE or any(i in counted for i in range(first, last)):
            break
        titles.append((first, last))
    return titles


def words_of(scene: Scene, span: tuple[int, int]) -> str:
    """Return the text between two tokens."""
    return scene.passage.text[scene.tokens[span[0]].start : scene.tokens[span[1] - 1].end]
