"""Rows of tables in text: drawn with pipes or tabs, or flattened by OCR with wrapped cells and lost columns.

Belongs here: where a table begins and ends, which lines form a row, which figure of a row is its value.
Does not belong: which indicator a row fills (``match``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import re2

from nq57_assets.extract.passages import Passage, Token, build_passage, is_damaged, tokenize
from nq57_assets.model import Block, Document
from nq57_assets.vietnamese.fold import fold

_HEADER = re2.compile(
    r"^\W*(?:stt|tt|so tt|s6 tt|st t)\W.*(?:noi dung|n[oé6d]i dung|chi ti[eé]u|don vi|dvt|s[o6éd] li[eé]u|k[eé]t qua|ten|linh vuc|so luong)"
    r"|^\W*(?:noi dung|chi tieu|ten chi tieu)\W+.*(?:so lieu|ket qua|don vi tinh|dvt|so luong|thuc hien)"
)
_ROW_NUMBER = re2.compile(r"^\s*[|\[(]?\s*(\d{1,2}|[a-zA-Z])\s*(?:[.)|\]]|\s)\s*[|\]]?\s*")
_LABEL_START = re2.compile(
    r"^\W*(?:[SsŠ$][oOôố6éạeb0&d]|[Tt][oôổ6é]ng s|T[yỷiỉ] l|D[ai][âa]?n s|Di[eệé¢]n t|Nh[oóé]m|S[oố6]i? l)"
)
_BULLET = re2.compile(r"^\s*[-–—+*•]\s*\S")
_TARGET_COLUMNS = (
    "ke hoach",
    "chi tieu giao",
    "muc tieu",
    "nam truoc",
    "cung ky",
    "chi tieu nam",
    "duoc giao",
)
_VALUE_COLUMNS = (
    "so lieu",
    "ket qua",
    "thuc hien",
    "so luong",
    "gia tri",
    "dat duoc",
    "tong so",
    "so lieu bao cao",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Attributes:
        passage: Its lines, joined.
        value: Offset of its value in the passage's text, or None when no figure is one.
        sure: The value's place is certain.
        lines: Indexes of its blocks.
    """

    passage: Passage
    value: int | None
    sure: bool
    lines: tuple[int, ...]


def _cells(text: str) -> list[tuple[int, str]]:
    """Return (offset, text) of the cells of a drawn row; one cell when the line draws none."""
    mark = "|" if text.count("|") >= 2 else "\t" if "\t" in text else ""
    if not mark:
        return [(0, text)]
    cells, offset = [], 0
    for part in text.split(mark):
        cells.append((offset, part))
        offset += len(part) + 1
    if not cells[0][1].strip():
        cells = cells[1:]
    if cells and not cells[-1][1].strip() and text.rstrip().endswith(mark):
        cells = cells[:-1]
    return cells


def _is_header(text: str) -> bool:
    return len(text) < 160 and _HEADER.search(fold(text)) is not None


def _ends(block: Block, headings: frozenset[tuple[int | None, int | None]]) -> bool:
    """Whether a line can't belong to a table any more."""
    if (block.address.page, block.address.line) in headings:
        return True
    return len(block.text) > 130 and "|" not in block.text and "\t" not in block.text


def _figures(tokens: Sequence[Token]) -> list[int]:
    return [i for i, token in enumerate(tokens) if token.kind == "figure"]


def _value_of_cells(cells: list[tuple[int, str]], header: list[str]) -> tuple[int | None, bool]:
    """Return (offset of the value in the line, certain) of a drawn row."""
    numeric = []
    for column, (offset, text) in enumerate(cells):
        tokens = tokenize(text)
        figures = _figures(tokens)
        if column > 0 and figures and len(tokens) <= figures[0] + 5 and figures[0] <= 2:
            numeric.append((column, offset + tokens[figures[0]].start))
    if not numeric:
        return None, False
    if len(header) == len(cells):
        named = [fold(title) for title in header]
        for column, offset in numeric:
            if any(word in named[column] for word in _VALUE_COLUMNS):
                return offset, True
        allowed = [
            (column, offset)
            for column, offset in numeric
            if not any(word in named[column] for word in _TARGET_COLUMNS)
        ]
        if len(allowed) == 1:
            return allowed[0][1], True
    return numeric[-1][1], len(numeric) == 1


def _row_groups(blocks: Sequence[Block], indexes: Sequence[int]) -> list[list[int]]:
    """Cut the lines of a flattened table into rows.

    OCR sets the row number beside the middle line of a wrapped cell, so a row may begin with its label and bring its
    number later; a line with a number begins a new row only when the row before has had its own.
    """
    groups: list[list[int]] = []
    numbered = True
    for index in indexes:
        text = blocks[index].text
        number = _ROW_NUMBER.match(text)
        has_number = number is not None and number.group(1).isdigit()
        rest = text[number.end() :] if number else text
        starts = _LABEL_START.match(rest) is not None and rest.lstrip(" |[]")[:1].isupper()
        begins = (
            not groups
            or (has_number and numbered)
            or (starts and not (has_number and not numbered and False))
        )
        if begins:
            groups.append([index])
            numbered = has_number
        else:
            groups[-1].append(index)
            numbered = numbered or has_number
    return groups


def _value_of_lines(passage: Passage, lines: Sequence[str]) -> tuple[int | None, bool]:
    """Return (offset of the value, certain) of a flattened row: the figure that ends one of its lines."""
    final: list[int] = []
    with_noun: list[int] = []
    for start, line in zip(passage.starts, lines, strict=True):
        tokens = tokenize(line)
        number = _ROW_NUMBER.match(line)
        figures = [i for i in _figures(tokens) if not number or tokens[i].start >= number.end(1)]
        if not figures:
            continue
        last = figures[-1]
        behind = [token for token in tokens[last + 1 :] if token.kind == "word"]
        if not behind:
            final.append(start + tokens[last].start)
        elif len(behind) <= 2 and len(tokens) - last <= 4:
            with_noun.append(start + tokens[last].start)
    if len(final) == 1:
        return final[0], True
    if not final and len(with_noun) == 1:
        return with_noun[0], True
    if final or with_noun:
        return (final or with_noun)[0], False
    return None, False


def find_rows(document: Document, headings: frozenset[tuple[int | None, int | None]]) -> list[Row]:
    """Return the rows of every table of a document.

    Args:
        document: Blocks in reading order; cells of one sheet row or drawn line form a row.
        headings: (page, line) of the headings, where a table ends.
    """
    blocks = document.blocks
    damaged = is_damaged(document.text)
    rows: list[Row] = []
    index = 0
    while index < len(blocks):
        text = blocks[index].text
        drawn = len(_cells(text)) >= 3
        if not drawn and not _is_header(text):
            index += 1
            continue
        region = _region(blocks, index, headings)
        rows += _read_region(blocks, region, damaged)
        index = region[-1] + 1
    return rows


def _region(
    blocks: Sequence[Block], start: int, headings: frozenset[tuple[int | None, int | None]]
) -> list[int]:
    """Return the indexes of the lines of the table that starts at ``start``."""
    region = [start]
    blank = 0
    drawn = len(_cells(blocks[start].text)) >= 3
    for index in range(start + 1, len(blocks)):
        text = blocks[index].text.strip()
        if not text:
            blank += 1
            if blank > 3:
                break
            continue
        if _ends(blocks[index], headings):
            break
        if drawn and len(_cells(text)) < 2 and (blank or _BULLET.match(text) or len(text) > 90):
            break
        blank = 0
        region.append(index)
    return region


def _read_region(blocks: Sequence[Block], region: list[int], damaged: bool) -> list[Row]:
    header: list[str] = []
    loose: list[int] = []
    rows: list[Row] = []
    for index in region:
        cells = _cells(blocks[index].text)
        if _is_header(blocks[index].text):
            header = [text.strip() for _, text in cells]
            # The header's own line is a row without value: it must not be read as prose.
            rows.append(Row(build_passage([blocks[index]], "row", (), damaged), None, False, (index,)))
        elif len(cells) >= 3:
            passage = build_passage([blocks[index]], "row", (), damaged)
            cells = _cells(" ".join(blocks[index].text.replace("\t", " | ").split()))
            value, sure = _value_of_cells(cells, header)
            rows.append(Row(passage, value, sure, (index,)))
        else:
            loose.append(index)
    for group in _row_groups(blocks, loose):
        passage = build_passage([blocks[i] for i in group], "row", (), damaged)
        lines = [" ".join(blocks[i].text.split()) for i in group]
        value, sure = _value_of_lines(passage, lines)
        rows.append(Row(passage, value, sure, tuple(group)))
    return rows
