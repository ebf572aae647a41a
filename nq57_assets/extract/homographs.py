"""Words that recognition writes alike: ``sé`` is ``sẽ`` or ``số``, and the words beside it say which.

Belongs here: dropping readings of a phrase that the neighbouring words speak against.
Does not belong: what a written word may stand for (``confusion``), common expressions (``scene``).
"""

from __future__ import annotations

from collections.abc import Sequence

from nq57_assets.extract.lexicon import Hit, Lexicon
from nq57_assets.extract.passages import Token
from nq57_assets.vietnamese.fold import fold

_POOR, _GOOD = 0.14, 0.09
_NEAR = 0.12
# Before figures, dates and symbols of papers stands a number word and never a verb.
_NUMBERING = "số"
_WORN = {"1a": "la", "Ia": "la", "c6": "co", "cé": "co", "c0": "co", "C6": "Co", "Cé": "Co"}


def mend_worn(token: Token) -> Token:
    """Return a small word that recognition without Vietnamese never writes right as it is meant: ``1a`` is ``là``."""
    mended = _WORN.get(token.text) if token.kind == "word" else None
    return Token("word", mended, token.start, token.end) if mended else token


def drop_crossed(hits: Sequence[Hit]) -> list[Hit]:
    """Drop poor readings of words that better read phrases on both sides share out among themselves.

    In ``can bé dang ky`` the phrases *cán bộ* and *đăng ký* leave nothing for *bồi dưỡng*.
    """
    good = [hit for hit in hits if hit.syllables > 1 and hit.cost <= _GOOD * hit.syllables]
    reaching: dict[int, list[Hit]] = {}
    for hit in good:
        for i in range(hit.start, hit.end):
            reaching.setdefault(i, []).append(hit)

    def crossed(hit: Hit) -> bool:
        return all(
            any(
                other.start < hit.start < other.end < hit.end or hit.start < other.start < hit.end < other.end
                for other in reaching.get(i, ())
            )
            for i in range(hit.start, hit.end)
        )

    return [
        hit for hit in hits if hit.syllables == 1 or hit.cost <= _POOR * hit.syllables or not crossed(hit)
    ]


def drop_homographs(hits: Sequence[Hit], tokens: Sequence[Token], lexicon: Lexicon) -> list[Hit]:
    """Drop words of one syllable in text without marks where their neighbours belong to another word.

    A reading stands unless another syllable, as likely in this spelling, forms a known pair with the word before or
    behind, and the reading itself forms none.
    """
    near: dict[int, frozenset[int]] = {}

    def beside(i: int) -> frozenset[int]:
        if i not in near:
            word = 0 <= i < len(tokens) and tokens[i].kind == "word"
            found = lexicon.vocabulary.candidates(tokens[i].text, True) if word else ()
            near[i] = frozenset(syllable for syllable, cost in found if cost <= _NEAR)
        return near[i]

    def pairs(syllable: int, i: int) -> bool:
        return any((before, syllable) in lexicon.pairs for before in beside(i - 1)) or any(
            (syllable, behind) in lexicon.pairs for behind in beside(i + 1)
        )

    def stands(hit: Hit) -> bool:
        if hit.syllables > 1 or fold(tokens[hit.start].text) == tokens[hit.start].text.lower():
            return True
        syllables = lexicon.vocabulary.syllables
        found = lexicon.vocabulary.candidates(tokens[hit.start].text, True)
        others = [s for s, cost in found if cost <= hit.cost + 0.02 and syllables[s] != hit.phrase]
        numbers = hit.end < len(tokens) and tokens[hit.end].kind in ("figure", "date", "label")
        if numbers and any(syllables[s] == _NUMBERING for s in others):
            return False
        own = next((s for s, _ in found if syllables[s] == hit.phrase), None)
        if own is None or pairs(own, hit.start):
            return True
        return not any(pairs(other, hit.start) for other in others)

    return [hit for hit in hits if stands(hit)]
