"""What a document says is there or is not: a plan issued, a committee, a section of the portal, a group.

Belongs here: yes-or-no claims made of a thing named (``flag_mentions``, ``own_plan``) and of what is said of it
(``flag_answers``), in sentences, under titles and in rows. Does not belong: figures (``match``), what speaks against a
claim (``flag_doubts``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from nq57_assets.catalogue import Catalogue
from nq57_assets.extract.flag_answers import (
    Answer,
    answer_of,
    closing,
    denied,
    end_of,
    marked,
    opening,
    said,
    without_choices,
)
from nq57_assets.extract.flag_mentions import (
    COMMITTEE,
    GROUP,
    PLAN,
    Mention,
    mentions,
    parts_of,
)
from nq57_assets.extract.flag_names import Around, around_of, with_names
from nq57_assets.extract.grammar import Grammar, Pattern
from nq57_assets.extract.lexicon import Hit
from nq57_assets.extract.own_plan import Plan, PlanReader, issued
from nq57_assets.extract.scene import Scene
from nq57_assets.extract.small_words import DEEDS, NO, YES, plain, stands_for

_ANSWER, _ROW_REST, _DEED, _LISTED = 30, 8, 12, 4
_POSTED = frozenset({"trên", "lên", "vào"})


@dataclass(frozen=True, slots=True)
class Flag:
    """A yes (1) or a no (0) about one indicator, where it stands and what it rests on.

    Attributes:
        pattern: What is claimed.
        value: 1 or 0.
        token: Where the thing stands.
        first: First token of the part of the sentence.
        last: Token behind it.
        strength: How well the words were read and how near they stand, 0 to 1.
        words: The phrases found.
        detail: The plan's own number and date.
        hits: The same phrases, where they stand.
        told: It answers a label or a question or names its own paper, so that it is more than a title.
    """

    pattern: Pattern
    value: float
    token: int
    first: int
    last: int
    strength: float
    words: tuple[str, ...]
    detail: str | None
    hits: tuple[Hit, ...]
    told: bool = False


def find_flags(
    scene: Scene, grammar: Grammar, catalogue: Catalogue, theme: frozenset[str] = frozenset()
) -> list[Flag]:
    """Return the yes-or-no claims of one passage.

    Args:
        scene: The passage.
        grammar: How things are named.
        catalogue: Tells the city's plans from the commune's.
        theme: Phrases of the document's subject.
    """
    scene = with_names(scene)
    around = around_of(scene, grammar, theme)
    flags: list[Flag] = []
    for pattern in grammar.flags:
        named = any(h.phrase in pattern.groups[0][1] for h in scene.hits)
        titled = not pattern.groups[0][1].isdisjoint(around.title)
        if not named and not titled:
            continue
        reader = _Reader(pattern, scene, around, grammar, catalogue)
        for flag in reader.claims():
            if not any(_same(flag, other) for other in flags):
                flags.append(flag)
    return flags


def _same(flag: Flag, other: Flag) -> bool:
    return flag.pattern.indicator is other.pattern.indicator and flag.token == other.token


@dataclass(frozen=True, slots=True)
class _Named:
    """A thing named, and the plan when it is one."""

    mention: Mention
    plan: Plan | None = None


class _Reader:
    """Reads one passage for one indicator."""

    def __init__(
        self, pattern: Pattern, scene: Scene, around: Around, grammar: Grammar, catalogue: Catalogue
    ) -> None:
        self._pattern, self._scene, self._around = pattern, scene, around
        self._grammar, self._catalogue = grammar, catalogue
        self._tokens, self._damaged = scene.tokens, scene.passage.damaged
        self._code = pattern.indicator.code
        surfaces = [group for _, group in pattern.groups]
        self._plans = (
            PlanReader(scene, surfaces, catalogue, around.is_on_resolution) if self._code == PLAN else None
        )

    def claims(self) -> Iterator[Flag]:
        """Yield the claims of the passage in the way in which it is written."""
        row = self._scene.passage.kind == "row"
        if row or sum(token.text == "|" for token in self._tokens) > 1:
            yield from self._of_rows()
            return
        found = False
        for named in self._named(self._scene):
            flag = self._of_sentence(named)
            if flag is not None:
                found = True
                yield flag
        if not found:
            titled = self._under_title()
            if titled is not None:
                yield titled

    def _named(self, scene: Scene) -> list[_Named]:
        if self._plans is None:
            return [_Named(one) for one in mentions(self._pattern, scene, self._around, self._grammar)]
        return [
            _Named(Mention(plan.hits, plan.low, plan.high, part, sentence, plan.strength), plan)
            for part, sentence in parts_of(scene)
            for plan in self._plans.plans(part)
        ]

    def _flag(self, named: _Named, value: float, told: bool, detail: str | None = None) -> Flag:
        mention = named.mention
        plan = named.plan
        if plan is not None and detail is None and plan.paper is not None:
            detail = plan.paper.detail
        return Flag(
            self._pattern,
            value,
            mention.hits[0].start,
            mention.part[0],
            mention.part[1],
            mention.strength,
            tuple(hit.phrase for hit in mention.hits),
            detail if value else None,
            mention.hits,
            told or detail is not None,
        )

    def _of_sentence(self, named: _Named) -> Flag | None:
        mention = named.mention
        answer = answer_of(self._tokens, mention.low, mention.high, mention.sentence, self._damaged)
        if answer is not None:
            return self._answered(named, answer)
        sign = marked(self._tokens, mention.part[0], min(mention.low, mention.part[0] + _LISTED))
        if sign is not None:
            return self._flag(named, 0.0, True) if sign.value == 0 else None
        thing = mention.hits[0]
        listed = self._around.listed
        if listed is not None and mention.low - mention.part[0] <= _LISTED:
            return self._flag(named, listed, True)
        behind = mention.high if named.plan is not None else thing.end
        if self._plans is None and closing(self._tokens, mention.high, mention.part[1], self._damaged):
            return self._flag(named, 1.0, True)
        if denied(self._tokens, thing.start, behind, mention.part, self._damaged):
            return self._flag(named, 0.0, False)
        return self._flag(named, 1.0, False) if self._is_there(named) else None

    def _answered(self, named: _Named, answer: Answer) -> Flag | None:
        """Make a claim of an answer; one in other words than yes and no counts when it tells of the thing."""
        stop = end_of(self._tokens, answer.end)
        paper = None
        if self._plans is not None:
            paper = self._plans.paper_in(answer.end, min(len(self._tokens), answer.end + _ANSWER))
        if answer.value is not None:
            return self._flag(named, answer.value, True, paper.detail if paper else None)
        if paper is not None:
            return self._flag(named, 1.0, True, paper.detail)
        words = [t for t in self._tokens[answer.end : stop] if t.kind == "word"]
        if not words or answer.asked:
            return None
        if denied(self._tokens, answer.end, answer.end, (answer.end, stop), self._damaged):
            return self._flag(named, 0.0, True)
        if self._code == GROUP or self._is_there(named):
            return self._flag(named, 1.0, True)
        deeds = any(stands_for(t, DEEDS | YES, self._damaged) for t in words[:4])
        return self._flag(named, 1.0, True) if deeds else None

    def _is_there(self, named: _Named) -> bool:
        """Whether a sentence that denies nothing says that the thing is there, and doesn't only speak of it."""
        mention = named.mention
        if named.plan is not None:
            return issued(named.plan, self._scene, mention.part, self._pattern.any_of, self._around)
        if self._code == COMMITTEE:
            return self._is_set_up(mention)
        if self._code == GROUP and mention.strength < 0.96:
            return not self._posted(mention)
        return True

    def _posted(self, mention: Mention) -> bool:
        """Whether something was put on a group of nobody named: a channel, and no group of the teams."""
        before = self._tokens[max(mention.part[0], mention.low - _DEED) : mention.low]
        put = any(plain(t) in ("dang", "se", "phat", "gui", "dua", "toa", "tai") for t in before[:-1])
        return put and any(stands_for(t, _POSTED, self._damaged) for t in before[-2:])

    def _is_set_up(self, mention: Mention) -> bool:
        """Whether a verb near a committee says that it was set up or is at work."""
        first, last = mention.part
        thing = mention.hits[0]
        following = self._tokens[thing.end : thing.end + 2]
        if following and all(t.text.isupper() and t.text.isalpha() for t in following):
            return False  # A letterhead.
        for hit in self._scene.hits:
            if hit.phrase not in self._pattern.any_of or not first <= hit.start < last:
                continue
            between = self._tokens[min(hit.end, thing.end) : max(thing.start, hit.start)]
            helpers = any(plain(t) in ("giup", "viec") for t in between)
            if len(between) <= 3 * _DEED and not helpers:
                return True
        before = self._tokens[max(first, thing.start - 4) : thing.start]
        if before and plain(before[-1]) in ("van", "vn", "vin"):
            return False
        if any(stands_for(t, {"có", "lập", "toàn"}, self._damaged) for t in before):
            return True
        behind = self._tokens[mention.high : min(last, mention.high + 7)]
        if any((plain(a), plain(b)) in (("tu", "ngay"), ("ra", "ngay")) for a, b in pairwise(behind)):
            return True
        return any(
            stands_for(t, {"có", "lập", "toàn", "đã", "được", "gồm"}, self._damaged) for t in behind[:5]
        )

    def _under_title(self) -> Flag | None:
        """Read an answer whose label is the heading or the line above: ``1. Ban Chỉ đạo`` and ``Đã thành lập ngày …``."""
        if self._scene.passage.kind != "prose" or not self._scene.sentences:
            return None
        if not all(group & self._around.title for _, group in self._pattern.groups[:1]):
            return None
        others = self._around.title | self._around.titles | self._around.theme
        if not all(group & others for _, group in self._pattern.groups[1:]) or self._around.helpers:
            return None
        stop = end_of(self._tokens, 0)
        value = opening(self._tokens[:stop], self._damaged)
        if value is None:
            return None
        place = next((i for i, t in enumerate(self._tokens) if t.kind == "word"), 0)
        hits = (Hit(self._pattern.groups[0][0], place, place + 1, 0.0, 2),)
        mention = Mention(hits, place, place + 1, (0, stop), (0, stop), 0.95)
        paper = self._plans.paper_in(0, len(self._tokens)) if self._plans is not None else None
        return self._flag(_Named(mention), value, True, paper.detail if paper else None)

    def _of_rows(self) -> Iterator[Flag]:
        """Yield the claims of drawn rows: the label in one cell, the answer in another."""
        for cells in _rows(self._scene):
            scene = replace(self._scene, sentences=tuple(cells))
            for named in self._named(scene):
                flag = self._of_cells(named, cells)
                if flag is not None:
                    yield flag

    def _of_cells(self, named: _Named, cells: list[tuple[int, int]]) -> Flag | None:
        mention = named.mention
        here = next(i for i, (a, b) in enumerate(cells) if a <= mention.hits[0].start < b)
        if len(cells) == 1 or (here == 1 == len(cells) - 1 and self._tokens[cells[0][0]].kind != "word"):
            return self._of_torn_row(named, cells[-1])
        answers = [said(self._tokens[a:b], self._damaged) for a, b in cells[here + 1 :]]
        worded = [
            value
            for value, (a, b) in zip(answers, cells[here + 1 :], strict=True)
            if value is not None and self._tokens[a].kind != "figure"
        ]
        values = worded or [value for value in answers if value is not None]
        paper = None
        if self._plans is not None:
            paper = self._plans.paper_in(cells[here][0], cells[-1][1])
        if paper is not None and not worded:
            values = [1.0]
        if values:
            if values[-1] == 0 and 1.0 in values:
                return None
            return self._flag(named, values[-1], True, paper.detail if paper else None)
        labelled = any(self._tokens[a].kind == "word" for a, b in cells[:here] if b - a > 1)
        if labelled:
            before = cells[here - 1]
            value = said(self._tokens[before[0] : before[1]], self._damaged)
            if value is not None and self._tokens[before[0]].kind != "figure":
                before_paper = self._plans.paper_in(*before) if self._plans is not None else None
                return self._flag(named, value, True, before_paper.detail if before_paper else None)
            return self._of_sentence(named)
        return None

    def _of_torn_row(self, named: _Named, row: tuple[int, int]) -> Flag | None:
        """Read a row whose cells ran into each other: the last word that says yes or no, or an address."""
        rest = self._tokens[named.mention.high : row[1]]
        answer = answer_of(self._tokens, named.mention.low, named.mention.high, row, self._damaged)
        if answer is not None:
            return self._answered(named, answer)
        if any(t.kind == "label" and "http" in t.text.lower() for t in rest):
            return self._flag(named, 1.0, True)
        paper = self._plans.paper_in(named.mention.low, row[1]) if self._plans is not None else None
        if paper is not None:
            return self._flag(named, 1.0, True, paper.detail)
        words = without_choices(rest, self._damaged)[:_ROW_REST]
        for i in range(len(words) - 1, -1, -1):
            answers = stands_for(words[i], NO | YES, self._damaged)
            value = said(words[i : i + 2], self._damaged) if answers else None
            if value is not None:
                return self._flag(named, value, True)
        return None


def _rows(scene: Scene) -> Iterator[list[tuple[int, int]]]:
    """Yield the cells of each drawn line as token ranges; a row of the tables' own reader is one line."""
    tokens = scene.tokens
    starts = [0] if scene.passage.kind == "row" else list(scene.passage.starts)
    lines = []
    for place, start in enumerate(starts):
        stop = starts[place + 1] if place + 1 < len(starts) else len(scene.passage.text) + 1
        within = [i for i, t in enumerate(tokens) if start <= t.start < stop]
        if within:
            lines.append((within[0], within[-1] + 1))
    for first, last in lines:
        cells, begin = [], first
        for i in range(first, last):
            if tokens[i].text == "|":
                if begin < i:
                    cells.append((begin, i))
                begin = i + 1
        if begin < last:
            cells.append((begin, last))
        if cells:
            yield cells
