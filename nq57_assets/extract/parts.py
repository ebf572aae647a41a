"""Two figures of one indicator in one sentence: which one is the whole, which a part.

Belongs here: doubts that arise from another figure beside a figure.
Does not belong: doubts from words alone (``context``).
"""

from __future__ import annotations

from collections.abc import Sequence

from nq57_assets.extract.cues import Doubt
from nq57_assets.extract.grammar import Grammar
from nq57_assets.extract.match import Match
from nq57_assets.extract.scene import Scene
from nq57_assets.vietnamese.fold import fold

PART = Doubt("review", "có thể chỉ là một phần")
BOTH = Doubt("rejected", "tính chung cá nhân và tổ chức")
_ONE_KIND = ("_people", "_orgs")
_KIND_NAMES = ("cá nhân", "tổ chức")
_GOES_ON = ("gồm", "trong đó", "cụ thể", "chia ra")
_KINDS = 3
_FEW = 3
_WHOLES = frozenset({"năm", "kỳ", "quý", "tháng"})  # "cả năm 21" counts no years
_LIVING = frozenset({"trú", "sống", "khẩu", "hộ"})
_PEOPLE = (
    "người",
    "lượt người",
    "học sinh",
    "học viên",
    "lượt học viên",
    "đại biểu",
    "đoàn viên",
    "hội viên",
    "giáo viên",
)


def of_both_kinds(scene: Scene, match: Match) -> bool:
    """Whether people and organisations are counted together where one of them is asked for.

    ``cấp mới 36 chứng thư (30 cá nhân, 6 tổ chức)``, ``Cấp mới: 19, gồm``; not ``cấp mới cho cá nhân: 19, trong đó``.
    """
    if not match.pattern.indicator.code.endswith(_ONE_KIND):
        return False
    whole = match.quantity
    said = scene.tokens[whole.first : max(whole.index + 1, whole.unit_end)]
    words = fold(" ".join(token.text for token in said))
    if sum(fold(kind) in words for kind in _KIND_NAMES) == 1:
        return False
    behind = [q for q in scene.quantities if q.sentence == whole.sentence and q.index > whole.index]
    if not behind:
        return scene.passage.text.lower().rstrip(" :,;").endswith(_GOES_ON)
    return (
        len(behind) > 1
        and behind[0].low + behind[1].low == whole.low
        and any(kind in q.unit for kind in _KIND_NAMES for q in behind[:2])
    )


def part_doubts(scene: Scene, matches: Sequence[Match], grammar: Grammar) -> list[list[Doubt]]:
    """Return for each figure of a passage the doubt that it is only a part of what its indicator asks.

    ``11 sản phẩm (04 sản phẩm 3 sao, 07 sản phẩm 4 sao)``: the first is the whole. ``29 máy và 16 máy, tổng cộng 45
    máy``: the last. With neither told, the noun of the indicator's own unit wins, else both wait for a person.
    """
    doubts: list[list[Doubt]] = [[] for _ in matches]
    for later, second in enumerate(matches):
        for earlier in range(later):
            first = matches[earlier]
            if first.pattern.indicator is not second.pattern.indicator or _same(first, second):
                continue
            if first.quantity.sentence != second.quantity.sentence:
                continue
            # A reading that hardly holds casts no doubt on one that does.
            apart = abs(first.strength - second.strength) > 0.12
            if (
                apart
                and min(first.strength, second.strength) < 0.8
                and not _named_part(scene, first, second, grammar)
            ):
                continue
            for place in _parts(scene, first, second, grammar):
                doubts[earlier if place == 0 else later].append(PART)
    for i in _addends(matches):
        doubts[i].append(PART)
    for whole, parts in _sums(scene, matches):
        doubts[whole] = [doubt for doubt in doubts[whole] if doubt is not PART]
        for i in parts:
            doubts[i].append(PART)
    for i in _before_the_whole(scene, matches, grammar):
        doubts[i].append(PART)
    for i, match in enumerate(matches):
        if _some_of_them(scene, match) or _only_where(scene, match):
            doubts[i].append(PART)
    return doubts


def _named_part(scene: Scene, first: Match, second: Match, grammar: Grammar) -> bool:
    """Whether words directly before the second figure call it a part or the sum: ``4, trong đó 1 hội nghị``."""
    start, end = first.quantity.index, second.quantity.start
    said = grammar.cues["part_of"]
    if second.strength >= 0.6:
        said = said | grammar.cues["totals"]
    return any(
        start < hit.start and end - 1 <= hit.end <= end and hit.sure
        for hit in scene.hits
        if hit.phrase in said
    )


def _some_of_them(scene: Scene, match: Match) -> bool:
    """Whether people are some of the people just counted: ``410 người tham gia, trong đó 350 học sinh``.

    What the clause itself says of them makes them a group of their own.
    """
    quantity = match.quantity
    if scene.passage.kind == "row" and scene.passage.lead and "trong đó" in scene.passage.text[:16].lower():
        # A row under another one, "Trong đó: video", that says nothing by itself.
        return bool(match.evidence) and all(e.hit is None for e in match.evidence)
    words = [
        fold(token.text) for token in scene.tokens[max(quantity.first, quantity.start - 3) : quantity.start]
    ]
    if "trong do" not in " ".join(words):
        return False
    if words[-2:] == ["trong", "do"] and all(e.place not in ("mệnh đề", "vế chung") for e in match.evidence):
        return bool(match.evidence)  # "402 tin, bài, trong đó 1 video": nothing else is said of the one.
    if not quantity.unit.startswith(_PEOPLE):
        return False
    earlier = [q for q in scene.quantities if q.sentence == quantity.sentence and q.index < quantity.index]
    if not earlier or not earlier[-1].unit.startswith(_PEOPLE):
        return False
    return any(e.place != "mệnh đề" for e in match.evidence)


def _addends(matches: Sequence[Match]) -> list[int]:
    """Return the figures that add up to an earlier one of the same noun: ``17 buổi: 05 buổi ..., 12 buổi ...``."""
    found = []
    for whole, first in enumerate(matches):
        run: list[int] = []
        for i in range(whole + 1, len(matches)):
            part = matches[i]
            if part.quantity.sentence != first.quantity.sentence or _noun(part) != _noun(first):
                break
            run.append(i)
        total = sum(matches[i].quantity.low for i in run)
        if len(run) > 1 and total == first.quantity.low and first.quantity.unit:
            # Three kinds, each an indicator of its own, are told for themselves: 79 máy: 61 chạy, 7 dừng, 11 chờ.
            kinds = {matches[i].pattern.indicator.code for i in run}
            found += run if len(kinds) < len(run) or len(run) < _KINDS else []
    return found


def _only_where(scene: Scene, match: Match) -> bool:
    """Whether villages only tell where something was done, and no other figure says that these are all of them."""
    if match.pattern.indicator.code != "place_villages" or not match.evidence:
        return False
    if any(e.found not in ("tại", "ở") for e in match.evidence):
        return False
    here = match.quantity
    start = here.sentence[0]
    if any(token.text.lower() in _LIVING for token in scene.tokens[start : here.start]):
        return False  # "27.418 người, sinh sống tại 21 thôn"
    return not any(q is not here and q.low == here.low and q.unit.startswith("tổ") for q in scene.quantities)


def _sums(scene: Scene, matches: Sequence[Match]) -> list[tuple[int, list[int]]]:
    """Return (whole, parts) where a figure is the sum of those told just before it.

    ``Cát Bà 52 buổi, Cát Hải 30 buổi, tổng cộng 82 buổi``: the parts of one sentence, whether or not each was matched.
    """
    found = []
    told = {match.quantity.index: i for i, match in enumerate(matches)}
    for whole, match in enumerate(matches):
        last = match.quantity
        before = [q for q in scene.quantities if q.sentence == last.sentence and q.index < last.index]
        if last.percent is not None or last.ratio is not None:
            continue
        for count in range(2, min(7, len(before)) + 1):
            run = before[-count:]
            alike = all(q.percent is None and _one_noun(q.unit, last.unit) for q in run)
            if not alike:
                break
            if sum(q.low for q in run) == last.low and last.low > count:
                parts = [told[q.index] for q in run if q.index in told]
                found.append(
                    (whole, [i for i in parts if matches[i].pattern.indicator is match.pattern.indicator])
                )
                break
    return found


def _before_the_whole(scene: Scene, matches: Sequence[Match], grammar: Grammar) -> list[int]:
    """Return the figures behind which bare ones and then the whole follow: ``Văn bản: 12; 9; cả năm 21``."""
    found = []
    order = {quantity.index: i for i, quantity in enumerate(scene.quantities)}
    for i, match in enumerate(matches):
        behind = scene.quantities[order[match.quantity.index] + 1 :]
        for previous, quantity in zip([match.quantity, *behind], behind, strict=False):
            if quantity.sentence != match.quantity.sentence or not (
                quantity.unit in _WHOLES or _one_noun(_noun(match), quantity.unit)
            ):
                break
            between = range(previous.index + 1, quantity.start)
            words = [k for k in between if scene.tokens[k].kind == "word" and k >= previous.unit_end]
            total = any(
                hit.sure
                and hit.phrase in grammar.cues["totals"]
                and hit.start in between
                and hit.end == quantity.start
                for hit in scene.hits
            )
            if total and previous is not match.quantity and len(words) <= _FEW:
                found.append(i)
            if words or total:
                break
    return found


def _one_noun(first: str, second: str) -> bool:
    return not first or not second or first.split(" ")[0] == second.split(" ")[0]


def _noun(match: Match) -> str:
    """Return the first word of the counted noun: ``buổi tập huấn`` and ``buổi`` are one."""
    return match.quantity.unit.split(" ")[0]


def _same(first: Match, second: Match) -> bool:
    one, two = first.quantity, second.quantity
    return (one.numeral.low, one.numeral.high) == (two.numeral.low, two.numeral.high)


def _parts(scene: Scene, first: Match, second: Match, grammar: Grammar) -> tuple[int, ...]:
    """Return which of two figures are doubtful: 0 the first, 1 the second."""
    start, end = first.quantity.index, second.quantity.start
    between = {hit.phrase for hit in scene.hits if start < hit.start and hit.end <= end and hit.sure}
    bracket = any(scene.tokens[i].text == "(" for i in range(start, end))
    own = {
        hit.phrase for hit in scene.hits if second.quantity.first <= hit.start and hit.end <= end and hit.sure
    }
    if own & grammar.cues["totals"]:
        return (0,)
    colon = any(scene.tokens[i].text == ":" for i in range(start, end))
    if colon and first.quantity.unit and first.quantity.unit == second.quantity.unit:
        return (1,)
    left_over = fold(scene.tokens[end - 1].text) == "con"
    if bracket or left_over or between & grammar.cues["part_of"]:
        return (1,)
    unit = first.pattern.indicator.unit
    exact = [match.quantity.unit.split(" ")[0] == unit for match in (first, second)]
    if exact[0] != exact[1]:
        return (1,) if exact[0] else (0,)
    borrowed = [any(e.place != "mệnh đề" for e in match.evidence) for match in (first, second)]
    if borrowed[0] != borrowed[1]:
        return (0,) if borrowed[0] else (1,)
    return (0, 1)
