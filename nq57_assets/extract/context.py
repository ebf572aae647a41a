"""Whether a figure is a result of this round for the whole commune, judged from the words around it.

Belongs here: targets, other periods, changes, single villages, other places, parts of a whole.
Does not belong: which indicator a figure fills.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import re2

from nq57_assets.extract.grammar import Grammar
from nq57_assets.extract.lexicon import Hit
from nq57_assets.extract.passages import Token, is_damaged, tokenize
from nq57_assets.extract.periods import begins_with_month, bracketed_off, compared_with, in_one_month, year_at
from nq57_assets.extract.quantities import Quantity
from nq57_assets.extract.scene import Scene, outside_idioms
from nq57_assets.model import Document, Header
from nq57_assets.vietnamese.fold import fold

_TITLE_LENGTH = 60
_YEAR = re2.compile(r"(?i)(?:^|[^\pL])n[ăaiâ]{1,2}[mn]\s{0,2}((?:19|20)\d{2})")
_ANY_YEAR = re2.compile(r"(?:^|[^\d/]|[IVX]\s?/\s?)(20\d{2})(?:$|[^\d])")
# Future words that govern everything behind them in their sentence, however the verbs go on.
_FIRM = frozenset({"phấn đấu", "dự kiến", "sẽ", "đặt mục tiêu", "giao chỉ tiêu", "đăng ký cử"})
_WISHES = frozenset({"đề nghị", "kiến nghị", "yêu cầu"})
_PLAN_WORDS = ("kế hoạch", "chỉ tiêu", "mục tiêu", "giao")
_ATTENDANTS = ("người", "lượt người", "đại biểu", "lượt", "học viên", "hội viên", "đoàn viên")
_PERIODS = ("nam", "thang", "tuan", "ngay", "quy", "thon", "to", "lan", "bai", "dot", "ho", "nguoi")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a figure may be no result: ``level`` rejected when the words are clear, review when they may mislead."""

    level: Literal["rejected", "review"]
    reason: str


def report_year(document: Document, header: Header) -> int | None:
    """Return the year that a document reports on: of its subject, else the one it was issued in.

    A report of January or February mostly tells of the year before, so there the year named most decides.
    """
    issued = header.issued_year
    for match in _YEAR.finditer(header.subject or ""):
        year = int(match.group(1))
        if issued is None or issued - 1 <= year <= issued:
            return year
    if issued is not None and (header.issued_month or 12) > 2:
        return issued
    named = Counter(int(match.group(1)) for match in _YEAR.finditer(document.text[:20_000]))
    near = {year: n for year, n in named.items() if issued is None or issued - 1 <= year <= issued}
    return max(near, key=lambda year: near[year]) if near else issued


@lru_cache(maxsize=2048)
def surfaces_in(text: str, grammar: Grammar) -> frozenset[str]:
    """Return the phrases found in a short text such as a heading."""
    hits = grammar.lexicon.find(tokenize(text), is_damaged(text))
    return frozenset(hit.phrase for hit in outside_idioms(hits, grammar) if hit.sure)


class _Cues:
    """The cues of one passage: phrases of a list, read surely and in no longer phrase."""

    def __init__(self, scene: Scene, grammar: Grammar, covered: frozenset[int]) -> None:
        longest = [0] * (len(scene.tokens) + 1)
        for hit in scene.hits:
            for i in range(hit.start, hit.end if hit.sure else hit.start):
                longest[i] = max(longest[i], hit.syllables)
        self._hits = [
            hit
            for hit in scene.hits
            if hit.sure and hit.syllables >= longest[hit.start] and hit.start not in covered
        ]
        self._cues = grammar.cues

    def phrases(self, name: str) -> frozenset[str]:
        """The phrases of a list."""
        return self._cues[name]

    def last(self, name: str, start: int, end: int) -> Hit | None:
        """The last cue of a list between two tokens."""
        found = [h for h in self._hits if h.phrase in self._cues[name] and start <= h.start and h.end <= end]
        return max(found, key=lambda hit: hit.start) if found else None

    def at(self, name: str, place: int) -> Hit | None:
        """The cue of a list that begins at a token."""
        return next((h for h in self._hits if h.start == place and h.phrase in self._cues[name]), None)


class Judge:
    """Judges the quantities of one document.

    Args:
        grammar: Cues of context.
        year: Year that the document reports on, or None.
    """

    def __init__(self, grammar: Grammar, year: int | None) -> None:
        self._grammar = grammar
        self._year = year
        self._sections: dict[tuple[str, ...], Doubt | None] = {}

    def section(self, path: tuple[str, ...]) -> Doubt | None:
        """Return what the headings speak against results: plans, wishes, difficulties."""
        if path not in self._sections:
            self._sections[path] = self._of_headings(path)
        return self._sections[path]

    def _of_headings(self, path: tuple[str, ...]) -> Doubt | None:
        for title in reversed(path):
            found = surfaces_in(title, self._grammar)
            years = [int(match.group(1)) for match in _ANY_YEAR.finditer(title)]
            ahead = self._year is not None and bool(years) and min(years) > self._year
            if found & self._grammar.cues["result_headings"] and not ahead:
                return None
            if ahead or found & self._grammar.cues["future_headings"]:
                return Doubt("rejected", f"mục {title[:40]}")
            if found & self._grammar.cues["trouble_headings"]:
                return Doubt("review", f"mục {title[:40]}")
        return None

    def flag_doubts(self, scene: Scene, hits: Sequence[Hit], named: bool = False) -> list[Doubt]:
        """Return what speaks against a yes-or-no claim: a heading, a plan, a wish.

        ``named`` says that the claim names its own paper, which makes a numbered item more than a heading.
        """
        text = scene.passage.text.rstrip()
        told = text.endswith((".", ";")) and len(text) > _TITLE_LENGTH
        if scene.passage.kind == "heading" and not named and not told:
            return [Doubt("review" if text.endswith(".") else "rejected", "tiêu đề")]
        section = self.section(scene.passage.path)
        if section is not None and section.level == "rejected":
            return [section]
        cues = _Cues(scene, self._grammar, frozenset())
        start = min(hit.start for hit in hits)
        begin = next((a for a, b in scene.sentences if a <= start < b), 0)
        wish = cues.last("wish", begin, start)
        return [Doubt("review", wish.phrase)] if wish else []

    def doubts(
        self, scene: Scene, quantity: Quantity, spared: Sequence[Hit], planned: bool = False
    ) -> list[Doubt]:
        """Return what speaks against a figure being a result.

        Args:
            scene: The passage.
            quantity: One of its figures.
            spared: Hits that announce the indicator itself; a cue inside one of them proves nothing.
            planned: The indicator counts needs or proposals, so the future speaks for it.
        """
        section = self.section(scene.passage.path)
        doubts = [section] if section and not planned else []
        if scene.passage.kind == "row":
            return doubts
        cues = _Cues(scene, self._grammar, frozenset(i for hit in spared for i in range(hit.start, hit.end)))
        doubts += _other_measure(cues, scene, quantity)
        if not planned:
            doubts += _future(cues, scene.tokens, quantity)
            doubts += self._years(cues, scene, quantity)
        doubts += self._place(cues, scene, quantity)
        doubts += _other_matter(cues, scene, quantity)
        return doubts + _rate_of_time(scene.tokens, quantity)

    def _years(self, cues: _Cues, scene: Scene, quantity: Quantity) -> list[Doubt]:
        """Doubt a figure that a year other than the report's governs."""
        if self._year is None:
            return []
        before = [
            (i, year)
            for i in range(quantity.sentence[0], quantity.start)
            if (year := year_at(scene.tokens, i)) is not None and not bracketed_off(scene.tokens, i, quantity)
        ]
        if before:
            place, year = before[-1]
            compared = compared_with(scene.tokens, place) and place < quantity.first
            figures = any(t.kind == "figure" for t in scene.tokens[place + 1 : quantity.start])
            turned = fold(scene.tokens[quantity.start - 1].text) in ("con", "len", "thanh")
            over = figures and (turned or cues.last("now", place, quantity.start) is not None)
            if year != self._year and not compared and not over:
                far = year < self._year and place < quantity.first
                return [Doubt("review" if far else "rejected", f"năm {year}")]
        for i in range(quantity.index + 1, min(quantity.last, quantity.unit_end + 9)):
            if not quantity.owns(i):
                continue  # "45 buổi (năm 2024: 28 buổi)"
            behind = year_at(scene.tokens, i)
            compared = behind is not None and compared_with(
                scene.tokens[quantity.index : i], i - quantity.index
            )
            if behind is not None and behind != self._year and not compared:
                near = i <= quantity.unit_end + 4
                return [Doubt("rejected" if near else "review", f"năm {behind}")]
        return []

    def _place(self, cues: _Cues, scene: Scene, quantity: Quantity) -> list[Doubt]:
        """Doubt a figure whose clause or sentence is about one village, school or firm."""
        tokens = scene.tokens
        subject = quantity.sentence[0]
        begin = quantity.first
        if begin > subject and tokens[begin - 1].text == "(":
            begin = max(subject, begin - 5)  # "thôn Đông (310 người)"
        places = [*range(subject, min(subject + 4, quantity.start)), *range(begin, quantity.start)]
        places += range(quantity.unit_end, min(quantity.unit_end + 3, quantity.last))
        for place in places:
            hit = cues.at("places", place)
            if hit is None or hit.end >= len(tokens) or hit.end == quantity.index:
                continue
            if hit.start and tokens[hit.start - 1].kind == "figure":
                continue
            name = tokens[hit.end]
            shouted = len(name.text) > 2 and name.text.isupper()
            capital = name.kind == "word" and name.text[:1].isupper() and not shouted
            numbered = name.kind == "figure" or fold(name.text) == "so"
            if (capital or numbered) and not cues.last("everywhere", hit.end, quantity.start):
                return [Doubt("review", f"một nơi: {hit.phrase} {name.text}")]
        return []


def _future(cues: _Cues, tokens: Sequence[Token], quantity: Quantity) -> list[Doubt]:
    start, here = quantity.sentence[0], quantity.start
    future = cues.last("future", start, here)
    if future is None:
        return []
    closed = [i for i in range(future.end, here) if tokens[i].text in "()"]
    if closed and tokens[closed[0]].text == ")":
        return []  # "1.733 người (đạt 115% chỉ tiêu) và 1.290 lượt": what brackets say ends with them.
    governs = future.phrase in _FIRM or any(word in future.phrase for word in _PLAN_WORDS)
    governs = governs or (future.phrase in _WISHES and future.start <= start + 5)
    if future.phrase not in _FIRM:
        done = cues.last("done", future.end, here)
        figures = [i for i in range(future.end, here) if tokens[i].kind == "figure"]
        if done is not None and (not governs or (figures and figures[0] < done.start)):
            return []
        # A target named in passing binds its own part of the sentence; one that opens the sentence binds all of it.
        if any(tokens[i].text == ";" for i in range(future.end, here)) and future.start > start + 4:
            return []
    if governs:
        return [Doubt("rejected", future.phrase)]
    return [Doubt("review", future.phrase)] if future.start >= quantity.first else []


def _other_matter(cues: _Cues, scene: Scene, quantity: Quantity) -> list[Doubt]:
    """Doubt what is told of another field of work, or is not there yet."""
    first, last = quantity.sentence
    end = max(quantity.last, quantity.unit_end)
    doubts = []
    own = cues.last("own_topics", first, last) or any(_names_resolution(t) for t in scene.tokens[first:last])
    topic = cues.last("other_topics", quantity.first, end)
    if topic is not None and not own:
        doubts.append(Doubt("review", f"lĩnh vực khác: {topic.phrase}"))
    if begins_with_month(scene.tokens[first : quantity.start]):
        doubts.append(Doubt("review", "riêng một tháng"))
    others = [t.text for t in scene.tokens[quantity.first : end] if t.kind == "label" and "-NQ/" in t.text]
    if others and not own:
        doubts.append(Doubt("review", f"nghị quyết khác: {others[0]}"))
    if cues.last("cumulative", quantity.index, last) and in_one_month(scene.tokens[first : quantity.start]):
        doubts.append(Doubt("review", "riêng một tháng"))
    lacking = cues.last("unfinished", quantity.first, min(end, quantity.unit_end + 6))
    if lacking is not None:
        doubts.append(Doubt("review", f"chưa có: {lacking.phrase}"))
    return doubts


def _names_resolution(token: Token) -> bool:
    return token.kind == "label" and token.text.startswith("57")


def _other_measure(cues: _Cues, scene: Scene, quantity: Quantity) -> list[Doubt]:
    """Doubt changes, averages, other periods, other places, examples and what is left over."""
    doubts = []
    here, tokens = quantity.start, scene.tokens
    comma = max((i for i in range(quantity.first, here) if tokens[i].text == ","), default=quantity.first)
    for name, reason in (("past", "kỳ khác"), ("each", "bình quân"), ("elsewhere", "nơi khác")):
        hit = cues.last(name, comma, here)
        if hit is not None:
            doubts.append(Doubt("rejected", f"{reason}: {hit.phrase}"))
    if tokens[here - 1].text == "/" and quantity.unit.startswith(("thôn", "tổ dân phố", "khu")):
        doubts.append(Doubt("review", "mẫu số"))
    opening = cues.last("past", quantity.sentence[0], quantity.sentence[0] + 5)
    if (
        opening is not None
        and not cues.last("now", opening.end, here)
        and not compared_with(tokens, opening.start)
    ):
        doubts.append(Doubt("rejected", f"kỳ khác: {opening.phrase}"))
    change = cues.last("change", quantity.first, here)
    if (
        change is not None
        and here - change.end <= 2
        and fold(tokens[here - 1].text) not in ("len", "con", "toi")
    ):
        doubts.append(Doubt("rejected", f"mức thay đổi: {change.phrase}"))
    bracket = here - 1
    if bracket > 0 and tokens[bracket].text == "(":
        for name in ("past", "of_plan", "future"):
            hit = cues.last(name, max(0, bracket - 4), bracket)
            if hit is not None and bracket - hit.end <= 2:
                doubts.append(Doubt("rejected", f"trong ngoặc: {hit.phrase}"))
    if scene.passage.raw[tokens[quantity.index].start - 1 : tokens[quantity.index].start] in (".", "…"):
        doubts.append(Doubt("review", "số dính dấu chấm điền"))
    if quantity.unit.startswith(_ATTENDANTS) and _on_one_day(cues, scene, quantity):
        doubts.append(Doubt("review", "riêng một buổi"))
    beside = [k for k in (quantity.index - 1, quantity.index + 1) if 0 < k < len(tokens)]
    bare = quantity.percent is None and quantity.ratio is None
    if bare and any(tokens[k].kind == "figure" for k in beside):
        doubts.append(Doubt("review", "hai số liền nhau"))  # Columns of a table whose rules were lost.
    if cues.last("example", quantity.first, here):
        doubts.append(Doubt("review", "ví dụ"))
    behind = max(quantity.unit_end, quantity.index + 1)
    near = range(behind, min(behind + 2, quantity.sentence[1]))
    if quantity.percent is not None and any(cues.at("of_plan", i) for i in near):
        doubts.append(Doubt("rejected", "so với kế hoạch"))
    past = cues.last("past", here, _open_end(tokens, quantity))
    if past is not None and not compared_with(tokens, past.start):
        doubts.append(Doubt("review", f"kỳ khác: {past.phrase}"))
    if any(cues.at("others", i) for i in (behind, behind + 1)):
        doubts.append(Doubt("review", "phần còn lại"))
    if not quantity.none and cues.last("negation", quantity.index, _open_end(tokens, quantity)):
        doubts.append(Doubt("review", "phủ định"))
    return doubts


def _on_one_day(cues: _Cues, scene: Scene, quantity: Quantity) -> bool:
    """Whether the words before attendants set them on one day: ``Tại hội nghị ngày 12/9 có 180 người``.

    The launch of a movement is one day by its nature.
    """
    tokens, start, here = scene.tokens, quantity.sentence[0], quantity.start
    launched = cues.phrases("one_day")
    if any(hit.phrase in launched and start <= hit.start < quantity.last for hit in scene.hits):
        return False
    said = {fold(token.text) for token in tokens[quantity.first : quantity.last]}
    if said.isdisjoint(("tham", "du", "hut")):
        return False
    for i in range(max(start + 1, quantity.first - 24), here):
        told = tokens[i].kind in ("date", "figure") and fold(tokens[i - 1].text) == "ngay"
        numeral = tokens[i].numeral
        whole = numeral is not None and numeral.whole is not None
        before = fold(tokens[i - 2].text) if i > 1 else ""
        if told and (whole or tokens[i].kind == "date") and before not in ("den", "tu", "toi", "sau", "ca"):
            return not any(t.kind == "label" for t in tokens[max(start, i - 5) : i])
    return False


def _open_end(tokens: Sequence[Token], quantity: Quantity) -> int:
    """Return where the words behind a figure end or a bracket opens: what is in it is said beside the point."""
    behind = range(quantity.index + 1, quantity.last)
    return next((i for i in behind if tokens[i].text == "("), quantity.last)


def _rate_of_time(tokens: Sequence[Token], quantity: Quantity) -> list[Doubt]:
    """Doubt ``02 đợt/năm``: a frequency is no total."""
    for i in range(quantity.index + 1, min(quantity.unit_end + 2, len(tokens) - 1)):
        if tokens[i].text == "/" and fold(tokens[i + 1].text) in _PERIODS:
            return [Doubt("review", "tần suất")]
    return []
