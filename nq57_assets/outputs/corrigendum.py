"""The corrigendum of a round: what has changed since it was approved, as a workbook.

Belongs here: layout and where it lies. Does not belong: what changed (``vintages``).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nq57_assets.catalogue import Catalogue, Round
from nq57_assets.folders import DataDir, write_durably
from nq57_assets.intake.entries import Approval
from nq57_assets.lake import digest
from nq57_assets.outputs.kept import write_once
from nq57_assets.outputs.return_sheet import draw_header, finish, write_text
from nq57_assets.outputs.words import moment
from nq57_assets.versions import code_version
from nq57_assets.vintages import Change, corrigendum

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
_FILE = "dinh-chinh.xlsx"


@dataclass(frozen=True)
class Corrigendum:
    """What has changed since an approval, and the workbook that says so."""

    approval: Approval
    changes: tuple[Change, ...]
    path: Path
    made: bool


def write_corrigendum(data: DataDir, round_id: str, catalogue: Catalogue) -> Corrigendum:
    """Compare the round's approved generation with the current one and write ``outputs/<round>/dinh-chinh.xlsx``.

    A workbook that says the same already is left alone, also when someone has changed it; there is a new one to write
    only after another change, and the changed one is kept beside it then.

    Raises:
        VintageError: The round has not been approved, or a generation is gone.
    """
    approval, changes = corrigendum(data, round_id, catalogue)
    path = data.outputs / round_id / _FILE
    source = digest(approval.approval_id, [asdict(change) for change in changes], code_version("outputs"))

    def write() -> list[Path]:
        write_durably(path, corrigendum_bytes(approval, changes, catalogue.round[round_id]))
        return [path]

    _, made = write_once(data.outputs, f"corrigendum-{round_id}", source, write)
    return Corrigendum(approval, tuple(changes), path, made)


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
