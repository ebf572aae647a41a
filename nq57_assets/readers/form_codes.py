"""The hidden words by which a form workbook is read back: what the writer stamps and the reader looks for.

Belongs here: constants that ``outputs.form`` and ``readers.workbook`` must agree on. Does not belong: layout, parsing.
"""

from __future__ import annotations

from nq57_assets.catalogue import Indicator

PREFIX = "nq57:"

# Column codes of the hidden header row above the answers.
CODE = PREFIX + "code"
LABEL = PREFIX + "label"
UNIT = PREFIX + "unit"
VALUE = PREFIX + "value"
NIL = PREFIX + "nil"
NOTE = PREFIX + "note"

# Row code of the line that names the unit on the visible sheet.
COMMUNE_ROW = PREFIX + "commune"

# Keys of the hidden stamp sheet, each with its value in the next cell to the right.
FORM_VERSION = PREFIX + "form_version"
ROUND_ID = PREFIX + "round_id"
COMMUNE_CODE = PREFIX + "commune_code"

# Added to an indicator's code for the row that asks for the whole of which the figure is a part.
DENOMINATOR = ".denominator"

NIL_WORDS = ("x", "Không phát sinh")
FLAG_WORDS = ("Có", "Không")


def asks_denominator(indicator: Indicator) -> bool:
    """Return whether a ratio has no indicators of its own for its parts, so that its row needs a second answer."""
    return indicator.roll_up == "ratio" and indicator.numerator is None and indicator.denominator is None
