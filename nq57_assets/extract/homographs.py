"""Words that recognition writes alike: ``sé`` is ``sẽ`` or ``số``, and the words beside it say which.

Belongs here: dropping readings of a phrase that the neighbouring words speak against.
Does not belong: what a written word may stand for (``confusion``), common expressions (``scene``).
"""

from __future__ import annotations

from collections.abc import Sequence

from nq57_assets.extract.lexicon import Hit, Lexicon
from nq57_assets.extract.passages import Token
from nq57_assets.vietnamese.worn_words import mended

_READ, _GOOD = 0.1, 0.09
_NEAR = 0.21
# Cues and the commoner words that look like them once their marks are lost.
_MISTAKEN = {
    "sẽ": ("số",),
    "cần": ("cận", "cán", "căn", "cân"),
    "thiếu": ("thiều",),
    "nhận": ("nhân",),
    "đón": ("đơn", "đoạn"),
    "chạy": ("cháy",),
    "loa": ("loại",),
}
# A short form is no syllable: one letter off, "ko" would be every "có" that lost its mark.
_AS_WRITTEN = "ko"
_WORN = {"1a": "la", "Ia": "la", "c6": "co", "cé": "co", "c0": "co", "C6": "Co", "Cé": "Co"}

# Vowels that can't follow an I that begins a word, as they are written when marks are lost.
_VOWELS = tuple("aeouéêôơưâăà@6")


def mend_worn(token: Token) -> Token:
    """Return a small word that recognition without Vietnamese never writes right as it is meant: ``1a`` is ``là``."""
    if token.kind != "word":
        return token
    plain = _WORN.get(token.text) or mended(token.text)
    if plain is None and token.text[0] in "IJ" and token.text[1:2] in _VOWELS:
        plain = "l" + token.text[1:]  # "Ian", "Ién": no Vietnamese word begins so.
    return Token("word", plain, token.start, token.end) if plain else token


def drop_crossed(hits: Sequence[Hit]) -> list[Hit]:
    """Drop poor readings of words that better read phrases on both sides share out among themselves.

    In ``can bé dang ky`` the phrases *cán bộ* and *đăng ký* leave nothing for *bồi dưỡng*, and inside *tổng số hồ sơ* no
    other words such as *số hóa* can stand.
    """
    good = [hit for hit in hits if hit.syllables > 1 and hit.cost <= _GOOD * hit.syllables]
    reaching: dict[int, list[Hit]] = {}
    for hit in good:
        for i in range(hit.start, hit.end):
            reaching.setdefault(i, []).append(hit)

    def crossed(hit: Hit) -> bool:
        return all(
            any(
                (
                    other.start < hit.start < other.end < hit.end
                    or hit.start < other.start < hit.end < other.end
                )
                and other.cost * hit.syllables <= hit.cost * other.syllables
                for other in reaching.get(i, ())
            )
            for i in range(hit.start, hit.end)
        )

    def inside(hit: Hit) -> bool:
        return any(
            other.start <= hit.start
            and hit.end <= other.end
            and other.syllables > hit.syllables
            and other.cost * hit.syllables <= (hit.cost + 0.02) * other.syllables
            and hit.phrase not in other.phrase
            for other in reaching.get(hit.start, ())
        )

    return [
        hit for hit in hits if hit.syllables == 1 or hit.cost <= _READ or not (inside(hit) or crossed(hit))
    ]


def drop_homographs(hits: Sequence[Hit], tokens: Sequence[Token], lexicon: Lexicon) -> list[Hit]:
    """Drop cues of one syllable in text without marks where their neighbours belong to another word.

    A cue stands unless a word that it is mistaken for forms a known pair with the word before or behind, or numbers a
    figure, and the cue itself forms none.
    """
    index = lexicon.index

    def beside(i: int) -> frozenset[int]:
        word = 0 <= i < len(tokens) and tokens[i].kind == "word"
        found = lexicon.vocabulary.candidates(tokens[i].text, True) if word else ()
        return frozenset(syllable for syllable, cost in found if cost <= _NEAR)

    def pairs(syllable: int, i: int) -> bool:
        return any((before, syllable) in lexicon.pairs for before in beside(i - 1)) or any(
            (syllable, behind) in lexicon.pairs for behind in beside(i + 1)
        )

    def stands(hit: Hit) -> bool:
        if hit.phrase.split()[0] == _AS_WRITTEN:
            return tokens[hit.start].text.lower() == _AS_WRITTEN
        others = _MISTAKEN.get(hit.phrase)
        if others is None:
            return True
        behind = tokens[hit.end].kind if hit.end < len(tokens) else "mark"
        if "số" in others and behind in ("figure", "date", "label", "mark"):
            return False
        if hit.phrase in index and pairs(index[hit.phrase], hit.start):
            return True
        return not any(pairs(index[other], hit.start) for other in others if other in index)

    return [hit for hit in hits if stands(hit)]
