"""Pictures sent as files: JPEG, PNG, TIFF with many pages, HEIC where the library for it is installed.

Belongs here: pages out of picture files, at what resolution. Does not belong: recognising them (``scanned``).
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from nq57_assets.model import Block, Document
from nq57_assets.readers import ocr
from nq57_assets.readers.page_blocks import arrange
from nq57_assets.readers.page_findings import findings_of_pages
from nq57_assets.readers.picture import page_of_photograph
from nq57_assets.readers.scanned import read_picture
from nq57_assets.readers.unreadable import Unreadable
from nq57_assets.versions import reader_version

if TYPE_CHECKING:
    from nq57_assets.catalogue import Catalogue

_FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "WEBP", "GIF")
_MEDIA_TYPES = {"MPO": "image/jpeg"}
_MOST_PIXELS = 120_000_000
_MOST_PAGES = 60
_LEAST_SIDE = 300
_PAPER_INCHES = 11.69
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    IndexError,
    KeyError,
    EOFError,
    OverflowError,
    ArithmeticError,
)


def read(data: bytes, name: str, catalogue: Catalogue) -> Document:
    """Return the recognised lines of a picture, page by page.

    Raises:
        Unreadable: It is no whole picture, too large, or none of its pages can be read.
    """
    file = _opened(data)
    if ocr.engine() is None:
        raise Unreadable(ocr.MISSING)
    blocks: list[Block] = []
    scanned: list[int] = []
    unread: list[tuple[int, str]] = []
    stalls = 0
    for number, picture in enumerate(_pages(file), 1):
        if stalls >= ocr.MOST_STALLS:
            unread.append((number, ocr.TOO_SLOW))
            continue
        try:
            page, dpi = _as_paper(page_of_photograph(picture))
            seen = read_picture(page, dpi)
        except ocr.PageTimeoutError:
            stalls += 1
            unread.append((number, ocr.STALLED))
            continue
        if seen.legible:
            blocks += arrange(seen.words, seen.grids, number)
            scanned.append(number)
        else:
            unread.append((number, ocr.ILLEGIBLE if seen.words else ocr.WITHOUT_TEXT))
    if not blocks:
        raise Unreadable("; ".join(dict.fromkeys(reason for _, reason in unread)) or ocr.WITHOUT_TEXT)
    return Document(
        media_type=_MEDIA_TYPES.get(file.format or "", f"image/{(file.format or 'x').lower()}"),
        reader="image+ocr",
        reader_version=reader_version(),
        blocks=tuple(blocks),
        findings=tuple(findings_of_pages(scanned, unread)),
    )


def _opened(data: bytes) -> Image.Image:
    formats: tuple[str, ...] = _FORMATS
    if data[4:8] == b"ftyp":
        if find_spec("pillow_heif") is None:
            raise Unreadable("ảnh HEIC: hãy lưu thành JPEG hoặc PDF rồi nộp lại")
        import pillow_heif

        pillow_heif.register_heif_opener()
        formats = ("HEIF",)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own limit decides
            file = Image.open(io.BytesIO(data), formats=formats)
    except Image.DecompressionBombError as error:
        raise Unreadable("ảnh có quá nhiều điểm", "file_unsafe") from error
    except (UnidentifiedImageError, *_BROKEN) as error:
        raise Unreadable("tệp ảnh hỏng hoặc không đúng định dạng") from error
    _check_size(file)
    return file


def _check_size(file: Image.Image) -> None:
    if file.width * file.height > _MOST_PIXELS:
        raise Unreadable(f"ảnh {file.width} × {file.height} điểm, lớn quá mức", "file_unsafe")
    if min(file.size) < _LEAST_SIDE:
        raise Unreadable(f"ảnh {file.width} × {file.height} điểm, quá nhỏ để đọc chữ: hãy quét lại ở 300 dpi")


def _pages(file: Image.Image) -> Iterator[Image.Image]:
    """Yield each page upright as its camera says, in grey.

    Raises:
        Unreadable: The file ends within a picture, or its pages are too many or too large.
    """
    frames = getattr(file, "n_frames", 1) if file.format == "TIFF" else 1
    if frames > _MOST_PAGES:
        raise Unreadable(f"ảnh có {frames} trang, quá {_MOST_PAGES}", "file_unsafe")
    try:
        if file.format in ("JPEG", "MPO"):
            # The decoder halves large photographs by itself, for a quarter of the memory.
            file.draft("L", (3000, 3000))
        for frame in ImageSequence.Iterator(file) if frames > 1 else (file,):
            _check_size(frame)
            yield _grey(ImageOps.exif_transpose(frame))
    except _BROKEN as error:
        raise Unreadable("tệp ảnh hỏng hoặc chưa tải lên hết") from error


def _grey(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        white.alpha_composite(layer)
        picture = white
    if picture.mode.startswith("I") or picture.mode == "F":
        picture = picture.point(lambda value: value / 256).convert("L") if picture.mode != "L" else picture
    return picture.convert("L")


def _as_paper(picture: Image.Image) -> tuple[Image.Image, int]:
    """Return a picture scaled to what A4 has at 200 to 300 dpi, and that resolution: files lie about theirs."""
    dpi = max(picture.size) / _PAPER_INCHES
    if dpi > 320:
        factor = 300 / dpi
    elif dpi < 180:
        factor = min(200 / dpi, 2.5)
    else:
        return picture, round(dpi)
    size = (round(picture.width * factor), round(picture.height * factor))
    return picture.resize(size, Image.Resampling.LANCZOS), round(dpi * factor)
