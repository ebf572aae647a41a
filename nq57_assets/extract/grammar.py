"""The catalogue's words compiled once: one lexicon, the patterns of every indicator, the cues of context.

Belongs here: expanding synonyms and turning phrases into patterns.
Does not belong: text of documents; the words themselves are in ``reference/``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from nq57_assets.catalogue import Catalogue
from nq57_assets.extract.lexicon import Beginnings, Lexicon, split_syllables
from nq57_assets.records import Indicator, Phrase
from nq57_assets.vietnamese.fold import fold


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """One way to announce an indicator; every group is a set of surface phrases of which one must be found.

    Attributes:
        indicator: What the pattern announces.
        groups: (name, surfaces) that must all be found near the figure.
        any_of: Surfaces of which one must be found; empty asks for none.
        units: Surfaces of the nouns that the figure may count; empty for shares in percent.
        without: Surfaces that rule the reading out in the figure's own clause.
        section: Surfaces of which one must stand in the headings.
        apart: Surfaces that put the reading in doubt when they stand in the same part of the sentence.
        alone: No verb may follow the counted noun.
        planned: Words about the future speak for the figure, not against it.
        beside: Surfaces of nouns of which the figure directly before must count one; empty asks for none.
        surfaces: Every phrase that announces the indicator.
        asked: Sets of phrases of each of which one must be found, near the figure or in the headings.
    """

    indicator: Indicator
    groups: tuple[tuple[str, frozenset[str]], ...]
    any_of: frozenset[str]
    units: frozenset[str]
    without: frozenset[str]
    section: frozenset[str]
    apart: frozenset[str]
    alone: bool
    planned: bool
    beside: frozenset[str]
    surfaces: frozenset[str]
    asked: tuple[frozenset[str], ...]


@dataclass(frozen=True, eq=False)
class Grammar:
    """What matching needs of the catalogue.

    Attributes:
        lexicon: Every phrase, to be found in tokens.
        patterns: How figures are announced.
        flags: How yes-or-no claims are announced.
        triggers: Beginnings of phrases that claim something without a digit.
        units: Every noun that a figure may count.
        unit_starts: First syllables of nouns of several, folded.
        by_unit: Patterns of counts by the noun that they allow.
        rates: Patterns of shares in percent.
        names: Syllables of each indicator's own name, the common words left out.
        cues: Phrases of ``language.yaml`` by the name of their list.
        lists: The names of the lists that hold a phrase.
    """

    lexicon: Lexicon
    patterns: tuple[Pattern, ...]
    flags: tuple[Pattern, ...]
    triggers: Beginnings
    units: frozenset[str]
    unit_starts: frozenset[str]
    by_unit: dict[str, tuple[Pattern, ...]]
    rates: tuple[Pattern, ...]
    names: dict[str, frozenset[int]]
    cues: dict[str, frozenset[str]]
    lists: dict[str, tuple[str, ...]]


_GRAMMARS: dict[str, Grammar] = {}


def compile_grammar(catalogue: Catalogue) -> Grammar:
    """Return the compiled words of a catalogue, made once a process and version."""
    grammar = _GRAMMARS.get(catalogue.version)
    if grammar is None:
        _GRAMMARS.clear()
        grammar = _GRAMMARS[catalogue.version] = _compile(catalogue)
    return grammar


@lru_cache(maxsize=4096)
def _key(phrase: str) -> str:
    return " ".join(phrase.lower().split())


def _compile(catalogue: Catalogue) -> Grammar:
    language = catalogue.language
    synonyms = {_key(head): (head, *others) for head, others in language["synonyms"].items()}

    def expand(phrases: Iterable[str]) -> frozenset[str]:
        return frozenset(_key(form) for phrase in phrases for form in synonyms.get(_key(phrase), (phrase,)))

    patterns = [
        _pattern(indicator, phrase, expand)
        for indicator in catalogue.indicators
        for phrase in indicator.words
    ]
    cues = {name: expand(phrases) for name, phrases in language.items() if name != "synonyms"}
    units = frozenset().union(*(pattern.units for pattern in patterns), cues["other_nouns"])
    surfaces = set(units).union(*cues.values())
    for pattern in patterns:
        surfaces |= pattern.any_of | pattern.without | pattern.section | pattern.apart | pattern.beside
        for _, forms in pattern.groups:
            surfaces |= forms
    surfaces |= {_key(indicator.vi) for indicator in catalogue.indicators}
    lexicon = Lexicon(sorted(surfaces), units)
    flags = tuple(pattern for pattern in patterns if pattern.indicator.kind == "flag")
    figures = tuple(pattern for pattern in patterns if pattern.indicator.kind != "flag")
    return Grammar(
        lexicon=lexicon,
        patterns=figures,
        flags=flags,
        triggers=_triggers(lexicon, flags, cues["none"] | _denied_deeds(cues)),
        units=units,
        unit_starts=frozenset(fold(unit.split()[0]) for unit in units if " " in unit),
        by_unit=_by_unit(figures),
        rates=tuple(pattern for pattern in figures if pattern.indicator.kind == "rate"),
        names=_names(catalogue, lexicon),
        cues=cues,
        lists={
            phrase: tuple(name for name, phrases in cues.items() if phrase in phrases)
            for phrase in frozenset().union(*cues.values())
        },
    )


def _names(catalogue: Catalogue, lexicon: Lexicon) -> dict[str, frozenset[int]]:
    index = {syllable: i for i, syllable in enumerate(lexicon.vocabulary.syllables)}
    common = {"số", "tỷ", "lệ", "của", "các", "được", "có", "đã", "về", "trong", "trên", "cho", "và"}
    return {
        indicator.code: frozenset(index[s] for s in split_syllables(indicator.vi) if s not in common)
        for indicator in catalogue.indicators
    }


def _pattern(
    indicator: Indicator, phrase: Phrase, expand: Callable[[Iterable[str]], frozenset[str]]
) -> Pattern:
    groups = tuple((concept, expand([concept])) for concept in phrase.all)
    any_of, section = expand(phrase.any), expand(phrase.section)
    asked = (*(surfaces for _, surfaces in groups), any_of, section)
    return Pattern(
        indicator=indicator,
        groups=groups,
        any_of=any_of,
        units=frozenset() if indicator.kind == "rate" else expand(phrase.units or (indicator.unit,)),
        without=expand(phrase.without),
        section=section,
        apart=expand(phrase.apart),
        alone=phrase.alone,
        planned=phrase.planned,
        beside=expand(phrase.beside),
        surfaces=any_of.union(*(surfaces for _, surfaces in groups)),
        asked=tuple(filter(None, asked)),
    )


def _by_unit(patterns: Iterable[Pattern]) -> dict[str, tuple[Pattern, ...]]:
    """Return the patterns that a counted noun allows, so that a figure meets few of them."""
    grouped: dict[str, list[Pattern]] = {}
    for pattern in patterns:
        for unit in pattern.units:
            grouped.setdefault(unit, []).append(pattern)
    return {unit: tuple(found) for unit, found in grouped.items()}


def _denied_deeds(cues: dict[str, frozenset[str]]) -> frozenset[str]:
    return frozenset(f"{no} {deed}" for no in cues["denials"] for deed in cues["deeds"])


def _triggers(lexicon: Lexicon, flags: Iterable[Pattern], none: frozenset[str]) -> Beginnings:
    """Return the first two syllables of every phrase that may claim something without a digit."""
    keys = [max(pattern.groups, key=lambda group: len(group[0]))[1] for pattern in flags]
    return Beginnings(lexicon, frozenset().union(none, *keys))
