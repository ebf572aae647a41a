"""What the words behind a figure call it: a share of the plan, an older figure, a rest, undone or left out.

Belongs here: doubts from words behind a figure. Does not belong: words before it (``measure``), another figure beside
it (``parts``).
"""

from __future__ import annotations

from collections.abc import Sequence

from nq57_assets.extract.cues import Cues, Doubt
from nq57_assets.extract.lexicon import Hit
from nq57_assets.extract.passages import Token
from nq57_assets.extract.periods import compared_with
from nq57_assets.extract.quantities import Quantity
from nq57_assets.extract.scene import Scene
from nq57_assets.vietnamese.fold import fold

_ASIDE = 9
_COMPARED_WITHIN = 10
_PARTING = frozenset({",", ";", "#", "–", "-"})
_TURNS = frozenset({"nhung", "song", "tuy"})


def said_behind(
    cues: Cues, scene: Scene, quantity: Quantity, spared: Sequence[Hit], planned: bool
) -> list[Doubt]:
    """Doubt what words behind a figure call a share of the plan, an older figure, a rest or undone."""
    doubts = []
    tokens, here = scene.tokens, quantity.start
    behind = max(quantity.unit_end, quantity.index + 1)
    end = _open_end(tokens, quantity)
    near = range(behind, min(behind + 2, quantity.sentence[1]))
    target = any(cues.at("of_plan", i) for i in near) and not _aside(tokens, behind, quantity.sentence[1])
    if target and tokens[behind].text in _PARTING and any(_counted_soon(tokens, behind + n) for n in (2, 4)):
        target = False  # "95%, mục tiêu 90%": the plan is told of the next figure.
    if target and quantity.low <= 100 and _share_soon(tokens, behind, quantity.sentence[1]):
        target = False  # "90,3% so với 72% đầu năm": a share is compared with a share.
    if quantity.percent is not None and target:
        doubts.append(Doubt("rejected", "so với kế hoạch"))
    past = cues.last("past", here, end)
    if past is not None and not compared_with(tokens, past.start) and not _apart(tokens, behind, past.start):
        doubts.append(Doubt("review", f"kỳ khác: {past.phrase}"))
    others = next((hit for i in (behind, behind + 1) if (hit := cues.at("others", i))), None)
    if (
        others is not None
        and not (
            _apart(tokens, behind, others.start)
            and (others.phrase == "còn lại" or _counted_soon(tokens, others.end))
        )
        and not any(others.end <= hit.start < end for hit in spared)
    ):
        doubts.append(Doubt("review", "phần còn lại"))
    left_out = cues.last("left_out", behind, min(behind + _ASIDE, quantity.sentence[1]))
    closing = tokens[left_out.end : left_out.end + 1] if left_out is not None else ()
    closed = all(t.kind == "mark" or left_out.phrase.endswith("vào") for t in closing) if left_out else False
    if (
        left_out is not None
        and closed
        and not any(behind <= q.index < left_out.end + 3 for q in scene.quantities)
    ):
        doubts.append(Doubt("review", f"không tính: {left_out.phrase}"))
    denied = None if quantity.none or planned else cues.last("negation", quantity.index, end)
    if denied is not None and (
        not _apart(tokens, behind, denied.start)
        or any(denied.end <= hit.start < denied.end + 4 for hit in spared)
    ):
        doubts.append(Doubt("review", "phủ định"))
    return doubts


def _apart(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether a comma or ``nhưng`` between two tokens begins a statement of its own."""
    return any(t.text in ",;" or fold(t.text) in _TURNS for t in tokens[start:end])


def _counted_soon(tokens: Sequence[Token], start: int) -> bool:
    """Whether a figure follows within a few words, so that the words before it are told of that one."""
    return any(t.kind == "figure" for t in tokens[start : start + 4])


def _share_soon(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether the next figure of a clause is a share as well."""
    for token in tokens[start : min(start + _COMPARED_WITHIN, end)]:
        if token.text in (";", ","):
            return False
        if token.kind == "figure":
            return token.numeral is not None and token.numeral.percent
    return False


def _aside(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether brackets open at a token and hold a figure of their own: ``98,3% (chỉ tiêu giao là 90%)``."""
    if start >= end or tokens[start].text != "(":
        return False
    closing = next((i for i in range(start, end) if tokens[i].text == ")"), end)
    return any(t.kind == "figure" for t in tokens[start:closing])


def _open_end(tokens: Sequence[Token], quantity: Quantity) -> int:
    """Return where the words behind a figure end or a bracket opens: what is in it is said beside the point."""
    behind = range(quantity.index + 1, quantity.last)
    return next((i for i in behind if tokens[i].text == "("), quantity.last)
