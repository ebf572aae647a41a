"""Which figures of a report are cut out of its text at all; what they count is for others to tell."""

from __future__ import annotations

import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.extract.header import read_header
from nq57_assets.extract.observe import PassageReader, observe
from nq57_assets.extract.outline import read_outline
from nq57_assets.extract.scene import Scene
from nq57_assets.extract.tables import Row
from nq57_assets.model import Observation
from nq57_assets.readers import read_document

HEAD = "ỦY BAN NHÂN DÂN\nXÃ HƯNG THÁI\n\nBÁO CÁO\nKết quả chuyển đổi số năm 2025\n\n"


def cut(text: str) -> list[float]:
    """Return every figure that is cut out of a report, in its order."""
    met: list[float] = []

    class Listening(PassageReader):
        def _figures(self, scene: Scene, before: str, row: Row | None) -> list[Observation]:
            met.extend(0 if one.none else one.low for one in scene.quantities)
            return []

        def completed(self, found: object) -> list[Observation]:
            return []

    reference = catalogue()
    document = read_document((HEAD + text + "\n").encode(), "bao-cao.txt", reference)
    observe(document, read_header(document, reference), read_outline(document), reference, Listening)
    return met


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Thành viên đầu kỳ 140, cuối kỳ 151.", [140, 151]),
        ("Hồ sơ tiếp nhận cả kỳ 6.020, nộp trực tuyến trong kỳ 5.910.", [6020, 5910]),
        ("Hiện có: tổ 24, tv 168; thôn 19; pano 8.", [24, 168, 19, 8]),
        ("Ban hành 25 văn bản, gồm kế hoạch 6, thông báo 4, công văn 15.", [25, 6, 4, 15]),
        ("23 TDP", [23]),
        ("6 OCOP, 5 lên sàn", [6, 5]),
        ("VP: VB chỉ đạo 14/ CV 9/ HN 3/ tin 40", [14, 9, 3, 40]),
        ("Hồ sơ trực tuyến 4.210 tỷ lệ 97,5%", [4210, 97.5]),
    ],
)
def test_figures_behind_words_that_mostly_name_something_are_cut(text: str, figures: list[float]) -> None:
    assert cut(text) == figures


@pytest.mark.parametrize(
    "text",
    [
        "Hộ dân tổ 3, khu 5 phản ánh loa nhỏ.",
        "Các thôn 4, thôn 7 và thôn 9 lắp thêm loa.",
        "Kỳ họp kỳ 3 của Hội đồng nhân dân xã.",
        "2 CTS mới cho cá nhân: đang làm",
        "Công văn số 13/ CV của Ủy ban nhân dân xã",
    ],
)
def test_names_of_places_sessions_and_papers_are_no_figures(text: str) -> None:
    assert cut(text) == []


def test_numbers_alone_on_their_lines_are_cells_when_others_stand_alone_nearby() -> None:
    text = "Buổi bồi dưỡng cho Tổ\nbuổi\n3\n4\nNgười trong Tổ đã học\nngười\n140\n152\n"
    assert cut(text) == [3, 4, 140, 152]
    assert cut("Xã đã hướng dẫn người dân dùng dịch vụ công\n3\ncho 640 người.") == [640]
