"""Short forms that a report defines for itself stand for their words everywhere behind."""

from __future__ import annotations

import pytest

from nq57_assets_tests.reports import accepted

CASES = [
    (
        "Tổ công nghệ số cộng đồng (gọi tắt là TSC) được lập ở các thôn.\nTSC có 26 tổ, 180 thành viên.",
        {"team_count": 26, "team_members": 180},
    ),
    (
        "Các Tổ công nghệ số cộng đồng, sau đây viết tắt là Tổ CN, do xã lập. Tổ CN có 26 tổ; xã có 31 tổ dân phố.",
        {"team_count": 26, "place_villages": 31},
    ),
    (
        "Cách nộp là trực tuyến (TT) hoặc trực tiếp.\n- Hồ sơ tiếp nhận: 2.410\n- Hồ sơ TT: 2.205",
        {"egov_dossiers_total": 2410, "egov_dossiers_online": 2205},
    ),
    (
        "Chữ viết tắt: HSO: hồ sơ; TTU = trực tuyến.\n- HSO tiếp nhận: 2.410\n- HSO TTU: 2.205",
        {"egov_dossiers_total": 2410, "egov_dossiers_online": 2205},
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_defined_short_forms_are_read_as_their_words(text: str, expected: dict[str, float]) -> None:
    assert dict(accepted(text)) == expected


def test_what_the_catalogue_knows_as_it_is_stays_as_it_is() -> None:
    """Spelled out, ``UBND`` would speak of people and make the hall's sessions sessions for them."""
    text = "Ủy ban nhân dân (UBND) xã đã họp.\n- UBND xã mở 3 buổi tập huấn cho thành viên Tổ công nghệ số cộng đồng."
    assert accepted(text) == [("team_member_sessions", 3.0)]
