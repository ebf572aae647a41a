"""Thousands that a document parts by blanks, ``1 250``: in a table they look like two cells.

Belongs here: telling such a document, and writing its cells with dots while its tables are read. Does not belong:
figures of prose (``spelled``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import re2

from nq57_assets.extract.passages import Passage
from nq57_assets.model import Block

_FEWEST = 3
_CELL = re2.compile(r"^[<>≥≤~+–-]?\s?[1-9]\d{0,2}(?: \d{3})+(?:\s?%|\s\p{Ll}[^\d]*)?$")
_GROUP = re2.compile(r"(\d) (\d{3})")
_DOTTED = re2.compile(r"(?:^|[^\d./])[1-9]\d{0,2}\.\d{3}(?:$|[^\d./])")
_DOT = re2.compile(r"(\d)\.(\d{3})($|[^\d.])")


def parts_by_blanks(blocks: Sequence[Block]) -> bool:
    """Whether cells parted by rules or tabs hold thousands with blanks, and no figure of the document has dots."""
    spaced = sum(_is_spaced(cell) for block in blocks for cell in _cells(block.text))
    return spaced >= _FEWEST and not any(_DOTTED.search(block.text) for block in blocks)


def with_dots(block: Block) -> Block:
    """Return a line whose cells have their thousands parted by dots, letter for letter beside the line."""
    if not any(map(_is_spaced, _cells(block.text))):
        return block
    mark = "|" if "|" in block.text else "\t"
    cells = [_dotted(cell) if _is_spaced(cell) else cell for cell in block.text.split(mark)]
    return replace(block, text=mark.join(cells))


def as_written(passage: Passage) -> Passage:
    """Return a passage that quotes its thousands with the blanks they were written with."""
    return replace(passage, raw=_until_stable(_DOT, r"\1 \2\3", passage.raw))


def _cells(text: str) -> list[str]:
    return text.split("|") if "|" in text else text.split("\t") if "\t" in text else []


def _is_spaced(cell: str) -> bool:
    return _CELL.match(cell.strip()) is not None


def _dotted(cell: str) -> str:
    return _until_stable(_GROUP, r"\1.\2", cell)


def _until_stable(pattern: Any, written: str, text: str) -> str:
    """Replace until nothing is found any more: groups of "1 250 000" share digits."""
    before = ""
    while before != text:
        before, text = text, str(pattern.sub(written, text))
    return text
