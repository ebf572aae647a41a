"""What the label of a figure counts: its first noun, whether it is nothing else, how like an indicator's name it is.

Belongs here: labels before a figure in prose and in rows. Does not belong: which indicator wins (``match``).
"""

from __future__ import annotations

from nq57_assets.extract.grammar import Grammar, Pattern
from nq57_assets.extract.lexicon import Hit
from nq57_assets.extract.quantities import FUNCTION_WORDS, Quantity
from nq57_assets.extract.scene import Scene
from nq57_assets.vietnamese.fold import fold

_LABEL_STARTS = frozenset({"so", "tong", "luong", "s6", "sé", "sb", "sd", "$6", "trong", "do", "va"})


def reads(hit: Hit) -> bool:
    """Whether a phrase was read well enough to count as the noun of a row."""
    return hit.cost <= 0.14 * hit.syllables


def label_likeness(scene: Scene, quantity: Quantity, code: str, grammar: Grammar) -> float:
    """Return how much the label before a figure resembles the indicator's own name, 0 to 1 (the F1 of their words)."""
    if scene.passage.kind != "row" and (quantity.unit and scene.tokens[quantity.start - 1].text != ":"):
        return 0.0
    name = grammar.names[code]
    seen: set[int] = set()
    words = 0
    stop = len(scene.tokens) if scene.passage.kind == "row" else quantity.start
    for token in scene.tokens[quantity.first : stop]:
        if token.kind != "word" or fold(token.text) in FUNCTION_WORDS:
            continue
        words += 1
        candidates = grammar.lexicon.vocabulary.candidates(token.text, scene.passage.damaged)
        seen |= {syllable for syllable, cost in candidates if cost <= 0.2} & name
    return 2 * len(seen) / (words + len(name)) if seen else 0.0


def names_only(pattern: Pattern, scene: Scene, quantity: Quantity, grammar: Grammar) -> bool:
    """Whether the label of a row is the counted noun and nothing else: ``Hộ dân | hộ | 8.411``."""
    known = {
        i
        for hit in scene.hits
        if hit.phrase in pattern.units or hit.phrase in grammar.cues["fillers"]
        for i in range(hit.start, hit.end)
    }
    words = [
        i for i, t in enumerate(scene.tokens) if t.kind == "word" and i != quantity.index and len(t.text) > 1
    ]
    left = [i for i in words if i not in known and fold(scene.tokens[i].text) not in FUNCTION_WORDS]
    return not left and any(reads(hit) and hit.phrase in pattern.units for hit in scene.hits)


def label_nouns(scene: Scene, quantity: Quantity, grammar: Grammar) -> list[str]:
    """Return what ``Số buổi tập huấn thành viên Tổ: 4`` may count: the first noun of the label, its longest form first."""
    before_figure = quantity.unit and quantity.unit_end <= quantity.index + 1
    if (quantity.unit and not before_figure) or quantity.percent is not None:
        return []
    row = scene.passage.kind == "row"
    before = scene.tokens[quantity.start - 1].text if quantity.start else ""
    start = quantity.first
    counting = not row and fold(scene.tokens[start].text) == "so" and scene.tokens[start].text.lower() == "số"
    if not row and before not in (":", "=") and fold(before) not in ("la", "dat") and not counting:
        return []
    while start < quantity.start and (
        scene.tokens[start].kind != "word"
        or len(scene.tokens[start].text) == 1
        or fold(scene.tokens[start].text) in _LABEL_STARTS
    ):
        start += 1
    nouns = [h for h in scene.hits if h.start == start and h.phrase in grammar.by_unit and h.sure]
    if any(hit.end > quantity.start for hit in nouns):
        return []  # The noun is what stands behind the figure.
    return [hit.phrase for hit in sorted(nouns, key=lambda h: -h.syllables)]
