"""Lines of a document joined into passages: a paragraph, a list item, a heading, each word with its address.

Belongs here: undoing line breaks, and cutting a passage into words, figures and marks.
Does not belong: what the words mean (``lexicon``, ``match``), rows of tables (``tables``).
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Literal

import re2

from nq57_assets.extract.lone_lines import (
    HEADING_MARK,
    LOWER_START,
    ends_sentence,
    in_column,
    is_page_number,
    is_speck,
)
from nq57_assets.extract.terse import for_matching, tells_pairs
from nq57_assets.model import Address, Block, Document, Section
from nq57_assets.vietnamese.fold import fold
from nq57_assets.vietnamese.numbers import Numeral, find_numerals

_PERIOD_WORDS = frozenset({"tháng", "năm", "quý", "tuần", "ngày", "thang", "nam", "quy", "cấp", "cap", "nim"})
TokenKind = Literal["word", "figure", "label", "date", "mark"]
PassageKind = Literal["prose", "heading", "row"]

_WORD_SIGNS = frozenset("$&@¢€©¥§ﬁﬂ")
_BULLET = re2.compile(r"^\s*(?:[-–—−+*•·▪●○◦♦➢✓►»]|[oO]\s)\s*\S")
_PART_TITLE = re2.compile(
    r"^\s*(?:P(?i:h[aầ]n)|M(?i:[uụ]c)|C(?i:h[uư][oơ]ng))\s+(?:[tT]\pL{2,3}\s+)?[\pL\d]{1,6}[.:]?\s+\p{Lu}"
    r"|^\s*\[\p{Lu}[^\[\]:;]{3,60}\]\s*$"
)
# A range whose lower end closed the line above: "960" | "- 970 người dân".
_RANGE_REST = re2.compile(r"^\s*[-–—~]\s?\d[\d.,]*\s*(?:%|\p{Ll})")
_OPEN_RANGE = re2.compile(r"\d\s?[-–—~]$")
# "3.620lượt": the point parts thousands, so that the noun is not told of 620.
_GLUED_THOUSANDS = re2.compile(r"^\d{1,3}(?:\.\d{3})+\pL{1,6}")
_YEARS = re2.compile(r"\b20\d{2}\b")
_LEADER_VALUE = re2.compile(r"[.…]{5,}[^\pL]{0,8}\d")
_LABELLED = re2.compile(r"^\s*\p{Lu}[^:.;!?=]{2,90}(?::| =)")
# A comma or a small word, folded, behind which every sentence goes on.
_OPEN_END = re2.compile(
    r",$|(?:^|\s)(?:va|cua|cho|voi|ve|la|1a|dat|cac|nhung|theo|tai|tu|bang|duoc|gom|cung|do|trong)$"
)
# Letters that no Latin OCR model without Vietnamese writes.
_VIETNAMESE = frozenset(
    "ăằắẳẵặầấẩẫậđềếểễệồốổỗộơờớởỡợưừứửữựảạẻẽẹỉịỏọủụỷỹỵĐƯƠÂÊÔẠẢẤẦẨẬẾỀỂỆỐỒỔỘỚỜỞỢỨỪỬỰ\u0300\u0301\u0303\u0309\u0323"
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, figure or mark of a passage; offsets are into the passage's text."""

    kind: TokenKind
    text: str
    start: int
    end: int
    numeral: Numeral | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """Where the cell of a row begins in the passage's text, the title above it and what that says of the column."""

    start: int
    title: str
    role: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Text that belongs together, although it may have stood on several lines.

    Attributes:
        kind: prose (paragraph or list item), heading, or row of a table.
        text: NFC text for matching, lines joined by a blank; dot leaders are blanks, " / " and " = " are ";" and ":".
        raw: The same as written, letter for letter beside ``text``.
        starts: Offset in ``text`` at which each line begins.
        addresses: Address of each line.
        path: Titles of the headings above, the outermost first.
        lead: Text of the passage that introduces this one, when that ended in a colon.
        damaged: The text has lost its Vietnamese marks.
        depth: 0 for a paragraph, 1 for ``-``, 2 for ``+`` and deeper.
        cells: Offset in ``text`` at which each cell of a drawn row begins, with its address.
        columns: Of a row below titles, the column of each filled cell, in order.
        forms: Short forms that the document defines (``abbreviations``), with the words they stand for.
    """

    kind: PassageKind
    text: str
    raw: str
    starts: tuple[int, ...]
    addresses: tuple[Address, ...]
    path: tuple[str, ...] = ()
    lead: str = ""
    damaged: bool = False
    depth: int = 0
    cells: tuple[tuple[int, Address], ...] = ()
    columns: tuple[Column, ...] = ()
    forms: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()

    def address_at(self, offset: int) -> Address:
        """Return the address of the cell, else of the line, that holds an offset of the text."""
        line = max(0, bisect_right(self.starts, offset) - 1)
        cell = bisect_right(self.cells, offset, key=lambda one: one[0]) - 1
        if cell >= 0 and self.cells[cell][0] >= self.starts[line]:
            return self.cells[cell][1]
        return self.addresses[line]

    def column_at(self, offset: int) -> Column | None:
        """Return the column whose cell holds an offset of the text; None where no titles are known."""
        place = bisect_right(self.columns, offset, key=lambda one: one.start) - 1
        return self.columns[place] if place >= 0 else None


PassagesOf = Callable[[frozenset[int]], list[tuple[int, Passage]]]


@lru_cache(maxsize=4096)
def tokenize(text: str) -> tuple[Token, ...]:
    """Cut NFC text into words, figures, labels, dates and marks, in order."""
    tokens: list[Token] = []
    position = 0
    for numeral in find_numerals(text):
        _cut_words(text, position, numeral.start, tokens)
        tokens.append(Token(numeral.kind, numeral.text, numeral.start, numeral.end, numeral))
        position = numeral.end
    _cut_words(text, position, len(text), tokens)
    return tuple(tokens)


def _cut_words(text: str, start: int, end: int, tokens: list[Token]) -> None:
    """Append the words and marks between two offsets."""
    for piece in text[start:end].split():
        start = text.index(piece, start)
        if piece.isalnum():
            tokens.append(Token("word", piece, start, start + len(piece)))
        else:
            glued = _GLUED_THOUSANDS.match(piece)
            if glued is not None:
                tokens.append(Token("word", glued.group(), start, start + glued.end()))
            _cut_marks(text, start + (glued.end() if glued is not None else 0), start + len(piece), tokens)
        start += len(piece)


def _cut_marks(text: str, start: int, end: int, tokens: list[Token]) -> None:
    """Append the words and marks between two offsets without a blank; one pass over the letters."""
    begun = -1
    for i in range(start, end):
        letter = text[i]
        if letter.isalnum() or letter in _WORD_SIGNS or "\u0300" <= letter <= "\u036f":
            if begun < 0:
                begun = i
            continue
        if begun >= 0:
            if letter in "'’" and i + 1 < end and text[i + 1].isalpha():
                continue
            tokens.append(Token("word", text[begun:i], begun, i))
            begun = -1
        tokens.append(Token("mark", letter, i, i + 1))
    if begun >= 0:
        tokens.append(Token("word", text[begun:end], begun, end))


def is_damaged(text: str) -> bool:
    """Whether a text has lost its Vietnamese marks: typed without them, or read by OCR without Vietnamese."""
    marked = sum(map(_VIETNAMESE.__contains__, text))
    # Most texts are told to be sound without counting their letters.
    return marked < 0.06 * len(text) and marked < 0.06 * sum(map(str.isalpha, text))


def _wrap_width(blocks: Sequence[Block]) -> int:
    """Return the length of a full line, or 0 when the text isn't broken into lines of equal width."""
    lengths = sorted(len(block.text.strip()) for block in blocks if block.text.strip())
    if not lengths:
        return 0
    full = lengths[int(len(lengths) * 0.9)]
    return full if full <= 140 else 0


def _joins(previous: str, gap: bool, line: str, width: int) -> bool:
    """Whether ``line`` goes on with the sentence of ``previous``; ``gap`` says that a blank line parts them."""
    before = previous.rstrip()
    if ("…" in line or "....." in line) and _LEADER_VALUE.search(previous) and _LEADER_VALUE.search(line):
        return False  # Two labels with their values at the end of dots, one a line.
    if "|" in line + previous and (tells_pairs(line) or tells_pairs(previous)):
        return False
    if not gap and _splits_range(before, line):
        return True
    if _BULLET.match(line) or HEADING_MARK.match(line):
        return False
    ended = ends_sentence(previous)
    goes_on = LOWER_START.match(line) is not None
    if gap:
        return goes_on and not ended
    if goes_on and not before.endswith(":"):
        return True
    told = (":" in previous or " = " in previous) and (ended or before[-1:].isalnum() or before[-1:] in "%)")
    if told and _LABELLED.match(line):
        return False  # A list of labels with their values, one a line.
    return bool(width) and len(previous.strip()) >= 0.72 * width


def _splits_range(previous: str, line: str) -> bool:
    """Whether a line end parts the two ends of a range, so that the dash is no list mark."""
    if _OPEN_RANGE.search(previous):
        return line.lstrip()[:1].isdigit()
    return previous[-1:].isdigit() and _RANGE_REST.match(line) is not None


def _depth(line: str) -> int:
    stripped = line.lstrip()
    if stripped.startswith("+"):
        return 2
    if stripped.startswith((*"*•·▪●○◦♦➢✓", "o ", "O ")):
        return 3
    return 1 if _BULLET.match(line) else 0


@dataclass(slots=True)
class _Group:
    first: int
    kind: PassageKind
    blocks: list[Block]
    path: tuple[str, ...]
    depth: int = 0


def _is_statement(title: str) -> bool:
    """Whether a line marked like a heading tells a figure, so that it is a numbered item and no heading."""
    tokens = tokenize(title)
    for i, token in enumerate(tokens):
        behind = tokens[i + 1] if i + 1 < len(tokens) else None
        counts = token.kind == "figure" and behind is not None and behind.kind == "word"
        year = token.numeral is not None and 1990 <= token.numeral.low <= 2100
        if counts and behind and behind.text.lower() not in _PERIOD_WORDS and not year:
            return True
        if token.numeral is not None and token.numeral.percent:
            return True
        if token.kind == "figure" and i and tokens[i - 1].text == ":":
            return True
    words = [token.text.lower() for token in tokens]
    # "Văn bản đã ban hành" heads a list; "Phường đã ban hành Kế hoạch số 36/KH-UBND" tells of a deed.
    done = "đã" in words and (len(title) > 45 or any(t.kind in ("figure", "label") for t in tokens))
    return title.rstrip().endswith((";", ",")) or done or len(title) > 140


def _is_wrapped_item(group: _Group, line: str, width: int) -> bool:
    """Whether a heading of one full line goes on with ``line`` and tells figures together with it."""
    title = group.blocks[-1].text.strip()
    full = group.kind == "heading" and len(group.blocks) == 1 and bool(width) and len(title) >= 0.72 * width
    if not full or title.isupper():
        return False
    named = any(token.kind in ("label", "date") for token in tokenize(title))
    return _is_statement(f"{title} {line}") or (named and line.rstrip().endswith((".", ";")))


def _hangs(previous: str, width: int, turned: bool) -> bool:
    """Whether a sentence surely goes on behind a blank line: a page ended in it, or it ends in a small word."""
    if ends_sentence(previous):
        return False
    full = bool(width) and len(previous.strip()) >= 0.72 * width
    return (turned and full) or _OPEN_END.search(fold(previous.rstrip())) is not None


def _gap_behind(blocks: Sequence[Block], index: int) -> bool:
    return index + 1 < len(blocks) and not blocks[index + 1].text.strip()


def _looks_like_title(text: str, alone: bool) -> bool:
    """Whether a line without a mark is a heading: in capitals, or a short line alone without a full stop."""
    if len(text) > 110:
        return False
    if _PART_TITLE.match(text) and not text.rstrip().endswith((".", ";", ",")):
        return True
    if not (alone or text.isupper()) or sum(map(str.isalpha, text)) < 6:
        return False
    counted = any(map(str.isdigit, text)) and any(map(str.isdigit, _YEARS.sub("", text)))
    ends = text.rstrip()[-1].isalnum() or (text[0] == "*" and text.endswith("?"))  # "* Sang năm làm gì?"
    return text.isupper() or (not counted and len(text) <= 80 and text.lstrip("* ")[:1].isupper() and ends)


def _groups(blocks: Sequence[Block], outline: Sequence[Section], rows: frozenset[int]) -> list[_Group]:
    headings = {(s.address.page, s.address.line, s.address.cell): s for s in outline}
    width = _wrap_width(blocks)
    groups: list[_Group] = []
    trail: list[Section] = []
    gap, turned = True, False
    for index, block in enumerate(blocks):
        text = block.text.strip()
        if not text:
            gap = True
            continue
        paged = text.isdigit() and len(text) <= 3 and (gap or _gap_behind(blocks, index))
        paged = paged and not (in_column(blocks, index) and not (gap and _gap_behind(blocks, index)))
        paged = paged or is_page_number(blocks, index) or is_speck(blocks, index)
        if paged and index not in rows and not (groups and groups[-1].blocks[-1].text.rstrip().endswith(":")):
            turned = True
            continue  # The number of a page.
        section = headings.get((block.address.page, block.address.line, block.address.cell))
        if section is not None and (index in rows or _is_statement(section.title)):
            section = None
        last = groups[-1] if groups else None
        hangs = gap and last is not None and _hangs(last.blocks[-1].text, width, turned)
        gap, turned = gap and not hangs, False
        if (
            section is None
            and not hangs
            and index not in rows
            and _looks_like_title(text, gap and _gap_behind(blocks, index))
        ):
            # The first lines are the letterhead, whose capitals head nothing.
            headed = next(islice((group for group in groups if group.kind != "row"), 6, None), None)
            section = Section("", 1 if text.isupper() else 9, text, block.address) if headed else None
        if section is not None:
            trail = [s for s in trail if s.level < section.level] + [section]
            # What a heading says of itself is no context of it, so its own title isn't in its path.
            groups.append(_Group(index, "heading", [block], tuple(s.title for s in trail)))
        elif index in rows:
            groups.append(_Group(index, "row", [block], tuple(s.title for s in trail)))
            gap = True
            continue
        elif last and last.kind != "row" and _joins(last.blocks[-1].text, gap, text, width):
            if _is_wrapped_item(last, text, width):
                # A numbered item of full lines is no heading, whatever its mark.
                trail = trail[:-1]
                last.kind, last.path, last.blocks = "prose", last.path[:-1], [*last.blocks, block]
            elif last.kind == "heading" and not (LOWER_START.match(text) or text[0].isdigit()):
                groups.append(_Group(index, "prose", [block], tuple(s.title for s in trail), _depth(text)))
            else:
                last.blocks.append(block)
        else:
            groups.append(_Group(index, "prose", [block], tuple(s.title for s in trail), _depth(text)))
        gap = False
    return groups


def build_passage(
    blocks: Sequence[Block],
    kind: PassageKind,
    path: tuple[str, ...],
    damaged: bool,
    lead: str = "",
    depth: int = 0,
) -> Passage:
    """Join blocks into one passage."""
    starts, parts, offset = [], [], 0
    cells: list[tuple[int, Address]] = []
    for block in blocks:
        line = " ".join(unicodedata.normalize("NFC", block.text).replace("\t", " | ").split())
        starts.append(offset)
        cells += [(offset + start, address) for start, address in block.cells]
        parts.append(line)
        offset += len(line) + 1
    raw = " ".join(parts)
    text = for_matching(raw)
    addresses = tuple(block.address for block in blocks)
    return Passage(kind, text, raw, tuple(starts), addresses, path, lead, damaged, depth, tuple(cells))


def read_passages(
    document: Document, outline: Sequence[Section], rows: frozenset[int] = frozenset()
) -> list[tuple[int, Passage]]:
    """Return (index of the first block, passage) of a document in reading order.

    Args:
        document: Blocks in reading order.
        outline: Headings, by address.
        rows: Indexes of blocks that are rows of a table and stay alone.
    """
    whole = is_damaged(document.text)
    passages: list[tuple[int, Passage]] = []
    leads: dict[int, str] = {}
    for group in _groups(document.blocks, outline, rows):
        text = " ".join(block.text for block in group.blocks)
        damaged = is_damaged(text) if len(text) > 60 else whole
        if group.kind == "heading":
            leads = {}
        lead = " ".join(leads[depth] for depth in sorted(leads) if depth < group.depth)
        passage = build_passage(group.blocks, group.kind, group.path, damaged, lead, group.depth)
        passages.append((group.first, passage))
        leads = {depth: words for depth, words in leads.items() if depth < group.depth}
        if text.rstrip().endswith((":", "?")):
            leads[group.depth] = text
    return passages
