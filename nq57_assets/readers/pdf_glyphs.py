"""What PDFium finds on one page: words with their places, ruled lines, and how far the text can be trusted.

Belongs here: calls of PDFium. Does not belong: order of the words (``layout``), pictures of pages (``ocr``).
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pypdfium2.raw as pdfium

from nq57_assets.readers.grids import Rule
from nq57_assets.readers.layout import Word

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_MOST_CHARACTERS = 60_000
_MOST_OBJECTS = 40_000
_WORD_GAP = 0.25
_THIN = 3.0
_SHORTEST_RULE = 6.0
_INVISIBLE = (3, 7)
_LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}
_HYPHENS = {0x02: "-", 0xAD: "-", 0x2010: "-", 0x2011: "-"}
Turn = Callable[[float, float], tuple[float, float]]


@dataclass(slots=True)
class PageText:
    """The text layer of a page.

    Attributes:
        words: Visible words, upright as a person sees the page, in points from its top left.
        rules: Ruled lines, in the same points.
        width: Width of the page in points.
        height: Height of the page in points.
        characters: How many visible characters there are.
        broken: How many of them have no proper Unicode value.
        invisible: How many characters are drawn so that nobody sees them.
        pictured: Share of the page that its largest picture covers, 0 to 1.
    """

    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    characters: int = 0
    broken: int = 0
    invisible: int = 0
    pictured: float = 0.0


@dataclass(slots=True)
class _Glyph:
    text: str
    left: float
    top: float
    right: float
    bottom: float


def read_text(page: PdfPage) -> PageText:
    """Return the text layer of a page; text outside the page, across it or painted twice is left out."""
    width, height = page.get_size()
    found = PageText(width, height)
    turn = _upright(page)
    _read_objects(page, turn, found)
    glyphs: list[_Glyph] = []
    handle = pdfium.FPDFText_LoadPage(page.raw)
    if handle:
        try:
            _collect(handle, turn, found, glyphs)
        finally:
            pdfium.FPDFText_ClosePage(handle)
    _flush(glyphs, found)
    found.words = list(_once(found.words))
    return found


def _upright(page: PdfPage) -> Turn:
    """Return the mapping from the file's coordinates to points from the top left of the page as it is seen."""
    width, height = page.get_size()
    x, y = ctypes.c_int(), ctypes.c_int()
    scale = 100

    def device(px: float, py: float) -> tuple[float, float]:
        pdfium.FPDF_PageToDevice(
            page.raw,
            0,
            0,
            int(width * scale),
            int(height * scale),
            0,
            px,
            py,
            ctypes.byref(x),
            ctypes.byref(y),
        )
        return x.value / scale, y.value / scale

    origin, right, up = device(0, 0), device(100, 0), device(0, 100)
    ax, ay = (right[0] - origin[0]) / 100, (right[1] - origin[1]) / 100
    bx, by = (up[0] - origin[0]) / 100, (up[1] - origin[1]) / 100
    return lambda px, py: (origin[0] + ax * px + bx * py, origin[1] + ay * px + by * py)


def _collect(handle: Any, turn: Turn, found: PageText, glyphs: list[_Glyph]) -> None:
    box = pdfium.FS_RECTF()
    zero, one = turn(0, 0), turn(1, 0)
    slant = math.atan2(one[1] - zero[1], one[0] - zero[0])
    for index in range(min(pdfium.FPDFText_CountChars(handle), _MOST_CHARACTERS)):
        code = pdfium.FPDFText_GetUnicode(handle, index)
        if code in (0x20, 0xA0, 0x0D, 0x0A, 0x09) or pdfium.FPDFText_IsGenerated(handle, index) == 1:
            _flush(glyphs, found)
            continue
        angle = pdfium.FPDFText_GetCharAngle(handle, index)
        if abs(math.remainder(slant - angle, 2 * math.pi)) > 0.3:
            continue  # a stamp or mark across the page
        if _is_invisible(handle, index):
            found.invisible += 1
            continue
        if not pdfium.FPDFText_GetLooseCharBox(handle, index, ctypes.byref(box)):
            continue
        (x0, y0), (x1, y1) = turn(box.left, box.bottom), turn(box.right, box.top)
        glyph = _Glyph(_character(code), min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        if not (-1 <= glyph.left <= found.width + 1 and -1 <= glyph.top <= found.height + 1):
            continue
        found.characters += 1
        found.broken += _is_broken(code) or pdfium.FPDFText_HasUnicodeMapError(handle, index) == 1
        if glyphs and not _goes_on(glyphs[-1], glyph):
            _flush(glyphs, found)
        glyphs.append(glyph)


def _character(code: int) -> str:
    if code in _HYPHENS:
        return _HYPHENS[code]
    return _LIGATURES.get(code) or (
        chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    )


def _is_broken(code: int) -> bool:
    """Whether a code stands for no character: a replacement, a private one, a control."""
    return code in (0, 0xFFFD) or 0xE000 <= code < 0xF900 or (code < 0x20 and code != 0x02)


def _is_invisible(handle: Any, index: int) -> bool:
    drawn = pdfium.FPDFText_GetTextObject(handle, index)
    return bool(drawn) and pdfium.FPDFTextObj_GetTextRenderMode(drawn) in _INVISIBLE


def _goes_on(last: _Glyph, glyph: _Glyph) -> bool:
    """Whether a character stands right behind another: a mark that stands on its letter does too."""
    height = max(last.bottom - last.top, 1.0)
    level = abs((last.top + last.bottom) - (glyph.top + glyph.bottom)) / 2 < 0.5 * height
    return level and -height < glyph.left - last.right < _WORD_GAP * height


def _flush(glyphs: list[_Glyph], found: PageText) -> None:
    if glyphs:
        word = Word(
            "".join(glyph.text for glyph in glyphs),
            min(glyph.left for glyph in glyphs),
            min(glyph.top for glyph in glyphs),
            max(glyph.right for glyph in glyphs),
            max(glyph.bottom for glyph in glyphs),
        )
        if word.right > word.left and word.bottom > word.top:
            found.words.append(word)
        glyphs.clear()


def _once(words: list[Word]) -> Iterator[Word]:
    """Yield each word once: some programs paint a word twice to make it bold."""
    seen: dict[str, list[Word]] = {}
    for word in words:
        twins = seen.setdefault(word.text, [])
        near = 0.25 * word.height
        if any(abs(twin.left - word.left) < near and abs(twin.top - word.top) < near for twin in twins[-8:]):
            continue
        twins.append(word)
        yield word


def _read_objects(page: PdfPage, turn: Turn, found: PageText) -> None:
    """Collect ruled lines and the size of pictures from the page and the forms it shows."""
    area = found.width * found.height or 1.0
    for number, shown in enumerate(page.get_objects(max_depth=3)):
        if number >= _MOST_OBJECTS:
            break
        if shown.type == pdfium.FPDF_PAGEOBJ_PATH:
            found.rules.extend(_rules(shown, turn))
        elif shown.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = shown.get_bounds()
            found.pictured = max(found.pictured, abs((right - left) * (top - bottom)) / area)


def _rules(shown: Any, turn: Turn) -> Iterator[Rule]:
    """Yield the straight pieces of a path that run along the page: strokes, and boxes so thin that they are strokes."""
    points = _points(shown, turn)
    if not points:
        return
    xs, ys = [p[0] for p, _ in points], [p[1] for p, _ in points]
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    if bottom - top <= _THIN and right - left >= _SHORTEST_RULE:
        yield Rule(True, (top + bottom) / 2, left, right)
    elif right - left <= _THIN and bottom - top >= _SHORTEST_RULE:
        yield Rule(False, (left + right) / 2, top, bottom)
    elif _is_stroked(shown):
        for ((x0, y0), _), ((x1, y1), begins) in pairwise(points):
            if begins:
                continue
            if abs(y1 - y0) <= 0.5 and abs(x1 - x0) >= _SHORTEST_RULE:
                yield Rule(True, (y0 + y1) / 2, min(x0, x1), max(x0, x1))
            elif abs(x1 - x0) <= 0.5 and abs(y1 - y0) >= _SHORTEST_RULE:
                yield Rule(False, (x0 + x1) / 2, min(y0, y1), max(y0, y1))


def _is_stroked(shown: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(shown.raw, ctypes.byref(fill), ctypes.byref(stroke))
    return bool(stroke.value)


def _points(shown: Any, turn: Turn) -> list[tuple[tuple[float, float], bool]]:
    """Return the corners of a path as they are seen, each with whether a new piece begins there."""
    matrix, x, y = pdfium.FS_MATRIX(), ctypes.c_float(), ctypes.c_float()
    pdfium.FPDFPageObj_GetMatrix(shown.raw, ctypes.byref(matrix))
    points: list[tuple[tuple[float, float], bool]] = []
    first: tuple[float, float] | None = None
    for index in range(min(pdfium.FPDFPath_CountSegments(shown.raw), 2000)):
        piece = pdfium.FPDFPath_GetPathSegment(shown.raw, index)
        kind = pdfium.FPDFPathSegment_GetType(piece)
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            return []
        pdfium.FPDFPathSegment_GetPoint(piece, ctypes.byref(x), ctypes.byref(y))
        here = turn(
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        begins = kind == pdfium.FPDF_SEGMENT_MOVETO
        if begins:
            first = here
        points.append((here, begins))
        if first and pdfium.FPDFPathSegment_GetClose(piece):
            points.append((first, False))
    return points
