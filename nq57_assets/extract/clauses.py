"""Which words of a sentence belong to which of its figures.

Belongs here: where one figure's words end and the next one's begin, brackets, a count and its share as one claim.
Does not belong: reading a single figure (``quantities``), which indicator it fills (``match``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nq57_assets.extract.compared import turns_to
from nq57_assets.extract.label_figures import stands_in_brackets
from nq57_assets.extract.passages import Token
from nq57_assets.extract.quantities import OF_THEM, Quantity
from nq57_assets.vietnamese.fold import fold

_BREAK_WORDS = frozenset({"va", "con", "cung", "trong", "voi"})
_SOFT_BREAKS = frozenset({"va", "con", "cung", "trong"})


def _cut_between(tokens: Sequence[Token], after: int, before: int) -> tuple[int, int]:
    """Return (end of the left figure's clause, start of the right figure's clause) between two figures.

    The strongest boundary wins: a semicolon, a word or comma directly before the right figure, then any comma, then
    a conjunction. With none of them the words between belong to both.
    """
    if after < before and tokens[after].text == ")" and tokens[before - 1].text == "(":
        return after, after + 1  # "mở lớp trực tiếp (31 buổi) với học viên các lứa tuổi (3.870 lượt)"
    marks = {k: tokens[k].text for k in range(after, before) if tokens[k].kind == "mark"}
    strong = [k for k, mark in marks.items() if mark == ";"]
    if strong:
        return strong[-1], strong[-1] + 1
    last = before - 1
    if last >= after:
        if tokens[last].text in (",", "(", "+"):
            return last, last + 1
        compared = last > 0 and fold(tokens[last - 1].text) in ("so", "doi")
        if tokens[last].kind == "word" and fold(tokens[last].text) in _BREAK_WORDS and not compared:
            return last, last
    commas = [k for k, mark in marks.items() if mark in (",", "(")]
    if commas:
        return commas[-1], commas[-1] + 1
    for k in range(last, after - 1, -1):
        if tokens[k].kind == "word" and fold(tokens[k].text) in _SOFT_BREAKS:
            return k, k
    return before, after


def clauses(quantities: list[Quantity], tokens: Sequence[Token], span: tuple[int, int]) -> list[Quantity]:
    """Give each figure of a sentence the words up to its neighbours, and no words beyond a semicolon.

    A figure in brackets has the words in its brackets, and the figures outside look past it.
    """
    for position, quantity in enumerate(quantities):
        if quantity.unit == OF_THEM and position:
            before = quantities[position - 1]
            quantities[position] = replace(quantity, unit=before.unit)
    brackets = [_brackets(tokens, quantity, span) for quantity in quantities]
    out: list[Quantity] = []
    for position, quantity in enumerate(quantities):
        peers = [k for k in range(len(quantities)) if brackets[k] == brackets[position]]
        place = peers.index(position)
        left, right = brackets[position] or span
        if place:
            before = quantities[peers[place - 1]]
            noun_end = max(before.unit_end, before.index + 1)
            begin = _label_end(tokens, quantity)
            cut, left = _cut_between(tokens, noun_end, begin)
            if cut == begin:
                # Nothing parts the two: what the first figure counts is said of the second too.
                left = before.index + 1
        after = max(quantity.unit_end, quantity.index + 1)
        if place + 1 < len(peers):
            following = quantities[peers[place + 1]]
            begin = _label_end(tokens, following)
            right = _cut_between(tokens, after, begin)[0]
            if right == begin and fold(tokens[right - 1].text) == "cho":
                right = max(following.unit_end, following.index + 1)  # "04 lớp tập huấn cho 260 thành viên"
        right = _before_label(tokens, after, right)
        enclosed = brackets[position] is None and after < right and tokens[after].text == ")"
        if enclosed and quantity.unit and quantity.percent is None:
            right = after + 1  # What follows the bracket is told of the next figure.
        stops = ";" if quantity.unit or quantity.named else ";,("
        right = next((k for k in range(after, right) if tokens[k].text in stops), right)
        begins = [k for k in range(left, quantity.index) if tokens[k].text == ";"]
        first, last = begins[-1] + 1 if begins else left, max(right, after)
        others = {b for k, b in enumerate(brackets) if b is not None and b != brackets[position]}
        holes = tuple(sorted(b for b in others if first <= b[0] < last and not _ends_label(tokens, b)))
        label = (0, 0)
        compared = out[peers[place - 1]] if place else None
        if compared is not None and turns_to(tokens, compared, quantity):
            label = compared.label if any(compared.label) else (compared.first, compared.start)
        out.append(replace(quantity, first=first, last=last, holes=holes, label=label))
    return out


def _ends_label(tokens: Sequence[Token], bracket: tuple[int, int]) -> bool:
    """Whether a bracket ends a label: ``Chỉ tiêu 3 (cáp quang hộ gia đình, giao 85%): 81,3%``."""
    return [token.text for token in tokens[bracket[1] : bracket[1] + 2]] == [")", ":"]


def _label_end(tokens: Sequence[Token], quantity: Quantity) -> int:
    """Return where the words before a figure end: before the bracket of ``thành viên (126)``, else at the figure."""
    alone = stands_in_brackets(tokens, quantity.index, quantity.sentence[0])
    return quantity.index - 1 if alone else quantity.start


def _before_label(tokens: Sequence[Token], start: int, end: int) -> int:
    """Return where a new label in capitals begins between two tokens: what it says is told of the next figure."""
    for k in range(start, end):
        capital = tokens[k].kind == "word" and tokens[k].text[0] in "ST"
        if capital and k > start and fold(tokens[k].text) in ("so", "s6", "sé", "sb", "tong", "ty"):
            return k
    return end


def _brackets(tokens: Sequence[Token], quantity: Quantity, span: tuple[int, int]) -> tuple[int, int] | None:
    """Return the tokens between the brackets around a figure, if the brackets stand behind another word."""
    if [t.text for t in tokens[max(span[0], quantity.index - 1) : quantity.index + 2 : 2]] == ["[", "]"]:
        # "33 [21] tin bài": the words are told of the figure outside.
        return quantity.index, quantity.index + 1
    opening = next((k for k in range(quantity.index - 1, span[0], -1) if tokens[k].text in "()"), None)
    if opening is None or tokens[opening].text != "(":
        return None
    closing = next((k for k in range(quantity.index + 1, span[1]) if tokens[k].text in "()"), None)
    if closing is None or tokens[closing].text != ")" or closing - opening <= 2:
        return None  # "(100%)" belongs to the words around it.
    bare = all(tokens[k].kind == "word" for k in range(opening + 1, quantity.start))
    alone = quantity.start <= opening + 2 and bare and max(quantity.unit_end, quantity.index + 1) == closing
    if alone and not _tells_figure(tokens, span[0], opening):
        return None  # "mở lớp trực tiếp (31 buổi)": the noun alone tells nothing without the words before.
    return opening + 1, closing


def _tells_figure(tokens: Sequence[Token], start: int, opening: int) -> bool:
    """Whether the words before a bracket, back to the mark before them, hold a figure of their own."""
    begin = max((k for k in range(start, opening) if tokens[k].text in ";:)"), default=start)
    return any(t.kind == "figure" for t in tokens[begin:opening])


def merge_shares(quantities: list[Quantity], tokens: Sequence[Token]) -> list[Quantity]:
    """Join ``5.010/5.092 hồ sơ`` with the ``98,39%`` of the same part of a sentence when they agree."""
    merged: list[Quantity] = []
    for quantity in quantities:
        previous = merged[-1] if merged else None
        parted = previous and any(t.text == ";" for t in tokens[previous.index : quantity.index])
        joined = _join_share(previous, quantity) if previous and not parted else None
        if joined is not None:
            merged[-1] = joined
        else:
            merged.append(quantity)
    return merged


def _join_share(first: Quantity, second: Quantity) -> Quantity | None:
    if first.sentence != second.sentence or (first.ratio is None) == (second.ratio is None):
        return None
    ratio = first.ratio or second.ratio
    percent = second.percent if first.ratio else first.percent
    if ratio is None or percent is None or (first.percent is not None and second.percent is not None):
        return None
    if not ratio[1]:
        return None
    gap = abs(100 * ratio[0] / ratio[1] - percent)
    near = second.start - max(first.unit_end, first.index + 1) <= 6
    if gap >= (0.6 if near else 0.06):
        return None
    unit = first if first.unit else second
    return replace(
        first,
        ratio=ratio,
        percent=percent,
        qualifier=second.qualifier if first.qualifier == "exact" else first.qualifier,
        last=max(first.last, second.last),
        unit=unit.unit,
        unit_end=max(first.unit_end, second.index + 1),
        named=unit.named,
    )
