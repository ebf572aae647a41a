"""Difficulties, causes and recommendations of a narrative document, each whole, with its address and themes.

Belongs here: which sentences and items are statements, of which kind, to whom, by words and by learned weights.
Does not belong: the words themselves (``reference/statements.yaml``), cutting texts (``statement_units``), titles
(``statement_places``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import re2

from nq57_assets.catalogue import Catalogue
from nq57_assets.extract.context import report_year
from nq57_assets.extract.observe import PLANNED_TYPES
from nq57_assets.extract.passages import PassagesOf, read_passages
from nq57_assets.extract.statement_places import Spot, Walk
from nq57_assets.extract.statement_sense import Place, judge, says_nothing
from nq57_assets.extract.statement_tables import sheet_cells
from nq57_assets.extract.statement_units import Unit, body_of, bullet_of, sentences, units_of
from nq57_assets.extract.statement_weights import (
    NONE,
    Around,
    Features,
    sentence_features,
    theme_features,
    weights,
)
from nq57_assets.extract.statement_words import Words, compile_words
from nq57_assets.model import Address, Addressee, Document, Header, Section, Statement, StatementKind
from nq57_assets.privacy import mask

_MOST = 300
_LONGEST = 1_200
_YEAR = re2.compile(
    r"^(?:\W*(?:[Đđ]ến|[Tt]rong|[Tt]ừ)?\s*(?:hết\s+)?[Nn][aă]m|\W*\pL+\s+\pL+\s+đến năm|\W*[Mm]ục tiêu[^,;]*năm)\s+(20\d\d)"
)
# A sentence whose words tell nothing is looked at more closely from this share on, and is a statement from the second
# on; what the words tell needs the third. Chosen on batches that the weights hadn't met.
_DOUBTFUL, _LIKELY, _UNLIKELY = 0.1, 0.55, 0.25
# A cell of fewer words is what the title of its column says.
_SHORT_CELL = 6
# Without a word of lack, asking or cause it must be as likely.
_SURELY = 0.8
_WORDS_OF: dict[StatementKind, tuple[str, ...]] = {
    "difficulty": ("lacks", "troubles", "trouble_starts"),
    "cause": ("cause_words", "cause_starts", "lacks"),
    "recommendation": ("asks", "asking_verbs"),
}
# How many times likelier another kind must be than that of the words.
_OTHERWISE = 3.0
# How many times likelier than a difficulty a cause must be that no word calls one.
_CLEARLY = 3.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence, clause or item that may be a statement.

    Attributes:
        spot: The paragraph or item that it was cut from.
        unit: Its text and words.
        by_words: Kind and addressee by its words and title, or None.
        to_come: It tells what shall be reached.
    """

    spot: Spot
    unit: Unit
    by_words: tuple[StatementKind, Addressee | None] | None
    to_come: bool = False

    @property
    def features(self) -> Features:
        """What the weights look at."""
        return sentence_features(self.unit.text, self.unit.sentence, around(self.spot))


def read_statements(
    document: Document,
    header: Header,
    outline: tuple[Section, ...],
    catalogue: Catalogue,
    passages_of: PassagesOf | None = None,
) -> tuple[Statement, ...]:
    """Return the difficulties, causes and recommendations that a document states, in reading order.

    Args:
        document: What a reader made of the file.
        header: Plans, decisions and notices state tasks, so they yield nothing.
        outline: Headings; they tell most statements from results.
        catalogue: Words of titles, cues, addressees and themes; its settings tell whether the weights are asked.
        passages_of: Cuts the document into passages, given the indexes of the blocks that are rows of tables.
    """
    if header.document_type in PLANNED_TYPES or header.document_type == "form":
        return ()
    words = compile_words(catalogue)
    learned = bool(catalogue.settings["second_reading"])
    if document.sheets:
        statements = [
            _made(unit, place, judged, words, cell.address)
            for cell in sheet_cells(document, words)
            for place in (Place(cell.roles, cell.addressee, cell.section),)
            for unit, judged in _judged_cell(cell.text, place, words, False)
        ]
    else:
        reader = Reader(document, header, words, learned)
        statements = reader.read(passages_of or partial(read_passages, document, outline))
    statements = statements[:_MOST]
    return tuple(_with_themes(statements) if learned else statements)


def around(spot: Spot) -> Around:
    """Return what the weights look at around the sentences of a paragraph."""
    passage = spot.passage
    path = passage.path[:-1] if passage.kind == "heading" else passage.path
    above = [title for title in reversed(path) if title != spot.place.section]
    titles = tuple(title for title in (spot.place.section, spot.under, *above) if title)
    # Tenths are enough, and the sentences of neighbouring paragraphs share them.
    return Around(titles[:3], spot.place.roles, bullet_of(passage.raw), round(spot.share, 1), spot.labelled)


class Reader:
    """Reads the statements of one document, paragraph by paragraph.

    Args:
        document: What a reader made of the file.
        header: Its year tells what is still to come.
        words: Compiled lists of words.
        learned: Whether the weights are asked beside the words.
    """

    def __init__(self, document: Document, header: Header, words: Words, learned: bool) -> None:
        self._document = document
        self._year = report_year(document, header)
        self._words = words
        self._learned = learned
        self._previous: StatementKind | None = None

    def read(self, passages_of: PassagesOf) -> list[Statement]:
        """Return the statements of the document."""
        spots = Walk(self._document, self._words).spots(passages_of)
        promising = self._promising(spots)
        met: list[Candidate] = []
        for spot, hopeful in zip(spots, promising, strict=True):
            if spot.fresh:
                self._previous = None
            if hopeful:
                met += self.candidates(spot)
            if len(met) > 4 * _MOST:
                break
        return self._decide(met)

    def _promising(self, spots: Sequence[Spot]) -> list[bool]:
        """Tell which paragraphs are worth a closer look: by title or cue, or because the weights expect something."""
        told = [bool(spot.place.kinds) or self._has_cue(spot) for spot in spots]
        if not self._learned:
            return told
        described: list[Features] = []
        owners: list[int] = []
        for number, spot in enumerate(spots):
            if told[number] or spot.cell is not None:
                continue
            place = around(spot)
            for count, (start, stop) in enumerate(sentences(spot.body[:_LONGEST])):
                described.append(sentence_features(spot.body[start:stop], count, place))
                owners.append(number)
        for number, share in zip(owners, weights("kinds").shares(described), strict=True):
            told[number] |= 1 - share[NONE] > _DOUBTFUL
        return told

    def _has_cue(self, spot: Spot) -> bool:
        if spot.cell is not None:
            return True
        return self._words.triggers.stand_in(spot.passage.text, spot.passage.damaged)

    def candidates(self, spot: Spot) -> list[Candidate]:
        """Cut a paragraph, item or cell into what may be statements, each with what its words tell."""
        passage, place = spot.passage, spot.place
        if spot.cell is not None:
            cut = _judged_cell(spot.body, place, self._words, passage.damaged)
            return [Candidate(spot, unit, judged) for unit, judged in cut]
        # Behind "Khó khăn:" each sentence is a matter of its own, as in a paragraph.
        item = not spot.labelled and (passage.kind == "heading" or bool(bullet_of(passage.raw)))
        if not item:
            self._previous = self._previous if place.kinds else None
        # Among results each sentence of an item is looked at by itself.
        whole = item and (bool(place.kinds) or not self._learned)
        found: list[Candidate] = []
        coming = caused = -1
        last: tuple[StatementKind, Addressee | None] | None = None
        for unit in units_of(spot.body, whole, self._words, passage.damaged, bool(place.kinds)):
            if unit.sentence == coming or self._is_to_come(unit, place):
                coming = unit.sentence  # "Hướng tới năm 2026: (i) …; (ii) …"
                found.append(Candidate(spot, unit, None, True))
                continue
            judged = judge(unit.said, place, self._previous, self._words)
            if judged is not None:
                if unit.sentence == caused and judged[0] == "difficulty":
                    judged = "cause", None  # "… do thiếu người; địa bàn rộng"
                if judged[0] == "cause":
                    caused = unit.sentence
                if judged == ("recommendation", "other") and last and last[0] == "recommendation":
                    named = self._words.addressee(unit.said, 0, 5) or unit.said.has("addressee:other")
                    if not unit.said.has("asks") and not named:
                        judged = last
                last, self._previous = judged, judged[0]
            found.append(Candidate(spot, unit, judged))
        return found

    def _is_to_come(self, unit: Unit, place: Place) -> bool:
        """Whether a sentence tells what shall be reached: ``Năm 2026 phấn đấu …``; what is asked for is no such thing."""
        if unit.said.has("asks"):
            return False
        if unit.said.starts_with("plans", 3):
            return True
        year = _YEAR.search(unit.text[:40])
        if year and self._year and int(year.group(1)) > self._year:
            return True
        return "recommendation" not in place.kinds and unit.said.starts_with("futures", 4) is not None

    def _decide(self, met: Sequence[Candidate]) -> list[Statement]:
        """Return the statements among the candidates, neighbours of one item joined."""
        shares: Sequence[dict[str, float]] = [{}] * len(met)
        if self._learned:
            shares = weights("kinds").shares([one.features for one in met])
        found: list[Statement] = []
        before: Candidate | None = None
        for one, share in zip(met, shares, strict=True):
            judged = self._judged(one, share)
            if judged is None:
                before = None
                continue
            statement = _statement(one.unit, one.spot, judged, self._words)
            if before is not None and _goes_on(before, one) and found[-1].kind == statement.kind:
                found[-1] = replace(found[-1], text=f"{found[-1].text} {statement.text}"[:_LONGEST])
            else:
                found.append(statement)
            before = one
        return found

    def _judged(
        self, one: Candidate, shares: dict[str, float]
    ) -> tuple[StatementKind, Addressee | None] | None:
        """Weigh what the words tell of a sentence against what the weights make of it."""
        if not self._learned:
            return one.by_words
        some = 1 - shares[NONE]
        likeliest: StatementKind = max(
            ("difficulty", "cause", "recommendation"), key=lambda kind: shares[kind]
        )
        if one.by_words is not None:
            kind = one.by_words[0]
            if one.spot.cell is not None and len(one.unit.text.split()) < _SHORT_CELL:
                return one.by_words
            if some < _UNLIKELY and not one.unit.said.starts_with("trouble_starts", 3):
                return None
            if shares[likeliest] < _OTHERWISE * shares[kind]:
                return ("cause", None) if kind == "difficulty" and _tells_why(one) else one.by_words
        elif some < _least(one, likeliest) or one.to_come or not _may_state(one, self._words):
            return None
        elif likeliest == "cause" and shares["cause"] < _CLEARLY * shares["difficulty"]:
            likeliest = "difficulty"
        if likeliest == "difficulty" and _tells_why(one):
            likeliest = "cause"
        return likeliest, self._asked(one) if likeliest == "recommendation" else None

    def _asked(self, one: Candidate) -> Addressee:
        """Return whom a recommendation asks that the words alone don't know for one."""
        said = one.unit.said
        asks = [hit.end for hit in said.of("asks")]
        behind = (self._words.addressee(said, start, start + 5) for start in asks)
        named = next((addressee for addressee in behind if addressee), None)
        return named or self._words.addressee(said) or one.spot.place.addressee or "other"


def _least(one: Candidate, kind: StatementKind) -> float:
    """Return how likely a sentence must be a statement, which depends on whether a word speaks for the kind."""
    return _LIKELY if any(map(one.unit.said.has, _WORDS_OF[kind])) else _SURELY


def _tells_why(one: Candidate) -> bool:
    """Whether a sentence is nothing but a reason: ``Do … chưa …`` without the ``nên`` that would tell of what."""
    return one.unit.said.starts_with("cause_words") is not None and " nên " not in one.unit.text


def _may_state(one: Candidate, words: Words) -> bool:
    """Whether a sentence that no word calls a statement may be one: it isn't empty, no question and no courtesy."""
    said = one.unit.said
    return not (
        says_nothing(said, words)
        or one.unit.text.rstrip().endswith(("?", ":"))
        or said.starts_with("closings", 3)
    )


def _goes_on(before: Candidate, one: Candidate) -> bool:
    """Whether two sentences among results are one item."""
    return (
        before.spot is one.spot
        and not one.spot.place.kinds
        and bool(bullet_of(one.spot.passage.raw))
        and one.unit.sentence == before.unit.sentence + 1
        and not one.unit.said.starts_with("asks", 3)
    )


def _judged_cell(
    text: str, place: Place, words: Words, damaged: bool
) -> list[tuple[Unit, tuple[StatementKind, Addressee | None]]]:
    """Judge a cell of a column or row of statements: each of its lines is an item."""
    found: list[tuple[Unit, tuple[StatementKind, Addressee | None]]] = []
    for line in text.split("\n"):
        previous: StatementKind | None = None
        for unit in units_of(body_of(line), True, words, damaged):
            judged = judge(unit.said, place, previous, words)
            if judged:
                found.append((unit, judged))
                previous = judged[0]
    return found


def _statement(
    unit: Unit, spot: Spot, judged: tuple[StatementKind, Addressee | None], words: Words
) -> Statement:
    offset = spot.passage.raw.rfind(spot.body) + unit.start
    address = spot.cell.address if spot.cell else spot.passage.address_at(offset)
    return _made(unit, spot.place, judged, words, address)


def _made(
    unit: Unit,
    place: Place,
    judged: tuple[StatementKind, Addressee | None],
    words: Words,
    address: Address,
) -> Statement:
    """Return the statement that a sentence or item makes."""
    kind, addressee = judged
    text = mask(" ".join(unit.text.split()).removesuffix("/.").rstrip(" ;"))[:_LONGEST]
    section = mask(place.section) if place.section else None
    themes = words.themes(unit.said, kind == "recommendation")
    return Statement(kind, addressee, themes, text, address, section)


def _with_themes(statements: Sequence[Statement]) -> list[Statement]:
    """Return statements with the themes that words and weights together find, the main one first."""
    described = [theme_features(one.text, one.kind, one.themes) for one in statements]
    found: list[Statement] = []
    for one, shares in zip(statements, weights("themes").shares(described), strict=True):
        main = max(shares, key=lambda theme: (shares[theme], theme))
        others = tuple(theme for theme in one.themes if theme not in (main, "other"))
        found.append(replace(one, themes=(main, *others)[:3]))
    return found
