"""PDFs and pictures made to harm a reader, or broken on their way: each a function that returns its bytes."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Sequence

from PIL import Image


def pdf(objects: Sequence[bytes], root: int = 1, version: bytes = b"1.7", trailer: bytes = b"") -> bytes:
    """Return a PDF of numbered objects with a correct cross-reference table."""
    body = bytearray(b"%PDF-" + version + b"\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"trailer\n<< /Size %d /Root %d 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, root, trailer, start,
    )  # fmt: skip
    return bytes(body)


def stream(content: bytes, extra: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(content), extra, content)


_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def page(
    content: bytes,
    resources: bytes = b"/Font << /F1 5 0 R >>",
    box: bytes = b"0 0 595 842",
    root: bytes = b"",
    more: Sequence[bytes] = (),
    extra: bytes = b"",
) -> bytes:
    """Return a PDF of one page; further objects are numbered from 6."""
    return pdf([
        b"<< /Type /Catalog /Pages 2 0 R %b >>" % root,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [%b] /Contents 4 0 R /Resources << %b >> %b >>" % (box, resources, extra),
        content,
        _FONT,
        *more,
    ])  # fmt: skip


TEXT = stream(b"BT /F1 12 Tf 72 720 Td (Bao cao) Tj ET")


def inflating(size: int) -> bytes:
    """Return zeros packed three times over: a few kilobytes that inflate to ``size``."""
    packed = zlib.compress(bytes(size), 9)
    packed = zlib.compress(packed, 9)
    return stream(packed, b"/Filter [/FlateDecode /FlateDecode]")


def forms(depth: int, breadth: int) -> list[bytes]:
    """Return form objects from number 6, each showing the next several times."""
    made = []
    for level in range(depth):
        shows = b" ".join([b"/X Do"] * breadth)
        resources = b"/Resources << /XObject << /X %d 0 R >> >>" % (7 + level) if level < depth - 1 else b""
        made.append(stream(shows, b"/Type /XObject /Subtype /Form /BBox [0 0 10 10] " + resources))
    return made


def many_pages(count: int) -> bytes:
    """Return one page listed many times."""
    return pdf([
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%b] /Count %d >>" % (b"3 0 R " * count, count),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        TEXT,
        _FONT,
    ])  # fmt: skip


def many_objects(count: int) -> bytes:
    """Return a page among very many small objects."""
    return page(TEXT, more=[b"<< /A 1 >>"] * count)


def xref_loop() -> bytes:
    """Return a PDF whose cross-reference tables name each other as their predecessor."""
    plain = page(TEXT)
    start = plain.rindex(b"xref\n0")
    return plain.replace(b"/Size", b"/Prev %d /Size" % start)


def page_tree_loop() -> bytes:
    """Return a page tree that is its own child."""
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"])


def png(width: int, height: int, rows: bytes | None = None) -> bytes:
    """Return a PNG that claims a size; its rows are zeros unless given."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    packed = zlib.compress(bytes(min(width * height, 1 << 22)) if rows is None else rows, 9)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def tiff(width: int, height: int) -> bytes:
    """Return a TIFF of one strip that claims a size."""
    tags = [
        (256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
        (273, 4, 1, 8), (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, 16),
    ]  # fmt: skip
    directory = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags) + bytes(4)
    return b"II*\0" + struct.pack("<I", 24) + bytes(16) + directory


def tiff_loop() -> bytes:
    """Return a TIFF whose last directory names the first as the next."""
    plain = tiff(400, 400)
    return plain[:-4] + struct.pack("<I", 24)


def picture(kind: str, size: tuple[int, int] = (800, 1100)) -> bytes:
    """Return a white picture."""
    sink = io.BytesIO()
    Image.new("L", size, 255).save(sink, kind)
    return sink.getvalue()


def gif_frames(count: int) -> bytes:
    """Return an animated picture of many frames."""
    sink = io.BytesIO()
    frames = [Image.new("L", (400, 400), n % 255) for n in range(count)]
    frames[0].save(sink, "GIF", save_all=True, append_images=frames[1:])
    return sink.getvalue()


def encrypted(password: str) -> bytes:
    """Return a page that asks for a password."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(page(TEXT))))
    writer.encrypt(password, "owner", algorithm="AES-256")
    sink = io.BytesIO()
    writer.write(sink)
    return sink.getvalue()


_GREY = b"/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8"
_OWN = b"/Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>"
_SHOWN = stream(b"q 595 0 0 842 0 0 cm /X Do Q")
_LARGE = b" /Filter /FlateDecode /Width 9000 /Height 10000"
_PACKED = b"/Type /ObjStm /N 1 /First 10 /Filter /FlateDecode"
_FILE = b"<< /Type /Filespec /EF << /F 6 0 R >> >>"
_XOBJECT = b"/XObject << /X 6 0 R >>"
_LONE_JS = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"

HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "page of two gigabytes": (lambda: page(inflating(2_000_000_000)), "file_unsafe"),
    "content of 300 MB": (lambda: page(inflating(300_000_000)), "file_unsafe"),
    "endless page": (lambda: page(_SHOWN, box=b"0 0 14400000 14400000"), "file_"),
    "picture of four billion pixels": (
        lambda: page(_SHOWN, _XOBJECT, more=[stream(bytes(64), _GREY + b" /Width 65000 /Height 65000")]), "file_unsafe",
    ),
    "picture that inflates": (
        lambda: page(_SHOWN, _XOBJECT, more=[stream(zlib.compress(bytes(90_000_000), 9), _GREY + _LARGE)]), "file_",
    ),
    "half a million objects": (lambda: many_objects(500_000), "file_unsafe"),
    "forms within forms": (lambda: page(stream(b"/X Do"), _XOBJECT, more=forms(60, 2)), "file_unsafe"),
    "forms that multiply": (lambda: page(stream(b"/X Do"), _XOBJECT, more=forms(12, 40)), "file_"),
    "form that shows itself": (lambda: page(stream(b"/X Do"), _XOBJECT, more=[stream(b"/X Do", _OWN)]), "file_"),
    "cross-references in a loop": (xref_loop, "file_"),
    "page tree in a loop": (page_tree_loop, "file_unsafe"),
    "hundred thousand pages": (lambda: many_pages(100_000), "file_unsafe"),
    "operators without end": (lambda: page(stream(b"q " * 3_000_000 + b"BT ET " * 500_000)), "file_"),
    "page locked": (lambda: encrypted("secret"), "file_unreadable"),
    "script at opening": (lambda: page(TEXT, root=b"/OpenAction " + _LONE_JS), "file_unsafe"),
    "script in names": (
        lambda: page(TEXT, root=b"/Names << /JavaScript << /Names [(a) %b] >> >>" % _LONE_JS), "file_unsafe",
    ),
    "script on a button": (
        lambda: page(TEXT, extra=b"/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A %b >>]" % _LONE_JS), "file_unsafe",
    ),
    "starts a program": (lambda: page(TEXT, root=b"/OpenAction << /S /Launch /F (cmd.exe) >>"), "file_unsafe"),
    "file inside": (
        lambda: page(TEXT, root=b"/Names << /EmbeddedFiles << /Names [(a) %b] >> >>" % _FILE, more=[stream(b"PK")]),
        "file_part_unread",
    ),
    "portfolio": (lambda: page(TEXT, root=b"/Collection << /View /T >>"), "file_unreadable"),
    "form of Adobe alone": (
        lambda: page(TEXT, root=b"/AcroForm << /XFA 6 0 R >> /NeedsRendering true", more=[stream(b"<x/>")]),
        "file_unreadable",
    ),
    "no pages": (lambda: pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"]), "file_empty"),
    "white page": (lambda: page(stream(b"")), "file_empty"),
    "cut off": (lambda: page(TEXT)[:180], "file_unreadable"),
    "head alone": (lambda: b"%PDF-1.7\n", "file_unreadable"),
    "zip behind a head": (lambda: b"%PDF-1.7\nPK\x03\x04" + bytes(500), "file_unreadable"),
    "deep arrays": (lambda: page(TEXT, extra=b"/X " + b"[" * 20_000 + b"]" * 20_000), "file_"),
    "object stream that inflates": (
        lambda: pdf([b"<< /Type /Catalog /Pages 2 0 R >>", stream(zlib.compress(bytes(500_000_000), 9), _PACKED)]),
        "file_",
    ),
    "PNG of ten billion pixels": (lambda: png(100_000, 100_000), "file_unsafe"),
    "PNG that inflates": (lambda: png(400, 400, bytes(300_000_000)), "file_"),
    "TIFF of ten billion pixels": (lambda: tiff(100_000, 100_000), "file_unsafe"),
    "TIFF in a loop": (tiff_loop, "file_"),
    "TIFF cut off": (lambda: picture("TIFF")[:3000], "file_unreadable"),
    "JPEG cut off": (lambda: picture("JPEG")[:700], "file_unreadable"),
    "PNG without size": (lambda: png(0, 0), "file_unreadable"),
    "PNG of one pixel": (lambda: png(1, 1, b"\0\0"), "file_unreadable"),
    "white picture": (lambda: picture("PNG"), "file_unreadable"),
    "GIF of many frames": (lambda: gif_frames(1000), "file_"),
    "WebP without content": (lambda: b"RIFF\x24\0\0\0WEBPVP8 " + bytes(24), "file_unreadable"),
    "SVG with an entity": (
        lambda: b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', "file_unreadable",
    ),
    "PDF and picture in one": (lambda: b"\xff\xd8\xff\xe0" + page(TEXT), "file_"),
}  # fmt: skip
