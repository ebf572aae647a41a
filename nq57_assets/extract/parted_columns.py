"""Tables that recognition read column by column: all labels first and then all values, or the other way round.

Belongs here: telling such a table, and pairing the n-th label with the n-th value; nothing where counts differ or words
speak against it. Does not belong: tables whose cells stand a line each, row by row (``stacked_tables``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

import re2

from nq57_assets.extract.cells import Row
from nq57_assets.extract.columns import figure_offset, has_figure, holds_value, is_one
from nq57_assets.extract.passages import build_passage
from nq57_assets.extract.torn_titles import column_named
from nq57_assets.model import Block
from nq57_assets.vietnamese.fold import fold
from nq57_assets.vietnamese.syllables import is_syllable

_FEWEST = 4
_LONGEST_LINE, _LONGEST_SPECK, _NEAR = 75, 3, 6
_FIGURED, _AGREE = 0.6, 0.3
_LABEL = re2.compile(r"^(?:[A-ZĐÐ]{0,2}\d{1,2}(?:\.\d{1,2})?[.)]\s*)?[\"“(]?\p{Lu}")
_CODE = re2.compile(r"^[A-ZĐÐ]{0,2}(\d{1,2})[.)]?\s")
# A value begins with its figure; "1. Tổ", "2 Tổ" and dates do not.
_VALUE = re2.compile(
    r"^(?:(?i:trên|hơn|gần|khoảng|ước|đạt|tren|hon|gan|khoang|dat)\s+|[><≥≤~]\s?)?"
    r"\d[\d.,]*\s?(?:%|/\s?\d[\d.,]*)?(?:$|[\s,;(/]+(?:$|[^\p{Lu}\s]))"
)
_DATE = re2.compile(r"^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
_NUMBERED = re2.compile(r"^\d{1,2}(?:\.\d{1,2}){0,2}[.)]\s+\S")
_OPEN = re2.compile(r"(?:[:,;/(–-]|(?:^|\s)(?:và|có|của|đạt|cho|là|với|đến|từ|các|theo|ngày|tại|về))$")
_PAPER = re2.compile(r"(?i:(?:ngh[iị] quy[eếé]t|[đd][eềé] [aá]n|nq)[ -]?\d{1,3})|\d[gG]\b")
_SMALL = frozenset(["co", "cua", "va", "so", "cho", "duoc", "cac", "la", "tai", "ve", "theo", "da"])


@dataclass(frozen=True, slots=True)
class _Cell:
    """Lines of one cell.

    Attributes:
        lines: Their indexes.
        text: What they say.
        kind: value (begins with a figure), mixed (a figure among words), label, group (capitals), title (of a column),
            other.
    """

    lines: tuple[int, ...]
    text: str
    kind: str


class PartedColumns:
    """Finds the tables of one document that stand column by column.

    Args:
        blocks: Its lines.
        damaged: The text has lost its Vietnamese marks.
    """

    def __init__(self, blocks: Sequence[Block], damaged: bool) -> None:
        self._blocks = blocks
        self._damaged = damaged
        found = self._find() if self._may_hold_tables() else ()
        self._tables = {min(pairs[0][0].lines[0], pairs[0][1].lines[0]): pairs for pairs in found}

    def region(self, start: int) -> list[int]:
        """Return the lines of the table whose first cell begins at ``start``, or none."""
        pairs = self._tables.get(start)
        return list(range(start, max(c.lines[-1] for pair in pairs for c in pair) + 1)) if pairs else []

    def rows(self, start: int) -> list[Row]:
        """Return the rows of the table that begins at ``start``: each label with its value."""
        return [self._row(label, value) for label, value in self._tables[start]]

    def _row(self, label: _Cell, value: _Cell) -> Row:
        lines = (*label.lines, *value.lines)
        if not holds_value(value.text) or not is_one(value.text):
            text = f"{label.text.rstrip(' :')}: {value.text}"
            said = replace(self._blocks[value.lines[0]], text=text, cells=())
            return Row(build_passage([said], "prose", (label.text,), self._damaged), None, True, lines)
        passage = build_passage([self._blocks[i] for i in lines], "row", (), self._damaged)
        place = passage.starts[len(label.lines)] + figure_offset(value.text)
        return Row(passage, place, True, lines, "?")

    def _may_hold_tables(self) -> bool:
        """Whether several lines near each other begin with a figure: cheap, and few documents have a column of values."""
        filled = [text for block in self._blocks if (text := block.text.strip())]
        begun = [i for i, text in enumerate(filled) if text[0].isdigit() and len(text) <= _LONGEST_LINE]
        begun = [i for i in begun if _VALUE.match(filled[i]) is not None]
        return any(last - first < _NEAR for first, last in zip(begun, begun[2:], strict=False))

    def _find(self) -> Iterator[list[tuple[_Cell, _Cell]]]:
        cells = self._cells()
        behind = 0
        for first, cell in enumerate(cells):
            if cell.kind != "value" or first < behind:
                continue
            run = list(takewhile(lambda c: c.kind in ("value", "mixed", "label"), cells[first:]))
            pairs = self._labels_first(cells[:first], run) or self._values_first(cells, first)
            if pairs:
                behind = first + len(pairs)
                yield pairs

    def _labels_first(self, above: Sequence[_Cell], run: Sequence[_Cell]) -> list[tuple[_Cell, _Cell]]:
        """Pair the labels directly above a run of values with as many of them, if the run ends there."""
        labels = list(takewhile(lambda c: c.kind in ("label", "group", "title"), reversed(above)))[::-1]
        labels = _counted_end([cell for cell in labels if cell.kind == "label"])
        values = list(run[: len(labels)])
        goes_on = len(run) > len(values) and run[len(values)].kind == "value"
        return [] if goes_on or not values or values[-1].kind == "label" else _paired(labels, values)

    def _values_first(self, cells: Sequence[_Cell], first: int) -> list[tuple[_Cell, _Cell]]:
        """Pair values with the labels below them, where each column stands below its title."""
        title = next((i for i in range(first - 1, -1, -1) if cells[i].kind not in ("label", "mixed")), -1)
        if title < 0 or column_named(cells[title].text) not in ("asked", "total"):
            return []
        values = list(takewhile(lambda c: c.kind in ("value", "mixed", "label"), cells[title + 1 :]))
        other = title + 1 + len(values)
        if other >= len(cells) or column_named(cells[other].text) != "label":
            return []
        return _paired(list(takewhile(lambda c: c.kind == "label", cells[other + 1 :])), values)

    def _cells(self) -> list[_Cell]:
        """Put the lines together that make one cell: a cell begins in capitals or with a figure."""
        cells: list[_Cell] = []
        for index, block in enumerate(self._blocks):
            text = " ".join(block.text.split())
            if _is_speck(text):
                continue
            last = cells[-1].text if cells else "."
            begins = _VALUE.match(text) is not None and _DATE.match(text) is None
            begins = begins or (_LABEL.match(text) is not None)
            goes_on = not begins or _OPEN.search(last) is not None
            if goes_on and cells and cells[-1].kind != "other" and len(text) <= _LONGEST_LINE:
                whole = f"{last} {text}"
                kind = _kind_of(whole, self._blocks[cells[-1].lines[0]].text.strip())
                cells[-1] = _Cell((*cells[-1].lines, index), whole, kind)
            else:
                cells.append(_Cell((index,), text, _kind_of(text, text)))
        return cells


def _is_speck(text: str) -> bool:
    """Whether a line is empty, or holds a few letters that are neither a word nor an abbreviation."""
    if len(text) > _LONGEST_SPECK or any(map(str.isdigit, text)):
        return False
    return not (is_syllable(text) or (len(text) == _LONGEST_SPECK and text.isupper() and text.isalpha()))


def _kind_of(text: str, first: str) -> str:
    """Return the kind of a cell by its text and its first line."""
    if len(first) > _LONGEST_LINE or "|" in text or (_NUMBERED.match(first) and not first[:1].isalpha()):
        return "other"
    if _VALUE.match(first) and not _DATE.match(first):
        return "value"
    if not _LABEL.match(first):
        return "other"
    if column_named(text):
        return "title"
    if text.isupper() and len(text) > _LONGEST_SPECK:
        return "group"
    rest = text[code.end() :] if (code := _CODE.match(text)) else text
    return "mixed" if has_figure(_PAPER.sub("", rest)) else "label"


def _counted_end(labels: Sequence[_Cell]) -> list[_Cell]:
    """Return the labels at the end that are counted through, all where the last bears no number."""
    numbers = [_number_of(cell) for cell in labels]
    if not labels or numbers[-1] is None:
        return list(labels)
    last = numbers[-1]
    count = sum(1 for _ in takewhile(lambda i: numbers[-1 - i] == last - i, range(len(labels))))
    return list(labels[-count:])


def _number_of(cell: _Cell) -> int | None:
    code = _CODE.match(cell.text)
    return int(code.group(1)) if code else None


def _paired(labels: Sequence[_Cell], values: Sequence[_Cell]) -> list[tuple[_Cell, _Cell]]:
    """Return the n-th label with the n-th value, if there are as many and they belong together in this order.

    Either the labels are counted through, or words that labels and values share speak for this order and not for one
    shifted by a row.
    """
    count = len(labels)
    figured = sum(cell.kind == "value" for cell in values)
    if count < _FEWEST or len(values) != count or figured < _FIGURED * count:
        return []
    through = _number_of(labels[-1]) is not None and len(_counted_end(labels)) == count == figured
    shared = [_shared(labels, values, shift) for shift in (0, -1, 1)]
    if through or (shared[0] > max(shared[1:]) and shared[0] >= _AGREE * count):
        return list(zip(labels, values, strict=True))
    return []


def _shared(labels: Sequence[_Cell], values: Sequence[_Cell], shift: int) -> int:
    """Return how many labels share a word with the value ``shift`` rows further."""
    pairs = [(labels[i], values[i + shift]) for i in range(len(labels)) if 0 <= i + shift < len(values)]
    return sum(bool(_words(label.text) & _words(value.text)) for label, value in pairs)


def _words(text: str) -> frozenset[str]:
    words = ("".join(filter(str.isalpha, word)) for word in fold(text).split())
    return frozenset(word for word in words if len(word) > 1 and word not in _SMALL)
