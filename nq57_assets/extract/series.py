"""Figures told in one row for labels told in another, set beside their labels: ``số tổ, số buổi lần lượt là 5 và 9``.

Belongs here: finding such a row among the tokens of a passage and putting every figure behind its label.
Does not belong: what the labels mean (``match``), cells of tables (``tables``).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nq57_assets.extract.passages import Token
from nq57_assets.extract.questions import answer_start, asked_for, asks, filled_in
from nq57_assets.extract.small_words import plain
from nq57_assets.vietnamese.fold import fold, fold_word
from nq57_assets.vietnamese.numbers import Numeral

_IN_TURN = (
    ["lan", "luot"], ["theo", "thu", "tu"], ["tuong", "ung", "la"], ["tuong", "ung", "dat"], ["tuan", "tu"],
)  # fmt: skip
_FIRST = frozenset({"la", *(phrase[0] for phrase in _IN_TURN)})
_LINKS = frozenset(
    {"la", "bang", "dat", "co", "nhu", "sau", "gom", "tinh", "theo", "tuong", "ung", "do", "voi"}
    | {"ay", "thong", "ke", "ghi", "nhan", "duoc"}
)
_COMPARED = frozenset({"hoach", "kh", "tieu", "giao", "ky", "truoc", "ngoai"})
# What may stand before a figure of a row.
_BOUNDING = frozenset(
    {
        "va",
        "tren",
        "hon",
        "gan",
        "khoang",
        "duoi",
        "uoc",
        "chung",
        "dat",
        "la",
        "con",
        "xap",
        "xi",
        "chi",
        "duoc",
    }
)
_COUNTS = frozenset({"so", "se", "ty", "tong", "luong"})
_SHARED = frozenset({"của", "cua", "cho", "đối"})
_NO_NOUN = frozenset({"và", "va", "trong", "còn", "so", "tăng", "giảm"})
_NOUN = 5
_LABEL = 24


def unfold(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens with every row of figures folded into ``label: figure; label: figure``.

    A second row may leave out its labels (``của tổ chức lần lượt là 4, 3 và 1``): it takes those of the row before.
    Tokens keep their places in the text, so that proof and address stay those of the figure.
    """
    tokens = _apart(tokens)
    out: list[Token] = []
    labels: list[list[Token]] = []
    position = 0
    for first in range(len(tokens)):
        if first < position:
            continue
        answer = answer_start(tokens, first)
        told = answer or _told(tokens, first)
        if not told:
            continue
        figures = _figures(tokens, told, answered=bool(answer))
        asked = answer and figures
        filled = filled_in(tokens[position:first], [tokens[a:b] for a, b in figures]) if asked else []
        if filled:
            out += filled
            position = figures[-1][1]
            continue
        if answer and asked_for(tokens[position:first]) <= 1 and not _row(figures):
            # "Có mấy tổ? Trả lời: 28." and "Đã lập chưa? Trả lời: Rồi.": the question is the label.
            out += [*tokens[position:first], _mark(":", tokens[first])]
            position = answer
            continue
        if not _row(figures):
            continue
        parted = [tokens[end].text for _, end in figures[:-1]]
        slashed = "/" in parted or {*parted} <= {";", "|"}
        begin = _begin(tokens, position, first, whole=bool(answer) or slashed)
        prefix, own = _labels(
            tokens[begin:first], len(figures), bare=told == first + 1, asked=bool(answer), slashed=slashed
        )
        if not own and labels and len(labels) == len(figures) and told > first + 1 and not answer:
            said = {fold(token.text) for token in tokens[begin:first]}
            if "so" in said and "cua" not in said:
                continue  # "ba xã cũ có số hộ lần lượt là": a label of its own, for other things.
            # "Kế hoạch lần lượt là 3 và 80" are targets, which the word before the figures tells.
            stop = first if said.isdisjoint(_COMPARED) else first + 1
            own = [[*label, *tokens[begin:stop]] for label in labels]
            prefix = [_mark(";", tokens[begin])]
        if not own:
            continue
        labels = [_without_shared(label) for label in own]
        out += [*tokens[position:begin], *prefix]
        for i, (label, (start, end)) in enumerate(zip(own, figures, strict=True)):
            out += [_mark(";", tokens[told - 1])] if i else []
            out += [*label, _mark(":", tokens[told - 1]), *tokens[start:end]]
        position = figures[-1][1]
    return [*out, *tokens[position:]] if position else list(tokens)


def _row(figures: Sequence[tuple[int, int]]) -> bool:
    return len(figures) > 1


def _apart(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens with the figures of ``26/182/170`` apart, of which two were read as part and whole.

    Two figures are two things where their label names two: ``tổ/thành viên: 18/108``.
    """
    out: list[Token] = []
    for i, token in enumerate(tokens):
        numeral = token.numeral
        if numeral is None or numeral.whole is None or "/" not in token.text:
            out.append(token)
            continue
        third = [t.text for t in tokens[i + 1 : i + 2]] == ["/"] and [
            t.kind for t in tokens[i + 2 : i + 3]
        ] == ["figure"]
        third = third or ([t.text for t in tokens[i - 1 : i]] == ["/"] and tokens[i - 2].kind == "figure")
        if not third and not _label_is_slashed(tokens, i):
            out.append(token)
            continue
        cut = token.start + token.text.index("/")
        part = Numeral(token.start, cut, "figure", token.text[: cut - token.start], numeral.low, numeral.low)
        rest = token.text[cut - token.start + 1 :]
        whole = Numeral(cut + 1, token.end, "figure", rest, numeral.whole, numeral.whole)
        out.append(Token("figure", part.text, part.start, part.end, part))
        out.append(Token("mark", "/", cut, cut + 1))
        out.append(Token("figure", whole.text, whole.start, whole.end, whole))
    return out


def _label_is_slashed(tokens: Sequence[Token], i: int) -> bool:
    """Whether the words before ``18/108`` name two things beside a slash and ask for no share."""
    begin = max(0, i - _LABEL)
    words = [fold(token.text) for token in tokens[begin:i]]
    if " / " in tokens[i].text:
        words = ["/" if word == ";" else word for word in words]  # Between words " / " is read as ";".
    while words and (words[-1] == ":" or words[-1] in _LINKS):
        words.pop()
    cut = max(
        (k + 1 for k, word in enumerate(words) if word in (".", ";", ",", ":", "(", ")", "?")), default=0
    )
    label = words[cut:]
    shared = any(one in ("ty", "ti") and two == "le" for one, two in pairwise(label))
    behind = "".join(token.text for token in tokens[i + 1 : i + 5])
    if (
        label.count("/") != 1
        or shared
        or "%" in behind
        or any(t.kind == "figure" for t in tokens[begin + cut : i])
    ):
        return False
    place = label.index("/")
    return 0 < place < len(label) - 1 and label[place - 1].isalpha() and label[place + 1].isalpha()


def _mark(text: str, place: Token) -> Token:
    return Token("mark", text, place.start, place.end)


def _told(tokens: Sequence[Token], first: int) -> int:
    """Return where the figures begin when words at ``first`` announce a row of them, else 0."""
    if tokens[first].text == ":":
        return first + 1
    if tokens[first].kind == "figure" and first and tokens[first - 1].kind == "word":
        # "lớp/người 6/240", "đăng ký/hoàn thành 3.266 người/2.911 lượt"
        figures = _figures(tokens, first)
        pair = len(figures) == 2 and tokens[figures[0][1]].text == "/"
        return first if pair and _label_is_slashed(tokens, first) else 0
    if fold_word(tokens[first].text) not in _FIRST:
        return 0
    words = [fold(token.text) for token in tokens[first : first + 3]]
    if words[0] == "la" and [token.kind for token in tokens[first + 1 : first + 2]] == ["figure"]:
        return first + 1  # "số đăng ký và số hoàn thành là 1.366 người và 1.148 lượt"
    said = next((len(phrase) for phrase in _IN_TURN if words[: len(phrase)] == phrase), 0)
    if not said:
        return 0
    place = first + said
    while place < len(tokens) and (tokens[place].text in ":," or fold(tokens[place].text) in _LINKS):
        place += 1
    return place


def _figures(tokens: Sequence[Token], start: int, answered: bool = False) -> list[tuple[int, int]]:
    """Return the ranges of figures, each with its noun, that follow one another behind commas or ``và``.

    In an answer any words may stand before a figure, elsewhere only such as bound it.
    """
    found: list[tuple[int, int]] = []
    place = start
    while place < len(tokens):
        here = place
        while (
            here < min(place + 3, len(tokens))
            and tokens[here].kind == "word"
            and (answered or fold(tokens[here].text) in _BOUNDING)
        ):
            here += 1  # "trên 200", "và 5"
        if here >= len(tokens) or tokens[here].kind != "figure":
            break
        begin = place + 1 if fold(tokens[place].text) == "va" else place
        end = here + 1
        while end < min(here + _NOUN, len(tokens)) and tokens[end].kind == "word" and _noun(tokens[end]):
            end += 1
        found.append((begin, end))
        parted = end < len(tokens) and (tokens[end].text in ",;/|" or fold(tokens[end].text) == "va")
        if not parted:
            break
        place = end if fold(tokens[end].text) == "va" else end + 1
    return found


def _noun(token: Token) -> bool:
    return token.text.lower() not in _NO_NOUN


def _begin(tokens: Sequence[Token], position: int, first: int, whole: bool) -> int:
    """Return where the labels of a row may begin: behind the last end of a part of a sentence."""
    begin = max(position, first - 4 * _LABEL)
    ends = [i + 1 for i in range(begin, first) if tokens[i].text in ("." if whole else ".;?")]
    return max([begin, *ends])


def _labels(
    tokens: Sequence[Token], count: int, bare: bool, asked: bool, slashed: bool = False
) -> tuple[list[Token], list[list[Token]]]:
    """Return (words before the labels, the labels) of a row of ``count`` figures, or no labels when they don't fit.

    Args:
        tokens: What stands before the row.
        count: Number of figures.
        bare: Only a colon announces the row, so that every label must say that it counts.
        asked: The labels are parts of a question.
        slashed: The figures are parted by other marks than commas, so that a comma may stand within a label.
    """
    wide = slashed and sum(t.text in "/;|" for t in tokens) == count - 1
    cuts = [
        0,
        *(
            i + 1
            for i, t in enumerate(tokens)
            if t.text in ("/;|" if wide else ",:;/?|") or (not wide and fold(t.text) == "va")
        ),
        len(tokens) + 1,
    ]
    parts = [list(tokens[a : b - 1]) for a, b in pairwise(cuts)]
    starts = [a for a, part in zip(cuts, parts, strict=False) if part]
    parts = [part for part in parts if part]
    if parts and [token.text for token in parts[0][1:2]] == [")"]:
        starts[0], parts[0] = starts[0] + 2, parts[0][2:]  # "b) Số cá nhân và số tổ chức"
        starts, parts = (starts, parts) if parts[0] else (starts[1:], parts[1:])
    counting = [i for i, part in enumerate(parts) if asks(part) or plain(part[0]) in _COUNTS]
    if not asked:
        counting = [i for i in counting if plain(parts[i][0]) in _COUNTS]
    slashed = sum(1 for t in tokens if t.text in "/;|") == count - 1 == len(parts) - 1
    if len(counting) == count:
        chosen = counting
    elif not bare and counting == [len(parts) - 1] == [count]:
        # "Trên mạng và trên loa, số tin bài lần lượt là 139 và 36": one noun for several places.
        return list(tokens[: starts[0]]), [[*part, *parts[-1]] for part in parts[:count]]
    elif (not bare and len(parts) >= count) or slashed:
        chosen = list(range(len(parts) - count, len(parts)))
    else:
        return [], []
    ends = [*chosen[1:], len(parts)]
    labels = [[t for part in parts[a:b] for t in part] for a, b in zip(chosen, ends, strict=True)]
    if any(len(label) > _LABEL or any(t.kind == "figure" for t in label) for label in labels):
        return [], []
    shared = labels[-1][len(_without_shared(labels[-1])) :]
    labels = [label if _names_whom(label) else [*label, *shared] for label in labels]
    return list(tokens[: starts[chosen[0]]]), labels


def _names_whom(label: Sequence[Token]) -> bool:
    return any(token.text.lower() in _SHARED for token in label[1:])


def _without_shared(label: Sequence[Token]) -> list[Token]:
    """Return a label without the words that tell of whom it counts: ``thu hồi của cá nhân`` is ``thu hồi``."""
    cut = next((i for i, token in enumerate(label) if i and token.text.lower() in _SHARED), len(label))
    return list(label[:cut])
