"""The sheet of statements in the consolidated workbook: a row each, to be filtered by kind, addressee and theme.

Belongs here: this one sheet. Does not belong: how text becomes a cell that is never a formula (``annex_style``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from nq57_assets.catalogue import Catalogue
from nq57_assets.outputs import words
from nq57_assets.outputs.annex_style import face, head, page, placed, title, widths, write
from nq57_assets.outputs.figures import RoundFigures
from nq57_assets.outputs.form_style import GREY

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_HEAD_ROW = 3
_WIDTHS = (5, 24, 11, 20, 24, 26, 26, 72, 16)


def draw_statements(
    sheet: Worksheet, data: RoundFigures, catalogue: Catalogue, subtitle: str, source: str
) -> None:
    """Draw every statement that counts, in the order of the communes."""
    title(sheet, "KHÓ KHĂN, NGUYÊN NHÂN, KIẾN NGHỊ", subtitle, 8)
    names = [
        "TT",
        "Đơn vị",
        "Loại đơn vị",
        "Loại ý kiến",
        "Nơi được kiến nghị",
        "Chủ đề chính",
        "Chủ đề khác",
    ]
    names += ["Nguyên văn", "Vị trí trong tệp"]
    head(sheet, _HEAD_ROW, names, height=30)
    widths(sheet, _WIDTHS)
    kinds, addressees = (
        {code: fields["vi"] for code, fields in catalogue.statements[name].items()}
        for name in ("kinds", "addressees")
    )
    themes = data.statements.theme_names
    order = list(kinds)
    row = _HEAD_ROW
    for commune in data.communes:
        own = [one for one in data.statements.said if one.commune_code == commune.commune_code]
        for one in sorted(own, key=lambda one: order.index(one.kind)):
            row += 1
            others = ", ".join(themes[theme] for theme in one.themes if theme != one.theme)
            asked = addressees[one.addressee] if one.addressee else ""
            texts = (
                commune.full_name,
                commune.commune_type_vi,
                kinds[one.kind],
                asked,
                themes[one.theme],
                others,
            )
            write(sheet, row, 1, row - _HEAD_ROW, at=placed("center"))
            for column, text in enumerate(texts, 2):
                write(sheet, row, column, text)
            write(sheet, row, 8, one.text)
            write(sheet, row, 9, one.place or words.MISSING)
            written = ("", *texts, one.text, one.place)
            lines = max(-(-len(text) // (size - 3)) for text, size in zip(written, _WIDTHS, strict=True))
            sheet.row_dimensions[row].height = 13.5 * lines + 3
    if row == _HEAD_ROW:
        note = "Không có ý kiến nào trong các báo cáo được tính."
        write(
            sheet, row + 1, 1, note, face(italic=True, colour=GREY), placed("left", wrap=False), boxed=False
        )
    else:
        sheet.auto_filter.ref = f"A{_HEAD_ROW}:{get_column_letter(len(names))}{row}"
    sheet.freeze_panes = f"C{_HEAD_ROW + 1}"
    page(sheet, source, f"{_HEAD_ROW}:{_HEAD_ROW}")
