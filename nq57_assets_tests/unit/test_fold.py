"""Folding: one plain character for each character, whatever the marks."""

import unicodedata

from nq57_assets.vietnamese.fold import fold


def test_marks_capitals_and_d_are_removed() -> None:
    assert fold("ĐẶC KHU Bạch Long Vĩ, Thuỷ Nguyên") == "dac khu bach long vi, thuy nguyen"


def test_decomposed_text_folds_like_composed_text() -> None:
    assert fold(unicodedata.normalize("NFD", "Nguyễn Đại Năng")) == "nguyen dai nang"


def test_positions_hold_for_every_composed_character() -> None:
    text = "Tổ công nghệ số ﬂ İ ß ½ ¥ 98,39% – “đã”"
    assert len(fold(text)) == len(text)
    assert fold(text).index("98,39") == text.index("98,39")
