"""Figures that a text spells out: number words, digits in brackets behind them, parts of a whole told in words.

Belongs here: turning runs of tokens into one figure token.
Does not belong: what the figure counts (``quantities``).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nq57_assets.extract.grammar import Grammar
from nq57_assets.extract.lexicon import Hit
from nq57_assets.extract.passages import Passage, Token
from nq57_assets.vietnamese.confusion import Vocabulary
from nq57_assets.vietnamese.fold import fold
from nq57_assets.vietnamese.numbers import Numeral, parse_words

_STARTS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "bẩy", "tám", "chín", "mười")
_DIGITS = frozenset(["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"])
_TENS = ("mười", "mươi", "trăm", "nghìn")
_OTHERS = ["mốt", "lăm", "tư", "linh", "lẻ", "rưỡi", "ngàn", "vạn", "chục", "phẩy"]
_NUMBER_WORDS = frozenset({*_STARTS, *_TENS, *_OTHERS})
_VOCABULARY = Vocabulary.of([*_STARTS, *_TENS, "mốt", "lăm", "tư", "linh", "rưỡi"])
# Words that show that a passage may spell a number; "một", "ba" and "năm" say too little.
_TELLING = frozenset(["hai", "bốn", "sáu", "bảy", "bẩy", "tám", "chín", "mười", "mươi", "trăm"])
_DAMAGED_TELLING = frozenset(["muoi", "mudi", "mwoi", "muci", "mu6i", "tram", "trdm", "nghin"])
_SAFE_ALONE = frozenset({"hai", "bốn", "bảy", "tám", "chín", "mười"})
_FOLDED_WORDS = frozenset(fold(word) for word in _NUMBER_WORDS)
_FIVE_BEHIND = frozenset(["chức", "mở", "có", "được", "với", "đạt", "hành", "qua", "gồm"])
_ONLY = 5
_WHOLE_LINKS = frozenset({"tren", "trong"})
_TOTAL_WORDS = frozenset({"tong", "so", "s6", "sé", "téng"})


def tells_number(passage: Passage) -> bool:
    """Whether words may spell a number."""
    if passage.damaged:
        return bool(_DAMAGED_TELLING & set(fold(passage.text).split()))
    return bool(_TELLING & set(passage.text.lower().split()))


def is_bracketed(tokens: Sequence[Token], i: int) -> bool:
    """Whether the figure at ``i`` stands alone in brackets, as behind the words that spell it."""
    closed = i + 1 < len(tokens) and tokens[i + 1].text == ")"
    return closed and i > 1 and tokens[i - 1].text == "("


def is_number_word(token: Token) -> bool:
    """Whether a word spells a number or a part of one, as far as recognition left it readable."""
    return token.kind == "word" and _as_number_word(token.text, "", True) != ""


def _as_number_word(word: str, before: str, damaged: bool) -> str:
    """Return the number word that a word is, or that OCR may have made of it."""
    if not damaged:
        return word.lower()
    known = _VOCABULARY.candidates(word, True)
    found = _VOCABULARY.syllables[known[0][0]] if known and known[0][1] <= 0.2 else ""
    if found in ("mười", "mươi"):
        return "mươi" if before in _DIGITS else "mười"
    return found


def _read_run(tokens: Sequence[Token], i: int, damaged: bool) -> tuple[float, int, bool] | None:
    """Return (value, tokens used, certain) of the number words at ``i``."""
    run: list[str] = []
    for token in tokens[i : i + 14]:
        if token.kind != "word":
            break
        run.append(_as_number_word(token.text, run[-1] if run else "", damaged))
    if not run or run[0] not in _STARTS:
        return None
    read = parse_words(run)
    if read is None:
        return None
    value, used = read
    if damaged:
        # A single "nam" or "sau" without its marks means too many things.
        many = used > 1 and not set(_TENS).isdisjoint(run[:used])
        return (
            value,
            used,
            many or (used == 1 and run[0] in _SAFE_ALONE and fold(tokens[i].text) == fold(run[0])),
        )
    only = [token.text.lower() for token in tokens[i + used : i + used + _ONLY]]
    if value == 1 and used == 1 and ["duy", "nhất"] in ([a, b] for a, b in pairwise(only)):
        return value, used, True  # "một tổ duy nhất"
    return value, used, used > 1 or (value > 1 and not _is_year_word(tokens, i))


def _is_year_word(tokens: Sequence[Token], i: int) -> bool:
    """Whether ``năm`` means year: it means five only behind a verb that takes a number."""
    if tokens[i].text.lower() != "năm":
        return False
    return i > 0 and tokens[i - 1].kind != "mark" and tokens[i - 1].text.lower() not in _FIVE_BEHIND


def _words(tokens: Sequence[Token], start: int, end: int) -> str:
    return " ".join(token.text for token in tokens[start:end])


def _figure(
    tokens: Sequence[Token], start: int, end: int, low: float, damaged: bool, whole: float | None = None
) -> Token:
    """Make one figure token of the tokens from ``start`` to ``end`` (exclusive)."""
    first, last = tokens[start], tokens[end - 1]
    text = _words(tokens, start, end)
    # Words that lost nothing but their marks read surely when there are several of them.
    plain = end - start > 1 and all(fold(t.text) in _FOLDED_WORDS for t in tokens[start:end])
    numeral = Numeral(first.start, last.end, "figure", text, low, low, whole, repaired=damaged and not plain)
    return Token("figure", text, first.start, last.end, numeral)


def _bracketed(tokens: Sequence[Token], i: int) -> int | None:
    """Return the figure of ``hai mươi ba (23)`` when ``i`` begins its words: digits say it better than words."""
    end = i
    while end < len(tokens) and end - i < 14 and tokens[end].text.lower() in _NUMBER_WORDS:
        end += 1
    if end > i and _words(tokens, end, end + 2).lower() == "phần trăm":
        end += 2
    closed = end + 2 < len(tokens) and tokens[end].text == "(" and tokens[end + 2].text == ")"
    return end + 1 if end > i and closed and tokens[end + 1].kind == "figure" else None


def read_words(
    tokens: Sequence[Token], starting: dict[int, list[Hit]], grammar: Grammar, damaged: bool
) -> list[Token]:
    """Replace number words that stand before a counted noun or a percentage by figures; other words stay."""
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        digits = None if damaged else _bracketed(tokens, i)
        if digits is not None:
            out.append(tokens[digits])
            i = digits + 2
            continue
        read = _read_run(tokens, i, damaged) if tokens[i].kind == "word" else None
        if read is None or not read[2]:
            out.append(tokens[i])
            i += 1
            continue
        end = i + read[1]
        whole = (
            _read_run(tokens, end + 1, damaged) if _words(tokens, end, end + 1).lower() == "trên" else None
        )
        if whole is not None and read[0] <= whole[0]:
            out.append(_figure(tokens, i, end + 1 + whole[1], read[0], damaged, whole[0]))
            i = end + 1 + whole[1]
        elif fold(_words(tokens, end, end + 2)) == "phan tram":
            numeral = Numeral(
                tokens[i].start,
                tokens[end + 1].end,
                "figure",
                _words(tokens, i, end + 2),
                read[0],
                read[0],
                percent=True,
            )
            out.append(Token("figure", numeral.text, numeral.start, numeral.end, numeral))
            i = end + 2
        elif any(h.phrase in grammar.units for h in starting.get(end, ())) or _of_them(tokens, end):
            out.append(_figure(tokens, i, end, read[0], damaged))
            i = end
        else:
            out.append(tokens[i])
            i += 1
    return out


def _of_them(tokens: Sequence[Token], place: int) -> bool:
    return _words(tokens, place, place + 3).lower() == "trong số đó"


def may_spell(tokens: Sequence[Token], damaged: bool) -> bool:
    """Whether tokens hold a word that may begin a number."""
    if damaged:
        return any(token.kind == "word" and fold(token.text) in _DAMAGED_TELLING for token in tokens)
    return any(token.kind == "word" and token.text.lower() in _STARTS for token in tokens)


def join_spaced(tokens: Sequence[Token]) -> list[Token]:
    """Join ``20 450`` to one figure: in prose a blank before exactly three digits parts thousands."""
    out: list[Token] = []
    for token in tokens:
        last = out[-1] if out else None
        if last is not None and _continues(last, token):
            text = f"{last.text} {token.text}"
            digits = "".join(c for c in text if c.isdigit())
            tail = text.rstrip(" %")
            value = float(digits[: len("".join(c for c in tail if c.isdigit()))])
            percent = token.numeral.percent if token.numeral else False
            numeral = Numeral(last.start, token.end, "figure", text, value, value, percent=percent)
            out[-1] = Token("figure", text, last.start, token.end, numeral)
        else:
            out.append(token)
    return out


def _continues(first: Token, second: Token) -> bool:
    """Whether ``second`` is the next group of three digits of ``first``."""
    if first.kind != "figure" or second.kind != "figure" or second.start - first.end != 1:
        return False
    groups = first.text.split(" ")
    whole = all(group.isdigit() for group in groups) and all(len(group) == 3 for group in groups[1:])
    return (
        whole
        and len(groups[0]) <= 3
        and not groups[0].startswith("0")
        and len(second.text) == 3
        and second.text.isdigit()
    )


def join_told_ratios(tokens: Sequence[Token]) -> list[Token]:
    """Join ``52 trên tổng số 53`` and ``5.010 hồ sơ/5.092 hồ sơ`` to one figure of part and whole."""
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        whole = _whole_behind(tokens, i)
        if whole is None:
            out.append(tokens[i])
            i += 1
            continue
        first, second = tokens[i].numeral, tokens[whole].numeral
        assert first is not None and second is not None
        numeral = Numeral(
            first.start, second.end, "figure", first.text, first.low, first.low, second.low, second.percent
        )
        out.append(Token("figure", first.text, first.start, second.end, numeral))
        i = whole + 1
    return out


def _slashed(tokens: Sequence[Token], mark: int, figure: int) -> bool:
    """Whether a slash and another figure stand at two places."""
    if min(mark, figure) < 0 or max(mark, figure) >= len(tokens):
        return False
    return tokens[mark].text == "/" and tokens[figure].kind == "figure"


def _whole_behind(tokens: Sequence[Token], i: int) -> int | None:
    """Return the token of the whole when the figure at ``i`` is told as a part of it."""
    first = tokens[i].numeral
    if tokens[i].kind != "figure" or first is None or first.percent or first.whole is not None:
        return None
    if _slashed(tokens, i - 1, i - 2):
        return None
    near = range(i + 1, min(i + 4, len(tokens)))
    link = next((k for k in near if tokens[k].text == "/" or fold(tokens[k].text) in _WHOLE_LINKS), None)
    if link is None or any(tokens[k].kind != "word" for k in range(i + 1, link)):
        return None
    total = link + 1
    while total < len(tokens) and fold(tokens[total].text) in _TOTAL_WORDS:
        total += 1
    if total >= len(tokens) or tokens[total].kind != "figure":
        return None
    if _slashed(tokens, total + 1, total + 2):
        return None  # Of "16/22/5" no two are a part and its whole.
    between = [fold(tokens[k].text) for k in range(i + 1, link)]
    behind = fold(tokens[total + 1].text) if total + 1 < len(tokens) else ""
    if between and between[0] != behind:
        return None
    if total == link + 1 and tokens[link].text != "/" and not tokens[total + 1 : total + 2]:
        return None
    if total == link + 1 and tokens[link].text != "/" and tokens[total + 1].kind != "word":
        return None  # "96 trên 104 đơn vị" tells a part and a whole, "tăng 3 trong 5" may not.
    second = tokens[total].numeral
    return total if second is not None and first.low <= second.low and second.whole is None else None
