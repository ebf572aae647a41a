"""Yes or no: what a document says of a thing that it names, in an answer behind a label or in the sentence itself.

Belongs here: answers (``: có``, ``? Rồi.``, ``[x] Chưa``), cells, denials before and behind the thing.
Does not belong: which thing is meant and whose it is (``flag_mentions``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import re2

from nq57_assets.extract.passages import Token
from nq57_assets.extract.small_words import ANSWERS, DEEDS, FILLERS, NO, SENDERS, YES, plain, stands_for

_LABEL_REACH, _BOXES = 22, 16
_TICKS = "☒☑✓✔✅"
_CROSSES = "✗✘❌✖"
_EMPTY_BOXES = "☐□▢"
_CLOSING = frozenset({"có", "rồi"})
_HELP = re2.compile(r"^g[a-z0-9]{1,4}p$")
_SCALES = frozenset({"đầy", "đến", "tới", "chỉ", "những", "phải", "ít", "quá"})
_PLAIN_SCALES = frozenset({"day", "chi", "nhung", "qua"})
_STANDING = frozenset(
    {"ngày", "theo", "tại", "từ", "do", "gồm", "vào", "và", "với", "trong", "ở", "tháng", "trên"}
)
_REASONS = frozenset({"do", "vi", "nen", "nhung", "song", "de"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of a thing.

    Attributes:
        value: 1 yes, 0 no; None when a label or a question stands there without an answer.
        told: It is an answer to a label or a question, so that the words are more than a title.
        end: Token at which the answer's own words begin.
        asked: A question or boxes ask for it, so that no other words can answer.
    """

    value: float | None
    told: bool
    end: int
    asked: bool = False


def answer_of(
    tokens: Sequence[Token], low: int, high: int, sentence: tuple[int, int], damaged: bool
) -> Answer | None:
    """Return the answer to a label or question that names a thing, or None when nothing is labelled there.

    Args:
        tokens: Of the passage.
        low: First token of the thing and of what belongs to it.
        high: Token behind it.
        sentence: The sentence in which it stands.
        damaged: The text has lost its marks.
    """
    last = sentence[1]
    boxed = _boxes(tokens, high, min(len(tokens), high + _BOXES), damaged)
    if boxed is not None:
        return boxed
    asked = last > high and tokens[last - 1].text == "?"
    if asked:
        return _to_question(tokens, last, damaged)
    colon = _colon(tokens, high, last)
    leads = colon is not None and colon + 1 == len(tokens)
    verbs = leads and any(stands_for(t, DEEDS, damaged) for t in without_choices(tokens[high:colon], damaged))
    if colon is not None and not verbs:
        return _behind(tokens, colon + 1, end_of(tokens, colon + 1), damaged)
    if last < len(tokens) and last - sentence[0] <= _LABEL_REACH:
        return _next_sentence(tokens, last, damaged)
    return None


def _colon(tokens: Sequence[Token], high: int, last: int) -> int | None:
    """Return the colon that ends a label; brackets on the way name the answers or the unit."""
    inside = False
    for i in range(high, min(last, high + _LABEL_REACH)):
        text = tokens[i].text
        inside = (inside or text == "(") and text != ")"
        if text in ":|" and not inside:
            return i
        if text in ";," and not inside:
            return None
        if text in "-–—" and not inside and i + 1 < last and plain(tokens[i + 1]) in ("co", "da", "chua"):
            return i
        if text in "._…" and (text == "…" or [t.text for t in tokens[i : i + 3]] == [text] * 3):
            return _behind_leaders(tokens, i)
    return None


def _behind_leaders(tokens: Sequence[Token], start: int) -> int:
    """Return the last dot of a dotted line, which parts a label from its answer as a colon does."""
    place = start
    while place + 1 < len(tokens) and tokens[place + 1].text == tokens[start].text:
        place += 1
    return place


def end_of(tokens: Sequence[Token], start: int) -> int:
    """Return where the sentence or part that begins at ``start`` ends."""
    for i in range(start, len(tokens)):
        if tokens[i].text in ";?!|" or (tokens[i].text == "." and i > start):
            return i
    return len(tokens)


def _to_question(tokens: Sequence[Token], behind: int, damaged: bool) -> Answer:
    """Read what follows a question: behind ``Trả lời`` when it says so, else behind the last question mark."""
    start = behind
    for i in range(behind, min(len(tokens), behind + _LABEL_REACH)):
        announced = plain(tokens[i]) in ("dap", "tl", "loi") or (i and plain(tokens[i - 1]) == "tra")
        if announced and tokens[min(i + 1, len(tokens) - 1)].text in ":.-":
            start = i + 1
            break
        if tokens[i].text == "?":
            start = i + 1
    start = _announced(tokens, start) or start
    answer = _behind(tokens, start, end_of(tokens, start + 1), damaged)
    return answer if answer.value is not None else Answer(None, True, start, asked=True)


def _announced(tokens: Sequence[Token], start: int) -> int | None:
    """Return what stands behind ``Kết quả kiểm:``, a few words and a colon that only announce the answer."""
    for i in range(start, min(len(tokens), start + 5)):
        if tokens[i].text == ":":
            return i + 1 if i > start else None
        if tokens[i].kind != "word":
            return None
    return None


def _next_sentence(tokens: Sequence[Token], start: int, damaged: bool) -> Answer | None:
    """Read ``Điểm 11 (nhóm Zalo của Tổ). Có, một nhóm chung`` and ``Kết quả: có, từ 01/9``."""
    place = start
    while place < len(tokens) and stands_for(tokens[place], ANSWERS, damaged):
        place += 1
    announced = place > start and place < len(tokens) and tokens[place].text == ":"
    if not announced and place > start:
        return None
    end = end_of(tokens, place + 1)
    if announced:
        return _behind(tokens, place + 1, end, damaged)
    alone = place + 1 >= len(tokens) or tokens[place + 1].text in ",.;(" or tokens[place + 1].text == "rồi"
    answers = stands_for(tokens[place], {"có", "rồi", "chưa", "không"}, damaged)
    return _behind(tokens, place, end, damaged) if answers and alone else None


def _behind(tokens: Sequence[Token], start: int, end: int, damaged: bool) -> Answer:
    """Read an answer; a value of None says that nothing was answered, or nothing that tells yes from no."""
    value = said(tokens[start:end], damaged)
    return Answer(value, True, start)


def without_choices(tokens: Sequence[Token], damaged: bool) -> list[Token]:
    """Return tokens without ``(có/không)``, ``có hay không``, which name the answers and give none."""
    kept: list[Token] = []
    i = 0
    while i < len(tokens):
        closed = next((j for j in range(i, min(len(tokens), i + 6)) if tokens[j].text == ")"), None)
        inside = tokens[i:closed] if tokens[i].text == "(" and closed else ()
        if closed and any(t.text == "/" for t in inside) and any(stands_for(t, NO, damaged) for t in inside):
            i = closed + 1
            continue
        choice = i + 2 < len(tokens) and (
            tokens[i + 1].text in "/;" or plain(tokens[i + 1]) in ("hay", "hoac")
        )
        if choice and stands_for(tokens[i], YES, damaged) and stands_for(tokens[i + 2], NO, damaged):
            i += 3
            continue
        kept.append(tokens[i])
        i += 1
    return kept


def said(answer: Sequence[Token], damaged: bool) -> float | None:
    """Return what the words of an answer say: 1, 0 or None.

    ``có``, ``đã lập``, ``rồi``, ``01 nhóm``, a paper, a date or an address say yes; ``chưa``, ``không``, ``0`` say no.
    """
    answer = without_choices(answer, damaged)
    place = 0
    while place < len(answer) and (answer[place].kind == "mark" or _opens(answer, place, damaged)):
        place += 1
    if place == len(answer):
        return None
    first = answer[place]
    if first.kind == "figure":
        return 0.0 if first.numeral is not None and first.numeral.low == 0 else 1.0
    if first.kind == "date" or (first.kind == "label" and _names_proof(first.text)):
        return 1.0
    if any(t.kind == "label" and "http" in t.text.lower() for t in answer):
        return 1.0
    if stands_for(first, NO, damaged):
        return None if _scaled(answer, place, damaged) else 0.0
    if first.text.lower() == "x" and len(answer) <= place + 2:
        return 1.0
    if stands_for(first, YES, damaged) or stands_for(
        first, {"đặt", "lập", "mở", "ban", "số", "ngày"}, damaged
    ):
        behind = answer[place + 1 : place + 4]
        return 0.0 if any(stands_for(t, {"chưa"}, damaged) for t in behind[:1]) else 1.0
    return None


def _opens(answer: Sequence[Token], place: int, damaged: bool) -> bool:
    """Whether a word before the answer only says who answers or that it is one: ``xã hiện vẫn chưa có``."""
    token = answer[place]
    return stands_for(token, SENDERS | ANSWERS, damaged) and not stands_for(token, YES, damaged)


def _names_proof(text: str) -> bool:
    return any(sign in text.upper() for sign in ("/KH", "/QĐ", "/QD", "-KH/", "-QĐ/", "-QD/", "HTTP"))


def _scaled(tokens: Sequence[Token], place: int, damaged: bool) -> bool:
    """Whether ``chưa đầy``, ``không chỉ``, ``không những`` deny nothing."""
    if place + 1 >= len(tokens):
        return False
    return tokens[place + 1].text.lower() in _SCALES or (
        damaged and plain(tokens[place + 1]) in _PLAIN_SCALES
    )


def _boxes(tokens: Sequence[Token], start: int, stop: int, damaged: bool) -> Answer | None:
    """Return the answer whose box is ticked: ``[x] Có   [ ] Không``; none is given when no box is."""
    empty = None
    for i in range(start, stop):
        drawn = tokens[i].text == "[" and i + 1 < stop
        ticked = (
            drawn and i + 2 < stop and tokens[i + 1].text.lower() in "xvX×✓" and tokens[i + 2].text == "]"
        )
        if ticked or tokens[i].text in _TICKS:
            place = i + 3 if ticked else i + 1
            if place < len(tokens):
                return Answer(0.0 if stands_for(tokens[place], NO, damaged) else 1.0, True, place)
        if (drawn and tokens[i + 1].text == "]") or tokens[i].text in _EMPTY_BOXES:
            empty = i
    return None if empty is None else Answer(None, True, empty, asked=True)


def _done_later(tokens: Sequence[Token], place: int, last: int) -> bool:
    """Whether what a word denies is told as done behind it: ``chưa kịp thành lập thì nay đã thành lập``."""
    denied_words = {plain(t) for t in tokens[place + 1 : place + 4]}
    return any(
        plain(tokens[i]) == "da" and plain(tokens[i + 1]) in denied_words for i in range(place + 2, last - 1)
    )


def marked(tokens: Sequence[Token], start: int, stop: int) -> Answer | None:
    """Return what a sign before a line says of it: a cross no, an empty box nothing; None without such a sign."""
    signs = [t.text for t in tokens[start:stop] if t.kind == "mark"]
    if any(sign in _CROSSES for sign in signs):
        return Answer(0.0, True, stop)
    drawn = any(a.text == "[" and b.text == "]" for a, b in pairwise(tokens[start:stop]))
    empty = drawn or any(sign in _EMPTY_BOXES for sign in signs)
    return Answer(None, True, stop, asked=True) if empty else None


def is_help(tokens: Sequence[Token], place: int) -> bool:
    """Whether ``giúp việc`` stands there, as far as it can still be read."""
    if place + 1 >= len(tokens) or not plain(tokens[place + 1]).startswith("v"):
        return False
    return _HELP.match(plain(tokens[place])) is not None


def _helpers_alone(tokens: Sequence[Token], place: int, first: int) -> bool:
    """Whether the helpers of a committee are told of next, and not together with it."""
    return is_help(tokens, place) and not any(plain(t) in ("va", "cung") for t in tokens[first:place])


def closing(tokens: Sequence[Token], start: int, stop: int, damaged: bool) -> float | None:
    """Return the answer that ends a part: ``Zalo của Tổ thì có``, ``chuyên mục: có rồi``, told in few words."""
    end = next((i for i in range(start, stop) if tokens[i].text in ",.;|"), stop)
    place = end
    while place > start and stands_for(tokens[place - 1], _CLOSING, damaged):
        place -= 1
    between = without_choices(tokens[start:place], damaged)
    if place == end or len(between) > 3 or any(t.kind != "word" for t in between):
        return None
    return None if any(stands_for(t, NO, damaged) for t in between) else 1.0


def denied(tokens: Sequence[Token], low: int, high: int, span: tuple[int, int], damaged: bool) -> bool:
    """Whether the sentence itself says that the thing is not there."""
    return _denied_before(tokens, low, span[0], damaged) or _denied_behind(tokens, high, span[1], damaged)


def _denied_before(tokens: Sequence[Token], low: int, first: int, damaged: bool) -> bool:
    """Whether ``chưa``, ``không có`` govern the thing: only deeds and small words stand between."""
    others = 0
    for i in range(low - 1, max(first - 1, low - 9), -1):
        if tokens[i].kind == "mark" and tokens[i].text in ",;:.()?":
            return False
        if stands_for(tokens[i], NO, damaged):
            return not _scaled(tokens, i, damaged)
        known = stands_for(tokens[i], DEEDS | FILLERS, damaged) or tokens[i].kind == "mark"
        others += not known
        if others > 1:
            return False
    return False


def _denied_behind(tokens: Sequence[Token], high: int, last: int, damaged: bool) -> bool:
    """Whether ``chưa được lập``, ``thì chưa`` follow; ``chưa có quy chế`` denies something else."""
    inside = False
    for i in range(high, last):
        inside = (inside or tokens[i].text == "(") and tokens[i].text != ")"
        if tokens[i].text in ",;[" or plain(tokens[i]) == "xong" or _helpers_alone(tokens, i, high):
            return False
        if inside or not stands_for(tokens[i], NO, damaged) or _scaled(tokens, i, damaged):
            continue
        asked = plain(tokens[i]) == "khong" and any(plain(t) == "co" for t in tokens[high:i])
        if asked or tokens[i - 1].text == "/" or _done_later(tokens, i, last):
            continue
        place = i + 1
        while place < last and stands_for(tokens[place], FILLERS, damaged):
            place += 1
        if place >= last or tokens[place].kind == "mark":
            return True
        if stands_for(tokens[place], {"có"}, damaged):
            place += 1
            ended = place >= last or tokens[place].kind == "mark" or plain(tokens[place]) in _REASONS
            return ended or stands_for(tokens[place], {"nào", "gì"}, damaged)
        return stands_for(tokens[place], DEEDS, damaged)
    return False


def opening(tokens: Sequence[Token], damaged: bool) -> float | None:
    """Return what the first words under a title say, when they answer it and tell of nothing else."""
    place = 0
    while place < len(tokens) and (
        tokens[place].kind != "word" or stands_for(tokens[place], SENDERS, damaged)
    ):
        if tokens[place].kind == "figure" and place > 1:
            return None
        place += 1
    if [plain(t) for t in tokens[place : place + 2]] == ["quyet", "dinh"]:
        place += 2  # "Quyết định thành lập được ký ngày 21/7/2025"
        if place < len(tokens) and stands_for(tokens[place], {"thành"}, damaged):
            return 1.0
    deed = place
    while deed < len(tokens) and stands_for(tokens[deed], DEEDS, damaged) and deed - place < 3:
        deed += 1
    if place < deed < len(tokens) and tokens[deed].text == ":":
        return said(tokens[deed + 1 :], damaged)  # "Thành lập: rồi"
    if deed - place == 2 and deed < len(tokens) and plain(tokens[deed]) in ("va", "ngay", "tu", "xong"):
        return 1.0  # "Thành lập và có quy chế hoạt động"
    if place >= len(tokens):
        return None
    value = said(tokens[place:], damaged)
    if value is None or tokens[place].kind != "word":
        return None
    behind = place + 1
    while (
        behind < len(tokens)
        and stands_for(tokens[behind], DEEDS | {"được", "hành"}, damaged)
        and behind - place < 4
    ):
        behind += 1
    ended = behind >= len(tokens) or tokens[behind].kind in ("mark", "date")
    return value if ended or stands_for(tokens[behind], _STANDING, damaged) else None
