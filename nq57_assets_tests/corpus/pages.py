"""Draw a corpus document on A4 pages as an office would print it and a scanner would see it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from nq57_assets_tests.corpus.marked import Line, Marked, without_marks

FONTS = "/usr/share/fonts/truetype"
FACES = {
    "liberation": tuple(
        f"{FONTS}/liberation2/LiberationSerif-{s}.ttf" for s in ("Regular", "Bold", "Italic")
    ),
    "noto": tuple(f"{FONTS}/noto/NotoSerif-{s}.ttf" for s in ("Regular", "Bold", "Italic")),
    "dejavu": tuple(f"{FONTS}/dejavu/DejaVuSerif{s}.ttf" for s in ("", "-Bold", "-Italic")),
    "sans": tuple(f"{FONTS}/liberation2/LiberationSans-{s}.ttf" for s in ("Regular", "Bold", "Italic")),
}
# Most offices print in Times; the wider faces are set smaller to fill the page alike.
_CHOICES = (
    ("liberation", 14.0),
    ("liberation", 13.0),
    ("liberation", 14.0),
    ("noto", 12.0),
    ("dejavu", 11.5),
    ("sans", 12.5),
)


@dataclass
class Sheet:
    """One page in the making: where the pen is and the means to draw."""

    dpi: int
    face: str
    points: float
    pages: list[Image.Image] = field(default_factory=list)
    y: float = 0

    def __post_init__(self) -> None:
        size = round(self.points * self.dpi / 72)
        self.regular, self.bold, self.italic = (ImageFont.truetype(path, size) for path in FACES[self.face])
        self.small, self.head = (ImageFont.truetype(FACES[self.face][n], round(size * 0.86)) for n in (0, 1))
        self.width, self.height = round(8.27 * self.dpi), round(11.69 * self.dpi)
        self.left, self.right = round(1.15 * self.dpi), self.width - round(0.75 * self.dpi)
        self.top, self.bottom = round(0.8 * self.dpi), self.height - round(0.8 * self.dpi)
        self.step = size * 1.32
        self.turn()

    def turn(self, label: str = "") -> None:
        """Begin a new page, with its number at the head where one is given."""
        self.pages.append(Image.new("L", (self.width, self.height), 255))
        self.pen = ImageDraw.Draw(self.pages[-1])
        self.y = self.top
        if label:
            self.pen.text(
                ((self.width - self.pen.textlength(label, self.regular)) / 2, self.top * 0.6),
                label,
                0,
                self.regular,
            )

    def room(self, height: float) -> None:
        """Turn the page when the height does not fit."""
        if self.y + height > self.bottom:
            self.turn(str(len(self.pages) + 1))

    def fold(self, text: str, font: ImageFont.FreeTypeFont, width: float, indent: float = 0) -> Iterator[str]:
        """Break a text into lines of a width in pixels."""
        line: list[str] = []
        space = width - indent
        for word in text.split():
            if line and self.pen.textlength(" ".join([*line, word]), font) > space:
                yield " ".join(line)
                line, space = [], width
            line.append(word)
        yield " ".join(line)

    def centred(self, text: str, middle: float, width: float, font: ImageFont.FreeTypeFont) -> None:
        """Draw a text in lines centred on a column."""
        for part in self.fold(text, font, width):
            self.room(self.step)
            self.pen.text((middle - self.pen.textlength(part, font) / 2, self.y), part, 0, font)
            self.y += self.step

    def paragraph(self, text: str, font: ImageFont.FreeTypeFont, justify: bool) -> None:
        """Draw a paragraph with an indented first line, spread to both margins when ``justify``."""
        indent = 0.4 * self.dpi
        width = self.right - self.left
        parts = list(self.fold(text, font, width, indent))
        for index, part in enumerate(parts):
            self.room(self.step)
            x = self.left + (indent if index == 0 else 0)
            words = part.split()
            gap = self.pen.textlength(" ", font)
            if justify and index < len(parts) - 1 and len(words) > 1:
                gap = (self.right - x - sum(self.pen.textlength(word, font) for word in words)) / (
                    len(words) - 1
                )
            for word in words:
                self.pen.text((x, self.y), word, 0, font)
                x += self.pen.textlength(word, font) + gap
            self.y += self.step
        self.y += self.step * 0.15


def draw(document: Marked, seed: str) -> list[Image.Image]:
    """Return the pages of a document as a scanner saw them; the same seed gives the same pages."""
    chance = random.Random(seed)
    face, points = chance.choice(_CHOICES)
    dpi = chance.choice((200, 200, 240, 300))
    sheet = Sheet(dpi, face, points)
    justify = chance.random() < 0.6
    lines = list(document.lines)
    while lines:
        line = lines.pop(0)
        if line.kind == "head":
            block = [line]
            while lines and lines[0].kind == "head":
                block.append(lines.pop(0))
            _two_columns(sheet, block)
        else:
            _one(sheet, line, justify)
    return [_scanned(page, chance) for page in sheet.pages]


def _one(sheet: Sheet, line: Line, justify: bool) -> None:
    text = without_marks(line.text)
    if line.kind == "page":
        sheet.turn(text)
    elif line.kind == "table":
        _table(sheet, line)
    elif line.kind == "centre":
        sheet.centred(text, sheet.width / 2, 0.66 * sheet.width, sheet.bold)
    elif line.kind == "place":
        sheet.centred(text, 0.68 * sheet.width, 0.5 * sheet.width, sheet.italic)
    elif not text:
        sheet.y += sheet.step * 0.45
    else:
        sheet.paragraph(text, sheet.bold if line.kind == "heading" else sheet.regular, justify)


def _two_columns(sheet: Sheet, block: list[Line]) -> None:
    """Draw letterhead or signature: each row's halves are centred on their columns; the place line is italic."""
    sheet.room(sheet.step * min(len(block), 8))
    for line in block:
        top = sheet.y
        ends = []
        for text, middle, width in ((line.text, 0.29, 0.36), (line.right, 0.70, 0.46)):
            sheet.y = top
            text = without_marks(text)
            if text:
                capitals = text.upper() == text or text.startswith("Độc lập")
                font = sheet.italic if ", ngày" in text else sheet.head if capitals else sheet.regular
                if text.startswith("- "):
                    sheet.pen.text((sheet.left, sheet.y), text, 0, sheet.small)
                    sheet.y += sheet.step * 0.9
                else:
                    sheet.centred(text, middle * sheet.width, width * sheet.width, font)
            ends.append(sheet.y)
        sheet.y = max(*ends, top + sheet.step * 0.5)


def _table(sheet: Sheet, table: Line) -> None:
    """Draw a ruled table; widths follow the longest words so that narrow columns stay narrow."""
    rows = [[without_marks(cell) for cell in row] for row in table.rows]
    count = max(len(row) for row in rows)
    wish = [max((len(row[i]) for row in rows if i < len(row)), default=1) for i in range(count)]
    share = [max(min(w, 46), 6) ** 0.8 for w in wish]
    total = sheet.right - sheet.left
    widths = [total * s / sum(share) for s in share]
    pad = 0.11 * sheet.dpi
    sheet.y += sheet.step * 0.3
    for index, row in enumerate(rows):
        font = sheet.bold if index == 0 else sheet.regular
        cells = [list(sheet.fold(cell, font, widths[i] - 2 * pad)) for i, cell in enumerate(row)]
        height = max(len(cell) for cell in cells) * sheet.step * 0.95 + 2 * pad
        sheet.room(height)
        x: float = sheet.left
        for i, cell in enumerate(cells):
            wide = widths[i] if len(row) == count else total * share[i] / sum(share[: len(row)])
            sheet.pen.rectangle(
                (x, sheet.y, x + wide, sheet.y + height), outline=0, width=max(1, round(sheet.dpi / 150))
            )
            for k, part in enumerate(cell):
                spare = wide - 2 * pad - sheet.pen.textlength(part, font)
                short = max(len(other[i]) for other in rows if i < len(other)) < 16
                sheet.pen.text(
                    (x + pad + (spare / 2 if short else 0), sheet.y + pad + k * sheet.step * 0.95),
                    part,
                    0,
                    font,
                )
            x += wide
        sheet.y += height
    sheet.y += sheet.step * 0.4


def _scanned(page: Image.Image, chance: random.Random) -> Image.Image:
    """Add what a scanner adds: a slight turn, soft edges, uneven grey and grain."""
    page = page.rotate(chance.uniform(-0.45, 0.45), resample=Image.Resampling.BICUBIC, fillcolor=255)
    page = page.filter(ImageFilter.GaussianBlur(chance.uniform(0.4, 0.9)))
    grey = np.asarray(page, dtype=np.float32)
    noise = np.random.default_rng(chance.randrange(2**32)).normal(0, chance.uniform(4, 16), grey.shape)
    slope = np.linspace(0, chance.uniform(-14, 14), grey.shape[1])[None, :]
    return Image.fromarray(np.clip(grey * 0.93 + 8 + noise + slope, 0, 255).astype(np.uint8))
