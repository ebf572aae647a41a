"""Wordings of every indicator, sentences with several of them, and figures that are none of ours.

The three lists are plain text, so that whoever meets a new wording adds a line.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets_tests.reports import accepted, figures

WORDINGS = Path(__file__).parent / "wordings"


def lines(name: str) -> list[str]:
    return [line for line in (WORDINGS / name).read_text(encoding="utf-8").splitlines() if line]


def test_every_indicator_has_wordings() -> None:
    tried = {line.split()[0] for line in lines("one.txt")}
    assert tried == {indicator.code for indicator in catalogue().indicators}


@pytest.mark.parametrize("line", lines("one.txt"))
def test_one_figure(line: str) -> None:
    claim, text = line.split(" | ", 1)
    code, value = claim.split()
    assert (code, float(value)) in accepted(f"- {text}")


@pytest.mark.parametrize("line", lines("several.txt"))
def test_all_figures_of_a_sentence_and_no_other(line: str) -> None:
    text, claims = line.split(" ||")
    expected = [(claim.split("=")[0], float(claim.split("=")[1])) for claim in claims.split()]
    assert sorted(accepted(f"- {text}"), key=str) == sorted(expected, key=str)


@pytest.mark.parametrize("text", lines("nothing.txt"))
def test_nothing_to_note_down(text: str) -> None:
    assert accepted(f"- {text}") == []


def test_an_observation_says_why() -> None:
    (one,) = figures("II. KẾT QUẢ CHUYỂN ĐỔI SỐ\n- Cấp mới chứng thư số cho hơn 18 cá nhân.")
    assert one.why is not None
    assert "cấp mới" in one.why
    assert "danh từ: cá nhân" in one.why
    assert "mức: hơn" in one.why
    assert "KẾT QUẢ CHUYỂN ĐỔI SỐ" in one.why


def test_the_parts_of_a_whole_wait_for_a_person() -> None:
    first, *rest = figures("Có 11 sản phẩm OCOP (04 sản phẩm OCOP 3 sao, 07 sản phẩm OCOP 4 sao).")
    assert (first.value, first.status) == (11, "accepted")
    assert {one.status for one in rest} == {"review"}


def test_a_contact_is_masked_in_the_quote() -> None:
    (one,) = figures("Lễ phát động “Bình dân học vụ số” có 300 người tham gia, liên hệ 0912.345.678.")
    assert "0912" not in one.quote


def test_classes_for_many_kinds_of_people_count_all_of_them() -> None:
    """The teams are one audience among others here; where they are the only one, these are members trained."""
    who = "cán bộ, công chức, Tổ công nghệ số cộng đồng, người lao động"
    text = "- Mở các lớp tập huấn chuyển đổi số cho {} với sự tham gia của gần 200 người."
    assert accepted(text.format(who)) == [("skill_training_attendees", 200)]
    assert accepted(text.format("Tổ công nghệ số cộng đồng")) == [("team_members_trained", 200)]
