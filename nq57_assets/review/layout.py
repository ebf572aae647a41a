"""The shape of the review workbook, shared by its writer and its reader: sheets, columns, words of the rulings.

Belongs here: names and order. Does not belong: styles (``write``), judging answers (``read``).
"""

from __future__ import annotations

from dataclasses import dataclass

FORMAT = "1"
HIDDEN = "nq57"
GUIDE, REPORT = "Hướng dẫn", "Kết quả lần đọc trước"
SHEETS = {"review": "Chờ rà soát", "conflict": "Mâu thuẫn", "finding": "Phát hiện"}
HEADER_ROW = 4
RULINGS = {"accept": "Chấp nhận", "correct": "Sửa", "reject": "Bác bỏ", "waive": "Bỏ qua"}


@dataclass(frozen=True)
class Column:
    """One column: ``key`` names what it holds, ``width`` is in characters; answer cells are the unlocked ones."""

    key: str
    title: str
    width: float
    answer: bool = False


COLUMNS = (
    Column("number", "STT", 6),
    Column("effect", "Ảnh hưởng đến số toàn thành phố (%)", 11),
    Column("commune_code", "Mã đơn vị", 9),
    Column("commune", "Đơn vị", 20),
    Column("indicator", "Mã chỉ tiêu", 18),
    Column("indicator_vi", "Chỉ tiêu", 34),
    Column("unit", "Đơn vị tính", 10),
    Column("shown", "Số đọc được / nội dung phát hiện", 34),
    Column("quote", "Nguyên văn", 44),
    Column("place", "Vị trí", 13),
    Column("original_name", "Tệp (bấm để mở bản lưu)", 26),
    Column("grade", "Độ chắc chắn / mức độ", 15),
    Column("proposal", "Đề xuất", 16),
    Column("why", "Vì sao", 34),
    Column("ruling", "QUYẾT ĐỊNH", 13, answer=True),
    Column("value", "Số đúng (khi sửa)", 13, answer=True),
    Column("reason", "Lý do", 30, answer=True),
    Column("name", "Người quyết định", 20, answer=True),
    Column("until", "Bỏ qua đến ngày", 13, answer=True),
    Column("told", "Lần đọc trước", 30),
    Column("row_id", "Mã dòng", 14),
)
ANSWERS = tuple(column.key for column in COLUMNS if column.answer)
