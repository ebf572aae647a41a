"""A quick look at a workbook's XML for what calamine loses or can't survive."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import re2

from nq57_assets.readers.unreadable import Unreadable

# A cell far out makes calamine allocate the whole rectangle up to it, and abort the process when it can't.
_MOST_CELLS = 5_000_000


def _bytes_pattern(pattern: bytes) -> Any:
    """Compile a pattern over single bytes: left alone, RE2 reads UTF-8 and stops at a damaged character."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    return re2.compile(pattern, options)


_SPECIAL = _bytes_pattern(rb"""<(?:\w+:)?f[\s/>]|\st\s*=\s*["']e["']""")
# Only a sheet with some cell at least this far out is worth measuring: the rest hold at most 7 million cells.
_FAR = _bytes_pattern(rb"""\sr\s*=\s*["'](?:[A-Za-z]{3}|[A-Za-z]{0,2}[0-9]{5})""")
# Cells and rows alike; absurd numbers too, since calamine lets them overflow.
_REFERENCE = _bytes_pattern(rb"""\sr\s*=\s*["']([A-Za-z]*[0-9]+)["']""")
_CELL_FORMATS = _bytes_pattern(rb"""(?s)<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>""")
_PERCENT_BUILTIN = _bytes_pattern(rb"""\bnumFmtId\s*=\s*["'](?:9|10)["']""")
_PERCENT_OWN = _bytes_pattern(rb"""formatCode\s*=\s*["'][^"'>]*%""")


_DIGITS = b"0123456789"
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _check_extent(name: str, xml: bytes) -> None:
    """Refuse a sheet whose cells span more than a process can hold.

    Raises:
        Unreadable: The rectangle up to the farthest cell is too large.
    """
    if not _FAR.search(xml):
        return
    references = set(_REFERENCE.findall(xml))
    if not references:
        return
    rows = max(int(number[-20:]) for number in {reference.lstrip(_LETTERS) for reference in references})
    columns = max(
        _column(letters[-20:]) for letters in {reference.rstrip(_DIGITS) for reference in references}
    )
    if rows * columns > _MOST_CELLS:
        raise Unreadable(f"trang tính {name} có ô ở quá xa ({rows} dòng, {columns} cột)", "file_unsafe")


def scan(data: bytes) -> bool:
    """Return whether the workbook needs a second look: formulas, error cells or percentages among its cells.

    Every part is read, though few are looked at: that checks its name and checksum, which calamine does not. A part
    that it can't find is an empty sheet to it.

    Raises:
        Unreadable: A sheet spans more cells than can be read safely.
        zipfile.BadZipFile, zlib.error, ...: The package is damaged.
    """
    needed = False
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            part, lowered = package.read(name), f"/{name.lower()}"
            if lowered.endswith("styles.xml"):
                formats = _CELL_FORMATS.search(part)
                needed |= bool(formats and _PERCENT_BUILTIN.search(formats.group())) or bool(
                    _PERCENT_OWN.search(part)
                )
            elif "/worksheets/" in lowered and lowered.endswith(".xml"):
                # XML in UTF-16 hides from a byte scan: take the long way.
                needed |= b"\0" in part[:64] or bool(_SPECIAL.search(part))
                _check_extent(name, part)
    return needed
