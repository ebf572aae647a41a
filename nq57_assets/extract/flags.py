"""What a document says is there or is not: a plan issued, a committee, a section of the portal, a group.

Belongs here: yes-or-no indicators out of sentences and table rows, and a plan's own number.
Does not belong: figures (``match``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import re2

from nq57_assets.catalogue import Catalogue
from nq57_assets.extract.context import Judge, surfaces_in
from nq57_assets.extract.grammar import Grammar, Pattern
from nq57_assets.extract.lexicon import Hit
from nq57_assets.extract.passages import Token
from nq57_assets.extract.scene import Scene
from nq57_assets.vietnamese.dates import find_dates
from nq57_assets.vietnamese.fold import fold

_PLAN_NUMBER = re2.compile(r"(\d{1,4})\s?(?:/|-)?\s?(?:KH\s?[-–]?\s?UBND|KHUBND)")
_PLAIN_NUMBER = re2.compile(r"(?:s[oố6éạdb0&]|[$S]6)\s?(\d{1,4})\s+ng")
_RESOLUTION = re2.compile(r"57\s?[-–]?\s?NQ|NQ\s?S?5?7")
_SPAN = 45


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
        if len(chain) == len(groups) and chain[-1].end - chain[0].start <= _SPAN:
            if best is None or chain[-1].end - chain[0].start < best[-1].end - best[0].start:
                best = chain
    return best


def _nearest(groups: Sequence[list[Hit]], start: int, end: int) -> list[Hit] | None:
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
        if len(chain) == len(groups) and reach <= _SPAN // 2 and (best is None or reach < _reach(best)):
            best = chain
    return best


def _reach(chain: Sequence[Hit]) -> int:
    return max(hit.end for hit in chain) - min(hit.start for hit in chain)


def own_number(text: str) -> str | None:
    """Return ``36/KH-UBND@2025-08-18`` of the plan that a text names first, as far as it is written."""
    numbered = _PLAN_NUMBER.search(text) or _PLAIN_NUMBER.search(text)
    if numbered is None:
        return None
    dates = [d for d in find_dates(text[numbered.end() - 3 :][:60]) if d.on]
    symbol = f"{int(numbered.group(1)):02d}/KH-UBND"
    return f"{symbol}@{dates[0].on.isoformat()}" if dates else symbol


def _clause(tokens: Sequence[Token], start: int, end: int, place: int) -> tuple[int, int]:
    """Return the part of a sentence between semicolons that holds a token."""
    first, last = start, end
    for i in range(start, end):
        if tokens[i].text == ";":
            if i < place:
                first = i + 1
            else:
                last = i
                break
    return first, last


def _city_symbols(catalogue: Catalogue) -> frozenset[str]:
    return frozenset(c.symbol.split("/")[0] for c in catalogue.citations if c.symbol.endswith("KH-UBND"))


def find_flags(scene: Scene, grammar: Grammar, judge: Judge, catalogue: Catalogue) -> list[Flag]:
    """Return the yes-or-no claims of one passage.

    Words of a pattern must stand in one clause; for a plan in the order issued, plan, communication, resolution, where
    the first may also stand in the line or heading that introduces a list of papers.
    """
    scene = with_resolution(scene)
    flags: list[Flag] = []
    around = frozenset().union(*(surfaces_in(title, grammar) for title in scene.passage.path[-2:]))
    if scene.passage.lead:
        around |= surfaces_in(scene.passage.lead, grammar)
    for pattern in grammar.flags:
        if scene.passage.kind == "row" and _row_answer(scene) is None:
            continue
        groups = [[h for h in scene.hits if h.phrase in surfaces] for _, surfaces in pattern.groups]
        introduced = pattern.indicator.code == "steer_plan" and bool(pattern.groups[0][1] & around)
        for start, end in scene.sentences:
            flag = _flag(pattern, groups, scene, (start, end), introduced, catalogue, grammar)
            if flag is not None:
                flags.append(flag)
    return flags


def _flag(
    pattern: Pattern,
    groups: list[list[Hit]],
    scene: Scene,
    span: tuple[int, int],
    introduced: bool,
    catalogue: Catalogue,
    grammar: Grammar,
) -> Flag | None:
    is_plan = pattern.indicator.code == "steer_plan"
    start, end = span
    if is_plan:
        chain = _ordered(groups, start, end)
        if chain is None and introduced:
            chain = _ordered(groups[1:], start, end)
            if chain and chain[0].start - start > 6:
                chain = None
    else:
        chain = _nearest(groups, start, end)
    if chain is None:
        return None
    place = chain[-1] if not is_plan else chain[1] if len(chain) == len(groups) else chain[0]
    first, last = (start, end) if is_plan else _clause(scene.tokens, start, end, place.start)
    if any(not first <= hit.start < last for hit in chain):
        return None
    if pattern.any_of and not any(h.phrase in pattern.any_of and first <= h.start < last for h in scene.hits):
        return None
    reach = min(last, chain[-1].start + 12) if is_plan else last
    for hit in scene.hits:
        if hit.phrase in pattern.without and hit.sure and min(h.start for h in chain) <= hit.start < reach:
            return None
    detail = None
    if is_plan:
        text = scene.passage.text[scene.tokens[place.start].start : scene.tokens[chain[-1].end - 1].end]
        detail = own_number(text)
        if detail and detail.split("/")[0] in _city_symbols(catalogue):
            return None
        # Another plan between "issued" and the words means that the words belong to that one.
        between = [h for h in groups[1] if place.end <= h.start < chain[-1].start]
        if between:
            return None
    if scene.passage.kind == "row":
        denied = _row_answer(scene) == 0.0
    else:
        denied = _denied(chain, scene, grammar)
    strength = 1.0
    for hit in chain:
        strength *= 1 - 0.1 * hit.cost
    words = tuple(hit.phrase for hit in chain)
    return Flag(
        pattern, 0.0 if denied else 1.0, place.start, first, last, strength, words, detail, tuple(chain)
    )


def _row_answer(scene: Scene) -> float | None:
    """Return what the last cell of a row answers: an address or ``có`` is yes, ``không`` is no."""
    if any(token.kind == "label" and "http" in token.text.lower() for token in scene.tokens):
        return 1.0
    last = fold(scene.tokens[-1].text) if scene.tokens else ""
    return {"co": 1.0, "x": 1.0, "khong": 0.0}.get(last)


def _denied(chain: Sequence[Hit], scene: Scene, grammar: Grammar) -> bool:
    return any(
        hit.phrase in grammar.cues["negation"] and hit.sure and 0 <= chain[0].start - hit.end <= 2
        for hit in scene.hits
    )
