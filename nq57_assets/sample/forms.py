"""Form workbooks as communes fill them, and the harm that only a spreadsheet program can do to one.

Belongs here: answers from facts, and changes to cells of a finished workbook. Does not belong: drawing forms
(``outputs.form``), which defects there are (``defects``).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

from nq57_assets.catalogue import Catalogue
from nq57_assets.outputs import form_layout
from nq57_assets.outputs.form import Answer
from nq57_assets.readers.form_codes import DENOMINATOR

_SHEET = "xl/worksheets/sheet1.xml"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_ROWS: dict[tuple[str, str], dict[str, int]] = {}


def answers_for(facts: Mapping[str, float | None], round_id: str, catalogue: Catalogue) -> dict[str, Answer]:
    """Return what a careful clerk enters: figures, "không phát sinh" for a count of 0, nothing for the unknown.

    Args:
        facts: Figures by indicator; wholes of a ratio under ``<code>.denominator``.
        round_id: The round whose indicators are asked.
        catalogue: Gives the indicators.
    """
    answers: dict[str, Answer] = {}
    for indicator in catalogue.asked(round_id):
        value = facts.get(indicator.code)
        if value is None:
            continue
        if indicator.kind == "flag":
            answers[indicator.code] = Answer(value=bool(value))
        elif value == 0:
            answers[indicator.code] = Answer(nil=True)
        else:
            number = int(value) if indicator.is_count else value
            whole = facts.get(indicator.code + DENOMINATOR)
            answers[indicator.code] = Answer(value=number, denominator=None if whole is None else int(whole))
    return answers


def form_rows(round_id: str, catalogue: Catalogue) -> dict[str, int]:
    """Return the row of each answer code on the answer sheet of a round's form."""
    key = (round_id, catalogue.version)
    if key not in _ROWS:
        _ROWS[key] = form_layout.draw(round_id, catalogue, neutral=False).rows
    return _ROWS[key]


def text_cell(address: str, text: str) -> str:
    """Return the XML of a cell with text."""
    return f'<c r="{address}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def error_cell(address: str, error: str) -> str:
    """Return the XML of a cell that shows an error such as ``#REF!``."""
    return f'<c r="{address}" t="e"><v>{escape(error)}</v></c>'


def formula_cell(address: str, formula: str) -> str:
    """Return the XML of a formula without a stored result, as some programs save it."""
    return f'<c r="{address}"><f>{escape(formula)}</f></c>'


def with_cells(content: bytes, cells: Mapping[str, str]) -> bytes:
    """Return a workbook with cells of its answer sheet replaced by raw XML.

    Raises:
        ValueError: The sheet has no such cell.
    """

    def change(xml: str) -> str:
        for address, cell in cells.items():
            pattern = rf'<c r="{address}"[^>]*?(?:/>|>.*?</c>)'
            xml, found = re.subn(pattern, lambda _, cell=cell: cell, xml, count=1, flags=re.DOTALL)  # type: ignore[misc]
            if not found:
                raise ValueError(f"the answer sheet has no cell {address}")
        return xml

    return _repacked(content, change, {})


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """Return a workbook with one more part in its package."""
    return _repacked(content, lambda xml: xml, {name: part})


def _repacked(content: bytes, change: Callable[[str], str], extra: Mapping[str, bytes]) -> bytes:
    """Rewrite a package with the same time stamps, so that the same harm gives the same bytes."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            _add(new, name, change(part.decode()).encode() if name == _SHEET else part)
        for name, part in extra.items():
            _add(new, name, part)
    return buffer.getvalue()


def _add(package: zipfile.ZipFile, name: str, part: bytes) -> None:
    entry = zipfile.ZipInfo(name, _ZIP_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    package.writestr(entry, part)
