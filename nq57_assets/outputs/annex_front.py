"""The cover and the notes of the consolidated workbook: what it is, how to read it, and what is held back and why.

Belongs here: words around the figures. Does not belong: the sheets of figures (``annex``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink

from nq57_assets.catalogue import COMMUNE_TYPES, Catalogue
from nq57_assets.outputs import words
from nq57_assets.outputs.annex_style import (
    CONFLICT_FILL,
    NOT_PUBLISHED,
    REVIEW_FILL,
    WITHHELD_FILL,
    face,
    head,
    page,
    placed,
    title,
    widths,
    write,
)
from nq57_assets.outputs.figures import KINDS, RoundFigures, Value
from nq57_assets.outputs.form_style import BAND, GREY, NAVY, fill

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_WHOLE_FILE = 10
_MARKS: tuple[tuple[str, str, str | None], ...] = (
    ("1.234,5", "Giá trị chính xác như đơn vị báo cáo.", None),
    ("≥150", "Đơn vị chỉ báo mức tối thiểu (ví dụ “hơn 150”); số thật có thể lớn hơn.", None),
    ("≤900", "Đơn vị chỉ báo mức tối đa (ví dụ “gần 900”); số thật có thể nhỏ hơn.", None),
    ("≈900", "Số xấp xỉ (ví dụ “khoảng 900”).", None),
    ("125–130", "Giá trị nằm trong khoảng.", None),
    (words.NIL, "Không phát sinh: đơn vị khẳng định không có; cộng vào tổng như số 0.", None),
    (words.MISSING, "Chưa có số liệu: không phải số 0, không cộng vào tổng.", None),
    (words.REVIEW, "Còn số liệu khác hoặc số liệu chưa chắc chắn đang chờ người rà soát.", REVIEW_FILL),
    (words.CONFLICT, "Mâu thuẫn: các văn bản của đơn vị nêu số khác nhau, chưa chọn được.", CONFLICT_FILL),
    (
        words.WITHHELD,
        "Giữ lại: số liệu vi phạm quy tắc kiểm tra, chưa đưa vào tổng; lý do ở trang Ghi chú.",
        WITHHELD_FILL,
    ),
    (NOT_PUBLISHED, "Không công bố số tổng hợp: chưa có số liệu hoặc độ phủ dưới ngưỡng.", None),
)


def draw_cover(sheet: Worksheet, data: RoundFigures, names: Sequence[str], source: str) -> None:
    """Draw what the workbook is, how complete the round is, how marks are read, and links to the sheets."""
    widths(sheet, [24, 20, 20, 20, 20, 34])
    for row, text, style in (
        (1, "ỦY BAN NHÂN DÂN THÀNH PHỐ HẢI PHÒNG", face(size=12)),
        (2, "SỞ KHOA HỌC VÀ CÔNG NGHỆ", face(bold=True, size=12)),
        (4, "PHỤ LỤC TỔNG HỢP SỐ LIỆU", face(bold=True, size=20, colour=NAVY)),
        (5, data.round.title_vi, face(bold=True, size=14)),
    ):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=6)
        write(sheet, row, 1, text, style, placed("center"), boxed=False)
    sheet.row_dimensions[4].height, sheet.row_dimensions[5].height = 36, 24
    row = _facts(sheet, 7, data, source)
    row = _coverage_table(sheet, row + 1, data)
    row = _marks_table(sheet, row + 1)
    row = _links(sheet, row + 1, names)
    sheet.print_area = f"A1:F{row - 1}"
    page(sheet, source, None)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 1


def _facts(sheet: Worksheet, row: int, data: RoundFigures, source: str) -> int:
    round_ = data.round
    request = (
        f"{round_.requested_by} ngày {words.day(round_.requested_on)}"
        if round_.requested_on
        else round_.requested_by
    )
    facts = (
        ("Loại báo cáo", round_.report_vi),
        ("Kỳ báo cáo", f"từ {words.day(round_.period_from)} đến {words.day(round_.period_to)}"),
        ("Hạn nộp", words.day(round_.due_on)),
        ("Văn bản yêu cầu", request),
        ("Nguồn", f"{source}; danh mục {data.build.catalogue_version}, mã nguồn {data.build.code_version}"),
    )
    for label, text in facts:
        write(sheet, row, 1, label, face(bold=True))
        write(sheet, row, 2, text)
        sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=6)
        row += 1
    return row


def _coverage_table(sheet: Worksheet, row: int, data: RoundFigures) -> int:
    names = [
        "Loại đơn vị",
        "Đã nộp / phải nộp",
        "Đúng hạn",
        "Nộp chậm",
        "Chưa nộp",
        "Chỉ tiêu bắt buộc đã có",
    ]
    head(sheet, row, names, height=20)
    for kind in (*KINDS, None):
        own = [data.covered[c.commune_code] for c in data.communes if kind in (None, c.commune_type)]
        if not own:
            continue
        row += 1
        submitted = [k for k in own if k.submitted]
        filled, required = sum(k.filled_required for k in own), sum(k.required for k in own)
        share = f"{words.number(filled, 0)}/{words.number(required, 0)}"
        if required:
            share += f" ({words.percent(filled / required)})"
        cells = (
            COMMUNE_TYPES[kind] if kind else "Toàn thành phố",
            f"{len(submitted)}/{len(own)}",
            str(sum(k.on_time is True for k in submitted)),
            str(sum(k.on_time is False for k in submitted)),
            str(len(own) - len(submitted)),
            share,
        )
        for column, text in enumerate(cells, 1):
            cell = write(
                sheet, row, column, text, face(bold=kind is None), placed("left" if column == 1 else "center")
            )
            if kind is None:
                cell.fill = fill(BAND)
    return row + 1


def _marks_table(sheet: Worksheet, row: int) -> int:
    head(sheet, row, ["Ký hiệu", "Cách đọc", "", "", "", ""], height=18)
    sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=6)
    for mark, meaning, shade in _MARKS:
        row += 1
        cell = write(sheet, row, 1, mark, face(bold=True), placed("center"))
        if shade:
            cell.fill = fill(shade)
        write(sheet, row, 2, meaning)
        sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=6)
    return row + 1


def _links(sheet: Worksheet, row: int, names: Sequence[str]) -> int:
    head(sheet, row, ["Trang tính", "", "", "", "", ""], height=18)
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=6)
    for number, name in enumerate(names):
        column = 1 + 2 * (number % 3)
        if column == 1:
            row += 1
        cell = write(sheet, row, column, name, face(colour=NAVY), placed("left", wrap=False), boxed=False)
        # A place in this workbook, not a link to a file, which a cautious program would refuse.
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quote_sheetname(name)}!A1")
    return row + 1


def held_back(data: RoundFigures) -> list[Value]:
    """Return the asked values that are in conflict, withheld or under review, by commune and place in the form."""
    order = {indicator.indicator: number for number, indicator in enumerate(data.indicators)}
    turn = {commune.commune_code: number for number, commune in enumerate(data.communes)}
    marked = [
        v
        for v in data.values
        if v.indicator in order
        and v.commune_code in turn
        and (v.state in ("conflict", "withheld") or v.in_review)
    ]
    return sorted(marked, key=lambda v: (turn[v.commune_code], order[v.indicator]))


def _together(values: Sequence[Value]) -> list[tuple[str, list[Value]]]:
    """Return the values by commune, those that one rule withholds with a whole file taken together."""
    groups: dict[tuple[str, ...], list[Value]] = {}
    for value in values:
        whole = value.state == "withheld" and not value.in_review
        key = (
            (value.commune_code, value.withheld_by or "")
            if whole
            else (value.commune_code, "", value.indicator)
        )
        groups.setdefault(key, []).append(value)
    return [
        (key[0], part)
        for key, members in groups.items()
        for part in ([members] if len(members) >= _WHOLE_FILE else [[value] for value in members])
    ]


def draw_notes(sheet: Worksheet, data: RoundFigures, catalogue: Catalogue, source: str) -> None:
    """Draw how figures are made, why city figures are not published, and every value that is held back."""
    title(sheet, "GHI CHÚ", source, 5)
    widths(sheet, [5, 30, 62, 20, 60])
    notes = [
        "Số tổng hợp cộng từ các đơn vị có số liệu; đơn vị chưa có số liệu không được coi là 0.",
        "Tỷ lệ của thành phố tính từ tử số và mẫu số, hoặc bình quân gia quyền; không lấy trung bình cộng các tỷ lệ.",
        "Chỉ tiêu có/không: số tổng hợp là tỷ lệ đơn vị trả lời có trong các đơn vị có số liệu.",
        "Độ phủ tính theo dân số; khi chưa đủ dân số của mọi đơn vị thì tính theo diện tích.",
        "Có nguồn thứ hai: phần của số tổng hợp được phần khác của báo cáo, báo cáo khác trong năm, phép tính, danh mục "
        "hoặc người rà soát xác nhận.",
        "Phần còn lại chỉ có một nguồn: nếu nguồn ghi sai mà vẫn hợp lý thì chưa thể phát hiện.",
        "Mỗi số liệu truy được về tệp, vị trí và nguyên văn: mở bảng điều khiển hoặc chạy `nq57 trace`.",
    ]
    row = 3
    for note in notes:
        write(sheet, row, 1, f"• {note}", at=placed("left", wrap=False), boxed=False)
        row += 1
    unpublished = [t for t in data.totals if t.scope == "city" and t.state != "published"]
    names = {indicator.indicator: indicator.name_vi for indicator in data.indicators}
    for total in unpublished:
        text = f"• {names[total.indicator]}: không công bố số toàn thành phố. {total.reason or ''}"
        write(sheet, row, 1, text, at=placed("left", wrap=False), boxed=False)
        row += 1
    head(sheet, row + 1, ["TT", "Đơn vị", "Chỉ tiêu", "Tình trạng", "Lý do"], height=20)
    first, row = row + 1, row + 2
    communes = {commune.commune_code: commune.full_name for commune in data.communes}
    for number, (commune, members) in enumerate(_together(held_back(data)), 1):
        value = members[0]
        rule = catalogue.rule.get(value.withheld_by or "")
        reason = rule.title_vi if rule else ""
        if value.in_review:
            reason = "; ".join(filter(None, [reason, f"{value.in_review} số liệu chờ rà soát"]))
        what = names[value.indicator] if len(members) == 1 else f"{len(members)} chỉ tiêu"
        write(sheet, row, 1, number, at=placed("center"))
        write(sheet, row, 2, communes[commune])
        write(sheet, row, 3, what)
        write(sheet, row, 4, words.STATES[value.state])
        write(sheet, row, 5, reason)
        row += 1
    if row == first + 1:
        write(sheet, row, 1, "Không có.", face(italic=True, colour=GREY), boxed=False)
    page(sheet, source, f"{first}:{first}")
