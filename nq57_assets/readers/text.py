"""Plain text: a block a line, numbered as an editor numbers them.

Belongs here: bytes of text → Document. Does not belong: which encoding (``encodings``), repair of OCR (``extract``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nq57_assets.model import Address, Block, Document, Finding
from nq57_assets.readers.characters import clean
from nq57_assets.readers.encodings import decode
from nq57_assets.readers.unreadable import Unreadable
from nq57_assets.versions import reader_version

if TYPE_CHECKING:
    from nq57_assets.catalogue import Catalogue

_MEDIA_TYPE = "text/plain"
_MOST_CONTROLS = 0.05
_CONTROLS = dict.fromkeys({*range(32), *range(127, 160)} - {ord(c) for c in "\t\n\r\f"})


def _refuse_binary(text: str) -> None:
    """Refuse what decodes but is no text, such as a fragment of a program.

    Raises:
        Unreadable: More than one character in twenty is a control character.
    """
    controls = len(text) - len(text.translate(_CONTROLS))
    if controls > _MOST_CONTROLS * len(text):
        raise Unreadable("dữ liệu nhị phân, không phải văn bản")


def _blocks(text: str) -> tuple[Block, ...]:
    """Return every line, blank ones too; pages are counted only where form feeds separate them."""
    paged = "\f" in text
    page = 1
    blocks = []
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        for turn, part in enumerate(line.split("\f")):
            page += turn > 0
            if part or turn == line.count("\f"):
                blocks.append(Block(clean(part), Address(page=page if paged else None, line=number)))
    if len(blocks) > 1 and not blocks[-1].text:
        # The line end of the last line is no line of its own.
        blocks.pop()
    return tuple(blocks)


def read(data: bytes, name: str, catalogue: Catalogue) -> Document:
    """Return the lines of a text as blocks in NFC, with a finding when the encoding is not plain UTF-8.

    Raises:
        Unreadable: The bytes are no text, hold nothing but space, or are in no certain encoding.
    """
    decoded = decode(data)
    _refuse_binary(decoded.text)
    blocks = _blocks(decoded.text)
    if not any(block.text.strip() for block in blocks):
        raise Unreadable("tệp chỉ có khoảng trắng", "file_empty")
    findings = (Finding("file_encoding", observed=decoded.remark),) if decoded.remark else ()
    return Document(
        media_type=_MEDIA_TYPE,
        reader="text",
        reader_version=reader_version(),
        blocks=blocks,
        encoding=decoded.encoding,
        findings=findings,
    )
