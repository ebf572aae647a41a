"""The commune's own plan to communicate Resolution 57, with its number and date, among the plans that a text names.

Belongs here: what each plan of a sentence is about, whose it is, and which number belongs to it.
Does not belong: whether the plan was issued (``flag_answers``), references of the letterhead (``references``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import re2

from nq57_assets.catalogue import Catalogue
from nq57_assets.extract.flag_mentions import parts_of
from nq57_assets.extract.flag_names import Around
from nq57_assets.extract.lexicon import Hit
from nq57_assets.extract.passages import Token
from nq57_assets.extract.scene import Scene
from nq57_assets.extract.small_words import plain, stands_for
from nq57_assets.vietnamese.dates import find_dates
from nq57_assets.vietnamese.fold import fold

_PAPER = re2.compile(
    r"(\d{1,4})\s?(?:(?:/|-|–)?\s?(?P<council>KH\s?[-–/]?\s?UBND|KHUBND)|[-–/]\s?(?P<party>KH\s?[-–/]\s?[ĐÐDBP]U\b))"
)
_BARE = re2.compile(r"(?:s[oố6éạdb0&]|[$S]6)\s?(\d{1,4})\s*,?\s+(?:k[yý] )?ng")
_ISSUED = re2.compile(r"(?:ban hanh|k[yi]|duyet|phat hanh)[^;.]{0,6} ngay ")
_PAPER_DATE = re2.compile(r"(?i)(?:NQ|KH|QĐ|CV|quyết|SKHCN)[\pL\d/-]{0,12} (?:ngày |ngay |n[a-z]{2,3} )?$")
_OTHER_PAPER = re2.compile(r"(?i)ngh[iịj] ?q|NQ|QĐ|công văn|cong van")
_DATED, _BEFORE = 70, 16
_BASES = frozenset({"hien", "cu", "theo", "khai", "hoa", "sat", "triet"})


@dataclass(frozen=True, slots=True)
class Paper:
    """A numbered plan: its canonical symbol, its date when one is written, and its place in the text."""

    symbol: str
    on: date | None
    start: int
    end: int

    @property
    def detail(self) -> str:
        """``36/KH-UBND@2025-08-18``, as far as it is written."""
        return f"{self.symbol}@{self.on.isoformat()}" if self.on else self.symbol


def papers(text: str, bare: bool = False) -> list[Paper]:
    """Return the numbered plans of a text in order; ``bare`` also takes ``số 36 ngày 18/8/2025``."""
    found: list[Paper] = []
    numbered = list(_PAPER.finditer(text))
    for place, match in enumerate(numbered):
        stop = numbered[place + 1].start() if place + 1 < len(numbered) else len(text)
        kind = "/KH-UBND" if match.group("council") else "-KH/ĐU"
        number = int(match.group(1))
        symbol = f"{number:02d}{kind}"
        found.append(Paper(symbol, _date_behind(text, match.end(), stop), match.start(), match.end()))
    if bare and not found and (match := _BARE.search(text)):
        on = _date_behind(text, match.end() - 3, len(text))
        found.append(Paper(f"{int(match.group(1)):02d}/KH-UBND", on, match.start(), match.end() - 3))
    return found


def _date_behind(text: str, end: int, stop: int) -> date | None:
    other = _OTHER_PAPER.search(text, end)
    stop = min(stop, end + _DATED, other.start() if other else stop)
    dates = [d.on for d in find_dates(text[end:stop]) if d.on]
    return dates[0] if dates else None


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan named in a sentence.

    Attributes:
        hits: The words for it: plan, communication, resolution.
        low: First token.
        high: Token behind the words that tell what it is about.
        stop: Token behind all that is told of it.
        paper: Its number, when one is written.
        own: Words say that it is the commune's.
        strength: 1 when every word stands there.
    """

    hits: tuple[Hit, ...]
    low: int
    high: int
    stop: int
    paper: Paper | None
    own: bool
    strength: float


class PlanReader:
    """Reads the plans of one passage.

    Args:
        scene: The passage, with names added.
        surfaces: Surfaces of plan, communication and resolution, in this order.
        catalogue: Tells the papers of the city by number and date.
        about: The document as a whole is about Resolution 57.
    """

    def __init__(
        self, scene: Scene, surfaces: Sequence[frozenset[str]], catalogue: Catalogue, about: bool
    ) -> None:
        self._scene, self._tokens = scene, scene.tokens
        self._damaged = scene.passage.damaged
        self._groups = [[h for h in scene.hits if h.phrase in group] for group in surfaces]
        self._about = about
        self._citys = {(c.symbol, c.issued_on) for c in catalogue.citations if c.symbol.endswith("KH-UBND")}

    def plans(self, part: tuple[int, int]) -> list[Plan]:
        """Return the commune's own communication plans that a part of a sentence names."""
        first, last = part
        starts = sorted({h.start for h in self._groups[0] if first <= h.start < last})
        found: list[Plan] = []
        for place, start in enumerate(starts):
            stop = starts[place + 1] if place + 1 < len(starts) else last
            plan = self._plan(start, stop, part)
            if plan is not None and plan.paper is None:
                plan = self._with_paper(plan, starts, place, part)
            if plan is None:
                plan = (
                    self._carrying_out(start, stop, part)
                    or self._named_first(start, stop, part)
                    or self._after_the_citys(starts[:place], start, stop, part)
                )
            if plan is not None:
                found.append(plan)
        return found

    def _words(self, start: int, stop: int) -> str:
        if start >= stop:
            return ""
        return self._scene.passage.text[self._tokens[start].start : self._tokens[stop - 1].end]

    def _first(self, group: int, start: int, stop: int) -> Hit | None:
        return next((h for h in self._groups[group] if start < h.start and h.end <= stop), None)

    def _plan(self, start: int, stop: int, part: tuple[int, int]) -> Plan | None:
        """Return the plan that begins at a token, when it is about communication of the resolution."""
        thing = next(h for h in self._groups[0] if h.start == start)
        told = self._first(1, start, stop)
        if told is None or told.start - start > 2 * _BEFORE:
            return None
        matter, weight, high = self._matter(told, stop)
        if not weight:
            return None
        hits = tuple(h for h in (thing, told, matter) if h is not None)
        paper = self._paper(start, stop, high)
        if self._not_own(start, stop, high, paper):
            return None
        for hit in hits:
            weight *= 1 - 0.1 * hit.cost
        return Plan(hits, start, high, stop, paper, self._own(start, stop), weight)

    def _matter(self, told: Hit, stop: int) -> tuple[Hit | None, float, int]:
        """Return (hit, weight, end) of the resolution that is communicated; it may be meant and not numbered."""
        named = self._first(2, told.start, stop)
        if named is not None and named.start - told.end <= 2 * _BEFORE:
            return named, 1.0, named.end
        before = [h for h in self._groups[2] if h.end <= told.start]
        known = 0.95 if before or self._about else 0.9
        words = [plain(t) for t in self._tokens[told.end : min(stop, told.end + 6)] if t.kind == "word"]
        while words and words[0] in (
            "va",
            "hoc",
            "tap",
            "thuc",
            "hien",
            "trien",
            "khai",
            "ve",
            "cho",
            "to",
            "chuc",
        ):
            words.pop(0)
        if words[:2] == ["nghi", "quyet"] and (before or self._about):
            numbered = self._numbered(told.end)
            return None, 0.0 if numbered else known, min(stop, told.end + 4)
        alone = not words or words[0] in ("rieng", "cua", "duoc", "da", "nam", "chua", "ky", "ngay", "so")
        alone = alone and (known > 0.9 or "rieng" in words[:1])
        return None, max(known - 0.02, 0.91) if alone else 0.0, told.end

    def _numbered(self, start: int) -> bool:
        """Whether the resolution named next has a number: another one than 57."""
        place = next(i for i in range(start, len(self._tokens)) if plain(self._tokens[i]) == "quyet") + 1
        while place < len(self._tokens) and plain(self._tokens[place]) in ("so", "s6"):
            place += 1
        if place >= len(self._tokens) or "KH" in self._tokens[place].text:
            return False  # "Kế hoạch tuyên truyền Nghị quyết số 31/KH-UBND": the plan's own number.
        return self._tokens[place].kind in ("figure", "label")

    def _paper(self, start: int, stop: int, high: int) -> Paper | None:
        """Return the number within the plan's own words, or behind them."""
        own = papers(self._words(start, stop), bare=True)
        return self._dated(own[0], start) if own else None

    def _dated(self, paper: Paper, start: int) -> Paper:
        """Take the date from elsewhere when none stands behind the number.

        ``Kế hoạch số 50 … được ban hành ngày 09/9/2025`` and ``ngày 25/8/2025 xã ban hành Kế hoạch số 50``.
        """
        if paper.on is not None:
            return paper
        first, last = next(
            ((a, b) for part, _ in parts_of(self._scene) if part[0] <= start < part[1] for a, b in [part]),
            (start, start),
        )
        behind = _ISSUED.search(fold(self._words(start, last)))
        told = self._words(start, last)[behind.start() :] if behind else ""
        found = [d.on for d in find_dates(told[:_DATED]) if d.on]
        if not found:
            before = self._words(first, start)
            found = [d.on for d in find_dates(before) if d.on and not _PAPER_DATE.search(before[: d.start])][
                -1:
            ]
        return Paper(paper.symbol, found[0] if found else None, paper.start, paper.end)

    def _own(self, start: int, stop: int) -> bool:
        """Whether words say that the plan is the commune's: ``của xã``, ``riêng``, ``của UBND phường``."""
        words = [plain(t) for t in self._tokens[start : min(stop, start + 2 * _BEFORE)] if t.kind == "word"]
        for i, word in enumerate(words):
            behind = words[i + 1 : i + 6]
            if word in ("cua", "do") and any(one in ("xa", "phuong", "dac", "minh") for one in behind[:5]):
                return not any(one in ("tinh", "so", "thanh") for one in behind[:3])
        return "rieng" in words

    def _not_own(self, start: int, stop: int, high: int, paper: Paper | None) -> bool:
        """Whether a plan is the city's, another party's, or one that is only carried out."""
        if self._citys_words(start, stop) or self._issued_above(start):
            return True
        symbols = [t.text.upper() for t in self._tokens[start : start + 6] if t.kind == "label"]
        if any("KH-" in text and "UBND" not in text for text in symbols):
            return True  # The Fatherland Front's, a society's: "15/KH-MTTQ".
        if paper is not None and paper.symbol.endswith("UBND"):
            number = int(paper.symbol.split("/")[0])
            same = [on for symbol, on in self._citys if int(symbol.split("/")[0]) == number]
            if same and (paper.on in same or (paper.on is None and not self._own(start, stop))):
                return True
        before = self._tokens[max(0, start - 7) : start]
        issued_too = any(stands_for(t, {"duyệt", "ký", "ban"}, self._damaged) for t in before)
        carried_out = {plain(t) for t in before[-1:]} & _BASES
        local = paper is not None and paper.on is not None and self._local(start)
        return bool(carried_out) and not issued_too and not local and not self._own(start, stop)

    def _local(self, start: int) -> bool:
        """Whether a plan is one for the commune's own ground: ``… trên địa bàn xã``."""
        words = [plain(t) for t in self._tokens[start : start + 3 * _BEFORE] if t.kind != "label"]
        return any(
            words[i : i + 2] == ["dia", "ban"] and words[i + 2 : i + 3] in (["xa"], ["phuong"], ["dac"])
            for i in range(len(words))
        )

    def _issued_above(self, start: int) -> bool:
        """Whether the city's bodies are the subject: ``Thành ủy ban hành Kế hoạch``."""
        first = next((a for a, b in self._scene.sentences if a <= start < b), 0)
        words = [plain(t) for t in self._tokens[max(first, start - 8) : start] if t.kind == "word"]
        if {"xa", "phuong", "khu", "bang"} & set(words):
            return False
        issuing = words[-1:] and words[-1] in ("hanh", "ky", "co", "ra")
        above = any(pair in (("thanh", "uy"), ("thanh", "pho"), ("tinh", "uy")) for pair in pairwise(words))
        return above and bool(issuing)

    def _citys_words(self, start: int, stop: int) -> bool:
        """Whether the city, the province or a department is named as the author of a plan."""
        words = [plain(t) for t in self._tokens[start:stop] if t.kind == "word"]
        for i, word in enumerate(words):
            if word not in ("cua", "do", "so"):
                continue
            behind = [one for one in words[i + 1 : i + 6] if one not in ("ubnd", "uy", "ban", "nhan", "dan")]
            if word != "so" and behind[:1] in (["tinh"], ["tp"], ["so"], ["thanh"]):
                return True
        return False

    def _with_paper(self, plan: Plan, starts: Sequence[int], place: int, part: tuple[int, int]) -> Plan:
        """Take the number from the plan named beside it: ``là Kế hoạch số 45``, ``(Kế hoạch số 45/KH-UBND)``."""
        linked = self._linked(starts[:place], plan.low, part)
        if linked is not None:
            return replace(plan, low=linked[0], paper=linked[1], own=True)
        if place + 1 >= len(starts):
            return plan
        following, stop = starts[place + 1], starts[place + 2] if place + 2 < len(starts) else part[1]
        opened = self._tokens[following - 1].text == "(" or _says_is(self._tokens, following, plan.low + 2)
        found = papers(self._words(following, stop), bare=True) if opened else []
        if not found or self._not_own(following, stop, stop, found[0]):
            return plan
        return replace(plan, paper=self._dated(found[0], plan.low), own=True)

    def _linked(self, before: Sequence[int], start: int, part: tuple[int, int]) -> tuple[int, Paper] | None:
        """Return the numbered plan of which a later word says what it is: ``Kế hoạch số 41 … là kế hoạch tuyên truyền``."""
        if not before or not _says_is(self._tokens, start, before[-1]):
            return None
        found = papers(self._words(before[-1], start), bare=True)
        if not found or self._not_own(before[-1], start, start, found[0]):
            return None
        return before[-1], self._dated(found[0], before[-1])

    def _carrying_out(self, start: int, stop: int, part: tuple[int, int]) -> Plan | None:
        """Read ``ban hành Kế hoạch số 38 để triển khai Kế hoạch 192 của thành phố về truyền thông Nghị quyết 57``."""
        found = papers(self._words(start, stop), bare=True)
        told, matter = self._first(1, stop, part[1]), self._first(2, stop, part[1])
        if not found or told is None or matter is None or self._not_own(start, stop, stop, found[0]):
            return None
        linked = {plain(t) for t in self._tokens[max(start, stop - 5) : stop]} & {
            "khai",
            "hien",
            "hoa",
            "sat",
        }
        if not linked or not self._citys_words(stop, min(part[1], stop + 2 * _BEFORE)):
            return None
        thing = next(h for h in self._groups[0] if h.start == start)
        return Plan((thing, told, matter), start, stop, stop, self._dated(found[0], start), True, 0.93)

    def _after_the_citys(
        self, before: Sequence[int], start: int, stop: int, part: tuple[int, int]
    ) -> Plan | None:
        """Read ``Thực hiện Kế hoạch số 192 của thành phố về tuyên truyền Nghị quyết 57, xã ban hành Kế hoạch số 45``."""
        found = papers(self._words(start, stop), bare=True)
        if not before or not found or found[0].on is None or self._not_own(start, stop, stop, found[0]):
            return None
        told, matter = self._first(1, before[-1], start), self._first(2, before[-1], start)
        issued = any(
            stands_for(t, {"ban", "ký", "có"}, self._damaged) for t in self._tokens[start - 5 : start]
        )
        words = [plain(t) for t in self._tokens[start:stop] if t.kind == "word"][3:]
        words = [word for word in words if word not in ("ngay", "thang", "nam", "so", "hoach", "ke")]
        linked = not words or words[0] in ("cua", "de", "trien", "thuc", "cu", "nham")
        if told is None or matter is None or not issued or not linked:
            return None
        thing = next(h for h in self._groups[0] if h.start == start)
        return Plan((thing, told, matter), start, stop, stop, self._dated(found[0], start), True, 0.92)

    def _named_first(self, start: int, stop: int, part: tuple[int, int]) -> Plan | None:
        """Read ``Riêng về tuyên truyền Nghị quyết 57 là Kế hoạch số 37/KH-UBND``, or ``… theo Kế hoạch số 37 của xã``."""
        found = papers(self._words(start, stop), bare=True)
        followed = bool(found) and found[0].on is not None and self._own(start, stop)
        followed = followed and start > part[0] and plain(self._tokens[start - 1]) == "theo"
        if not found or not (followed or _says_is(self._tokens, start, max(part[0], start - 3))):
            return None
        told = [h for h in self._groups[1] if part[0] <= h.start < start]
        matter = [h for h in self._groups[2] if told and told[-1].end <= h.start < start]
        if not told or not matter or self._not_own(start, stop, stop, found[0]):
            return None
        thing = next(h for h in self._groups[0] if h.start == start)
        hits = (thing, told[-1], matter[-1])
        return Plan(hits, told[-1].start, stop, stop, self._dated(found[0], start), True, 0.95)

    def paper_in(self, start: int, stop: int) -> Paper | None:
        """Return the first plan between two tokens that isn't the city's: the one that an answer names."""
        for paper in papers(self._words(start, stop), bare=True):
            number = int(paper.symbol.split("/")[0].split("-")[0])
            if not any(int(symbol.split("/")[0]) == number and paper.on == on for symbol, on in self._citys):
                return paper
        return None


def _says_is(tokens: Sequence[Token], start: int, first: int) -> bool:
    """Whether ``là`` or a colon stands directly before a token."""
    before = tokens[max(first, start - 2) : start]
    return any(plain(t) in ("la", "1a") or t.text in ":=" for t in before)


def issued(plan: Plan, scene: Scene, part: tuple[int, int], deeds: frozenset[str], around: Around) -> bool:
    """Whether a verb near the plan, its number or its owner says that it is there."""
    damaged, tokens = scene.passage.damaged, scene.tokens
    near = [h for h in scene.hits if h.phrase in deeds and part[0] <= h.start < part[1]]
    if any(-1 <= plan.low - h.end <= _BEFORE or plan.low <= h.start <= plan.stop for h in near):
        return True
    before = tokens[max(part[0], plan.low - 5) : plan.low]
    behind = tokens[plan.high : min(part[1], plan.high + 8)]
    if any(stands_for(t, {"có", "ký", "ra", "duyệt", "lập"}, damaged) for t in before):
        return True
    if any(stands_for(t, {"ký", "ban", "duyệt", "có", "đã"}, damaged) for t in behind):
        return True
    listed = bool(deeds & around.titles) and plan.low - part[0] <= 6
    return plan.own or listed or (plan.paper is not None and plan.paper.on is not None)
