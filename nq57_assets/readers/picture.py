"""Pictures of pages made ready for a recogniser: evened light, straight lines, ruled lines found and wiped out.

Belongs here: pixels. Does not belong: letters (``ocr``), how pages come out of a file (``pdf``, ``image``).
All pictures are grey (``L``), black on white.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from nq57_assets.readers.grids import Rule

_STEEPEST = 6.0
_RULE_INCHES = 0.35
_THICKEST_RULE = 0.035
Grey = NDArray[np.uint8]


def flatten_light(picture: Image.Image) -> Image.Image:
    """Divide a picture by its own background, so that shadows and yellowed paper turn white."""
    small = picture.resize((max(1, picture.width // 8), max(1, picture.height // 8)), Image.Resampling.BOX)
    # The brightest spot nearby is paper; smoothing hides the blocks.
    paper = small.filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.GaussianBlur(8))
    background = np.asarray(paper.resize(picture.size, Image.Resampling.BILINEAR), dtype=np.uint16)
    level = np.asarray(picture, dtype=np.uint16)
    even = np.minimum(level * 255 // np.maximum(background, 32), 255).astype(np.uint8)
    return Image.fromarray(even)


def is_shaded(picture: Image.Image) -> bool:
    """Whether the paper is not evenly white: a photograph, or a scan of a creased page."""
    small = np.asarray(picture.resize((64, 64), Image.Resampling.BOX).filter(ImageFilter.MaxFilter(7)))
    return bool(np.percentile(small, 5) < 215)


def ink(grey: Grey) -> NDArray[np.bool_]:
    """Return where a picture is dark, by Otsu's threshold."""
    return grey < _otsu(grey)


def _otsu(grey: Grey) -> int:
    counts = np.bincount(grey.ravel(), minlength=256).astype(np.float64)
    weight = np.cumsum(counts)
    total = np.cumsum(counts * np.arange(256))
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = (total[-1] * weight / weight[-1] - total) ** 2 / (weight * (weight[-1] - weight))
    return int(np.nanargmax(np.where(np.isfinite(spread), spread, -1))) + 1


def slant(picture: Image.Image) -> float:
    """Return by how many degrees the lines of a page slant, counter-clockwise positive; 0 where it has none.

    The angle at which the rows of ink are most unlike each other is the one at which lines and gaps alternate.
    """
    scale = max(1, picture.width // 800)
    small = np.asarray(picture.reduce(scale))
    y, x = np.nonzero(ink(small))
    if not 500 <= len(x) <= 0.4 * small.size:
        return 0.0
    if len(x) > 60_000:
        step = len(x) // 60_000 + 1
        y, x = y[::step], x[::step]

    def contrast(degrees: float) -> float:
        rows = np.round(y + x * np.tan(np.radians(degrees))).astype(np.int64)
        profile = np.bincount(rows - rows.min())
        return float(np.sum(np.diff(profile.astype(np.float64)) ** 2))

    coarse = max(np.arange(-_STEEPEST, _STEEPEST + 0.01, 0.5), key=contrast)
    fine = max(np.arange(coarse - 0.5, coarse + 0.51, 0.1), key=contrast)
    return round(float(fine), 2) if contrast(fine) > 1.1 * contrast(0.0) else 0.0


def straighten(picture: Image.Image) -> Image.Image:
    """Turn a picture so that its lines run level."""
    degrees = slant(picture)
    if abs(degrees) < 0.15:
        return picture
    return picture.rotate(-degrees, Image.Resampling.BICUBIC, expand=False, fillcolor=255)


@dataclass(frozen=True, slots=True)
class Ruled:
    """Ruled lines of a picture in its pixels, and the picture without them."""

    rules: tuple[Rule, ...]
    picture: Image.Image


def without_rules(picture: Image.Image, dpi: int) -> Ruled:
    """Find straight dark lines longer than any letter's stroke, and wipe them out: they spoil the digits beside them."""
    grey = np.asarray(picture)
    dark = grey < min(_otsu(grey) + 20, 200)
    length = int(_RULE_INCHES * dpi)
    thick = max(3, int(_THICKEST_RULE * dpi))
    level = _runs(dark, length)
    upright = _runs(dark.T, length).T
    rules = [*_rules(level, True, thick), *_rules(upright.T, False, thick)]
    if not rules:
        return Ruled((), picture)
    wiped = grey.copy()
    for rule in rules:
        at, start, end = (round(value) for value in (rule.at, rule.start, rule.end))
        near = slice(max(0, at - thick), at + thick + 1)
        along = slice(max(0, start), end + 1)
        place = (near, along) if rule.horizontal else (along, near)
        mask = (level if rule.horizontal else upright)[place]
        grown = mask | np.roll(mask, 1, axis=0 if rule.horizontal else 1)
        grown |= np.roll(mask, -1, axis=0 if rule.horizontal else 1)
        wiped[place][grown] = 255
    return Ruled(tuple(rules), Image.fromarray(wiped))


def _runs(dark: NDArray[np.bool_], length: int) -> NDArray[np.bool_]:
    """Return where dark pixels lie in nearly unbroken horizontal runs of a length."""
    if dark.shape[1] <= length:
        return np.zeros_like(dark)
    sums = np.cumsum(dark, axis=1, dtype=np.int32)
    window = sums[:, length:] - sums[:, :-length]
    full = window >= 0.97 * length
    marks = np.zeros((dark.shape[0], dark.shape[1] + 1), dtype=np.int16)
    marks[:, 1 : full.shape[1] + 1] += full
    marks[:, length + 1 : length + 1 + full.shape[1]] -= full[:, : marks.shape[1] - length - 1]
    return (np.cumsum(marks, axis=1, dtype=np.int32)[:, :-1] > 0) & dark


def _rules(mask: NDArray[np.bool_], horizontal: bool, thick: int) -> list[Rule]:
    """Join the runs of neighbouring rows into lines; a patch thicker than a line is a picture or a stamp."""
    rows = np.nonzero(mask.any(axis=1))[0]
    found: list[Rule] = []
    for group in np.split(rows, np.nonzero(np.diff(rows) > 2)[0] + 1) if len(rows) else []:
        if len(group) > 8 * thick:
            continue
        columns = np.nonzero(mask[group[0] : group[-1] + 1].any(axis=0))[0]
        for part in np.split(columns, np.nonzero(np.diff(columns) > thick)[0] + 1):
            inside = mask[group[0] : group[-1] + 1, part[0] : part[-1] + 1]
            at = group[0] + float(np.median(np.nonzero(inside)[0]))
            found.append(Rule(horizontal, at, float(part[0]), float(part[-1])))
    return found[:4000]


def page_of_photograph(picture: Image.Image) -> Image.Image:
    """Cut the sheet of paper out of a photograph and undo its perspective; without a clear sheet return it as it is."""
    corners = _corners(picture)
    if corners is None:
        return picture
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    width = int(max(np.hypot(bx - ax, by - ay), np.hypot(cx - dx, cy - dy)))
    height = int(max(np.hypot(dx - ax, dy - ay), np.hypot(cx - bx, cy - by)))
    # Corners of the result: top left, bottom left, bottom right, top right.
    source = (ax, ay, dx, dy, cx, cy, bx, by)
    return picture.transform(
        (width, height),
        Image.Transform.PERSPECTIVE,
        _coefficients(source, width, height),
        Image.Resampling.BICUBIC,
        fillcolor=255,
    )


def _coefficients(source: tuple[float, ...], width: int, height: int) -> list[float]:
    """Solve for the eight numbers that map an upright page onto its four corners in the photograph."""
    target = ((0, 0), (0, height), (width, height), (width, 0))
    rows, values = [], []
    for (x, y), (u, v) in zip(target, zip(source[::2], source[1::2], strict=True), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return [float(number) for number in np.linalg.solve(np.array(rows, dtype=np.float64), np.array(values))]


def _corners(picture: Image.Image) -> list[tuple[float, float]] | None:
    """Return the corners of a bright sheet on a darker ground: top left, top right, bottom right, bottom left."""
    scale = max(1, max(picture.size) // 500)
    small = picture.reduce(scale).filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.MedianFilter(7))
    grey = np.asarray(small)
    bright = grey >= _otsu(grey)
    border = np.concatenate([bright[0], bright[-1], bright[:, 0], bright[:, -1]])
    if border.mean() > 0.5 or not 0.25 <= bright.mean() <= 0.97:
        return None
    y, x = np.nonzero(bright)
    found = []
    for key, pick in ((x + y, np.argmin), (x - y, np.argmax), (x + y, np.argmax), (x - y, np.argmin)):
        at = pick(key)
        found.append((float(x[at]) * scale, float(y[at]) * scale))
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = found
    area = abs((ax * by - bx * ay) + (bx * cy - cx * by) + (cx * dy - dx * cy) + (dx * ay - ax * dy)) / 2
    filled = bright.sum() * scale * scale
    return found if area > 0 and 0.85 <= filled / area <= 1.15 else None
