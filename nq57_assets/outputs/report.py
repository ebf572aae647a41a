"""The report draft of a round: what the department sends to the city, for a person to finish and sign.

Belongs here: which parts it has, in which order. Does not belong: sentences (``report_words``), form (``report_layout``).
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import docx
import duckdb
from docx.document import Document

from nq57_assets.catalogue import COMMUNE_TYPES, Catalogue
from nq57_assets.folders import write_durably
from nq57_assets.outputs import report_layout as layout
from nq57_assets.outputs import report_said as said
from nq57_assets.outputs import report_words as say
from nq57_assets.outputs import words
from nq57_assets.outputs.figures import KINDS, RoundFigures, Total, load_round

_ISSUER = ("SỞ KHOA HỌC VÀ CÔNG NGHỆ",)
_PARENT = "ỦY BAN NHÂN DÂN\nTHÀNH PHỐ HẢI PHÒNG"
_RECIPIENTS = ("Như trên;", "UBND các xã, phường, đặc khu;", "Lưu: VT.")


def write_report(mart: duckdb.DuckDBPyConnection, round_id: str, path: Path, catalogue: Catalogue) -> Path:
    """Write the report draft of a round, whole or not at all.

    Args:
        mart: An open mart.
        round_id: A round that the mart has figures of.
        path: The DOCX; its folder is made.
        catalogue: The rule book, for the names of rules.

    Raises:
        LookupError: The mart has no figures of this round.
    """
    document = draw_report(load_round(mart, round_id), catalogue)
    sink = BytesIO()
    document.save(sink)
    write_durably(path, sink.getvalue())
    return path


def draw_report(data: RoundFigures, catalogue: Catalogue) -> Document:
    """Draw letterhead, body, signature block and both annexes."""
    document = docx.Document()
    layout.set_up(document)
    stamp = (
        f"Kho báo cáo NQ57, bản công bố số {data.build.generation}, {words.moment(data.build.published_at)}"
    )
    properties = document.core_properties
    properties.author, properties.title = "Sở Khoa học và Công nghệ thành phố Hải Phòng", data.round.title_vi
    properties.comments, properties.created = stamp, data.build.published_at
    properties.language = "vi-VN"
    year = words.local(data.build.published_at).year
    layout.letterhead(
        document,
        _PARENT,
        _ISSUER,
        "Số:          /BC-SKHCN",
        f"Hải Phòng, ngày       tháng       năm {year}",
    )
    layout.paragraph(document, "BÁO CÁO", bold=True, before=18)
    layout.paragraph(document, data.round.title_vi, bold=True)
    layout.rule(document, 6)
    layout.paragraph(document, "Kính gửi: Ủy ban nhân dân thành phố Hải Phòng.", before=12, after=6)
    layout.body(document, say.basis(data))
    _state_of_reporting(document, data, catalogue)
    _results(document, data)
    _standing(document, data)
    _difficulties(document, data)
    _recommendations(document, data)
    _held_back(document, data)
    layout.body(
        document,
        "Trên đây là kết quả tổng hợp của Sở Khoa học và Công nghệ, kính báo cáo Ủy ban nhân dân thành phố./.",
    )
    layout.signature(document, _RECIPIENTS, "GIÁM ĐỐC")
    _annexes(document, data, stamp)
    return document


def _state_of_reporting(document: Document, data: RoundFigures, catalogue: Catalogue) -> None:
    layout.heading(document, "I. TÌNH HÌNH BÁO CÁO", 1)
    for number, (title, sentences) in enumerate(
        (
            ("Số lượng và thời hạn", (say.submitted(data), say.by_type(data))),
            ("Mức đầy đủ", (say.completeness(data),)),
            ("Chất lượng số liệu", (say.quality(data, catalogue), say.borne_out(data))),
        ),
        1,
    ):
        layout.heading(document, f"{number}. {title}", 2)
        layout.body(document, " ".join(filter(None, sentences)))


def _results(document: Document, data: RoundFigures) -> None:
    layout.heading(document, "II. KẾT QUẢ THEO LĨNH VỰC", 1)
    layout.body(
        document,
        "Số toàn thành phố dưới đây chỉ cộng từ các đơn vị có số liệu; đơn vị chưa có số liệu không được tính là 0, nên "
        "tổng số thực tế có thể lớn hơn. Tỷ lệ tính từ tử số và mẫu số hoặc bình quân gia quyền.",
    )
    for number, members in enumerate(data.groups.values(), 1):
        layout.heading(document, f"{number}. {members[0].group_vi}", 2)
        for indicator in members:
            layout.body(document, f"- {say.indicator_sentence(indicator, data)}")


def _standing(document: Document, data: RoundFigures) -> None:
    layout.heading(document, "III. ĐƠN VỊ NỔI BẬT VÀ ĐƠN VỊ CẦN ĐÔN ĐỐC", 1)
    if data.standings:
        layout.body(
            document,
            "Chỉ so sánh các chỉ tiêu tỷ lệ giữa các đơn vị cùng loại, vì số đếm phụ thuộc quy mô. Con số trong ngoặc là số "
            "tỷ lệ mà đơn vị nằm trong nhóm 20%, trên số tỷ lệ mà đơn vị có số liệu.",
        )
        for title, sentences in (
            ("1. Thường ở nhóm cao nhất", say.standing_out(data)),
            ("2. Thường ở nhóm thấp nhất", say.lagging(data)),
        ):
            layout.heading(document, title, 2)
            for sentence in sentences:
                layout.body(document, f"- {sentence}")
    else:
        layout.body(document, "Chưa đủ số liệu tỷ lệ để so sánh các đơn vị.")
    layout.heading(document, f"{3 if data.standings else 1}. Nộp báo cáo", 2)
    for sentence in say.behind(data):
        layout.body(document, f"- {sentence}")


def _difficulties(document: Document, data: RoundFigures) -> None:
    layout.heading(document, "IV. KHÓ KHĂN, VƯỚNG MẮC VÀ NGUYÊN NHÂN", 1)
    for number, (kind, title) in enumerate(
        (("difficulty", "Khó khăn, vướng mắc"), ("cause", "Nguyên nhân")), 1
    ):
        layout.heading(document, f"{number}. {title}", 2)
        layout.body(document, said.opening(kind, data.statements))
        for sentence in said.by_theme(kind, data):
            layout.body(document, f"- {sentence}")


def _recommendations(document: Document, data: RoundFigures) -> None:
    layout.heading(document, "V. KIẾN NGHỊ, ĐỀ XUẤT CỦA CÁC ĐƠN VỊ", 1)
    layout.body(document, said.opening("recommendation", data.statements))
    asked = [who for who in said.ADDRESSEES if data.statements.of("recommendation", who)]
    for number, addressee in enumerate(asked, 1):
        layout.heading(document, f"{number}. {said.ADDRESSEES[addressee]}", 2)
        layout.body(document, said.asked(addressee, data))
        for sentence in said.by_theme("recommendation", data, addressee):
            layout.body(document, f"- {sentence}")


def _held_back(document: Document, data: RoundFigures) -> None:
    layout.heading(document, "VI. SỐ LIỆU CHƯA ĐƯA VÀO TỔNG HỢP", 1)
    layout.body(document, say.held_back(data))


def _annexes(document: Document, data: RoundFigures, stamp: str) -> None:
    attached = (
        "(Kèm theo Báo cáo số        /BC-SKHCN ngày      tháng      năm         của Sở Khoa học và Công nghệ)"
    )
    layout.annex(document, "I", "KẾT QUẢ TỔNG HỢP CÁC CHỈ TIÊU", attached)
    names = ["TT", "Chỉ tiêu", "Đơn vị tính", "Toàn thành phố", *(COMMUNE_TYPES[kind] for kind in KINDS)]
    names += ["Số đơn vị có số liệu", "Độ phủ", "Có nguồn thứ hai"]
    lines: list[list[str]] = []
    for number, members in enumerate(data.groups.values(), 1):
        lines.append([f"{number}. {members[0].group_vi}"])
        for order, indicator in enumerate(members, 1):
            city = data.total[indicator.indicator, "city"]
            by_kind = [data.total.get((indicator.indicator, kind)) for kind in KINDS]
            lines.append(
                [
                    f"{number}.{order}",
                    indicator.name_vi,
                    city.unit,
                    *(shown(total) for total in (city, *by_kind)),
                    f"{city.reported}/{city.expected}",
                    *(
                        words.MISSING if share is None else words.percent(share)
                        for share in (city.coverage_weighted, city.witnessed_share)
                    ),
                ]
            )
    sides = [
        layout.CENTER,
        layout.LEFT,
        layout.CENTER,
        *[layout.RIGHT] * 4,
        layout.CENTER,
        *[layout.RIGHT] * 2,
    ]
    layout.grid(document, names, lines, (1.3, 7.0, 2.1, 3.3, 2.9, 2.9, 2.2, 1.9, 1.7, 1.8), sides)
    note = "KCB: không công bố vì chưa có số liệu hoặc độ phủ dưới ngưỡng; ≥: ít nhất; ≈: khoảng. "
    note += "Có nguồn thứ hai: phần được xác nhận thêm; phần còn lại chỉ có một nguồn. "
    layout.paragraph(document, note + f"Nguồn: {stamp}.", italic=True, size=11, align=layout.LEFT, before=4)
    layout.annex(document, "II", "ĐƠN VỊ CHƯA NỘP, NỘP CHẬM HOẶC NỘP THIẾU", attached)
    _unfinished(document, data)


def shown(total: Total | None) -> str:
    """Return a city figure for a table: the figure with its mark, or KCB where it is not published."""
    if total is None or total.state != "published":
        return "KCB"
    return words.figure(total.value, total.low, total.high, total.qualifier)


def _unfinished(document: Document, data: RoundFigures) -> None:
    names = ["TT", "Đơn vị", "Tình trạng", "Thời điểm nhận", "Số ngày chậm", "Chỉ tiêu bắt buộc đã có"]
    lines: list[list[str]] = []
    for commune in data.communes:
        own = data.covered[commune.commune_code]
        if own.state == "complete" and own.on_time is not False:
            continue
        lines.append(
            [
                str(len(lines) + 1),
                commune.full_name,
                words.COVERAGE[own.state],
                words.moment(own.received_at) or words.MISSING,
                str(own.days_late) if own.days_late else words.MISSING if own.days_late is None else "0",
                f"{own.filled_required}/{own.required}",
            ]
        )
    if not lines:
        layout.paragraph(document, "Không có đơn vị nào.", italic=True, align=layout.LEFT, before=6)
        return
    sides = [layout.CENTER, layout.LEFT, layout.LEFT, layout.CENTER, layout.CENTER, layout.CENTER]
    layout.grid(document, names, lines, (1.3, 8.0, 5.4, 5.4, 2.6, 3.0), sides)
