"""The blank form workbook of a round, for one commune or neutral, and the same form with answers.

A form is drawn once a round with openpyxl and kept as its package parts; a commune's name, its code and answers are
then written straight into the XML of the few cells concerned, which is a hundred times faster than drawing anew and
gives the same bytes for the same input. Belongs here: writing forms. Does not belong: their look (``form_layout``),
reading them back (``readers.workbook``).
"""

from __future__ import annotations

import io
import math
import os
import re
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from nq57_assets.catalogue import Catalogue
from nq57_assets.model import CellValue
from nq57_assets.outputs import form_layout as layout
from nq57_assets.readers.form_codes import DENOMINATOR, FLAG_WORDS, NIL_WORDS

NEUTRAL_NAME = "bieu-mau-chung.xlsx"

# The oldest time stamp that a zip can hold: the same form must have the same hash on every day.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_ANSWER_PART, _STAMP_PART = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet3.xml"
_CORE_PART = "docProps/core.xml"
_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"((?: s="[0-9]+")?)[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
_TIMES = re.compile(r"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a commune writes in the row of one indicator.

    Attributes:
        value: A number, or text exactly as typed; None leaves the cell empty. A flag may be True or False.
        nil: Whether "không phát sinh" is chosen.
        note: Words of the note column.
        denominator: The whole of an indicator that asks for it ("Trên tổng số").
    """

    value: CellValue = None
    nil: bool = False
    note: str = ""
    denominator: CellValue = None


@dataclass(frozen=True)
class _Template:
    """A drawn form as package parts; ``sheets`` holds text pieces with each cell a piece, ``cells`` finds them."""

    parts: dict[str, bytes]
    sheets: dict[str, list[str]]
    cells: dict[str, dict[str, tuple[int, str]]]
    rows: dict[str, int]


def _pieces(xml: str) -> tuple[list[str], dict[str, tuple[int, str]]]:
    """Split a sheet's XML at its cells; return the pieces, and address → (piece, style attribute)."""
    pieces: list[str] = []
    cells: dict[str, tuple[int, str]] = {}
    end = 0
    for match in _CELL.finditer(xml):
        pieces += (xml[end : match.start()], match.group())
        cells[match.group(1)] = (len(pieces) - 1, match.group(2))
        end = match.end()
    pieces.append(xml[end:])
    return pieces, cells


def _draw_template(round_id: str, catalogue: Catalogue, neutral: bool) -> _Template:
    drawn = layout.draw(round_id, catalogue, neutral=neutral)
    buffer = io.BytesIO()
    drawn.workbook.save(buffer)
    with zipfile.ZipFile(buffer) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[_CORE_PART] = _TIMES.sub(r"\g<1>2025-01-01T00:00:00Z", parts[_CORE_PART].decode()).encode()
    sheets, cells = {}, {}
    for part in (_ANSWER_PART, _STAMP_PART):
        sheets[part], cells[part] = _pieces(parts[part].decode())
    return _Template(parts, sheets, cells, drawn.rows)


_TEMPLATES: dict[tuple[str, str, bool], _Template] = {}


def _template(round_id: str, catalogue: Catalogue, neutral: bool) -> _Template:
    if round_id not in catalogue.round:
        raise ValueError(f"{round_id!r} is no round; known are {', '.join(catalogue.round)}")
    key = (round_id, catalogue.version, neutral)
    if key not in _TEMPLATES:
        _TEMPLATES[key] = _draw_template(round_id, catalogue, neutral)
    return _TEMPLATES[key]


@lru_cache(maxsize=4096)
def _text_xml(text: str) -> str:
    return f'<is><t xml:space="preserve">{escape(text)}</t></is>'


def _cell_xml(address: str, style: str, value: CellValue) -> str:
    """Return one cell; text is always an inline string, so nothing typed can become a formula."""
    if value is None or value == "":
        return f'<c r="{address}"{style}/>'
    if isinstance(value, bool):
        return f'<c r="{address}"{style} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, str):
        return f'<c r="{address}"{style} t="inlineStr">{_text_xml(value)}</c>'
    if not math.isfinite(value):
        raise ValueError(f"{address}: {value} is no number that a workbook can hold")
    return f'<c r="{address}"{style}><v>{value!r}</v></c>'


def _answer_values(
    template: _Template, catalogue: Catalogue, answers: Mapping[str, Answer]
) -> dict[str, CellValue]:
    """Return address → value for the answer sheet.

    Raises:
        ValueError: An answer is for an indicator that the round does not ask, or gives a whole where none is asked.
    """
    values: dict[str, CellValue] = {}
    for code, answer in answers.items():
        row = template.rows.get(code)
        if row is None:
            raise ValueError(f"{code!r} is not asked in this round")
        value = answer.value
        if isinstance(value, bool) and catalogue.indicator[code].kind == "flag":
            value = FLAG_WORDS[0] if value else FLAG_WORDS[1]
        values[f"D{row}"] = value
        values[f"E{row}"] = NIL_WORDS[0] if answer.nil else None
        values[f"F{row}"] = answer.note or None
        if answer.denominator is not None:
            if code + DENOMINATOR not in template.rows:
                raise ValueError(f"{code!r} asks for no whole")
            values[f"D{template.rows[code + DENOMINATOR]}"] = answer.denominator
    return values


def _package(template: _Template, changes: Mapping[str, Mapping[str, CellValue]]) -> bytes:
    """Return the workbook's bytes with the given cells (part → address → value) rewritten."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name, content in template.parts.items():
            if name in changes:
                pieces, cells = list(template.sheets[name]), template.cells[name]
                for address, value in changes[name].items():
                    place, style = cells[address]
                    pieces[place] = _cell_xml(address, style, value)
                content = "".join(pieces).encode()
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, content)
    return buffer.getvalue()


def _write(path: Path, content: bytes) -> Path:
    """Write by a temporary name and a rename, so that a half-written form is never found."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path


def form_bytes(
    round_id: str,
    catalogue: Catalogue,
    commune_code: str | None = None,
    answers: Mapping[str, Answer] | None = None,
    *,
    neutral: bool = False,
    form_version: str | None = None,
    stamped_round: str | None = None,
) -> bytes:
    """Return a form workbook, blank or with answers; the same input gives the same bytes.

    Args:
        round_id: The round whose indicators are asked.
        catalogue: The reference data.
        commune_code: The unit; None leaves a neutral form's choice open.
        answers: Indicator code → answer; none leaves the form blank.
        neutral: Use the neutral form, with the unit chosen in its drop-down, though a unit is given.
        form_version: Stamp another version than the round's (an outdated form).
        stamped_round: Stamp another round than the one asked.

    Raises:
        ValueError: The round, the unit or an answered indicator is not known; the message names it.
    """
    neutral = neutral or commune_code is None
    template = _template(round_id, catalogue, neutral)
    cells = _answer_values(template, catalogue, answers or {})
    stamp: dict[str, CellValue] = {}
    if commune_code is not None:
        if commune_code not in catalogue.commune:
            raise ValueError(f"{commune_code!r} is no commune")
        full_name = catalogue.commune[commune_code].full_name
        cells[layout.COMMUNE_CELL] = f"{full_name} ({commune_code})"
        if not neutral:
            cells[layout.LETTERHEAD_CELL] = f"ỦY BAN NHÂN DÂN\n{full_name.upper()}"
            stamp[layout.STAMP_COMMUNE_CELL] = commune_code
    if form_version is not None:
        stamp[layout.STAMP_VERSION_CELL] = form_version
    if stamped_round is not None:
        stamp[layout.STAMP_ROUND_CELL] = stamped_round
    return _package(template, {_ANSWER_PART: cells, _STAMP_PART: stamp})


def write_form(round_id: str, path: Path, catalogue: Catalogue, commune_code: str | None = None) -> Path:
    """Write the blank form of a round for one commune, or the neutral form when no commune is given.

    Raises:
        ValueError: The round or the commune is not known.
    """
    return _write(path, form_bytes(round_id, catalogue, commune_code))


def fill_form(
    round_id: str,
    path: Path,
    catalogue: Catalogue,
    commune_code: str | None,
    answers: Mapping[str, Answer],
    *,
    neutral: bool = False,
    form_version: str | None = None,
    stamped_round: str | None = None,
) -> Path:
    """Write a form with answers, as a commune would return it; see ``form_bytes`` for the arguments."""
    content = form_bytes(
        round_id,
        catalogue,
        commune_code,
        answers,
        neutral=neutral,
        form_version=form_version,
        stamped_round=stamped_round,
    )
    return _write(path, content)


def write_forms(round_id: str, folder: Path, catalogue: Catalogue) -> list[Path]:
    """Write the blank form of every expected commune, named by code and name, and the neutral one; return the paths."""
    paths = []
    for commune in catalogue.expected(round_id):
        name = f"{commune.commune_code} {commune.full_name}.xlsx"
        paths.append(write_form(round_id, folder / name, catalogue, commune.commune_code))
    paths.append(write_form(round_id, folder / NEUTRAL_NAME, catalogue))
    return paths
