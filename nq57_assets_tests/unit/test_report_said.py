"""The sentences on difficulties and recommendations: none, one, some and all communes, and who was never asked."""

from __future__ import annotations

import pytest

from nq57_assets.outputs import report_said as say
from nq57_assets.outputs.figures import CommuneFacts
from nq57_assets.outputs.statements import Said, Statements, ThemeCount, examples

COMMUNES = [
    CommuneFacts(str(n), "xa", "Xã", f"Tên {n}", f"Xã Tên {n}", "hai_phong", 0, 0) for n in range(1, 5)
]
TEXT = "Kinh phí dành cho chuyển đổi số còn hạn hẹp"


def said(code: str, kind: str = "difficulty", text: str = TEXT, addressee: str | None = None) -> Said:
    return Said(code, kind, addressee, "funding", ("funding",), text, 1, 7, None, None, "ab" * 32)


def statements(speaking: int, reporting: int, in_words: int | None = None) -> Statements:
    every = [commune.commune_code for commune in COMMUNES]
    words_ = reporting if in_words is None else in_words
    own = tuple(said(code) for code in every[:speaking])
    counts = (
        (
            ThemeCount(
                "funding",
                "Kinh phí",
                "difficulty",
                None,
                speaking,
                speaking,
                reporting,
                100 * speaking / reporting,
            ),
        )
        if speaking
        else ()
    )
    names = {"funding": "Kinh phí"}
    return Statements(own, counts, names, frozenset(every[:reporting]), frozenset(every[:words_]))


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (statements(0, 0), "Chưa đơn vị nào nộp báo cáo, nên chưa có ý kiến để tổng hợp."),
        (statements(0, 4), "Không đơn vị nào trong 04 đơn vị đã báo cáo nêu khó khăn, vướng mắc."),
        (
            statements(0, 4, 0),
            "Không đơn vị nào trong 04 đơn vị đã báo cáo nêu khó khăn, vướng mắc. Các đơn vị đều chỉ nộp biểu mẫu, "
            "mà biểu mẫu không hỏi nội dung này.",
        ),
        (
            statements(1, 4, 3),
            "Có 01/4 đơn vị đã báo cáo (25%) nêu khó khăn, vướng mắc, với 01 ý kiến; 03 đơn vị không nêu khó khăn, "
            "vướng mắc. Trong số đó có 01 đơn vị chỉ nộp biểu mẫu, mà biểu mẫu không hỏi nội dung này.",
        ),
        (statements(4, 4), "Cả 4/4 đơn vị đã báo cáo đều nêu khó khăn, vướng mắc, với 04 ý kiến."),
        (statements(1, 1), "Đơn vị duy nhất đã báo cáo nêu khó khăn, vướng mắc, với 01 ý kiến."),
    ],
)
def test_how_many_speak_is_told_for_none_one_some_and_all(given, wanted):
    assert say.opening("difficulty", given) == wanted


def test_examples_are_legible_differ_and_come_from_different_communes():
    given = [
        said("1", text="Kinh phi danh cho chuyen bdi s6 con han hep"),
        said("2", text=TEXT),
        said("3", text=TEXT + "."),
        said("2", text="Máy tính của xã đã cũ, không chạy được phần mềm mới"),
        said("4", text="Loa thôn Đông hỏng, chưa có tiền thay thế " * 8),
        said("9", text="Đơn vị không thuộc đợt báo cáo này nêu khó khăn"),
    ]
    found = examples(given, COMMUNES)
    assert [commune for _, commune in found] == ["Xã Tên 2", "Xã Tên 4"]
    assert found[0][0] == TEXT and found[1][0].endswith("…") and len(found[1][0]) <= 201


def test_foreign_words_are_no_spoilt_letters():
    assert said("1", text="Thành viên Tổ CNSCĐ chưa có smartphone, mạng Wi-Fi 4G yếu").is_legible
    assert not said("1", text="Thanh vien Td cdng ngh¢ s6 chwa dugc huong").is_legible
