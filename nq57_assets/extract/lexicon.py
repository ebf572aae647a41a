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
    """One syllable of the trie; ``longest`` is the length of the longest phrase that goes through it."""

    children: dict[int, _Node] = field(default_factory=dict)
    phrases: list[str] = field(default_factory=list)
    longest: int = 0


def split_syllables(phrase: str) -> list[str]:
    """Return the syllables of a phrase in lower case NFC."""
    return _SYLLABLE.findall(unicodedata.normalize("NFC", phrase).lower())


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
        self._nouns = nouns
        split = {phrase: split_syllables(phrase) for phrase in phrases}
        self.vocabulary = Vocabulary.of(s for syllables in split.values() for s in syllables)
        index = self.index = {syllable: i for i, syllable in enumerate(self.vocabulary.syllables)}
        self.pairs: set[tuple[int, int]] = set()
        self._root = _Node()
        for phrase, syllables in split.items():
            node = self._root
            for syllable in syllables:
                node = node.children.setdefault(index[syllable], _Node())
                node.longest = max(node.longest, len(syllables))
            node.phrases.append(phrase)
            places = [index[syllable] for syllable in syllables]
            self.pairs.update(pairwise(places))

    def find(self, tokens: Sequence[Token], damaged: bool, torn: bool = False) -> list[Hit]:
        """Return every phrase found, one hit for each phrase and start.

        Args:
            tokens: Words of a passage.
            damaged: The text has lost its Vietnamese marks.
            torn: Cells of a table were torn apart, so words of another cell may stand inside a phrase.
        """
        readable = [
            self.vocabulary.candidates(token.text, damaged)
            if token.kind == "word"
            else self._named_digits(token)
            for token in tokens
        ]
        best: dict[tuple[str, int], Hit] = {}
        slack = 0.3 if torn else 0.0
        for start, candidates in enumerate(readable):
            behind: frozenset[int] | None = None
            for syllable, cost in candidates:
                child = self._root.children.get(syllable)
                if child is None:
                    continue
                for phrase in child.phrases:
                    if cost <= _budget(phrase, 1, damaged, phrase in self._nouns):
                        best[phrase, start] = Hit(phrase, start, start + 1, round(cost, 3), 1)
                if not child.children or cost > min(1.3, 0.24 * child.longest) + slack:
                    continue
                if behind is None:
                    behind = self._next_syllables(tokens, readable, start + 1)
                if torn or not behind.isdisjoint(child.children):
                    self._follow(child, start, cost, tokens, readable, damaged, torn, best)
        return sorted(best.values(), key=lambda hit: (hit.start, -hit.end))

    @staticmethod
    def _next_syllables(
        tokens: Sequence[Token], readable: Sequence[Sequence[tuple[int, float]]], place: int
    ) -> frozenset[int]:
        """Return what the next word may be, marks that may stand inside a phrase skipped."""
        stop = min(place + 2, len(tokens))
        while place < stop and tokens[place].kind == "mark" and tokens[place].text in _SKIPPED:
            place += 1
        if place >= len(tokens) or tokens[place].kind == "mark":
            return frozenset()
        return frozenset([syllable for syllable, _ in readable[place]])

    def _named_digits(self, token: Token) -> tuple[tuple[int, float], ...]:
        """Digits that belong to a name, such as Microsoft 365; digits are never guessed."""
        if token.kind == "figure" and token.text.isdigit() and self.vocabulary.knows(token.text):
            return self.vocabulary.candidates(token.text, False)[:1]
        return ()

    def _follow(
        self,
        node: _Node,
        start: int,
        cost: float,
        tokens: Sequence[Token],
        readable: Sequence[Sequence[tuple[int, float]]],
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
            for phrase in () if vague else current.phrases:
                if total <= _budget(phrase, depth, damaged, phrase in self._nouns) + slack and (
                    not jumped or depth >= 4
                ):
                    known = best.get((phrase, start))
                    if known is None or total < known.cost:
                        best[phrase, start] = Hit(phrase, start, position, round(total, 3), depth)
            if not current.children or total > min(1.3, 0.24 * current.longest) + slack:
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
            for syllable, step in readable[skipped]:
                child = current.children.get(syllable)
                if child is not None:
                    vague = step > _TELLING and depth > 1 and bool(current.phrases)
                    states.append((child, skipped + 1, total + step, depth + 1, jumped, vague))
            if torn and depth >= 1:
                crossed = False
                for gap in range(1, 6):
                    place = skipped + gap
                    over = readable[place - 1] if place - 1 < len(readable) else ()
                    crossed = crossed or (place <= len(tokens) and tokens[place - 1].kind == "figure")
                    if (over and over[0][1] <= 0.12 and not (crossed and depth >= 2)) or (
                        gap > 3 and not crossed
                    ):
                        break  # A word that reads well belongs to the label and is no debris of another cell.
                    for syllable, step in readable[place] if place < len(readable) else ():
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


def mentions(text: str, triggers: dict[int, frozenset[int]], lexicon: Lexicon, damaged: bool) -> bool:
    """Whether two neighbouring words may be the first two syllables of a phrase; much cheaper than ``find``."""
    before: frozenset[int] = frozenset()
    for word in text.split():
        candidates = lexicon.vocabulary.candidates(word.strip(_EDGES), damaged)
        if before and any(syllable in before for syllable, _ in candidates):
            return True
        before = frozenset().union(*(triggers[s] for s, cost in candidates if cost <= 0.2 and s in triggers))
    return False


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
