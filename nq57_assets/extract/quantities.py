"""Figures of one sentence with their bounds, their counted noun and the words that belong to them.

Belongs here: which figure-like strings are quantities, how words bound them, which noun they count.
Does not belong: where their clause ends (``clauses``), how a passage is read (``scene``), which indicator they fill
(``match``), whether they are results (``context``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance.Levenshtein import distance

from nq57_assets.extract.grammar import Grammar
from nq57_assets.extract.label_figures import (
    PAPERS,
    begins_label,
    counts_papers,
    lists_only,
    noun_behind_colon,
    noun_of_label,
    told_in_row,
)
from nq57_assets.extract.lexicon import Hit
from nq57_assets.extract.passages import Token
from nq57_assets.extract.small_words import plain
from nq57_assets.extract.spelled import is_bracketed, is_number_word
from nq57_assets.model import Qualifier
from nq57_assets.vietnamese.fold import fold
from nq57_assets.vietnamese.numbers import Numeral

Edges = dict[int, list[Hit]]

FUNCTION_WORDS = frozenset(
    [
        "so",
        "voi",
        "trong",
        "tren",
        "tang",
        "giam",
        "va",
        "con",
        "dat",
        "chiem",
        "la",
        "duoc",
        "tai",
        "cua",
        "o",
        "den",
        "tu",
        "bang",
        "tuong",
        "nhu",
        "thi",
        "da",
        "tinh",
        "cac",
        "cho",
        "cap",
        "dia",
        "ban",
        "phuong",
        "xa",
        "dac",
        "khu",
        "don",
        "vi",
        "tong",
        "luong",
    ]
)
_TELLING = frozenset({"la", "dat", "thi", "co", "gom", "duoc", "khoang", "tren", "hon", "gan"})
_LABEL_CEILING = {
    "tháng": 12,
    "ngày": 31,
    "quý": 4,
    "tổ": 60,
    "khu": 60,
    "cụm": 30,
    "tổ dân phố": 60,
    "tdp": 60,
    "thôn": 60,
    "xóm": 60,
    "lớp": 12,
    "mức": 4,
    "mức độ": 4,
}
_TOLD = frozenset({"tổ", "thôn", "xóm", "khu", "tổ dân phố", "tdp", "TDP", "công văn", "cv"})
_SESSIONS = frozenset({"buổi", "lớp", "lượt"})
_NAMED = frozenset({*_LABEL_CEILING, "điều", "khoản", "mục", "điểm", "số", "đường", "nghị quyết", "đề án"})
_GIVEN = frozenset({"thứ", "cấp"})
_OF_PERIOD = frozenset({"dau", "cuoi", "trong", "toan", "ca", "giua"})
_SYMBOL_BOUND: dict[str, Qualifier] = {
    ">": "over",
    "≥": "over",
    "<": "under",
    "≤": "under",
    "~": "approx",
    "≈": "approx",
}
# Counted nouns that differ from a bounding word by one letter once their marks are lost.
_PLAIN_NOUNS = frozenset(
    {"buoi", "nguoi", "luot", "hom", "hoc", "phan", "ban", "lan", "trang", "chung", "doi"}
)
_WORKING_ON = frozenset(
    {"động", "đặt", "cài", "chạy", "tính", "định", "lực", "vệ", "tốt", "trải", "nền", "bị"}
)
_WORN_WORKING_ON = frozenset({"dong", "dat", "cai", "chay", "tinh", "dinh", "tot"})
OF_THEM = "trong số đó"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure of a passage.

    Attributes:
        index: Position of its token.
        numeral: As read.
        qualifier: How the words bound it.
        percent: The share in percent, when one is written.
        ratio: Part and whole, when written ``a/b``.
        unit: The surface phrase of the counted noun, if known; ``""`` when none stands behind the figure.
        unit_end: Token behind the noun.
        named: A noun stands behind the figure that no list knows.
        first: First token of its clause (left part).
        last: Token behind its clause (right part).
        sentence: First token and token behind the last of its sentence.
        bounded_by: Words that bound it.
        start: First token of the figure with its bounding words.
        none: Words say that there is none, so the figure is 0.
        holes: Token ranges inside the clause that stand in brackets and are told of other figures.
        label: Token range before an older figure or a target that the figure is compared with; it names both.
        beside: It stands in a row of a table beside the figure that the row is read for.
    """

    index: int
    numeral: Numeral
    qualifier: Qualifier = "exact"
    percent: float | None = None
    ratio: tuple[float, float] | None = None
    unit: str = ""
    unit_end: int = 0
    named: bool = False
    first: int = 0
    last: int = 0
    sentence: tuple[int, int] = (0, 0)
    bounded_by: str = ""
    start: int = 0
    none: bool = False
    holes: tuple[tuple[int, int], ...] = ()
    label: tuple[int, int] = (0, 0)
    beside: bool = False

    def owns(self, place: int) -> bool:
        """Whether a token belongs to the clause and to no bracket with figures of its own."""
        return self.first <= place < self.last and not any(a <= place < b for a, b in self.holes)

    @property
    def low(self) -> float:
        """The figure, or the lower end of a range."""
        return self.numeral.low


def sentence_spans(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Return token ranges of sentences; a full stop before a small letter ends none (OCR scatters them)."""
    spans, start = [], 0
    for i, token in enumerate(tokens):
        if token.kind == "mark" and token.text in ".!?":
            following = tokens[i + 1] if i + 1 < len(tokens) else None
            if following is None or following.kind != "word" or following.text[0].isupper():
                spans.append((start, i + 1))
                start = i + 1
    if start < len(tokens):
        spans.append((start, len(tokens)))
    return spans


def is_label(tokens: Sequence[Token], i: int, starting: Edges, ending: Edges, grammar: Grammar) -> bool:
    """Whether the figure at ``i`` names something: a year, a paper, the mark of a list."""
    numeral = tokens[i].numeral
    assert numeral is not None
    if i == 0 and len(tokens) > 1 and tokens[1].text in ".)/" and numeral.low < 30 and not numeral.percent:
        return tokens[1].text != "/" or not lists_only(tokens)  # "15 / 6.204 / 20.915"
    if numeral.percent:
        return False
    if (
        i > 1
        and tokens[i - 1].text == "-"
        and tokens[i - 2].end == tokens[i - 1].start == tokens[i].start - 1
    ):
        return tokens[i - 2].kind == "word" and tokens[i - 2].text.isupper()  # "KPI-03"
    if i == 0 and len(tokens) > 1 and numeral.low < 100 and begins_label(tokens):
        return True
    if any(
        hit.end > i and hit.syllables > 1
        for place in range(max(0, i - 3), i)
        for hit in starting.get(place, ())
    ):
        return True
    before = [hit for hit in ending.get(i, ()) if hit.sure]
    longest = max((hit.syllables for hit in before), default=0)
    labels = [
        hit.phrase for hit in before if hit.phrase in grammar.cues["labels"] and hit.syllables == longest
    ]
    if numeral.whole is not None:
        return numeral.loose and (bool(labels) or not _counts(tokens, i))
    if any(hit.phrase in grammar.cues["counters"] and hit.syllables == longest for hit in before):
        return False
    if any(label in PAPERS for label in labels) and counts_papers(tokens, starting, ending, grammar, i):
        return False
    if labels and _TOLD.issuperset(labels):
        sessions = any(hit.phrase in _SESSIONS and hit.sure for hit in starting.get(i + 1, ()))
        if sessions or told_in_row(tokens, ending, _NAMED, i):
            return False  # "tập huấn tổ 2 buổi", "tổ 22, tv 150"
    for label in labels:
        ceiling = _LABEL_CEILING.get(label)
        if label == "kỳ" and i > 1 and plain(tokens[i - 2]) in _OF_PERIOD:
            continue  # "đầu kỳ 21, cuối kỳ 18"
        counted = any(hit.phrase in grammar.units and hit.sure for hit in starting.get(i + 1, ()))
        if label in _GIVEN and counted and (i < 2 or plain(tokens[i - 2]) != "lan"):
            continue  # "thu 11 người", "cấp 44 tài khoản"
        if label == "năm":
            if 1900 <= numeral.low <= 2099:
                return True
        elif ceiling is None or numeral.low <= ceiling:
            return True
    bare_year = 1990 <= numeral.low <= 2099 and tokens[i].text.isdigit()
    return bare_year and not any(hit.phrase in grammar.units for hit in starting.get(i + 1, ()))


def _counts(tokens: Sequence[Token], i: int) -> bool:
    """Whether a word stands behind the figure or a colon before it, so that ``10/10`` is more than a day."""
    told = i > 0 and tokens[i - 1].text == ":"
    return told or (i + 1 < len(tokens) and tokens[i + 1].kind == "word")


def _bounds(
    tokens: Sequence[Token], ending: Edges, grammar: Grammar, i: int, unit: str
) -> tuple[Qualifier, str, int]:
    """Return (qualifier, bounding words, first token) from what stands directly before a figure."""
    j = i
    while j > 0 and tokens[j - 1].text in '(“"':
        j -= 1
    if is_bracketed(tokens, i):
        while j > 0 and is_number_word(tokens[j - 1]):
            j -= 1  # "hơn bốn trăm (400)"
    if j > 0 and tokens[j - 1].text in _SYMBOL_BOUND:
        return _SYMBOL_BOUND[tokens[j - 1].text], tokens[j - 1].text, j - 1
    names: tuple[Qualifier, ...] = ("over", "under", "approx")
    found = [
        (hit, name)
        for name in names
        for hit in ending.get(j, ())
        if hit.phrase in grammar.cues[name] and _clear(hit, tokens)
    ]
    # "trên dưới" is about, "không dưới" at least: the longest words say what is meant.
    for hit, name in sorted(found, key=lambda pair: -pair[0].syllables):
        numeral = tokens[i].numeral
        # "trên 02 màn hình" is on two screens: what shows something is no bound unless the figure is round.
        on = hit.phrase == "trên" and unit in grammar.cues["carriers"]
        if hit.phrase == "trên" and hit.start and _works_on(tokens[hit.start - 1]):
            continue  # "đang hoạt động trên 83 thiết bị", "tính trên 5.377 hồ sơ"
        if hit.phrase == "ngoài" and (hit.start == 0 or tokens[hit.start - 1].text in ".;:"):
            continue  # "Ngoài 5 máy đã ngừng, …" leaves them out.
        if on and numeral is not None and (numeral.low < 20 or numeral.low % 10):
            continue
        return name, hit.phrase, hit.start
    return "exact", "", i


def _works_on(token: Token) -> bool:
    return token.text.lower() in _WORKING_ON or plain(token) in _WORN_WORKING_ON


def _clear(hit: Hit, tokens: Sequence[Token]) -> bool:
    """Whether bounding words are read clearly: at most one letter of a single word may differ."""
    written = tokens[hit.start].text
    if hit.phrase == "ngoài" and "ái" in written.lower():
        return False  # "hơn năm ngoái 65 chiếc"
    if hit.phrase == "quá" and "á" not in written.lower():
        # Without its mark it is as likely "qua", through, but no one comes through 2.400 round people.
        numeral = tokens[hit.end].numeral if hit.end < len(tokens) else None
        round_figure = numeral is not None and numeral.low >= 100 and numeral.low % 50 == 0
        return round_figure and tokens[hit.start - 1].text == ":"
    if hit.cost == 0 or hit.syllables > 1:
        return hit.cost <= 0.16 * hit.syllables
    marked = not written.isascii() and any(
        letter in written for letter in "ăâđêôơưạảấầẩẫậắằặẹẻẽếềểễệịỉọỏốồổỗộớờởỡợụủứừửữự"
    )
    if marked:
        return False
    if fold(written) in _PLAIN_NOUNS:
        return False  # "buoi 22" in a row of a table is no "dưới 22".
    return hit.cost <= 0.2 and distance(fold(written), fold(hit.phrase), score_cutoff=1) <= 1


def _unit_at(
    tokens: Sequence[Token], starting: Edges, ending: Edges, grammar: Grammar, i: int
) -> tuple[str, int, bool]:
    """Return (noun, token behind it, whether an unknown noun stands there) for the figure at ``i``."""
    j = i + 2 if is_bracketed(tokens, i) and is_number_word(tokens[i - 2]) else i + 1
    if j + 2 < len(tokens) and tokens[j].text == "(":
        closing = next((k for k in range(j + 1, min(j + 5, len(tokens))) if tokens[k].text == ")"), None)
        if closing and all(tokens[k].kind == "word" for k in range(j + 1, closing)):
            j = closing + 1
    for place in (j, j + 1):
        nouns = [hit for hit in starting.get(place, ()) if hit.phrase in grammar.units]
        if nouns and (place == j or fold(tokens[j].text) in ("cac", "luot", "cai", "so", "chiec")):
            best = max(nouns, key=lambda hit: (hit.syllables - hit.cost, hit.end))
            return best.phrase, best.end, False
    following = tokens[j] if j < len(tokens) else None
    nouns = [hit for hit in ending.get(i, ()) if hit.phrase in grammar.units and hit.sure]
    closed = following is None or following.kind != "word" or fold(following.text) in FUNCTION_WORDS
    nouns = [hit for hit in nouns if _heads_label(tokens, hit, ending, grammar)]
    if nouns and closed:
        # "cá nhân 39 và tổ chức 6": the noun stands before its figure.
        return max(nouns, key=lambda hit: hit.syllables).phrase, j, False
    if following is None or following.kind != "word":
        return "", j, False
    if [fold(token.text) for token in tokens[j : j + 3]] == ["trong", "so", "do"]:
        return OF_THEM, j + 3, False
    before = tokens[i - 1] if i else None
    told = before is not None and (before.text in ":|=" or fold(before.text) in _TELLING)
    return "", j, not (told and fold(following.text) in FUNCTION_WORDS)


def _heads_label(tokens: Sequence[Token], noun: Hit, ending: Edges, grammar: Grammar) -> bool:
    """Whether a noun before its figure is what is counted, and not whose: ``thành viên tổ công nghệ số 4``."""
    if noun.start and tokens[noun.start - 1].text.lower() == "trong":
        return False
    return not any(hit.phrase in grammar.units and hit.sure for hit in ending.get(noun.start, ()))


def make_quantity(
    tokens: Sequence[Token],
    i: int,
    span: tuple[int, int],
    starting: Edges,
    ending: Edges,
    grammar: Grammar,
) -> Quantity:
    """Read the figure at token ``i`` with its bounding words and its noun; its clause is the whole sentence."""
    numeral = tokens[i].numeral
    assert numeral is not None
    unit, unit_end, named = _unit_at(tokens, starting, ending, grammar, i)
    percent = numeral.low if numeral.percent else None
    if unit in ("văn bản", "bản") and any(h.phrase == "công văn" and h.sure for h in ending.get(i, ())):
        unit = "công văn"  # "ban hành công văn 41 văn bản"
    if not unit:
        unit, share = noun_of_label(tokens, ending, grammar, i)
        percent = numeral.low if share else percent
    if not unit and percent is None:
        behind, noun_end = noun_behind_colon(tokens, starting, grammar, i)
        unit, unit_end, named = (behind, noun_end, False) if behind else (unit, unit_end, named)
    qualifier, words, start = _bounds(tokens, ending, grammar, i, unit)
    if numeral.is_range:
        qualifier = "range"
    following = [hit for place in range(unit_end, unit_end + 3) for hit in starting.get(place, ())]
    if qualifier == "exact":
        if _in_brackets(tokens, unit_end, starting, grammar.cues["approx_behind"], span[1]):
            qualifier, words = "approx", "ước tính"
        elif any(hit.phrase in grammar.cues["over_behind"] for hit in following):
            qualifier, words = "over", "trở lên"
        elif any(hit.phrase in grammar.cues["under_behind"] for hit in following):
            qualifier, words = "under", "trở xuống"
    ratio = (numeral.low, numeral.whole) if numeral.whole is not None else None
    return Quantity(
        index=i,
        numeral=numeral,
        qualifier=qualifier,
        percent=percent,
        ratio=ratio,
        unit=unit,
        unit_end=unit_end,
        named=named,
        first=span[0],
        last=span[1],
        sentence=span,
        bounded_by=words,
        start=start,
    )


def _in_brackets(
    tokens: Sequence[Token], start: int, starting: Edges, phrases: frozenset[str], end: int
) -> bool:
    """Whether one of the phrases opens the first bracket behind a figure, before the next figure."""
    for i in range(start, min(start + 8, end - 1)):
        if tokens[i].kind == "figure":
            return False
        if tokens[i].text == "(":
            return any(hit.phrase in phrases for hit in starting.get(i + 1, ()))
    return False
