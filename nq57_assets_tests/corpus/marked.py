"""A corpus document as its writer keeps it: the text, its layout, and the truth marked where it stands.

Front matter between ``---`` lines states the header; in the body ``{{indicator value}}`` follows the words that
claim a figure and is taken out of the clean text. README.md beside this file gives the whole notation.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from dataclasses import dataclass
from typing import Any

import yaml

MARK = re.compile(r"\{\{([^{}]+)\}\}")
# Stands for a mark while lines are wrapped; one private character each, so that nothing else can be it.
_FIRST_PRIVATE = 0xE000
_GAP = "|||"


@dataclass(frozen=True)
class Line:
    """One line of layout: ``kind`` is text, head (two columns), heading, centre, place, table or page."""

    kind: str
    text: str = ""
    right: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    style: str = ""


@dataclass(frozen=True)
class Marked:
    """A parsed document: front matter, lines of layout and the marks in the order of their private characters."""

    front: dict[str, Any]
    lines: tuple[Line, ...]
    marks: tuple[str, ...]


def parse(source: str) -> Marked:
    """Parse a marked document; raises ``ValueError`` on a bad front matter or an unclosed table."""
    source = unicodedata.normalize("NFC", source)
    _, front, body = source.split("---\n", 2)
    marks: list[str] = []

    def keep(found: re.Match[str]) -> str:
        marks.append(found.group(1).strip())
        return chr(_FIRST_PRIVATE + len(marks) - 1)

    body = MARK.sub(keep, body).strip("\n")
    lines: list[Line] = []
    table: list[tuple[str, ...]] | None = None
    style = ""
    for raw in body.split("\n"):
        if raw.startswith("@table"):
            table, style = [], raw.removeprefix("@table").strip()
        elif raw == "@end":
            lines.append(Line("table", rows=tuple(table or ()), style=style))
            table = None
        elif table is not None:
            table.append(tuple(cell.strip() for cell in raw.split("|")))
        elif raw.startswith("@page"):
            lines.append(Line("page", raw.removeprefix("@page").strip()))
        elif _GAP in raw:
            left, right = raw.split(_GAP)
            lines.append(Line("head", left.strip(), right.strip()))
        elif raw[:2] in ("# ", "^ ", "~ "):
            lines.append(Line({"#": "heading", "^": "centre", "~": "place"}[raw[0]], raw[2:].strip()))
        else:
            lines.append(Line("text", raw.rstrip()))
    if table is not None:
        raise ValueError("a table has no @end")
    return Marked(yaml.safe_load(front) or {}, tuple(lines), tuple(marks))


def clean_text(document: Marked) -> tuple[str, dict[int, int]]:
    """Return the clean text and the offset in it at which each mark stood."""
    private = "\n".join(line.rstrip() for line in _clean_lines(document)).strip("\n") + "\n"
    letters: list[str] = []
    spots: dict[int, int] = {}
    for letter in private:
        index = ord(letter) - _FIRST_PRIVATE
        if 0 <= index < len(document.marks):
            spots[index] = len(letters)
        else:
            letters.append(letter)
    return "".join(letters), spots


def _clean_lines(document: Marked) -> list[str]:
    """Lay the lines out as a text export would: ``columns`` keeps the letterhead's columns, ``lines`` breaks them."""
    columns = document.front.get("letterhead", "columns") == "columns"
    width = int(document.front.get("wrap", 0))
    out: list[str] = []
    pending: list[str] = []
    for line in document.lines:
        if line.kind == "head":
            if columns:
                out.append(f"{line.text:<38}   {line.right}".strip())
            else:
                out.extend([line.text] if line.text else [])
                pending.extend([line.right] if line.right else [])
            continue
        out.extend(pending)
        pending = []
        if line.kind == "table":
            out.extend(_table_lines(line))
        elif line.kind == "page":
            out.extend(["", line.text] if line.text else [])
        elif width and len(line.text) > width:
            out.extend(textwrap.wrap(line.text, width, break_long_words=False, break_on_hyphens=False))
        else:
            out.append(line.text)
    return out + pending


def _table_lines(table: Line) -> list[str]:
    style = table.style.split()[0] if table.style else "pipes"
    if style == "pipes":
        return [f"| {' | '.join(row)} |" for row in table.rows]
    if style == "bare":
        return [" | ".join(row) for row in table.rows]
    if style == "tabs":
        return ["\t".join(row) for row in table.rows]
    if style == "cells":
        return [cell for row in table.rows for cell in row if cell]
    if style == "spaces":
        widths = [max(len(row[i]) for row in table.rows if i < len(row)) for i in range(len(table.rows[0]))]
        return [
            "   ".join(f"{cell:<{widths[i]}}" for i, cell in enumerate(row)).rstrip() for row in table.rows
        ]
    raise ValueError(f"table style {style!r} is unknown")


def truth(document: Marked, lost: dict[str, set[int]] | None = None) -> dict[str, Any]:
    """Return header, figures and flags; ``lost`` names the marks that each channel's reading does not hold."""
    text, spots = clean_text(document)
    figures: list[dict[str, Any]] = []
    flags: dict[str, Any] = {}
    for index, mark in enumerate(document.marks):
        code, stated, *rest = mark.split()
        place: dict[str, Any] = {"line": text.count("\n", 0, spots[index]) + 1}
        channels = sorted(channel for channel, marks in (lost or {}).items() if index in marks)
        if channels:
            place["illegible"] = channels
        if stated in ("yes", "no"):
            detail = {"detail": rest[0]} if rest else {}
            flags.setdefault(code, {"value": stated == "yes", **detail, **place})
            continue
        figures.append({"indicator": code, **_numbers(stated), **_extras(rest), **place})
    header = {key: value for key, value in document.front.items() if key not in ("letterhead", "wrap", "way")}
    return {"header": header, "figures": figures, "flags": flags}


def mark_values(mark: str) -> tuple[float, ...]:
    """Return the numbers that a mark states; none for a flag."""
    stated, *rest = mark.split()[1:]
    if stated in ("yes", "no"):
        return ()
    numbers = {**_numbers(stated), **_extras(rest)}
    return tuple(float(number) for key, number in numbers.items() if key != "qualifier")


def _numbers(stated: str) -> dict[str, Any]:
    low, dash, high = stated.partition("..")
    if dash:
        return {"low": _number(low), "high": _number(high), "qualifier": "range"}
    return {"value": _number(stated)}


def _extras(rest: list[str]) -> dict[str, Any]:
    extras: dict[str, Any] = {}
    for word in rest:
        if "/" in word:
            part, whole = word.split("/")
            extras |= {"numerator": _number(part), "denominator": _number(whole)}
        else:
            extras["qualifier"] = word
    return extras


def _number(text: str) -> float | int:
    value = float(text)
    return int(value) if value.is_integer() else value


def without_marks(text: str) -> str:
    """Return a text without the private characters that stand for marks."""
    return "".join(letter for letter in text if not 0xE000 <= ord(letter) <= 0xF8FF)
