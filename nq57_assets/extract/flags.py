"""What a document says is there or is not: a plan issued, a committee, a section of the portal, a group.

Belongs here: yes-or-no indicators out of sentences and table rows, and a plan's own number.
Does not belong: figures (``match``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import re2

from nq57_assets.catalogue import Catalogue
from nq57_assets.extract.cues import surfaces_in
from nq57_assets.extract.grammar import Grammar, Pattern
from nq57_assets.extract.lexicon import Hit
from nq57_assets.extract.passages import Token
from nq57_assets.extract.scene import Scene
from nq57_assets.vietnamese.dates import find_dates
from nq57_assets.vietnamese.fold import fold

_PLAN_NUMBER = re2.compile(r"(\d{1,4})\s?(?:/|-)?\s?(?:KH\s?[-–]?\s?UBND|KHUBND)")
_PLAIN_NUMBER = re2.compile(r"(?:s[oố6éạdb0&]|[$S]6)\s?(\d{1,4})\s+ng")
_RESOLUTION = re2.compile(r"57\s?[-–]?\s?NQ|NQ\s?S?5?7")
_NOT_YET = re2.compile(r"ch[a-z]{0,3}a")  # What recognition without Vietnamese leaves of "chưa".
_SPAN, _NEAR, _NEAR_NAME = 45, 24, 30
_DEEDS = frozenset(["lap", "thanh", "ban", "co", "xay", "mo", "hinh", "kien", "trien", "tao", "thiet", "ra"])


@dataclass(frozen=True, slots=True)
class Flag:
    """A yes (1) or a no (0) about one indicator, where it stands and what it rests on."""

    pattern: Pattern
    value: float
    token: int
    first: int
    last: int
    strength: float
    words: tuple[str, ...]
    detail: str | None
    hits: tuple[Hit, ...]


def with_resolution(scene: Scene) -> Scene:
    """Add hits for Resolution 57, which stands as a symbol among the labels and not as words."""
    extra = []
    for i, token in enumerate(scene.tokens):
        named = token.kind == "label" and _RESOLUTION.search(token.text)
        short = token.kind == "word" and fold(token.text).startswith("nq") and token.text.endswith("57")
        spelled = (
            token.kind in ("figure", "label")
            and token.text == "57"
            and i > 0
            and fold(scene.tokens[i - 1].text) in ("quyet", "so", "nq", "s6", "sé", "se", "sb", "sd")
        )
        if named or short or spelled:
            extra.append(Hit("nghị quyết 57", i, i + 1, 0.0, 3))
    return Scene(scene.passage, scene.tokens, (*scene.hits, *extra), scene.quantities, scene.sentences)


def _ordered(groups: Sequence[list[Hit]], start: int, end: int) -> list[Hit] | None:
    """Return one hit of each group, each behind the one before, as close together as they come."""
    best: list[Hit] | None = None
    for first in groups[0]:
        if not start <= first.start < end:
            continue
        chain = [first]
        for group in groups[1:]:
            following = [hit for hit in group if chain[-1].end <= hit.start and hit.end <= end]
            if not following:
                break
            chain.append(min(following, key=lambda hit: hit.start))
        whole = len(chain) == len(groups) and _reach(chain) <= _SPAN
        if whole and (best is None or _reach(chain) < _reach(best)):
            best = chain
    return best


def _nearest(groups: Sequence[list[Hit]], start: int, end: int, near: int) -> list[Hit] | None:
    """Return one hit of each group in any order, the closest to the first group's."""
    best: list[Hit] | None = None
    for first in groups[0]:
        if not start <= first.start < end:
            continue
        chain = [first]
        for group in groups[1:]:
            inside = [hit for hit in group if start <= hit.start and hit.end <= end]
            if not inside:
                break
            chain.append(min(inside, key=lambda hit: abs(hit.start - first.start)))
        reach = max(hit.end for hit in chain) - min(hit.start for hit in chain)
        if len(chain) == len(groups) and reach <= near and (best is None or reach < _reach(best)):
            best = chain
    return best


def _reach(chain: Sequence[Hit]) -> int:
    return max(hit.end for hit in chain) - min(hit.start for hit in chain)


def own_number(text: str) -> str | None:
    """Return ``36/KH-UBND@2025-08-18`` of the plan that a text names first, as far as it is written."""
    numbered = _PLAN_NUMBER.search(text) or _PLAIN_NUMBER.search(text)
    if numbered is None:
        return None
    dates = [d.on for d in find_dates(text[numbered.end() - 3 :][:60]) if d.on]
    symbol = f"{int(numbered.group(1)):02d}/KH-UBND"
    return f"{symbol}@{dates[0].isoformat()}" if dates else symbol


def _clauses(tokens: Sequence[Token], start: int, end: int) -> list[tuple[int, int]]:
    """Return the parts of a sentence between semicolons."""
    spans, first = [], start
    for i in range(start, end):
        if tokens[i].text == ";":
            spans.append((first, i))
            first = i + 1
    spans.append((first, end))
    return [(a, b) for a, b in spans if a < b]


def _city_symbols(catalogue: Catalogue) -> frozenset[str]:
    return frozenset(c.symbol.split("/")[0] for c in catalogue.citations if c.symbol.endswith("KH-UBND"))


def find_flags(scene: Scene, grammar: Grammar, catalogue: Catalogue) -> list[Flag]:
    """Return the yes-or-no claims of one passage.

    The words of a pattern must stand in one clause; of a plan in the order plan, communication, resolution, and that it
    was issued may also stand in the line or heading that introduces a list of papers.
    """
    scene = with_resolution(scene)
    flags: list[Flag] = []
    around = frozenset().union(*(surfaces_in(title, grammar) for title in scene.passage.path[-2:]))
    if scene.passage.lead:
        around |= surfaces_in(scene.passage.lead, grammar)
    for pattern in grammar.flags:
        groups = [[h for h in scene.hits if h.phrase in surfaces] for _, surfaces in pattern.groups]
        elsewhere = _said_elsewhere(pattern, groups, scene, around)
        if (
            not groups[0]
            or not (all(groups) or elsewhere)
            or (scene.passage.kind == "row" and not pattern.answered)
        ):
            continue
        for start, end in scene.sentences:
            for first, last in _clauses(scene.tokens, start, end):
                flag = _flag(pattern, groups, scene, (first, last), around, catalogue, grammar)
                if flag is None and elsewhere:
                    flag = _flag(pattern, [elsewhere], scene, (first, last), around, catalogue, grammar)
                if flag is not None and not any(_same(flag, other) for other in flags):
                    flags.append(flag)
    return flags


def _of_team(tokens: Sequence[Token], place: int) -> bool:
    """Whether a group is said to be the teams' own: ``nhóm Zalo chung của Tổ``."""
    words = [fold(t.text) for t in tokens[place : place + 6] if t.kind == "word"]
    return any(word in ("to", "t6", "td", "tb", "cnscd") for word in words)


def _said_elsewhere(
    pattern: Pattern, groups: list[list[Hit]], scene: Scene, around: frozenset[str]
) -> list[Hit]:
    """Return the hits of a team's group when whose team it is stands in another sentence or in the heading."""
    if pattern.indicator.code != "team_zalo_group" or len(groups) < 2:
        return []
    if not groups[1] and not pattern.groups[1][1] & around:
        return []
    return [
        hit
        for hit in groups[0]
        if _of_team(scene.tokens, hit.end) or _teams_have(scene.tokens[max(0, hit.start - 8) : hit.start])
    ]


def _teams_have(tokens: Sequence[Token]) -> bool:
    """Whether words before a group say that the teams have made it: ``Cả 17 tổ đều đã lập nhóm Zalo``."""
    words = [fold(token.text) for token in tokens]
    team = any(word == "to" and nxt in ("deu", "da", "co", "lap", "chua") for word, nxt in pairwise(words))
    return team and not set(words).isdisjoint(("lap", "co", "tao", "mo"))


def _same(flag: Flag, other: Flag) -> bool:
    return flag.pattern.indicator is other.pattern.indicator and flag.token == other.token


def _flag(
    pattern: Pattern,
    groups: list[list[Hit]],
    scene: Scene,
    span: tuple[int, int],
    around: frozenset[str],
    catalogue: Catalogue,
    grammar: Grammar,
) -> Flag | None:
    is_plan = pattern.indicator.code == "steer_plan"
    first, last = span
    # The name of a committee is long, and the verb may stand behind it.
    near = _NEAR_NAME if pattern.indicator.code == "steer_committee" else _NEAR
    chain = _ordered(groups, first, last) if is_plan else _nearest(groups, first, last, near)
    if chain is None or any(not first <= hit.start < last for hit in chain):
        return None
    low, high = min(h.start for h in chain), max(h.end for h in chain)
    reach = min(last, chain[-1].start + 12) if is_plan else last
    if any(h.phrase in pattern.without and h.sure and low <= h.start < reach for h in scene.hits):
        return None
    denied = (
        _denied(chain[0].start, scene, grammar)
        or _answered_no(scene.tokens[high:last])
        or _undone(scene.tokens, low, last)
    )
    value = 0.0 if denied else 1.0
    if pattern.answered:
        answer = _answer(scene, high, last)
        if answer is None:
            return None
        value = answer
    elif (
        pattern.any_of
        and not _supported(pattern, scene, (first, last), (low, high), is_plan, around)
        and not (is_plan and _tells_own(scene, first, low, high, last))
    ):
        return None
    detail = None
    if is_plan:
        if any(chain[0].end <= h.start < chain[-1].start for h in groups[0]):
            return None  # Another plan stands between: the words belong to that one.
        stop = high if own_number(_words(scene, low, high)) else min(high + 12, last)
        detail = own_number(_words(scene, low, stop)) or own_number(_words(scene, low, high))
        dated = _date_before(scene, first, low) if detail and "@" not in detail else None
        detail = f"{detail}@{dated}" if dated else detail
        if detail and detail.split("/")[0] in _city_symbols(catalogue):
            return None
        place = chain[0].start
    else:
        place = chain[-1].start
    strength = 1.0
    for hit in chain:
        strength *= 1 - 0.1 * hit.cost
    words = tuple(hit.phrase for hit in chain)
    return Flag(pattern, value, place, first, last, strength, words, detail, tuple(chain))


def _words(scene: Scene, start: int, end: int) -> str:
    return scene.passage.text[scene.tokens[start].start : scene.tokens[end - 1].end]


def _date_before(scene: Scene, first: int, low: int) -> str | None:
    """Return the date that stands in the clause before the plan: ``ngày 25/8/2025 phường ban hành Kế hoạch``."""
    found = [d.on for d in find_dates(_words(scene, first, low)) if d.on] if low > first else []
    return found[-1].isoformat() if found else None


def _supported(
    pattern: Pattern,
    scene: Scene,
    span: tuple[int, int],
    chain: tuple[int, int],
    is_plan: bool,
    around: frozenset[str],
) -> bool:
    """Whether the verb or topic that a pattern asks for stands near; for a plan shortly before or behind it."""
    hits = [h for h in scene.hits if h.phrase in pattern.any_of and span[0] <= h.start < span[1]]
    if not is_plan:
        return bool(hits)
    if any(0 <= chain[0] - h.end <= 16 or chain[0] <= h.start <= chain[1] + 6 for h in hits):
        return True
    return bool(pattern.any_of & around) and chain[0] - span[0] <= 6


def _tells_own(scene: Scene, first: int, low: int, high: int, last: int) -> bool:
    """Whether a plan is named with its number and date and nobody else's: ``đáng chú ý là Kế hoạch số 27/KH-UBND``."""
    named = own_number(_words(scene, low, min(high + 12, last)))
    before = {fold(t.text) for t in scene.tokens[max(first, low - 4) : low]}
    behind = fold(_words(scene, low, min(high + 12, last)))
    carried_out = before & {"hien", "cu", "theo", "khai"}
    return bool(named and "@" in named) and not carried_out and "thanh pho" not in behind


def _answer(scene: Scene, high: int, last: int) -> float | None:
    """Return what follows a label: an address, ``có`` or a done deed is yes, ``không`` or ``chưa`` is no."""
    row = scene.passage.kind == "row"
    ticked = _ticked(scene.tokens[high : len(scene.tokens)])
    if ticked is not None:
        return ticked
    tail = _outside_brackets(scene.tokens[high : len(scene.tokens) if row else last])
    if any(t.kind == "label" and "http" in t.text.lower() for t in tail):
        return 1.0
    words = [fold(t.text).replace("6", "o") for t in tail if t.kind == "word"]
    if row:
        if any(t.kind == "label" and ("/KH" in t.text or "/QĐ" in t.text) for t in tail):
            return 1.0  # The paper itself is the answer.
        if not words:
            return None
        if "chua" in words[-3:]:
            return 0.0
        return 1.0 if "da" in words[-3:] else {"co": 1.0, "x": 1.0, "khong": 0.0}.get(words[-1])
    told = any(t.text == ":" for t in tail[:6])
    if not told:
        return None
    colon = next(i for i, t in enumerate(tail) if t.text == ":")
    answer = [fold(t.text) for t in tail[colon + 1 :] if t.kind == "word"]
    if not answer:
        return None
    if answer[0] in ("co", "da") and (len(answer) == 1 or answer[0] == "da" or len(answer) <= 4):
        return 1.0
    return 0.0 if answer[0] in ("khong", "chua") else None


def _answered_no(tokens: Sequence[Token]) -> bool:
    """Whether a label's whole answer is no, as in ``Nhóm Zalo của Tổ: không``."""
    colon = next((i for i, t in enumerate(tokens[:8]) if t.text == ":"), None)
    if colon is None:
        return False
    answer = [fold(t.text) for t in tokens[colon + 1 :] if t.kind in ("word", "figure", "label")]
    return 0 < len(answer) <= 2 and answer[0] in ("khong", "chua")


def _undone(tokens: Sequence[Token], low: int, last: int) -> bool:
    """Whether ``chưa`` stands before the deed itself: ``Nhóm Zalo của Tổ chưa được lập``, ``chưa ban hành``.

    Behind a comma it tells of something else: ``đã thành lập, chưa có quy chế``.
    """
    for i in range(low, last - 1):
        if tokens[i].text in ",[]☐☑☒?" and i > low + 1:
            return False
        said = tokens[i + 1].kind == "word"
        deed = said and {fold(t.text) for t in tokens[i + 1 : i + 3]} & _DEEDS
        if fold(tokens[i].text) == "chua" and deed:
            return True
    return False


def _ticked(tokens: Sequence[Token]) -> float | None:
    """Return the answer whose box is ticked: ``[x] Có   [ ] Không``."""
    for i in range(min(len(tokens) - 1, 16)):
        boxed = i + 3 < len(tokens) and tokens[i].text == "[" and tokens[i + 2].text == "]"
        if boxed and tokens[i + 1].text.lower() == "x":
            return 0.0 if fold(tokens[i + 3].text) in ("khong", "chua") else 1.0
        if tokens[i].text in "☒☑✓✔":
            return 0.0 if fold(tokens[i + 1].text) in ("khong", "chua") else 1.0
    return None


def _outside_brackets(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens without ``(có/không)``, which names the answers and gives none."""
    kept, inside = [], False
    for token in tokens:
        inside = token.text == "(" or (inside and token.text != ")")
        if not inside and token.text != ")":
            kept.append(token)
    return kept


def _denied(low: int, scene: Scene, grammar: Grammar) -> bool:
    if scene.passage.damaged and any(
        _NOT_YET.fullmatch(fold(t.text)) for t in scene.tokens[max(0, low - 2) : low]
    ):
        return True
    return any(
        hit.phrase in grammar.cues["negation"] and hit.sure and 0 <= low - hit.end <= 3 for hit in scene.hits
    )
