"""Figures whose noun or share stands in the label beside them: ``Buổi xuống dân, buổi: 55``, ``% hộ có cáp quang - 81``.

Belongs here: noun and share told by a label before or behind a figure, figures in brackets of their own, figures
written together with their noun. Does not belong: nouns directly beside a figure (``quantities``), what a label counts
(``labels``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import re2

from nq57_assets.extract.grammar import Grammar
from nq57_assets.extract.lexicon import Hit, Lexicon
from nq57_assets.extract.passages import Token
from nq57_assets.vietnamese.fold import fold
from nq57_assets.vietnamese.numbers import find_numerals
from nq57_assets.vietnamese.syllables import is_syllable

_GLUED = re2.compile(r"^(\d{1,3}(?:\.\d{3})+|\d{1,5})(\p{L}{2,6})$")
# Measures and money, no nouns cut short.
_NO_NOUNS = frozenset({"km", "cm", "mm", "kg", "kw", "kwh", "mb", "gb", "tb", "ha", "th", "tr", "tỷ", "tỉ"})
_CUTS = frozenset({";", ".", ":", "|", "="})
_PARTED = frozenset(",;./)-–")
_LABEL, _PAIR = 16, 6
_BEHIND = 6
# Kinds of papers of which one may be counted and one may be named: "công văn 39", "Quyết định 146".
PAPERS = frozenset({"công văn", "quyết định", "kế hoạch", "chỉ thị", "thông báo", "chương trình"})
_AMONG = frozenset({"đó", "gồm", "có", "là"})
_BULLETS = frozenset("-–—+*•·▪●○◦♦➢✓►")


def noun_of_label(
    tokens: Sequence[Token], ending: Mapping[int, Sequence[Hit]], grammar: Grammar, i: int
) -> tuple[str, bool]:
    """Return (noun, whether the figure at ``i`` is a share) as the label in front of its colon tells it.

    ``Số hộ (hộ): 10.402``, ``Buổi tổ xuống dân, buổi: 55``, ``Hộ có cáp quang, tỷ lệ %: 81``, ``Tỷ lệ trực tuyến: 96``.
    """
    colon = i - 1
    if colon < 2 or tokens[colon].text not in (":", "="):
        return "", False
    bracketed = tokens[colon - 1].text == ")"
    end = colon - 1 if bracketed else colon
    if tokens[end - 1].text == "%":
        return "", True
    opens = "(" if bracketed else ",-–"
    nouns = [
        hit
        for hit in ending.get(end, ())
        if hit.phrase in grammar.units and hit.start > 0 and tokens[hit.start - 1].text in opens
    ]
    if nouns:
        return max(nouns, key=lambda hit: hit.syllables).phrase, False
    return "", not bracketed and _label_is_share(tokens, colon, i)


def _label_is_share(tokens: Sequence[Token], colon: int, i: int) -> bool:
    """Whether a label speaks of a share, so that the bare number behind its colon is one."""
    numeral = tokens[i].numeral
    closed = i + 1 >= len(tokens) or tokens[i + 1].kind != "word"
    if numeral is None or numeral.low > 100 or numeral.whole is not None or not closed:
        return False
    begin = colon
    while begin > max(0, colon - _LABEL) and tokens[begin - 1].text not in _CUTS:
        if tokens[begin - 1].kind == "figure" and begin > 1 and tokens[begin - 2].kind != "mark":
            break
        begin -= 1
    label = [token for token in tokens[begin:colon] if token.text not in _BULLETS]
    if any(token.text == "%" for token in label):
        return True
    words = [token.text.lower() for token in label if token.kind == "word"][:2]
    return words in (["tỷ", "lệ"], ["tỉ", "lệ"], ["phần", "trăm"])


def noun_behind_colon(
    tokens: Sequence[Token], starting: Mapping[int, Sequence[Hit]], grammar: Grammar, i: int
) -> tuple[str, int]:
    """Return (noun, token behind it) of a figure that opens a line before its label, else ``("", i + 1)``.

    ``33 : tin bài đăng trên trang``, ``04 [06] : văn bản``, ``31 là số văn bản``.
    """
    j = i + 1
    if [t.text for t in tokens[j : j + 3 : 2]] == ["[", "]"]:
        j += 3  # The figure of another period, in brackets of its own.
    opens = all(token.text in _BULLETS for token in tokens[:i])
    inverted = [fold(token.text) for token in tokens[j : j + 2]] == ["la", "so"]
    if not inverted and not (opens and j < len(tokens) and tokens[j].text == ":"):
        return "", i + 1
    begin = j + 2 if inverted else j + 1
    for place in range(begin, min(begin + (2 if inverted else _BEHIND), len(tokens))):
        if tokens[place].kind in ("figure", "mark"):
            break
        nouns = [hit for hit in starting.get(place, ()) if hit.phrase in grammar.units and hit.sure]
        if nouns:
            best = max(nouns, key=lambda hit: hit.syllables)
            return best.phrase, best.end
    return "", i + 1


def counts_papers(
    tokens: Sequence[Token],
    starting: Mapping[int, Sequence[Hit]],
    ending: Mapping[int, Sequence[Hit]],
    grammar: Grammar,
    i: int,
) -> bool:
    """Whether the figure behind a kind of papers counts them: ``ban hành công văn 41 văn bản``, ``trong đó công văn 39``.

    A number that names a paper is followed by its date or its subject, or stands in a citation.
    """
    if any(hit.phrase in grammar.units and hit.sure for hit in starting.get(i + 1, ())):
        return True
    if i + 1 < len(tokens) and tokens[i + 1].text not in ",;.)":
        return False
    kinds = [hit for hit in ending.get(i, ()) if hit.phrase in PAPERS and hit.sure]
    begin = min((hit.start for hit in kinds), default=i)
    target = any(hit.phrase == "kế hoạch" for hit in kinds)  # "Lớp tập huấn: kế hoạch 8, thực hiện 11"
    among = {"gồm"} if target else _AMONG | {":", ")"}
    if begin and tokens[begin - 1].text.lower() in among:
        return True
    # "quyết định 8; kế hoạch 11; công văn 39": kinds told in a row behind what they are kinds of.
    others = [
        place
        for place in range(max(0, begin - _LABEL), begin)
        if tokens[place].kind == "figure"
        and any(hit.phrase in PAPERS and hit.sure for hit in ending.get(place, ()))
    ]
    return bool(others) and counts_papers(tokens, starting, ending, grammar, others[-1])


def begins_label(tokens: Sequence[Token]) -> bool:
    """Whether a line begins with a number and a label; counted nouns are in small letters but for ``Tổ``.

    ``27 TDP`` and ``5 OCOP, 4 lên sàn`` count what they shorten, unless another figure stands behind.
    """
    token = tokens[1]
    if token.kind != "word" or not token.text[0].isupper() or fold(token.text) in ("to", "t6", "td", "tb"):
        return False
    if not token.text.isupper() or not token.text.isalpha() or len(token.text) < 2 or is_syllable(token.text):
        return True
    behind = next((t for t in tokens[2:] if t.kind == "figure" or t.text in ",;.:|"), None)
    return behind is not None and (behind.kind == "figure" or behind.text in ":|")


def lists_only(tokens: Sequence[Token]) -> bool:
    """Whether a line holds nothing but figures beside slashes."""
    return len(tokens) > 2 and all(token.kind == "figure" or token.text == "/" for token in tokens)


def told_in_row(
    tokens: Sequence[Token], ending: Mapping[int, Sequence[Hit]], names: frozenset[str], i: int
) -> bool:
    """Whether the figure at ``i`` stands behind its noun in a row of such pairs: ``tổ 22, tv 150; thôn 21``.

    Args:
        tokens: Those of the passage.
        ending: Phrases by the token behind them.
        names: Nouns whose figure mostly names one of them; a neighbour that ends in one is an address or a citation.
        i: Place of the figure.
    """
    begin, end = _pair_at(tokens, i)
    if begin < 0:
        return False
    figures = [begin - 2, *range(end + 1, min(end + 1 + _PAIR, len(tokens)))]
    for place in figures:
        if place < 1 or tokens[place].kind != "figure":
            continue
        first, last = _pair_at(tokens, place)
        beside = last == begin - 1 if place < i else first == end + 1
        if first >= 0 and beside and not any(hit.phrase in names for hit in ending.get(place, ())):
            return True
    return False


def _pair_at(tokens: Sequence[Token], i: int) -> tuple[int, int]:
    """Return (first word, mark behind) where nothing but words and the figure at ``i`` stand between two marks."""
    numeral = tokens[i].numeral
    end = i + 1
    if numeral is None or numeral.whole is not None or tokens[i].text.startswith("0"):
        return -1, -1
    if end < len(tokens) and tokens[end].text not in _PARTED | {"("}:
        return -1, -1
    begin = i
    while begin > max(0, i - _PAIR) and tokens[begin - 1].kind == "word":
        begin -= 1
    bounded = begin == 0 or tokens[begin - 1].text in _PARTED | {":", "("}
    return (begin, end) if bounded and begin < i else (-1, -1)


def stands_in_brackets(tokens: Sequence[Token], i: int, first: int) -> bool:
    """Whether a figure alone in brackets ends its label: ``Hồ sơ tiếp nhận (2.241); …``."""
    if i < first + 2 or tokens[i - 1].text != "(" or tokens[i - 2].kind != "word":
        return False
    closing = i + 1
    if closing >= len(tokens) or tokens[closing].text != ")":
        return False
    if closing + 1 < len(tokens) and tokens[closing + 1].text not in ",;.":
        return False
    begin = max((k + 1 for k in range(first, i - 1) if tokens[k].text in ",;.:)("), default=first)
    return not any(token.kind == "figure" for token in tokens[begin : i - 1])


def _shortened(noun: str) -> bool:
    """Whether letters behind a figure are a noun cut short: ``466tv``, ``920ng``."""
    return len(noun) in (2, 3) and noun.islower() and noun not in _NO_NOUNS


def split_glued(tokens: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    """Cut ``31tin`` and ``25tổ`` into figure and noun; only for texts whose letters can be trusted."""
    out: list[Token] = []
    for token in tokens:
        found = _GLUED.match(token.text) if token.kind == "word" and token.text[0].isdigit() else None
        if found is None or not (
            lexicon.vocabulary.knows(fold(found.group(2))) or _shortened(found.group(2))
        ):
            out.append(token)
            continue
        cut = token.start + len(found.group(1))
        numeral = next(iter(find_numerals(" " * token.start + found.group(1))), None)
        if numeral is None:
            out.append(token)
            continue
        out.append(Token("figure", found.group(1), token.start, cut, numeral))
        out.append(Token("word", found.group(2), cut, token.end))
    return out
