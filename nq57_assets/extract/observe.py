"""Figures out of a narrative document: every passage read, matched, judged and made an observation.

Belongs here: the way from passages to observations, and the confidence that decides their status.
Does not belong: forms (``form``), header and outline, anything that needs another document.
"""

from __future__ import annotations

from dataclasses import replace

import re2

from nq57_assets.catalogue import Catalogue
from nq57_assets.extract.context import Doubt, Judge, report_year
from nq57_assets.extract.flags import Flag, find_flags
from nq57_assets.extract.grammar import compile_grammar
from nq57_assets.extract.lexicon import mentions
from nq57_assets.extract.match import Match, Surroundings, match_quantity, surroundings
from nq57_assets.extract.passages import Passage, read_passages
from nq57_assets.extract.quantities import FUNCTION_WORDS, Quantity
from nq57_assets.extract.scene import Scene, read_row, read_scene, with_zeros
from nq57_assets.extract.tables import Row, find_rows
from nq57_assets.model import Document, Header, Observation, ObservationStatus, Section
from nq57_assets.vietnamese.fold import fold

_PHONE = re2.compile(r"\+?\(?0?\d{2,4}\)?[ .-]?\d{3}[ .-]?\d{3,4}(?:[ .-]?\d{1,3})?")
_MAIL = re2.compile(r"[\pL\pM\d._%+-]+@[\pL\d.-]+\.\pL{2,}")
_PLANNED_TYPES = ("plan", "decision", "directive", "notice")
_QUOTE = 200


def mask(text: str) -> str:
    """Return ``text`` with phone numbers and e-mail addresses hidden."""
    hidden = _MAIL.sub("[thư điện tử]", text)

    def phone(match: re2._Match[str]) -> str:
        digits = sum(character.isdigit() for character in match.group())
        return (
            "[số điện thoại]" if match.group().lstrip("(+").startswith("0") and digits >= 9 else match.group()
        )

    return _PHONE.sub(phone, hidden)


def quote(scene: Scene, quantity: Quantity) -> str:
    """Return the words a figure was read from: its clause, or as much of it around the figure as fits."""
    text, tokens = scene.passage.text, scene.tokens
    start, end = tokens[quantity.first].start, tokens[min(quantity.last, len(tokens)) - 1].end
    here = tokens[quantity.index].start
    if end - start > _QUOTE:
        start = max(start, here - _QUOTE // 2)
        end = min(end, start + _QUOTE)
    return mask(text[start:end].strip(" ,;-+"))[:_QUOTE]


def _value(match: Match) -> tuple[float | None, float | None, float | None]:
    """Return (value, low, high) as the words bound the figure."""
    quantity = match.quantity
    if match.pattern.indicator.kind == "rate":
        ratio = quantity.ratio
        figure = quantity.percent if quantity.percent is not None else round(100 * ratio[0] / ratio[1], 2)
    else:
        figure = quantity.low
    if match.pattern.indicator.unit == "km²" and quantity.unit in ("ha", "héc ta"):
        figure = round(figure / 100, 4)
    if quantity.qualifier == "range":
        return None, quantity.numeral.low, quantity.numeral.high
    if quantity.qualifier == "over":
        return figure, figure, None
    if quantity.qualifier == "under":
        return figure, None, figure
    return figure, figure, figure


def _confidence(matches: list[Match], quantity: Quantity, value: float | None) -> float:
    best = matches[0]
    confidence = 0.98 * best.strength
    if len(matches) > 1 and best.rank - matches[1].rank < 0.08:
        confidence *= 0.75
    if quantity.numeral.repaired:
        confidence *= 0.93
    indicator = best.pattern.indicator
    if value is not None and indicator.is_count and not float(value).is_integer():
        confidence *= 0.4
    if value is not None and indicator.maximum is not None and value > indicator.maximum:
        confidence *= 0.3
    return round(confidence, 3)


def _explained(scene: Scene) -> float:
    """Return how much of a row's label the known words explain: 1 all of it, less when much is left over."""
    known = {i for hit in scene.hits for i in range(hit.start, hit.end)}
    words = [i for i, token in enumerate(scene.tokens) if token.kind == "word" and len(token.text) > 1]
    left = [i for i in words if i not in known and fold(scene.tokens[i].text) not in FUNCTION_WORDS]
    return 1.0 if len(left) <= 2 else max(0.6, 1 - 0.05 * (len(left) - 2))


def _status(confidence: float, doubts: list[Doubt], gate: float) -> ObservationStatus:
    if any(doubt.level == "rejected" for doubt in doubts):
        return "rejected"
    return "accepted" if confidence >= gate and not doubts else "review"


def _why(match: Match, scene: Scene, doubts: list[Doubt]) -> str:
    quantity = match.quantity
    words = "; ".join(f"{e.found} ({e.place})" for e in match.evidence)
    parts = [f"từ khóa: {words}" if words else "", f"danh từ: {quantity.unit}" if quantity.unit else ""]
    if quantity.bounded_by:
        parts.append(f"mức: {quantity.bounded_by}")
    if scene.passage.path:
        parts.append(f"mục: {scene.passage.path[-1][:60]}")
    parts += [f"nghi vấn: {doubt.reason}" for doubt in doubts]
    return mask(" | ".join(part for part in parts if part))


def _observation(
    scene: Scene, matches: list[Match], judge: Judge, gate: float, row: Row | None
) -> Observation:
    match = matches[0]
    quantity = match.quantity
    indicator = match.pattern.indicator
    value, low, high = _value(match)
    spoken = match.pattern.surfaces
    doubts = judge.doubts(
        scene, quantity, [hit for hit in scene.hits if hit.phrase in spoken], match.pattern.planned
    )
    confidence = _confidence(matches, quantity, value)
    if row is not None:
        confidence = round(confidence * (1.0 if row.sure else 0.75) * _explained(scene), 3)
    for doubt in doubts:
        confidence = round(min(confidence, 0.2 if doubt.level == "rejected" else 0.55), 3)
    ratio = quantity.ratio
    return Observation(
        indicator=indicator.code,
        value=value,
        low=low,
        high=high,
        qualifier=quantity.qualifier,
        unit=indicator.unit,
        address=scene.passage.address_at(scene.tokens[quantity.index].start),
        quote=quote(scene, quantity),
        method="narrative" if scene.passage.kind != "row" else "table",
        confidence=confidence,
        status=_status(confidence, doubts, gate),
        numerator=ratio[0] if ratio else None,
        denominator=ratio[1] if ratio else None,
        nil=quantity.none,
        why=_why(match, scene, doubts),
    )


def _flag_observation(scene: Scene, flag: Flag, judge: Judge, gate: float) -> Observation:
    """Make a yes-or-no claim an observation; in headings and plans it is none."""
    indicator = flag.pattern.indicator
    text, tokens = scene.passage.text, scene.tokens
    start = tokens[flag.first].start
    end = tokens[min(flag.last, len(tokens)) - 1].end
    if end - start > _QUOTE:
        start = max(start, tokens[flag.token].start - _QUOTE // 2)
    doubts = judge.flag_doubts(scene, flag.hits)
    confidence = round(0.97 * flag.strength * (0.7 if flag.value == 0 else 1.0), 3)
    for doubt in doubts:
        confidence = min(confidence, 0.2 if doubt.level == "rejected" else 0.55)
    why = f"từ khóa: {'; '.join(flag.words)}"
    why += "".join(f" | nghi vấn: {doubt.reason}" for doubt in doubts)
    return Observation(
        indicator=indicator.code,
        value=flag.value,
        low=flag.value,
        high=flag.value,
        qualifier="exact",
        unit=indicator.unit,
        address=scene.passage.address_at(tokens[flag.token].start),
        quote=mask(text[start:end].strip(" ,;-+"))[:_QUOTE],
        method="table" if scene.passage.kind == "row" else "narrative",
        confidence=confidence,
        status=_status(confidence, doubts, gate),
        detail=flag.detail,
        why=why,
    )


def _read(
    passage: Passage, before: list[str], catalogue: Catalogue, judge: Judge, row: Row | None
) -> list[Observation]:
    grammar = compile_grammar(catalogue)
    gate = float(catalogue.settings["confidence_gate"])
    triggered = mentions(passage.text, grammar.triggers, grammar.lexicon, passage.damaged)
    if not triggered and not any(map(str.isdigit, passage.text)):
        return []
    if row is not None:
        scene = read_row(passage, row.value, row.unit, grammar)
    else:
        scene = read_scene(passage, grammar)
    found = [_flag_observation(scene, flag, judge, gate) for flag in find_flags(scene, grammar, catalogue)]
    if row is None and triggered:
        scene = with_zeros(scene, grammar)
    if not scene.quantities:
        return found
    around: Surroundings = surroundings(scene, before, grammar)
    for quantity in scene.quantities:
        matches = match_quantity(scene, quantity, around, grammar)
        if matches:
            found.append(_observation(scene, matches, judge, gate, row))
    return found


def observe(
    document: Document, header: Header, outline: tuple[Section, ...], catalogue: Catalogue
) -> list[Observation]:
    """Return the figures that a narrative document claims, in reading order.

    A plan or a letter yields no accepted figure: what it holds are targets.
    """
    grammar = compile_grammar(catalogue)
    judge = Judge(grammar, report_year(document, header))
    observations: list[Observation] = []
    before: list[str] = []
    rows = find_rows(document, frozenset((s.address.page, s.address.line) for s in outline), grammar)
    row_of = {row.lines[0]: row for row in rows}
    for first, passage in read_passages(document, outline, {i for row in rows for i in row.lines}):
        row = row_of.get(first) if passage.kind == "row" else None
        if passage.kind == "row" and row is None:
            continue
        if row is not None:
            passage = replace(row.passage, path=passage.path)
        observations += _read(passage, before, catalogue, judge, row)
        before = [] if passage.kind == "heading" else [passage.text[-300:]]
    if header.document_type in _PLANNED_TYPES:
        return [_as_target(observation) for observation in observations]
    return observations


def _as_target(observation: Observation) -> Observation:
    """Reject a figure because its document plans and doesn't report."""
    why = f"{observation.why} | nghi vấn: văn bản không phải báo cáo"
    return replace(observation, status="rejected", confidence=min(observation.confidence, 0.2), why=why)
