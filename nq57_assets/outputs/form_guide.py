"""The sheet of instructions in the blank form: how to fill it, and what every indicator means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.styles import Alignment

from nq57_assets.catalogue import REPORTS, Catalogue, Indicator
from nq57_assets.outputs.form_style import BOX, GREY, NAVY, fill, fit_width, font, protect, put, set_page

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_STEPS = (
    'Chỉ ghi vào các ô nền vàng nhạt của trang "Số liệu". Di chuyển vào từng ô để xem cách ghi.',
    'Cột "Số liệu": chỉ ghi con số, không kèm chữ, đơn vị tính hay dấu chấm hàng nghìn: ghi 1440, không ghi 1.440.',
    "Tỷ lệ ghi bằng số phần trăm từ 0 đến 100, không gõ dấu %: 98,39% ghi 98,39.",
    'Chỉ tiêu không có hoạt động trong kỳ: để trống cột "Số liệu" và chọn "x" ở cột "Không phát sinh".',
    "Dòng để trống cả hai cột được coi là chưa báo cáo, không được coi là bằng 0.",
    "Số ước tính hoặc cần giải thích: ghi lời giải thích ở cột Ghi chú.",
    'Dòng "Trên tổng số": ghi tổng số mà con số ở dòng trên là một phần của nó.',
    "Không xóa, chèn hay đổi tên trang tính; lưu tệp ở định dạng .xlsx, không đặt mật khẩu, rồi nộp cùng báo cáo.",
)


def shown_unit(indicator: Indicator) -> str:
    """Return the unit as the form prints it."""
    return "Có/Không" if indicator.kind == "flag" else indicator.unit


def meaning(indicator: Indicator, catalogue: Catalogue) -> str:
    """Return an indicator's definition; without one, what its kind says of how it is counted."""
    if indicator.definition_vi:
        return indicator.definition_vi
    if indicator.numerator and indicator.denominator:
        part, whole = (catalogue.indicator[code].vi for code in (indicator.numerator, indicator.denominator))
        return f"Bằng [{part}] chia [{whole}], nhân 100."
    kinds = {
        "stock": "Số hiện có tại ngày cuối kỳ báo cáo.",
        "flow": "Số phát sinh trong kỳ báo cáo.",
        "rate": "Tỷ lệ phần trăm tại ngày cuối kỳ báo cáo.",
        "flag": "Chọn Có nếu đã thực hiện đến ngày cuối kỳ báo cáo.",
    }
    return kinds[indicator.kind]


def draw_guide(sheet: Worksheet, round_id: str, catalogue: Catalogue) -> None:
    """Draw the instructions and the meaning of every asked indicator."""
    round_ = catalogue.round[round_id]
    for column, width in {"A": 5.5, "B": 48.0, "C": 14.0, "D": 76.0}.items():
        sheet.column_dimensions[column].width = width
    put(sheet, "A1", "HƯỚNG DẪN GHI BIỂU", font(size=15, bold=True, color=NAVY), horizontal="center")
    put(sheet, "A2", REPORTS[round_.report], font(size=11, italic=True, color=GREY), horizontal="center")
    for row in (1, 2):
        sheet.merge_cells(f"A{row}:D{row}")
    sheet.row_dimensions[1].height = 30
    row = 4
    for number, step in enumerate(_STEPS, 1):
        put(sheet, f"A{row}", number, font(bold=True, color=NAVY), horizontal="center", vertical="top")
        put(sheet, f"B{row}", step, font(), horizontal="left", vertical="top")
        sheet.merge_cells(f"B{row}:D{row}")
        sheet.row_dimensions[row].height = 18 if len(step) < 118 else 33
        row += 1
    row += 1
    for column, title in zip("ABCD", ("TT", "Chỉ tiêu", "Đơn vị tính", "Cách hiểu và căn cứ"), strict=True):
        cell = put(sheet, f"{column}{row}", title, font(bold=True, color="FFFFFF"), horizontal="center")
        cell.fill, cell.border = fill(NAVY), BOX
    sheet.row_dimensions[row].height = 24
    header = row
    for number, indicator in enumerate(catalogue.asked(round_id), 1):
        row += 1
        basis = f" Căn cứ: {indicator.legal_basis}." if indicator.legal_basis else ""
        explained = f"{meaning(indicator, catalogue)}{basis}"
        entries = (
            str(number),
            indicator.vi,
            shown_unit(indicator),
            explained,
        )
        for column, entry, horizontal in zip(
            "ABCD", entries, ("center", "left", "center", "left"), strict=True
        ):
            cell = put(sheet, f"{column}{row}", entry, font(size=10), horizontal=horizontal)
            cell.border = BOX
            if horizontal == "left":
                cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
        sheet.row_dimensions[row].height = (
            15 * max(1, -(-len(entries[3]) // 95), -(-len(entries[1]) // 66)) + 4
        )
    set_page(sheet, f"A1:D{row}", header, "landscape", round_.form_version)
    fit_width(sheet)
    protect(sheet)
