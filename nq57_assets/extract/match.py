"""Which indicator a figure fills: patterns weighed by where their words stand, the best one taken.

Belongs here: patterns against the evidence, competition between indicators.
Does not belong: what counts as evidence (``evidence``), reading figures (``quantities``), time and place (``context``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nq57_assets.extract.cues import surfaces_in
from nq57_assets.extract.evidence import NEARNESS, Evidence, Sides, Surroundings, best_evidence
from nq57_assets.extract.grammar import Grammar, Pattern
from nq57_assets.extract.label_figures import stands_in_brackets
from nq57_assets.extract.labels import label_likeness, label_nouns, names_only, reads
from nq57_assets.extract.lexicon import Hit
from nq57_assets.extract.quantities import FUNCTION_WORDS, Quantity
from nq57_assets.extract.scene import Scene
from nq57_assets.vietnamese.fold import fold

_UNCOUNTED = 0.8
# What a row without any noun, in a table without a column for it, leaves of a count.
_UNNAMED = 0.88
# Words that may part two figures told of one thing.
_BESIDE = 7
_REACHED = (
    ["so", "luong"],
    ["nam", "trong"],
    ["dao", "dong"],
    ["con", "so"],
    ["o", "muc"],
    ["dat", "muc"],
    ["can", "moc"],
    ["tat", "ca"],
    ["ca", "thay"],
    ["tong", "cong"],
    ["cong", "duoc"],
    ["tinh", "ra"],
    ["so", "la"],
    ["len", "toi"],
    ["len", "den"],
    ["dat", "toi"],
    ["dat", "duoc"],
    ["la", "duoc"],
    ["thuc", "hien"],
    ["thuc", "te"],
    ["ket", "qua"],
    ["ghi", "nhan"],
    ["dung", "o"],
    ["cham", "moc"],
    ["cham", "nguong"],
    ["vi", "chi"],
    ["ca", "nam"],
    ["ca", "quy"],
    ["ca", "thang"],
    ["ca", "ky"],
    ["nam", "nay"],
    ["quy", "nay"],
    ["thang", "nay"],
    ["ky", "nay"],
    ["toan", "xa"],
    ["toan", "phuong"],
)


_SKILLS = frozenset({"kỹ năng số", "bình dân học vụ số", "tập huấn"})
_TELLERS = frozenset(
    {"la", "dat", "co", "thi", "duoc", "bang", "chiem", "cong", "toi", "len", "xuong", "nay", "kq"}
)
# Words that turn from an older figure to what it came to; they say nothing of what is counted.
_TURNS = frozenset({"lên", "xuống", "nay", "còn", "mới", "len", "xuong"})
# Words before the figure at which something stands; without their marks they are others.
_AT = frozenset({"vẫn", "hiện", "đủ", "làm", "chạm", "tròn", "gồm", "gom"})


@dataclass(frozen=True, slots=True)
class Match:
    """A figure read as an indicator.

    Attributes:
        pattern: What matched.
        quantity: The figure.
        evidence: Words found.
        strength: Product of the weights, 0 to 1.
        rank: Larger for more specific readings; compares patterns of one figure.
    """

    pattern: Pattern
    quantity: Quantity
    evidence: tuple[Evidence, ...]
    strength: float
    rank: float


def kind_fits(pattern: Pattern, quantity: Quantity) -> bool:
    """Whether a figure can be one of an indicator by its form: a share for rates, a number for counts."""
    if pattern.indicator.kind == "rate":
        return quantity.percent is not None or quantity.ratio is not None
    return quantity.percent is None or quantity.ratio is not None


def _unit_weight(pattern: Pattern, sides: Sides) -> float:
    """Return how well the counted noun fits: 0 rules the pattern out."""
    scene, quantity = sides.scene, sides.quantity
    if pattern.indicator.kind == "rate":
        return 1.0 if quantity.percent is not None else 0.9
    if quantity.unit:
        return 1.0 if quantity.unit in pattern.units else 0.0
    if scene.passage.kind == "row":
        if any(reads(hit) and hit.phrase in pattern.units for hit in scene.hits):
            return 0.97
        read = pattern.groups and not quantity.named and not scene.passage.damaged
        return _UNNAMED if read else 0.0
    if quantity.named:
        return 0.0
    if scene.tokens[quantity.index - 1 : quantity.index] and not _told(pattern, scene, quantity):
        return 0.0
    before = [hit.start for *_, hit in sides.of(pattern.units) if hit.end <= quantity.index]
    if any(quantity.first <= start for start in before):
        return 0.97
    if any(quantity.sentence[0] <= start for start in before):
        return 0.94
    if not pattern.groups:
        return 0.0
    told = scene.tokens[quantity.start - 1].text in ":=|" or _reached(scene, quantity.start - 1)
    return 0.88 if told else 0.8


def _told(pattern: Pattern, scene: Scene, quantity: Quantity) -> bool:
    """Whether a colon or the indicator's own words stand directly before a figure without a noun."""
    before = quantity.start - 1
    if quantity.none:
        return True
    if stands_in_brackets(scene.tokens, quantity.index, quantity.sentence[0]):
        return True
    if before < quantity.sentence[0]:
        return False
    word = scene.tokens[before].text
    if word in ":=|" or fold(word) in _TELLERS or word.lower() in _TURNS | _AT:
        return True
    if _reached(scene, before):
        return True
    spoken = pattern.surfaces | pattern.units
    return any(hit.end == quantity.start and hit.phrase in spoken for hit in scene.hits)


def _reached(scene: Scene, place: int) -> bool:
    """Whether two words up to a token say that a total was reached: ``lên tới``, ``đạt được``."""
    return [fold(token.text) for token in scene.tokens[max(0, place - 1) : place + 1]] in _REACHED


def _stands_beside(pattern: Pattern, scene: Scene, quantity: Quantity) -> bool:
    """Whether the figure directly before, few words away, counts what a pattern asks for: ``27 tổ, 189 người``."""
    before = [q for q in scene.quantities if q.index < quantity.index and q.sentence == quantity.sentence]
    if not before or before[-1].unit not in pattern.beside:
        return False
    between = scene.tokens[max(before[-1].unit_end, before[-1].index + 1) : quantity.start]
    return len(between) <= _BESIDE and all(token.text not in ";." for token in between)


def _alone(scene: Scene, quantity: Quantity, grammar: Grammar) -> bool:
    """Whether the counted noun ends its statement: a mark or a connecting word follows, and nothing about a part."""
    end = quantity.unit_end
    if end >= len(scene.tokens) or scene.tokens[end].kind != "word":
        return True
    return any(hit.start == end and hit.phrase in grammar.cues["after_whole"] for hit in scene.hits)


def _long_after(scene: Scene, quantity: Quantity, hit: Hit) -> bool:
    """Whether words stand behind the counted noun beyond a comma and so far off that they say nothing of it."""
    end = quantity.unit_end
    far = scene.passage.kind != "row" and hit.start > end + 8
    return far and any(scene.tokens[i].text == "," for i in range(end, hit.start))


def _match(pattern: Pattern, sides: Sides, around: Surroundings, grammar: Grammar) -> Match | None:
    scene, quantity = sides.scene, sides.quantity
    if not kind_fits(pattern, quantity):
        return None
    unit = _unit_weight(pattern, sides)
    row = scene.passage.kind == "row"
    bare = not quantity.unit or (row and pattern.alone and not names_only(pattern, scene, quantity, grammar))
    if (
        unit == 0
        or (bare and pattern.alone and not pattern.groups)
        or (pattern.alone and not bare and not _alone(scene, quantity, grammar))
    ):
        return None
    for hit in scene.hits:
        if (
            hit.phrase in pattern.without
            and hit.cost <= (0.1 * hit.syllables if hit.syllables > 1 else 0.02)
            and quantity.owns(hit.start)
            and hit.end <= quantity.last
            and all(token.text != "," for token in scene.tokens[hit.start : hit.end])
        ):
            return None
    if pattern.section and not pattern.section & around.headings:
        return None
    if pattern.beside and not _stands_beside(pattern, scene, quantity):
        return None
    found: list[Evidence] = []
    for name, surfaces in pattern.groups:
        evidence = best_evidence(name, surfaces, sides, around)
        if evidence is None:
            return None
        found.append(evidence)
    if pattern.any_of:
        evidence = best_evidence("", pattern.any_of, sides, around)
        if evidence is None:
            return None
        found.append(evidence)
    strength, near, specific = unit, 0.0, 0.0
    for evidence in found:
        strength *= min(1.0, evidence.weight + 0.01)
        words = evidence.hit.syllables if evidence.hit else len(evidence.found.split())
        nearness = NEARNESS[evidence.place] * evidence.weight * 0.85 ** max(0, evidence.crossed - 1)
        if evidence.hit and evidence.hit.start in sides.counted and not quantity.owns(evidence.hit.start):
            nearness *= 0.6
        near += nearness
        told = 1.0 if evidence.place == "mệnh đề" else 0.3
        specific += 0.06 * told * nearness * min(words, 5) * (1.0 if evidence.name else 0.4)
    strength *= _own_words(pattern, scene, quantity, found, grammar)
    if found and all(e.place in ("câu trước", "đoạn trước", "cuối câu") for e in found):
        strength *= 0.9
    if not pattern.groups and pattern.without & around.headings and not pattern.surfaces & around.headings:
        strength *= 0.75  # "Xây dựng 60 tin, bài" under a heading about broadcasts.
    if pattern.apart and _told_apart(pattern, scene, quantity, around, grammar):
        strength *= 0.7
    if _share_of_others(pattern, quantity, found):
        strength *= 0.7
    rank = (near / len(found) if found else 0.9) + specific
    if scene.passage.kind == "row":
        rank += 0.05 * max(
            (h.syllables for h in scene.hits if reads(h) and h.phrase in pattern.units), default=0
        )
    elif quantity.unit in pattern.units:
        rank += 0.04 * len(quantity.unit.split())
    rank += 0.35 * label_likeness(scene, quantity, pattern.indicator.code, grammar)
    return Match(pattern, quantity, tuple(found), strength, rank)


def _told_apart(
    pattern: Pattern, scene: Scene, quantity: Quantity, around: Surroundings, grammar: Grammar
) -> bool:
    """Whether the same part of the sentence, or the line that introduces it, is about something else."""
    if pattern.apart & around.lead:
        return True
    title = surfaces_in(scene.passage.path[-1], grammar) if scene.passage.path else frozenset()
    if title & pattern.apart and not title & pattern.surfaces and not title & _SKILLS:
        return True
    first, last = quantity.sentence
    ends = [i for i in range(first, last) if scene.tokens[i].text == ";"]
    first = max([first, *(i for i in ends if i < quantity.index)])
    last = min([last, *(i for i in ends if i > quantity.index)])
    return any(
        hit.phrase in pattern.apart and hit.sure and first <= hit.start < last
        for hit in scene.hits
        if not quantity.owns(hit.start) or hit.end <= quantity.start or hit.start >= quantity.unit_end
    )


def _own_words(
    pattern: Pattern, scene: Scene, quantity: Quantity, found: Sequence[Evidence], grammar: Grammar
) -> float:
    """Return how far a figure's own clause allows to borrow evidence from beyond another figure.

    ``cấp mới 33 cá nhân, 05 tổ chức``: nothing else is said of the 05, so it borrows. ``đang chạy 64; thuê 11``: what is
    said of the 11 is unknown, so the words said of the 64 prove little about it.
    """
    borrowed = any(e.place == "cuối câu" or _from_afar(scene, quantity, e) for e in found)
    headed = bool(found) and all(e.hit is None for e in found)
    if scene.passage.kind == "row" or not (borrowed or headed):
        return 1.0
    known = {
        i
        for h in scene.hits
        if h.phrase in pattern.surfaces or h.phrase in pattern.units
        for i in range(h.start, h.end)
    }
    known |= {
        i for h in scene.hits if h.sure and h.phrase in grammar.cues["fillers"] for i in range(h.start, h.end)
    }
    known |= set(range(quantity.start, max(quantity.unit_end, quantity.index + 1)))
    left = [
        i
        for i in range(quantity.first, quantity.last)
        if scene.tokens[i].kind == "word"
        and i not in known
        and fold(scene.tokens[i].text) not in FUNCTION_WORDS
        and not (i == quantity.start - 1 and scene.tokens[i].text.lower() in _TURNS)
    ]
    before = sum(1 for i in left if i < quantity.index)
    aim = next((i for i in range(quantity.unit_end, quantity.last) if _is_aim(scene, i)), quantity.last)
    behind = sum(1 for i in left if quantity.index < i < min(aim, quantity.unit_end + 3))
    # Where the clause itself or the heading speaks for the indicator, its other words cast half the doubt.
    half = 0.5 if headed or any(e.place == "mệnh đề" for e in found) else 1.0
    return max(0.6, 1 - half * (0.1 * before + 0.05 * behind))


def _is_aim(scene: Scene, i: int) -> bool:
    """Whether words begin to tell why something was done: ``10 tổ chức nhằm bảo đảm công tác quản lý``."""
    word = scene.tokens[i].text
    return fold(word) in ("nham", "phuc", "theo") or word.lower() in ("do", "vì", "để")


def _share_of_others(pattern: Pattern, quantity: Quantity, found: Sequence[Evidence]) -> bool:
    """Whether a share counts a noun of its own (``100% giáo viên ...``) and nothing beside it speaks for the pattern."""
    counted = quantity.percent is not None and bool(quantity.unit) and quantity.unit not in pattern.surfaces
    return counted and quantity.ratio is None and all(e.place not in ("mệnh đề", "vế chung") for e in found)


def _from_afar(scene: Scene, quantity: Quantity, evidence: Evidence) -> bool:
    """Whether words stand earlier in the sentence, beyond another figure or, of a share, beyond a semicolon."""
    if evidence.place not in ("đầu câu", "vế trước") or evidence.hit is None:
        return False
    between = scene.tokens[evidence.hit.end : quantity.first]
    return evidence.crossed >= 1 or (quantity.percent is not None and any(t.text == ";" for t in between))


def match_quantity(
    scene: Scene, quantity: Quantity, around: Surroundings, grammar: Grammar
) -> list[list[Match]]:
    """Return the claims of one figure, mostly one; each as its readings, the best first, one for each indicator."""
    row = scene.passage.kind == "row"
    heads = [head for head in label_nouns(scene, quantity, grammar) if head != quantity.unit]
    if row and quantity.unit and quantity.unit in grammar.by_unit and not quantity.named and heads:
        counted = _claims(scene, quantity, around, grammar)
        if counted:
            return counted  # The cell of the unit says what is counted: "Tổ hướng dẫn dân | buổi | 92".
    for head in heads if row else heads[:1]:
        named = _claims(scene, replace(quantity, unit=head), around, grammar)
        if named:
            return named
    found = _claims(scene, quantity, around, grammar)
    if not found and row and quantity.unit and quantity.named:
        # What was taken for the cell of a unit may be the end of the label, the unit's cell having been lost.
        return match_quantity(scene, replace(quantity, unit=""), around, grammar)
    if heads and not quantity.unit:
        # The label counts something that a reading leaves out, unless it counts the same in other words.
        first = {head.split()[0] for head in heads}
        return [[_uncounted(match, first) for match in ranked] for ranked in found]
    return found


def _uncounted(match: Match, nouns: set[str]) -> Match:
    counts = any(unit.split()[0] in nouns for unit in match.pattern.units)
    return match if counts else replace(match, strength=_UNCOUNTED * match.strength)


def _claims(scene: Scene, quantity: Quantity, around: Surroundings, grammar: Grammar) -> list[list[Match]]:
    """Return the readings of a figure whose noun is settled."""
    best: dict[str, Match] = {}
    strongest: dict[str, float] = {}
    shared = quantity.percent is not None or quantity.ratio is not None
    if quantity.unit:
        patterns = grammar.by_unit.get(quantity.unit, ()) + (grammar.rates if shared else ())
    else:
        patterns = grammar.patterns
    sides = Sides(scene, quantity)
    for pattern in patterns:
        if pattern not in around.possible:
            continue
        match = _match(pattern, sides, around, grammar)
        if match:
            code = pattern.indicator.code
            strongest[code] = max(match.strength, strongest.get(code, 0.0))
            if match.rank > best.get(code, match).rank - 1e-9:
                best[code] = match
    # Two readings of one indicator confirm each other: the nearer words tell what is meant, the surer ones how sure.
    ranked = sorted((replace(m, strength=strongest[c]) for c, m in best.items()), key=lambda m: -m.rank)
    if quantity.percent is None:
        if quantity.none and not quantity.unit:
            return _each_none(ranked)
        return [ranked] if ranked else []
    # A written percentage is the claim; the part and the whole in brackets behind it only support it. Told first,
    # as in "63/63 tài khoản, tỷ lệ 100%", they are a claim of their own.
    rates = [m for m in ranked if m.pattern.indicator.kind == "rate"]
    counts = [m for m in ranked if m.pattern.indicator.kind != "rate"]
    if not rates or (counts and rates[0].rank < counts[0].rank - 0.25):
        return [counts] if counts else []
    if scene.passage.kind == "row" and quantity.ratio is not None:
        # A row names one indicator, whose share may stand in the next cell; which of the two is meant is a guess.
        return [[replace(m, strength=0.8 * m.strength) for m in ranked] if rates and counts else ranked]
    if counts and quantity.numeral.whole is not None and counts[0].strength >= 0.85:
        # "31/32 cơ quan đã cài, đạt 96,9%" tells a share; "63/63 tài khoản, đạt 100%" a number and a share.
        unit = counts[0].pattern.indicator.unit
        named = any(h.phrase == unit and quantity.first <= h.start < quantity.last for h in scene.hits)
        own = quantity.unit.startswith(unit) if quantity.unit else named
        own = own and rates[0].pattern.indicator.numerator != counts[0].pattern.indicator.code
        own = own or rates[0].rank < counts[0].rank - 0.25
        return [counts, rates] if own else [rates]
    return [rates]


def _each_none(ranked: Sequence[Match]) -> list[list[Match]]:
    """Return a claim for every indicator that ``thu hồi: không có`` denies: of people and of organisations alike."""
    asked = [m.pattern.surfaces for m in ranked[:1]]
    return [[m] for m in ranked if m.pattern.surfaces in asked or m.rank > ranked[0].rank - 0.02]
