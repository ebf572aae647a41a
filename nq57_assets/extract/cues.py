"""Cues: phrases of ``language.yaml`` around a figure, and the doubt that they cast on it.

Belongs here: looking for cues in a passage or a title.
Does not belong: what a cue means for a figure (``context``, ``measure``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from nq57_assets.extract.grammar import Grammar
from nq57_assets.extract.lexicon import Hit
from nq57_assets.extract.passages import is_damaged, tokenize
from nq57_assets.extract.scene import Scene, outside_idioms


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a figure may be no result: ``level`` rejected when the words are clear, review when they may mislead."""

    level: Literal["rejected", "review"]
    reason: str


@lru_cache(maxsize=2048)
def surfaces_in(text: str, grammar: Grammar) -> frozenset[str]:
    """Return the phrases found in a short text such as a heading."""
    hits = grammar.lexicon.find(tokenize(text), is_damaged(text))
    return frozenset(hit.phrase for hit in outside_idioms(hits, grammar) if hit.sure)


class Cues:
    """The cues of one passage: phrases of a list, read surely and in no longer phrase."""

    def __init__(self, scene: Scene, grammar: Grammar, covered: frozenset[int]) -> None:
        longest = [0] * (len(scene.tokens) + 1)
        for hit in scene.hits:
            for i in range(hit.start, hit.end if hit.sure else hit.start):
                longest[i] = max(longest[i], hit.syllables)
        self._cues = grammar.cues
        self._named: dict[str, list[Hit]] = {}
        for hit in scene.hits:
            if hit.sure and hit.syllables >= longest[hit.start] and hit.start not in covered:
                for name in grammar.lists.get(hit.phrase, ()):
                    self._named.setdefault(name, []).append(hit)

    def phrases(self, name: str) -> frozenset[str]:
        """The phrases of a list."""
        return self._cues[name]

    def last(self, name: str, start: int, end: int) -> Hit | None:
        """The last cue of a list between two tokens."""
        found = [hit for hit in self._named.get(name, ()) if start <= hit.start and hit.end <= end]
        return max(found, key=lambda hit: hit.start) if found else None

    def at(self, name: str, place: int) -> Hit | None:
        """The cue of a list that begins at a token."""
        return next((hit for hit in self._named.get(name, ()) if hit.start == place), None)
