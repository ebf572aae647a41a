"""What speaks against a yes-or-no claim: a bare title, a plan, a wish, a thing still in the making, another year.

Belongs here: doubts of claims. Does not belong: doubts of figures (``context``, ``measure``), denials (``flag_answers``).
"""

from __future__ import annotations

from collections.abc import Sequence

from nq57_assets.extract.context import Judge
from nq57_assets.extract.cues import Cues, Doubt
from nq57_assets.extract.flags import Flag
from nq57_assets.extract.grammar import Grammar
from nq57_assets.extract.passages import Token
from nq57_assets.extract.periods import year_at
from nq57_assets.extract.scene import Scene
from nq57_assets.extract.small_words import plain, stands_for

_TITLE_LENGTH = 60
_MAKING = frozenset(
    {
        *(
            "xay",
            "hoan",
            "lam",
            "trinh",
            "du",
            "lay",
            "thiet",
            "cho",
            "xin",
            "soan",
            "nghien",
            "chuan",
            "tham",
        ),
        *("lap", "van", "kien", "cung", "de", "mo", "tao"),
    }
)
_NEAR, _OPENING = 10, 5


def flag_doubts(flag: Flag, scene: Scene, judge: Judge, grammar: Grammar) -> list[Doubt]:
    """Return what speaks against a yes-or-no claim.

    That something is not there yet is no less true because it is wished for, so only headings doubt a no.
    """
    text = scene.passage.text.rstrip()
    told = len(text) > (_TITLE_LENGTH if text.endswith((".", ";")) else 2 * _TITLE_LENGTH)
    if scene.passage.kind == "heading" and not flag.told and not told:
        return [Doubt("review" if text.endswith(".") else "rejected", "tiêu đề")]
    lead = (scene.passage.lead,) if 0 < len(scene.passage.lead) <= _TITLE_LENGTH else ()
    section = judge.section((*scene.passage.path, *lead))
    if section is not None and section.level == "rejected":
        return [section]
    if flag.value == 0 or scene.passage.kind == "row":
        return []
    cues = Cues(scene, grammar, frozenset())
    start = min(hit.start for hit in flag.hits)
    end = max(hit.end for hit in flag.hits)
    begin = next((a for a, b in scene.sentences if a <= start < b), 0)
    wish = cues.last("wish", begin, start)
    if wish and not _done_since(scene.tokens, wish.end, start, scene.passage.damaged):
        return [Doubt("review", wish.phrase)]
    within = max(begin, flag.first)
    doubt = None if flag.told else _task(scene.tokens, within, start, scene.passage.damaged)
    doubt = (
        doubt
        or _in_the_making(scene, start, end, (flag.first, flag.last))
        or _other_year(scene, cues, (begin, start, end), judge.year)
    )
    return [doubt] if doubt else []


def _done_since(tokens: Sequence[Token], start: int, stop: int, damaged: bool) -> bool:
    """Whether ``đã`` turns from what is asked for to what was done: ``Yêu cầu …; phường đã lập``."""
    return any(plain(t) == "da" if damaged else t.text.lower() == "đã" for t in tokens[start:stop])


def _task(tokens: Sequence[Token], begin: int, start: int, damaged: bool) -> Doubt | None:
    """Doubt what somebody was told to do, when no result is told: ``Giao Văn phòng xây dựng chuyên mục``."""
    for i in range(begin, start):
        words = [plain(t) for t in tokens[i : i + 2]]
        given = words == ["phan", "cong"] or (
            words[0] == "giao" and words[1:] not in (["dien"], ["ban"], ["luu"])
        )
        done = i > begin and plain(tokens[i - 1]) == "da"
        if given and not done and not _done_since(tokens, i, start, damaged):
            return Doubt("review", "việc được giao")
    return None


def _in_the_making(scene: Scene, start: int, end: int, part: tuple[int, int]) -> Doubt | None:
    """Doubt what is being drafted, or will be there: ``chuyên mục đang xây dựng``, ``sẽ được lập``."""
    tokens, damaged = scene.tokens, scene.passage.damaged
    for i in range(max(part[0], start - 12), min(part[1], end + _NEAR)):
        if start <= i < end or tokens[i].kind != "word":
            continue
        behind = [plain(t) for t in tokens[i + 1 : i + 3]]
        if i + 1 < len(tokens) and stands_for(tokens[i + 1], {"được"}, damaged):
            behind = behind[1:]
        following = behind[0] if behind else ""
        if plain(tokens[i]) == "dang" and following in _MAKING:
            return Doubt("review", "đang làm")
        if damaged and i < start and plain(tokens[i]) == "se" and following in (*_MAKING, "thanh", "ban"):
            return Doubt("review", "sẽ làm")
        if i >= end and (
            tokens[i].text.lower() == "sẽ" or (plain(tokens[i]) == "du" and following == "kien")
        ):
            return Doubt("review", "sẽ làm")
        if plain(tokens[i]) == "du" and following == "thao":
            return Doubt("review", "dự thảo")
        if i >= end and stands_for(tokens[i], {"đã", "được"}, damaged) and following != "du":
            return None
    return None


def _other_year(scene: Scene, cues: Cues, span: tuple[int, int, int], year: int | None) -> Doubt | None:
    """Doubt what is told of another year, or of the time before with nothing about now."""
    begin, start, end = span
    years = [
        (i, told)
        for i in range(begin, start)
        if scene.tokens[i].kind == "figure" and (told := year_at(scene.tokens, i)) is not None
    ]
    first = max((i + 1 for i in range(begin, start) if scene.tokens[i].text == ";"), default=begin)
    # Behind a semicolon, only a year at the head of the whole sentence still holds.
    years = [(i, told) for i, told in years if i >= first or i < begin + _OPENING]
    if years and year is not None and years[-1][1] != year and cues.last("now", years[-1][0], start) is None:
        return Doubt("rejected" if years[-1][1] > year else "review", f"năm {years[-1][1]}")
    behind = [told for i in range(end, min(end + 3, len(scene.tokens))) if (told := year_at(scene.tokens, i))]
    if behind and year is not None and behind[0] != year and scene.tokens[end].kind != "date":
        return Doubt("review", f"năm {behind[0]}")
    elsewhere = cues.last("elsewhere", begin, start)
    if elsewhere is not None and not scene.passage.damaged:
        return Doubt("review", f"nơi khác: {elsewhere.phrase}")
    past = cues.last("past", begin, min(start, begin + _OPENING))
    if past is not None and cues.last("now", past.end, start) is None:
        return Doubt("review", f"kỳ khác: {past.phrase}")
    return None
