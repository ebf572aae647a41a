"""An observation made of what was matched: value, quote, reason and confidence.

Belongs here: the last step from a match to an ``Observation``, masking of people's contacts.
Does not belong: matching and judging themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import re2

from nq57_assets.extract.cues import Doubt
from nq57_assets.extract.flags import Flag
from nq57_assets.extract.match import Match
from nq57_assets.extract.quantities import FUNCTION_WORDS, Quantity
from nq57_assets.extract.scene import Scene
from nq57_assets.extract.tables import Row
from nq57_assets.model import Observation, ObservationStatus
from nq57_assets.vietnamese.fold import fold

_PHONE = re2.compile(r"\(?\+?\d[\d .()-]{7,15}\d")
_MAIL = re2.compile(r"[\pL\pM\d._%+-]+@[\pL\d.-]+\.\pL{2,}")
_QUOTE = 200
_HECTARES = frozenset({"ha", "héc ta"})
# A doubt caps the confidence, so that status and number never contradict each other.
_CAPS = {"rejected": 0.2, "review": 0.55}


def mask(text: str) -> str:
    """Return ``text`` with phone numbers and e-mail addresses hidden."""

    def phone(match: Any) -> str:
        written = match.group()
        digits = sum(map(str.isdigit, written))
        named = written.lstrip("(").startswith(("0", "+84"))
        return "[số điện thoại]" if named and 9 <= digits <= 12 else written

    masked = _MAIL.sub("[thư điện tử]", text) if "@" in text else text
    return _PHONE.sub(phone, masked) if any(map(str.isdigit, masked)) else masked


def quote(scene: Scene, first: int, last: int, index: int) -> str:
    """Return the words between two tokens, or as much of them around ``index`` as fits 200 letters."""
    text, tokens = scene.passage.raw, scene.tokens
    shown = tokens[first : max(first + 1, min(last, len(tokens)))]
    start, end = min(t.start for t in shown), max(t.end for t in shown)
    here = tokens[index].start
    if end - start > _QUOTE:
        start = max(start, here - _QUOTE // 2)
        end = min(end, start + _QUOTE)
    return mask(text[start:end].strip(" ,;-+"))[:_QUOTE]


def _figure(match: Match) -> float:
    quantity, indicator = match.quantity, match.pattern.indicator
    figure = quantity.low
    if indicator.kind == "rate":
        if quantity.percent is not None:
            figure = quantity.percent
        elif quantity.ratio is not None and quantity.ratio[1]:
            figure = round(100 * quantity.ratio[0] / quantity.ratio[1], 2)
    elif quantity.percent is not None and quantity.ratio is not None:
        figure = quantity.ratio[0]  # "100%, tức 119/119 cán bộ"
    if indicator.unit == "km²" and quantity.unit in _HECTARES:
        figure = round(figure / 100, 4)
    return figure


def _bounds(quantity: Quantity, figure: float) -> tuple[float | None, float | None, float | None]:
    """Return (value, low, high) as the words bound the figure."""
    if quantity.qualifier == "range":
        return None, quantity.numeral.low, quantity.numeral.high
    if quantity.qualifier == "over":
        return figure, figure, None
    if quantity.qualifier == "under":
        return figure, None, figure
    return figure, figure, figure


def confidence(matches: Sequence[Match], row: Row | None, scene: Scene) -> float:
    """Return how sure the reading of a figure is, 0 to 1, before doubts about time and place.

    The strength of the evidence, lowered where another indicator reads nearly as well and where the figure is unsound.
    """
    best = matches[0]
    sure = 0.98 * best.strength
    if len(matches) > 1 and best.rank - matches[1].rank < 0.08 and not _from_afar(best, matches[1]):
        sure *= 0.75
    return sure * soundness(best) * row_soundness(row, scene)


def soundness(match: Match) -> float:
    """Return what a figure itself leaves of any confidence, 0 to 1.

    It is less where digits were mended and where the figure can't be one of its indicator.
    """
    sure, figure = 1.0, _figure(match)
    if match.quantity.numeral.repaired:
        # Words without their marks, or thousands with a letter among them, are weaker witnesses than 3Q0.
        text = match.quantity.numeral.text
        grouped = any(map(str.isalpha, text)) and any(mark in text for mark in ".,")
        sure *= 0.75 if grouped or not any(map(str.isdigit, text)) else 0.93
    indicator = match.pattern.indicator
    if indicator.is_count and not figure.is_integer():
        sure *= 0.4
    if indicator.maximum is not None and figure > indicator.maximum:
        sure *= 0.3
    if indicator.minimum is not None and figure < indicator.minimum:
        sure *= 0.3
    ratio = match.quantity.ratio
    if ratio is not None and ratio[0] > ratio[1]:
        sure *= 0.5
    return sure


def row_soundness(row: Row | None, scene: Scene) -> float:
    """Return what a row of a table leaves of the first reading's confidence: less where it says more than is understood."""
    return 1.0 if row is None else (1.0 if row.sure else 0.7) * _explained(scene)


def _from_afar(best: Match, rival: Match) -> bool:
    """Whether only titles and lines before speak for a rival, and the sentence itself for the best reading."""
    told = all(e.hit is not None and e.place in ("mệnh đề", "đầu câu", "vế chung") for e in best.evidence)
    return told and bool(rival.evidence) and all(e.hit is None for e in rival.evidence)


def _explained(scene: Scene) -> float:
    """Return how much of a row the known words explain: 1 all of it, less when much is left over."""
    known = {i for hit in scene.hits for i in range(hit.start, hit.end)}
    left = [
        i
        for i, token in enumerate(scene.tokens)
        if token.kind == "word"
        and len(token.text) > 1
        and i not in known
        and fold(token.text) not in FUNCTION_WORDS
    ]
    return 1.0 if len(left) <= 2 else max(0.6, 1 - 0.05 * (len(left) - 2))


def _status(sure: float, doubts: Sequence[Doubt], gate: float) -> ObservationStatus:
    if any(doubt.level == "rejected" for doubt in doubts):
        return "rejected"
    return "accepted" if sure >= gate and not doubts else "review"


def _capped(sure: float, doubts: Sequence[Doubt]) -> float:
    return round(min([sure, *(_CAPS[doubt.level] for doubt in doubts)]), 3)


def _why(match: Match, scene: Scene, doubts: Sequence[Doubt]) -> str:
    quantity = match.quantity
    words = "; ".join(f"{e.found} ({e.place})" for e in match.evidence)
    parts = [f"từ khóa: {words}" if words else "", f"danh từ: {quantity.unit}" if quantity.unit else ""]
    if quantity.bounded_by:
        parts.append(f"mức: {quantity.bounded_by}")
    if scene.passage.path:
        parts.append(f"mục: {scene.passage.path[-1][:60]}")
    parts += [f"nghi vấn: {doubt.reason}" for doubt in doubts]
    return mask(" | ".join(part for part in parts if part))


def figure_observation(
    scene: Scene,
    matches: Sequence[Match],
    doubts: Sequence[Doubt],
    gate: float,
    row: Row | None,
    sure: float | None = None,
) -> Observation:
    """Make a matched figure an observation.

    Args:
        scene: The passage.
        matches: Readings of the figure, the best first.
        doubts: What speaks against it being a result.
        gate: Confidence from which it is accepted.
        row: The table row that it stands in.
        sure: How sure it is before the doubts, if not as ``confidence`` tells.
    """
    match = matches[0]
    quantity, indicator = match.quantity, match.pattern.indicator
    figure = _figure(match)
    value, low, high = _bounds(quantity, figure)
    sure = _capped(confidence(matches, row, scene) if sure is None else sure, doubts)
    return Observation(
        indicator=indicator.code,
        value=value,
        low=low,
        high=high,
        qualifier=quantity.qualifier,
        unit=indicator.unit,
        address=scene.passage.address_at(scene.tokens[quantity.index].start),
        quote=quote(scene, quantity.first, quantity.last, quantity.index),
        method="table" if row is not None else "narrative",
        confidence=sure,
        status=_status(sure, doubts, gate),
        numerator=quantity.ratio[0] if quantity.ratio else None,
        denominator=quantity.ratio[1] if quantity.ratio else None,
        nil=quantity.none,
        why=_why(match, scene, doubts),
    )


def flag_observation(scene: Scene, flag: Flag, doubts: Sequence[Doubt], gate: float) -> Observation:
    """Make a yes-or-no claim an observation."""
    indicator = flag.pattern.indicator
    sure = _capped(0.97 * flag.strength * (0.92 if flag.value == 0 else 1.0), doubts)
    why = [f"từ khóa: {'; '.join(flag.words)}", *(f"nghi vấn: {doubt.reason}" for doubt in doubts)]
    return Observation(
        indicator=indicator.code,
        value=flag.value,
        low=flag.value,
        high=flag.value,
        qualifier="exact",
        unit=indicator.unit,
        address=scene.passage.address_at(scene.tokens[flag.token].start),
        quote=quote(scene, flag.first, flag.last, flag.token),
        method="table" if scene.passage.kind == "row" else "narrative",
        confidence=sure,
        status=_status(sure, doubts, gate),
        detail=flag.detail,
        why=mask(" | ".join(why)),
    )
