"""The words of ``reference/statements.yaml`` compiled: titles, cues, addressees and themes found in any spelling.

Belongs here: what the words of one title or sentence say by themselves. Does not belong: where sentences begin and
which section they stand in (``statements``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nq57_assets.catalogue import Catalogue
from nq57_assets.extract.lexicon import Beginnings, Hit, Lexicon, split_syllables
from nq57_assets.extract.passages import Token, tokenize
from nq57_assets.model import Addressee
from nq57_assets.vietnamese.fold import fold

STOPS = frozenset({"tasks", "merits"})
_CUES = (
    "settled", "title_fillers", "asks", "asked_of_others", "asking_verbs", "cause_starts", "cause_words",
    "trouble_starts", "troubles", "adversatives", "lacks", "futures", "closings", "nil", "intros",
    "same_matter", "connectives", "toward", "courtesies", "outweighed", "plans", "lookalikes",
)  # fmt: skip
_TRIGGERS = ("asks", "cause_starts", "trouble_starts", "troubles", "adversatives")
_ADDRESSEES: tuple[Addressee, ...] = ("city", "department", "central", "other")
_TITLE_LETTERS = 160
_LOOSE, _LOOSE_IN_CAPITALS = 3, 8
_DOUBTFUL, _DOUBTFUL_PAIR = 0.32, 0.22
# Of the score of the main theme, what another needs to be named beside it.
_BESIDE = 0.3
_WEAK, _TORN, _AGAIN, _SURE, _EARLY = 0.5, 0.4, 0.12, 0.1, 5
# Words of security stand inside those of software and machines, and are then the matter.
_RARE = 1.15


@dataclass(frozen=True, slots=True)
class Said:
    """A title or sentence with the words that were found in it, by the name of their list."""

    text: str
    tokens: tuple[Token, ...]
    hits: dict[str, list[Hit]]
    damaged: bool

    def of(self, *names: str) -> list[Hit]:
        """Return the hits of some lists in the order of the text, the longest first where two begin alike."""
        found = [hit for name in names for hit in self.hits.get(name, ())]
        return sorted(found, key=lambda hit: (hit.start, -hit.end))

    def starts_with(self, name: str, within: int = 0) -> Hit | None:
        """Return the longest hit of a list that begins in the first words, marks not counted."""
        first = [i for i, token in enumerate(self.tokens) if token.kind != "mark"][: within + 1]
        return next((hit for hit in self.of(name) if hit.start in first), None)

    def has(self, name: str) -> bool:
        """Whether any word of a list was found."""
        return bool(self.hits.get(name))


@dataclass(frozen=True, eq=False)
class Words:
    """The compiled lists.

    Attributes:
        lexicon: All phrases.
        lists: The names of the lists that hold a phrase.
        triggers: Beginnings of phrases in sentences that speak for themselves.
        headers: The same of what makes a line a title.
        alone: What makes it one by a single syllable, folded.
    """

    lexicon: Lexicon
    lists: dict[str, tuple[str, ...]]
    triggers: Beginnings
    headers: Beginnings
    alone: frozenset[str]

    def read(self, text: str, damaged: bool, title: bool = False) -> Said:
        """Find all words in one title or sentence; in a damaged ``title`` a doubtful word for it counts as well."""
        tokens = tokenize(text)
        hits: dict[str, list[Hit]] = {}
        for hit in self.lexicon.find(tokens, damaged):
            for name in self.lists[hit.phrase]:
                if _reads(hit, damaged) or (
                    title
                    and damaged
                    and name in _ROLES
                    and hit.syllables > 1
                    and hit.cost <= (_DOUBTFUL if hit.syllables > 2 else _DOUBTFUL_PAIR)
                ):
                    hits.setdefault(name, []).append(hit)
        return Said(text, tokens, hits, damaged)

    def roles(self, title: str, damaged: bool) -> tuple[str, ...] | None:
        """Return what a title heads, in its order; None when it is no title of statements, tasks or merits.

        A numbered item that happens to hold such words (``1. Kinh phí còn hạn chế.``) is no title: little else may
        stand beside them.
        """
        if len(title) > _TITLE_LETTERS:
            return None
        if not self._may_head(title, damaged):
            return None
        capitals = title.isupper()
        said = self.read(title.lower() if capitals else title, damaged, title=True)
        others = _spans(hit for hit in said.of("lookalikes") if damaged)
        roles = [
            (hit.start, -hit.end, name)
            for name in said.hits
            for hit in said.hits[name]
            if name in _ROLES and hit.start not in others
        ]
        lenient = capitals and not title.rstrip().endswith(".")
        if not roles or loose_words(said) > (_LOOSE_IN_CAPITALS if lenient else _LOOSE):
            return None
        if _is_bare(said) and (damaged or title.rstrip()[-1:] in ".;," or loose_words(said) > 1):
            return None  # "Mạng khó vào." tells; "VII. Khó và xin" heads.
        matters = [hit.start for name in said.hits if name.startswith("strong:") for hit in said.hits[name]]
        if not capitals and min(matters, default=len(said.tokens)) < min(roles)[0]:
            return None  # "Kinh phí còn hạn chế" tells of a matter; "Khó khăn về kinh phí" heads one.
        if said.has("settled"):
            return ("tasks",)
        named = tuple(dict.fromkeys(_ROLES[name] for _, _, name in sorted(roles)))
        if named[:2] == ("cause", "difficulty") and not _listed(said):
            named = (named[0], *named[2:])  # "Nguyên nhân của những hạn chế" heads causes alone.
        return named

    def _may_head(self, title: str, damaged: bool) -> bool:
        """Whether a line holds the beginning of any word for a title; much cheaper than to read it."""
        if self.headers.stand_in(title, damaged):
            return True
        plain = fold(title)
        return any(word in plain for word in self.alone) and not self.alone.isdisjoint(split_syllables(plain))

    def addressee(self, said: Said, start: int = 0, stop: int | None = None) -> Addressee | None:
        """Return whom the first name in some tokens means; None when nobody or the commune's own people are named."""
        shadowed = _spans(said.of("addressee:nobody"))
        named = [
            (hit.start, -hit.end, name)
            for name in _NAMES
            for hit in said.hits.get(name, ())
            if start <= hit.start < (len(said.tokens) if stop is None else stop)
            and hit.end - 1 not in shadowed
        ]
        if not named:
            return (
                "department" if said.damaged and stop is not None and _spoilt_so(said, start, stop) else None
            )
        first = min(named)[2].removeprefix("addressee:")
        return next((one for one in _ADDRESSEES if one == first), None)

    def themes(self, said: Said, asked: bool = False) -> tuple[str, ...]:
        """Return what a statement is about, one to three themes, the main one first; ``other`` when no word tells.

        Args:
            said: The statement.
            asked: It is a recommendation, so that a firm or bank at its beginning is asked and not the matter.
        """
        taken = _spans(said.of("addressee:city", "addressee:department", "addressee:central"))
        taken |= _spans(hit for hit in said.of("addressee:other") if asked and hit.start < _EARLY)
        taken -= _spans(said.of("addressee:nobody"))
        scored: dict[str, float] = {}
        firsts: dict[str, int] = {}
        found = [
            (hit, name)
            for name, hits in said.hits.items()
            if name.startswith(("strong:", "weak:"))
            for hit in hits
        ]
        covered: set[int] = set(taken)
        for hit, name in sorted(found, key=lambda one: (-_letters(one[0]), one[0].start, one[1])):
            span = set(range(hit.start, hit.end))
            if span & covered or (said.damaged and hit.cost > _SURE * hit.syllables):
                continue
            covered |= span
            kind, _, theme = name.partition(":")
            weight = (1.0 if kind == "strong" else _WEAK) * (0.9 + 0.05 * min(hit.syllables, 3))
            if said.damaged and hit.syllables == 1:
                weight *= _TORN
            if theme == "security":
                weight *= _RARE
            weight *= _nearness(hit.start, len(said.tokens))
            best = max(weight, scored.get(theme, 0.0))
            scored[theme] = best + _AGAIN * (scored.get(theme, 0.0) + weight - best)
            firsts[theme] = min(firsts.get(theme, hit.start), hit.start)
        if not scored:
            return ("other",)
        ranked = sorted(scored, key=lambda theme: (-scored[theme], firsts[theme], theme))
        return tuple(theme for theme in ranked if scored[theme] >= _BESIDE * scored[ranked[0]])[:3]


_ROLES = {f"title:{role}": role for role in ("difficulty", "cause", "recommendation", "tasks", "merits")}
_NAMES = ("addressee:city", "addressee:department", "addressee:central", "addressee:other", "addressee:below")


def _reads(hit: Hit, damaged: bool) -> bool:
    """Whether a phrase was read well enough: a single syllable as written, or in text without marks one that has none."""
    if hit.syllables > 1:
        return hit.sure
    return hit.cost == 0.0 or (hit.sure and damaged and fold(hit.phrase) == hit.phrase)


def _spoilt_so(said: Said, start: int, stop: int) -> bool:
    """Whether ``Sở`` stands in some tokens with its vowel lost: ``Đề nghị S@ …``, ``S¢ KH&CN: …``."""
    return any(
        token.kind == "word" and token.text[0] == "S" and len(token.text) <= 3
        for token in said.tokens[start:stop]
    )


def _listed(said: Said) -> bool:
    """Whether a title lists its words: ``Nguyên nhân, hạn chế``."""
    return any(token.text.lower() in (",", ";", "và", "va", "-", "–", "/", "&") for token in said.tokens)


def _letters(hit: Hit) -> int:
    return len(hit.phrase)


def _nearness(place: int, length: int) -> float:
    """What is named first is mostly the matter; what follows is its reason, place or purpose."""
    return 1.0 - 0.6 * place / max(length, 12)


def _spans(hits: Iterable[Hit]) -> set[int]:
    return {place for hit in hits for place in range(hit.start, hit.end)}


def _is_bare(said: Said) -> bool:
    """Whether nothing but words of one syllable makes a text a title: *khó*, *vướng*, *xin*."""
    return all(hit.syllables == 1 for name in _ROLES for hit in said.hits.get(name, ()))


def loose_words(said: Said) -> int:
    """Return how many words belong neither to a title nor to what stands around one."""
    covered = _spans(
        said.of(*_ROLES, *_NAMES, "title_fillers", "toward", "settled", "nil", "intros", "troubles")
    )
    return sum(
        token.kind != "mark" and i not in covered and any(map(str.isalpha, token.text))
        for i, token in enumerate(said.tokens)
    )


_COMPILED: dict[str, Words] = {}


def compile_words(catalogue: Catalogue) -> Words:
    """Return the compiled words of a catalogue, made once a process and version."""
    words = _COMPILED.get(catalogue.version)
    if words is None:
        _COMPILED.clear()
        words = _COMPILED[catalogue.version] = _compile(catalogue)
    return words


def _compile(catalogue: Catalogue) -> Words:
    listed = catalogue.statements
    named: list[tuple[str, Sequence[str]]] = [(name, listed[name]) for name in _CUES]
    named += [(f"title:{role}", phrases) for role, phrases in listed["titles"].items()]
    named += [(f"addressee:{who}", phrases) for who, phrases in listed["addressee_words"].items()]
    for theme in catalogue.themes:
        named += [(f"strong:{theme.code}", theme.strong), (f"weak:{theme.code}", theme.weak)]
    lists: dict[str, tuple[str, ...]] = {}
    for name, phrases in named:
        for phrase in phrases:
            key = " ".join(str(phrase).lower().split())
            lists[key] = tuple(dict.fromkeys((*lists.get(key, ()), name)))
    lexicon = Lexicon(sorted(lists))
    heads = {phrase for phrase, names in lists.items() if set(names) & set(_ROLES)}
    return Words(
        lexicon,
        lists,
        Beginnings(lexicon, (phrase for phrase, names in lists.items() if set(names) & set(_TRIGGERS))),
        Beginnings(lexicon, heads),
        frozenset(fold(phrase) for phrase in heads if len(split_syllables(phrase)) == 1),
    )
