"""Word files (.docx): paragraphs, lists, tables, text boxes, headers and notes as lines with addresses.

A line's number counts the lines with text outside tables, as a person counts them from the top; a cell's address is
``Bảng 2!C4``, by the tables that hold data. Tracked changes are read in the accepted view. Belongs here: the order
of the parts and the shape of lines. Does not belong: runs and cells (``word_text``), rows (``word_tables``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree

from nq57_assets.model import Address, Block, Document, Finding
from nq57_assets.readers.characters import clean
from nq57_assets.readers.encodings import legacy_text
from nq57_assets.readers.unreadable import Unreadable
from nq57_assets.readers.word_fonts import Fonts, Piece, fonts_of
from nq57_assets.readers.word_styles import Numbering, Styles
from nq57_assets.readers.word_tables import is_layout, lines_of, row_blocks, side_by_side
from nq57_assets.readers.word_text import Item, Paragraph, Walk
from nq57_assets.readers.word_xml import Package, attribute, child
from nq57_assets.versions import reader_version

if TYPE_CHECKING:
    from nq57_assets.catalogue import Catalogue

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_HEAD_LETTERS = 100
_MOST_MARGINS = 40


def read(data: bytes, name: str, catalogue: Catalogue) -> Document:
    """Return the document of a .docx file, its old fonts turned to Unicode.

    Raises:
        Unreadable: The package is damaged, holds no text, or asks for more than a report does.
    """
    package = Package(data)
    main = package.main_part()
    root = package.tree(main)
    body = child(root, "body")
    if root is None or body is None:
        raise Unreadable("tệp Word không có phần nội dung chính (document.xml)")
    links = package.related(main)
    walk = _walk(package, links)
    try:
        walk.count_changes(root)
        items = walk.items(body)
        above, below = _margins(package, links, walk, "header"), _margins(package, links, walk, "footer")
        notes = _notes(package, links, walk)
    except RecursionError as error:
        raise Unreadable("các phần lồng nhau quá sâu", "file_unsafe") from error
    pieces = _pieces([*items, *above, *below, *(item for _, found in notes for item in found)])
    fonts = fonts_of(pieces)
    blocks = _Lines(fonts).blocks(items, above, below, notes)
    if not any(block.text.strip(" |") for block in blocks):
        raise Unreadable("tệp Word không có chữ nào (có thể chỉ có ảnh)", "file_empty")
    blocks, remark = _turned(blocks, fonts.remark)
    findings = [Finding("file_encoding", observed=remark)] if remark else []
    if walk.changes:
        findings.append(Finding("file_tracked_changes", observed=_told(walk)))
    return Document(
        media_type=MEDIA_TYPE,
        reader="docx",
        reader_version=reader_version(),
        blocks=tuple(blocks),
        findings=tuple(findings),
    )


def _walk(package: Package, links: list[tuple[str, str, str]]) -> Walk:
    def part(kind: str, otherwise: str) -> etree._Element | None:
        return package.tree(next((target for _, type_, target in links if type_.endswith(kind)), otherwise))

    styles = Styles(part("/styles", "word/styles.xml"))
    return Walk(styles, Numbering(part("/numbering", "word/numbering.xml"), styles))


def _margins(package: Package, links: list[tuple[str, str, str]], walk: Walk, kind: str) -> list[Item]:
    """Return the paragraphs of all headers or footers that say something; those of later sections repeat them."""
    found: list[Item] = []
    for _, type_, target in links[:_MOST_MARGINS]:
        root = package.tree(target) if type_.endswith(f"/{kind}") else None
        if root is not None:
            found += walk.items(root)
    return found


def _notes(package: Package, links: list[tuple[str, str, str]], walk: Walk) -> list[tuple[str, list[Item]]]:
    """Return (number shown, content) of the notes that the text refers to, in its order."""
    bodies: dict[tuple[str, str], etree._Element] = {}
    for _, type_, target in links:
        kind = (
            "footnote" if type_.endswith("/footnotes") else "endnote" if type_.endswith("/endnotes") else ""
        )
        root = package.tree(target) if kind else None
        for note in root if root is not None else ():
            bodies[kind, attribute(note, "id") or ""] = note
    named = [key for key in dict.fromkeys(walk.notes) if key in bodies]
    return [(str(place), walk.items(bodies[key])) for place, key in enumerate(named, 1)]


def _pieces(items: list[Item]) -> Iterator[list[Piece]]:
    for item in items:
        if isinstance(item, Paragraph):
            yield from item.lines
        else:
            for row in item.rows:
                for cell in row.cells:
                    yield from _pieces(cell.items)


def _turned(blocks: list[Block], remark: str | None) -> tuple[list[Block], str | None]:
    """Turn letters of an old encoding that no font name tells of; the whole text must say so."""
    turned = legacy_text("\n".join(block.text for block in blocks))
    if turned is None:
        return blocks, remark
    lines = turned.text.split("\n")
    if len(lines) != len(blocks):
        return blocks, remark
    changed = [replace(block, text=clean(line), cells=()) for block, line in zip(blocks, lines, strict=True)]
    return changed, turned.remark


def _told(walk: Walk) -> str:
    put_in = walk.changes["ins"] + walk.changes["moveTo"]
    return f"{put_in} chỗ thêm, {walk.changes['del'] + walk.changes['moveFrom']} chỗ xóa"


class _Lines:
    """Gives every line its number, and every data table its name."""

    def __init__(self, fonts: Fonts) -> None:
        self._write = fonts.text
        self._number = 0
        self._tables = 0
        self._in_head = True
        self._blocks: list[Block] = []

    def blocks(
        self, items: list[Item], above: list[Item], below: list[Item], notes: list[tuple[str, list[Item]]]
    ) -> list[Block]:
        """Return headers, body, notes and footers as blocks."""
        self._margin(above, "Đầu trang")
        self._items(items)
        for number, content in notes:
            self._gap()
            place = Address(sheet="Chú thích", cell=number)
            self._blocks += [Block(line, place) for line in lines_of(content, self._write)]
        self._margin(below, "Chân trang")
        return self._blocks

    def _margin(self, items: list[Item], name: str) -> None:
        """Add a header or footer, each line once; what is only a page number says nothing."""
        lines: list[str] = []
        for item in items:
            if isinstance(item, Paragraph):
                lines += lines_of([item], self._write)
            else:
                for part in side_by_side(item, self._write):
                    lines += [text for text in part if isinstance(text, str)] or lines_of(
                        [one for one in part if not isinstance(one, str)], self._write
                    )
        kept = [line for line in dict.fromkeys(lines) if any(map(str.isalpha, line))]
        if kept and name != "Đầu trang":
            self._gap()
        for place, line in enumerate(kept, 1):
            self._blocks.append(Block(line, Address(sheet=name, cell=f"dòng {place}")))

    def _items(self, items: list[Item]) -> None:
        centred = False
        for item in items:
            if isinstance(item, Paragraph):
                # Titles are broken over several centred paragraphs; any other paragraph stands for itself.
                if not (self._in_head or (centred and item.centred)):
                    self._gap()
                lines = [clean(self._write(line)) for line in item.lines]
                for line in lines:
                    self._add(line)
                self._in_head &= sum(map(len, lines)) < _HEAD_LETTERS
                centred = item.centred
            elif is_layout(item, self._write):
                for part in side_by_side(item, self._write):
                    rows = [line for line in part if isinstance(line, str)]
                    for line in rows:
                        self._add(line)
                    if not rows:
                        self._items([one for one in part if not isinstance(one, str)])
            else:
                self._tables += 1
                self._in_head = False
                self._gap()
                self._blocks += row_blocks(item, f"Bảng {self._tables}", self._write)
                self._gap()

    def _add(self, line: str) -> None:
        if line.strip():
            self._number += 1
            self._blocks.append(Block(line, Address(line=self._number)))
        else:
            self._gap()

    def _gap(self) -> None:
        """Add an empty line, which parts passages, unless there is one."""
        if self._blocks and self._blocks[-1].text:
            self._blocks.append(Block("", self._blocks[-1].address))
