"""One picture of a page → its words and the grids of its tables, upright and straight.

Belongs here: the order of cleaning, turning, recognising and looking again. Does not belong: pixels (``picture``),
the recogniser (``ocr``), lines (``layout``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import ImageOps

from nq57_assets.readers.effort import next_page
from nq57_assets.readers.grids import Grid, Rule, find_grids
from nq57_assets.readers.layout import Word
from nq57_assets.readers.ocr import orientation, recognise
from nq57_assets.readers.picture import flatten_light, is_shaded, straighten, without_rules

if TYPE_CHECKING:
    from PIL import Image

_LEGIBLE = 0.6
_DOUBTFUL = 0.75
_MOST_CELLS = 40
_LEAST_INK = 0.002
_MARGIN = 24


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A recognised page: words and grids in points, ``legible`` when the recogniser trusts its own reading."""

    words: tuple[Word, ...]
    grids: tuple[Grid, ...]
    confidence: float

    @property
    def legible(self) -> bool:
        """Whether the page can be taken for text at all."""
        return bool(self.words) and self.confidence >= _LEGIBLE


def read_picture(picture: Image.Image, dpi: int) -> ScannedPage:
    """Recognise a grey picture of one page.

    Args:
        picture: The page in any orientation.
        dpi: Its resolution.

    Raises:
        nq57_assets.readers.ocr.PageTimeoutError: The recogniser found no end.
    """
    next_page()
    if is_shaded(picture):
        picture = flatten_light(picture)
    page = _read_upright(picture, dpi)
    if page.confidence < _DOUBTFUL:
        turn = orientation(picture.reduce(max(1, dpi // 150)))
        if turn:
            turned = _read_upright(picture.rotate(-turn, expand=True, fillcolor=255), dpi)
            page = max(page, turned, key=lambda one: (one.confidence, len(one.words)))
    return page


def _read_upright(picture: Image.Image, dpi: int) -> ScannedPage:
    level = straighten(picture)
    ruled = without_rules(level, dpi)
    # Measured: the page is read alike with its rules, but a crop of a cell only without them.
    seen = recognise(level, dpi)
    scale = 72 / dpi
    grids = find_grids([_scaled(rule, scale) for rule in ruled.rules])
    words = [_in_points(word, scale) for word in seen.words]
    if grids:
        words = [replace(word, text=text) for word in words if (text := word.text.strip("|‖¦_"))]
    words += _overlooked(ruled.picture, grids, words, dpi)
    return ScannedPage(tuple(words), tuple(grids), seen.confidence)


def _mode_of(crop: Image.Image, dpi: int) -> int:
    """Return tesseract's mode for a cell: one line, or a block where it is higher than two."""
    return 7 if crop.height < 0.45 * dpi else 6


def _scaled(rule: Rule, scale: float) -> Rule:
    return Rule(rule.horizontal, rule.at * scale, rule.start * scale, rule.end * scale)


def _in_points(word: Word, scale: float) -> Word:
    return replace(
        word,
        left=word.left * scale,
        top=word.top * scale,
        right=word.right * scale,
        bottom=word.bottom * scale,
    )


def _overlooked(picture: Image.Image, grids: Sequence[Grid], words: Sequence[Word], dpi: int) -> list[Word]:
    """Look again into cells with ink but no word: a digit alone in its cell is what page analysis drops first."""
    grey = np.asarray(picture)
    scale = dpi / 72
    found: list[Word] = []
    for grid in grids:
        taken = {grid.cell_at(word.centre, word.middle) for word in words}
        for (row, column), owner in grid.owner.items():
            if owner != (row, column) or owner in taken or len(found) >= _MOST_CELLS:
                continue
            covers = [place for place, own in grid.owner.items() if own == owner]
            right, bottom = max(c for _, c in covers) + 1, max(r for r, _ in covers) + 1
            box = [
                round(edge * scale) + margin
                for edge, margin in (
                    (grid.xs[column], 6), (grid.ys[row], 6), (grid.xs[right], -6), (grid.ys[bottom], -6)
                )
            ]  # fmt: skip
            cell = grey[box[1] : box[3], box[0] : box[2]]
            if cell.size == 0 or (cell < 128).mean() < _LEAST_INK:
                continue
            crop = picture.crop((box[0], box[1], box[2], box[3]))
            part = recognise(ImageOps.expand(crop, _MARGIN, 255), dpi, mode=_mode_of(crop, dpi))
            for word in part.words:
                inside = _in_points(word, 1 / scale)
                found.append(
                    replace(
                        inside,
                        left=inside.left + (box[0] - _MARGIN) / scale,
                        right=inside.right + (box[0] - _MARGIN) / scale,
                        top=inside.top + (box[1] - _MARGIN) / scale,
                        bottom=inside.bottom + (box[1] - _MARGIN) / scale,
                    )
                )
    return found
