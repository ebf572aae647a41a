"""Figures told in one row for labels told in another, set beside their labels: ``số tổ, số buổi lần lượt là 5 và 9``.

Belongs here: finding such a row among the tokens of a passage and putting every figure behind its label.
Does not belong: what the labels mean (``match``), cells of tables (``tables``).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nq57_assets.extract.passages import Token
from nq57_assets.vietnamese.fold import fold

_IN_TURN = (["lan", "luot"], ["theo", "thu", "tu"], ["tuong", "ung", "la"], ["tuan", "tu"])
_LINKS = frozenset(
    {"la", "bang", "dat", "co", "nhu", "sau", "gom", "tinh", "theo", "tuong", "ung", "do", "voi"}
)
_COUNTS = frozenset({"so", "ty", "tong", "luong"})
_SHARED = frozenset({"của", "cua", "cho", "đối"})
_NO_NOUN = frozenset({"và", "trong", "còn", "so", "tăng", "giảm"})
_NOUN = 5
_LABEL = 24


def unfold(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens with every row of figures folded into ``label: figure; label: figure``.

    A second row may leave out its labels (``của tổ chức lần lượt là 4, 3 và 1``): it takes those of the row before.
    Tokens keep their places in the text, so that proof and address stay those of the figure.
    """
    out: list[Token] = []
    labels: list[list[Token]] = []
    position = 0
    for first in range(len(tokens)):
        if first < position:
            continue
        told = _told(tokens, first)
        figures = _figures(tokens, told) if told else []
        if len(figures) < 2:
            continue
        begin = _begin(tokens, position, first)
        prefix, own = _labels(tokens[begin:first], len(figures), bare=told == first + 1)
        if not own and labels and len(labels) == len(figures) and told > first + 1:
            own, prefix = [[*label, *tokens[begin:first]] for label in labels], []
        if not own:
            continue
        labels = [_without_shared(label) for label in own]
        out += [*tokens[position:begin], *prefix]
        for i, (label, (start, end)) in enumerate(zip(own, figures, strict=True)):
            mark = tokens[told - 1]
            out += [Token("mark", ";", mark.start, mark.end)] if i else []
            out += [*label, Token("mark", ":", mark.start, mark.end), *tokens[start:end]]
        position = figures[-1][1]
    return [*out, *tokens[position:]] if position else list(tokens)


def _told(tokens: Sequence[Token], first: int) -> int:
    """Return where the figures begin when words at ``first`` announce a row of them, else 0."""
    if tokens[first].text == ":":
        return first + 1
    words = [fold(token.text) for token in tokens[first : first + 3]]
    said = next((len(phrase) for phrase in _IN_TURN if words[: len(phrase)] == phrase), 0)
    if not said:
        return 0
    place = first + said
    while place < len(tokens) and (tokens[place].text == ":" or fold(tokens[place].text) in _LINKS):
        place += 1
    return place


def _figures(tokens: Sequence[Token], start: int) -> list[tuple[int, int]]:
    """Return the ranges of figures, each with its noun, that follow one another behind commas or ``và``."""
    found: list[tuple[int, int]] = []
    place = start
    while place < len(tokens):
        here = place
        while here < min(place + 3, len(tokens)) and tokens[here].kind == "word":
            here += 1  # "trên 200", "và 5"
        if here >= len(tokens) or tokens[here].kind != "figure":
            break
        begin = place + 1 if fold(tokens[place].text) == "va" else place
        end = here + 1
        while end < min(here + _NOUN, len(tokens)) and tokens[end].kind == "word" and _noun(tokens[end]):
            end += 1
        found.append((begin, end))
        parted = end < len(tokens) and (tokens[end].text in ",;" or fold(tokens[end].text) == "va")
        if not parted:
            break
        place = end if fold(tokens[end].text) == "va" else end + 1
    return found


def _noun(token: Token) -> bool:
    return token.text.lower() not in _NO_NOUN


def _begin(tokens: Sequence[Token], position: int, first: int) -> int:
    """Return where the labels of a row may begin: behind the last end of a part of a sentence."""
    begin = max(position, first - 4 * _LABEL)
    ends = [i + 1 for i in range(begin, first) if tokens[i].text in ".;?"]
    return max([begin, *ends])


def _labels(tokens: Sequence[Token], count: int, bare: bool) -> tuple[list[Token], list[list[Token]]]:
    """Return (words before the labels, the labels) of a row of ``count`` figures, or no labels when they don't fit.

    Args:
        tokens: What stands before the row.
        count: Number of figures.
        bare: Only a colon announces the row, so that every label must say that it counts.
    """
    cuts = [
        0,
        *(i + 1 for i, t in enumerate(tokens) if t.text in ",:;" or fold(t.text) == "va"),
        len(tokens) + 1,
    ]
    parts = [list(tokens[a : b - 1]) for a, b in pairwise(cuts)]
    starts = [a for a, part in zip(cuts, parts, strict=False) if part]
    parts = [part for part in parts if part]
    counting = [i for i, part in enumerate(parts) if fold(part[0].text) in _COUNTS]
    if len(counting) == count:
        chosen = counting
    elif not bare and len(parts) >= count:
        chosen = list(range(len(parts) - count, len(parts)))
    else:
        return [], []
    ends = [*chosen[1:], len(parts)]
    labels = [[t for part in parts[a:b] for t in part] for a, b in zip(chosen, ends, strict=True)]
    if any(len(label) > _LABEL or any(t.kind == "figure" for t in label) for label in labels):
        return [], []
    shared = labels[-1][len(_without_shared(labels[-1])) :]
    labels = [label if _names_whom(label) else [*label, *shared] for label in labels]
    return list(tokens[: starts[chosen[0]]]), labels


def _names_whom(label: Sequence[Token]) -> bool:
    return any(token.text.lower() in _SHARED for token in label[1:])


def _without_shared(label: Sequence[Token]) -> list[Token]:
    """Return a label without the words that tell of whom it counts: ``thu hồi của cá nhân`` is ``thu hồi``."""
    cut = next((i for i, token in enumerate(label) if i and token.text.lower() in _SHARED), len(label))
    return list(label[:cut])
