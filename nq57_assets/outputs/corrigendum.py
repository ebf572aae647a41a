"""The corrigendum of a round: what has changed since it was approved, as a workbook.

Belongs here: layout. Does not belong: what changed (``vintages``).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from nq57_assets.catalogue import Round
from nq57_assets.intake.entries import Approval
from nq57_assets.outputs.return_sheet import draw_header, finish, write_text
from nq57_assets.outputs.words import moment
from nq57_assets.vintages import Change

_COLUMNS = (
    ("STT", 6),
    ("Chỉ tiêu", 38),
    ("Mã đơn vị", 10),
    ("Đơn vị", 24),
    ("Số đã duyệt", 18),
    ("Số hiện nay", 18),
    ("Nguyên nhân", 52),
    ("Toàn thành phố: đã duyệt", 18),
    ("Toàn thành phố: hiện nay", 18),
)
_HEADER_ROW = 4


def corrigendum_bytes(approval: Approval, changes: Sequence[Change], round_: Round) -> bytes:
    """Return the corrigendum as the bytes of an .xlsx file."""
    from openpyxl import Workbook

    from nq57_assets.outputs.form_style import BOX, set_default_font

    book = Workbook()
    set_default_font(book)
    sheet: Any = book.active
    sheet.title = "Đính chính"
    write_text(sheet, 1, 1, f"ĐÍNH CHÍNH SỐ LIỆU – {round_.title_vi}", bold=True, size=13).alignment = None
    approved = (
        f"Bản công bố số {approval.generation}, {approval.approved_by} duyệt {moment(approval.approved_at)}"
    )
    write_text(sheet, 2, 1, f"{approved}; {len(changes)} số liệu thay đổi từ đó.").alignment = None
    draw_header(sheet, _HEADER_ROW, _COLUMNS)
    for number, change in enumerate(changes, 1):
        cells = (
            number, change.indicator_vi, change.commune_code, change.commune, change.before, change.after,
            change.cause, change.total_before, change.total_after,
        )  # fmt: skip
        for column, content in enumerate(cells, 1):
            write_text(sheet, _HEADER_ROW + number, column, content, size=10).border = BOX
    finish(sheet, _HEADER_ROW, len(changes), len(_COLUMNS))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
