"""What the label of a figure counts: its first noun, whether it is nothing else, how like an indicator's name it is.

Belongs here: labels before a figure in prose and in rows. Does not belong: which indicator wins (``match``).
"""

from __future__ import annotations

from nq57_assets.extract.grammar import Grammar, Pattern
from nq57_assets.extract.label_figures import stands_in_brackets
from nq57_assets.extract.lexicon import Hit
from nq57_assets.extract.quantities import FUNCTION_WORDS, Quantity
from nq57_assets.extract.scene import Scene
from nq57_assets.vietnamese.fold import fold

_LABEL_STARTS = frozenset({"so", "tong", "luong", "s6", "sé", "sb", "sd", "$6", "trong", "do", "va"})

# Between the colon of a label and its figure: "Hồ sơ trực tuyến: KQ 5.985", "Tin, bài: tăng từ 40 lên 85".
_ANSWERS = frozenset(
    [
        "kq",
        "th",
        "nay",
        "ky",
        "hien",
        "dat",
        "con",
        "len",
        "den",
        "thuc",
        "duoc",
        "ck",
        "kh",
        "cu",
        "tang",
        "giam",
        "tu",
    ]
)


def reads(hit: Hit) -> bool:
    """Whether a phrase was read well enough to count as the noun of a row."""
    return hit.cost <= 0.14 * hit.syllables


def label_likeness(scene: Scene, quantity: Quantity, code: str, grammar: Grammar) -> float:
    """Return how much the label before a figure resembles the indicator's own name, 0 to 1 (the F1 of their words)."""
    row = scene.passage.kind == "row"
    start, stop = _label(scene, quantity)
    if not row and quantity.unit and scene.tokens[stop - 1].text != ":":
        return 0.0
    name = grammar.names[code]
    seen: set[int] = set()
    words = 0
    for token in scene.tokens[start : len(scene.tokens) if row else stop]:
        if token.kind != "word" or fold(token.text) in FUNCTION_WORDS:
            continue
        words += 1
        candidates = grammar.lexicon.vocabulary.candidates(token.text, scene.passage.damaged)
        seen |= {syllable for syllable, cost in candidates if cost <= 0.2} & name
    return 2 * len(seen) / (words + len(name)) if seen else 0.0


def _label(scene: Scene, quantity: Quantity) -> tuple[int, int]:
    """Return the tokens of the label before a figure, without words such as ``: cũ 9, nay`` behind its colon."""
    if scene.passage.kind == "row":
        return quantity.first, quantity.start
    start, stop = quantity.label if any(quantity.label) else (quantity.first, quantity.start)
    end = stop
    while end > start and fold(scene.tokens[end - 1].text) in _ANSWERS:
        end -= 1
    return (start, end) if end > start and scene.tokens[end - 1].text in ":=" else (start, stop)


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
    start, stop = _label(scene, quantity)
    before = scene.tokens[stop - 1].text if stop else ""
    counting = not row and fold(scene.tokens[start].text) == "so" and scene.tokens[start].text.lower() == "số"
    counting = counting or stands_in_brackets(scene.tokens, quantity.index, start)
    if not row and before not in (":", "=") and fold(before) not in ("la", "dat") and not counting:
        return []
    while start < stop and (
        scene.tokens[start].kind != "word"
        or len(scene.tokens[start].text) == 1
        or fold(scene.tokens[start].text) in _LABEL_STARTS
    ):
        start += 1
    nouns = [h for h in scene.hits if h.start == start and h.phrase in grammar.by_unit and h.sure]
    if any(hit.end > stop for hit in nouns):
        return []  # The noun is what stands behind the figure.
    return [hit.phrase for hit in sorted(nouns, key=lambda h: -h.syllables)]
