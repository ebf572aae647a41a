"""The letter to a commune, in the form of Decree 30/2020/NĐ-CP: what is asked for and until when.

Belongs here: the words of the letter. Does not belong: its form (``report_layout``), what is told (``returns``).
Number, date and signature are left for the clerk's office, as for every letter of the department.
"""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING

from nq57_assets.catalogue import Catalogue
from nq57_assets.outputs.words import count
from nq57_assets.outputs.words import local_day as on

if TYPE_CHECKING:
    from docx.document import Document

    from nq57_assets.outputs.return_items import Return

_NAMED = 12


def letter_bytes(one: Return, catalogue: Catalogue, day: date) -> bytes:
    """Return the letter as the bytes of a .docx file.

    Args:
        one: What the commune is told.
        catalogue: ``settings.office`` names the department as letters do.
        day: Day of the letter; the day of the month is left for the clerk.
    """
    from docx import Document

    from nq57_assets.outputs import report_layout as layout

    office = catalogue.settings["office"]
    document = Document()
    layout.set_up(document)
    late = one.days_late is not None
    subject = "đôn đốc nộp báo cáo" if late else "đề nghị rà soát, bổ sung số liệu báo cáo"
    layout.letterhead(
        document,
        office["parent"],
        (office["name"],),
        f"Số:          /{office['symbol']}\nV/v {subject}",
        f"{office['place']}, ngày       tháng       năm {day.year}",
    )
    layout.paragraph(
        document, f"Kính gửi: Ủy ban nhân dân {_in_sentence(one.commune.full_name)}", before=18, after=8
    )
    if late:
        _reminder(document, one)
    else:
        _request(document, one)
    layout.body(
        document,
        f"Đề nghị Ủy ban nhân dân {_in_sentence(one.commune.full_name)} gửi kết quả về {office['short']} trước ngày "
        f"{one.answer_by:%d/%m/%Y} để kịp tổng hợp, báo cáo Ủy ban nhân dân thành phố.",
    )
    layout.signature(document, ("Như trên;", "Lưu: VT."), office["signer"])
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _in_sentence(name: str) -> str:
    """Return a commune's name as it stands inside a sentence: ``phường Hải An``."""
    return name[:1].lower() + name[1:]


def _asked_by(one: Return) -> str:
    symbol = one.round_.requested_by
    on = f" ngày {one.round_.requested_on:%d/%m/%Y}" if one.round_.requested_on else ""
    return (
        f"Thực hiện Công văn số {symbol}{on}"
        if "/" in symbol and symbol[0].isdigit()
        else "Thực hiện yêu cầu báo cáo"
    )


def _reminder(document: Document, one: Return) -> None:
    from nq57_assets.outputs import report_layout as layout

    due = f"{one.round_.due_on:%d/%m/%Y}" if one.round_.due_on else "quy định"
    layout.body(
        document,
        f"{_asked_by(one)} về việc báo cáo “{one.round_.title_vi}”, hạn nộp ngày {due}. Đến nay đã quá hạn "
        f"{count(one.days_late or 0)} ngày, đơn vị chưa có báo cáo.",
    )
    layout.body(
        document,
        "Đề nghị đơn vị lập và gửi báo cáo theo biểu mẫu của đợt; chỉ tiêu không phát sinh thì chọn “Không phát sinh”, "
        "không để trống.",
    )


def _request(document: Document, one: Return) -> None:
    from nq57_assets.outputs import report_layout as layout

    must = [item for item in one.items if item.must]
    counts = [
        f"{count(number)} nội dung {words}"
        for number, words in ((len(must), "phải sửa"), (len(one.items) - len(must), "cần kiểm tra, bổ sung"))
        if number
    ]
    held = " Số liệu thuộc nội dung phải sửa chưa được đưa vào tổng hợp của thành phố." if must else ""
    layout.body(
        document,
        f"{_asked_by(one)} về việc báo cáo “{one.round_.title_vi}”, qua kiểm tra, số liệu đơn vị đã gửi còn "
        f"{' và '.join(counts)}.{held} Các nội dung chính gồm:",
    )
    if one.followup:
        layout.body(
            document,
            f"Bản nộp lại ngày {on(one.followup.submission['received_at'])} đã được đối chiếu với danh sách gửi đơn vị ngày "
            f"{on(one.followup.told_at)}: {one.followup.words_vi()}.",
        )
    lines = [
        (str(number), item.place or item.original_name or "–", item.message, item.advice)
        for number, item in enumerate(one.items[:_NAMED], 1)
    ]
    sides = (layout.CENTER, layout.LEFT, layout.LEFT, layout.LEFT)
    layout.grid(document, ("STT", "Vị trí", "Nội dung", "Việc cần làm"), lines, (1.2, 3.0, 6.4, 5.4), sides)
    layout.body(
        document,
        "Danh sách đầy đủ, vị trí từng ô hoặc dòng và cách sửa nêu trong tệp phát hiện gửi kèm; biểu mẫu của đơn vị, nếu "
        "có, được ghi chú tại ô cần sửa.",
    )
