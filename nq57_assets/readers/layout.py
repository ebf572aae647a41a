"""Words with places on a page, chained into lines, alike for text layers and recognised words.

Belongs here: what stands level with what. Does not belong: where the words come from (``pdf_glyphs``, ``ocr``),
tables (``drawn_tables``), the order of a page (``page_blocks``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nq57_assets.readers.characters import clean

COLUMN_GAP = "   "
_GAP_OF_COLUMNS = 1.3
_SURE = 0.85
_SQUARE = ("km", "m2")  # the raised 2 of a unit is often doubtful and never a figure


@dataclass(frozen=True, slots=True)
class Word:
    """One word and its box in points from the page's top left; ``confidence`` of its characters, 0 to 1."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float = 1.0

    @property
    def height(self) -> float:
        """Height of the box."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Height of the box's middle on the page."""
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        """Distance of the box's middle from the left edge."""
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Line:
    """Words that stand level, from left to right."""

    words: tuple[Word, ...]

    @property
    def top(self) -> float:
        """Upper edge of the highest word."""
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        """Lower edge of the lowest word."""
        return max(word.bottom for word in self.words)

    @property
    def middle(self) -> float:
        """Height of its middle on the page."""
        return median([word.middle for word in self.words])

    @property
    def height(self) -> float:
        """Height of its usual word."""
        return median([word.height for word in self.words])

    @property
    def confidence(self) -> float:
        """How sure its digits are: one doubtful digit makes a figure doubtful, however sure its noun is."""
        digits = (w for w in self.words if any(map(str.isdigit, w.text)) and not w.text.startswith(_SQUARE))
        return min(map(sureness, digits), default=1.0)

    @property
    def text(self) -> str:
        """The words, with a wide gap where columns stand side by side."""
        gaps = [after.left - before.right for before, after in zip(self.words, self.words[1:], strict=False)]
        usual = median(gaps)
        parts = [self.words[0].text]
        for gap, word in zip(gaps, self.words[1:], strict=True):
            wide = gap > max(_GAP_OF_COLUMNS * self.height, 3.5 * usual if len(gaps) > 2 else 0)
            parts.append((COLUMN_GAP if wide else " ") + word.text)
        return clean("".join(parts))


@dataclass(frozen=True, slots=True)
class TableRow:
    """What a table's row says: its text with pipes, where each cell begins in it, how many lines it takes."""

    top: float
    text: str
    cells: tuple[int, ...]
    confidence: float
    height: int


def sureness(word: Word) -> float:
    """Return how far a word's digits can be relied on: a recogniser that is sure is nearly never wrong in them."""
    return 1.0 if word.confidence >= _SURE else word.confidence


def median(values: Sequence[float]) -> float:
    """Return the middle one of some values, 0 of none."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2] if ordered else 0.0


def chain(words: Sequence[Word]) -> list[Line]:
    """Chain words into lines, from the top: each joins the line whose last words stand level with it."""
    open_lines: list[list[Word]] = []
    levels: list[float] = []  # where each line stands now
    usual = median([word.height for word in words])
    least = 0.6 * usual
    for word in sorted(words, key=lambda w: w.left):
        middle, height = word.middle, word.height
        best, nearest = -1, 0.0
        for place, level in enumerate(levels):
            # A slanted line drifts slowly: its last words tell its height better than its first.
            off = abs(level - middle)
            if off < 0.5 * max(height, least) and (best < 0 or off < nearest):
                reach = 0.5 * max(min(open_lines[place][-1].height, height), least)
                if off < reach:
                    best, nearest = place, off
        if best < 0:
            open_lines.append([word])
            levels.append(middle)
        else:
            open_lines[best].append(word)
            levels[best] = _level(open_lines[best])
    return sorted((Line(tuple(line)) for line in open_lines), key=lambda line: line.middle)


def _level(line: list[Word]) -> float:
    recent = line[-3:]
    return sum(word.middle for word in recent) / len(recent)
