"""Paragraphs and tables of a Word file as plain items, with the font kind of every piece of text.

Belongs here: runs, fields, breaks, text boxes, merged cells, tracked changes. Does not belong: addresses and the
shape of lines (``docx``), conversion of old fonts (``word_fonts``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from nq57_assets.readers.unreadable import Unreadable
from nq57_assets.readers.word_fonts import Piece, font_kind
from nq57_assets.readers.word_styles import Look, Numbering, Styles, look_of
from nq57_assets.readers.word_xml import attribute, child, local, switched_on, visible

# A report of 100 pages has 3,000 paragraphs and half a million letters.
_MOST_PARAGRAPHS = 60_000
_MOST_LETTERS = 5_000_000
_MOST_COLUMNS = 200
_MARKED = ("ins", "del", "moveFrom", "moveTo")
_CHECKED, _UNCHECKED = {"F0FE", "F0FD", "F052", "F0FC"}, {"F0A8", "F06F", "F0A3"}


@dataclass(slots=True)
class Paragraph:
    """One paragraph: its lines (parted by manual breaks), each a list of pieces; the list mark is the first piece."""

    lines: list[list[Piece]]
    centred: bool = False


@dataclass(slots=True)
class Cell:
    """One cell: its items, how many columns it spans, and whether it goes on with the cell above."""

    items: list[Item]
    span: int = 1
    goes_on: bool = False
    starts: bool = False


@dataclass(slots=True)
class Row:
    """One row: its cells, empty columns before the first, and whether Word repeats it as a header."""

    cells: list[Cell]
    before: int = 0
    header: bool = False


@dataclass(slots=True)
class Table:
    """One table."""

    rows: list[Row]


Item = Paragraph | Table


@dataclass(slots=True)
class Walk:
    """Reads the parts of one document; list numbers count on from part to part.

    Attributes:
        styles: The document's styles.
        numbering: Its lists.
        changes: How many insertions, deletions and moves are tracked.
        notes: Ids of the footnotes and endnotes met, in order.
    """

    styles: Styles
    numbering: Numbering
    changes: Counter[str] = field(default_factory=Counter)
    notes: list[tuple[str, str]] = field(default_factory=list)
    _paragraphs: int = 0
    _letters: int = 0
    _open: list[list[Piece]] | None = None

    def items(self, container: etree._Element) -> list[Item]:
        """Return paragraphs and tables of a body, a cell, a text box, a header or a note."""
        self._open, kept = None, self._open
        found: list[Item] = []
        for one in visible(container):
            name = local(one)
            if name == "p":
                found.extend(self._paragraph(one))
            elif name == "tbl":
                found.append(self._table(one))
        if self._open:
            found.append(Paragraph(self._open))
        self._open = kept
        return found

    def count_changes(self, root: etree._Element) -> None:
        """Count tracked changes, for the finding that tells of them."""
        for one in root.iter():
            if local(one) in _MARKED and one.getparent() is not None:
                self.changes[local(one)] += 1

    def _paragraph(self, element: etree._Element) -> Iterator[Item]:
        self._paragraphs += 1
        if self._paragraphs > _MOST_PARAGRAPHS:
            raise Unreadable(f"văn bản có hơn {_MOST_PARAGRAPHS} đoạn", "file_unsafe")
        properties = child(element, "pPr")
        style = attribute(child(properties, "pStyle"))
        own = look_of(properties)
        look = Look(None, None, None, own.alignment, own.number, own.level).over(self.styles.look(style))
        begun = self._open
        self._open = None
        lines, boxes = self._lines(element, look)
        if begun:
            lines = [*begun[:-1], begun[-1] + lines[0], *lines[1:]]
        elif look.number is not None and any(text.strip() for line in lines for text, _ in line):
            mark = self.numbering.mark(look.number, look.level or 0)
            lines[0].insert(0, (mark, ""))
        if child(properties, "rPr", "del") is not None:
            # The end of the paragraph was deleted: in the accepted view the next one goes on with it.
            self._open = lines
        elif not self.styles.is_contents(style):
            yield Paragraph(lines, centred=look.alignment == "center")
        yield from boxes

    def _lines(self, element: etree._Element, look: Look) -> tuple[list[list[Piece]], list[Item]]:
        lines: list[list[Piece]] = [[]]
        boxes: list[Item] = []
        for run in visible(element):
            if local(run) != "r":
                boxes += self._boxes(run)
                continue
            properties = child(run, "rPr")
            character = attribute(child(properties, "rStyle"))
            own = look_of(properties).over(self.styles.look(character) if character else Look()).over(look)
            boxes += self._boxes(run)
            if own.hidden:
                continue
            text = "".join(map(self._written, visible(run)))
            kind = font_kind(own.font)
            if own.caps and not kind:
                text = text.upper()
            self._letters += len(text)
            if self._letters > _MOST_LETTERS:
                raise Unreadable(f"văn bản dài quá {_MOST_LETTERS} ký tự", "file_unsafe")
            first, *rest = text.split("\n")
            lines[-1].append((first, kind))
            lines += [[(line, kind)] for line in rest]
        return lines, boxes

    def _written(self, element: etree._Element) -> str:
        name = local(element)
        if name == "t":
            return (element.text or "").replace("\n", " ")
        if name in ("tab", "ptab"):
            return "\t"
        if name in ("br", "cr"):
            return "\n"
        if name == "noBreakHyphen":
            return "-"
        if name == "sym":
            code = (attribute(element, "char") or "").upper()
            return "☒" if code in _CHECKED else "☐" if code in _UNCHECKED else ""
        if name in ("footnoteReference", "endnoteReference"):
            self.notes.append((name.removesuffix("Reference"), attribute(element, "id") or ""))
        return ""

    def _boxes(self, element: etree._Element) -> list[Item]:
        """Return what text boxes inside a run say; a box drawn twice for two programs is read once."""
        found: list[Item] = []
        for one in visible(element):
            name = local(one)
            if name == "txbxContent":
                found += self.items(one)
            elif name not in ("p", "tbl", "t", "rPr", "pPr"):
                found += self._boxes(one)
        return found

    def _table(self, element: etree._Element) -> Table:
        rows = []
        for row in visible(element):
            properties = child(row, "trPr")
            if local(row) != "tr" or child(properties, "del") is not None:
                continue
            before = _number(child(properties, "gridBefore"), 0)
            cells = [self._cell(cell) for cell in visible(row) if local(cell) == "tc"]
            if before + sum(cell.span for cell in cells) > _MOST_COLUMNS:
                raise Unreadable(f"bảng có hơn {_MOST_COLUMNS} cột", "file_unsafe")
            rows.append(Row(cells, before, switched_on(properties, "tblHeader") is True))
        return Table(rows)

    def _cell(self, element: etree._Element) -> Cell:
        properties = child(element, "tcPr")
        merge = child(properties, "vMerge")
        goes_on = merge is not None and attribute(merge) != "restart"
        starts = merge is not None and not goes_on
        deleted = child(properties, "cellDel") is not None
        items = [] if deleted else self.items(element)
        return Cell(items, _number(child(properties, "gridSpan"), 1), goes_on, starts)


def _number(element: etree._Element | None, otherwise: int) -> int:
    text = attribute(element) or ""
    return max(otherwise, int(text[-9:])) if text.isascii() and text.isdigit() else otherwise
