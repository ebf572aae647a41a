"""Names of communes in clean and damaged text."""

from __future__ import annotations

import itertools

import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.vietnamese.fold import fold
from nq57_assets.vietnamese.places import Places, damage_cost, is_clean, tone_style

PLACES = Places(catalogue())


@pytest.mark.parametrize(
    ("text", "kind", "clean", "code"),
    [
        ("Hoà Bình", "phuong", True, "11533"),
        ("HÒA BÌNH", "phuong", True, "11533"),
        ("Hòa Bình", "xa", True, None),
        ("Lwong Bing Nguyén", "xa", False, None),
        ("Nguyén Lwong Bing", "xa", False, "11242"),
        ("tw minh", None, False, "10891"),
        ("tit ky", None, False, "11074"),
        ("Ki én Hung", "xa", False, "11728"),
        ("TAN PHU", "xa", False, None),
        ("Tân Phong", "xa", True, None),
        ("", "xa", True, None),
    ],
)
def test_names(text: str, kind: str | None, clean: bool, code: str | None) -> None:
    found = PLACES.match(text, kind, clean)  # type: ignore[arg-type]
    assert [one.commune_code for one in found.candidates] == ([code] if code else [])


def test_names_that_only_marks_tell_apart_stay_two_without_them() -> None:
    assert {one.commune_code for one in PLACES.match("CAM GIANG", "xa", False).candidates} == {
        "10888",
        "10903",
    }
    assert [one.commune_code for one in PLACES.match("CẨM GIÀNG", "xa", True).candidates] == ["10903"]


def test_no_name_is_close_enough_to_be_mistaken_for_another() -> None:
    for one, other in itertools.permutations(catalogue().communes, 2):
        found = PLACES.match(fold(one.name), None, False)
        if fold(one.name) != fold(other.name):
            assert other.commune_code not in {c.commune_code for c in found.candidates}, (
                one.name,
                other.name,
            )


def test_damage_is_cheap_where_ocr_makes_it_and_dear_elsewhere() -> None:
    assert damage_cost("Bằng", "Bing") < 0.5
    assert damage_cost("Bang", "Bing") >= 1
    assert damage_cost("Đông", "Pong") < 0.5
    assert damage_cost("Linh", "Minh") >= 1


def test_tone_styles_compare_equal() -> None:
    assert tone_style("Thuỷ Hoà Thuỵ") == tone_style("Thủy Hòa Thụy")
    assert tone_style("Quý Hoàn") == "quý hoàn"


def test_channel_is_told_by_the_letters() -> None:
    assert is_clean("Ủy ban nhân dân xã báo cáo kết quả thực hiện nhiệm vụ được giao")
    assert not is_clean("Uy ban nhan dan xa bao céo két qua thuc hién nhiém vu dugc giao")
