"""Whether a figure is a result of this round for the whole commune, judged from the words around it.

Belongs here: targets, other periods, changes, single villages and events, other places.
Does not belong: which indicator a figure fills.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import re2

from nq57_assets.extract.grammar import Grammar
from nq57_assets.extract.lexicon import Hit
from nq57_assets.extract.passages import Token, is_damaged, tokenize
from nq57_assets.extract.quantities import Quantity, Scene
from nq57_assets.model import Document, Header
from nq57_assets.vietnamese.fold import fold

_YEAR = re2.compile(r"(?:^|[^\pL])n[ăaiâ]{1,2}[mn]\s{0,2}((?:19|20)\d{2})")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a figure may be no result: ``level`` rejected when the words are clear, review when they may mislead."""

    level: Literal["rejected", "review"]
    reason: str


def report_year(document: Document, header: Header) -> int | None:
    """Return the year that a document reports on: of its subject, else of its date."""
    for text in (header.subject or "", document.text[:2500]):
        years = [int(match.group(1)) for match in _YEAR.finditer(text)]
        for year in years:
            if header.issued_year is None or header.issued_year - 1 <= year <= header.issued_year:
                return year
    return header.issued_year


class Judge:
    """Judges the quantities of one document.

    Args:
        grammar: Cues of context.
        year: Year that the document reports on, or None.
    """

    def __init__(self, grammar: Grammar, year: int | None) -> None:
        self._grammar = grammar
        self._year = year
        self._headings: dict[tuple[str, ...], bool] = {}

    def is_future_section(self, path: tuple[str, ...]) -> bool:
        """Whether the headings say that what follows is planned, asked for or still to do."""
        known = self._headings.get(path)
        if known is None:
            known = self._headings[path] = self._future(path)
        return known

    def _future(self, path: tuple[str, ...]) -> bool:
        for title in reversed(path):
            found = surfaces_in(title, self._grammar)
            future = bool(found & self._grammar.cues["future_headings"])
            result = bool(found & self._grammar.cues["result_headings"])
            ahead = self._year is not None and any(
                int(m.group(1)) == self._year + 1 for m in _YEAR.finditer(title)
            )
            if result and not ahead:
                return False
            if future or ahead:
                return True
        return False

    def doubts(self, scene: Scene, quantity: Quantity, spared: Sequence[Hit]) -> list[Doubt]:
        """Return what speaks against a figure being a result.

        Args:
            scene: The passage.
            quantity: One of its figures.
            spared: Hits that announce the indicator itself; a cue inside one of them proves nothing.
        """
        doubts: list[Doubt] = []
        if self.is_future_section(scene.passage.path):
            doubts.append(Doubt("rejected", "phần nhiệm vụ, mục tiêu, kiến nghị"))
        covered = {i for hit in spared for i in range(hit.start, hit.end)}
        longest = [0] * (len(scene.tokens) + 1)
        for hit in scene.hits:
            for i in range(hit.start, hit.end):
                longest[i] = max(longest[i], hit.syllables)

        def cue(name: str, start: int, end: int) -> Hit | None:
            """The last cue of a kind between two tokens."""
            phrases = self._grammar.cues[name]
            last = None
            for hit in scene.hits:
                if hit.phrase not in phrases or not hit.sure or hit.syllables < longest[hit.start]:
                    continue
                if start <= hit.start and hit.end <= end and hit.start not in covered:
                    if last is None or hit.start >= last.start:
                        last = hit
            return last

        start, end = quantity.sentence
        here = quantity.start
        future = cue("future", start, here)
        if future is not None:
            done = cue("done", future.start, here)
            overridden = (
                done is not None
                and done.start >= future.start
                and not (
                    done.end <= future.start or future.phrase in ("phấn đấu", "dự kiến", "sẽ", "mục tiêu")
                )
            )
            in_clause = future.start >= quantity.first
            strong = future.phrase in (
                "phấn đấu",
                "dự kiến",
                "sẽ",
                "mục tiêu",
                "chỉ tiêu",
                "kế hoạch đề ra",
                "được giao",
            )
            if not overridden and (in_clause or strong):
                doubts.append(Doubt("rejected" if strong else "review", future.phrase))
        for name, reason in (
            ("past", "kỳ trước"),
            ("change", "mức thay đổi"),
            ("each", "bình quân"),
            ("elsewhere", "nơi khác"),
        ):
            hit = cue(name, quantity.first, here)
            if hit is not None and (name != "change" or here - hit.end <= 2):
                doubts.append(Doubt("rejected", f"{reason}: {hit.phrase}"))
        if cue("example", quantity.first, here):
            doubts.append(Doubt("review", "ví dụ"))
        after = cue("past", here, quantity.last)
        if after is not None:
            doubts.append(Doubt("review", f"kỳ trước: {after.phrase}"))
        if cue("negation", quantity.index, quantity.last):
            doubts.append(Doubt("review", "phủ định"))
        doubts += self._years(scene, quantity)
        doubts += self._place(scene, quantity)
        doubts += _rate_of_time(scene.tokens, quantity)
        return doubts

    def flag_doubts(self, scene: Scene, hits: Sequence[Hit]) -> list[Doubt]:
        """Return what speaks against a yes-or-no claim: a heading, a plan, a wish."""
        if scene.passage.kind == "heading":
            return [Doubt("rejected", "tiêu đề")]
        if self.is_future_section(scene.passage.path):
            return [Doubt("rejected", "phần nhiệm vụ, mục tiêu, kiến nghị")]
        start = min(hit.start for hit in hits)
        for hit in scene.hits:
            if hit.phrase in self._grammar.cues["wish"] and hit.sure and 0 <= start - hit.end <= 12:
                return [Doubt("review", hit.phrase)]
        return []

    def _years(self, scene: Scene, quantity: Quantity) -> list[Doubt]:
        if self._year is None:
            return []
        tokens = scene.tokens
        doubts = []
        for i in range(quantity.first, quantity.last):
            token = tokens[i]
            if token.kind not in ("figure", "date") or i == quantity.index or not token.text[-4:].isdigit():
                continue
            year = int(token.text[-4:])
            before = fold(tokens[i - 1].text) if i else ""
            dated = token.kind == "date" or before in ("nam", "nim", "naim")
            if not dated or not 1990 <= year <= 2100 or "-" in token.text:
                continue
            if year == self._year or _in_name(tokens, i):
                continue
            if year > self._year:
                doubts.append(Doubt("rejected", f"năm {year}"))
            elif token.kind != "date" or abs(i - quantity.index) <= 6:
                doubts.append(Doubt("rejected" if i < quantity.index else "review", f"năm {year}"))
        return doubts

    def _place(self, scene: Scene, quantity: Quantity) -> list[Doubt]:
        """Doubt a figure whose clause names one village, school or firm."""
        tokens = scene.tokens
        for hit in scene.hits:
            if hit.phrase not in self._grammar.cues["places"] or hit.end >= len(tokens):
                continue
            if not quantity.sentence[0] <= hit.start < quantity.last or hit.start == quantity.index + 1:
                continue
            named = tokens[hit.end]
            capital = (
                named.kind == "word"
                and named.text[:1].isupper()
                and len(named.text) > 1
                and not named.text.isupper()
            )
            numbered = named.kind == "figure" or fold(named.text) == "so"
            if hit.start > quantity.sentence[0] and tokens[hit.start - 1].kind == "figure":
                continue
            if (capital or numbered) and hit.end != quantity.index:
                return [Doubt("review", f"một nơi: {hit.phrase} {named.text}")]
        return []


def _in_name(tokens: Sequence[Token], i: int) -> bool:
    """Whether the year at ``i`` belongs to the title of a paper or to its date."""
    before = [fold(token.text) for token in tokens[max(0, i - 4) : i]]
    if tokens[i].kind == "date" and any(token.kind == "label" for token in tokens[max(0, i - 3) : i]):
        return True
    return "gia" in before[-3:] and before[-1:] == ["nam"] or "doan" in before


def _rate_of_time(tokens: Sequence[Token], quantity: Quantity) -> list[Doubt]:
    """Doubt ``02 đợt/năm``: a frequency is no total."""
    for i in range(quantity.index + 1, min(quantity.unit_end + 2, len(tokens) - 1)):
        if tokens[i].text == "/" and fold(tokens[i + 1].text) in (
            "nam",
            "thang",
            "tuan",
            "ngay",
            "quy",
            "thon",
            "to",
            "lan",
        ):
            return [Doubt("review", "tần suất")]
    return []


@lru_cache(maxsize=1024)
def surfaces_in(text: str, grammar: Grammar) -> frozenset[str]:
    """Return the phrases found in a short text such as a heading."""
    return frozenset(hit.phrase for hit in grammar.lexicon.find(tokenize(text), is_damaged(text)))
