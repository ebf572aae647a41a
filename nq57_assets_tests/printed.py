"""A report of our own as an office prints, scans and photographs it, for tests and measures of every channel."""

from __future__ import annotations

import io
import random
import re
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

_FONTS = (
    ("/usr/share/fonts/truetype/liberation2", "LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf"),
    ("/usr/share/fonts/truetype/noto", "NotoSerif-Regular.ttf", "NotoSerif-Bold.ttf"),
    ("/usr/share/fonts/truetype/dejavu", "DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf"),
)
NO_TESSERACT = "tesseract with Vietnamese data is not installed (make system)"
NO_FONT = "no font with Vietnamese letters is installed (fonts-liberation2, fonts-noto-core or fonts-dejavu)"

_MOST_COLUMNS = 12
_MARK, _LETTER_MARK = re.compile(r"(?:\d{1,2}\.){0,3}\d{1,2}[.)]\s"), re.compile(r"\w[.)] |o ")
ISSUER = ("ỦY BAN NHÂN DÂN", "XÃ HẢI HƯNG")
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
NUMBER, PLACE = "Số: 241/BC-UBND", "Hải Hưng, ngày 12 tháng 12 năm 2025"
TITLE = ("BÁO CÁO", "Kết quả tuyên truyền Nghị quyết số 57-NQ/TW và công tác chuyển đổi số năm 2025")
BODY = (
    "Thực hiện Kế hoạch số 192/KH-UBND ngày 08/8/2025 của Ủy ban nhân dân thành phố Hải Phòng, Ủy ban nhân dân "
    "xã Hải Hưng báo cáo kết quả thực hiện trên địa bàn xã như sau:",
    "I. TÌNH HÌNH CHUNG",
    "Xã có diện tích tự nhiên 23,7 km², dân số 18.642 người, 5.317 hộ gia đình, gồm 14 thôn.",
    "II. KẾT QUẢ TUYÊN TRUYỀN",
    "Trong năm, xã đã đăng 126 tin, bài trên Cổng thông tin điện tử; phát 268 lượt tin trên hệ thống truyền thanh "
    "cơ sở; treo 45 băng rôn, khẩu hiệu tại trụ sở và các thôn.",
    "Xã tổ chức 7 hội nghị tuyên truyền với 612 lượt người tham dự; phát 2.350 tờ rơi đến các hộ dân.",
    "III. KẾT QUẢ CHUYỂN ĐỔI SỐ",
    "Xã đã thành lập 14 Tổ công nghệ số cộng đồng với 98 thành viên; tổ chức 9 lớp tập huấn kỹ năng số với 435 "
    "lượt người tham gia.",
    "Tỷ lệ hồ sơ nộp trực tuyến đạt 93,47%; tỷ lệ hồ sơ giải quyết đúng hạn đạt 99,12%.",
)
TABLE = (
    ("STT", "Chỉ tiêu", "Đơn vị tính", "Kết quả"),
    ("1", "Số tin, bài đăng trên Cổng thông tin điện tử", "tin, bài", "126"),
    ("2", "Số hội nghị tuyên truyền", "hội nghị", "7"),
    ("3", "Số Tổ công nghệ số cộng đồng", "tổ", "14"),
    ("4", "Số thành viên Tổ công nghệ số cộng đồng", "người", "98"),
    ("5", "Tỷ lệ hồ sơ nộp trực tuyến", "%", "93,47"),
)
CLOSING = (
    ("Nơi nhận:", "TM. ỦY BAN NHÂN DÂN"),
    ("- Sở Khoa học và Công nghệ;", "CHỦ TỊCH"),
    ("- Lưu: VT.", "Vũ Văn Mẫu"),
)


def fonts() -> tuple[str, str] | None:
    """Return paths of a regular and a bold face that have all Vietnamese letters, or None."""
    for folder, regular, bold in _FONTS:
        if Path(folder, regular).is_file():
            return str(Path(folder, regular)), str(Path(folder, bold))
    return None


def as_text() -> str:
    """Return the report as plain text."""
    lines = [f"{a}     {b}" for a, b in zip(ISSUER, MOTTO, strict=True)]
    lines += [f"{NUMBER}     {PLACE}", "", *TITLE, "", *BODY, ""]
    lines += ["| " + " | ".join(row) + " |" for row in TABLE]
    lines += ["", *(f"{a}     {b}" for a, b in CLOSING)]
    return "\n".join(lines) + "\n"


def as_pdf(size: float = 13, ruled: bool = True, **options: Any) -> bytes:
    """Return the report as a PDF with a text layer, set as an office would."""
    from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

    register_fonts()
    plain = ParagraphStyle("plain", fontName="body", fontSize=size, leading=1.35 * size)
    prose = ParagraphStyle("prose", plain, alignment=TA_JUSTIFY, firstLineIndent=28, spaceAfter=5)
    centred = ParagraphStyle("centred", plain, alignment=TA_CENTER)
    bold = ParagraphStyle("bold", centred, fontName="bold")

    def columns(rows: Any, style: ParagraphStyle) -> Table:
        return Table([[Paragraph(a, style), Paragraph(b, style)] for a, b in rows], colWidths=(190, 290))

    heads = [ParagraphStyle("head", bold, fontSize=size - 1.5)]
    story: list[Any] = [
        columns(zip(ISSUER, MOTTO, strict=True), heads[0]),
        columns([(NUMBER, PLACE)], centred),
        Spacer(1, 12),
        *(Paragraph(line, bold) for line in TITLE),
        Spacer(1, 10),
    ]
    heading = ParagraphStyle("heading", plain, fontName="bold")
    story += [Paragraph(line, heading if line.isupper() else prose) for line in BODY]
    lines = [("GRID", (0, 0), (-1, -1), 0.6, "black")] if ruled else []
    story.append(
        Table(
            [[Paragraph(cell, plain) for cell in row] for row in TABLE],
            colWidths=(40, 270, 85, 85),
            style=[*lines, ("VALIGN", (0, 0), (-1, -1), "MIDDLE")],
        )
    )
    story += [Spacer(1, 12), columns(CLOSING, centred)]
    sink = io.BytesIO()
    SimpleDocTemplate(
        sink, pagesize=A4, leftMargin=70, rightMargin=45, topMargin=50, bottomMargin=50, **options
    ).build(story, onLaterPages=_page_number)
    return sink.getvalue()


def text_as_pdf(text: str, size: float = 13) -> bytes:
    """Return any report's text as a PDF: columns side by side in its head, rows with pipes as a ruled table."""
    from xml.sax.saxutils import escape

    from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

    register_fonts()
    plain = ParagraphStyle("plain", fontName="body", fontSize=size, leading=1.35 * size)
    prose = ParagraphStyle("prose", plain, alignment=TA_JUSTIFY, spaceAfter=4)
    centred = ParagraphStyle("centred", plain, alignment=TA_CENTER, fontSize=size - 1)
    small = ParagraphStyle("small", plain, fontSize=size - 1.5, leading=1.25 * size)
    story: list[Any] = []
    rows: list[list[str]] = []

    def close() -> None:
        width = max((len(row) for row in rows), default=0)
        cells = [
            [Paragraph(escape(cell), small) for cell in [*row, *[""] * (width - len(row))]] for row in rows
        ]
        if width > _MOST_COLUMNS:  # wider than paper: an office would not print it as a table
            story.extend(Paragraph(escape(" | ".join(row)), prose) for row in rows)
            rows.clear()
        elif cells:
            most = [max(len(row[n]) if n < len(row) else 0 for row in rows) ** 0.6 + 2 for n in range(width)]
            widths = [480 * share / sum(most) for share in most]
            story.append(
                Table(cells, colWidths=widths, style=[("GRID", (0, 0), (-1, -1), 0.6, "black")], repeatRows=0)
            )
            rows.clear()

    for line in _unwrapped(text):
        if line.count("|") >= 2:
            rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
            continue
        close()
        columns = [part for part in line.split("   ") if part.strip()]
        if not line.strip():
            story.append(Spacer(1, 6))
        elif len(columns) == 2:
            story.append(
                Table([[Paragraph(escape(part.strip()), centred) for part in columns]], colWidths=(200, 280))
            )
        else:
            story.append(Paragraph(escape(line.strip()), prose))
    close()
    sink = io.BytesIO()
    SimpleDocTemplate(sink, pagesize=A4, leftMargin=70, rightMargin=45, topMargin=50, bottomMargin=50).build(
        story, onLaterPages=_page_number
    )
    return sink.getvalue()


def text_as_word(text: str) -> bytes:
    """Return any report's text as a Word file: a paragraph a line, rows with pipes as a table."""
    import docx

    document = docx.Document()
    rows: list[list[str]] = []

    def close() -> None:
        if rows:
            table = document.add_table(len(rows), max(len(row) for row in rows))
            for cells, row in zip(table.rows, rows, strict=True):
                for cell, said in zip(cells.cells, row, strict=False):
                    cell.text = said
            rows.clear()

    for line in _unwrapped(text):
        if line.count("|") >= 2:
            rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
            continue
        close()
        document.add_paragraph(line)
    close()
    sink = io.BytesIO()
    document.save(sink)
    return sink.getvalue()


def _unwrapped(text: str) -> list[str]:
    """Return the paragraphs of a text whose lines an editor has broken: paper breaks them elsewhere, and once."""
    joined: list[str] = []
    for line in text.splitlines():
        is_row = "   " in line or "|" in line
        goes_on = line[:1].islower() or (line[:1].isdigit() and not _MARK.match(line) and not is_row)
        before = joined[-1] if joined else ""
        if goes_on and len(before) > 60 and before[-1] not in ".;!?|" and not _LETTER_MARK.match(line):
            joined[-1] = f"{before} {line.strip()}"
        else:
            joined.append(line)
    return joined


def _page_number(canvas: Any, document: Any) -> None:
    canvas.setFont("body", 12)
    canvas.drawCentredString(297, 812, str(document.page))


def register_fonts() -> None:
    """Make the faces ``body`` and ``bold`` known to reportlab."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    found = fonts()
    assert found, NO_FONT
    for name, path in zip(("body", "bold"), found, strict=True):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, path))


def pages_of(pdf: bytes, dpi: int) -> list[Image.Image]:
    """Return the pages of a PDF as grey pictures."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L") for page in document]


def scanned(page: Image.Image, seed: int = 57, degrees: float = 0.6) -> Image.Image:
    """Return a page as an office scanner sees it: slightly turned, blurred and grainy."""
    chance = np.random.default_rng(seed)
    turned = page.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255).filter(
        ImageFilter.GaussianBlur(0.7)
    )
    grain = (
        np.asarray(turned, dtype=np.float32) * 0.93 + 12 + chance.normal(0, 7, (turned.height, turned.width))
    )
    return Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8))


def photographed(page: Image.Image, seed: int = 57) -> Image.Image:
    """Return a page as a telephone sees it on a desk: in perspective, with a shadow, unsharp and grainy."""
    chance = random.Random(seed)
    width, height = page.size
    margin = width // 12
    desk = Image.new("L", (width + 2 * margin, height + 2 * margin), 70)
    desk.paste(page, (margin, margin))
    big = desk.size
    off = [chance.uniform(0.01, 0.05) * width for _ in range(8)]
    corners = (
        -off[0],
        -off[1],
        -off[2],
        big[1] + off[3],
        big[0] + off[4],
        big[1] + off[5],
        big[0] + off[6],
        -off[7],
    )
    seen = desk.transform(big, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=70)
    grey = np.asarray(seen.filter(ImageFilter.GaussianBlur(0.9)), dtype=np.float32)
    rows, columns = np.mgrid[0 : big[1], 0 : big[0]].astype(np.float32)
    light = 0.95 - 0.35 / (1 + np.exp(-(columns + 0.4 * rows - 0.9 * big[0]) / (0.08 * big[0])))
    grain = grey * light + np.random.default_rng(seed).normal(0, 5, grey.shape)
    return Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8))


def picture_pdf(pages: list[Image.Image], dpi: int) -> bytes:
    """Return pictures as the pages of a PDF without text, as scanners write it."""
    sink = io.BytesIO()
    pages[0].save(sink, "PDF", resolution=dpi, save_all=True, append_images=pages[1:], quality=80)
    return sink.getvalue()


def as_tiff(pages: list[Image.Image]) -> bytes:
    """Return pictures as one TIFF of many pages."""
    sink = io.BytesIO()
    pages[0].save(sink, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_deflate")
    return sink.getvalue()


def picture_file(page: Image.Image, kind: str = "JPEG") -> bytes:
    """Return a picture as a file."""
    sink = io.BytesIO()
    page.save(sink, kind, **({"quality": 85} if kind == "JPEG" else {}))
    return sink.getvalue()
