"""Questions and their answers read together: ``Có mấy tổ, bao nhiêu thành viên?`` and ``Trả lời: 28 và 196``.

Belongs here: joining the passage of an answer to its question, and telling what in a question is asked for.
Does not belong: what an answer means (``match``, ``flags``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import re2

from nq57_assets.extract.passages import Passage, Token
from nq57_assets.vietnamese.fold import fold

# "Trả lời" as recognition without Vietnamese leaves it: "Tra Idi:", "Tra l0i:", "Tra li:".
_ANSWERS = re2.compile(r"^[-+* ]*(?:tra loi|tra [il1|][a-z0-9]{1,3}\s?[:.]|dap|tl:|t:|->|=>)")
# Two figures or more with nothing but marks between them.
_FIGURES = re2.compile(r"^\s*\d[\d.,]*%?(?: ?[/|;] ?\d[\d.,]*%?)+\s*\.?\s*$")
_BETWEEN = re2.compile(r"[/|;]")
_STATES = frozenset({"dang", "da", "can", "ngung", "con", "duoc", "chua", "bi"})
_ASKED = frozenset({"mấy", "nhiêu", "số", "tỷ", "diện", "dân"})


def join_answers(passages: Iterable[tuple[int, Passage]]) -> list[tuple[int, Passage]]:
    """Return passages with every answer behind its question in one passage, at the place of the question."""
    joined: list[tuple[int, Passage]] = []
    for first, passage in passages:
        last = joined[-1][1] if joined else None
        asked = last is not None and last.kind != "row" and last.text.rstrip().endswith("?")
        listed = last is not None and last.kind != "row" and passage.kind == "prose" and _lists(last, passage)
        if last is not None and (listed or (asked and _ANSWERS.match(fold(passage.text)))):
            joined[-1] = joined[-1][0], _joined(last, passage)
        else:
            joined.append((first, passage))
    return joined


def _lists(labels: Passage, figures: Passage) -> bool:
    """Whether a line holds nothing but as many figures as the line above names things: ``bài / lượt:`` and ``38 / 456``."""
    if not labels.text.rstrip().endswith(":") or not _FIGURES.match(figures.raw):
        return False
    named = _BETWEEN.findall(labels.raw.rpartition(" – ")[2])
    return 0 < len(named) == len(_BETWEEN.findall(figures.raw))


def in_one_line(text: str) -> bool:
    """Whether a line names things behind each other and gives their figures the same way.

    >>> in_one_line("4) Tin / bài / lượt: 12 / 30 / 410")
    True
    """
    labels, colon, figures = text.strip().rpartition(":")
    if not colon or not _FIGURES.match(figures):
        return False
    return 0 < len(_BETWEEN.findall(labels)) == len(_BETWEEN.findall(figures))


def _joined(question: Passage, answer: Passage) -> Passage:
    offset = len(question.text) + 1
    return replace(
        question,
        kind="prose",
        text=f"{question.text} {answer.text}",
        raw=f"{question.raw} {answer.raw}",
        starts=(*question.starts, *(start + offset for start in answer.starts)),
        addresses=(*question.addresses, *answer.addresses),
        lead="",
        cells=(*question.cells, *((start + offset, address) for start, address in answer.cells)),
    )


def answer_start(tokens: Sequence[Token], mark: int) -> int:
    """Return where the answer begins when a question ends at ``mark`` and is answered at once, else 0."""
    if tokens[mark].text != "?":
        return 0
    while mark + 1 < len(tokens) and tokens[mark + 1].text in "-–—→":
        mark += 1  # "Bao nhiêu hộ? - Đáp: 24.870."
    words = [fold(token.text) for token in tokens[mark + 1 : mark + 3]]
    said = (
        2
        if words[:1] == ["tra"] and _ANSWERS.match(f"{' '.join(words)}:")
        else 1
        if words[:1] in (["dap"], ["tl"])
        else 0
    )
    start = mark + 1 + said
    if not said or start >= len(tokens):
        return 0
    return start + 1 if tokens[start].text in ":." else start


def asks(part: Sequence[Token]) -> bool:
    """Whether a part of a question asks for a number."""
    return any(token.text.lower() in _ASKED for token in part)


def asked_for(question: Sequence[Token]) -> int:
    """Return how many numbers a question asks for."""
    return sum(1 for token in question if token.text.lower() in ("mấy", "nhiêu", "số", "tỷ"))


def filled_in(question: Sequence[Token], figures: Sequence[Sequence[Token]]) -> list[Token]:
    """Return a question with its figures put where it asks: ``Xã có mấy thôn`` and 28 are ``Xã có 28 thôn``.

    Nothing is returned when it asks for more or fewer figures, or asks how many of something named before.
    """
    places = [i for i, token in enumerate(question) if token.text.lower() in ("mấy", "nhiêu")]
    following = [fold(question[i + 1].text) if i + 1 < len(question) else "" for i in places]
    if len(places) != len(figures) or any(word in _STATES for word in following):
        return []
    out: list[Token] = []
    shown: list[int] = []
    begin = 0
    for place, figure in zip(places, figures, strict=True):
        asked = place - 1 if fold(question[place - 1].text) == "bao" else place
        end = next(i + 1 for i, token in enumerate(figure) if token.kind == "figure")
        repeated = [fold(token.text) for token in figure[end : end + 1]] == following[
            len(shown) : len(shown) + 1
        ]
        shown.append(place)
        out += [*question[begin:asked], *(figure[:end] if repeated else figure)]
        begin = place + 1
        while begin < len(question) and fold(question[begin].text) in ("phan", "tram"):
            begin += 1
    return [Token("mark", ",", t.start, t.end) if t.text == "?" else t for t in [*out, *question[begin:]]]
