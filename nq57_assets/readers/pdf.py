"""PDF: lines with page and line from the text layer, or from a picture of the page where that layer is no good.

Belongs here: which way each page is read, and what could not be. Does not belong: structure (``pdf_gate``), glyphs
(``pdf_glyphs``), recognising (``scanned``), signatures (``signatures``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2
from pypdfium2 import PdfiumError

from nq57_assets.model import Address, Block, Document, Finding, Signature
from nq57_assets.readers import ocr, pdf_gate
from nq57_assets.readers.grids import find_grids
from nq57_assets.readers.page_blocks import arrange
from nq57_assets.readers.page_findings import findings_of_pages
from nq57_assets.readers.pdf_glyphs import PageText, read_text
from nq57_assets.readers.scanned import read_picture
from nq57_assets.readers.unreadable import Unreadable
from nq57_assets.versions import reader_version

if TYPE_CHECKING:
    from PIL import Image

    from nq57_assets.catalogue import Catalogue

_MEDIA_TYPE = "application/pdf"
_DPI = 300
_MOST_PIXELS = 20_000_000
_MOST_SCANNED = 60
_PICTURED = 0.5
_UNREAD_PICTURE = 0.25
_ENOUGH = 200
_MARKED = frozenset(
    "ăằắẳẵặâầấẩẫậđêềếểễệôồốổỗộơờớởỡợưừứửữựảạẻẽẹỉĩịỏọủũụỷỹỵ"
    "ĂẰẮẲẴẶÂẦẤẨẪẬĐÊỀẾỂỄỆÔỒỐỔỖỘƠỜỚỞỠỢƯỪỨỬỮỰẢẠẺẼẸỈĨỊỎỌỦŨỤỶỸỴ"
)


@dataclass(slots=True)
class _Pages:
    """What came of the pages so far."""

    blocks: list[Block]
    scanned: list[int]
    unread: list[tuple[int, str]]
    findings: list[Finding]
    stalls: int = 0


def read(data: bytes, name: str, catalogue: Catalogue) -> Document:
    """Return the lines of a PDF, page by page, with its signatures and a finding for what can't be read.

    Raises:
        Unreadable: The file is broken, locked, unsafe, or not one page of it can be read.
    """
    gate = pdf_gate.check(data)
    try:
        pdf = pypdfium2.PdfDocument(data)
    except PdfiumError as error:
        raise Unreadable("tệp PDF hỏng hoặc chưa tải lên hết") from error
    pages = _Pages([], [], [], [])
    with pdf:
        for number in range(1, min(len(pdf), gate.pages) + 1):
            _read_page(pdf, number, pages)
    if not any(block.text.strip() for block in pages.blocks):
        raise _unreadable(pages)
    signatures, told = _signatures(data) if gate.signed else ((), ())
    return Document(
        media_type=_MEDIA_TYPE,
        reader="pdf+ocr" if pages.scanned else "pdf",
        reader_version=reader_version(),
        blocks=tuple(pages.blocks),
        findings=(*gate.findings, *pages.findings, *findings_of_pages(pages.scanned, pages.unread), *told),
        signatures=signatures,
    )


def _unreadable(pages: _Pages) -> Unreadable:
    reasons = list(dict.fromkeys(reason for _, reason in pages.unread))
    return (
        Unreadable("; ".join(reasons), "file_unreadable")
        if reasons
        else Unreadable("các trang trắng", "file_empty")
    )


def _read_page(pdf: pypdfium2.PdfDocument, number: int, pages: _Pages) -> None:
    try:
        page = pdf[number - 1]
        text = read_text(page)
    except PdfiumError:
        pages.unread.append((number, "trang bị hỏng"))
        return
    try:
        if is_sound(text):
            pages.blocks.extend(arrange(text.words, find_grids(text.rules), number))
            if text.pictured > _UNREAD_PICTURE:
                share = f"một ảnh chiếm {min(text.pictured, 1):.0%} trang {number}"
                pages.findings.append(Finding("file_part_unread", Address(page=number), observed=share))
        elif text.words or text.invisible or text.pictured or text.rules:
            _scan(page, text, number, pages)
    finally:
        page.close()


def is_sound(text: PageText) -> bool:
    """Whether a text layer is what the page shows: visible, with proper letters, in Vietnamese.

    A page whose few words stand beside a picture as large as the page is a scan with a printed footer.
    """
    if text.characters == 0 or text.broken > 0.03 * text.characters:
        return False
    if text.pictured > _PICTURED and (text.characters < _ENOUGH or text.invisible > text.characters):
        return False
    return text.characters < _ENOUGH or _is_vietnamese(text)


def _is_vietnamese(text: PageText) -> bool:
    """Whether letters that only Vietnamese has are as frequent as in any Vietnamese text (a fifth; glyph soup has none)."""
    letters = [c for word in text.words for c in word.text if c.isalpha()]
    return sum(c in _MARKED for c in letters) >= 0.03 * len(letters)


def _scan(page: pypdfium2.PdfPage, text: PageText, number: int, pages: _Pages) -> None:
    """Recognise a page from its picture; the text layer stands in where that is readable and merely lacks marks."""
    reason = _why_not(pages)
    if reason is None:
        try:
            picture, dpi = _rendered(page)
            seen = read_picture(picture, dpi)
            if seen.legible:
                pages.blocks.extend(arrange(seen.words, seen.grids, number))
                pages.scanned.append(number)
                return
            reason = ocr.ILLEGIBLE if seen.words else ocr.WITHOUT_TEXT
        except ocr.PageTimeoutError:
            pages.stalls += 1
            reason = ocr.STALLED
        except PdfiumError:
            reason = "trang bị hỏng"
    if text.characters >= _ENOUGH and text.broken <= 0.03 * text.characters and text.pictured <= _PICTURED:
        pages.blocks.extend(arrange(text.words, find_grids(text.rules), number))
        reason = f"{reason}; dùng lớp chữ có sẵn, có thể sai dấu"
    pages.unread.append((number, reason))


def _why_not(pages: _Pages) -> str | None:
    if ocr.engine() is None:
        return ocr.MISSING
    if len(pages.scanned) >= _MOST_SCANNED:
        return f"chỉ nhận dạng {_MOST_SCANNED} trang ảnh đầu tiên của một tệp"
    return ocr.TOO_SLOW if pages.stalls >= ocr.MOST_STALLS else None


def _rendered(page: pypdfium2.PdfPage) -> tuple[Image.Image, int]:
    """Return a grey picture of a page at 300 dpi, or fewer where the page is larger than any paper."""
    width, height = page.get_size()
    dpi = min(_DPI, int((_MOST_PIXELS / max(width * height, 1.0)) ** 0.5 * 72))
    if dpi < 20:
        raise Unreadable(
            f"trang rộng {width / 28.35:.0f} × {height / 28.35:.0f} cm, lớn quá mức", "file_unsafe"
        )
    bitmap = page.render(scale=dpi / 72, grayscale=True)
    return bitmap.to_pil().convert("L"), dpi


def _signatures(data: bytes) -> tuple[tuple[Signature, ...], tuple[Finding, ...]]:
    from nq57_assets.readers.signatures import read_pdf_signatures

    return read_pdf_signatures(data)
