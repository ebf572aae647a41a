"""A corpus document as its writer keeps it: the text, its layout, and the truth marked where it stands.

Front matter between ``---`` lines states the header; in the body ``{{indicator value}}`` follows the words that
claim a figure and is taken out of the clean text; ``{{difficulty people}}`` ends a statement. README.md beside this
file gives the whole notation.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from dataclasses import dataclass
from typing import Any

import yaml

STATEMENT_KINDS = ("difficulty", "cause", "recommendation")
ADDRESSEES = ("city", "department", "central", "other")
THEMES = (
    "people", "funding", "infrastructure", "systems", "residents", "guidance",
    "training", "security", "organisation", "business", "other",
)  # fmt: skip
# Blanks before a statement's mark are the writer's, not the text's.
MARK = re.compile(r"(?: *(?=\{\{(?:difficulty|cause|recommendation)\b))?\{\{([^{}]+)\}\}")
# Stands for a mark while lines are wrapped; one private character each, so that nothing else can be it.
_FIRST_PRIVATE = 0xE000
_GAP = "|||"
# How much of a statement's end tells it from all others.
_ENOUGH = 160
_SHORT = 40


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
            out.extend(_table_lines(line, _statement_letters(document)))
        elif line.kind == "page":
            out.extend(["", line.text] if line.text else [])
        elif width and len(_unlettered(line.text, _statement_letters(document))) > width:
            out.extend(_wrapped(line.text, width, _statement_letters(document)))
        else:
            out.append(line.text)
    return out + pending


def _statement_letters(document: Marked) -> frozenset[str]:
    """Return the private characters of statements, which were marked later and may not move a line end."""
    return frozenset(chr(_FIRST_PRIVATE + i) for i, mark in enumerate(document.marks) if is_statement(mark))


def _unlettered(text: str, letters: frozenset[str]) -> str:
    return "".join(letter for letter in text if letter not in letters)


def _wrapped(text: str, width: int, letters: frozenset[str]) -> list[str]:
    """Break a text as if its statements were not marked, and put the marks back behind their words."""
    plain = _unlettered(text, letters)
    folded = "\n".join(textwrap.wrap(plain, width, break_long_words=False, break_on_hyphens=False))
    after: dict[int, str] = {}
    seen = 0
    for letter in text:
        if letter in letters:
            after[seen] = after.get(seen, "") + letter
        elif not letter.isspace():
            seen += 1
    out, seen = [after.get(0, "")], 0
    for letter in folded:
        out.append(letter)
        if not letter.isspace():
            seen += 1
            out.append(after.get(seen, ""))
    return "".join(out).split("\n")


def _table_lines(table: Line, letters: frozenset[str]) -> list[str]:
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
        seen = [[len(_unlettered(cell, letters)) for cell in row] for row in table.rows]
        widths = [max(row[i] for row in seen if i < len(row)) for i in range(len(table.rows[0]))]
        return [
            "   ".join(cell + " " * (widths[i] - seen[r][i]) for i, cell in enumerate(row)).rstrip()
            for r, row in enumerate(table.rows)
        ]
    raise ValueError(f"table style {style!r} is unknown")


def truth(document: Marked, lost: dict[str, set[int]] | None = None) -> dict[str, Any]:
    """Return header, figures, flags and statements; ``lost`` names the marks that each channel's reading lost.

    Statements are left out where the document was never marked for them, which ``statements: none`` tells from one
    that has none.
    """
    text, spots = clean_text(document)
    figures: list[dict[str, Any]] = []
    flags: dict[str, Any] = {}
    statements: list[dict[str, Any]] = []
    endings = _endings(document)
    for index, mark in enumerate(document.marks):
        place: dict[str, Any] = {"line": text.count("\n", 0, spots[index]) + 1}
        if is_statement(mark):
            statements.append({**_statement(mark), **place, "text": endings[index]})
            continue
        code, stated, *rest = mark.split()
        channels = sorted(channel for channel, marks in (lost or {}).items() if index in marks)
        if channels:
            place["illegible"] = channels
        if stated in ("yes", "no"):
            detail = {"detail": rest[0]} if rest else {}
            flags.setdefault(code, {"value": stated == "yes", **detail, **place})
            continue
        figures.append({"indicator": code, **_numbers(stated), **_extras(rest), **place})
    layout = ("letterhead", "wrap", "way", "statements")
    header = {key: value for key, value in document.front.items() if key not in layout}
    stated_truth: dict[str, Any] = {"header": header, "figures": figures, "flags": flags}
    if statements or document.front.get("statements") == "none":
        stated_truth["statements"] = statements
    return stated_truth


def is_statement(mark: str) -> bool:
    """Tell whether a mark ends a difficulty, a cause or a recommendation."""
    return mark.split()[0] in STATEMENT_KINDS


def _statement(mark: str) -> dict[str, Any]:
    """Return kind, addressee (of a recommendation) and themes; raises ``ValueError`` on a word that is none."""
    kind, *rest = mark.split(maxsplit=2 if mark.startswith("recommendation") else 1)
    addressee = rest.pop(0) if kind == "recommendation" and rest else None
    themes = [theme.strip() for theme in "".join(rest).split(",") if theme.strip()]
    if not 1 <= len(themes) <= 3 or set(themes) - set(THEMES):
        raise ValueError(f"{{{{{mark}}}}}: one to three of the themes are wanted")
    if kind == "recommendation" and addressee not in ADDRESSEES:
        raise ValueError(f"{{{{{mark}}}}}: the addressee is none of {', '.join(ADDRESSEES)}")
    return {"kind": kind, **({"addressee": addressee} if addressee else {}), "themes": themes}


def _endings(document: Marked) -> dict[int, str]:
    """Return the last sentence of each statement by its mark: enough to know the statement again."""
    letters = _statement_letters(document)
    marks = "".join(chr(_FIRST_PRIVATE + index) for index in range(len(document.marks)))
    endings: dict[int, str] = {}
    before = ""
    for line in document.lines:
        for text in (cell for row in line.rows for cell in row) if line.rows else (line.text, line.right):
            since = 0
            for place, letter in enumerate(text):
                if letter not in letters:
                    continue
                whole = _unlettered(text[since:place], frozenset(marks)).strip()
                said = _last_sentence(whole)
                if said == whole and whole[:1].islower() and len(whole) < _SHORT and not line.rows:
                    said = f"{before} {said}"
                endings[ord(letter) - _FIRST_PRIVATE] = " ".join(said.split())[-_ENOUGH:].strip()
                since = place
            before = _unlettered(text, frozenset(marks)) or before
    return endings


def _last_sentence(text: str) -> str:
    flat = text.strip()
    starts = [
        found.end()
        for found in re.finditer(r"[.;!?…][”\")]* +", flat)
        if flat[found.end() :][:1].isupper() and found.end() < len(flat) - 12
    ]
    return flat[starts[-1] if starts else 0 :]


def mark_values(mark: str) -> tuple[float, ...]:
    """Return the numbers that a mark states; none for a flag or a statement."""
    if is_statement(mark):
        return ()
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
