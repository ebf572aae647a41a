"""Whether a word can be Vietnamese: the language has few onsets and rimes, so a wrong decoding shows at once."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import re2

_ONSET_LIST = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_RIME_LIST = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu
    i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot
    ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt up ut uơ
    uy uya uych uyên uyêt uyn uynh uyp uyt uyu
    ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu
"""
_ONSETS = frozenset(["", *_ONSET_LIST.split()])
_RIMES = frozenset(_RIME_LIST.split())
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_WORD = re2.compile(r"[\pL\pM]+")


@lru_cache(maxsize=16384)
def is_syllable(word: str) -> bool:
    """Return whether an NFC word in lower, title or upper case has a Vietnamese onset, rime and at most one tone."""
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    decomposed = unicodedata.normalize("NFD", word.lower())
    plain = "".join(mark for mark in decomposed if mark not in _TONES)
    if len(decomposed) - len(plain) > 1:
        return False
    letters = unicodedata.normalize("NFC", plain)
    return any(letters[:cut] in _ONSETS and letters[cut:] in _RIMES for cut in range(min(4, len(letters))))


def marked_words(text: str) -> tuple[int, int]:
    """Return how many words of an NFC text carry letters beyond ASCII, and how many of those can be Vietnamese."""
    marked = [word for word in _WORD.findall(text) if not word.isascii()]
    return len(marked), sum(map(is_syllable, marked))
