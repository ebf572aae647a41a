"""How OCR misspells a Vietnamese syllable: which known syllables a written word may stand for, and at what cost.

A syllable is an onset, a nucleus and a coda. OCR keeps the consonants and ruins the vowels: ``số`` comes back
as ``s6``, ``sb``, ``sé`` or ``s&``, ``được`` as ``dugc``, ``sử`` as ``sir`` or ``st``. So a written word is cut
into that frame with every letter that can't end a syllable counted as vowel, and the frame is looked up.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz.distance.Levenshtein import distance

from nq57_assets.vietnamese.fold import fold
from nq57_assets.vietnamese.worn_rimes import unheard_of, worn_readings

_MOST = 14
_ONSETS = ("ngh", "ch", "gh", "kh", "ng", "nh", "ph", "qu", "th", "tr", *"bcdghklmnpqrstvx")
_CODAS = ("ch", "ng", "nh", "c", "m", "n", "p", "t")
_SAME_ONSET = {"ngh": "ng", "gh": "g", "k": "c", "qu": "q"}
_LOOKALIKE = str.maketrans(
    {
        "$": "s",
        "§": "s",
        "|": "l",
        "[": "l",
        "]": "l",
        "!": "l",
        "1": "l",
        "0": "o",
        "6": "o",
        "9": "o",
        "8": "o",
    }
    | {
        "4": "a",
        "3": "a",
        "@": "a",
        "&": "e",
        "¢": "e",
        "€": "e",
        "©": "e",
        "¥": "y",
        "5": "s",
        "ﬂ": "n",
        "ﬁ": "n",
    }
)
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_WORD_EDGE = "\"'“”‘’.,;:()*~`´^_-–—/\\"

EXACT, TONE, VOWEL, FOLDED = 0.0, 0.12, 0.3, 0.05
"""Costs of reading one syllable: as written; another tone; another vowel; marks lost (in text without marks)."""
EATEN, OTHER = 0.24, 0.42
"""Costs of a vowel that recognition swallowed (``sng``), and of one written as quite another (``mầm``)."""

# What letters add that, often as they are written, never stood for the syllable's.
_UNHEARD_OF = 0.14


@dataclass(frozen=True, slots=True)
class Frame:
    """One way to cut a written word: onset and coda as consonants, the nucleus as it was read.

    ``doubtful`` says that the reading holds marks or signs which OCR without Vietnamese sets in place of letters it
    doesn't know, so its vowels prove nothing.
    """

    onset: str
    nucleus: str
    coda: str
    doubtful: bool = False


def toneless(word: str) -> str:
    """Return ``word`` in lower case without tone marks, its vowels kept: ``hộ`` and ``hồ`` both give ``hô``."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    return unicodedata.normalize("NFC", "".join(part for part in decomposed if part not in _TONES))


def _cut(plain: str) -> Frame:
    plain = plain.replace("'", "").replace("’", "")
    onset = next((o for o in _ONSETS if plain.startswith(o)), "")
    if onset == "qu" and len(plain) == 2:
        onset = "q"
    rest = plain[len(onset) :]
    coda = next((c for c in _CODAS if rest.endswith(c)), "")
    return Frame(_SAME_ONSET.get(onset, onset), rest[: len(rest) - len(coda)], coda)


def spoken_onset(plain: str) -> str:
    """Return the consonants that begin a syllable; the i of ``gi`` counts where a vowel follows."""
    if plain.startswith("gi") and plain[2:3] in tuple("aeou"):
        return "gi"
    return next((o for o in _ONSETS if plain.startswith(o)), "")


@lru_cache(maxsize=4096)
def is_foreign(word: str) -> bool:
    """Whether a word of five letters, or of four with a vowel, can't be a Vietnamese syllable: VNeID, OCOP."""
    plain = fold(word)
    spoken = len(plain) >= 5 or (len(plain) == 4 and not set(plain).isdisjoint("aeiouy"))
    return spoken and not set(_cut(plain).nucleus) <= set("aeiouy")


@lru_cache(maxsize=8192)
def frames(word: str) -> tuple[Frame, ...]:
    """Return the ways to cut a word that OCR wrote, the likeliest first.

    >>> frames("dugc")[0]
    Frame(onset='d', nucleus='ug', coda='c', doubtful=False)
    """
    # At the start of a word the cent sign is a c ("¢ó"), inside it a vowel ("ngh¢").
    plain = fold(word.strip(_WORD_EDGE).replace("¢", "c", word.startswith("¢"))).translate(_LOOKALIKE)
    if not plain or not any(letter.isalpha() for letter in plain):
        return ()
    first = _cut(plain)
    cuts = [first]
    if first.coda == "t" and (not first.nucleus or first.nucleus[-1] in "iu"):
        cuts.append(Frame(first.onset, first.nucleus + "t", ""))  # "chit" is "chữ", "st" is "sử"
    if plain.endswith("e") and not first.coda and len(plain) >= 4:
        cuts.append(_cut(plain[:-1] + "c"))
    if not first.nucleus and first.coda:
        cuts.append(Frame(first.onset, first.coda, ""))
        cuts.append(Frame("", first.onset, first.coda))
    if word[0] in "PBpbÐD" and first.onset in ("p", "b", "ph"):
        cuts.append(Frame("đ", first.nucleus, first.coda))
    if word[:2].lower() in ("dp", "dd") and first.onset == "d":
        cuts.append(Frame("d", first.nucleus[1:], first.coda))
    if "im" in first.nucleus and first.coda:
        cuts.append(Frame(first.onset, first.nucleus.replace("im", "u"), first.coda))  # "chimng" is "chứng"
    if plain[0] == "i" and len(plain) > 1:
        inner = _cut("l" + plain[1:])
        cuts.append(inner)
    doubtful = any(not letter.isascii() or not letter.isalpha() for letter in word.strip(_WORD_EDGE))
    cuts = [Frame(cut.onset, cut.nucleus, cut.coda, doubtful) for cut in cuts]
    # Within a nucleus, OCR writes a vowel as b, d, g, l, r, t or w, never as one of these.
    return tuple(cut for cut in dict.fromkeys(cuts) if not set(cut.nucleus) & set("mnshkxpqc"))


def _vowel_cost(read: Frame, syllable: _Syllable) -> float:
    seen = read.nucleus
    if seen == syllable.frame.nucleus:
        return FOLDED
    if not syllable.marked:
        return 0.3 if len(seen) == len(syllable.frame.nucleus) else 0.45
    plain = not read.doubtful and all(letter in "aeiouy" for letter in seen)
    meant = syllable.frame.nucleus
    spread = abs(len(seen) - len(meant))
    alike = len(seen) > 1 and spread == 0 and sum(map(str.__ne__, seen, meant)) <= 1
    alike = alike or (len(seen) > 1 and len(seen) + 1 == len(meant) and seen in _shorter(meant))
    return (0.2 if plain and not alike else 0.11) + 0.08 * max(0, spread - 1)


@dataclass(frozen=True, slots=True)
class _Syllable:
    index: int
    text: str
    toneless: str
    plain: str
    frame: Frame
    rime: str
    marked: bool
    """Whether the nucleus carries marks, so that OCR without Vietnamese may have read any vowel."""


def _shorter(text: str) -> set[str]:
    return {text[:i] + text[i + 1 :] for i in range(len(text))}


@dataclass(slots=True)
class Vocabulary:
    """The syllables of all known phrases, to be found again in damaged text.

    Args:
        syllables: Vietnamese syllables with their marks, lower case, NFC.
    """

    syllables: tuple[str, ...]
    _plain: list[str] = field(default_factory=list)
    _by_text: dict[str, list[_Syllable]] = field(default_factory=dict)
    _by_plain: dict[str, list[_Syllable]] = field(default_factory=dict)
    _by_frame: dict[tuple[str, str], list[_Syllable]] = field(default_factory=dict)
    _by_shorter: dict[str, list[_Syllable]] = field(default_factory=dict)
    _by_rime: dict[tuple[str, str], list[_Syllable]] = field(default_factory=dict)
    _known: dict[tuple[str, bool], tuple[tuple[int, float], ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, syllables: Iterable[str]) -> Vocabulary:
        """Index syllables; equal ones are kept once."""
        vocabulary = cls(tuple(dict.fromkeys(syllables)))
        for index, text in enumerate(vocabulary.syllables):
            plain = fold(text)
            frame = _cut(plain)
            nucleus_marked = any(letter not in "aeiouy" and fold(letter) in "aeiouy" for letter in text)
            onset = spoken_onset(plain)
            rime = text[len(onset) :]
            syllable = _Syllable(index, text, toneless(text), plain, frame, rime, nucleus_marked)
            vocabulary._plain.append(plain)
            vocabulary._by_text.setdefault(text, []).append(syllable)
            vocabulary._by_plain.setdefault(plain, []).append(syllable)
            if frame.nucleus:
                vocabulary._by_frame.setdefault((frame.onset, frame.coda), []).append(syllable)
                if text.startswith("đ"):  # P and B stand for Đ, never for D.
                    vocabulary._by_frame.setdefault(("đ", frame.coda), []).append(syllable)
            vocabulary._by_rime.setdefault((onset, rime), []).append(syllable)
            if len(plain) >= 4:
                for key in {plain, *_shorter(plain)}:
                    vocabulary._by_shorter.setdefault(key, []).append(syllable)
        return vocabulary

    def knows(self, plain: str) -> bool:
        """Whether a folded word is one of the syllables."""
        return plain in self._by_plain

    def candidates(self, word: str, damaged: bool) -> tuple[tuple[int, float], ...]:
        """Return (index into ``syllables``, cost) of what ``word`` may stand for; cost 0 is as written.

        Args:
            word: One written word, without surrounding punctuation.
            damaged: The text has lost its Vietnamese marks, so vowels prove little.
        """
        key = (word, damaged)
        found = self._known.get(key)
        if found is None:
            if len(self._known) > 50_000:
                self._known.clear()
            found = self._known[key] = self._search(word, damaged)
        return found

    def _search(self, word: str, damaged: bool) -> tuple[tuple[int, float], ...]:
        lower = unicodedata.normalize("NFC", word).lower()
        plain = fold(lower)
        bare = toneless(lower)
        costs: dict[int, float] = {}

        def offer(syllable: _Syllable, cost: float) -> None:
            if cost < costs.get(syllable.index, 9.0):
                costs[syllable.index] = cost

        for syllable in self._by_plain.get(plain, ()):
            if syllable.text == lower:
                offer(syllable, EXACT)
            elif damaged or plain == lower:
                offer(syllable, FOLDED if plain == lower else 0.1)
            else:
                offer(syllable, TONE if syllable.toneless == bare else VOWEL)
        mixed = any(not letter.isalpha() for letter in lower)
        if damaged or mixed:
            for rank, frame in enumerate(frames(word)):
                for syllable in self._by_frame.get((frame.onset, frame.coda), ()):
                    cost = _vowel_cost(frame, syllable) + (0.06 if rank else 0.0)
                    odd = not rank and damaged and unheard_of(lower[len(frame.onset) :], syllable.rime)
                    offer(syllable, cost + (_UNHEARD_OF if odd else 0.0))
            for onset, rime, cost in worn_readings(lower) if damaged else ():
                for syllable in self._by_rime.get((onset, rime), ()):
                    offer(syllable, cost)
            eaten = _cut(plain) if word[1:].islower() else None
            if damaged and eaten and eaten.onset and eaten.coda and not eaten.nucleus:
                for syllable in self._by_frame.get((eaten.onset, eaten.coda), ()):
                    offer(syllable, EATEN)
        elif not lower.isascii() and lower not in self._by_text:
            frame = _cut(plain)
            for syllable in self._by_frame.get((frame.onset, frame.coda), ()):
                if syllable.marked and len(syllable.frame.nucleus) == len(frame.nucleus):
                    offer(syllable, OTHER)
        if len(plain) >= 3:
            for near in {plain, *_shorter(plain)}:
                for syllable in self._by_shorter.get(near, ()):
                    if abs(len(syllable.plain) - len(plain)) <= 1:
                        offer(syllable, 0.32 if damaged else 0.38)
        ranked = sorted(costs.items(), key=lambda item: (item[1], item[0]))
        if len(ranked) > _MOST:  # Of as likely ones the most alike are kept.
            dearest = ranked[_MOST - 1][1]
            ranked = [item for item in ranked if item[1] <= dearest]
            ranked.sort(key=lambda item: (item[1], distance(plain, self._plain[item[0]]), item[0]))
        return tuple(ranked[:_MOST])
