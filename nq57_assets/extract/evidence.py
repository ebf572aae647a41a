"""What speaks for an indicator around a figure: phrases found, and how much each weighs by where it stands.

Belongs here: evidence in the clause, the sentence, the lines and headings around it.
Does not belong: which reading of a figure wins (``match``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nq57_assets.extract.cues import surfaces_in
from nq57_assets.extract.grammar import Grammar, Pattern
from nq57_assets.extract.lexicon import Hit
from nq57_assets.extract.passages import tokenize
from nq57_assets.extract.quantities import Quantity
from nq57_assets.extract.scene import Scene, titles_before
from nq57_assets.vietnamese.fold import fold

# How much a word proves, by where it stands: in the figure's own clause, earlier or later in the sentence, in the
# sentence before, in the line that introduces a list, in the headings.
OWN, EARLIER, LATER, BEFORE, LEAD, HEADING, ITEM = 1.0, 0.955, 0.6, 0.87, 0.93, 0.88, 0.84
# How much a place counts when two indicators compete for one figure: the nearest words win.
NEARNESS = {
    "mệnh đề": 1.0,
    "vế chung": 0.75,
    "đầu câu": 0.7,
    "vế trước": 0.43,
    "câu dẫn": 0.6,
    "tiêu đề": 0.45,
    "câu trước": 0.45,
    "cuối câu": 0.35,
    "mục trước": 0.4,
    "đoạn trước": 0.3,
}


# What is counted in with a total is not what the total counts.
_COUNTING_IN = (["ke", "ca"], ["gom", "ca"], ["tinh", "ca"], ["cong", "ca"], ["ca", "o"])

# An item of a list so short that it may leave its subject to the item before.
_SHORT_ITEM = 9


@dataclass(frozen=True, slots=True)
class Evidence:
    """One phrase that speaks for an indicator, where it stood and how much it weighs."""

    name: str
    found: str
    place: str
    weight: float
    hit: Hit | None = None
    crossed: int = 0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Phrases around a passage: of the sentence or item before, of the introducing line, of the headings.

    ``possible`` are the patterns that these phrases and those of the passage leave: of all others a word is missing.
    """

    before: frozenset[str] = frozenset()
    item: frozenset[str] = frozenset()
    lead: frozenset[str] = frozenset()
    headings: frozenset[str] = frozenset()
    possible: frozenset[Pattern] = frozenset()


class Sides:
    """Where the phrases of a passage stand, seen from one of its figures.

    Attributes:
        scene: The passage.
        quantity: The figure.
        counted: Tokens of other figures with their nouns.
    """

    def __init__(self, scene: Scene, quantity: Quantity) -> None:
        self.scene = scene
        self.quantity = quantity
        self.counted = {
            i
            for other in scene.quantities
            if other is not quantity
            for i in range(other.index, other.unit_end)
        }
        start, end = quantity.sentence
        self._figures = [q.index for q in scene.quantities if start <= q.index < end]
        self._titles = titles_before(scene, quantity)
        self._placed: dict[int, tuple[str, float, int] | None] = {}

    def of(self, surfaces: frozenset[str]) -> Iterator[tuple[str, float, int, Hit]]:
        """Yield (place, weight, figures crossed, hit) of phrases on both sides of the figure and in sentences before."""
        for number, hit in enumerate(self.scene.hits):
            if hit.phrase not in surfaces:
                continue
            if number not in self._placed:
                self._placed[number] = self._place(hit) if self._tells(hit) else None
            placed = self._placed[number]
            if placed is not None:
                yield *placed, hit

    def _tells(self, hit: Hit) -> bool:
        quantity = self.quantity
        if hit.syllables == 1 and not hit.sure:
            return False
        if quantity.none and hit.syllables == 1 and quantity.start <= hit.start <= quantity.index:
            return False  # The "có" of "không có" names nothing.
        return not _counted_in(self.scene, hit)

    def _place(self, hit: Hit) -> tuple[str, float, int] | None:
        """Return (place, weight, figures crossed) of a phrase, or None where it tells nothing of the figure."""
        scene, quantity, figures = self.scene, self.quantity, self._figures
        first, last = quantity.first, quantity.last
        start, end = quantity.sentence
        worth = 1 - 0.12 * hit.cost
        if quantity.owns(hit.start) and hit.end <= last:
            distance = quantity.index - hit.end if hit.end <= quantity.index else hit.start - quantity.index
            return "mệnh đề", OWN * worth - 0.002 * max(0, distance), 0
        if quantity.label[0] <= hit.start and hit.end <= quantity.label[1]:
            # "Hồ sơ trực tuyến: cũ 6.054, mới 5.831": the label names both.
            return "mệnh đề", OWN * worth - 0.02, 0
        if start <= hit.start and hit.end <= first and hit.start < quantity.index:
            crossed = sum(1 for f in figures if hit.end <= f < quantity.index)
            weight = max(0.0, EARLIER - 0.012 * max(0, crossed - 1)) * worth
            another = _told_of_another(scene, hit, figures, first)
            return "vế trước" if another else "đầu câu", weight, crossed
        if quantity.index < hit.start and hit.end <= end:
            if any(scene.tokens[i].text == ";" for i in range(last, hit.start)):
                return None
            crossed = sum(1 for f in figures if quantity.index < f <= hit.start)
            # "28 cá nhân và 03 tổ chức được cấp mới": nothing is said of the 28 alone, so it shares what follows.
            shares = crossed == 1 and _paired(scene, quantity)
            near = 0.3 if shares else 0.22 if crossed == 0 else 0.0
            place = "vế chung" if shares else "cuối câu"
            # Beyond many figures a word proves nothing, and never less than that.
            return place, max(0.0, LATER + near - 0.1 * max(0, crossed - 1)) * worth, crossed
        return self._before(hit, worth) if hit.end <= start else None

    def _before(self, hit: Hit, worth: float) -> tuple[str, float, int]:
        """Return the place of a phrase in a sentence before."""
        scene, start = self.scene, self.quantity.sentence[0]
        if any(first <= hit.start < last for first, last in self._titles):
            return "câu dẫn", LEAD * worth, 0
        gap = sum(1 for a, _ in scene.sentences if hit.start < a <= start)
        asked = next(
            (scene.tokens[b - 1].text == "?" for a, b in scene.sentences if a <= hit.start < b), False
        )
        if asked:
            return "câu dẫn", LEAD * worth, 0
        return "câu trước", (BEFORE - 0.1 * min(3, gap - 1)) * worth, gap


def _counted_in(scene: Scene, hit: Hit) -> bool:
    """Whether words only say that a total counts something in: ``tổng lượt người (kể cả lễ phát động): 2.745``."""
    if [token.text for token in scene.tokens[hit.end : hit.end + 1]] == [":"]:
        return False  # "Văn bản: 49, kể cả công văn: 31"
    before = [fold(token.text) for token in scene.tokens[max(0, hit.start - 2) : hit.start]]
    return before in _COUNTING_IN or before[-1:] == ["gop"]


def _told_of_another(scene: Scene, hit: Hit, figures: Sequence[int], first: int) -> bool:
    """Whether words end a part of the sentence, before a semicolon, behind a figure of that part."""
    stop = next((i for i in range(hit.end, first) if scene.tokens[i].text == ";"), None)
    if stop is None or any(hit.end <= f < stop for f in figures):
        return False
    begin = max((i for i in range(hit.start) if scene.tokens[i].text == ";"), default=-1)
    return any(
        begin < f < hit.start - 1 for f in figures
    )  # What a figure counts is a subject for others too.


def _paired(scene: Scene, quantity: Quantity) -> bool:
    """Whether nothing but a comma or ``và`` stands between a figure's noun and the next figure."""
    after = max(quantity.unit_end, quantity.index + 1)
    following = next((q for q in scene.quantities if q.index > quantity.index), None)
    if following is None or following.start != after + 1 or following.unit == quantity.unit:
        return False  # Two counts of one noun are told apart by what follows the second.
    return scene.tokens[after].text in (",", "+") or fold(scene.tokens[after].text) == "va"


def best_evidence(name: str, surfaces: frozenset[str], sides: Sides, around: Surroundings) -> Evidence | None:
    """Return the weightiest of a group's phrases, looked for ever farther away."""
    best: Evidence | None = None
    for place, weight, crossed, hit in sides.of(surfaces):
        if best is None or weight > best.weight:
            best = Evidence(name, hit.phrase, place, weight, hit, crossed)
    if best is None or best.weight < LEAD:
        for place, weight, phrases in (
            ("câu dẫn", LEAD, around.lead),
            ("tiêu đề", HEADING, around.headings),
            ("mục trước", ITEM, around.item),
            ("đoạn trước", BEFORE - (0.0 if sides.scene.passage.kind == "row" else 0.22), around.before),
        ):
            found = phrases & surfaces
            if found and (best is None or weight > best.weight):
                best = Evidence(name, max(found, key=lambda phrase: (len(phrase), phrase)), place, weight)
    return best


def surroundings(scene: Scene, before: Sequence[str], grammar: Grammar) -> Surroundings:
    """Collect the phrases around a passage; ``before`` holds the texts of the item before it."""
    passage = scene.passage
    asked = [text for text in before if text.rstrip().endswith("?")]
    leads = [*([passage.lead] if passage.lead else []), *asked]
    short = len(scene.tokens) <= _SHORT_ITEM and passage.depth > 0
    items = [text for text in before if short and len(tokenize(text)) <= _SHORT_ITEM]
    around = [
        frozenset().union(*(surfaces_in(text, grammar) for text in texts))
        for texts in (before, items, leads, passage.path)
    ]
    missing = frozenset(hit.phrase for hit in scene.hits).union(*around).isdisjoint
    possible = frozenset(pattern for pattern in grammar.patterns if not any(map(missing, pattern.asked)))
    said, item, lead, headings = around
    return Surroundings(said, item, lead, headings, possible)
