"""The words of the catalogue, compiled so that they are found again in any passage, however OCR spelled them.

Belongs here: from plain Vietnamese phrases to a trie of syllables, and hits of phrases in tokens.
Does not belong: what a hit proves (``match``), words themselves (``reference/``).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import re2

from nq57_assets.extract.passages import Token
from nq57_assets.vietnamese.confusion import Vocabulary, is_foreign
from nq57_assets.vietnamese.fold import fold

_SYLLABLE = re2.compile(r"[\pL\pM\d]+")
_SKIPPED = set("?,-–—\"'“”‘’()&/|_~`*•")
_EDGES = ".,;:!?()[]\"'“”‘’-–"
_VOWELS = frozenset("aeiouy")
_WILDCARD = 0.55
# A long word of one syllable is a foreign name (MOOCs, VNeID): one wrong letter leaves it known.
_FOREIGN = 0.39
# A last syllable that makes a known phrase another one must itself be read: "tập huấn tại" is no "tập huấn tổ".
_TELLING = 0.15
_WELL_READ = 0.15
_MAX_STATES = 48
# Words of a text come again and again; what one stands for is looked up once.
_MOST_WORDS = 50_000
_NOTHING: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found in tokens ``start`` to ``end`` (exclusive), at a cost of 0 (as written) and up."""

    phrase: str
    start: int
    end: int
    cost: float
    syllables: int

    @property
    def sure(self) -> bool:
        """Whether the words were read nearly as written, as a cue that overrules others must be."""
        if self.syllables == 1:
            return self.cost <= (_FOREIGN if is_foreign(self.phrase) else 0.1)
        return self.cost <= (0.23 if self.syllables == 2 else 0.13 * self.syllables)


@dataclass(slots=True)
class _Node:
    """One syllable of the trie.

    Attributes:
        children: By their syllable.
        phrases: That end here, each with the largest cost at which it counts as read in a sound and in a damaged text.
        dearest: The cost behind which no phrase that goes through here is followed.
    """

    children: dict[int, _Node] = field(default_factory=dict)
    phrases: list[tuple[str, tuple[float, float]]] = field(default_factory=list)
    dearest: float = 0.0


@dataclass(frozen=True, slots=True)
class _Word:
    """What one written word may be.

    Attributes:
        candidates: Places of syllables in the vocabulary, with the cost of reading each.
        syllables: The same places.
        alone: Phrases of this word alone, with their cost.
        openings: Where longer phrases begin in the trie, with the cost so far.
    """

    candidates: tuple[tuple[int, float], ...]
    syllables: frozenset[int]
    alone: tuple[tuple[str, float], ...]
    openings: tuple[tuple[_Node, float], ...]


def split_syllables(phrase: str) -> list[str]:
    """Return the syllables of a phrase in lower case NFC."""
    said = unicodedata.normalize("NFC", phrase).lower()
    words = said.split()
    return words if all(map(str.isalpha, words)) else _SYLLABLE.findall(said)


def _budget(phrase: str, syllables: int, damaged: bool, loose: bool) -> float:
    """Return the largest total cost at which a phrase of so many syllables still counts as read."""
    if syllables == 1:
        return _FOREIGN if is_foreign(phrase) else 0.21 if loose else 0.12
    if syllables == 2:
        return 0.42
    return min(1.3, (0.24 if damaged else 0.2) * syllables)


class Lexicon:
    """Phrases by their syllables.

    Args:
        phrases: Surface phrases in plain Vietnamese.
        nouns: Those of them that stand behind a figure, where one syllable may be read less well.

    Attributes:
        vocabulary: Their syllables.
        index: Place of each syllable in the vocabulary.
        pairs: Neighbouring syllables in any phrase, as places in the vocabulary.
    """

    def __init__(self, phrases: Iterable[str], nouns: frozenset[str] = frozenset()) -> None:
        split = {phrase: split_syllables(phrase) for phrase in phrases}
        self.vocabulary = Vocabulary.of(s for syllables in split.values() for s in syllables)
        index = self.index = {syllable: i for i, syllable in enumerate(self.vocabulary.syllables)}
        self.pairs: set[tuple[int, int]] = set()
        self._root = _Node()
        for phrase, syllables in split.items():
            node, length = self._root, len(syllables)
            for syllable in syllables:
                node = node.children.setdefault(index[syllable], _Node())
                node.dearest = max(node.dearest, min(1.3, 0.24 * length))
            sound, damaged = (_budget(phrase, length, worn, phrase in nouns) for worn in (False, True))
            node.phrases.append((phrase, (sound, damaged)))
            places = [index[syllable] for syllable in syllables]
            self.pairs.update(pairwise(places))
        self._words: dict[tuple[str, str, bool, bool], _Word] = {}

    def find(self, tokens: Sequence[Token], damaged: bool, torn: bool = False) -> list[Hit]:
        """Return every phrase found, one hit for each phrase and start.

        Args:
            tokens: Words of a passage.
            damaged: The text has lost its Vietnamese marks.
            torn: Cells of a table were torn apart, so words of another cell may stand inside a phrase.
        """
        known = self._words
        words = [
            known.get((token.text, token.kind, damaged, torn)) or self._look_up(token, damaged, torn)
            for token in tokens
        ]
        best: dict[tuple[str, int], Hit] = {}
        for start, word in enumerate(words):
            for phrase, cost in word.alone:
                best[phrase, start] = Hit(phrase, start, start + 1, cost, 1)
            if not word.openings:
                continue
            behind = self._next_syllables(tokens, words, start + 1)
            for node, cost in word.openings:
                if torn or not behind.isdisjoint(node.children):
                    self._follow(node, start, cost, tokens, words, damaged, torn, best)
        return sorted(best.values(), key=lambda hit: (hit.start, -hit.end))

    def _look_up(self, token: Token, damaged: bool, torn: bool) -> _Word:
        """Find out what a token may be, once for each word."""
        if len(self._words) > _MOST_WORDS:
            self._words.clear()
        candidates = self._candidates(token, damaged)
        slack = 0.3 if torn else 0.0
        children = self._root.children
        nodes = [(children[syllable], cost) for syllable, cost in candidates if syllable in children]
        word = _Word(
            candidates,
            frozenset([syllable for syllable, _ in candidates]),
            tuple(
                (phrase, round(cost, 3))
                for node, cost in nodes
                for phrase, budget in node.phrases
                if cost <= budget[damaged]
            ),
            tuple((node, cost) for node, cost in nodes if node.children and cost <= node.dearest + slack),
        )
        self._words[token.text, token.kind, damaged, torn] = word
        return word

    @staticmethod
    def _next_syllables(tokens: Sequence[Token], words: Sequence[_Word], place: int) -> frozenset[int]:
        """Return what the next word may be, marks that may stand inside a phrase skipped."""
        stop = min(place + 2, len(tokens))
        while place < stop and tokens[place].kind == "mark" and tokens[place].text in _SKIPPED:
            place += 1
        return words[place].syllables if place < len(words) else _NOTHING

    def _candidates(self, token: Token, damaged: bool) -> tuple[tuple[int, float], ...]:
        """Return the syllables that a token may stand for; digits count as they are in a name: Microsoft 365."""
        if token.kind == "word":
            return self.vocabulary.candidates(token.text, damaged)
        named = token.kind == "figure" and token.text.isdigit() and self.vocabulary.knows(token.text)
        return self.vocabulary.candidates(token.text, False)[:1] if named else ()

    def _follow(
        self,
        node: _Node,
        start: int,
        cost: float,
        tokens: Sequence[Token],
        words: Sequence[_Word],
        damaged: bool,
        torn: bool,
        best: dict[tuple[str, int], Hit],
    ) -> None:
        """Walk the trie from one first syllable; the number of states is bounded, so the walk is linear."""
        states = [(node, start + 1, cost, 1, False, False)]
        seen = 0
        while states and seen < _MAX_STATES:
            current, position, total, depth, jumped, vague = states.pop()
            seen += 1
            slack = 0.3 if torn and depth > 1 else 0.0
            for phrase, budget in () if vague else current.phrases:
                if total <= budget[damaged] + slack and (not jumped or depth >= 4):
                    known = best.get((phrase, start))
                    if known is None or total < known.cost:
                        best[phrase, start] = Hit(phrase, start, position, round(total, 3), depth)
            if not current.children or total > current.dearest + slack:
                continue
            skipped = position
            while (
                skipped < len(tokens)
                and tokens[skipped].kind == "mark"
                and tokens[skipped].text in _SKIPPED
                and skipped - position < 2
            ):
                skipped += 1
            if skipped >= len(tokens) or tokens[skipped].kind == "mark":
                continue
            total += 0.03 * (skipped - position)
            for syllable, step in words[skipped].candidates:
                child = current.children.get(syllable)
                if child is not None:
                    vague = step > _TELLING and depth > 1 and bool(current.phrases)
                    states.append((child, skipped + 1, total + step, depth + 1, jumped, vague))
            if torn and depth >= 1:
                crossed = False
                for gap in range(1, 6):
                    place = skipped + gap
                    over = words[place - 1].candidates if place - 1 < len(words) else ()
                    crossed = crossed or (place <= len(tokens) and tokens[place - 1].kind == "figure")
                    if (over and over[0][1] <= 0.12 and not (crossed and depth >= 2)) or (
                        gap > 3 and not crossed
                    ):
                        break  # A word that reads well belongs to the label and is no debris of another cell.
                    for syllable, step in words[place].candidates if place < len(words) else ():
                        child = current.children.get(syllable)
                        if child is not None and step <= 0.33:
                            states.append(
                                (child, place + 1, total + step + 0.05 + 0.08 * gap, depth + 1, jumped, False)
                            )
            if damaged and not jumped and depth >= 2 and tokens[skipped].kind == "word":
                states.extend(
                    (child, skipped + 1, total + _WILDCARD, depth + 1, True, bool(current.phrases))
                    for child in current.children.values()
                )


class Beginnings:
    """The first two syllables of some phrases of a lexicon; looking for them is much cheaper than ``find``.

    Args:
        lexicon: Holds the phrases.
        phrases: Those of one syllable are passed over.
    """

    def __init__(self, lexicon: Lexicon, phrases: Iterable[str]) -> None:
        self._vocabulary = lexicon.vocabulary
        pairs: dict[int, set[int]] = {}
        for phrase in phrases:
            places = [lexicon.index[syllable] for syllable in split_syllables(phrase)]
            if len(places) > 1:
                pairs.setdefault(places[0], set()).add(places[1])
        self._seconds = {first: frozenset(seconds) for first, seconds in pairs.items()}
        self._words: dict[tuple[str, bool], tuple[frozenset[int], frozenset[int]]] = {}

    def stand_in(self, text: str, damaged: bool) -> bool:
        """Whether two neighbouring words of a text may be the beginning of one of the phrases."""
        expected = _NOTHING
        for word in text.split():
            here, behind = self._words.get((word, damaged)) or self._look_up(word, damaged)
            if not expected.isdisjoint(here):
                return True
            expected = behind
        return False

    def _look_up(self, word: str, damaged: bool) -> tuple[frozenset[int], frozenset[int]]:
        """Return the syllables that a word may be, and those that a phrase may go on with behind it."""
        if len(self._words) > _MOST_WORDS:
            self._words.clear()
        candidates = self._vocabulary.candidates(word.strip(_EDGES), damaged)
        here = frozenset([syllable for syllable, _ in candidates])
        firsts = [syllable for syllable, cost in candidates if cost <= 0.2 and syllable in self._seconds]
        found = here, _NOTHING.union(*(self._seconds[first] for first in firsts))
        self._words[word, damaged] = found
        return found


def split_joined(token: Token, lexicon: Lexicon) -> list[Token]:
    """Cut a word that OCR ran together (``diaban``) into two known syllables, or return it alone."""
    plain = fold(token.text)
    if token.kind != "word" or len(plain) < 4 or not plain.isalpha() or lexicon.vocabulary.knows(plain):
        return [token]
    candidates = lexicon.vocabulary.candidates(token.text, True)
    if candidates and (len(plain) == 4 or any(cost <= _WELL_READ for _, cost in candidates)):
        return [token]  # "ngudi" is "người" and no "ngũ di", however many syllables are known.
    for cut in range(2, len(plain) - 1):
        spoken = not (_VOWELS.isdisjoint(plain[:cut]) or _VOWELS.isdisjoint(plain[cut:]))
        if spoken and lexicon.vocabulary.knows(plain[:cut]) and lexicon.vocabulary.knows(plain[cut:]):
            middle = token.start + cut
            return [
                Token("word", token.text[:cut], token.start, middle),
                Token("word", token.text[cut:], middle, token.end),
            ]
    return [token]
