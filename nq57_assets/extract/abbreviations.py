"""Short forms that a document defines for itself: ``Tổ công nghệ số cộng đồng (gọi tắt là TCN)``, ``trực tuyến (TT)``.

Belongs here: finding definitions of the catalogue's words, and putting the words in place of their short forms.
Does not belong: short forms that everybody uses (synonyms in ``reference/language.yaml``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

import re2

from nq57_assets.extract.grammar import Grammar
from nq57_assets.extract.lexicon import Hit, split_syllables
from nq57_assets.extract.passages import Passage, Token, tokenize
from nq57_assets.vietnamese.fold import fold

ShortForms = tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]

_CUE = re2.compile(
    r"(?:^| )(?:(?:goi|viet|ghi)(?: la)? (?:tat|gon|ngan gon|chung|ngan)(?: la)?"
    r"|(?:sau|duoi|tu) day (?:xin )?(?:duoc )?(?:goi|viet|ghi)(?: (?:tat|gon|chung))?(?: la)?)$"
)
_LEGEND = re2.compile(
    r"(?:chu|danh muc|bang|quy uoc|ghi chu|tu)?(?: chu| tu| cac)* ?viet tat[^:.;(]{0,30}(?::|$)"
)
_LONGEST = 10
_CUE_WORDS = 7
_LONGEST_SHORT = 4
_WINDOW = 14
# A short form of one common syllable is part of other words before these: tổ dân phố, tổ chức, trung tâm văn hóa.
_GOES_ON = frozenset(
    {"dân", "chức", "hợp", "giúp", "trưởng", "phó", "viên", "công", "số", "máy", "văn", "y", "đảng"}
)


def short_forms(passages: Iterable[Passage], grammar: Grammar) -> ShortForms:
    """Return (tokens of the short form, words it stands for) that the passages of a document define."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for passage in passages:
        for short, long in _legend(passage):
            found.setdefault(short, long)
        if "(" not in passage.text and "viết" not in passage.text and "gọi" not in passage.text:
            continue
        tokens = tokenize(passage.text)
        for i, token in enumerate(tokens):
            cue_end = _cue_end(tokens, i)
            if not cue_end and token.text != "(":
                continue
            short = _short_at(tokens, cue_end or i + 1)
            end = _definition_end(tokens, i) if cue_end else i
            if not short or not end:
                continue
            long = _meant(tokens, end, short, grammar, passage.damaged, told=bool(cue_end))
            if long and fold(" ".join(long)) != fold(" ".join(short)):
                found.setdefault(short, long)
    # What the catalogue knows as it is needs no words: "UBND" spelled out would speak of people ("nhân dân").
    unknown = {short: long for short, long in found.items() if not _is_known(short, grammar)}
    return tuple(sorted(unknown.items(), key=lambda pair: -len(pair[0])))


def _is_known(short: Sequence[str], grammar: Grammar) -> bool:
    tokens = tokenize(" ".join(short))
    return any(
        hit.end == len(tokens) and not hit.start and not hit.cost
        for hit in grammar.lexicon.find(tokens, False)
    )


def _legend(passage: Passage) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return what a list of short forms tells: ``Chữ viết tắt: HS: hồ sơ; TT = trực tuyến``."""
    place = _LEGEND.search(fold(passage.text))
    if place is None and not any(_LEGEND.search(fold(text)) for text in (passage.lead, *passage.path[-1:])):
        return []
    tokens = [t for t in tokenize(passage.text) if place is None or t.start >= place.end()]
    cuts = [-1, *(i for i, t in enumerate(tokens) if t.text in ";.|"), len(tokens)]
    pairs = []
    for a, b in pairwise(cuts):
        part = tokens[a + 1 : b]
        sign = next((i for i, t in enumerate(part) if t.text in ":=" or fold(t.text) == "la"), 0)
        short = tuple(t.text for t in part[:sign] if t.text not in "-+*•" or t is not part[0])
        long = _words_ahead(part[sign + 1 :])
        fits = 0 < len(short) <= _LONGEST_SHORT and short[0][0].isupper() and any(_capitals(s) for s in short)
        if fits and sign and long and not {",", "/"} & set(short):
            pairs.append((short, long))
    return pairs


def _words_ahead(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return the words up to the first bracket or figure, if they are few."""
    end = next((i for i, t in enumerate(tokens) if t.text == "(" or t.kind == "figure"), len(tokens))
    words = tuple(t.text for t in tokens[:end] if t.kind == "word")
    return words if len(words) <= _LONGEST else ()


def _cue_end(tokens: Sequence[Token], i: int) -> int:
    """Return where the short form begins when words up to ``i`` announce one, else 0."""
    if tokens[i].kind != "word" or fold(tokens[i].text) not in (
        "la",
        "tat",
        "gon",
        "goi",
        "viet",
        "chung",
        "ngan",
    ):
        return 0
    begin = max(
        (k + 1 for k in range(max(0, i - _CUE_WORDS), i) if tokens[k].kind != "word"), default=max(0, i - 6)
    )
    words = " ".join(fold(token.text) for token in tokens[begin : i + 1])
    if not _CUE.search(words):
        return 0
    if i + 1 < len(tokens) and fold(tokens[i + 1].text) in ("la", "tat", "gon", "chung"):
        return 0  # The announcement goes on.
    return i + 2 if i + 1 < len(tokens) and tokens[i + 1].text == ":" else i + 1


def _short_at(tokens: Sequence[Token], start: int) -> tuple[str, ...]:
    """Return the words from ``start`` to the next mark, quotes left aside, if they can be a short form."""
    while start < len(tokens) and tokens[start].text in "\"“”'":
        start += 1
    end = start
    while end < len(tokens) and tokens[end].kind == "word" and end - start <= _LONGEST_SHORT:
        end += 1
    closed = end >= len(tokens) or tokens[end].text in ")\"”',.;:"
    short = tuple(token.text for token in tokens[start:end])
    known = bool(short) and closed and len(short) <= _LONGEST_SHORT and short[0][0].isupper()
    return short if known else ()


def _definition_end(tokens: Sequence[Token], i: int) -> int:
    """Return where the words before an announcement end: at its bracket or comma."""
    return next((k for k in range(i, max(0, i - _CUE_WORDS), -1) if tokens[k].text in "(,"), 0)


def _meant(
    tokens: Sequence[Token], end: int, short: Sequence[str], grammar: Grammar, damaged: bool, told: bool
) -> tuple[str, ...]:
    """Return the syllables of the longest known phrase before ``end`` that a short form can stand for."""
    first = max(0, end - _WINDOW)
    hits = [hit for hit in grammar.lexicon.find(tokens[first:end], damaged) if _reaches(hit, end - first)]
    for hit in sorted(hits, key=lambda hit: -hit.syllables):
        words = split_syllables(hit.phrase)
        if told or _initials_fit(short, words):
            return tuple(words)
    return ()


def _reaches(hit: Hit, end: int) -> bool:
    return hit.end == end and hit.syllables > 1 and hit.sure


def _initials_fit(short: Sequence[str], words: Sequence[str]) -> bool:
    """Whether the capitals of a short form are initials of the words, in their order, from the first word on."""
    letters = "".join(_capitals(part) or part[0] for part in short)
    plain = fold(letters).lower()
    if len(plain) < 2 or not any(_capitals(part) for part in short) or plain[0] != fold(words[0])[0]:
        return False
    initials = iter(fold(word)[0] for word in words)
    return all(letter in initials for letter in plain)


def _capitals(word: str) -> str:
    capitals = "".join(letter for letter in word if letter.isupper())
    return capitals if len(capitals) > 1 else ""


def spell_out(tokens: Sequence[Token], forms: ShortForms) -> list[Token]:
    """Return the tokens with every short form replaced by its words, which all stand at its place in the text."""
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        long, count = _form_at(tokens, i, forms)
        if not count:
            out.append(tokens[i])
            i += 1
            continue
        start, end = tokens[i].start, tokens[i + count - 1].end
        # A capital keeps the sentence before it ended.
        out += [Token("word", word, start, end) for word in (long[0].capitalize(), *long[1:])]
        i += count
    return out


def _form_at(tokens: Sequence[Token], i: int, forms: ShortForms) -> tuple[tuple[str, ...], int]:
    """Return (words, number of tokens) of the short form that begins at ``i``, or none."""
    if tokens[i].kind != "word" or not tokens[i].text[0].isupper():
        return (), 0
    for short, long in forms:
        count = len(short)
        if tuple(token.text for token in tokens[i : i + count]) != short:
            continue
        behind = tokens[i + count].text if i + count < len(tokens) else ""
        defined = i > 0 and tokens[i - 1].text == "(" and behind == ")"
        part = not any(_capitals(word) for word in short) and behind.lower() in _GOES_ON
        if not defined and not part:
            return long, count
    return (), 0


def spelled(text: str, forms: ShortForms) -> str:
    """Return a text with its short forms spelled out."""
    return " ".join(token.text for token in spell_out(tokenize(text), forms)) if text and forms else text


def with_forms(passage: Passage, forms: ShortForms) -> Passage:
    """Return a passage that knows the document's short forms, the titles and the line above it spelled out."""
    if not forms:
        return passage
    path = tuple(spelled(title, forms) for title in passage.path)
    return replace(passage, forms=forms, path=path, lead=spelled(passage.lead, forms))
